"""Moving a unit's month through its states: submitted → approved, or returned. Events are only ever added.

Approval makes what is in force as preliminary the approved figures, records first baselines, and closes clean-and-collect villages that
asked for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from townboard.catalogue import Catalogue, Element
from townboard.history import CLOSED, Rows, is_of_a_year
from townboard.periods import Period
from townboard.tables import APPROVED, FOREVER, PRELIMINARY, stored
from townboard.text import Text

SUBMITTED, RETURNED, NOT_SUBMITTED = "submitted", "returned", "not_submitted"
STATES: dict[str, Text] = {
    NOT_SUBMITTED: Text("未报", "Not submitted"),
    SUBMITTED: Text("已报待审", "Submitted"),
    RETURNED: Text("退回修改", "Returned"),
    APPROVED: Text("已通过", "Approved"),
}
_OWN = ("reporting_unit", "period", "village_code", "village_name", "community_code", "community_name", "previous_operating_income",
        "previous_progress")  # fmt: skip
"""Prefilled elements that are no register: names, codes and orientation."""


class TransitionError(Exception):
    """The month's state does not allow it; `message` says why in both languages."""

    def __init__(self, message: Text) -> None:
        self.message = message
        super().__init__(message.en)


@dataclass(frozen=True, slots=True)
class Status:
    """Where a unit's month stands: the state of its latest version. Without a version everything else is None or 0."""

    unit: str
    period: str
    state: str
    version: int = 0
    submission_id: int | None = None
    submitted_by: str | None = None
    submitted_at: datetime | None = None
    due_at: datetime | None = None
    on_time: bool | None = None
    sha256: str | None = None
    workbook: str | None = None
    state_at: datetime | None = None
    state_by: str | None = None
    reason: str = ""

    @property
    def label(self) -> Text:
        """The state in words."""
        return STATES[self.state]


def status(rows: Rows, unit: str, period: str) -> Status:
    """The latest version of a unit's month and its last event."""
    found = rows(
        """
        select s.version, s.id, s.submitted_by, s.submitted_at, s.due_at, s.on_time, s.sha256, s.workbook,
            e.state, e."at", e.actor, e.reason
        from submission s
        join event e on e.submission_id = s.id
        where s.unit = ? and s.period = ?
        order by s.version desc, e."at" desc, case e.state when 'submitted' then 1 else 0 end
        limit 1
        """,
        [unit, period],
    )
    if not found:
        return Status(unit, period, NOT_SUBMITTED)
    version, id, by, submitted_at, due_at, on_time, sha256, workbook, state, at, actor, reason = found[0]
    return Status(unit, period, state, version, id, by, submitted_at, due_at, on_time, sha256, workbook, at, actor, reason)


def transition(
    cursor: duckdb.DuckDBPyConnection, catalogue: Catalogue, unit: str, period: str, state: str, *, actor: str, at: datetime,
    reason: str,
) -> None:  # fmt: skip
    """Approve or return; raises TransitionError when nothing waits for review, or a return has no reason."""

    def rows(sql: str, parameters: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
        return cursor.execute(sql, parameters).fetchall()

    if state not in (APPROVED, RETURNED):
        raise ValueError(f"a submission is approved or returned, not {state!r}")
    here = status(rows, unit, period)
    if here.state != SUBMITTED:
        where = catalogue.org_unit[unit].label
        month = Period.parse(period).label
        raise TransitionError(
            Text("{where}{month}现为“{state}”,不在待审状态", "{where}, {month}, is “{state}”: nothing waits for review").fill(
                where=where, month=month, state=here.label
            )
        )
    if state == RETURNED:
        if not reason.strip():
            raise TransitionError(Text("退回须说明原因", "Returning needs a reason"))
        cursor.execute("insert into event values (?, ?, ?, ?, ?)", [here.submission_id, at, actor, state, reason])
        return
    standing = rows(
        """select data_set, submission_id from in_force where unit = ? and period = ? and basis = ? and to_time = ? and not approved
        order by data_set""",
        [unit, period, PRELIMINARY, FOREVER],
    )
    for submission_id in sorted({here.submission_id, *(submission_id for _, submission_id in standing)}):
        cursor.execute("insert into event values (?, ?, ?, ?, ?)", [submission_id, at, actor, state, reason])
    for data_set, submission_id in standing:
        cursor.execute(
            "update in_force set to_time = ? where unit = ? and period = ? and data_set = ? and to_time = ?",
            [at, unit, period, data_set, FOREVER],
        )
        for basis in (PRELIMINARY, APPROVED):
            cursor.execute(
                "insert into in_force values (?, ?, ?, ?, ?, true, ?, ?)",
                [unit, period, data_set, basis, submission_id, at, FOREVER],
            )
        _first_baselines(cursor, catalogue, data_set, submission_id, actor, at)
        if data_set == CLOSED[0]:
            _close_villages(cursor, submission_id, actor, at)


def _first_baselines(
    cursor: duckdb.DuckDBPyConnection, catalogue: Catalogue, data_set: str, submission_id: int, actor: str, at: datetime
) -> None:
    """Where a register holds nothing yet, what the approved workbook says becomes the baseline (issue point 6)."""
    given = {row[0] for row in cursor.execute(
        "select element from source_place where submission_id = ? and data_set = ?", [submission_id, data_set]).fetchall()}  # fmt: skip
    for element in stored(catalogue.data_set[data_set]):
        kept = element.fill == "prefilled" and element.accumulation in ("baseline", "register") and element.code not in _OWN
        if kept and element.code in given:
            cursor.execute(_baseline_sql(element), {"id": submission_id, "actor": actor, "at": at, "forever": FOREVER})


def _baseline_sql(element: Element) -> str:
    number, words = f"cast(v.{element.code} as double)", "cast(null as varchar)"
    if element.type not in ("decimal", "integer", "boolean"):
        number, words = "cast(null as double)", f"cast(v.{element.code} as varchar)"
    same_year = ""
    if is_of_a_year(element.code):
        same_year = """and left(coalesce(
                (select p.period from submission p where r.source = 'submission:' || p.id), strftime(r.from_time, '%Y-%m')), 4) = left(v.period, 4)"""
    return f"""
        insert into register_value
        select '{element.data_set}', '{element.code}', v.org_unit, {number}, {words}, $at, $forever, $actor, 'submission:' || $id
        from {element.data_set} v
        where v.submission_id = $id and v.carried_from is null and v.item = '' and v.{element.code} is not null
            and not exists (
                select 1 from register_value r
                where r.data_set = '{element.data_set}' and r.element = '{element.code}' and r.org_unit = v.org_unit {same_year}
            )
        """


def _close_villages(cursor: duckdb.DuckDBPyConnection, submission_id: int, actor: str, at: datetime) -> None:
    """An approved request closes a village: from the next month on it has no row to fill (domain §4.3)."""
    cursor.execute(
        f"""
        insert into register_value
        select '{CLOSED[0]}', '{CLOSED[1]}', v.org_unit, 1, null, $at, $forever, $actor, 'submission:' || $id
        from clean_collect v
        where v.submission_id = $id and v.carried_from is null and v.closing_requested
            and not exists (
                select 1 from register_value r
                where r.data_set = '{CLOSED[0]}' and r.element = '{CLOSED[1]}' and r.org_unit = v.org_unit and r.number = 1
                    and r.to_time = $forever
            )
        """,
        {"id": submission_id, "actor": actor, "at": at, "forever": FOREVER},
    )
