"""Figures of the theme pages: valid Plotly, missing never drawn as zero, goals and both sides always said, both languages."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd
import plotly.graph_objects as go
import pytest

from townboard.charts import (
    bars,
    burden,
    clean_collect,
    contracts,
    coverage,
    enforcement,
    enterprises,
    kit,
    marking,
    matrix,
    milestones,
    submissions,
)
from townboard.charts.bars import Progress
from townboard.loading import catalogue
from townboard.text import LANGUAGES, Text

NAN = float("nan")
STEPS = milestones.elements(catalogue().data_set["law_enforcement"])
CODES = [step.code for step in STEPS]

PROGRESS = [
    Progress("债务化解率", 70.3, 3070.73, 4369.83, "万元", 50, 80),
    Progress("合同整改率", 95.3, 465, 488, "份", 90, 100),
    Progress("报了但缺一边", None, 3, None, "份", 90, 100),
    Progress("未报", None, reported=False),
]
STAFF = pd.DataFrame({
    "name": ["清源镇", "徐沟镇", "马峪乡"], "reported": [True, True, False], "staff_quota": [10, 8, NAN], "staff_on_post": [9, NAN, NAN],
    "staff_certified": [8, 0, NAN],
})  # fmt: skip
MONEY = pd.DataFrame({
    "name": ["清源镇", "徐沟镇", "马峪乡"], "reported": [True, True, False], "fees_recovered": [1.5, 2.0, NAN], "resource_fees": [0.5, NAN, NAN],
    "debt_locked": [10.0, 8.0, NAN], "debt_resolved": [4.0, 8.0, NAN], "debt_written_off": [1.0, NAN, NAN],
})  # fmt: skip
COMMUNITIES = pd.DataFrame({
    "name": ["一社区", "二社区"], "reported": [True, False], **{f"coverage_{n}_done": [n, NAN] for n in coverage.FIVE},
    **{f"coverage_{n}_due": [5, 5] for n in coverage.FIVE}, "unserviced_compounds": [4, 2], "unserviced_resolved": [3, NAN],
    "resolved_by_company": [1, NAN], "resolved_by_community": [NAN, NAN], "resolved_by_owners": [1, NAN],
    "enterprises_operating": [120, NAN], "covered_at_all": [105, NAN], "covered_by_organisation": [85, NAN],
})  # fmt: skip
BURDEN = pd.DataFrame({"name": ["清源镇", "马峪乡"], "signs_baseline": [20, 12], "signs_now": [5, NAN]})
CELLS = pd.DataFrame({
    "name": ["清源镇", "徐沟镇", "马峪乡"], "reported": [True, True, False], "typed_cells": [72.0, 104.0, NAN], "data_cells": [900.0, 230.0, NAN],
})  # fmt: skip
MONTHS = pd.DataFrame({"label": ["8月", "9月", "10月"], "typed_mean": [70.0, NAN, 57.4]})


def dates(**reached: date) -> dict[str, list]:
    """One row a unit: what the first unit reached; the second reported nothing."""
    return {code: [reached.get(code), None] for code in CODES}


MATRIX = pd.DataFrame(
    {
        "unit": ["a", "b"],
        "name": ["清源镇", "马峪乡"],
        "reported": [True, False],
        **dates(**dict.fromkeys(CODES[:9], date(2022, 4, 1))),
    }
)

FIGURES = {
    "done against due": lambda spoken: bars.progress(PROGRESS, spoken),
    "nothing at all": lambda spoken: bars.progress([], spoken),
    "staff": lambda spoken: enforcement.staff(STAFF, spoken),
    "milestones": lambda spoken: milestones.squares(MATRIX, STEPS, {}, date(2022, 10, 31), spoken),
    "flow of contracts": lambda spoken: contracts.flow(dict(zip(contracts.CONTRACTS, (40.0, 10.0, 6.0, 30.0), strict=True)), spoken),
    "cash": lambda spoken: clean_collect.cash(MONEY, spoken),
    "debt": lambda spoken: clean_collect.debt(MONEY, spoken),
    "five coverages": lambda spoken: coverage.five(COMMUNITIES, [f"①{n}" for n in coverage.FIVE], spoken),
    "property service": lambda spoken: coverage.unserviced(coverage.with_ways(COMMUNITIES), spoken),
    "enterprises": lambda spoken: enterprises.two_coverages(COMMUNITIES, spoken),
    "before and now": lambda spoken: burden.before_and_now(BURDEN, "signs", spoken, "块"),
    "typed cells": lambda spoken: burden.typed_cells(CELLS, spoken, basic=80, highest=50),
    "typed cells by month": lambda spoken: burden.typed_by_month(MONTHS, spoken, basic=80, highest=50),
    "board": lambda spoken: submissions.board(["清源镇"], ["9月", "10月"], {(0, 0): ("approved", True), (0, 1): ("absent", False)}, spoken),
}  # fmt: skip


def texts(figure: dict) -> str:
    """Every text and name of a figure's data."""
    said = []
    for trace in figure["data"]:
        shown = trace.get("text", "")
        flat = shown if isinstance(shown, list) else [shown]
        said += [word for entry in flat for word in (entry if isinstance(entry, list) else [entry])]
        said += [trace.get("name", ""), *map(str, trace.get("y", []))]
    return "\n".join(said).replace("<br>", " ")


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_valid_plotly(name, spoken):
    figure = FIGURES[name](spoken)
    assert isinstance(figure, dict)
    go.Figure(figure)


@pytest.mark.parametrize(
    "name", [name for name in FIGURES if name not in ("nothing at all", "flow of contracts", "typed cells by month", "board")]
)
@pytest.mark.parametrize(("spoken", "word"), [("zh", "未报"), ("en", "ot reported")])
def test_what_was_not_reported_is_said(name, spoken, word):
    assert word in texts(FIGURES[name](spoken))


@pytest.mark.parametrize(("row", "sides"), [
    (PROGRESS[0], "3,070.73/4,369.83 万元"),
    (PROGRESS[1], "465/488 份"),
    (PROGRESS[2], ""),
    (Progress("", 50.0, 0.0, 2.0, "村"), "0/2 村"),
])  # fmt: skip
def test_a_share_travels_with_both_sides(row, sides):
    assert row.sides == sides


def test_missing_is_no_bar_of_length_zero():
    drawn = next(trace for trace in bars.progress(PROGRESS, "zh")["data"] if trace.get("name") == "完成率")
    assert drawn["x"] == [70.3, 95.3]


def test_a_reached_goal_is_a_mark_not_a_colour_alone():
    drawn = next(trace for trace in bars.progress(PROGRESS, "zh")["data"] if trace.get("mode") == "text")
    assert [marking.head(words) for words in drawn["text"]] == ["70.3% ✓", "95.3% ✓"]
    assert ">3,070.73/4,369.83 万元<" in drawn["text"][0] and ">465/488 份<" in drawn["text"][1], "with both its sides"


def test_what_stands_from_an_earlier_month_is_hatched_and_says_so():
    figure = bars.progress([PROGRESS[0], Progress("马峪乡", 92.3, 12, 13, "村", 100, reported=False, carried=True)], "zh")
    bar = next(trace for trace in figure["data"] if trace.get("name") == "完成率")
    assert bar["marker"]["pattern"]["shape"] == ["", "/"]
    said = next(trace for trace in figure["data"] if trace.get("mode") == "text")["text"]
    assert "沿用" in said[1] and "沿用" not in said[0]
    assert ">12/13 村<" in said[1] and "未报" in bar["y"][1] and "未报" not in bar["y"][0]


@pytest.mark.parametrize(("words", "lines"), [
    ("新增资源收费面积占比", ["新增资源收费", "面积占比"]), ("问题合同整改率", ["问题合同整改率"]), ("五项均100%社区占比", ["五项均100%社区占比"]),
    ("Qingxu Economic Development Zone", ["Qingxu Economic", "Development Zone"]), ("Xugou Town", ["Xugou Town"]),
])  # fmt: skip
def test_a_long_name_stands_in_lines_and_is_one_name_to_a_click(words, lines):
    label = f"{bars.row_name(words)}<br>{kit.small('1/2')}"
    assert re.split(r"<br /?>", label.partition("<br>")[0]) == lines
    assert marking.head(label) == words


def test_a_workbook_sent_back_is_not_called_unreported():
    figure = bars.progress(
        [Progress("孟封镇", None, reported=False, absent=kit.RETURNED), Progress("马峪乡", None, reported=False)], "zh"
    )
    assert next(trace for trace in figure["data"] if trace.get("text") == [" 退回修改", " 未报"])["y"] == ["孟封镇", "马峪乡"]
    layers = [("锁定", [None, 13.8]), ("已化解", [None, 4.0])]
    nested = bars.nested(
        ["孟封镇", "东于镇"], layers, "zh", unit="万元", reported=[False, True], states=["退回修改", "已报"], decimals=2
    )
    assert nested["data"][-1]["text"] == [" 退回修改"]
    assert "13.80 → 4.00" in nested["data"][0]["y"][1], "money has two decimals"
    stacked = bars.stacked(["孟封镇"], [("收回", [None])], "zh", unit="万元", reported=[False], states=["退回修改"])
    assert stacked["data"][-1]["text"] == [" 退回修改"]


def test_the_highest_goal_has_its_own_mark():
    drawn = bars.progress(
        [Progress("东湖街道", 60.9, 28, 46, "项", 30, 60), Progress("徐沟镇", 45.5, 20, 44, "项", 30, 60)], "zh"
    )
    said = next(trace for trace in drawn["data"] if trace.get("mode") == "text")["text"]
    assert [marking.head(words) for words in said] == ["60.9% ★", "45.5% ✓"]


def test_goals_are_drawn_beside_values_only():
    goals = {
        trace["name"]: trace["x"]
        for trace in bars.progress(PROGRESS, "zh")["data"]
        if trace.get("name") in ("基本目标", "最高目标")
    }
    assert goals == {"基本目标": [50, 90], "最高目标": [80, 100]}


def test_the_funnel_says_a_dash_for_a_missing_part():
    rows = enforcement.staff(STAFF, "zh")["data"][0]["y"]
    assert [row.partition("<br>")[0] for row in rows] == ["清源镇", "徐沟镇", "马峪乡"]
    assert "10 → 9 → 8" in rows[0] and "8 → — → 0" in rows[1] and "→" not in rows[2]


def test_there_are_twelve_milestones_and_the_first_eight_are_core():
    assert len(STEPS) == 12
    assert STEPS[7].code == "dispatch_running_on"


def test_resolved_debt_is_never_part_of_cash():
    names = {trace.get("name") for trace in clean_collect.cash(MONEY, "zh")["data"]}
    assert "收回承包费" in names and not any("债" in (name or "") for name in names)


def test_a_sum_with_a_missing_part_is_not_a_sum():
    sums = clean_collect.cash(MONEY, "zh")["data"][2]["text"]
    assert sums == ["  2", "  缺数", ""]


@pytest.mark.parametrize(("done", "due", "expected"), [(4, 5, 80.0), (0, 5, 0.0), (NAN, 5, None), (4, NAN, None), (0, 0, None)])
def test_a_coverage_without_both_sides_has_no_value(done, due, expected):
    assert coverage.share(done, due) == expected


def test_a_full_coverage_is_ticked():
    figure = coverage.five(COMMUNITIES, [f"①{n}" for n in coverage.FIVE], "zh")
    assert figure["data"][0]["text"][0] == ["20.0%<br>1/5", "40.0%<br>2/5", "60.0%<br>3/5", "80.0%<br>4/5", "✓ 100.0%<br>5/5"]
    assert figure["data"][0]["z"][1] == [None] * 5


def test_ways_of_property_service_add_up():
    frame = coverage.with_ways(COMMUNITIES)
    row = frame.iloc[0]
    assert (row["resolved_by_company"], row["resolved_by_others"], row["resolved_unsorted"], row["unserviced_open"]) == (
        1,
        1,
        1,
        1,
    )
    assert frame.iloc[1][["resolved_by_company", "resolved_by_others", "resolved_unsorted", "unserviced_open"]].isna().all()


def test_over_the_goal_is_said_in_words():
    bar = burden.typed_cells(CELLS, "zh", basic=80, highest=50)["data"][1]
    assert [words.strip() for words in bar["text"]] == ["72 / 900", "104 / 230 超标"]


def test_a_month_without_reports_is_a_gap():
    column = burden.typed_by_month(MONTHS, "zh", basic=80, highest=50)["data"][0]
    assert column["y"] == [70.0, None, 57.4]
    assert burden.typed_by_month(MONTHS.assign(typed_mean=NAN), "zh", basic=80, highest=50)["data"] == []


@pytest.mark.parametrize(("state", "late", "zh", "en"), [
    ("approved", False, "通过", "<br>approved"),
    ("approved", True, "通过<br>迟", "late<br>approved"),
    ("waiting", False, "待审", "<br>waiting"),
    ("absent", False, "未报", "<br>missing"),
    ("exempt", False, "免报", "<br>exempt"),
    ("zero", True, "零报<br>迟", "late<br>all zeros"),
])  # fmt: skip
def test_a_square_of_the_board_says_its_state(state, late, zh, en):
    assert submissions.word(state, late, "zh") == zh
    assert submissions.word(state, late, "en") == en


def test_every_state_has_a_mark_of_its_own():
    marks = [kind.mark for kind in submissions.KINDS.values()]
    assert len(set(marks)) == len(marks)


def test_a_matrix_keeps_the_order_it_is_given():
    kinds = {"a": matrix.State(Text("甲", "A"), "○", "#fff", ""), "b": matrix.State(Text("乙", "B"), "✓", "#000", "#fff")}
    figure = matrix.states(["r2", "r1"], ["c"], [["b"], ["a"]], [["x"], ["y"]], kinds, "zh")
    assert figure["data"][0]["y"] == ["r2", "r1"]
    assert figure["data"][0]["z"] == [[1.5], [0.5]]
    assert [trace["text"] for trace in figure["data"][1:-1]] == [["○ y"], ["✓ x"]]
    pressed = figure["data"][-1]
    assert pressed["customdata"] == [["r2"], ["r1"]] and pressed["hovertext"] == ["r2 · c<br>乙", "r1 · c<br>甲"]


def test_a_row_of_the_board_keeps_its_unit_s_name_in_its_lines():
    unit = "Qingxu Economic Development Zone"
    figure = submissions.board([unit], ["Oct"], {(0, 0): ("absent", True)}, "en")
    pressed = figure["data"][-1]
    assert "<br" in figure["data"][0]["y"][0] and marking.head(figure["data"][0]["y"][0]) == unit
    assert pressed["customdata"] == [[unit]] and pressed["hovertext"][0].endswith("· Oct<br>late missing"), (
        "hatched: its own words"
    )


@pytest.mark.parametrize(("value", "said"), [(5053, "5,053"), (1062.0, "1,062"), (0.5, "0.5"), (1.234, "1.23"), (0.0, "0")])
def test_amounts_are_said_as_people_read_them(value, said):
    assert bars.amount(value) == said
