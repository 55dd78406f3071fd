"""Submissions and sheets as plain data (JSON) and back: all that a worker may send home.

A worker has parsed bytes that nobody trusts, so its answer is never unpickled: it is numbers, words, lists and objects, and what is made
of them here are our own data classes, field by field. What JSON lacks is an object with one key that says what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import orjson

from townboard.catalogue import Catalogue
from townboard.findings import Finding, Place
from townboard.periods import Period
from townboard.submission import Percent, Row, SheetReading, Submission, Value
from townboard.text import Text
from townboard.workbook.sheets import Book, Cell, Range, Sheet

_WORDS, _DAY, _MONTH, _TABLE = "text", "day", "month", "table"


def pack(thing: Any) -> bytes:
    """Plain data as JSON bytes; raises TypeError for anything that is not plain."""
    return orjson.dumps(thing, default=tuple, option=orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS)


def unpack(data: bytes) -> Any:
    """Plain data from JSON bytes; raises ValueError for anything else."""
    return orjson.loads(data)


def plain(thing: Any) -> Any:
    """One value of a finding or a cell as plain data."""
    if thing is None or isinstance(thing, str | bool | int | float):
        return thing
    if isinstance(thing, Text):
        return {_WORDS: [thing.zh, thing.en]}
    if isinstance(thing, date):
        return {_DAY: thing.isoformat()}
    if isinstance(thing, Period):
        return {_MONTH: str(thing)}
    if isinstance(thing, Mapping):
        return {_TABLE: [[plain(key), plain(value)] for key, value in thing.items()]}
    return [plain(part) for part in thing]


def real(thing: Any) -> Any:
    """The opposite of `plain`; lists come back as tuples."""
    if isinstance(thing, list):
        return tuple(real(part) for part in thing)
    if isinstance(thing, dict):
        [(kind, value)] = thing.items()
        return _KINDS[kind](value)
    return thing


_KINDS: dict[str, Callable[[Any], Any]] = {
    _WORDS: lambda value: Text(*value), _DAY: date.fromisoformat, _MONTH: Period.parse,
    _TABLE: lambda value: {real(key): real(held) for key, held in value},
}  # fmt: skip


def of_submission(found: Submission) -> list[Any]:
    """A submission as recognised, data sets by code."""
    return [
        found.unit, str(found.period), found.workbook, found.sha256, [_of_reading(sheet) for sheet in found.sheets],
        [_of_finding(finding) for finding in found.findings], found.said_period and str(found.said_period), found.said_unit,
        found.template,
    ]  # fmt: skip


def submission(parts: list[Any], catalogue: Catalogue) -> Submission:
    """The opposite of `of_submission`."""
    unit, period, workbook, sha256, sheets, findings, said_period, said_unit, template = parts
    return Submission(
        unit, Period.parse(period), workbook, sha256, [_reading(sheet, catalogue) for sheet in sheets],
        [_finding(finding) for finding in findings], said_period and Period.parse(said_period), said_unit, template,
    )  # fmt: skip


def _of_reading(sheet: SheetReading) -> list[Any]:
    rows = [
        [row.org_unit, row.name, row.number, [
            [key, value.data_set, value.org_unit, value.element, plain(value.value), value.status, value.written, value.sheet,
             value.cell, value.steps]
            for key, value in row.values.items()
        ]]
        for row in sheet.rows
    ]  # fmt: skip
    percents = [
        [percent.label, percent.row, percent.cell, percent.raw, percent.value, percent.org_unit] for percent in sheet.percents
    ]
    return [sheet.sheet, sheet.data_set.code, sheet.header_rows, sheet.vertical, sheet.name_column, sheet.columns, sheet.labels, rows,
            sheet.totals, percents, sheet.counts]  # fmt: skip


def _reading(parts: list[Any], catalogue: Catalogue) -> SheetReading:
    name, data_set, header_rows, vertical, name_column, columns, labels, rows, totals, percents, counts = parts
    return SheetReading(
        name, catalogue.data_set[data_set], header_rows, vertical, name_column, columns, labels,
        [Row(org_unit, row_name, number, {value[0]: _value(*value[1:]) for value in values})
         for org_unit, row_name, number, values in rows],
        {element: tuple(total) for element, total in totals.items()}, [Percent(*percent) for percent in percents], counts,
    )  # fmt: skip


def _value(
    data_set: str,
    org_unit: str,
    element: str,
    value: Any,
    status: str,
    written: str | float,
    sheet: str,
    cell: str,
    steps: list[str],
) -> Value:
    held = real(value) if isinstance(value, dict) else value
    return Value(data_set, org_unit, element, held, status, written, sheet, cell, tuple(steps))


def _of_finding(finding: Finding) -> list[Any]:
    place = finding.place
    where = [place.sheet, place.cell, place.row, place.row_name, place.data_set, place.org_unit, place.element, place.label]
    return [finding.id, where, finding.raw, plain(finding.suggestion), finding.candidates, finding.severity,
            {name: plain(part) for name, part in finding.parts.items()}]  # fmt: skip


def _finding(parts: list[Any]) -> Finding:
    id, where, raw, suggestion, candidates, severity, named = parts
    sheet, cell, row, row_name, data_set, org_unit, element, label = where
    place = Place(sheet, cell, row, row_name, data_set, org_unit, element, Text(*label))
    return Finding(
        id, place, raw, real(suggestion), tuple(candidates), severity, {name: real(part) for name, part in named.items()}
    )


def of_book(book: Book) -> list[Any]:
    """A workbook's sheets with all their cells."""
    return [book.workbook, book.sha256, book.macros, [
        [sheet.name, sheet.hidden, sheet.named, sheet.merges, sorted(sheet.hidden_rows),
         [[number, list(cells.items())] for number, cells in sheet.rows.items()]]
        for sheet in book.sheets
    ]]  # fmt: skip


def book(parts: list[Any]) -> Book:
    """The opposite of `of_book`."""
    workbook, sha256, macros, sheets = parts
    return Book(workbook, sha256, [
        Sheet(name, hidden, {number: {column: Cell(*cell) for column, cell in cells} for number, cells in rows},
              [Range(*merged) for merged in merges], frozenset(hidden_rows), named)
        for name, hidden, named, merges, hidden_rows, rows in sheets
    ], macros)  # fmt: skip
