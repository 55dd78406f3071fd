"""A chart for the wall: the same figure with everything people read made larger, at the height of a projected screen. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from townboard.charts.kit import Figure

HEIGHT = 800
"""Pixels a chart has on a screen of 1920 × 1080 under its title."""
MOST, LEAST = 1.7, 0.75
_FONTS = frozenset({"font", "tickfont", "textfont", "insidetextfont", "outsidetextfont"})
_GROWING = frozenset({"width", "xshift", "yshift", "standoff", "thickness"})
_SIZED = re.compile(r"font-size:\s*(\d+)px")


def enlarged(figure: Mapping[str, Any], *, height: int = HEIGHT) -> Figure:
    """The figure at `height`, its words, marks and lines larger by as much as its rows leave room for."""
    layout = figure.get("layout", {})
    by = min(MOST, max(LEAST, height / int(layout.get("height", 400))))
    grown: Figure = {"data": [_grown(trace, by) for trace in figure.get("data", [])], "layout": _grown(layout, by)}
    top = grown["layout"]
    top["height"] = height
    top["margin"] = {side: round(size * by) for side, size in layout.get("margin", {}).items()}
    top["font"] = {**top.get("font", {}), "size": round(layout.get("font", {}).get("size", 14) * by)}
    legend = layout.get("legend", {})
    top["legend"] = {**top.get("legend", {}), "font": {"size": round(legend.get("font", {}).get("size", 14) * by)}}
    return grown


def _grown(part: Any, by: float, inside: str = "") -> Any:
    if isinstance(part, Mapping):
        return {key: _grown_value(key, value, by, inside) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_grown(one, by, inside) for one in part]
    if isinstance(part, str):
        return _SIZED.sub(lambda found: f"font-size:{round(int(found[1]) * by)}px", part)
    return part


def _grown_value(key: str, value: Any, by: float, inside: str) -> Any:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if key == "size" and (inside in _FONTS or inside == "marker"):
        return round(value * by) if number else [round(one * by) for one in value]
    if number and (key in _GROWING and inside in {"line", "annotations", "title", "error_y"}):
        return value * by
    return _grown(value, by, key)
