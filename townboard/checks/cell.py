"""Checks of one value: required cells (missing is asked, never taken for zero), ranges, dates, texts. R01, R30, R33, R34, F06."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from townboard.catalogue import Element
from townboard.checks.sight import Sight, say
from townboard.findings import NOTES, Finding
from townboard.submission import MISSING, REPORTED, Row, SheetReading, Value
from townboard.text import Text

FIRST_DATE = date(2021, 1, 1)
TEXT_LENGTHS = {"filled_by": (2, 20), "reviewed_by": (2, 20), "responsible_leader": (2, 20), "title": (1, 40), "text": (1, 500)}
_PERSONAL = re.compile(r"(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")
_PHONE_DIGITS = re.compile(r"\D")


def check(sight: Sight, reading: SheetReading) -> Iterator[Finding]:
    """All findings about single values of one sheet."""
    elements = reading.data_set.by_code
    harvested = reading.data_set.code == "cover" and not reading.vertical
    plain = {
        code: element.type == "integer" for code, element in elements.items()
        if element.is_number and element.maximum is None and code != "debt_new" and code not in sight.history.catalogue_limits
    }  # fmt: skip
    for row in reading.rows:
        for code, value in row.values.items():
            if value.status == REPORTED:
                whole, number = plain.get(code), value.value
                if whole is not None and number >= 0 and not (whole and number % 1):  # type: ignore[operator]
                    continue  # nothing to say of most numbers
                element = elements[code]
                if element.is_number:
                    yield from _number(sight, reading, row, element, value)
                elif element.type == "date":
                    yield from _date(sight, reading, row, value)
                elif element.type == "text":
                    yield from _text(reading, row, value)
            elif value.status == MISSING and (element := elements[code]).required and row.org_unit and not harvested:
                yield from _missing(sight, reading, row, element, value)
        if reading.data_set.code == "cover":
            yield from _same_person(reading, row)


def _missing(sight: Sight, reading: SheetReading, row: Row, element: Element, value: Value) -> Iterator[Finding]:
    if element.fill not in ("typed", "carried") or not element.asked_in(sight.submission.period):
        return
    if (value.sheet, value.cell) in sight.parsed_cells:
        return
    last = sight.history.last((reading.data_set.code, row.org_unit, element.code))
    if last is not None and element.accumulation == "year_to_date" and last[0].year != sight.submission.period.year:
        last = None
    yield Finding.at("missing-value", reading.place(row, element.code), raw=value.raw, suggestion=last[1] if last else None)


def _number(sight: Sight, reading: SheetReading, row: Row, element: Element, value: Value) -> Iterator[Finding]:
    number = value.value
    if not isinstance(number, int | float):
        return
    if number < 0:
        yield Finding.at("negative-value", reading.place(row, element.code), raw=value.raw)
    elif element.type == "integer" and number % 1:
        expected = Text("应为整数", "a whole number")
        yield Finding.at("value-out-of-range", reading.place(row, element.code), raw=value.raw, expected=expected)
    elif element.maximum is not None and number > element.maximum and element.unit != "万元":
        yield Finding.at(
            "value-out-of-range", reading.place(row, element.code), raw=value.raw, expected=f"0–{say(element.maximum)}"
        )
    if not number or number < 0:
        return
    if element.code == "debt_new" and not _explained(sight, reading, row, element, number):
        yield Finding.at("new-debt", reading.place(row, element.code), raw=value.raw)
    limit = sight.history.catalogue_limits.get(element.code) if sight.history.catalogue_limits else None
    if limit is not None and number > limit and not _explained(sight, reading, row, element, number):
        yield Finding.at("over-catalogue", reading.place(row, element.code), raw=value.raw, catalogue=say(limit))


def _explained(sight: Sight, reading: SheetReading, row: Row, element: Element, number: float) -> bool:
    """Whether the same value was approved before: a question that was answered is not asked again (§5)."""
    last = sight.history.last((reading.data_set.code, row.org_unit, element.code))
    return last is not None and last[1] == number


def _date(sight: Sight, reading: SheetReading, row: Row, value: Value) -> Iterator[Finding]:
    day = value.value
    if isinstance(day, date) and not FIRST_DATE <= day <= sight.submission.period.end:
        end = sight.submission.period.end.isoformat()
        expected = Text(f"应在 2021-01-01 至 {end} 之间", f"expected between 2021-01-01 and {end}")
        yield Finding.at("bad-date", reading.place(row, value.element), raw=value.raw, expected=expected)


def _text(reading: SheetReading, row: Row, value: Value) -> Iterator[Finding]:
    words = str(value.value or "")
    if value.element in TEXT_LENGTHS:
        low, high = TEXT_LENGTHS[value.element]
        if not low <= len(words) <= high:
            place = reading.place(row, value.element)
            yield Finding.at("text-length", place, raw=value.raw, length=len(words), expected=f"{low}–{high}")
    if value.element in ("title", "text", "note", "problem") and _PERSONAL.search(words):
        yield Finding.at("personal-data", reading.place(row, value.element), raw=value.raw)
    if value.element == "phone" and not 7 <= len(_PHONE_DIGITS.sub("", words)) <= 12:
        expected = Text("7–12 位数字", "7 to 12 digits")
        yield Finding.at("value-out-of-range", reading.place(row, "phone"), raw=value.raw, severity=NOTES, expected=expected)


def _same_person(reading: SheetReading, row: Row) -> Iterator[Finding]:
    filler, reviewer = row.values.get("filled_by"), row.values.get("reviewed_by")
    if filler and reviewer and filler.value and filler.value == reviewer.value:
        yield Finding.at("same-person", reading.place(row, "reviewed_by"), raw=reviewer.raw)
