"""Horizontal bars that the theme pages share: done against due with goal markers, bars inside bars, baseline to now.

Figures are plain dicts. A row that was not reported is a hatched grey bar with the word, never a bar of length zero.
What a colour says is also said by a word, a width or a mark.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from townboard.charts import framed, kit, presses
from townboard.text import Language, Text

NO_VALUE = Text("缺数", "no value")
TRACK, PALEST, SILENT = "rgba(140,150,163,0.15)", "rgba(140,150,163,0.32)", "rgba(140,150,163,0.22)"
"""What is behind a bar, the palest layer, a square without a report: greys that stand on a light and a dark page."""
CARRIED = Text("沿用销号数", "closed earlier")
"""What a unit without a report still shows: villages closed before keep their last figures."""
BASIC, HIGHEST = Text("基本目标", "Basic goal"), Text("最高目标", "Highest goal")
_NAME, _WORDS, _BESIDE = 150, 14, 12.5
"""Pixels a row's name may take; letter heights of what is written, and of what stands beside it in smaller letters."""
_CHINESE, _LONG = re.compile(r"[一-鿿]+"), 8
"""Chinese letters, and how many of them a row's name may have in one line."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One bar of `progress`: a share with both its sides.

    `value` per cent; `numerator`, `denominator` in `unit`; all None where a side is missing. `reported` False: nothing was sent.
    `absent`: why nothing stands then. `carried`: the value stands from an earlier month. `under`: a word in
    front of the sides.
    """

    label: str
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    unit: str = ""
    basic: float | None = None
    highest: float | None = None
    reported: bool = True
    carried: bool = False
    under: str = ""
    absent: Text = kit.NOT_REPORTED

    @property
    def sides(self) -> str:
        """`1,203/1,517 份`; empty where a side is missing. Where a word stands `under` the name, the unit stands with it."""
        if self.numerator is None or self.denominator is None:
            return ""
        return f"{amount(self.numerator)}/{amount(self.denominator)} {'' if self.under else self.unit}".strip()

    @property
    def below(self) -> str:
        """What stands under the name: `化债务 · 万元`, or nothing."""
        return " · ".join(filter(None, (self.under, self.unit))) if self.under else ""


FEW = 8
"""Up to so many of a thing the axis counts them one by one: there is no half community."""


def row_name(words: str) -> str:
    """A row's name, a long one in lines of its own (`marking.head` puts them together again): at words, in Chinese at every second character."""
    if not _CHINESE.search(words):
        return "<br />".join(framed.broken(words, _NAME, _WORDS))
    if len(words) <= _LONG or not _CHINESE.fullmatch(words):
        return words
    each = -(-len(words) // 4) * 2
    return "<br >".join(words[at : at + each] for at in range(0, len(words), each))


def rows_height(rows: int, each: int) -> int:
    """The height of a figure with so many rows, in pixels: room for the axis and the legend is added."""
    return 84 + max(rows, 1) * each


def _lines_height(lines: int) -> int:
    return 19 * lines + 6


def _rows_layout(rows: Sequence[str], each: int, end: float, unit: str, *, parts: int = 0, **more: Any) -> dict[str, Any]:
    """The layout of rows from top to bottom, every row named, with room for a legend of so many parts and for the lines of a name."""
    tallest = max([each, *(_lines_height(name.count("<br") + 1) for name in rows)])
    return kit.layout(
        height=rows_height(len(rows), tallest) + (26 if len(rows) < 4 else 14) * parts,
        legend={"traceorder": "normal"},
        xaxis={"range": [0, end], "title": {"text": unit}, **({"dtick": 1} if end <= FEW else {})},
        yaxis={"autorange": "reversed", "categoryorder": "array", "categoryarray": list(rows), "showgrid": False, "dtick": 1},
        **more,
    )


def amount(value: float) -> str:
    """A number as people read it: thousands separated, rounded half up, decimals only where there are any (two at most)."""
    return kit.number(value) if float(value).is_integer() else kit.number(value, 2).rstrip("0").rstrip(".")


def gap(labels: Sequence[str], whole: float, words: Sequence[str]) -> list[dict[str, Any]]:
    """A short hatched bar for each row without a value, with its own word behind it; `whole` is the length of the axis."""
    if not labels:
        return []
    return [
        {"type": "bar", "orientation": "h", "y": list(labels), "x": [whole * 0.06] * len(labels), "name": words[0], "width": 0.5,
         "marker": {"color": "rgba(0,0,0,0)", "pattern": kit.HATCH}, "text": [f" {said}" for said in words], "textposition": "outside",
         "textangle": 0, "cliponaxis": False, "constraintext": "none", "hoverinfo": "skip", "showlegend": False},
    ]  # fmt: skip


def silences(
    rows: Sequence[str], reported: Sequence[bool], whole: float, language: Language, states: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """The `gap` of the rows that were not reported. `states`: a word for each row (`theme_tables.named`); none says 未报 of all."""
    words = states or [kit.NOT_REPORTED.say(language)] * len(rows)
    silent = [(row, said) for row, said, sent in zip(rows, words, reported, strict=True) if not sent]
    return gap([row for row, _ in silent], whole, [said for _, said in silent])


def _goals(rows: Sequence[Progress], names: list[str], language: Language) -> list[dict[str, Any]]:
    """Goal markers: an upright stroke for the basic goal, a diamond for the highest one."""
    traces: list[dict[str, Any]] = []
    for words, key, marker in (
        (BASIC, "basic", {"symbol": "line-ns-open", "size": 20, "line": {"width": 3, "color": kit.GOAL}, "color": kit.GOAL}),
        (HIGHEST, "highest", {"symbol": "diamond", "size": 9, "color": kit.GOAL, "line": {"width": 1, "color": "#ffffff"}}),
    ):
        found = [
            (goal, name)
            for row, name in zip(rows, names, strict=True)
            if (goal := getattr(row, key)) is not None and row.value is not None
        ]
        if found:
            traces.append({
                "type": "scatter", "mode": "markers", "x": [goal for goal, _ in found], "y": [name for _, name in found],
                "name": words.say(language), "marker": marker, "cliponaxis": False,
                "hovertemplate": f"{words.say(language)} %{{x:.0f}}%<extra></extra>",
            })  # fmt: skip
    return traces


def progress(rows: Sequence[Progress], language: Language) -> dict[str, Any]:
    """Bars of per cent, first row on top, the goals marked; at the right edge the share, under it `n/N unit`.

    What stands from an earlier month is hatched and says so, and its name says why.
    """
    small = [row.absent.say(language) if row.carried else row.below for row in rows]
    names = [f"{row_name(row.label)}<br>{kit.small(words)}" if words else row_name(row.label)
             for row, words in zip(rows, small, strict=True)]  # fmt: skip
    shown = [(row, name) for row, name in zip(rows, names, strict=True) if row.value is not None]
    top = max([100.0, *(row.value for row, _ in shown if row.value is not None)])
    empty = [(name, (NO_VALUE if row.reported else row.absent).say(language)) for row, name in zip(rows, names, strict=True)
             if row.value is None]  # fmt: skip
    bars = {
        "type": "bar", "orientation": "h", "y": [name for _, name in shown], "x": [row.value for row, _ in shown],
        "name": Text("完成率", "Done").say(language), "width": 0.58,
        "marker": {"color": [kit.DEEP if _reached(row) else kit.BLUE for row, _ in shown], "pattern": {
            "shape": ["/" if row.carried else "" for row, _ in shown], "size": 7, "fgcolor": "#ffffff", "fgopacity": 0.75, "fillmode": "overlay"}},
        "hovertemplate": "%{y}<br>%{x:.1f}%<extra></extra>", "showlegend": False,
    }  # fmt: skip
    written = {
        "type": "scatter", "mode": "text", "x": [top * 1.04] * len(shown), "y": [name for _, name in shown],
        "text": [_written(row, language) for row, _ in shown], "textposition": "middle right", "textfont": {"size": 14},
        "cliponaxis": False, "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip
    track = {
        "type": "bar", "orientation": "h", "y": [name for _, name in shown], "x": [100] * len(shown), "width": 0.58,
        "marker": {"color": TRACK}, "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip
    most = max((len(_beside(row, language)) for row, _ in shown), default=0)
    layout = _rows_layout(
        names, max(42, _lines_height(most + 1)), top * 1.04, "", barmode="overlay",
        margin={"r": max([84.0, *(16 + framed.span(words) * _BESIDE for row, _ in shown for words in _beside(row, language))])},
    )  # fmt: skip
    ticks = list(range(0, int(top) + 1, 50))
    layout["xaxis"] |= {"tickangle": 0, "tickvals": ticks, "ticktext": [f"{at}%" if at >= 100 else str(at) for at in ticks]}
    traces = [track, bars, written, *gap([name for name, _ in empty], 100, [said for _, said in empty])]
    return {"data": [*traces, *_goals(rows, names, language), presses.rows(names, 0, top * 1.04)], "layout": layout}


def _written(row: Progress, language: Language) -> str:
    """`96.4% ✓`, `98.0% ★` at the highest goal; under it both sides, and that it stands from an earlier month."""
    best = row.value is not None and row.highest is not None and row.value >= row.highest
    share = f"{kit.number(row.value, 1)}%{' ★' if best else ' ✓' if _reached(row) else ''}"
    return "<br>".join(f"\u2002{line}" for line in (share, *map(kit.small, _beside(row, language))))


def _beside(row: Progress, language: Language) -> list[str]:
    """The lines under a share."""
    return [words for words in (row.sides, CARRIED.say(language) if row.carried else "") if words]


def _reached(row: Progress) -> bool:
    goal = row.basic if row.basic is not None else row.highest
    return row.value is not None and goal is not None and row.value >= goal


def nested(
    names: Sequence[str], layers: Sequence[tuple[str, Sequence[float | None]]], language: Language, *, unit: str,
    reported: Sequence[bool], states: Sequence[str] = (), decimals: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Bars inside bars (a funnel for each row): the first layer palest and widest, its numbers under the row's name.

    `layers`: (name, a value for each row). `states`: see `silences`. `decimals`: how many all numbers have, as money does.
    """
    rows = []
    for n, name in enumerate(names):
        numbers = " → ".join(_number(values[n], decimals) for _, values in layers)
        rows.append(f"{row_name(name)}<br>{kit.small(numbers)}" if reported[n] else row_name(name))
    shades, widths = [PALEST, kit.PALE, kit.BLUE][-len(layers) :], [0.78, 0.52, 0.26]
    traces: list[dict[str, Any]] = []
    for (label, values), shade, width in zip(layers, shades, widths, strict=False):
        traces.append({
            "type": "bar", "orientation": "h", "y": rows, "x": list(values), "name": label, "width": width,
            "marker": {"color": shade, "line": {"width": 0}}, "hovertemplate": f"%{{y}}<br>{label} %{{x:,}} {unit}<extra></extra>",
        })  # fmt: skip
    top = max([1.0, *(value for _, values in layers for value in values if value is not None)])
    traces += [presses.rows(rows, 0, top * 1.05), *silences(rows, reported, top, language, states)]
    return {"data": traces, "layout": _rows_layout(rows, 42, top * 1.05, unit, parts=len(layers), barmode="overlay")}


def _number(value: float | None, decimals: int | None) -> str:
    return "—" if value is None else amount(value) if decimals is None else kit.number(value, decimals)


def stacked(
    names: Sequence[str], parts: Sequence[tuple[str, Sequence[float | None]]], language: Language, *, unit: str,
    reported: Sequence[bool], states: Sequence[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """Parts end to end with their sum written behind; each part has its own shade and hatching. A missing part leaves no sum."""
    looks = ((kit.BLUE, "", kit.LIGHT), (kit.TEAL, "/", kit.LIGHT), (kit.PALE, ".", kit.DARK), (PALEST, "", kit.PAGE))
    traces: list[dict[str, Any]] = []
    names = [row_name(name) for name in names]
    most = max([1.0, *(sum(values[n] or 0 for _, values in parts) for n in range(len(names)))])
    for (label, values), (shade, shape, ink) in zip(parts, looks, strict=False):
        traces.append({
            "type": "bar", "orientation": "h", "y": list(names), "x": list(values), "name": label, "width": 0.58,
            "marker": {"color": shade, "pattern": {"shape": shape, "size": 6, "fillmode": "overlay", "fgcolor": "#ffffff", "fgopacity": 0.22, "solidity": 0.2}},
            "text": [amount(value) if value and value > most * 0.16 else "" for value in values], "textposition": "inside", "textangle": 0,
            "insidetextanchor": "middle", "constraintext": "inside", "insidetextfont": {"color": ink}, "hovertemplate": f"%{{y}}<br>{label} %{{x:,}} {unit}<extra></extra>",
        })  # fmt: skip
    sums = [[values[n] for _, values in parts] for n in range(len(names))]
    whole = [None if any(value is None for value in line) else sum(value for value in line if value is not None) for line in sums]
    ends = [sum(value for value in line if value is not None) for line in sums]
    top = max([1.0, *ends])
    said = [
        "" if not sent else f"  {amount(round(total, 2))}" if total is not None else f"  {NO_VALUE.say(language)}"
        for total, sent in zip(whole, reported, strict=True)
    ]
    traces.append({"type": "scatter", "mode": "text", "x": ends, "y": list(names), "text": said, "textposition": "middle right",
                   "hoverinfo": "skip", "showlegend": False, "cliponaxis": False})  # fmt: skip
    traces += [presses.rows(names, 0, top), *silences(names, reported, top, language, states)]
    return {
        "data": traces,
        "layout": _rows_layout(
            names, 34, top, unit, parts=len(parts), barmode="stack", uniformtext=kit.LEGIBLE, margin={"r": 84}
        ),
    }


def dumbbell(
    names: Sequence[str], before: Sequence[float | None], now: Sequence[float | None], language: Language, *, unit: str,
    words: tuple[Text, Text] = (Text("基数", "Baseline"), Text("现有", "Now")),
) -> dict[str, Any]:  # fmt: skip
    """From an open circle (before) to a full one (now) on each row; a row without both sides says so."""
    names = [row_name(name) for name in names]
    both = [(n, b, a) for n, b, a in zip(names, before, now, strict=True) if b is not None and a is not None]
    lines_x = [x for _, b, a in both for x in (b, a, None)]
    lines_y = [y for n, _, _ in both for y in (n, n, None)]
    top = max([1.0, *(max(b, a) for _, b, a in both)])
    fewer = [a <= b for _, b, a in both]
    traces: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "lines", "x": lines_x, "y": lines_y, "line": {"color": kit.PALE, "width": 4},
         "hoverinfo": "skip", "showlegend": False},
        {"type": "scatter", "mode": "markers+text", "x": [b for _, b, _ in both], "y": [n for n, _, _ in both],
         "name": words[0].say(language), "text": [amount(b) for _, b, _ in both],
         "textposition": ["middle right" if down else "middle left" for down in fewer],
         "marker": {"symbol": "circle-open", "size": 12, "color": kit.BLUE, "line": {"width": 2.5}}, "cliponaxis": False,
         "hovertemplate": f"%{{y}}<br>{words[0].say(language)} %{{x:,}} {unit}<extra></extra>"},
        {"type": "scatter", "mode": "markers+text", "x": [a for _, _, a in both], "y": [n for n, _, _ in both],
         "name": words[1].say(language), "text": [amount(a) for _, _, a in both],
         "textposition": ["middle left" if down else "middle right" for down in fewer],
         "marker": {"symbol": "circle", "size": 13, "color": kit.BLUE}, "cliponaxis": False,
         "hovertemplate": f"%{{y}}<br>{words[1].say(language)} %{{x:,}} {unit}<extra></extra>"},
    ]  # fmt: skip
    silent = [n for n, b, a in zip(names, before, now, strict=True) if b is None or a is None]
    traces += [presses.rows(names, -top * 0.08, top * 1.1), *gap(silent, top, [kit.NOT_REPORTED.say(language)] * len(silent))]
    layout = _rows_layout(names, 36, top * 1.1, unit, margin={"r": 36})
    layout["xaxis"]["range"] = [-top * 0.08, top * 1.1]
    return {"data": traces, "layout": layout}
