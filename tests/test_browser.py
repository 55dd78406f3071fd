"""In a real browser, on the real server: a clerk uploads a workbook, and the number arrives on a chart and in a download."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import shutil
import time
import unicodedata
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from app import ROOMS
from tests.hands import CALM, click_cell, press, settled
from tests.served import FLAGS, ROOT, browser_path, served
from townboard.loading import catalogue

SAMPLES = ROOT / "data" / "samples"
UNIT, PERIOD = "140121100", "2022-10"

pytestmark = pytest.mark.browser


def chromium() -> str:
    """The system's Chromium; without one the tests are skipped on a desk and fail in continuous integration."""
    if found := browser_path():
        return found
    if os.environ.get("CI"):
        pytest.fail("no Chromium on this machine")
    return pytest.skip("no Chromium on this machine")


@pytest.fixture(scope="module")
def server(demo_folder, tmp_path_factory):
    """The address of a server on a demo store of its own."""
    with served(shutil.copytree(demo_folder, tmp_path_factory.mktemp("served") / "store")) as running:
        yield running.address


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def tab(browser, server):
    """A page in Chinese that notes every request to another machine."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 1000}, accept_downloads=True)
    page = context.new_page()
    page.elsewhere = []
    page.on("request", lambda request: request.url.startswith(("http", "ws")) and server.split("//")[1] not in request.url
            and page.elsewhere.append(request.url))  # fmt: skip
    page.set_default_timeout(30_000)
    yield page
    context.close()


def test_from_upload_to_chart_and_download(tab, server):
    first = catalogue().children(UNIT, "village")[0].label.zh
    tab.goto(f"{server}/economy?county=140121&period={PERIOD}")
    tab.get_by_text("未报：清源镇").first.wait_for()

    tab.goto(f"{server}/submit?unit={UNIT}&period={PERIOD}")
    tab.get_by_text("③ 上传").wait_for()
    tab.locator("input[type=file]").set_input_files(SAMPLES / "清源镇_2022年10月_村集体经济.xlsx")
    tab.get_by_role("button", name="报送", exact=True).click()
    tab.get_by_text("回执：已收到").wait_for()
    sent = time.monotonic()

    tab.get_by_role("link", name="看村集体经济").click()
    tab.get_by_text("1/1 个单位已报").first.wait_for()
    assert time.monotonic() - sent < 60, "it arrives at once; how fast is what make bench tells"
    table = tab.locator("[data-testid=stDataFrame]").last
    table.wait_for()
    with tab.expect_download() as download:
        tab.get_by_role("button", name="下载 CSV").last.click()
    rows = list(csv.reader(Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    [village] = [row for row in rows if first in row]
    assert any(cell.replace(".", "").isdigit() for cell in village), village
    assert any("示例数据" in cell for cell in rows[-1]), "every download says that the figures are invented"
    assert tab.elsewhere == [], "no request leaves the server"


@pytest.fixture
def five_problems(tmp_path):
    """A free-form workbook with five different problems: a unit slip, an unknown name, a blank, a word for a number, a fallen sum."""
    book = openpyxl.load_workbook(SAMPLES / "清源镇_2022年10月_村集体经济.xlsx")
    sheet = book.worksheets[0]
    sheet["F8"] = sheet["F8"].value * 10_000
    sheet["C9"] = sheet["C9"].value.replace("村", "庄")
    sheet["F10"] = None
    sheet["I11"] = "见附表"
    sheet["F12"] = 2.5
    path = tmp_path / "清源镇十月.xlsx"
    book.save(path)
    return path, sheet["C9"].value


def test_five_problems_go_from_upload_to_receipt_on_the_page_alone(tab, server, five_problems):
    path, unknown = five_problems
    tab.goto(f"{server}/submit?unit={UNIT}&period={PERIOD}")
    tab.get_by_text("③ 上传").wait_for()
    began = time.monotonic()
    tab.locator("input[type=file]").set_input_files(path)
    tab.get_by_text("不用答复").wait_for()  # the last line of the page
    said = tab.locator("[data-testid=stMain]").inner_text()
    assert "Traceback" not in said
    for words in ("单位可能填错", "名称对不上", "必填项为空", "不是数字", "累计数比上期小"):
        assert words in said, words
    assert "第8行" in said, "places are told in words"
    assert tab.get_by_role("button", name="报送", exact=True).count() == 0

    tab.get_by_role("button", name=unknown.replace("庄", "村"), exact=True).click()
    tab.get_by_text("名称对不上").wait_for(state="detached")
    for left in (2, 1, 0):
        tab.get_by_role("button", name="采纳建议").first.click()
        expect(tab.get_by_role("button", name="采纳建议")).to_have_count(left)
    expect(tab.get_by_test_id("glide-cell-6-0")).to_have_count(0)  # the grid has one element left
    expect(tab.get_by_test_id("glide-cell-4-0").first).to_contain_text("见附表")
    canvas = tab.locator("[data-testid=stDataFrame] canvas").first
    canvas.scroll_into_view_if_needed()
    tab.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    tab.wait_for_timeout(500)
    box = canvas.bounding_box()
    tab.mouse.dblclick(box["x"] + box["width"] * 0.5, box["y"] + 35 + 17)
    tab.locator("#portal input").wait_for()
    tab.keyboard.type("10.4", delay=80)
    tab.wait_for_timeout(400)  # as slowly as a person
    tab.keyboard.press("Enter")
    expect(tab.get_by_test_id("glide-cell-2-0").first).to_contain_text("10.4")

    tab.locator(".st-key-townboard_language_switch").get_by_text("English").click()
    expect(tab.get_by_role("button", name="Check again")).to_be_visible()
    expect(tab.get_by_test_id("glide-cell-2-0").first).to_contain_text("10.4")
    tab.locator(".st-key-townboard_language_switch").get_by_text("中文").click()

    tab.get_by_role("button", name="重新检查").click()
    tab.get_by_text("可以报送").wait_for()
    tab.get_by_role("button", name="报送", exact=True).click()
    tab.get_by_text("回执：已收到").wait_for()
    assert time.monotonic() - began < 180, "under three minutes"


def test_from_the_county_to_a_village_to_the_original(tab, server, demo_folder):
    tab.goto(f"{server}/explore?county=140121&period=2022-09")
    tab.get_by_text("指标", exact=True).click()
    tab.locator("[class*=grid_explore_economy]").first.wait_for()
    tab.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    click_cell(tab, "grid_explore_economy", 300, 0)  # the county's share of villages at the goal
    dialog = tab.get_by_role("dialog")
    dialog.get_by_text("纳入考核的全部村").wait_for()
    dialog.get_by_text("共 128 处").wait_for()
    click_cell(tab, "grid_behind_CE01", 150, 2)
    dialog.get_by_text("工作表与单元格").wait_for()
    with tab.expect_download() as download:
        dialog.get_by_role("button", name="下载原始工作簿").click()
    original = Path(download.value.path()).read_bytes()
    kept = demo_folder / "originals" / hashlib.sha256(original).hexdigest()
    assert kept.read_bytes() == original, "the very bytes that were uploaded"
    assert openpyxl.load_workbook(io.BytesIO(original)).sheetnames[0] == "封面"


def test_a_click_on_a_number_of_a_unit_opens_its_trace(tab, server):
    tab.goto(f"{server}/township?unit=140121101&period={PERIOD}")
    tab.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    click_cell(tab, "grid_town_village_rows", 330, 0)
    dialog = tab.get_by_role("dialog")
    dialog.get_by_text("《村集体经济》G4").first.wait_for()
    said = dialog.inner_text()
    assert "东北坊村" in said and "万元" in said and "第1版" in said and "徐沟镇填报员" in said
    tab.reload()
    tab.locator("[class*=grid_unit_indicators]").first.wait_for()
    tab.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    click_cell(tab, "grid_unit_indicators", 200, 0)
    dialog.get_by_text("目标：基本目标 60%").wait_for()


def test_a_file_that_cannot_be_taken(tab, server, tmp_path):
    wrong = tmp_path / "通知.xlsx"
    wrong.write_bytes(b"%PDF-1.4 a scanned copy")
    tab.goto(f"{server}/submit?unit={UNIT}&period={PERIOD}")
    tab.get_by_text("③ 上传").wait_for()
    tab.locator("input[type=file]").set_input_files(wrong)
    tab.get_by_text("另存为 .xlsx").first.wait_for()
    assert tab.get_by_role("button", name="报送", exact=True).count() == 0


@pytest.mark.parametrize(
    "path",
    ["", "economy", "clean_collect", "enforcement", "coverage", "burden", "township", "submissions", "explore", "catalogue"],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_draws_without_trouble(tab, server, path, language):
    tab.goto(f"{server}/{path}?lang={language}")
    tab.locator("h1").first.wait_for()
    tab.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    assert tab.locator("[data-testid=stException]").count() == 0
    assert tab.elsewhere == []


BARS = ".st-key-block_goal_units .barlayer .trace:first-child .point path"
DOTS = ".st-key-block_around .scatterlayer .point"


def test_two_clicks_from_the_county_to_a_village_then_to_the_workbook_and_back(tab, server, demo_folder):
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
    assert (demo_folder / "originals" / hashlib.sha256(original).hexdigest()).read_bytes() == original, (
        "the very bytes that were sent"
    )
    tab.keyboard.press("Escape")

    tab.go_back()
    tab.wait_for_url(re.compile(f"/economy.*unit={unit}"))
    tab.locator(DOTS).first.wait_for()
    settled(tab)
    assert 0 < tab.locator(DOTS).count() < 40
    tab.locator(".st-key-townboard_crumbs").get_by_text("清徐县").click()
    expect(tab.locator(DOTS)).to_have_count(dots, timeout=20_000)
    assert "unit=" not in tab.url and tab.elsewhere == [], "no request leaves the server"


def test_a_row_of_a_board_leads_to_its_unit_within_the_visit_and_back(tab, server):
    loaded = []
    tab.on("request", lambda request: loaded.append(request.url) if request.is_navigation_request() else None)
    start = f"{server}/overview?county=140121&period=2022-09&basis=preliminary&lang=zh"
    tab.goto(start)
    row = tab.locator(".st-key-block_scorecard tbody tr", has_text="徐沟镇")
    row.wait_for()
    settled(tab)
    steps = tab.evaluate("history.length")
    row.locator("td").first.click()
    tab.wait_for_url(f"{server}/township?county=140121&period=2022-09&unit=140121101&basis=preliminary&lang=zh")
    expect(tab.locator(".st-key-townboard_crumbs")).to_contain_text("徐沟镇", timeout=20_000)
    assert tab.evaluate("history.length") == steps + 1
    tab.go_back()
    tab.wait_for_url(start)
    link = tab.locator(".st-key-block_behind a.townboard-place").first
    link.wait_for()
    settled(tab)
    link.focus()
    unit = re.search(r"unit=(\d+)", link.get_attribute("href"))[1]
    tab.keyboard.press("Enter")
    tab.wait_for_url(re.compile(f"/township.*unit={unit}"))
    expect(tab.locator(".st-key-townboard_crumbs")).to_contain_text(catalogue().org_unit[unit].label.zh, timeout=20_000)
    assert loaded == [start], "the visit goes on: no page was loaded anew"


WALKED = """() => {
  const one = document.activeElement, main = one.closest('[data-testid="stMain"]');
  if (!main || one === main) return one === document.body ? 'end' : 'beside';
  one.dataset.walked ??= document.querySelectorAll('[data-walked]').length;
  const look = getComputedStyle(one);
  if (!one.matches('input, textarea') && (look.outlineStyle === 'none' || !parseFloat(look.outlineWidth))) one.dataset.unseen = '';
  return 'in';
}"""
"""Note what the focus stands on, in order, and whether an outline shows it (fields show it by their border: `FIELDS`)."""
LEFT_OUT = """() => [...document.querySelectorAll(
  '.st-key-townboard_filters input, [data-testid="stMain"] summary, [data-testid="stDownloadButton"] button:not(:disabled)')]
  .filter((one) => !('walked' in one.dataset) && one.checkVisibility()).map((one) => one.innerText || one.getAttribute('aria-label'))"""
ORDER = """() => { const all = [...document.querySelectorAll('[data-walked]')].map((one) => Number(one.dataset.walked));
  return all.every((one, at) => one === at) }"""
FIELDS = """async () => { const dark = [], border = (one) => { const found = [];
    for (let at = one, n = 0; at && n < 5; at = at.parentElement, n++) { const s = getComputedStyle(at); found.push(s.borderColor, s.boxShadow, s.outline); }
    return found.join(); };
  const fields = [...document.querySelectorAll('[data-testid="stMain"] input[data-walked]:not([type=file])')];
  document.activeElement.blur();
  await new Promise((done) => setTimeout(done, 350));
  const before = fields.map(border);
  for (const [n, one] of fields.entries()) { one.focus({ focusVisible: true }); await new Promise((done) => setTimeout(done, 250));
    if (border(one) === before[n]) dark.push(one.getAttribute('aria-label')); }
  return dark }"""
CHARTS = """() => [...document.querySelectorAll('[data-testid="stPlotlyChart"]')].map((chart) => {
  const block = chart.closest('[class*="st-key-block_"]'), alt = chart.closest('[aria-label]') || chart.querySelector('[aria-label]');
  return [alt?.getAttribute('aria-label') || '', !!block?.querySelector('summary, [data-testid="stDataFrame"], table')] })"""
PATHS = [path for _, rooms in ROOMS for _, path, _, _ in rooms]


def walk(tab, address):
    """Tab through a page from its beginning until the focus leaves it."""
    tab.goto(address)
    tab.locator("h1, [data-testid=stAlert]").first.wait_for()
    tab.wait_for_function(CALM)
    begun, ends = False, 0
    for _ in range(250):
        tab.keyboard.press("Tab")
        at = tab.evaluate(WALKED)
        begun, ends = begun or at == "in", ends + (at == "end")
        if (begun and at != "in") or ends == 2:
            break
    else:
        pytest.fail("the focus does not leave the page")


@pytest.mark.parametrize("path", PATHS)
def test_every_page_is_walked_by_keyboard(tab, server, path):
    """Tab visits filters, downloads and folded boxes in reading order, shows where it is, picks nothing and comes out again."""
    for _ in range(3):  # what comes in late on a busy machine is not passed over: walked again
        walk(tab, f"{server}/{path}?county=140121&period=2022-09&lang=zh")
        if not tab.evaluate(LEFT_OUT):
            break
    assert tab.get_by_role("dialog").count() == 0, "walking by is no click"
    assert tab.evaluate(LEFT_OUT) == [], "nothing is passed over"
    assert tab.evaluate(ORDER), "in reading order"
    assert tab.evaluate("() => [...document.querySelectorAll('[data-unseen]')].map((one) => one.outerHTML.slice(0, 120))") == []
    assert tab.evaluate(FIELDS) == [], "a field with the focus looks different"
    assert all(alt and beside for alt, beside in tab.evaluate(CHARTS)), "every chart says its finding, its table stands beside it"


def test_a_table_is_entered_by_arrow_keys(tab, server):
    tab.goto(f"{server}/township?unit=140121101&period={PERIOD}")
    tab.locator("[class*=grid_unit_indicators] canvas").first.wait_for()
    settled(tab)
    for _ in range(100):
        tab.keyboard.press("Tab")
        if tab.evaluate("() => !!document.activeElement.closest('canvas')"):
            break
    tab.keyboard.press("ArrowDown")
    tab.get_by_role("dialog").wait_for()
    tab.keyboard.press("Escape")
    tab.get_by_role("dialog").wait_for(state="detached")


def test_a_unit_is_picked_by_keyboard(tab, server):
    tab.goto(f"{server}/economy?county=140121&period=2022-09&basis=preliminary&lang=zh")
    tab.locator(DOTS).first.wait_for()
    settled(tab)
    unit = tab.get_by_role("combobox", name=re.compile("单位"))
    unit.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "Enter"):
        tab.keyboard.press(key)
        tab.wait_for_timeout(150)
    tab.wait_for_url(re.compile("unit=140121"))
    settled(tab)


@pytest.mark.parametrize("page", ["economy?unit=140121101", "township?unit=140121101"])
def test_a_telephone_shows_a_page_without_scrolling_sideways(tab, server, page):
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.goto(f"{server}/{page}&county=140121&period=2022-09&basis=preliminary&lang=zh")
    tab.locator("[data-testid=stPlotlyChart]").first.wait_for()
    settled(tab)
    assert (
        tab.evaluate("() => Math.max(...[...document.querySelectorAll('[data-testid=stMain], body')].map(e => e.scrollWidth))")
        <= 390
    )


def test_the_wall_turns_by_keys_and_a_township_is_one_sheet(tab, server):
    tab.set_viewport_size({"width": 1920, "height": 1080})
    tab.goto(f"{server}/economy?period=2022-09&mode=meeting")
    count = tab.locator(".townboard-count")
    expect(count).to_contain_text(re.compile(r"1 / \d\d"), timeout=40_000)  # the charts are drawn first
    settled(tab)
    tab.keyboard.press("ArrowRight")
    expect(count).to_contain_text("2 / ", timeout=20_000)
    inside = "() => [...document.querySelectorAll('[class*=st-key-block_] .js-plotly-plot')].every((one) => one.getBoundingClientRect().bottom <= innerHeight)"
    tab.wait_for_function(inside)
    tab.keyboard.press("Escape")
    tab.locator(".townboard-wall").wait_for(state="detached")
    assert "mode=" not in tab.url

    most = max(catalogue().units("140121"), key=lambda unit: len(catalogue().children(unit.code, "village"))).code
    tab.goto(f"{server}/township?period=2022-09&unit={most}")
    tab.locator(".townboard-a4").wait_for(state="attached")
    pages = PdfReader(io.BytesIO(tab.pdf(prefer_css_page_size=True))).pages
    words = unicodedata.normalize("NFKC", pages[0].extract_text())  # Chromium writes some characters as radicals
    assert len(pages) == 1 and float(pages[0].mediabox.width) == pytest.approx(595, abs=1)
    for village in catalogue().children(most, "village"):
        assert village.label.zh in words


@pytest.mark.parametrize(("language", "warned"), [("zh", "按 Ctrl+P"), ("en", "press Ctrl+P")])
def test_whoever_prints_gets_whole_tables_or_is_told_on_the_paper(tab, server, language, warned):
    tab.add_init_script(
        "window.print = () => { window.printed = document.querySelectorAll('table.paper tbody tr').length; dispatchEvent(new Event('afterprint')); }"
    )
    tab.goto(f"{server}/economy?county=140121&period=2022-09&lang={language}")
    tab.locator("[class*=block_villages] canvas").first.wait_for()
    settled(tab)
    paper = "".join(page.extract_text() for page in PdfReader(io.BytesIO(tab.pdf(prefer_css_page_size=True))).pages)
    assert unicodedata.normalize("NFKC", paper).count(warned) == 1, "the browser's own menu: the table that is cut says so"
    assert tab.locator("[data-townboard-cut]").count() == 0, "and nothing of it stays on the screen"
    tab.keyboard.press("Control+p")
    tab.wait_for_function("() => window.printed !== undefined")
    villages = sum(len(catalogue().children(unit.code, "village")) for unit in catalogue().units("140121"))
    assert tab.evaluate("() => window.printed") >= villages, "Ctrl+P: every row"
    tab.locator("[class*=block_villages] canvas").first.wait_for()
    assert "mode=" not in tab.url, "then the page is back"


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
def test_a_chart_on_the_wall_takes_the_whole_screen_and_says_its_source(tab, server, width, height):
    tab.set_viewport_size({"width": width, "height": height})
    tab.goto(f"{server}/economy?period=2022-09&mode=meeting")
    count = tab.locator(".townboard-count")
    expect(count).to_contain_text("1 / ", timeout=40_000)
    tab.wait_for_function(CALM)
    shown = """() => { const slide = document.elementFromPoint(innerWidth / 2, innerHeight - 4).closest('[class*="st-key-block_"]');
      const chart = slide.querySelector('.main-svg'), foot = slide.querySelector('[class*="st-key-foot_"] p');
      const box = chart && chart.getBoundingClientRect(), last = foot.getBoundingClientRect();
      return { wide: !box || box.right > innerWidth - 64 && box.left < 64, whole: !box || box.bottom < last.top + 8, foot: last.bottom <= innerHeight } }"""
    for n in range(1, 6):
        expect(count).to_contain_text(f"{n} / ")
        tab.wait_for_timeout(1200)
        assert tab.evaluate(shown) == {"wide": True, "whole": True, "foot": True}, n
        tab.keyboard.press("ArrowRight")


@pytest.mark.parametrize(("page", "first"), [("overview", "st-key-goal_tiles"), ("enforcement", "st-key-block_tiles_LE01")])
def test_the_first_slide_on_the_wall_is_the_numbers_whole(tab, server, page, first):
    tab.set_viewport_size({"width": 1440, "height": 900})
    tab.goto(f"{server}/{page}?period=2022-09&mode=meeting&lang=en")
    tab.locator(f".{first} [data-testid=stMetric]").nth(2).wait_for()
    expect(tab.locator(".townboard-count")).to_contain_text("1 / ", timeout=40_000)
    settled(tab)
    over = "(name) => document.elementFromPoint(innerWidth / 2, innerHeight / 2).closest('.' + name) !== null"
    tab.wait_for_function(over, arg=first)
    cut = tab.evaluate(
        "(name) => [...document.querySelectorAll(`.${name} [data-testid=stMetric] *, .${name} .stMarkdownBadge`)]"
        ".filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflow === 'hidden').length",
        first,
    )
    assert cut == 0, "no number, name or status is cut short"
