"""Forms of one unit, written down a page, side by side, in one row of a county table; and the cover."""

from __future__ import annotations

import pytest

from tests.sheets import HEAD, SIX, ids, taken, values
from tests.workbooks import OCTOBER, QINGYUAN, xlsx
from townboard.findings import Refusal
from townboard.periods import Period

LAW = [["核定编制", 12], ["在岗人数", 10], ["持证人数", 8], ["执法队挂牌", "2022-03-28"]]


UNIT_FORMS = [
    ("label and value", [["综合执法情况"], ["指标", "数量"], *LAW], "B"),
    ("without a heading", LAW, "B"),
    ("units and last month", [["序号", "指标", "单位", "上月", "本月", "备注"], *([n, a, "人", 1, b] for n, (a, b) in enumerate(LAW, 1))], "E"),
    ("this month before last", [["项目", "计量单位", "本期", "上期"], *([a, "人", b, 1] for a, b in LAW)], "C"),
    ("units without a heading", [[a, "人", b] for a, b in LAW], "C"),
    ("merged labels", [["指标名称", None, "填报值"], *([a, None, b] for a, b in LAW)], "C"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "grid", "column"), UNIT_FORMS, ids=[case[0] for case in UNIT_FORMS])
def test_vertical_forms(what, grid, column):
    merges = {"综合执法": [f"A{row}:B{row}" for row in range(1, 6)]} if what == "merged labels" else None
    submission = taken(xlsx({"综合执法": grid}, merges=merges))
    reading = submission.sheets[0]
    found = values(submission, "law_enforcement", QINGYUAN)
    assert (found["staff_quota"], found["staff_on_post"], found["staff_certified"]) == (12, 10, 8)
    assert str(found["team_established_on"]) == "2022-03-28"
    assert reading.vertical and len(reading.rows) == 1 and reading.counts["read"] == 4
    assert reading.columns["staff_quota"][0] == column
    assert reading.place(reading.rows[0], "staff_quota").cell == reading.columns["staff_quota"]


def test_pairs_of_labels_side_by_side():
    grid = [
        ["综合执法改革情况统计表"],
        ["核定编制", 12, "检查巡查次数", 40],
        ["在岗人数", 10, "简易程序案件", 3],
        ["持证人数", 8, "普通程序案件", 1],
    ]
    found = values(taken(xlsx({"Sheet1": grid})), "law_enforcement")
    assert (found["staff_certified"], found["patrols"], found["cases_general"]) == (8, 40, 1)


def test_a_unit_form_in_one_row_of_a_county_table():
    grid = [["序号", "乡镇", "核定编制", "在岗人数", "持证人数", "持证率"], [1, "清源镇", 12, 10, 8, "80%"], [2, "徐沟镇", 9, 9, 9, "100%"],
            ["合计", None, 21, 19, 17, None]]  # fmt: skip
    submission = taken(xlsx({"综合执法": grid}))
    assert values(submission, "law_enforcement")["staff_on_post"] == 10
    assert [(percent.label, percent.value) for percent in submission.sheets[0].percents] == [("持证率", 80.0)]
    assert "extra-row" in ids(submission)
    with pytest.raises(Refusal) as refused:
        taken(xlsx({"综合执法": [grid[0], grid[2]]}))
    assert refused.value.id == "wrong-unit"


def test_a_small_grid_of_baseline_and_now():
    grid = [["基层减负情况表"], ["类别", "单位", "基数", "现有"], ["工作事务", "项", 30, 20], ["机制牌子", "块", 12, 4], ["证明事项", "项", 9, 5],
            ["报表台账", "种", 40, 22], ["发现违规增设", "件", None, 0]]  # fmt: skip
    found = values(taken(xlsx({"减负": grid}), period=Period(2022, 9)), "burden")
    assert {code: found[code] for code in ("duties_baseline", "duties_now", "signs_baseline", "signs_now", "certificates_now", "forms_baseline")} == {
        "duties_baseline": 30, "duties_now": 20, "signs_baseline": 12, "signs_now": 4, "certificates_now": 5, "forms_baseline": 40}  # fmt: skip


def test_the_cover_as_a_sheet():
    grid = [
        ["清源镇月报"],
        ["填报单位", "清源镇"],
        ["报告期", "2022年10月"],
        ["填表人", "张三"],
        ["审核人：", "李四"],
        ["主要负责人", "王五"],
        ["联系电话", 35112345678],
    ]
    submission = taken(xlsx({"封面": grid, "村集体经济": [HEAD, SIX, ["填表人：赵六"]]}))
    found = values(submission, "cover")
    assert (found["filled_by"], found["reviewed_by"], found["responsible_leader"], found["phone"]) == (
        "张三",
        "李四",
        "王五",
        "35112345678",
    )
    assert len(submission.sheets) == 2 and (submission.said_unit, submission.said_period) == (QINGYUAN, OCTOBER)
