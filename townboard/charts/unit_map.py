"""The units as a map: tiles or real outlines, each with its name, value and status in words; what was not reported is hatched.

Colour only helps: the words are in every place. No background and no request to anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from townboard.charts import kit, matrix, presses
from townboard.charts.kit import Figure
from townboard.text import Language, Text

if TYPE_CHECKING:
    from townboard.atlas import Outlines, Ring

FILLS = {
    "highest_reached": ("#C9D3F2", kit.DEEP), "basic_reached": ("#CFE1F3", kit.BLUE), "on_track": ("#CDEBE6", kit.TEAL),
    "behind": ("#F6DFAF", kit.AMBER), "not_reached": ("#EBC9B0", kit.RUST), "context": ("#E3E6EA", kit.GREY),
    "not_applicable": ("#EFF1F3", kit.GREY),
}  # fmt: skip
"""Status → (ground, edge); words on it are `INK` on a light and on a dark page."""
INK = kit.DARK
TILE, LETTERS = 112, 14
"""Pixels: the height of a row of tiles, and of its words."""


@dataclass(frozen=True, slots=True)
class Place:
    """One unit on the map: `value` and `sides` in words; `status` of its reading; `absent`: why nothing stands there;
    `picked`: it is the one looked at."""

    code: str
    name: str
    value: str
    sides: str
    status: str
    absent: Text | None = None
    picked: bool = False

    def words(self, language: Language) -> str:
        """The lines in its place: name, value with n/N, status as sign and word."""
        name = self.name if language == "zh" else matrix.wrapped(self.name, language, 9)
        name = f"▶ {name}" if self.picked else name
        if self.absent is not None:
            return f"<b>{name}</b><br>{self.absent.say(language)}"
        if self.status == "not_applicable":
            return f"<b>{name}</b><br>{kit.status_words(self.status).say(language)}"
        words, sign, *_ = kit.STATUS[self.status]
        return f"<b>{name}</b><br>{self.value} {self.sides}<br>{sign} {words.say(language)}"


def draw(places: Sequence[Place], outlines: Outlines, language: Language, *, is_grid: bool) -> Figure:
    """Each place that has an outline, larger ones first, so that what lies within another is seen."""
    shown = sorted((one for one in places if one.code in outlines), key=lambda one: -sum(map(_area, outlines[one.code])))
    if not shown:
        return {"data": [], "layout": kit.layout(height=120)}
    traces: list[Figure] = []
    for place in shown:
        x: list[float | None] = []
        y: list[float | None] = []
        for ring in outlines[place.code]:
            x += [*(at for at, _ in ring), None]
            y += [*(at for _, at in ring), None]
        hatched = place.absent is not None
        ground, edge = ("rgba(140,150,163,0.10)", kit.GREY) if hatched else FILLS[place.status]
        filled = (
            {"fillpattern": {"shape": "/", "size": 11, "solidity": 0.1, "fgcolor": kit.GREY, "bgcolor": ground}}
            if hatched
            else {}
        )
        traces.append({
            "type": "scatter", "mode": "lines", "x": x, "y": y, "fill": "toself", "fillcolor": ground, **filled, "hoverinfo": "skip",
            "line": {"color": edge, "width": 4 if place.picked else 2, **({"dash": "dot"} if hatched else {})}, "showlegend": False,
        })  # fmt: skip
    for hatched in (False, True):
        part = [place for place in shown if (place.absent is not None) is hatched]
        if part:
            at = [_middle(max(outlines[place.code], key=_area)) for place in part]
            traces.append({
                "type": "scatter", "mode": "text", "x": [x for x, _ in at], "y": [y for _, y in at], "hoverinfo": "skip", "showlegend": False,
                "text": [place.words(language) for place in part], "textfont": {"size": LETTERS, **({} if hatched else {"color": INK})},
            })  # fmt: skip
    traces.append(presses.outlines([(place.name, outlines[place.code]) for place in shown], 1 if is_grid else presses.STRIPS))
    rows = len({round(y) for place in shown for _, y in [_middle(outlines[place.code][0])]}) if is_grid else 5
    plain: Figure = {"visible": False, "showgrid": False}
    across, up = (({**plain, "range": _ends(shown, outlines, axis)} if is_grid else plain) for axis in (0, 1))
    return {
        "data": traces,
        "layout": kit.layout(height=TILE * rows + 24 if is_grid else 620, xaxis=across, yaxis=up if is_grid else {**up, "scaleanchor": "x"}),
    }  # fmt: skip


def _ends(places: Sequence[Place], outlines: Outlines, axis: int) -> list[float]:
    """From the first to the last point of all tiles along an axis, with room for an edge: the tiles take the whole chart."""
    every = [point[axis] for place in places for ring in outlines[place.code] for point in ring]
    edge = (max(every) - min(every)) * 0.01
    return [min(every) - edge, max(every) + edge]


def title(places: Sequence[Place], label: Text) -> Text:
    """`集体经济达30万元村占比:2个单位已达目标、2个单位进度正常、3个单位进度滞后、3个单位没有数据`."""
    found = [place.status for place in places if place.absent is None]
    counted: Mapping[Text, int] = {
        Text("{n}个单位已达目标", "{n:unit|units} reached"): sum(
            status in ("highest_reached", "basic_reached") for status in found
        ),
        Text("{n}个单位进度正常", "{n:unit|units} on track"): found.count("on_track"),
        Text("{n}个单位进度滞后", "{n:unit|units} behind"): found.count("behind"),
        Text("{n}个单位到期未达标", "{n:unit|units} not there when due"): found.count("not_reached"),
        Text("{n}个单位有数、没有设定目标", "{n:unit|units} with figures and no goal"): found.count("context"),
        Text("{n}个单位没有数据", "{n:unit|units} without data"): len(places) - len(found),
    }
    parts = [words.fill(n=n) for words, n in counted.items() if n]
    if not parts:
        return label
    return Text(f"{label.zh}:{'、'.join(part.zh for part in parts)}", f"{label.en}: {', '.join(part.en for part in parts)}")


def _area(ring: Ring) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) / 2


def _middle(ring: Ring) -> tuple[float, float]:
    """The ring's centre of gravity; the middle of its box where it has no area."""
    cross = [(a[0] * b[1] - b[0] * a[1], a, b) for a, b in pairwise(ring)]
    whole = sum(part for part, *_ in cross) * 3
    if not whole:
        xs, ys = [x for x, _ in ring], [y for _, y in ring]
        return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    return sum(part * (a[0] + b[0]) for part, a, b in cross) / whole, sum(part * (a[1] + b[1]) for part, a, b in cross) / whole
