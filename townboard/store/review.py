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

from townboard.catalogue import Catalogue
from townboard.periods import Period
from townboard.store.history import CLOSED, REPORTED_BY, Facts, Rows, registers
from townboard.store.office import RegisterRow, record_register
from townboard.tables import APPROVED, FOREVER, PRELIMINARY, columns_of, insert, stored
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
    cursor: duckdb.DuckDBPyConnection, catalogue: Catalogue, facts: Facts, unit: str, period: str, state: str, *, actor: str, at: datetime,
    reason: str, expected: int | None = None,
) -> None:  # fmt: skip
    """Approve or return, only the submission `expected` where one is named; raises TransitionError when nothing waits for review, or a return has no reason."""

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
    if expected is not None and here.submission_id != expected:
        raise TransitionError(Text("已有更新的版本,请重新查看后再办理", "A newer version has arrived; look at it first"))
    if state == RETURNED:
        if not reason.strip():
            raise TransitionError(Text("退回须说明原因", "Returning needs a reason"))
        cursor.execute("insert into event values (?, ?, ?, ?, ?)", [here.submission_id, at, actor, state, reason])
        return
    standing = rows(
        """select f.data_set, f.submission_id from in_force f
        where f.unit = ? and f.period = ? and f.basis = ? and f.to_time = ? and not f.approved
            and not exists (select 1 from event e where e.submission_id = f.submission_id and e.state = ?)
        order by f.data_set""",
        [unit, period, PRELIMINARY, FOREVER, RETURNED],  # what was returned and not sent again stays unapproved
    )
    submissions = sorted({here.submission_id, *(submission_id for _, submission_id in standing)})
    insert(cursor, "event", columns_of("event"), [(submission_id, at, actor, state, reason) for submission_id in submissions])
    cursor.execute(
        "update in_force set to_time = ? where unit = ? and period = ? and data_set = any(?) and to_time = ?",
        [at, unit, period, [data_set for data_set, _ in standing], FOREVER],
    )
    moved = [(unit, period, data_set, basis, submission_id, True, at, FOREVER)
             for data_set, submission_id in standing for basis in (PRELIMINARY, APPROVED)]  # fmt: skip
    insert(cursor, "in_force", columns_of("in_force"), moved)
    learned = _learned(rows, catalogue, facts, unit, Period.parse(period), standing)
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
