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


PLACE = """(graph, [name, across, up]) => {
  const all = graph._fullLayout, traces = graph._fullData, axis = (id) => all[id.replace(/^([xy])/, '$1axis')];
  const head = (words) => words.replace(/^<b>(▶ )?/, '').split('<')[0], at = (x, y, right, down) => [x._offset + right, y._offset + down];
  if (all.yaxis.type === 'category') {
    const row = all.yaxis._categories.findIndex((one) => head(one) === name);
    return row < 0 ? null : at(all.xaxis, all.yaxis, all.xaxis._length * across, all.yaxis.l2p(row));
  }
  const panel = traces.find((trace) => trace.name === name);
  if (panel) return at(axis(panel.xaxis), axis(panel.yaxis), axis(panel.xaxis)._length * across, axis(panel.yaxis)._length * (1 - up));
  for (const words of traces.filter((trace) => trace.mode === 'text')) {
    const n = words.text.findIndex((one) => head(one) === name);
    if (n < 0) continue;
    const ends = (values) => [Math.min(...values.slice(0, -1)), Math.max(...values.slice(0, -1))];
    const holds = (values, one) => ends(values)[0] < one && one < ends(values)[1];
    const tile = traces.find((trace) => trace.fill === 'toself' && holds(trace.x, words.x[n]) && holds(trace.y, words.y[n]));
    const part = (values, share) => ends(values)[0] + (ends(values)[1] - ends(values)[0]) * share;
    return at(all.xaxis, all.yaxis, all.xaxis.l2p(part(tile.x, across)), all.yaxis.l2p(part(tile.y, up)));
  }
  return null }"""
"""Where in a chart that is which stands for a place: its row, its little chart or its tile, so far across and up."""
MIDDLE = (
    "(graph, y) => { graph.scrollIntoView(); document.querySelector('[data-testid=stMain]').scrollBy(0, y - innerHeight / 2) }"
)


def reach_place(page: Page, key: str, name: str, *, across: float = 0.5, up: float = 0.5) -> tuple[float, float] | None:
    """Bring the mouse over what stands for a place in the chart `key`; where that is on the screen, None where nothing does."""
    chart = page.locator(f".st-key-chart_{key} .js-plotly-plot")
    found = chart.evaluate(PLACE, [name, across, up])
    if found is None:
        return None
    chart.evaluate(MIDDLE, found[1])
    page.wait_for_timeout(300)
    box = chart.bounding_box()
    x, y = box["x"] + found[0], box["y"] + found[1]
    page.mouse.move(x - 3, y)
    page.mouse.move(x, y, steps=3)
    page.wait_for_timeout(300)
    return x, y


def click_place(page: Page, key: str, name: str, leads_to: Pattern[str], *, across: float = 0.5, up: float = 0.5) -> bool:
    """Click what stands for a place in the chart `key` until the address matches; False where nothing does."""
    for _ in range(2):  # the chart may not have been ready for the first
        at = reach_place(page, key, name, across=across, up=up)
        if at is None:
            return False
        page.mouse.click(*at, delay=80)
        try:
            page.wait_for_url(leads_to, timeout=8_000)
        except TimeoutError:
            continue
        return True
    raise AssertionError(f"{key}: a click on {name} leads nowhere")


def click_cell(tab: Page, key: str, x: float, row: int) -> None:
    """Press a cell of the table `key` as a hand does: `x` pixels from its left edge, in the row that counts from 0."""
    table = tab.locator(f"[class*={key}] [data-testid=stDataFrame]").last
    table.scroll_into_view_if_needed()
    tab.wait_for_timeout(500)
    table.click(position={"x": x, "y": 35 + 35 * row + 17}, delay=400)
