"""The pages' charts and boards as pictures: bare ones for documents, framed ones (title, unit, source, as-of, mark) to take away.

Plotly draws them itself in a Chromium of this machine, without a request to anywhere. On a machine without one there are no pictures:
`draw` gives none, and the documents say so where a chart would stand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from townboard.briefing import easel
from townboard.briefing.easel import PictureError, can_draw
from townboard.briefing.sheet import Chart
from townboard.charts import board_picture, framed
from townboard.charts.board import Board

WIDTH, SCALE = 760, 2
"""Pixels across; doubled, a picture of 16 cm has 240 points an inch."""


def draw(charts: Sequence[Chart], progress: Callable[[int], None] = lambda done: None) -> list[bytes | None]:
    """PNG bytes of every chart, in order; None for each where no browser is here or it does not start. The first takes seconds."""
    if not charts or not can_draw():
        return [None] * len(charts)
    found: list[bytes | None] = []
    for done, chart in enumerate(charts):
        progress(done)
        try:
            found.append(_picture(chart))
        except PictureError:
            return [None] * len(charts)
    return found


def _picture(chart: Chart) -> bytes:
    figure, height = framed.bare(chart.figure, width=WIDTH)
    layout = figure["layout"]
    layout["margin"] = {side: 16 + layout.get("margin", {}).get(side, 8) for side in "lrtb"}
    return easel.EASEL.paint(figure, ending="png", width=WIDTH, height=height + 24, scale=SCALE)


def taken(figure: Mapping[str, Any] | Board, frame: framed.Frame, ending: str) -> bytes:
    """A chart or a board with its words around it as `png` or `svg`. Raises PictureError where no browser draws."""
    if isinstance(figure, Board):
        shown, height = board_picture.drawn(figure)
    else:
        bare, height = framed.bare(figure)
        shown = easel.EASEL.paint(bare, ending="svg", width=framed.WIDTH - 2 * framed.MARGIN, height=height)
    picture, whole = framed.compose(shown, frame, height=height)
    if ending == "svg":
        return picture
    return easel.EASEL.paint(framed.sheet(picture, height=whole), ending="png", width=framed.WIDTH, height=whole, scale=SCALE)
