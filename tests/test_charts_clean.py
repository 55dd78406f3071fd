"""Clean-and-collect: the frozen first half, the way of contracts with its differences, new debt and the platform, in exact numbers."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

from tests.stores import TOWN, VILLAGE, VILLAGE_2, commit
from townboard.charts import clean_collect, contracts
from townboard.charts.board_html import html
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.store.registers import RegisterRow
from townboard.text import LANGUAGES, Text

NAN = float("nan")
ELEMENTS = [catalogue().data_set["clean_collect"].by_code[code] for code in clean_collect.BASELINES]
VILLAGES = pd.DataFrame({
    "unit_name": ["清源镇"] * 3, "name": ["甲村", "乙村", "丙村"], "contracts_checked": [40, 20, 10], "problem_contracts": [10, 5, 4],
    "contracts_rectified": [6, 5, NAN], "contracts_online": [30, 20, 1], "contract_amount": [100.0, 50.5, NAN], "fees_due": [5.0, 1.0, NAN],
    "debt_locked": [8.0, 2.0, NAN], "resource_area_found": [100.0, NAN, NAN], "debt_new": [0.0, 0.0, NAN],
})  # fmt: skip
PLATFORM = pd.DataFrame({
    "name": ["清源镇", "马峪乡"], "reported": [True, False], "villages": [18, 13], "villages_online": [17, NAN], "villages_disclosing": [18, NAN],
    "alerts_raised": [9, NAN], "alerts_handled": [8, NAN], "trades": [3, NAN], "trade_amount": [45.5, NAN],
})  # fmt: skip


def test_the_flow_counts_only_villages_with_all_four_numbers():
    assert contracts.totals_of(VILLAGES) == (dict(zip(contracts.CONTRACTS, (60.0, 15.0, 11.0, 50.0), strict=True)), 1)
    assert contracts.totals_of(VILLAGES.iloc[2:]) == ({}, 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_between_two_stages_stands_what_falls_away(language):
    totals, partly = contracts.totals_of(VILLAGES)
    bar, words = contracts.flow(totals, language)["data"]
    assert list(zip(bar["base"], bar["x"], strict=True)) == [(0, 60), (15, 45), (0, 15), (11, 4), (0, 11), (0, 50), (50, 10)]
    assert [text.strip() for text in words["text"]] == ["60", "−45", "15", "−4", "11", "50", "−10"]
    assert len(set(bar["y"])) == 7 and partly == 1
    assert bar["marker"]["pattern"]["shape"] == ["", "x", "", "x", "", "", "x"], "a difference has a mark of its own"


def test_the_flow_says_its_shares_and_who_is_left_out():
    totals, partly = contracts.totals_of(VILLAGES)
    names = contracts.flow(totals, "zh")["data"][0]["y"]
    assert "占摸排 25.0%" in names[2] and "占问题合同 73.3%" in names[4] and "占摸排 83.3%" in names[5]
    assert contracts.flow_title(totals).zh == "摸排 60 份合同,15 份有问题,已整改 11 份、还差 4 份;录入平台 50 份"
    assert "另有 1 个村四个数不全" in contracts.flow_note(partly).zh and "不全" not in contracts.flow_note(0).zh
    assert contracts.flow({}, "zh")["data"] == [] and contracts.flow_title({}).zh == "合同:尚无数据"


def test_nothing_found_is_not_all_rectified_and_sums_say_their_villages():
    none = {"contracts_checked": 60.0, "problem_contracts": 0.0, "contracts_rectified": 0.0, "contracts_online": 0.0}
    assert contracts.flow_title(none).zh == "摸排 60 份合同,0 份有问题,没有要整改的;录入平台 0 份"
    said = Text("现金增收 9.20 万元", "Cash")
    assert clean_collect.of_villages(said, 77, 128).zh == "现金增收 9.20 万元(77/128个村有数)"
    assert clean_collect.of_villages(said, 128, 128) == said


def test_the_first_half_in_sums_with_the_villages_behind_them():
    sums = clean_collect.baseline(VILLAGES, ELEMENTS)
    assert dict(zip(sums["element"], sums["villages"], strict=True)) == {
        "contracts_checked": 3, "contract_amount": 2, "fees_due": 2, "debt_locked": 2, "resource_area_found": 1}  # fmt: skip
    assert clean_collect.baseline_title(sums).zh == (
        "上半篇(摸底):合同 70 份、涉及 150.50 万元;应收未收承包费 6.00 万元,锁定债务 10.00 万元"
    )
    drawn = html(clean_collect.baseline_board(sums, 3, "zh"))
    assert "10k yuan" not in html(clean_collect.baseline_board(sums, 3, "en"))
    assert "70 份" in drawn and "150.50 万元" in drawn and "<td>1/3</td>" in drawn
    nothing = clean_collect.baseline(VILLAGES.assign(**dict.fromkeys(clean_collect.BASELINES, NAN)), ELEMENTS)
    assert (
        "—" in html(clean_collect.baseline_board(nothing, 3, "zh"))
        and clean_collect.baseline_title(nothing).zh == "上半篇:还没有基数"
    )


def test_a_baseline_changed_after_it_was_frozen_is_said(empty_store):
    rows = [
        RegisterRow("clean_collect", code, VILLAGE, value)
        for code, value in zip(clean_collect.BASELINES, (40, 100.0, 5.0, 8.0, 90.0), strict=True)
    ]
    empty_store.register(
        [*rows, RegisterRow("clean_collect", "fees_due", VILLAGE_2, 1.0)], actor="office", at=datetime(2022, 3, 20)
    )
    names = {place.code: place.label.zh for place in empty_store.catalogue.children(TOWN, "village")}

    def said(as_of: datetime) -> str:
        found = empty_store.ask("baseline_by_village", units=[TOWN], as_of=as_of)
        return clean_collect.frozen(found, names, "zh").zh

    assert "名录里还没有冻结的基数" in said(datetime(2022, 3, 1))
    before = said(datetime(2022, 4, 1))
    assert "基数自 2022-03-20 起" in before and "17 个村名录基数不全" in before and "冻结后没有改动" in before
    empty_store.register([RegisterRow("clean_collect", "fees_due", VILLAGE, 6.0)], actor="office", at=datetime(2022, 6, 1))
    assert f"冻结后改过 1 个村(最近 2022-06-01):{names[VILLAGE]}" in said(datetime(2022, 7, 1))


def test_the_first_half_stands_whatever_the_month_brings(empty_store):
    empty_store.register([RegisterRow("clean_collect", "fees_due", VILLAGE, 5.0)], actor="office", at=datetime(2022, 3, 20))
    commit(
        empty_store,
        TOWN,
        Period(2022, 10),
        {"clean_collect": {VILLAGE_2: {"fees_due": 2.0, "fees_recovered": 1.0}}},
        approve=False,
    )
    register = empty_store.ask("baseline_by_village", units=[TOWN])
    own = empty_store.ask("clean_collect_by_village", units=[TOWN], period="2022-10", basis="preliminary")
    kept = clean_collect.kept(register, own).set_index("org_unit")["fees_due"]
    assert (kept[VILLAGE], kept[VILLAGE_2], kept.notna().sum()) == (5.0, 2.0, 2)


@pytest.mark.parametrize(("debts", "zh"), [
    ([0.0, 0.0, NAN], "有数据的 2 个村都没有新增债务,另有 1 个村没有数据"),
    ([0.0, 0.0, 0.0], "有数据的 3 个村都没有新增债务"),
    ([0.0, 2.4, NAN], None),
    ([NAN, NAN, NAN], None),
])  # fmt: skip
def test_no_new_debt_is_said_of_villages_with_a_figure_only(debts, zh):
    said = clean_collect.no_new_debt(VILLAGES.assign(debt_new=debts))
    assert (said.zh if said else None) == zh


def test_new_debt_is_said_by_village_and_amount():
    assert (
        clean_collect.new_debt(VILLAGES.assign(debt_new=[0.0, 2.4, NAN]), "zh").zh
        == "1 个村出现新增债务(严禁新增):清源镇 乙村 2.40 万元"
    )


def test_the_platform_counts_villages_of_units_that_reported():
    assert clean_collect.platform_title(PLATFORM).zh == "三资平台:接入 17/18 村,按月公开财务 18/18 村"
    assert "预警 9 件,已处置 8 件;本年平台交易 3 宗,45.50 万元" in clean_collect.platform_words(PLATFORM).zh
    figure = clean_collect.platform(PLATFORM, "zh")
    assert [trace["x"] for trace in figure["data"][:3]] == [[18, None], [17, None], [18, None]]
    assert "未报" in figure["data"][-1]["text"][0], "hatched with its word"
    silent = PLATFORM.assign(reported=False)
    assert clean_collect.platform_title(silent).zh == "三资平台:尚无数据"


def test_a_number_missing_in_one_village_does_not_bend_the_flow(empty_store):
    full = {"contracts_checked": 40, "problem_contracts": 10, "contracts_rectified": 6, "contracts_online": 30}
    commit(
        empty_store, TOWN, Period(2022, 10), {"clean_collect": {VILLAGE: full, VILLAGE_2: {**full, "contracts_rectified": None}}}
    )
    found = empty_store.ask("clean_collect_by_village", units=[TOWN], period="2022-10", basis="approved")
    assert contracts.totals_of(found) == (dict(zip(contracts.CONTRACTS, (40.0, 10.0, 6.0, 30.0), strict=True)), 1)
