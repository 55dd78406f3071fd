"""Exhibits in two columns of nearly the same height, so that no white space is left beside a tall one."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from townboard.charts.board import Board, Cell
from townboard.shell.panels import Exhibit, show
from townboard.shell.view import View

FRAME, PLAIN = 190, 400
"""Pixels: around an exhibit, a figure that does not say its height."""
AIR, LINE, LETTERS = 16, 24, 46
"""Pixels: around a row of a board, a line in it; about how many narrow letters the widest cell of a row holds in a line."""


def side_by_side(found: Sequence[Exhibit], view: View) -> None:
    """Show exhibits in two columns without holes."""
    for place, numbers in zip(st.columns(2), dealt([height(one) for one in found]), strict=True):
        with place:
            for n in numbers:
                show(found[n], view)


def height(exhibit: Exhibit) -> int:
    """About how many pixels an exhibit is high, with its frame."""
    if isinstance(exhibit.figure, Board):
        return FRAME + sum(AIR + LINE * max(map(_lines, row)) for row in exhibit.figure.rows)
    return FRAME + int(exhibit.figure.get("layout", {}).get("height", PLAIN))


def _lines(cell: Cell) -> int:
    """The lines a cell takes: a long one takes several. A Chinese letter is as wide as two."""
    wide = [sum(1 + (letter > "\u2e80") for part in line for letter in part.words) for line in cell.lines]
    return sum(max(1, -(-letters // LETTERS)) for letters in wide)


def dealt(heights: Sequence[int]) -> tuple[list[int], list[int]]:
    """The places of two columns of nearly the same height: each next one goes under the shorter column."""
    columns: tuple[list[int], list[int]] = ([], [])
    filled = [0, 0]
    for n, pixels in enumerate(heights):
        side = 0 if filled[0] <= filled[1] else 1
        columns[side].append(n)
        filled[side] += pixels
    return columns
