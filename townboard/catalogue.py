"""The definitions: data sets, elements, constraints, indicators, org units and targets, as frozen records.

Everything that asks, checks, stores, computes or explains a number reads these. `loading` makes them from `data/catalogue`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from townboard.periods import Period
from townboard.text import NOTHING, Text

Number = float | int
UNITS: dict[str, Text] = {
    "": NOTHING, "%": Text("%", "%"), "万元": Text("万元", "10k yuan"), "亩": Text("亩", "mu"), "村": Text("村", "villages"),
    "人": Text("人", "people"), "人次": Text("人次", "attendances"), "次": Text("次", "times"), "格": Text("格", "cells"),
    "份": Text("份", ""), "个": Text("个", ""), "件": Text("件", ""), "宗": Text("宗", ""), "项": Text("项", ""), "户": Text("户", ""),
    "块": Text("块", ""), "种": Text("种", ""), "条": Text("条", ""), "month": Text("月份", "month"), "date": Text("日期", "date"),
}  # fmt: skip
"""Every unit a value may have, as the county writes it and in English: measure words fall away there, for the label says what is
counted. 亩 is a fifteenth of a hectare."""


def unit_words(unit: str) -> Text:
    """A unit in both languages; words that are no unit of the catalogue stay as they are."""
    return UNITS.get(unit, Text(unit, unit))


@dataclass(frozen=True, slots=True)
class Term:
    """One summand of a linear expression: `factor × symbol`."""

    factor: float
    symbol: str


@dataclass(frozen=True, slots=True)
class Expression:
    """A linear expression over elements (`1.5 * staff_quota`, `a + b - c`)."""

    written: str
    terms: tuple[Term, ...]

    def of(self, values: dict[str, Number | None]) -> float | None:
        """Its value, or None where any part is missing (missing is never zero)."""
        total = 0.0
        for term in self.terms:
            value = values.get(term.symbol)
            if value is None:
                return None
            total += term.factor * value
        return total


@dataclass(frozen=True, slots=True)
class Element:
    """One data element: what a cell means. `unit` is how it is stored (money 万元, area 亩)."""

    data_set: str
    code: str
    label: Text
    aliases: tuple[str, ...]
    unit: str
    type: str  # code | text | month | decimal | integer | boolean | enum | date
    accumulation: str  # register | baseline | stock | year_to_date | since_start | none
    fill: str  # typed | carried | prefilled | derived | optional
    required: bool
    maximum: float | None = None
    values: tuple[Text, ...] = ()
    months: tuple[int, ...] = ()
    rule: str = ""

    @property
    def is_number(self) -> bool:
        """Whether its values are added and compared."""
        return self.type in ("decimal", "integer")

    @property
    def is_cumulative(self) -> bool:
        """Whether it may only rise (within a year, or since the action began)."""
        return self.accumulation in ("year_to_date", "since_start")

    @property
    def is_stored(self) -> bool:
        """Whether the store keeps a column for it (what is derived or shown for orientation is computed)."""
        return self.fill != "derived" and self.code != "previous_operating_income"

    @property
    def is_asked(self) -> bool:
        """Whether the unit, not the office, is answerable for the value."""
        return self.fill in ("typed", "carried", "optional")

    def asked_in(self, period: Period) -> bool:
        """Whether the month's workbook has it (some elements are asked in some months only)."""
        return not self.months or period.month in self.months


@dataclass(frozen=True, slots=True)
class Constraint:
    """A relation between elements of one row. `finding` is the id raised when it does not hold."""

    left: Expression
    operator: str  # <= | >= | = | needs
    right: Expression
    finding: str
    rule: str
    sentence: Text


@dataclass(frozen=True, slots=True)
class Percentage:
    """A percentage clerks type although it follows from other cells: recomputed, compared, never stored."""

    label: Text
    aliases: tuple[str, ...]
    numerator: Expression
    denominator: Expression


@dataclass(frozen=True)
class DataSet:
    """One form of the monthly workbook."""

    code: str
    form: str
    sheet: str
    label: Text
    aliases: tuple[str, ...]
    rows: str  # unit | village | community | task | free
    cycle: str  # monthly | quarterly
    elements: tuple[Element, ...]
    constraints: tuple[Constraint, ...] = ()
    percentages: tuple[Percentage, ...] = ()
    row_names: tuple[str, ...] = ()

    @cached_property
    def by_code(self) -> dict[str, Element]:
        """Elements by code."""
        return {element.code: element for element in self.elements}

    @cached_property
    def related(self) -> tuple[tuple[str, bool], ...]:
        """The elements that constraints, percentages or row checks compare, and whether the office keeps each."""
        sides = [side for entry in self.constraints for side in (entry.left, entry.right)]
        sides += [side for entry in self.percentages for side in (entry.numerator, entry.denominator)]
        named = {term.symbol for side in sides for term in side.terms} | {"progress"}
        return tuple((element.code, element.fill == "prefilled") for element in self.elements if element.code in named)

    @cached_property
    def stored(self) -> tuple[Element, ...]:
        """The elements that have a column in the store."""
        return tuple(element for element in self.elements if element.is_stored)

    def asked(self, period: Period) -> tuple[Element, ...]:
        """The elements of the month's sheet, in the order of the form."""
        return tuple(element for element in self.elements if element.asked_in(period))

    def due_in(self, period: Period) -> bool:
        """Whether the form is due that month."""
        return self.cycle == "monthly" or period.closes_quarter

    def data_period(self, period: Period) -> Period:
        """The month whose report stands for `period`: itself, or the last quarter month."""
        return period if self.cycle == "monthly" else period.last_quarter_month


@dataclass(frozen=True, slots=True)
class Indicator:
    """One number leaders read. `kind` says how `numerator` and `denominator` (row expressions) become a value:

    share N(rows)/N(rows) · ratio Σ/Σ · count N(rows) · sum Σ · mean Σ/rows · median · bands · gap (rows short of `of`'s goal).
    """

    id: str
    code: str
    theme: str
    label: Text
    source: str
    kind: str
    factor: float
    unit: str
    decimals: int
    direction: str  # higher | lower | context
    formula: str
    numerator_words: Text
    pages: tuple[str, ...]
    numerator: str = ""
    denominator: str = ""
    denominator_words: Text | None = None
    of: str = ""
    basic_numerator: str = ""
    basic_denominator: str = ""
    caveat: Text | None = None

    @property
    def is_ratio(self) -> bool:
        """Whether it has a denominator that readers see."""
        return self.kind in ("share", "ratio", "mean")


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name by which a place is still known since it was renamed, or since a place so called was `merged` into it."""

    name: str
    since: Period
    merged: bool


@dataclass(frozen=True, slots=True)
class OrgUnit:
    """A place that reports or is reported on. `order` is the county's official order."""

    code: str
    parent: str
    level: str  # county | township | village | community
    kind: str
    label: Text
    official: str
    order: int
    in_goal_denominator: bool = True
    former: tuple[FormerName, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """The basic and highest goal of one indicator for one org unit and year, in the indicator's unit."""

    indicator: str
    org_unit: str
    year: int
    basic: float | None
    highest: float | None
    deadline: date


@dataclass(frozen=True, slots=True)
class Settings:
    """What a county decides for itself, and the calendar: public holidays (False) and make-up working days (True)."""

    county: str
    goal_income_basis: str
    goal_threshold: float
    action_start: date
    action_end: date
    report_working_day: int
    clock_offset_hours: int
    backup_warn_hours: int
    backup_keep_days: int
    backup_keep_weeks: int
    backup_keep_months: int
    session_idle_minutes: int
    session_hours: int
    account_idle_days: int
    calendar: Mapping[date, bool] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Catalogue:
    """All definitions together, with the look-ups that stages need."""

    data_sets: tuple[DataSet, ...]
    indicators: tuple[Indicator, ...]
    themes: dict[str, Text]
    org_units: tuple[OrgUnit, ...]
    targets: tuple[Target, ...]
    settings: Settings
    _children: dict[tuple[str, str], tuple[OrgUnit, ...]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def data_set(self) -> dict[str, DataSet]:
        """Data sets by code."""
        return {data_set.code: data_set for data_set in self.data_sets}

    @cached_property
    def indicator(self) -> dict[str, Indicator]:
        """Indicators by id."""
        return {indicator.id: indicator for indicator in self.indicators}

    @cached_property
    def org_unit(self) -> dict[str, OrgUnit]:
        """Org units by code."""
        return {unit.code: unit for unit in self.org_units}

    def children(self, code: str, level: str) -> tuple[OrgUnit, ...]:
        """The org units of one level right under another, in official order."""
        key = (code, level)
        if key not in self._children:
            found = (unit for unit in self.org_units if unit.parent == code and unit.level == level)
            self._children[key] = tuple(sorted(found, key=lambda unit: unit.order))
        return self._children[key]

    def units(self, county: str) -> tuple[OrgUnit, ...]:
        """The reporting units (townships, streets, the development zone) of a county."""
        return self.children(county, "township")

    def rows_of(self, data_set: DataSet, unit: str) -> tuple[OrgUnit, ...]:
        """The org units that have a row of their own in a unit's sheet; the unit itself for unit forms."""
        if data_set.rows in ("village", "community"):
            return self.children(unit, data_set.rows)
        return (self.org_unit[unit],)

    def owes(self, unit: str) -> tuple[DataSet, ...]:
        """The data sets a unit reports at all, whatever the month (domain §4.0, §4.10)."""
        zone = self.org_unit[unit].kind == "development zone"
        villages, communities = self.children(unit, "village"), self.children(unit, "community")

        def owed(data_set: DataSet) -> bool:
            if zone:
                return data_set.code in ("cover", "enterprise_party")
            if data_set.rows == "village" or data_set.code == "assets_platform":
                return bool(villages)
            return bool(communities) if data_set.rows == "community" else True

        return tuple(data_set for data_set in self.data_sets if owed(data_set))

    def due(self, unit: str, period: Period) -> tuple[DataSet, ...]:
        """The data sets a unit owes in one month; empty when the month asks nothing of it."""
        found = tuple(data_set for data_set in self.owes(unit) if data_set.due_in(period))
        return found if any(data_set.code != "cover" for data_set in found) else ()

    def figures_due(self, unit: str, period: Period) -> tuple[DataSet, ...]:
        """The forms without which a unit's report of a month is partial: what it owes, less the cover and the lists that may be empty."""
        return tuple(
            data_set for data_set in self.due(unit, period) if data_set.code != "cover" and data_set.rows not in ("free", "task")
        )

    def expected_units(self, county: str, period: Period) -> tuple[OrgUnit, ...]:
        """The units from which a workbook is expected that month."""
        return tuple(unit for unit in self.units(county) if self.due(unit.code, period))

    def target(self, indicator: str, org_unit: str, year: int) -> Target | None:
        """The target set for an org unit, else the nearest one above it that makes sense for it.

        A ratio's target and a target of zero hold for every unit of the county; a number of units does not.
        """
        for target in self.targets:
            if target.indicator == indicator and target.year == year and target.org_unit == org_unit:
                return target
        above = self.org_unit[org_unit].parent
        if not above:
            return None
        found = self.target(indicator, above, year)
        shared = found is not None and (self.indicator[indicator].is_ratio or found.basic == 0)
        return found if shared else None

    def __iter__(self) -> Iterator[DataSet]:
        return iter(self.data_sets)
