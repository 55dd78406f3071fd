"""A busy last day: `python -m tests.load [--seconds N]`, or `make load`.

Fifty people signed in and browsing (2 to 5 seconds between looks; clerks, leaders, the office) and ten clerks uploading at once, against
the real server on a store of invented figures, over Streamlit's own protocol. Every clerk's messages are searched for other townships' names;
approved figures of a closed month must be the same for everybody all along; what clerks sent must be in the store
afterwards. Prints the figures; exit 1 for any error, foreign name, wrong figure, lost upload, or memory beyond the limit.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from tests.fuzz import memory
from tests.workbooks import xlsx
from townboard import demo, passwords
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.store import Store
from townboard.store.accounts import Account, put
from townboard.store.audit import audit
from townboard.store.migrations import utc_now

ROOT = Path(__file__).resolve().parent.parent
COUNTY, CLOSED, OPEN = "140121", "2022-09", Period(2022, 11)
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
BROWSERS, CLERKS, MOST_MEMORY = 50, 10, 2_000
DONE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


@dataclass
class Tally:
    """What happened: seconds of every run and upload, figures by page, and everything that must not be."""

    runs: list[float] = field(default_factory=list)
    uploads: list[float] = field(default_factory=list)
    figures: dict[tuple[str, str], Counter[tuple[str, ...]]] = field(default_factory=dict)
    sent: dict[str, float] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    peak: float = 0.0


@dataclass(frozen=True)
class Person:
    """An account with its password; `unit` for those who see one only."""

    name: str
    password: str
    role: str
    unit: str


def people(store: Store) -> tuple[list[Person], list[Person]]:
    """(those who browse, clerks who upload), with accounts that work."""
    units = [unit.code for unit in store.catalogue.units(COUNTY) if store.catalogue.children(unit.code, "village")]
    wanted = [(f"clerk {n}", "clerk", units[n % len(units)]) for n in range(CLERKS)]
    for n in range(BROWSERS):
        role = ("clerk", "unit_leader", "leader", "special_office", "clerk")[n % 5]
        wanted.append((f"{role} {n + 100}", role, units[n % len(units)] if role in ("clerk", "unit_leader") else ""))
    password = secrets.token_urlsafe(18)
    kept = passwords.hashed(password)  # one for all of them: making sixty takes a minute
    with store.write() as cursor:
        for name, role, unit in wanted:
            put(cursor, Account(name, role, (unit,) if unit else (), password=kept, created_at=utc_now()))
            audit(cursor, "load", "account-added", at=utc_now(), detail=name, figures=False)
    made = [Person(name, password, role, unit) for name, role, unit in wanted]
    return made[CLERKS:], made[:CLERKS]


class Tab:
    """One browser tab of one person."""

    def __init__(self, person: Person, port: int, tally: Tally) -> None:
        self.person, self.tally, self.base = person, tally, f"http://127.0.0.1:{port}"
        self.client = httpx.AsyncClient(base_url=self.base, timeout=60, trust_env=False)
        self.hash, self.pages, self.session = "", {}, ""
        self.query, self.widgets = f"period={CLOSED}&basis=approved&lang=zh", {}
        known = catalogue()
        self.foreign = [
            name.encode() for unit in known.units(COUNTY) if unit.code != person.unit
            for name in (unit.label.zh, *(village.label.zh for village in known.children(unit.code, "village")))
        ] if person.unit else []  # fmt: skip
        own = (
            [
                place.label.zh.encode()
                for place in (
                    known.org_unit[person.unit],
                    *known.children(person.unit, "village"),
                    *known.children(person.unit, "community"),
                )
            ]
            if person.unit
            else []
        )
        self.foreign = [name for name in self.foreign if not any(name in mine for mine in own)]

    async def enter(self) -> None:
        """Sign in and open the websocket."""
        page = (await self.client.get("/sign-in")).text
        form = re.search(r'name="form" value="([^"]+)"', page)
        assert form, "no form on the sign-in page"
        answer = await self.client.post("/sign-in", data={"form": form[1], "name": self.person.name, "password": self.person.password},
                                        headers={"origin": self.base})  # fmt: skip
        assert answer.status_code == 303, f"not let in: {answer.status_code}"
        await self.client.get("/_stcore/health")  # its answer carries the token that uploads need
        jar = "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())
        self.socket = await connect(
            f"ws{self.base[4:]}/_stcore/stream", subprotocols=["streamlit", "PLACEHOLDER_AUTH_TOKEN"], max_size=None, compression=None,
            additional_headers={"cookie": jar, "origin": self.base}, proxy=None, ping_interval=None, open_timeout=60,
        )  # fmt: skip

    async def run(self, page: str = "", pressed: str = "") -> list[Any]:
        """One script run of a page; the elements that came."""
        back = BackMsg()
        again = back.rerun_script
        again.query_string, again.page_script_hash, again.page_name = (
            self.query,
            self.pages.get(page, "" if page else self.hash),
            page,
        )
        context = again.context_info
        context.timezone, context.locale, context.url = "Asia/Shanghai", "zh-CN", f"{self.base}/{page}"
        for id, write in self.widgets.items():
            state = again.widget_states.widgets.add()
            state.id = id
            write(state)
        if pressed:
            state = again.widget_states.widgets.add()
            state.id, state.trigger_value = pressed, True
        start = time.perf_counter()
        await self.socket.send(back.SerializeToString())
        found: list[Any] = []
        async with asyncio.timeout(60):
            while True:
                data = await self.socket.recv()
                message = ForwardMsg.FromString(data)
                kind = message.WhichOneof("type")
                if kind == "delta":
                    self._look(data, message, found)
                elif kind == "new_session":
                    self.hash, self.session = (
                        message.new_session.page_script_hash,
                        message.new_session.initialize.session_id or self.session,
                    )
                elif kind == "navigation":
                    self.hash = message.navigation.page_script_hash
                    self.pages = {known.url_pathname: known.page_script_hash for known in message.navigation.app_pages}
                elif kind == "script_finished" and message.script_finished in DONE:
                    break
        self.tally.runs.append(time.perf_counter() - start)
        return found

    def _look(self, data: bytes, message: Any, found: list[Any]) -> None:
        """Keep an element; note what it should not hold."""
        for name in self.foreign:
            if name in data:
                self.tally.troubles[f"{self.person.role} of {self.person.unit} was shown {name.decode()}"] += 1
        if message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            found.append(element)
            body = element.alert.body if element.WhichOneof("type") == "alert" else ""
            if element.WhichOneof("type") == "exception" or "TB-" in body:
                self.tally.troubles[f"a page broke: {(body or element.exception.message)[:120]}"] += 1

    async def browse(self, until: float, dice: Random) -> None:
        """Look at one page after another; approved figures of a closed month are the same every time."""
        await self.run()
        while time.monotonic() < until:
            page = dice.choice([page for page in PAGES if page in self.pages])
            shown = tuple(element.metric.body for element in await self.run(page) if element.WhichOneof("type") == "metric")
            scope = self.person.unit or "all"
            if page != "submissions":
                self.tally.figures.setdefault((page, scope), Counter())[shown] += 1
            await asyncio.sleep(dice.uniform(2, 5))

    async def upload(self, until: float, dice: Random, number: int) -> None:
        """Send one workbook after another for a month of one's own; each is examined, and sent where nothing is open."""
        self.query = f"period={OPEN}&unit={self.person.unit}&lang=zh"
        await self.run()
        villages = catalogue().children(self.person.unit, "village")
        while time.monotonic() < until:
            income = round(100 + number + len(self.tally.uploads) / 100, 2)
            rows = [[n + 1, village.label.zh, income, 1.0, 0.5] for n, village in enumerate(villages)]
            data = xlsx(
                {
                    "村集体经济": [
                        ["村级集体经济收入情况表(11月)"],
                        ["序号", "村名", "经营性收入(万元)", "补助收入", "其他收入"],
                        *rows,
                    ]
                }
            )
            start = time.perf_counter()
            uploader = next(
                element.file_uploader for element in await self.run("submit") if element.WhichOneof("type") == "file_uploader"
            )
            await self._give(uploader.id, data)
            found = await self.run("submit")
            self.tally.uploads.append(time.perf_counter() - start)
            button = next(
                (
                    element.button
                    for element in found
                    if element.WhichOneof("type") == "button" and element.button.label == "报送"
                ),
                None,
            )
            text = " ".join(element.markdown.body for element in found if element.WhichOneof("type") == "markdown")
            if button is not None and not button.disabled:
                await self.run("submit", button.id)
                self.tally.sent[self.person.unit] = income
                self.tally.outcomes["sent"] += 1
            elif "④" in text:
                self.tally.outcomes["examined, with questions"] += 1
            else:
                self.tally.troubles["an upload was not examined"] += 1
            self.widgets = {}
            await asyncio.sleep(dice.uniform(0.5, 2))

    async def _give(self, uploader: str, data: bytes) -> None:
        """Hand a file over as the browser does: ask for an address, put it there, name it in the widget's state."""
        back = BackMsg()
        asked = back.file_urls_request
        asked.request_id, asked.session_id = secrets.token_hex(4), self.session
        asked.file_names.append("11月.xlsx")
        await self.socket.send(back.SerializeToString())
        async with asyncio.timeout(60):
            while True:
                message = ForwardMsg.FromString(await self.socket.recv())
                if message.WhichOneof("type") == "file_urls_response":
                    break
        [urls] = message.file_urls_response.file_urls
        token = self.client.cookies.get("_streamlit_xsrf", "").strip('"')
        answer = await self.client.put(urls.upload_url, files={"file": ("11月.xlsx", data)},
                                       headers={"x-xsrftoken": token, "origin": self.base})  # fmt: skip
        if answer.status_code not in (200, 204):
            self.tally.troubles[f"an upload was answered {answer.status_code} {answer.text[:100]}"] += 1

        def write(state: Any) -> None:
            info = state.file_uploader_state_value.uploaded_file_info.add()
            info.file_id, info.name, info.size = urls.file_id, "11月.xlsx", len(data)
            info.file_urls.CopyFrom(urls)

        self.widgets = {uploader: write}


async def live(tab: Tab, work: Any, wait: float) -> None:
    """One person's time at the screen; whatever goes wrong is counted."""
    try:
        await asyncio.sleep(wait)
        await tab.enter()
        await work
    except Exception as error:  # noqa: BLE001 - counted and printed
        tab.tally.troubles[f"{type(error).__name__}: {error}"[:160]] += 1


async def day(browsers: list[Person], clerks: list[Person], port: int, pid: int, seconds: float) -> Tally:
    """Everybody at once for so many seconds."""
    tally, until, dice = Tally(), time.monotonic() + 12 + seconds, Random(1)
    tasks = []
    for n, person in enumerate([*browsers, *clerks]):
        tab = Tab(person, port, tally)
        work = tab.upload(until, Random(n), n) if n >= len(browsers) else tab.browse(until, Random(n))
        tasks.append(asyncio.create_task(live(tab, work, dice.uniform(0, 10))))
    while not all(task.done() for task in tasks):
        tally.peak = max(tally.peak, sum(map(_resident, _family(pid))) / 1024**2)
        await asyncio.sleep(1)
    return tally


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):  # a thread that has just ended
            found += map(int, (task / "children").read_text().split())
    return found


def _resident(pid: int) -> int:
    return memory(pid, "VmRSS")


def wrong(tally: Tally, store: Store) -> list[str]:
    """Everything that must not be."""
    found = [f"{trouble} ({count} times)" for trouble, count in tally.troubles.most_common()]
    found += [
        f"different figures on {page} for {scope}: {list(seen)[:2]}"
        for (page, scope), seen in tally.figures.items()
        if len(seen) > 1
    ]
    for unit, income in tally.sent.items():
        stored = {row[0] for row in store.rows(
            "select e.operating_income from village_economy e join (select max(id) as id from submission where unit = ? and period = ?) s "
            "on e.submission_id = s.id", [unit, str(OPEN)])}  # fmt: skip
        if stored != {income}:
            found.append(f"{unit} sent {income}; stored is {stored}")
    if tally.peak > MOST_MEMORY:
        found.append(f"{tally.peak:.0f} MB of memory, more than {MOST_MEMORY}")
    return found + [mistake.en for mistake in store.verify_audit().mistakes]


def percentile(values: list[float], share: float) -> float:
    """The value below which a share of all lies, in ms; 0 for none."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1000 if values else 0.0


def main() -> int:
    """Fill a store, serve it, spend the day, print the figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=120)
    asked.add_argument("--port", type=int, default=8788)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        with Store.create(Path(folder) / "store") as store:
            demo.fill(store, progress=lambda share, words: None)
            browsers, clerks = people(store)
        server = subprocess.Popen(
            [sys.executable, "-m", "townboard", "serve", "--port", str(options.port)], cwd=ROOT,
            env=os.environ | {"TOWNBOARD_STORE": str(Path(folder) / "store")}, stderr=(Path(folder) / "log").open("wb"),
        )  # fmt: skip
        try:
            ready = time.monotonic() + 120
            while time.monotonic() < ready:
                try:
                    if httpx.get(f"http://127.0.0.1:{options.port}/_stcore/health", trust_env=False).status_code == 200:
                        break
                except httpx.HTTPError:
                    time.sleep(0.5)
            tally = asyncio.run(day(browsers, clerks, options.port, server.pid, options.seconds))
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)
        with Store.open(Path(folder) / "store") as store:
            mistakes = wrong(tally, store)
        logged = (Path(folder) / "log").read_text(encoding="utf-8")
        mistakes += [line[:300] for line in logged.splitlines() if '"level": "ERROR"' in line][:10]
    print(f"people     {len(browsers)} browsing, {len(clerks)} uploading, {options.seconds:.0f} s")
    print(
        f"looks      {len(tally.runs)} runs, p50 {percentile(tally.runs, 0.5):.0f} ms, p95 {percentile(tally.runs, 0.95):.0f} ms"
    )
    print(f"uploads    {len(tally.uploads)}, p50 {percentile(tally.uploads, 0.5):.0f} ms, p95 {percentile(tally.uploads, 0.95):.0f} ms; "
          + ", ".join(f"{count} {what}" for what, count in tally.outcomes.items()))  # fmt: skip
    print(
        f"figures    {sum(seen.total() for seen in tally.figures.values())} looks at {len(tally.figures)} pages by scope, each the same all along"
    )
    print(f"memory     {tally.peak:.0f} MB at most, workers included")
    print(f"troubles   {len(mistakes)}")
    for mistake in mistakes[:20]:
        print(mistake)
    return 1 if mistakes or not tally.uploads else 0


if __name__ == "__main__":
    sys.exit(main())
