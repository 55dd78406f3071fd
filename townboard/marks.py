"""Our own marks in a clerk's workbook: what tells them from the clerk's cells, and a workbook without them.

`annotate` writes them; a workbook that comes back with them is read as if they were not there. They are told by their words, which
survive another program's saving: the list sheet by its first cell, the column by its heading over cells that begin with a severity.
"""

from __future__ import annotations

from dataclasses import replace

from townboard.findings import SEVERITIES
from townboard.text import Text
from townboard.workbook.sheets import Book, Cell, Sheet

AUTHOR = "Townboard"
"""The author of our comments."""
HEADING = Text("错误说明", "What to fix")
"""Heads the column beside the rows."""
LIST_SHEET = Text("错误清单", "Findings")
LIST_TITLE = Text("错误清单(系统标注,重新上传时不读)", "Findings (added by Townboard, not read on upload)")
"""The first cell of the list sheet."""
OPENINGS = {severity: Text(f"【{words.zh}】", f"[{words.en}] ") for severity, words in SEVERITIES.items()}
"""What every line of ours begins with."""

_OPENINGS = tuple(part for words in OPENINGS.values() for part in words)
_HEADING_WITHIN = 30


def is_list(sheet: Sheet) -> bool:
    """Whether a sheet is our list of findings, whatever it is called now."""
    first = sheet.cell(1, 1)
    return first is not None and first.value in LIST_TITLE.forms


def column_of(sheet: Sheet) -> tuple[int, int] | None:
    """(heading's row, column) of our column in a sheet, None where it has none.

    A clerk's own column with the same heading is left to the clerk: below ours stand our own lines.
    """
    for row, cells in sheet.rows.items():
        if row > _HEADING_WITHIN:
            return None
        for column, cell in cells.items():
            if cell.value in HEADING and any(_is_ours(found.get(column)) for at, found in sheet.rows.items() if at > row):
                return row, column
    return None


def _is_ours(cell: Cell | None) -> bool:
    return cell is not None and isinstance(cell.value, str) and cell.value.startswith(_OPENINGS)


def unmarked(book: Book) -> Book:
    """The workbook without our list sheet and our columns; the very same where it has none."""
    ours = {id(sheet): found for sheet in book.sheets if (found := column_of(sheet)) is not None}
    if not ours and not any(is_list(sheet) for sheet in book.sheets):
        return book
    sheets = [
        sheet if id(sheet) not in ours else _without(sheet, *ours[id(sheet)]) for sheet in book.sheets if not is_list(sheet)
    ]
    return replace(book, sheets=sheets)


def _without(sheet: Sheet, heading: int, column: int) -> Sheet:
    rows = {}
    for row, cells in sheet.rows.items():
        kept = {at: cell for at, cell in cells.items() if at != column} if row >= heading else cells
        if kept:
            rows[row] = kept
    return replace(sheet, rows=rows)
