"""The dialogs behind a number: what they say of a value, of a sum, of a damaged original, and of an indicator's places."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.stores import OCTOBER, TOWN, VILLAGE, small_store
from townboard.loading import catalogue
from townboard.shell import tracing
from townboard.shell.visit import _opened
from townboard.store import Store

FORM = catalogue().data_set["village_economy"]
BEHIND = """
from townboard import shell
from townboard.shell import behind
view = shell.view(one_unit=True)
behind.drawn(view, next(one for one in shell.readings(view, "township", ("{id}",)) if one.org_unit == view.unit))
"""
TRACED = """
from townboard import shell
from townboard.shell import tracing
view = shell.view(one_unit=True)
form = shell.house().catalogue.data_set["{form}"]
tracing.traced(view, view.unit, form, "{place}", "{element}", "t")
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A small store, closed, with the app pointed at it."""
    small_store(tmp_path / "store").close()
    monkeypatch.setenv("TOWNBOARD_STORE", str(tmp_path / "store"))
    yield tmp_path / "store"
    _opened.cache_clear()


def drawn(script: str, language: str = "zh") -> AppTest:
    at = AppTest.from_string(script, default_timeout=60)
    at.query_params.update({"lang": language, "unit": TOWN, "period": str(OCTOBER)})
    at.run()
    assert not at.exception, at.exception
    return at


def words(at: AppTest) -> str:
    return " ".join(element.value for kind in (at.markdown, at.text, at.caption, at.info, at.warning) for element in kind)


def test_a_sum_shows_every_part_with_its_own_cell(folder):
    at = drawn(TRACED.format(form="village_economy", place=VILLAGE, element="total_income"))
    said = words(at)
    with Store.open(folder) as store:
        parts = store.trace(TOWN, OCTOBER, "village_economy", "total_income", VILLAGE)["parts"]
    assert len(parts) == 3
    for part in parts:
        assert f"《{part['sheet']}》{part['cell']}" in said


def test_where_nothing_was_reported_it_says_so(folder):
    at = drawn(TRACED.format(form="village_economy", place="140121102201", element="operating_income"), "en")
    assert "Nothing was reported for it in" in words(at)


def test_a_damaged_original_is_told_and_not_offered(folder):
    for path in (folder / "originals").iterdir():
        path.write_bytes(b"gone bad")
    at = drawn(TRACED.format(form="village_economy", place=VILLAGE, element="operating_income"))
    assert "原始工作簿已丢失或损坏" in words(at)
    assert not at.get("download_button")


@pytest.mark.parametrize(("language", "expected"), [("zh", ("达到", "未达到", "基本目标 60%", "系统预置")),
                                                    ("en", ("does not fit", "fits", "basic goal 60%", "as delivered"))])  # fmt: skip
def test_an_indicator_lists_its_places_and_cells(folder, language, expected):
    at = drawn(BEHIND.format(id="CE01"), language)
    table = at.dataframe[0].value
    assert len(table) == 18 and table["below"].sum() == 18
    assert table["above"].sum() == sum(table["role"] == expected[0 if language == "zh" else 1])
    assert set(table["role"]) <= set(expected)
    assert "村集体经济" in table["cells"].iloc[0] and "C5" in table["cells"].iloc[0]
    assert all(part in words(at) for part in expected[2:])


@pytest.mark.parametrize("id", [one.id for one in catalogue().indicators])
def test_every_indicator_can_be_taken_apart(folder, id):
    at = drawn(BEHIND.format(id=id))
    assert len(at.dataframe) <= 1


def test_a_click_is_answered_once(folder):
    at = AppTest.from_string(
        "import streamlit as st\nfrom townboard.shell.tracing import newly\n"
        "st.write([newly('a', (1, 'x')), newly('a', (1, 'x')), newly('a', None), newly('a', (1, 'x')), newly('b', (1, 'x'))])"
    ).run()
    assert at.json[0].value.replace(" ", "").replace("\n", "") == '[[1,"x"],null,null,[1,"x"],[1,"x"]]'


def test_the_facts_name_everything():
    found = {"workbook": "a.xlsx", "version": 2, "sheet": "村集体经济", "cell": "F7", "raw": "12万", "normalised": ["unit 万"], "submitted_by": "张三",
             "submitted_at": "2022-11-02T10:00:00Z", "approved_by": None, "approved_at": None, "answers": []}  # fmt: skip
    said = {label.en: value for label, value in tracing.facts(found, FORM)}
    assert said["Sheet and cell"].zh == "《村集体经济》F7" and said["As typed"].zh == "12万"
    assert said["What was made of it"].zh == "单位“万”已换算" and said["Approved"].en == "not approved yet"
    assert said["Sent"].zh == "张三,2022-11-02 18:00"
