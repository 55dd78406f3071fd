"""The reform's milestones against their plan, in days and words; items assigned that changed lawfully; no fines, no ranking."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise

import pandas as pd
import plotly.graph_objects as go
import pytest

from tests.stores import TOWN, commit
from townboard.charts import matters, milestones
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.registering import plan_changed, plan_grid
from townboard.store.registers import RegisterError, RegisterRow, read
from townboard.store.target_sheets import plan
from townboard.text import LANGUAGES, Text, same

NONE = None
STEPS = milestones.elements(catalogue().data_set["law_enforcement"])
CODES = [step.code for step in STEPS]
END = date(2022, 10, 31)
DUE = date(2022, 10, 19)
"""Twelve days before the month's end."""


@pytest.mark.parametrize(("reached", "planned", "kind", "zh", "en"), [
    (NONE, DUE, milestones.OVERDUE, "逾期 12 天", "12 days overdue"),
    (NONE, date(2022, 10, 30), milestones.OVERDUE, "逾期 1 天", "1 day overdue"),
    (NONE, END, milestones.OPEN, "计划 2022-10-31", "due 2022-10-31"),
    (NONE, NONE, milestones.OPEN, "未定计划", "no plan"),
    (date(2022, 10, 31), DUE, milestones.LATE, "晚 12 天", "12 days late"),
    (DUE, DUE, milestones.REACHED, "按期", "in time"),
    (date(2022, 1, 1), NONE, milestones.REACHED, "", ""),
])  # fmt: skip
def test_overdue_is_said_in_days(reached, planned, kind, zh, en):
    assert milestones.state(reached, planned, END) == kind
    assert milestones.days_words(reached, planned, END) == Text(zh, en)


def units(**reached: date) -> pd.DataFrame:
    """清源镇 with what it reached; 马峪乡 sent nothing."""
    return pd.DataFrame({"unit": ["a", "b"], "name": ["清源镇", "马峪乡"], "reported": [True, False],
                         **{code: [reached.get(code), None] for code in CODES}})  # fmt: skip


NINE = units(**dict.fromkeys(CODES[:9], date(2022, 4, 1)))
PLAN = {
    ("a", CODES[0]): date(2022, 3, 20),
    ("a", CODES[9]): DUE,
    ("a", CODES[10]): date(2022, 12, 1),
    ("b", CODES[0]): date(2022, 1, 1),
}


def test_the_matrix_counts_core_and_all_and_says_what_is_late():
    figure = milestones.squares(NINE, STEPS, PLAN, END, "zh")
    go.Figure(figure)
    assert figure["data"][0]["y"] == ["清源镇<br><b>8/8</b> · 9/12", "马峪乡"] and figure["layout"]["shapes"][0]["x0"] == 7.5
    said = [word for trace in figure["data"][1:] if trace.get("text") for word in trace["text"]]
    assert (
        "✓ 2022-04<br>晚 12 天" in said and "▲ 逾期<br>12 天" in said and "○ <br>计划12-01" in said and said.count("未报") == 12
    )
    assert len({kind.mark for kind in milestones.KINDS.values()} - {""}) == 3, "colour is never the only sign"


def test_a_unit_without_a_report_is_not_called_overdue():
    table = milestones.overview(NINE, CODES, PLAN, END)
    assert set(table[table["unit"] == "b"]["state"]) == {milestones.SILENT}
    assert table[table["unit"] == "b"]["late_days"].isna().all()
    assert table[table["unit"] == "a"]["late_days"].dropna().tolist() == [12, 12]


@pytest.mark.parametrize(("plan", "zh"), [
    (PLAN, ";逾期 1 个节点,最久:清源镇 \"三项制度\"建立 逾期 12 天"),
    ({("a", CODES[0]): date(2022, 4, 1)}, ";没有逾期的节点"),
    ({}, ""),
])  # fmt: skip
def test_the_title_says_what_is_overdue_longest(plan, zh):
    assert milestones.title(NINE, STEPS, plan, END).zh == f"已报的 1 个单位中,1 个完成核心 8 个节点(8/8),0 个全部完成(12/12){zh}"
    assert (milestones.no_plan_words(plan) is None) is bool(plan)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_time_line_has_planned_and_reached_days(language):
    dates: dict[Text, date | None] = {step.label: (date(2022, 4, 1) if n < 9 else None) for n, step in enumerate(STEPS)}
    planned = {STEPS[0].label: date(2022, 3, 20), STEPS[9].label: DUE, STEPS[10].label: date(2022, 12, 1)}
    figure = milestones.timeline(dates, planned, on=END, language=language)
    go.Figure(figure)
    traces = {trace.get("name"): trace for trace in figure["data"]}
    assert traces[Text("计划日期", "Planned").say(language)]["x"] == ["2022-03-20", "2022-10-19", "2022-12-01"]
    assert len(traces[Text("核心节点完成", "Core reached").say(language)]["x"]) == 8
    assert traces[Text("逾期未完成", "Overdue").say(language)]["x"] == ["2022-10-31"]
    words = [word.strip() for word in figure["data"][-1]["text"]]
    expected = {
        "zh": ("2022-04-01<br>\u2002晚 12 天", "逾期 12 天", "未定计划"),
        "en": ("2022-04-01<br>\u200212 days late", "12 days<br>\u2002overdue", "no plan"),
    }
    assert (words[0], words[9], words[11]) == expected[language]
    assert milestones.timeline_title(dates, planned, END).zh == (
        '12个改革节点完成9个,其中核心8个完成8个;逾期1个,最久:"三项制度"建立(逾期 12 天)'
    )


def test_a_time_line_of_nothing_is_a_statement():
    assert milestones.timeline({same("a"): None}, {}, on=END, language="zh")["data"] == []


def test_a_unit_s_own_plan_goes_before_the_county_s(empty_store):
    known, street = empty_store.catalogue, "140121-DHJD"
    goals = [plan(known, CODES[0], "140121", date(2022, 4, 30)), plan(known, CODES[0], street, date(2022, 6, 30))]
    empty_store.targets(goals, actor="office", at=datetime(2022, 3, 20))

    def of(as_of: datetime) -> dict:
        return milestones.planned(empty_store.ask("milestone_plan_by_unit", units=[TOWN, street], as_of=as_of))

    assert of(datetime(2022, 3, 1)) == {}
    assert of(datetime(2022, 4, 1)) == {(TOWN, CODES[0]): date(2022, 4, 30), (street, CODES[0]): date(2022, 6, 30)}
    empty_store.targets([plan(known, CODES[0], street, None)], actor="office", at=datetime(2022, 5, 1))
    assert of(datetime(2022, 6, 1))[street, CODES[0]] == date(2022, 4, 30), "taken back: the county's holds again"


def test_the_plan_comes_in_with_the_goal_sheet_or_typed():
    head = "指标,单位代码,年度,基本目标,最高目标,截止日期\n"
    _, goals = read(
        (head + f"执法队挂牌,140121,,,,2022-04-30\nCE01,140121,2022,60,80,\n三室一库,{TOWN},2022,,,2022-07-31\n").encode(),
        catalogue(),
        "a.csv",
    )
    assert [(goal.indicator, goal.org_unit, goal.year, goal.basic, goal.deadline) for goal in goals] == [
        ("team_established_on", "140121", 2022, 1.0, date(2022, 4, 30)), ("CE01", "140121", 2022, 60.0, date(2022, 12, 31)),
        ("premises_built_on", TOWN, 2022, 1.0, date(2022, 7, 31))]  # fmt: skip
    with pytest.raises(RegisterError) as error:
        read((head + "执法队挂牌,140121,,,,四月底\n").encode(), catalogue(), "a.csv")
    assert "计划日期“四月底”" in error.value.mistakes[0].zh
    standing = pd.DataFrame({"indicator": ["team_established_on"], "org_unit": ["140121"], "deadline": [date(2022, 4, 30)]})
    before = plan_grid(catalogue(), standing, "140121")
    assert before["deadline"].tolist() == ["2022-04-30"] + [""] * 11
    after = before.assign(deadline=["", "2022-05-31", "soon", *[""] * 9])
    changed, changes, mistakes = plan_changed(before, after, catalogue(), "140121")
    assert [(goal.indicator, goal.basic) for goal in changed] == [("team_established_on", None), ("posts_approved_on", 1.0)]
    assert (changes[0].before, changes[0].after, len(mistakes)) == ("2022-04-30", None, 1)


def test_assigned_matters_count_from_their_month_and_say_why(empty_store):
    _, none = read(
        f"数据集,指标项,单位代码,值,起始月,依据\nlaw_enforcement,赋权事项数,{TOWN},55,,\n".encode(), catalogue(), "a.csv"
    )
    rows, _ = read(
        f"数据集,指标项,单位代码,值,起始月,依据\nlaw_enforcement,赋权事项数,{TOWN},20,2022-09,县政府收回35项\n".encode(),
        catalogue(),
        "b.csv",
    )
    assert rows == [RegisterRow("law_enforcement", "matters_assigned", TOWN, 20, date(2022, 9, 1), "县政府收回35项")] and not none
    empty_store.register(
        [RegisterRow("law_enforcement", "matters_assigned", TOWN, 55), *rows], actor="office", at=datetime(2022, 3, 20)
    )
    key = ("law_enforcement", TOWN, "matters_assigned")
    assert [empty_store.history(TOWN, Period(2022, month)).register[key] for month in (8, 9, 10)] == [55, 20, 20]
    for month, assigned in ((8, 55), (9, 20), (10, 20)):
        commit(
            empty_store,
            TOWN,
            Period(2022, month),
            {"law_enforcement": {TOWN: {"matters_assigned": assigned, "matters_exercised": 10 + month}}},
        )
    found = empty_store.ask("matters_by_unit_month", units=[TOWN], first_period="2022-01", period="2022-10", basis="approved")
    changed = matters.changes(found)
    assert changed.values.tolist() == [[TOWN, "2022-09", 55, 20, 19, "县政府收回35项"]]
    assert matters.title(changed, 3).zh == "赋权事项:1 个单位有调整(减少 1 次,增加 0 次)"
    said = matters.said(changed, {TOWN: Text("清源镇", "Qingyuan Town")})
    assert "清源镇 2022年9月起 55→20 项(县政府收回35项)" in said.zh and "数量下降不是退步" in said.zh


def test_a_change_that_no_register_explains_is_still_said():
    months = pd.DataFrame({"unit": ["a"] * 3, "period": ["2022-08", "2022-09", "2022-10"], "matters_assigned": [50, None, 52],
                           "matters_exercised": [3, None, None], "since": [None] * 3, "reason": [None] * 3})  # fmt: skip
    changed = matters.changes(months)
    assert changed[["since", "before", "after"]].values.tolist() == [["2022-10", 50, 52]]
    assert "名录没有写依据" in matters.said(changed, {"a": same("甲")}).zh
    assert matters.title(changed.iloc[:0], 3).zh == "赋权事项数没有调整" and matters.title(changed.iloc[:0], 1).zh.endswith(
        "可比"
    )


def test_no_form_asks_for_fines_and_no_indicator_scores_cases():
    for data_set in catalogue():
        for element in data_set.elements:
            assert not any(word in f"{element.code}{element.label.zh}" for word in ("fine", "罚款", "罚没")), element.code
    assert catalogue().indicator["LE07"].direction == "context"


@pytest.mark.parametrize(("first", "last", "words"), [
    (date(2021, 9, 6), date(2022, 11, 15), ["1月<br>2022", "7月"]), (date(2021, 6, 6), date(2022, 8, 15), ["7月", "1月<br>2022", "7月"]),
    (date(2022, 2, 3), date(2022, 5, 20), ["3月<br>2022"]), (date(2021, 1, 1), date(2022, 12, 31), ["1月<br>2021", "1月<br>2022"]),
    (date(2021, 3, 1), date(2024, 5, 1), ["1月<br>2022", "1月<br>2024"]),
])  # fmt: skip
def test_the_words_under_a_time_line_do_not_touch_on_a_telephone(first, last, words):
    made = milestones._ticks(first, last, "zh")
    assert made["ticktext"] == words and all(str(first) <= day <= str(last) for day in made["tickvals"])
    wide = 65 / (last - first).days
    ends = [
        ((date.fromisoformat(day) - first).days * wide, 13.5 if "<br>" in said else 10.0)
        for day, said in zip(made["tickvals"], words, strict=True)
    ]
    assert all(at + half < after - next_half for (at, half), (after, next_half) in pairwise(ends)), ends
