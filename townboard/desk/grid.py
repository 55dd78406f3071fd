"""Small corrections: the rows with something wrong as a grid, and the changes typed into it as answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from townboard.answers import CORRECTED, NO_ROW, REPLACE, Answer
from townboard.answers.settling import NO_COLUMN
from townboard.catalogue import Catalogue, DataSet, Element
from townboard.desk.kept import Cell
from townboard.findings import NOTES, Finding
from townboard.submission import History, Row, SheetReading, Stored, Submission


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: what it is called, and by element the value now, the text in the workbook, last month's value, and what was asked."""

    key: str
    number: int
    name: str
    values: dict[str, Stored]
    raw: dict[str, str]
    last: dict[str, Stored]
    asked: dict[str, Finding]


@dataclass(frozen=True, slots=True)
class Grid:
    """The failing rows of one sheet with the elements that fail in them, and those that a broken relation compares them with.

    `is_missing`: the rows are those that the sheet lacks, with every element that its columns ask for.
    """

    sheet: str
    data_set: DataSet
    elements: tuple[Element, ...]
    rows: tuple[GridRow, ...]
    is_missing: bool = False


def grids(submission: Submission, catalogue: Catalogue, history: History) -> list[Grid]:
    """The grids of a workbook, one a sheet with something to correct."""
    found = []
    for reading in submission.sheets:
        asked = [finding for finding in submission.findings if _takes_a_value(finding, reading)]
        wanted = _elements(reading.data_set, asked)
        rows = [_row(reading, row, wanted, asked, history) for row in reading.rows]
        kept = tuple(row for row in rows if row.asked)
        if kept:
            found.append(Grid(reading.sheet, reading.data_set, wanted, kept))
    return found


def lacking(submission: Submission, history: History) -> list[Grid]:
    """The rows that sheets lack, to be typed in, one grid a sheet."""
    found = []
    for reading in submission.sheets:
        code = reading.data_set.code
        asked = [
            one
            for one in submission.findings
            if one.id == NO_ROW and (one.place.sheet, one.place.data_set) == (reading.sheet, code)
        ]
        wanted = tuple(element for element in reading.data_set.elements if element.is_asked and element.code in reading.columns)
        rows = []
        for finding in asked:
            place = finding.place
            last = {element.code: history.last((code, place.org_unit, element.code)) for element in wanted}
            blank = dict.fromkeys(last, "")
            rows.append(GridRow(place.org_unit, 0, place.row_name, dict.fromkeys(last), blank,
                                {element: known[1] for element, known in last.items() if known is not None}, {"": finding}))  # fmt: skip
        if rows and wanted:
            found.append(Grid(reading.sheet, reading.data_set, wanted, tuple(rows), is_missing=True))
    return found


def _takes_a_value(finding: Finding, reading: SheetReading) -> bool:
    place = finding.place
    here = place.sheet == reading.sheet and place.data_set == reading.data_set.code
    return (
        here
        and finding.severity != NOTES
        and finding.id != NO_COLUMN
        and place.element in reading.data_set.by_code
        and bool(place.cell)
    )


def _elements(data_set: DataSet, asked: list[Finding]) -> tuple[Element, ...]:
    codes = {finding.place.element for finding in asked}
    for finding in asked:
        for constraint in data_set.constraints:
            if finding.parts.get("sentence") == constraint.sentence:
                codes |= {term.symbol for side in (constraint.left, constraint.right) for term in side.terms}
    return tuple(element for element in data_set.elements if element.code in codes and (element.is_asked or any(
        finding.place.element == element.code for finding in asked)))  # fmt: skip


def _row(reading: SheetReading, row: Row, wanted: tuple[Element, ...], asked: list[Finding], history: History) -> GridRow:
    here = {finding.place.element: finding for finding in reversed(asked)
            if finding.place.row == (None if row.is_typed else row.number or None) and finding.place.org_unit == row.org_unit}  # fmt: skip
    last = {element.code: history.last((reading.data_set.code, row.org_unit, element.code)) for element in wanted}
    return GridRow(
        row.org_unit or f"row{row.number}", row.number, row.name,
        {element.code: row.values[element.code].value if element.code in row.values else None for element in wanted},
        {element.code: row.values[element.code].raw if element.code in row.values else "" for element in wanted},
        {code: known[1] for code, known in last.items() if known is not None}, here,
    )  # fmt: skip


def answers(submission: Submission, found: list[Grid], edits: Mapping[Cell, Any]) -> list[Answer]:
    """The changes typed into grids, as answers: to the question of their cell, else as corrections that nobody asked for."""
    given = []
    for grid in found:
        for row in grid.rows:
            if grid.is_missing:
                given.append(_whole_row(grid, row, edits))
                continue
            for element in grid.elements:
                at = (grid.data_set.code, row.key, element.code)
                if at in edits and edits[at] != row.values[element.code]:
                    given.append(_answer(submission, grid, row, element, edits[at]))
    return [answer for answer in given if answer is not None]


def _whole_row(grid: Grid, row: GridRow, edits: Mapping[Cell, Any]) -> Answer | None:
    """What was typed for a row that the sheet lacks, all of it as one answer; None while nothing was."""
    cells = {element.code: edits.get((grid.data_set.code, row.key, element.code)) for element in grid.elements}
    said = {code: value for code, value in cells.items() if value is not None}
    return Answer.to(row.asked[""], REPLACE, json.dumps(said, ensure_ascii=False)) if said else None


def _answer(submission: Submission, grid: Grid, row: GridRow, element: Element, value: Any) -> Answer | None:
    if element.code in row.asked:
        return Answer.to(row.asked[element.code], REPLACE, value)
    for reading in submission.sheets:
        for read in reading.rows if reading.sheet == grid.sheet else ():
            there = read.values.get(element.code)
            if read.number == row.number and there is not None:
                return Answer(
                    grid.sheet,
                    there.cell,
                    CORRECTED,
                    REPLACE,
                    value,
                    "",
                    read.org_unit,
                    element.code,
                    grid.data_set.code,
                    there.raw,
                )
    return None


def unread(row: GridRow, element: Element) -> str:
    """What the workbook says where no value could be read from it; "" where one was."""
    return row.raw[element.code] if row.values[element.code] is None else ""
