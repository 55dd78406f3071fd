"""Words from a workbook as a page says them: without effect as markdown."""

from __future__ import annotations


def safe(words: str) -> str:
    """Words from a workbook, without effect as markdown."""
    for mark in "\\`*_[]<>#|$~:":
        words = words.replace(mark, "\\" + mark)
    return words
