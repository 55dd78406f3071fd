"""The clerk's desk, without its furniture: which of four screens a workbook gets, how its findings are grouped, which answers a
question takes, and the answers that were given. Pure; the page draws it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from townboard.answers import ACCEPT, KEEP, REPLACE, ROW_FINDINGS, Answer
from townboard.catalogue import Catalogue, DataSet, Element, OrgUnit
from townboard.findings import ASKS, BLOCKS, KINDS, NOTES, Finding
from townboard.periods import Period, span
from townboard.store import Receipt
from townboard.text import Text, same

if TYPE_CHECKING:
    from townboard.journey import Examined

SEVERITIES = (BLOCKS, ASKS, NOTES)


@dataclass(frozen=True, slots=True)
class Screen:
    """One of the four things a clerk may see after an upload: what it is, and the next step."""

    title: Text
    next_step: Text
    tone: str  # success | info | warning | error
    icon: str


SCREENS: dict[str, Screen] = {
    "ready": Screen(
        Text("可以报送", "Ready to send"),
        Text("下一步:看一眼下面的变化,然后点“报送”。", "Next: glance over the changes below, then press “Send”."),
        "success", ":material/task_alt:",
    ),
    "needs_answers": Screen(
        Text("有 {asks} 个疑问需要答复", "{asks} questions need an answer"),
        Text("下一步:逐条答复(采纳建议、保留原值并说明原因、或改成正确的数),然后点“重新检查”。",
             "Next: answer each one (take the suggestion, keep the value with a reason, or correct it), then press “Check again”."),
        "warning", ":material/contact_support:",
    ),
    "needs_fixes": Screen(
        Text("有 {blocks} 处错误需要改正", "{blocks} errors must be corrected"),
        Text("下一步:在 Excel 中改正后重新上传;个别数字也可以直接在下面改,然后点“重新检查”。",
             "Next: correct them in Excel and upload again; single numbers can be corrected below, then press “Check again”."),
        "error", ":material/error:",
    ),
    "refused": Screen(
        Text("这个文件不能接收", "This file cannot be taken"),
        Text("下一步:{remedy}", "Next: {remedy}"), "error", ":material/block:",
    ),
}  # fmt: skip
"""Exactly one of these follows an upload; the keys are the contract's outcomes."""


def counts(findings: Sequence[Finding]) -> dict[str, int]:
    """How many findings of each severity."""
    return {severity: sum(finding.severity == severity for finding in findings) for severity in SEVERITIES}


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one kind on one sheet."""

    sheet: str
    severity: str
    title: Text
    why: Text
    findings: tuple[Finding, ...]


def grouped(findings: Sequence[Finding]) -> list[Group]:
    """Findings by severity (errors first), sheet and kind; sheets and kinds in the order in which they came."""
    found: dict[tuple[int, str, str], list[Finding]] = {}
    for severity in SEVERITIES:
        for finding in findings:
            if finding.severity == severity:
                found.setdefault((SEVERITIES.index(severity), finding.place.sheet, finding.id), []).append(finding)
    sheets = list(dict.fromkeys(finding.place.sheet for finding in findings))
    ordered = sorted(found.items(), key=lambda entry: (entry[0][0], sheets.index(entry[0][1])))
    return [
        Group(sheet, SEVERITIES[rank], KINDS[id].title, KINDS[id].why, tuple(entries)) for (rank, sheet, id), entries in ordered
    ]


def key(finding: Finding) -> str:
    """What tells one question from another and stays the same when the workbook is checked again."""
    place = finding.place
    return "|".join((finding.id, place.sheet, place.cell, place.org_unit or str(place.row or "")))


def element_of(finding: Finding, catalogue: Catalogue) -> Element | None:
    """The element a finding is about, if it is about one cell's value."""
    data_set = catalogue.data_set.get(finding.place.data_set)
    return data_set.by_code.get(finding.place.element) if data_set else None


def options(finding: Finding, catalogue: Catalogue) -> dict[str, Text]:
    """The answers a question takes, with their words; empty for notes, and for errors that only the workbook can put right."""
    if finding.severity == NOTES:
        return {}
    if finding.id in ROW_FINDINGS and finding.severity == ASKS:
        words = {KEEP: Text("这一行不读,并说明原因", "Leave the row out, with a reason")}
        return {REPLACE: Text("选择对应的村(社区)", "Choose the place"), **words} if finding.id == "unknown-org-unit" else words
    found: dict[str, Text] = {}
    if finding.suggestion is not None:
        found[ACCEPT] = Text("采纳建议:{value}", "Take the suggestion: {value}").fill(value=shown(finding.suggestion))
    if finding.severity == ASKS:
        found[KEEP] = _keep_words(finding)
    if element_of(finding, catalogue) is not None and finding.place.cell:
        found[REPLACE] = Text("改为……", "Correct it to …")
    return found


def _keep_words(finding: Finding) -> Text:
    if finding.id == "missing-row":
        return Text("确实未报,说明原因", "It is missing; say why")
    if finding.id == "missing-value":
        return Text("留空,说明原因", "Leave it blank; say why")
    if not finding.place.cell or finding.id in ("unchanged-workbook", "wrong-period", "copied-sheet"):
        return Text("确认无误,说明原因", "Confirm it, with a reason")
    return Text("保留原值,说明原因", "Keep the value, with a reason")


def shown(value: Any) -> str:
    """A suggestion as a clerk reads it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)


def places(finding: Finding, catalogue: Catalogue, unit: str) -> list[OrgUnit]:
    """The places a row may belong to: the candidates first, then the unit's others in official order."""
    data_set = catalogue.data_set.get(finding.place.data_set)
    if data_set is None:
        return []
    rows = list(catalogue.rows_of(data_set, unit))
    near = [place for place in rows if place.code in finding.candidates or place.label.zh in finding.candidates]
    return near + [place for place in rows if place not in near]


def answer(finding: Finding, chosen: str, *, value: Any = None, reason: str = "", words: str = "") -> Answer | None:
    """The answer as the journey takes it; None while it is not complete (no reason, no value).

    `reason` is from the short list, `words` what was added freely.
    """
    said = ":".join(part for part in (reason, words.strip()) if part)
    if chosen == KEEP and not said:
        return None
    if chosen == REPLACE and (value is None or value == ""):
        return None
    if chosen not in (ACCEPT, KEEP, REPLACE):
        return None
    given = value.isoformat() if isinstance(value, date) else value
    place = finding.place
    return Answer(place.sheet, place.cell, finding.id, chosen, given if chosen == REPLACE else None, said, place.org_unit)


At = tuple[str, str, str]
"""What a workbook was sent for: (unit, period, sha256)."""


@dataclass(slots=True)
class Desk:
    """What lies on one visitor's desk, kept through reruns: files by sha256, answers by question, receipts by what was sent.

    `sent`: the workbook as it was when its receipt was made. `seen`: the last one examined, with what it was examined under. `uploads` counts upload boxes.

    One plain object, got once per run: writing into it cannot be interrupted between a commit and its receipt.
    """

    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    open: dict[tuple[str, str], str] = field(default_factory=dict)
    answers: dict[At, dict[str, Answer]] = field(default_factory=dict)
    receipts: dict[At, Receipt] = field(default_factory=dict)
    sent: dict[At, Examined] = field(default_factory=dict)
    said: dict[At, Text] = field(default_factory=dict)
    seen: tuple[Any, Examined] | None = None
    uploads: int = 0

    def put(self, unit: str, period: str, sha256: str, name: str, data: bytes) -> None:
        """A file was chosen for a unit's month. The same bytes again change nothing; only the newest three are kept."""
        self.files[sha256] = (name, data)
        self.open[unit, period] = sha256
        for old in list(self.files)[:-3]:
            if old not in self.open.values():
                del self.files[old]

    def take_off(self, at: At) -> None:
        """Clear the desk of one file: its answers, its receipt and the file itself."""
        self.answers.pop(at, None)
        self.receipts.pop(at, None)
        self.sent.pop(at, None)
        self.said.pop(at, None)
        self.open.pop((at[0], at[1]), None)


def months(first: Period, now: Period) -> list[Period]:
    """The months a clerk may choose, newest first."""
    return list(reversed(span(first, now)))


def next_month(sent: Mapping[str, str], first: Period, now: Period, due: Sequence[Period]) -> Period:
    """The month a clerk most likely comes for: the latest returned one, else the first due after the latest sent, else now.

    `sent`: period → state of its latest version.
    """
    returned = [period for period, state in sent.items() if state == "returned"]
    if returned:
        return Period.parse(max(returned))
    if not sent:
        return due[-1] if due else now
    after = Period.parse(max(sent)).plus(1)
    return (
        next((period for period in due if period >= after), Period.parse(max(sent)))
        if after <= now
        else now
        if now >= first
        else first
    )


def due_words(owed: Sequence[DataSet]) -> Text:
    """`7 张表:封面、村集体经济、…`: the forms that a unit owes in a month."""
    if not owed:
        return Text("本月不需要报送", "Nothing is due this month")
    names = Text("、".join(data_set.sheet for data_set in owed), ", ".join(data_set.label.en for data_set in owed))
    return Text("{n} 张表:{names}", "{n} sheets: {names}").fill(n=same(str(len(owed))), names=names)
