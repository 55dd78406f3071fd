"""What the clerks send: their real template for an open month, filled a little beyond what the store knows, so that nothing is asked.

The number of patrols tells the workbooks of one unit apart: each counts one more than the one before. After `ROUND` of them it begins anew
with one dispatch order more: a month with too many patrols would be asked about, and so would the same workbook once more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.load.people import COUNTY
from townboard import journey, template
from townboard.catalogue import Catalogue
from townboard.periods import Period
from townboard.store import Store
from townboard.submission import History, Key
from townboard.template.plan import TYPED, plan

OPEN = Period(2022, 11)
MARK, ROUNDS = ("law_enforcement", "patrols"), ("law_enforcement", "orders_received")
ROUND = 20


@dataclass(frozen=True)
class Sent:
    """One workbook: its bytes, and the number of patrols in it."""

    data: bytes
    patrols: int


def units(store: Store, wanted: int) -> list[str]:
    """Units whose workbook for the open month is taken without a question, as many as are wanted or there are."""
    found = []
    for unit in store.catalogue.expected_units(COUNTY, OPEN):
        if len(found) < wanted and unaided(store, unit.code):
            found.append(unit.code)
    return found


def unaided(store: Store, unit: str) -> bool:
    """Whether a unit's first workbook needs no answer."""
    data = next(workbooks(store.catalogue, unit, store.history(unit, OPEN))).data
    return journey.examine(data, "11月.xlsx", unit, OPEN, store).outcome == journey.READY


def workbooks(catalogue: Catalogue, unit: str, history: History) -> Iterator[Sent]:
    """One workbook after another, each with another number of patrols."""
    cells = filled(catalogue, unit, history)
    patrols, orders = (MARK[0], unit, MARK[1]), (ROUNDS[0], unit, ROUNDS[1])
    for n in count():
        typed = {**cells, patrols: int(cells[patrols]) + 1 + n % ROUND, orders: int(cells[orders]) + n // ROUND}
        yield Sent(template.write(catalogue, unit, OPEN, history, typed=typed, invented=True), typed[patrols])


def filled(catalogue: Catalogue, unit: str, history: History) -> Mapping[Key, Any]:
    """What the clerk types: last month's values, incomes six per cent on, one patrol more; nothing that would be asked about."""
    found: dict[Key, Any] = {}
    for sheet in plan(catalogue, unit, OPEN, history):
        if sheet.data_set.rows == "free":
            continue
        for row in sheet.rows:
            for cell in row.cells:
                key = (sheet.data_set.code, row.org_unit, cell.element.code)
                if cell.shade == TYPED and cell.previous is not None:
                    found[key] = round(cell.previous * 1.06, 2) if cell.element.code == "operating_income" else cell.previous
    found[MARK[0], unit, MARK[1]] = int(found[MARK[0], unit, MARK[1]])
    return found
