"""How numbers are written (domain §6), as a table: money, shares, differences, rounding half up; and what decides a status."""

from __future__ import annotations

import pandas as pd
import pytest

from townboard import downloads
from townboard.charts import goal, goal_words, kit, paper_table
from townboard.downloads import Column
from townboard.shell import grids
from townboard.text import Text, same

DASH = "—"


@pytest.mark.parametrize(("value", "zh", "en"), [
    (0, "0.00 万元", "0 yuan"), (22.89, "22.89 万元", "228,900 yuan"), (29.995, "30.00 万元", "299,950 yuan"), (-3.2, "-3.20 万元", "-32,000 yuan"),
    (1062, "1,062.00 万元", "10.62 million yuan"), (9999.99, "9,999.99 万元", "100.00 million yuan"), (10000, "1.00 亿元", "100.00 million yuan"),
    (123456.7, "12.35 亿元", "1,234.57 million yuan"), (None, DASH, DASH), (float("nan"), DASH, DASH),
])  # fmt: skip
def test_money(value, zh, en):
    assert (kit.money(value).zh, kit.money(value).en) == (zh, en)


@pytest.mark.parametrize(("n", "of", "words"), [
    (128, 144, "88.9%"), (1, 8, "12.5%"), (5, 80, "6.3%"), (1, 3, "33.3%"), (2, 3, "66.7%"), (0, 7, "0.0%"), (7, 7, "100.0%"), (1499, 2500, "60.0%"),
    (None, 7, DASH), (3, None, DASH), (3, 0, DASH),
])  # fmt: skip
def test_percent_is_rounded_half_up(n, of, words):
    assert kit.percent(n, of) == words


@pytest.mark.parametrize(("value", "decimals", "words"), [
    (0.5, 0, "1"), (1.5, 0, "2"), (2.5, 0, "3"), (2.675, 2, "2.68"), (1234.5, 0, "1,235"), (-0.5, 0, "-1"), (1e6, 0, "1,000,000"), (None, 2, DASH), (pd.NA, 0, DASH),
])  # fmt: skip
def test_numbers_are_rounded_half_up(value, decimals, words):
    assert kit.number(value, decimals) == words


@pytest.mark.parametrize(("value", "zh", "en"), [
    (3.14, "+3.1 个百分点", "+3.1 percentage points"), (-3.15, "−3.2 个百分点", "−3.2 percentage points"), (0.04, "0.0 个百分点", "0.0 percentage points"), (None, DASH, DASH),
])  # fmt: skip
def test_differences_of_percentages_are_points(value, zh, en):
    assert (kit.points(value).zh, kit.points(value).en) == (zh, en)


@pytest.mark.parametrize(("reached", "villages", "zh"), [
    (1499, 2500, "10月:1,499/2,500 个村达到30万元(60.0%),距60%还差1个村"), (1500, 2500, "10月:1,500/2,500 个村达到30万元(60.0%),刚好达到60%目标"),
    (1501, 2500, "10月:1,501/2,500 个村达到30万元(60.0%),已过60%目标,多1个村"), (76, 128, "10月:76/128 个村达到30万元(59.4%),距60%还差1个村"),
    (77, 128, "10月:77/128 个村达到30万元(60.2%),刚好达到60%目标"),
])  # fmt: skip
def test_the_exact_fraction_decides_whatever_is_shown(reached, villages, zh):
    assert goal_words.standing(same("10月"), reached, villages, 60).zh == zh


def test_a_bar_s_tick_rests_on_the_exact_fraction():
    units = pd.DataFrame({"unit": ["a", "b"], "name": ["甲", "乙"], "villages": [2500, 2500], "villages_reported": [2500, 2500], "reached": [1499, 1500],
                          "reached_operating": [0, 0]})  # fmt: skip
    said = goal.by_unit(units, basic=60, language="zh")["data"][1]["text"]
    assert [words.endswith("✓") for words in said] == [True, False], "乙 is drawn first, at the bottom"


def test_a_line_of_months_is_taken_away_as_numbers():
    trend = Column(
        "by_month", Text("走势", "Trend"), "trend", "万元", 2, (Text("1月", "Jan"), Text("2月", "Feb"), Text("3月", "Mar"))
    )
    frame = pd.DataFrame({"name": ["甲", "乙"], "by_month": [[1.5, None, 3.0], None]})
    spread, heads = downloads.spread(frame, [Column("name", Text("村", "Village")), trend])
    assert [head.heading("zh") for head in heads] == ["村", "走势 1月（万元）", "走势 2月（万元）", "走势 3月（万元）"]
    assert spread["by_month_1"].tolist()[0] == 1.5 and spread.iloc[0].isna().tolist() == [False, False, True, False]
    assert spread.iloc[1, 1:].isna().all(), "missing is an empty cell, never zero"
    about = downloads.About(Text("表", "Table"))
    assert downloads.csv(spread, heads, about).decode("utf-8-sig").splitlines()[1] == "甲,1.5,,3"


def test_numbers_of_several_measures_in_one_column_have_the_decimals_they_need():
    column = Column("numerator", Text("分子", "Numerator"), "figure")
    screen = grids._drawable(pd.DataFrame({"numerator": [12.0, 52.175, None]}), [column])
    assert screen["numerator"].tolist()[:2] == [12.0, 52.18] and pd.isna(screen["numerator"].iloc[2]), (
        "the screen itself would cut it off"
    )
    drawn = paper_table.html(pd.DataFrame({"numerator": [8.0, 2841.0, 599.72, None]}), [column], "zh")
    assert [cell.split("<")[0] for cell in drawn.split("<td>")[1:]] == ["8", "2,841", "599.72", "—"]


def test_a_column_of_numbers_has_separators_on_the_screen():
    shown = {
        kind: grids._column(Column("n", Text("数", "N"), kind))["type_config"]["format"]
        for kind in ("number", "integer", "figure")
    }
    assert shown == {"number": "%,.2f", "integer": "%,.0f", "figure": "localized"}
