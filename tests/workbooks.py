"""Workbooks for tests, built by code: what townships really send. Every builder gives the bytes of a file."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import xlwt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from townboard.catalogue import Catalogue, Element, OrgUnit
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.text import same

Grid = Sequence[Sequence[Any]]
OCTOBER = Period(2022, 10)
QINGYUAN = "140121100"


def saved(book: Workbook) -> bytes:
    """The bytes of an openpyxl workbook."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xlsx(
    sheets: dict[str, Grid], *, merges: dict[str, Iterable[str]] | None = None, hidden: Iterable[str] = (),
    hidden_rows: dict[str, Iterable[int]] | None = None, formats: dict[str, dict[str, str]] | None = None,
) -> bytes:  # fmt: skip
    """An .xlsx of named grids; None leaves a cell blank. `formats`: sheet → cell → number format."""
    book = Workbook()
    book.remove(book.active)
    for name, grid in sheets.items():
        sheet = book.create_sheet(name)
        for row, values in enumerate(grid, 1):
            for column, value in enumerate(values, 1):
                if value is not None:
                    sheet.cell(row, column, value)
        for merged in (merges or {}).get(name, ()):
            sheet.merge_cells(merged)
        for row in (hidden_rows or {}).get(name, ()):
            sheet.row_dimensions[row].hidden = True
        for cell, format in (formats or {}).get(name, {}).items():
            sheet[cell].number_format = format
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    return saved(book)


def xls(sheets: dict[str, Grid], *, merges: dict[str, Iterable[tuple[int, int, int, int]]] | None = None,
        hidden_rows: dict[str, Iterable[int]] | None = None) -> bytes:  # fmt: skip
    """An .xls (BIFF8). `merges`: sheet → (first row, last row, first column, last column), from 1."""
    book = xlwt.Workbook(encoding="utf-8")
    for name, grid in sheets.items():
        sheet = book.add_sheet(name, cell_overwrite_ok=True)
        for row, values in enumerate(grid):
            for column, value in enumerate(values):
                if value is not None:
                    sheet.write(row, column, value)
        for top, bottom, left, right in (merges or {}).get(name, ()):
            sheet.merge(top - 1, bottom - 1, left - 1, right - 1)
        for row in (hidden_rows or {}).get(name, ()):
            sheet.row(row - 1).hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


FREE_FORM: Grid = (
    ("附件2",),
    ("全县村级集体经济收入情况统计表（10月）",),
    ("填报单位（盖章）：清源镇人民政府", None, None, None, None, "填报时间：2022年10月25日", None, None, None, "单位：万元、个、%"),
    ("序号", "乡镇", "村名", "2021年", "2022年累计收入（截至目前）", None, None, None, None, None, "是否达\n30万元", "增幅\n(%)", "备注"),
    (None, None, None, "总收入", "合计", "经营性收入", None, None, "补助", "其他"),
    (None, None, None, None, None, "小计", "发包", "经营"),
    (1, "清源镇", "六合村", 28.6, 31.2, 26, 20, 6, 5.2, "—", "是 √", 0.0909),
    (2, None, "大北", "12 万", 9.6, 9.6, "/", None, "无", None, "否", -0.2, "含土地补偿"),
    (3, None, "小北村委会", 20, 22, 18, 10, 8, 3, 1, "否", 0.1),
    ("小计", None, "18个村", "=SUM(D7:D9)", 62.8, 53.6),
    ("合计", None, None, 60.6, 62.8, 53.6),
    ("注：1.经营性收入包括发包、经营等收入；2.数据截至10月20日。",),
    ("主要领导（签字）：      分管领导：      填表人：张三      审核人：李四      联系电话：0351-57xxxxx",),
)  # fmt: skip
"""The sheet of the domain notes §3.1: attachment line, title, unit line, three header levels, totals, note, signatures."""

FREE_FORM_MERGES = (
    "A2:M2", "A4:A6", "B4:B6", "C4:C6", "D5:D6", "E4:J4", "E5:E6", "F5:H5", "I5:I6", "J5:J6", "K4:K6", "L4:L6", "M4:M6",
    "B7:B9", "A12:M12", "A13:M13",
)  # fmt: skip


def free_form(name: str = "Sheet1", grid: Grid = FREE_FORM, **more: Any) -> bytes:
    """The ordinary free-form workbook, with a hidden sheet of lists and a page of instructions beside it."""
    sheets: dict[str, Grid] = {name: grid, "填表说明": (("填表说明",), ("1.村名、经营性收入、补助收入请据实填写",)),
                               "数据字典": (("是",), ("否",))}  # fmt: skip
    formats = {name: {f"L{row}": "0.00%" for row in range(7, 10)}}
    return xlsx(sheets, merges={name: FREE_FORM_MERGES}, hidden=("数据字典",), formats=formats, **more)


WHOLES = {
    "annual_target": 30.0, "last_year_total_income": 90.0, "last_year_operating_income": 70.0, "expected_income": 190.0,
    "operating_income": 60.0, "contracts_checked": 90, "problem_contracts": 60, "contracts_rectified": 40, "contracts_online": 50,
    "debt_locked": 90.0, "debt_resolved": 40.0, "debt_new": 0, "fees_due": 60.0, "resource_area_found": 70.0,
    "resource_area_charged": 30.0, "compounds": 40, "unserviced_compounds": 20, "grids": 20, "grid_workers": 20,
    "grid_events_reported": 90, "matters_assigned": 40, "staff_quota": 30, "staff_on_post": 25, "cases_simple": 20, "cases_general": 20,
    "orders_received": 90, "alerts_raised": 20, "villages_online": 9, "villages_disclosing": 9,
}  # fmt: skip
"""Elements that others are parts of, and how big they are, so that an ordinary workbook has nothing wrong in it."""


def element_of(code: str) -> Element:
    """An element of the village economy form."""
    return catalogue().data_set["village_economy"].by_code[code]


def plausible(element: Element, number: int) -> Any:
    """A value that fits beside the others of its row."""
    whole = WHOLES.get(element.code, 30 if element.code.endswith("_due") else 10)
    if element.code == "total_income":
        return round(
            sum(plausible(element_of(part), number) for part in ("operating_income", "subsidy_income", "other_income")), 2
        )
    if element.code in ("debt_new", "annual_target", "closing_requested", "goal_reached") or element.code.startswith(
        ("debt_written", "resolved_by", "land_")
    ):
        return WHOLES.get(element.code)
    return round(whole + number * 0.37, 2) if element.type == "decimal" else whole


@cache
def thirty_villages() -> Catalogue:
    """The catalogue with 清源镇 grown to thirty villages and thirty communities: the size of the benchmarks."""
    units = list(catalogue().org_units)
    for level, word in (("village", "村"), ("community", "社区")):
        missing = 30 - len(catalogue().children(QINGYUAN, level))
        units += [
            OrgUnit(
                f"{QINGYUAN}9{level[0]}{number:02d}",
                QINGYUAN,
                level,
                level,
                same(f"新{number}号{word}"),
                f"新{number}号{word}委会",
                9000 + number,
            )
            for number in range(missing)
        ]
    return dataclasses.replace(catalogue(), org_units=tuple(units))


def ordinary() -> bytes:
    """One ordinary workbook of five sheets with merged titles and headers, about thirty rows each: what the benchmarks read."""
    book = Workbook()
    book.remove(book.active)
    villages = [unit.label.zh for unit in thirty_villages().children(QINGYUAN, "village")]
    communities = [unit.label.zh for unit in thirty_villages().children(QINGYUAN, "community")]
    forms = (
        ("village_economy", villages), ("clean_collect", villages), ("community_coverage", communities),
        ("law_enforcement", None), ("assets_platform", None),
    )  # fmt: skip
    for code, places in forms:
        data_set = catalogue().data_set[code]
        sheet = book.create_sheet(data_set.sheet)
        sheet["A1"] = f"清源镇{data_set.label.zh}情况统计表(2022年10月)"
        sheet["A1"].font = Font(bold=True, size=18)
        sheet["A2"] = "填报单位:清源镇人民政府"
        if places is None:
            for column, word in enumerate(("序号", "指标", "单位", "数量", "备注"), 1):
                sheet.cell(3, column, word)
            for number, element in enumerate(data_set.elements, 1):
                value = "2022-03-01" if element.type == "date" else plausible(element, number)
                for column, word in enumerate((number, element.label.zh, element.unit, value), 1):
                    sheet.cell(3 + number, column, word)
            continue
        asked = [element for element in data_set.asked(OCTOBER) if element.type not in ("code", "enum")]
        heads = ["序号", *(f"{element.label.zh}({element.unit})" if element.unit else element.label.zh for element in asked)]
        if not asked[0].code.endswith("_name"):
            heads.insert(1, "村名")
            asked.insert(0, catalogue().data_set["village_economy"].by_code["village_name"])
        for column, head in enumerate(heads, 1):
            sheet.cell(3, column, head).alignment = Alignment(wrap_text=True)
            sheet.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)
        sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(heads))
        for number, place in enumerate(places, 1):
            sheet.cell(4 + number, 1, number)
            for column, element in enumerate(asked, 2):
                value: Any = plausible(element, number)
                if element.code.endswith("_name"):
                    value = place
                elif element.type == "boolean" and element.fill == "carried":
                    value = "是"
                elif element.type == "text":
                    value = None
                sheet.cell(4 + number, column, value)
    return saved(book)
