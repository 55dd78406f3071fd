"""Typed totals of a table, kept to be compared with the sum of its rows: 合计 counts before 小计, averages are no totals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from townboard.catalogue import Element
from townboard.periods import Period
from townboard.recognise.cells import parse
from townboard.recognise.surroundings import total_rank
from townboard.submission import SheetReading
from townboard.workbook.sheets import Cell, raw_text

_SUBTOTAL = 1


class Column(NamedTuple):
    """One column of values. `quick` columns take a plain number as it stands, `whole` ones as a whole number."""

    number: int
    letter: str
    element: Element
    scale: float
    quick: bool
    whole: bool


class Totals:
    """The total rows of one table, row by row."""

    def __init__(self, reading: SheetReading, period: Period) -> None:
        self.reading, self.period = reading, period
        self._ranks: dict[str, int] = {}
        self._subtotals = 0

    def keep(self, text: str, number: int, cells: Mapping[int, Cell], columns: Iterable[Column]) -> None:
        """Keep the typed numbers of a total row that says `text`, unless a higher total was there before."""
        rank = total_rank(text)
        self._subtotals += rank == _SUBTOTAL
        if not rank:
            return
        for column in columns:
            cell, element = cells.get(column.number), column.element
            if cell is None or not element.is_number or self._ranks.get(element.code, 0) > rank:
                continue
            parsed = parse(cell, element, self.period, None, column.scale)
            if parsed.finding in ("", "normalised") and isinstance(parsed.value, int | float):
                self._ranks[element.code] = rank
                self.reading.totals[element.code] = (f"{column.letter}{number}", raw_text(cell), float(parsed.value))

    def close(self) -> None:
        """Several subtotals and nothing above them are the total of nothing."""
        if self._subtotals > 1 and max(self._ranks.values(), default=0) <= _SUBTOTAL:
            self.reading.totals.clear()
