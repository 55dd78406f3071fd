"""What the year's end will bring: each village projected to December, how well that would have worked before, and the pace.

Pure functions over the history of village incomes (`queries/income_history_by_village.sql`): one row a village and month that
stands, with period, unit, org_unit, in_goal_denominator, operating_income, total_income, goal_income and expected_income (万元, year to
date; missing stays missing). The rule is that of CE04: the village's own expectation where the total basis counts and one was given,
else its income divided by the part of the year that is over by its own last year's profile, else month/12.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from townboard.periods import Period, span

EXPECTED, PROFILE, LINEAR = "expected", "profile", "linear"
"""What a projection rests on: the village's own expectation, its last year's months, or the calendar."""
COLUMNS = ["unit", "org_unit", "month", "income", "weight", "rests_on", "forecast"]
TESTED = ["made", "checked", "villages", "predicted", "actual", "error"]
RECENT = 3
"""Months over which the pace so far is measured."""


def needed(villages: int, basic: float) -> int:
    """How many of N reach a goal in per cent: ⌈basic · N⌉ on exact fractions (domain appendix B, 1)."""
    return math.ceil(Decimal(str(basic)) * villages / 100)


def counted(history: pd.DataFrame) -> pd.DataFrame:
    """The rows of villages in the goal's denominator that hold an income."""
    return history[history["in_goal_denominator"].astype(bool) & history["goal_income"].notna()]


def latest(history: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Each village's newest row of the year up to a month: what is known of it, maybe from an earlier month."""
    year = counted(history)
    year = year[(year["period"] >= f"{period.year}-01") & (year["period"] <= str(period))]
    return year.sort_values("period", kind="stable").groupby("org_unit", sort=False).tail(1)


def profile(history: pd.DataFrame, year: int) -> pd.DataFrame:
    """Village × month: the part of last year's income that had come in by each month, where the village's own months tell it.

    Cut at six decimals as the indicators do; without a month, without a December, or past December: no weight.
    """
    before = counted(history)
    before = before[before["period"].str[:4] == str(year - 1)]
    if before.empty:
        return pd.DataFrame(columns=["org_unit", "at", "weight"])
    december = before[before["period"] == f"{year - 1}-12"].set_index("org_unit")["goal_income"]
    whole = before["org_unit"].map(december)
    fits = (before["goal_income"] > 0) & (whole >= before["goal_income"])
    part = (before["goal_income"][fits] / whole[fits] * 1_000_000).map(math.floor) / 1_000_000
    return pd.DataFrame({"org_unit": before["org_unit"][fits], "at": before["period"][fits].str[5:].astype(int), "weight": part})


def project(rows: pd.DataFrame, weights: pd.DataFrame, to_month: int, *, expectations: bool) -> pd.DataFrame:
    """Rows of one year carried to a later month of it: COLUMNS. `expectations`: whether expected_income may stand for December."""
    known = {(code, at): weight for code, at, weight in weights.itertuples(index=False)}
    found = []
    lines: list[Any] = list(rows.itertuples(index=False))
    for row in lines:
        month = int(row.period[5:])
        then, end = known.get((row.org_unit, month)), known.get((row.org_unit, to_month))
        rests_on = LINEAR if then is None or end is None else PROFILE
        weight = math.floor(1_000_000 * month / to_month) / 1_000_000 if then is None or end is None else then / end
        forecast = row.goal_income / weight
        if expectations and to_month == 12 and not pd.isna(row.expected_income):
            rests_on, forecast = EXPECTED, float(row.expected_income)
        found.append((row.unit, row.org_unit, row.period, row.goal_income, weight, rests_on, forecast))
    return pd.DataFrame(found, columns=COLUMNS)


def by_village(history: pd.DataFrame, period: Period, *, basis: str) -> pd.DataFrame:
    """Every village with a figure this year carried to December: COLUMNS; `month` says which report it rests on."""
    return project(latest(history, period), profile(history, period.year), 12, expectations=basis == "total")


def tested(history: pd.DataFrame, period: Period, *, threshold: float, basis: str) -> pd.DataFrame:
    """The same rule tried on the past: for each month whose figures came as many months after another as December is away.

    One row a pair: how many villages were predicted at the goal, how many were (villages that reported both), and the difference.
    """
    lead = 12 - period.month
    rows = counted(history)
    months = sorted(rows["period"].unique())
    found = []
    for made in months if lead else ():
        checked = str(Period.parse(made).plus(lead))
        if checked[:4] != made[:4] or checked > str(period):
            continue
        before, after = rows[rows["period"] == made], rows[rows["period"] == checked].set_index("org_unit")["goal_income"]
        before = before[before["org_unit"].isin(after.index)]
        if before.empty:
            continue
        weights = profile(history, int(made[:4]))
        guess = project(before, weights, int(checked[5:]), expectations=basis == "total")["forecast"]
        predicted, actual = int((guess >= threshold).sum()), int((after.loc[before["org_unit"]] >= threshold).sum())
        found.append((made, checked, len(before), predicted, actual, predicted - actual))
    return pd.DataFrame(found, columns=TESTED)


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where the goal stands and what the year's end will bring, in villages.

    `reached` by this month's reports; `known` by each village's newest report (`older` of them from an earlier month); `forecast`
    of the villages with a figure, `projected` the same without their own expectations; `low` and `high` around both, by the largest
    error of the tests (None without any); `silent`: no figure at all.
    `pace` and `wanted` are villages a month: over the last months among `pace_villages` with a report at both ends, and from now on.
    """

    period: Period
    villages: int
    needed: int
    reached: int
    known: int
    older: int
    older_reached: int
    silent: int
    forecast: int
    projected: int
    expected: int
    low: int | None
    high: int | None
    tests: int
    mean_error: float | None
    pace: float | None
    pace_since: Period | None
    pace_villages: int
    wanted: float | None

    @property
    def gap(self) -> int:
        """Villages still needed by this month's reports (CE02)."""
        return max(0, self.needed - self.reached)

    @property
    def gap_known(self) -> int:
        """Villages still needed when the newest report of each village counts."""
        return max(0, self.needed - self.known)

    @property
    def arrival(self) -> Period | None:
        """The month in which the goal is reached at the pace so far; None when not within the year or without a pace."""
        if not self.gap_known:
            return self.period
        if not self.pace or self.pace <= 0:
            return None
        months = math.ceil(self.gap_known / self.pace)
        return self.period.plus(months) if self.period.month + months <= 12 else None


def outlook(history: pd.DataFrame, period: Period, villages: int, *, basic: float, threshold: float, basis: str) -> Outlook:
    """The outlook of `villages` in the goal's denominator for a month; see Outlook."""
    newest, ahead = latest(history, period), by_village(history, period, basis=basis)
    older = newest[newest["period"] < str(period)]
    at_goal = newest["goal_income"] >= threshold
    forecast = int((ahead["forecast"] >= threshold).sum())
    plain = project(newest, profile(history, period.year), 12, expectations=False)
    projected = int((plain["forecast"] >= threshold).sum())
    trials = tested(history, period, threshold=threshold, basis=basis)
    off = math.ceil((trials["error"].abs() / trials["villages"]).max() * len(ahead)) if len(trials) else None
    wanted, known = needed(villages, basic), int(at_goal.sum())
    pace, since, both = pace_of(history, period, threshold=threshold)
    left = 12 - period.month
    return Outlook(
        period=period, villages=villages, needed=wanted, reached=int((at_goal & (newest["period"] == str(period))).sum()), known=known,
        older=len(older), older_reached=int((older["goal_income"] >= threshold).sum()), silent=villages - len(newest),
        forecast=forecast, projected=projected, expected=int((ahead["rests_on"] == EXPECTED).sum()),
        low=None if off is None else max(known, min(forecast, projected) - off),
        high=None if off is None else min(len(ahead), max(forecast, projected) + off),
        tests=len(trials), mean_error=None if trials.empty else float(trials["error"].abs().mean()),
        pace=pace, pace_since=since, pace_villages=both, wanted=max(0, wanted - known) / left if left else None,
    )  # fmt: skip


def pace_of(history: pd.DataFrame, period: Period, *, threshold: float) -> tuple[float | None, Period | None, int]:
    """Villages a month that reached the goal over the last RECENT months (fewer early in the year), among those that reported both ends.

    A village that is missing this month counts by its newest report, over the months up to that one: what is still wanted is asked of
    all villages, so the pace must be theirs as well.
    """
    rows, newest = counted(history), latest(history, period).set_index("org_unit")
    if newest.empty:
        return None, None, 0
    for since in span(max(period.plus(-RECENT), Period(period.year, 1)), period)[:-1]:
        then = rows[rows["period"] == str(since)].set_index("org_unit")["goal_income"]
        now = newest[(newest["period"] > str(since)) & newest.index.isin(then.index)]
        if len(now):
            gained = (now["goal_income"] >= threshold).astype(int) - (then[now.index] >= threshold).astype(int)
            months = now["period"].str[5:].astype(int) - since.month
            return float((gained / months).sum()), since, len(now)
    return None, None, 0


def cheapest(newest: pd.DataFrame, count: int, *, threshold: float) -> pd.DataFrame:
    """The `count` villages nearest below the threshold, nearest first, with `short` (万元): the least money that closes the gap."""
    below = newest[newest["goal_income"] < threshold].assign(short=lambda rows: (threshold - rows["goal_income"]).round(4))
    return below.sort_values(["short", "org_unit"], kind="stable").head(max(count, 0))


def pace_line(history: pd.DataFrame, year: int, *, basic: float) -> tuple[list[float], str]:
    """The goal's share month by month on the way to December: last year's own monthly profile where it has all twelve, else linear.

    The profile is Σ income by each month ÷ Σ income by December over the villages that reported all twelve months of last year.
    """
    before = counted(history)
    before = before[before["period"].str[:4] == str(year - 1)]
    table = before.pivot_table(index="org_unit", columns="period", values="goal_income", aggfunc="last").dropna()
    sums: Sequence[float] = table.sum().tolist() if table.shape[1] == 12 else ()
    if len(sums) == 12 and sums[-1] > 0:
        return [basic * part / sums[-1] for part in sums], PROFILE
    return [basic * month / 12 for month in range(1, 13)], LINEAR
