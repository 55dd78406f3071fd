"""The one browser that draws pictures: started when the first is wanted, kept warm for a while, asked by one caller after the other.

The first picture takes seconds, the next a quarter of one. It runs on a thread and a loop of its own, so that a browser that does not
start, dies or hangs is an error for that picture alone, and the next one gets a fresh browser. Nothing is fetched from anywhere.
"""

from __future__ import annotations

import asyncio
import atexit
import shutil
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from townboard import turns

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
IDLE, LONGEST = 120.0, 60.0
"""Seconds: how long an unused browser stays, and how long one picture may take, its turn and the browser's start included."""


class PictureError(Exception):
    """No browser is here, or it did not draw."""


class Easel:
    """A browser that draws Plotly figures, on a thread of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._turn: asyncio.Lock | None = None
        self._browser: Any = None
        self._leave: asyncio.TimerHandle | None = None

    def paint(self, figure: Mapping[str, Any], *, ending: str, width: int, height: int, scale: int = 1) -> bytes:
        """A figure as the bytes of a `png` or `svg`, width and height in pixels. Waits its turn; raises PictureError."""
        if not can_draw():
            raise PictureError("no browser is installed on this machine")
        options = {"format": ending, "width": width, "height": height, "scale": scale}
        done: Future[bytes] = asyncio.run_coroutine_threadsafe(self._painted(dict(figure), options), self._started())
        try:
            with turns.aside():
                trouble = done.exception(LONGEST)
        except TimeoutError as late:
            done.cancel()
            raise PictureError("the browser took too long") from late
        if trouble is not None:
            raise PictureError(f"the browser did not draw: {trouble}") from trouble
        return done.result()

    def close(self) -> None:
        """Let the browser go, if there is one."""
        with self._lock:
            loop = self._loop
        if loop is not None:
            asyncio.run_coroutine_threadsafe(self._put_away(), loop).result(LONGEST)

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop, self._turn = asyncio.new_event_loop(), asyncio.Lock()
                threading.Thread(target=self._loop.run_forever, name="easel", daemon=True).start()
                atexit.register(self.close)
            return self._loop

    async def _painted(self, figure: dict[str, Any], options: dict[str, Any]) -> bytes:
        assert self._turn is not None
        async with self._turn:
            if self._leave is not None:
                self._leave.cancel()
            drawn = False
            try:
                if self._browser is None:
                    import kaleido  # a second of imports that no page needs

                    fresh = kaleido.Kaleido(n=1, timeout=LONGEST / 2, page_generator=kaleido.PageGenerator(mathjax=False))
                    self._browser = await fresh.__aenter__()
                picture: bytes = await self._browser.calc_fig(figure, opts=options)
                drawn = True
            finally:
                if not drawn:
                    await self._put_away()
            self._leave = asyncio.get_running_loop().call_later(IDLE, lambda: asyncio.ensure_future(self._put_away_in_turn()))
            return picture

    async def _put_away_in_turn(self) -> None:
        assert self._turn is not None
        async with self._turn:
            await self._put_away()

    async def _put_away(self) -> None:
        browser, self._browser = self._browser, None
        if browser is not None:
            await browser.__aexit__(None, None, None)


def can_draw() -> bool:
    """Whether a browser that draws is installed."""
    return any(shutil.which(name) for name in BROWSERS)


EASEL = Easel()
"""The process's own."""
