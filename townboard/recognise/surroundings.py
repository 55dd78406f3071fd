"""What stands around a table: title, unit line, totals, notes and signatures. It is read for what it says, never as data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise, zip_longest
from typing import NamedTuple

from townboard.catalogue import Catalogue
from townboard.periods import Period
from townboard.recognise.headers import Words, key, plain
from townboard.workbook.sheets import Cell, Sheet, raw_text

_TOTAL = re.compile(r".{0,12}?(?:合计|小计|总计|共计|平均值?|平均数|均值|汇总)(?:数|行)?[::]?(?:\(.*\)|[\d.]+个?.*)?\Z")
_EXAMPLE = re.compile(r"\(?(?:填写|填报)?(?:示例|样例|举例|范例|例[::]|例如|\(例\))")
_NOTE = re.compile(r"[※*★]*(?:注|备注|说明|填表说明|填报说明|附注|指标解释|指标说明)(?:\d{0,2}[::.、]|\d|意|\Z)")
_SIGNATURE = re.compile(
    r"(?:填表人|填报人|制表人|经办人|审核人|复核人|审核|主要领导|主要负责人|单位负责人|负责人|分管领导|联系电话|联系人|电话|党委书记|党工委书记|"
    r"单位领导|统计负责人|签字|签名|盖章|填表日期|填报日期|填报时间|制表日期|制表|报出日期)(?:签字|签名|\(|[::]|\Z)"
)
_SIGNED = re.compile(r"\s*(?:\((?:签字|签名|盖章|签章|公章)\)|签字|签名|签章)?\s*[::]")
_WIDE_BLANK, _DATE_BEHIND = re.compile(r"\s{2,}"), re.compile(r"\s*20\d\d[年.-]")
_BLANK_LINE = re.compile(r"[\s_＿]+|—{2,}|-{2,}")
_DAYS = re.compile(
    r"(?:20\d\d年)?\d{1,2}月\d{1,2}[日号]|20\d\d[-./]\d{1,2}[-./]\d{1,2}|(?:填报|填表|制表|报出|上报|更新)(?:时间|日期)[::]?[\d年月日./-]*"
)
_MONTHS = (
    re.compile(r"(20\d\d)年度?(?:0?1月?[-–—~至到])?(\d{1,2})月"),
    re.compile(r"(?<!\d)(20\d\d)[./-](\d{1,2})(?![\d./-])"),
    re.compile(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])(?!\d)"),
)
_MONTH = re.compile(r"(?<![\d个])(\d{1,2})月(?!\d)")
_QUARTER = re.compile(r"(?:(20\d\d)年)?第?([一二三四1-4])季度")
_UNIT_LINE = re.compile(r"(?:填报|报送|上报|编报|汇总)单位|单位名称")
_CORNER = re.compile(r"单位[::]?\(?(亿元|千元|元)(?![\w])")
TOTAL_RANK = {"合计": 3, "总计": 3, "共计": 3, "汇总": 2, "小计": 1}


@lru_cache(maxsize=8192)
def is_total(text: str) -> bool:
    """合计, 小 计, 清源镇合计, 平均."""
    return len(text) < 40 and _TOTAL.match(plain(text)) is not None


def total_rank(text: str) -> int:
    """How much a total row counts: 合计 before 小计; 0 for an average."""
    bare = plain(text)
    return max((rank for word, rank in TOTAL_RANK.items() if word in bare), default=0)


@lru_cache(maxsize=8192)
def is_example(text: str) -> bool:
    """A row that shows how to fill in: 示例, (例)."""
    return _EXAMPLE.match(plain(text)) is not None


@lru_cache(maxsize=8192)
def is_footer(text: str) -> bool:
    """A note or a line of signatures: reading stops there."""
    bare = plain(text)
    return _NOTE.match(bare) is not None or _SIGNATURE.match(bare) is not None


def is_numbering(cells: Mapping[int, Cell]) -> bool:
    """A row that numbers the columns: 甲 乙 1 2 3, 栏次."""
    texts = [plain(raw_text(cell)).strip("()") for cell in cells.values()]
    words = [text for text in texts if not text.isdigit()]
    numbers = [int(text) for text in texts if text.isdigit()]
    if not all(word in "甲乙丙丁戊己庚辛" or word in ("栏次", "栏目", "序号", "栏") for word in words):
        return False
    return len(numbers) >= 2 and all(after - before == 1 for before, after in pairwise(numbers))


def title_texts(sheet: Sheet, before: int) -> list[tuple[int, int, str]]:
    """(row, column, text) of what stands above a table that begins at row `before`."""
    return [
        (row, column, raw_text(cell).strip())
        for row, cells in sheet.rows.items()
        if row < before
        for column, cell in sorted(cells.items())
    ]


def corner_unit(texts: Iterable[tuple[int, int, str]]) -> str:
    """The unit of money in the corner, where it is 元, 千元 or 亿元 and not 万元."""
    for _, _, text in texts:
        bare = plain(text)
        found = _CORNER.search(bare)
        if found and "万元" not in bare:
            return found[1]
    return ""


def said_month(text: str, period: Period) -> Period | None:
    """The reporting month that a text names; days (填报时间:2022年10月25日) are no reporting months. A bare month is of this year."""
    bare = _DAYS.sub("", plain(text))
    for pattern in _MONTHS:
        found = pattern.search(bare)
        if found and 1 <= int(found[2]) <= 12:
            return Period(int(found[1]), int(found[2]))
    found = _QUARTER.search(bare)
    if found:
        quarter = int(found[2]) if found[2].isdigit() else "一二三四".index(found[2]) + 1
        return Period(int(found[1] or period.year), quarter * 3)
    months = [int(month) for month in _MONTH.findall(bare) if 1 <= int(month) <= 12]
    if not months:
        return None
    year = period.year - 1 if months[-1] == 12 and period.month <= 2 else period.year
    return Period(year, months[-1])


class FloatMonth(NamedTuple):
    """A month stored as a number: 2022.1 may be January or a typed 2022.10."""

    period: Period
    certain: bool


def month_of_number(number: float, period: Period) -> FloatMonth | None:
    """The month in 2022.9, 202209 or a serial day; 2022.1 is October where October is reported."""
    if number.is_integer():
        month = int(number) % 100
        return FloatMonth(Period(int(number) // 100, month), True) if 202_000 < number < 203_100 and 1 <= month <= 12 else None
    if not 2020 < number < 2032:
        return None
    year, digits = f"{number:.10g}".split(".")
    if not 1 <= int(digits) <= 12 or len(digits) > 2:
        return None
    if digits == "1" and period == Period(int(year), 10):
        return FloatMonth(period, False)
    return FloatMonth(Period(int(year), int(digits)), True)


def named_unit(text: str, catalogue: Catalogue, county: str) -> str:
    """The reporting unit of the county that a text names, "" if none or several."""
    bare = plain(text)
    found = {unit.code: unit.label.zh for unit in catalogue.units(county) if unit.label.zh in bare}
    longest = [code for code, label in found.items() if not any(label != other and label in other for other in found.values())]
    return longest[0] if len(longest) == 1 else ""


def said_unit(texts: Iterable[tuple[int, int, str]], catalogue: Catalogue, county: str) -> str:
    """The unit named in the unit line (填报单位:清源镇人民政府), else in the title."""
    lines = [text for _, _, text in texts]
    for number, text in enumerate(lines):
        if _UNIT_LINE.search(plain(text)):
            beside = lines[number + 1] if number + 1 < len(lines) else ""
            found = named_unit(text, catalogue, county) or named_unit(beside, catalogue, county)
            if found:
                return found
    return next((found for text in lines if (found := named_unit(text, catalogue, county))), "")


class Signed(NamedTuple):
    """One entry of a signature line: 填表人:张三."""

    element: str
    rank: int
    value: str
    column: int


def signatures(cells: Mapping[int, Cell], cover: Words) -> list[Signed]:
    """Who signed, from one row of a footer; blanks are left out. The name stands behind the colon or in the next cell."""
    labels = [word for word in cover.elements if word not in ("审核", "填表", "负责人", "手机", "单位名称", "月份")]
    pattern = _label_pattern(tuple(labels))
    found: list[Signed] = []
    columns = sorted(cells)
    for at, column in enumerate(columns):
        text = unicodedata.normalize("NFKC", raw_text(cells[column]))
        marks = list(pattern.finditer(text))
        for mark, after in zip_longest(marks, marks[1:]):
            colon = _SIGNED.match(text, mark.end())
            if colon is None:
                continue
            value = _name(text[colon.end() : after.start() if after else len(text)])
            if not value and after is None and at + 1 < len(columns):
                beside = raw_text(cells[columns[at + 1]]).strip()
                value = _name(beside) if not pattern.search(plain(beside)) and not is_footer(beside) else ""
            element = cover.elements.get(key(mark[0]))
            if value and element is not None and element[0].type == "text":
                found.append(Signed(element[0].code, element[1], value, column))
    return found


def _name(text: str) -> str:
    """What was written on a signature line: 张三, 0351-5722222; without underscores, a date behind it, or blanks inside a name."""
    written = _BLANK_LINE.sub(" ", _WIDE_BLANK.split(text.replace("_", " ").strip())[0]).strip(" ;,。、")
    if written[:1].isdigit():
        return written
    written = _DATE_BEHIND.split(written)[0].strip()
    return written.replace(" ", "") if len(written) < 8 else written


@lru_cache(maxsize=16)
def _label_pattern(labels: tuple[str, ...]) -> re.Pattern[str]:
    more = ("填报时间", "填表日期", "填报日期", "报出日期", "单位盖章", "日期", "统计负责人", "联系人")
    return re.compile("|".join(map(re.escape, sorted({*labels, *more}, key=len, reverse=True))))
