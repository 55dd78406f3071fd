"""Drafts (暂存): the workbook and the answers that lie on a clerk's desk, so that a closed browser loses nothing.

One draft a unit and month. Its answers are brought up to date in place; sending or discarding ends it. It changes no figure.
Another person's draft is never replaced unseen: who keeps one says which draft they saw there last.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from townboard.answers import Answer, parse
from townboard.store.file import Rows
from townboard.tables import FOREVER, columns_of, insert

OPEN = "unit = ? and period = ? and to_time = ?"


@dataclass(frozen=True, slots=True)
class Draft:
    """What lies on a desk: the workbook by its sha256, the answers given so far, who laid it there (`began`) and last changed it (`at`)."""

    unit: str
    period: str
    sha256: str
    workbook: str
    answers: tuple[Answer, ...]
    actor: str
    at: datetime
    began: datetime


class DraftTaken(Exception):
    """Somebody else's draft lies there, and it is not the one that was seen: nothing was written."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        super().__init__(f"{draft.actor} kept a draft of {draft.unit} {draft.period} at {draft.at}")


def of(rows: Rows, unit: str, period: str) -> Draft | None:
    """The draft of a unit's month, if one lies there."""
    found = rows(f'select sha256, workbook, answers, actor, "at", from_time from draft where {OPEN}', [unit, period, FOREVER])
    if not found:
        return None
    sha256, workbook, answers, actor, at, began = found[0]
    return Draft(unit, period, sha256, workbook, tuple(parse(json.loads(answers))), actor, at, began)


def keep(
    cursor: duckdb.DuckDBPyConnection, unit: str, period: str, sha256: str, workbook: str, size: int, answers: Sequence[Answer], *,
    actor: str, at: datetime, seen: Draft | None,
) -> bool:  # fmt: skip
    """Lay a workbook with its answers on the desk; another one there ends. Whether it is a new draft.

    Raises DraftTaken for another person's draft other than `seen`.
    """

    def rows(sql: str, given: Any = None) -> list[tuple[Any, ...]]:
        return cursor.execute(sql, given).fetchall()

    there = of(rows, unit, period)
    if there is not None and there.actor != actor and there != seen:
        raise DraftTaken(there)
    written = json.dumps([answer.to_json() for answer in answers], ensure_ascii=False)
    if there is not None and there.sha256 == sha256:
        cursor.execute(
            f'update draft set answers = ?, workbook = ?, actor = ?, "at" = ? where {OPEN}',
            [written, workbook, actor, at, unit, period, FOREVER],
        )
        return False
    end(cursor, unit, period, at=at)
    insert(cursor, "draft", columns_of("draft"), [(unit, period, sha256, workbook, written, actor, at, at, FOREVER)])
    cursor.execute(
        "insert into original select ?, ?, ?, ? where not exists (select 1 from original where sha256 = ?)",
        [sha256, workbook, size, at, sha256],
    )
    return True


def end(cursor: duckdb.DuckDBPyConnection, unit: str, period: str, *, at: datetime) -> bool:
    """Take the draft of a month off the desk. Whether one was there."""
    known = cursor.execute(f"select sha256 from draft where {OPEN}", [unit, period, FOREVER]).fetchall()
    if known:
        cursor.execute(f"update draft set to_time = ? where {OPEN}", [at, unit, period, FOREVER])
    return bool(known)
