"""A board as a picture to take away: a table in SVG whose words stay words. Pure functions.

Columns take the width their words want; where the picture is too narrow for all of them, those with long words give way and wrap.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from townboard.charts import framed, kit
from townboard.charts.board import ABSENT, FIGURE, SMALL, STEP, Board, Cell, Part
from townboard.text import printable

SIZE, SMALLER, LINE, PAD, GAP = 15, 13, 21, 9, 6
"""Pixels: letters, smaller letters, from line to line, around a cell's words, between two parts of a line."""
_RULE = "#C9CED6"
_HATCHING = (
    '<defs><pattern id="absent" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="2" height="9" fill="#D5D9E0"/></pattern></defs>'
)


class Placed(NamedTuple):
    """Words that have their place in a cell: pixels from its left edge, and the part they are of."""

    at: float
    words: str
    part: Part


def drawn(board: Board, width: int = framed.WIDTH - 2 * framed.MARGIN) -> tuple[bytes, int]:
    """The board as SVG of a width, and its height in pixels."""
    whole = (board.heads, *board.rows)
    widths = _widths([[row[n] for row in whole] for n in range(len(board.heads))], width)
    edges = [sum(widths[:n]) for n in range(len(widths) + 1)]
    out, top = _groups(board, edges)
    for number, row in enumerate(whole):
        words, high = _row(row, edges, top, is_head=number == 0)
        top += high
        out += [
            *words,
            f'<line x1="0" x2="{width}" y1="{top:.1f}" y2="{top:.1f}" stroke="{_RULE}" stroke-width="{1 if number else 2}"/>',
        ]
    height = int(top) + 4
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="{framed.FONTS}">{_HATCHING}{"".join(out)}</svg>'
    )
    return svg.encode("utf-8"), height


def _groups(board: Board, edges: Sequence[float]) -> tuple[list[str], float]:
    """The words over several heads, and how high they are."""
    out, high, first = [], 0.0, 1
    for words, span in board.groups:
        lines = framed.broken(words, edges[first + span] - edges[first] - 2 * PAD, SIZE)
        out += [_text(edges[first] + PAD, LINE * (n + 1), line, SIZE, "600") for n, line in enumerate(lines)]
        high, first = max(high, LINE * len(lines) + 4.0), first + span
    return out, high


def _row(row: Sequence[Cell], edges: Sequence[float], top: float, *, is_head: bool) -> tuple[list[str], float]:
    """The words of a row of cells, and how high it is."""
    bold = [is_head or n == 0 for n in range(len(row))]
    room = [edges[n + 1] - edges[n] for n in range(len(row))]
    flowed = [_flowed(cell, room[n] - 2 * PAD + 1) for n, cell in enumerate(row)]
    high = LINE * max((len(lines) for lines in flowed), default=1) + PAD
    out = []
    for n, lines in enumerate(flowed):
        if row[n].look == ABSENT:
            out.append(
                f'<rect x="{edges[n]:.1f}" y="{top + 1:.1f}" width="{room[n]:.1f}" height="{high - 1:.1f}" fill="url(#absent)"/>'
            )
        for at, line in enumerate(lines):
            out += [_word(edges[n] + PAD + one.at, top + LINE * (at + 1), one, bold[n]) for one in line]
    return out, high


def _widths(columns: Sequence[Sequence[Cell]], room: float) -> list[float]:
    """What every column gets of the room."""
    wanted = [2 * PAD + max((_line_width(line) for cell in cells for line in cell.lines), default=0.0) for cells in columns]
    least = [
        2 * PAD + max((_least(part) for cell in cells for line in cell.lines for part in line), default=0.0) for cells in columns
    ]
    spare = room - sum(wanted)
    if spare >= 0:
        return [width + spare / len(columns) for width in wanted]
    give = sum(want - low for want, low in zip(wanted, least, strict=True))
    part = min(1.0, -spare / give) if give else 0.0
    return [want - (want - low) * part for want, low in zip(wanted, least, strict=True)]


def _size(part: Part) -> int:
    return SMALLER if part.look in (SMALL, STEP) or part.look in kit.STATUS else SIZE


def _part_width(part: Part, words: str = "") -> float:
    return framed.span(words or part.words) * _size(part) + (16 if part.look in kit.STATUS else 0)


def _line_width(line: Sequence[Part]) -> float:
    return sum(_part_width(part) for part in line) + GAP * (len(line) - 1)


def _least(part: Part) -> float:
    """The least room a part needs: itself where it must not be broken, else its longest piece, but some words at least."""
    if part.look not in ("", SMALL):
        return _part_width(part)
    pieces = [piece for word in part.words.split() for piece in ([word] if word.isascii() else [word[:6]])]
    return max((_part_width(part, piece) for piece in pieces), default=0.0)


def _flowed(cell: Cell, room: float) -> list[list[Placed]]:
    """A cell's words in lines that fit its room: a part goes to the next line before it is broken."""
    found: list[list[Placed]] = []
    for line in cell.lines:
        at = 0.0
        found.append([])
        for part in line:
            wide = _part_width(part)
            if at and at + wide > room:
                found.append([])
                at = 0.0
            broken = framed.broken(part.words, room, _size(part)) if wide > room and part.look in ("", SMALL) else [part.words]
            for n, words in enumerate(broken):
                if n:
                    found.append([])
                    at = 0.0
                found[-1].append(Placed(at, words, part))
                at += _part_width(part, words) + GAP
    return found


def _word(x: float, y: float, one: Placed, bold: bool) -> str:
    look = one.part.look
    if look in kit.STATUS:
        colour, wide = kit.STATUS[look][3], _part_width(one.part, one.words)
        tint = f'<rect x="{x:.1f}" y="{y - 15:.1f}" width="{wide:.1f}" height="19" rx="9" fill="{colour}" fill-opacity="0.22"/>'
        return tint + _text(x + 8, y, one.words, SMALLER)
    weight = "600" if look in (FIGURE, STEP) or (bold and look != SMALL) else ""
    return _text(x, y, one.words, _size(one.part), weight, framed.PALE if look == SMALL else framed.INK)


def _text(x: float, y: float, words: str, size: int, weight: str = "", colour: str = framed.INK) -> str:
    heavy = f' font-weight="{weight}"' if weight else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}px" fill="{colour}"{heavy}>{escape(printable(words))}</text>'
