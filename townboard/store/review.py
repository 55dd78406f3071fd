"""What a decision does to figures: approval puts them in force, a return or a withdrawal takes them out. Events are only ever added.

Approval makes what stands as preliminary the approved figures, records first baselines, and closes clean-and-collect villages that
asked for it. Returned and withdrawn figures stand nowhere from that moment on: the approved ones of the month stand again, or none
do. As of an earlier moment they are still to be seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import duckdb

from townboard import cycle
from townboard.catalogue import Catalogue
from townboard.periods import Period
from townboard.store.file import Rows
from townboard.store.history import CLOSED, REPORTED_BY, Facts, registers
from townboard.store.months import Status
from townboard.store.office import RegisterRow, record_register
from townboard.tables import APPROVED, FOREVER, PRELIMINARY, columns_of, insert, stored

_OWN = ("reporting_unit", "period", "village_code", "village_name", "community_code", "community_name", "previous_operating_income",
        "previous_progress")  # fmt: skip
"""Prefilled elements that are no register: names, codes and orientation."""


def decide(
    cursor: duckdb.DuckDBPyConnection, catalogue: Catalogue, facts: Facts, here: Status, event: str, *, actor: str, at: datetime, reason: str
) -> None:  # fmt: skip
    """Approve, return or withdraw everything that was sent for the month and not decided yet."""
    undecided = cursor.execute(
        """
        select s.id from submission s
        where s.unit = ? and s.period = ? and s.version > coalesce((
            select max(d.version) from submission d join event e on e.submission_id = d.id
            where d.unit = s.unit and d.period = s.period and e.state in ('approved', 'returned')
        ), 0) and not exists (select 1 from event e where e.submission_id = s.id and e.state = 'withdrawn')
        """,
        [here.unit, here.period],
    ).fetchall()
    standing = cursor.execute(
        """select data_set, submission_id from in_force
        where unit = ? and period = ? and basis = ? and to_time = ? and not approved order by data_set""",
        [here.unit, here.period, PRELIMINARY, FOREVER],
    ).fetchall()
    ids = {id for (id,) in undecided} if event != cycle.APPROVE else {here.submission_id, *(id for _, id in standing)}
    insert(cursor, "event", columns_of("event"), [(id, at, actor, event, reason) for id in sorted(ids)])
    if event == cycle.APPROVE:
        _approve(cursor, catalogue, facts, here, standing, actor, at)
    else:
        _leave(cursor, here, [data_set for data_set, _ in standing], at)


def _leave(cursor: duckdb.DuckDBPyConnection, here: Status, data_sets: Sequence[str], at: datetime) -> None:
    """Take the preliminary figures of these forms out of force; where approved ones stand, those stand for both again."""
    cursor.execute(
        "update in_force set to_time = ? where unit = ? and period = ? and data_set = any(?) and basis = ? and to_time = ?",
        [at, here.unit, here.period, data_sets, PRELIMINARY, FOREVER],
    )
    cursor.execute(
        """insert into in_force select unit, period, data_set, ?, submission_id, true, ?, ? from in_force
        where unit = ? and period = ? and data_set = any(?) and basis = ? and to_time = ?""",
        [PRELIMINARY, at, FOREVER, here.unit, here.period, data_sets, APPROVED, FOREVER],
    )


def _approve(
    cursor: duckdb.DuckDBPyConnection, catalogue: Catalogue, facts: Facts, here: Status, standing: Sequence[tuple[Any, ...]], actor: str,
    at: datetime,
) -> None:  # fmt: skip
    def rows(sql: str, parameters: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
        return cursor.execute(sql, parameters).fetchall()

    cursor.execute(
        "update in_force set to_time = ? where unit = ? and period = ? and data_set = any(?) and to_time = ?",
        [at, here.unit, here.period, [data_set for data_set, _ in standing], FOREVER],
    )
    moved = [(here.unit, here.period, data_set, basis, submission_id, True, at, FOREVER)
             for data_set, submission_id in standing for basis in (PRELIMINARY, APPROVED)]  # fmt: skip
    insert(cursor, "in_force", columns_of("in_force"), moved)
    learned = _learned(rows, catalogue, facts, here.unit, Period.parse(here.period), standing)
    for source in sorted({source for source, _ in learned}):
        record_register(cursor, catalogue, [row for one, row in learned if one == source], actor=actor, at=at, source=source)


def _learned(
    rows: Rows, catalogue: Catalogue, facts: Facts, unit: str, period: Period, standing: Sequence[tuple[Any, ...]]
) -> list[tuple[str, RegisterRow]]:
    """Register values that an approval brings, each with its source.

    Where a register holds nothing yet, what the approved workbook says becomes the baseline. An approved request closes a village: from
    the next month on it has no row to fill (domain §4.3).
    """
    held, _, _ = registers(rows, catalogue, unit, period)
    _, closed, _ = registers(rows, catalogue, unit, period.plus(1))
    found: list[tuple[str, RegisterRow]] = []
    ids = sorted({submission_id for _, submission_id in standing})
    given = set(rows("select submission_id, data_set, element from source_place where submission_id = any(?)", [ids]))
    for data_set, submission_id in standing:
        kept = {element.code: element for element in stored(catalogue.data_set[data_set])
                if (submission_id, data_set, element.code) in given and element.code not in _OWN and element.fill == "prefilled"
                and element.accumulation in ("baseline", "register")}  # fmt: skip
        source = f"{REPORTED_BY}{submission_id}"
        for (_, org_unit, code), value in facts.of(rows, catalogue.data_set[data_set], [submission_id])[submission_id]:
            if code in kept and (data_set, org_unit, code) not in held:
                found.append((source, RegisterRow(data_set, code, org_unit, value, period.start)))
            elif data_set == CLOSED[0] and code == "closing_requested" and value and org_unit not in closed:
                found.append((source, RegisterRow(*CLOSED, org_unit, 1, period.start)))
    return found
