"""What is known of a unit before its workbook is checked, and where a stored value came from."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.stores import AT, OCTOBER, SEPTEMBER, STREET, TOWN, VILLAGE, VILLAGE_2, commit, economy, question, submission
from townboard.answers import Answered
from townboard.periods import Period
from townboard.store.registers import RegisterRow
from townboard.submission import NOT_APPLICABLE


def test_history_is_what_was_approved_before(filled):
    history = filled.history(TOWN, OCTOBER)
    village = filled.catalogue.children(TOWN, "village")[1].code
    assert history.series["village_economy", village, "operating_income"] == [(Period(2022, 8), 13.5), (SEPTEMBER, 14.5)]
    assert history.current["village_economy", village, "operating_income"] == 15.5
    assert history.current_version == 1
    assert sorted(history.seen.values()) == [Period(2022, 8), SEPTEMBER, OCTOBER]
    assert history.last(("village_economy", village, "expected_income")) is None
    assert filled.history(TOWN, OCTOBER) is history


def test_history_forgets_after_two_years(filled):
    village = filled.catalogue.children(TOWN, "village")[1].code
    later = filled.history(TOWN, Period(2024, 9))
    assert [month for month, _ in later.series["village_economy", village, "operating_income"]] == [SEPTEMBER, OCTOBER]


def test_history_counts_open_cases_and_catalogue_limits(store):
    cases = {"law_enforcement": {TOWN: {"cases_simple": 5, "cases_general": 4, "cases_closed": 6}}}
    commit(store, TOWN, Period(2021, 12), cases)
    store.register([RegisterRow("burden", "certificates_catalogue", "140121", 5)], actor="office", at=AT)
    history = store.history(TOWN, OCTOBER)
    assert history.cases_open == 3.0 and history.catalogue_limits == {"certificates_now": 5}


def test_history_does_not_see_other_units(filled):
    assert not filled.history(STREET, OCTOBER).series


def test_trace_walks_back_to_the_cell(store):
    found, data = submission(TOWN, OCTOBER, economy(26.0, 12.5))
    value = found.sheets[0].rows[1].values["operating_income"]
    value.written, value.steps = "１２．５万", ("full-width digits", "unit 万元")
    store.commit(found, (), actor="zhang", at=AT, original=data)
    store.transition(TOWN, OCTOBER, "approved", actor="li", at=datetime(2022, 11, 3, 9))
    traced = store.trace(TOWN, OCTOBER, "village_economy", "operating_income", VILLAGE_2)
    assert {key: traced[key] for key in ("value", "status", "raw", "sheet", "cell", "version", "normalised", "answers")} == {
        "value": 12.5, "status": "reported", "raw": "１２．５万", "sheet": "村集体经济", "cell": "C6", "version": 1,
        "normalised": ["full-width digits", "unit 万元"], "answers": [],
    }  # fmt: skip
    assert (traced["submitted_by"], traced["submitted_at"], traced["approved_by"]) == ("zhang", "2022-11-02T10:00:00Z", "li")
    assert traced["sha256"] == found.sha256


CONTRACT_KEYS = ["value", "status", "raw", "data_set", "element", "org_unit", "period", "version", "workbook", "sha256", "sheet", "cell",
                 "submitted_by", "submitted_at", "approved_by", "approved_at", "normalised", "answers"]  # fmt: skip


TRACES = [
    ("a unit form's cell", "law_enforcement", "staff_quota", "", 10, "reported"),
    ("a date", "law_enforcement", "team_established_on", "", "2022-04-01", "reported"),
    ("a community's cell", "community_coverage", "grids", "community", 6, "reported"),
    ("a free row", "problems_models", "title", f"{TOWN}#1", "抱团发展", "reported"),
]


@pytest.mark.parametrize(("name", "data_set", "element", "place", "value", "status"), TRACES, ids=[case[0] for case in TRACES])
def test_trace_of_every_sort_of_form(filled, name, data_set, element, place, value, status):
    org_unit = filled.catalogue.children(TOWN, "community")[0].code if place == "community" else place
    traced = filled.trace(TOWN, OCTOBER, data_set, element, org_unit)
    assert list(traced) == CONTRACT_KEYS
    assert (traced["value"], traced["status"]) == (value, status) and traced["cell"]


def test_trace_of_a_closed_village_goes_back_to_its_last_report(filled):
    closed = filled.rows("select org_unit from register_value where element = 'closed'")[0][0]
    traced = filled.trace(TOWN, OCTOBER, "clean_collect", "contracts_rectified", closed)
    assert traced["workbook"] == f"{TOWN}_2022-08.xlsx" and "2022-08" in traced["normalised"][-1]


def test_trace_of_a_sum_names_its_parts(filled):
    village = filled.catalogue.children(TOWN, "village")[1].code
    traced = filled.trace(TOWN, OCTOBER, "village_economy", "total_income", village)
    assert traced["value"] == 18.0 and traced["cell"] is None
    assert [part["element"] for part in traced["parts"]] == ["operating_income", "subsidy_income", "other_income"]


def test_trace_of_nothing_is_none_and_missing_keeps_its_status(store):
    assert store.trace(TOWN, OCTOBER, "village_economy", "operating_income", VILLAGE) is None
    found, data = submission(TOWN, OCTOBER, economy(None))
    value = found.sheets[0].rows[0].values["operating_income"]
    value.written, value.status = "不涉及", NOT_APPLICABLE
    store.commit(found, (), actor="zhang", at=AT, original=data)
    traced = store.trace(TOWN, OCTOBER, "village_economy", "operating_income", VILLAGE)
    assert (traced["value"], traced["status"], traced["raw"], traced["approved_by"]) == (None, "not_applicable", "不涉及", None)


def test_trace_names_the_answers(store):
    commit(store, TOWN, OCTOBER, economy(286.0), answers=(Answered(question(), "keep", None, "一次性收入"),))
    traced = store.trace(TOWN, OCTOBER, "village_economy", "operating_income", VILLAGE)
    assert [(answer["finding"], answer["answer"], answer["reason"]) for answer in traced["answers"]] == [
        ("unusual-jump", "keep", "一次性收入")
    ]
