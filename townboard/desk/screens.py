"""Which of four screens a workbook gets, and its next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from townboard.findings import ASKS, BLOCKS, NOTES, Finding
from townboard.text import Text

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
        Text("有 {asks} 个疑问需要答复", "{asks:question needs|questions need} an answer"),
        Text("下一步:逐条点一下答复:采纳建议,或保留并说明原因;要改的数在表格里直接改。",
             "Next: answer each one with a click: take the suggestion, or keep the value with a reason; numbers can be corrected in the grid."),
        "warning", ":material/contact_support:",
    ),
    "needs_fixes": Screen(
        Text("有 {blocks} 处错误需要改正", "{blocks:error|errors} must be corrected"),
        Text("下一步:个别数字直接在下面的表格里改,然后点“重新检查”;改得多就在 Excel 中改正后重新上传,已答复的不用再答。",
             "Next: correct single numbers in the grid below, then press “Check again”; or correct the workbook and upload it again: "
             "your answers are kept."),
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
