"""Words from a workbook as a page says them: without effect as markdown."""

from __future__ import annotations

import re

from townboard.text import printable

_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>#|$~:&"})
_LINES = re.compile(r"\s*[\r\n\v\f\u2028\u2029]\s*")
_CALLED = re.compile(r":(?=[/a-z])|www(?=\.)|@(?=[\w-])", re.IGNORECASE)
_LISTED = re.compile(r"^(\s*\d*)(?=[-+.)])")
_JOINER = "\u2060"
"""Takes no room and breaks no line. Backslashes are gone before addresses become links and `:material/…:` a picture; this stays."""


def safe(words: str) -> str:
    """Words from a workbook, without effect as markdown: one line, no list, no link, no picture, no colour."""
    line = _CALLED.sub(lambda found: found[0] + _JOINER, _LINES.sub(" ", printable(words)))
    return _LISTED.sub(r"\1\\", line.translate(_MARKS))
