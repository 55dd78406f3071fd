"""Who has reported: board, reminder, cells typed; and the explored tables and explanations beside them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
import pytest

from townboard import explain, exploring, reporting, theme_tables
from townboard.charts import submissions
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.text import Text

TOWN, OTHER, ZONE, FOURTH = "140121100", "140121101", "140121-KFQ", "140121102"
OCTOBER = Period(2022, 10)
NOW = datetime(2022, 11, 4)
NAMES = {code: catalogue().org_unit[code].label for code in (TOWN, OTHER, ZONE, FOURTH)}


def states(*rows: tuple, **more: Any) -> pd.DataFrame:
    """(unit, period, state, on time, typed, data) → the query's answer; `more` fills columns of all rows."""
    at = datetime(2022, 11, 2)
    plain = {"submission_id": 7, "version": 1, "workbook": "w.xlsx", "submitted_by": "clerk", "submitted_at": at, "due_at": at, "asked": 0, "noted": 0,
             "missing": "", "given": 9, "nonzero": 9, "state_at": at, "state_by": "office", "reason": None, "approved_version": 0, **more}  # fmt: skip
    heads = ("unit", "period", "state", "on_time", "typed_cells", "data_cells")
    return pd.DataFrame([{**plain, **dict(zip(heads, row, strict=True))} for row in rows])


def marks(**more: Any) -> pd.DataFrame:
    """What happened to one month of one unit; without names nothing did."""
    plain = {"unit": TOWN, "period": "2022-10", "locked": False, "exempt": False, "exempt_reason": None, "correction_version": None,
             "correction_reason": None, "granted_until": None, "asked_until": None, "asked_reason": None, "asked_by": None}  # fmt: skip
    return pd.DataFrame([{**plain, **more}] if more else [], columns=list(plain))


SENT = states(
    (TOWN, "2022-09", "approved", True, 60, 600),
    (TOWN, "2022-10", "returned", False, 100, 400),
    (OTHER, "2022-10", "submitted", True, 40, 600),
)


def board(
    sent: pd.DataFrame = SENT, marked: pd.DataFrame | None = None, now: datetime = NOW, months: tuple = (OCTOBER,)
) -> pd.DataFrame:
    return reporting.board(
        sent, marks() if marked is None else marked, {(FOURTH, "2022-10")}, catalogue(), (TOWN, OTHER, ZONE, FOURTH), months, now
    )


BOARD = [
    (TOWN, "2022-09", "approved", False), (TOWN, "2022-10", "returned", True), (OTHER, "2022-09", "absent", True),
    (OTHER, "2022-10", "waiting", False), (ZONE, "2022-09", "absent", True), (ZONE, "2022-10", "not_due", False),
    (FOURTH, "2022-10", "draft", True),
]  # fmt: skip


@pytest.mark.parametrize(("unit", "period", "kind", "late"), BOARD)
def test_the_board_says_every_kind(unit, period, kind, late):
    found = board(months=(Period(2022, 9), OCTOBER))
    row = found[(found["unit"] == unit) & (found["period"] == period)].iloc[0]
    assert (row["kind"], bool(row["late"])) == (kind, late)


KINDS = [
    ("nothing in it", {"given": 0, "nonzero": 0}, {}, "submitted", "empty"),
    ("zeros only", {"nonzero": 0}, {}, "approved", "zero"),
    ("forms missing", {"missing": "clean_collect"}, {}, "approved", "partial"),
    ("approved", {}, {}, "approved", "approved"),
    ("locked", {}, {"locked": True}, "approved", "locked"),
    ("a correction is open", {"approved_version": 1}, {"correction_version": 1}, "approved", "approved"),
    ("a correction waits", {"version": 2, "approved_version": 1}, {"correction_version": 1}, "submitted", "waiting"),
    ("a correction came back", {"version": 2, "approved_version": 1}, {"correction_version": 1}, "returned", "returned"),
    ("a correction was approved", {"version": 2, "approved_version": 2}, {"correction_version": 1}, "approved", "approved"),
    ("an older store", {"given": None, "nonzero": None}, {}, "submitted", "waiting"),
]


@pytest.mark.parametrize(("name", "sent", "mark", "state", "kind"), KINDS, ids=[case[0] for case in KINDS])
def test_what_is_wanting_is_said_first(name, sent, mark, state, kind):
    found = board(states((TOWN, "2022-10", state, True, 1, 1), **sent), marks(**mark))
    assert found.iloc[0]["kind"] == kind


def test_kinds_and_timeliness_add_up_to_the_units_due():
    found = board()
    many = reporting.counts(found)
    assert (many["due"], many["returned"], many["waiting"], many["draft"]) == (3, 1, 1, 1)
    assert (
        sum(many[kind] for kind in submissions.KINDS if kind in many)
        == many["due"]
        == many["came"] + many["draft"] + many["absent"]
    )
    assert (many["on_time"], many["late"], many["overdue"]) == (1, 1, 1)
    assert reporting.headline(found, OCTOBER).zh == "2022年10月应报 3 个单位:暂存 1、退回 1、待审 1;收到的 2 份中按时 1、迟报 1"
    exempt = reporting.counts(board(SENT.iloc[:0], marks(exempt=True, exempt_reason="撤并")))
    assert exempt["due"] == 2 and exempt["came"] == 0


def test_the_board_in_words_knows_late_from_on_time():
    words = reporting.in_words(board(), catalogue())
    assert [said.zh for said in words["time_words"]] == ["迟报", "按时", "—", "逾期未报"]
    assert [said.zh for said in words["state_words"]] == ["退回修改", "已报待审", "无需报送", "暂存"]


@pytest.mark.parametrize(("now", "zh", "en"), [
    (datetime(2022, 11, 1), "徐沟镇、柳杜乡应于 2022-11-03 前报送", "due by 2022-11-03"),
    (NOW, "徐沟镇、柳杜乡已于 2022-11-03 到期,目前尚未收到", "was due on 2022-11-03"),
])  # fmt: skip
def test_a_reminder_says_who_by_when_and_whether_it_has_passed(now, zh, en):
    names = {**NAMES, OTHER: catalogue().org_unit[OTHER].label, FOURTH: Text("柳杜乡", "Liudu")}
    found = board(SENT[SENT["unit"] == TOWN].assign(reason="与台账不符"), now=now)
    words = reporting.reminder(found, names, OCTOBER, catalogue(), now)
    assert (
        zh in words.zh
        and en in words.en
        and "清源镇已退回修改(与台账不符)" in words.zh
        and words.zh.startswith("【催报】2022年10月")
    )


def test_a_reminder_names_the_forms_a_report_lacks_and_an_extended_deadline():
    sent = states(
        (TOWN, "2022-10", "submitted", True, 1, 1), (FOURTH, "2022-10", "approved", True, 1, 1), missing="clean_collect"
    )
    later = marks(unit=OTHER, granted_until=datetime(2022, 11, 9, 15, 59, 59))
    words = reporting.reminder(board(sent, later), NAMES, OCTOBER, catalogue(), NOW)
    assert "清源镇缺报清化收" in words.zh
    assert "徐沟镇应于 2022-11-09 前报送" in words.zh


def test_nobody_missing_needs_no_reminder():
    sent = states(*((unit, "2022-10", "approved", True, 1, 1) for unit in (TOWN, OTHER, FOURTH)))
    assert reporting.reminder(board(sent), NAMES, OCTOBER, catalogue(), NOW) == ("", "")


def test_typed_cells_of_a_month_leave_gaps():
    frame = reporting.cells_of_month(SENT, (TOWN, OTHER, ZONE), "2022-10")
    assert frame["typed_cells"].tolist() == [100, 40, pd.NA]
    assert frame["reported"].tolist() == [True, True, False]
    assert frame["prefilled"].iloc[0] == 75.0


def test_the_prefilled_share_is_divided_once():
    trend = reporting.cells_by_month(SENT, ["2022-08", "2022-09", "2022-10"])
    assert trend["reports"].tolist() == [0, 1, 2]
    assert trend["typed_mean"].tolist() == [pd.NA, 60.0, 70.0]
    assert trend["prefilled"].iloc[2] == pytest.approx(86.0)
    assert reporting.prefilled(trend) == "87.5%"
    assert reporting.prefilled(trend.iloc[:1]) == "—"


@pytest.mark.parametrize(("sent", "expected"), [(SENT, ["2022-09", "2022-10"]), (SENT.iloc[:0], ["2022-10"])])
def test_months_begin_with_the_first_report(sent, expected):
    assert [str(month) for month in reporting.months(sent, OCTOBER)] == expected


REACHES = [
    ("1", "village_economy", ["2022-10"]), ("3", "village_economy", ["2022-08", "2022-09", "2022-10"]),
    ("year", "burden", ["2021-12", "2022-03", "2022-06", "2022-09"]), ("1", "burden", ["2022-09"]),
]  # fmt: skip


@pytest.mark.parametrize(("reach", "form", "expected"), REACHES)
def test_explored_months(reach, form, expected):
    assert [str(period) for period in exploring.periods(OCTOBER, reach, catalogue().data_set[form])] == expected


def test_explored_rows_say_why_a_cell_is_empty():
    data_set = catalogue().data_set["assets_platform"]
    codes = [element.code for element in data_set.stored]
    answer = pd.DataFrame([(TOWN, TOWN, True, *[1] * len(codes)), (OTHER, OTHER, False, *[None] * len(codes))],
                          columns=["unit", "org_unit", "reported", *codes])  # fmt: skip
    notes = pd.DataFrame([(TOWN, TOWN, "", "trades", "not_applicable", "不涉及", ""), (TOWN, TOWN, "", "trade_amount", "missing", "", "")],
                         columns=["unit", "org_unit", "item", "element", "status", "raw", "steps"])  # fmt: skip
    rows = exploring.rows(data_set, {"2022-10": answer}, {"2022-10": notes}, catalogue(), "zh")
    assert rows["remarks"].tolist() == ["不涉及\uff1a平台交易宗数\uff1b缺\uff1a交易金额", "未报"]
    assert [column.code for column in exploring.columns(data_set, rows)][:4] == ["period", "unit_name", "name", "remarks"]


def test_units_that_owe_nothing_are_not_called_missing():
    data_set = catalogue().data_set["law_enforcement"]
    codes = [element.code for element in data_set.stored]
    answer = pd.DataFrame([(ZONE, ZONE, False, *[None] * len(codes))], columns=["unit", "org_unit", "reported", *codes])
    empty = pd.DataFrame(columns=["unit", "org_unit", "item", "element", "status", "raw", "steps"])
    assert exploring.rows(data_set, {"2022-10": answer}, {"2022-10": empty}, catalogue(), "zh").empty


def test_a_sum_by_unit_over_nothing_is_nothing():
    frame = pd.DataFrame({"unit": [TOWN, TOWN, OTHER], "org_unit": [f"{TOWN}201", f"{TOWN}202", "140121101201"],
                          "reported": [True, True, False], "fees_due": [1.5, None, None]})  # fmt: skip
    out = theme_tables.by_unit(frame, ["fees_due"], catalogue(), "zh")
    assert out["name"].tolist() == ["清源镇", "徐沟镇"]
    assert out["fees_due"].iloc[0] == 1.5 and pd.isna(out["fees_due"].iloc[1])
    assert out["state"].tolist() == ["已报", "未报"]


@pytest.mark.parametrize(("query", "found"), [("债务 化解", True), ("DEBT resolved", True), ("debt 村干部", False), ("", True)])
def test_a_search_wants_every_word(query, found):
    assert explain.matches(query, catalogue().indicator["QH04"].label, "已化解") == found


@pytest.mark.parametrize("indicator", catalogue().indicators, ids=lambda indicator: indicator.id)
def test_every_indicator_is_explained_in_both_languages(indicator):
    said = explain.lines(catalogue(), indicator)
    assert {"算法", "公式", "分子", "方向", "来源"} <= {what.zh for what, _ in said}
    assert all(words.zh and words.en for _, words in said)


@pytest.mark.parametrize(("id", "goals", "zh"), [
    ("CE01", (60, 80), "基本目标 60%、最高目标 80%"), ("BR06", (80, 50), "基本目标 ≤ 80 格、最高目标 ≤ 50 格"), ("LE07", (None, None), ""),
])  # fmt: skip
def test_goals_are_said_with_their_direction(id, goals, zh):
    assert explain.goals(catalogue().indicator[id], *goals).zh == zh


def test_every_element_and_finding_is_found_without_a_query():
    assert sum(len(explain.elements(data_set, "", "zh")) for data_set in catalogue()) == sum(
        len(data_set.elements) for data_set in catalogue()
    )
    assert [kind.severity for kind in explain.kinds("")] == sorted(
        (k.severity for k in explain.kinds("")), key=["blocks", "asks", "notes"].index
    )


def test_changes_against_the_last_month_are_ranked_and_need_both_sides():
    data_set = catalogue().data_set["law_enforcement"]
    codes = ["unit", "org_unit", "staff_quota", "patrols", "orders_received", "matters_assigned"]
    before = pd.DataFrame([(TOWN, TOWN, 10, 100, None, 55)], columns=codes)
    now = pd.DataFrame([(TOWN, TOWN, 10, 110, 7, 20), (OTHER, OTHER, 3, 9, 9, 9)], columns=codes)
    found = exploring.changes(data_set, before, now, TOWN, catalogue(), "zh")
    assert found[["place", "element", "before", "now", "difference", "unit"]].values.tolist() == [
        ["清源镇", "检查巡查次数", 100.0, 110.0, 10.0, "次"]
    ], "registers are the office's own, unknown before is no change"
    assert exploring.changes(data_set, before, before, TOWN, catalogue(), "zh").empty


def test_a_kept_finding_is_said_with_its_language_s_signs():
    kept = pd.DataFrame({"message_zh": ["第6行:总收入 35.34 达标,经营性收入 27.44 未达"], "message_en": ["row 6: reached"]})
    assert theme_tables.messages(kept, "zh") == ["第6行\uff1a总收入 35.34 达标\uff0c经营性收入 27.44 未达"]
    assert theme_tables.messages(kept, "en") == ["row 6: reached"]
