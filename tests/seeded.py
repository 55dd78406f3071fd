"""Seeded clean reports for measuring the checks against the past: what honest units really send, lumpy and uneven.

A `Climate` says what a county is like; `clean` gives one month's submission with the approved history before it. Incomes come steadily,
as one yearly rent (December or spring, some years a month off), by quarter, or idle for months; subsidies and other income in lumps;
counts as they happen. Some villages are new, some histories short or with a missing month, some past months were corrected.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

from tests.submissions import reading
from townboard.loading import catalogue
from townboard.periods import Period, span
from townboard.submission import History, Key, Submission

UNITS = ("140121100", "140121101", "140121102", "140121103", "140121200", "140121201", "140121202", "140121204", "140106100")
BASELINES = {"clean_collect": ("contracts_checked", "contract_amount", "fees_due", "debt_locked", "resource_area_found"),
             "community_coverage": ("compounds", "unserviced_compounds", "grids", *(f"coverage_{n}_due" for n in range(1, 6)))}  # fmt: skip
OFFICE_ONLY = {
    "law_enforcement": ("matters_assigned",),
    "village_economy": ("last_year_total_income", "last_year_operating_income"),
}


@dataclass(frozen=True)
class Climate:
    """What a county's figures are like. Shares and probabilities are 0–1, money is 万元 a year."""

    middle: float = 22.0
    spread: float = 0.6
    growth: tuple[float, float] = (1.0, 1.35)
    season: float = 0.2
    noise: float = 0.2
    ways: tuple[float, ...] = (0.5, 0.2, 0.15, 0.15, 0.0)  # steady, yearly rent, by quarter, idle, late in the year
    rent_months: tuple[int, ...] = (12, 3, 4)
    drift: float = 0.2
    one_off: float = 0.002
    payday: float = 0.05
    subsidised: float = 0.6
    others: float = 0.4
    months: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
    history: tuple[int, ...] = (24, 24, 20, 14, 10, 6, 3, 1)
    new_villages: float = 0.03
    gaps: float = 0.03
    corrected: float = 0.05
    decimals: tuple[int, ...] = (2, 2, 1)


A = Climate()
"""The county that tests run on."""

B = Climate(
    middle=16.0, spread=0.85, growth=(0.85, 1.6), season=0.35, noise=0.3, ways=(0.4, 0.28, 0.12, 0.2, 0.0), rent_months=(12, 2, 3, 5, 11),
    drift=0.15, one_off=0.003, payday=0.08, subsidised=0.7, others=0.5, history=(24, 24, 18, 12, 9, 5, 4, 2, 1, 0), new_villages=0.05, gaps=0.05,
    corrected=0.08, decimals=(2, 1, 4),
)  # fmt: skip
"""A poorer county: more uneven, more rents, shorter histories. Thresholds were once looked at beside it."""

C = Climate(
    middle=20.0, spread=0.7, growth=(0.9, 1.45), season=0.4, noise=0.28, ways=(0.42, 0.2, 0.13, 0.17, 0.08), rent_months=(12, 1, 3, 7, 11),
    drift=0.18, one_off=0.002, payday=0.07, subsidised=0.75, others=0.35, history=(24, 23, 18, 14, 12, 10, 7, 5, 3, 1, 0), new_villages=0.05,
    gaps=0.04, corrected=0.07,
)  # fmt: skip
"""The county of `make bench`, with villages whose income comes late in the year. Nothing is tuned to it."""

T = (
    Climate(middle=12, spread=0.95, growth=(0.8, 1.7), season=0.5, noise=0.35, ways=(0.3, 0.28, 0.15, 0.17, 0.1), rent_months=(12, 1, 4, 6, 10),
            drift=0.25, one_off=0.004, payday=0.06, subsidised=0.8, others=0.6, history=(24, 22, 17, 13, 12, 8, 5, 3, 2, 1, 0), new_villages=0.06,
            gaps=0.06, corrected=0.1, decimals=(2, 2, 1, 4)),
    Climate(middle=30, spread=0.5, growth=(0.95, 1.25), season=0.1, ways=(0.45, 0.15, 0.15, 0.1, 0.15), rent_months=(11, 12, 2), drift=0.1,
            one_off=0.001, payday=0.1, subsidised=0.5, others=0.3, history=(24, 21, 15, 11, 7, 4, 2), gaps=0.02, decimals=(2,)),
    Climate(middle=18, spread=0.75, growth=(0.9, 1.5), season=0.3, noise=0.25, ways=(0.35, 0.25, 0.1, 0.25, 0.05), rent_months=(12, 3, 5, 9, 10),
            one_off=0.003, subsidised=0.65, others=0.5, history=(24, 23, 19, 16, 12, 9, 6, 3, 1, 0), new_villages=0.04, gaps=0.05,
            corrected=0.06, decimals=(2, 1)),
)  # fmt: skip
"""The counties that thresholds are tuned on (`python -m tests.bench_outliers tune`)."""

Flow = Callable[[int, int], float]
"""(year, month) → what came in."""


class Clean(NamedTuple):
    """One clean month of a unit: the submission, what was approved before it, and the villages that had a real one-off income in it."""

    submission: Submission
    history: History
    one_offs: frozenset[str]


def clean(climate: Climate, seed: object) -> Clean:
    """One clean month, the same for the same seed."""
    rng = Random(f"clean:{seed}")
    unit = rng.choice(UNITS)
    period = Period(2024, rng.choice(climate.months))
    first, known_from = Period(period.year - 2, 1), period.plus(-rng.choice(climate.history))
    months = span(first, period)
    missing = {month for month in months if rng.random() < climate.gaps}
    one_offs: set[str] = set()
    forms = {"village_economy": _economy(climate, rng, unit, months, one_offs), "clean_collect": _collect(rng, unit, months),
             "law_enforcement": _enforcement(rng, unit, months), "community_coverage": _coverage(rng, unit, months),
             "assets_platform": _platform(climate, rng, unit, months)}  # fmt: skip
    series: dict[Key, list[tuple[Period, Any]]] = defaultdict(list)
    register: dict[Key, Any] = {}
    sheets = []
    for code, rows in forms.items():
        sent: dict[str, dict[str, Any]] = {}
        for place, values in rows.items():
            office = BASELINES.get(code, ()) + OFFICE_ONLY.get(code, ())
            for element in office:
                if element in values[period]:
                    register[code, place, element] = values[period][element]
            for month in months[:-1]:
                if known_from <= month and month not in missing and month in values:
                    for element, value in values[month].items():
                        if element not in office and value is not None:
                            series[code, place, element].append((month, value))
            sent[place] = {
                element: value for element, value in values[period].items() if element not in OFFICE_ONLY.get(code, ())
            }
        if sent:
            sheets.append(reading(code, sent))
    submission = Submission(unit, period, "clean.xlsx", f"{seed}", sheets)
    return Clean(submission, History(unit, period, series=dict(series), register=register), frozenset(one_offs))


Rows = dict[str, dict[Period, dict[str, Any]]]


def _economy(climate: Climate, rng: Random, unit: str, months: tuple[Period, ...], one_offs: set[str]) -> Rows:
    found: Rows = {}
    period = months[-1]
    busy = {month for month in months if rng.random() < climate.payday}  # the township pays out in most villages at once
    for village in (place.code for place in catalogue().children(unit, "village")):
        digits = rng.choice(climate.decimals)
        year = climate.middle * math.exp(rng.gauss(0, climate.spread))
        flows = {"operating_income": _operating(climate, rng, year), "subsidy_income": _lumps(rng, climate.subsidised, 0.2 * year, 3),
                 "other_income": _lumps(rng, climate.others, 0.06 * year, 4)}  # fmt: skip
        born = period.plus(-rng.randint(0, 5)) if rng.random() < climate.new_villages else months[0]
        rows: dict[Period, dict[str, Any]] = {}
        totals = dict.fromkeys(flows, 0.0)
        held_back = 0.0
        for month in months:
            if month < born:
                continue
            if month.month == 1:
                totals = dict.fromkeys(flows, 0.0)
                held_back = 0.0
            for element, flow in flows.items():
                totals[element] += flow(month.year, month.month)
            if rng.random() < climate.one_off:
                totals["operating_income"] += year * rng.uniform(0.2, 0.6)
                one_offs |= {village} if month == period else set()
            if month in busy and rng.random() < 0.8:
                totals["operating_income"] += year * rng.uniform(0.15, 0.3)
            if held_back:
                totals["operating_income"] += held_back
                held_back = 0.0
            elif rng.random() < climate.corrected and month.month < 12:
                held_back = 0.2 * flows["operating_income"](month.year, month.month)  # booked late, put right next month
                totals["operating_income"] -= held_back
            rows[month] = {element: round(total, digits) for element, total in totals.items()}
        last = [rows[month] for month in rows if month == Period(period.year - 1, 12)]
        if last and (Period(period.year - 1, 1) in rows):
            rows[period] |= {"last_year_total_income": round(sum(last[0].values()), digits),
                             "last_year_operating_income": last[0]["operating_income"]}  # fmt: skip
        found[village] = rows
    return found


def _operating(climate: Climate, rng: Random, year: float) -> Flow:
    way = rng.choices(("steady", "rent", "quarter", "idle", "late"), climate.ways)[0]
    phase, rent, rent_month = rng.randint(0, 11), rng.uniform(0.4, 0.9), rng.choice(climate.rent_months)
    quarter, busy = rng.randint(1, 3), rng.uniform(0.25, 0.6)
    growth, name = rng.uniform(*climate.growth), rng.random()

    def flow(this_year: int, month: int) -> float:
        dice = Random(f"{name}:{this_year}:{month}")
        scale = year * growth ** (this_year - 2023)
        even = (
            scale / 12 * (1 + climate.season * math.sin((month + phase) / 6 * math.pi)) * math.exp(dice.gauss(0, climate.noise))
        )
        if way == "steady":
            return even
        if way == "rent":
            drift = Random(f"{name}:{this_year}")
            due = rent_month + (drift.choice((-1, 1)) if drift.random() < climate.drift else 0)
            return even * (1 - rent) + (scale * rent * math.exp(drift.gauss(0, 0.08)) if month == min(due, 12) else 0.0)
        if way == "quarter":
            return even * 3 if month % 3 == quarter % 3 else 0.0
        if way == "late":
            return even * (2.8 if month >= 10 else 0.4)
        return even / busy if dice.random() < busy else 0.0

    return flow


def _lumps(rng: Random, share: float, year: float, most: int) -> Flow:
    """Payments in a few months of each year, not the same ones every year."""
    paid, usual, name = rng.random() < share, rng.sample(range(2, 13), rng.randint(1, most)), rng.random()

    def flow(this_year: int, month: int) -> float:
        if not paid:
            return 0.0
        dice = Random(f"{name}:{this_year}")
        due = [one if dice.random() < 0.7 else dice.randint(2, 12) for one in usual]
        return due.count(month) * year / len(due) * math.exp(Random(f"{name}:{this_year}:{month}").gauss(0, 0.3))

    return flow


def _collect(rng: Random, unit: str, months: tuple[Period, ...]) -> Rows:
    found: Rows = {}
    for village in (place.code for place in catalogue().children(unit, "village")):
        checked = rng.randint(15, 80)
        problems, due, locked, area = (
            rng.randint(2, checked // 2),
            *(round(rng.uniform(*ends), 2) for ends in ((1, 25), (5, 90), (10, 300))),
        )
        state = {"contracts_rectified": 0.0, "contracts_online": rng.uniform(0, 0.5) * checked, "fees_recovered": 0.0,
                 "debt_resolved": 0.0, "resource_area_charged": 0.1 * area, "resource_fees": 0.2}  # fmt: skip
        ends = {"contracts_rectified": problems, "contracts_online": checked, "fees_recovered": due, "debt_resolved": locked,
                "resource_area_charged": area, "resource_fees": area * 0.05 + 1}  # fmt: skip
        rows = found[village] = {}
        for month in months:
            for element, end in ends.items():
                if rng.random() < 0.35:
                    state[element] += (end - state[element]) * rng.uniform(0.02, 0.25)
            whole = {"contracts_rectified", "contracts_online"}
            rows[month] = {"contracts_checked": checked, "contract_amount": round(checked * 4.6, 2), "problem_contracts": problems,
                           "fees_due": due, "debt_locked": locked, "debt_new": 0.0, "resource_area_found": area,
                           **{element: int(value) if element in whole else round(value, 2) for element, value in state.items()}}  # fmt: skip
    return found


def _enforcement(rng: Random, unit: str, months: tuple[Period, ...]) -> Rows:
    rates = {"patrols": rng.uniform(15, 80), "cases_simple": rng.uniform(0.3, 4), "cases_general": rng.uniform(0.05, 0.8),
             "orders_received": rng.uniform(3, 25)}  # fmt: skip
    quota, post, totals = rng.randint(6, 20), 0, defaultdict[str, int](int)
    post = quota - rng.randint(0, 3)
    certified = post - rng.randint(0, 2)
    rows: dict[Period, dict[str, Any]] = {}
    for month in months:
        if month.month == 1:
            totals.clear()
        for element, rate in rates.items():
            totals[element] += _count(rng, rate)
        totals["training_attendance"] += rng.choice((0, 0, 0, rng.randint(8, 60)))
        totals["matters_exercised"] = min(40, totals["matters_exercised"] + rng.choice((0, 1, 1, 2, 3)))
        if rng.random() < 0.08:
            post = max(certified, min(quota, post + rng.choice((-1, 1))))
            certified = min(post, certified + rng.choice((0, 1)))
        cases, orders = totals["cases_simple"] + totals["cases_general"], totals["orders_received"]
        totals["cases_closed"] = max(totals["cases_closed"], cases - rng.randint(0, 1)) if cases else 0
        totals["orders_closed"] = max(totals["orders_closed"], orders - _count(rng, 0.7))
        rows[month] = {
            "matters_assigned": 50,
            "staff_quota": quota,
            "staff_on_post": post,
            "staff_certified": certified,
            **totals,
        }
        rows[month] |= {
            "cases_closed": min(totals["cases_closed"], cases),
            "matters_exercised": max(1, totals["matters_exercised"]),
        }
    return {unit: rows}


def _coverage(rng: Random, unit: str, months: tuple[Period, ...]) -> Rows:
    found: Rows = {}
    for community in (place.code for place in catalogue().children(unit, "community")):
        compounds, grids = rng.randint(3, 25), rng.randint(3, 14)
        due = [rng.randint(2, compounds) for _ in range(5)]
        done = [rng.randint(0, one) for one in due]
        base, resolved, rate, workers, cadres = rng.randint(1, compounds), 0, rng.uniform(4, 60), grids, rng.randint(4, 60)
        reported = closed = 0
        rows = found[community] = {}
        for month in months:
            reported, closed = (0, 0) if month.month == 1 else (reported, closed)
            reported += _count(rng, rate)
            closed = min(reported, max(closed, reported - _count(rng, 1.0)))
            done = [min(end, one + (rng.random() < 0.08)) for one, end in zip(done, due, strict=True)]
            resolved = min(base, resolved + (rng.random() < 0.1))
            workers = max(1, workers + rng.choice((0,) * 14 + (-1, 1)))
            cadres = max(0, cadres + rng.choice((0,) * 8 + (-2, -1, 1, 3)))
            rows[month] = {"compounds": compounds, "unserviced_compounds": base, "unserviced_resolved": resolved, "grids": grids,
                           "grid_workers": min(workers, 3 * grids), "grid_events_reported": reported, "grid_events_closed": closed,
                           "cadres_assigned": cadres, **{f"coverage_{n}_done": one for n, one in enumerate(done, 1)},
                           **{f"coverage_{n}_due": one for n, one in enumerate(due, 1)}}  # fmt: skip
    return found


def _platform(climate: Climate, rng: Random, unit: str, months: tuple[Period, ...]) -> Rows:
    villages = len(catalogue().children(unit, "village"))
    online, raised, handled, trades, amount = rng.randint(villages // 2, villages), 5, 4, 0, 0.0
    rows: dict[Period, dict[str, Any]] = {}
    for month in months:
        trades, amount = (0, 0.0) if month.month == 1 else (trades, amount)
        made = _count(rng, 0.8)
        trades, amount = trades + made, amount + sum(climate.middle * math.exp(rng.gauss(-0.7, 0.7)) for _ in range(made))
        raised += _count(rng, 1.5)
        handled = min(raised, max(handled, raised - _count(rng, 0.6)))
        online = min(villages, online + (rng.random() < 0.15))
        rows[month] = {"villages_online": online, "alerts_raised": raised, "alerts_handled": handled, "trades": trades,
                       "trade_amount": round(amount, 2), "villages_disclosing": online}  # fmt: skip
    return {unit: rows}


def _count(rng: Random, rate: float) -> int:
    """How often something happens in a month: Poisson."""
    limit, product, found = math.exp(-rate), rng.random(), 0
    while product > limit:
        product *= rng.random()
        found += 1
    return found
