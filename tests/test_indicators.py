"""Readings: Σ/Σ at the level shown, all villages in the denominator, exact fractions for the status, missing never zero (domain App. B)."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from fractions import Fraction

import pytest

from tests.stores import OCTOBER, STREET, TOWN, VILLAGE, VILLAGE_2, VILLAGE_3, ZONE, commit, income
from townboard import indicators
from townboard.answers import Answered
from townboard.findings import Finding, Place
from townboard.indicators import Goal, exact, status
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.store import Store
from townboard.store.registers import RegisterRow

COUNTY, MAYU = "140121", "140121200"
UNITS = [unit.code for unit in catalogue().units(COUNTY)]
CONTRACT = ["indicator", "id", "org_unit", "period", "value", "numerator", "denominator", "unit", "status", "basic", "highest",
            "reported_units", "expected_units", "as_of"]  # fmt: skip


def read(store: Store, level: str = "county", period: Period = OCTOBER, **more):
    """(id, org unit) → reading."""
    more.setdefault("basis", "preliminary")
    found = indicators.readings(store, store.catalogue, period, level=level, county=COUNTY, units=UNITS, **more)
    return {(reading.id, reading.org_unit): reading for reading in found}


def county(store: Store, id: str, **more):
    return read(store, only=(id,), **more)[id, COUNTY]


def township(store: Store, id: str, unit: str, **more):
    return read(store, "township", only=(id,), **more)[id, unit]


def villages(unit: str) -> list[str]:
    return [place.code for place in catalogue().children(unit, "village")]


def with_at_goal(store: Store, count: int, silent: str = "") -> None:
    """Every unit reports, `count` villages of the county at the goal; `silent` has not reported."""
    left = count
    for unit in UNITS:
        own = villages(unit)
        if own and unit != silent:
            rows = {code: income(31.0 if number < left else 12.0) for number, code in enumerate(own)}
            left -= min(left, len(own))
            commit(store, unit, OCTOBER, {"village_economy": rows})


# ---- worked examples


AT_GOAL = [
    ("76 of 128: one short", 76, 59.375, 1, "on_track"),
    ("77 of 128: reached", 77, 60.15625, 0, "basic_reached"),
]


@pytest.mark.parametrize(("name", "count", "value", "gap", "said"), AT_GOAL, ids=[case[0] for case in AT_GOAL])
def test_the_goal_of_the_county(store, name, count, value, gap, said):
    with_at_goal(store, count)
    share = county(store, "CE01")
    assert (share.value, share.numerator, share.denominator, share.status) == (value, count, 128, said)
    needed = county(store, "CE02")
    assert (needed.value, needed.denominator) == (gap, None)
    assert needed.status == ("basic_reached" if gap == 0 else "behind")


GAPS = [(144, 86, 1), (144, 87, 0), (128, 76, 1), (128, 77, 0), (5, 3, 0), (10, 5, 1), (7, 0, 5)]


@pytest.mark.parametrize(("all_villages", "reached", "gap"), GAPS)
def test_villages_still_needed_are_counted_in_whole_numbers(all_villages, reached, gap):
    goal = Goal(Fraction(60), Fraction(80), date(2022, 12, 31))
    of = catalogue().indicator["CE01"]
    assert indicators._needed({"ce01_n": reached, "ce01_d": all_villages}, of, goal) == gap


def test_a_village_that_reaches_the_goal_with_subsidies_alone(store):
    commit(store, TOWN, OCTOBER, {"village_economy": {VILLAGE: income(24.0, 6.0, 0.0)}})
    assert county(store, "CE01").numerator == 1 and county(store, "CE05").numerator == 0
    operating = dataclasses.replace(
        catalogue(), settings=dataclasses.replace(catalogue().settings, goal_income_basis="operating")
    )
    found = indicators.readings(store, operating, OCTOBER, level="county", county=COUNTY, units=UNITS, only=("CE01",))
    assert found[0].numerator == 0


def test_a_unit_that_has_not_reported_stays_in_the_denominator(store):
    with_at_goal(store, 60, silent=MAYU)
    share = county(store, "CE01")
    assert (share.numerator, share.denominator) == (60, 128)
    assert (share.reported_units, share.expected_units) == (8, 9)
    assert share.extras["places_reported"] == 128 - len(villages(MAYU))
    silent = township(store, "CE01", MAYU)
    assert (silent.value, silent.numerator, silent.denominator, silent.status) == (None, None, len(villages(MAYU)), "no_data")
    assert township(store, "CE02", MAYU).value is None


def test_binary_dust_does_not_decide(store):
    commit(store, TOWN, OCTOBER, {"village_economy": {VILLAGE: income(0.1, 0.2, 29.7), VILLAGE_2: income(29.9999, 0.0, 0.0)}})
    assert county(store, "CE01").numerator == 1


# ---- missing is never zero


def test_an_empty_store_has_no_values_and_no_zeros(store):
    for level in ("county", "township", "village", "community"):
        for reading in read(store, level).values():
            assert reading.value is None and reading.numerator is None, reading.id
            assert reading.status in ("no_data", "not_applicable"), reading.id
    assert county(store, "CE01").denominator == 128


def test_a_part_that_is_missing_leaves_the_total_out(store):
    commit(store, TOWN, OCTOBER, {"village_economy": {VILLAGE: income(40.0, None, 0.0), VILLAGE_2: income(40.0, 1.0, 0.0)}})
    assert county(store, "CE01").numerator == 1
    assert county(store, "CE05").numerator == 2
    subsidies = county(store, "CE11")
    assert (subsidies.numerator, subsidies.denominator) == (1.0, 41.0)


def test_a_ratio_takes_rows_that_have_both_sides(store):
    rows = {VILLAGE: {"fees_recovered": 2.0, "fees_due": 4.0}, VILLAGE_2: {"fees_recovered": 9.0, "fees_due": None},
            VILLAGE_3: {"fees_recovered": None, "fees_due": 100.0}}  # fmt: skip
    commit(store, TOWN, OCTOBER, {"clean_collect": rows})
    share = county(store, "QH03")
    assert (share.value, share.numerator, share.denominator) == (50.0, 2.0, 4.0)


def test_nothing_due_gives_no_value(store):
    commit(store, TOWN, OCTOBER, {"law_enforcement": {TOWN: {"orders_received": 0, "orders_closed": 0}}})
    share = county(store, "LE06")
    assert (share.value, share.numerator, share.denominator, share.status) == (None, 0, 0, "no_data")


def test_counts_far_above_those_of_the_months_before_are_summed(store):
    for month, (orders, closed) in {3: (0, 0), 12: (10_000, 9_499)}.items():
        rows = {"law_enforcement": {STREET: {"orders_received": orders, "orders_closed": closed}}}
        commit(store, STREET, Period(2022, month), rows)
    only = indicators.readings(
        store, catalogue(), Period(2022, 12), level="township", county="140121", units=[STREET], only=["LE06"]
    )[0]
    assert (only.numerator, only.denominator, only.status) == (9_499, 10_000, "not_reached"), "94.99 % is not 95 %"


def test_the_county_is_the_sum_not_the_mean(store):
    commit(store, TOWN, OCTOBER, {"law_enforcement": {TOWN: {"orders_received": 100, "orders_closed": 100}}})
    commit(store, MAYU, OCTOBER, {"law_enforcement": {MAYU: {"orders_received": 10, "orders_closed": 1}}})
    assert county(store, "LE06").value == pytest.approx(100 * 101 / 110)
    assert township(store, "LE06", MAYU).value == 10.0


# ---- status


CE01, CE06, BR06, LE07 = (catalogue().indicator[id] for id in ("CE01", "CE06", "BR06", "LE07"))
YEAR_END = date(2022, 12, 31)
STATUSES = [
    (
        "59.96 % is not 60 %",
        CE01,
        Fraction(5996, 100),
        Goal(Fraction(60), Fraction(80), YEAR_END),
        Period(2022, 12),
        "not_reached",
    ),
    ("exactly 60 %", CE01, Fraction(60), Goal(Fraction(60), Fraction(80), YEAR_END), Period(2022, 12), "basic_reached"),
    ("highest", CE01, Fraction(80), Goal(Fraction(60), Fraction(80), YEAR_END), Period(2022, 6), "highest_reached"),
    ("just on track in October", CE01, Fraction(50), Goal(Fraction(60), Fraction(80), YEAR_END), Period(2022, 10), "on_track"),
    ("just behind in October", CE01, Fraction(4999, 100), Goal(Fraction(60), Fraction(80), YEAR_END), Period(2022, 10), "behind"),
    ("only a highest goal, on track", CE01, Fraction(45), Goal(None, Fraction(50), YEAR_END), Period(2022, 10), "on_track"),
    ("should be zero and is", CE06, Fraction(0), Goal(Fraction(0), None, YEAR_END), Period(2022, 3), "basic_reached"),
    ("should be zero and is not", CE06, Fraction(1), Goal(Fraction(0), None, YEAR_END), Period(2022, 3), "behind"),
    ("should be zero, deadline passed", CE06, Fraction(1), Goal(Fraction(0), None, YEAR_END), Period(2022, 12), "not_reached"),
    (
        "lower is better, highest",
        BR06,
        Fraction(50),
        Goal(Fraction(80), Fraction(50), YEAR_END),
        Period(2022, 3),
        "highest_reached",
    ),
    ("lower is better, basic", BR06, Fraction(51), Goal(Fraction(80), Fraction(50), YEAR_END), Period(2022, 3), "basic_reached"),
    ("context never ranks", LE07, Fraction(9), Goal(Fraction(1), Fraction(2), YEAR_END), Period(2022, 3), "context"),
    ("no goal", CE01, Fraction(9), None, Period(2022, 3), "context"),
    ("no value", CE01, None, Goal(Fraction(60), None, YEAR_END), Period(2022, 12), "no_data"),
]


@pytest.mark.parametrize(("name", "indicator", "value", "goal", "period", "said"), STATUSES, ids=[case[0] for case in STATUSES])
def test_status(name, indicator, value, goal, period, said):
    assert status(indicator, value, None, goal, period) == said


def test_sums_of_money_are_exact():
    assert exact(0.1 + 0.2) == Fraction(3, 10)
    assert exact(21.599999999999994) == Fraction(216, 10)
    assert exact(12) == 12 and exact(None) is None


def test_core_eight_milestones_reach_the_basic_goal(filled):
    by_month = {period: township(filled, "LE01", TOWN, period=period) for period in (Period(2022, 8), Period(2022, 9), OCTOBER)}
    assert [reading.numerator for reading in by_month.values()] == [8, 9, 10]
    assert {reading.status for reading in by_month.values()} == {"basic_reached"}
    assert by_month[OCTOBER].value == pytest.approx(100 * 10 / 12)


# ---- each sort of indicator


FILLED = [
    ("a share of villages", "CE01", 100 * 12 / 128, 12, 128),
    ("a count", "CE12", 6, 6, None),
    ("a sum", "QH07", 66.6, 66.6, None),
    ("a median over villages", "CE10", 24.75, 24.75, None),
    ("a ratio", "QH02", 100 * 142 / 180, 142, 180),
    ("the platform against the register of villages", "QH11", 100 * 17 / 18, 17, 18),
    ("communities with all five", "CM06", 0.0, 0, 30),
    ("a mean over communities that reported", "CM10", 12.0, 300, 25),
    ("per ten organisations", "PE06", 4.0, 12, 30),
    ("a reduction", "BR01", 40.0, 40, 100),
    ("models of the month", "TM01", 1, 1, None),
    ("typed cells per unit", "BR06", 56.0, 112, 2),
    ("what the pre-filled workbook saved", "BR07", 100 * 988 / 1100, 988, 1100),
]


@pytest.mark.parametrize(("name", "id", "value", "numerator", "denominator"), FILLED, ids=[case[0] for case in FILLED])
def test_values(filled, name, id, value, numerator, denominator):
    reading = county(filled, id)
    assert reading.value == pytest.approx(value)
    assert (reading.numerator, reading.denominator) == (numerator, denominator)


def test_bands_count_every_village_with_income_once(filled):
    reading = county(filled, "CE07")
    bands = reading.extras["bands"]
    assert sum(band["villages"] for band in bands) == reading.value == 30
    assert [(band["from"], band["to"]) for band in bands] == [(0, 5), (5, 10), (10, 30), (30, 50), (50, 100), (100, None)]
    assert reading.status == "context"


BAND_EDGES = [(4.99, 0), (5.0, 1), (10.0, 2), (30.0, 3), (50.0, 4), (99.99, 4), (100.0, 5)]


@pytest.mark.parametrize(("value", "band"), BAND_EDGES)
def test_a_band_holds_its_lower_bound(store, value, band):
    commit(store, TOWN, OCTOBER, {"village_economy": {VILLAGE: income(value)}})
    assert [found["villages"] for found in county(store, "CE07").extras["bands"]].index(1) == band


def test_growth_compares_the_villages_of_both_years(store):
    commit(store, TOWN, Period(2021, 10), {"village_economy": {VILLAGE: income(20.0), VILLAGE_2: income(10.0)}})
    commit(store, TOWN, OCTOBER, {"village_economy": {VILLAGE: income(25.0), VILLAGE_3: income(99.0)}})
    reading = county(store, "CE09")
    assert reading.value == 124.0 and reading.extras["change"] == 25.0


PACE = [
    ("at the goal already", 30.0, {}, 1),
    ("month over twelve, exactly", 25.0, {}, 1),
    ("month over twelve, below", 24.99, {}, 0),
    ("last year earned late: half by October is enough", 15.0, {10: 20.0, 12: 40.0}, 1),
    ("last year earned early: more is wanted", 26.0, {10: 38.0, 12: 40.0}, 0),
    ("last year's profile is useless", 25.0, {10: 0.0, 12: 40.0}, 1),
    ("only October of last year is known", 24.0, {10: 20.0}, 0),
]


@pytest.mark.parametrize(("name", "earned", "last_year", "expected"), PACE, ids=[case[0] for case in PACE])
def test_pace(store, name, earned, last_year, expected):
    for month, value in last_year.items():
        commit(store, TOWN, Period(2021, month), {"village_economy": {VILLAGE: income(value)}})
    commit(store, TOWN, OCTOBER, {"village_economy": {VILLAGE: income(earned)}})
    assert county(store, "CE03").numerator == expected


FORECASTS = [
    ("the village's own expectation", income(10.0, expected_income=30.0), 1),
    ("its expectation is below", income(29.0, expected_income=29.5), 0),
    ("at its pace", income(25.0), 1),
    ("below its pace", income(24.9), 0),
]


@pytest.mark.parametrize(("name", "row", "expected"), FORECASTS, ids=[case[0] for case in FORECASTS])
def test_forecast(store, name, row, expected):
    commit(store, TOWN, OCTOBER, {"village_economy": {VILLAGE: row}})
    assert county(store, "CE04").numerator == expected


def test_stale_villages_stand_still_for_three_months_of_one_year(store):
    for month in (7, 8, 9, 10):
        rows = {VILLAGE: income(12.0), VILLAGE_2: income(12.0 + month)}
        commit(store, TOWN, Period(2022, month), {"village_economy": rows})
    assert county(store, "CE13").value == 1
    january = Period(2022, 2)
    commit(store, TOWN, january, {"village_economy": {VILLAGE: income(12.0)}})
    assert county(store, "CE13", period=january).value is None


def test_closed_villages_count_for_ever(filled):
    by_month = [county(filled, "QH01", period=period).numerator for period in (Period(2022, 8), Period(2022, 9), OCTOBER)]
    assert by_month == [1, 1, 1]
    assert county(filled, "QH01").denominator == 128


def test_a_request_not_yet_approved_is_not_closed(store):
    commit(store, TOWN, OCTOBER, {"clean_collect": {VILLAGE: {"closing_requested": True}}}, approve=False)
    assert county(store, "QH01").numerator == 0


def test_certificates_have_no_data_before_a_catalogue(filled, store):
    assert county(filled, "BR03").status == "no_data"
    september = Period(2022, 9)
    commit(store, TOWN, september, {"burden": {TOWN: {"certificates_now": 6}}})
    commit(store, MAYU, september, {"burden": {MAYU: {"certificates_now": 5}}})
    store.register([RegisterRow("burden", "certificates_catalogue", COUNTY, 5)], actor="office", at=datetime(2022, 10, 1))
    reading = county(store, "BR03")
    assert (reading.value, reading.numerator, reading.denominator) == (50.0, 1, 2)


def test_quarterly_figures_stand_until_the_next_quarter(filled):
    assert county(filled, "PE01").data_period == "2022-09" and county(filled, "PE01").period == "2022-10"
    assert county(filled, "PE01", period=Period(2022, 8)).value is None


# ---- reports


def whole(unit: str) -> dict[str, dict[str, dict[str, int]]]:
    """Every form that the unit owes for October, with hardly anything in it."""
    forms = catalogue().figures_due(unit, OCTOBER)
    return {form.code: {catalogue().rows_of(form, unit)[0].code: {form.stored[-1].code: None}} for form in forms}


def test_reports(store):
    late, early = datetime(2022, 11, 9), datetime(2022, 11, 2, 1)
    commit(store, TOWN, OCTOBER, whole(TOWN), at=early)
    commit(store, TOWN, OCTOBER, {"assets_platform": {TOWN: {"trades": 2}}}, at=datetime(2022, 11, 20, 1))
    commit(store, MAYU, OCTOBER, whole(MAYU), at=early, approve=False)
    store.transition(MAYU, OCTOBER, "returned", actor="office", at=datetime(2022, 11, 3), reason="核对")
    place = Place("三资平台", "C5", data_set="assets_platform", org_unit=MAYU, element="trades")
    asked = Finding.at("unusual-jump", place, raw="9", change="9", why="x")
    commit(store, MAYU, OCTOBER, {"assets_platform": {MAYU: {"trades": 9}}}, at=late, approve=False,
           answers=(Answered(asked, "keep", None, "属实"),))  # fmt: skip
    on_time = county(store, "RP01")
    assert (on_time.numerator, on_time.denominator) == (2, 10)
    assert county(store, "RP02").denominator == 1 and county(store, "RP04").value == 1
    assert county(store, "RP03").value == 1
    store.transition(MAYU, OCTOBER, "approved", actor="office", at=datetime(2022, 11, 10))
    first_pass = county(store, "RP02")
    assert (first_pass.numerator, first_pass.denominator) == (1, 2)
    assert county(store, "RP03").value == 0
    before = county(store, "RP02", as_of=datetime(2022, 11, 4))
    assert (before.numerator, before.denominator, before.as_of) == (1, 1, "2022-11-04T00:00:00")


def test_a_unit_without_a_report_is_not_on_time(filled):
    late = township(filled, "RP01", MAYU)
    assert (late.value, late.numerator, late.denominator) == (0.0, 0, 1)
    assert township(filled, "BR06", MAYU).value is None


def test_the_development_zone_reports_in_quarter_months(filled):
    assert township(filled, "RP01", ZONE).status == "not_applicable"
    assert township(filled, "RP01", ZONE, period=Period(2022, 9)).denominator == 1


# ---- levels, scope, basis


FITS = [
    ("a street has no villages", "township", "CE01", STREET, "not_applicable"),
    ("the zone owes enterprises only", "township", "LE03", ZONE, "not_applicable"),
    ("the zone owes enterprises", "township", "PE01", ZONE, "no_data"),
    ("a form of units has no villages", "village", "LE03", VILLAGE, "not_applicable"),
    ("communities have no village economy", "community", "CE01", "community", "not_applicable"),
    ("a village needs no other villages", "village", "CE02", VILLAGE, "not_applicable"),
    ("one village at the goal or not", "village", "CE01", VILLAGE, "behind"),
    ("tasks come with their register", "county", "TK01", COUNTY, "no_data"),
]


@pytest.mark.parametrize(("name", "level", "id", "place", "said"), FITS, ids=[case[0] for case in FITS])
def test_where_an_indicator_means_something(filled, name, level, id, place, said):
    code = catalogue().children(TOWN, "community")[0].code if place == "community" else place
    assert read(filled, level, only=(id,))[id, code].status == said


def test_scope_narrows_and_no_scope_is_nothing(filled):
    one = indicators.readings(filled, catalogue(), OCTOBER, level="county", county=COUNTY, units=[TOWN], only=("CE01",))[0]
    assert (one.denominator, one.expected_units) == (18, 1)
    none = indicators.readings(filled, catalogue(), OCTOBER, level="county", county=COUNTY, units=[], only=("CE01",))[0]
    assert (none.value, none.denominator, none.status) == (None, None, "not_applicable")
    assert indicators.readings(filled, catalogue(), OCTOBER, level="village", county=COUNTY, units=[], only=("CE01",)) == []


def test_another_county_sees_nothing_of_this_one(filled):
    units = [unit.code for unit in catalogue().units("140106")]
    found = indicators.readings(
        filled, catalogue(), OCTOBER, level="county", county="140106", units=[*units, TOWN], only=("CE01",)
    )[0]
    assert found.numerator is None and found.denominator == sum(len(villages(unit)) for unit in units)


def test_preliminary_figures_are_counted_as_such(filled):
    assert county(filled, "CE01").preliminary_units == 1
    approved = county(filled, "CE01", basis="approved")
    assert (approved.preliminary_units, approved.reported_units) == (0, 1)


def test_goals_come_from_the_store_as_of_a_moment(store):
    with_at_goal(store, 70)
    target = store.catalogue.target("CE01", COUNTY, 2022)
    store.targets([dataclasses.replace(target, basic=50.0, highest=None)], actor="office", at=datetime(2022, 11, 20))
    assert (county(store, "CE01").basic, county(store, "CE01").status) == (50.0, "basic_reached")
    assert county(store, "CE01", as_of=datetime(2022, 11, 10)).basic == 60.0
    assert township(store, "CE01", TOWN).basic == 50.0
    assert township(store, "LE02", TOWN).highest is None


def test_every_indicator_and_key_of_the_contract_is_there(filled):
    found = read(filled)
    assert [id for id, _ in found] == [indicator.id for indicator in catalogue().indicators]
    for reading in found.values():
        printed = reading.to_json()
        assert list(printed)[: len(CONTRACT)] == CONTRACT
        assert printed["indicator"] == catalogue().indicator[reading.id].code
        assert printed["status"] in indicators.STATUSES
        assert printed["as_of"] == "2022-11-09T02:00:00"


def test_whole_numbers_are_printed_whole(filled):
    printed = county(filled, "CE01").to_json()
    assert (str(printed["numerator"]), str(printed["denominator"]), printed["basic"]) == ("12", "128", 60)
