"""Pictures of every page: `python -m tests.pictures [OUTDIR]`, in both languages, wide and narrow, light and dark; or `make pictures`.

The demo is filled and served for it, a second time with accounts for what only they have. After the rooms of the house come scenes: a
village, a trace, a workbook with mistakes, the wall. Options: `--scenes overview,trace`, `--looks zh-light-1440`, `--store` for a demo
store that is there already (it is copied).
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from app import ROOMS
from tests.hands import CALM, click_cell
from tests.served import FLAGS, browser_path, served
from townboard import accounts, demo
from townboard.demo import samples
from townboard.loading import catalogue
from townboard.store import Store
from townboard.store.accounts import Account

LOOKS = tuple(f"{language}-{theme}-{width}" for language in ("zh", "en") for theme in ("light", "dark") for width in (1440, 390))
TALL, MOST = 900, 12_000
"""Pixels: the height of a screen, and of the tallest picture."""
MONTH, UNIT, SENDER = "period=2022-10&county=140121", "140121101", "140121100"
BOSS, FIRST, OWN = Account("张管理", "admin"), "first one 55", "blue lamp 47 river"


@dataclass(frozen=True, slots=True)
class Scene:
    """What a picture shows: an address, and what is done there. `whole`: the page to its end, else one screen of it. `signed`: on
    the store with accounts; False there stands for a stranger."""

    name: str
    address: str
    act: Callable[[Page], None] = lambda page: None
    whole: bool = True
    signed: bool | None = None


def upload(page: Page) -> None:
    """Send a sample with mistakes in for checking."""
    page.locator("input[type=file]").set_input_files(samples.FOLDER / samples.WITH_MISTAKES)
    page.locator("[class*=st-key-block_], [data-testid=stDataFrame]").nth(1).wait_for(timeout=60_000)


def unfold(page: Page, key: str) -> None:
    """Open a folded box."""
    page.locator(f".st-key-{key} summary").click()


def cell(page: Page, key: str, x: float, row: int) -> None:
    """Click a cell and wait for its dialog."""
    click_cell(page, key, x, row)
    page.get_by_role("dialog").wait_for()


def scenes() -> list[Scene]:
    """The rooms in the order of the sidebar, then the scenes."""
    village = catalogue().children(UNIT, "village")[0].code
    rooms = [
        Scene(path, f"{path}?{MONTH}", signed=True if path == "admin" else None) for _, pages in ROOMS for _, path, _, _ in pages
    ]
    return [
        *rooms,
        Scene("town", f"township?{MONTH}&unit={UNIT}"), Scene("village", f"township?{MONTH}&unit={UNIT}&village={village}"),
        Scene("one_unit", f"economy?{MONTH}&unit={UNIT}"), Scene("one_band", f"economy?{MONTH}&band=3"),
        Scene("earlier", f"overview?{MONTH}&as_of=2022-10-20T18:00"), Scene("approved", f"overview?{MONTH}&basis=approved"),
        Scene("trace", f"township?{MONTH}&unit={UNIT}", partial(cell, key="grid_town_village_rows", x=330, row=0), whole=False),
        Scene("behind", f"township?{MONTH}&unit={UNIT}", partial(cell, key="grid_unit_indicators", x=200, row=0), whole=False),
        Scene("meaning", f"economy?{MONTH}", partial(unfold, key="townboard_definitions")),
        Scene("table", f"economy?{MONTH}", partial(unfold, key="table_of_goal_months")),
        Scene("help", f"overview?{MONTH}", lambda page: page.locator("[data-testid=stTooltipIcon]").nth(1).hover(), whole=False),
        Scene("findings", f"submit?{MONTH}&unit={SENDER}", upload),
        Scene("wall", f"economy?{MONTH}&mode=meeting", whole=False),
        Scene("paper", f"economy?{MONTH}&mode=print"),
        Scene("sign_in", "sign-in?", signed=False),
    ]  # fmt: skip


def settle(page: Page) -> None:
    """Wait until the script has run, its charts are drawn and nothing grows any more; a page of the door is there at once."""
    if page.locator("[data-testid=stApp], #root").count():
        page.wait_for_selector('[data-testid="stHeading"], [data-testid="stAlert"], .townboard-wall', timeout=60_000)
        page.wait_for_function(CALM, timeout=60_000)


def take(browser: Browser, url: str, out: Path, scene: Scene, look: str) -> Path:
    """One picture of a scene in a look."""
    language, theme, width = look.split("-")
    context = browser.new_context(
        viewport={"width": int(width), "height": TALL}, color_scheme="dark" if theme == "dark" else "light",
        locale="zh-CN" if language == "zh" else "en-US",
    )  # fmt: skip
    page = context.new_page()
    page.set_default_timeout(60_000)
    if scene.signed:
        enter(page, url)
    page.goto(f"{url}/{scene.address}&lang={language}", wait_until="domcontentloaded")
    settle(page)
    scene.act(page)
    settle(page)
    if scene.whole:
        for _ in range(2):  # what is seen for the first time may still grow
            height = page.evaluate(
                "() => Math.max(...[...document.querySelectorAll('[data-testid=stMain], section, body')].map(e => e.scrollHeight))"
            )
            page.set_viewport_size({"width": int(width), "height": min(int(height) + 40, MOST)})
            settle(page)
    path = out / f"{scene.name}-{look}.png"
    page.screenshot(path=str(path))
    context.close()
    return path


def enter(page: Page, url: str) -> None:
    """Sign in as the administrator, whose first password is changed."""
    page.goto(f"{url}/sign-in")
    page.locator("input[name=name]").fill(BOSS.name)
    page.locator("input[name=password]").fill(OWN)
    page.locator("button[type=submit], main button").first.click()
    page.wait_for_url(lambda address: "sign-in" not in address)


def stores(folder: Path, given: Path | None) -> tuple[Path, Path]:
    """A demo store, and one with accounts."""
    plain, manned = folder / "plain", folder / "manned"
    if given:
        shutil.copytree(given, plain)
    else:
        with Store.create(plain) as store:
            demo.fill(store, progress=lambda share, words: print(f"\r{share:4.0%} {words.say('en')}", end="", flush=True))
        print()
    shutil.copytree(plain, manned)
    with Store.open(manned) as store:
        accounts.add(store, BOSS, by="pictures", password=FIRST)
        accounts.change_password(store, accounts.sign_in(store, BOSS.name, FIRST).token, FIRST, OWN)
        accounts.add(store, Account("李专办", "special_office"), by="pictures", password=FIRST)
        accounts.add(store, Account("王填报", "clerk", (SENDER,)), by="pictures", password=FIRST)
    return plain, manned


def taken(out: Path, wanted: Sequence[Scene], looks: Sequence[str], given: Path | None) -> Iterator[Path]:
    """The pictures, one after the other."""
    with (
        tempfile.TemporaryDirectory() as place, sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=browser_path(), args=[*FLAGS, "--hide-scrollbars", "--font-render-hinting=none"]) as browser,
    ):  # fmt: skip
        plain, manned = stores(Path(place), given)
        for store, ours in (
            (plain, [one for one in wanted if one.signed is None]),
            (manned, [one for one in wanted if one.signed is not None]),
        ):
            if ours:
                with served(store) as server:
                    for scene in ours:
                        for look in looks:
                            yield take(browser, server.address, out, scene, look)


def main() -> None:
    """Take the pictures asked for and print their paths."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("out", nargs="?", default="build/pictures", type=Path)
    asked.add_argument("--scenes", default="")
    asked.add_argument("--looks", default=",".join(LOOKS))
    asked.add_argument("--store", type=Path)
    options = asked.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    names = options.scenes.split(",") if options.scenes else [scene.name for scene in scenes()]
    for path in taken(options.out, [scene for scene in scenes() if scene.name in names], options.looks.split(","), options.store):
        print(path, flush=True)


if __name__ == "__main__":
    main()
