"""The audit trail: who did what, where and when. Rows are only ever added, and each carries a hash over itself and the row before it.

So a row that was changed, taken out or moved breaks the chain at that place (`verify`). A tail that was cut off breaks nothing inside the
chain; therefore its end is also written to the small file `audit.head` after every commit: DuckDB opens a store whose log file
was cut or deleted without a word, and what it lost is noticed by comparing the two (`lost`).

The chain does not stop somebody who may write the database file and the head and computes everything anew; the head noted elsewhere (a
backup, a print of the audit page) does.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from townboard.store.errors import CUT, REWRITTEN
from townboard.text import Text

Rows = Callable[[str, Mapping[str, Any] | Sequence[Any]], list[tuple[Any, ...]]]
HEAD = "audit.head"
COLUMNS = 'n, "at", actor, action, unit, period, detail, figures'
_LOG = logging.getLogger("townboard")
_START = ""
"""What stands before the first row."""

CHANGED = Text(
    "第 {n} 条记录与校验链不符:被改动,或其前有记录缺失、调换",
    "Row {n} does not fit the chain: it was changed, or a row before it is missing or moved",
)
GAP = Text("第 {n} 条之后缺少记录:下一条是第 {next} 条", "Rows are missing after {n}: the next one is {next}")
TAIL = Text("末尾缺少记录:应到第 {kept} 条,实有 {n} 条", "The end is missing: there should be {kept:row|rows}, there are {n}")
NAMELESS = Text("有 {n} 条记录没有编号", "{n:row has|rows have} no number")
BEGUN = Text(
    "第 {n} 条记录时缺少 audit.head 文件:此前末尾是否有缺失,无法核对",
    "At row {n} the file audit.head was missing: whether rows had been cut off before it cannot be told",
)
BEGIN_HEAD = "begin-audit-head"
NO_HEAD = Text(
    "缺少 audit.head 文件,无法核对末尾是否完整", "The file audit.head is missing: whether the end is complete cannot be told"
)
NOT_THE_HEAD = Text("第 {n} 条与 audit.head 记下的不同", "Row {n} is not the one noted in audit.head")


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: the number and the hash of the last row; 0 and "" for an empty trail."""

    n: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What walking the chain found. `mistakes` is empty when every row is as it was written; `untold` names the places where the
    note of its end had to be begun anew, other than by a restore."""

    head: Head
    mistakes: tuple[Text, ...]
    untold: tuple[Text, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.mistakes


def audit(
    cursor: duckdb.DuckDBPyConnection,
    actor: str,
    action: str,
    *,
    at: datetime,
    unit: str = "",
    period: str = "",
    detail: str = "",
    figures: bool = True,
) -> None:
    """Add the audit row of a write, inside its transaction. Where it changes `figures` its number is the new data version."""
    last = head(cursor)
    row = (last.n + 1, at, actor, action, unit, period, detail, figures)
    cursor.execute(f"insert into audit ({COLUMNS}, hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?)", [*row, chained(last.hash, row)])


def meetings(rows: Rows, county: str) -> list[tuple[datetime, str]]:
    """(moment, name) of every meeting of a county whose pack was made, newest first: what can be looked at as of again."""
    found = rows(
        """select "at", detail from audit where action = 'pack' and unit = $county order by "at" desc nulls last, n desc nulls last""",
        {"county": county},
    )
    return [(at, str(name)) for at, name in found]


def chained(before: str, row: tuple[Any, ...]) -> str:
    """The hash of a row (values in the order of `COLUMNS`) after the hash `before`: sha256, hexadecimal."""
    n, at, *words = row
    written = json.dumps([before, n, at.isoformat(), *words], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def head(cursor: duckdb.DuckDBPyConnection) -> Head:
    """The end of the chain as the table has it. (Sorted and cut to the first row, DuckDB 2.0.0 answers wrongly once rows were deleted.)"""
    found = cursor.execute("select n, hash from audit where n = (select max(n) from audit)").fetchone()
    return Head(int(found[0]), str(found[1] or "")) if found else Head(0, _START)


def begin_chain(cursor: duckdb.DuckDBPyConnection) -> None:
    """Chain the rows of a store that was kept before there was a chain; all of them had changed figures."""
    cursor.execute("update audit set figures = true where figures is null")
    before, hashes = _START, []
    for row in cursor.execute(f"select {COLUMNS} from audit order by n").fetchall():
        before = chained(before, row)
        hashes.append((before, row[0]))
    for made, n in hashes:
        cursor.execute("update audit set hash = ? where n = ?", [made, n])


def read_head(folder: Path) -> Head | None:
    """What `audit.head` says; None where there is none, or none that can be understood: whoever empties it gains nothing by it."""
    try:
        n, _, found = (folder / HEAD).read_text(encoding="ascii").strip().partition(" ")
        return Head(int(n), found) if int(n) > 0 else None
    except (FileNotFoundError, ValueError):
        return None


def write_head(folder: Path, found: Head) -> None:
    """Note the end of the chain, whole or not at all. A disk that cannot take it is logged: the commit itself is safe already."""
    beside = folder / f".{HEAD}.{os.getpid()}"
    try:
        with beside.open("w", encoding="ascii") as file:
            file.write(f"{found.n} {found.hash}\n")
            file.flush()
            os.fsync(file.fileno())
        beside.rename(folder / HEAD)
    except OSError as error:
        _LOG.warning("audit.head could not be written: %s", error)


def lost(cursor: duckdb.DuckDBPyConnection, folder: Path) -> Text | None:
    """What a store has lost by the note of its chain's end: committed rows are gone, or others stand in their place. None: nothing.

    A table that is ahead is in order: the machine stopped between a commit and its note. An absent note is left to `verify`.
    """
    noted = read_head(folder)
    if noted is None:
        return None
    last = head(cursor) if _has_chain(cursor) else Head(0, _START)
    if noted.n > last.n:
        return CUT.fill(kept=noted.n, n=last.n, folder=folder)
    return REWRITTEN.fill(n=noted.n, folder=folder) if _hash_of(cursor, noted.n) != noted.hash else None


def _has_chain(cursor: duckdb.DuckDBPyConnection) -> bool:
    found = cursor.execute(
        "select 1 from information_schema.columns where table_name = 'audit' and column_name = 'hash'"
    ).fetchone()
    return found is not None


def _hash_of(cursor: duckdb.DuckDBPyConnection, n: int) -> str | None:
    found = cursor.execute("select hash from audit where n = ?", [n]).fetchone()
    return None if found is None else str(found[0])


def _rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    cursor.execute(f"select {COLUMNS}, hash from audit order by n, hash")
    while part := cursor.fetchmany(10_000):
        yield from part


def listed(
    rows: Rows, first: datetime, last: datetime, *, actor: str = "", actions: Sequence[str] = (), unit: str = ""
) -> list[tuple[Any, ...]]:
    """Rows from `first` up to `last` (naive UTC), newest first: n, at, actor, action, unit, period, detail, hash. "" and () mean all."""
    return rows(
        """select n, "at", actor, action, unit, period, detail, hash from audit
        where "at" >= $first and "at" < $last and ($actor = '' or actor = $actor) and ($unit = '' or unit = $unit)
            and (len($actions) = 0 or action = any($actions))
        order by n desc""",
        {"first": first, "last": last, "actor": actor, "unit": unit, "actions": list(actions)},
    )


def people(rows: Rows) -> list[str]:
    """Everybody who stands in the trail, by name."""
    return [actor for (actor,) in rows("select distinct actor from audit order by actor", [])]


def verify(cursor: duckdb.DuckDBPyConnection, noted: Head | None) -> Verified:
    """Walk the whole chain and compare its end with the one `noted`; each break is named once, where it begins."""
    mistakes: list[Text] = []
    last = Head(0, _START)
    hash_there, nameless, begun = None, 0, list[int]()
    for *row, found in _rows(cursor):
        n, at, _, action = row[:4]
        if n is None:
            nameless += 1
            continue
        if n != last.n + 1 and n > last.n:
            mistakes.append(GAP.fill(n=last.n, next=n))
        elif n == last.n or at is None or found != chained(last.hash, tuple(row)):
            mistakes.append(CHANGED.fill(n=n))
        if action == BEGIN_HEAD:
            begun.append(n)
        elif action == "restore" and begun[-1:] == [n - 1]:
            begun.pop()
        last = Head(n, str(found))
        if noted is not None and n == noted.n:
            hash_there = last.hash
    if nameless:
        mistakes.append(NAMELESS.fill(n=nameless))
    if noted is None:
        mistakes.append(NO_HEAD)
    elif noted.n > last.n:
        mistakes.append(TAIL.fill(kept=noted.n, n=last.n))
    elif hash_there != noted.hash:
        mistakes.append(NOT_THE_HEAD.fill(n=noted.n))
    return Verified(last, tuple(mistakes), tuple(BEGUN.fill(n=n) for n in begun))
