"""Villages by name: who closes the gap, who crossed a band, who holds most; figures are valid and older months are marked."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import pytest

from tests.test_forecast import OCTOBER, history, made
from townboard import comparing, forecast
from townboard.charts import village_lists
from townboard.charts.board_html import html

ROWS = history(("a1", "2022-10", 29.0), ("a2", "2022-10", 12.0), ("b1", "2022-09", 28.5), ("a4", "2022-10", 131.0))


def named(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(unit_name=frame["unit"] + "镇", name=frame["org_unit"] + "村")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_deciding_villages_with_their_amounts(language):
    frame = named(forecast.cheapest(forecast.latest(ROWS, OCTOBER), 2, threshold=30))
    figure = village_lists.deciding(frame, OCTOBER, threshold=30, language=language)
    go.Figure(figure)
    bars, lack, words, _ = figure["data"]
    assert bars["x"] == [28.5, 29.0] and lack["x"] == [1.5, 1.0], "nearest on top"
    assert bars["marker"]["pattern"]["shape"] == ["/", ""], "an earlier month is hatched"
    assert ("9月" if language == "zh" else "Sep") in bars["y"][0] and "1.00" in words["text"][1]
    assert village_lists.deciding(frame.iloc[:0], OCTOBER, threshold=30, language=language)["data"] == []


@pytest.mark.parametrize(("outlook", "count", "zh"), [
    (made(known=75), 2, "再有2个村达标就够目标:最近的2个村合计差 2.50 万元"),
    (made(known=70), 7, "再有7个村达标就够目标:最近的3个村合计差 20.50 万元(没有更多有数据的村)"),
    (made(known=77), 0, "按各村最近一次报数,达标村数已经够了"),
])  # fmt: skip
def test_what_would_close_the_gap_in_words(outlook, count, zh):
    frame = forecast.cheapest(forecast.latest(ROWS, OCTOBER), count, threshold=30)
    assert village_lists.deciding_title(frame, outlook).zh == zh


def test_crossings_by_name():
    rows = history(("a1", "2022-09", 29.9), ("a1", "2022-10", 30.0), ("a5", "2022-09", 101.0), ("a5", "2022-10", 99.0))
    both = comparing.pair(rows, OCTOBER, OCTOBER.previous)
    crossed = named(comparing.crossings(both))
    leads = {crossed["org_unit"].iloc[1]: "township?village=a1"}
    made = html(village_lists.crossings(crossed.assign(name=["<b>五</b>", "一村"]), "zh", leads))
    assert (
        "10–30万\u00a0→<br>30–50万" in made.replace("&#8288;", "")
        and ">一村（a镇）</a>" in made
        and "▲ 1" in made
        and "▼ 1" in made
    )
    assert "&lt;b&gt;" in made and "<b>" not in made and made.count("<a ") == 1
    assert (
        village_lists.crossing_title(crossed, len(both), OCTOBER.previous).zh
        == "与2022年9月相比(两月都报的2个村):1个村升档,1个村降档"
    )
    assert village_lists.crossing_title(crossed.iloc[:0], 2, OCTOBER.previous).zh.endswith("没有村变档")
    assert village_lists.crossing_title(crossed[crossed["to_band"] > crossed["from_band"]], 2, OCTOBER.previous).zh.endswith(
        "1个村升档,没有村降档"
    )
    assert village_lists.crossing_title(crossed, 0, OCTOBER.previous).zh == "与2022年9月没有可比的村"


def test_the_top_villages():
    first, part = comparing.concentration(named(ROWS[ROWS["period"] == "2022-10"]), top=1)
    go.Figure(village_lists.top(first, language="zh"))
    assert [village_lists.how_many(n) for n in (128, 23, 9, 4)] == [10, 3, 3, 1]
    assert village_lists.top_title(first, part, 3).zh == "收入最高的1个村占3个有数据村总收入的 76.2%"
    assert village_lists.top_title(first, None, 0).zh == "还没有收入数据"
    assert village_lists.top(first.iloc[:0], language="en")["data"] == []


@pytest.mark.parametrize(("ids", "stale", "zh"), [
    ([], None, "没有发现扎堆、突击或长期不变的提示"), ([], 3.0, "没有发现扎堆、突击或长期不变的提示;3个村三个月没有变化"),
    (["heaping", "stale-value", "heaping"], 0.0, "值得看一眼:三个月以上没有变化1处、数字扎堆(凑整或刚过线)2处"),
])  # fmt: skip
def test_what_is_worth_a_glance(ids, stale, zh):
    assert village_lists.notes_title(ids, stale).zh == zh
