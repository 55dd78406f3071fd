"""Hostile workbooks by the thousand: `python -m tests.fuzz [--count N] [--seed S]`, or `make fuzz`.

Each is a real workbook with something broken (`mutants`), read apart as an upload is, and checked where it was taken. Prints how many were
refused for what reason and how many were taken, the slowest, and the most memory a worker ever had. Exit 1, with the
seed and number of the file, for anything that ends a worker, overruns a limit, or is not foreseen.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from openpyxl import load_workbook

from tests.mutants import mutant
from tests.workbooks import free_form, xls
from townboard import checks, preview, template
from townboard.apart import jobs, plain
from townboard.apart.limits import DONE, OVERRUN, REFUSED
from townboard.apart.pool import Pool
from townboard.catalogue import Catalogue
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.submission import History

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "samples"
TOWN, STREET, SEPTEMBER, OCTOBER = "140121100", "140106001", Period(2022, 9), Period(2022, 10)
KEPT = Path("build") / "fuzz"


@dataclass(frozen=True)
class Seed:
    """A real workbook to break, and what it is sent as."""

    name: str
    data: bytes
    unit: str
    period: Period


@dataclass
class Tally:
    """What happened so far."""

    refused: Counter[str] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)
    taken: int = 0
    values: int = 0
    slowest: float = 0.0
    slowest_at: int = -1
    troubles: list[str] = field(default_factory=list)


def seeds() -> list[Seed]:
    """Our samples, a whole month's template, a free form, the same as .xls, and .csv."""
    known = catalogue()
    found = [Seed(path.name, path.read_bytes(), TOWN if path.name.startswith("清源镇") else "140121200", OCTOBER)
             for path in sorted(SAMPLES.iterdir())]  # fmt: skip
    for unit, period in ((TOWN, SEPTEMBER), (STREET, OCTOBER)):
        found.append(Seed("template.xlsx", template.write(known, unit, period, History(unit, period)), unit, period))
    found.append(Seed("free.xlsx", free_form(), TOWN, OCTOBER))
    for seed in list(found):
        if seed.name.endswith(".xlsx"):
            book = load_workbook(io.BytesIO(seed.data), data_only=True)
            grids = {sheet.title: [[cell if not isinstance(cell, str) else cell[:200] for cell in row] for row in sheet.values]
                     for sheet in book if sheet.title != "_meta"}  # fmt: skip
            found.append(Seed(seed.name[:-5] + ".xls", xls(grids), seed.unit, seed.period))
    return found


def run(count: int, seed: int, *, workers: int = 2, kept: Path | None = KEPT) -> tuple[Tally, int]:
    """Read `count` mutants; the tally, and the most memory (bytes) of a worker."""
    known, real, tally = catalogue(), seeds(), Tally()
    pool = Pool(known, workers)
    peak = 0

    def one(number: int) -> tuple[int, str, bytes, Seed, str, float, int]:
        dice = Random(f"{seed}/{number}")
        origin = dice.choice(real)
        change, data = mutant(origin.data, origin.name, dice)
        start = time.perf_counter()
        answer = pool.ask(
            jobs.submission, data=data, name=origin.name, unit=origin.unit, period=origin.period, aliases={}, columns={}
        )
        spent = time.perf_counter() - start
        trouble, values = "", -1
        if answer.outcome == DONE:
            try:
                values = checked(answer.packed, known, origin)
            except Exception:  # noqa: BLE001 - whatever a file makes a check raise is what this looks for
                trouble = f"broke a check: {traceback.format_exc()}"
        elif answer.outcome == REFUSED:
            id, _, *trace = plain.unpack(answer.packed)
            trouble = f"unforeseen: {trace[0]}" if trace else f"refused: {id}"
        else:
            trouble = {OVERRUN: "overran", b"": "ended the worker"}.get(answer.outcome) or f"broke: {plain.unpack(answer.packed)}"
        return number, change, data, origin, trouble, spent, values

    def counted(results: Iterable[tuple[int, str, bytes, Seed, str, float, int]]) -> None:
        nonlocal peak
        for number, change, data, origin, trouble, spent, values in results:
            tally.changes[change] += 1
            if values >= 0:
                tally.taken, tally.values = tally.taken + 1, tally.values + values
            elif trouble.startswith("refused: "):
                tally.refused[trouble[9:]] += 1
            else:
                tally.troubles.append(f"seed {seed} number {number} ({change} of {origin.name}): {trouble}")
                if kept is not None:
                    kept.mkdir(parents=True, exist_ok=True)
                    (kept / f"{seed}-{number}-{origin.name}").write_bytes(data)
            if spent > tally.slowest:
                tally.slowest, tally.slowest_at = spent, number
            if number % 50 == 0:
                peak = max(peak, *map(memory, pool.pids()))

    try:
        with ThreadPoolExecutor(workers) as clerks:
            counted(clerks.map(one, range(count)))
    finally:
        pool.close()
    return tally, peak


def checked(packed: bytes, known: Catalogue, origin: Seed) -> int:
    """All checks of what a worker read, as the server does them; the number of values."""
    submission = plain.submission(plain.unpack(packed), known)
    history = History(origin.unit, origin.period)
    submission.findings = checks.check(submission, known, history)
    checks.count(submission)
    preview.compare(submission, known, history)
    for finding in submission.findings:
        finding.to_json()
    return len(submission.values())


def memory(pid: int, line_name: str = "VmHWM") -> int:
    """The most memory (bytes) a process ever had, or has now (VmRSS); 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(line_name)), 0)


def main() -> int:
    """Run, print the figures, and say which file to look at."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--count", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    start = time.perf_counter()
    tally, peak = run(options.count, options.seed)
    spent = time.perf_counter() - start
    print(f"files      {options.count} (seed {options.seed}) in {spent:.0f} s")
    print(f"taken      {tally.taken} with {tally.values} values")
    for id, number in tally.refused.most_common():
        print(f"refused    {number:6} {id}")
    print("changes    " + ", ".join(f"{name} {number}" for name, number in tally.changes.most_common()))
    print(f"slowest    {tally.slowest:.2f} s (number {tally.slowest_at})")
    print(f"memory     {peak / 1024 / 1024:.0f} MB at most in a worker")
    print(f"crashes    {len(tally.troubles)}")
    for trouble in tally.troubles[:20]:
        print(trouble)
    return 1 if tally.troubles else 0


if __name__ == "__main__":
    sys.exit(main())
