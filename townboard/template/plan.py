"""What stands in every cell of a unit's monthly workbook, and who fills it (domain §4.0, §4.10).

Five shades of a cell: typed every month (white) · carried (light yellow, the last approved value stands there already) · locked
(grey: registers, baselines, last year) · derived (grey, a plain sum) · open (white, dotted: optional, or a baseline that no
register holds yet, so that the first report can bring it). Drawing them is `template_sheets`' work.
"""

from __future__ import annotations

from dataclasses import dataclass

from townboard.catalogue import Catalogue, DataSet, Element
from townboard.periods import Period
from townboard.submission import History, Stored

TYPED, CARRIED, LOCKED, DERIVED, OPEN = "typed", "carried", "locked", "derived", "open"
FREE_ROWS = 20
"""Empty rows offered in a free form (domain §4.9: 0 to 20)."""

_SHADE_OF = {"typed": TYPED, "carried": CARRIED, "derived": DERIVED, "optional": OPEN}
_LAST_YEAR = {
    "last_year_total_income": ("operating_income", "subsidy_income", "other_income"),
    "last_year_operating_income": ("operating_income",),
}


@dataclass(frozen=True, slots=True)
class Planned:
    """One cell: its element, its shade, the value already in it, and last month's (shown beside it in vertical forms)."""

    element: Element
    shade: str
    value: Stored
    previous: Stored = None

    @property
    def is_input(self) -> bool:
        """Whether the clerk may write into it."""
        return self.shade in (TYPED, CARRIED, OPEN)


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row of a sheet: the org unit (`<unit>#<number>` in free forms), its name, and its cells in the order of the form."""

    org_unit: str
    name: str
    cells: tuple[Planned, ...]


@dataclass(frozen=True, slots=True)
class PlannedSheet:
    """One sheet: its data set and the rows this unit owes."""

    data_set: DataSet
    rows: tuple[PlannedRow, ...]


def plan(catalogue: Catalogue, unit: str, period: Period, history: History) -> tuple[PlannedSheet, ...]:
    """Every sheet, row and cell that a unit owes for a month; empty when the month asks nothing of it.

    Closed clean-and-collect villages have no row, and the sheet goes with the last of them. Task lists come
    with the tasks.
    """
    sheets = []
    for data_set in catalogue.due(unit, period):
        if data_set.rows == "task":
            continue
        elements = data_set.asked(period)
        if data_set.rows == "free":
            places = [(f"{unit}#{number}", "") for number in range(1, FREE_ROWS + 1)]
        else:
            closed = history.closed if data_set.code == "clean_collect" else frozenset()
            places = [(place.code, place.label.zh) for place in catalogue.rows_of(data_set, unit) if place.code not in closed]
        rows = tuple(
            PlannedRow(code, name, tuple(_planned(element, code, name, catalogue, period, history) for element in elements))
            for code, name in places
        )
        if rows:
            sheets.append(PlannedSheet(data_set, rows))
    return tuple(sheets)


def _planned(element: Element, org_unit: str, name: str, catalogue: Catalogue, period: Period, history: History) -> Planned:
    if element.fill == "prefilled":
        value = _register(element, org_unit, name, catalogue, period, history)
        known = value is not None or element.code == "previous_operating_income"
        return Planned(element, LOCKED if known else OPEN, value, value)
    last = _last(element, org_unit, period, history)
    carried = element.fill == "carried" or (element.fill == "optional" and element.is_cumulative and not element.months)
    return Planned(element, _SHADE_OF[element.fill], last if carried else None, last)


def _last(element: Element, org_unit: str, period: Period, history: History) -> Stored:
    """The last approved value; a year-to-date value is not taken over the turn of the year."""
    found = history.last((element.data_set, org_unit, element.code))
    if found is None or (element.accumulation == "year_to_date" and found[0].year != period.year):
        return None
    value: Stored = found[1]
    return value


def _register(element: Element, org_unit: str, name: str, catalogue: Catalogue, period: Period, history: History) -> Stored:
    """What the office knows: names and codes, the register, last year's December, else what was approved before."""
    code = element.code
    if code == "period":
        return str(period)
    if code == "reporting_unit" or code.endswith("_name"):
        return name
    if code in ("village_code", "community_code"):
        return org_unit
    if code == "previous_operating_income":
        operating = catalogue.data_set[element.data_set].by_code["operating_income"]
        return _last(operating, org_unit, period, history)
    value: Stored = history.register.get((element.data_set, org_unit, code))
    if value is not None:
        return value
    if code in _LAST_YEAR:
        return _december(_LAST_YEAR[code], element, org_unit, period, history)
    if code == "annual_target":
        return catalogue.settings.goal_threshold
    found = history.last((element.data_set, org_unit, code))
    return found[1] if found else None


def _december(parts: tuple[str, ...], element: Element, org_unit: str, period: Period, history: History) -> float | None:
    """Last year's total from last December's approved report; None unless every part was reported."""
    december, total = Period(period.year - 1, 12), 0.0
    for part in parts:
        value = dict(history.series.get((element.data_set, org_unit, part), ())).get(december)
        if value is None:
            return None
        total += value
    return round(total, 4)
