"""Questions as a clerk meets them: grouped and counted, each with the answers it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from townboard.answers import ACCEPT, KEEP, NO_ROW, REPLACE, ROW_FINDINGS, Answer
from townboard.answers.settling import NO_COLUMN
from townboard.catalogue import Catalogue, DataSet, Element, OrgUnit
from townboard.desk.screens import SEVERITIES
from townboard.findings import ASKS, KINDS, NOTES, Finding
from townboard.submission import Row, Submission
from townboard.text import Text


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one kind on one sheet."""

    sheet: str
    severity: str
    title: Text
    why: Text
    findings: tuple[Finding, ...]

    @property
    def id(self) -> str:
        """The kind of its findings."""
        return self.findings[0].id


def grouped(findings: Sequence[Finding]) -> list[Group]:
    """Findings sheet by sheet, errors first, then kind by kind; sheets and kinds in the order in which they came."""
    found: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        found.setdefault((finding.place.sheet, finding.severity, finding.id), []).append(finding)
    sheets = list(dict.fromkeys(finding.place.sheet for finding in findings))
    ordered = sorted(found.items(), key=lambda entry: (sheets.index(entry[0][0]), SEVERITIES.index(entry[0][1])))
    return [Group(sheet, severity, KINDS[id].title, KINDS[id].why, tuple(entries)) for (sheet, severity, id), entries in ordered]


def key(finding: Finding) -> str:
    """What tells one question from another on the page, and stays the same when the workbook is checked again."""
    place = finding.place
    return "|".join((finding.id, place.sheet, place.cell, place.org_unit or str(place.row or ""), place.element))


def element_of(finding: Finding, catalogue: Catalogue) -> Element | None:
    """The element a finding is about, if it is about one cell's value."""
    data_set = catalogue.data_set.get(finding.place.data_set)
    return data_set.by_code.get(finding.place.element) if data_set and finding.id != NO_COLUMN else None


def options(finding: Finding, catalogue: Catalogue) -> dict[str, Text]:
    """The answers a question takes, with their words; empty for notes, and for errors that only the workbook can put right."""
    if finding.severity == NOTES:
        return {}
    if finding.id == "duplicate-row":
        return {REPLACE: Text("以第 {row} 行为准", "Row {row} counts")}
    if finding.id == NO_COLUMN:
        words = {REPLACE: Text("是表中的哪一列?", "Which column is it?"), KEEP: Text("文件中没有这一列", "The file has none")}
        return words if finding.place.element else {}
    if finding.id in ROW_FINDINGS and finding.severity == ASKS:
        words = {KEEP: Text("这一行不读", "Leave the row out")}
        return {REPLACE: Text("选择对应的村(社区)", "Choose the place"), **words} if finding.id == "unknown-org-unit" else words
    found: dict[str, Text] = {}
    if finding.id == NO_ROW:
        found[REPLACE] = Text("在下面补填", "Type it in below")
    if finding.suggestion is not None:
        found[ACCEPT] = Text("采纳建议:{value}", "Take the suggestion: {value}").fill(value=shown(finding.suggestion))
    if finding.severity == ASKS:
        found[KEEP] = _keep_words(finding)
    if element_of(finding, catalogue) is not None and finding.place.cell:
        found[REPLACE] = Text("在表格里改", "Correct it in the grid")
    return found


def _keep_words(finding: Finding) -> Text:
    if finding.id == NO_ROW:
        return Text("确实未报", "It is missing")
    if finding.id == "missing-value":
        return Text("留空", "Leave it blank")
    if not finding.place.cell or finding.id in ("unchanged-workbook", "wrong-period", "copied-sheet"):
        return Text("确认无误", "Confirm it")
    return Text("保留原值", "Keep the value")


def shown(value: Any) -> Text:
    """A value as a clerk reads it."""
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    words = f"{value:.10g}" if isinstance(value, float) else str(value)
    return Text(words, words)


def places(finding: Finding, catalogue: Catalogue, unit: str) -> tuple[list[OrgUnit], list[OrgUnit]]:
    """The places a row may belong to: up to three candidates, and the unit's others in official order."""
    data_set = catalogue.data_set.get(finding.place.data_set)
    if data_set is None:
        return [], []
    rows = list(catalogue.rows_of(data_set, unit))
    near = [place for name in finding.candidates for place in rows if name in (place.code, place.label.zh)][:3]
    return near, [place for place in rows if place not in near]


def rivals(finding: Finding, submission: Submission) -> list[Row]:
    """The rows that stand for one place, of which one must be chosen; the one asked about among them."""
    for reading in submission.sheets:
        if reading.sheet == finding.place.sheet and reading.data_set.code == finding.place.data_set:
            return [row for row in reading.rows if row.org_unit == finding.place.org_unit]
    return []


def differing(rows: Sequence[Row], data_set: DataSet) -> list[Element]:
    """The elements in which rows differ, in the order of the sheet; what is computed anyway left out."""

    def said(code: str) -> set[tuple[str, str]]:
        return {(row.values[code].status, str(row.values[code].value)) for row in rows if code in row.values}

    return [element for element in data_set.elements if element.fill != "derived" and len(said(element.code)) > 1]


def answer(
    finding: Finding, chosen: str, *, value: Any = None, reason: str = "", words: str = "", remember: bool = False
) -> Answer | None:
    """The answer as the journey takes it; None while it is not complete (no reason, no value).

    `reason` is from the short list, `words` what was added freely.
    """
    said = ":".join(part for part in (reason, words.strip()) if part)
    if chosen == KEEP and not said and finding.id != NO_COLUMN:
        return None
    if chosen == REPLACE and (value is None or value == ""):
        return None
    if chosen not in (ACCEPT, KEEP, REPLACE):
        return None
    given = value.isoformat() if isinstance(value, date) else value
    return Answer.to(finding, chosen, given if chosen == REPLACE else None, said, remember=remember)
