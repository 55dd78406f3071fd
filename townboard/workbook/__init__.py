"""Reading: admitted bytes become sheets of cells with addresses. Each format has a reader of its own beside this module."""

from __future__ import annotations

from townboard.guard import Admitted
from townboard.text import printable
from townboard.workbook.csv_text import read_csv
from townboard.workbook.sheets import Book, Cell, Range, Sheet
from townboard.workbook.xls import read_xls
from townboard.workbook.xlsx import META, read_xlsx

__all__ = ["META", "Book", "Cell", "Range", "Sheet", "read"]


def read(admitted: Admitted) -> Book:
    """The workbook's sheets, their words printable; raises Refusal (damaged, encrypted, too-many-cells) where it cannot be read."""
    if admitted.format == "xls":
        sheets = read_xls(admitted)
    elif admitted.format == "csv":
        sheets = read_csv(admitted)
    else:
        sheets = read_xlsx(admitted)
    for cells in (cells for sheet in sheets for cells in sheet.rows.values()):
        for column, cell in cells.items():
            if isinstance(cell.value, str) and (words := printable(cell.value)) != cell.value:
                cells[column] = cell._replace(value=words)
    return Book(printable(admitted.name), admitted.sha256, sheets, admitted.macros)
