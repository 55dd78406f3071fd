"""A store full of invented figures, made the way real ones arrive: workbooks written, sent, questioned, explained and approved.

Both counties from December 2021 to October 2022. The published sums hold for September 2022, the latest month in which every unit has
reported; in October 清源镇 and 马峪乡 are missing, 孟封镇 is sent back, 集义乡 came late, and 桥东街道 waits for review.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from townboard import deadlines, journey, template
from townboard.access import Actor
from townboard.answers import Answer
from townboard.catalogue import Catalogue
from townboard.demo.dice import FIRST, LAST, QINGXU, YINGZE, dice
from townboard.demo.figures import Cells, World
from townboard.findings import ASKS, BLOCKS
from townboard.journey import Examined
from townboard.periods import Period, span
from townboard.store import Store
from townboard.store.registers import RegisterRow
from townboard.text import Text, same

MARK = RegisterRow("store", "demo", "", 1)
"""The register row that says the figures are invented; pages and downloads carry the banner while it is there."""

OFFICES = {QINGXU: "县委专办", YINGZE: "区委专办"}
NOT_IN = {("140121100", LAST), ("140121200", LAST)}
SENT_BACK = {
    ("140121103", LAST): "孟封村补助收入与拨付凭证不符，请核对后重报",
    ("140121201", Period(2022, 6)): "北社村补助资金尚未到账，请核减后重报",
    ("140106100", Period(2022, 4)): "港道村补助收入重复计算，请核对后重报",
}
"""Workbooks that the office returned, with the reason; all but the latest were sent again, corrected."""
WAITING = {("140106005", LAST)}
LATE = {
    ("140121204", LAST): 3,
    ("140121201", Period(2022, 3)): 5,
    ("140106002", Period(2022, 3)): 4,
    ("140121200", Period(2022, 8)): 2,
}
"""Working days after the deadline."""
REASONS = {
    "unusual-jump": "一次性收入：承包费、租金预交，已附合同",
    "decreased-cumulative": "退还：上月误计的押金已退还",
    "unlikely-relation": "情况属实：一名书记调离，正在选配",
    "new-debt": "情况属实：应急抢修饮水管网欠付工程款，已报备",
}
"""How clerks explain what they keep; a unit slip is accepted as suggested."""


@dataclass(frozen=True, order=True)
class Step:
    """One thing that happens: `what` is send, resend, approve or return."""

    at: datetime
    unit: str
    what: str


def is_demo(store: Store) -> bool:
    """Whether the store's figures are invented."""
    found = store.rows(
        "select count(*) from register_value where data_set = ? and element = ? and number = 1", [MARK.data_set, MARK.element]
    )
    return bool(found[0][0])


def fill(
    store: Store, *, progress: Callable[[float, Text], None], counties: Sequence[str] = (QINGXU, YINGZE),
    months: Sequence[Period] = span(FIRST, LAST),
) -> None:  # fmt: skip
    """Fill an empty store, month by month in the order of time; `progress` gets the share done and what is being done.

    `counties` and `months` (from December 2021 on, without gaps) make a smaller demo. Raises ValueError
    when a workbook does not come through its own checks: then figures and checks have drifted apart.
    """
    catalogue = store.catalogue
    world = World(catalogue)
    _office(store, world, counties, 2021, datetime(2021, 12, 20, 2))
    calendar = [(period, sorted(_steps(catalogue, counties, period))) for period in months]
    count, done = sum(len(steps) for _, steps in calendar), 0
    with ThreadPoolExecutor(1, thread_name_prefix="clerk") as clerk:
        for period, steps in calendar:
            if period == FIRST.plus(1):
                _office(store, world, counties, 2022, datetime(2022, 1, 14, 2))
            ready = {step.unit: clerk.submit(_send, store, world, period, step) for step in steps if step.what == "send"}
            for step in steps:
                place = catalogue.org_unit[step.unit].label
                progress(done / count, Text(f"{period} {place.zh}", f"{period} {place.en}"))
                _take(store, world, period, step, ready)
                done += 1
    progress(1.0, same("✓"))


def _office(store: Store, world: World, counties: Sequence[str], year: int, at: datetime) -> None:
    """Import the registers as the offices do: everything at first, last year's income at the turn of the year."""
    for county in counties:
        rows = [MARK, *world.registers(county, year)]
        store.register(rows, world.plan(county), actor=OFFICES[county], at=at, source=f"示例数据_{year}年名录和基数.xlsx")


def _steps(catalogue: Catalogue, counties: Sequence[str], period: Period) -> list[Step]:
    """What happens to a month's workbooks."""
    found = []
    for unit in (unit.code for county in counties for unit in catalogue.expected_units(county, period)):
        if (unit, period) in NOT_IN:
            continue
        rng = dice(unit, period, "day")
        day = (
            rng.choice((1, 2, 2, 3)) if (unit, period) not in LATE else catalogue.settings.report_working_day + LATE[unit, period]
        )
        sent = _moment(period, day, rng.randint(9 * 60, 17 * 60), catalogue)
        found.append(Step(sent, unit, "send"))
        if (unit, period) in SENT_BACK:
            found.append(Step(sent + timedelta(days=1), unit, "return"))
            if period == LAST:
                continue
            sent += timedelta(days=2)
            found.append(Step(sent, unit, "resend"))
        if (unit, period) not in WAITING:
            found.append(Step(sent + timedelta(days=2), unit, "approve"))
    return found


def _moment(period: Period, working_day: int, minutes: int, catalogue: Catalogue) -> datetime:
    """A time on the n-th working day of the next month, as it is stored (UTC)."""
    return _utc(deadlines.working_day(period.plus(1), working_day, catalogue.settings), minutes, catalogue)


def _utc(day: date, minutes: int, catalogue: Catalogue) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=minutes) - timedelta(hours=catalogue.settings.clock_offset_hours)


def _take(store: Store, world: World, period: Period, step: Step, ready: Mapping[str, Future[Examined]]) -> None:
    """One step in the store. What a month's clerks send is examined ahead, while the store writes what came before it."""
    unit, office = step.unit, OFFICES[store.catalogue.org_unit[step.unit].parent]
    if step.what == "approve":
        store.transition(unit, period, "approved", actor=office, at=step.at)
    elif step.what == "return":
        store.transition(unit, period, "returned", actor=office, at=step.at, reason=SENT_BACK[unit, period])
    else:
        examined = ready[unit].result() if step.what == "send" else _send(store, world, period, step)
        clerk = Actor(f"{store.catalogue.org_unit[unit].label.zh}填报员", "clerk", (unit,))
        journey.submit(store, examined, clerk, step.at)


def _send(store: Store, world: World, period: Period, step: Step) -> Examined:
    typed = world.true(step.unit, period) if step.what == "resend" else world.typed(step.unit, period)
    return send(store, step.unit, period, typed, at=step.at)


def send(store: Store, unit: str, period: Period, typed: Cells, *, at: datetime) -> Examined:
    """Write the unit's workbook with these cells, have it examined, and answer what is asked; raises ValueError if it is not ready."""
    catalogue = store.catalogue
    data = template.write(catalogue, unit, period, store.history(unit, period), typed=typed, invented=True)
    name = f"示例数据_{template.file_name(catalogue, unit, period)}"
    examined = journey.examine(data, name, unit, period, store, now=at)
    if examined.outcome == "needs_answers":
        examined = journey.examine(data, name, unit, period, store, explain(examined), now=at)
    if examined.outcome != journey.READY:
        said = [finding.message.zh for finding in examined.findings if finding.severity in (ASKS, BLOCKS)]
        raise ValueError(f"{unit} {period} {examined.outcome}: {examined.refusal or said[:5]}")
    return examined


def explain(examined: Examined) -> list[Answer]:
    """A clerk's answers to the questions asked: take back a slip, keep the rest with the reason. Unforeseen questions stay open."""
    found = []
    for finding in examined.findings:
        if finding.severity != ASKS:
            continue
        place = finding.place
        if finding.id == "unit-slip":
            found.append(Answer(place.sheet, place.cell, finding.id, "accept", org_unit=place.org_unit))
        elif finding.id in REASONS:
            found.append(Answer(place.sheet, place.cell, finding.id, "keep", None, REASONS[finding.id], place.org_unit))
    return found
