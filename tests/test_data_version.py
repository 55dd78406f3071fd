"""The data's version: what was computed under the same number is still true, whichever months it looks at."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

from tests.stores import OCTOBER, TOWN, VILLAGE, commit, income, small_store
from tests.test_as_of import COUNTY, QUESTIONS, UNITS, answer
from townboard import cycle, indicators
from townboard.loading import catalogue
from townboard.store import history
from townboard.store.office import RegisterRow
from townboard.tables import NOW

NOVEMBER = OCTOBER.plus(1)


def send(store, period, at, name):
    places = [place.code for place in store.catalogue.children(TOWN, "village")]
    return commit(
        store, TOWN, period, {"village_economy": {code: income(43.0) for code in places}}, at=at, approve=False, name=name
    )


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    with small_store(tmp_path_factory.mktemp("before") / "store") as store:
        yield store


@pytest.fixture(scope="module")
def after(tmp_path_factory):
    """The same store after a report of the next month, and another one that was sent back."""
    with small_store(tmp_path_factory.mktemp("after") / "store") as store:
        version = store.data_version(OCTOBER)
        send(store, NOVEMBER, datetime(2022, 12, 1), "november")
        store.transition(TOWN, NOVEMBER, cycle.SEND_BACK, actor="专办", reason="请核对", at=datetime(2022, 12, 2))
        send(store, NOVEMBER, datetime(2022, 12, 3), "november again")
        assert store.data_version(OCTOBER) == version < store.data_version(NOVEMBER) == store.data_version()
        yield store


@pytest.mark.parametrize(("name", "basis"), [(name, basis) for name, basis in QUESTIONS if name != "reported_units_by_month"])
def test_a_later_months_report_changes_no_answer_about_a_month(before, after, name, basis):
    """`reported_units_by_month` says which months there are: it is kept under the number of all months."""
    pd.testing.assert_frame_equal(answer(before, name, basis, NOW), answer(after, name, basis, NOW))


@pytest.mark.parametrize("level", ["county", "township", "village"])
def test_nor_any_indicator(before, after, level):
    def found(store):
        return indicators.readings(store, catalogue(), OCTOBER, level=level, county=COUNTY, units=UNITS, basis="preliminary")

    assert [(one.id, one.org_unit, one.value, one.numerator, one.denominator, one.status) for one in found(before)] == [
        (one.id, one.org_unit, one.value, one.numerator, one.denominator, one.status) for one in found(after)
    ]
    assert found(before)


def test_what_reaches_back_counts_for_every_month(tmp_path):
    with small_store(tmp_path / "store") as store:
        first = store.data_version(OCTOBER)
        send(store, NOVEMBER, datetime(2022, 12, 1), "november")
        assert store.data_version(OCTOBER) == first
        store.transition(TOWN, NOVEMBER, cycle.APPROVE, actor="专办", at=datetime(2022, 12, 2))
        approved = store.data_version(OCTOBER)
        assert approved > first, "approval may fill a register, which earlier months read"
        send(store, OCTOBER, datetime(2022, 12, 3), "october again")
        assert store.data_version(OCTOBER) > approved
        assert store.data_version(OCTOBER.previous) < store.data_version(OCTOBER)


def test_what_is_known_about_a_unit_is_kept_while_others_report(tmp_path):
    other = "140121101"
    places = [place.code for place in catalogue().children(other, "village")]
    with small_store(tmp_path / "store") as store:
        known, version = store.history(TOWN, NOVEMBER), store.unit_version(TOWN)
        commit(store, other, NOVEMBER, {"village_economy": {code: income(43.0) for code in places}}, at=datetime(2022, 12, 1))
        assert store.unit_version(TOWN) == version < store.unit_version(other)
        assert store.history(TOWN, NOVEMBER) is known, "nothing was read again"
        with store.snapshot() as rows:
            assert history.of(rows, catalogue(), TOWN, NOVEMBER, history.Facts()) == known, "and nothing has changed"


@pytest.mark.parametrize("write", [
    lambda store: send(store, NOVEMBER, datetime(2022, 12, 1), "november"),
    lambda store: store.alias(TOWN, "大 北", VILLAGE, actor="专办"),
    lambda store: store.register(
        [RegisterRow("clean_collect", "fees_due", VILLAGE, 99.0)], actor="专办", at=datetime(2022, 12, 1)
    ),
], ids=["a report", "a name", "a register"])  # fmt: skip
def test_and_read_again_after_what_it_tells_of(write, tmp_path):
    with small_store(tmp_path / "store") as store:
        known, version = store.history(TOWN, NOVEMBER), store.unit_version(TOWN)
        write(store)
        assert store.unit_version(TOWN) > version
        assert store.history(TOWN, NOVEMBER) != known
