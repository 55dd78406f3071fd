"""Small stores for tests: submissions made in code, committed through `Store.commit` as a real workbook is."""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from townboard.answers import Answered
from townboard.catalogue import Catalogue
from townboard.findings import Finding, Place
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.store import Receipt, Store
from townboard.submission import MISSING, REPORTED, Row, SheetReading, Submission, Value

TOWN = "140121100"  # 清源镇: 18 villages, communities
STREET = "140121-DHJD"  # 东湖街道: no village
ZONE = "140121-KFQ"  # the development zone: enterprises only
VILLAGE, VILLAGE_2, VILLAGE_3 = "140121100204", "140121100205", "140121100206"
SEPTEMBER, OCTOBER = Period(2022, 9), Period(2022, 10)
AT = datetime(2022, 11, 2, 10)

Rows = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""data set → org unit → element → value (None: a blank cell)."""


def submission(
    unit: str, period: Period, rows: Rows, *, name: str = "", own: Catalogue | None = None
) -> tuple[Submission, bytes]:
    """A workbook as the recogniser would hand it on, with made-up but consistent cells, and its bytes."""
    known = own or catalogue()
    data = f"{unit} {period} {name} {dict(rows)!r}".encode()
    found = Submission(unit, period, name or f"{unit}_{period}.xlsx", hashlib.sha256(data).hexdigest())
    for code, places in rows.items():
        data_set = known.data_set[code]
        elements = list(dict.fromkeys(element for values in places.values() for element in values))
        vertical = data_set.rows == "unit"
        columns = {element: f"C{number + 4}" if vertical else chr(ord("C") + number) for number, element in enumerate(elements)}
        reading = SheetReading(data_set.sheet, data_set, [4], vertical=vertical, columns=columns)
        for number, (place, values) in enumerate(places.items(), 5):
            row = Row(place, place, number)
            for element, value in values.items():
                cell = columns[element] if vertical else f"{columns[element]}{number}"
                status = REPORTED if value is not None else MISSING
                raw = "" if value is None else str(value)
                row.values[element] = Value(code, place, element, value, status, raw, reading.sheet, cell)
            reading.rows.append(row)
        reading.counts.update(read=len(reading.rows), accepted=len(reading.rows))
        found.sheets.append(reading)
    return found, data


def income(operating: float | None, subsidy: float | None = 0.0, other: float | None = 0.0, **more: Any) -> dict[str, Any]:
    """One village's row of 村集体经济, 万元."""
    return {"operating_income": operating, "subsidy_income": subsidy, "other_income": other, **more}


def economy(*incomes: float | None) -> Rows:
    """村集体经济 of the first villages, by their operating incomes."""
    return {"village_economy": {code: income(value) for code, value in zip((VILLAGE, VILLAGE_2), incomes, strict=False)}}


def question(suggestion: float | None = 28.6) -> Finding:
    """A question about the first village's operating income."""
    place = Place("村集体经济", "C5", 5, "大北村", "village_economy", VILLAGE, "operating_income")
    return Finding.at("unusual-jump", place, raw="286", suggestion=suggestion, change="18", why="×10")


def in_force(store: Store, basis: str, unit: str = TOWN, period: Period = OCTOBER) -> dict[str, int]:
    """Data set → the submission that stands now."""
    found = store.rows(
        "select data_set, submission_id from in_force where unit = ? and period = ? and basis = ? and to_time > ?",
        [unit, str(period), basis, datetime(9998, 1, 1)],
    )
    return dict(found)


def commit(
    store: Store, unit: str, period: Period, rows: Rows, *, at: datetime | None = None, approve: bool = True, actor: str = "clerk",
    name: str = "", findings: tuple[Finding, ...] = (), answers: tuple[Answered, ...] = (), typed_cells: int = 0, data_cells: int = 0,
) -> Receipt:  # fmt: skip
    """Commit such a workbook on the 2nd of the next month (10:00 UTC unless `at` says otherwise), and approve it an hour later.
    A month that is approved already is opened for a correction first."""
    found, data = submission(unit, period, rows, name=name, own=store.catalogue)
    found.findings.extend(findings)
    if store.status(unit, period).state == "approved":
        store.transition(unit, period, "correction_opened", actor=actor, at=at, reason="更正")
    when = at or datetime(period.plus(1).year, period.plus(1).month, 2, 10)
    receipt = store.commit(
        found, answers, actor=actor, at=when, original=data,
        typed_cells=typed_cells, data_cells=data_cells,
    )  # fmt: skip
    if approve:
        store.transition(unit, period, "approved", actor="reviewer", at=when.replace(hour=(when.hour + 1) % 24))
    return receipt


@cache
def _made(make: Callable[[Path], Store]) -> Path:
    """A store made once for the whole run, to be copied."""
    folder = Path(tempfile.mkdtemp(prefix="townboard-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    make(folder).close()
    return folder


def _copied(make: Callable[[Path], Store], folder: Path) -> Store:
    shutil.copytree(_made(make), folder, dirs_exist_ok=True)
    return Store.open(folder)


def empty_store(folder: Path) -> Store:
    """A store as `Store.create` makes it, five times faster."""
    return _copied(Store.create, folder)


def small_store(folder: Path) -> Store:
    """Two townships over three months, every form filled once; 马峪乡 and the others have not reported."""
    return _copied(_filled, folder)


def _filled(folder: Path, covered: int = 4) -> Store:
    """`covered`: how many of 5 each coverage has reached in every community."""
    store = Store.create(folder)
    town, other = store.catalogue.org_unit[TOWN], "140121102"
    villages = [place.code for place in store.catalogue.children(TOWN, "village")]
    communities = [place.code for place in store.catalogue.children(TOWN, "community")]
    assert town.level == "township" and len(villages) == 18
    for step, period in enumerate((Period(2022, 8), Period(2022, 9), OCTOBER)):
        rows: dict[str, dict[str, dict[str, Any]]] = {
            "cover": {TOWN: {"filled_by": "张三", "reviewed_by": "李四", "responsible_leader": "王五", "phone": "0351-5722000"}},
            "village_economy": {
                code: income(12.0 + n * 1.5 + step, 2.0, 0.5, last_year_total_income=20.0 + n, last_year_operating_income=15.0 + n,
                             main_source="资产出租", cooperation_stage="签约" if n % 3 == 0 else "无", note="")
                for n, code in enumerate(villages)
            },
            "clean_collect": {
                code: {"contracts_checked": 40, "contract_amount": 100.0, "problem_contracts": 10, "contracts_rectified": 6 + step,
                       "contracts_online": 30, "fees_due": 5.0, "fees_recovered": 2.5, "debt_locked": 8.0, "debt_resolved": 4.0 + step,
                       "debt_written_off": 0.0, "debt_new": 0.0, "resource_area_found": 100.0, "resource_area_charged": 80.0,
                       "resource_fees": 1.2, "files_archived": True, "closing_requested": n == 0 and step == 0}
                for n, code in enumerate(villages) if not (n == 0 and step)
            },
            "assets_platform": {TOWN: {"villages_online": 17, "alerts_raised": 9, "alerts_handled": 8, "trades": 3, "trade_amount": 45.5,
                                       "villages_disclosing": 18}},
            "law_enforcement": {TOWN: {"matters_assigned": 55, "matters_exercised": 12 + step, "staff_quota": 10, "staff_on_post": 9,
                                       "staff_certified": 8, "training_attendance": 30, "patrols": 40, "cases_simple": 5,
                                       "cases_general": 2, "cases_closed": 6, "orders_received": 100, "orders_closed": 97,
                                       "joint_operations": 1, "decisions_overturned": 0,
                                       **{f"{milestone}_on": datetime(2022, 4, 1).date() for milestone in MILESTONES[: 8 + step]}}},
            "community_coverage": {
                code: {"compounds": 4, **{f"coverage_{n}_done": covered for n in range(1, 6)}, **{f"coverage_{n}_due": 5 for n in range(1, 6)},
                       "unserviced_compounds": 3, "unserviced_resolved": 2, "grids": 6, "grid_workers": 6,
                       "grid_events_reported": 50, "grid_events_closed": 49, "cadres_assigned": 12}
                for code in communities
            },
            "problems_models": {f"{TOWN}#1": {"kind": "典型", "domain": "集体经济", "title": "抱团发展", "text": "四村联建"}},
        }  # fmt: skip
        if period.closes_quarter:
            rows["enterprise_party"] = {TOWN: {"enterprises_registered": 500, "enterprises_operating": 120, "enterprises_above_scale": 10,
                "enterprises_three_members": 20, "organisations_single": 25, "organisations_joint": 5, "enterprises_joint_covered": 60,
                "above_scale_covered": 9, "party_members": 160, "secretaries": 30, "instructors_full_time": 4,
                "instructors_part_time": 8, "enterprises_work_covered": 20}}  # fmt: skip
            rows["burden"] = {TOWN: {"duties_baseline": 100, "duties_now": 60, "signs_baseline": 20, "signs_now": 5,
                "certificates_baseline": 20, "certificates_now": 5, "forms_baseline": 50, "forms_now": 20, "violations_found": 4,
                "violations_corrected": 4}}  # fmt: skip
        commit(store, TOWN, period, rows, typed_cells=70 + step, data_cells=900)
    commit(store, other, OCTOBER, {
        "village_economy": {
            code: income(31.0 if n < 3 else 8.0, 1.0) for n, code in enumerate(
                place.code for place in store.catalogue.children(other, "village"))
        }
    }, at=datetime(2022, 11, 9, 2), approve=False, typed_cells=40, data_cells=200)  # fmt: skip
    return store


def brief_store(folder: Path) -> Store:
    """The small store and what a brief stumbles over: a unit behind in everything with three communities and long problems, a street
    without villages, and a unit that is silent in October while closed villages and the quarter stand."""
    return _copied(_briefed, folder)


def _briefed(folder: Path) -> Store:
    store = _filled(folder, covered=5)
    villages = [place.code for place in store.catalogue.children(CROWDED, "village")]
    communities = [place.code for place in store.catalogue.children(CROWDED, "community")]
    silent = [place.code for place in store.catalogue.children(SILENT, "village")]
    assert len(communities) == 3
    quarter = {"enterprises_registered": 300, "enterprises_operating": 100, "enterprises_above_scale": 5, "enterprises_three_members": 20,
               "organisations_single": 15, "organisations_joint": 5, "enterprises_joint_covered": 20, "above_scale_covered": 4, "party_members": 60,
               "secretaries": 15, "instructors_full_time": 2, "instructors_part_time": 3, "enterprises_work_covered": 20}  # fmt: skip
    burden = {
        f"{code}_{when}": value
        for code in ("duties", "signs", "certificates", "forms")
        for when, value in (("baseline", 50), ("now", 40))
    }
    for step, period in enumerate((SEPTEMBER, OCTOBER)):
        rows: dict[str, dict[str, dict[str, Any]]] = {
            "village_economy": {code: income(28.1 + 0.3 * n + step * 0.1 if n < 6 else 31.0 if n < 9 else 4.0 + step, 0.0) for n, code in enumerate(villages)},
            "clean_collect": {
                code: {"contracts_checked": 40, "problem_contracts": 10, "contracts_rectified": 1 + step, "contracts_online": 8, "fees_due": 171.97,
                       "fees_recovered": 40.44, "debt_locked": 1027.99, "debt_resolved": 20.25, "debt_written_off": 0.0, "debt_new": 1.5,
                       "closing_requested": False} for code in villages
            },
            "law_enforcement": {CROWDED: {"matters_assigned": 55, "matters_exercised": 3, "staff_quota": 10, "staff_on_post": 9, "staff_certified": 2 + step,
                                          "orders_received": 164, "orders_closed": 61, "team_established_on": datetime(2022, 4, 1).date()}},
            "community_coverage": {
                code: {"compounds": 4, **{f"coverage_{n}_done": 2 for n in range(1, 6)}, **{f"coverage_{n}_due": 5 for n in range(1, 6)},
                       "unserviced_compounds": 3, "unserviced_resolved": 1, "grids": 6, "grid_workers": 6} for code in communities
            },
            "problems_models": {f"{CROWDED}#{n}": {
                "kind": "需协调" if n % 2 else "问题", "domain": "社区", "title": "老旧小区无维修资金",
                "text": "无物业小区基础设施老化，维修资金缺口较大，住户意见不一，" * (n + 1) + "请予协调，联系电话13803511234。",
                "help_needed_from": "住建局"} for n in range(4)},
        }  # fmt: skip
        if period.closes_quarter:
            rows |= {"enterprise_party": {CROWDED: quarter}, "burden": {CROWDED: burden}}
        commit(store, CROWDED, period, rows)
        street: dict[str, dict[str, dict[str, Any]]] = {"law_enforcement": {STREET: {
            "matters_assigned": 55, "matters_exercised": 12, "staff_quota": 8, "staff_on_post": 8, "staff_certified": 6 + step, "orders_received": 70,
            "orders_closed": 62, **{f"{milestone}_on": datetime(2022, 3 + n, 5).date() for n, milestone in enumerate(MILESTONES[: 6 + step])}}}}  # fmt: skip
        commit(store, STREET, period, street)
    commit(store, SILENT, SEPTEMBER, {
        "clean_collect": {code: {"contracts_checked": 20, "closing_requested": n < 5} for n, code in enumerate(silent)},
        "enterprise_party": {SILENT: quarter},
    })  # fmt: skip
    return store


CROWDED, SILENT = "140121101", "140121103"  # 徐沟镇: 23 villages and three communities; 孟封镇
MILESTONES = ("team_established", "posts_approved", "matters_published", "staff_in_post", "first_certificates", "premises_built",
              "equipment_issued", "dispatch_running", "stationed_bodies_linked", "three_systems", "first_general_case",
              "case_files_passed")  # fmt: skip
