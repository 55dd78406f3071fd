"""Where a unit's month stands, and the events that move it (`cycle`): read from the store, and written inside its transaction.

A version's own events (submitted, returned, approved, withdrawn) are rows of `event`; those of the month (locks, exemptions, corrections,
extensions) are rows of `month_event`. Both are only ever added to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from townboard import cycle
from townboard.catalogue import Catalogue
from townboard.deadlines import due_at
from townboard.periods import Period
from townboard.store.file import Rows
from townboard.tables import FOREVER, columns_of, insert
from townboard.text import Text

NO_REASON = Text("须说明原因", "A reason is needed")


class TransitionError(Exception):
    """The month's state does not allow it; `message` says why, and what to do instead, in both languages."""

    def __init__(self, message: Text) -> None:
        self.message = message
        super().__init__(message.en)


@dataclass(frozen=True, slots=True)
class Status:
    """Where a unit's month stands. `version` and what follows: the latest version that was not withdrawn (0 and None without one).

    `due_at`: the deadline that held when it was sent. `reason`: why the month is in this state, as it was said. `deadline`: what holds
    now, extensions included. `asked_until`: the deadline asked for by an extension that nobody has decided. `missing`: forms that the
    report owes and does not hold. Times are naive UTC.
    """

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
    deadline: datetime | None = None
    asked_until: datetime | None = None
    missing: tuple[str, ...] = ()

    @property
    def label(self) -> Text:
        """The state in words."""
        return cycle.STATES[self.state]

    @property
    def takes_workbook(self) -> bool:
        """Whether a workbook can be sent now."""
        return cycle.move(self.state, cycle.SENT) is not None


@dataclass(frozen=True, slots=True)
class _Happened:
    """One event of the month itself."""

    version: int
    at: datetime
    actor: str
    event: str
    reason: str
    due_at: datetime | None


LAST_EVENT = """with last_event as (
    select e.submission_id, e.state, e."at", e.actor, e.reason,
        row_number() over (
            partition by e.submission_id order by e."at" desc, case e.state when 'withdrawn' then 0 when 'submitted' then 2 else 1 end
        ) as place
    from event e
    join submission s on s.id = e.submission_id
    where s.unit = ? and s.period = ?
)"""
"""What happened last to each version of a unit's month (parameters: unit, period); `place` 1 is the last."""


def status(rows: Rows, catalogue: Catalogue, unit: str, period: str) -> Status:
    """The state of a unit's month, with the version that speaks for it."""
    spoken = rows(
        f"""
        {LAST_EVENT}
        select s.version, s.id, s.submitted_by, s.submitted_at, s.due_at, s.on_time, s.sha256, s.workbook, s.missing,
            e.state, e."at", e.actor, e.reason
        from submission s
        join last_event e on e.submission_id = s.id and e.place = 1
        where s.unit = ? and s.period = ? and e.state <> 'withdrawn'
        order by s.version desc
        """,
        [unit, period, unit, period],
    )
    happened = [_Happened(*row) for row in rows(
        'select version, "at", actor, event, reason, due_at from month_event where unit = ? and period = ? order by n', [unit, period]
    )]  # fmt: skip
    approved = max((int(row[0]) for row in rows(
        """select s.version from submission s join event e on e.submission_id = s.id
        where s.unit = ? and s.period = ? and e.state = 'approved'""", [unit, period]
    )), default=0)  # fmt: skip
    version, id, by, sent_at, due, on_time, sha256, workbook, missing, latest, at, actor, reason = (
        spoken[0] if spoken else (0, None, None, None, None, None, None, None, None, "", None, None, "")
    )
    draft = bool(rows("select 1 from draft where unit = ? and period = ? and to_time = ?", [unit, period, FOREVER]))
    month, mark = _month(happened, latest, version, approved, draft)
    state = cycle.state(month)
    if mark is not None and state in (cycle.LOCKED, cycle.EXEMPT, cycle.CORRECTING):
        at, actor, reason = mark.at, mark.actor, mark.reason
    asked, granted = _extension(happened)
    return Status(
        unit, period, state, version, id, by, sent_at, due, on_time, sha256, workbook, at, actor, reason,
        deadline=granted or due_at(Period.parse(period), catalogue.settings), asked_until=asked,
        missing=tuple(missing.split()) if missing else (),
    )  # fmt: skip


def _month(
    happened: Sequence[_Happened], latest: str, version: int, approved: int, draft: bool
) -> tuple[cycle.Month, _Happened | None]:
    """What the state depends on, and the event of the month that made it so."""
    marks: dict[str, _Happened | None] = {cycle.LOCK: None, cycle.EXEMPTED: None, cycle.OPEN_CORRECTION: None}
    ends = {cycle.UNLOCK: cycle.LOCK, cycle.REVOKED: cycle.EXEMPTED, cycle.CLOSE_CORRECTION: cycle.OPEN_CORRECTION}
    for one in happened:
        if one.event in marks:
            marks[one.event] = one
        elif one.event in ends:
            marks[ends[one.event]] = None
    opened = marks[cycle.OPEN_CORRECTION]
    if opened is not None and approved > opened.version:
        opened = None
    locked, exempt = marks[cycle.LOCK], marks[cycle.EXEMPTED]
    month = cycle.Month(latest, version, opened.version if opened else None, locked is not None, exempt is not None, draft)
    return month, opened or exempt or locked


def _extension(happened: Sequence[_Happened]) -> tuple[datetime | None, datetime | None]:
    """(the deadline asked for and not decided, the deadline granted last)."""
    asked = granted = None
    for one in happened:
        if one.event == cycle.ASK_EXTENSION:
            asked = one.due_at
        elif one.event in (cycle.GRANT, cycle.DECLINE):
            asked = None
            granted = one.due_at if one.event == cycle.GRANT else granted
    return asked, granted


def require(catalogue: Catalogue, here: Status, event: str, reason: str = "") -> cycle.Move:
    """The move that an event is for a month; raises TransitionError where its state does not allow it or a reason is wanting."""
    found = cycle.move(here.state, event)
    where, month = catalogue.org_unit[here.unit].label, Period.parse(here.period).label
    if found is None:
        said = Text("{where}{month}现为“{state}”,不能{event}", "{where}, {month}, is “{state}” and cannot be {event}").fill(
            where=where, month=month, state=here.label, event=cycle.EVENTS[event]
        )
        step = cycle.NEXT_STEP.get(here.state) if event == cycle.SENT else None
        raise TransitionError(Text(f"{said.zh}。{step.zh}", f"{said.en}. {step.en}") if step else said)
    if found.needs_reason and not reason.strip():
        said = Text("{event}须说明原因", "A reason is needed: {event}").fill(event=cycle.EVENTS[event])
        raise TransitionError(said)
    return found


def until(here: Status, event: str, asked: datetime | None) -> datetime | None:
    """The deadline that an extension names (granted without one: as asked for); raises TransitionError where it is none or earlier."""
    if event not in (cycle.ASK_EXTENSION, cycle.GRANT, cycle.DECLINE):
        return None
    if event == cycle.DECLINE:
        if here.asked_until is None:
            raise TransitionError(Text("没有待办的延期申请", "No extension was asked for"))
        return here.asked_until
    moment = asked or (here.asked_until if event == cycle.GRANT else None)
    if moment is None or (here.deadline is not None and moment <= here.deadline):
        raise TransitionError(Text("延期须晚于现在的截止时间", "An extension ends after the present deadline"))
    return moment


def take_back(cursor: duckdb.DuckDBPyConnection, here: Status, *, actor: str, at: datetime, reason: str) -> None:
    """Withdraw what a correction had sent and got back, when the correction is closed: the version before speaks for the month again."""
    cursor.execute(
        """insert into event select s.id, ?, ?, 'withdrawn', ? from submission s
        where s.unit = ? and s.period = ? and s.version > (
            select max_by(m.version, m.n) from month_event m where m.unit = s.unit and m.period = s.period and m.event = ?
        ) and not exists (select 1 from event e where e.submission_id = s.id and e.state = 'withdrawn')""",
        [at, actor, reason.strip(), here.unit, here.period, cycle.OPEN_CORRECTION],
    )


def record(
    cursor: duckdb.DuckDBPyConnection, here: Status, event: str, *, actor: str, at: datetime, reason: str, due: datetime | None, about: str = ""
) -> None:  # fmt: skip
    """Add an event of the month itself; `about`: the working group whose forms it is about."""
    ((n,),) = cursor.execute("select coalesce(max(n), 0) + 1 from month_event").fetchall()
    row = (n, here.unit, here.period, here.version, at, actor, event, reason.strip(), due, about or None)
    insert(cursor, "month_event", columns_of("month_event"), [row])
