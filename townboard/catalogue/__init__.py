"""The definitions: data sets, elements, constraints, indicators, org units and targets, as frozen records.

Everything that asks, checks, stores, computes or explains a number reads these. `loading` makes them from `data/catalogue`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from townboard.catalogue.elements import Element, Expression, Term
from townboard.catalogue.forms import Constraint, DataSet, Percentage
from townboard.catalogue.indicators import Indicator, Target
from townboard.catalogue.places import FormerName, OrgUnit
from townboard.catalogue.settings import Settings
from townboard.catalogue.units import UNITS, unit_words
from townboard.periods import Period
from townboard.text import Text

__all__ = [
    "UNITS",
    "Catalogue",
    "Constraint",
    "DataSet",
    "Element",
    "Expression",
    "FormerName",
    "Indicator",
    "OrgUnit",
    "Percentage",
    "Settings",
    "Target",
    "Term",
    "unit_words",
]


@dataclass(frozen=True)
class Catalogue:
    """All definitions together, with the look-ups that stages need."""

    data_sets: tuple[DataSet, ...]
    indicators: tuple[Indicator, ...]
    themes: dict[str, Text]
    org_units: tuple[OrgUnit, ...]
    targets: tuple[Target, ...]
    settings: Settings
    _children: dict[tuple[str, str], tuple[OrgUnit, ...]] = field(init=False, default_factory=dict, compare=False, repr=False)

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
