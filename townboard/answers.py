"""Answers to questions: accept the suggestion, keep what was typed with a reason, or replace it. Values change only here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from townboard.catalogue import Catalogue, Element
from townboard.findings import ASKS, Finding
from townboard.submission import MISSING, REPORTED, Row, SheetReading, Stored, Submission, Value
from townboard.text import Text

ACCEPT, KEEP, REPLACE = "accept", "keep", "replace"
REASONS = (
    Text("情况属实", "It is so"),
    Text("更正以前的差错", "Corrects an earlier mistake"),
    Text("冲销", "Reversal"),
    Text("退还", "Refund"),
    Text("一次性收入", "One-off income"),
    Text("本月无变化", "No change this month"),
    Text("暂时无法统计", "Cannot be counted yet"),
    Text("其他", "Other"),
)
"""The short list a clerk picks from; free words may follow (R02, R05)."""
ROW_FINDINGS = ("unknown-org-unit", "extra-row", "duplicate-row")


class AnswerError(Exception):
    """An answer that cannot be taken; `message` says why in both languages, `answer` is the one, where it is known."""

    def __init__(self, message: Text, answer: Answer | None = None) -> None:
        self.message = message
        self.answer = answer
        super().__init__(message.en)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it arrives. `org_unit` tells questions apart that share a cell (several missing rows)."""

    sheet: str
    cell: str
    finding: str
    answer: str
    value: Any = None
    reason: str = ""
    org_unit: str = ""

    def fits(self, finding: Finding) -> bool:
        """Whether it answers this question."""
        place = finding.place
        here = (self.sheet, self.cell, self.finding) == (place.sheet, place.cell, finding.id)
        return here and (not self.org_unit or self.org_unit == place.org_unit)


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its answer, as the store keeps it beside the value."""

    finding: Finding
    answer: str
    value: Stored
    reason: str


def parse(entries: object) -> list[Answer]:
    """Answers from the JSON list of the contract; raises AnswerError for another shape."""
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise AnswerError(Text("答复应是一个列表", "answers must be a list of objects"))
    found = []
    for entry in entries:
        try:
            answer = Answer(
                str(entry["sheet"]), str(entry["cell"] or ""), str(entry["finding"]), str(entry["answer"]),
                entry.get("value"), str(entry.get("reason") or "").strip(), str(entry.get("org_unit") or ""),
            )  # fmt: skip
        except KeyError as error:
            raise AnswerError(Text(f"答复缺少 {error}", f"an answer lacks {error}")) from error
        if answer.answer not in (ACCEPT, KEEP, REPLACE):
            raise AnswerError(
                Text(f"不认识的答复“{answer.answer}”", f"unknown answer {answer.answer!r}; expected accept, keep or replace")
            )
        found.append(answer)
    return found


def settle(submission: Submission, findings: list[Finding], answers: Iterable[Answer], catalogue: Catalogue) -> list[Answered]:
    """Match answers to the questions asked, and change the values they change.

    Gives the answered questions; answers to nothing are passed over. Raises AnswerError where an answer cannot be taken.
    """
    settled = []
    for answer in answers:
        for finding in findings:
            if answer.fits(finding) and finding.severity != "notes":
                try:
                    value = _change(submission, finding, answer, catalogue)
                except AnswerError as error:
                    raise AnswerError(error.message, answer) from error
                settled.append(Answered(finding, answer.answer, value, answer.reason))
    return settled


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
    if finding.id in ROW_FINDINGS:
        return _name(submission, finding, str(given), catalogue)
    found = _cell(submission, finding)
    if found is None:
        raise AnswerError(Text(f"{place.words.zh}:这里没有可以更改的数值", f"{place.words.en}: there is no value here to change"))
    reading, row = found
    value = row.values.get(place.element)
    if value is None:
        value = Value(place.data_set, row.org_unit, place.element, None, MISSING, "", place.sheet, place.cell)
        row.values[place.element] = value
    element = reading.data_set.by_code[place.element]
    value.value = typed(element, given)
    value.status = REPORTED if value.value is not None else MISSING
    value.steps = (*value.steps, f"answer:{answer.answer}")
    return value.value


def _cell(submission: Submission, finding: Finding) -> tuple[SheetReading, Row] | None:
    place = finding.place
    for reading in submission.sheets:
        if reading.sheet == place.sheet and place.element in reading.data_set.by_code:
            for row in reading.rows:
                value = row.values.get(place.element)
                if (value is not None and value.cell == place.cell) or (value is None and row.number == place.row):
                    return reading, row
    return None


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
        reading, row = found
        reading.rows.remove(row)
        reading.counts["read"] -= 1
        reading.counts["ignored"] += 1


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


def typed(element: Element, given: Any) -> Stored:
    """A value given as an answer, in the element's own type; raises AnswerError when it does not fit."""
    if given is None or given == "":
        return None
    try:
        if element.type == "integer" and not isinstance(given, bool) and float(given) % 1 == 0:
            return int(float(given))
        if element.type == "decimal" and not isinstance(given, bool):
            return round(float(given), 4)
        if element.type == "date":
            return given if isinstance(given, date) else date.fromisoformat(str(given))
        if element.type == "boolean" and isinstance(given, bool):
            return given
        if element.type in ("text", "code", "month"):
            return str(given)
        if element.type == "enum" and any(choice.zh == given for choice in element.values):
            return str(given)
    except ValueError as error:
        raise AnswerError(Text(f"“{given}”不能作为{element.label.zh}", f"{given!r} does not fit {element.label.en}")) from error
    raise AnswerError(Text(f"“{given}”不能作为{element.label.zh}", f"{given!r} does not fit {element.label.en}"))
