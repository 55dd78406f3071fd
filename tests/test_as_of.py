"""The county as it stood earlier: every question answers as the store did then, and every page really asks it so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.stores import OCTOBER, TOWN, VILLAGE, commit, income, small_store
from townboard import indicators
from townboard.loading import catalogue
from townboard.store import Store, query
from townboard.store.asking import QUERIES
from townboard.tables import NOW
from townboard.text import Text

MEETING = datetime(2022, 11, 10, 4)
"""After everything of the small store, before the corrections."""
BEFORE = datetime(2020, 1, 1)
"""Before everything."""
COUNTY = "140121"
PAGES = ("overview", "economy", "clean_collect", "enforcement", "coverage", "burden", "township", "explore")


def correct(store: Store) -> None:
    """After the meeting: another report of the town's October with other figures in every form, and another unit's first report."""
    places = [place.code for place in store.catalogue.children(TOWN, "village")]
    communities = [place.code for place in store.catalogue.children(TOWN, "community")]
    commit(store, TOWN, OCTOBER, {
        "village_economy": {code: income(41.0) for code in places},
        "clean_collect": {code: {"contracts_checked": 41, "problem_contracts": 41, "contracts_rectified": 41, "debt_new": 1.0} for code in places[1:]},
        "assets_platform": {TOWN: {"villages_online": 18, "alerts_raised": 41, "alerts_handled": 41}},
        "law_enforcement": {TOWN: {"staff_quota": 41, "staff_on_post": 41, "staff_certified": 41, "team_established_on": date(2022, 10, 1)}},
        "community_coverage": {code: {"compounds": 41, "grids": 41, "grid_workers": 41} for code in communities},
        "problems_models": {f"{TOWN}#1": {"kind": "问题", "domain": "集体经济", "title": "更正", "text": "更正"}},
    }, at=datetime(2022, 11, 20, 2), name="correction")  # fmt: skip
    commit(store, "140121101", OCTOBER, {"village_economy": {
        place.code: income(33.0) for place in store.catalogue.children("140121101", "village")}}, at=datetime(2022, 11, 21, 2))  # fmt: skip


@pytest.fixture(scope="module")
def then(tmp_path_factory):
    """The store as it was at the meeting."""
    with small_store(tmp_path_factory.mktemp("then") / "store") as store:
        yield store


@pytest.fixture(scope="module")
def later(tmp_path_factory):
    """The same store after the corrections."""
    with small_store(tmp_path_factory.mktemp("later") / "store") as store:
        correct(store)
        yield store


@pytest.fixture(scope="module")
def nothing(tmp_path_factory):
    """A store without any report."""
    with Store.create(tmp_path_factory.mktemp("nothing") / "store") as store:
        yield store


UNITS = [unit.code for unit in catalogue().units(COUNTY)]
ABOUT = {"period": str(OCTOBER), "first_period": "2022-01", "year": 2022, "data_set": "village_economy", "county": COUNTY}
QUESTIONS = [
    (path.stem, basis)
    for path in sorted(QUERIES.glob("*.sql"))
    for basis in ("preliminary", "approved")
    if "as_of" in query(path.stem)[1] and (basis == "preliminary" or "basis" in query(path.stem)[1])
]
"""Every question that knows moments, on both bases."""


def answer(store: Store, name: str, basis: str, at: datetime) -> pd.DataFrame:
    given = {**ABOUT, "basis": basis, "as_of": at}
    return store.ask(name, units=UNITS, **{key: value for key, value in given.items() if key in query(name)[1]})


@pytest.mark.parametrize(("name", "basis"), QUESTIONS)
def test_a_question_as_of_then_answers_as_the_store_did_then(then, later, nothing, name, basis):
    pd.testing.assert_frame_equal(answer(later, name, basis, MEETING), answer(then, name, basis, NOW))
    pd.testing.assert_frame_equal(answer(later, name, basis, BEFORE), answer(nothing, name, basis, NOW), check_dtype=False)


def test_the_corrections_are_another_answer_now(then, later):
    for name in ("income_by_village", "income_history_by_village", "clean_collect_by_village", "law_enforcement_by_unit",
                 "community_coverage_by_community", "assets_platform_by_unit", "problems_models_by_item", "report_state_by_unit_month"):  # fmt: skip
        assert not answer(then, name, "preliminary", NOW).equals(answer(later, name, "preliminary", NOW)), name


@pytest.mark.parametrize("level", ["county", "township"])
def test_the_indicators_too(then, later, level):
    def found(store: Store, at: datetime | None) -> list[tuple[object, ...]]:
        read = indicators.readings(
            store, catalogue(), OCTOBER, level=level, county=COUNTY, units=UNITS, basis="preliminary", as_of=at
        )
        return [(one.id, one.org_unit, one.value, one.numerator, one.denominator, one.status, one.reported_units) for one in read]

    assert found(later, MEETING) == found(then, None) != found(later, None)
    before = [one for one in found(later, BEFORE) if one[2] is not None]
    assert before == [one for one in before if one[0].startswith("RP")], "before everything nothing has a value, not even zero"


def test_a_number_is_traced_as_it_stood(later):
    found = later.trace(TOWN, OCTOBER, "village_economy", "operating_income", VILLAGE, as_of=MEETING)
    now = later.trace(TOWN, OCTOBER, "village_economy", "operating_income", VILLAGE)
    assert (found["version"], now["version"]) == (1, 2) and found["value"] != now["value"] == 41.0
    assert later.trace(TOWN, OCTOBER, "village_economy", "operating_income", VILLAGE, as_of=BEFORE) is None


@pytest.mark.parametrize("page", PAGES)
def test_every_page_asks_as_of_the_moment_of_its_link(later, page, monkeypatch):
    """Whatever a page asks that knows moments is asked as of the link's; only which months there are to choose from is asked of now."""
    monkeypatch.setenv("TOWNBOARD_STORE", str(later.folder))
    asked: list[tuple[str, object]] = []
    ask, records, trace = Store.ask, Store.records, Store.trace

    def asking(self, name, *, units, **given):
        asked.append((name, given.get("as_of", "now" if "as_of" in query(name)[1] else None)))
        return ask(self, name, units=units, **given)

    def recording(self, questions):
        asked.extend((sql[:40], given["as_of"]) for sql, given in questions if "as_of" in given)
        return records(self, questions)

    def tracing(self, *words, **given):
        asked.append(("trace", given.get("as_of")))
        return trace(self, *words, **given)

    monkeypatch.setattr(Store, "ask", asking)
    monkeypatch.setattr(Store, "records", recording)
    monkeypatch.setattr(Store, "trace", tracing)
    at = AppTest.from_string(f"from pages.{page} import page\npage()", default_timeout=60)
    at.query_params["as_of"], at.query_params["unit"] = "2022-11-10T12:00", TOWN
    at.run()
    assert not at.exception, at.exception
    moment = datetime(2022, 11, 10, 4, 0, 59)
    later_ones = [(name, when) for name, when in asked if when != moment]
    assert {name for name, _ in later_ones} <= {"reported_units_by_month", "findings_by_submission"}, later_ones
    assert any(when == moment for _, when in asked)
    assert any("历史时点" in element.value for element in at.info), "the page says so"
    assert all("历史时点:2022-11-10 12:00" in one.value for one in at.caption if "来源:" in one.value), "and so does every chart"


def test_before_everything_a_page_says_no_data_and_never_zero(later, monkeypatch):
    monkeypatch.setenv("TOWNBOARD_STORE", str(later.folder))
    at = AppTest.from_string("from pages.overview import page\npage()", default_timeout=60)
    at.query_params["as_of"], at.query_params["period"] = "2020-01-01T00:00", "2022-10"
    at.run()
    assert not at.exception
    assert any("还没有村集体经济数据" in element.value for element in at.subheader)
    assert not [metric for metric in at.metric if metric.value.startswith("0")], [metric.value for metric in at.metric]


def test_what_the_list_of_places_gained_or_lost_since_is_said(tmp_path, monkeypatch):
    """A store whose list was another one: a village less, one more, another name, another unit, one not counted."""
    known, extra = catalogue(), "140121100999"
    villages = known.children(TOWN, "village")
    added, renamed, moved, counted = (place.code for place in villages[:4])
    told = {
        renamed: {"label": Text("旧名村", "Old Village")},
        moved: {"parent": "140121101"},
        counted: {"in_goal_denominator": False},
    }
    then = [replace(place, **told.get(place.code, {})) for place in known.org_units if place.code != added]
    then.append(replace(villages[0], code=extra, label=Text("撤并村", "Merged Village"), order=99_999))
    with Store.create(tmp_path / "store", replace(known, org_units=tuple(then))) as store:
        assert store.places_changed(COUNTY, BEFORE) == [], "the first list changes nothing"
    with Store.open(tmp_path / "store") as store:
        changed = [one.words.zh for one in store.places_changed(COUNTY, BEFORE)]
        assert store.places_changed(COUNTY, NOW) == [] and store.places_changed("140106", BEFORE) == []
    name = {place.code: place.label.zh for place in villages}
    assert set(changed) == {
        f"新增{name[added]}", "撤销撤并村", f"旧名村更名为{name[renamed]}", f"{name[moved]}由徐沟镇划归清源镇", f"{name[counted]}纳入考核",
    }  # fmt: skip
    with Store.open(tmp_path / "store") as store:
        assert len(store.places_changed(COUNTY, BEFORE)) == 5, "opened again with the same list nothing is added"

    monkeypatch.setenv("TOWNBOARD_STORE", str(tmp_path / "store"))
    at = AppTest.from_string("from pages.overview import page\npage()", default_timeout=60)
    at.query_params["period"] = "2022-10"
    at.run()
    assert not at.exception and not any("名单有变动" in one.value for one in at.info), "now goes by the list of now"
    at.query_params["as_of"] = "2020-01-01T00:00"
    at.run()
    [told] = [one.value for one in at.info if "名单有变动" in one.value]
    assert all(one in told for one in changed) and "按当时的名单计算" in told
