"""Headings in the words of the county: columns by their path, what is no column of ours, money headed yuan."""

from __future__ import annotations

import pytest

from tests.sheets import HEAD, SIX, ids, names, only, table, taken, values
from tests.workbooks import xlsx

HEADERS = [
    ("the form's own words", ["村名", "本年累计经营性收入", "本年累计补助收入", "本年累计其他收入"], "BCD"),
    ("units and line breaks", ["村 名", "经营性收入\n（万元）", "补助收入(万元)", "其他收入（ 万元 ）"], "BCD"),
    ("unit without brackets", ["村名", "经营性收入万元", "补助收入/万元", "其他收入，万元"], "BCD"),
    ("other words", ["行政村", "集体经营性收入", "上级补助", "其它收入"], "BCD"),
    ("moved and inserted", ["序号", "书记姓名", "村名", "其他收入", "经营性收入", "补助收入"], "EFD"),
    ("this year's mark", ["村名", "2022年经营性收入", "2022年1-10月补助收入", "截至10月底其他收入"], "BCD"),
    ("up to now", ["村名", "经营性收入(截至目前)", "截至目前补助收入", "本年其他收入"], "BCD"),
    ("required stars", ["*村名", "*经营性收入", "★补助收入", "其他收入(必填)"], "BCD"),
    ("numbered", ["村名", "1.经营性收入", "2、补助收入", "(3)其他收入"], "BCD"),
    ("of which", ["村名", "其中:经营性收入", "其中：补助收入", "其他收入"], "BCD"),
    ("next to last year's", ["村名", "2021年经营性收入", "经营性收入", "补助收入", "其他收入"], "CDE"),
    ("label before alias", ["村名", "经营收入", "本年累计经营性收入", "补助收入", "其他收入"], "CDE"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "head", "columns"), HEADERS, ids=[case[0] for case in HEADERS])
def test_headings_in_other_words(what, head, columns):
    row = [3.5] * len(head)
    row[next(at for at, text in enumerate(head) if "村" in text and "书记" not in text)] = "六合村"
    submission = table(row, head=head)
    found = submission.sheets[0].columns
    assert "".join(found[code] for code in ("operating_income", "subsidy_income", "other_income")) == columns
    assert not any(finding.severity == "blocks" for finding in submission.findings)


@pytest.mark.parametrize("heading", [
    "本月经营性收入", "10月经营性收入", "1-9月经营性收入", "经营性收入目标", "上年同期经营性收入", "经营性收入(不含补助)", "村均经营性收入", "经营性支出",
])  # fmt: skip
def test_what_is_not_this_years_operating_income(heading):
    submission = table(["六合村", 9, 5.2, 0], head=["村名", heading, "补助收入", "其他收入"])
    assert "operating_income" not in submission.sheets[0].columns
    assert only(submission, "missing-column").place.element == "operating_income"


LEVELS = [
    ("two levels, merged", [["村名", "2022年", None, None, None], [None, "合计", "经营性收入", "补助", "其他"]], ["A1:A2", "B1:E1"],
     {"total_income": "B", "operating_income": "C", "subsidy_income": "D", "other_income": "E"}),
    ("two levels, nothing merged", [["村名", "2022年", None, None, None], [None, "合计", "经营性收入", "补助", "其他"]], [],
     {"total_income": "B", "operating_income": "C", "subsidy_income": "D", "other_income": "E"}),
    ("two years", [["村名", "上年", None, "本年累计", None], [None, "总收入", "经营性收入", "经营性收入", "总收入"]],
     ["A1:A2", "B1:C1", "D1:E1"],
     {"last_year_total_income": "B", "last_year_operating_income": "C", "operating_income": "D", "total_income": "E"}),
    ("last year's sub-total", [["村名", "2021年", None, None, "2022年"], [None, "经营性收入", None, "补助收入", "经营性收入"],
                              [None, "小计", "发包", None, None]], ["A1:A3", "B1:D1", "B2:C2", "D2:D3", "E2:E3"],
     {"last_year_operating_income": "B", "operating_income": "E"}),
    ("parts are never the whole", [["村名", "经营性收入", None, None, "其他收入"], [None, "小计", "经营收入", "其他收入", None]],
     ["A1:A2", "B1:D1", "E1:E2"], {"operating_income": "B", "other_income": "E"}),
    ("the whole above its parts", [["村名", "集体经济收入(万元)", None, None, None], [None, "合计", "经营性收入", "补助收入", "其他收入"]],
     ["A1:A2", "B1:E1"], {"total_income": "B", "operating_income": "C", "subsidy_income": "D", "other_income": "E"}),
    ("names below a heading of their own", [["基本情况", None, "收入情况", None, None], ["序号", "村名", "经营性收入", "补助收入", "其他收入"]],
     ["A1:B1", "C1:E1"], {"operating_income": "C", "subsidy_income": "D", "other_income": "E"}),
    ("a line of units below", [["村名", "经营性收入", "补助收入", "其他收入"], [None, "(万元)", "(万元)", "(万元)"]], [],
     {"operating_income": "B", "subsidy_income": "C", "other_income": "D"}),
    ("a month beside the year", [["村名", "本月", None, "累计", None], [None, "经营性收入", "补助收入", "经营性收入", "补助收入"]],
     ["A1:A2", "B1:C1", "D1:E1"], {"operating_income": "D", "subsidy_income": "E"}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "heads", "merges", "columns"), LEVELS, ids=[case[0] for case in LEVELS])
def test_levels_are_read_by_their_path(what, heads, merges, columns):
    width = max(map(len, heads))
    rows = [["六合村", *range(1, width)], ["大北村", *range(1, width)]]
    if heads[0][0] == "基本情况":
        rows = [[number, row[0], *row[1:-1]] for number, row in enumerate(rows, 1)]
    submission = taken(xlsx({"村集体经济": [["村集体经济收入统计表"], *heads, *rows]},
                            merges={"村集体经济": [*map(_down, merges)]}))  # fmt: skip
    found = dict(submission.sheets[0].columns)
    found.pop("village_name")
    assert found == columns
    assert submission.sheets[0].header_rows == list(range(2, 2 + len(heads)))
    assert [row.org_unit for row in submission.sheets[0].rows] == ["140121100204", "140121100205"]


def _down(merged: str) -> str:
    """The range one row further down."""
    return ":".join(f"{corner[0]}{int(corner[1:]) + 1}" for corner in merged.split(":"))


def test_contracts_under_two_levels():
    heads = [["村名", "问题合同", None, "承包费", None, "债务化解", None, None, "新增资源", None, None, "档案归档"],
             [None, "总数", "已整改", "应收未收", "已收回", "锁定债务", "已化解", "新增债务", "面积", "已收费面积", "收费金额", None]]  # fmt: skip
    merges = {"Sheet1": ["A1:A2", "B1:C1", "D1:E1", "F1:H1", "I1:K1", "L1:L2"]}
    submission = taken(xlsx({"Sheet1": [*heads, ["六合村", *range(1, 11), "√"]]}, merges=merges))
    found = submission.sheets[0]
    assert found.data_set.code == "clean_collect"
    assert dict(found.columns) == {
        "problem_contracts": "B", "contracts_rectified": "C", "fees_due": "D", "fees_recovered": "E", "debt_locked": "F",
        "debt_resolved": "G", "debt_new": "H", "resource_area_found": "I", "resource_area_charged": "J", "resource_fees": "K",
        "files_archived": "L"}  # fmt: skip


def test_five_coverages_under_two_levels():
    heads = ["社区名称", *(word for number in "①②③④⑤" for word in (f"全覆盖{number}", None))]
    below = [None, *("应覆盖数", "已覆盖数") * 5]
    merges = {"五个全覆盖": ["A1:A2", "B1:C1", "D1:E1", "F1:G1", "H1:I1", "J1:K1"]}
    submission = taken(xlsx({"五个全覆盖": [heads, below, ["东湖社区", *range(1, 11)]]}, merges=merges))
    found = values(submission, "community_coverage", "140121100010")
    assert [found[f"coverage_{number}_due"] for number in range(1, 6)] == [1, 3, 5, 7, 9]
    assert [found[f"coverage_{number}_done"] for number in range(1, 6)] == [2, 4, 6, 8, 10]


def test_a_column_of_names_without_a_known_heading():
    submission = table(SIX, ["大北村", 1, 1, 1], head=["村居", *HEAD[1:]])
    assert names(submission) == [("六合村", "204"), ("大北村", "205")]


def test_missing_and_unknown_columns():
    submission = table(["六合村", 26, "张三", None], head=["村名", "经营性收入", "书记姓名", "贷款余额"])
    assert [(found.place.element, found.place.cell) for found in submission.findings if found.id == "missing-column"] == [
        ("subsidy_income", "A1"), ("other_income", "A1")]  # fmt: skip
    assert only(submission, "unknown-column").raw == "书记姓名", "a column without data is not worth a note"
    submission = table([*SIX, 12], head=[*HEAD, "贷款余额"])
    assert (only(submission, "unknown-column").raw, only(submission, "unknown-column").place.cell) == ("贷款余额", "E1")


def test_money_headed_yuan_is_turned_with_one_note_a_column():
    submission = table(
        ["六合村", 260000, 5.2, 0], ["大北村", "1,000", 1, 0], head=["村名", "经营性收入(元)", "补助收入(万元)", "其他收入"]
    )
    assert values(submission, "village_economy", "140121100204")["operating_income"] == 26
    assert [found.place.cell for found in submission.findings if found.id == "normalised"] == ["B1", "B3"]
    submission = taken(xlsx({"村集体经济": [["单位：元"], HEAD, ["六合村", 260000, 52000, 0]]}))
    assert values(submission, "village_economy", "140121100204")["subsidy_income"] == 5.2
    assert ids(submission) == ["normalised"] * 3
    submission = taken(xlsx({"村集体经济": [["单位：万元、个"], HEAD, SIX]}))
    assert ids(submission) == []
