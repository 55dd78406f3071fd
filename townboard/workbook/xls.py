"""Reading .xls (BIFF in an OLE2 file) through xlrd, from bytes: values, error codes, formats, hidden rows, merges.

xlrd keeps results, not formulas: a formula's saved result arrives as a plain value.
"""

from __future__ import annotations

import io
import struct
from typing import Any

import xlrd
from xlrd.biffh import error_text_from_code
from xlrd.compdoc import CompDocError

from townboard.findings import Refusal
from townboard.guard import MAX_CELLS, Admitted
from townboard.workbook.sheets import DATE, ERROR, GENERAL, HUGE, Cell, Range, Sheet, shown, within_limits
from townboard.workbook.xlsx import META, kind_of

_BROKEN = (
    xlrd.XLRDError, CompDocError, struct.error, IndexError, KeyError, ValueError, AssertionError, TypeError, AttributeError,
    OverflowError, NotImplementedError, EOFError, ZeroDivisionError, RecursionError, MemoryError,
)  # fmt: skip
"""What xlrd raises on broken files: it has no single exception of its own."""


def read_xls(admitted: Admitted) -> list[Sheet]:
    """The sheets of an admitted .xls; raises Refusal encrypted, damaged or too-many-cells."""
    try:
        book = xlrd.open_workbook(file_contents=admitted.data, formatting_info=True, ragged_rows=True, logfile=io.StringIO())
        return [_read(book, sheet) for sheet in book.sheets()]
    except _BROKEN as error:
        raise Refusal("encrypted" if "encrypted" in str(error).lower() else "damaged") from error


def _read(book: Any, source: Any) -> Sheet:
    hidden_sheet = source.visibility != 0
    sheet = Sheet(source.name, hidden_sheet)
    if hidden_sheet and source.name != META:
        return sheet
    if sum(source.row_len(row) for row in range(source.nrows)) > MAX_CELLS:
        raise Refusal("too-many-cells", found=source.nrows, limit=MAX_CELLS)
    kinds: dict[int, str] = {}
    era = 1462.0 if book.datemode else 0.0
    for row in range(source.nrows):
        cells: dict[int, Cell] = {}
        for column in range(source.row_len(row)):
            type = source.cell_type(row, column)
            if type in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                continue
            value = source.cell_value(row, column)
            if type == xlrd.XL_CELL_TEXT:
                if value:
                    cells[column + 1] = Cell(value)
            elif type == xlrd.XL_CELL_ERROR:
                cells[column + 1] = Cell(error_text_from_code.get(value, "#VALUE!"), ERROR)
            elif type == xlrd.XL_CELL_BOOLEAN:
                cells[column + 1] = Cell(bool(value))
            elif not -HUGE < value < HUGE:
                cells[column + 1] = Cell(shown(value))
            else:
                kind = _kind(book, source.cell_xf_index(row, column), kinds)
                cells[column + 1] = Cell(float(value) + (era if kind is DATE else 0.0), kind)
        if cells:
            sheet.rows[row + 1] = cells
    sheet.merges = [Range(top + 1, left + 1, bottom, right) for top, bottom, left, right in source.merged_cells]
    sheet.hidden_rows = frozenset(row + 1 for row, info in source.rowinfo_map.items() if info.hidden)
    return within_limits(sheet)


def _kind(book: Any, style: int, known: dict[int, str]) -> str:
    if style not in known:
        key = book.xf_list[style].format_key if style < len(book.xf_list) else 0
        format = book.format_map.get(key)
        known[style] = kind_of(key, format.format_str) if format is not None else GENERAL
    return known[style]
