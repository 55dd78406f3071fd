"""What the office writes: registers, baselines, closed villages and targets. A new value closes the earlier one; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from townboard.catalogue import Catalogue, Target
from townboard.deadlines import local_date
from townboard.store.history import CLOSED, MATTERS, is_of_a_year
from townboard.tables import FOREVER, columns_of, insert


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One value the office keeps, in the element's unit; None takes the value that stands back.

    Closed villages: ("clean_collect", "closed", village, 1), or 0 for one that is open again. `since`: a day of the month a closing counts
    from, or of the year that last year's income is compared with; without it the day it was recorded. Assigned matters may have the month
    they count from; other values take none. `reason`: on what a number rests, kept beside it.
    """

    data_set: str
    element: str
    org_unit: str
    value: float | int | str | bool | date | None
    since: date | None = None
    reason: str = ""


def record_register(
    cursor: duckdb.DuckDBPyConnection, catalogue: Catalogue, rows: Sequence[RegisterRow], *, actor: str, at: datetime, source: str
) -> int:
    """Record register values; those that say what is known already are passed over. How many changed."""
    today = local_date(at, catalogue.settings)
    wanted = {(row.data_set, row.element, row.org_unit, _since(row, today)): _parts(row) for row in rows}
    standing = cursor.execute(
        "select data_set, element, org_unit, since, number, words from register_value where data_set = any(?) and to_time = ?",
        [sorted({key[0] for key in wanted}), FOREVER],
    ).fetchall()
    held = {tuple(key): (number, words) for *key, number, words in standing}
    changed = {key: parts for key, parts in wanted.items() if held.get(key, (None, None)) != parts}
    for data_set, element, since in sorted({(*key[:2], key[3]) for key in changed if key in held}, key=str):
        places = [key[2] for key in changed if (*key[:2], key[3]) == (data_set, element, since)]
        cursor.execute(
            "update register_value set to_time = ? where data_set = ? and element = ? and org_unit = any(?) and to_time = ?"
            " and since is not distinct from ?",
            [at, data_set, element, places, FOREVER, since],
        )
    values = [(*key[:3], *parts, at, FOREVER, actor, source, key[3]) for key, parts in changed.items() if parts != (None, None)]
    insert(cursor, "register_value", columns_of("register_value"), values)
    return len(changed)


def _since(row: RegisterRow, today: date) -> date | None:
    """The first day of the month or year a value counts from: values of different months or years stand side by side."""
    day = row.since or today
    if is_of_a_year(row.element):
        return day.replace(month=1, day=1)
    if (row.data_set, row.element) == MATTERS:
        return row.since.replace(day=1) if row.since else None
    return day.replace(day=1) if (row.data_set, row.element) == CLOSED else None


def _parts(row: RegisterRow) -> tuple[float | None, str | None]:
    if row.value is None:
        return None, None
    if isinstance(row.value, bool | int | float):
        return float(row.value), row.reason or None
    return None, row.value.isoformat() if isinstance(row.value, date) else row.value


def record_targets(
    cursor: duckdb.DuckDBPyConnection, catalogue: Catalogue, rows: Sequence[Target], *, actor: str, at: datetime, source: str
) -> int:
    """Record goals by indicator, org unit and year; one with neither goal takes the goal that stands back. How many changed."""
    changed = 0
    for target in rows:
        key = [target.indicator, target.org_unit, target.year]
        standing = cursor.execute(
            'select basic, highest, deadline from target where indicator = ? and org_unit = ? and "year" = ? and to_time = ?',
            [*key, FOREVER],
        ).fetchall()
        wanted: list[tuple[Any, ...]] = [(target.basic, target.highest, target.deadline)]
        if target.basic is None and target.highest is None:
            wanted = []
        if standing == wanted:
            continue
        cursor.execute(
            'update target set to_time = ? where indicator = ? and org_unit = ? and "year" = ? and to_time = ?',
            [at, *key, FOREVER],
        )
        insert(cursor, "target", columns_of("target"), [(*key, *goals, actor, at, FOREVER) for goals in wanted])
        changed += 1
    return changed
