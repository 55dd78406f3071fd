"""The clerk's desk without its furniture: screens, groups, answers, likely months."""

from __future__ import annotations

import json

import pytest

from tests.submissions import VILLAGES, history, income, reading, submission, villages
from townboard import checks, desk
from townboard.answers import ACCEPT, KEEP, REPLACE
from townboard.desk import grid
from townboard.findings import KINDS, Finding, Place
from townboard.loading import catalogue
from townboard.periods import Period, span

INCOME = {"data_set": "village_economy", "element": "operating_income"}


def found(id: str, cell: str = "C5", *, sheet: str = "村集体经济", suggestion=None, **place) -> Finding:
    """A finding of one kind, its words filled with dots."""
    parts = dict.fromkeys(("sentence", "left", "right", "why", "last", "less", "expected", "value", "name", "other", "what"), "…")
    at = Place(sheet, cell, 5, "大北村", **{"org_unit": "140121100202", **place})
    return Finding.at(id, at, raw="286000", suggestion=suggestion, **parts)


OPTIONS = [
    ("a slip with a suggestion", found("unit-slip", suggestion=28.6, **INCOME), [ACCEPT, KEEP, REPLACE]),
    ("a fall without one", found("decreased-cumulative", **INCOME), [KEEP, REPLACE]),
    ("an error in a cell", found("not-a-number", **INCOME), [REPLACE]),
    ("a missing column", found("missing-column", "A3", **INCOME), [REPLACE, KEEP]),
    ("no column of names", found("missing-column", "A3", data_set="village_economy"), []),
    ("a name that is unknown", found("unknown-org-unit", "B5", data_set="village_economy"), [REPLACE, KEEP]),
    ("a row of another unit", found("extra-row", "B5", data_set="village_economy"), [KEEP]),
    ("a missing row", found("missing-row", "", data_set="village_economy"), [REPLACE, KEEP]),
    ("a row that stands twice", found("duplicate-row", "B5", data_set="village_economy"), [REPLACE]),
    ("a note", found("subsidy-only", **INCOME), []),
]


@pytest.mark.parametrize(("finding", "answers"), [case[1:] for case in OPTIONS], ids=[case[0] for case in OPTIONS])
def test_a_question_takes_these_answers(finding, answers):
    assert list(desk.options(finding, catalogue())) == answers


ANSWERS = [
    ("accept", ACCEPT, {}, True),
    ("keep without a reason", KEEP, {}, False),
    ("keep with a reason", KEEP, {"reason": "情况属实"}, True),
    ("keep with own words", KEEP, {"words": "  已核对 "}, True),
    ("keep with blank words", KEEP, {"words": "   "}, False),
    ("replace by nothing", REPLACE, {}, False),
    ("replace by zero", REPLACE, {"value": 0}, True),
    ("replace by empty text", REPLACE, {"value": ""}, False),
    ("an unknown answer", "shrug", {}, False),
]


@pytest.mark.parametrize(("chosen", "given", "complete"), [case[1:] for case in ANSWERS], ids=[case[0] for case in ANSWERS])
def test_an_answer_is_complete_or_not_there(chosen, given, complete):
    assert (desk.answer(found("unit-slip", suggestion=28.6, **INCOME), chosen, **given) is not None) == complete


def test_reason_and_words_stand_together():
    answer = desk.answer(found("unit-slip", **INCOME), KEEP, reason="退还", words="押金")
    assert answer.reason == "退还:押金"
    assert (answer.sheet, answer.cell, answer.org_unit) == ("村集体经济", "C5", "140121100202")


def test_groups_stand_by_sheet_then_severity_then_kind():
    findings = [
        found("subsidy-only"),
        found("unit-slip"),
        found("not-a-number", sheet="清化收"),
        found("not-a-number"),
        found("unit-slip", "C6"),
    ]
    groups = [(group.severity, group.sheet, len(group.findings)) for group in desk.grouped(findings)]
    assert groups == [("blocks", "村集体经济", 1), ("asks", "村集体经济", 2), ("notes", "村集体经济", 1), ("blocks", "清化收", 1)]


def test_nothing_is_left_out_of_the_groups():
    findings = [found(id, f"C{n}") for n, id in enumerate(KINDS) if "{" not in KINDS[id].sentence.zh]
    assert sum(len(group.findings) for group in desk.grouped(findings)) == len(findings)


def test_questions_of_one_cell_are_told_apart():
    keys = {desk.key(finding) for finding in (
        found("unit-slip"), found("decreased-cumulative"), found("missing-row", ""), found("missing-row", "", org_unit="140121100203"))}  # fmt: skip
    assert len(keys) == 4


def test_every_outcome_has_one_screen_with_a_next_step():
    assert set(desk.SCREENS) == {"ready", "needs_answers", "needs_fixes", "refused"}
    for screen in desk.SCREENS.values():
        assert screen.next_step.zh.startswith("下一步") and screen.next_step.en.startswith("Next:")


NOW = Period(2022, 11)
EVERY = list(span(Period(2022, 1), NOW))
QUARTERS = [period for period in EVERY if period.closes_quarter]
LIKELY = [
    ("nothing sent yet", {}, EVERY, NOW),
    ("the month after the last", {"2022-09": "approved", "2022-10": "approved"}, EVERY, NOW),
    ("everything sent", {str(period): "submitted" for period in EVERY}, EVERY, NOW),
    ("a month was left out", {"2022-08": "approved", "2022-10": "approved"}, EVERY, Period(2022, 9)),
    ("one was returned", {"2022-09": "returned", "2022-10": "approved"}, EVERY, Period(2022, 9)),
    ("a quarterly unit", {"2022-06": "approved"}, QUARTERS, Period(2022, 9)),
    ("a quarterly unit that is done", {"2022-09": "approved"}, QUARTERS, Period(2022, 9)),
    ("nothing is ever due", {}, [], None),
]


@pytest.mark.parametrize(("sent", "due", "expected"), [case[1:] for case in LIKELY], ids=[case[0] for case in LIKELY])
def test_the_month_a_clerk_comes_for(sent, due, expected):
    assert desk.next_month(sent, due) == expected


TURNS = [
    ("nobody has sent", {}, "a"),
    ("one is returned", {"a": {"2022-10": "approved"}, "b": {"2022-10": "submitted"}, "c": {"2022-10": "returned"}}, "c"),
    ("one has not sent", {"a": {"2022-10": "approved"}, "b": {"2022-09": "approved"}, "c": {"2022-10": "approved"}}, "b"),
    ("all have sent", {unit: {"2022-10": "approved"} for unit in "abc"}, "a"),
]


@pytest.mark.parametrize(("states", "expected"), [case[1:] for case in TURNS], ids=[case[0] for case in TURNS])
def test_the_unit_whose_turn_it_is(states, expected):
    assert desk.likely_unit("abc", states) == expected


def test_the_candidates_stand_first_and_every_place_is_offered():
    near, others = desk.places(Finding("unknown-org-unit", Place("s", "B5", data_set="village_economy"), candidates=("小北村",)),
                               catalogue(), "140121100")  # fmt: skip
    assert [place.label.zh for place in near] == ["小北村"]
    assert len(near) + len(others) == len(catalogue().children("140121100", "village"))


def test_only_the_newest_files_are_kept():
    table = desk.Desk()
    for n in range(6):
        table.put("140121100", "2022-10", f"sha{n}", f"{n}.xlsx", b"x")
    assert list(table.files) == ["sha3", "sha4", "sha5"]
    assert table.open["140121100", "2022-10"] == "sha5"
    table.take_off(("140121100", "2022-10", "sha5"))
    assert not table.open


def test_a_second_answer_takes_the_place_of_the_first():
    table, month = desk.Desk(), ("140121100", "2022-10")
    question = found("unit-slip", suggestion=28.6, **INCOME)
    table.answer(month, desk.answer(question, ACCEPT), desk.answer(found("missing-row", ""), KEEP, reason="x"))
    table.answer(month, desk.answer(question, KEEP, reason="情况属实"))
    assert [(one.finding, one.answer) for one in table.answers[month]] == [("missing-row", KEEP), ("unit-slip", KEEP)]


PAST = history({("village_economy", VILLAGES[0], "operating_income"): [("2022-09", 18.2)]})


def checked(**changed):
    given = submission(reading("village_economy", villages(**changed)))
    given.findings = checks.check(given, catalogue(), PAST)
    return given


def test_the_grid_holds_the_failing_rows_and_elements_only():
    [found] = grid.grids(checked(v0=income(2.0), v3=income(14.0, -1.0)), catalogue(), PAST)
    assert [row.key for row in found.rows] == [VILLAGES[0], VILLAGES[3]]
    assert [element.code for element in found.elements] == ["operating_income", "subsidy_income"]
    assert found.rows[0].last == {"operating_income": 18.2} and found.rows[0].values["operating_income"] == 2.0
    assert list(found.rows[1].asked) == ["subsidy_income"]


def test_nothing_wrong_needs_no_grid():
    assert grid.grids(checked(v0=income(19.0)), catalogue(), PAST) == []


def test_what_is_typed_answers_its_question_or_corrects_unasked():
    given = checked(v0=income(2.0), v3=income(14.0, -1.0))
    found = grid.grids(given, catalogue(), PAST)
    edits = {("village_economy", VILLAGES[0], "operating_income"): 18.9, ("village_economy", VILLAGES[3], "operating_income"): 14.5,
             ("village_economy", VILLAGES[3], "subsidy_income"): -1.0}  # fmt: skip
    answers = grid.answers(given, found, edits)
    assert [(one.finding, one.org_unit, one.value) for one in answers] == [
        ("decreased-cumulative", VILLAGES[0], 18.9), ("corrected-online", VILLAGES[3], 14.5)]  # fmt: skip


def test_a_row_that_the_sheet_lacks_is_typed_in_as_one_answer():
    rows = villages()
    del rows[VILLAGES[0]]
    given = submission(reading("village_economy", rows))
    given.findings = checks.check(given, catalogue(), PAST)
    [found] = grid.lacking(given, PAST)
    assert found.is_missing and [row.key for row in found.rows] == [VILLAGES[0]] and grid.grids(given, catalogue(), PAST) == []
    assert [element.code for element in found.elements] == ["operating_income", "subsidy_income", "other_income"]
    assert found.rows[0].last == {"operating_income": 18.2}
    assert grid.answers(given, [found], {}) == []
    [answer] = grid.answers(given, [found], {("village_economy", VILLAGES[0], "operating_income"): 19.5})
    assert (answer.finding, answer.org_unit, json.loads(answer.value)) == ("missing-row", VILLAGES[0], {"operating_income": 19.5})


def test_the_grid_offers_both_sides_of_a_broken_relation():
    given = submission(
        reading("clean_collect", {VILLAGES[0]: {"problem_contracts": 5, "contracts_rectified": 9, "contracts_checked": 9}})
    )
    given.findings = checks.check(given, catalogue(), PAST)
    [found] = grid.grids(given, catalogue(), PAST)
    assert {"problem_contracts", "contracts_rectified"} <= {element.code for element in found.elements}


def test_a_receipt_makes_room_for_the_next_file_of_the_month():
    table = desk.Desk()
    for sha256 in ("one", "two"):
        table.put("140121100", "2022-11", sha256, "x.xlsx", b"")
        table.sent["140121100", "2022-11", sha256] = table.receipts["140121100", "2022-11", sha256] = object()
    table.put("140121101", "2022-11", "three", "x.xlsx", b"")
    assert set(table.sent) == set(table.receipts) == {("140121100", "2022-11", "two")}
