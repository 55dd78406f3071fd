"""What a hand does on a page, and when it may: once the page has been drawn."""

from __future__ import annotations

from re import Pattern

from playwright.sync_api import Page, TimeoutError

STILL = "[data-testid=stApp][data-test-script-state=notRunning]"
CALM = """() => { const app = document.querySelector('[data-testid="stApp"]'), now = performance.now();
  const drawn = !document.querySelector('[data-testid="stSkeleton"]') && [...document.querySelectorAll('[data-testid="stPlotlyChart"]')].every((chart) => chart.querySelector('.main-svg'));
  const size = document.querySelectorAll('[data-testid="stMain"] *').length;
  if (app.dataset.testScriptState !== 'notRunning' || !drawn || size !== window.lastSize) window.lastBusy = now;
  window.lastSize = size;
  return now - (window.lastBusy ??= now) > 1500 }"""
"""Nothing has run and nothing has grown for a while: on a busy machine the browser still puts in what a finished run has sent."""


def settled(page: Page) -> None:
    """Wait until the script has run."""
    page.locator(STILL).wait_for()
    page.wait_for_timeout(300)


def press(page: Page, marks: str, n: int, leads_to: Pattern[str]) -> None:
    """Click the n-th mark of a chart as a hand does, until the address matches; the next one where the chart was not ready for it yet."""
    for late in range(4):
        settled(page)
        mark = page.locator(marks).nth(n + late)  # a second click on the same one would take a choice back
        mark.scroll_into_view_if_needed()
        page.wait_for_timeout(300)
        box = mark.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x - 3, y)
        page.mouse.move(x, y, steps=3)
        page.wait_for_timeout(500)
        page.mouse.click(x, y, delay=80)
        try:
            page.wait_for_url(leads_to, timeout=8_000)
        except TimeoutError:
            continue
        return
    page.wait_for_url(leads_to)


def click_cell(tab: Page, key: str, x: float, row: int) -> None:
    """Press a cell of the table `key` as a hand does: `x` pixels from its left edge, in the row that counts from 0."""
    table = tab.locator(f"[class*={key}] [data-testid=stDataFrame]").last
    table.scroll_into_view_if_needed()
    tab.wait_for_timeout(500)
    table.click(position={"x": x, "y": 35 + 35 * row + 17}, delay=400)
