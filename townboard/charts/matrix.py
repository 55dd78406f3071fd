"""Squares with words in them: shares by place and measure, and states by place and column.

Every square says its value or its state; a square without a report is grey with the word, never a zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from townboard.charts import bars, kit
from townboard.text import Language, Text

HELD = 0.5
SCALE = [[0, "#EBCF9A"], [0.55, "#B9CCE4"], [1, "#2B5C9E"]]
"""Share of what is due: amber where much is open, deep blue where all is done; the number is in the square."""


def _silent(
    z: list[list[float | None]], columns: Sequence[str], rows: Sequence[str], words: list[list[str]]
) -> list[dict[str, Any]]:
    """A grey layer with words over the squares of `z` that hold something."""
    xs = [
        column for line, _ in zip(z, rows, strict=True) for value, column in zip(line, columns, strict=True) if value is not None
    ]
    ys = [row for line, row in zip(z, rows, strict=True) for value in line if value is not None]
    said = [
        word for line, texts in zip(z, words, strict=True) for value, word in zip(line, texts, strict=True) if value is not None
    ]
    if not xs:
        return []
    return [
        {"type": "heatmap", "z": z, "x": list(columns), "y": list(rows), "colorscale": [[0, bars.SILENT], [1, bars.SILENT]],
         "showscale": False, "xgap": 2, "ygap": 2, "hoverinfo": "skip", "zmin": 0, "zmax": 1},
        {"type": "scatter", "mode": "text", "x": xs, "y": ys, "text": said, "hoverinfo": "skip", "showlegend": False,
         "textfont": {"size": 11}},
    ]  # fmt: skip


def wrapped(words: str, language: Language, most: int = 4) -> str:
    """A column's name in short lines: by so many characters in Chinese, by words in English."""
    if language == "zh":
        plain = words.replace('"', "")
        return "<br>".join(plain[at : at + most] for at in range(0, len(plain), most))
    lines = [""]
    for word in words.replace("-", "- ").split():
        if lines[-1] and len(lines[-1]) + len(word) > most * 2:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)


def _layout(rows: int, each: int = 34) -> dict[str, Any]:
    return kit.layout(
        height=bars.rows_height(rows, each) + 24,
        xaxis={"side": "top", "fixedrange": True, "showgrid": False, "zeroline": False, "automargin": True, "type": "category",
               "tickangle": 0},
        yaxis={"autorange": "reversed", "fixedrange": True, "showgrid": False, "zeroline": False, "automargin": True,
                  "type": "category"},
    )  # fmt: skip


def shares(
    rows: Sequence[str], columns: Sequence[str], values: Sequence[Sequence[float | None]], sides: Sequence[Sequence[str]],
    reported: Sequence[Sequence[bool]], language: Language, *, goal: float | None = 100.0,
) -> dict[str, Any]:  # fmt: skip
    """A heat map of per cent. `sides[r][c]` is `n/N`; a share that reached `goal` carries ✓."""
    text = [
        [
            "" if value is None else f"{'✓ ' if goal is not None and value >= goal else ''}{value:.0f}%<br>{side}"
            for value, side in zip(line, said, strict=True)
        ]
        for line, said in zip(values, sides, strict=True)
    ]
    silent = [[None if value is not None else HELD for value in line] for line in values]
    words = [
        [(bars.NO_VALUE if sent else kit.NOT_REPORTED).say(language) for _, sent in zip(line, told, strict=True)]
        for line, told in zip(values, reported, strict=True)
    ]
    known = [value for line in values for value in line if value is not None]
    low = min([60.0, *known])
    heat = {
        "type": "heatmap", "z": [list(line) for line in values], "x": list(columns), "y": list(rows), "text": text,
        "texttemplate": "%{text}", "colorscale": SCALE, "zmin": low, "zmax": 100, "xgap": 2, "ygap": 2, "hoverongaps": False,
        "hovertemplate": "%{y} · %{x}<br>%{z:.1f} %<extra></extra>", "showscale": False,
    }  # fmt: skip
    return {"data": [heat, *_silent(silent, columns, rows, words)], "layout": _layout(len(rows), 42)}


@dataclass(frozen=True, slots=True)
class State:
    """One state of a square: its word, its mark, its colour, and the ink on it ("" follows the page)."""

    words: Text
    mark: str
    colour: str
    ink: str


def states(
    rows: Sequence[str], columns: Sequence[str], found: Sequence[Sequence[str]], text: Sequence[Sequence[str]],
    kinds: Mapping[str, State], language: Language, *, each: int = 34,
) -> dict[str, Any]:  # fmt: skip
    """A matrix of named states. `found[r][c]` is a key of `kinds`; `text[r][c]` is what the square says after its mark."""
    order = list(kinds)
    scale: list[list[Any]] = []
    for n, key in enumerate(order):
        scale += [[n / len(order), kinds[key].colour], [(n + 1) / len(order), kinds[key].colour]]
    heat = {
        "type": "heatmap", "z": [[order.index(key) + 0.5 for key in line] for line in found], "x": list(columns), "y": list(rows),
        "zmin": 0, "zmax": len(order), "colorscale": scale, "showscale": False, "xgap": 2, "ygap": 2,
        "customdata": [[kinds[key].words.say(language) for key in line] for line in found],
        "hovertemplate": "%{y} · %{x}<br>%{customdata}<extra></extra>",
    }  # fmt: skip
    traces: list[dict[str, Any]] = [heat]
    for key in order:
        places = [(c, r, t) for r, line, said in zip(rows, found, text, strict=True)
                  for c, k, t in zip(columns, line, said, strict=True) if k == key]  # fmt: skip
        if places:
            kind = kinds[key]
            traces.append({
                "type": "scatter", "mode": "text", "x": [c for c, _, _ in places], "y": [r for _, r, _ in places],
                "text": [f"{kind.mark} {t}".strip() for _, _, t in places], "textfont": {"size": 11, **({"color": kind.ink} if kind.ink else {})},
                "hoverinfo": "skip", "showlegend": False,
            })  # fmt: skip
    return {"data": traces, "layout": _layout(len(rows), each)}
