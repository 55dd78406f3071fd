"""On the wall and on paper: larger figures without controls, whole tables, one unit on one sheet."""

from __future__ import annotations

import copy
import json

import pandas as pd
import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from tests.stores import TOWN, small_store
from townboard.charts import kit, large, one_page, paper_table
from townboard.door import guarding, scripts
from townboard.downloads import Column
from townboard.indicators import Reading
from townboard.loading import catalogue
from townboard.shell import modes
from townboard.text import Text


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A small store the whole module reads."""
    place = tmp_path_factory.mktemp("modes") / "store"
    small_store(place).close()
    return place


def opened(page: str, folder, monkeypatch, **parameters: str) -> AppTest:
    """A page with its address."""
    monkeypatch.setenv("TOWNBOARD_STORE", str(folder))
    test = AppTest.from_string(
        f"from pages import {page}\nfrom townboard import shell\nshell.modes.switch()\n{page}.page()", default_timeout=60
    )
    for key, value in {"lang": "zh", "period": "2022-10", **parameters}.items():
        test.query_params[key] = value
    test.run()
    assert not test.exception
    return test


FIGURE = {
    "data": [
        {"type": "bar", "x": [1, 2], "y": ["甲<br><span style='font-size:10px'>乙</span>", "丙"], "textfont": {"size": 14}, "width": 0.5},
        {"type": "scatter", "mode": "markers", "x": [1], "y": ["丙"], "marker": {"size": [0, 10], "line": {"width": 2}}, "line": {"width": 3}},
    ],
    "layout": kit.layout(height=400, annotations=[{"text": "目标", "yshift": 3, "font": {"size": 14}}], legend={"font": {"size": 12}}),
}  # fmt: skip


def test_everything_that_is_read_grows_and_the_figure_given_stays():
    before = copy.deepcopy(FIGURE)
    grown = large.enlarged(FIGURE)
    assert before == FIGURE and json.dumps(grown, ensure_ascii=False).count("font-size:17px") == 1
    go.Figure(grown)
    layout, (bar, dots) = grown["layout"], grown["data"]
    assert layout["height"] == large.HEIGHT and layout["font"]["size"] == 24 and layout["xaxis"]["tickfont"]["size"] == 24
    assert layout["annotations"][0]["font"]["size"] == 24 and layout["legend"]["font"]["size"] == 20
    assert bar["textfont"]["size"] == 24 and bar["width"] == 0.5, "the width of a bar is a share, not pixels"
    assert dots["marker"]["size"] == [0, 17] and dots["line"]["width"] == pytest.approx(5.1)


def test_many_rows_are_not_enlarged_beyond_their_room():
    tall = {"data": FIGURE["data"], "layout": kit.layout(height=1000)}
    assert large.enlarged(tall)["layout"]["height"] == large.HEIGHT and large.enlarged(tall)["layout"]["font"]["size"] == 11


@pytest.mark.parametrize("page", ["overview", "economy", "clean_collect", "enforcement", "coverage", "burden", "township"])
def test_on_the_wall_there_are_charts_and_no_controls(page, folder, monkeypatch):
    wall = opened(page, folder, monkeypatch, mode="meeting", turn="20", **({"unit": TOWN} if page == "township" else {}))
    figures = [json.loads(element.proto.spec) for element in wall.get("plotly_chart")]
    boards = [element for element in wall.get("html") if "townboard-scroll" in element.proto.body]
    assert figures or boards, f"{page} has nothing for the wall"
    assert all(figure["layout"]["height"] == large.HEIGHT for figure in figures)
    assert not wall.dataframe and not wall.get("download_button")
    bars = [
        element.proto.body
        for element in wall.get("html")
        if "townboard-wall" in element.proto.body and "count" in element.proto.body
    ]
    assert any("2022年10月" in bar and "数据截至" in bar for bar in bars)
    assert wall.button(key="meeting_leave")


def test_entering_and_leaving_stand_in_the_address(folder, monkeypatch):
    test = opened("burden", folder, monkeypatch)
    test.selectbox(key="townboard_turn").select("30")
    test.button(key="meeting_enter").click().run()
    assert test.query_params["mode"] == "meeting" and test.query_params["turn"] == "30"
    test.button(key="meeting_leave").click().run()
    assert "mode" not in test.query_params and "turn" not in test.query_params and test.expander, (
        "the tables are back under their charts"
    )


def test_for_paper_tables_are_whole(folder, monkeypatch):
    paper = opened("economy", folder, monkeypatch, mode="print")
    assert not paper.dataframe
    listed = next(
        element.proto.body for element in paper.get("html") if "paper" in element.proto.body and "大北村" in element.proto.body
    )
    assert listed.count("<tr>") == 1 + 128


def test_a_paper_table_writes_numbers_as_people_read_them():
    shown = pd.DataFrame({"name": ["<b>甲</b>", "乙"], "income": [1234.5, None], "n": [3.0, 4.0], "line": [[1.0], None]})
    columns = [Column("name", Text("村", "Village")), Column("income", Text("收入", "Income"), "number", "万元"), Column("n", Text("数", "n"), "integer"),
               Column("line", Text("走势", "Trend"), "trend")]  # fmt: skip
    made = paper_table.html(shown, columns, "zh")
    assert (
        "<td>1,234.50</td>" in made
        and "<td>—</td>" in made
        and "&lt;b&gt;" in made
        and "走势" not in made
        and "<td>3</td>" in made
    )


def test_one_sheet_says_everything_escaped():
    known = catalogue()
    reading = Reading(Text("a", "a"), "CE01", TOWN, "2022-10", 50.0, 9, 18, "%", "on_track", 60, 80, 1, 1, "", "2022-10")
    villages = [one_page.Village("<大北村>", "31.20", "✓"), one_page.Village("小北村", "—", "?")]
    made = one_page.sheet(
        "清源镇 <10月>",
        ["示例"],
        [(known.themes["economy"], [reading])],
        known.indicator,
        "12 个节点",
        villages,
        "zh",
        villages_title="2个村",
    )
    for words in (
        "清源镇 &lt;10月&gt;",
        "50.0%",
        "9/18",
        "基本 60% · 最高 80%",
        "→ 进度正常",
        "12 个节点",
        "&lt;大北村&gt;",
        "31.20 ✓",
        "— ?",
    ):
        assert words in made


def test_our_scripts_are_the_ones_the_policy_lists():
    policy = guarding.of_pages()
    assert all(guarding.hashed(script) in policy for script in (scripts.MEETING, scripts.PRINTING))


def test_words_in_a_style_cannot_end_it():
    assert not set(modes._quoted('甲"; } </style><script>\\\n乙')) & set('"\\<>{}\n')
