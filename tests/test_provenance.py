"""What stands behind a number: the places and cells of an indicator, its goal, and the steps and answers of a value in words."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from tests.stores import OCTOBER, TOWN, VILLAGE, VILLAGE_2, commit, income, small_store
from tests.test_journey import UNIT, VILLAGES, workbook
from townboard import indicators, journey, provenance
from townboard.access import Actor
from townboard.answers import Answer
from townboard.catalogue import Target
from townboard.formulas import behind as formula
from townboard.loading import catalogue
from townboard.recognise import predecessors
from townboard.store import Store
from townboard.text import Text

CATALOGUE = catalogue()
COUNTY, OTHER = "140121", "140121102"
UNITS = [unit.code for unit in CATALOGUE.units(COUNTY)]
IDS = [indicator.id for indicator in CATALOGUE.indicators]


def behind(store, id, place=COUNTY, basis="preliminary", period=OCTOBER):
    return provenance.behind(store, CATALOGUE, id, place, period, county=COUNTY, units=UNITS, basis=basis)


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize(("level", "basis"), [("county", "preliminary"), ("county", "approved"), ("township", "preliminary")])
def test_the_parts_add_up_to_the_indicator(filled, id, level, basis):
    for reading in indicators.readings(
        filled, CATALOGUE, OCTOBER, level=level, county=COUNTY, units=UNITS, basis=basis, only=[id]
    ):
        if reading.org_unit not in (COUNTY, TOWN, OTHER) or reading.status == "not_applicable":
            continue
        found = behind(filled, id, reading.org_unit, basis)
        kind = CATALOGUE.indicator[id].kind
        if kind == "median":
            values = sorted(one.value for one in found.contributions if one.above is not None)
            middle = len(values) // 2
            expected = (values[middle] + values[~middle]) / 2 if values else None
            assert reading.value == (pytest.approx(expected) if values else None)
        elif kind != "gap":
            assert found.numerator == (None if reading.numerator is None else pytest.approx(reading.numerator))
        if CATALOGUE.indicator[id].is_ratio and reading.denominator is not None:
            assert found.denominator == pytest.approx(reading.denominator)
        assert str(found.data_period) == reading.data_period


@pytest.mark.parametrize("id", [one.id for one in CATALOGUE.indicators if one.source in CATALOGUE.data_set])
def test_every_element_that_a_formula_names_is_used(id):
    """Every word of a formula is an element, something made of elements, or a setting that has no cell."""
    indicator = formula.counted(CATALOGUE, CATALOGUE.indicator[id])
    without_cells = {"in_goal_denominator", "in_clean_collect", "goal_threshold", "villages", "certificates_catalogue", "true"}
    grammar = {"case", "when", "is", "not", "null", "then", "else", "end", "and", "or", "in", "coalesce"}
    for part in ("numerator", "denominator"):
        words = set(re.findall(r"[a-z]\w*", re.sub(r"'[^']*'", "", getattr(indicator, part)))) - without_cells - grammar
        used = formula.used(CATALOGUE, indicator, part)
        assert bool(words) == bool(used), (id, part, words)
        form = CATALOGUE.data_set[indicator.source]
        assert all(element in form.by_code for element, _ in used)


def test_each_place_names_the_cells_behind_it(filled):
    found = behind(filled, "CE01", TOWN)
    assert len(found.contributions) == len(CATALOGUE.children(TOWN, "village"))
    one = next(one for one in found.contributions if one.org_unit == VILLAGE)
    assert [used.element for used in one.used_above] == ["operating_income", "subsidy_income", "other_income"]
    for used in one.used_above:
        traced = filled.trace(TOWN, used.period, used.data_set, used.element, VILLAGE)
        assert (used.source.value, used.source.cell, used.source.workbook, used.source.version, used.source.sheet) == (
            traced["value"], traced["cell"], traced["workbook"], traced["version"], traced["sheet"])  # fmt: skip
    absent = next(one for one in behind(filled, "CE01").contributions if one.unit not in (TOWN, OTHER))
    assert (absent.reported, absent.above, absent.below) == (False, None, 1.0), "who has not reported stays in the denominator"
    assert all(used.source is None for used in absent.used_above)
    assert provenance.role(absent, found.indicator) == Text("未报,没有数", "not reported: no figure")
    assert {provenance.role(one, found.indicator).zh for one in found.contributions} <= {"达到", "未达到"}


def test_earlier_months_and_closed_villages_lead_to_their_own_workbooks(filled):
    months = {(used.element, str(used.period)) for used in behind(filled, "CE13", TOWN).contributions[0].used_above}
    assert months == {("operating_income", month) for month in ("2022-10", "2022-09", "2022-08", "2022-07")}
    closed = CATALOGUE.children(TOWN, "village")[0].code
    [one] = [one for one in behind(filled, "QH02", TOWN).contributions if one.org_unit == closed]
    assert one.used_above[0].source.carried and one.used_above[0].source.workbook == f"{TOWN}_2022-08.xlsx"
    quarterly = behind(filled, "PE01", TOWN)
    assert str(quarterly.data_period) == "2022-09" and quarterly.contributions[0].used_above[0].source.cell


def test_scope_holds(filled):
    found = provenance.behind(filled, CATALOGUE, "CE01", COUNTY, OCTOBER, county=COUNTY, units=[OTHER], basis="preliminary")
    assert {one.unit for one in found.contributions} == {OTHER}
    assert (
        provenance.behind(
            filled, CATALOGUE, "CE01", TOWN, OCTOBER, county=COUNTY, units=[OTHER], basis="preliminary"
        ).contributions
        == ()
    )


def test_as_of_an_earlier_moment(filled):
    early = provenance.behind(filled, CATALOGUE, "CE01", OTHER, OCTOBER, county=COUNTY, units=UNITS, basis="preliminary",
                              as_of=datetime(2022, 11, 5))  # fmt: skip
    assert not any(one.reported for one in early.contributions)
    assert all(used.source is None for one in early.contributions for used in one.used_above)


def test_a_goal_says_who_set_it(tmp_path):
    with small_store(tmp_path / "store") as store:
        county = provenance.goal(store, CATALOGUE, "CE01", TOWN, 2022)
        assert (county.basic, county.org_unit) == (60, COUNTY)
        deadline = county.deadline
        at = datetime(2022, 10, 1, 8)
        store.targets([Target("CE01", TOWN, 2022, 70.0, 90.0, deadline)], actor="王", at=at)
        own = provenance.goal(store, CATALOGUE, "CE01", TOWN, 2022)
        assert own == provenance.Goal(70.0, 90.0, deadline, TOWN, "王", at)
        assert provenance.goal(store, CATALOGUE, "CE01", OTHER, 2022).org_unit == COUNTY
        assert provenance.goal(store, CATALOGUE, "LE07", TOWN, 2022) is None


def test_a_corrected_value_tells_what_stood_there_and_who_said_what(empty_store):
    answers = [Answer(finding.place.sheet, finding.place.cell, finding.id, "replace", 31.5, "电话核实", finding.place.org_unit)
               for finding in journey.examine(workbook(C4="约30"), "a.xlsx", UNIT, OCTOBER, empty_store).findings
               if finding.id == "ambiguous-number"]  # fmt: skip
    examined = journey.examine(workbook(C4="约30"), "a.xlsx", UNIT, OCTOBER, empty_store, answers)
    journey.submit(empty_store, examined, Actor("张三", "clerk", (UNIT,)))
    traced = empty_store.trace(UNIT, OCTOBER, "village_economy", "operating_income", VILLAGES[0].code)
    assert (traced["value"], traced["raw"], traced["cell"]) == (31.5, "约30", "C4")
    [answer] = traced["answers"]
    kept = empty_store.rows("select message_zh, message_en from finding where answer is not null")[0]
    assert answer["message"] == Text(*kept).to_json(), "said with the same signs as in check and submit"
    said = provenance.answer_text(answer)
    assert "改为:31.5:电话核实(张三)" in said.zh and "corrected to: 31.5: 电话核实 (张三)" in said.en


def test_money_typed_in_yuan_says_that_it_was_converted(empty_store):
    data = workbook([125000.0 + 31000 * n for n in range(len(VILLAGES))], C3="经营性收入(元)")
    examined = journey.examine(data, "a.xlsx", UNIT, OCTOBER, empty_store)
    assert examined.outcome == "ready", [finding.message.zh for finding in examined.findings]
    journey.submit(empty_store, examined, Actor("张三", "clerk", (UNIT,)))
    traced = empty_store.trace(UNIT, OCTOBER, "village_economy", "operating_income", VILLAGES[0].code)
    form = CATALOGUE.data_set["village_economy"]
    assert (traced["value"], traced["raw"]) == (12.5, "125000")
    assert [provenance.step_text(step, form).zh for step in traced["normalised"]] == ["单位“元”已换算"]


@pytest.mark.parametrize(
    ("step", "zh"),
    [
        ("taken from the register: the workbook has no column for it", "取自专办名录(工作簿中没有这一列)"),
        ("closed village: carried from the report of 2022-08", "已销号的村,沿用2022年8月的数"),
        (
            "total_income = operating_income + subsidy_income + other_income",
            "本年累计经营性收入 + 本年累计补助收入 + 本年累计其他收入",
        ),
        ("thousands", "千分位逗号"),
        ("unit 万", "单位“万”已换算"),
        ("answer:accept", "按答复处理(采纳建议)"),
        (predecessors.ADDED, "加上了并入的原村的数"),
    ],
)
def test_steps_in_words(step, zh):
    assert provenance.step_text(step, CATALOGUE.data_set["village_economy"]).zh == zh


def test_what_no_cell_and_no_register_gave_says_where_it_is_from(empty_store):
    commit(empty_store, TOWN, OCTOBER, {"village_economy": {VILLAGE: income(10.0), VILLAGE_2: income(20.0)}})
    form = CATALOGUE.data_set["village_economy"]
    for element, zh in (("annual_target", "取自全县统一设定的达标线"), ("village_code", "取自单位名录")):
        traced = empty_store.trace(TOWN, OCTOBER, "village_economy", element, VILLAGE)
        assert (traced["cell"], traced["sheet"], traced["sha256"], traced["workbook"]) == (None, None, None, None)
        assert [provenance.step_text(step, form).zh for step in traced["normalised"]] == [zh]


def test_a_damaged_original_hides_the_raw_text_and_nothing_else(empty_store):
    journey.submit(
        empty_store, journey.examine(workbook(), "a.xlsx", UNIT, OCTOBER, empty_store), Actor("张三", "clerk", (UNIT,))
    )
    whole = empty_store.trace(UNIT, OCTOBER, "village_economy", "operating_income", VILLAGES[0].code)
    assert whole["raw"] == "12.5"
    path = empty_store.folder / "originals" / whole["sha256"]
    path.write_bytes(path.read_bytes()[:-1])
    assert empty_store.trace(UNIT, OCTOBER, "village_economy", "operating_income", VILLAGES[0].code) == {**whole, "raw": None}


def test_a_history_is_of_one_moment(tmp_path, monkeypatch):
    """Somebody commits between two of the history's questions: none of its answers may know of it."""
    from townboard.store import history

    with Store.create(tmp_path / "store") as store:
        commit(store, TOWN, OCTOBER, {"village_economy": {VILLAGE: income(10.0)}}, approve=False)
        asked = history.registers

        def meanwhile(*given):
            monkeypatch.setattr(history, "registers", asked)
            commit(store, TOWN, OCTOBER, {"village_economy": {VILLAGE: income(11.0)}}, approve=False, at=datetime(2022, 11, 3, 8))
            return asked(*given)

        monkeypatch.setattr(history, "registers", meanwhile)
        before = store.history(TOWN, OCTOBER)
        assert (before.current_version, before.current["village_economy", VILLAGE, "operating_income"]) == (1, 10.0)
        after = store.history(TOWN, OCTOBER)
        assert (after.current_version, after.current["village_economy", VILLAGE, "operating_income"]) == (2, 11.0)


@pytest.mark.parametrize(("id", "anew"), [("CE01", True), ("CE03", True), ("CE02", True), ("LE05", True), ("LE01", False), ("QH02", False),
                                          ("PE01", False), ("CM06", False), ("RP01", False)])  # fmt: skip
def test_what_is_counted_from_january_on(id, anew):
    assert formula.starts_anew(CATALOGUE, CATALOGUE.indicator[id]) is anew
