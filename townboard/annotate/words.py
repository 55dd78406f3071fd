"""What the marks say: one line a finding, in the visitor's language: what is wrong, what was expected, how to put it right."""

from __future__ import annotations

from townboard.findings import Finding
from townboard.marks import OPENINGS
from townboard.text import Language, Text

_LINE = Text("{opening}{label}{sentence}。怎样改:{remedy}", "{opening}{label}{sentence}. To fix: {remedy}")
_SUGGESTED = Text("(建议:{value})", " (suggested: {value})")
_YES, _NO = Text("是", "yes"), Text("否", "no")
LONGEST = 8000
"""Letters of ours in one cell or comment; Excel takes 32,767."""


def problem(finding: Finding, language: Language) -> str:
    """What is wrong, without the place."""
    return finding.sentence.say(language).rstrip("。.")


def remedy(finding: Finding, language: Language) -> str:
    """How to put it right, with the suggestion where the sentence does not name it."""
    words = finding.remedy.say(language).rstrip("。.")
    value = suggested(finding, language)
    said = words + problem(finding, language)
    return words + (_SUGGESTED.fill(value=value).say(language) if value and value not in said else "")


def suggested(finding: Finding, language: Language) -> str:
    """The suggestion as a person writes it, "" where there is none."""
    value = finding.suggestion
    if isinstance(value, bool):
        return (_YES if value else _NO).say(language)
    if value is None:
        return ""
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def line(finding: Finding, language: Language) -> str:
    """【错误】经营性收入:“abc”不是数字。怎样改:改成数字。"""
    label = finding.place.label
    named = Text(f"{label.zh}:" if label.zh else "", f"{label.en}: " if label.en else "")
    return _LINE.say(language).format(
        opening=OPENINGS[finding.severity].say(language), label=named.say(language), sentence=problem(finding, language),
        remedy=_ended(remedy(finding, language), language),
    )  # fmt: skip


def _ended(words: str, language: Language) -> str:
    """A sentence with its stop."""
    return words if words.endswith(("?", "？", "。", ".")) else words + Text("。", ".").say(language)


def lines(findings: list[Finding], language: Language, between: str) -> str:
    """Several findings of one cell or one row."""
    return between.join(dict.fromkeys(line(finding, language) for finding in findings))[:LONGEST]
