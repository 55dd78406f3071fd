"""The pages door: on a fresh server every address leads through the front door, and no file of `pages/` runs by itself.

Streamlit opens `pages/<name>.py` for the first visitor of `/<name>` until the front door has run once in the process. So pages
only define, and the server lets nobody in before it has called `st.navigation`. Checked with a real server and a real browser.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request

import pytest

from tests.served import FLAGS, ROOT, SERVE, answer, served
from tests.stores import small_store
from tests.test_browser import chromium
from townboard.door.keeper import is_local

PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
SERVERS = {
    "townboard serve": SERVE,
    "streamlit run": (sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true", "--server.port"),
}


@pytest.fixture(scope="module", params=SERVERS)
def fresh(request, tmp_path_factory):
    """The address of a server that nobody has visited yet, on a small store; each way of starting it."""
    folder = tmp_path_factory.mktemp("door") / "store"
    small_store(folder).close()
    with served(folder, command=SERVERS[request.param]) as running:
        yield running.address


@pytest.mark.browser
def test_every_address_leads_through_the_front_door_from_the_first_visit(fresh):
    from playwright.sync_api import sync_playwright

    outside: set[str] = set()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=FLAGS)
        for name in PAGES:  # the first of them is the first visit of all
            page = browser.new_context(locale="zh-CN").new_page()
            page.on(
                "request",
                lambda request: outside.add(request.url) if not request.url.startswith((fresh, "data:", "blob:")) else None,
            )
            page.goto(f"{fresh}/{name}?lang=zh")
            page.wait_for_selector('[data-testid="stHeading"], [data-testid="stAlert"]', timeout=30_000)  # or why not
            rooms = page.locator('[data-testid="stSidebarNavLink"]').all_inner_texts()
            words = page.inner_text("body")
            assert any("总览" in room for room in rooms), f"/{name}: the front door lists the rooms"
            assert not any(room.strip() in PAGES or room.strip() == "app" for room in rooms), f"/{name}: {rooms} are file names"
            assert "TB-" not in words and "Page not found" not in words, name
            if name == "audit":
                page.get_by_test_id("stDataFrame").first.hover()
                buttons = page.get_by_test_id("stBaseButton-elementToolbar")
                buttons.first.wait_for()
                said = [button.get_attribute("aria-label") or button.inner_text() for button in buttons.all()]
                assert said and not any("ownload" in words or "CSV" in words for words in said), (
                    f"{said}: a way out past the record"
                )
            page.close()
        first = browser.new_page()
        first.goto(f"{fresh}/")
        first.wait_for_url("**/overview**", timeout=30_000)
        browser.close()
    assert not {url for url in outside if not url.startswith(f"ws://{fresh.removeprefix('http://')}")}, (
        "nothing leaves the server"
    )


def test_a_stranger_gets_no_source_and_no_listing(fresh):
    for path in ("pages/overview.py", "app.py", "townboard/server.py", ".streamlit/config.toml", "data/live/townboard.duckdb"):
        status = answer(f"{fresh}/{path}")
        assert status in (200, 404), path
        if status == 200:  # Streamlit answers unknown paths with its own page
            with urllib.request.urlopen(f"{fresh}/{path}", timeout=5) as found:
                assert b"def page" not in found.read() and "text/html" in found.headers["content-type"], path


def test_without_a_store_the_server_does_not_start(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "townboard", "serve", "--port", "1"], cwd=ROOT, env=os.environ | {"TOWNBOARD_STORE": str(tmp_path)},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2 and "init" in done.stderr and "Traceback" not in done.stderr


def test_streamlit_is_told_to_stay_quiet_and_closed():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["server"]["enableXsrfProtection"] is True
    assert settings["client"]["disableDataExport"] is True
    assert settings["client"]["showErrorDetails"] == "none" and settings["client"]["toolbarMode"] == "minimal"
    fonts = " ".join(settings["theme"][key] for key in ("font", "headingFont", "codeFont"))
    assert "http" not in fonts and "Noto Sans CJK SC" in fonts, "fonts of the system only"


@pytest.mark.parametrize("name", PAGES)
def test_importing_a_page_draws_nothing(name):
    """Run as Streamlit would run the file by itself: no element comes out of it."""
    from streamlit.testing.v1 import AppTest

    at = AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=30).run()
    assert not at.exception
    assert len(at.main) == 0 and len(at.sidebar) == 0


@pytest.mark.parametrize(("client", "headers", "version", "local"), [
    ("127.0.0.1", {"host": "localhost:8501"}, "1.1", True), ("::1", {"host": "[::1]:8501"}, "1.1", True),
    ("192.0.2.7", {"host": "localhost"}, "1.1", False), ("127.0.0.1", {"host": "board.example.cn"}, "1.1", False),
    ("127.0.0.1", {"host": "127.0.0.1.evil.cn"}, "1.1", False),
    ("127.0.0.1", {"host": "127.0.0.1:8501", "x-forwarded-for": "127.0.0.1"}, "1.1", False),
    ("127.0.0.1", {"host": "127.0.0.1:8501", "X-Forwarded-Proto": "https"}, "1.1", False),
    ("127.0.0.1", {"host": "127.0.0.1:8501", "cf-connecting-ip": "192.0.2.7"}, "1.1", False),
    ("127.0.0.1", {"host": "127.0.0.1:8501"}, "1.0", False),
])  # fmt: skip
def test_behind_a_proxy_nobody_is_on_this_machine(client, headers, version, local):
    """Every request of a proxy comes from 127.0.0.1; one that says nothing of itself (nginx with `proxy_pass` alone) asks in HTTP 1.0."""
    assert is_local(client, headers, version) is local
