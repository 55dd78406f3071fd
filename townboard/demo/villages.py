"""Invented income of every village: smooth months, few jumps, about half of Qingxu's villages at 30 万元 by October 2022.

How many villages of a unit are there by October is set (`REACHED`); the amounts between them follow a log-normal shape.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from townboard.catalogue import Catalogue
from townboard.demo.dice import LAST, allocate_money, dice, month_of, quantiles, spread
from townboard.periods import Period
from townboard.store.registers import RegisterRow
from townboard.submission import Key, Stored

REACHED = {
    "140121100": 9, "140121101": 12, "140121102": 7, "140121103": 9, "140121200": 4, "140121201": 5, "140121202": 6,
    "140121203": 5, "140121204": 4, "140106100": 5,
}  # fmt: skip
"""Villages at 30 万元 (total income) in October 2022: 48 of the 97 villages of Qingxu whose units have reported."""

GOAL, SPREAD = 30.0, 0.62
SEASON = (1.0, 0.8, 1.1, 1.0, 0.95, 1.05, 1.0, 0.95, 1.1, 1.25, 1.1, 1.2)
SUBSIDY_MONTHS = (3, 4, 6, 7, 9, 10)
SOURCES = ("资源发包", "资源发包", "资源发包", "资产出租", "资产出租", "自主经营", "投资分红", "服务创收", "项目帮扶")
STAGES = ("意向", "签约", "在建", "见效")
JUMPS = {
    "140121101": (5, 18.6, "荒滩地承包费一次性预交五年"), "140121102": (7, 16.9, "旧厂房租金一次性预收三年"),
    "140121202": (4, 15.8, "林地流转费一次性到账"), "140121203": (8, 19.4, "仓储用地租金预交"),
    "140106100": (6, 17.5, "市场摊位租金一次性收取全年"),
}  # fmt: skip
"""Unit → month, amount and note of one large one-off income there (R05: asked, explained, kept)."""


@dataclass(frozen=True)
class Village:
    """One village's year. Incomes are cumulative 万元 by month 1 to 10; `last` and `before`: (total, operating) of 2021 and 2020."""

    code: str
    operating: tuple[float, ...]
    subsidy: tuple[float, ...]
    other: tuple[float, ...]
    last: tuple[float, float, float]
    before: tuple[float, float]
    source: str
    stages: tuple[int, ...]
    expects: float | None
    compensation: float
    jump: tuple[int, str] | None = None

    def total(self, month: int) -> float:
        """Total income to the end of a month of 2022."""
        return round(self.operating[month - 1] + self.subsidy[month - 1] + self.other[month - 1], 2)


@dataclass
class Villages:
    """The villages of both counties and what their units report of them (`village_economy`)."""

    catalogue: Catalogue
    by_unit: dict[str, tuple[Village, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for unit, reached in REACHED.items():
            codes = [place.code for place in self.catalogue.children(unit, "village")]
            self.by_unit[unit] = _unit(unit, codes, reached)

    def registers(self, year: int) -> list[RegisterRow]:
        """What the office knows at the beginning: targets, and the income of the year before."""
        found = []
        for villages in self.by_unit.values():
            for village in villages:
                total, operating = (village.last[0], village.last[1]) if year == LAST.year else village.before
                target = 30.0 if village.last[0] < 40 else float(math.ceil(village.last[0] / 10) * 10)
                if year != LAST.year:
                    found.append(RegisterRow("village_economy", "annual_target", village.code, target))
                found.append(RegisterRow("village_economy", "last_year_total_income", village.code, total))
                found.append(RegisterRow("village_economy", "last_year_operating_income", village.code, operating))
        return found

    def values(self, unit: str, period: Period) -> dict[Key, Stored]:
        """The month's cells of a unit's sheet."""
        found: dict[Key, Stored] = {}
        for village in self.by_unit.get(unit, ()):
            cells = _december(village) if period.year < LAST.year else _month(village, period.month)
            stage = sum(month_of(period) >= begun for begun in village.stages)
            cells["main_source"] = village.source
            cells["cooperation_stage"] = STAGES[stage - 1] if stage else "无"
            found |= {("village_economy", village.code, element): value for element, value in cells.items()}
        return found


def _month(village: Village, month: int) -> dict[str, Stored]:
    cells: dict[str, Stored] = {
        "operating_income": village.operating[month - 1], "subsidy_income": village.subsidy[month - 1],
        "other_income": village.other[month - 1],
    }  # fmt: skip
    if month in (9, 10, 11) and village.expects is not None:
        cells["expected_income"] = round(max(village.total(10) * village.expects, village.total(month) + 0.5), 1)
    if village.compensation and month >= 6:
        cells["land_compensation"] = village.compensation
    if village.jump and village.jump[0] == month:
        cells["note"] = village.jump[1]
    return cells


def _december(village: Village) -> dict[str, Stored]:
    """December 2021: the whole year, and the annual block that adds up to its operating income."""
    total, operating, subsidy = village.last
    parts = allocate_money(operating, [dice(village.code, "annual", n).uniform(0.2, 1.0) for n in range(4)])
    names = ("annual_business_income", "annual_contract_income", "annual_investment_income", "annual_other_operating_income")
    cells: dict[str, Stored] = {
        "operating_income": operating, "subsidy_income": subsidy, "other_income": round(total - operating - subsidy, 2),
        **dict(zip(names, parts, strict=True)),
    }  # fmt: skip
    if total > 60:
        cells["annual_member_dividend"] = round(total * 0.06, 1)
    return cells


def _unit(unit: str, codes: list[str], reached: int) -> tuple[Village, ...]:
    """A unit's villages: totals in October along a log-normal curve that crosses the goal after `reached` villages."""
    points = quantiles(len(codes))
    below = len(codes) - reached
    middle = (points[below - 1] + points[below]) / 2
    totals = [GOAL * math.exp(SPREAD * (point - middle)) for point in points]
    rng = dice(unit, "order")
    totals = [total * (1 + 0.02 * (rng.random() - 0.5)) for total in totals]
    jumping = min((total for total in totals if total > 40), default=0.0) if unit in JUMPS else 0.0
    order = list(range(len(codes)))
    rng.shuffle(order)
    return tuple(
        _village(code, totals[place], unit if totals[place] == jumping else "") for code, place in zip(codes, order, strict=True)
    )


def _lumps(total: float, months: tuple[int, ...]) -> list[float]:
    """Payments in some months, cumulative by month 1 to 10."""
    paid, cumulative = dict(zip(months, allocate_money(total, [1.0] * len(months)), strict=True)) if months else {}, 0.0
    found = []
    for month in range(1, 11):
        cumulative = round(cumulative + paid.get(month, 0.0), 2)
        found.append(cumulative)
    return found


def _village(code: str, total: float, jumps_in: str) -> Village:
    rng = dice(code, "economy")
    subsidised = rng.random() < 0.7
    share = spread(rng, 0.04, 0.2) if subsidised else 0.0
    if GOAL <= total < 36 and rng.random() < 0.6:
        share = max(share, 1 - spread(rng, 25.0, 29.0) / total)
    parts = max(1, math.ceil(share * total / 7.5)) if share else 0
    subsidy_months = tuple(sorted(rng.sample(SUBSIDY_MONTHS, min(parts + (rng.random() < 0.3), 3)))) if parts else ()
    subsidy = _lumps(round(share * total, 1), subsidy_months)
    other_share = spread(rng, 0.01, 0.04) if rng.random() < 0.5 else 0.0
    other = _lumps(round(other_share * total, 1), tuple(sorted(rng.sample(range(2, 11), 2))) if other_share else ())
    operating_total = round(total - subsidy[-1] - other[-1], 2)
    jump = JUMPS.get(jumps_in)
    flows = [season * math.exp(rng.gauss(0, 0.16)) for season in SEASON[:10]]
    steady = operating_total - (jump[1] if jump else 0.0)
    operating, cumulative = [], 0.0
    for month, flow in enumerate(flows, 1):
        cumulative += steady * flow / sum(flows) + (jump[1] if jump and jump[0] == month else 0.0)
        operating.append(round(cumulative, 2))
    operating[-1] = operating_total
    last_total = round(total * 1.2 / spread(rng, 1.18, 1.65), 2)
    last_operating = round(last_total * spread(rng, 0.72, 0.93), 2)
    last_subsidy = round((last_total - last_operating) * spread(rng, 0.6, 0.95), 2)
    before_total = round(last_total / spread(rng, 1.0, 1.3), 2)
    begun, stages = int(spread(rng, 1, 6)), []
    if rng.random() < 0.36:
        for _ in range(rng.randint(1, 4)):
            stages.append(begun)
            begun += rng.randint(1, 3)
    return Village(
        code, tuple(operating), tuple(subsidy), tuple(other), (last_total, last_operating, last_subsidy),
        (before_total, round(before_total * spread(rng, 0.7, 0.9), 2)), rng.choice(SOURCES), tuple(stages),
        spread(rng, 1.14, 1.3) if rng.random() < 0.92 else None, round(spread(rng, 15, 90), 1) if rng.random() < 0.05 else 0.0,
        (jump[0], jump[2]) if jump else None,
    )  # fmt: skip
