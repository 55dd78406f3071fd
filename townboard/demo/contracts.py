"""Invented clean-and-collect figures. Qingxu's sums at September 2022, the latest month in which every unit has reported, are the
published ones: 5,053 contracts worth 23,600 万元, 3,993 万元 of debt resolved, 1,062 万元 of fees recovered; 114 of 128 villages closed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from townboard.catalogue import Catalogue
from townboard.demo.dice import QINGXU, YINGZE, allocate, allocate_money, dice, spread
from townboard.periods import Period
from townboard.store.registers import RegisterRow
from townboard.submission import Key, Stored

CONTRACTS, AMOUNT, DEBT_RESOLVED, FEES_RECOVERED = 5053, 23600.0, 3993.0, 1062.0
YINGZE_SUMS = (246, 1820.0, 214.0, 61.5)
OPEN = {QINGXU: 14, YINGZE: 2}
"""Villages that are still at work; the others close between May and August 2022."""
LATEST = 9
NEW_DEBT = "140121103204"
"""One village that took on new debt in June (R30: asked every month, kept with the reason)."""
UNREGISTERED = "140121202"
"""A unit whose area of new resources no register holds: its first workbook brings it (`baseline-recorded`)."""


@dataclass(frozen=True)
class Contracts:
    """One village: baselines, what is reached in the end, and the month it closes (None while it is at work)."""

    code: str
    unit: str
    checked: int
    amount: float
    problems: int
    fees_due: float
    fees_at_latest: float
    debt_locked: float
    debt_at_latest: float
    area: float
    rate: float
    share: float
    pace: float
    closes: int | None

    def done(self, month: int) -> float:
        """The share of the way gone by a month of 2022; work began in March."""
        if month < 3:
            return 0.0
        if self.closes is None:
            way = float(((min(month, LATEST) - 2) / (LATEST - 2)) ** self.pace)
            return min(1.0, self.share * way * (1.04 if month > LATEST else 1.0))
        return 1.0 if month >= self.closes else float(((month - 2) / (self.closes - 2)) ** self.pace)


@dataclass
class CleanCollect:
    """The villages of both counties and what their units report of them (`clean_collect`)."""

    catalogue: Catalogue
    by_unit: dict[str, list[Contracts]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for county, sums in ((QINGXU, (CONTRACTS, AMOUNT, DEBT_RESOLVED, FEES_RECOVERED)), (YINGZE, YINGZE_SUMS)):
            for village in _county(self.catalogue, county, *sums):
                self.by_unit.setdefault(village.unit, []).append(village)

    def registers(self) -> list[RegisterRow]:
        """The frozen baselines."""
        found = []
        for unit, villages in self.by_unit.items():
            for village in villages:
                known: dict[str, float] = {
                    "contracts_checked": village.checked, "contract_amount": village.amount, "fees_due": village.fees_due,
                    "debt_locked": village.debt_locked, "resource_area_found": village.area,
                }  # fmt: skip
                if unit == UNREGISTERED:
                    del known["resource_area_found"]
                found += [RegisterRow("clean_collect", element, village.code, value) for element, value in known.items()]
        return found

    def values(self, unit: str, period: Period) -> dict[Key, Stored]:
        """The month's cells of the villages that had not closed before."""
        month = period.month if period.year == 2022 else 0
        found: dict[Key, Stored] = {}
        for village in self.by_unit.get(unit, ()):
            if village.closes is None or month <= village.closes:
                cells = _month(village, month)
                if unit == UNREGISTERED:
                    cells["resource_area_found"] = village.area
                found |= {("clean_collect", village.code, element): value for element, value in cells.items()}
        return found


def _month(village: Contracts, month: int) -> dict[str, Stored]:
    done, closing = village.done(month), village.closes == month
    open_now = village.closes is None
    of_latest = done / village.share if open_now else done
    problems = village.problems if month >= 5 or closing else round(village.problems * {3: 0.6, 4: 0.85}.get(month, 0.0))
    area = village.area if closing else round(village.area * done, 1)
    cells: dict[str, Stored] = {
        "problem_contracts": problems, "contracts_rectified": min(problems, math.floor(village.problems * done + 1e-9)),
        "contracts_online": village.checked if closing else math.floor(village.checked * min(1.0, done * 1.1)),
        "fees_recovered": _towards(village.fees_at_latest, of_latest, village.fees_due),
        "debt_resolved": _towards(village.debt_at_latest, of_latest, village.debt_locked),
        "debt_new": 2.4 if village.code == NEW_DEBT and month >= 6 else 0,
        "resource_area_charged": area, "resource_fees": round(area * village.rate, 2),
        "files_archived": closing or (village.closes is not None and month >= village.closes - 1),
    }  # fmt: skip
    if closing:
        cells["closing_requested"] = True
    written_off = round(village.debt_at_latest * 0.15, 2)
    if month >= 5 and village.code[-1] in "37" and 0 < written_off <= float(str(cells["debt_resolved"])):
        cells["debt_written_off"] = written_off
    return cells


def _towards(at_latest: float, share: float, most: float) -> float:
    return at_latest if abs(share - 1) < 1e-9 else min(round(at_latest * share, 2), most)


def _county(catalogue: Catalogue, county: str, contracts: int, amount: float, debt: float, fees: float) -> list[Contracts]:
    places = [
        (unit.code, village.code) for unit in catalogue.units(county) for village in catalogue.children(unit.code, "village")
    ]
    rng = dice(county, "contracts")
    at_work = set(rng.sample([code for _, code in places if code != NEW_DEBT], OPEN[county] - (county == QINGXU)))
    at_work |= {NEW_DEBT} if county == QINGXU else set()
    size = [math.exp(rng.gauss(0, 0.45)) for _ in places]
    checked = allocate(contracts, size)
    amounts = allocate_money(amount, [weight * math.exp(rng.gauss(0, 0.3)) for weight in size])
    shares = [spread(rng, 0.35, 0.8) if code in at_work else 1.0 for _, code in places]
    fee_weights = [weight * share * math.exp(rng.gauss(0, 0.4)) for weight, share in zip(size, shares, strict=True)]
    debt_weights = [weight * share * math.exp(rng.gauss(0, 0.5)) for weight, share in zip(size, shares, strict=True)]
    recovered, resolved = allocate_money(fees, fee_weights), allocate_money(debt, debt_weights)
    found = []
    for n, (unit, code) in enumerate(places):
        own, share, open_now = dice(code, "contracts"), shares[n], code in at_work
        due = round(recovered[n] / share * spread(own, 1.0, 1.15), 2) if open_now else recovered[n]
        locked = round(resolved[n] / min(share, spread(own, 0.5, 0.95)), 2)
        closes = None if open_now else own.choices((5, 6, 7, 8), weights=(2, 4, 5, 3))[0]
        found.append(
            Contracts(code, unit, checked[n], amounts[n], max(1, round(checked[n] * spread(own, 0.06, 0.2))), due, recovered[n], locked,
                      resolved[n], round(math.exp(own.gauss(4.6, 0.7)), 1), round(spread(own, 0.015, 0.06), 4), share,
                      spread(own, 0.8, 1.5), closes)
        )  # fmt: skip
    return found
