"""What stands behind an indicator: every place with its share in numerator and denominator, and the cells it was read from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from townboard.answers import ACCEPT, ANSWERED, KEEP, WORDS
from townboard.catalogue import Catalogue, DataSet, Indicator
from townboard.formulas import behind as formula
from townboard.periods import Period
from townboard.recognise.cells import step_words
from townboard.store import Store, trace
from townboard.store.sources import Source
from townboard.tables import NOW
from townboard.text import Text

_CONDITIONS = ("share", "count")


@dataclass(frozen=True, slots=True)
class Used:
    """One value that a row was computed from. `source` is None where nothing was reported."""

    data_set: str
    element: str
    period: Period
    source: Source | None


@dataclass(frozen=True, slots=True)
class Contribution:
    """One place's share in an indicator.

    `above`, `below`: what it adds to numerator and denominator; None where it adds nothing because it is not known or not counted
    (0 is a place that counts and adds nothing). `value` is what the formula gives for it: a number, or whether it fits the condition.
    """

    org_unit: str
    unit: str
    reported: bool
    approved: bool
    value: float | bool | None
    above: float | None
    below: float | None
    used_above: tuple[Used, ...]
    used_below: tuple[Used, ...]


@dataclass(frozen=True, slots=True)
class Behind:
    """An indicator taken apart for one place and month. `data_period` is the month whose reports stand."""

    indicator: Indicator
    org_unit: str
    data_period: Period
    contributions: tuple[Contribution, ...]

    @property
    def numerator(self) -> float | None:
        """The sum over the places that are known; None while none is."""
        known = [one.above for one in self.contributions if one.above is not None]
        return sum(known) if known else None

    @property
    def denominator(self) -> float | None:
        """The sum over the places that count (0 of none for a share); None for an indicator without one, or while none is known."""
        known = [one.below for one in self.contributions if one.below is not None]
        return sum(known) if known or self.indicator.kind == "share" else None


def behind(
    store: Store, catalogue: Catalogue, id: str, org_unit: str, period: Period, *, county: str, units: Sequence[str], basis: str,
    as_of: datetime | None = None,
) -> Behind:  # fmt: skip
    """The places and cells behind an indicator of a county, a unit, a village or a community; `units` is the caller's scope.

    The places are those that the list held at `as_of`. Raises KeyError for an unknown indicator. The median, the bands and a gap are made of the places' values, not of sums: `value` holds them.
    """
    indicator = catalogue.indicator[id]
    counted = formula.counted(catalogue, indicator)
    form = catalogue.data_set.get(counted.source)
    at = form.data_period(period) if form else period
    listed = catalogue if as_of is None else store.catalogue_at(as_of)
    scope = [unit for unit in units if org_unit in (county, unit) or listed.org_unit[org_unit].parent == unit]
    [rows] = store.records([formula.question(catalogue, indicator, period, county=county, units=scope, basis=basis, as_of=as_of)])
    rows = [row for row in rows if org_unit in (county, row["unit"], row["org_unit"])]
    used = {part: formula.used(catalogue, indicator, part) for part in ("numerator", "denominator")}
    months = {back: _month(at, back) for part in used.values() for _, back in part}
    sources = {
        back: store.sources(counted.source, month, sorted({code for part in used.values() for code, n in part if n == back}),
                            units=scope, basis=basis, as_of=as_of)
        for back, month in months.items()
    }  # fmt: skip

    def cells(part: str, place: str) -> tuple[Used, ...]:
        return tuple(Used(counted.source, code, months[back], sources[back].get((place, code))) for code, back in used[part])

    order = {unit.code: unit.order for unit in listed.org_units}
    found = [
        Contribution(row["org_unit"], row["unit"], bool(row["row_reported"]), bool(row["row_approved"]), row["numerator"],
                     *_shares(counted, row), cells("numerator", row["org_unit"]), cells("denominator", row["org_unit"]))
        for row in sorted(rows, key=lambda row: order[row["org_unit"]])
    ]  # fmt: skip
    return Behind(indicator, org_unit, at, tuple(found))


def _month(at: Period, back: int) -> Period:
    return Period(at.year - 1, 12) if back == formula.DECEMBER else at.plus(-back)


def _shares(indicator: Indicator, row: dict[str, Any]) -> tuple[float | None, float | None]:
    """What a row adds to numerator and denominator, by the rules of `formulas`."""
    top, bottom = row["numerator"], row["denominator"]
    known = bool(row["row_reported"]) and top is not None
    if indicator.kind == "share":
        inside = bool(bottom)
        return (float(bool(top)) if inside and top is not None else None), (1.0 if inside else None)
    if indicator.kind == "ratio":
        paired = known and bottom is not None
        return (float(top), float(bottom)) if paired else (None, None)
    if not known:
        return None, None
    if indicator.kind == "mean":
        return float(top), 1.0
    if indicator.kind == "bands":
        return 1.0, None
    return float(top), None


_STEPS = {
    trace.FROM_REGISTER: Text("取自专办名录(工作簿中没有这一列)", "taken from the office's register: the workbook has no column for it"),
    trace.FROM_LIST: Text("取自单位名录", "from the list of places"),
    trace.FROM_SETTINGS: Text("取自全县统一设定的达标线", "the threshold set for the county"),
    trace.FROM_DECEMBER: Text("取自去年12月已审核的月报", "from last December's approved report"),
    trace.FROM_BEFORE: Text("沿用上一次已审核的数", "as in the last approved report"),
}  # fmt: skip
_ANSWERED = Text("按答复处理({done})", "as answered ({done})")
_CARRIED = Text("已销号的村,沿用{month}的数", "closed village: carried from {month}")


def step_text(step: str, data_set: DataSet) -> Text:
    """One entry of a trace's `normalised` in both languages."""
    if step in _STEPS:
        return _STEPS[step]
    if step.startswith(trace.CARRIED):
        return _CARRIED.fill(month=Period.parse(step[len(trace.CARRIED) :]).label)
    if step.startswith(ANSWERED):
        return _ANSWERED.fill(done=WORDS[step[len(ANSWERED) :]])
    whole, sign, parts = step.partition(" = ")
    if sign and whole in data_set.by_code:
        labels = [data_set.by_code[part].label for part in parts.split(" + ")]
        return Text(" + ".join(label.zh for label in labels), " + ".join(label.en for label in labels))
    return step_words(step)


def answer_text(answer: Mapping[str, Any]) -> Text:
    """One entry of a trace's `answers`: the question, what was answered, why and by whom."""
    value = answer["suggestion"] if answer["answer"] == ACCEPT else answer["value"]
    done = WORDS[answer["answer"]]
    if answer["answer"] != KEEP:
        done = Text(f"{done.zh}:{value}", f"{done.en}: {value}")
    reason = Text(f":{answer['reason']}", f": {answer['reason']}") if answer["reason"] else Text("", "")
    by = Text(f"({answer['answered_by']})", f" ({answer['answered_by']})") if answer["answered_by"] else Text("", "")
    asked = answer["message"]
    return Text(f"{asked['zh']} → {done.zh}{reason.zh}{by.zh}", f"{asked['en']} → {done.en}{reason.en}{by.en}")


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal as it holds for a place: what is to be reached, set for which place, by whom and when (naive UTC)."""

    basic: float | None
    highest: float | None
    deadline: date
    org_unit: str
    set_by: str
    since: datetime


def goal(store: Store, catalogue: Catalogue, id: str, org_unit: str, year: int, as_of: datetime | None = None) -> Goal | None:
    """Where an indicator's goal comes from (came, at `as_of`): the place's own, else the nearest above that makes sense for it; None
    without one."""
    at = as_of or NOW
    indicator, listed = catalogue.indicator[id], catalogue if as_of is None else store.catalogue_at(as_of)
    place, is_own = org_unit, True
    while place:
        found = store.rows(
            """select basic, highest, deadline, org_unit, set_by, from_time from target
            where indicator = ? and org_unit = ? and "year" = ? and from_time <= ? and to_time > ?""",
            [id, place, year, at, at],
        )
        if found:
            here = Goal(*found[0])
            return here if is_own or indicator.is_ratio or here.basic == 0 else None
        place, is_own = listed.org_unit[place].parent, False
    return None


def role(one: Contribution, indicator: Indicator) -> Text:
    """What a place is in the indicator, in words."""
    if not one.reported and one.above is None:
        return Text("未报,没有数", "not reported: no figure")
    if indicator.kind in _CONDITIONS or indicator.kind == "gap":
        if one.below is None and indicator.kind != "count":
            return Text("不纳入考核", "not in the denominator")
        if one.above is None:
            return Text("数据不全,无法判断", "incomplete: cannot be told")
        return Text("达到", "fits") if one.above else Text("未达到", "does not fit")
    return Text("计入", "counted") if one.above is not None else Text("数据不全,不计入", "incomplete: not counted")
