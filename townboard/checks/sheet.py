"""Checks of one sheet as a whole: rows against the register, typed totals, patterns over all villages. R14, R15, R31, R32."""

from __future__ import annotations

from collections.abc import Iterator

from townboard.catalogue import OrgUnit
from townboard.checks.sight import Sight, say
from townboard.findings import NOTES, Finding, Place
from townboard.submission import REPORTED, Row, SheetReading
from townboard.text import Text

TOTAL_TOLERANCE_PER_ROW = 0.01
FEW_ROWS = 5
HEAPING_SHARE = 0.5
END_LOADING_SHARE, END_LOADING_VILLAGES = 0.4, 0.3


def duplicate_rows(sight: Sight, reading: SheetReading) -> Iterator[Finding]:
    """R15: a place that stands twice. Equal rows are taken once, different ones must be settled by the clerk."""
    seen: dict[str, Row] = {}
    kept = []
    for row in reading.rows:
        first = seen.get(row.org_unit) if row.org_unit else None
        if first is None:
            seen[row.org_unit] = row
            kept.append(row)
            continue
        place = reading.place(row, cell=f"{reading.name_column}{row.number}" if reading.name_column else "")
        if _contents(first) == _contents(row):
            what = Text("两行完全相同,只取一次", "with the same values; it is taken once")
            yield Finding.at("duplicate-row", place, raw=row.name, severity=NOTES, other=first.number, name=row.name, what=what)
        else:
            kept.append(row)
            what = Text("两行数据不同", "with other values")
            rows = (str(first.number), str(row.number))
            yield Finding.at("duplicate-row", place, raw=row.name, candidates=rows, other=first.number, name=row.name, what=what)
    reading.rows = kept


def _contents(row: Row) -> dict[str, object]:
    return {code: (value.status, value.value) for code, value in row.values.items()}


def check(sight: Sight, reading: SheetReading) -> Iterator[Finding]:
    """Missing and closed rows, typed totals, heaping."""
    yield from _register_rows(sight, reading)
    yield from _totals(reading)
    if reading.data_set.code == "village_economy":
        yield from _heaping(reading)


def _register_rows(sight: Sight, reading: SheetReading) -> Iterator[Finding]:
    if reading.data_set.rows not in ("village", "community"):
        return
    closed = sight.history.closed if reading.data_set.code == "clean_collect" else frozenset()
    there = {row.org_unit for row in reading.rows}
    for row in reading.rows:
        if row.org_unit in closed:
            why = Text("已经销号,不再填报", "is closed already and reports no more")
            place = reading.place(row, cell=f"{reading.name_column}{row.number}" if reading.name_column else "")
            yield Finding.at("extra-row", place, raw=row.name, why=why)
    column, after = (
        reading.name_column or "A",
        max((row.number for row in reading.rows), default=(reading.header_rows or [1])[-1]),
    )
    missing = [
        unit for unit in sight.catalogue.rows_of(reading.data_set, sight.submission.unit)
        if unit.code not in there and unit.code not in closed
    ]  # fmt: skip
    meant = _meant(sight, reading, missing)
    for unit in missing:
        after += 1  # where the row could be added: every missing row has a cell of its own to answer for
        if unit.code not in meant:
            place = Place(reading.sheet, f"{column}{after}", None, unit.label.zh, reading.data_set.code, unit.code)
            yield Finding.at("missing-row", place, name=unit.label)


def _meant(sight: Sight, reading: SheetReading, missing: list[OrgUnit]) -> set[str]:
    """The missing places that an unknown name is likely to mean: its only missing candidate. Its own question comes first; the place
    is asked for once the name has turned out to mean another one."""
    found = set()
    for finding in sight.submission.findings:
        if finding.id == "unknown-org-unit" and (finding.place.sheet, finding.place.data_set) == (
            reading.sheet,
            reading.data_set.code,
        ):
            near = [unit.code for unit in missing if {unit.code, unit.label.zh} & {*finding.candidates}]
            found |= {*near} if len(near) == 1 else set()
    return found


def _totals(reading: SheetReading) -> Iterator[Finding]:
    """R14: the typed total of a column against the sum of its rows; tolerance 0.01 a row."""
    for code, (cell, raw, typed) in reading.totals.items():
        numbers = [
            float(value.value) for row in reading.rows
            if (value := row.values.get(code)) is not None and value.status == REPORTED and isinstance(value.value, int | float)
        ]  # fmt: skip
        if numbers and abs(typed - sum(numbers)) > TOTAL_TOLERANCE_PER_ROW * len(reading.rows) + 1e-9:
            yield Finding.at("total-mismatch", reading.place(None, code, cell), raw=raw, sum=say(sum(numbers)))


def _heaping(reading: SheetReading) -> Iterator[Finding]:
    """R32: more than half of the villages' values are multiples of 5, or just above the goal."""
    numbers = [
        float(value.value) for row in reading.rows
        if (value := row.values.get("operating_income")) is not None and isinstance(value.value, int | float) and value.value > 0
    ]  # fmt: skip
    round_ones = [number for number in numbers if not number % 5 or 30 <= number <= 30.5]
    if len(numbers) >= FEW_ROWS and len(round_ones) > HEAPING_SHARE * len(numbers):
        share = f"{len(round_ones)}/{len(numbers)}"
        head = f"{reading.columns.get('operating_income', 'A')}{reading.header_rows[-1] if reading.header_rows else 1}"
        yield Finding.at("heaping", reading.place(None, "operating_income", head), share=share)


def missing_sheets(sight: Sight) -> Iterator[Finding]:
    """A form due this month that the workbook does not hold: named, and left as it was."""
    submission = sight.submission
    there = {reading.data_set.code for reading in submission.sheets}
    for data_set in sight.catalogue.due(submission.unit, submission.period):
        if data_set.code in there or data_set.rows in ("task", "free") or data_set.code == "cover":
            continue
        if data_set.code == "clean_collect" and all(
            unit.code in sight.history.closed for unit in sight.catalogue.children(submission.unit, "village")
        ):
            continue
        sheet = submission.sheets[0].sheet if submission.sheets else ""
        yield Finding.at(
            "missing-sheet", Place(sheet, "A1", data_set=data_set.code), expected=Text(data_set.sheet, data_set.label.en)
        )
