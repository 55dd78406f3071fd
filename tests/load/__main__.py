"""A busy last day: `python -m tests.load [--seconds N] [--browsing N] [--uploading N]`, or `make load`.

Fifty people signed in and browsing (2 to 5 seconds between looks; clerks, leaders, the office) and ten clerks uploading at once, against
the real server on a store of invented figures; each clerk sends another workbook some twenty seconds after the last receipt, and every
one makes all pages be computed anew. First everybody signs in (counted apart: argon2id takes a processor on purpose), then
every page is looked at once, alone, for each scope: those figures of a closed month are what everybody must see all along. Prints the figures;
exit 1 for any error, foreign name, wrong figure, lost upload, or memory that does not stay bounded.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Coroutine, Iterator
from pathlib import Path
from random import Random
from typing import Any

from tests.load.people import Person, foreign_names, people
from tests.load.tab import Tab
from tests.load.tally import Tally, mean, percentile, processor_seconds, resident
from tests.load.workbooks import OPEN, Sent, units, workbooks
from tests.served import served
from townboard import demo
from townboard.loading import catalogue
from townboard.store import Store

ROOT = Path(__file__).resolve().parent.parent.parent
CLOSED = "2022-09"
PAGES = (
    "overview",
    "economy",
    "clean_collect",
    "enforcement",
    "coverage",
    "burden",
    "township",
    "submissions",
    "explore",
    "catalogue",
)
MOVING = {"submissions", "catalogue"}
"""Pages whose figures are not of the closed month alone."""
SEND, RECEIPT, TABLE = "报送", "回执", "下载 CSV"
DOOR = 4
"""How many sign in at a time."""


def figures(found: list[Any]) -> tuple[str, ...]:
    """The numbers on a page: its tiles, and the data of its charts."""
    tiles = [f"{element.metric.label} {element.metric.body}" for element in found if element.WhichOneof("type") == "metric"]
    charts = [
        element.plotly_chart.spec.partition('"layout":')[0] for element in found if element.WhichOneof("type") == "plotly_chart"
    ]
    return (*tiles, *charts)


async def look(tab: Tab, page: str) -> list[Any]:
    """Look at a page; its figures are compared with those of the quiet hour, or noted as such."""
    start = time.perf_counter()
    found = await tab.run(page)
    took, seen = time.perf_counter() - start, figures(found)
    at = (page, tab.person.scope)
    if page in MOVING:
        tab.tally.runs.append(took)
    elif at not in tab.tally.quiet:
        tab.tally.quiet[at] = seen
        tab.tally.looking_quietly.append(took)
    else:
        tab.tally.runs.append(took)
        tab.tally.compared += 1
        if seen != tab.tally.quiet[at]:
            differing = [(a, b) for a, b in zip(tab.tally.quiet[at], seen, strict=False) if a != b][:1]
            tab.tally.wrong[f"{page} for {at[1]}: {len(seen)} figures, {str(differing)[:300]}"] += 1
    return found


async def browse(tab: Tab, until: float, dice: Random) -> None:
    """One page after another; now and then a table is taken away and searched for what is not theirs."""
    await asyncio.sleep(dice.uniform(0, 5))
    while time.monotonic() < until:
        found = await look(tab, dice.choice([page for page in PAGES if page in tab.pages]))
        buttons = [element.download_button for element in found if element.WhichOneof("type") == "download_button"]
        tables = [button for button in buttons if button.label == TABLE]
        if tables and dice.random() < 0.1:
            tab.search(await tab.take(tables[0]))
        await asyncio.sleep(dice.uniform(2, 5))


async def upload(tab: Tab, until: float, dice: Random, sent: Iterator[Sent], pause: float) -> None:
    """One workbook after another for a month of one's own: uploaded, examined, sent, receipt."""
    tab.query = f"period={OPEN}&unit={tab.person.unit}&lang=zh"
    while time.monotonic() < until:
        workbook = await asyncio.to_thread(next, sent)
        start = time.perf_counter()
        uploader = next(one.file_uploader for one in await tab.run("submit") if one.WhichOneof("type") == "file_uploader")
        await tab.give(uploader.id, "11月.xlsx", workbook.data)
        button = _button(await tab.run("submit"), SEND)
        if button is None:
            tab.tally.errors["an upload was examined and could not be sent"] += 1
        else:
            found = await tab.run("submit", button.id)
            if any(RECEIPT in element.markdown.body for element in found if element.WhichOneof("type") == "markdown"):
                tab.tally.uploads.append(time.perf_counter() - start)
                tab.tally.receipts.setdefault(tab.person.unit, []).append(workbook.patrols)
            else:
                tab.tally.errors["what was sent got no receipt"] += 1
        tab.widgets = {}
        await asyncio.sleep(dice.uniform(0.5, 1.5) * pause)


def _button(found: list[Any], label: str) -> Any:
    buttons = (element.button for element in found if element.WhichOneof("type") == "button")
    return next((button for button in buttons if button.label == label and not button.disabled), None)


async def counted(tab: Tab, work: Coroutine[Any, Any, None]) -> None:
    """Do it; whatever goes wrong is counted."""
    try:
        await work
    except Exception as error:  # noqa: BLE001 - counted and printed
        tab.tally.errors[f"{type(error).__name__}: {error}"[:160]] += 1


async def quiet_hour(tabs: list[Tab], tally: Tally) -> None:
    """Everybody signs in, a few at a time; then one person of each scope looks at every page, alone."""
    door = asyncio.Semaphore(DOOR)

    async def enter(tab: Tab) -> None:
        async with door:
            await tab.enter()
            await tab.run()

    await asyncio.gather(*(counted(tab, enter(tab)) for tab in tabs))
    for tab in {tab.person.scope: tab for tab in tabs}.values():
        for page in PAGES:
            if page in tab.pages and page not in MOVING:
                await counted(tab, _quietly(tab, page))


async def _quietly(tab: Tab, page: str) -> None:
    await look(tab, page)


async def day(
    browsers: list[Person],
    clerks: list[tuple[Person, Iterator[Sent]]],
    port: int,
    pid: int,
    seconds: float,
    tally: Tally,
    pause: float,
) -> float:
    """Everybody at once for so many seconds; gives the processor seconds that signing in took."""
    at_screens = [
        Tab(person, port, tally, foreign_names(catalogue(), person.unit))
        for person in [*browsers, *(clerk for clerk, _ in clerks)]
    ]
    for tab in at_screens:
        tab.query = f"period={CLOSED}&basis=approved&lang=zh"
    before = processor_seconds(pid)
    await quiet_hour(at_screens, tally)
    signing_in = processor_seconds(pid) - before
    before, until = processor_seconds(pid), time.monotonic() + seconds
    tasks = [
        asyncio.create_task(counted(tab, browse(tab, until, Random(n)))) for n, tab in enumerate(at_screens[: len(browsers)])
    ]
    for n, (tab, (_, sent)) in enumerate(zip(at_screens[len(browsers) :], clerks, strict=True)):
        tasks.append(asyncio.create_task(counted(tab, upload(tab, until, Random(n), sent, pause))))
    while not all(task.done() for task in tasks):
        tally.memory.append(resident(pid))
        await asyncio.sleep(1)
    tally.processor = processor_seconds(pid) - before
    await asyncio.gather(*(counted(tab, tab.leave()) for tab in at_screens))
    return signing_in


def mistaken(tally: Tally, store: Store) -> list[str]:
    """Receipts that the store does not bear out, and a broken audit chain."""
    found = []
    for unit, patrols in tally.receipts.items():
        rows = store.rows(
            "select e.patrols from law_enforcement e join submission s on e.submission_id = s.id where s.unit = ? and s.period = ? order by s.version",
            [unit, str(OPEN)],
        )
        if [row[0] for row in rows] != patrols:
            found.append(f"{unit}: {len(patrols)} receipts, {len(rows)} versions, or another order")
    return found + [mistake.en for mistake in store.verify_audit().mistakes]


def printed(tally: Tally, seconds: float, people: tuple[int, int], signing_in: float, mistakes: list[str]) -> None:
    """The figures."""

    def ms(values: list[float]) -> str:
        return f"{len(values)}, p50 {percentile(values, 0.5):.0f} ms, p95 {percentile(values, 0.95):.0f} ms"

    memory = tally.memory or [0.0]
    minutes = [f"{mean(memory[at : at + 60]):.0f}" for at in range(0, len(memory), 60)]
    print(f"people       {people[0]} browsing, {people[1]} uploading, {seconds:.0f} s on {os.cpu_count()} cores")
    print(f"signing in   {ms(tally.signing_in)}, {DOOR} at a time; {signing_in:.1f} s of processor with the quiet hour")
    print(f"quiet        {ms(tally.looking_quietly)}: one person a scope looks at every page, alone")
    print(f"requests     {tally.requests}")
    print(
        f"processor    {tally.processor:.0f} s of the server in the day: {tally.processor * 1000 / max(len(tally.runs) + 3 * len(tally.uploads), 1):.0f} ms a page"
    )
    print(f"browsing     {ms(tally.runs)}; {tally.taken} tables taken away")
    print(f"uploads      {ms(tally.uploads)} from file to receipt")
    print(
        f"memory       {memory[0]:.0f} MB at the start, {max(memory):.0f} at most, {memory[-1]:.0f} at the end; by minute {' '.join(minutes)}"
    )
    print(f"errors       {tally.errors.total()}")
    print(
        f"wrong        {tally.wrong.total()} of {tally.compared} looks differ from the quiet hour; {len(mistakes)} receipts or rows not borne out"
    )
    print(f"cross-talk   {tally.crossed.total()}")
    for kind in (tally.errors, tally.wrong, tally.crossed):
        for words, count in kind.most_common(10):
            print(f"  {count} × {words}")
    for mistake in [*mistakes, *tally.outgrown]:
        print(f"  {mistake}")


def main() -> int:
    """Fill a store, serve it, spend the day, print the figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=600)
    asked.add_argument("--browsing", type=int, default=50)
    asked.add_argument("--uploading", type=int, default=10)
    asked.add_argument("--pause", type=float, default=20, help="seconds between two workbooks of one clerk, on average")
    asked.add_argument("--port", type=int, default=8788)
    options = asked.parse_args()
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        with Store.create(Path(folder) / "store") as store:
            demo.fill(store, progress=lambda share, words: None)
            reporting = units(store, options.uploading)
            browsers, uploading = people(store, options.browsing, options.uploading, reporting)
            clerks = [(clerk, workbooks(store.catalogue, clerk.unit, store.history(clerk.unit, OPEN))) for clerk in uploading]
        with served(Path(folder) / "store", port=options.port, patience=120) as server:
            signing_in = asyncio.run(
                day(browsers, clerks, options.port, server.process.pid, options.seconds, tally, options.pause)
            )
        with Store.open(Path(folder) / "store") as store:
            mistakes = mistaken(tally, store)
        for line in server.log.read_text(encoding="utf-8").splitlines():
            if '"level": "ERROR"' in line:
                tally.errors[line[:300]] += 1
    printed(tally, options.seconds, (len(browsers), len(clerks)), signing_in, mistakes)
    trouble = tally.errors or tally.wrong or tally.crossed or mistakes or tally.outgrown
    return 1 if trouble or not tally.uploads or not tally.runs else 0


if __name__ == "__main__":
    sys.exit(main())
