"""A board as HTML for the page. Every word is escaped here; colours are mixed from the page's own text colour and the status colours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape

from townboard.charts import kit
from townboard.charts.board import ABSENT, SMALL, Board, Cell, Part

PLACE = "townboard-place"
"""The class of a link from a board to a place; the browser's part is `door.scripts`."""

_TORN, _STITCH = (
    re.compile(r"(?<=\d)(?=[一-鿿–])|(?<=\d–)(?=\d)|(?<=四)(?=分)|(?<=四分)(?=[位之])|(?<=之)(?=一)|(?<=中)(?=位)"),
    "&#8288;",
)
"""Where no line may end, between a number and its Chinese measure, inside a span of numbers and the words 四分位, 四分之一, 中位; and what
keeps it from there unseen."""

_LONG = re.compile(r"(?<=\d\.\d\d)/(?=\d)")
"""Where two amounts may stand below each other on a telephone: `3,076.10/3,147.90`."""


@lru_cache(maxsize=256)
def html(board: Board) -> str:
    """The whole table, in a box that scrolls where it is wider than the page. Made once for a board."""
    corner, *others = board.heads
    if board.groups:
        groups = "".join(f'<th scope="colgroup" colspan="{span}">{escape(words)}</th>' for words, span in board.groups)
        second = "".join(f'<th scope="col" class="small">{_lines(head, plain=SMALL)}</th>' for head in others)
        top = f'<tr><th scope="col" rowspan="2">{_lines(corner)}</th>{groups}</tr><tr>{second}</tr>'
    else:
        heads = "".join(f'<th scope="col">{_lines(head)}</th>' for head in board.heads)
        top = f"<tr>{heads}</tr>"
    first = "place" if board.is_grid else "wraps"
    body = "".join(_row(row, first) for row in board.rows)
    return f'<div class="townboard-scroll"><table class="townboard"><thead>{top}</thead><tbody>{body}</tbody></table></div>'


def leads(board: Board) -> bool:
    """Whether some of its words lead to a place."""
    return any(part.leads for row in board.rows for cell in row for line in cell.lines for part in line)


def _row(row: Sequence[Cell], first: str) -> str:
    return f'<tr><th scope="row" class="{first}">{_lines(row[0])}</th>{"".join(_cell(cell) for cell in row[1:])}</tr>'


def _cell(cell: Cell) -> str:
    look = {ABSENT: ' class="absent small"', SMALL: ' class="small"'}.get(cell.look, "")
    return f"<td{look}>{_lines(cell)}</td>"


def _lines(cell: Cell, plain: str = "") -> str:
    """The lines below each other; `plain`: the look that the cell has already."""
    return "<br>".join(" ".join(_part(part, plain) for part in line) for line in cell.lines)


def _part(part: Part, plain: str) -> str:
    words = _LONG.sub("/<wbr>", _TORN.sub(_STITCH, escape(part.words)))
    if part.leads:
        words = f'<a class="{PLACE}" href="{escape(part.leads)}">{words}</a>'
    if part.look in kit.STATUS:
        return f'<span class="mark" style="background: color-mix(in srgb, {kit.STATUS[part.look][3]} 22%, transparent)">{words}</span>'
    look = "small step" if part.look == "step" else part.look
    return words if look in ("", plain) else f'<span class="{look}">{words}</span>'
