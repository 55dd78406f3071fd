"""Versions: the list of a month's versions, the values that stood with each, and the difference of any two."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.stores import OCTOBER, TOWN, VILLAGE, VILLAGE_2, commit, income
from townboard import versions
from townboard.loading import catalogue
from townboard.versions import Held

KEY = ("village_economy", VILLAGE, "operating_income")


@pytest.fixture
def store(empty_store):
    """Three versions of one month: both forms; incomes again, one changed, one blank, one gone; the platform's form alone."""
    commit(empty_store, TOWN, OCTOBER, {
        "village_economy": {VILLAGE: income(10.0, note="旧"), VILLAGE_2: income(20.0)},
        "assets_platform": {TOWN: {"villages_online": 17, "alerts_raised": 9}},
    }, at=datetime(2022, 11, 1, 8), approve=False, name="一.xlsx")  # fmt: skip
    empty_store.transition(TOWN, OCTOBER, "returned", actor="王", at=datetime(2022, 11, 1, 9), reason="大北村收入有误")
    commit(empty_store, TOWN, OCTOBER, {"village_economy": {VILLAGE: income(12.5, None)}},
           at=datetime(2022, 11, 1, 10), approve=False, name="二.xlsx")  # fmt: skip
    commit(empty_store, TOWN, OCTOBER, {"assets_platform": {TOWN: {"villages_online": 18, "alerts_raised": 9}}},
           at=datetime(2022, 11, 1, 11), name="三.xlsx")  # fmt: skip
    return empty_store


def test_versions_are_listed_newest_first_with_their_state_and_forms(store):
    found = store.versions(TOWN, OCTOBER)
    assert [(one.version, one.workbook, one.state, one.data_sets) for one in found] == [
        (3, "三.xlsx", "approved", ("assets_platform",)),
        (2, "二.xlsx", "approved", ("village_economy",)),
        (1, "一.xlsx", "returned", ("village_economy", "assets_platform")),
    ]
    assert (found[2].state_by, found[2].reason, found[2].submitted_at) == ("王", "大北村收入有误", datetime(2022, 11, 1, 8))
    assert store.versions(TOWN, OCTOBER.plus(1)) == []


def test_a_version_holds_what_earlier_ones_left_standing(store):
    third = store.version_values(TOWN, OCTOBER, 3)
    assert third[KEY] == Held(12.5, "reported", 2, "村集体经济", "C5")
    assert third["assets_platform", TOWN, "villages_online"] == Held(18, "reported", 3, "三资平台", "C4")
    assert third["village_economy", VILLAGE, "subsidy_income"] == Held(None, "missing", 2, "村集体经济", "D5")
    assert ("village_economy", VILLAGE_2, "operating_income") not in third
    assert store.version_values(TOWN, OCTOBER, 1)[KEY].value == 10.0
    assert store.version_values(TOWN, OCTOBER, 4) == {}


def test_any_two_versions_can_be_compared(store):
    first, second, third = (store.version_values(TOWN, OCTOBER, number) for number in (1, 2, 3))
    found = versions.differences(first, second, store.catalogue)
    said = [
        (one.org_unit, one.element, one.before and one.before.value, one.after and one.after.value, one.kind) for one in found
    ]
    assert said == [
        (VILLAGE, "operating_income", 10.0, 12.5, "changed"),
        (VILLAGE, "subsidy_income", 0.0, None, "removed"),
        (VILLAGE, "note", "旧", None, "removed"),
        (VILLAGE_2, "operating_income", 20.0, None, "removed"),
        (VILLAGE_2, "subsidy_income", 0.0, None, "removed"),
        (VILLAGE_2, "other_income", 0.0, None, "removed"),
    ]
    assert versions.counts(found) == {"added": 0, "changed": 1, "removed": 5}
    back = versions.differences(second, first, store.catalogue)
    assert versions.counts(back) == {"added": 5, "changed": 1, "removed": 0}
    assert [one.data_set for one in versions.differences(second, third, store.catalogue)] == ["assets_platform"]
    assert versions.differences(first, first, store.catalogue) == []


@pytest.mark.parametrize(
    ("before", "after", "is_same"),
    [
        (Held(0.1 + 0.2, "reported", 1, "a", "A1"), Held(0.3, "reported", 2, "b", "B1"), True),
        (Held(3, "reported", 1, "a", "A1"), Held(3.0, "reported", 2, "a", "A1"), True),
        (Held(True, "reported", 1, "a", "A1"), Held(False, "reported", 2, "a", "A1"), False),
        (Held(0.0, "reported", 1, "a", "A1"), Held(None, "missing", 2, "a", "A1"), False),
        (Held(None, "missing", 1, "a", "A1"), Held(None, "not_applicable", 2, "a", "A1"), False),
        (Held(None, "missing", 1, "a", "A1"), None, True),
        (Held("甲", "reported", 1, "a", "A1"), Held("乙", "reported", 2, "a", "A1"), False),
    ],
)
def test_what_counts_as_the_same(before, after, is_same):
    assert versions.same(before, after) is is_same
    assert bool(versions.differences({KEY: before}, {KEY: after} if after else {}, catalogue())) is not is_same
