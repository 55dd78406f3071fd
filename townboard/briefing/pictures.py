"""The pages' charts as pictures. Plotly draws them itself in a Chromium of this machine, without a request to anywhere (not even
for the formula library that kaleido would fetch).

On a machine without one there are no pictures: `draw` gives none, and the documents say so where a chart would stand.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Sequence

import kaleido
from choreographer.errors import BrowserDepsError, BrowserFailedError, ChromeNotFoundError

from townboard.briefing.sheet import Chart

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FONTS = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, WenQuanYi Zen Hei, sans-serif"
_ONE_BROWSER = threading.Lock()
WIDTH, SCALE = 760, 2
"""Pixels across; doubled, a picture of 16 cm has 240 points an inch."""


def can_draw() -> bool:
    """Whether a browser that draws is installed."""
    return any(shutil.which(name) for name in BROWSERS)


def draw(charts: Sequence[Chart], progress: Callable[[int], None] = lambda done: None) -> list[bytes | None]:
    """PNG bytes of every chart, in order; None for each where no browser is here or it does not start. The first takes seconds."""
    if not charts or not can_draw():
        return [None] * len(charts)
    found: list[bytes | None] = []
    with _ONE_BROWSER:
        try:
            kaleido.start_sync_server(n=1, page_generator=kaleido.PageGenerator(mathjax=False), silence_warnings=True)
            for done, chart in enumerate(charts):
                progress(done)
                found.append(_picture(chart))
        except (BrowserDepsError, BrowserFailedError, ChromeNotFoundError):
            return [None] * len(charts)
        finally:
            kaleido.stop_sync_server(silence_warnings=True)
    return found


def _picture(chart: Chart) -> bytes:
    layout = {**chart.figure["layout"], "paper_bgcolor": "#FFFFFF", "plot_bgcolor": "#FFFFFF"}
    layout["font"] = {"size": 14, "color": "#1F2933", **layout.get("font", {}), "family": FONTS}
    layout["margin"] = {side: 16 + layout.get("margin", {}).get(side, 8) for side in "lrtb"}
    height = int(layout.get("height", 360)) + 24
    opts = {"format": "png", "width": WIDTH, "height": height, "scale": SCALE}
    picture: bytes = kaleido.calc_fig_sync({"data": chart.figure["data"], "layout": layout}, opts=opts)
    return picture
