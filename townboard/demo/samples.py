"""Invented workbooks to try the app with, as clerks really send them: `data/samples`, made by `python -m townboard.demo.samples`.

They continue the demo: October 2022 of the two units whose reports are missing there. The free-form sheet has the shape of domain
§3.1; the second one holds five mistakes; the csv is written in GBK, as older office software does.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from townboard.demo.figures import World
from townboard.demo.villages import GOAL, Village
from townboard.loading import catalogue
from townboard.template.looks import INVENTED
from townboard.template.sheets import EPOCH

FOLDER = Path(__file__).resolve().parents[2] / "data" / "samples"
FREE_FORM, WITH_MISTAKES, GBK = (
    "清源镇_2022年10月_村集体经济.xlsx",
    "清源镇_2022年10月_五处问题.xlsx",
    "马峪乡_2022年10月_村集体经济_GBK.csv",
)
TOWN, TOWNSHIP = "140121100", "140121200"
MONTH = 10
FIRST_ROW = 7
"""The first village's row in the free-form sheet, as the clerk counts it."""


def free_form(*, mistakes: bool = False) -> bytes:
    """清源镇, October 2022: three rows of merged headings, a merged township name, total, note and signatures."""
    world = World(catalogue())
    names = {place.code: place.label.zh for place in catalogue().children(TOWN, "village")}
    rows = [_row(village, names[village.code]) for village in world.villages.by_unit[TOWN]]
    if mistakes:
        _spoil(rows, world.villages.by_unit[TOWN])
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": "村级集体经济收入情况统计表", "created": EPOCH, "comments": INVENTED})
    page = book.add_worksheet("村集体经济")
    plain = book.add_format({"border": 1, "align": "center", "valign": "vcenter", "font_name": "仿宋", "num_format": "0.00"})
    words = book.add_format({"border": 1, "align": "center", "valign": "vcenter", "font_name": "仿宋", "text_wrap": True})
    share = book.add_format({"border": 1, "align": "center", "font_name": "仿宋", "num_format": "0.00%"})
    _heading(book, page)
    last = FIRST_ROW + len(rows) - 1
    page.merge_range(FIRST_ROW - 1, 1, last - 1, 1, "清源镇", words)
    for number, row in enumerate(rows):
        _write(page, FIRST_ROW + number, number + 1, row, plain, words, share)
    _footer(book, page, last, rows)
    book.close()
    return out.getvalue()


def _row(village: Village, name: str) -> dict[str, Any]:
    """What stands in one village's row; zero is written 无 where nothing came in."""
    at = MONTH - 1
    operating, subsidy, other, total = village.operating[at], village.subsidy[at], village.other[at], village.total(MONTH)
    rented = round(operating * 0.7, 2)
    return {
        "C": name, "D": village.last[0], "E": total, "F": operating, "G": rented, "H": round(operating - rented, 2),
        "I": subsidy or "无", "J": other or "无", "K": "是 √" if total >= GOAL else "否",
        "L": round((total - village.last[0]) / village.last[0], 4), "M": None,
    }  # fmt: skip


def _spoil(rows: list[dict[str, Any]], villages: tuple[Village, ...]) -> None:
    """Five mistakes: 元 for 万元, words for a number, a wrong character in a name, one month for the year, a village twice."""
    rows[1] |= {"F": round(rows[1]["F"] * 10_000), "G": None, "H": None}
    rows[2]["I"] = "见附表"
    rows[-1]["C"] = "紫家寨村"
    month = round(villages[4].operating[MONTH - 1] - villages[4].operating[MONTH - 2], 2)
    rows[4] |= {"F": month, "G": None, "H": None}
    rows.insert(10, rows[9] | {"F": round(rows[9]["F"] + 0.5, 2), "G": None, "H": None})
    for row in (rows[1], rows[2], rows[4], rows[10]):
        row |= {"E": None, "L": None}


def _heading(book: xlsxwriter.Workbook, page: Worksheet) -> None:
    small = book.add_format({"font_name": "黑体", "font_size": 12})
    title = book.add_format({"font_name": "方正小标宋简体", "font_size": 22, "align": "center", "valign": "vcenter"})
    head = book.add_format({"font_name": "黑体", "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True})
    page.write_string("A1", f"附件2（{INVENTED}）", small)
    page.merge_range("A2:M2", "全县村级集体经济收入情况统计表（10月）", title)
    page.write_string("A3", "填报单位（盖章）：清源镇人民政府", small)
    page.write_string("G3", "填报时间：2022年10月31日", small)
    page.write_string("K3", "单位：万元、个、%", small)
    merged = {
        "A4:A6": "序号", "B4:B6": "乡镇", "C4:C6": "村名", "D5:D6": "总收入", "E4:J4": "2022年累计收入（截至目前）", "E5:E6": "合计",
        "F5:H5": "经营性收入", "I5:I6": "补助", "J5:J6": "其他", "K4:K6": "是否达30万元", "L4:L6": "增幅（%）", "M4:M6": "备注",
    }  # fmt: skip
    for place, words in merged.items():
        page.merge_range(place, words, head)
    for place, words in {"D4": "2021年", "F6": "小计", "G6": "发包", "H6": "经营"}.items():
        page.write_string(place, words, head)
    page.set_row(1, 34)
    for column, width in {"A:A": 5, "B:B": 9, "C:C": 13, "D:J": 11, "K:L": 10, "M:M": 14}.items():
        page.set_column(column, width)
    page.freeze_panes(6, 3)
    page.set_landscape()
    page.set_paper(8)


def _write(page: Worksheet, at: int, number: int, row: Mapping[str, Any], plain: Format, words: Format, share: Format) -> None:
    page.write_number(f"A{at}", number, words)
    for column, value in row.items():
        place = f"{column}{at}"
        if value is None:
            page.write_blank(place, None, words)
        elif column == "E":
            page.write_formula(place, f"=SUM(F{at},I{at},J{at})", plain, value)
        elif isinstance(value, str):
            page.write_string(place, value, words)
        else:
            page.write_number(place, value, share if column == "L" else plain)


def _footer(book: xlsxwriter.Workbook, page: Worksheet, last: int, rows: list[dict[str, Any]]) -> None:
    bold = book.add_format({"bold": True, "border": 1, "align": "center", "font_name": "仿宋", "num_format": "0.00"})
    note = book.add_format({"font_name": "仿宋", "font_size": 11})
    at = last + 1
    page.merge_range(f"A{at}:B{at}", "合  计", bold)
    page.write_string(f"C{at}", f"{len(rows)}个村", bold)
    for column in "DEFGHIJ":
        total = round(sum(row[column] for row in rows if isinstance(row[column], (int, float))), 2)
        page.write_formula(f"{column}{at}", f"=SUM({column}{FIRST_ROW}:{column}{last})", bold, total)
    for column in "KLM":
        page.write_blank(f"{column}{at}", None, bold)
    page.write_string(f"A{at + 1}", f"注：1.{INVENTED}；2.经营性收入包括发包及上交收入、经营收入；3.数据截至10月底。", note)
    page.write_string(
        f"A{at + 2}",
        "主要领导（签字）：赵示例      分管领导：      填表人：王示例      审核人：李示例      联系电话：0351-0000000",
        note,
    )


def gbk_csv() -> bytes:
    """马峪乡, October 2022, as a csv in GBK with a title line."""
    world = World(catalogue())
    names = {place.code: place.label.zh for place in catalogue().children(TOWNSHIP, "village")}
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow([f"马峪乡2022年10月村集体经济收入统计表（{INVENTED}）"])
    lines.writerow(["序号", "村名", "上年总收入（万元）", "经营性收入（万元）", "补助收入（万元）", "其他收入（万元）", "备注"])
    at = MONTH - 1
    for number, village in enumerate(world.villages.by_unit[TOWNSHIP], 1):
        lines.writerow(
            [number, names[village.code], village.last[0], village.operating[at], village.subsidy[at], village.other[at], ""]
        )
    return out.getvalue().encode("gb18030")


def write(folder: Path = FOLDER) -> list[Path]:
    """Write all samples into a folder; gives their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {FREE_FORM: free_form(), WITH_MISTAKES: free_form(mistakes=True), GBK: gbk_csv()}
    for name, data in made.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in made]


if __name__ == "__main__":
    for path in write():
        print(path)
