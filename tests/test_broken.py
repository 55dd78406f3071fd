"""Broken workbooks: a whole clean month of 西谷乡, broken in one place each, and exactly the findings that follow.

A case says what is done to the workbook and lists every finding: (id, severity, sheet, cell). No finding more, none less.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.mess import CLEAN_COLLECT, ECONOMY, VILLAGES, XIGU, month, past_of_month, told
from tests.test_guard import rezipped
from tests.workbooks import OCTOBER, xlsx
from townboard.findings import KINDS, REFUSALS
from townboard.guard import admit
from townboard.periods import Period
from townboard.submission import History
from townboard.workbook.sheets import place_of

Sheets = dict[str, list[list[Any]]]
Place = tuple[str, str, str, str]
NAMES = list(VILLAGES)
E, C, A, L, F = "村集体经济", "清化收", "三资平台", "综合执法", "封面"
CLEAN_MONTH = xlsx(month())
SEPTEMBER, DECEMBER = Period(2022, 9), Period(2022, 12)


@dataclass(frozen=True)
class Case:
    """`cells`: sheet and cell → what is typed there instead; `change`: what else is done to the sheets."""

    what: str
    cells: Mapping[tuple[str, str], Any]
    findings: list[Place]
    change: Callable[[Sheets], Sheets] | None = None
    history: History | None = None
    period: Period = OCTOBER
    packed: Callable[[bytes], bytes] | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.what

    def workbook(self) -> bytes:
        """The broken workbook's bytes."""
        sheets = month()
        for (sheet, cell), value in self.cells.items():
            row, column = place_of(cell)
            grid = sheets[sheet]
            grid += [[] for _ in range(row - len(grid))]
            grid[row - 1] += [None] * (column - len(grid[row - 1]))
            grid[row - 1][column - 1] = value
        sheets = self.change(sheets) if self.change else sheets
        data = xlsx(sheets, **self.more)
        return self.packed(data) if self.packed else data


def one(what: str, sheet: str, cell: str, value: Any, *findings: tuple[str, str, str] | tuple[str, str], **more: Any) -> Case:
    """A case of one cell: findings as (id, severity) of that very cell, or with another cell of the same sheet."""
    return Case(
        what, {(sheet, cell): value}, [(id, severity, sheet, *(where or (cell,))) for id, severity, *where in findings], **more
    )


def drop(sheet: str, number: int) -> Callable[[Sheets], Sheets]:
    """Without one row of a sheet."""
    return lambda sheets: {
        name: [row for at, row in enumerate(grid, 1) if (name, at) != (sheet, number)] for name, grid in sheets.items()
    }


def without(sheet: str, column: int) -> Callable[[Sheets], Sheets]:
    """Without one column of a sheet."""
    return lambda sheets: {name: [row if name != sheet else row[: column - 1] + row[column:] for row in grid]
                           for name, grid in sheets.items()}  # fmt: skip


def also(sheet: str, *rows: list[Any]) -> Callable[[Sheets], Sheets]:
    """With more rows below a sheet, or a sheet more."""
    return lambda sheets: sheets | {sheet: [*sheets.get(sheet, []), *rows]}


def only(*names: str) -> Callable[[Sheets], Sheets]:
    """With these sheets alone."""
    return lambda sheets: {name: grid for name, grid in sheets.items() if name in names}


def known(**more: Any) -> History:
    """The history with something else known."""
    return dataclasses.replace(past_of_month(), **more)


def approved(data_set: str, village: str, element: str, *months: tuple[int, float]) -> History:
    """The history with other approved values of one cell."""
    history = past_of_month()
    history.series[data_set, VILLAGES.get(village, village), element] = [(Period(2022, at), value) for at, value in months]
    return history


def wider() -> History:
    """Villages of very different size, so that a value out of its row is seen; nothing but last month is known of them."""
    history = past_of_month()
    for number, code in enumerate(VILLAGES.values()):
        history.series[ECONOMY, code, "operating_income"] = [(SEPTEMBER, 8.0 * 1.5**number)]
        del history.register[ECONOMY, code, "last_year_total_income"]
    return history


def one_column_sorted(sheets: Sheets) -> Sheets:
    """Every village of `wider` with last month's value and a little, then its first rows moved up by one in one column."""
    values = [round(8.0 * 1.5**number * 1.05, 2) for number in range(9)]
    for row, value in zip(sheets[E][2:], [*values[1:5], values[0], *values[5:]], strict=True):
        row[1], row[2], row[3], row[6] = None, None, value, None
    return sheets


def macros(data: bytes) -> bytes:
    return rezipped(data, add={"xl/vbaProject.bin": b"macro"})


def asks(id: str, sheet: str, cell: str) -> Place:
    return id, "asks", sheet, cell


def notes(id: str, sheet: str, cell: str) -> Place:
    return id, "notes", sheet, cell


def blocks(id: str, sheet: str, cell: str) -> Place:
    return id, "blocks", sheet, cell


TASKS = [["任务编号", "任务名称", "进度(%)", "存在问题", "完成时间"], ["T-01", "清理合同", 60, "无", None]]
PROBLEMS = [["序号", "类型", "领域", "标题", "内容", "需协调单位"], [1, "问题", "集体经济", "合同难清", "两村合同不规范", None]]
BURDEN = [["指标", "数量"], ["工作事务基数", 60], ["现有工作事务", 12], ["机制牌子基数", 20], ["现有牌子", 4], ["证明事项基数", 15],
          ["现有证明事项", 5], ["报表台账基数", 40], ["现有报表台账", 10], ["发现违规增设", 1], ["已纠正", 1]]  # fmt: skip

CASES = [
    # one cell that cannot be read
    one("words for a number", E, "D3", "见备注", ("not-a-number", "blocks")),
    one("a tick for a number", C, "D4", "√", ("not-a-number", "blocks")),
    one("a day for a number", E, "D5", "2022年9月1日", ("not-a-number", "blocks")),
    one("a percentage for money", E, "E5", "60%", ("not-a-number", "blocks")),
    one("an error for a number", E, "D3", "#REF!", ("error-cell", "blocks")),
    one("an error in a vertical form", L, "B6", "#VALUE!", ("error-cell", "blocks")),
    one("a formula never calculated", E, "D3", "=[1]Sheet1!B5", ("formula-without-value", "blocks")),
    one("no choice of the list", E, "H3", "洽谈中", ("unknown-choice", "blocks")),
    one("neither yes nor no", C, "O3", "部分", ("unknown-choice", "blocks")),
    one("no day", L, "B15", "已完成", ("bad-date", "blocks")),
    one("the 31st of September", L, "B15", "2022-09-31", ("bad-date", "blocks")),
    one("a day before the action", L, "B15", "2020-12-31", ("bad-date", "blocks")),
    one("a day still to come", L, "B15", "2022-11-01", ("bad-date", "blocks")),
    one("certificates before the posts", L, "B17", "2022-04-09", ("bad-date", "blocks")),
    one("a case before the matters", L, "B19", "2022-04-30", ("bad-date", "blocks")),
    # one cell that can be read in more than one way
    one("about thirty", E, "D3", "约30", ("ambiguous-number", "asks")),
    one("a range", E, "D3", "30-35", ("ambiguous-number", "asks")),
    one("groups of four digits", E, "D3", "1,2345", ("ambiguous-number", "asks")),
    one("brackets for below zero", E, "D3", "(5.2)", ("ambiguous-number", "asks"), ("negative-value", "blocks")),
    one("a day or a month", L, "B15", "22.10", ("ambiguous-date", "asks")),
    one("a day as a float", L, "B15", 2022.1, ("ambiguous-date", "asks")),
    # one cell that is tidied
    one("a glued unit", E, "D3", "11.3万元", ("normalised", "notes")),
    one("full width", C, "D3", "１０", ("normalised", "notes")),
    one("a tick for yes", C, "O3", "√", ("normalised", "notes")),
    one("a month for a day", L, "B15", "2022年3月", ("normalised", "notes")),
    # one cell out of range, missing, or too much
    one("below zero", E, "D3", -5, ("negative-value", "blocks"), ("total-mismatch", "notes", "G3")),
    one("half a contract", C, "D3", 9.5, ("value-out-of-range", "blocks")),
    one("more matters than there are", L, "B2", 60, ("value-out-of-range", "blocks"), ("baseline-differs", "asks")),
    one("a blank", E, "D3", None, ("missing-value", "asks")),
    one("a dash", C, "D3", "—", ("missing-value", "asks")),
    one("a blank in a vertical form", L, "B8", None, ("missing-value", "asks")),
    one("nobody filled it in", F, "B3", None, ("missing-value", "asks")),
    one("a name too short", F, "B3", "张", ("text-length", "blocks")),
    one("a telephone number too short", F, "B6", "123", ("value-out-of-range", "notes")),
    one("filled in and reviewed by one person", F, "B4", "张三", ("same-person", "blocks")),
    one("a mobile number in a note", E, "I3", "联系 13812345678", ("personal-data", "notes")),
    # relations inside a row
    one("more rectified than there were problems", C, "D3", 21, ("part-exceeds-whole", "blocks")),
    one("more problems than contracts", C, "C3", 41, ("part-exceeds-whole", "blocks")),
    one("more debt resolved than locked", C, "I3", 61, ("part-exceeds-whole", "blocks")),
    one("more certified than on post", L, "B6", 9, ("part-exceeds-whole", "blocks"), ("percent-mismatch", "notes", "B20")),
    one("more orders closed than received", L, "B13", 51, ("part-exceeds-whole", "blocks")),
    one("more villages online than there are", A, "B2", 10, ("part-exceeds-whole", "blocks")),
    one("more alerts handled than raised", A, "B4", 13, ("part-exceeds-whole", "blocks")),
    one("more fees than were due", C, "G3", 51, ("unlikely-relation", "asks")),
    one("half as many again on post", L, "B5", 16, ("unlikely-relation", "asks"), ("percent-mismatch", "notes", "B20")),
    one("fees without an area", C, "M3", 0, ("counterpart-missing", "blocks", "N3")),
    one("a typed total that is not the sum", E, "G3", 99, ("total-mismatch", "notes")),
    one("a typed share that is not the quotient", L, "B20", "80%", ("percent-mismatch", "notes")),
    one("closing asked for too early", C, "P3", "是", ("closing-not-ready", "blocks")),
    one("new debt", C, "K3", 3.5, ("new-debt", "asks")),
    one("the goal reached by subsidies alone", E, "E3", 35, ("subsidy-only", "notes", "D3"), ("unusual-jump", "asks"),
        ("total-mismatch", "notes", "G3")),
    # against the past and the register
    one("yuan for ten thousand yuan", E, "D3", 113_000, ("unit-slip", "asks"), ("total-mismatch", "notes", "G3")),
    one("yuan in a village without a past", E, "D3", 113_000, ("unit-slip", "asks"), ("total-mismatch", "notes", "G3"),
        history=approved(ECONOMY, NAMES[0], "operating_income")),
    one("less than last month", E, "D3", 1.2, ("decreased-cumulative", "asks"), ("total-mismatch", "notes", "G3")),
    one("fewer rectified than last month", C, "D3", 8, ("decreased-cumulative", "asks")),
    one("a jump", E, "F3", 15.5, ("unusual-jump", "asks"), ("total-mismatch", "notes", "G3")),
    one("unchanged for months", E, "D3", 11.3, ("stale-value", "notes"),
        history=approved(ECONOMY, NAMES[0], "operating_income", (6, 11.0), (7, 11.3), (8, 11.3), (9, 11.3))),
    one("another baseline", C, "B3", 41, ("baseline-differs", "asks")),
    one("no baseline yet", C, "B2", 40, ("baseline-recorded", "notes"),
        history=known(register={key: value for key, value in past_of_month().register.items()
                                if key != (CLEAN_COLLECT, VILLAGES[NAMES[0]], "contracts_checked")})),
    one("a write-off booked as income", E, "F3", 4, ("write-off-as-income", "asks"), ("total-mismatch", "notes", "G3"),
        change=lambda sheets: sheets | {C: [row if at != 1 else [*row[:9], 3, *row[10:]] for at, row in enumerate(sheets[C])]}),
    Case("one column sorted alone", {}, [asks("row-shift", E, "D3"), asks("decreased-cumulative", E, "D7"), notes("subsidy-only", E, "D5"),
                                             asks("unusual-jump", E, "D5"), asks("unusual-jump", E, "D6")],
         one_column_sorted, wider()),
    Case("everything as last month", {}, [asks("unchanged-workbook", E, "A1")],
         lambda sheets: only(E)({**sheets, E: [row if at < 2 else [*row[:3], round(row[3] * 0.9, 2), *row[4:6]]
                                             for at, row in enumerate(sheets[E])]})),
    Case("the very file of last month", {}, [asks("unchanged-workbook", F, "A1")],
         history=known(seen={admit(CLEAN_MONTH, "a.xlsx").sha256: SEPTEMBER}), packed=lambda _: CLEAN_MONTH),
    # rows
    Case("a village left out", {}, [asks("missing-row", E, "A11")], drop(E, 5)),
    Case("a village left out of the second sheet", {}, [asks("missing-row", C, "A10")], drop(C, 5)),
    Case("a village twice, the same", {}, [notes("duplicate-row", E, "A12")], lambda sheets: also(E, sheets[E][2])(sheets)),
    Case("a village twice, with other values", {}, [blocks("duplicate-row", C, "A11")],
         lambda sheets: also(C, [NAMES[0], 40, 20, 11, *sheets[C][1][4:]])(sheets)),
    one("a wrong character in a name", E, "A9", "东罗百村", ("unknown-org-unit", "asks")),
    Case("a village of another unit", {}, [asks("extra-row", E, "A12")], also(E, ["六合村", None, None, 1, 1, 1])),
    Case("a village closed already", {}, [asks("extra-row", C, "A4")], history=known(closed=frozenset([VILLAGES[NAMES[2]]]))),
    Case("an example left in", {}, [notes("example-row", E, "A12")], also(E, ["示例：某某村", 1, 1, 1, 1, 1])),
    Case("a hidden row", {}, [notes("hidden-row", E, "A4")], more={"hidden_rows": {E: [4]}}),
    Case("a typed total below", {}, [notes("total-mismatch", E, "D12")], also(E, ["合计", None, None, 200, 18, 9])),
    Case("figures rounded to fives", {}, [notes("heaping", E, "D2")],
         lambda sheets: only(E)({**sheets, E: [row if at < 2 else [row[0], None, None, [15, 20, 25][at % 3], 2, 1]
                                             for at, row in enumerate(sheets[E])]}),
         History(XIGU, OCTOBER)),
    Case("half the year's income in one month", {}, [notes("end-loading", E, "D2")], history=known(series=past_of_month().series | {
        (ECONOMY, code, "operating_income"): [(SEPTEMBER, round((11.3 + 1.7 * number) * 0.55, 2))]
        for number, code in enumerate(VILLAGES.values())})),
    # columns and sheets
    Case("a required column gone", {}, [blocks("missing-column", E, "A2")], without(E, 4)),
    Case("a required label gone", {}, [blocks("missing-column", L, "A2")], drop(L, 8)),
    one("a column of their own", E, "J2", "书记姓名", ("unknown-column", "notes"),
        change=lambda sheets: sheets | {E: [row if at != 2 else [*row, "张三"] for at, row in enumerate(sheets[E])]}),
    Case("a form left out", {}, [notes("missing-sheet", F, "A1")], only(F, E, C, L)),
    Case("a sheet renamed", {}, [notes("renamed-sheet", "Sheet2", "A1")],
         lambda sheets: {"Sheet2" if name == C else name: grid for name, grid in sheets.items()}),
    Case("a sheet copied", {}, [asks("copied-sheet", "清化收 (2)", "A1")], lambda sheets: sheets | {"清化收 (2)": sheets[C]}),
    Case("last month's title", {(E, "A1"): "西谷乡村集体经济情况表（2022年9月）"}, [asks("wrong-period", E, "A1")]),
    Case("last month as a sheet's name", {}, [asks("wrong-period", "清化收9月", "A1")],
         lambda sheets: {"清化收9月" if name == C else name: grid for name, grid in sheets.items()}),
    Case("last month in _meta", {(F, "B2"): None}, [asks("wrong-period", F, "A1")],
         also("_meta", ["period", "2022-09"]), more={"hidden": ["_meta"]}),
    Case("last month on the cover", {(F, "B2"): "2022-09"}, [asks("wrong-period", F, "B2")]),
    Case("the month as a float", {(F, "B2"): 2022.1}, [notes("reads-float-month", F, "B2")]),
    Case("an old template", {}, [notes("old-template", "_meta", "B2")],
         also("_meta", ["template_id", "F"], ["template_version", "0"]), more={"hidden": ["_meta"]}),
    Case("with macros", {}, [notes("macros-ignored", F, "A1")], packed=macros),
    # the other forms
    Case("a task done without its day", {}, [blocks("counterpart-missing", "任务清单", "C3")],
         also("任务清单", *TASKS, ["T-02", "挂牌", 100, None, None])),
    Case("more than all of a task", {}, [blocks("value-out-of-range", "任务清单", "C3")],
         also("任务清单", *TASKS, ["T-02", "挂牌", 120, None, None])),
    Case("a share for per cent", {}, [asks("ambiguous-number", "任务清单", "C3")], also("任务清单", *TASKS, ["T-02", "挂牌", 0.6, None, None])),
    Case("coordination with nobody", {}, [blocks("counterpart-missing", "问题与典型", "B3")],
         also("问题与典型", *PROBLEMS, [2, "需协调", "集体经济", "用地", "请协调用地", None])),
    Case("a title that goes on", {}, [blocks("text-length", "问题与典型", "D3")],
         also("问题与典型", *PROBLEMS, [2, "问题", "集体经济", "长" * 41, "内容", None])),
    Case("more duties than the catalogue has", {}, [asks("over-catalogue", "基层减负", "B3")],
         lambda sheets: also("基层减负", *BURDEN)(only(F)(sheets) | {F: [row if at != 1 else ["报告期", "2022-12"] for at, row in enumerate(sheets[F])]}),
         History(XIGU, DECEMBER, catalogue_limits={"duties_now": 9.0},
                 register={("burden", XIGU, element): value for element, value in (
                     ("duties_baseline", 60), ("signs_baseline", 20), ("certificates_baseline", 15), ("forms_baseline", 40))}), DECEMBER),
]  # fmt: skip


def background(case: Case) -> set[str]:
    """Forms that a case leaves out on purpose bring no news; a case about a missing form names it."""
    return set() if case.what == "a form left out" else {"missing-sheet"}


def test_the_clean_month_has_nothing_wrong():
    found = told(xlsx(month()), history=past_of_month())
    assert (found.outcome, found.places) == ("ready", [])


@pytest.mark.parametrize("case", CASES, ids=str)
def test_broken(case: Case) -> None:
    found = told(case.workbook(), period=case.period, history=case.history or past_of_month())
    assert not found.refusal
    assert all(sheet and cell for _, _, sheet, cell in found.places)
    assert sorted(place for place in found.places if place[0] not in background(case)) == sorted(case.findings)


def test_there_are_enough_of_them():
    assert len({case.what for case in CASES}) == len(CASES) >= 60


NOT_OF_A_WORKBOOK = {"corrected-online": "comes from an answer, not from the workbook: tests/test_answers.py",
                     "row-typed": "comes from an answer, not from the workbook: tests/test_journey.py",
                     "parts-differ": "needs communities in a quarter month: tests/test_checks.py"}  # fmt: skip


def test_every_kind_of_finding_is_raised_by_some_case():
    raised = {(place[0], place[1]) for case in CASES for place in case.findings}
    assert {id for id, _ in raised} | set(NOT_OF_A_WORKBOOK) == set(KINDS)
    assert not {id for id, _ in raised} & set(NOT_OF_A_WORKBOOK)
    own = {(id, kind.severity) for id, kind in KINDS.items() if id not in NOT_OF_A_WORKBOOK}
    assert own <= raised, "each with its own severity"


def test_every_refusal_of_a_file_is_named_by_a_test():
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    of_the_month = {"month-closed", "not-permitted"}
    assert [id for id in set(REFUSALS) - of_the_month if f'"{id}"' not in tests] == []
