"""Answers to questions: what one says, which question it fits, and how it is written down.

Three words: accept the suggestion, keep what was typed with a reason, replace it. What an answer changes is `settling`'s work;
which answers of earlier workbooks still hold is `earlier`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from townboard.findings import Finding
from townboard.submission import Stored
from townboard.text import Text

ACCEPT, KEEP, REPLACE = "accept", "keep", "replace"
WORDS: dict[str, Text] = {
    ACCEPT: Text("采纳建议", "suggestion taken"),
    KEEP: Text("保留原值", "value kept"),
    REPLACE: Text("改为", "corrected to"),
}
"""What was answered, as people read it everywhere."""
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
UNCHANGED = REASONS[5]
ROW_FINDINGS = ("unknown-org-unit", "extra-row", "duplicate-row")
ANSWERED = "answer:"
"""What a value's step begins with when an answer changed it: `answer:accept`."""
CORRECTED = "corrected-online"
"""The note under which a value is corrected that nobody had asked about."""
NO_ROW, ROW_TYPED = "missing-row", "row-typed"
"""The question about a place without a row, and the note beside each value that was typed in for it on the page."""
OF_ONE_FILE = ("duplicate-row",)
"""Questions whose answer names a row of one file: another file asks again."""


class AnswerError(Exception):
    """An answer that cannot be taken; `message` says why in both languages, `answer` is the one, where it is known."""

    def __init__(self, message: Text, answer: Answer | None = None) -> None:
        self.message = message
        self.answer = answer
        super().__init__(message.en)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it arrives. `org_unit` and `element` tell questions apart that share a cell.

    An answer from a file of answers names a cell. One that was given to a question (`to`) also knows what was asked about, and the
    text that stood there (`raw`): it fits the same question in a corrected file, wherever the cell is now, while the text is the same.
    `remember`: an unknown name is to be known from now on.
    """

    sheet: str
    cell: str
    finding: str
    answer: str
    value: Any = None
    reason: str = ""
    org_unit: str = ""
    element: str = ""
    data_set: str = ""
    raw: str | None = None
    remember: bool = False

    @classmethod
    def to(cls, finding: Finding, answer: str, value: Any = None, reason: str = "", *, remember: bool = False) -> Answer:
        """The answer to a question that was asked."""
        place = finding.place
        return cls(place.sheet, place.cell, finding.id, answer, value, reason, place.org_unit, place.element, place.data_set,
                   finding.raw, remember)  # fmt: skip

    def fits(self, finding: Finding) -> bool:
        """Whether it answers this question."""
        place = finding.place
        if self.finding != finding.id or (self.element and self.element != place.element):
            return False
        here = (self.sheet, self.cell) == (place.sheet, place.cell) and self.org_unit in ("", place.org_unit)
        if self.raw is None or finding.id in OF_ONE_FILE:
            return here
        same = (self.data_set, self.org_unit, self.element) == (place.data_set, place.org_unit, place.element)
        return self.raw == finding.raw and (same or here)

    def among(self, findings: Sequence[Finding]) -> list[Finding]:
        """The questions it answers: those in its own cell, else those about the same thing."""
        fitting = [finding for finding in findings if self.fits(finding)]
        return [found for found in fitting if (found.place.sheet, found.place.cell) == (self.sheet, self.cell)] or fitting

    @property
    def question(self) -> tuple[str, ...]:
        """What it is the answer to: a second answer to it takes the place of the first."""
        return self.finding, self.sheet, self.cell, self.org_unit, self.element, self.raw or ""

    def to_json(self) -> dict[str, Any]:
        """The object that `parse` reads; dates ISO."""
        value = self.value.isoformat() if isinstance(self.value, date) else self.value
        return {
            "sheet": self.sheet, "cell": self.cell, "finding": self.finding, "answer": self.answer, "value": value,
            "reason": self.reason, "org_unit": self.org_unit, "element": self.element, "data_set": self.data_set, "raw": self.raw,
            "remember": self.remember,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its answer, as the store keeps it beside the value.

    `given`: the answer as it arrived. `since`: the month whose workbook explained it already, "" where it was answered now; `by`: who did.
    """

    finding: Finding
    answer: str
    value: Stored
    reason: str
    given: Answer | None = field(default=None, compare=False)
    since: str = ""
    by: str = ""

    def to_json(self) -> dict[str, Any]:
        """The question's own object with its answer."""
        value = self.value.isoformat() if isinstance(self.value, date) else self.value
        said = {"answer": self.answer, "value": value, "reason": self.reason, "since": self.since or None}
        return {**self.finding.to_json(), "answered": said}


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
                str(entry.get("element") or ""), str(entry.get("data_set") or ""), entry.get("raw"), entry.get("remember") is True,
            )  # fmt: skip
        except KeyError as error:
            raise AnswerError(Text(f"答复缺少 {error}", f"an answer lacks {error}")) from error
        if answer.answer not in (ACCEPT, KEEP, REPLACE):
            raise AnswerError(
                Text(f"不认识的答复“{answer.answer}”", f"unknown answer {answer.answer!r}; expected accept, keep or replace")
            )
        found.append(answer)
    return found


def with_answer(answers: Iterable[Answer], answer: Answer) -> list[Answer]:
    """The answers with one more; an earlier one to the same question makes room for it."""
    return [*(other for other in answers if other.question != answer.question), answer]
