"""In a real browser, on the real server: a clerk uploads a workbook, and the number arrives on a chart and in a download."""

from __future__ import annotations

import csv
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import openpyxl
import pytest

from townboard.loading import catalogue

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "data" / "samples"
UNIT, PERIOD = "140121100", "2022-10"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]

pytestmark = pytest.mark.browser


def chromium() -> str:
    """The system's Chromium; without one the tests are skipped on a desk and fail in continuous integration."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    if os.environ.get("CI"):
        pytest.fail("no Chromium on this machine")
    return pytest.skip("no Chromium on this machine")


@pytest.fixture(scope="module")
def server(demo_folder, tmp_path_factory):
    """The address of a server on a demo store of its own."""
    folder = shutil.copytree(demo_folder, tmp_path_factory.mktemp("served") / "store")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "townboard", "serve", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"TOWNBOARD_STORE": str(folder)}, stderr=subprocess.PIPE, text=True
    )
    address = f"http://127.0.0.1:{port}"
    for _ in range(120):
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    break
        except OSError:
            time.sleep(0.5)
        assert process.poll() is None, process.stderr.read()
    else:
        pytest.fail("the server did not become ready in a minute")
    yield address
    process.terminate()
    process.wait(20)


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
    tab.get_by_text("未报:清源镇").first.wait_for()

    tab.goto(f"{server}/submit?unit={UNIT}&period={PERIOD}")
    tab.get_by_text("③ 上传").wait_for()
    tab.locator("input[type=file]").set_input_files(SAMPLES / "清源镇_2022年10月_村集体经济.xlsx")
    tab.get_by_role("button", name="报送", exact=True).click()
    tab.get_by_text("回执:已收到").wait_for()
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


def test_a_free_form_file_with_five_problems_is_explained(tab, server):
    tab.goto(f"{server}/submit?unit={UNIT}&period={PERIOD}")
    tab.get_by_text("③ 上传").wait_for()
    tab.locator("input[type=file]").set_input_files(SAMPLES / "清源镇_2022年10月_五处问题.xlsx")
    tab.get_by_text("④ 检查结果").wait_for()
    tab.get_by_text("不是数字").first.wait_for()
    said = tab.locator("[data-testid=stMain]").inner_text()
    assert "Traceback" not in said
    assert "第" in said and "行" in said, "places are told in words"
    assert tab.get_by_role("button", name="报送", exact=True).count() == 0


def test_the_marked_workbook_comes_down_and_says_the_same_when_it_is_uploaded_again(tab, server, tmp_path):
    tab.goto(f"{server}/submit?unit={UNIT}&period={PERIOD}")
    tab.get_by_text("③ 上传").wait_for()
    tab.locator("input[type=file]").set_input_files(SAMPLES / "清源镇_2022年10月_五处问题.xlsx")
    tab.get_by_text("④ 检查结果").wait_for()
    verdict = tab.locator("[data-testid=stAlert]").filter(has_text="下一步").first
    verdict.wait_for()
    before = verdict.inner_text()
    with tab.expect_download() as download:
        tab.get_by_role("button", name="下载标注了问题的原表").click()
    marked = tmp_path / download.value.suggested_filename
    download.value.save_as(marked)
    assert marked.name == "清源镇_2022年10月_五处问题_标注.xlsx"
    assert "错误清单" in openpyxl.load_workbook(marked).sheetnames
    tab.get_by_role("button", name="换一个文件").click()
    tab.get_by_text("④ 检查结果").wait_for(state="detached")
    tab.locator("input[type=file]").set_input_files(marked)
    tab.get_by_text(marked.name).first.wait_for()
    verdict.wait_for()
    assert verdict.inner_text() == before


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
