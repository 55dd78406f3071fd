"""The demo's world: every figure that any unit reports in any month, and what the office knows beforehand.

Nothing here touches a store; `demo` writes these figures into workbooks and sends them the way a clerk does.
"""

from __future__ import annotations

from collections.abc import Callable

from townboard.catalogue import Catalogue, Target
from townboard.demo.contracts import CleanCollect
from townboard.demo.dice import FIRST
from townboard.demo.enterprises import Enterprises
from townboard.demo.units import PLANNED, Units
from townboard.demo.villages import Villages
from townboard.periods import Period
from townboard.store.registers import RegisterRow
from townboard.store.target_sheets import plan
from townboard.submission import Key, Stored

Cells = dict[Key, Stored]


class World:
    """All invented figures; the same on every machine."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.villages = Villages(catalogue)
        self.contracts = CleanCollect(catalogue)
        self.enterprises = Enterprises(catalogue)
        self.units = Units(catalogue)

    def registers(self, county: str, year: int) -> list[RegisterRow]:
        """The office's values of a county: all of them for 2021, last year's income anew for 2022."""
        places = {place.code for place in self.catalogue.org_units if place.code.startswith(county)}
        found = [row for row in self.villages.registers(year) if row.org_unit in places]
        if year == FIRST.year:
            found += [row for row in self.contracts.registers() if row.org_unit in places]
            for unit in self.catalogue.units(county):
                found += [*self.units.registers(unit.code), *self.enterprises.registers(unit.code)]
        else:
            found += [row for unit in self.catalogue.units(county) for row in self.units.cut(unit.code)]
        return found

    def plan(self, county: str) -> list[Target]:
        """The days by which the county wants the reform's milestones reached."""
        return [plan(self.catalogue, element, county, day) for element, day in PLANNED.items()]

    def typed(self, unit: str, period: Period) -> Cells:
        """What the clerk has in the month's cells, slips included (see `SLIPS`)."""
        cells = self.true(unit, period)
        slip = SLIPS.get((unit, str(period)))
        return cells | slip(self, unit, period) if slip else cells

    def true(self, unit: str, period: Period) -> Cells:
        """The same without slips."""
        owed = {data_set.code for data_set in self.catalogue.due(unit, period)}
        found: Cells = {}
        for part in (self.villages, self.contracts, self.enterprises, self.units):
            found |= {key: value for key, value in part.values(unit, period).items() if key[0] in owed}
        return found


def _in_yuan(world: World, unit: str, period: Period) -> Cells:
    """One village's operating income typed in 元 (accepted back into 万元)."""
    village = world.villages.by_unit[unit][3]
    return {("village_economy", village.code, "operating_income"): round(village.operating[period.month - 1] * 10_000)}


def _refunded(world: World, unit: str, period: Period) -> Cells:
    """Other income below last month's: a deposit was paid back."""
    village = max(world.villages.by_unit[unit], key=lambda one: one.other[period.month - 2])
    return {("village_economy", village.code, "other_income"): round(village.other[period.month - 2] - 0.3, 2)}


def _too_much(world: World, unit: str, period: Period) -> Cells:
    """A subsidy counted that has not arrived: the office sends the workbook back for it."""
    village = world.villages.by_unit[unit][0]
    return {("village_economy", village.code, "subsidy_income"): round(village.subsidy[period.month - 1] + 4.2, 2)}


SLIPS: dict[tuple[str, str], Callable[[World, str, Period], Cells]] = {
    ("140121101", "2022-05"): _in_yuan,
    ("140121103", "2022-08"): _refunded,
    ("140121201", "2022-06"): _too_much,
    ("140106100", "2022-04"): _too_much,
    ("140121103", "2022-10"): _too_much,
}
"""What clerks get wrong: (unit, month) → the cells that differ from the truth."""
