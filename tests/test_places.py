"""The list of places, dated: between two moments it gains, loses, renames, moves and counts a village, and every figure goes by its own list."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.stores import OCTOBER, TOWN, commit, income
from townboard import accounts, indicators, passwords, provenance
from townboard.briefing import meeting, monthly
from townboard.briefing.look import Look
from townboard.catalogue import Catalogue
from townboard.loading import catalogue
from townboard.punctuation import punctuated
from townboard.shell import handing, visit
from townboard.store import Store, migrations, places, query
from townboard.store.accounts import Account
from townboard.tables import BEGINNING, FOREVER, NOW
from townboard.text import Text

COUNTY, OTHER, EXTRA = "140121", "140121101", "140121100999"
KNOWN = catalogue()
UNITS = [unit.code for unit in KNOWN.units(COUNTY)]
ADDED, RENAMED, MOVED, COUNTED = (place.code for place in KNOWN.children(TOWN, "village")[:4])
NEW_NAME, MOVED_NAME = KNOWN.org_unit[RENAMED].label.zh, KNOWN.org_unit[MOVED].label.zh
CHANGED = datetime(2022, 12, 1)
"""When the list became today's."""
BEFORE, AFTER = datetime(2022, 11, 20), datetime(2022, 12, 20)
LINK = {BEFORE: "2022-11-20T08:00", AFTER: "2022-12-20T08:00"}


def former() -> Catalogue:
    """The catalogue with the list of before: a village less, one more, one called otherwise, one of another unit, one not counted."""
    told = {
        RENAMED: {"label": Text("旧名村", "Old Village")},
        MOVED: {"parent": OTHER, "order": 99_998},
        COUNTED: {"in_goal_denominator": False},
    }
    listed = [replace(place, **told.get(place.code, {})) for place in KNOWN.org_units if place.code != ADDED]
    listed.append(replace(KNOWN.org_unit[ADDED], code=EXTRA, label=Text("撤并村", "Merged Village"), order=99_999))
    return replace(KNOWN, org_units=tuple(listed))


def changed(folder: Path, at: datetime, known: Catalogue) -> Store:
    """The store opened with a catalogue at a moment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "utc_now", lambda: at)
        return Store.open(folder, known)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """October of two units by the former list, approved; then today's list holds."""
    place, then = tmp_path_factory.mktemp("places") / "store", former()
    with Store.create(place, then) as store:
        for unit in (TOWN, OTHER):
            commit(store, unit, OCTOBER, {"village_economy": {
                one.code: income(50.0 if one.code in (EXTRA, RENAMED, MOVED) else 10.0) for one in then.children(unit, "village")
            }})  # fmt: skip
    changed(place, CHANGED, KNOWN).close()
    return place


@pytest.fixture(scope="module")
def store(folder):
    with Store.open(folder) as opened:
        yield opened


def goal(store: Store, level: str, place: str, at: datetime | None) -> tuple[float | None, float | None, int]:
    """n, N and expected units of the goal's share."""
    [found] = [
        one for one in indicators.readings(
            store, KNOWN, OCTOBER, level=level, county=COUNTY, units=UNITS, basis="approved", as_of=at, only=("CE01",)
        ) if one.org_unit == place
    ]  # fmt: skip
    return found.numerator, found.denominator, found.expected_units


def asked(store: Store, name: str, at: datetime, units=tuple(UNITS), **more):
    given = {"period": "2022-10", "first_period": "2022-01", **more}
    return store.ask(name, units=units, as_of=at, **{key: value for key, value in given.items() if key in query(name)[1]})


def test_the_goal_is_counted_over_the_list_of_the_moment(store):
    assert goal(store, "county", COUNTY, BEFORE)[:2] == (3, 127)
    assert goal(store, "county", COUNTY, AFTER)[:2] == goal(store, "county", COUNTY, None)[:2] == (2, 128)
    in_town, in_other = (len(KNOWN.children(unit, "village")) for unit in (TOWN, OTHER))
    assert goal(store, "township", TOWN, BEFORE)[:2] == (2, in_town - 2), "one less, one more, one elsewhere, one not counted"
    assert goal(store, "township", OTHER, BEFORE)[:2] == (1, in_other + 1)
    assert goal(store, "township", TOWN, None)[1] == in_town and goal(store, "township", OTHER, None)[1] == in_other


@pytest.mark.parametrize("at", [BEFORE, AFTER, NOW])
def test_python_counts_as_the_store_does(store, at):
    listed = store.catalogue_at(at)
    villages = {unit: listed.children(unit, "village") for unit in UNITS}
    counted = {unit: sum(one.in_goal_denominator for one in found) for unit, found in villages.items()}
    share = asked(store, "goal_share_by_period", at)
    assert share["denominator"].tolist() == [sum(counted.values())]
    bands = asked(store, "income_bands_by_unit", at)
    assert dict(zip(bands["unit"], bands["villages"], strict=True)) == {unit: n for unit, n in counted.items() if n}
    trend = asked(store, "income_trend_by_unit", at)
    assert dict(zip(trend["unit"], trend["villages_in_unit"], strict=True)) == {unit: counted[unit] for unit in (TOWN, OTHER)}
    for name in ("income_by_village", "clean_collect_by_village", "baseline_by_village"):
        rows = asked(store, name, at)
        assert set(zip(rows["unit"], rows["org_unit"], strict=True)) == {(u, one.code) for u in UNITS for one in villages[u]}, (
            name
        )
    known = {
        one.org_unit for one in indicators.readings(store, KNOWN, OCTOBER, level="village", county=COUNTY, units=UNITS, as_of=at)
    }
    assert known == {one.code for found in villages.values() for one in found}
    behind = provenance.behind(store, KNOWN, "CE01", COUNTY, OCTOBER, county=COUNTY, units=UNITS, basis="approved", as_of=at)
    assert (behind.numerator, behind.denominator) == goal(store, "county", COUNTY, at)[:2]


def test_a_village_is_of_its_unit_by_its_name_of_the_moment(store):
    then, now = store.catalogue_at(BEFORE).org_unit, store.catalogue_at(AFTER).org_unit
    assert (then[RENAMED].label.zh, now[RENAMED].label.zh) == ("旧名村", NEW_NAME)
    assert (then[MOVED].parent, now[MOVED].parent) == (OTHER, TOWN)
    assert then[EXTRA].label.zh == "撤并村" and EXTRA not in now and ADDED in now and ADDED not in then
    town = asked(store, "income_by_village", BEFORE, (TOWN,)).set_index("org_unit")["total_income"]
    assert town[EXTRA] == 50.0 and MOVED not in town.index
    history = asked(store, "income_history_by_village", BEFORE, (OTHER,)).set_index("org_unit")
    assert history.loc[MOVED, "goal_income"] == 50.0


def test_now_is_the_catalogue_itself_and_a_list_is_made_once(store):
    assert store.catalogue_at(None) is store.catalogue_at(NOW) is store.catalogue_at(AFTER) is store.catalogue
    assert store.catalogue_at(BEFORE) is store.catalogue_at(BEGINNING) is not store.catalogue
    assert store.catalogue_at(CHANGED) is store.catalogue, "from that moment on"
    assert store.catalogue_at(BEFORE).children(TOWN, "village") != store.catalogue.children(TOWN, "village")


def test_only_what_changed_has_two_rows(store):
    changed_ones = {ADDED, EXTRA, RENAMED, MOVED, COUNTED}
    rows = store.rows("select code, from_time, to_time from org_unit order by code, from_time")
    assert {row for row in rows if row[0] not in changed_ones} == {
        (place.code, BEGINNING, FOREVER) for place in KNOWN.org_units if place.code not in changed_ones
    }
    assert [row for row in rows if row[0] == RENAMED] == [(RENAMED, BEGINNING, CHANGED), (RENAMED, CHANGED, FOREVER)]
    assert [row for row in rows if row[0] in (EXTRA, ADDED)] == [(ADDED, CHANGED, FOREVER), (EXTRA, BEGINNING, CHANGED)]


def test_a_list_that_changes_twice_has_three(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "store")
    changed(tmp_path / "store", datetime(2023, 1, 1), former()).close()
    with Store.open(tmp_path / "store", former()) as store:
        assert [goal(store, "county", COUNTY, at)[1] for at in (BEFORE, AFTER, datetime(2023, 1, 2), None)] == [
            127,
            128,
            127,
            127,
        ]
        assert len(places.moments(store.rows)) == 3
        assert EXTRA in store.catalogue_at(NOW).org_unit and EXTRA not in store.catalogue_at(AFTER).org_unit


def shown(page: str, monkeypatch, folder, at: datetime | None, **link: str) -> tuple[AppTest, dict[str, str]]:
    """A page as of a moment, and what its spreadsheets hold."""
    files: dict[str, object] = {}
    button = st.download_button

    def kept(label, data, file_name, *more, **named):
        files[named["key"]] = data
        return button(label, data, file_name, *more, **named)

    monkeypatch.setattr(st, "download_button", kept)
    monkeypatch.setenv("TOWNBOARD_STORE", str(folder))
    test = AppTest.from_string(f"from pages.{page} import page\npage()", default_timeout=60)
    for key, value in {"period": "2022-10", "basis": "approved", **link}.items():
        test.query_params[key] = value
    if at is not None:
        test.query_params["as_of"] = LINK[at]
    test.run()
    assert not test.exception, test.exception
    sheets = {key.removeprefix("xlsx_"): _words(data()) for key, data in files.items() if key.startswith("xlsx_")}
    return test, sheets


def _words(data: bytes) -> str:
    return "\n".join(str(cell) for row in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].values for cell in row)


def _said(test: AppTest) -> str:
    found = [
        one.value for kind in ("title", "subheader", "markdown", "caption", "info", "warning") for one in getattr(test, kind)
    ]
    found += [one.proto.body for one in test.get("html")] + [f"{one.value} {one.delta}" for one in test.metric]
    return "\n".join(found + [str(option) for box in test.selectbox for option in box.options]).replace("\u00a0", " ")


@pytest.mark.parametrize(("at", "there", "gone"), [(BEFORE, ("旧名村", "撤并村"), (NEW_NAME, MOVED_NAME)),
                                                   (AFTER, (NEW_NAME, MOVED_NAME), ("旧名村", "撤并村")),
                                                   (None, (NEW_NAME, MOVED_NAME), ("旧名村", "撤并村"))])  # fmt: skip
def test_the_page_of_a_unit_and_its_tables_name_the_villages_of_the_moment(folder, monkeypatch, at, there, gone):
    test, sheets = shown("township", monkeypatch, folder, at, unit=TOWN)
    for words in (sheets["town_village_rows"], _said(test)):
        assert all(one in words for one in there)
    assert not any(one in sheets[key] for one in gone for key in ("town_village_rows", "town_contracts"))
    listed = set(test.selectbox(key="townboard_village").options)
    assert {*there} <= listed and not {*gone} & listed


@pytest.mark.parametrize(("at", "n", "of"), [(BEFORE, 3, 127), (AFTER, 2, 128), (None, 2, 128)])
def test_the_overview_and_its_forecast_count_the_villages_of_the_moment(folder, monkeypatch, at, n, of):
    said = _said(shown("overview", monkeypatch, folder, at)[0])
    assert f"{n}/{of}" in said and f"/{255 - of}" not in said
    assert punctuated(f"目标 77 个村(共 {of} 个村)") in said and f"预计年底还差 {77 - n} 个村" in said


@pytest.mark.parametrize(("at", "n", "of"), [(BEFORE, 3, 127), (AFTER, 2, 128), (None, 2, 128)])
def test_so_do_the_brief_and_the_meeting_pack(store, at, n, of):
    look = Look(store, store.catalogue_at(at), COUNTY, OCTOBER, tuple(UNITS), "zh", "approved", at)
    for sheet in (monthly.brief(look), meeting.pack(look, "调度会")):
        words = "\n".join(sheet.lines())
        assert f"{n}/{of}" in words and f"/{255 - of}" not in words


@pytest.mark.parametrize("page", ["economy", "clean_collect", "enforcement", "coverage", "burden", "explore"])
def test_every_page_stands_with_the_list_of_the_moment(folder, monkeypatch, page):
    test, sheets = shown(page, monkeypatch, folder, BEFORE)
    if page in ("economy", "explore"):
        assert "撤并村" in "\n".join([*sheets.values(), _said(test)])
    [told] = [one.value for one in test.info if "名单有变动" in one.value]
    assert "撤销撤并村" in told and "按当时的名单计算" in told and not any("名单" in one.value for one in test.warning)


def test_a_village_that_is_gone_has_its_page_as_of_then_and_none_now(folder, monkeypatch):
    test, _ = shown("township", monkeypatch, folder, BEFORE, unit=TOWN, village=EXTRA)
    assert "撤并村" in test.title[0].value and "50" in _said(test)
    test, _ = shown("township", monkeypatch, folder, None, unit=TOWN, village=EXTRA)
    assert "撤并村" not in test.title[0].value and any("村不存在" in one.value for one in test.warning)
    test, _ = shown("township", monkeypatch, folder, BEFORE, unit=TOWN, village=ADDED)
    assert any("村不存在" in one.value for one in test.warning), "it was not there yet"


@pytest.fixture
def sits(folder, tmp_path, monkeypatch):
    """A copy of the store, and the way to sit down at it as the clerk of a unit."""
    shutil.copytree(folder, tmp_path / "store")
    monkeypatch.setattr(passwords, "_HASHER", passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))

    def become(unit: str) -> None:
        with Store.open(tmp_path / "store") as store:
            first = accounts.add(store, Account(f"clerk of {unit}", "clerk", (unit,), ""), by="test")
            token = accounts.sign_in(store, f"clerk of {unit}", first).token
            accounts.change_password(store, token, first, "blue lamp 47 river")
        monkeypatch.setattr(visit, "token", lambda: token)
        monkeypatch.setattr(handing, "token", lambda: token)

    become.folder = tmp_path / "store"
    return become


def test_scope_stays_with_the_units_of_the_account(sits, monkeypatch):
    sits(TOWN)
    test, sheets = shown("township", monkeypatch, sits.folder, BEFORE)
    assert "撤并村" in sheets["town_village_rows"] and MOVED_NAME not in sheets["town_village_rows"], (
        "it was the other unit's then"
    )
    assert MOVED_NAME not in test.selectbox(key="townboard_village").options
    test, _ = shown("township", monkeypatch, sits.folder, BEFORE, unit=OTHER)
    assert test.title[0].value.startswith("清源镇") and any("没有采用" in one.value for one in test.warning)
    test, _ = shown("township", monkeypatch, sits.folder, BEFORE, village=MOVED)
    assert test.title[0].value.startswith("清源镇") and any("没有采用" in one.value for one in test.warning)
    sits(OTHER)
    _, sheets = shown("township", monkeypatch, sits.folder, BEFORE)
    assert MOVED_NAME in sheets["town_village_rows"] and "撤并村" not in sheets["town_village_rows"]
    _, sheets = shown("township", monkeypatch, sits.folder, AFTER)
    assert MOVED_NAME not in sheets["town_village_rows"]


@pytest.mark.parametrize(
    "page", ["overview", "economy", "clean_collect", "enforcement", "coverage", "burden", "township", "explore"]
)
def test_a_unit_that_was_not_there_yet_has_nothing_to_show(tmp_path, sits, monkeypatch, page):
    """Its clerk looks back at a moment before it: no figures of anybody, and no error."""
    gone = {TOWN, *(place.code for place in KNOWN.org_units if place.parent == TOWN)}
    less = replace(KNOWN, org_units=tuple(place for place in KNOWN.org_units if place.code not in gone))
    Store.create(tmp_path / "less", less).close()
    changed(tmp_path / "less", CHANGED, KNOWN).close()
    shutil.rmtree(sits.folder)
    shutil.copytree(tmp_path / "less", sits.folder)
    sits(TOWN)
    test, _ = shown(page, monkeypatch, sits.folder, BEFORE)
    assert "徐沟镇" not in _said(test)
    shown(page, monkeypatch, sits.folder, AFTER)


def test_a_store_from_before_the_list_was_dated_keeps_its_list(tmp_path, monkeypatch):
    """Its list holds from the beginning; what it had told of changes is said to count as after them."""
    with Store.create(tmp_path / "store", former()) as store:
        commit(store, TOWN, OCTOBER, {"village_economy": {RENAMED: income(50.0)}})
    with changed(tmp_path / "store", CHANGED, KNOWN) as store, store.write() as cursor:
        cursor.execute("delete from org_unit where to_time < ?", [FOREVER])
        cursor.execute("alter table org_unit drop column from_time")
        cursor.execute("alter table org_unit drop column to_time")
        cursor.execute("delete from migration where name = 'places-dated' or name like 'column org_unit.%'")
    with Store.open(tmp_path / "store") as store:
        assert store.rows("select distinct from_time, to_time from org_unit") == [(BEGINNING, FOREVER)]
        assert store.catalogue_at(BEFORE) is store.catalogue
        assert goal(store, "county", COUNTY, BEFORE) == goal(store, "county", COUNTY, None)
        found = store.places_changed(COUNTY, BEFORE)
        assert len(found) == 5 and not any(one.dated for one in found)
        assert ("places-dated",) in store.rows("select name from migration")
    test, _ = shown("overview", monkeypatch, tmp_path / "store", BEFORE)
    [told] = [one.value for one in test.warning if "名单" in one.value]
    assert "撤销撤并村" in told and "按变动后的名单计算" in told and not any("名单" in one.value for one in test.info)
