"""What lies on one visitor's desk, kept through reruns: files, answers, half-given answers, corrections, receipts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from townboard.answers import Answer, with_answer
from townboard.findings import Subject
from townboard.preview import Change
from townboard.store import Draft, Receipt
from townboard.text import Text

if TYPE_CHECKING:
    from townboard.journey import Examined

Month = tuple[str, str]
"""(unit, period)."""
At = tuple[str, str, str]
"""What a workbook was sent for: (unit, period, sha256)."""
Cell = tuple[str, str, str]
"""One cell of the grid: (data set, row, element)."""
FILES = 3


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """Somebody else's version that came while a workbook lay here: which, who, and what it changed."""

    version: int
    by: str
    changes: tuple[Change, ...]


@dataclass(slots=True)
class Desk:
    """Files by sha256; everything else by unit and month, so that another file for the month finds the answers given before.

    `half`: what was ticked or written and not yet given as an answer, by widget. `edits`: corrections in the grid that were not checked
    yet. `reopened`: questions of earlier workbooks that are to be answered anew. `left_out`: forms of the file that are not
    to be sent this time. `sent`: the workbook as it was when its receipt was made. `seen`: the last ones examined, with what each was
    examined under. `drafts`: the draft as it was last kept or taken over here; `beside`: somebody else's, which keeps this desk's work
    from being kept until one of the two is chosen. `uploads` counts upload boxes.

    One plain object, got once per run: writing into it cannot be interrupted between a commit and its receipt.
    """

    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    open: dict[Month, str] = field(default_factory=dict)
    answers: dict[Month, list[Answer]] = field(default_factory=dict)
    half: defaultdict[Month, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    edits: defaultdict[Month, dict[Cell, Any]] = field(default_factory=lambda: defaultdict(dict))
    reopened: defaultdict[Month, set[Subject]] = field(default_factory=lambda: defaultdict(set))
    left_out: defaultdict[Month, set[str]] = field(default_factory=lambda: defaultdict(set))
    receipts: dict[At, Receipt] = field(default_factory=dict)
    sent: dict[At, Examined] = field(default_factory=dict)
    said: dict[Month, Text] = field(default_factory=dict)
    meanwhile: dict[Month, Meanwhile] = field(default_factory=dict)
    saved: dict[Month, Any] = field(default_factory=dict)
    drafts: dict[Month, Draft] = field(default_factory=dict)
    beside: dict[Month, Draft] = field(default_factory=dict)
    seen: dict[Month, tuple[Any, Examined]] = field(default_factory=dict)
    uploads: int = 0

    def put(self, unit: str, period: str, sha256: str, name: str, data: bytes) -> None:
        """A file was chosen for a unit's month. The same bytes again change nothing; only the newest three are kept, and the receipt
        of another file makes room."""
        month = (unit, period)
        for at in [at for at in self.sent if at[:2] == month and at[2] != sha256]:
            del self.sent[at]
            self.receipts.pop(at, None)
        if self.open.get(month) != sha256:
            self.said.pop(month, None)
            self.left_out.pop(month, None)
        self.files[sha256] = (name, data)
        self.open[month] = sha256
        for old in list(self.files)[:-FILES]:
            if old not in self.open.values():
                del self.files[old]

    def answer(self, month: Month, *answers: Answer) -> None:
        """Take answers; one to a question that was answered takes the place of the earlier."""
        given = self.answers.get(month, [])
        for answer in answers:
            given = with_answer(given, answer)
        self.answers[month] = given

    def take_off(self, at: At) -> None:
        """Clear the desk of a month's file and of everything said about it."""
        month = at[:2]
        self.receipts.pop(at, None)
        self.sent.pop(at, None)
        for kept in (
            self.open,
            self.answers,
            self.half,
            self.edits,
            self.reopened,
            self.left_out,
            self.said,
            self.meanwhile,
            self.saved,
            self.drafts,
            self.beside,
        ):
            kept.pop(month, None)
