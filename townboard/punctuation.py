"""Chinese signs: in Chinese words a comma, a colon, a bracket is as wide as a letter (GB/T 15834); in numbers, times and markup it is not.

Words are written here with the keyboard's narrow signs and get the wide ones when they are said (`text.Text.say`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_WIDER: Final = 0xFEE0
"""From a narrow sign's code point to the wide one's."""
_CHINESE = re.compile(r"[一-鿿》」”]")
_KEPT = re.compile(
    r"“[^”]*”|《[^》]*》|[^\s:,;/<>|“”\uff1a\uff0c\uff1b]{0,80}[\w)\uff09]\.(?:xls[xm]?|csv|docx|pdf|zip|png|svg|parquet)\b"
    r"|`[^`]*`|https?://[^\s一-鿿]+|\]\([^)\s]*\)|%?\{[^}]*\}|<[^>]*>|&#?\w+;|:material/\w+:|:[a-z]+(?:-[a-z]+)*(?=\[)"
)
"""What stays as it was written: what is quoted (a cell's own words, a sheet's name), names of files, addresses, links, tags, icons,
places to be filled."""
_HELD, _MOST = re.compile(r"[\ue000-\uefff]"), 0x1000
"""The letters of nobody's alphabet that stand for what is kept, and how many there are."""
_SIGN = re.compile(r"[;?!]|[,:](?!\d)|(?<!\d)[,:]")
_TORN = re.compile(r"((?<=[\d%])(?:\*\*)?) (?=[a-z一-鿿·])|(?<![^，；：、（。*])([一-鿿]{1,6}) (?=(?:\*\*)?\d)")
_PAIR = re.compile(r" ?\(([^()]*)\)")
_NUMBERS = re.compile(r"[\d.,/%+\-–− ]+")
_STITCH = "\u2060"
"""Holds what stands on its two sides together and is not seen."""
_SPAN = re.compile(r"(?<=\d)[-–](?=\d)")


@lru_cache(maxsize=16384)
def punctuated(words: str) -> str:
    """Chinese words with wide signs, before which no space stands; numbers and times keep their narrow ones."""
    if not _CHINESE.search(words) or _HELD.search(words):
        return words
    kept: list[str] = []

    def hold(found: re.Match[str]) -> str:
        if len(kept) == _MOST:
            return found[0]
        kept.append(found[0])
        return chr(0xE000 + len(kept) - 1)

    def pair(found: re.Match[str]) -> str:
        before = found.string[: found.start()].rstrip(" *")[-1:]
        near = (kept[ord(before) - 0xE000][-1] if _HELD.match(before) else before) + found[1]
        is_said = _CHINESE.search(near) or ((before.isdigit() or before == "%") and _NUMBERS.fullmatch(found[1]))
        return f"{_wide('(')}{found[1]}{_wide(')')}" if is_said else found[0]

    said = _KEPT.sub(hold, words)
    while (outer := _PAIR.sub(pair, said)) != said:  # from the inner brackets to the outer ones
        said = outer
    said = _SIGN.sub(lambda found: _wide(found[0]), said)
    return _HELD.sub(lambda found: kept[ord(found[0]) - 0xE000], said) if kept else said


def held(words: str) -> str:
    """The words with what must not be torn at a line's end held together: a number and its measure, a few letters and their number, a
    dot and what it stands behind, a date, from one number to another."""
    return _SPAN.sub(rf"\g<0>{_STITCH}", _TORN.sub(lambda found: f"{found[1] or found[2] or ''}\u00a0", words))


def _wide(sign: str) -> str:
    return chr(ord(sign) + _WIDER)
