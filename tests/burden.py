"""How many cells a unit types in a month: `python -m tests.burden`, from the real templates over the demo's history.

The scenario is the county of the domain notes: 128 villages, 30 communities, 10 units and the development zone, 20 villages still open in
clean-and-collect, 4 tasks a unit; every cell that is typed anew each month is typed, 5 % of the carried cells change in a month and 30 % of
the quarterly ones in a quarter. Each workbook is written, filled, read back and measured like a clerk's (BR06). The goal: 50 or fewer on average.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from townboard import demo, recognise, template, workbook
from townboard.catalogue import Catalogue, DataSet
from townboard.guard import admit
from townboard.periods import Period
from townboard.store import Store
from townboard.submission import History, Key
from townboard.template.plan import CARRIED, TYPED, Planned, plan

COUNTY = "140121"
ORDINARY, QUARTER, DECEMBER = Period(2022, 11), Period(2022, 9), Period(2022, 12)
"""The kinds of months: eight of a year ask for the monthly forms, three for the quarterly ones too, December for the year's split as well."""
OPEN_VILLAGES, TASKS = 20, 4
CHANGED_MONTHLY, CHANGED_QUARTERLY = 0.05, 0.30
GOAL = 50


@dataclass(frozen=True)
class Load:
    """One unit: cells typed in an ordinary month, in one that closes a quarter, and in December; data cells of an ordinary month's
    workbook (of a quarter's where no other is owed)."""

    unit: str
    ordinary: int
    quarter: int
    december: int
    data_cells: int

    @property
    def months(self) -> int:
        """How many workbooks it sends in a year: the development zone reports by the quarter."""
        return 12 if self.ordinary else 4

    @property
    def mean(self) -> float:
        """Cells typed a workbook, over a year."""
        return ((self.months - 4) * self.ordinary + 3 * self.quarter + self.december) / self.months


def loads(store: Store) -> list[Load]:
    """The load of every unit of the county, in official order."""
    catalogue = store.catalogue
    still_open = _open_villages(catalogue)
    found = []
    for unit in catalogue.units(COUNTY):
        closed = frozenset(village.code for village in catalogue.children(unit.code, "village")) - still_open
        counts = {}
        for period in (ORDINARY, QUARTER, DECEMBER):
            counts[period] = (0, 0)
            if catalogue.due(unit.code, period):
                history = replace(store.history(unit.code, period), closed=closed)
                counts[period] = measured(catalogue, unit.code, period, history)
        typed = [counts[period][0] for period in (ORDINARY, QUARTER, DECEMBER)]
        found.append(Load(unit.code, *typed, counts[ORDINARY][1] or counts[QUARTER][1]))
    return found


def _open_villages(catalogue: Catalogue) -> frozenset[str]:
    """Twenty villages, taken from the units in turn."""
    villages = [list(catalogue.children(unit.code, "village")) for unit in catalogue.units(COUNTY)]
    turns = cycle([iter(own) for own in villages if own])
    return frozenset(village.code for village in islice((next(own) for own in turns), OPEN_VILLAGES))


def measured(catalogue: Catalogue, unit: str, period: Period, history: History) -> tuple[int, int]:
    """(typed cells, data cells) of a month's workbook, filled and read back; the tasks' cells, which come with the tasks, are added."""
    data = template.write(catalogue, unit, period, history, typed=filled(catalogue, unit, period, history))
    submission = recognise.recognise(workbook.read(admit(data, "x.xlsx")), catalogue, unit, period, history=history)
    typed, cells = template.burden(catalogue, submission, history)
    owed = next((form for form in catalogue.due(unit, period) if form.rows == "task"), None)
    typed_of_task = sum(element.fill == "typed" for element in owed.elements) if owed else 0
    return typed + TASKS * typed_of_task, cells + TASKS * typed_of_task


def filled(catalogue: Catalogue, unit: str, period: Period, history: History) -> Mapping[Key, Any]:
    """What a clerk puts in: every typed cell, and the share of the carried cells that change, drawn with a fixed seed."""
    dice = random.Random(f"{unit} {period}")
    found: dict[Key, Any] = {}
    for sheet in plan(catalogue, unit, period, history):
        if sheet.data_set.rows == "free":
            continue
        share = CHANGED_QUARTERLY if sheet.data_set.cycle == "quarterly" else CHANGED_MONTHLY
        for row in sheet.rows:
            for cell in row.cells:
                key = (sheet.data_set.code, row.org_unit, cell.element.code)
                if cell.shade == TYPED or (cell.shade == CARRIED and _is_typed(cell, sheet.data_set, share, dice)):
                    found[key] = another(cell, period)
    return found


def _is_typed(cell: Planned, form: DataSet, share: float, dice: random.Random) -> bool:
    """Whether a carried cell is touched: it changes, or it is required and nothing was carried into it."""
    return dice.random() < share or (cell.value is None and cell.element.required and form.code != "cover")


def another(cell: Planned, period: Period) -> Any:
    """A value that is not the one already there."""
    element, before = cell.element, cell.previous if cell.value is None else cell.value
    if element.type == "boolean":
        return not before
    if element.type == "enum":
        return next(value.zh for value in element.values if value.zh != before)
    if element.type == "date":
        return period.end if not isinstance(before, date) or before != period.end else period.end - timedelta(days=1)
    if element.is_number:
        return (before or 0) + 1
    return "李五" if before != "李五" else "赵六"


def mean(found: list[Load]) -> float:
    """Typed cells per unit and month, over all reports of a year."""
    return sum(load.mean * load.months for load in found) / sum(load.months for load in found)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder, Store.create(Path(folder) / "store") as store:
        demo.fill(store, progress=lambda share, words: None)
        found = loads(store)
        print(f"typed cells per unit and month: {ORDINARY} an ordinary month, {QUARTER} closes a quarter, {DECEMBER} the year\n")
        print(
            f"{'unit':<34}{'villages':>9}{'communities':>12}{'ordinary':>9}{'quarter':>8}{'December':>9}{'mean':>7}{'of cells':>9}"
        )
        for load in found:
            unit = store.catalogue.org_unit[load.unit]
            villages, communities = (len(store.catalogue.children(load.unit, level)) for level in ("village", "community"))
            print(f"{unit.label.en:<34}{villages:>9}{communities:>12}{load.ordinary:>9}{load.quarter:>8}{load.december:>9}"
                  f"{load.mean:>7.1f}{load.data_cells:>9}")  # fmt: skip
        print(f"\naverage per unit-month {mean(found):.1f} (goal ≤ {GOAL})")


if __name__ == "__main__":
    main()
