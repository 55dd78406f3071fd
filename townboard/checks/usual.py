"""What is usual for one number: its own approved past, without the value itself; where that is short or constant, what stands in for it.

The value under examination is never part of its own baseline. A series of fewer than four points, or one that never moves, has no spread
to speak of: then floors, the same season of last year, last year's total and the unit's other villages say what is usual.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import Any

from townboard.catalogue import Element
from townboard.checks.sight import Sight
from townboard.periods import Period
from townboard.submission import REPORTED, Row, SheetReading

INCOME = ("operating_income", "subsidy_income", "other_income")

Known = Sequence[tuple[Period, Any]]
Series = list[tuple[Period, float]]
SEASON = 1
"""A payment of last year counts as the same season up to a month off."""
SELDOM, LIKE_LAST_YEAR = 0.25, 1.25


def since(first: Period, last: Period) -> int:
    """Months from one period to a later one."""
    return (last.year - first.year) * 12 + last.month - first.month


def numbers(series: Known) -> Series:
    """A series without its gaps."""
    return [(period, float(number)) for period, number in series if number is not None]


def flows(series: Series, *, from_january: bool = True) -> Series:
    """Monthly increases of a cumulative series; an increase over a gap of months is spread evenly."""
    found = [(series[0][0], series[0][1])] if series and from_january and series[0][0].month == 1 else []
    for (before, low), (after, high) in pairwise(series):
        if (months := since(before, after)) == 1:
            found.append((after, high - low))
        else:
            found += [(after.plus(-n), (high - low) / months) for n in range(months)]
    return found


@dataclass
class Past:
    """The approved past of one number before `period`, oldest first: up to 24 months, of which `year` can be compared directly.

    `year`: this year's part of what starts anew in January, everything of what does not. `last_year_total`, `last_december`:
    a village's whole income of last year, and this element's, where known.
    """

    element: Element
    period: Period
    known: Known
    year: Known
    last_year_total: float | None = None
    last_december: float | None = None

    @property
    def last(self) -> float:
        """The latest comparable value."""
        return float(self.year[-1][1])

    @property
    def months(self) -> int:
        """Months since the latest comparable value."""
        return max(1, since(self.year[-1][0], self.period))

    @cached_property
    def flows(self) -> list[float]:
        """This year's monthly increases (all, for what does not start anew)."""
        return [flow for _, flow in flows(numbers(self.year), from_january=self.element.accumulation == "year_to_date")]

    @cached_property
    def _years_before(self) -> list[Series]:
        """The earlier years of what starts anew in January, one series each; last December may be known from the register."""
        if self.element.accumulation != "year_to_date":
            return []
        years = sorted({period.year for period, _ in self.known} - {self.period.year})
        found = [numbers([entry for entry in self.known if entry[0].year == year]) for year in years]
        december = Period(self.period.year - 1, 12)
        if found and found[-1] and self.last_december is not None and found[-1][-1][0] != december and years[-1] == december.year:
            found[-1].append((december, max(self.last_december, found[-1][-1][1])))
        return found

    @cached_property
    def flows_before(self) -> Series:
        """Monthly increases of earlier years, for what starts anew in January."""
        return [flow for year in self._years_before for flow in flows(year)]

    @cached_property
    def usual(self) -> float | None:
        """The median monthly increase; last year's months help out where this year has fewer than three. None with fewer than three in all."""
        pool = self.flows if len(self.flows) >= 3 else [*self.flows, *(flow for _, flow in self.flows_before)]
        return median(pool) if len(pool) >= 3 else None

    @cached_property
    def season(self) -> float | None:
        """The largest increase around the same time of last year, over a gap as a whole; None where nothing is known of it."""
        found = [
            year[0][1]
            for year in self._years_before
            if year and year[0][0].month == 1 and self._is_season(year[0][0], year[0][0])
        ]
        for year in self._years_before:
            found += [high - low for (before, low), (after, high) in pairwise(year) if self._is_season(before.plus(1), after)]
        return max(found, default=None)

    def _is_season(self, first: Period, last: Period) -> bool:
        """Whether some month from first to last is the same season of last year."""
        return since(first, self.period) - 12 >= -SEASON and since(last, self.period) - 12 <= SEASON

    @cached_property
    def largest_before(self) -> float:
        """The largest monthly increase of earlier years; 0 where none is known."""
        return max((flow for _, flow in self.flows_before), default=0.0)

    @cached_property
    def is_regular(self) -> bool:
        """Whether earlier years are known and something came in nearly every month."""
        nothing = sum(flow <= 0 for _, flow in self.flows_before)
        return len(self.flows_before) >= 6 and nothing <= SELDOM * len(self.flows_before)

    @cached_property
    def had_by_now(self) -> float | None:
        """The cumulative value at the same month of last year, where known."""
        return next(
            (float(number) for period, number in self.known if period == self.period.year_ago and number is not None), None
        )

    def is_like_last_year(self, typed: float) -> bool:
        """Whether there is hardly more than at the same time of last year."""
        return self.had_by_now is not None and typed <= LIKE_LAST_YEAR * self.had_by_now

    def flow(self, typed: float) -> float:
        """What came in during the month: an increase over a gap, less what usually comes in the months between."""
        increase, months = typed - self.last, self.months
        if months == 1:
            return increase
        return increase - (months - 1) * self.usual if self.usual else increase / months


def last_year_total(sight: Sight, row: Row) -> float | None:
    """Last year's total income of a village: as the sheet has it, else the register, else last December's approved report."""
    code, history = "village_economy", sight.history
    value = row.values.get("last_year_total_income")
    known = value.value if value is not None else history.register.get((code, row.org_unit, "last_year_total_income"))
    if isinstance(known, int | float):
        return float(known)
    december = Period(sight.submission.period.year - 1, 12)
    parts = [next((number for period, number in history.series.get((code, row.org_unit, element), ()) if period == december), None)
             for element in INCOME]  # fmt: skip
    known_parts = [float(part) for part in parts if part is not None]
    return sum(known_parts) if len(known_parts) == len(INCOME) else None


def this_year(element: Element, period: Period, series: Known) -> Known:
    """The part of a series that can be compared: this year's only, for what starts anew in January."""
    if not series or element.accumulation != "year_to_date" or series[0][0].year == period.year:
        return series
    return [entry for entry in series if entry[0].year == period.year]


def past_of(sight: Sight, row: Row, element: Element) -> Past:
    """The past of a village's income."""
    period, history = sight.submission.period, sight.history
    series = history.series.get((element.data_set, row.org_unit, element.code), ())
    december = None
    if element.code == "operating_income":
        december = history.register.get((element.data_set, row.org_unit, "last_year_operating_income"))
    return Past(element, period, series, this_year(element, period, series), last_year_total(sight, row), december)


def column(reading: SheetReading, element: str) -> list[tuple[str, float]]:
    """Org unit → typed value of every row that has one."""
    found = []
    for row in reading.rows:
        value = row.values.get(element)
        if row.org_unit and value is not None and value.status == REPORTED and isinstance(value.value, int | float):
            found.append((row.org_unit, float(value.value)))
    return found


def peers(reading: SheetReading, element: str, org_unit: str) -> list[float]:
    """What the unit's other rows have above zero."""
    return [number for place, number in column(reading, element) if place != org_unit and number > 0]
