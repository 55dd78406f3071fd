"""How a Chinese official document is printed: its punctuation is as wide as its letters.

The pages keep the narrow signs of the screen; only what is handed out on paper is set so.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from townboard.briefing.sheet import Block, Chart, Heading, Sheet, Signed, Table, Words

_WIDER: Final = 0xFEE0
"""From a narrow sign's code point to the wide one's."""
_CHINESE = re.compile(r"[一-鿿]")
_SIGN = re.compile(r"[;?!]|[,:](?!\d)|(?<!\d)[,:]")
_PAIR = re.compile(r"\(([^()]*)\)")


def punctuated(words: str) -> str:
    """Chinese words with wide signs; numbers and times keep their narrow ones, as do the brackets around numbers after a number."""
    if not _CHINESE.search(words):
        return words

    def pair(found: re.Match[str]) -> str:
        near = words[: found.start()][-1:] + found[1]
        return f"{_wide('(')}{found[1]}{_wide(')')}" if _CHINESE.search(near) else found[0]

    return _SIGN.sub(lambda found: _wide(found[0]), _PAIR.sub(pair, words))


def _wide(sign: str) -> str:
    return chr(ord(sign) + _WIDER)


def official(sheet: Sheet) -> Sheet:
    """The document as it is printed; an English one is left as it is."""
    if sheet.language != "zh":
        return sheet
    return replace(
        sheet, title=punctuated(sheet.title), under=[punctuated(line) for line in sheet.under], mark=punctuated(sheet.mark),
        blocks=[_block(block) for block in sheet.blocks],
    )  # fmt: skip


def _block(block: Block) -> Block:
    if isinstance(block, Heading | Words):
        return replace(block, words=punctuated(block.words))
    if isinstance(block, Table):
        rows = [[punctuated(cell) for cell in row] for row in block.rows]
        return replace(block, heads=[punctuated(head) for head in block.heads], rows=rows)
    if isinstance(block, Chart):
        return replace(block, title=punctuated(block.title), source=punctuated(block.source))
    if isinstance(block, Signed):
        return replace(block, lines=[punctuated(line) for line in block.lines])
    return block
