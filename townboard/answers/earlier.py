"""Answers of workbooks sent before: a question that was answered is not asked again unless the value changes.

A correction of the same month takes over every answer to the same question on the same text. A later month takes over explanations of
a value that still stands there; what is about the month itself (a missing value, no change, another month's name) is asked every time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from townboard.answers import ACCEPT, CORRECTED, KEEP, OF_ONE_FILE, REPLACE, Answer
from townboard.answers.settling import NO_COLUMN
from townboard.answers.values import as_typed
from townboard.findings import ASKS, NOTES, Finding, Subject
from townboard.submission import Explained, History

OF_THE_MONTH = frozenset({"missing-value", "missing-row", "wrong-period", "unchanged-workbook", "copied-sheet", "row-shift"})
"""Questions whose answer says something about one month only."""


def recalled(
    findings: Iterable[Finding], history: History, reopened: Collection[Subject]
) -> list[tuple[Finding, Answer, Explained]]:
    """The earlier answers that still hold for these questions; `reopened` are those the clerk wants to answer anew."""
    found = []
    for finding in findings:
        known = history.explained.get(finding.subject)
        if known is not None and finding.subject not in reopened and _holds(finding, known, history):
            value = known.value if known.answer == REPLACE else None
            found.append((finding, Answer.to(finding, known.answer, value, known.reason), known))
    return found


def corrected(history: History, reopened: Collection[Subject]) -> list[tuple[Answer, Explained]]:
    """The values that were corrected on the page for an earlier version of this month, unasked."""
    found = []
    for subject, known in history.explained.items():
        id, data_set, org_unit, element, raw = subject
        if id == CORRECTED and known.period == str(history.period) and subject not in reopened:
            answer = Answer("", "", id, known.answer, known.value, known.reason, org_unit, element, data_set, raw)
            found.append((answer, known))
    return found


def _holds(finding: Finding, known: Explained, history: History) -> bool:
    if finding.severity == NOTES or finding.id in OF_ONE_FILE:
        return False
    this_month = known.period == str(history.period)
    if finding.id == NO_COLUMN:
        return this_month or known.answer == REPLACE
    if known.answer == KEEP:
        if finding.severity != ASKS:
            return False
        return this_month or (finding.id not in OF_THE_MONTH and finding.raw != "")
    if known.answer == ACCEPT:
        return this_month and finding.suggestion is not None and known.suggestion == as_typed(finding.suggestion)
    return this_month and known.value is not None
