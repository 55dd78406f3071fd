"""Numbers and days as people write them: full-width digits, thousands, glued units, Chinese numerals, dates in ten shapes.

A reading is either plain, tidied (the writing changed, not the meaning) or ambiguous (a person must say what was meant).
"""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import NamedTuple

from townboard.recognise.headers import plain
from townboard.workbook.sheets import HUGE, day_of

PLAIN_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?\Z")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?\Z")
_GLUED = re.compile(r"([+-]?\d[\d,]*\.?\d*)\(?([^\d\W]{1,3}?|%)?\)?(?:整|正)?\Z")
_LEADING = re.compile(
    r"(约|大约|大概|近|将近|超|超过|超出|高于|低于|不足|不到|至少|最多|已|共|共计|累计|计|合计|人民币|[¥￥$>≥<≤≈~=]+)?([+-]?\d[\d,]*(?:\.\d+)?)(.*)\Z"
)
_ACCOUNTING = re.compile(r"\((\d[\d,]*(?:\.\d+)?)\)\Z")
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2} | {
    digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}  # fmt: skip
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_CHINESE = re.compile(rf"[{''.join(_DIGITS)}{''.join(_TENS)}]+\Z")

MONEY = {"元": 1e-4, "圆": 1e-4, "块": 1e-4, "千元": 0.1, "万元": 1.0, "万": 1.0, "亿元": 1e4, "亿": 1e4}
AREA = {"亩": 1.0, "公顷": 15.0, "万亩": 1e4}
COUNT_UNITS = frozenset(
    {
        "个",
        "份",
        "件",
        "宗",
        "项",
        "人",
        "人次",
        "次",
        "户",
        "块",
        "种",
        "村",
        "个村",
        "家",
        "名",
        "条",
        "张",
        "起",
        "处",
        "位",
        "套",
    }
)


class Reading(NamedTuple):
    """A number read from text. `step` says how it was tidied ("" if not); `ambiguous` numbers are only a suggestion."""

    number: float | None
    step: str = ""
    ambiguous: bool = False


NOT_A_NUMBER = Reading(None)


def tidy_float(number: float) -> float:
    """Without the dust of a multiplication: 0.30000000000000004 → 0.3."""
    return float(f"{number:.12g}")


def chinese(text: str) -> int | None:
    """A Chinese numeral below 10,000: 十二 → 12, 一百零五 → 105; None for anything else."""
    if not _CHINESE.match(text):
        return None
    total = current = 0
    for letter in text:
        if letter in _TENS:
            total += (current or 1) * _TENS[letter]
            current = 0
        else:
            current = _DIGITS[letter]
    return total + current


def read_number(text: str, unit: str, is_count: bool) -> Reading:
    """A number in the element's `unit` from a typed text; money comes out in 万元, area in 亩. What is beyond all measure is none."""
    found = _read_number(text, unit, is_count)
    return found if found.number is None or -HUGE < found.number < HUGE else NOT_A_NUMBER


def _read_number(text: str, unit: str, is_count: bool) -> Reading:
    bare = plain(text).replace("。", ".").replace("−", "-").replace("–", "-").replace("’", "").lstrip("'`‘")
    tidied = "" if bare == text else "full-width or blanks"
    if PLAIN_NUMBER.match(bare):
        if " " in text.strip() and not _THOUSANDS.match(text.strip()):
            return Reading(float(bare), "blanks", ambiguous=True)
        return Reading(float(bare), tidied)
    if _THOUSANDS.match(bare):
        return Reading(float(bare.replace(",", "")), "thousands")
    glued = _GLUED.match(bare)
    if glued:
        return _with_unit(glued[1], glued[2] or "", unit, is_count)
    numeral = chinese(bare) if not is_count else chinese(bare.rstrip("个份件宗项人次户块种村家名"))
    if numeral is not None:
        return Reading(float(numeral), "Chinese numeral", ambiguous=not is_count or numeral > 99)
    accounting = _ACCOUNTING.match(bare)
    if accounting:
        return Reading(-float(accounting[1].replace(",", "")), "brackets", ambiguous=True)
    return _leading(bare, unit)


def _with_unit(digits: str, glued: str, unit: str, is_count: bool) -> Reading:
    """Digits with a unit right behind them."""
    grouped = "," not in digits or _THOUSANDS.match(digits) is not None
    number = float(digits.replace(",", ""))
    known = MONEY if unit == "万元" else AREA if unit == "亩" else {}
    if not glued:
        return Reading(number, "thousands", ambiguous=not grouped)
    if glued in known:
        return Reading(tidy_float(number * known[glued]), f"unit {glued}", ambiguous=not grouped)
    if unit == "%" and glued == "%":
        return Reading(number, "unit %", ambiguous=not grouped)
    if is_count and (glued in COUNT_UNITS or glued == unit):
        return Reading(number, f"unit {glued}", ambiguous=not grouped)
    if is_count and glued[0] == "万" and (glued == "万" or glued[1:] in COUNT_UNITS):
        return Reading(number * 10_000, f"unit {glued}", ambiguous=not grouped)
    return NOT_A_NUMBER if glued == "%" else Reading(number, f"unit {glued}", ambiguous=True)


def _leading(bare: str, unit: str) -> Reading:
    """Estimates, ranges and remarks: the leading number, as a suggestion only."""
    found = _LEADING.match(bare)
    if found is None or read_day_text(bare, None) is not None or re.match(r"\d{4}年", bare):
        return NOT_A_NUMBER
    number = float(found[2].replace(",", ""))
    after = re.match(r"(亿元|万元|千元|元|万|亿)", found[3])
    if after and unit == "万元":
        number = tidy_float(number * MONEY[after[1]])
    return Reading(number, "estimate or remark", ambiguous=True)


class Day(NamedTuple):
    """A day read from a cell; `step` says what was tidied. A month alone stands for its last day; an `ambiguous` day is a suggestion."""

    day: date
    step: str = ""
    ambiguous: bool = False


_YMD = re.compile(r"(20\d\d|\d\d)[-./年\\](\d{1,2})[-./月\\](\d{1,2})[日号]?(?:\d\d?:\d\d(?::\d\d)?(?:\.0+)?)?\Z")
_COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)\Z")
_MD = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?\Z")
_YM = re.compile(r"(20\d\d)[-./年](\d{1,2})(?:月(?:份)?)?([底末初上中下旬]*)\Z|(20\d\d)(0[1-9]|1[0-2])\Z")
_SHORT = re.compile(r"(\d\d)[-./年](\d{1,2})月?\Z")
_M = re.compile(r"(\d{1,2})月(?:份)?[底末]?\Z")
_JANUARY_OR_OCTOBER = re.compile(r"20\d\d\.1\Z")
"""2022.10 that became a number on its way is 2022.1."""
MONTH_ONLY = "month only"


def _date(year: int, month: int, day: int) -> date | None:
    if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]:
        return date(year, month, day)
    return None


def _month_end(year: int, month: int, *, ambiguous: bool = False) -> Day | None:
    if not 1 <= month <= 12:
        return None
    return Day(date(year, month, calendar.monthrange(year, month)[1]), MONTH_ONLY, ambiguous)


def read_day_text(text: str, year: int | None) -> Day | None:
    """A day from text; `year` stands in where none is written. None where it is no date at all."""
    bare = plain(text).replace("。", ".")
    found = _YMD.match(bare) or _COMPACT.match(bare)
    if found:
        written = int(found[1])
        day = _date(written if written > 99 else 2000 + written, int(found[2]), int(found[3]))
        step = "" if day is None or bare[:10] == day.isoformat() else "date"
        return Day(day, step) if day else None
    found = _YM.match(bare)
    if found:
        within = _JANUARY_OR_OCTOBER.match(bare) is not None or (found[3] or "") not in ("", "底", "末")
        return _month_end(int(found[1] or found[4]), int(found[2] or found[5]), ambiguous=within)
    if year is None:
        return None
    found = _MD.match(bare)
    if found:
        day = _date(year, int(found[1]), int(found[2]))
        return Day(day, "year added") if day else None
    found = _SHORT.match(bare)
    if found:
        return _month_end(2000 + int(found[1]), int(found[2]), ambiguous=True)
    found = _M.match(bare)
    return _month_end(year, int(found[1])) if found else None


def read_day_number(number: float, is_date: bool) -> Day | None:
    """A day from a number: a serial day, 20220901, 202209 or 2022.9; None where it is none of these."""
    if is_date or 40_000 <= number <= 50_000:
        day = day_of(number)
        return Day(day) if day else None
    if number.is_integer() and 20_000_000 < number < 22_000_000:
        return read_day_text(f"{number:.0f}", None)
    if number.is_integer() and 200_000 < number < 220_000:
        return read_day_text(f"{number:.0f}", None)
    if 2000 < number < 2200 and not number.is_integer():
        return read_day_text(f"{number:.2f}".rstrip("0"), None)
    return None
