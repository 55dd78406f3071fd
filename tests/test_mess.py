"""The 34 mess patterns of the domain notes §3.2, each with the treatment named there: values, findings and counts of whole workbooks.

FIX is silent or a `normalised` note, FIX+ a note, ASK a question, STOP an error or a refusal. The sheet is 西谷乡's nine villages.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment

from tests.mess import HEAD, VILLAGES, book, counted, past, rows, sheet, told
from tests.test_guard import rezipped, zipped
from tests.workbooks import OCTOBER, saved, xls, xlsx
from townboard.annotate import annotated
from townboard.catalogue import FormerName
from townboard.guard import admit
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.recognise import recognise
from townboard.submission import History
from townboard.workbook import read

NAMES = list(VILLAGES)
FIRST, SECOND, THIRD, FOURTH = NAMES[:4]
ECONOMY, LAW, CLEAN = "村集体经济", "综合行政执法", "清化收"
TITLES = [["附件2"], ["全县村级集体经济收入情况统计表（10月）"], ["填报单位（盖章）：西谷乡人民政府", None, "单位：万元、个、%"]]
OPERATING = "operating_income"
VERTICAL = [["指标", "数量"], ["核定编制", 10], ["在岗人数", 8], ["持证人数", 4], ["已实际行使事项数", 3], ["培训人次", 2],
            ["检查巡查次数", 2], ["简易程序案件", 1], ["普通程序案件", 1], ["办结案件", 1], ["指挥调度派单", 5], ["派单办结", 4]]  # fmt: skip
ARCHIVE = [
    "村名",
    "问题合同数",
    "已整改合同数",
    "录入平台合同数",
    "已收回承包费",
    "已化解债务",
    "新增债务",
    "已收费面积",
    "新增资源收费",
    "档案归档",
]


@dataclass(frozen=True)
class Case:
    """One workbook as it arrives. `values`: (row, element) → what must be read; `counts` of its only sheet; `outcome` last."""

    pattern: int
    what: str
    data: bytes = field(repr=False)
    values: dict[tuple[str, str], Any] = field(default_factory=dict)
    findings: list[tuple[str, str, str]] = field(default_factory=list)
    counts: dict[str, int] | None = None
    refusal: str = ""
    name: str = "西谷乡10月.xlsx"
    history: History | None = None

    def __str__(self) -> str:
        return f"{self.pattern:02} {self.what}"


def note(cell: str, id: str = "normalised") -> tuple[str, str, str]:
    return id, "notes", cell


def ask(cell: str, id: str) -> tuple[str, str, str]:
    return id, "asks", cell


def block(cell: str, id: str) -> tuple[str, str, str]:
    return id, "blocks", cell


def changed(*first: Any, **more: Any) -> bytes:
    """The clean sheet with other figures for the first village, and other rows."""
    return book(sheet(body=rows(v0=[FIRST, *first], **more)))


def own(value: Any, element: str = OPERATING, village: str = FIRST) -> dict[tuple[str, str], Any]:
    return {(village, element): value}


CLEAN_BOOK = book()
CLEAN_VALUES = {(name, OPERATING): round(11.3 + 1.7 * number, 2) for number, name in enumerate(NAMES)}


def law(*lines: list[Any], **more: Any) -> bytes:
    """The vertical form with more lines below."""
    return xlsx({LAW: [*VERTICAL, *lines]}, **more)


def ticks(*marks: Any) -> bytes:
    """The clean-and-collect sheet with these marks in 档案归档."""
    return xlsx({CLEAN: [ARCHIVE, *([name, *[0] * 8, mark] for name, mark in zip(NAMES, marks, strict=True))]})


def with_part(change: tuple[bytes, bytes], data: bytes | None = None, part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A workbook with a piece of one part written otherwise."""
    import io
    import zipfile

    data = data or book()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = archive.read(part)
    assert change[0] in text
    return rezipped(data, replace={part: text.replace(*change, 1)})


def commented() -> bytes:
    """The clean workbook with a comment and a colour on cells, as a colleague leaves them."""
    import io

    found = load_workbook(io.BytesIO(book()))
    found.active["B3"].comment = Comment("请核对", "李四")
    return saved(found)


PATTERNS = [
    Case(1, "header in row 1", book(), CLEAN_VALUES, [], counted(9)),
    Case(1, "header in row 3", book(sheet(before=TITLES[1:])), CLEAN_VALUES, [], counted(9, ignored=3)),
    Case(1, "header in row 6", book(sheet(before=[*TITLES, ["请于25日前上报"], ["数据截至10月20日"]])), CLEAN_VALUES, [],
         counted(9, ignored=6)),
    Case(1, "header in row 9, with blank rows above", book(sheet(before=[*TITLES, [], ["一、总体要求"], ["二、口径"], [], ["三、其他"]])),
         CLEAN_VALUES, [], counted(9, ignored=7)),
    Case(1, "a title over more cells than the header",
         book(sheet(before=[["全县", "村级", "集体经济", "收入", "情况", "统计表", "（10月）", "共", "九", "村"]])), CLEAN_VALUES, [],
         counted(9, ignored=2)),
    Case(1, "the title of last month over more cells than the header",
         book(sheet(before=[["全县", "村级", "集体经济", "收入", "情况", "统计表", "9月", "共", "九", "村"]])), CLEAN_VALUES,
         [ask("G1", "wrong-period")], counted(9, ignored=2)),
    Case(1, "the same header twice", book(sheet(before=[HEAD])), CLEAN_VALUES, [], counted(9, ignored=2)),
    Case(1, "the header again on the second page", book(sheet(before=TITLES, body=[*rows()[:4], *TITLES[1:2], HEAD, *rows()[4:]])),
         CLEAN_VALUES, [], counted(9, ignored=6)),
    Case(2, "two levels by merged ranges",
         book([["村名", "2022年累计收入", None, None], [None, "经营性收入", "补助", "其他"], *rows()], merges={ECONOMY: ["A1:A2", "B1:D1"]}),
         CLEAN_VALUES, [], counted(9, ignored=2)),
    Case(2, "the leaf 小计 means its parent",
         book([["村名", "经营性收入", None, "补助", "其他"], [None, "小计", "发包", None, None], *([n, a, 5, b, c] for n, a, b, c in rows())],
              merges={ECONOMY: ["A1:A2", "B1:C1", "D1:D2", "E1:E2"]}),
         CLEAN_VALUES, [note("C2", "unknown-column")], counted(9, ignored=2)),
    Case(3, "other words, line breaks, full-width brackets",
         book(sheet(head=["行政村", "集体经营性\n收入（万元）", "上级补助(万元)", "其它 收入"])), CLEAN_VALUES, [], counted(9)),
    Case(4, "a column inserted", book([["村名", "书记姓名", *HEAD[1:]], *([name, "张三", *rest] for name, *rest in rows())]), CLEAN_VALUES,
         [note("B1", "unknown-column")], counted(9)),
    Case(4, "columns moved", book([["其他收入", "村名", "补助收入", "经营性收入"], *([c, n, b, a] for n, a, b, c in rows())]), CLEAN_VALUES, [],
         counted(9)),
    Case(4, "a required column deleted", book([["村名", "补助收入", "其他收入"], *([n, b, c] for n, _, b, c in rows())]),
         own(2, "subsidy_income"), [block("A1", "missing-column")], counted(9)),
    Case(5, "yuan typed under 单位：万元", book(sheet(before=[["单位：万元"]], body=rows(v0=[FIRST, 286_000, 2, 1]))), own(2, "subsidy_income"),
         [ask("B3", "unit-slip")], counted(9, held=1, ignored=2)),
    Case(5, "yuan typed, known by last month's value", changed(113_000, 2, 1), own(2, "subsidy_income"), [ask("B2", "unit-slip")],
         counted(9, held=1), history=past()),
    Case(5, "a corner of 元 turns the sheet", book(sheet(before=[["单位：元"]], body=[[n, a * 10_000, b * 10_000, c * 10_000]
                                                                      for n, a, b, c in rows()])),
         CLEAN_VALUES, [note("B2"), note("C2"), note("D2")], counted(9, ignored=2)),
    Case(6, "units glued to numbers", changed("12万", "3,000元", "12.5 万元"),
         own(12.0) | own(0.3, "subsidy_income") | own(12.5, "other_income"), [note("B2"), note("C2"), note("D2")], counted(9)),
    Case(7, "numbers as text, blanks before and behind", changed("31.20", "\u3000 2", "\u00a01 "),
         own(31.2) | own(2.0, "subsidy_income") | own(1.0, "other_income"), [note("C2"), note("D2")], counted(9)),
    Case(7, "an apostrophe", changed("'12.5", 2, 1), own(12.5), [note("B2")], counted(9)),
    Case(8, "full width and a Chinese comma", changed("１２．５", "1，200", 1), own(12.5) | own(1200.0, "subsidy_income"),
         [note("B2"), note("C2"), note("B2", "subsidy-only")], counted(9)),
    Case(8, "groups of four", changed("1,2345", 2, 1), own(2, "subsidy_income"), [ask("B2", "ambiguous-number")], counted(9, held=1)),
    Case(9, "a Chinese numeral in a count", xlsx({CLEAN: [ARCHIVE, *([n, 20, "十二", *[0] * 6, "是"] for n in NAMES[:1]),
                                                       *([n, *[0] * 8, "是"] for n in NAMES[1:])]}),
         {(FIRST, "contracts_rectified"): 12}, [note("C2")], counted(9)),
    Case(9, "a Chinese numeral above 99", xlsx({CLEAN: [ARCHIVE, *([n, 200, "一百零五", *[0] * 6, "是"] for n in NAMES[:1]),
                                                    *([n, *[0] * 8, "是"] for n in NAMES[1:])]}),
         {(FIRST, "problem_contracts"): 200}, [ask("C2", "ambiguous-number")], counted(9, held=1)),
    Case(10, "dash, slash and words for nothing are asked; 无 and 0.00 are zero", changed("—", "无", "0.00", v1=[SECOND, "/", 2, "暂无"]),
         own(0.0, "subsidy_income") | own(0.0, "other_income"),
         [ask("B2", "missing-value"), ask("B3", "missing-value"), ask("D3", "missing-value")], counted(9, held=2)),
    Case(10, "不涉及 is not applicable", changed(11.3, "不涉及", 1), own(11.3), [], counted(9)),
    *(Case(11, f"a share as {typed!r}{' in a format' if format else ''}",
           law(["持证率", typed], **({"formats": {LAW: {"B13": format}}} if format else {})), {("西谷乡", "staff_certified"): 4}, [],
           counted(11, ignored=2))
      for typed, format in ((50, ""), (0.5, ""), ("50%", ""), ("50％", ""), (0.5, "0%"), ("0.5", ""))),
    Case(11, "a share that is wrong", law(["持证率", "60%"]), {("西谷乡", "staff_certified"): 4}, [note("B13", "percent-mismatch")],
         counted(11, ignored=2)),
    Case(12, "a share cut off, not rounded", law(["到岗率", 80.08]), {("西谷乡", "staff_on_post"): 8}, [], counted(11, ignored=2)),
    *(Case(13, f"a day as {typed!r}", law(["执法队挂牌", typed]), {("西谷乡", "team_established_on"): day}, noted, counted(12))
      for typed, day, noted in (
          ("2022.9", "2022-09-30", [note("B13")]), ("2022年9月", "2022-09-30", [note("B13")]), ("202209", "2022-09-30", [note("B13")]),
          ("2022-9-1", "2022-09-01", [note("B13")]), ("9月", "2022-09-30", [note("B13")]), (44805, "2022-09-01", []),
          ("22.9.25", "2022-09-25", [note("B13")]), ("2022.9月底", "2022-09-30", [note("B13")]), ("9月25日", "2022-09-25", [note("B13")]),
          (2022.9, "2022-09-30", [note("B13")]))),
    Case(13, "22.10 is a day or a month", law(["执法队挂牌", "22.10"]), {("西谷乡", "staff_quota"): 10}, [ask("B13", "ambiguous-date")],
         counted(12, held=1)),
    Case(13, "months alone are in order when their month is the same", law(["机构编制核定", "2022年9月"], ["首批执法证件发放", "2022-09-20"]),
         {("西谷乡", "posts_approved_on"): "2022-09-30"}, [note("B13")], counted(13)),
    Case(14, "2022.10 stored as 2022.1, in a title", book(sheet(before=[["报告期", 2022.1]])), CLEAN_VALUES,
         [note("B1", "reads-float-month")], counted(9, ignored=2)),
    Case(14, "2022.10 stored as 2022.1, as a day", law(["执法队挂牌", 2022.1]), {("西谷乡", "staff_quota"): 10},
         [ask("B13", "ambiguous-date")], counted(12, held=1)),
    Case(15, "last month's title", book(sheet(before=[["西谷乡村集体经济情况表（9月）"]])), CLEAN_VALUES, [ask("A1", "wrong-period")],
         counted(9, ignored=2)),
    Case(15, "a quarterly form sent in October", xlsx({"基层减负": [["指标", "数量"], ["现有工作事务", 5], ["现有牌子", 3], ["现有证明事项", 4]]}),
         refusal="wrong-data-for-period"),
    Case(16, "totals above and below, one typed wrong",
         book(sheet(body=[["合  计", 162.9, 18, 9], *rows(), ["总计", 170, 18, 9], ["平均", 18.1, 2, 1]])), CLEAN_VALUES,
         [note("B12", "total-mismatch")], counted(9, ignored=4)),
    Case(16, "a total as a formula, without a label", book(sheet(after=[[None, "=SUM(B2:B10)", "=SUM(C2:C10)", "=SUM(D2:D10)"]])),
         CLEAN_VALUES, [], counted(9, ignored=2)),
    Case(16, "subtotals among the villages", book(sheet(body=[*rows()[:4], ["小计", 55.4, 8, 4], *rows()[4:], ["小 计", 107.5, 10, 5],
                                                          ["合计", 162.9, 18, 9]])), CLEAN_VALUES, [], counted(9, ignored=4)),
    Case(17, "the township merged down", book([["乡镇", *HEAD], *([None if n else "西谷乡", *row] for n, row in enumerate(rows()))],
                                        merges={ECONOMY: ["A2:A10"]}), CLEAN_VALUES, [], counted(9)),
    Case(17, "another township merged down to a few rows only",
         book([["乡镇", *HEAD], *([{0: "西谷乡", 9: "清源镇"}.get(n), *row] for n, row in enumerate([*rows(), ["六合村", 1, 2, 3]]))],
              merges={ECONOMY: ["A2:A10"]}),
         CLEAN_VALUES, [ask("B11", "extra-row")], counted(10, held=1)),
    Case(18, "names in other forms", book(sheet(body=[["西谷", *rows()[0][1:]], ["东木庄村委会", *rows()[1][1:]], ["长 头", *rows()[2][1:]],
                                             ["西谷乡北云支村", *rows()[3][1:]], ["清徐县西谷乡南云支村村民委员会", *rows()[4][1:]],
                                             ["碱场营村(碱场营社区)", *rows()[5][1:]], ['"东罗白村"', *rows()[6][1:]], *rows()[7:]])),
         CLEAN_VALUES, [], counted(9)),
    Case(19, "a wrong character", book(sheet(body=rows(v6=["东罗百村", 21.5, 2, 1]))), own(18.1, OPERATING, NAMES[4]),
         [ask("A8", "unknown-org-unit")], counted(9, held=1)),
    Case(20, "an old name that nobody knows", book(sheet(body=rows(v0=["西谷大队", 11.3, 2, 1]))), own(13.0, OPERATING, SECOND),
         [ask("A2", "unknown-org-unit")], counted(9, held=1)),
    Case(20, "a name the unit had remembered", book(sheet(body=rows(v0=["西谷大队", 11.3, 2, 1]))), CLEAN_VALUES, [note("A2")], counted(9),
         history=dataclasses.replace(past(), aliases={("village", "西谷大队"): VILLAGES[FIRST]})),
    Case(19, "a name like one that is there, while another is missing", book(sheet(body=rows(v0=["东罗百村", 11.3, 2, 1]))), own(13.0, OPERATING, SECOND),
         [ask("A2", "unknown-org-unit"), ask("A11", "missing-row")], counted(9, held=1)),
    Case(21, "a row missing", book(sheet(body=rows(v3=None))), CLEAN_VALUES | {(FOURTH, OPERATING): None}, [ask("A10", "missing-row")],
         counted(8)),
    Case(21, "a row too many", book(sheet(after=[["六合村", 1, 1, 1]])), CLEAN_VALUES, [ask("A11", "extra-row")], counted(10, held=1)),
    Case(21, "a row twice, the same", book(sheet(after=rows()[:1])), CLEAN_VALUES, [note("A11", "duplicate-row")], counted(10)),
    Case(21, "a row twice, with other values", book(sheet(after=[[FIRST, 99, 2, 1]])), {}, [block("A11", "duplicate-row")],
         counted(10, held=1)),
    Case(22, "running numbers that restart, with gaps and words",
         book([["序号", *HEAD], *([n, *row] for n, row in zip([1, 2, 4, 4, "五", None, 1, "-", 3], rows(), strict=True))]), CLEAN_VALUES, [],
         counted(9)),
    Case(22, "running numbers behind the last village", book([["序号", *HEAD], *([n, *row] for n, row in enumerate(rows(), 1)), [10], [11]]),
         CLEAN_VALUES, [], counted(9, ignored=3)),
    Case(23, "notes and signatures, and figures below them",
         book(sheet(after=[["注：1.经营性收入包括发包收入；2.数据截至10月20日。"], ["填表人：张三  审核人：李四  联系电话：0351-5722222"], ["六合村", 1, 1, 1]])),
         CLEAN_VALUES | {("西谷乡", "filled_by"): "张三", ("西谷乡", "reviewed_by"): "李四"}, [], counted(9, ignored=4)),
    Case(24, "an error", changed("#REF!", 2, 1), own(2, "subsidy_income"), [block("B2", "error-cell")], counted(9, held=1)),
    Case(24, "a link to another workbook, not saved", changed("=[1]Sheet1!B5", 2, 1), own(2, "subsidy_income"),
         [block("B2", "formula-without-value")], counted(9, held=1)),
    Case(24, "a look-up without its result", changed("=VLOOKUP(A2,F:G,2)", 2, 1), own(2, "subsidy_income"),
         [block("B2", "formula-without-value")], counted(9, held=1)),
    Case(24, "a plain sum without its result", changed("=SUM(F2:G2)", 2, 1), own(2, "subsidy_income"),
         [block("B2", "formula-without-value")], counted(9, held=1)),
    Case(24, "a plain sum over cells that are there",
         book([[*HEAD, None, "发包", "经营"], *([n, f"=SUM(F{r}:G{r})", b, c, None, 5, round(a - 5, 2)]
                                           for r, (n, a, b, c) in enumerate(rows(), 2))]),
         CLEAN_VALUES, [note("F1", "unknown-column"), note("G1", "unknown-column")], counted(9)),
    Case(24, "nothing to divide by in a share", law(["持证率", "#DIV/0!"]), {("西谷乡", "staff_certified"): 4}, [], counted(11, ignored=2)),
    *(Case(25, f"a remark: {typed}", changed(typed, 2, 1), own(2, "subsidy_income"), [ask("B2", "ambiguous-number")], counted(9, held=1))
      for typed in ("31.2(含补助5)", "约30", "30左右", ">30", "30-35", "30以上")),
    Case(26, "this month's amount for the cumulative", changed(1.2, 2, 1), own(2, "subsidy_income"), [ask("B2", "decreased-cumulative")],
         counted(9, held=1), history=past()),
    Case(27, "last month's figures once more", book(sheet(body=[[n, round((11.3 + 1.7 * i) * 0.9, 2), 2, 1] for i, n in enumerate(NAMES)])),
         own(10.17), [ask("A1", "unchanged-workbook")], counted(9), history=past()),
    Case(27, "the same file once more", CLEAN_BOOK, CLEAN_VALUES, [ask("A1", "unchanged-workbook")], counted(9),
         history=past(seen={admit(CLEAN_BOOK, "a.xlsx").sha256: Period(2022, 9)})),
    Case(28, "ticks and crosses", ticks("√", "✓", "☑", "有", 1, "Y", "×", "无", 0),
         {(name, "files_archived"): n < 6 for n, name in enumerate(NAMES)}, [note(f"J{row}") for row in range(2, 11)], counted(9)),
    Case(28, "a blank is no answer", ticks("是", "否", "是", "是", "是", "是", "是", "是", None), {(FIRST, "files_archived"): True},
         [ask("J10", "missing-value")], counted(9, held=1)),
    Case(29, "hidden rows are read and marked", book(hidden_rows={ECONOMY: [3, 5]}), CLEAN_VALUES, [note("A3", "hidden-row"), note("A5", "hidden-row")],
         counted(9)),
    Case(29, "a hidden sheet of lists, even with a header", xlsx({"字典": sheet(body=[[FIRST, 1, 1, 1]]), ECONOMY: sheet()}, hidden=["字典"]),
         CLEAN_VALUES, [], counted(9)),
    Case(29, "an example row", book(sheet(body=[["示例：某某村", 30, 1, 1], *rows()])), CLEAN_VALUES, [note("A2", "example-row")],
         counted(9, ignored=2)),
    Case(29, "blanks behind the words of a drop-down list", ticks("是 ", " 否", "是", "否", "是　", "是", "是", "是", "是"),
         {(FIRST, "files_archived"): True, (SECOND, "files_archived"): False, (NAMES[4], "files_archived"): True},
         [], counted(9)),
    Case(30, "BIFF", xls({ECONOMY: sheet()}), CLEAN_VALUES, [], counted(9), name="西谷乡10月.xls"),
    Case(30, "BIFF named .xlsx", xls({ECONOMY: sheet()}), CLEAN_VALUES, [], counted(9)),
    Case(30, "csv in GBK", "\r\n".join(",".join(map(str, row)) for row in sheet()).encode("gbk"), CLEAN_VALUES, [], counted(9),
         name="村集体经济.csv"),
    Case(30, "csv in UTF-8 with a mark", "\n".join(",".join(map(str, row)) for row in sheet()).encode("utf-8-sig"), CLEAN_VALUES, [],
         counted(9), name="村集体经济.csv"),
    Case(30, "WPS .et", xls({ECONOMY: sheet()}), refusal="legacy-or-other-format", name="西谷乡10月.et"),
    Case(30, "a web page named .xls", b"<html><table><tr><td>1</td></tr></table></html>", refusal="legacy-or-other-format", name="a.xls"),
    Case(30, "a PDF named .xlsx", b"%PDF-1.7\n1 0 obj", refusal="legacy-or-other-format"),
    Case(30, "with a password", zipped("EncryptionInfo", "EncryptedPackage"), refusal="encrypted"),
    Case(30, "several workbooks zipped", zipped("1月.xlsx", "2月.xlsx"), refusal="legacy-or-other-format", name="报表.zip"),
    Case(31, "a dimension of A1:A1", with_part((b'ref="A1:D10"', b'ref="A1:A1"')), CLEAN_VALUES, [], counted(9)),
    Case(31, "pictures in cells", book([[*HEAD, "照片"], *([*row, '=DISPIMG("ID_1",1)'] for row in rows())]), CLEAN_VALUES, [], counted(9)),
    Case(31, "document properties nobody reads", rezipped(book(), replace={"docProps/core.xml": b"<cp:coreProperties/>"}), CLEAN_VALUES, [],
         counted(9)),
    Case(32, "codes as numbers, one cut off, one as Excel shows it",
         book([["代码", *HEAD], *([code, *row] for code, row in zip(
             [float(VILLAGES[FIRST]), float(VILLAGES[SECOND]), 1401212022020001.0, "1.40121E+11", *[None] * 5], rows(), strict=True))]),
         CLEAN_VALUES, [], counted(9)),
    Case(32, "a code that is another village's", book([["代码", *HEAD], *([code, *row] for code, row in zip(
        [VILLAGES[SECOND], *[None] * 8], rows(), strict=True))]), own(13.0, OPERATING, SECOND),
         [ask("B2", "unknown-org-unit")], counted(9, held=1)),
    Case(33, "another unit's file", book(sheet(before=[["填报单位：徐沟镇人民政府"]])), refusal="wrong-unit"),
    Case(33, "another unit's villages", book([HEAD, ["六合村", 1, 2, 3], ["大北村", 1, 2, 3]]), refusal="wrong-unit"),
    Case(33, "two units in one file",
         book(sheet(after=[[unit.label.zh, 1, 2, 3] for unit in catalogue().children("140121200", "village")])), refusal="wrong-unit"),
    Case(33, "the whole county's summary", book([["乡镇", *HEAD], *(
        [unit.label.zh, village.label.zh, 12.3, 2, 1]
        for unit in catalogue().units("140121") for village in catalogue().children(unit.code, "village"))]), refusal="wrong-unit"),
    Case(34, "an old template", xlsx({ECONOMY: sheet(), "_meta": [["template_id", "F-140121202-2022-10"], ["template_version", "0"]]},
                                     hidden=["_meta"]), CLEAN_VALUES, [note("B2", "old-template")], counted(9)),
    Case(34, "a renamed sheet", book(name="Sheet1"), CLEAN_VALUES, [note("A1", "renamed-sheet")], counted(9)),
    Case(34, "a copied sheet", xlsx({ECONOMY: sheet(), f"{ECONOMY} (2)": sheet(body=rows(v0=[FIRST, 99, 2, 1]))}), CLEAN_VALUES,
         [ask("A1", "copied-sheet")], counted(9)),
]  # fmt: skip

ODD = [
    Case(0, "one forgotten error at row 6,012", book([*sheet(), *([[]] * 6001), [None, "#REF!"]]), CLEAN_VALUES, [],
         counted(9, ignored=2)),
    Case(0, "a cell formatted in row 1,048,576", with_part((b"</sheetData>", b'<row r="1048576" s="1" customFormat="1"><c r="A1048576" s="0"/></row></sheetData>')),
         CLEAN_VALUES, [], counted(9)),
    Case(0, "formulas dragged on below", book(sheet(after=[[None, "=B10", "=C10", "=D10"], [None, "=B11", "=C11", "=D11"]])), CLEAN_VALUES, [],
         counted(9, ignored=3)),
    Case(0, "comments on cells", commented(), CLEAN_VALUES, [], counted(9)),
    Case(0, "sheets reordered, with others between", xlsx({"通讯录": [["姓名", "电话"], ["张三", 1]], "填表说明": [["村名、经营性收入据实填写"]],
                                                   "Sheet3": [], ECONOMY: sheet()}), CLEAN_VALUES, [], counted(9)),
    Case(0, "names with HTML, quotes and a formula's sign", book(sheet(body=rows(
        v0=["<b>西谷村</b>", 11.3, 2, 1], v1=["“东木庄村”", 13, 2, 1], v2=["=长头村", 14.7, 2, 1]))), own(13.0, OPERATING, SECOND),
         [ask("A2", "unknown-org-unit"), ask("A4", "unknown-org-unit")], counted(9, held=2)),
]  # fmt: skip


def test_every_pattern_has_a_workbook():
    assert {case.pattern for case in PATTERNS} == set(range(1, 35))


@pytest.mark.parametrize("case", [*PATTERNS, *ODD], ids=str)
def test_pattern(case: Case) -> None:
    found = told(case.data, name=case.name, history=case.history)
    assert found.refusal == case.refusal
    if case.refusal:
        return
    assert sorted(found.findings) == sorted(case.findings)
    assert {key: found.values.get(key) for key in case.values} == case.values
    if case.counts is not None:
        assert list(found.counts.values()) == [case.counts]
    severities = {severity for _, severity, _ in case.findings}
    assert found.outcome == ("needs_fixes" if "blocks" in severities else "needs_answers" if "asks" in severities else "ready")


def test_1_048_576_formatted_rows():
    empty = "".join(f'<row r="{row}" s="1" customFormat="1"/>' for row in range(11, 1_048_577)).encode()
    found = told(with_part((b"</sheetData>", empty + b"</sheetData>")))
    assert (found.findings, found.counts[ECONOMY]) == ([], counted(9))


@pytest.mark.parametrize("data", [
    changed("约30", 2, -1), book(sheet(before=TITLES, body=rows(v0=["东罗百村", 1, 2, 3]), after=[["合计", 170, 18, 9]])),
    xls({ECONOMY: sheet(body=rows(v1=[SECOND, None, 2, 1]))}),
], ids=["cells", "rows and totals", "from .xls"])  # fmt: skip
def test_a_file_that_we_marked_is_read_as_if_we_had_not(data):
    before = told(data)
    after = told(annotated(before.examined), name="西谷乡10月(标注).xlsx")
    assert before.findings and (after.findings, after.values, after.counts) == (before.findings, before.values, before.counts)


def test_what_is_suggested():
    """ASK comes with a default: 元 as 万元, the month added to the cumulative, the leading number, the three likeliest names."""
    assert told(changed(286_000, 2, 1)).finding("unit-slip").suggestion == 28.6
    assert told(changed(1.2, 2, 1), history=past()).finding("decreased-cumulative").suggestion == 11.37
    assert told(changed("31.2(含补助5)", 2, 1)).finding("ambiguous-number").suggestion == 31.2
    assert told(law(["执法队挂牌", "22.10"])).finding("ambiguous-date").suggestion == date(2022, 10, 31)
    wrong = told(book(sheet(body=rows(v6=["东罗百村", 21.5, 2, 1])))).finding("unknown-org-unit")
    assert wrong.candidates[:2] == ("东罗白村", "西罗白村") and len(wrong.candidates) <= 3


def test_messages_say_sheet_row_village_and_column():
    found = told(changed("见备注", 2, 1)).finding("not-a-number")
    assert found.message.zh.startswith(f"《{ECONOMY}》第2行 {FIRST} 本年累计经营性收入")


def with_former(*former: FormerName):
    """The catalogue with former names on 西谷乡's first village."""
    units = tuple(
        dataclasses.replace(unit, former=former) if unit.code == VILLAGES[FIRST] else unit for unit in catalogue().org_units
    )
    return dataclasses.replace(catalogue(), org_units=units)


def test_a_renamed_village_is_known_by_its_old_name_from_then_on():
    known = with_former(FormerName("谷西村", Period(2022, 6), merged=False))
    data = book(sheet(body=rows(v0=["谷西村", 11.3, 2, 1])))
    submission = recognise(read(admit(data, "a.xlsx")), known, "140121202", OCTOBER)
    assert submission.sheets[0].rows[0].org_unit == VILLAGES[FIRST]
    assert [finding.id for finding in submission.findings] == ["normalised"]
    before = recognise(read(admit(data, "a.xlsx")), known, "140121202", Period(2022, 5))
    assert [finding.id for finding in before.findings] == ["unknown-org-unit"]


def test_the_income_of_a_predecessor_is_added():
    known = with_former(FormerName("谷西村", Period(2022, 6), merged=True))
    data = book(sheet(after=[["谷西村", 4, 0.5, None]]))
    reading = recognise(read(admit(data, "a.xlsx")), known, "140121202", OCTOBER).sheets[0]
    values = reading.rows[0].values
    assert (values[OPERATING].value, values["subsidy_income"].value, values["other_income"].value) == (15.3, 2.5, 1)
    assert (values[OPERATING].raw, values[OPERATING].cell) == ("11.3 + 4", "B2")
    assert (len(reading.rows), reading.counts["read"]) == (9, 10)
