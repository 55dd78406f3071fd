"""What of a chart answers a click though nothing is drawn there: the whole of a row, a square, a place on the map, a little chart.

Plotly finds no point in a heat map or inside an outline, and of a row only what its bar covers: nothing where a unit is at zero or did not
report. Bars that nobody sees lie over them; each carries the name of the place it stands for. They are made with the figure, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from townboard.charts import marking
from townboard.charts.kit import Figure

if TYPE_CHECKING:
    from townboard.atlas import Ring

NAME = "press"
"""The name of these traces: no legend says it."""
STRIPS = 24
"""Into so many bars, one over the other, an outline is cut."""
_UNSEEN: Figure = {"type": "bar", "name": NAME, "marker": {"color": "rgba(0,0,0,0)"}, "showlegend": False, "hoverinfo": "none"}


def rows(labels: Sequence[str], start: float, end: float) -> Figure:
    """Each row from one end of the axis to the other. A `base` of its own keeps a bar out of stacks, an `offset` out of groups."""
    return {
        **_UNSEEN, "orientation": "h", "y": list(labels), "x": [end - start] * len(labels), "base": start, "offset": -0.5, "width": 1,
    }  # fmt: skip


def squares(labels: Sequence[str], words: Sequence[Sequence[str]]) -> Figure:
    """Each square of a matrix, on axes that count its rows and columns (`matrix`). `words[r][c]`: what the mouse is told there."""
    places = [(r, c) for r, line in enumerate(words) for c in range(len(line))]
    return {
        **_UNSEEN, "orientation": "h", "xaxis": "x2", "yaxis": "y2", "width": 1, "y": [r for r, _ in places], "x": [1] * len(places),
        "base": [c - 0.5 for _, c in places], "customdata": [[marking.head(labels[r])] for r, _ in places],
        "hovertext": [words[r][c] for r, c in places], "hoverinfo": "text",
    }  # fmt: skip


def outlines(places: Iterable[tuple[str, Sequence[Ring]]], strips: int) -> Figure:
    """Each place on a map, as a stack of bars that fill its rings. `places`: name and rings."""
    found = [(name, *bar) for name, rings in places for bar in _filled(rings, strips)]
    return {
        **_UNSEEN, "orientation": "h", "customdata": [[name] for name, *_ in found], "base": [left for _, left, _, _, _ in found],
        "x": [right - left for _, left, right, _, _ in found], "y": [at for _, _, _, at, _ in found], "width": [high for *_, high in found],
    }  # fmt: skip


def _filled(rings: Sequence[Ring], strips: int) -> Iterator[tuple[float, float, float, float]]:
    """(left, right, middle, height) of the bars that fill a place."""
    every = [y for ring in rings for _, y in ring]
    low, high = min(every), max(every)
    step = (high - low) / strips
    for n in range(strips):
        at = low + (n + 0.5) * step
        crossed = sorted(
            a[0] + (at - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
            for ring in rings
            for a, b in pairwise(ring)
            if (a[1] <= at) is not (b[1] <= at)
        )
        for left, right in zip(crossed[::2], crossed[1::2], strict=True):
            yield left, right, at, step


def panel(name: str, months: Sequence[str], top: float) -> Figure:
    """A whole little chart over these months, up to `top`."""
    return {**_UNSEEN, "x": [months[0]], "y": [top], "offset": -0.5, "width": len(months), "customdata": [[name]]}
