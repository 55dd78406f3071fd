"""Pictures of every page: `python -m tests.pictures [URL] [OUTDIR]`, in both languages, wide and narrow, light and dark.

Without a URL the demo server on port 8501 is looked at. Options: `--pages overview,economy`, `--only zh-light-1440`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--font-render-hinting=none"]
PAGES = ("overview", "economy", "clean_collect", "enforcement", "coverage", "burden", "township", "todo", "submit", "submissions", "explore",
         "catalogue", "audit")  # fmt: skip
LOOKS = tuple((language, theme, width) for language in ("zh", "en") for theme in ("light", "dark") for width in (1440, 390))


def settle(page: Page) -> None:
    """Wait until the script has run and its charts are drawn."""
    page.wait_for_selector('[data-testid="stHeading"], [data-testid="stAlert"]', timeout=60_000)
    page.wait_for_function(
        """() => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === 'notRunning'
            && !document.querySelector('[data-testid="stStatusWidget"]')
            && [...document.querySelectorAll('[data-testid="stPlotlyChart"]')].every(chart => chart.querySelector('.main-svg'))""",
        timeout=60_000,
    )
    page.wait_for_timeout(900)


def take(browser: Browser, url: str, out: Path, name: str, language: str, theme: str, width: int) -> Path:
    """One full-page picture."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if theme == "dark" else "light",
        locale="zh-CN" if language == "zh" else "en-US",
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"{url}/{name}?lang={language}", wait_until="domcontentloaded")
    settle(page)
    height = page.evaluate(
        """() => Math.max(...[...document.querySelectorAll('[data-testid="stMain"], section, body')].map(e => e.scrollHeight))"""
    )
    page.set_viewport_size({"width": width, "height": min(int(height) + 40, 12_000)})
    page.wait_for_timeout(900)
    path = out / f"{name}-{language}-{theme}-{width}.png"
    page.screenshot(path=str(path))
    context.close()
    return path


def main() -> None:
    """Take the pictures asked for and print their paths."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("url", nargs="?", default="http://127.0.0.1:8501")
    given.add_argument("out", nargs="?", default="build/pictures", type=Path)
    given.add_argument("--pages", default=",".join(PAGES))
    given.add_argument("--only", default="")
    options = given.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name in options.pages.split(","):
            for language, theme, width in LOOKS:
                look = f"{language}-{theme}-{width}"
                if look in (options.only.split(",") if options.only else [look]):
                    print(take(browser, options.url.rstrip("/"), options.out, name, language, theme, width))
        browser.close()


if __name__ == "__main__":
    main()
