"""In a real browser: whatever stands for a unit in a chart answers a click, wherever it is hit, and whether the unit reported or not."""

from __future__ import annotations

import re
import shutil

import pytest

from tests.hands import CALM, click_place, reach_place, settled
from tests.served import FLAGS, served
from tests.test_browser import chromium

SENT, ABSENT = ("徐沟镇", "140121101"), ("清源镇", "140121100")
"""A unit that reported October and one that did not."""
HINTED = """() => [...document.querySelectorAll('[class*="st-key-foot_"]')].filter((foot) => foot.innerText.includes('点图中的单位'))
  .map((foot) => foot.className.match(/st-key-foot_(\\S+)/)[1])"""
VILLAGES = {"deciding", "top_villages", "near"}
"""Charts whose rows are villages; those whose villages are dots are clicked in `test_browser`."""
UNITS = {
    "overview": {"wide_unit_map"},
    "economy": {"wide_unit_trends", "goal_units", "standing", "forecast_units", *VILLAGES, "around"},
    "clean_collect": {"qh_cash", "qh_debt", "qh_units", "qh_platform"},
    "enforcement": {"wide_le_milestones", "le_staff", "le_LE05", "le_LE06"},
    "coverage": {"wide_cm_five", "cm_full", "cm_service", "cm_grid_rates", "cm_grid_events", "pe_units", "pe_teams"},
    "burden": {"br_kind_chart", "br_cells"},
    "submissions": {"wide_board"},
}
"""The charts of each page that say that they can be clicked."""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def tab(demo_folder, tmp_path_factory):
    """A page that opens a path of the demo store's county in October, and waits until all of it is drawn."""
    from playwright.sync_api import sync_playwright

    with (
        served(shutil.copytree(demo_folder, tmp_path_factory.mktemp("clicks") / "store")) as running,
        sync_playwright() as driver,
    ):
        opened = driver.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = opened.new_context(locale="zh-CN", viewport={"width": 1440, "height": 1000}).new_page()
        page.set_default_timeout(60_000)

        def look(path: str, more: str = "") -> None:
            page.goto(f"{running.address}/{path}?county=140121&period=2022-10&basis=preliminary&lang=zh{more}")
            page.locator("h1").first.wait_for()
            page.wait_for_function(CALM)

        page.look = look
        yield page
        opened.close()


@pytest.mark.parametrize("path", UNITS)
def test_every_unit_of_every_chart_that_says_so_answers_a_click(path, tab):
    tab.look(path)
    assert set(tab.evaluate(HINTED)) == UNITS[path]
    for key in sorted(UNITS[path] - VILLAGES - {"around"}):
        for (name, code), (across, up) in ((ABSENT, (0.08, 0.1)), (SENT, (0.92, 0.9))):
            leads_to = re.compile(f"unit={code}")
            if not click_place(tab, key, name, leads_to, across=across, up=up):
                tab.look(path)  # it shows what was picked alone
                assert click_place(tab, key, name, leads_to, across=across, up=up), f"{key} has no {name}"
            settled(tab)


@pytest.mark.parametrize("key", sorted(VILLAGES))
def test_the_whole_row_of_a_village_answers_a_click(key, tab):
    tab.look("economy")
    row = tab.locator(f".st-key-chart_{key} .js-plotly-plot").evaluate("(one) => one._fullLayout.yaxis._categories[0]")
    assert click_place(tab, key, row.split("<")[0], re.compile("/township.*village="), across=0.97)


SQUARES = {
    "enforcement": ("wide_le_milestones", "清源镇 · 1执法队挂牌未报", "徐沟镇8/8 · 12/12 · 12案卷评查合格已完成"),
    "coverage": ("wide_cm_five", "清源镇 · 全覆盖①未报", "徐沟镇 · 全覆盖⑤"),
    "submissions": ("wide_board", "清源镇 · 12月", "徐沟镇 · 10月"),
}


@pytest.mark.parametrize("path", SQUARES)
def test_a_square_says_under_the_mouse_what_it_holds(path, tab):
    key, *said = SQUARES[path]
    tab.look(path)
    for (name, _), across, words in zip((ABSENT, SENT), (0.04, 0.97), said, strict=True):
        assert reach_place(tab, key, name, across=across)
        tab.wait_for_timeout(500)
        [told] = tab.locator(f".st-key-chart_{key} .hoverlayer .hovertext").all_text_contents()
        assert told.startswith(words)


@pytest.mark.parametrize(("path", "key"), [
    ("overview", "wide_unit_map"), ("economy", "wide_unit_trends"), ("enforcement", "wide_le_milestones"), ("burden", "br_cells"),
    ("submissions", "wide_board"),
])  # fmt: skip
def test_a_unit_picked_keeps_the_others_beside_it_and_a_second_click_lets_it_go(path, key, tab):
    tab.look(path)
    (name, code), (other, _) = SENT, ABSENT
    assert click_place(tab, key, name, re.compile(f"unit={code}"), across=0.6, up=0.3)
    tab.wait_for_function(CALM)
    chart = tab.locator(f".st-key-chart_{key}")
    assert chart.locator("text", has_text=f"▶ {name}").count() == 1 and chart.locator("text", has_text=other).count()
    assert click_place(tab, key, name, re.compile("^((?!unit=).)*$"), across=0.6, up=0.3)
