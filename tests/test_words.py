"""Periods, two languages, deadlines, findings' words, access: the small things everything else stands on."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from townboard.access import READ, REVIEW, UPLOAD, Actor, may, scope
from townboard.deadlines import due_at, is_known, local_date
from townboard.findings import KINDS, REFUSALS, Finding, Place, Refusal
from townboard.loading import catalogue
from townboard.periods import Period, span
from townboard.text import Text


@pytest.mark.parametrize("written", ["2022-1", "2022-13", "2022-00", "22-10", "2022-10-01", "october", ""])
def test_what_is_no_period(written):
    with pytest.raises(ValueError, match="YYYY-MM"):
        Period.parse(written)


def test_periods_step_and_say():
    october = Period.parse("2022-10")
    assert (str(october), october.start, october.end) == ("2022-10", date(2022, 10, 1), date(2022, 10, 31))
    assert (october.previous, Period(2022, 1).previous, october.year_ago) == (Period(2022, 9), Period(2021, 12), Period(2021, 10))
    assert october.last_quarter_month == Period(2022, 9)
    assert Period(2022, 1).last_quarter_month == Period(2021, 12)
    assert [str(p) for p in span(Period(2021, 12), Period(2022, 2))] == ["2021-12", "2022-01", "2022-02"]
    assert span(october, october.previous) == ()
    assert october.label == Text("2022年10月", "October 2022")


def test_due_on_the_third_working_day():
    settings = catalogue().settings
    moment = due_at(Period(2022, 10), settings)  # 1, 2, 3 November 2022 are Tuesday to Thursday
    assert local_date(moment, settings) == date(2022, 11, 3)
    assert moment == datetime(2022, 11, 3, 15, 59, 59), "stored in UTC"


DUE = [
    ("National Day, make-up days on the weekend", Period(2022, 9), date(2022, 10, 10)),
    ("Labour Day", Period(2022, 4), date(2022, 5, 7)),
    ("Spring Festival", Period(2022, 1), date(2022, 2, 9)),
    ("New Year over the year's end", Period(2022, 12), date(2023, 1, 5)),
    ("National Day and Mid-Autumn", Period(2023, 9), date(2023, 10, 9)),
    ("an ordinary month", Period(2023, 2), date(2023, 3, 3)),
    ("a year without a calendar: weekends only", Period(2029, 9), date(2029, 10, 3)),
]


@pytest.mark.parametrize(("name", "period", "day"), DUE, ids=[case[0] for case in DUE])
def test_working_days_follow_the_calendar(name, period, day):
    settings = catalogue().settings
    assert local_date(due_at(period, settings), settings) == day


def test_the_calendar_says_which_years_it_knows():
    settings = catalogue().settings
    assert [is_known(year, settings) for year in (2021, 2022, 2023, 2024, 2029)] == [False, True, True, True, False]
    off = [day for day, works in settings.calendar.items() if day.year == 2022 and not works]
    on = [day for day, works in settings.calendar.items() if day.year == 2022 and works]
    assert (len(off), len(on)) == (32, 7) and all(day.weekday() >= 5 for day in on)


def test_a_finding_says_where_in_words():
    element = catalogue().data_set["village_economy"].by_code["operating_income"]
    place = Place("村集体经济", "F9", 9, "大北村", "village_economy", "140121100201", "operating_income", element.label)
    finding = Finding.at(
        "unit-slip", place, raw="286000", suggestion=28.6, why=Text("约为上期 27.9 的 10000 倍", "about 10000 times 27.9")
    )
    assert finding.message.zh == "《村集体经济》第9行 大北村 本年累计经营性收入:填的是 286000,约为上期 27.9 的 10000 倍"
    assert finding.remedy.en == "Should it be 28.6?"
    assert finding.to_json()["severity"] == "asks"


CONTRACT = {
    "blocks": "not-a-number negative-value part-exceeds-whole error-cell formula-without-value missing-column duplicate-row bad-date same-person",
    "asks": "missing-value unit-slip decreased-cumulative unusual-jump unknown-org-unit missing-row extra-row ambiguous-number ambiguous-date "
    "write-off-as-income new-debt over-catalogue wrong-period row-shift unchanged-workbook baseline-differs",
    "notes": "subsidy-only total-mismatch percent-mismatch normalised unknown-column hidden-row example-row old-template renamed-sheet "
    "reads-float-month heaping end-loading stale-value baseline-recorded macros-ignored",
}


@pytest.mark.parametrize(("severity", "ids"), CONTRACT.items())
def test_finding_ids_of_the_contract(severity, ids):
    assert {id: KINDS[id].severity for id in ids.split()} == dict.fromkeys(ids.split(), severity)


def test_refusals_of_the_contract():
    ids = """not-a-workbook legacy-or-other-format encrypted damaged too-large inflates-too-much too-many-cells no-known-sheet wrong-unit
    wrong-data-for-period period-not-open month-closed not-permitted"""
    assert set(REFUSALS) == set(ids.split())
    refusal = Refusal("wrong-unit", found="徐沟镇", expected="清源镇")
    assert refusal.to_json()["message"]["zh"] == "这是徐沟镇的表，现在报送的是清源镇"


OFFICE, CLERK, NOBODY = Actor("w", "special_office"), Actor("z", "clerk", ("140121100",)), Actor("x", "")


@pytest.mark.parametrize(
    ("actor", "action", "unit", "allowed"),
    [
        (OFFICE, REVIEW, "140121100", True),
        (CLERK, UPLOAD, "140121100", True),
        (CLERK, UPLOAD, "140121101", False),
        (CLERK, REVIEW, "140121100", False),
        (NOBODY, READ, "", False),
        (Actor("l", "leader"), READ, "140121100", True),
        (Actor("l", "leader"), UPLOAD, "140121100", False),
    ],
)
def test_who_may_what(actor, action, unit, allowed):
    decision = may(actor, action, unit)
    assert decision.allowed is allowed
    assert decision.reason.zh and decision.reason.en


def test_scope_is_never_everything_by_default():
    assert scope(NOBODY, catalogue(), "140121") == ()
    assert scope(CLERK, catalogue(), "140121") == ("140121100",)
    assert scope(CLERK, catalogue(), "140106") == ()
    assert len(scope(OFFICE, catalogue(), "140121")) == 11


@pytest.mark.parametrize(
    ("n", "en"), [(0, "0 errors"), (1, "1 error"), ("1", "1 error"), (12, "12 errors"), ("1,021", "1,021 errors")]
)
def test_english_knows_one_from_many(n, en):
    assert Text("{n} 处错误", "{n:error|errors}").fill(n=n) == Text(f"{n} 处错误", en)
