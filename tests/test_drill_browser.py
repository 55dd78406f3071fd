"""In a real browser: county → unit → village → a number's source → the workbook as it was sent; back again; and by keyboard alone."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import TimeoutError, expect

from tests.test_browser import browser, click_cell, server, tab  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser
STILL = "[data-testid=stApp][data-test-script-state=notRunning]"
BARS = ".st-key-block_goal_units .barlayer .trace:first-child .point path"
DOTS = ".st-key-block_around .scatterlayer .point"


def settled(page):
    page.locator(STILL).wait_for()
    page.wait_for_timeout(300)


def press(page, marks, n, leads_to):
    """Click the n-th mark of a chart as a hand does, until the address matches; again where the chart was not ready for it yet."""
    for _ in range(3):
        mark = page.locator(marks).nth(n)
        mark.scroll_into_view_if_needed()
        page.wait_for_timeout(300)
        box = mark.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x - 3, y)
        page.mouse.move(x, y, steps=3)
        page.wait_for_timeout(500)
        page.mouse.click(x, y, delay=80)
        try:
            page.wait_for_url(leads_to, timeout=5_000)
        except TimeoutError:
            continue
        return
    page.wait_for_url(leads_to)


def test_two_clicks_from_the_county_to_a_village_then_to_the_workbook_and_back(tab, server, demo_folder):  # noqa: F811
    tab.goto(f"{server}/economy?county=140121&period=2022-09&basis=preliminary&lang=zh")
    tab.locator(DOTS).first.wait_for()
    settled(tab)
    bars, dots = tab.locator(BARS).count(), tab.locator(DOTS).count()
    assert dots > 100

    press(tab, BARS, 2, re.compile("unit=1401"))
    unit = re.search(r"unit=(\d+)", tab.url)[1]
    expect(tab.locator(".st-key-townboard_crumbs")).to_contain_text("›")
    settled(tab)
    assert tab.locator(BARS).count() == bars, "the chart that was clicked keeps all its units"
    assert tab.locator(".st-key-block_goal_units .ytick text", has_text="▶").count() == 1, "and marks the one picked"
    assert 0 < tab.locator(DOTS).count() < 40, "the others follow"

    press(tab, DOTS, 1, re.compile(f"/township.*village={unit}"))
    tab.locator("[class*=grid_place_village_economy]").first.wait_for()
    settled(tab)
    click_cell(tab, "grid_place_village_economy", 330, 0)
    dialog = tab.get_by_role("dialog")
    dialog.get_by_text("工作表与单元格").wait_for()
    with tab.expect_download() as download:
        dialog.get_by_role("button", name="下载原始工作簿").click()
    original = Path(download.value.path()).read_bytes()
    assert (demo_folder / "originals" / hashlib.sha256(original).hexdigest()).read_bytes() == original, "the very bytes that were sent"
    tab.keyboard.press("Escape")

    tab.go_back()
    tab.wait_for_url(re.compile(f"/economy.*unit={unit}"))
    tab.locator(DOTS).first.wait_for()
    settled(tab)
    assert 0 < tab.locator(DOTS).count() < 40
    tab.locator(".st-key-townboard_crumbs").get_by_text("清徐县").click()
    expect(tab.locator(DOTS)).to_have_count(dots, timeout=20_000)
    assert "unit=" not in tab.url and tab.elsewhere == [], "no request leaves the server"


def focused(page):
    """What has the keyboard's focus, in words."""
    return page.evaluate(
        "() => { const e = document.activeElement; return [e.tagName, e.getAttribute('aria-label') || e.innerText || ''].join(' ').trim() }"
    )


def test_a_page_is_walked_by_keyboard_and_a_unit_is_picked_with_it(tab, server):  # noqa: F811
    tab.goto(f"{server}/economy?county=140121&period=2022-09&basis=preliminary&lang=zh")
    tab.locator(DOTS).first.wait_for()
    settled(tab)
    walked = []
    for _ in range(60):
        tab.keyboard.press("Tab")
        walked.append(focused(tab))
    order = [next((n for n, one in enumerate(walked) if words in one), None)
             for words in ("清化收与三资", "清徐县", "报告期", "单位", "时点", "图片 PNG", "表格和下载")]  # fmt: skip
    assert None not in order and order == sorted(order), (order, walked)

    unit = tab.get_by_role("combobox", name=re.compile("单位"))
    unit.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "Enter"):
        tab.keyboard.press(key)
        tab.wait_for_timeout(150)
    tab.wait_for_url(re.compile("unit=140121"))
    settled(tab)
    charts = tab.locator("[data-testid=stPlotlyChart]")
    said = [charts.nth(n).evaluate("e => (e.closest('[aria-label]') || e.querySelector('[aria-label]'))?.getAttribute('aria-label')")
            for n in range(charts.count())]  # fmt: skip
    assert said and all(said), "every chart says its finding to a screen reader"


@pytest.mark.parametrize("page", ["economy?unit=140121101", "township?unit=140121101"])
def test_a_telephone_shows_a_page_without_scrolling_sideways(tab, server, page):  # noqa: F811
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.goto(f"{server}/{page}&county=140121&period=2022-09&basis=preliminary&lang=zh")
    tab.locator("[data-testid=stPlotlyChart]").first.wait_for()
    settled(tab)
    assert tab.evaluate("() => Math.max(...[...document.querySelectorAll('[data-testid=stMain], body')].map(e => e.scrollWidth))") <= 390
