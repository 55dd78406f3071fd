"""From sheets to a submission: forms by their words, headers by their path, rows by their names, and what reading finds."""

from __future__ import annotations

import pytest

from tests.test_guard import rezipped
from tests.workbooks import FREE_FORM, OCTOBER, QINGYUAN, free_form, xls, xlsx
from townboard.findings import Refusal
from townboard.guard import admit
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.recognise import recognise
from townboard.submission import History, Submission
from townboard.workbook import read

XUGOU, XIGU, MENGFENG, LIUXIANG, ZONE = "140121101", "140121202", "140121103", "140106001", "140121-KFQ"
HEAD = ["村名", "经营性收入", "补助收入", "其他收入"]
SIX = ["六合村", 26, 5.2, 0]


def taken(data: bytes, name: str = "a.xlsx", unit: str = QINGYUAN, period: Period = OCTOBER) -> Submission:
    return recognise(read(admit(data, name)), catalogue(), unit, period)


def table(*rows, head=HEAD, name: str = "村集体经济", unit: str = QINGYUAN, period: Period = OCTOBER, **more) -> Submission:
    return taken(xlsx({name: [head, *rows]}, **more), unit=unit, period=period)


def ids(submission: Submission, *, without: str = "") -> list[str]:
    return [found.id for found in submission.findings if found.id not in without.split()]


def only(submission: Submission, id: str):
    found = [finding for finding in submission.findings if finding.id == id]
    assert len(found) == 1, (id, ids(submission))
    return found[0]


def values(submission: Submission, data_set: str, org_unit: str | None = None) -> dict[str, object]:
    return {value.element: value.value for value in submission.values()
            if value.data_set == data_set and (org_unit is None or value.org_unit == org_unit)}  # fmt: skip


def names(submission: Submission) -> list[tuple[str, str]]:
    return [(row.name, row.org_unit[-3:]) for reading in submission.sheets for row in reading.rows if not reading.vertical]


class TestTheOrdinaryFreeForm:
    """The sheet of the domain notes §3.1."""

    submission = taken(free_form())
    reading = submission.sheets[0]

    def test_it_is_the_village_economy_with_three_header_rows(self):
        assert (self.reading.data_set.code, self.reading.header_rows, self.reading.name_column) == (
            "village_economy",
            [4, 5, 6],
            "C",
        )
        assert self.reading.columns == {
            "village_name": "C", "last_year_total_income": "D", "total_income": "E", "operating_income": "F", "subsidy_income": "I",
            "other_income": "J", "goal_reached": "K", "note": "M"}  # fmt: skip

    def test_every_value_has_its_cell(self):
        found = {
            value.cell: (value.element, value.value, value.status, value.raw) for value in self.reading.rows[0].values.values()
        }
        assert found == {
            "C7": ("village_name", "六合村", "reported", "六合村"), "D7": ("last_year_total_income", 28.6, "reported", "28.6"),
            "E7": ("total_income", 31.2, "reported", "31.2"), "F7": ("operating_income", 26.0, "reported", "26"),
            "I7": ("subsidy_income", 5.2, "reported", "5.2"), "J7": ("other_income", None, "missing", "—"),
            "K7": ("goal_reached", True, "reported", "是 √"), "M7": ("note", None, "missing", "")}  # fmt: skip

    def test_short_names_are_villages_of_the_unit(self):
        assert names(self.submission)[:3] == [("六合村", "204"), ("大北", "205"), ("小北村委会", "206")]

    def test_glued_units_and_words_for_nothing(self):
        row = self.reading.rows[1].values
        assert (row["last_year_total_income"].value, row["last_year_total_income"].steps) == (12.0, ("unit 万",))
        assert (row["subsidy_income"].value, row["subsidy_income"].status) == (0.0, "reported")
        assert row["other_income"].status == "missing"

    def test_every_row_is_counted_once(self):
        counts = self.reading.counts
        assert (counts["read"], counts["blank"], counts["ignored"]) == (3, 0, 10)
        assert counts["read"] + counts["ignored"] == len(FREE_FORM)

    def test_typed_totals_and_percentages_are_kept_for_the_checks(self):
        assert self.reading.totals == {"last_year_total_income": ("D11", "60.6", 60.6), "total_income": ("E11", "62.8", 62.8),
                                       "operating_income": ("F11", "53.6", 53.6)}  # fmt: skip
        assert [(percent.cell, percent.value, percent.label) for percent in self.reading.percents] == [
            ("L7", 9.09, "增幅"), ("L8", -20.0, "增幅"), ("L9", 10.0, "增幅")]  # fmt: skip

    def test_the_signature_line_fills_the_cover(self):
        cover = self.submission.sheets[1]
        assert {code: (value.value, value.cell) for code, value in cover.rows[0].values.items()} == {
            "filled_by": ("张三", "A13"), "reviewed_by": ("李四", "A13"), "phone": ("0351-57xxxxx", "A13")}  # fmt: skip
        assert cover.data_set.code == "cover"

    def test_what_is_worth_a_glance(self):
        assert sorted((found.id, found.place.cell) for found in self.submission.findings) == [
            ("normalised", "D8"), ("renamed-sheet", "A1"), ("unknown-column", "G6"), ("unknown-column", "H6")]  # fmt: skip
        assert {found.raw for found in self.submission.findings if found.id == "unknown-column"} == {
            "2022年累计收入(截至目前)/经营性收入/发包", "2022年累计收入(截至目前)/经营性收入/经营"}  # fmt: skip

    def test_unit_and_month_are_those_of_the_title(self):
        assert (self.submission.said_unit, self.submission.said_period, self.submission.outcome) == (QINGYUAN, OCTOBER, "ready")

    def test_the_same_sheet_as_xls(self):
        grid = [[None if isinstance(cell, str) and cell.startswith("=") else cell for cell in row] for row in FREE_FORM]
        merges = [(2, 2, 1, 13), (4, 6, 3, 3), (5, 6, 4, 4), (4, 4, 5, 10), (5, 6, 5, 5), (5, 5, 6, 8), (5, 6, 9, 9), (5, 6, 10, 10),
                  (4, 6, 11, 11), (4, 6, 12, 12), (4, 6, 13, 13)]  # fmt: skip
        submission = taken(xls({"村级集体经济": grid}, merges={"村级集体经济": merges}), "报表(终稿2)(1).xls")
        assert submission.sheets[0].columns == self.reading.columns
        assert values(submission, "village_economy", "140121100204") == values(self.submission, "village_economy", "140121100204")
        assert "renamed-sheet" not in ids(submission)

    def test_the_same_sheet_without_merges(self):
        grid = [list(row) for row in FREE_FORM]
        submission = taken(xlsx({"Sheet1": grid}))
        assert submission.sheets[0].columns == self.reading.columns


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


NAMES = [
    ("exact", QINGYUAN, "六合村", "204"), ("without suffix", QINGYUAN, "六合", "204"), ("blanks", QINGYUAN, "六 合 村", "204"),
    ("committee", QINGYUAN, "六合村委会", "204"), ("village and committee", QINGYUAN, "六合村村委会", "204"),
    ("committee in full", QINGYUAN, "六合村村民委员会", "204"), ("unit before it", QINGYUAN, "清源镇六合村", "204"),
    ("county and unit", QINGYUAN, "清徐县清源镇六合村民委员会", "204"), ("the other kind in brackets", QINGYUAN, "六合村(六合社区)", "204"),
    ("full-width brackets", QINGYUAN, "六合村（社区）", "204"), ("numbered", QINGYUAN, "1.六合村", "204"),
    ("the name ends with 村", QINGYUAN, "孔村", "216"), ("a mark behind it", QINGYUAN, "六合村*", "204"),
    ("cooperative", QINGYUAN, "六合村股份经济合作社", "204"),
    ("北关 in 徐沟镇 is the village", XUGOU, "北关", "205"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "unit", "name", "code"), NAMES, ids=[case[0] for case in NAMES])
def test_names_of_villages(what, unit, name, code):
    submission = table([name, 26, 5, 0], unit=unit)
    assert names(submission) == [(name, code)]
    assert "unknown-org-unit" not in ids(submission)


UNKNOWN = [
    ("北关 in 清源镇 is a community", QINGYUAN, "北关", ()),
    ("the community by its full name", QINGYUAN, "北关社区", ()),
    ("东罗 in 西谷乡", XIGU, "东罗", ("东罗白村", "西罗白村")),
    ("a wrong character", QINGYUAN, "紫家寨村", ("柴家寨村", "牛家寨村")),
    ("a character too many", QINGYUAN, "孔家村", ("孔村",)),
    ("nothing like it", QINGYUAN, "桃花源村", ()),
]  # fmt: skip


@pytest.mark.parametrize(("what", "unit", "name", "candidates"), UNKNOWN, ids=[case[0] for case in UNKNOWN])
def test_names_that_match_nobody_are_asked(what, unit, name, candidates):
    own = [place.label.zh for place in catalogue().children(unit, "village")][:2]
    submission = table(*[[place, 20, 5, 0] for place in own], [name, 26, 5, 0], unit=unit)
    found = only(submission, "unknown-org-unit")
    assert (found.place.cell, found.raw, found.suggestion) == ("A4", name, None)
    assert set(candidates) <= set(found.candidates) and len(found.candidates) <= 3
    assert set(found.candidates) <= {place.label.zh for place in catalogue().children(unit, "village")}
    assert submission.sheets[0].rows[2].org_unit == ""
    assert submission.sheets[0].rows[2].values["operating_income"].value == 26


def test_codes_identify_a_row_and_never_against_its_name():
    head = ["村代码", *HEAD]
    submission = table(
        ["140121100204", "六合村", 1, 1, 1], [140121100205, None, 2, 2, 2], ["140121100206", "六合村", 3, 3, 3], head=head
    )
    assert [row.org_unit for row in submission.sheets[0].rows] == ["140121100204", "140121100205", ""]
    found = only(submission, "unknown-org-unit")
    assert found.candidates == ("六合村", "小北村")
    assert submission.sheets[0].columns["village_code"] == "A"


def test_a_village_of_another_unit_is_extra_and_not_taken():
    submission = table(SIX, ["大北村", 1, 1, 1], ["小北村", 1, 1, 1], ["东罗村", "约30", 1, 1])
    found = only(submission, "extra-row")
    assert (found.place.cell, found.raw, "孟封镇" in found.message.zh) == ("A5", "东罗村", True)
    assert [row.org_unit for row in submission.sheets[0].rows][-1] == ""
    assert ids(submission) == ["extra-row"]


@pytest.mark.parametrize(("what", "data", "unit"), [
    ("all rows are another unit's", xlsx({"村集体经济": [HEAD, ["东罗村", 1, 1, 1], ["西罗村", 1, 1, 1]]}), QINGYUAN),
    ("the unit line says so", xlsx({"村集体经济": [["填报单位：徐沟镇人民政府"], HEAD, SIX]}), QINGYUAN),
    ("the unit stands beside its label", xlsx({"村集体经济": [["填报单位：", "徐沟镇"], HEAD, SIX]}), QINGYUAN),
    ("the title says so", xlsx({"综合执法": [["徐沟镇综合执法情况表"], ["指标", "数量"], ["核定编制", 5], ["在岗人数", 4], ["持证人数", 3]]}),
     QINGYUAN),
    ("_meta says so", xlsx({"村集体经济": [HEAD, SIX], "_meta": [["unit", "140121101"], ["period", "2022-10"]]}, hidden=["_meta"]), QINGYUAN),
    ("the cover says so", xlsx({"封面": [["填报单位", "徐沟镇"], ["报告期", "2022-10"], ["填表人", "张三"]], "村集体经济": [HEAD, SIX]}), QINGYUAN),
    ("villages sent by a street", xlsx({"村集体经济": [["填报单位:郝庄镇"], HEAD, ["港道村", 1, 1, 1]]}), LIUXIANG),
])  # fmt: skip
def test_another_units_workbook_is_refused(what, data, unit):
    with pytest.raises(Refusal) as refused:
        taken(data, unit=unit)
    assert refused.value.id == "wrong-unit"
    assert catalogue().org_unit[unit].label.zh in refused.value.message.zh


@pytest.mark.parametrize(("what", "sheets", "id"), [
    ("nothing known", {"Sheet1": [["姓名", "电话"], ["张三", 1]]}, "no-known-sheet"),
    ("an empty sheet", {"Sheet1": []}, "no-known-sheet"),
    ("instructions alone", {"填表说明": [["村名", "经营性收入", "补助收入", "其他收入"]]}, "no-known-sheet"),
    ("a quarterly form in October", {"基层减负": [["指标", "数量"], ["现有工作事务", 5], ["现有牌子", 3], ["现有证明事项", 4]]},
     "wrong-data-for-period"),
])  # fmt: skip
def test_workbooks_with_nothing_for_this_month(what, sheets, id):
    with pytest.raises(Refusal) as refused:
        taken(xlsx(sheets))
    assert refused.value.id == id


MONTHS = [
    ("title of October", "全县村集体经济情况表（10月）", "2022-10", ""),
    ("title of September", "全县村集体经济情况表（9月）", "2022-09", "wrong-period"),
    ("year and month", "2022年9月村集体经济情况表", "2022-09", "wrong-period"),
    ("last year", "2021年10月村集体经济情况表", "2021-10", "wrong-period"),
    ("points", "2022.9村集体经济情况表", "2022-09", "wrong-period"),
    ("six digits", "村集体经济情况表202209", "2022-09", "wrong-period"),
    ("a range", "2022年1—10月村集体经济情况表", "2022-10", ""),
    ("a range without year", "村集体经济情况表（1-10月）", "2022-10", ""),
    ("the day of filling in", "填报时间：2022年11月3日", None, ""),
    ("the day in another writing", "填表日期：2022.11.3", None, ""),
    ("a cut-off day", "村集体经济情况表（截至9月28日）", None, ""),
    ("no month", "村集体经济情况表", None, ""),
    ("a float", 2022.1, "2022-10", "reads-float-month"),
    ("a float of September", 2022.9, "2022-09", "wrong-period"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "title", "month", "id"), MONTHS, ids=[case[0] for case in MONTHS])
def test_the_month_a_sheet_names(what, title, month, id):
    submission = taken(xlsx({"村集体经济": [[title], HEAD, SIX]}))
    assert submission.said_period == (Period.parse(month) if month else None)
    assert ids(submission) == ([id] if id else [])
    if id:
        assert only(submission, id).place.cell == "A1"


@pytest.mark.parametrize(("label", "value", "format", "month"), [
    ("报送月份", 44805, "yyyy年m月", "2022-09"), ("填报时间", 44870, "yyyy-mm-dd", None), ("填报日期：", "2022年11月", None, None),
    ("所属期", "2022-09", None, "2022-09"),
])  # fmt: skip
def test_a_month_or_a_day_beside_its_label(label, value, format, month):
    formats = {"村集体经济": {"B1": format}} if format else None
    submission = taken(xlsx({"村集体经济": [[label, value], HEAD, SIX]}, formats=formats))
    assert submission.said_period == (Period.parse(month) if month else None)


def test_a_float_month_beside_its_label_under_a_title():
    submission = taken(xlsx({"村集体经济": [["村集体经济情况表(10月)"], ["报送月份", 2022.1], HEAD, SIX]}))
    assert submission.said_period == OCTOBER and "wrong-period" not in ids(submission)
    cover = [["填报单位", "清源镇"], ["报告期", 2022.1], ["填表人", "张三"], ["审核人", "李四"]]
    assert ids(taken(xlsx({"封面": cover, "村集体经济": [HEAD, SIX]})), without="missing-column") == ["reads-float-month"]


def test_the_month_of_the_sheets_name_and_of_meta():
    assert only(table(SIX, name="9月村集体经济"), "wrong-period").raw == "9月村集体经济"
    meta = {
        "村集体经济": [HEAD, SIX],
        "_meta": [["template_id", "t"], ["template_version", "1"], ["unit", QINGYUAN], ["period", "2022-09"]],
    }
    submission = taken(xlsx(meta, hidden=["_meta"]))
    assert (only(submission, "wrong-period").raw, submission.template) == (
        "2022-09",
        {"template_id": "t", "template_version": "1"},
    )


def test_totals_notes_examples_and_blank_rows():
    submission = table(
        ["示例：某某村", 1, 2, 3], SIX, [None, None, None, None], ["大北村", 10, 1, 0], ["合  计", 36, 6.2, 0], ["平均", 18, 3.1, 0],
        ["清源镇合计", 36, 6.2, 0], ["备注：数据截至10月20日"], ["上月数", 9, 9, 9], ["大北村", 9, 9, 9],
    )  # fmt: skip
    reading = submission.sheets[0]
    assert names(submission) == [("六合村", "204"), ("大北村", "205")]
    assert reading.counts | {"accepted": 0, "held": 0} == {"read": 2, "accepted": 0, "held": 0, "blank": 1, "ignored": 8}
    assert reading.totals["operating_income"] == ("B8", "36", 36.0)
    assert ids(submission) == ["example-row"] and only(submission, "example-row").place.cell == "A2"


def test_totals_above_the_rows_and_column_numbers():
    submission = table(["合计", 36, 6.2, 0], ["甲", 1, 2, 3], SIX, ["村名", *HEAD[1:]], ["大北村", 10, 1, 0])
    assert names(submission) == [("六合村", "204"), ("大北村", "205")]
    assert submission.sheets[0].totals["subsidy_income"] == ("C2", "6.2", 6.2)
    assert ids(submission) == []


def test_typed_totals_may_be_text():
    assert table(SIX, ["合计", "26万元", "见附表", "—"]).sheets[0].totals == {"operating_income": ("B3", "26万元", 26.0)}


def test_several_subtotals_are_no_total():
    submission = table(SIX, ["小计", 26, 5.2, 0], ["大北村", 10, 1, 0], ["小计", 10, 1, 0])
    assert submission.sheets[0].totals == {}


def test_hidden_rows_are_read_and_named():
    submission = table(SIX, ["大北村", 10, 1, 0], hidden_rows={"村集体经济": [3]})
    assert only(submission, "hidden-row").place.cell == "A3"
    assert len(submission.sheets[0].rows) == 2


def test_township_names_hold_inside_their_merged_range_only():
    head = ["乡镇", *HEAD]
    submission = table(["清源镇", *SIX], [None, "大北村", 1, 1, 1], ["徐沟镇", "南关村", 2, 2, 2], [None, "小北村", 3, 3, 3], head=head,
                       merges={"村集体经济": ["A2:A3"]})  # fmt: skip
    assert [row.org_unit[-3:] for row in submission.sheets[0].rows] == ["204", "205", "", "206"]
    assert only(submission, "extra-row").raw == "南关村"


def test_a_column_of_names_without_a_known_heading():
    submission = table(SIX, ["大北村", 1, 1, 1], head=["村居", *HEAD[1:]])
    assert names(submission) == [("六合村", "204"), ("大北村", "205")]


def test_a_row_with_figures_but_no_name_does_not_vanish():
    submission = table(SIX, [None, 10, 1, 0])
    assert only(submission, "unknown-org-unit").place.cell == "A3"
    assert submission.sheets[0].counts["read"] == 2


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


def test_cells_that_are_asked_or_wrong_are_placed():
    submission = table(
        ["六合村", "约30", "已报", "#REF!"], ["大北村", "=VLOOKUP(A1,B:C,2)", "=B2+1", "=SUM(D4:D4)"], ["小北村", 1, 2, 3]
    )
    found = {(finding.id, finding.place.cell): finding for finding in submission.findings}
    assert set(found) == {("ambiguous-number", "B2"), ("not-a-number", "C2"), ("error-cell", "D2"), ("formula-without-value", "B3"),
                          ("formula-without-value", "C3")}  # fmt: skip
    asked = found["ambiguous-number", "B2"]
    assert (asked.suggestion, asked.place.org_unit, asked.place.row, asked.severity) == (30.0, "140121100204", 2, "asks")
    assert "《村集体经济》第2行 六合村 本年累计经营性收入" in asked.message.zh
    assert values(submission, "village_economy", "140121100205")["other_income"] == 3.0


def test_two_sheets_of_one_form():
    data = xlsx({"村集体经济 (2)": [HEAD, ["六合村", 1, 1, 1]], "村集体经济": [HEAD, SIX]})
    submission = taken(data)
    assert [reading.sheet for reading in submission.sheets] == ["村集体经济"]
    assert only(submission, "copied-sheet").place.sheet == "村集体经济 (2)"


@pytest.mark.parametrize(("name", "renamed"), [
    ("村集体经济", False), ("村级集体经济", False), ("清源镇村集体经济10月", False), ("Sheet1", True), ("表一", True),
])  # fmt: skip
def test_renamed_sheets(name, renamed):
    assert ("renamed-sheet" in ids(table(SIX, name=name))) is renamed


def test_a_workbook_of_other_sheets_and_hidden_ones():
    data = xlsx({"填表说明": [["村名", "经营性收入"]], "通讯录": [["姓名", "电话"], ["张三", "1"]], "村集体经济": [HEAD, SIX], "旧表": [HEAD, SIX]},
                hidden=["旧表"])  # fmt: skip
    submission = taken(data)
    assert [reading.sheet for reading in submission.sheets] == ["村集体经济"]
    assert ids(submission) == []


def test_macros_are_ignored_with_a_note():
    data = rezipped(xlsx({"村集体经济": [HEAD, SIX]}), add={"xl/vbaProject.bin": b"code"})
    assert ids(taken(data, "a.xlsm")) == ["macros-ignored"]


def test_csv_in_gbk_with_a_title():
    text = '清源镇村集体经济情况表,,,\n村名,经营性收入,补助收入,其他收入\n六合村,26,5.2,无\n大北,"1,200",/,0\n合计,1226,5.2,0\n'
    submission = taken(text.encode("gbk"), "清源镇10月报表.csv")
    assert values(submission, "village_economy", "140121100204")["other_income"] == 0
    assert names(submission) == [("六合村", "204"), ("大北", "205")]
    assert ids(submission) == ["normalised"]


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


SIGNED = [
    ("one cell", [["填表人：张三  审核人：李四  联系电话：0351-5722222"]], {"filled_by": "张三", "reviewed_by": "李四", "phone": "0351-5722222"}),
    ("no blanks between", [["填表人：张三审核人：李四"]], {"filled_by": "张三", "reviewed_by": "李四"}),
    ("cells beside", [["填表人：", "张三", "审核人：", "李四"]], {"filled_by": "张三", "reviewed_by": "李四"}),
    ("cells of their own", [["单位负责人：王五", None, "填表人：张三"]], {"responsible_leader": "王五", "filled_by": "张三"}),
    ("two lines", [["主要领导（签字）：王五"], ["制表人：张三"]], {"responsible_leader": "王五", "filled_by": "张三"}),
    ("label before alias", [["分管领导：赵六   审核人：李四"]], {"reviewed_by": "李四"}),
    ("above the table", [], {"filled_by": "张三"}),
    ("blank lines", [["主要领导（签字）：______  填表人：      审核人：李四"]], {"reviewed_by": "李四"}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "lines", "people"), SIGNED, ids=[case[0] for case in SIGNED])
def test_signature_lines(what, lines, people):
    above = [["填报单位：清源镇   填表人：张三   2022年10月25日"]] if what == "above the table" else []
    assert values(taken(xlsx({"村集体经济": [*above, HEAD, SIX, *lines]})), "cover") == people


def test_free_rows_and_none_to_report():
    head = ["序号", "类型", "领域", "标题", "内容", "需协调单位"]
    submission = table(
        [1, "问题", "集体经济", "合同难清", "两村合同不规范", None],
        [2, "典型", "社区", "红色物业", "某社区…", "其他"],
        head=head,
        name="问题与典型",
    )
    rows = submission.sheets[0].rows
    assert [(row.org_unit, row.name, row.values["kind"].value) for row in rows] == [
        (f"{QINGYUAN}#1", "合同难清", "问题"), (f"{QINGYUAN}#2", "红色物业", "典型")]  # fmt: skip
    submission = table([1, "无", None, None, None, None], head=head, name="问题与典型")
    assert submission.sheets[0].rows == [] and ids(submission) == []


def test_tasks_are_keyed_by_their_number():
    head = ["任务编号", "任务名称", "进度(%)", "存在问题", "完成时间"]
    submission = table(["T-01", "清理合同", 0.6, "无", None], ["T-02", "挂牌", "100%", None, "2022-09-30"], head=head, name="任务清单",
                       formats={"任务清单": {"C2": "0%"}})  # fmt: skip
    assert [(row.org_unit, row.name, row.values["progress"].value) for row in submission.sheets[0].rows] == [
        (f"{QINGYUAN}#T-01", "清理合同", 60), (f"{QINGYUAN}#T-02", "挂牌", 100)]  # fmt: skip


def test_elements_are_asked_in_their_months_only():
    head = [*HEAD, "预计全年总收入", "经营收入"]
    october = table([*SIX, 35, 4], head=head)
    assert october.sheets[0].columns["expected_income"] == "E"
    assert only(october, "unknown-column").raw == "经营收入"
    december = table([*SIX, 35, 4], head=head, period=Period(2022, 12))
    assert december.sheets[0].columns["annual_business_income"] == "F"
    assert "expected_income" not in december.sheets[0].columns


def test_quarterly_forms_in_their_month_and_the_development_zone():
    grid = [["非公党建"], ["指标", "数量"], ["非公企业总数", 900], ["实体运营企业数", 700], ["规上企业数", 60], ["党员数", 300]]
    submission = taken(xlsx({"非公党建": grid}), unit=ZONE, period=Period(2022, 12))
    assert values(submission, "enterprise_party", ZONE)["party_members"] == 300


def test_a_street_reports_communities():
    submission = table(
        ["察院后社区居委会", 5, 4], ["宁化府", 3, 3], head=["社区", "网格数", "专职网格员"], name="街道社区", unit=LIUXIANG
    )
    assert [row.org_unit for row in submission.sheets[0].rows] == ["140106001001", "140106001002"]


def test_a_history_of_another_unit_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="140121101"):
        recognise(read(admit(free_form(), "a.xlsx")), catalogue(), QINGYUAN, OCTOBER, history=History("140121101", OCTOBER))
