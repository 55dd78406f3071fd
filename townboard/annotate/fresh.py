"""A plain .xlsx made from the cells of a .xls or .csv, at the same addresses: values, merges, number formats as far as they were read."""

from __future__ import annotations

import io
from datetime import datetime

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from townboard.annotate.package import HEAD, USUAL, Package, sheet_name
from townboard.annotate.styles import Styles
from townboard.workbook.sheets import DATE, ERROR, GENERAL, PERCENT, Book, Cell, Sheet

_FORMATS = {GENERAL: "General", PERCENT: "0.00%", DATE: "yyyy-mm-dd"}
_EPOCH = datetime(2022, 1, 1)
_WIDTH = 13.0


def written(book: Book) -> tuple[bytes, dict[str, str]]:
    """The workbook, and sheet in `book` → sheet in it (a csv file's name may be no name for a sheet)."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    made.set_properties({"created": _EPOCH})
    formats = {kind: made.add_format({"num_format": code}) for kind, code in _FORMATS.items()}
    names: dict[str, str] = {}
    for sheet in book.sheets:
        names[sheet.name] = sheet_name(sheet.name, list(names.values()))
        page = made.add_worksheet(names[sheet.name])
        if sheet.hidden:
            page.hide()
        _fill(page, sheet, formats)
    made.close()
    return out.getvalue(), names


def _fill(page: Worksheet, sheet: Sheet, formats: dict[str, object]) -> None:
    for merged in sheet.merges:
        if (merged.top, merged.left) != (merged.bottom, merged.right):
            page.merge_range(merged.top - 1, merged.left - 1, merged.bottom - 1, merged.right - 1, "")
    widest = 1
    for row, cells in sheet.rows.items():
        for column, cell in cells.items():
            _put(page, row - 1, column - 1, cell, formats)
            widest = max(widest, column)
    for row in sheet.hidden_rows:
        page.set_row(row - 1, None, None, {"hidden": True})
    page.set_column(0, widest - 1, _WIDTH)


def _put(page: Worksheet, row: int, column: int, cell: Cell, formats: dict[str, object]) -> None:
    format = formats[cell.kind if cell.kind in _FORMATS else GENERAL]
    value = cell.value
    if cell.kind is ERROR:
        page.write_formula(row, column, f"={value}", format, str(value))
    elif isinstance(value, bool):
        page.write_boolean(row, column, value, format)
    elif isinstance(value, float):
        page.write_number(row, column, value, format)
    elif value:
        page.write_string(row, column, value, format)


_STYLES = (
    '<fonts count="1"><font><sz val="11"/><name val="等线"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
)


def bare_styles() -> Styles:
    """A style sheet for a package that has none."""
    return Styles(f'{HEAD}<styleSheet xmlns="{USUAL}/spreadsheetml/2006/main">{_STYLES}</styleSheet>'.encode())


def add_styles(package: Package) -> str:
    """Give a package a part for its style sheet; its name."""
    part = f"{package.folder}/styles.xml"
    package.declare(part, "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml")
    package.relate(package.main, "styles", part)
    return part
