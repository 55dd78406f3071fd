"""From a cell to a data value: what the clerk's writing means for one element, as far as that is unambiguous.

Blank, —, / and 暂无 are missing, 无 and 0 are zero, 不涉及 is not applicable. What a person must decide comes back with the id of
the finding and a suggestion; nothing is guessed (domain notes §3.2, patterns 6–10, 13, 24, 25, 28).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from townboard.catalogue import Element
from townboard.periods import Period
from townboard.recognise.headers import listed, plain
from townboard.recognise.numerals import MONTH_ONLY, read_day_number, read_day_text, read_number, tidy_float
from townboard.recognise.sums import evaluate
from townboard.submission import MISSING, NOT_APPLICABLE, REPORTED, Stored
from townboard.text import Text
from townboard.workbook.sheets import DATE, ERROR, HUGE, PERCENT, Cell, Sheet

NOTHING_WORDS = listed("暂无 暂缺 未开展 未统计 未报 待定 待统计 待核实 空 空白 n/a na null none 暂未统计") | {""}
_NOTHING_MARKS = re.compile(r"[-—–―_/\\、.…~·*]*\Z")
NOT_APPLICABLE_WORDS = frozenset({"不涉及", "不适用", "无此项", "无此项工作", "无此项业务"})
ZERO_WORDS = frozenset({"无", "没有", "零", "〇", "未发生"})
_YES = listed("是 有 1 y yes true √ ✓ ✔ ☑ 对 已 达标 已达标 已归档 同意 v 是√ √是 是✓ ☑是 是☑ 是✔")
_NO = listed("否 无 0 n no false × ✗ ✘ ☒ x 未 没有 不是 未达标 不达标 未归档 错 否× ×否 ☑否 否☑ 否√ √否")
_EMPTY_BOX_BEFORE, _EMPTY_BOX_BEHIND = re.compile(r"[□☐○][是否有无]"), re.compile(r"[是否有无][□☐○]")
_NOT_YET = listed("无 否 × 未 没有 未完成 未建立 未开展 未达到 未挂牌 未到位 正在推进 推进中 进行中")
_LISTED = re.compile(r"^[(\[]?[\d一二三四五六七八九]{1,2}[)\].、]")


class Parsed(NamedTuple):
    """What a cell says. `finding` is the id of what is wrong or was tidied ("" if nothing); `expected` fills its sentence."""

    value: Stored = None
    status: str = MISSING
    steps: tuple[str, ...] = ()
    finding: str = ""
    suggestion: Stored = None
    expected: Text | None = None


ABSENT = Parsed()
STEP_WORDS = {
    "full-width or blanks": Text("全角字符或空格", "full-width characters or blanks"),
    "blanks": Text("数字中间有空格", "blanks inside the number"),
    "thousands": Text("千分位逗号", "thousands separator"),
    "Chinese numeral": Text("中文数字", "Chinese numeral"),
    "yes/no mark": Text("是否标记", "yes/no mark"),
    "date": Text("日期写法", "date writing"),
    "formula evaluated": Text("按公式求和", "sum evaluated"),
    "choice": Text("选项写法", "writing of the choice"),
    MONTH_ONLY: Text("只有月份,记为当月最后一天", "a month alone, taken as its last day"),
    "year added": Text("没有年份,按报告期补上", "no year, the report's year was added"),
    "predecessor added": Text("加上了并入的原村的数", "the former village's value was added"),
    "percent format": Text("百分比格式", "percent format"),
}
_A_DATE = Text("应写成 2022-09-30 这样的日期", "expected a date written like 2022-09-30")


def step_words(step: str) -> Text:
    """A step in both languages."""
    if step.startswith("unit "):
        return Text(f"单位“{step[5:]}”已换算", f"unit “{step[5:]}” converted")
    return STEP_WORDS.get(step, Text(step, step))


def parse(cell: Cell | None, element: Element, period: Period, sheet: Sheet | None = None, scale: float = 1.0) -> Parsed:
    """What `cell` says for `element`. `scale` turns money of a column headed 元 into 万元; `sheet` lets plain sums be evaluated."""
    if cell is None:
        return ABSENT
    steps: tuple[str, ...] = ()
    if cell.value is None:
        total = evaluate(sheet, cell.formula or "") if sheet is not None else None
        if total is None:
            return Parsed(finding="formula-without-value")
        cell, steps = Cell(total, cell.kind), ("formula evaluated",)
    if cell.kind == ERROR:
        return Parsed(finding="error-cell")
    kind = element.type
    if kind in ("decimal", "integer"):
        return _number(cell, element, steps, scale)
    if kind == "boolean":
        return _boolean(cell)
    if kind == "enum":
        return _enum(cell, element)
    return _date(cell, period) if kind == "date" else _text(cell)


def is_nothing(text: str) -> bool:
    """Whether a text stands for “not reported”: blank, —, /, 暂无."""
    bare = plain(text)
    return _NOTHING_MARKS.match(bare) is not None or bare.lower() in NOTHING_WORDS


def _number(cell: Cell, element: Element, steps: tuple[str, ...], scale: float) -> Parsed:
    value = cell.value
    if isinstance(value, bool) or cell.kind == DATE:
        return Parsed(finding="not-a-number")
    if isinstance(value, float):
        if cell.kind == PERCENT:
            if element.unit == "%":
                return Parsed(_sized(tidy_float(value * 100), element), REPORTED, ("percent format",))
            return Parsed(_sized(value, element), REPORTED, steps, "ambiguous-number", _sized(value, element))
        if element.unit == "%" and 0 < value <= 1:
            return _share(value, element)
        return Parsed(_sized(tidy_float(value * scale) if scale != 1.0 else value, element), REPORTED, steps)
    assert isinstance(value, str)
    if is_nothing(value):
        return ABSENT
    bare = plain(value)
    if bare in NOT_APPLICABLE_WORDS:
        return Parsed(status=NOT_APPLICABLE)
    if bare in ZERO_WORDS:
        return Parsed(0 if element.type == "integer" else 0.0, REPORTED, (f"{bare} = 0",))
    number, step, ambiguous = read_number(value, element.unit, element.type == "integer")
    if number is None:
        return Parsed(finding="not-a-number")
    if scale != 1.0 and not step.startswith("unit "):
        number = tidy_float(number * scale)
    if element.unit == "%" and 0 < number <= 1 and step != "unit %":
        return _share(number, element)
    sized = _sized(number, element)
    if ambiguous:
        return Parsed(sized, REPORTED, (step,), "ambiguous-number", sized)
    return Parsed(sized, REPORTED, (step,) if step else (), "normalised" if step else "")


def _share(number: float, element: Element) -> Parsed:
    """0.6 without a sign or format where per cent is asked: 60 % or 0.6 %? The clerk says."""
    sized = _sized(tidy_float(number * 100), element)
    return Parsed(sized, REPORTED, (), "ambiguous-number", sized)


def _sized(number: float, element: Element) -> float | int:
    return int(number) if element.type == "integer" and number.is_integer() else number


def _boolean(cell: Cell) -> Parsed:
    value = cell.value
    if isinstance(value, bool):
        return Parsed(value, REPORTED)
    word = f"{value:g}" if isinstance(value, float) else plain(str(value)).lower()
    if is_nothing(word):
        return ABSENT
    if word in NOT_APPLICABLE_WORDS:
        return Parsed(status=NOT_APPLICABLE)
    ticked = (_EMPTY_BOX_BEHIND if word[0] in "是否有无" else _EMPTY_BOX_BEFORE).sub("", word)
    tidied = ("yes/no mark",) if word not in ("是", "否") else ()
    for words, truth in ((_YES, True), (_NO, False)):
        if ticked in words:
            return Parsed(truth, REPORTED, tidied, "normalised" if tidied else "")
    return Parsed(finding="unknown-choice", expected=Text("是、否", "是 (yes), 否 (no)"))


@lru_cache(maxsize=256)
def _choices(values: tuple[Text, ...]) -> dict[str, str]:
    return {plain(value.zh).lower(): value.zh for value in values}


def _enum(cell: Cell, element: Element) -> Parsed:
    written = "" if isinstance(cell.value, float | bool) else str(cell.value)
    word = plain(written).lower()
    choices = _choices(element.values)
    if word in choices:
        tidied = ("choice",) if written.strip() != choices[word] else ()
        return Parsed(choices[word], REPORTED, tidied, "normalised" if tidied else "")
    if written and is_nothing(written):
        return ABSENT
    if word in NOT_APPLICABLE_WORDS:
        return Parsed(status=NOT_APPLICABLE)
    listed = _LISTED.sub("", word)
    if listed in choices:
        return Parsed(choices[listed], REPORTED, ("choice",), "normalised")
    zh, en = "、".join(value.zh for value in element.values), ", ".join(value.en for value in element.values)
    return Parsed(finding="unknown-choice", expected=Text(zh, en))


def _date(cell: Cell, period: Period) -> Parsed:
    value = cell.value
    if isinstance(value, bool):
        return Parsed(finding="bad-date", expected=_A_DATE)
    if isinstance(value, float):
        found = read_day_number(value, cell.kind == DATE)
    else:
        word = plain(str(value))
        if is_nothing(word) or word in _NOT_YET:
            return ABSENT
        if word in NOT_APPLICABLE_WORDS:
            return Parsed(status=NOT_APPLICABLE)
        found = read_day_text(word, period.year)
        if found is None and word.isdigit():
            found = read_day_number(float(word), False)
    if found is None:
        return Parsed(finding="bad-date", expected=_A_DATE)
    if found.ambiguous:
        return Parsed(found.day, REPORTED, (found.step,), "ambiguous-date", found.day)
    return Parsed(found.day, REPORTED, (found.step,) if found.step else (), "normalised" if found.step else "")


def _text(cell: Cell) -> Parsed:
    if isinstance(cell.value, str):
        written = cell.value.strip().strip("\u3000\u00a0")
        return Parsed(written, REPORTED) if written and _NOTHING_MARKS.match(written) is None else ABSENT
    if isinstance(cell.value, bool):
        return Parsed("是" if cell.value else "否", REPORTED)
    if cell.kind == DATE:
        found = read_day_number(float(cell.value or 0), True)
        return Parsed(found.day.isoformat() if found else str(cell.value), REPORTED)
    return Parsed(f"{cell.value:.15g}", REPORTED)


def percent(cell: Cell | None) -> float | None:
    """A typed percentage in per cent: 60, 60%, 0.6 in a percent format; None where it is none (blank, #DIV/0!, words)."""
    if cell is None or isinstance(cell.value, bool) or cell.value is None or cell.kind in (ERROR, DATE):
        return None
    if isinstance(cell.value, float):
        return tidy_float(cell.value * 100) if cell.kind == PERCENT else cell.value
    bare = plain(cell.value).rstrip("%").removesuffix("个百分点").lstrip("+")
    try:
        number = float(bare)
    except ValueError:
        return None
    return number if -HUGE < number < HUGE else None
