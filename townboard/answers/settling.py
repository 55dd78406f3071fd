"""Settling questions: an answer meets its question and changes what it says. Values change only here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from townboard.answers import (
    ACCEPT,
    ANSWERED,
    CORRECTED,
    KEEP,
    NO_ROW,
    REPLACE,
    ROW_FINDINGS,
    Answer,
    Answered,
    AnswerError,
    rows,
)
from townboard.answers.values import typed
from townboard.catalogue import Catalogue
from townboard.findings import ASKS, Finding
from townboard.submission import MISSING, REPORTED, Row, SheetReading, Stored, Submission, Value
from townboard.text import Text

NO_COLUMN = "missing-column"
Columns = dict[tuple[str, str], str]
"""(data set, element) → the heading (or letter) of its column; "" where the file has none."""
_ROW = re.compile(r"\d+")


def settle(submission: Submission, findings: list[Finding], answers: Iterable[Answer], catalogue: Catalogue) -> list[Answered]:
    """Match answers to the questions asked, and change the values they change.

    Gives the answered questions; answers to nothing are passed over. Raises AnswerError where an answer cannot be taken.
    """
    settled = []
    for answer in answers:
        for finding in answer.among([found for found in findings if found.severity != "notes"]):
            try:
                value = _change(submission, finding, answer, catalogue)
            except AnswerError as error:
                raise AnswerError(error.message, answer) from error
            settled.append(Answered(finding, answer.answer, value, answer.reason, answer))
            if finding.id == NO_ROW and answer.answer == REPLACE:
                settled += rows.notes(submission, finding, answer)
    return settled


def corrections(submission: Submission, answers: Iterable[Answer], catalogue: Catalogue) -> list[Answered]:
    """Values that the clerk corrects on the page although nobody asked, each with a note of its own."""
    settled = []
    for answer in answers:
        found = None if answer.finding != CORRECTED else _corrected(submission, answer)
        if found is None:
            continue
        reading, row, value = found
        if answer.raw is not None and answer.raw != value.raw:
            continue  # another file says something else there
        place = reading.place(row, value.element, value.cell)
        note = Finding.at(CORRECTED, place, raw=value.raw, suggestion=answer.value)
        try:
            settled.append(Answered(note, answer.answer, _put(reading, row, note, answer, answer.value), answer.reason, answer))
        except AnswerError as error:
            raise AnswerError(error.message, answer) from error
    return settled


def unread(findings: Iterable[Finding], sheet: str) -> dict[str, str]:
    """The columns (or labels) of a sheet that were not read: heading → its cell."""
    return {found.raw: found.place.cell for found in findings if found.id == "unknown-column" and found.place.sheet == sheet}


def columns(findings: Sequence[Finding], answers: Iterable[Answer]) -> tuple[Columns, list[Answered]]:
    """What the clerk says about missing columns: which heading it is, or that the file has none. The sheet is then read again."""
    meant: Columns = {}
    settled = []
    missing = [finding for finding in findings if finding.id == NO_COLUMN and finding.place.element]
    for answer in answers:
        for finding in answer.among(missing):
            place, heading = finding.place, "" if answer.answer == KEEP else str(answer.value or "")
            choices = unread(findings, place.sheet)
            if answer.answer != KEEP and heading not in {*choices, *map(_letters, choices.values())}:
                raise AnswerError(
                    Text(f"{place.words.zh}:请指出是哪一列未读取的列,或说明文件中没有",
                         f"{place.words.en}: name one of the columns that were not read, or say that the file has none"), answer
                )  # fmt: skip
            meant[place.data_set, place.element] = heading
            settled.append(Answered(finding, answer.answer, heading or None, answer.reason, answer))
    return meant, settled


def _letters(cell: str) -> str:
    return cell.rstrip("0123456789")


def _change(submission: Submission, finding: Finding, answer: Answer, catalogue: Catalogue) -> Stored:
    place = finding.place
    if answer.answer == KEEP:
        if finding.severity != ASKS:
            raise AnswerError(
                Text(f"{place.words.zh}:错误必须改正,不能保留", f"{place.words.en}: an error must be corrected, not kept")
            )
        if not answer.reason:
            raise AnswerError(Text(f"{place.words.zh}:保留原值须说明原因", f"{place.words.en}: keeping a value needs a reason"))
        if finding.id in ROW_FINDINGS:
            _drop(submission, finding)
        return None
    if answer.answer == ACCEPT and finding.suggestion is None:
        raise AnswerError(Text(f"{place.words.zh}:没有可采纳的建议", f"{place.words.en}: there is no suggestion to accept"))
    given = finding.suggestion if answer.answer == ACCEPT else answer.value
    if finding.id == "duplicate-row":
        return _keep_one(submission, finding, str(given))
    if finding.id in ROW_FINDINGS:
        return _name(submission, finding, str(given), catalogue)
    if finding.id == NO_ROW:
        return rows.add(submission, finding, answer)
    found = _row_of(submission, finding)
    if found is None:
        raise AnswerError(Text(f"{place.words.zh}:这里没有可以更改的数值", f"{place.words.en}: there is no value here to change"))
    return _put(*found, finding, answer, given)


def _put(reading: SheetReading, row: Row, finding: Finding, answer: Answer, given: Any) -> Stored:
    place = finding.place
    value = row.values.get(place.element)
    if value is None:
        value = Value(reading.data_set.code, row.org_unit, place.element, None, MISSING, "", place.sheet, place.cell)
        row.values[place.element] = value
    value.value = typed(reading.data_set.by_code[place.element], given)
    value.status = REPORTED if value.value is not None else MISSING
    value.steps = (*value.steps, f"{ANSWERED}{answer.answer}")
    return value.value


def _row_of(submission: Submission, finding: Finding) -> tuple[SheetReading, Row] | None:
    place = finding.place
    for reading in submission.sheets:
        if reading.sheet == place.sheet and place.element in reading.data_set.by_code:
            for row in reading.rows:
                value = row.values.get(place.element)
                if (value is not None and value.cell == place.cell) or (value is None and row.number == (place.row or 0)):
                    return reading, row
    return None


def _corrected(submission: Submission, answer: Answer) -> tuple[SheetReading, Row, Value] | None:
    """The value in the answer's own cell, else the one of its place and element, wherever that stands now."""
    found = None
    for reading in submission.sheets:
        for row in reading.rows:
            value = row.values.get(answer.element)
            if value is not None and (reading.sheet, value.cell) == (answer.sheet, answer.cell):
                return reading, row, value
            if value is not None and row.org_unit and (reading.data_set.code, row.org_unit) == (answer.data_set, answer.org_unit):
                found = reading, row, value
    return found


def _rows_at(submission: Submission, finding: Finding) -> tuple[SheetReading, Row] | None:
    for reading in submission.sheets:
        if reading.sheet == finding.place.sheet:
            for row in reading.rows:
                if row.number == finding.place.row:
                    return reading, row
    return None


def _drop(submission: Submission, finding: Finding) -> None:
    """Leave out a row that no place of this unit answers for; the question and its reason are kept with the submission."""
    found = _rows_at(submission, finding)
    if found is not None:
        _leave_out(*found)


def _leave_out(reading: SheetReading, row: Row) -> None:
    reading.rows.remove(row)
    reading.counts["read"] -= 1
    reading.counts["ignored"] += 1


def _keep_one(submission: Submission, finding: Finding, given: str) -> str:
    """Of the rows that stand for one place, the chosen one counts; the others are left out. `given`: its row, or a cell in it."""
    digits = _ROW.search(given)
    number = int(digits[0]) if digits else 0
    for reading in submission.sheets:
        rows = [row for row in reading.rows if row.org_unit == finding.place.org_unit]
        if reading.sheet == finding.place.sheet and any(row.number == number for row in rows):
            for row in rows:
                if row.number != number:
                    _leave_out(reading, row)
            return str(number)
    choices = "、".join(finding.candidates)
    raise AnswerError(Text(f"{finding.place.words.zh}:请从第 {choices} 行中选一行", f"{finding.place.words.en}: choose one of the rows {choices}"))  # fmt: skip


def _name(submission: Submission, finding: Finding, code: str, catalogue: Catalogue) -> str:
    """Give a row the org unit that the clerk chose; it must be one of this unit's."""
    found = _rows_at(submission, finding)
    if found is None:
        raise AnswerError(Text("找不到这一行", "the row is not there"))
    reading, row = found
    allowed = {unit.code: unit for unit in catalogue.rows_of(reading.data_set, submission.unit)}
    chosen = allowed.get(code) or next((unit for unit in allowed.values() if unit.label.zh == code), None)
    if chosen is None:
        raise AnswerError(Text(f"“{code}”不在本单位名录中", f"{code!r} is not in this unit's register"))
    row.org_unit = chosen.code
    for value in row.values.values():
        value.org_unit = chosen.code
    return chosen.code
