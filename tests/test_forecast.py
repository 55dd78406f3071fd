"""Forecast, pace and comparisons: unit tables worked out by hand; the county's forecast is the indicator's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import plotly.graph_objects as go
import pytest

from townboard import comparing, forecast
from townboard.charts import goal_tiles, outlook
from townboard.indicators import Reading
from townboard.periods import Period
from townboard.text import Text

OCTOBER = Period(2022, 10)


def history(*rows: tuple[str, str, float | None] | tuple[str, str, float | None, float | None]) -> pd.DataFrame:
    """(village, month, income[, expected]) → the query's table."""
    return pd.DataFrame([
        {"period": row[1], "unit": row[0][0], "org_unit": row[0], "in_goal_denominator": True, "operating_income": row[2],
         "total_income": row[2], "goal_income": row[2], "expected_income": row[3] if len(row) > 3 else None} for row in rows
    ]).astype({"goal_income": float, "operating_income": float, "total_income": float, "expected_income": float})  # fmt: skip


@pytest.mark.parametrize(("name", "rows", "rests_on", "expected"), [
    ("the calendar", [("a1", "2022-10", 25.0)], "linear", 30.0),
    ("its own expectation", [("a1", "2022-10", 25.0, 28.0)], "expected", 28.0),
    ("its own last year", [("a1", "2021-10", 8.0), ("a1", "2021-12", 16.0), ("a1", "2022-10", 25.0)], "profile", 50.0),
    ("a last year without that month", [("a1", "2021-12", 16.0), ("a1", "2022-10", 25.0)], "linear", 30.0),
    ("a last year that fell", [("a1", "2021-10", 20.0), ("a1", "2021-12", 16.0), ("a1", "2022-10", 25.0)], "linear", 30.0),
    ("an earlier report", [("a1", "2022-06", 20.0)], "linear", 40.0),
])  # fmt: skip
def test_a_village_is_carried_to_december(name, rows, rests_on, expected):
    found = forecast.by_village(history(*rows), OCTOBER, basis="total").iloc[0]
    assert found["rests_on"] == rests_on and found["forecast"] == pytest.approx(expected, rel=1e-5)


def test_expectations_count_on_the_total_basis_only():
    rows = history(("a1", "2022-10", 25.0, 28.0))
    assert forecast.by_village(rows, OCTOBER, basis="operating").iloc[0]["rests_on"] == "linear"


def test_twenty_five_in_october_is_thirty_in_december():
    found = forecast.by_village(history(("a1", "2022-10", 25.0)), OCTOBER, basis="total").iloc[0]
    assert found["forecast"] >= 30, "as the indicator counts it (weight cut at six decimals)"


def test_the_rule_is_tried_on_the_past_with_the_same_lead():
    rows = [
        ("a1", "2022-08", 24.0),
        ("a1", "2022-10", 31.0),
        ("a2", "2022-08", 25.0),
        ("a2", "2022-10", 27.0),
        ("a3", "2022-08", 40.0),
    ]
    found = forecast.tested(history(*rows), OCTOBER, threshold=30, basis="total")
    assert found.values.tolist() == [["2022-08", "2022-10", 2, 2, 1, 1]], "a3 has no October: it is not compared"


def test_nothing_is_tried_in_december_or_across_years():
    rows = history(("a1", "2021-11", 20.0), ("a1", "2022-01", 3.0), ("a1", "2022-12", 30.0))
    assert forecast.tested(rows, Period(2022, 12), threshold=30, basis="total").empty
    assert forecast.tested(rows, Period(2022, 10), threshold=30, basis="total").empty


def test_the_outlook_counts_the_newest_report_of_each_village():
    rows = history(
        ("a1", "2022-07", 10.0), ("a1", "2022-08", 26.0), ("a1", "2022-10", 31.0), ("a2", "2022-07", 31.0), ("a2", "2022-10", 35.0), ("a3", "2022-07", 20.0),
        ("a3", "2022-10", 26.0), ("b1", "2022-09", 32.0), ("b2", "2022-09", 10.0), ("b3", "2022-07", 28.0), ("b3", "2022-09", 31.0),
    )  # fmt: skip
    found = forecast.outlook(rows, OCTOBER, 10, basic=60, threshold=30, basis="total")
    assert (found.needed, found.reached, found.gap) == (6, 2, 4)
    assert (found.known, found.older, found.older_reached, found.silent, found.gap_known) == (4, 3, 2, 4, 2)
    assert (found.pace, found.pace_since, found.pace_villages) == (pytest.approx(1 / 3 + 1 / 2), Period(2022, 7), 4), (
        "a1 in three months, b3 in the two up to its newest report; b1, b2 have no July"
    )
    assert found.wanted == 1.0 and found.arrival is None and found.forecast == 5
    assert found.low is not None and found.high is not None and found.low <= found.forecast <= found.high


@pytest.mark.parametrize(("known", "pace", "arrives"), [(5, 1.0, Period(2022, 11)), (4, 1.0, Period(2022, 12)), (3, 1.0, None), (6, 0.0, OCTOBER),
                                                        (5, 0.0, None), (5, None, None)])  # fmt: skip
def test_when_at_this_pace(known, pace, arrives):
    found = forecast.Outlook(OCTOBER, 10, 6, known, known, 0, 0, 0, 6, 6, 0, None, None, 0, None, pace, None, 0, None)
    assert found.arrival == arrives


def test_an_empty_history_has_an_outlook():
    empty = history(("a1", "2022-10", None))
    found = forecast.outlook(empty, OCTOBER, 3, basic=60, threshold=30, basis="total")
    assert (found.reached, found.forecast, found.silent, found.low, found.pace) == (0, 0, 3, None, None)


def test_the_cheapest_villages_that_close_the_gap():
    rows = history(("a1", "2022-10", 29.0), ("a2", "2022-10", 12.0), ("a3", "2022-10", 28.5), ("a4", "2022-10", 31.0))
    found = forecast.cheapest(rows, 2, threshold=30)
    assert found[["org_unit", "short"]].values.tolist() == [["a1", 1.0], ["a3", 1.5]]
    assert forecast.cheapest(rows, 0, threshold=30).empty


def test_the_pace_line_is_last_years_or_straight():
    straight, rests_on = forecast.pace_line(history(("a1", "2021-12", 9.0)), 2022, basic=60)
    assert rests_on == "linear" and straight[9] == pytest.approx(50.0) and straight[11] == 60.0
    year = [("a1", f"2021-{month:02d}", float(month**2)) for month in range(1, 13)]
    curved, rests_on = forecast.pace_line(history(*year, ("a2", "2021-12", 500.0)), 2022, basic=60)
    assert rests_on == "profile" and curved[5] == pytest.approx(60 * 36 / 144) and curved[11] == 60.0


@pytest.mark.parametrize(("own", "found"), [("a", (5, 3.0, 4.0, 5.0)), ("d", (5, 2.0, 3.0, 5.0)), ("f", (5, 2.0, 3.0, 4.0))])
def test_peers_never_hold_the_units_own_value(own, found):
    values = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0, "e": 5.0, "f": 6.0, "g": None}
    got = comparing.peers(values, own)
    assert got is not None and (got.count, got.low, got.median, got.high) == found


def test_few_values_have_no_quartiles():
    assert comparing.peers({"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0, "e": None}, "a") is None


@pytest.mark.parametrize(("value", "direction", "zh"), [
    (90.0, "higher", "前四分之一"), (10.0, "higher", "后四分之一"), (50.0, "higher", "居中"), (10.0, "lower", "前四分之一"),
    (90.0, "lower", "后四分之一"), (90.0, "context", None), (None, "higher", None),
])  # fmt: skip
def test_where_a_value_stands_among_its_peers(value, direction, zh):
    said = comparing.against(value, comparing.Peers(8, 40.0, 50.0, 60.0), direction)
    assert (said.zh if isinstance(said, Text) else None) == zh


def reading(unit: str, value: float | None, month: str = "2022-10") -> Reading:
    return Reading("villages_at_goal_share", "CE01", unit, month, value, None, None, "%", "behind", 60, 80, 1, 1, "", month)


def test_changes_compare_units_that_reported_both():
    now = [reading("a", 50.0), reading("b", 40.0), reading("c", None), reading("d", 7.0, "2022-09")]
    before = [reading(unit, value, "2022-09") for unit, value in (("a", 45.0), ("b", 40.0), ("c", 1.0), ("d", 7.0))]
    assert comparing.changes(now, before, ["a", "c", "d"]) == {("a", "CE01"): 5.0}, (
        "d: one quarterly report stands for both months"
    )


def test_a_village_missing_in_one_month_makes_no_change():
    """A unit whose 18th village came only this month is not compared: the figure moved, nothing else did."""
    now = [
        replace(reading("a", 50.0), extras={"places_reported": 18}),
        replace(reading("b", 40.0), extras={"places_reported": 9}),
    ]
    before = [
        replace(reading("a", 45.0, "2022-09"), extras={"places_reported": 17}),
        replace(reading("b", 35.0, "2022-09"), extras={"places_reported": 9}),
    ]
    assert comparing.alike(now, before) == {("b", "CE01")}
    assert comparing.changes(now, before, ["a", "b"]) == {("b", "CE01"): 5.0}


def test_bands_are_crossed_by_villages_that_reported_both_months():
    rows = history(("a1", "2022-09", 29.9), ("a1", "2022-10", 30.0), ("a2", "2022-09", 12.0), ("a2", "2022-10", 13.0),
                   ("a3", "2022-09", 9.0), ("a4", "2022-10", 55.0), ("a5", "2022-09", 101.0), ("a5", "2022-10", 99.0))  # fmt: skip
    both = comparing.pair(rows, OCTOBER, OCTOBER.previous)
    assert list(both["org_unit"]) == ["a1", "a2", "a5"]
    assert comparing.crossings(both)[["org_unit", "from_band", "to_band"]].values.tolist() == [["a5", 5, 4], ["a1", 2, 3]]
    assert comparing.crossings(both.iloc[:0]).empty


def test_concentration_is_the_part_of_the_top_villages():
    rows = history(("a1", "2022-10", 60.0), ("a2", "2022-10", 20.0), ("a3", "2022-10", 20.0), ("a4", "2022-10", None))
    first, part = comparing.concentration(rows, top=1)
    assert list(first["org_unit"]) == ["a1"] and part == 60.0
    assert comparing.concentration(rows[rows["goal_income"].isna()])[1] is None


def made(**change) -> forecast.Outlook:
    """An October in which 48 of 128 are at the goal, two units missing."""
    known = {
        "period": OCTOBER, "villages": 128, "needed": 77, "reached": 48, "known": 62, "older": 31, "older_reached": 14, "silent": 0, "forecast": 70, "projected": 68,
        "expected": 93, "low": 66, "high": 74, "tests": 8, "mean_error": 1.25, "pace": 6.0, "pace_since": Period(2022, 7), "pace_villages": 97, "wanted": 7.5,
    }  # fmt: skip
    return forecast.Outlook(**{**known, **change})


@pytest.mark.parametrize(("words", "zh"), [
    (outlook.gap_words(made()), "未报单位上次报数时已有14个村达标,补报后还差15个"),
    (outlook.gap_words(made(older=0, older_reached=0)), "按全部村计算,未报的村不算达标"),
    (outlook.pace_words(made()), "往后每月要 **7.5** 个村,7月以来每月 **6.0** 个(97个村,未报的算到上次报数)"),
    (outlook.pace_words(made(older=0, pace_villages=128)), "往后每月要 **7.5** 个村,7月以来每月 **6.0** 个(128个村)"),
    (outlook.pace_words(made(pace=None)), "往后每月要 **7.5** 个村;还没有可比的月份"),
    (outlook.pace_words(made(wanted=None)), "全年已经结束"),
    (outlook.arrival_words(made()), "按现在的速度,年内达不到"),
    (outlook.arrival_words(made(pace=None)), "还看不出达标速度"),
    (outlook.arrival_words(made(pace=0.0)), "按现在的速度,年内达不到"),
    (outlook.arrival_words(made(pace=8.0)), "按现在的速度,12月能达到"),
    (outlook.arrival_words(made(known=77)), "按各村最近一次报数,已经达到目标"),
    (outlook.range_words(made()), "范围 **66–74** 个村,目标 77 个;只按进度推算 **68** 个"),
    (outlook.range_words(made(low=None)), "只按进度推算 **68** 个;还没有可回测的月份"),
    (outlook.forecast_words(made()), "预计年底还差 7 个村"),
    (outlook.forecast_words(made(forecast=77)), "预计年底刚好达到目标"),
    (outlook.forecast_words(made(forecast=80)), "预计年底超过目标 3 个村"),
    (outlook.forecast_words(made(forecast=78, high=82)), "可能达到目标,也可能差 11 个村"),
    (outlook.forecast_words(made(forecast=78, low=77, high=82)), "预计年底超过目标 1 个村"),
    (outlook.forecast_words(made(forecast=76, high=77)), "可能达到目标,也可能差 11 个村"),
    (outlook.tested_words(made()), "推算办法提前2个月回测8次,平均差1.3个村;93个村用填报的预计数(未经回测)"),
    (outlook.tested_words(made(tests=0)), "93个村用填报的预计数(未经回测)"),
    (outlook.tested_words(made(tests=0, expected=0)), "按各村进度推算"),
    (outlook.by_unit_title(made()), "年底预计 70 个村达标(66–74),预计年底还差 7 个村;31个村按以前月份的数推算"),
    (outlook.time_words(37.5, 60, 50), "进度 62.5%,时序 83.3%,差 20.8 个百分点"),
    (outlook.time_words(55, 60, 50), "进度 91.7%,时序 83.3%,快 8.3 个百分点"),
    (outlook.time_words(50, 60, 50), "进度 83.3%,时序 83.3%,持平"),
    (outlook.time_words(None, 60, 50), "还没有数据"),
    (outlook.countdown(date(2023, 12, 31), date(2022, 10, 31)), "专项行动到2023年12月31日,还有426天"),
    (outlook.countdown(date(2023, 12, 31), date(2024, 1, 1)), "专项行动已经结束"),
])  # fmt: skip
def test_the_outlook_in_words(words, zh):
    assert words.zh == zh and words.en


@pytest.mark.parametrize(("change", "said"), [
    ({}, False),
    ({"forecast": 78}, True),
    ({"forecast": 78, "pace": 8.0}, False),
    ({"forecast": 70, "pace": 8.0}, True),
    ({"forecast": 78, "pace": None, "pace_since": None}, False),
    ({"forecast": 78, "known": 77}, False),
])  # fmt: skip
def test_where_pace_and_forecast_disagree_one_sentence_says_why(change, said):
    words = outlook.bases_words(made(**change))
    assert (words is not None) is said
    if words is not None:
        assert "其中93个村用自己填报的预计数,只按进度推算是68个村" in words.zh and "since Jul" in words.en


def test_the_four_tiles_of_the_goal():
    whole = Reading(
        "a", "CE01", "140121", "2022-10", 37.5, 48.0, 128.0, "%", "behind", 60, 80, 7, 9, "", "2022-10", deadline="2022-12-31"
    )
    own = Reading("b", "CE05", "140121", "2022-10", 28.9, 37.0, 128.0, "%", "behind", 60, 80, 7, 9, "", "2022-10")
    shown = {one.key: one for one in goal_tiles.tiles(whole, own, made(), 60.3, date(2023, 12, 31), date(2026, 1, 1))}
    assert [one.value.zh for one in shown.values()] == ["37.5%", "29 个村", "61 天", "70 个村"]
    assert shown["share"].note.zh == "经营性口径 28.9%(37/128),11个村靠补助和其他收入达标"
    assert shown["gap"].detail.zh == "最近的 **15** 个村合计差 **60.30 万元**"
    assert "2022-12-31" in shown["days"].note.zh and "426天" in shown["days"].note.zh
    assert shown["forecast"].label.zh == "年底预计达标(54.7%)"


@pytest.mark.parametrize(("income", "ahead", "kind"), [
    (31.0, 31.0, outlook.AT_GOAL), (25.0, 30.0, outlook.WILL), (20.0, 28.0, outlook.CLOSE), (20.0, 26.9, outlook.WONT),
    (None, None, outlook.SILENT),
])  # fmt: skip
def test_how_a_village_will_stand(income, ahead, kind):
    assert outlook.group(income, ahead, 30) == kind


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_outlook_in_figures(language):
    villages = pd.DataFrame([{"unit": unit, "unit_name": unit, "org_unit": code, "name": code, "in_goal_denominator": True}
                             for unit, code in (("甲", "a1"), ("甲", "a2"), ("乙", "b1"), ("丙", "c1"))])  # fmt: skip
    rows = history(("a1", "2022-10", 31.0), ("a2", "2022-10", 20.0), ("b1", "2022-09", 24.0))
    frame = outlook.grouped(villages, forecast.by_village(rows, OCTOBER, basis="total"), 30)
    assert frame["group"].tolist() == [outlook.AT_GOAL, outlook.WONT, outlook.WILL, outlook.SILENT]
    figure = outlook.by_unit(frame, OCTOBER, language)
    go.Figure(figure)
    assert any(("9月" if language == "zh" else "Sep") in row for row in figure["data"][0]["y"]), "an older month is named"
    trials = pd.DataFrame(
        [["2022-08", "2022-10", 97, 50, 48, 2], ["2022-07", "2022-09", 128, 49, 51, -2]], columns=forecast.TESTED
    )
    go.Figure(outlook.trials(trials, language))
    assert (
        outlook.trials_title(trials, 2).zh
        == "用同样办法提前2个月预计了2次,平均差2.0个村、多估和少估相抵,最大相差2个村(10月、9月)"
    )
    sides = {trace["name"]: trace["textposition"] for trace in outlook.trials(trials, "zh")["data"]}
    assert sides["实际达标"] == ["bottom center", "top center"] and sides["当时预计"] == ["top center", "bottom center"]
    assert outlook.trials_title(trials.iloc[:1], 2).zh.endswith("平均差2.0个村、总体偏多,最大相差2个村(10月)")
    assert outlook.trials(trials.iloc[:0], language)["data"] == []
