"""Formulas that were saved without their result: a plain SUM, or a + b - c, over cells that were read. Nothing else is evaluated."""

from __future__ import annotations

import re

from townboard.recognise.numerals import tidy_float
from townboard.workbook.sheets import DATE, ERROR, Cell, Sheet, range_of

_SUM = re.compile(r"SUM\(([A-Z$]+[\d$]+(?::[A-Z$]+[\d$]+)?(?:,[A-Z$]+[\d$]+(?::[A-Z$]+[\d$]+)?)*)\)\Z")
_PLUS = re.compile(r"[+-]?(?:\$?[A-Z]{1,3}\$?\d+|\d+(?:\.\d+)?)(?:[+-](?:\$?[A-Z]{1,3}\$?\d+|\d+(?:\.\d+)?))*\Z")
_PART = re.compile(r"([+-]?)(\$?[A-Z]{1,3}\$?\d+|\d+(?:\.\d+)?)")
_DEPTH = 8


def evaluate(sheet: Sheet | None, formula: str, depth: int = 0) -> float | None:
    """The value of a plain SUM over cells or of a + b - c, where every part is a number that was read; else None."""
    written = formula.replace(" ", "").upper()
    if sheet is None or depth > _DEPTH or not written:
        return None
    found = _SUM.match(written)
    if found:
        return _sum(sheet, found[1], depth)
    if not _PLUS.match(written):
        return None
    total = 0.0
    for sign, part in _PART.findall(written):
        number = float(part) if part[0].isdigit() else _at(sheet, part, depth)
        if number is None:
            return None
        total += -number if sign == "-" else number
    return tidy_float(total)


def _sum(sheet: Sheet, ranges: str, depth: int) -> float | None:
    total, numbers = 0.0, 0
    for name in ranges.split(","):
        area = range_of(name)
        for row, cells in sheet.rows.items():
            for column, cell in cells.items() if area.top <= row <= area.bottom else ():
                if not area.left <= column <= area.right or (isinstance(cell.value, str) and cell.kind != ERROR):
                    continue
                number = _of(sheet, cell, depth)
                if number is None:
                    return None
                total, numbers = total + number, numbers + 1
    return tidy_float(total) if numbers else None


def _at(sheet: Sheet, name: str, depth: int) -> float | None:
    area = range_of(name)
    cell = sheet.cell(area.top, area.left)
    return None if cell is None else _of(sheet, cell, depth)


def _of(sheet: Sheet, cell: Cell, depth: int) -> float | None:
    if cell.value is None:
        return evaluate(sheet, cell.formula or "", depth + 1)
    is_number = isinstance(cell.value, float) and cell.kind not in (ERROR, DATE)
    return float(cell.value) if is_number and not isinstance(cell.value, str) else None
