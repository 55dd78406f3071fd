"""Indicator readings: each number with its numerator, denominator, goals, status, and how many units it rests on.

The status is decided by exact fractions (59.96 % is not 60 %); rounding is the reader's. What is missing stays missing: no value, never 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from townboard.catalogue import Catalogue, Indicator, OrgUnit
from townboard.formulas import BANDS, STAGES, parameters, prepared
from townboard.periods import Period
from townboard.tables import APPROVED, NOW
from townboard.text import Text

if TYPE_CHECKING:
    from townboard.store import Store

STATUSES: dict[str, Text] = {
    "highest_reached": Text("已达最高目标", "Highest goal reached"),
    "basic_reached": Text("已达基本目标", "Basic goal reached"),
    "on_track": Text("进度正常", "On track"),
    "behind": Text("进度滞后", "Behind"),
    "not_reached": Text("未达标(到期)", "Not reached by the deadline"),
    "no_data": Text("无数据", "No data"),
    "not_applicable": Text("不适用", "Not applicable"),
    "context": Text("仅供了解", "For context"),
}
NEEDED_AT = ("county", "township")
"""Levels at which villages still needed for a goal can be counted: one village needs no others."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One indicator for one org unit and month, in the contract's keys.

    `indicator` is the code, `value` in `unit`. `data_period`: the month whose report stands (quarterly forms). Units count the reporting
    units whose figures are in it, that should be, and that are not approved yet. `extras`: bands, growth, stages; places and places_reported.
    """

    indicator: str
    id: str
    org_unit: str
    period: str
    value: float | None
    numerator: float | None
    denominator: float | None
    unit: str
    status: str
    basic: float | None
    highest: float | None
    reported_units: int
    expected_units: int
    as_of: str
    data_period: str
    preliminary_units: int = 0
    deadline: str | None = None
    extras: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The object that `indicators --format json` prints: whole numbers without a decimal point, extras beside the rest."""
        plain = {name: getattr(self, name) for name in Reading.__dataclass_fields__ if name != "extras"}
        numbers = {name: _whole(plain[name]) for name in ("value", "numerator", "denominator", "basic", "highest")}
        return {**plain, **numbers, **self.extras}


def _whole(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be reached, exactly; `deadline` is the last day."""

    basic: Fraction | None
    highest: Fraction | None
    deadline: date


def exact(value: float | None) -> Fraction | None:
    """A stored number as the fraction it was typed as: money has at most four decimals (R01), sums carry binary dust beyond."""
    if value is None:
        return None
    return Fraction(value) if value == int(value) else Fraction(Decimal(repr(round(value, 4))))


def readings(
    store: Store, catalogue: Catalogue, period: Period, *, level: str, county: str, units: Sequence[str], basis: str = APPROVED,
    as_of: datetime | None = None, only: Sequence[str] | None = None,
) -> list[Reading]:  # fmt: skip
    """The readings of a month at a level, indicator by indicator, places in official order.

    `units` is the caller's scope; `only` names indicator ids (or codes). A place for which an indicator means nothing is `not_applicable`.
    The places are those that the list held at `as_of`.
    """
    listed = catalogue if as_of is None else store.catalogue_at(as_of)
    scope = [unit.code for unit in listed.units(county) if unit.code in set(units)]
    chosen = [found for found in catalogue.indicators if only is None or found.id in only or found.code in only]
    places = _places(listed, level, county, scope)
    goals = Goals(store, listed, period.year, as_of)
    said_at = _said_at(store, as_of, scope)
    answers = _answers(store, catalogue, chosen, period, level, county, scope, basis, as_of)
    found = []
    for indicator in chosen:
        form = catalogue.data_set.get(indicator.source)
        data_period = str(form.data_period(period) if form else period)
        for place in places:
            row = answers[indicator.source].get(place.code)
            found.append(_reading(catalogue, indicator, place, row, period, data_period, goals, said_at))
    return found


def _places(catalogue: Catalogue, level: str, county: str, scope: list[str]) -> list[OrgUnit]:
    if level == "county":
        return [catalogue.org_unit[county]]
    if level == "township":
        return [catalogue.org_unit[unit] for unit in scope]
    return [place for unit in scope for place in catalogue.children(unit, level)]


def _answers(
    store: Store, catalogue: Catalogue, chosen: Sequence[Indicator], period: Period, level: str, county: str, scope: list[str],
    basis: str, as_of: datetime | None,
) -> dict[str, dict[str, dict[str, Any]]]:  # fmt: skip
    """Source → place → the row of the source's SQL; nothing where the level does not fit the source. All sources are asked at once."""
    asked: dict[str, tuple[str, dict[str, Any]]] = {}
    sources = dict.fromkeys(indicator.source for indicator in chosen)
    for source in sources:
        form = catalogue.data_set.get(source)
        own_level = form.rows if form and form.rows in ("village", "community") else "township"
        if level in ("county", "township", own_level):
            ids = tuple(indicator.id for indicator in chosen if indicator.source == source)
            sql, wanted = prepared(catalogue, source, level, ids)
            known = parameters(catalogue, source, period, county=county, units=scope, basis=basis, as_of=as_of)
            asked[source] = (sql, {name: known[name] for name in wanted})
    rows = dict(zip(asked, store.records(list(asked.values())), strict=True))
    return {source: {row["org_unit"]: row for row in rows.get(source, ())} for source in sources}


def _said_at(store: Store, as_of: datetime | None, scope: list[str]) -> str:
    """Up to when the figures go: the moment asked for, else the last time anything in scope came into force."""
    if as_of is not None:
        return as_of.isoformat(timespec="seconds")
    last = store.rows("select max(from_time) from in_force where unit = any($units)", {"units": scope})[0][0]
    return last.isoformat(timespec="seconds") if last else ""


class Goals:
    """The goals of one year that held at a moment; a ratio's goal, and a goal of zero, hold for every place below (domain §6)."""

    def __init__(self, store: Store, catalogue: Catalogue, year: int, as_of: datetime | None) -> None:
        self._catalogue = catalogue
        rows = store.rows(
            'select indicator, org_unit, basic, highest, deadline from target where "year" = $year and from_time <= $at and to_time > $at',
            {"year": year, "at": as_of or NOW},
        )
        self._goals = {(row[0], row[1]): Goal(exact(row[2]), exact(row[3]), row[4]) for row in rows}

    def of(self, indicator: Indicator, org_unit: str) -> Goal | None:
        """The goal set for a place, else the nearest above that makes sense for it."""
        own = self._goals.get((indicator.id, org_unit))
        above = self._catalogue.org_unit[org_unit].parent
        if own is not None or not above:
            return own
        found = self.of(indicator, above)
        return found if found is not None and (indicator.is_ratio or found.basic == 0) else None


def status(indicator: Indicator, value: Fraction | None, basic_value: Fraction | None, goal: Goal | None, period: Period) -> str:
    """Where a value stands. `basic_value` is what the basic goal is measured on (the value itself nearly always).

    Before the deadline a value on its way up is on track at basic × month/12; what should go down is either there or behind.
    """
    if value is None:
        return "no_data"
    if indicator.direction == "context" or goal is None or (goal.basic is None and goal.highest is None):
        return "context"
    against = value if basic_value is None else basic_value
    if indicator.direction == "lower":
        if goal.highest is not None and value <= goal.highest:
            return "highest_reached"
        if goal.basic is not None and against <= goal.basic:
            return "basic_reached"
        return "not_reached" if period.end >= goal.deadline else "behind"
    if goal.highest is not None and value >= goal.highest:
        return "highest_reached"
    if goal.basic is not None and against >= goal.basic:
        return "basic_reached"
    if period.end >= goal.deadline:
        return "not_reached"
    wanted = goal.basic if goal.basic is not None else goal.highest
    assert wanted is not None
    return "on_track" if against >= wanted * period.month / 12 else "behind"


def _plain(value: float | None) -> float | None:
    fraction = exact(value)
    return None if fraction is None else float(fraction)


def _divided(numerator: Fraction | None, denominator: Fraction | None, factor: float) -> Fraction | None:
    if numerator is None or not denominator:
        return None
    return numerator / denominator * Fraction(factor)


def _reading(
    catalogue: Catalogue, indicator: Indicator, place: OrgUnit, row: dict[str, Any] | None, period: Period, data_period: str,
    goals: Goals, said_at: str,
) -> Reading:  # fmt: skip
    goal = goals.of(indicator, place.code)
    numerator: float | None = None
    denominator: float | None = None
    value: Fraction | None = None
    basic_value: Fraction | None = None
    extras: dict[str, Any] = {}
    applies = row is not None
    if row is not None:
        name = indicator.id.lower()
        if indicator.kind == "gap":
            of = catalogue.indicator[indicator.of]
            applies = place.level in NEEDED_AT
            numerator = _needed(row, of, goals.of(of, place.code)) if applies else None
            value = exact(numerator)
        else:
            numerator, denominator = row[f"{name}_n"], row.get(f"{name}_d")
            value = exact(numerator)
            if indicator.is_ratio:
                value = _divided(value, exact(denominator), indicator.factor)
            if indicator.basic_numerator:
                basic_value = _divided(exact(row[f"{name}_bn"]), exact(row[f"{name}_bd"]), indicator.factor)
        applies = applies and not (indicator.kind == "share" and indicator.source == "village_economy" and denominator == 0)
        extras = {"places": row["places"], "places_reported": row["places_reported"], **_extras(indicator, row)}
    where = (
        status(indicator, value, basic_value, goal, Period.parse(data_period) if data_period else period)
        if applies
        else "not_applicable"
    )
    return Reading(
        indicator=indicator.code, id=indicator.id, org_unit=place.code, period=str(period),
        value=None if value is None or not applies else float(value), numerator=_plain(numerator), denominator=_plain(denominator), unit=indicator.unit, status=where,
        basic=None if goal is None or goal.basic is None else float(goal.basic),
        highest=None if goal is None or goal.highest is None else float(goal.highest),
        reported_units=row["reported_units"] if row else 0, expected_units=row["expected_units"] if row else 0, as_of=said_at,
        data_period=data_period, preliminary_units=row["preliminary_units"] if row else 0,
        deadline=goal.deadline.isoformat() if goal else None, extras=extras,
    )  # fmt: skip


def _needed(row: dict[str, Any], of: Indicator, goal: Goal | None) -> int | None:
    """max(0, ⌈basic % · N⌉ − n), in whole numbers (domain App. B 1)."""
    reached, all_rows = row[f"{of.id.lower()}_n"], row[f"{of.id.lower()}_d"]
    if reached is None or goal is None or goal.basic is None:
        return None
    return max(0, math.ceil(goal.basic * int(all_rows) / 100) - int(reached))


def _extras(indicator: Indicator, row: dict[str, Any]) -> dict[str, Any]:
    name = indicator.id.lower()
    if indicator.kind == "bands":
        known = row[f"{name}_n"] is not None
        counts = [row[f"{name}_band_{number}"] if known else None for number in range(1, len(BANDS) + 1)]
        return {"bands": [{"from": low or 0, "to": high, "villages": n} for (low, high), n in zip(BANDS, counts, strict=True)]}
    if indicator.id == "CE09":
        now, then = exact(row[f"{name}_now"]), exact(row[f"{name}_then"])
        grown = None if now is None or then is None else _divided(now - then, then, 100)
        return {"change": None if grown is None else float(grown)}
    if indicator.id == "CE12":
        return {"stages": {word: row[f"{name}_{stage}"] for stage, word in STAGES.items()}}
    return {}
