"""From a chart into what it shows: which name a click means, what is marked as picked or preliminary, and that nothing is lost."""

from __future__ import annotations

import copy
from dataclasses import replace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.stores import small_store
from tests.test_forecast import made
from tests.test_shell import VIEW
from townboard import shell
from townboard.charts import economy, marking, village_lists
from townboard.loading import catalogue
from townboard.shell import banded, columns, drilling
from townboard.shell.url_state import BANDS

UNITS = tuple(unit.code for unit in catalogue().units("140121"))
WIDE = replace(VIEW, units=UNITS)
XUGOU = "140121101"
ROWS = {
    "data": [
        {"type": "bar", "orientation": "h", "y": ["清源镇", "徐沟镇<br><span style='font-size:11px'>12/20 村</span>"], "x": [40.0, 60.0],
         "marker": {"color": ["#111", "#222"]}},
        {"type": "scatter", "mode": "text", "y": ["清源镇"], "x": [100], "text": ["未报"]},
    ],
    "layout": {"yaxis": {"autorange": "reversed"}, "shapes": [{"type": "line"}]},
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("drilling") / "store"
    small_store(place).close()
    return place


@pytest.fixture
def opened(folder, monkeypatch):
    monkeypatch.setenv("TOWNBOARD_STORE", str(folder))


def test_the_picked_row_is_framed_and_named_and_all_others_stay():
    before = copy.deepcopy(ROWS)
    made = marking.marked(ROWS, picked={"徐沟镇"}, preliminary=set(), language="zh")
    assert before == ROWS, "nothing is changed in place"
    assert [trace["y"] for trace in made["data"]] == [trace["y"] for trace in ROWS["data"]]
    assert made["layout"]["yaxis"]["ticktext"] == ["清源镇", "<b>▶ 徐沟镇</b><br><span style='font-size:11px'>12/20 村</span>"]
    line, frame = made["layout"]["shapes"]
    assert line == {"type": "line"} and (frame["y0"], frame["y1"], frame["xref"]) == (0.54, 1.46, "paper")


def test_preliminary_bars_are_paler_and_say_so():
    made = marking.marked(ROWS, picked=set(), preliminary={"清源镇"}, language="en")
    assert made["data"][0]["marker"]["opacity"] == [marking.PALE, 1.0] and made["data"][0]["marker"]["color"] == ["#111", "#222"]
    assert (
        "not approved" in made["layout"]["yaxis"]["ticktext"][0] and "not approved" not in made["layout"]["yaxis"]["ticktext"][1]
    )


def test_a_chart_without_the_name_is_left_alone(opened):
    assert marking.marked(ROWS, picked={"孟封镇"}, preliminary={"马峪乡"}, language="zh") == ROWS
    numbers = {"data": [{"type": "bar", "x": [1, 2], "y": [3, 4]}], "layout": {}}
    assert marking.marked(numbers, picked={"清源镇"}, preliminary=set(), language="zh") == numbers
    assert drilling.can_click("any", numbers, WIDE) is None and drilling.can_click("any", ROWS, WIDE) == drilling.CLICK


@pytest.mark.parametrize(("name", "key", "point", "view", "codes"), [
    ("a unit's bar", "qh_units", {"y": "徐沟镇<br><span>12/20 村</span>", "x": 60.0}, WIDE, {"unit": XUGOU}),
    ("a unit's column", "any", {"x": "徐沟镇", "y": 3}, WIDE, {"unit": XUGOU}),
    ("the unit picked, again", "any", {"y": "徐沟镇", "x": 60.0}, replace(WIDE, picked=XUGOU), {"unit": None}),
    ("a village's dot", "around", {"x": 4, "y": 26.0, "customdata": ["东北坊村", "徐沟镇"]}, WIDE, {"unit": XUGOU, "village": "140121101200"}),
    ("a village's bar with its unit", "near", {"y": "东北坊村<br><span style='font-size:12px'>徐沟镇</span>", "x": 28.0}, WIDE,
     {"unit": XUGOU, "village": "140121101200"}),
    ("a band", "bands", {"x": "10–30", "y": 43, "curve_number": 0, "point_index": 2}, WIDE, {"band": "3"}),
    ("the band picked, again", "bands", {"curve_number": 0, "point_index": 2}, replace(WIDE, band="3"), {"band": None}),
    ("the villages without a figure", "bands", {"x": "未报", "curve_number": 1, "point_index": 0}, WIDE, {"band": "none"}),
    ("another county's unit", "any", {"y": "迎泽街道", "x": 3}, WIDE, {}),
    ("a month", "any", {"x": "10月", "y": 45.3}, WIDE, {}),
])  # fmt: skip
def test_what_a_click_means(name, key, point, view, codes, opened):
    found = drilling.meant(key, point, view)
    if codes.get("village"):
        codes = {
            **codes,
            "village": next(one.code for one in catalogue().children(XUGOU, "village") if one.label.zh == "东北坊村"),
        }
    assert found == codes, name


def test_the_bands_codes_and_labels_are_those_of_the_chart(opened):
    villages = pd.DataFrame({"goal_income": [1.0, 7.0, 12.0, 31.0, 60.0, 120.0, None]})
    figure = economy.bands(villages, language="zh")
    drawn = [label for trace in figure["data"] for label in trace["x"]]
    assert [drilling.band_label(code, "zh") for code in BANDS] == drawn
    for code, label in zip(BANDS, drawn, strict=True):
        made = marking.marked(figure, picked=drilling.marks(replace(WIDE, band=code))[0], preliminary=set(), language="zh")
        assert f"<b>▶ {label}</b>" in made["layout"]["xaxis"]["ticktext"]


def test_a_name_that_two_villages_share_is_followed_only_with_its_unit(opened):
    places = drilling._places(WIDE)
    assert places.units["徐沟镇"] == XUGOU
    for label, codes in places.villages.items():
        parents = {catalogue().org_unit[code].parent for code in codes}
        for code in codes:
            unit = catalogue().org_unit[catalogue().org_unit[code].parent].label.zh
            if len(parents) == len(codes):
                assert drilling.meant("any", {"customdata": [label, unit]}, WIDE)["village"] == code
        if len(codes) > 1:
            assert drilling.meant("any", {"y": label}, WIDE) == {}


FOLLOWING = {"standing", "around", "near", "cooperation", "forecast_units", "deciding", "top_villages", "crossings"}
"""The exhibits of the economy page that show villages."""


@pytest.mark.parametrize("band", ["3", "none"])
def test_every_exhibit_of_villages_follows_a_band_and_says_so(band, opened, monkeypatch):
    shown = {}
    for door in (shell, columns):
        monkeypatch.setattr(door, "show", lambda exhibit, view: shown.update({exhibit.key: exhibit}))
    for picked in ("", band):
        at = AppTest.from_string("from pages import economy\neconomy.page()", default_timeout=60)
        for key, value in {"lang": "zh", "period": "2022-10", **({"band": picked} if picked else {})}.items():
            at.query_params[key] = value
        at.run()
        assert not at.exception
        if not picked:
            whole = dict(shown)
    inside = set(banded.in_band(whole["bands"].table, band)["org_unit"])
    begins = banded.words(band).zh + ":"
    assert {key for key, exhibit in shown.items() if exhibit.title.zh.startswith(begins)} == FOLLOWING
    for key in FOLLOWING:
        told, before = set(shown[key].table["org_unit"]), set(whole[key].table["org_unit"])
        if key == "crossings":  # who left the band is in it too
            crossed = whole[key].table
            left = set(crossed["org_unit"][crossed["from_band"].astype(str) == str(int(band) - 1)]) if band != "none" else set()
            assert told == before & (inside | left) and (left or band == "none"), key
            continue
        assert told <= inside, key
        assert key == "top_villages" or told == before & inside, f"{key} loses a village of the band"
    assert shown["bands"].figure == whole["bands"].figure and shown["goal_units"].title == whole["goal_units"].title
    assert inside, "the case has villages"


def test_a_band_s_part_of_the_deciding_villages_in_words():
    nearest = pd.DataFrame({"short": [1.5, 2.5]})
    assert village_lists.deciding_part(nearest, made(known=60)).zh == "补缺口最近的17个村中有2个,合计差 4.00 万元"
    assert village_lists.deciding_part(nearest.iloc[:0], made(known=60)).zh == "补缺口最近的17个村都不在这里"
    assert village_lists.deciding_part(nearest, made(known=77)).zh == "按各村最近一次报数,达标村数已经够了"
