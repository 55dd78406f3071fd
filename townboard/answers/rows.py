"""A row that the workbook lacks and the clerk types in on the page: recorded as such, the workbook stays as it was."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from townboard.answers import ANSWERED, REPLACE, ROW_TYPED, Answer, Answered, AnswerError
from townboard.answers.values import typed
from townboard.findings import Finding
from townboard.submission import MISSING, REPORTED, Row, Submission, Value
from townboard.text import Text


def add(submission: Submission, finding: Finding, answer: Answer) -> str:
    """A row for a place that the sheet has none of, with the values typed on the page: {element: value}, or that as JSON. The blank
    ones are missing, and asked about like any other. Gives the values as they are kept."""
    place = finding.place
    reading = next(one for one in submission.sheets if (one.sheet, one.data_set.code) == (place.sheet, place.data_set))
    given = as_row(answer.value)
    asked = {code: reading.data_set.by_code[code] for code in reading.columns if code in reading.data_set.by_code}
    unknown = [code for code in given if code not in asked or not asked[code].is_asked]
    if unknown or not any(value not in (None, "") for value in given.values()):
        what = "、".join(unknown)
        raise AnswerError(Text(f"{place.words.zh}:请至少填一个数" if not unknown else f"{place.words.zh}:表中没有{what}这一列",
                               f"{place.words.en}: type one value at least" if not unknown else f"{place.words.en}: the sheet has no column {what}"))  # fmt: skip
    number = int(place.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    row = Row(place.org_unit, place.row_name, number, is_typed=True)
    for code, element in asked.items():
        if element.is_asked:
            value = typed(element, given.get(code))
            status, cell = REPORTED if value is not None else MISSING, f"{reading.columns[code]}{number}"
            steps = (f"{ANSWERED}{REPLACE}",)
            row.values[code] = Value(reading.data_set.code, row.org_unit, code, value, status, "", reading.sheet, cell, steps)
    reading.rows.append(row)
    kept = {code: value.value.isoformat() if isinstance(value.value, date) else value.value
            for code, value in row.values.items() if value.value is not None}  # fmt: skip
    return json.dumps(kept, ensure_ascii=False)


def as_row(given: Any) -> dict[str, Any]:
    """The values of a row typed on the page, by element; none where it is not an object."""
    try:
        found = json.loads(given) if isinstance(given, str) else given
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def notes(submission: Submission, finding: Finding, answer: Answer) -> list[Answered]:
    """A note for each value of a row typed on the page: what was typed is on record beside the value."""
    for reading in submission.sheets:
        for row in reading.rows:
            if row.is_typed and (reading.sheet, row.org_unit) == (finding.place.sheet, finding.place.org_unit):
                return [
                    Answered(Finding.at(ROW_TYPED, reading.place(row, code, value.cell), suggestion=value.value), REPLACE, value.value, answer.reason)
                    for code, value in row.values.items() if value.value is not None
                ]  # fmt: skip
    return []
