"""How well slips are caught: `python -m tests.bench_outliers`, part of `make bench`.

Clean uploads and slips come from a county (`seeded.B`) and seeds that no test uses and no threshold was tuned to. A slip counts as caught
when one of its cells, or its column as shifted, is asked about or blocked; a false alarm is any question in a clean upload, unless it is
about a real one-off income or what R05 names to the letter: those are counted beside.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random

from tests.seeded import B, Climate, clean
from tests.seeded_slips import SLIPS
from townboard.checks import check
from townboard.findings import NOTES, Finding
from townboard.loading import catalogue
from townboard.submission import History, Submission


@dataclass
class Tally:
    """Of the slips of one kind: how many there were, were caught, and were given the right value as a suggestion."""

    made: int = 0
    caught: int = 0
    suggested: int = 0
    missed: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """The share that was caught."""
        return self.caught / self.made if self.made else 0.0


@dataclass
class Result:
    """What came of a group of uploads. `by_rule`: questions about what is true but out of the ordinary (a real one-off, R05 to the
    letter); `false`: every other question in a clean upload."""

    uploads: int = 0
    false: Counter[str] = field(default_factory=Counter)
    by_rule: Counter[str] = field(default_factory=Counter)
    slips: dict[str, Tally] = field(default_factory=lambda: {kind: Tally() for kind in SLIPS})

    @property
    def per_100(self) -> float:
        """False alarms per 100 clean uploads."""
        return 100 * self.false.total() / max(1, self.uploads)

    @property
    def recall(self) -> float:
        """The share of all slips that were caught."""
        return sum(tally.caught for tally in self.slips.values()) / max(1, sum(tally.made for tally in self.slips.values()))

    @property
    def precision(self) -> float:
        """The share of questions that are about a slip, where every upload has one."""
        return self.recall / (self.recall + self.per_100 / 100)


def questions(submission: Submission, history: History) -> list[Finding]:
    """What the checks ask or block in a submission (a form that is not due or not there is none of it)."""
    return [found for found in check(submission, catalogue(), history) if found.severity != NOTES]


def measure(climate: Climate, seeds: Iterable[object], group: Callable[[History], str] = lambda history: "") -> dict[str, Result]:
    """Every seed's clean upload, and every kind of slip in it, by groups of histories."""
    results: defaultdict[str, Result] = defaultdict(Result)
    for seed in seeds:
        submission, history, one_offs = clean(climate, seed)
        result = results[group(history)]
        result.uploads += 1
        for finding in questions(submission, history):
            real = finding.id == "unusual-jump" and finding.place.org_unit in one_offs
            ruled = real or _named_by_rule(finding, submission, history)
            (result.by_rule if ruled else result.false)[finding.id] += 1
        for kind in SLIPS:
            _with_slip(kind, seed, submission, history, result.slips[kind])
    return dict(results)


def _with_slip(kind: str, seed: object, submission: Submission, history: History, tally: Tally) -> None:
    """One slip put in, looked for, and taken out again."""
    truth = {(value.sheet, value.cell): (value, value.value, value.written) for value in submission.values()}
    changed = SLIPS[kind](Random(f"{kind}:{seed}"), submission, history)
    if not changed:
        return
    cells = {(value.sheet, value.cell) for value in changed}
    columns = {(value.data_set, value.element) for value in changed}
    found = [one for one in questions(submission, history) if (one.place.sheet, one.place.cell) in cells
             or (one.id == "row-shift" and (one.place.data_set, one.place.element) in columns)]  # fmt: skip
    tally.made += 1
    tally.caught += bool(found)
    tally.suggested += any(
        isinstance(one.suggestion, int | float) and abs(one.suggestion - truth[one.place.sheet, one.place.cell][1]) < 0.02
        for one in found
    )  # type: ignore[operator]
    if not found:
        first = changed[0]
        known = [number for _, number in history.series.get((first.data_set, first.org_unit, first.element), [])][-14:]
        tally.missed.append(
            f"{seed} {submission.period} {first.element} {truth[first.sheet, first.cell][1]} → {first.value}; {known}"
        )
    for value, number, written in truth.values():
        value.value, value.written = number, written


def _named_by_rule(finding: Finding, submission: Submission, history: History) -> bool:
    """R05 to the letter: an income of over 10 万元 and over half of last year's came in at once, and not around this time last year."""
    place, period = finding.place, submission.period
    total = history.register.get(("village_economy", place.org_unit, "last_year_total_income"))
    if finding.id != "unusual-jump" or place.data_set != "village_economy" or total is None:
        return False
    known = dict(history.series.get((place.data_set, place.org_unit, place.element), []))
    this_year = [number for month, number in known.items() if month.year == period.year]
    flow = float(finding.raw) - (this_year[-1] if this_year else 0.0)
    before = [known[month] - known.get(month.previous, 0.0) if month.month > 1 else known[month]
              for month in (period.year_ago.plus(n) for n in (-1, 0, 1))
              if month in known and (month.month == 1 or month.previous in known)]  # fmt: skip
    return flow > max(10.0, 0.5 * total) and max(before, default=0.0) < 0.6 * flow


def by_months_known(history: History) -> str:
    """The group of a history, by the longest approved series of a unit's incomes."""
    months = max((len(series) for (data_set, _, _), series in history.series.items() if data_set == "village_economy"), default=0)
    return "a year or more known" if months >= 12 else "less than a year known"


def main(climate: Climate = B, name: str = "B", uploads: int = 240) -> None:
    """Print false alarms, recall and precision by how much is known, and recall by kind of slip."""
    results = measure(climate, [f"{name}{n}" for n in range(uploads)], by_months_known)
    for group, result in sorted(results.items()):
        print(f"{group}: {result.uploads} clean uploads, {result.per_100:.1f} false alarms per 100 {dict(result.false)}, and "
              f"{100 * result.by_rule.total() / result.uploads:.1f} questions about real one-offs and what R05 names to the letter")  # fmt: skip
        print(f"    recall {result.recall:.1%}, precision where every upload has one slip {result.precision:.1%}")
    print(f"{'slip':38} {'made':>5} " + " ".join(f"{group:>24}" for group in sorted(results)) + f" {'right suggestion':>18}")
    for kind in SLIPS:
        each = [results[group].slips[kind] for group in sorted(results)]
        made, suggested = sum(tally.made for tally in each), sum(tally.suggested for tally in each)
        print(f"{kind:38} {made:5} " + " ".join(f"{tally.recall:24.1%}" for tally in each) + f" {suggested / max(1, made):18.1%}")


if __name__ == "__main__":
    main()
