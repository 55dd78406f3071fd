"""What the office writes: registers, baselines, closed villages and targets. A new value closes the earlier one; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from townboard.catalogue import Catalogue, Target
from townboard.tables import FOREVER, columns_of, insert


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One value the office keeps. `value` is in the element's unit; closed villages: ("clean_collect", "closed", village, 1)."""

    data_set: str
    element: str
    org_unit: str
    value: float | int | str | bool | date


def record_register(
    cursor: duckdb.DuckDBPyConnection, catalogue: Catalogue, rows: Sequence[RegisterRow], *, actor: str, at: datetime, source: str
) -> int:
    """Record register values; those that say what is known already are passed over. How many changed."""
    wanted = {(row.data_set, row.element, row.org_unit): _parts(row) for row in rows}
    standing = cursor.execute(
        "select data_set, element, org_unit, number, words from register_value where data_set = any(?) and to_time = ?",
        [sorted({key[0] for key in wanted}), FOREVER],
    ).fetchall()
    held = {(data_set, element, org_unit): (number, words) for data_set, element, org_unit, number, words in standing}
    changed = {key: parts for key, parts in wanted.items() if held.get(key) != parts}
    for data_set, element in sorted({key[:2] for key in changed if key in held}):
        places = [key[2] for key in changed if key[:2] == (data_set, element)]
        cursor.execute(
            "update register_value set to_time = ? where data_set = ? and element = ? and org_unit = any(?) and to_time = ?",
            [at, data_set, element, places, FOREVER],
        )
    values = [(*key, *parts, at, FOREVER, actor, source) for key, parts in changed.items()]
    insert(cursor, "register_value", columns_of("register_value"), values)
    return len(changed)


def _parts(row: RegisterRow) -> tuple[float | None, str | None]:
    if isinstance(row.value, bool | int | float):
        return float(row.value), None
    return None, row.value.isoformat() if isinstance(row.value, date) else row.value


def record_targets(
    cursor: duckdb.DuckDBPyConnection, catalogue: Catalogue, rows: Sequence[Target], *, actor: str, at: datetime, source: str
) -> int:
    """Record goals by indicator, org unit and year. How many changed."""
    changed = 0
    for target in rows:
        key = [target.indicator, target.org_unit, target.year]
        standing = cursor.execute(
            'select basic, highest, deadline from target where indicator = ? and org_unit = ? and "year" = ? and to_time = ?',
            [*key, FOREVER],
        ).fetchall()
        if standing == [(target.basic, target.highest, target.deadline)]:
            continue
        cursor.execute(
            'update target set to_time = ? where indicator = ? and org_unit = ? and "year" = ? and to_time = ?',
            [at, *key, FOREVER],
        )
        cursor.execute(
            "insert into target values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [*key, target.basic, target.highest, target.deadline, actor, at, FOREVER],
        )
        changed += 1
    return changed
