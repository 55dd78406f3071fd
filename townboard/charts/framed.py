"""A chart as a picture that stands alone: title, unit, source, as-of and the mark of invented figures are inside it. Pure functions.

The picture is an SVG: the chart's own, drawn by Plotly, set between lines of words. Its words stay words, so that they can be searched.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from townboard.charts.kit import Figure
from townboard.text import printable

FONTS = "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, WenQuanYi Zen Hei, sans-serif"
INK, PALE, LOUD = "#22262C", "#5A626C", "#9C2B1F"
WIDTH, MARGIN = 1040, 24
"""Pixels: the picture's width, and what stays free around it."""
_TITLE, _SMALL = 21, 14
"""Letter heights, in pixels."""
_WIDTHS = (
    dict.fromkeys("fijlrtI.,:;'|!()[]·- ", 0.34)
    | dict.fromkeys("mwMW%—…▲▼★✓→＝①②③④≥", 0.95)
    | dict.fromkeys("ABCDEFGHKNOPQRSTUVXYZ", 0.68)
)
"""Widths of letters that are not about as wide as most, in letter heights."""
_TAGS = re.compile(r"<[^>]+>")
_SVG = re.compile(r"<svg\b[^>]*>")


@dataclass(frozen=True, slots=True)
class Frame:
    """The words around a chart, in the reader's language. `notes`: units and how to read it; `foot`: source and as-of lines."""

    title: str
    notes: Sequence[str] = ()
    foot: Sequence[str] = ()
    banner: str = ""


def bare(figure: Mapping[str, Any], *, width: int = WIDTH - 2 * MARGIN) -> tuple[Figure, int]:
    """The chart alone on white in a font that has Chinese, and its height in pixels."""
    layout = dict(figure.get("layout", {}))
    height = int(layout.get("height", 400))
    font = {"size": 14, "color": INK, **layout.get("font", {}), "family": FONTS}
    return {
        "data": list(figure.get("data", [])),
        "layout": {**layout, "width": width, "height": height, "font": font, "paper_bgcolor": "#FFFFFF", "plot_bgcolor": "#FFFFFF"},
    }, height  # fmt: skip


def compose(chart: bytes, frame: Frame, *, height: int, width: int = WIDTH) -> tuple[bytes, int]:
    """The chart's SVG between its words; gives the picture's SVG and its height in pixels."""
    room = width - 2 * MARGIN
    heads = wrapped(frame.title, room, _TITLE)
    notes = [line for note in frame.notes if note for line in wrapped(note, room, _SMALL)]
    feet = [line for words in frame.foot if words for line in wrapped(words, room, _SMALL)]
    at, lines = MARGIN, []
    if frame.banner:
        lines.append(_line(frame.banner, at + _SMALL, _SMALL, LOUD, bold=True))
        at += 24
    for head in heads:
        lines.append(_line(head, at + _TITLE, _TITLE, INK, bold=True))
        at += 30
    for note in notes:
        lines.append(_line(note, at + _SMALL, _SMALL, PALE))
        at += 21
    at += 8
    inner = _SVG.sub(lambda found: _placed(found[0], at), chart.decode("utf-8"), count=1)
    inner = inner[inner.index("<svg") :]
    at += height + 10
    for words in feet:
        lines.append(_line(words, at + _SMALL, _SMALL, PALE))
        at += 21
    whole = at + MARGIN - 6
    out = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width}" height="{whole}" '
        f'viewBox="0 0 {width} {whole}"><title>{_safe(frame.title)}</title><rect width="100%" height="100%" fill="#FFFFFF"/>'
        f'<g font-family="{FONTS}">{"".join(lines)}</g>{inner}</svg>'
    )
    return out.encode("utf-8"), whole


def sheet(picture: bytes, *, height: int, width: int = WIDTH) -> Figure:
    """A figure that is nothing but a picture: how the browser turns an SVG into a PNG."""
    source = "data:image/svg+xml;base64," + base64.b64encode(picture).decode()
    none = {"visible": False, "range": [0, 1], "fixedrange": True}
    return {
        "data": [],
        "layout": {
            "width": width, "height": height, "margin": {"l": 0, "r": 0, "t": 0, "b": 0}, "xaxis": none, "yaxis": none,
            "paper_bgcolor": "#FFFFFF", "plot_bgcolor": "#FFFFFF",
            "images": [{"source": source, "xref": "paper", "yref": "paper", "x": 0, "y": 1, "sizex": 1, "sizey": 1,
                        "xanchor": "left", "yanchor": "top", "sizing": "stretch", "layer": "above"}],
        },
    }  # fmt: skip


def span(words: str) -> float:
    """Its width in letter heights, in heavy letters: a Chinese character takes one, a narrow letter a third, others about half."""
    return sum(1.0 if ord(letter) > 0x2E7F else _WIDTHS.get(letter, 0.58) for letter in words)


def wrapped(words: str, room: float, size: float) -> list[str]:
    """A chart's words, without their markup, in lines of at most `room` pixels."""
    return broken(_TAGS.sub("", words), room, size)


def broken(words: str, room: float, size: float) -> list[str]:
    """Words in lines of at most `room` pixels: broken between Chinese characters, and at spaces between others."""
    lines, most = [""], room / size
    for piece in re.findall(r"[^\s⺀-￿]+\s*|[⺀-￿]\s*|\s+", words):
        if lines[-1] and span(lines[-1] + piece.rstrip()) > most:
            lines.append("")
        lines[-1] += piece if lines[-1] or piece.strip() else ""
    return [line.rstrip() for line in lines if line.strip()]


def _line(words: str, y: float, size: int, colour: str, *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{MARGIN}" y="{y}" font-size="{size}px" fill="{colour}"{weight}>{_safe(words)}</text>'


def _safe(words: str) -> str:
    return escape(printable(words))


def _placed(opening: str, at: float) -> str:
    """The chart's own opening tag, moved to its place."""
    plain = re.sub(r'\s(?:x|y)="[^"]*"', "", opening)
    return plain.replace("<svg", f'<svg x="{MARGIN}" y="{at}"', 1)
