"""How well slips are caught: `python -m tests.bench_outliers`, part of `make bench`.

Clean uploads and slips come from a county (`seeded.C`) and seeds that no test uses and no threshold was tuned to; `tune` measures those
that thresholds are tuned on. A slip counts as caught when one of its cells, or its column as shifted, is asked about or blocked; a false
alarm is any question in a clean upload, unless it is about a real one-off income or what R05 names to the letter: those are counted
beside. Slips that change a number by less than 1 万元, or a count by less than 10, count like all others and are shown apart as well.

With no approved month at all a report is seen by its own relations, last year's total and its neighbours only: a count that lost a zero
looks like a small count, and no threshold tells the two apart. That group is shown by itself.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from random import Random

from tests.seeded import C, Climate, T, clean
from tests.seeded_slips import SLIPS
from townboard.checks import check
from townboard.findings import NOTES, Finding
from townboard.loading import catalogue
from townboard.submission import History, Submission, Value


@dataclass
class Tally:
    """Of the slips of one kind: how many there were, were caught, and were given the right value as a suggestion; `small` of them did little harm."""

    made: int = 0
    caught: int = 0
    suggested: int = 0
    small: int = 0
    small_caught: int = 0
    missed: list[str] = field(default_factory=list)

    def plus(self, other: Tally) -> Tally:
        """Two counties' tallies together."""
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

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
    def recall_but_small(self) -> float:
        """The share of the slips that matter that was caught."""
        made, caught = (sum(getattr(tally, name) for tally in self.slips.values()) for name in ("made", "caught"))
        small, small_caught = (sum(getattr(tally, name) for tally in self.slips.values()) for name in ("small", "small_caught"))
        return (caught - small_caught) / max(1, made - small)

    def plus(self, other: Result) -> Result:
        """This group and another county's together."""
        return Result(
            self.uploads + other.uploads, self.false + other.false, self.by_rule + other.by_rule,
            {kind: tally.plus(other.slips[kind]) for kind, tally in self.slips.items()},
        )  # fmt: skip

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
    is_small = all(_small(value, truth[value.sheet, value.cell][1]) for value in changed)
    tally.made += 1
    tally.caught += bool(found)
    tally.small += is_small
    tally.small_caught += is_small and bool(found)
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


def _small(value: Value, truth: float) -> bool:
    """Whether a changed number is near the true one: within 1 万元, or 10 of what is counted."""
    return abs(float(value.value) - truth) < (10 if isinstance(value.value, int) else 1)  # type: ignore[arg-type]


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
    return "12 months or more" if months >= 12 else "1 to 11 months" if months else "no month known"


def main(counties: Iterable[Climate], name: str, uploads: int = 300) -> None:
    """Print false alarms, recall and precision by how much is known, and recall by kind of slip."""
    results: dict[str, Result] = {}
    for number, county in enumerate(counties):
        for group, found in measure(county, [f"{name}{number}:{n}" for n in range(uploads)], by_months_known).items():
            results[group] = results[group].plus(found) if group in results else found
    for group, result in sorted(results.items()):
        print(f"{group}: {result.uploads} clean uploads, {result.per_100:.1f} false alarms per 100 {dict(result.false)}, and "
              f"{100 * result.by_rule.total() / result.uploads:.1f} questions about real one-offs and what R05 names to the letter")  # fmt: skip
        print(f"    recall {result.recall:.1%} ({result.recall_but_small:.1%} of those that matter), "
              f"precision where every upload has one slip {result.precision:.1%}")  # fmt: skip
    print(f"{'slip':38} {'made':>5} " + " ".join(f"{group:>18}" for group in sorted(results)) + f" {'right suggestion':>18}")
    for kind in SLIPS:
        each = [results[group].slips[kind] for group in sorted(results)]
        made, suggested = sum(tally.made for tally in each), sum(tally.suggested for tally in each)
        print(f"{kind:38} {made:5} " + " ".join(f"{tally.recall:18.1%}" for tally in each) + f" {suggested / max(1, made):18.1%}")


if __name__ == "__main__":
    main(T, "T") if "tune" in sys.argv else main([C], "C")
