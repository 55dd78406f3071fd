"""Kill the process that commits, again and again: `python -m tests.crash [--kills N] [--seed S]`, or `make crash`.

A process opens the store, checks all that was ever acknowledged, and submits workbooks through the whole journey, telling each receipt as
soon as it has it. At a random moment, mostly in the middle of a commit, it is killed with `kill -9`; the next one opens what is left.
Nothing closes the store in between. Prints the figures; exit 1 for a lost receipt, a half submission, a store that does not open or an audit
chain that does not hold.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.test_journey import UNIT, VILLAGES, workbook
from townboard import apart, journey
from townboard.access import Actor
from townboard.periods import Period
from townboard.store import Store

OCTOBER = Period(2022, 10)
CLERK = Actor("张三", "clerk", (UNIT,))
ROWS = len(VILLAGES)


@dataclass
class Tally:
    """What happened so far. `killed`: doing what; `unheard`: committed and whole, but killed before the receipt was told."""

    kills: int = 0
    killed: Counter[str] = field(default_factory=Counter)
    acknowledged: list[dict[str, Any]] = field(default_factory=list)
    unheard: int = 0
    troubles: list[str] = field(default_factory=list)


def wrong(store: Store, acknowledged: list[dict[str, Any]]) -> tuple[list[str], int]:
    """What is not as it was acknowledged, or only half there; and how many submissions there are."""
    found = store.rows("""
        select s.id, s.version, s.sha256, e.events, f.facts, f.income, i.in_force, o.originals, a.audited
        from submission s
        left join (select submission_id, count(*) as events from event group by submission_id) e on e.submission_id = s.id
        left join (select submission_id, count(*) as facts, sum(operating_income) as income from village_economy group by submission_id) f
            on f.submission_id = s.id
        left join (select submission_id, count(*) as in_force from in_force group by submission_id) i on i.submission_id = s.id
        left join (select sha256, count(*) as originals from original group by sha256) o on o.sha256 = s.sha256
        left join (select detail, count(*) as audited from audit where action = 'submit' group by detail) a
            on a.detail = 'submission ' || s.id || ' version ' || s.version || ' sha256 ' || s.sha256
        order by s.id""")
    there = {row[0]: row for row in found}
    mistakes = [f"submission {row[0]} is half there: {row}" for row in found if None in row or row[4] != ROWS]
    mistakes += (
        [f"versions are {[row[1] for row in found]}"] if [row[1] for row in found] != list(range(1, len(found) + 1)) else []
    )
    for receipt in acknowledged:
        row = there.get(receipt["id"])
        if row is None or (row[1], row[2]) != (receipt["version"], receipt["sha256"]) or abs(row[5] - receipt["income"]) > 1e-6:
            mistakes.append(f"acknowledged and not there: {receipt}, found {row}")
    for row in found[-3:]:
        store.original(row[2])
    mistakes += [mistake.en for mistake in store.verify_audit().mistakes]
    return mistakes, len(found)


def submit_until_killed(folder: Path, known: Path, tell: int) -> None:
    """The process that is killed: open, check, and submit for ever, telling every step."""

    def say(**what: Any) -> None:
        os.write(tell, json.dumps(what).encode() + b"\n")

    say(doing="opening")
    store = Store.open(folder)
    say(doing="checking")
    mistakes, count = wrong(store, json.loads(known.read_text(encoding="utf-8")))
    say(doing="reading", mistakes=mistakes, count=count)
    while True:
        income = round(12.5 + count / 100, 2)
        data = workbook(C4=income)
        examined = journey.examine(data, f"{count}.xlsx", UNIT, OCTOBER, store)
        say(doing="committing")
        receipt = journey.submit(store, examined, CLERK)
        total = sum(value.value for value in examined.submission.values() if value.element == "operating_income" and value.value)  # type: ignore[union-attr, misc]
        say(
            doing="reading",
            receipt={"id": receipt.submission_id, "version": receipt.version, "sha256": receipt.sha256, "income": total},
        )
        count += 1


def _round(folder: Path, known: Path, tally: Tally, dice: Random, *, last: bool) -> None:
    """One process from its start to its end; what it told goes into the tally."""
    ear, mouth = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(ear)
        try:
            submit_until_killed(folder, known, mouth)
        except BaseException as error:  # noqa: BLE001 - told to the parent, which counts it
            os.write(mouth, json.dumps({"doing": "failing", "mistakes": [f"{type(error).__name__}: {error}"]}).encode() + b"\n")
        os._exit(1)
    os.close(mouth)
    at_random = dice.random() < 0.15  # anywhere, opening included; else around the commits
    moment, told, said = time.monotonic() + dice.uniform(0, 1.0) if at_random else 0.0, b"", 0
    commits, patience = dice.choice((0, 1, 1, 2, 3)), time.monotonic() + 60
    while True:
        ready = select.select([ear], [], [], max(0.0, min(moment or patience, patience) - time.monotonic()))[0]
        part = os.read(ear, 65536) if ready else b""
        told += part
        said = told.count(b'"committing"')
        if not part or time.monotonic() > patience or b'"failing"' in told or (last and b'"count"' in told):
            break
        if not moment and said > commits:
            moment = time.monotonic() + dice.uniform(0, 0.03)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    while part := os.read(ear, 65536):
        told += part
    os.close(ear)
    _note(tally, [json.loads(line) for line in told.splitlines(keepends=True) if line.endswith(b"\n")], last=last)
    known.write_text(json.dumps(tally.acknowledged), encoding="utf-8")


def _note(tally: Tally, lines: list[dict[str, Any]], *, last: bool) -> None:
    heard = len(tally.acknowledged)
    for line in lines:
        tally.troubles += line.get("mistakes", [])
        if "count" in line:
            tally.unheard = max(tally.unheard, line["count"] - heard)
        if "receipt" in line:
            tally.acknowledged.append(line["receipt"])
    if not last:
        tally.kills += 1
        tally.killed[lines[-1]["doing"] if lines else "starting"] += 1


def run(folder: Path, kills: int, seed: int) -> Tally:
    """Kill `kills` times on a new store in `folder`, then look once more."""
    tally, known, dice = Tally(), folder / "acknowledged.json", Random(seed)
    known.write_text("[]", encoding="utf-8")
    Store.create(folder / "store").close()
    for number in range(kills + 1):
        _round(folder / "store", known, tally, dice, last=number == kills)
        if tally.troubles:
            break
    return tally


def main() -> int:
    """Run and print the figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=300)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        tally = run(Path(folder), options.kills, options.seed)
    apart.stop()
    print(f"kills          {tally.kills} (seed {options.seed}) in {time.monotonic() - start:.0f} s; while "
          + ", ".join(f"{what} {count}" for what, count in tally.killed.most_common()))  # fmt: skip
    print(f"acknowledged   {len(tally.acknowledged)} receipts, all there")
    print(f"unheard        {tally.unheard} committed whole, killed before the receipt was told")
    print(f"troubles       {len(tally.troubles)}")
    for trouble in tally.troubles[:20]:
        print(trouble)
    return 1 if tally.troubles or len(tally.acknowledged) < options.kills // 3 else 0


if __name__ == "__main__":
    sys.exit(main())
