"""Slips against the past: what is caught and what is left alone on seeded clean reports, and the cases that a plain z-score misses."""

from __future__ import annotations

import pytest

from tests.bench_outliers import measure, questions
from tests.seeded import A, clean
from tests.submissions import OCTOBER, VILLAGES, history, income, reading, submission, villages
from townboard import checks
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.submission import History

V0 = VILLAGES[0]
JANUARY = Period(2023, 1)
LAST_YEAR = ("village_economy", V0, "last_year_total_income")


@pytest.fixture(scope="module")
def measured():
    """A hundred uploads of the county that tests run on; `make bench` measures another one."""
    return measure(A, [f"A{n}" for n in range(100)])[""]


def test_at_least_95_of_100_slips_are_caught(measured):
    assert measured.recall >= 0.95
    assert all(tally.recall >= 0.8 for tally in measured.slips.values() if tally.made >= 20), measured.slips


def test_at_most_5_false_alarms_in_100_clean_uploads(measured):
    assert measured.uploads == 100 and measured.per_100 <= 5, measured.false


def test_a_clean_report_is_the_same_every_time():
    first, again = clean(A, "one"), clean(A, "one")
    assert first.submission.values() == again.submission.values() and first.history == again.history
    assert first.submission.values() != clean(A, "another").submission.values()


def months(*values: float, year: int = 2022, first: int = 1) -> list[tuple[str, float]]:
    """Approved values of a run of months."""
    return [(f"{year}-{month:02d}", value) for month, value in enumerate(values, first)]


def asked(typed: float, *known: list[tuple[str, float]], period: Period = OCTOBER, element: str = "operating_income", **register):
    """(id, suggestion) of every question about the first village's value."""
    given = submission(reading("village_economy", villages(v0=income(**{{"operating_income": "operating", "subsidy_income": "subsidy",
                       "other_income": "other"}[element]: typed}))), period=period)  # fmt: skip
    past = history({("village_economy", V0, element): [entry for part in known for entry in part]} if known else {}, period=period,
                   register={LAST_YEAR: register["total"]} if "total" in register else {})  # fmt: skip
    return [(found.id, found.suggestion) for found in checks.check(given, catalogue(), past)
            if found.severity != "notes" and found.place.org_unit == V0 and found.place.element == element]  # fmt: skip


STEADY = months(2.0, 4.1, 6.0, 8.2, 10.1, 12.0, 14.2, 16.1, 18.0)
STEADY_2021 = months(1.9, 3.6, 5.5, 7.2, 9.1, 10.8, 12.6, 14.4, 16.3, 18.0, 19.8, 21.7, year=2021)
RENT_2021 = months(0.4, 0.8, 1.2, 1.6, 2.0, 2.4, 2.8, 3.2, 3.6, 18.1, 18.5, 18.9, year=2021)

CASES = {
    "the usual month": ((20.1, STEADY), []),
    "a zero too many": ((201.0, STEADY), [("unit-slip", 20.1)]),
    "two zeros too many": ((2010.0, STEADY), [("unit-slip", 20.1)]),
    "元 in a column of 万元": ((201000.0, STEADY), [("unit-slip", 20.1)]),
    "a constant series": ((80.0, months(8.0, 8.0, 8.0, 8.0, 8.0, 8.0)), [("unit-slip", 8.0)]),
    "two known months are enough": ((41.0, months(2.0, 4.0)), [("unit-slip", 4.1)]),
    "a small village": ((5.3, months(0.1, 0.2, 0.3, 0.4, 0.5)), [("unit-slip", 0.53)]),
    "a zero too few looks like a fall": ((2.01, STEADY), [("decreased-cumulative", 20.01)]),
    "nothing new this month, typed as one month's amount": ((0.0, STEADY), [("decreased-cumulative", 18.0)]),
    "digits changed over": ((81.0, STEADY), [("unusual-jump", None)]),
    "R05 against the usual month": ((26.0, STEADY), [("unusual-jump", None)]),
    "R05 with one month known": ((36.0, months(18.0, first=9)), [("unusual-jump", None)]),
    "one month known, and the pace of its year": ((26.0, months(18.0, first=9)), []),
    "one month known, and under 10 万元": ((13.5, months(4.5, first=9)), []),
    "a rent in its season": ((18.8, RENT_2021, months(0.5, 0.9, 1.4, 1.8, 2.3, 2.7, 3.2, 3.6, 4.1)), []),
    "the same rent in a village that has none": ((33.0, STEADY_2021, STEADY), [("unusual-jump", None)]),
    "a payment by quarter": ((24.0, months(0.0, 0.0, 8.0, 8.0, 8.0, 16.0, 16.0, 16.0, 16.0)), []),
    "a missing month is allowed for": ((18.3, months(2.0, 4.1, 6.0, 8.2, 10.1, 12.0, 14.2)), []),
}  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), CASES.values(), ids=CASES)
def test_one_village(given, expected):
    assert asked(*given) == expected


def test_the_first_month_is_seen_beside_last_year():
    def known(typed):
        return asked(typed, months(*(number for _, number in STEADY_2021), year=2022), period=JANUARY)

    assert known(2.1) == []
    assert known(21.0) == [("unit-slip", 2.1)]
    assert known(0.21) == [("unit-slip", 2.1)]
    assert known(23.7) == [("unusual-jump", 2.0)], "January goes on from December"
    assert asked(2.4, period=JANUARY, total=24.0) == []
    assert asked(24.0, period=JANUARY, total=24.0) == [("unit-slip", 2.4)], "last year's total alone is enough"


def test_little_in_january_is_odd_beside_an_even_year_only():
    even = months(*(1.2 * month for month in range(1, 13)), year=2022)
    after_a_rent = months(9.6, *(9.6 + 1.2 * month for month in range(1, 12)), year=2022)
    assert asked(0.12, even, period=JANUARY) == [("unit-slip", 1.2)]
    assert asked(0.9, after_a_rent, period=JANUARY) == [], "the rent comes a month later"
    assert asked(0.05, period=JANUARY, total=24.0) == [("unit-slip", 5.0)], "next to nothing beside the whole of last year"
    assert asked(6.0, period=OCTOBER, total=1.5) == [], "a small village that grew"


def test_a_village_of_which_nothing_is_known_is_seen_beside_its_neighbours():
    assert asked(22.0) == []
    assert asked(1900.0) == [("unit-slip", 19.0)]


def test_a_payday_of_the_whole_township_is_no_jump():
    rows = {code: income(20.0 + n + 7.0) for n, code in enumerate(VILLAGES)}
    known = {("village_economy", code, "operating_income"): months(*(month * (20.0 + n) / 9 for month in range(1, 10)))
             for n, code in enumerate(VILLAGES)}  # fmt: skip
    alone = {code: income(20.0 + n + (7.0 if n == 0 else 2.0)) for n, code in enumerate(VILLAGES)}

    def jumps(rows):
        return [f.place.org_unit for f in questions(submission(reading("village_economy", rows)), history(known))]

    assert jumps(rows) == []
    assert jumps(alone) == [V0]


COUNTS = {
    "a usual month": ("patrols", 430, months(40, 85, 128, 170, 214, 255, 300, 341, 388), []),
    "far from every other month": ("patrols", 690, months(40, 85, 128, 170, 214, 255, 300, 341, 388), ["unusual-jump"]),
    "a stock with a zero too many": ("staff_on_post", 90, months(9, 9, 9), ["unit-slip"]),
    "a stock with a zero too few": ("staff_on_post", 1, months(12, 12, 12), ["unit-slip"]),
    "a stock that moved": ("staff_on_post", 10, months(9, 9, 9), []),
}


@pytest.mark.parametrize(("element", "typed", "known", "expected"), COUNTS.values(), ids=COUNTS)
def test_counts_and_stocks(element, typed, known, expected):
    unit = "140121202"
    others = {"matters_exercised": 10, "staff_quota": 100}
    sheet = reading("law_enforcement", {unit: {**others, element: typed}})
    past = history({("law_enforcement", unit, element): known})
    found = [f for f in checks.check(submission(sheet), catalogue(), past) if f.severity == "asks" and f.place.element == element]
    assert [f.id for f in found] == expected
    assert all("本月新增" in f.message.zh for f in found if f.id == "unusual-jump")


LASTS = [12.0, 50.0, 20.0, 80.0, 15.0, 60.0, 30.0, 6.0, 44.0]


def shift_questions(typed: list[float], lasts: list[float] = LASTS) -> list[str]:
    """Rows at which a shift is asked about, with how it is said."""
    rows = {code: income(value) for code, value in zip(VILLAGES, typed, strict=True)}
    known = history({("village_economy", code, "operating_income"): [("2022-09", last)]
                     for code, last in zip(VILLAGES, lasts, strict=True)})  # fmt: skip
    found = checks.check(submission(reading("village_economy", rows)), catalogue(), known)
    return [f"{f.place.cell} {f.parts['how'].zh}" for f in found if f.id == "row-shift"]


def test_a_column_a_row_off():
    grown = [last * 1.1 for last in LASTS]
    assert shift_questions(grown) == []
    assert shift_questions(grown[1:] + grown[:1]) == ["C5 共 8 行连续错位"]
    assert shift_questions(grown[:3] + grown[-1:] + grown[3:-1]) == ["C9 共 5 行连续错位"]


def test_a_column_sorted_alone():
    grown = sorted(last * 1.1 for last in LASTS)
    assert [words.partition(" ")[2] for words in shift_questions(grown)] == ["整列按大小排列,与各村上期不对应"]
    assert shift_questions(grown, sorted(LASTS)) == [], "the register itself stands in order of size"


def test_a_neighbours_row_copied():
    grown = [last * 1.1 for last in LASTS]
    copied = [*grown[:4], grown[3], *grown[5:]]
    assert len(found := shift_questions(copied)) == 1 and found[0].startswith("C9 各项收入与")


def test_the_value_is_never_in_its_own_baseline():
    """A second version of the same month is compared with the months before, not with the first version of itself."""
    known = {("village_economy", V0, "operating_income"): [(Period.parse(month), value) for month, value in STEADY]}
    again = History("140121202", OCTOBER, series=known, current={("village_economy", V0, "operating_income"): 201.0})
    found = checks.check(submission(reading("village_economy", villages(v0=income(201.0)))), catalogue(), again)
    assert [f.id for f in found if f.place.org_unit == V0 and f.severity == "asks"] == ["unit-slip"]
