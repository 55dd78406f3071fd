"""The questions of one submission meeting their answers, in rounds: an answered value may raise a question of its own.

The clerk's answers come first, then those of earlier workbooks that still hold. Afterwards the submission's findings are complete.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from functools import partial

from townboard import checks
from townboard.answers import KEEP, REPLACE, Answer, Answered, AnswerError, earlier, settling
from townboard.answers.values import as_typed
from townboard.catalogue import Catalogue
from townboard.findings import ASKS, NOTES, Finding, Subject
from townboard.submission import Explained, History, Submission


def columns(
    submission: Submission, given: list[Answer], history: History, reopened: Collection[Subject]
) -> tuple[settling.Columns, list[Answered]]:
    """What was said of missing columns, now or with an earlier workbook; the sheet is then read again with it."""
    meant, settled = settling.columns(submission.findings, given)
    missing = [finding for finding in submission.findings if finding.id == settling.NO_COLUMN
               and (finding.place.data_set, finding.place.element) not in meant]  # fmt: skip
    for _, answer, known in earlier.recalled(missing, history, reopened):
        with suppress(AnswerError):
            before, answered = settling.columns(submission.findings, [answer])
            meant |= before
            settled += [replace(one, since=known.period, by=known.by) for one in answered]
    return meant, settled


class Rounds:
    """One submission being settled. `settled`: what was answered already; `reopened`: what the clerk wants to answer anew."""

    def __init__(
        self, submission: Submission, catalogue: Catalogue, history: History, settled: list[Answered], reopened: frozenset[Subject]
    ) -> None:  # fmt: skip
        self.submission, self.catalogue, self.history = submission, catalogue, history
        self.parsed = list(submission.findings)
        self.settled = settled
        self.reopened = reopened

    def all(self, given: list[Answer]) -> list[Answered]:
        """Settle the clerk's answers, then the earlier ones; an answered value may raise a question of its own."""
        self.settled += settling.corrections(self.submission, given, self.catalogue)
        for answer, known in earlier.corrected(self.history, self.reopened | {one.finding.subject for one in self.settled}):
            self._recall(settling.corrections, [answer], known)
        left, tried = given, set(self.reopened)
        self._check()
        while True:
            asked = [finding for finding in self.submission.findings if finding.severity != NOTES]
            if fitting := [answer for answer in left if answer.among(asked)]:
                left = [answer for answer in left if answer not in fitting]
                self.settled += settling.settle(self.submission, asked, fitting, self.catalogue)
            elif again := earlier.recalled(asked, self.history, tried):
                for finding, answer, known in again:
                    tried.add(finding.subject)
                    self._recall(partial(_settle, finding), [answer], known)
            else:
                return self.settled
            self._check()

    def _recall(
        self, settle: Callable[[Submission, list[Answer], Catalogue], list[Answered]], answers: list[Answer], known: Explained
    ) -> None:
        """Take an earlier answer over; one that no longer fits is passed over, and its question asked."""
        with suppress(AnswerError):
            settled = settle(self.submission, answers, self.catalogue)
            self.settled += [replace(one, since=known.period, by=known.by) for one in settled]

    def _check(self) -> None:
        """All findings of the submission as it stands after the answers, less the questions that were answered.

        A replaced value is a new value: whatever it raises is asked again and quotes it, unless a reason came with it. Errors are
        never answered away.
        """
        done = {_asked_at(one.finding) for one in self.settled if one.answer != REPLACE or one.reason}
        rewritten = {(one.finding.place.sheet, one.finding.place.cell): one for one in self.settled
                     if one.answer != KEEP and one.finding.id != settling.NO_COLUMN}  # fmt: skip

        def is_open(finding: Finding) -> bool:
            return finding.severity != ASKS or not {_asked_at(finding), _asked_at(finding, "")} & done

        def quoted(finding: Finding) -> Finding:
            one = rewritten.get((finding.place.sheet, finding.place.cell))
            if one is None or not finding.place.element or one.finding.place.element != finding.place.element:
                return finding
            return replace(finding, raw=as_typed(one.value))

        kept = [found for found in self.parsed if (found.place.sheet, found.place.cell) not in rewritten and is_open(found)]
        self.submission.findings = kept
        found = checks.check(self.submission, self.catalogue, self.history)
        notes = [one.finding for one in self.settled if one.finding.severity == NOTES]
        self.submission.findings = [quoted(finding) for finding in found if is_open(finding)] + notes


def _settle(finding: Finding, submission: Submission, answers: list[Answer], catalogue: Catalogue) -> list[Answered]:
    return settling.settle(submission, [finding], answers, catalogue)


def _asked_at(finding: Finding, org_unit: str | None = None) -> tuple[str, ...]:
    place = finding.place
    return finding.id, place.sheet, place.cell, place.element, place.org_unit if org_unit is None else org_unit
