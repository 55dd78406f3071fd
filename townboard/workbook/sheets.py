"""Sheets of cells with their addresses: what reading a workbook gives, whatever its format.

Rows and columns are numbered from 1, as the clerk counts them. Only cells with something in them are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from townboard.findings import Refusal

GENERAL, PERCENT, DATE, ERROR = "general", "percent", "date", "error"
MAX_ROWS, MAX_COLUMNS = 5_000, 256
MAX_MERGES, MAX_MERGED_CELLS = 20_000, 200_000
HUGE = 1e15
"""No figure of these forms comes near: a number beyond it (or none at all, such as NaN) is kept as the text it is."""
_EPOCH = date(1899, 12, 30)


class Cell(NamedTuple):
    """One cell. `value` is a float, a text or a truth value; None where a formula was saved without its result.

    `kind` is the class of its number format (general, percent, date: the value is a serial day) or `error` (the value is the
    error's text). `formula` is the formula without its equals sign, "" where it is shared with another cell, None if none.
    """

    value: float | str | bool | None
    kind: str = GENERAL
    formula: str | None = None

    @property
    def text(self) -> str:
        """The cell as a person sees it: 26, 9.09%, 2022-09-30, 是; a formula without its result as =SUM(A1:A3)."""
        return raw_text(self)


class Range(NamedTuple):
    """A rectangle of cells, both corners included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """One sheet: `rows` maps row number → column number → cell, in rising order of rows."""

    name: str
    hidden: bool = False
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merges: list[Range] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    named: bool = True

    @property
    def cells(self) -> dict[tuple[int, int], Cell]:
        """Every cell by (row, column)."""
        return {(row, column): cell for row, cells in self.rows.items() for column, cell in cells.items()}

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell at a place, None where it is blank."""
        return self.rows.get(row, {}).get(column)

    def merge_at(self, row: int, column: int) -> Range | None:
        """The merged range that covers a place."""
        for merged in self.merges:
            if merged.top <= row <= merged.bottom and merged.left <= column <= merged.right:
                return merged
        return None


@dataclass(slots=True)
class Book:
    """One workbook. `named` sheets carry a name that a person gave; a csv file has none."""

    workbook: str
    sha256: str
    sheets: list[Sheet]
    macros: bool = False


@lru_cache(maxsize=512)
def letters(column: int) -> str:
    """The letters of a column: 1 → A, 28 → AB."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def address(row: int, column: int) -> str:
    """The name of a cell: (7, 6) → F7."""
    return f"{letters(column)}{row}"


@lru_cache(maxsize=65_536)
def place_of(name: str) -> tuple[int, int]:
    """(row, column) of a cell's name such as F7 or $F$7; raises ValueError for anything else."""
    column = at = 0
    name = name.replace("$", "")
    for at, letter in enumerate(name):  # noqa: B007 - `at` is used after the loop
        if not "A" <= letter <= "Z":
            break
        column = column * 26 + ord(letter) - 64
    row = int(name[at:])
    if not column or row < 1:
        raise ValueError(f"not a cell: {name!r}")
    return row, column


def range_of(name: str) -> Range:
    """The rectangle of a name such as A2:K2 or A2; raises ValueError for anything else."""
    first, _, last = name.partition(":")
    top, left = place_of(first)
    bottom, right = place_of(last or first)
    return Range(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def day_of(serial: float) -> date | None:
    """The day of an Excel serial number (1900 system), None outside the years 1900 to 2199."""
    return _EPOCH + timedelta(days=int(serial)) if 1 <= serial < 109_575 else None


def shown(number: float) -> str:
    """A number as a person sees it in a cell: 26.0 → 26, 0.30000000000000004 → 0.3."""
    return f"{number:.15g}"


def raw_text(cell: Cell | None) -> str:
    """A cell as a person sees it: 26, 9.09%, 2022-09-30, 是; an unsaved formula as =SUM(A1:A3)."""
    if cell is None:
        return ""
    value = cell.value
    if value is None:
        return f"={cell.formula}"
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if cell.kind == PERCENT:
        return f"{round(value * 100, 10):.12g}%"
    if cell.kind == DATE:
        day = day_of(value)
        return day.isoformat() if day else shown(value)
    return shown(value)


def within_limits(sheet: Sheet) -> Sheet:
    """The same sheet without empty rows and in order; raises Refusal too-many-cells beyond the size of these forms.

    Rows are counted, not measured: one forgotten cell far below makes no big sheet.
    """
    rows = {number: cells for number, cells in sheet.rows.items() if cells}
    if rows:
        last_column = max(map(max, rows.values()))
        if len(rows) > MAX_ROWS or last_column > MAX_COLUMNS:
            raise Refusal("too-many-cells", found=address(max(rows), last_column), limit=address(MAX_ROWS, MAX_COLUMNS))
        numbers = list(rows)
        if numbers != sorted(numbers):
            rows = dict(sorted(rows.items()))
    if len(sheet.merges) > MAX_MERGES:
        raise Refusal("too-many-cells", found=len(sheet.merges), limit=MAX_MERGES)
    for merged in sheet.merges:
        size = (merged.bottom - merged.top + 1) * (merged.right - merged.left + 1)
        if size > MAX_MERGED_CELLS:
            raise Refusal("too-many-cells", found=size, limit=MAX_MERGED_CELLS)
    sheet.rows = rows
    return sheet
