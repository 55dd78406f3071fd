"""What a document is made of. `word` and `pdf` write the same blocks; a test reads them as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from townboard.text import Language, printable


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` 1 begins a part, 2 stands inside one."""

    words: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph; `small` for sources and notes."""

    words: str
    small: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of words; a cell may have several lines, and a row of one cell goes across: it says what the rows below it are. `numeric`
    columns stand to the right; `widths` are shares of the page's width."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Chart:
    """One of the pages' figures (a plain Plotly dict), with the sentence it proves; drawn as a picture by `pictures`."""

    figure: Mapping[str, Any]
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Break:
    """What follows begins on a new page."""


@dataclass(frozen=True, slots=True)
class Signed:
    """Who issues the document and when, to the right at the end of its text."""

    lines: Sequence[str]


Block = Heading | Words | Table | Chart | Break | Signed


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole document. `letters`: how large its text is set, in points. `mark` stands on every page: what the figures are as of, and that they are invented where they are."""

    title: str
    under: Sequence[str]
    mark: str
    language: Language
    blocks: Sequence[Block] = field(default_factory=tuple)
    letters: float = 12

    @property
    def is_dense(self) -> bool:
        """Whether it is set in small letters, so that much stands on a page."""
        return self.letters < 12

    @property
    def charts(self) -> list[Chart]:
        """Its charts, in order."""
        return [block for block in self.blocks if isinstance(block, Chart)]

    def lines(self) -> list[str]:
        """The document as plain lines: what a golden file keeps."""
        found = [self.title, *self.under]
        for block in self.blocks:
            if isinstance(block, Heading):
                found += ["", f"{'#' * block.level} {block.words}"]
            elif isinstance(block, Words):
                found.append(block.words)
            elif isinstance(block, Table):
                found += [" | ".join(row).replace("\n", " ") for row in (block.heads, *block.rows)]
            elif isinstance(block, Chart):
                found.append(f"[{block.title}] {block.source}")
            elif isinstance(block, Signed):
                found += ["", *block.lines]
            else:
                found += ["", "---"]
        return [*found, "", self.mark]


def printed(sheet: Sheet) -> Sheet:
    """The document with words that any file may hold: one letter typed in a township stops no county's brief."""
    return replace(
        sheet, title=printable(sheet.title), under=[printable(line) for line in sheet.under], mark=printable(sheet.mark),
        blocks=[_printed(block) for block in sheet.blocks],
    )  # fmt: skip


def _printed(block: Block) -> Block:
    if isinstance(block, Heading | Words):
        return replace(block, words=printable(block.words))
    if isinstance(block, Table):
        rows = [[printable(cell) for cell in row] for row in block.rows]
        return replace(block, heads=[printable(head) for head in block.heads], rows=rows)
    if isinstance(block, Chart):
        return replace(block, title=printable(block.title), source=printable(block.source))
    if isinstance(block, Signed):
        return replace(block, lines=[printable(line) for line in block.lines])
    return block
