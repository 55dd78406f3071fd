"""Invented figures of party building in private enterprises. Qingxu's sums at September 2022 are the published ones (domain §0.4)."""

from __future__ import annotations

from townboard.catalogue import Catalogue
from townboard.demo.dice import QINGXU, YINGZE, allocate, dice, month_of
from townboard.periods import Period
from townboard.store.registers import RegisterRow
from townboard.submission import Key, Stored

SUMS = {
    QINGXU: {"enterprises_registered": 9464, "enterprises_above_scale": 120, "enterprises_operating": 1180, "organisations_single": 112,
             "organisations_joint": 48, "party_members": 989, "instructors_full_time": 18, "instructors_part_time": 52},
    YINGZE: {"enterprises_registered": 21380, "enterprises_above_scale": 64, "enterprises_operating": 1640,
             "organisations_single": 154, "organisations_joint": 66, "party_members": 1720, "instructors_full_time": 31,
             "instructors_part_time": 88},
}  # fmt: skip
"""Sums of a county in September 2022: 9,464 enterprises, 120 above scale, 160 organisations, 989 members, 70 instructors."""
WEIGHTS = {
    "140121-DHJD": 6, "140121100": 18, "140121101": 15, "140121102": 9, "140121103": 8, "140121200": 5, "140121201": 4,
    "140121202": 6, "140121203": 7, "140121204": 5, "140121-KFQ": 17,
}  # fmt: skip
REGISTERED = ("enterprises_registered", "enterprises_above_scale")
BEFORE = {0: 0.84, 3: 0.9, 6: 0.95, 9: 1.0}
"""The share of September's figures that stood in December, March, June and September."""
WITHOUT_SECRETARY = ("140121203", 3)
"""A unit and month with an organisation without a secretary (R24: asked, explained)."""


class Enterprises:
    """What the units of both counties report of private enterprises each quarter (`enterprise_party`)."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.final: dict[str, dict[str, int]] = {}
        for county, sums in SUMS.items():
            units = [unit.code for unit in catalogue.units(county)]
            for element, total in sums.items():
                weights = [WEIGHTS.get(unit, 10) * dice(unit, element).uniform(0.9, 1.1) for unit in units]
                if element == "enterprises_above_scale":
                    weights = [weight * (3 if unit.endswith("KFQ") else 1) for unit, weight in zip(units, weights, strict=True)]
                for unit, share in zip(units, allocate(total, weights), strict=True):
                    self.final.setdefault(unit, {})[element] = share

    def registers(self, unit: str) -> list[RegisterRow]:
        """From the market-supervision list."""
        return [RegisterRow("enterprise_party", element, unit, self.final[unit][element]) for element in REGISTERED]

    def values(self, unit: str, period: Period) -> dict[Key, Stored]:
        """A quarter's cells; empty in other months."""
        if not period.closes_quarter:
            return {}
        at = month_of(period)
        final, share = self.final[unit], BEFORE[at]
        operating = final["enterprises_operating"] if share == 1 else round(final["enterprises_operating"] * (0.9 + share / 10))
        single, joint = (final[name] if share == 1 else round(final[name] * share)
                         for name in ("organisations_single", "organisations_joint"))  # fmt: skip
        covered = max(2 * joint, int((operating - single) * 0.78 * share))
        scale = final["enterprises_above_scale"]
        cells: dict[str, Stored] = {
            "enterprises_operating": operating, "enterprises_three_members": min(operating, single + 2),
            "organisations_single": single, "organisations_joint": joint, "enterprises_joint_covered": covered,
            "above_scale_covered": int(scale * (0.72 + 0.2 * share)), "party_members": max(3 * single, round(final["party_members"] * share)),
            "secretaries": single + joint - ((unit, at) == WITHOUT_SECRETARY),
            "instructors_full_time": round(final["instructors_full_time"] * share),
            "instructors_part_time": round(final["instructors_part_time"] * share),
            "enterprises_work_covered": int((operating - single - covered) * 0.8 * share),
        }  # fmt: skip
        return {("enterprise_party", unit, element): value for element, value in cells.items()}
