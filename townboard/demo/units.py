"""Invented figures of units and communities: law enforcement, the platform, coverage, burden, problems and the cover.

They rise steadily, each unit at its own pace; a few units are late with the milestones of the reform.
"""

from __future__ import annotations

import math
from datetime import date, timedelta

from townboard.catalogue import Catalogue
from townboard.demo.dice import dice, month_of, spread
from townboard.periods import Period
from townboard.store.registers import RegisterRow
from townboard.submission import Key, Stored

MILESTONES = (
    ("team_established_on", date(2021, 9, 16)), ("posts_approved_on", date(2021, 11, 18)), ("matters_published_on", date(2022, 1, 12)),
    ("staff_in_post_on", date(2022, 2, 24)), ("first_certificates_on", date(2022, 3, 29)), ("premises_built_on", date(2022, 4, 21)),
    ("equipment_issued_on", date(2022, 5, 12)), ("dispatch_running_on", date(2022, 5, 26)),
    ("stationed_bodies_linked_on", date(2022, 6, 16)), ("three_systems_on", date(2022, 7, 7)),
    ("first_general_case_on", date(2022, 7, 28)), ("case_files_passed_on", date(2022, 9, 8)),
)  # fmt: skip
LATE = {"140121201": 95, "140121200": 70, "140121-DHJD": 120, "140106006": 90}
"""Units late with the reform, in days."""
PLANNED = {element: (day + timedelta(days=60)).replace(day=1) - timedelta(days=1) for element, day in MILESTONES}
"""The counties' plan: the end of the month after the usual day."""
CUT = ("140121202", Period(2022, 8), 36, "县政府调整赋权目录，收回专业性强的事项")
"""A unit whose assigned matters became fewer, lawfully: unit, month, number, reason."""
BURDEN = {"duties": (96, 140), "signs": (18, 34), "certificates": (24, 62), "forms": (38, 74)}
LEFT = {"duties": 0.58, "signs": 0.3, "certificates": 0.16, "forms": 0.42}
"""What remains of a baseline by September 2022. No register holds the baselines: the first quarter's workbook brings them."""
RESOLVED_BY = {"company": (1, 3), "community": (2, 4), "owners": (0,)}
"""How the compounds without property service are taken care of, in turn."""
PROBLEMS = (
    ("问题", "集体经济", "两个村旧厂房闲置未盘活", "旧厂房产权资料不全，暂未对外出租，正在补办手续。", None),
    ("典型", "集体经济", "支部领办合作社发展设施葡萄", "支部牵头流转土地发展设施葡萄，带动村集体增收。", None),
    ("需协调", "执法", "执法证件办理进度慢", "新到岗人员尚未参加统一考试，持证人数不足。", "司法局"),
    ("问题", "清化收", "历史欠费户外出难以联系", "部分承包户常年在外，欠费追缴周期长。", None),
    ("典型", "社区", "小区党支部牵头组建物管会", "小区党支部牵头，三个月内为无物业小区配齐基础服务。", None),
    ("需协调", "社区", "老旧小区无维修资金", "无物业小区基础设施老化，维修资金缺口较大。", "住建局"),
    ("典型", "减负", "清理挂牌只留四块", "村级组织对外挂牌只保留四块，制度不再上墙。", None),
    ("需协调", "非公", "小微企业分散难以联建", "园区外小微企业分散，联合组建党组织需部门共同推进。", "市场监管局"),
)


class Units:
    """What the units report of themselves and of their communities."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def registers(self, unit: str) -> list[RegisterRow]:
        """Assigned matters, compounds, denominators and grids."""
        found = []
        if self.catalogue.org_unit[unit].kind != "development zone":
            found.append(RegisterRow("law_enforcement", "matters_assigned", unit, dice(unit, "matters").randint(38, 55)))
        for place in self.catalogue.children(unit, "community"):
            known = _community(place.code)
            found += [RegisterRow("community_coverage", element, place.code, value) for element, value in known.items()]
        return found

    def cut(self, unit: str) -> list[RegisterRow]:
        """What the office changes in 2022."""
        if unit != CUT[0]:
            return []
        return [RegisterRow("law_enforcement", "matters_assigned", unit, CUT[2], CUT[1].start, CUT[3])]

    def values(self, unit: str, period: Period) -> dict[Key, Stored]:
        """The month's cells of every form but village incomes, contracts and enterprises."""
        found: dict[Key, Stored] = {}
        forms = {
            "cover": _cover(unit), "law_enforcement": _enforcement(unit, period), "burden": _burden(unit, period),
            "assets_platform": _platform(unit, len(self.catalogue.children(unit, "village")), period),
        }  # fmt: skip
        for data_set, cells in forms.items():
            found |= {(data_set, unit, element): value for element, value in cells.items()}
        for place in self.catalogue.children(unit, "community"):
            cells = _coverage(place.code, period)
            found |= {("community_coverage", place.code, element): value for element, value in cells.items()}
        for number, problem in enumerate(_problems(unit, period), 1):
            words = zip(("kind", "domain", "title", "text", "help_needed_from"), problem, strict=True)
            found |= {("problems_models", f"{unit}#{number}", element): value for element, value in words}
        return found


def _cover(unit: str) -> dict[str, Stored]:
    """People who do not exist; their names say so."""
    family = dice(unit, "people").sample("王李张刘陈杨赵黄周吴", 3)
    return {
        "filled_by": f"{family[0]}示例", "reviewed_by": f"{family[1]}示例", "responsible_leader": f"{family[2]}示例",
        "phone": "0351-0000000",
    }  # fmt: skip


def milestones(unit: str) -> dict[str, date]:
    """The day each milestone is reached in a unit, in working days; late units are late throughout."""
    rng, late = dice(unit, "milestones"), LATE.get(unit, 0)
    own, found = spread(rng, -12, 38), {}
    for number, (element, day) in enumerate(MILESTONES):
        found[element] = _working_day(day + timedelta(days=round(own + spread(rng, -6, 14) + late * number / 6)))
    found["first_certificates_on"] = max(found["first_certificates_on"], found["posts_approved_on"])
    found["first_general_case_on"] = max(found["first_general_case_on"], found["matters_published_on"])
    return found


def _working_day(day: date) -> date:
    return day if day.weekday() < 5 else day + timedelta(days=7 - day.weekday())


def _enforcement(unit: str, period: Period) -> dict[str, Stored]:
    """Yearly counts grow by the month; general-procedure cases begin with the first one closed."""
    rng, at = dice(unit, "enforcement"), month_of(period)
    month = period.month
    quota, assigned = rng.randint(6, 14), dice(unit, "matters").randint(38, 55)
    on_post = min(round(quota * 1.1), round(quota * (spread(rng, 0.45, 0.7) + 0.04 * at)))
    certified = min(on_post, round(on_post * min(1.0, spread(rng, 0.25, 0.5) + 0.055 * at)))
    pace = spread(rng, 0.7, 1.3)
    simple = round(month * spread(rng, 1.2, 4.5) * pace)
    reached = milestones(unit)
    general = sum(1 for n in range(1, month + 1) if date(period.year, n, 28) >= reached["first_general_case_on"]) * rng.randint(
        1, 2
    )
    orders = round(month * spread(rng, 6, 22))
    exercised = min(assigned, max(1, round(assigned * (spread(rng, 0.1, 0.18) + month * spread(rng, 0.028, 0.05) * pace))))
    if unit == CUT[0]:
        exercised = min(exercised, CUT[2])
    if period.year == 2021:
        exercised, orders = max(1, round(exercised * 0.3)), round(orders * 0.5)
    cells: dict[str, Stored] = {
        "matters_exercised": exercised, "staff_quota": quota, "staff_on_post": on_post, "staff_certified": certified,
        "training_attendance": round(month * on_post * 0.6), "patrols": round(month * spread(rng, 9, 24)),
        "cases_simple": simple, "cases_general": general, "cases_closed": simple + math.floor(general * 0.8),
        "orders_received": orders, "orders_closed": math.floor(orders * spread(rng, 0.88, 1.0)),
        "joint_operations": month // 2, "decisions_overturned": 0,
    }  # fmt: skip
    return {**cells, **{element: day for element, day in reached.items() if day <= period.end}}


def _platform(unit: str, villages: int, period: Period) -> dict[str, Stored]:
    if not villages:
        return {}
    rng, at = dice(unit, "platform"), month_of(period)
    alerts = round(at * spread(rng, 1.0, 3.2))
    online = min(villages, round(villages * (spread(rng, 0.25, 0.4) + at * spread(rng, 0.05, 0.075))))
    trades = round((period.month if period.year == 2022 else 6) * spread(rng, 0.6, 2.4))
    return {
        "villages_online": online, "alerts_raised": alerts, "alerts_handled": math.floor(alerts * spread(rng, 0.8, 1.0)),
        "trades": trades, "trade_amount": round(trades * spread(rng, 4, 11), 2),
        "villages_disclosing": min(villages, round(villages * (0.6 + at * 0.04))),
    }  # fmt: skip


def _community(code: str) -> dict[str, int]:
    """The office's denominators of one community."""
    rng = dice(code, "community")
    compounds, grids = rng.randint(3, 14), rng.randint(3, 9)
    return {
        "compounds": compounds, "coverage_1_due": 1, "coverage_2_due": grids, "coverage_3_due": compounds,
        "coverage_4_due": math.ceil(compounds * 0.6), "coverage_5_due": compounds,
        "unserviced_compounds": round(compounds * spread(rng, 0.15, 0.5)), "grids": grids,
    }  # fmt: skip


def _coverage(code: str, period: Period) -> dict[str, Stored]:
    known, rng, at = _community(code), dice(code, "coverage"), month_of(period)
    cells: dict[str, Stored] = {}
    model = dice(code, "model").random() < 0.45
    for number in range(1, 6):
        due, begun = known[f"coverage_{number}_due"], spread(rng, 0.4, 0.72)
        ends = spread(rng, 0.52, 1.1) if number == 1 else spread(rng, 0.78, 1.12)
        ends = 1.1 if model else ends
        cells[f"coverage_{number}_done"] = min(due, math.floor(due * (begun + (ends - begun) * at / 10) + 0.35))
    resolved = min(
        known["unserviced_compounds"], math.floor(known["unserviced_compounds"] * at / 10 * spread(rng, 0.6, 1.15) + 0.3)
    )
    cells["unserviced_resolved"] = resolved
    if period.closes_quarter:
        cells |= {f"resolved_by_{how}": sum(n % 5 in turns for n in range(1, resolved + 1)) for how, turns in RESOLVED_BY.items()}
    events = round(period.month * spread(rng, 8, 32))
    cells |= {
        "grid_workers": min(round(known["grids"] * 1.2), round(known["grids"] * (spread(rng, 0.65, 0.95) + at * 0.015))),
        "grid_events_reported": events, "grid_events_closed": math.floor(events * spread(rng, 0.9, 1.0)),
        "cadres_assigned": rng.randint(6, 28) + at // 3,
    }  # fmt: skip
    return cells


def _burden(unit: str, period: Period) -> dict[str, Stored]:
    """Quarterly: what is left of duties, signs, certificates and forms."""
    rng, gone = dice(unit, "burden"), min(1.0, month_of(period) / 9)
    cells: dict[str, Stored] = {}
    for what, (low, high) in BURDEN.items():
        baseline, left = rng.randint(low, high), min(1.0, LEFT[what] * spread(rng, 0.8, 1.35))
        cells[f"{what}_baseline"] = baseline
        cells[f"{what}_now"] = round(baseline * (1 - (1 - left) * gone))
    found = round(month_of(period) * spread(rng, 0.0, 0.7))
    return {**cells, "violations_found": found, "violations_corrected": math.floor(found * 0.9)}


def _problems(unit: str, period: Period) -> list[tuple[str | None, ...]]:
    rng = dice(unit, "problems", period)
    return rng.sample(PROBLEMS, rng.choice((0, 0, 1, 1, 2)))
