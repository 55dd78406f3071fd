"""Drawing the month's workbook: colours, widths, drop-downs, protection and print set-up of every sheet.

The drawing is done by XlsxWriter: three times faster than openpyxl here, byte for byte repeatable, and a formula can carry its
value, so that readers which do not calculate still see the totals. What stands in the cells is decided in `template`.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from townboard.catalogue import Catalogue, Element
from townboard.periods import Period
from townboard.submission import Key
from townboard.template.looks import INVENTED, WIDE, WIDTHS, Pen
from townboard.template.plan import CARRIED, DERIVED, LOCKED, OPEN, TYPED, Planned, PlannedSheet

EPOCH = datetime(2022, 1, 1)
TITLE_ROW, WORDS_ROW, HEADER_ROW = 0, 1, 2
SUMS = {"total_income": ("operating_income", "subsidy_income", "other_income")}


def draw(
    out: io.BytesIO, sheets: tuple[PlannedSheet, ...], catalogue: Catalogue, unit: str, period: Period,
    filled: Mapping[Key, Any], meta: Mapping[str, str], invented: bool,
) -> None:  # fmt: skip
    """Write the planned sheets and the hidden `_meta` sheet into `out`; `filled` overrides what stands in a cell."""
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    whose = f"{catalogue.org_unit[unit].label.zh} {period.label.zh}"
    book.set_properties({"title": whose, "created": EPOCH, "comments": INVENTED if invented else ""})
    pen = Pen(book)
    for planned in sheets:
        page = book.add_worksheet(planned.data_set.sheet)
        if planned.data_set.rows == "unit":
            width = _vertical(page, planned, pen, filled)
        else:
            width = _rows(page, planned, pen, filled, catalogue.settings.goal_threshold)
        title = f"{whose} {planned.data_set.label.zh}" + (f"（{INVENTED}）" if invented else "")
        page.merge_range(TITLE_ROW, 0, TITLE_ROW, width - 1, title, pen.title)
        page.merge_range(WORDS_ROW, 0, WORDS_ROW, width - 1, _instruction(planned), pen.words)
        _page(page, planned, invented)
    page = book.add_worksheet("_meta")
    for row, (key, value) in enumerate(meta.items()):
        page.write_string(row, 0, key)
        page.write_string(row, 1, value)
    page.hide()
    book.close()


def _rows(page: Worksheet, planned: PlannedSheet, pen: Pen, filled: Mapping[Key, Any], threshold: float) -> int:
    """A sheet with one row a village, community or entry; returns its width in columns."""
    data_set, cells = planned.data_set, planned.rows[0].cells
    named = any(cell.element.code.endswith("_name") for cell in cells) or data_set.rows == "free"
    first = 0 if named else 1
    columns = {cell.element.code: first + number for number, cell in enumerate(cells)}
    if not named:
        page.write_string(HEADER_ROW, 0, data_set.row_names[0], pen.head(LOCKED))
        page.set_column(0, 0, WIDE["village_name"])
    shades = [_column_shade(planned, number) for number in range(len(cells))]
    for number, cell in enumerate(cells):
        page.write_string(HEADER_ROW, first + number, _heading(cell.element), pen.head(shades[number]))
        page.set_column(first + number, first + number, _width(cell.element))
    for index, row in enumerate(planned.rows):
        at = HEADER_ROW + 1 + index
        values = {cell.element.code: _value(cell, (data_set.code, row.org_unit, cell.element.code), filled) for cell in row.cells}
        if not named:
            page.write_string(at, 0, row.name, pen.cell(LOCKED, "name"))
        for number, cell in enumerate(row.cells):
            if cell.shade == DERIVED:
                _derived(page, at, first + number, cell.element, columns, values, threshold, pen)
            else:
                _put(page, at, first + number, cell, values[cell.element.code], pen)
    top, bottom = HEADER_ROW + 1, HEADER_ROW + len(planned.rows)
    for number, cell in enumerate(cells):
        if shades[number] in (TYPED, CARRIED, OPEN):
            _hints(page, top, first + number, bottom, first + number, cell.element)
    page.set_row(HEADER_ROW, 58)
    for at in range(top, bottom + 1):
        page.set_row(at, 21)
    name_at = next((columns[code] for code in ("village_name", "community_name") if code in columns), first - 1)
    page.freeze_panes(top, name_at + 1)
    return first + len(cells)


def _column_shade(planned: PlannedSheet, number: int) -> str:
    """A column is grey only while all of its cells are."""
    shades = [row.cells[number].shade for row in planned.rows]
    return next((shade for shade in shades if shade not in (LOCKED, DERIVED)), shades[0])


def _vertical(page: Worksheet, planned: PlannedSheet, pen: Pen, filled: Mapping[Key, Any]) -> int:
    """A sheet with one line an element: 指标 | 单位 | 上期 | 本期; returns 4."""
    row = planned.rows[0]
    for column, (heading, shade) in enumerate((("指标", LOCKED), ("单位", LOCKED), ("上期", LOCKED), ("本期", TYPED))):
        page.write_string(HEADER_ROW, column, heading, pen.head(shade))
    for number, cell in enumerate(row.cells):
        at, element = HEADER_ROW + 1 + number, cell.element
        page.write_string(at, 0, element.label.zh, pen.cell(LOCKED, "name"))
        page.write_string(at, 1, "" if element.unit in ("month", "date") else element.unit, pen.cell(LOCKED, "boolean"))
        before = None if element.accumulation in ("register", "baseline") else cell.previous
        _put(page, at, 2, Planned(element, LOCKED, before), before, pen, align="center")
        value = _value(cell, (planned.data_set.code, row.org_unit, element.code), filled)
        _put(page, at, 3, cell, value, pen, align="center")
        if cell.is_input:
            _hints(page, at, 3, at, 3, element)
        page.set_row(at, 22)
    page.set_row(HEADER_ROW, 26)
    for column, width in enumerate((34.0, 10.0, 18.0, 22.0)):
        page.set_column(column, column, width)
    page.freeze_panes(HEADER_ROW + 1, 1)
    return 4


def _value(cell: Planned, key: Key, filled: Mapping[Key, Any]) -> Any:
    return filled[key] if key in filled and cell.shade != DERIVED else cell.value


def _put(page: Worksheet, row: int, column: int, cell: Planned, value: Any, pen: Pen, *, align: str = "") -> None:
    """One value: a number as a number, a date as a date, yes and no as 是 and 否, words as words whatever they begin with."""
    kind = cell.element.type
    if value is None or value == "":
        page.write_blank(row, column, None, pen.cell(cell.shade, kind, align=align))
    elif isinstance(value, bool):
        page.write_string(row, column, "是" if value else "否", pen.cell(cell.shade, kind, align=align))
    elif isinstance(value, (int, float)):
        page.write_number(row, column, value, pen.cell(cell.shade, kind, align=align))
    elif isinstance(value, date):
        page.write_datetime(row, column, value, pen.cell(cell.shade, kind, align=align))
    else:
        words = str(value)
        page.write_string(row, column, words, pen.cell(cell.shade, kind, quoted=words[0] in "=+-@\t\r", align=align))


def _derived(
    page: Worksheet, row: int, column: int, element: Element, columns: Mapping[str, int], values: Mapping[str, Any],
    threshold: float, pen: Pen,
) -> None:  # fmt: skip
    """A total as a plain sum of its cells, and the goal as a comparison with it; both carry their value."""
    parts = SUMS["total_income"]
    known = [float(values[part]) for part in parts if isinstance(values.get(part), (int, float))]
    total = round(sum(known), 4) if len(known) == len(parts) else None
    at = [xl_rowcol_to_cell(row, columns[part]) for part in parts]
    if element.code in SUMS:
        page.write_formula(row, column, "=" + "+".join(at), pen.cell(DERIVED, "decimal"), total or 0)
        return
    whole = xl_rowcol_to_cell(row, columns["total_income"])
    formula = f'=IF(COUNT({at[0]}:{at[-1]})<{len(at)},"",IF({whole}>={threshold:g},"是","否"))'
    reached = "" if total is None else "是" if total >= threshold else "否"
    page.write_formula(row, column, formula, pen.cell(DERIVED, "boolean"), reached)


def _hints(page: Worksheet, top: int, left: int, bottom: int, right: int, element: Element) -> None:
    """Drop-downs for choices; for numbers and dates a hint beside the cell, never a hard stop: checking is done on upload."""
    title = element.label.zh[:32]
    if element.type in ("enum", "boolean"):
        words = [value.zh for value in element.values] if element.type == "enum" else ["是", "否"]
        page.data_validation(top, left, bottom, right, {
            "validate": "list", "source": words, "error_title": "请从选项中选", "error_message": "可选:" + "、".join(words),
        })  # fmt: skip
        return
    if element.is_number:
        words_of = {"year_to_date": "填本年1月至本月底的累计数", "since_start": "填2022年3月以来的累计数"}
        hint = words_of.get(element.accumulation, "填本月底的数") + (f",单位{element.unit}" if element.unit else "")
        kind = "decimal" if element.type == "decimal" else "integer"
        page.data_validation(top, left, bottom, right, {
            "validate": kind, "criteria": ">=", "value": 0, "show_error": False,
            "input_title": title, "input_message": hint + "。没有填0,不掌握留空。",
        })  # fmt: skip
    elif element.type == "date":
        page.data_validation(top, left, bottom, right, {
            "validate": "date", "criteria": ">=", "value": date(2021, 1, 1), "input_title": title,
            "input_message": "写成 2022-09-30 的样子;还没完成就留空。", "show_error": False,
        })  # fmt: skip


def _heading(element: Element) -> str:
    """`本年累计经营性收入（万元）`, the unit on a line of its own."""
    return f"{element.label.zh}\n（{element.unit}）" if element.unit not in ("", "month", "date") else element.label.zh


def _width(element: Element) -> float:
    return WIDE.get(element.code, WIDTHS[element.type])


def _instruction(planned: PlannedSheet) -> str:
    """The sheet's one line of instruction."""
    if planned.data_set.rows == "free":
        return "有就写,没有可以全空;每行一件事,类型、领域从下拉选项中选。"
    if planned.data_set.code == "cover":
        return "核对姓名和电话,有变化才改;审核人与填报的人不能是同一人。"
    money = "金额填万元," if any(element.unit == "万元" for element in planned.data_set.elements) else ""
    return f"白格每月填,黄格已带入上期数、有变化才改,灰格不用填;{money}累计数填到本月底。"


def _page(page: Worksheet, planned: PlannedSheet, invented: bool) -> None:
    """Protection without a password; A4 (lengthwise for vertical forms), one page wide, heading repeated; the cursor on work."""
    page.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True, "select_unlocked_cells": True})
    page.set_row(TITLE_ROW, 30)
    page.set_row(WORDS_ROW, 20)
    page.hide_gridlines(2)
    page.set_paper(9)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(TITLE_ROW, HEADER_ROW)
    page.set_footer("&L&A&C&P / &N" + (f"&R{INVENTED}" if invented else ""))
    if planned.data_set.rows != "unit":
        page.set_landscape()
    first_input = next((n for n, cell in enumerate(planned.rows[0].cells) if cell.shade == TYPED), 0)
    if planned.data_set.rows == "unit":
        page.set_selection(HEADER_ROW + 1 + first_input, 3, HEADER_ROW + 1 + first_input, 3)
    else:
        named = planned.data_set.rows == "free" or any(cell.element.code.endswith("_name") for cell in planned.rows[0].cells)
        column = xl_col_to_name(first_input if named else first_input + 1)
        page.set_selection(f"{column}{HEADER_ROW + 2}")
