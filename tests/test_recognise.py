"""From sheets to a submission: forms by their words, which rows count, and what reading finds."""

from __future__ import annotations

import pytest

from tests.sheets import HEAD, LIUXIANG, SIX, ZONE, ids, names, only, table, taken, values
from tests.test_guard import rezipped
from tests.workbooks import FREE_FORM, OCTOBER, QINGYUAN, free_form, xls, xlsx
from townboard.findings import Refusal
from townboard.guard import admit
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.recognise import recognise
from townboard.submission import History
from townboard.workbook import read


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


def test_a_row_with_figures_but_no_name_does_not_vanish():
    submission = table(SIX, [None, 10, 1, 0])
    assert only(submission, "unknown-org-unit").place.cell == "A3"
    assert submission.sheets[0].counts["read"] == 2


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
