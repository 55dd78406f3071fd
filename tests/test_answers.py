"""Answers: what each may change, and which cannot be taken."""

from __future__ import annotations

import pytest

from tests.submissions import UNIT, VILLAGES, history, income, reading, submission, villages
from townboard import checks
from townboard.answers import Answer, AnswerError, parse
from townboard.answers.settling import settle
from townboard.answers.values import typed
from townboard.loading import catalogue
from townboard.submission import History

SHEET = "村集体经济"
PAST = history({("village_economy", VILLAGES[0], "operating_income"): [("2022-09", 18.2)]})


def asked(**changed):
    given = submission(reading("village_economy", villages(**changed)))
    return given, checks.check(given, catalogue(), PAST)


def test_accepting_the_suggestion_turns_the_month_into_the_cumulative():
    given, findings = asked(v0=income(2.1))
    settled = settle(given, findings, [Answer(SHEET, "C5", "decreased-cumulative", "accept")], catalogue())
    value = given.sheets[0].rows[0].values["operating_income"]
    assert (value.value, value.raw, value.steps) == (20.3, "2.1", ("answer:accept",)), "the typed text stays beside it"
    assert [(entry.finding.id, entry.value) for entry in settled] == [("decreased-cumulative", 20.3)]


def test_keeping_needs_a_reason_and_keeps_the_value():
    given, findings = asked(v0=income(17.0))
    with pytest.raises(AnswerError, match="reason"):
        settle(given, findings, [Answer(SHEET, "C5", "decreased-cumulative", "keep")], catalogue())
    settled = settle(given, findings, [Answer(SHEET, "C5", "decreased-cumulative", "keep", reason="冲销")], catalogue())
    assert given.sheets[0].rows[0].values["operating_income"].value == 17.0
    assert settled[0].reason == "冲销"


REFUSED = {
    "an error cannot be kept": (
        income(-3.0),
        Answer(SHEET, "C5", "negative-value", "keep", reason="是的"),
        "corrected, not kept",
    ),
    "nothing to accept": (income(None), Answer(SHEET, "C5", "missing-value", "replace", value="abc"), "does not fit"),
    "no suggestion": (income(15.0), Answer(SHEET, "C5", "decreased-cumulative", "accept"), "no suggestion"),
}


@pytest.mark.parametrize(("row", "answer", "message"), REFUSED.values(), ids=REFUSED)
def test_answers_that_cannot_be_taken(row, answer, message):
    given, findings = asked(v0=row)
    with pytest.raises(AnswerError, match=message):
        settle(given, findings, [answer], catalogue())


def test_replacing_a_wrong_value():
    given, findings = asked(v0=income(-3.0))
    settle(given, findings, [Answer(SHEET, "C5", "negative-value", "replace", value="19.25")], catalogue())
    assert given.sheets[0].rows[0].values["operating_income"].value == 19.25


def test_one_missing_row_is_answered_without_the_other():
    rows = villages()
    del rows[VILLAGES[1]], rows[VILLAGES[2]]
    given = submission(reading("village_economy", rows))
    findings = checks.check(given, catalogue(), History(UNIT, given.period))
    missing = [finding for finding in findings if finding.id == "missing-row"]
    assert len({finding.place.cell for finding in missing}) == 2, "each has a cell of its own to answer for"
    answer = Answer(SHEET, missing[1].place.cell, "missing-row", "keep", reason="账目未结")
    assert [entry.finding.place.org_unit for entry in settle(given, findings, [answer], catalogue())] == [VILLAGES[2]]


def test_an_answer_to_nothing_changes_nothing():
    given, findings = asked()
    assert settle(given, findings, [Answer(SHEET, "C5", "unit-slip", "accept")], catalogue()) == []


@pytest.mark.parametrize(
    "entries", [{"sheet": 1}, [1], [{"sheet": "a"}], [{"sheet": "a", "cell": "b", "finding": "c", "answer": "maybe"}]]
)
def test_answers_of_another_shape(entries):
    with pytest.raises(AnswerError):
        parse(entries)


@pytest.mark.parametrize(
    ("element", "given", "expected"),
    [
        ("operating_income", "12.5", 12.5),
        ("main_source", "资产出租", "资产出租"),
        ("operating_income", "", None),
        ("note", 5, "5"),
    ],
)
def test_values_take_the_elements_type(element, given, expected):
    assert typed(catalogue().data_set["village_economy"].by_code[element], given) == expected


@pytest.mark.parametrize(
    ("element", "given"), [("main_source", "养牛"), ("operating_income", True), ("operating_income", "十二")]
)
def test_values_that_do_not_fit(element, given):
    with pytest.raises(AnswerError, match="does not fit"):
        typed(catalogue().data_set["village_economy"].by_code[element], given)
