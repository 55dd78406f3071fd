"""Charts: pure functions from a table to a plain dict; missing is a gap or hatched, and the sentence over a chart is its finding."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pandas as pd
import plotly.graph_objects as go
import pytest

from townboard import comparing, forecast
from townboard.charts import (
    bars,
    board,
    economy,
    economy_words,
    goal,
    goal_words,
    kit,
    matrix,
    milestones,
    overview,
    readings_board,
    township,
    trends,
)
from townboard.charts.board_html import html
from townboard.indicators import Reading
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.shell.frame import STYLE
from townboard.text import Text, same

OCTOBER = Period(2022, 10)
NONE = None
STAGES = {stage: same(stage) for stage in economy.STAGES}


def village(
    name: str, operating: float | None, subsidy: float | None = 0.0, other: float | None = 0.0, *, unit: str = "甲镇"
) -> dict:
    parts = (operating, subsidy, other)
    total = None if None in parts else round(sum(parts), 4)
    return {
        "org_unit": f"{unit}{name}", "unit": unit, "unit_name": unit, "name": name, "in_goal_denominator": True,
        "operating_income": operating, "subsidy_income": subsidy, "other_income": other, "total_income": total, "goal_income": total,
        "at_goal": None if total is None else total >= 30, "at_goal_operating": None if operating is None else operating >= 30,
    }  # fmt: skip


@pytest.fixture
def villages() -> pd.DataFrame:
    return pd.DataFrame([
        village("一", 40.0), village("二", 24.0, 6.0), village("三", 28.5), village("四", 12.0, 3.0), village("五", 4.0),
        village("六", 30.0, unit="乙乡"), village("七", 120.0, unit="乙乡"), village("八", None, None, None, unit="丙乡"),
    ])  # fmt: skip


@pytest.fixture
def months() -> pd.DataFrame:
    answer = pd.DataFrame({
        "period": ["2022-07", "2022-08", "2022-10"], "numerator": [10, 12, 20], "numerator_operating": [8, 9, 15],
        "denominator": [40, 40, 40], "villages_reported": [40, 38, 40], "value": [25.0, 30.0, 50.0], "value_operating": [20.0, 22.5, 37.5],
    })  # fmt: skip
    return goal.months_of(answer, "2022-06", "2022-10")


def figures(villages: pd.DataFrame, months: pd.DataFrame, language: str) -> dict[str, dict]:
    units = goal.by_units(villages, {"甲镇": "甲镇", "乙乡": "乙乡", "丙乡": "丙乡"})
    income = months.assign(operating_income=100.0, total_income=120.0, villages=40)
    income.loc[income["numerator"].isna(), ["operating_income", "total_income"]] = None
    communities = pd.DataFrame({f"coverage_{n}_{side}": [3 + n, None] for n in range(1, 6) for side in ("done", "due")})
    return {
        "goal.over_months": goal.over_months(months, basic=60, highest=80, basis="total", language=language),
        "goal.over_months without goals": goal.over_months(months, basic=None, highest=None, basis="operating", language=language),
        "goal.by_unit": goal.by_unit(units, basic=60, language=language),
        "economy.bands": economy.bands(villages, language=language),
        "economy.around_goal": economy.around_goal(villages, threshold=30, language=language),
        "economy.parts_of_income": economy.parts_of_income(villages, threshold=30, language=language),
        "economy.standing_by_unit": economy.standing_by_unit(villages, ["甲镇", "乙乡", "丙乡"], threshold=30, language=language),
        "economy.by_month": economy.by_month(income, threshold=30, language=language),
        "economy.cooperation": economy.cooperation({"意向": 2, "见效": 1}, STAGES, language=language),
        "township.coverage": township.coverage(communities, ["①", "②", "③", "④", "⑤"], language=language),
    }  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_figure_is_one_plotly_accepts_and_json_can_carry(villages, months, language):
    for name, figure in figures(villages, months, language).items():
        assert figure["data"], name
        go.Figure(figure)  # raises for a key or value that Plotly does not know
        assert "NaN" not in json.dumps(figure, ensure_ascii=False), f"{name}: a missing value must be a gap (null)"
        assert "font" not in figure["layout"] or "color" not in figure["layout"]["font"], f"{name}: text follows the page's theme"
        assert not {"paper_bgcolor", "plot_bgcolor"} & set(figure["layout"]), f"{name}: so does the background"


def test_nothing_reported_is_drawn_as_a_statement(villages, months):
    empty = villages.iloc[:0]
    blank = months.assign(numerator=None, operating_income=None, total_income=None)
    unknown = villages.assign(goal_income=None)
    for name, figure in {
        "months": goal.over_months(blank, basic=60, highest=None, basis="total", language="zh"),
        "by month": economy.by_month(blank, threshold=30, language="zh"),
        "units": goal.by_unit(goal.by_units(empty, {}), basic=60, language="zh"),
        "bands": economy.bands(unknown.astype({"goal_income": float}), language="zh"),
        "around": economy.around_goal(unknown, threshold=30, language="zh"),
        "parts": economy.parts_of_income(empty, threshold=30, language="zh"),
        "standing": economy.standing_by_unit(empty, [], threshold=30, language="zh"),
        "cooperation": economy.cooperation({"无": 9}, STAGES, language="zh"),
    }.items():
        assert figure["data"] == [], name


def test_a_month_without_reports_is_a_gap_never_zero(months):
    assert list(months["period"]) == ["2022-06", "2022-07", "2022-08", "2022-09", "2022-10"]
    figure = goal.over_months(months, basic=60, highest=80, basis="total", language="zh")
    whole, partly, main = (trace for trace in figure["data"] if trace["name"] == "总收入口径")
    assert main["y"] == [None, 25.0, 30.0, None, 50.0]
    assert whole["connectgaps"] is partly["connectgaps"] is False
    assert whole["y"] == [None, 25.0, None, None, 50.0, None], "no way to October: September is not known"
    assert partly["line"]["dash"] == "dash" and partly["y"] == [25.0, 30.0, None, 30.0, None, None]
    assert main["text"] == ["", "10", "12", "", "<b>20/40<br>50.0%</b>"]
    assert main["textposition"] == ["top center"] * 5, "no neighbour: nothing to stand apart from"
    assert main["marker"]["symbol"] == ["circle-open", "circle", "circle-open", "circle-open", "circle"], (
        "hollow: villages missing"
    )


@pytest.mark.parametrize(("shares", "last", "below"), [
    ([40.0, 30.5, None], 1, 1),
    ([40.0, 45.3], 1, 0),
    ([None, 45.3], 1, None),
    ([45.3], 0, None),
])  # fmt: skip
def test_the_newest_label_and_its_neighbour_stand_apart(shares, last, below):
    assert [at for at, side in enumerate(goal._sides(shares, last)) if side == "bottom center"] == (
        [] if below is None else [below]
    )


def test_a_unit_without_figures_is_hatched_with_its_word_not_a_bar_of_zero(villages):
    units = goal.by_units(villages, {"甲镇": "甲镇", "乙乡": "乙乡", "丙乡": "丙乡", "没有村": "没有村"})
    assert list(units["unit"]) == ["甲镇", "乙乡", "丙乡"], "a unit without villages has no row"
    assert units["reached"].tolist()[:2] == [2, 2] and pd.isna(units["reached"].iloc[2])
    figure = goal.by_unit(units, basic=60, language="zh")
    bars = [trace for trace in figure["data"] if trace["type"] == "bar"]
    assert bars[0]["y"] == ["乙乡", "甲镇"] and bars[0]["x"] == [100.0, 40.0]
    assert bars[1]["y"] == ["丙乡"] and bars[1]["marker"]["pattern"]["shape"] == "/"
    words = [text.strip() for trace in figure["data"] if trace.get("mode") == "text" for text in trace["text"]]
    assert words == ["2/2 · 100.0% ✓", "2/5 · 40.0%", "未报 · 1村"]


def test_one_unit_has_no_highest_and_no_lowest(villages):
    names = {code: Text(code, code) for code in ("甲镇", "乙乡", "丙乡")}
    units = goal.by_units(villages, {code: code for code in names})
    assert goal_words.units_standing(units[units["unit"] == "甲镇"], names, basic=60).zh == "甲镇 2/5 个村达标(40.0%),未到60%"
    assert (
        goal_words.units_standing(units[units["unit"] != "甲镇"], names, basic=60).zh
        == "乙乡 2/2 个村达标(100.0%),已到60%;1个没有本月数据"
    )
    assert "最高乙乡 100.0%,最低甲镇 40.0%" in goal_words.units_standing(units, names, basic=60).zh


@pytest.mark.parametrize(("name", "operating", "subsidy", "standing"), [
    ("operating income alone", 30.0, 0.0, economy.OPERATING),
    ("24 + 6 reaches on total income only (B2)", 24.0, 6.0, economy.SUBSIDISED),
    ("0.01 short", 29.99, 0.0, economy.CLOSE),
    ("27 is a near miss", 27.0, 0.0, economy.CLOSE),
    ("below 27", 26.99, 0.0, economy.SHORT),
    ("nothing known", None, None, economy.ABSENT),
])  # fmt: skip
def test_how_a_village_stands(name, operating, subsidy, standing):
    frame = pd.DataFrame([village(name, operating, subsidy), village("other", 1.0)])
    assert economy.standing_of(frame, 30)[0] == standing


def test_bands_include_their_lower_bound():
    edges = pd.DataFrame(
        [village(str(n), value) for n, value in enumerate((0.0, 4.99, 5.0, 10.0, 29.99, 30.0, 50.0, 99.99, 100.0))]
    )
    assert economy.band_counts(edges) == [2, 1, 2, 1, 2, 1]


@pytest.mark.parametrize(("name", "reached", "villages", "zh", "en"), [
    ("B1: 86 of 144", 86, 144, "十月:86/144 个村达到30万元(59.7%),距60%还差1个村", "Oct: 86/144 villages at 300,000 yuan (59.7%), 1 short of the 60% goal"),
    ("B1: 87 of 144 is the goal", 87, 144, "十月:87/144 个村达到30万元(60.4%),刚好达到60%目标", "Oct: 87/144 villages at 300,000 yuan (60.4%), exactly at the 60% goal"),
    ("B1: 76 of 128", 76, 128, "十月:76/128 个村达到30万元(59.4%),距60%还差1个村", NONE),
    ("above", 80, 128, "十月:80/128 个村达到30万元(62.5%),已过60%目标,多3个村", NONE),
    ("not reached although it rounds to 60.0 %", 1199, 1999, "十月:1,199/1,999 个村达到30万元(60.0%),距60%还差1个村", NONE),
    ("nothing known", None, 128, "十月:还没有村集体经济数据", "Oct: no village income has been reported"),
])  # fmt: skip
def test_the_goal_in_one_sentence(name, reached, villages, zh, en):
    said = goal_words.standing(Text("十月", "Oct"), reached, villages, 60)
    assert said.zh == zh, name
    assert en is None or said.en == en


def test_sentences_over_the_economy_charts(villages, months):
    assert (
        economy_words.months_title(months, 60).zh == "10月有 20/40 个村达标(50.0%),与时序应达的 50.0% 持平;有2个月没有数据(留空)"
    )
    assert economy_words.bands_title(villages).zh == "最多的是30–50万一档(3个村);10万以下1个村,百万元村1个"
    assert economy_words.around_title(villages, 30).zh == "有1个村离30万元不到3万元;1个村只靠补助和其他收入达标"
    assert economy_words.standing_title(villages, 30).en == (
        "4 villages reached on total income, 3 on operating income; the 1 between relies on subsidies and other income"
    )
    assert "按上年进度应达 44.0%,快 6.0 个百分点" in economy_words.months_title(months, 60, [44.0] * 12, own=True).zh, (
        "another pace has another name"
    )
    near = villages[villages["name"] == "三"]
    assert economy_words.near_title(near, 30, 1).zh == "1个村在27–30万元之间,合计还差1.50万元;其中1个村达标就能补上缺口"
    assert economy_words.near_title(near, 30, 4).zh == "1个村在27–30万元之间,合计还差1.50万元;全部达标也还差3个村"
    assert economy_words.near_title(near, 30, 4, old=51).zh.endswith("全部达标也还差3个村(未报的按上次报数)")
    assert economy_words.near_title(near.iloc[:0], 30, 4).zh == "没有27–30万元之间的村"
    assert (
        economy_words.cooperation_title({"意向": 2, "签约": 3, "见效": 1}, 30, 40).zh
        == "与神农集团合作(30/40个村有数):4个村已签约、在建或见效,其中见效1个;意向2个"
    )
    assert economy_words.cooperation_title({}, 0, 40) == economy_words.NOTHING, "what is not reported is not none"
    income = pd.DataFrame(
        [{"period": "2022-10", "total_income": 2798.72, "operating_income": 2494.0, "villages_reported": 77, "villages": 128}]
    )
    assert (
        economy_words.income_title(income, 30).zh
        == "截至10月77/128个村总收入 2,798.72 万元,经营性占 89.1%;为村均30万元按月折算的 145.4%"
    )
    short = villages.assign(goal_income=9.0, operating_income=9.0)
    assert economy_words.standing_title(short, 30).zh == "两个口径都还没有村达标"
    assert economy_words.around_title(short, 30).zh == "27–30万元之间没有村,也没有只靠补助和其他收入达标的村"
    assert economy_words.standing_title(short.assign(goal_income=31.0, operating_income=31.0), 30).zh.startswith("两个口径都是")


def test_equal_units_have_no_highest_and_no_lowest():
    units = pd.DataFrame([{"unit": code, "name": code, "villages": 10, "villages_reported": 10, "reached": 0, "reached_operating": 0}
                          for code in ("a", "b")])  # fmt: skip
    names = {"a": same("甲"), "b": same("乙")}
    assert goal_words.units_standing(units, names, basic=60).zh == "已报的2个单位中0个达到60%;都是0.0%"
    assert trends.title({"a": 0.0, "b": 0.0}, names, 60, 0).zh == "各单位走势:0个单位达到60%,都是 0.0%"
    assert trends.title({"a": 55.6}, names, 60, 0).zh == "各单位走势:0个单位达到60%,甲 55.6%"


@pytest.mark.parametrize(("name", "value", "decimals", "written"), [
    ("half up", 0.125, 2, "0.13"), ("half up again", 2.5, 0, "3"), ("thousands", 12345.678, 1, "12,345.7"),
    ("missing is a dash", None, 2, "—"), ("not a number is a dash", float("nan"), 2, "—"), ("zero is zero", 0, 0, "0"),
])  # fmt: skip
def test_numbers_as_officials_write_them(name, value, decimals, written):
    assert kit.number(value, decimals) == written, name


@pytest.mark.parametrize(("value", "zh", "en"), [
    (22.89, "22.89 万元", "228,900 yuan"), (1062.0, "1,062.00 万元", "10.62 million yuan"), (23600.0, "2.36 亿元", "236.00 million yuan"),
    (None, "—", "—"),
])  # fmt: skip
def test_money(value, zh, en):
    assert kit.money(value) == Text(zh, en)


@pytest.mark.parametrize(
    ("value", "zh"), [(3.14, "+3.1 个百分点"), (-0.04, "0.0 个百分点"), (-12.5, "−12.5 个百分点"), (None, "—")]
)
def test_differences_of_percentages_are_points(value, zh):
    assert kit.points(value).zh == zh


def test_shares_need_both_sides():
    assert kit.percent(58, 128) == "45.3%" and kit.share(58, 128) == "58/128"
    assert [kit.percent(*sides) for sides in ((None, 128), (3, None), (3, 0))] == ["—", "—", "—"]


def reading(id: str, value: float | None, status: str, *, unit: str = "140121100", basic: float | None = 60.0, n: float | None = None,
            of: float | None = None) -> Reading:  # fmt: skip
    known = catalogue().indicator[id]
    return Reading(known.code, id, unit, "2022-10", value, n, of, known.unit, status, basic, None, 1, 1, "", "2022-10")


def test_who_is_behind_is_ranked_by_the_distance_to_the_even_pace():
    frame = overview.behind([
        reading("CE01", 45.0, "behind"), reading("CE01", 20.0, "behind", unit="140121101"), reading("LE01", 90.0, "on_track"),
        reading("QH10", 2.0, "behind", basic=0.0), reading("PE01", None, "no_data"), reading("CM06", 55.0, "not_reached", basic=90.0),
    ])  # fmt: skip
    assert [(row.id, *(round(one, 1) for one in (row.progress, row.pace, row.difference))) for row in frame.itertuples()] == [
        ("CE01", 33.3, 83.3, -50.0), ("CM06", 61.1, 100.0, -38.9), ("CE01", 75.0, 83.3, -8.3)
    ], "progress is the part of the goal, due the part of the year"  # fmt: skip
    names = {"140121100": Text("清源镇", "Qingyuan"), "140121101": Text("徐沟镇", "Xugou")}
    assert overview.behind_title(frame, names, 5).zh == "2个单位有3项滞后,差距最大的是徐沟镇,差50.0个百分点"
    assert overview.behind_title(frame.iloc[:0], names, 5).zh == "四项任务的5个主要指标没有单位滞后"


def test_a_quarterly_figure_is_held_against_its_own_month_as_its_status_is():
    frame = overview.behind([replace(reading("PE01", 52.0, "behind", basic=80.0), data_period="2022-09")])
    assert [round(one, 1) for one in frame.iloc[0][["progress", "pace", "difference"]]] == [65.0, 75.0, -10.0]


@pytest.mark.parametrize(("name", "rows", "zh"), [
    ("one community is no worst unit", [("CM06", "140121102", 0.0, 0, 1), ("CE01", "140121101", 40.0, 8, 20)],
     "2个单位有2项滞后,差距最大的是徐沟镇,差16.7个百分点"),
    ("only shares of a few", [("CM06", "140121102", 0.0, 0, 1), ("CM06", "140121101", 33.3, 1, 3)], "2个单位有2项滞后"),
    ("equals", [("CE01", "140121102", 0.0, 0, 12), ("CE01", "140121101", 0.0, 0, 23)], "2个单位有2项滞后,差距最大的2项都差83.3个百分点"),
    ("one unit", [("CE01", "140121101", 40.0, 8, 20)], "徐沟镇有1项滞后,最多差16.7个百分点"),
])  # fmt: skip
def test_the_furthest_behind_is_said_only_where_somebody_is(name, rows, zh):
    frame = overview.behind([reading(id, value, "behind", unit=unit, n=n, of=of) for id, unit, value, n, of in rows])
    names = {code: catalogue().org_unit[code].label for code in ("140121101", "140121102")}
    assert overview.behind_title(frame, names, 5).zh == zh
    assert frame["few"].tolist() == sorted(frame["few"]), "shares of a few stand last"


def test_what_changed_says_both_sides_of_both_months():
    frame = overview.changes([reading("CE01", 50.0, "behind", n=10, of=20)], [reading("CE01", 45.0, "behind", n=9, of=20)])
    words = html(overview.changes_board(frame.assign(year=None), catalogue(), "zh"))
    assert "9/20" in words and "10/20" in words


def test_january_says_what_it_does_not_compare():
    assert "不与上年12月比" in overview.compared(0, Period(2021, 1), within_year=False).zh
    assert "不与上年12月比" not in overview.compared(0, Period(2021, 10)).zh


def test_changes_compare_only_what_both_months_have():
    now = [
        reading("CE01", 50.0, "behind"),
        reading("LE01", None, "no_data"),
        reading("PE01", 70.0, "on_track"),
        reading("QH10", 3.0, "behind"),
    ]
    before = [
        reading("CE01", 41.9, "behind"),
        reading("LE01", 50.0, "behind"),
        reading("PE01", 80.0, "on_track"),
        reading("QH10", 1.0, "behind"),
    ]
    frame = overview.changes(now, before)
    assert [(row.id, round(row.change, 6)) for row in frame.itertuples()] == [("PE01", -10.0), ("CE01", 8.1)]
    assert (
        overview.changes_title(frame, catalogue(), 7, OCTOBER.previous).zh
        == "与2022年9月相比(两月都报的7个单位):变化最大的是组织覆盖率,−10.0 个百分点"
    )
    assert overview.changes_title(frame.iloc[:0], catalogue(), 0, OCTOBER.previous).zh == "与9月没有可比的单位"


@pytest.mark.parametrize(("today", "days", "since"), [
    (date(2022, 11, 2), 59, "从今天算起"), (date(2022, 12, 31), 0, "从今天算起"), (date(2026, 1, 1), 61, "从10月末算起"),
    (date(2022, 10, 20), 61, "从10月末算起"),
])  # fmt: skip
def test_days_left(today, days, since):
    assert (
        overview.days_left(OCTOBER, date(2022, 12, 31), today)[0],
        overview.days_left(OCTOBER, date(2022, 12, 31), today)[1].zh,
    ) == (days, since)


def test_the_order_of_units_is_official_or_by_one_indicator():
    cells = {("a", "CE01"): reading("CE01", 20.0, "behind"), ("b", "CE01"): reading("CE01", None, "no_data"),
             ("c", "CE01"): reading("CE01", 60.0, "basic_reached")}  # fmt: skip
    assert overview.ordered(["a", "b", "c", "d"], cells, "") == ["a", "b", "c", "d"]
    assert overview.ordered(["a", "b", "c", "d"], cells, "CE01") == ["c", "a", "b", "d"], "without a value: at the end"


@pytest.mark.parametrize(("step", "said"), [(8.31, "▲ +8.3"), (-2.0, "▼ −2.0"), (0.04, "＝")])
def test_a_step_has_a_sign_and_a_direction(step, said):
    assert board.step_words(step) == said
    made = readings_board.scorecard([("a", same("甲"))], [(same("经济"), [catalogue().indicator["CE01"]])], {("a", "CE01"): reading("CE01", 45.3, "behind")},
                           [], "zh", {("a", "CE01"): step})  # fmt: skip
    assert said in html(made)


@pytest.mark.parametrize(("counts", "zh"), [
    ((10, 0, 0), "10/10 个单位已报,都已审核"), ((10, 2, 1), "8/10 个单位已报;2个未报,1个已报未审核"), ((0, 0, 0), "本月无应报单位"),
    ((10, 2, 1, 1), "8/10 个单位已报;1个未报,1个退回修改,1个已报未审核"), ((10, 3, 0, 1), "7/10 个单位已报;2个未报,1个退回修改"),
])  # fmt: skip
def test_who_is_missing_in_one_sentence(counts, zh):
    assert overview.missing_title(*counts).zh == zh


def test_a_quarterly_column_says_of_which_month_it_is():
    themes = [(same("非公"), [catalogue().indicator["PE01"]]), (same("经济"), [catalogue().indicator["CE01"]])]
    quarters = {"PE01": readings_board.quarter(replace(reading("PE01", 80.0, "on_track"), data_period="2022-09"), catalogue())}
    made = readings_board.scorecard(
        [("a", same("甲"))], themes, {("a", "PE01"): reading("PE01", 80.0, "on_track")}, [], "zh", quarters=quarters
    )
    assert html(made).replace("&#8288;", "").count("季报，2022年9月末") == 1


def test_a_theme_says_its_quarter_and_which_of_its_figures_are_not_of_it():
    known, may = catalogue(), {"data_period": "2022-09"}
    duties, cells = replace(reading("BR01", 40.0, "on_track"), **may), replace(reading("BR06", 74.0, "context"), reported_units=1)
    income, closed = reading("CE01", 45.3, "behind"), replace(reading("QH01", 83.3, "on_track"), reported_units=0)
    assert readings_board.themed(known.themes["burden"], [duties, cells], known).say("zh") == "基层减负（季报，2022年9月末）"
    assert readings_board.themed(known.themes["burden"], [duties, cells], known).en.endswith(
        " (quarterly, end of September 2022)"
    )
    assert readings_board.themed(known.themes["economy"], [income], known) == known.themes["economy"]
    assert readings_board.remarks([duties, cells], known) == {"BR06": Text("本月数", "this month")}
    assert readings_board.remarks([income, closed], known) == {"QH01": readings_board.CARRIED}
    shown = html(readings_board.listing([duties, cells, closed], known, "zh"))
    assert shown.count("本月数") == 1 and shown.count("沿用以前月份") == 1


def test_boards_say_status_in_words_and_escape_what_people_typed():
    known = catalogue().indicator
    cells = {("a", "CE01"): reading("CE01", 45.3, "behind", n=58, of=128), ("b", "CE01"): reading("CE01", None, "no_data")}
    made = html(readings_board.scorecard(
        [("a", same("<b>甲&镇</b>")), ("b", same("乙")), ("c", same("丙"))], [(same("经济"), [known["CE01"]])], cells, ["b"], "zh",
        leads={"a": "township?unit=a&period=2022-10"},
    ))  # fmt: skip
    assert "&lt;b&gt;甲&amp;镇&lt;/b&gt;" in made and "<b>" not in made
    assert made.count("<a ") == 1 and 'href="township?unit=a&amp;period=2022-10"' in made, "a unit's name leads to its page"
    assert "45.3%" in made and "58/128" in made and "▼ 进度滞后" in made
    assert '<td class="absent small">未报</td>' in made and "– 不适用" in made
    assert "0.0%" not in made, "what was not reported is no zero"
    sent_back = html(
        readings_board.scorecard(
            [("b", same("乙"))], [(same("经济"), [known["CE01"]])], cells, ["b"], "zh", held_back={"b": kit.RETURNED}
        )
    )
    assert '<td class="absent small">退回修改</td>' in sent_back and "未报" not in sent_back
    others = {"CE01": comparing.Peers(8, 45.0, 45.5, 58.3)}
    with_others = html(readings_board.listing([cells["a", "CE01"], cells["b", "CE01"]], catalogue(), "zh", others))
    assert with_others.replace("&#8288;", "").count("其他8个单位中位45.5%（四分位45.0–58.3），居中") == 1, (
        "no value, no comparison"
    )
    listed = html(readings_board.listing([cells["a", "CE01"]], catalogue(), "en"))
    assert "Behind" in listed and "basic 60%" in listed


def test_every_status_has_a_word_a_sign_an_icon_and_a_colour():
    from townboard.indicators import STATUSES

    assert set(kit.STATUS) == {*STATUSES, "none"}
    assert len({sign for _, sign, _, _ in kit.STATUS.values()}) == len(kit.STATUS), "signs differ, so colour is never alone"
    assert kit.status_markdown("behind", "zh") == ":orange-badge[:material/hourglass_bottom: 进度滞后]"


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", [kit.BLUE, kit.AMBER, kit.TEAL, kit.VIOLET, kit.RUST, kit.GREY, kit.GOAL, kit.DEEP])
def test_data_colours_stand_out_on_both_pages(colour):
    """Graphical objects want a contrast of about 3:1 (WCAG 1.4.11); 2.5 is held on both backgrounds."""
    for page in ("#FFFFFF", "#15181D"):
        high, low = sorted((luminance(colour), luminance(page)), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 2.5, (colour, page)


def test_the_sentence_over_a_theme_counts_what_has_a_goal():
    found = [
        reading("CE01", 1, "behind"),
        reading("CE03", 1, "highest_reached"),
        reading("CE08", 1, "context"),
        reading("CE04", None, "no_data"),
    ]
    assert township.theme_title(Text("村集体经济", "Village economy"), found) == Text(
        "村集体经济:1项达到目标、1项滞后、1项无数据", "Village economy: 1 reached, 1 behind, 1 without data"
    )
    assert (
        milestones.timeline_title({same("a"): date(2022, 1, 1), Text("下一步", "next step"): None}, {}, OCTOBER.end).zh
        == "2个改革节点完成1个,其中核心2个完成1个;下一个:下一步"
    )


@pytest.mark.parametrize(("most", "step"), [(3, 1), (40, None)])
def test_few_things_are_counted_one_by_one(most, step):
    figure = bars.stacked(["甲镇"], [("已办", [1]), ("未办", [most - 1])], "zh", unit="个", reported=[True])
    assert figure["layout"]["xaxis"].get("dtick") == step


@pytest.mark.parametrize(("known", "older", "start"), [(20, 0, 50.0), (26, 6, 65.0)])
def test_the_forecast_starts_from_what_is_known_of_all_villages(months, known, older, start):
    ahead = forecast.Outlook(OCTOBER, 40, 24, 20, known, older, older, 0, 28, 27, 0, 26, 30, 8, 1.0, 2.0, OCTOBER, 40, 1.0)
    year = goal.months_of(months, "2022-01", "2022-12")
    drawn = goal.over_months(year, basic=60, highest=80, basis="total", language="zh", ahead=ahead)["data"]
    line = next(trace for trace in drawn if trace["name"] == "年底预计和范围")
    assert line["y"] == [70.0, start] and line["x"][0] == "12月"
    high = goal.over_months(year, basic=60, highest=80, basis="total", language="zh", ahead=replace(ahead, forecast=40, high=40))
    assert high["layout"]["yaxis"]["range"][1] > 100, "a forecast of all villages is seen"
    assert ("text" in line) is bool(older), (
        "the villages of missing units are counted beside the hollow point, in words below the title"
    )


@pytest.mark.parametrize(("status", "sides", "stands"), [
    ("no_data", (0, 0), "none"),
    ("no_data", (None, 0), "no_data"),
    ("no_data", (None, None), "no_data"),
    ("behind", (1, 4), "behind"),
])  # fmt: skip
def test_a_rate_of_nothing_is_not_one_without_data(status, sides, stands):
    n, of = sides
    assert kit.standing(reading("QH02", None, status, n=n, of=of)) == stands


@pytest.mark.parametrize(("words", "language", "lines"), [
    ("执法队挂牌", "zh", ["执法队", "挂牌"]), ("机构编制核定", "zh", ["机构编", "制核定"]), ("人员到岗", "zh", ["人员到岗"]),
    ("First general-procedure case closed", "en", ["First", "general-", "procedure", "case", "closed"]),
])  # fmt: skip
def test_a_column_s_name_stands_in_lines_nearly_as_long_as_each_other(words, language, lines):
    assert matrix.wrapped(words, language).split("<br>") == lines
    assert "general-procedure" in matrix.wrapped("First general-procedure case closed", "en", 12)


def test_a_number_on_a_hatched_bar_is_read_on_a_dark_page_too(villages):
    figure = economy.standing_by_unit(villages, list(villages["unit_name"].unique()), threshold=30, language="zh")
    hatched = [trace for trace in figure["data"] if "pattern" in trace.get("marker", {})]
    assert hatched and all(trace["insidetextfont"]["color"] == kit.PAGE for trace in hatched)
    assert f'text[style*="{kit.PAGE}"]' in STYLE, "the frame gives it the page's colour"


def test_numbers_beside_an_axis_have_separators():
    assert all(kit.layout(height=100)[axis]["separatethousands"] for axis in ("xaxis", "yaxis"))


@pytest.mark.parametrize(("shares", "goals", "side", "beside"), [
    ([44.0, 48.0, None, None, None], [80.0], "top center", "bottom center"), ([44.0, 55.6, None, None, None], [60.0, 80.0], "bottom right", "top center"),
    ([44.0, 55.6], [60.0], "bottom center", "top center"), ([44.0, 60.0, None, None, None], [60.0], "top center", "bottom center"),
])  # fmt: skip
def test_no_goal_goes_through_the_newest_share(shares, goals, side, beside):
    assert goal._sides(shares, 1, goals)[:2] == [beside, side]


def test_without_a_goal_no_share_of_it_is_spoken_of():
    names = {"a": same("甲镇"), "b": same("乙镇")}
    assert trends.title({"a": 50.0, "b": 23.1}, names, None, 0).zh == "各单位走势:没有设定目标,最高甲镇 50.0%,最低乙镇 23.1%"
    units = pd.DataFrame({"unit": ["a", "b"], "reached": [6, 3], "villages": [12, 13]})
    assert goal_words.units_standing(units, names, basic=None).zh == "2个单位已报,没有设定目标;最高甲镇 50.0%,最低乙镇 23.1%"
    assert goal_words.units_standing(units, names, basic=60).zh.startswith("已报的2个单位中0个达到60%;")


@pytest.mark.parametrize(("high", "at"), [(77.8, 80.0), (64.0, 64.0), (85.0, 85.0)])
def test_the_forecast_s_words_stand_above_a_goal_just_over_its_range(high, at):
    found = forecast.Outlook(
        OCTOBER, 1000, 600, 600, 600, 0, 0, 0, 640, 640, 0, 560, int(high * 10), 8, 1.0, 2.0, OCTOBER, 1000, 1.0
    )
    words = goal._ahead(found, "10月", 60.0, "12月", [60.0, 80.0], "zh")[1]
    assert (words["y"], words["yanchor"]) == (at, "bottom")


def test_the_legend_of_a_single_unit_is_not_cut_off(villages):
    one = villages[villages["unit_name"] == villages["unit_name"].iloc[0]]
    figure = economy.standing_by_unit(one, [one["unit_name"].iloc[0]], threshold=30, language="zh")
    assert figure["layout"]["height"] / 2 >= len(economy.STANDING) * 21
