"""The map of units, small multiples, and what happened marked on lines: places from the catalogue or the county's own file, all in words."""

from __future__ import annotations

import json
from datetime import date

import plotly.graph_objects as go
import pytest

from townboard import atlas
from townboard.charts import kit, presses, trends, unit_map
from townboard.loading import CatalogueError, catalogue
from townboard.text import Text, same

COUNTIES = ("140121", "140106")


@pytest.mark.parametrize("county", COUNTIES)
def test_every_unit_has_a_tile_of_its_own(county):
    places = [atlas.tiles()[unit.code] for unit in catalogue().units(county)]
    assert len(set(places)) == len(places) and min(x for x, _ in places) == 0 and min(y for _, y in places) == 0


@pytest.mark.parametrize(("name", "content", "said"), [
    ("tiles.csv", "unit,column,row\n140121100,0,0\n140121101,0,0\n", "stands twice"), ("tiles.csv", "unit,column,row\n999,0,0\n", "unknown unit"),
    ("tiles.csv", "unit,column,row\n140121100,x,0\n", "whole numbers"),
    ("occasions.csv", "date,end,text_zh,text_en,indicators\n2022-13-01,,一,one,\n", "dates"),
    ("occasions.csv", "date,end,text_zh,text_en,indicators\n2022-03-18,,一,one,ZZ01\n", "unknown indicator"),
    ("occasions.csv", "date,end,text_zh,text_en,indicators\n2022-03-18,2022-03-01,一,one,\n", "after the beginning"),
])  # fmt: skip
def test_a_table_with_a_mistake_stops_with_its_line(tmp_path, name, content, said):
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(CatalogueError, match=said):
        {"tiles.csv": atlas.tiles, "occasions.csv": atlas.occasions}[name](tmp_path)


def square(x: float, y: float) -> list[list[float]]:
    return [[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]


def county_file(**changed: object) -> dict:
    """Boundaries of all units of Qingxu that have villages, and of its street."""
    found = catalogue()
    units = [unit.code for unit in found.units("140121") if found.children(unit.code, "village")] + ["140121-DHJD"]
    features = [{"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [square(112 + n / 10, 37.5)]}}
                for n, code in enumerate(units)]  # fmt: skip
    return {"type": "FeatureCollection", "features": features, **changed}


def test_the_county_s_own_boundaries_are_drawn(tmp_path):
    (tmp_path / atlas.BOUNDARIES).write_text(json.dumps(county_file()), encoding="utf-8")
    own = atlas.boundaries(tmp_path, "140121")
    assert own is not None and "140121100" in own and "140121-KFQ" not in own
    (ring,) = own["140121100"]
    assert ring[0] == ring[-1] and ring[1][0] - ring[0][0] < 0.1, "a degree of longitude is shorter than one of latitude"
    places = [unit_map.Place(code, code, "50.0%", "1/2", "on_track") for code in own]
    figure = unit_map.draw(places, own, "zh", is_grid=False)
    go.Figure(figure)
    assert figure["layout"]["yaxis"]["scaleanchor"] == "x" and len(figure["data"]) == len(own) + 2


L_SHAPE = ((0.0, 0.0), (4.0, 0.0), (4.0, 1.0), (1.0, 1.0), (1.0, 4.0), (0.0, 4.0), (0.0, 0.0))


@pytest.mark.parametrize(
    ("x", "y", "hit"), [(0.5, 3.5, True), (3.5, 0.5, True), (3.5, 3.5, False), (5.5, 0.5, True), (4.5, 0.5, False)]
)
def test_a_place_answers_all_over_and_nowhere_else(x, y, hit):
    island = ((5.0, 0.0), (6.0, 0.0), (6.0, 1.0), (5.0, 1.0), (5.0, 0.0))
    made = presses.outlines([("乙", (L_SHAPE, island))], presses.STRIPS)
    over = zip(made["base"], made["x"], made["y"], made["width"], strict=True)
    assert any(left <= x <= left + wide and abs(y - at) <= high / 2 for left, wide, at, high in over) is hit
    assert set(map(tuple, made["customdata"])) == {("乙",)}


def test_no_file_no_boundaries(tmp_path):
    assert atlas.boundaries(tmp_path, "140121") is None


def _with(feature: dict) -> dict:
    return county_file(features=[*county_file()["features"], feature])


POLYGON = {"type": "Polygon", "coordinates": [square(112, 38)]}


@pytest.mark.parametrize(("content", "said"), [
    ([], "FeatureCollection"), ({"type": "FeatureCollection"}, "FeatureCollection"), (county_file(features=[]), "lacks"),
    (_with({"properties": {"code": "999"}, "geometry": POLYGON}), "no unit"), (_with({"properties": None, "geometry": POLYGON}), "no unit"),
    (_with({"properties": {"code": "140121100"}, "geometry": POLYGON}), "twice"),
    (_with({"properties": {"code": "140121-KFQ"}, "geometry": {"type": "Point", "coordinates": [112, 37]}}), "Polygon"),
    (_with({"properties": {"code": "140121-KFQ"}, "geometry": None}), "Polygon"),
    (_with({"properties": {"code": "140121-KFQ"}, "geometry": {"type": "Polygon", "coordinates": [square(112, 37)[:-1]]}}), "open edge"),
    (_with({"properties": {"code": "140121-KFQ"}, "geometry": {"type": "Polygon", "coordinates": [square(4_000_000, 37)]}}), "longitude"),
    (_with({"properties": {"code": "140121-KFQ"}, "geometry": {"type": "Polygon", "coordinates": [[["a", 1]] * 5]}}), "longitude"),
    (_with({"properties": {"code": "140121-KFQ"}, "geometry": {"type": "Polygon", "coordinates": [[[112, float("nan")]] * 5]}}), "longitude"),
])  # fmt: skip
def test_a_broken_file_is_refused_with_a_sentence(content, said):
    with pytest.raises(atlas.BoundariesError, match=said) as refused:
        atlas.parse(content, catalogue(), "140121")
    assert refused.value.words.zh != refused.value.words.en


def test_bytes_that_are_no_json_are_refused(tmp_path):
    for content in (b"\xff\xfe", b"{", b"[" * 100_000):
        (tmp_path / atlas.BOUNDARIES).write_bytes(content)
        with pytest.raises(atlas.BoundariesError, match="valid JSON"):
            atlas.boundaries(tmp_path, "140121")


def test_every_place_says_its_state_and_absence_is_hatched():
    held = {"b": kit.RETURNED, "c": kit.WAITING}
    returned, waiting, missing = (kit.absence(code, ["a", "b", "c"], held) for code in "bca")
    assert [words.zh for words in (returned, waiting, missing, kit.absence("d", ["a"], held))] == [
        "退回修改",
        "待审核",
        "未报",
        "无数据",
    ]
    places = [
        unit_map.Place("140121100", "清源镇", "50.0%", "9/18", "on_track"), unit_map.Place("140121101", "徐沟镇", "—", "", "no_data", missing),
        unit_map.Place("140121102", "东于镇", "—", "", "no_data", returned), unit_map.Place("140121-KFQ", "开发区", "", "", "not_applicable"),
    ]  # fmt: skip
    figure = unit_map.draw(places, atlas.grid(atlas.tiles(), tuple(one.code for one in places)), "zh", is_grid=True)
    go.Figure(figure)
    words = " ".join(text for trace in figure["data"] for text in trace.get("text", []))
    assert all(one in words for one in ("清源镇", "50.0% 9/18", "→ 进度正常", "未报", "退回修改", "不适用"))
    assert sum("fillpattern" in trace for trace in figure["data"]) == 2
    assert unit_map.title(places, same("占比")).zh == "占比:1个单位进度正常、2个单位没有数据"


def test_small_multiples_share_a_scale_and_hatch_what_is_not_there():
    units = [(code, code) for code in "abcdefg"]
    months = ["2022-01", "2022-02", "2022-03"]
    shares = {code: [10.0, None, 20.0] for code in "abcdef"} | {"g": [10.0, 12.0, None]}
    figure = trends.small_multiples(units, months, shares, goal=60, absent={"g": kit.RETURNED}, language="zh")
    go.Figure(figure)
    layout = figure["layout"]
    ranges = {tuple(layout[f"yaxis{n or ''}"]["range"]) for n in (0, *range(2, 8))}
    assert ranges == {(0, 75.0)} and not any(trace.get("connectgaps") for trace in figure["data"])
    hatched = [trace for trace in figure["data"] if "pattern" in trace["marker"]]
    assert [trace["xaxis"] for trace in hatched] == ["x7"] and "退回修改" in layout["annotations"][-1]["text"]
    pressed = [trace for trace in figure["data"] if trace.get("name") == presses.NAME]
    assert [(trace["xaxis"], trace["customdata"]) for trace in pressed[:2]] == [("x", [["a"]]), ("x2", [["b"]])] and len(
        pressed
    ) == 7
    picked = trends.small_multiples(units, months, shares, goal=60, absent={}, language="zh", picked="b")["layout"]
    assert [one["text"] for one in picked["annotations"] if "▶" in one["text"]] == ["<b>▶ b</b> 20.0%"]
    assert [one["xref"] for one in picked["shapes"] if one["type"] == "rect"] == ["x2 domain"]
    assert trends.small_multiples(units, months, {}, goal=60, absent={}, language="zh")["data"] == []


def test_what_happened_is_marked_on_its_day_and_where_it_concerns():
    months = [f"2022-{month:02}" for month in range(1, 7)]
    figure = {"data": [{"type": "scatter", "x": months, "y": [1] * 6}], "layout": {"annotations": [{"text": "goal"}]}}
    found = (
        atlas.Occasion(date(2022, 3, 18), None, Text("动员会", "Meeting"), frozenset()),
        atlas.Occasion(date(2022, 5, 1), date(2022, 8, 1), Text("检查", "Inspection"), frozenset({"CE01"})),
        atlas.Occasion(date(2022, 4, 1), None, Text("别的", "Other"), frozenset({"LE01"})),
        atlas.Occasion(date(2021, 4, 1), None, Text("早先", "Earlier"), frozenset()),
    )
    marked = trends.marked(figure, months, found, "CE01", "zh")
    texts = [one["text"] for one in marked["layout"]["annotations"]]
    assert texts == ["goal", "3月18日 动员会", "5月1日 检查"]
    line, start, band = marked["layout"]["shapes"]
    assert 2 < line["x0"] < 2.2 and start["type"] == "line" and band["type"] == "rect" and band["x1"] <= 5.5
    assert figure["layout"]["annotations"] == [{"text": "goal"}], "what was given is not changed"
    assert [one.words.zh for one in atlas.occasions() if one.concerns("CE01")] == ["全省动员培训会"]
