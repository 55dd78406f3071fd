"""What the office writes: registers, baselines, closed villages and targets. A new value closes the earlier one; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from townboard.catalogue import Catalogue, Target
from townboard.tables import FOREVER


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
    changed = 0
    for row in rows:
        number, words = _parts(row)
        key = [row.data_set, row.element, row.org_unit]
        standing = cursor.execute(
            "select number, words from register_value where data_set = ? and element = ? and org_unit = ? and to_time = ?",
            [*key, FOREVER],
        ).fetchall()
        if standing == [(number, words)]:
            continue
        cursor.execute(
            "update register_value set to_time = ? where data_set = ? and element = ? and org_unit = ? and to_time = ?",
            [at, *key, FOREVER],
        )
        cursor.execute(
            "insert into register_value values (?, ?, ?, ?, ?, ?, ?, ?, ?)", [*key, number, words, at, FOREVER, actor, source]
        )
        changed += 1
    return changed


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
