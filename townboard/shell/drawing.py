"""Handing a plain figure to Streamlit without having it built again: the one place that knows how Plotly's template travels."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import plotly.io
import streamlit.elements.plotly_chart  # noqa: F401 - registers the template "streamlit"
from plotly.basedatatypes import BaseFigure


@lru_cache(maxsize=1)
def template() -> dict[str, Any]:
    """Streamlit's own Plotly template as plain data, made once: what makes a figure follow the page's light or dark theme."""
    made: dict[str, Any] = plotly.io.templates["streamlit"].to_plotly_json()
    return made


class Drawn(BaseFigure):  # type: ignore[misc]
    """A figure that is a plain dict already. Streamlit asks any Plotly figure for `to_dict()`; handing it a dict instead would
    have it built and validated again as graph objects at every rerun (a hundred times the cost; the tests validate instead).
    """

    def __init__(self, figure: Mapping[str, Any]) -> None:
        object.__setattr__(self, "_figure", figure)

    def to_dict(self) -> dict[str, Any]:
        """The figure as it is, with the page's theme as its template."""
        figure: dict[str, Any] = object.__getattribute__(self, "_figure")
        return {**figure, "layout": {"template": template(), **figure.get("layout", {})}}
