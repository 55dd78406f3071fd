"""Checking a submission: every finding in one pass, whatever else is wrong.

A check is a function from a `Sight` to findings. By reach: `cell` (one value), `row` (relations between values),
`sheet` (rows against the register, totals), `past` (against approved history and the office's registers).
Parse findings come from `recognise` and stand in the submission already.
"""

from __future__ import annotations

import re

from townboard.catalogue import Catalogue
from townboard.checks import cell, past, row, sheet
from townboard.checks.sight import Sight
from townboard.findings import Finding
from townboard.submission import History, SheetReading, Submission

_ROW_NUMBER = re.compile(r"\d+")


def check(submission: Submission, catalogue: Catalogue, history: History) -> list[Finding]:
    """All findings of a submission, parse findings first, then in sheet order. `count` completes the rows' counts afterwards.

    A row that stands twice with equal values is taken once: its second reading is dropped from the submission.
    """
    sight = Sight(submission, catalogue, history)
    found = list(submission.findings)
    for reading in submission.sheets:
        found += sheet.duplicate_rows(sight, reading)
        found += cell.check(sight, reading)
        found += row.check(sight, reading)
        found += sheet.check(sight, reading)
        found += past.check(sight, reading)
    found += past.whole_workbook(sight)
    found += sheet.missing_sheets(sight)
    return list({(finding.id, finding.place): finding for finding in reversed(found)}.values())[::-1]


def count(submission: Submission) -> None:
    """Complete the row counts of every sheet from the findings that are open."""
    for reading in submission.sheets:
        if not reading.is_harvested:
            _count(reading, submission.findings)


def _count(reading: SheetReading, found: list[Finding]) -> None:
    """Every row that was read is either accepted or held: held while a question or an error stands in it."""
    rows = (
        {int(_row(cell)) for cell in reading.columns.values()} if reading.vertical
        else {row.number for row in reading.rows if not row.is_typed}
    )  # fmt: skip
    held = set()
    for finding in found:
        if finding.severity != "notes" and finding.place.sheet == reading.sheet:
            number = int(_row(finding.place.cell)) if finding.place.cell else finding.place.row
            if number in rows:
                held.add(number)
    reading.counts["held"] = len(held)
    reading.counts["accepted"] = reading.counts["read"] - len(held)


def _row(cell: str) -> str:
    match = _ROW_NUMBER.search(cell)
    return match[0] if match else "0"
