"""Squares with words in them: shares by place and measure, and states by place and column.

Every square says its value or its state; a square without a report is grey with the word, never a zero.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from townboard.charts import bars, kit, presses
from townboard.text import Language, Text

SCALE = [[0, "#EBCF9A"], [0.55, "#B9CCE4"], [1, "#3D5FBE"]]
"""Share of what is due: amber where much is open, deep blue where all is done; the number is in the square."""


def _hatched(places: Sequence[tuple[int, int]], words: Sequence[str]) -> list[dict[str, Any]]:
    """Hatching with words over the squares at (row, column), on the axes of `_layout` that count."""
    if not places:
        return []
    x = [at for _, c in places for at in (c - 0.48, c + 0.48, c + 0.48, c - 0.48, c - 0.48, None)]
    y = [at for r, _ in places for at in (r - 0.46, r - 0.46, r + 0.46, r + 0.46, r - 0.46, None)]
    over = {"xaxis": "x2", "yaxis": "y2", "hoverinfo": "skip", "showlegend": False}
    return [
        {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": {"width": 0}, "fill": "toself", "fillcolor": kit.HATCH["bgcolor"],
         "fillpattern": {"shape": "/", "size": 9, "solidity": 0.14, "fgcolor": kit.GREY, "bgcolor": kit.HATCH["bgcolor"]}, **over},
        {"type": "scatter", "mode": "text", "x": [c for _, c in places], "y": [r for r, _ in places], "text": list(words),
         "textfont": {"size": 12}, **over},
    ]  # fmt: skip


def wrapped(words: str, language: Language, most: int = 4) -> str:
    """A column's name in short lines: of at most so many characters, nearly as long as each other, in Chinese; by words in English."""
    if language == "zh":
        plain = words.replace('"', "")
        each = -(-len(plain) // -(-len(plain) // most))
        return "<br>".join(plain[at : at + each] for at in range(0, len(plain), each))
    lines = [""]
    for word in re.findall(r"[^\s-]+-?", words):
        if lines[-1] and len(lines[-1]) + len(word) > most * 2:
            lines.append("")
        lines[-1] += word if lines[-1].endswith("-") else f" {word}" if lines[-1] else word
    return "<br>".join(lines)


def _layout(rows: int, columns: int, each: int) -> dict[str, Any]:
    """Named axes, and over them a second pair that counts the rows and columns."""
    plain = {"visible": False, "fixedrange": True}
    return kit.layout(
        height=bars.rows_height(rows, each) + 24,
        xaxis={"side": "top", "fixedrange": True, "showgrid": False, "zeroline": False, "automargin": True, "type": "category",
               "tickangle": 0, "range": [-0.5, columns - 0.5]},
        yaxis={"range": [rows - 0.5, -0.5], "fixedrange": True, "showgrid": False, "zeroline": False, "automargin": True,
                  "type": "category"},
        xaxis2={"overlaying": "x", "range": [-0.5, columns - 0.5], **plain},
        yaxis2={"overlaying": "y", "range": [rows - 0.5, -0.5], **plain},
    )  # fmt: skip


def shares(
    rows: Sequence[str], columns: Sequence[str], values: Sequence[Sequence[float | None]], sides: Sequence[Sequence[str]],
    reported: Sequence[Sequence[bool]], language: Language, *, goal: float | None = 100.0,
    silent: Sequence[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """A heat map of per cent. `sides[r][c]` is `n/N`; a share that reached `goal` carries ✓. `silent`: what a row says that was not
    reported (sent back, if it was)."""
    text = [
        [
            "" if value is None else f"{'✓ ' if goal is not None and value >= goal else ''}{kit.number(value, 1)}%<br>{side}"
            for value, side in zip(line, said, strict=True)
        ]
        for line, said in zip(values, sides, strict=True)
    ]
    places = [(r, c) for r, line in enumerate(values) for c, value in enumerate(line) if value is None]
    absent = silent or [kit.NOT_REPORTED.say(language)] * len(rows)
    words = [bars.NO_VALUE.say(language) if reported[r][c] else absent[r] for r, c in places]
    known = [value for line in values for value in line if value is not None]
    low = min([60.0, *known])
    heat = {
        "type": "heatmap", "z": [list(line) for line in values], "x": list(columns), "y": list(rows), "text": text,
        "texttemplate": "%{text}", "colorscale": SCALE, "zmin": low, "zmax": 100, "xgap": 2, "ygap": 2, "hoverinfo": "skip",
        "showscale": False, "textfont": {"size": 13},
    }  # fmt: skip
    told = [[f"{kit.number(value, 1)}%" for value in line] for line in values]
    for (r, c), why in zip(places, words, strict=True):
        told[r][c] = why
    return {
        "data": [heat, *_hatched(places, words), _pressed(rows, columns, told)],
        "layout": _layout(len(rows), len(columns), 44),
    }


def _pressed(rows: Sequence[str], columns: Sequence[str], told: Sequence[Sequence[str]]) -> dict[str, Any]:
    """What answers the mouse over each square: its row, its column and what it holds."""
    words = [
        [f"{row} · {column}<br>{said}" for column, said in zip(columns, line, strict=True)]
        for row, line in zip(rows, told, strict=True)
    ]
    return presses.squares(rows, words)


@dataclass(frozen=True, slots=True)
class State:
    """One state of a square: its word, its mark, its colour, and the ink on it ("" follows the page); `hatched`: nothing was sent."""

    words: Text
    mark: str
    colour: str
    ink: str
    hatched: bool = False


def states(
    rows: Sequence[str], columns: Sequence[str], found: Sequence[Sequence[str]], text: Sequence[Sequence[str]],
    kinds: Mapping[str, State], language: Language, *, each: int = 34, size: int = 12,
) -> dict[str, Any]:  # fmt: skip
    """A matrix of named states. `found[r][c]` is a key of `kinds`; `text[r][c]` is what the square says after its mark."""
    order = list(kinds)
    scale: list[list[Any]] = []
    for n, key in enumerate(order):
        scale += [[n / len(order), kinds[key].colour], [(n + 1) / len(order), kinds[key].colour]]
    heat = {
        "type": "heatmap", "z": [[order.index(key) + 0.5 for key in line] for line in found], "x": list(columns), "y": list(rows),
        "zmin": 0, "zmax": len(order), "colorscale": scale, "showscale": False, "xgap": 2, "ygap": 2, "hoverinfo": "skip",
    }  # fmt: skip
    traces: list[dict[str, Any]] = [heat]
    hatching: list[dict[str, Any]] = []
    for key in order:
        kind = kinds[key]
        places = [(r, c) for r, line in enumerate(found) for c, one in enumerate(line) if one == key]
        said = [f"{kind.mark} {text[r][c]}".strip() for r, c in places]
        if kind.hatched:
            hatching = _hatched(places, said)
        elif places:
            traces.append({
                "type": "scatter", "mode": "text", "x": [columns[c] for _, c in places], "y": [rows[r] for r, _ in places],
                "text": said, "textfont": {"size": size, **({"color": kind.ink} if kind.ink else {})},
                "hoverinfo": "skip", "showlegend": False,
            })  # fmt: skip
    told = [
        [
            text[r][c].replace("<br>", " ").strip() if kinds[key].hatched else kinds[key].words.say(language)
            for c, key in enumerate(line)
        ]
        for r, line in enumerate(found)
    ]
    return {"data": [*traces, *hatching, _pressed(rows, columns, told)], "layout": _layout(len(rows), len(columns), each)}
