"""From a cell to a value: the mess patterns of the domain notes §3.2, one line a case."""

from __future__ import annotations

from datetime import date

import pytest

from tests.workbooks import OCTOBER
from townboard.loading import catalogue
from townboard.recognise.cells import parse, percent
from townboard.recognise.sums import evaluate
from townboard.workbook.sheets import DATE, ERROR, PERCENT, Cell, Sheet

ECONOMY = catalogue().data_set["village_economy"].by_code
MONEY = ECONOMY["operating_income"]
STAGE = ECONOMY["cooperation_stage"]
COUNT = catalogue().data_set["clean_collect"].by_code["contracts_rectified"]
AREA = catalogue().data_set["clean_collect"].by_code["resource_area_charged"]
YES_NO = catalogue().data_set["clean_collect"].by_code["files_archived"]
DAY = catalogue().data_set["law_enforcement"].by_code["team_established_on"]
NOTE = ECONOMY["note"]
PROGRESS = catalogue().data_set["task_progress"].by_code["progress"]

REPORTED, MISSING, NONE = "reported", "missing", "not_applicable"


@pytest.mark.parametrize(("name", "element", "written", "value", "status", "finding"), [
    ("a float", MONEY, 26.0, 26.0, REPORTED, ""),
    ("zero", MONEY, 0.0, 0.0, REPORTED, ""),
    ("a negative is for the checks", MONEY, -3.5, -3.5, REPORTED, ""),
    ("a whole count", COUNT, 12.0, 12, REPORTED, ""),
    ("a count with a fraction is for the checks", COUNT, 12.5, 12.5, REPORTED, ""),
    ("blank", MONEY, None, None, MISSING, ""),
    ("blanks only", MONEY, "  　", None, MISSING, ""),
    ("dash", MONEY, "—", None, MISSING, ""),
    ("two dashes", MONEY, "——", None, MISSING, ""),
    ("hyphen", MONEY, "-", None, MISSING, ""),
    ("slash", MONEY, "/", None, MISSING, ""),
    ("backslash", MONEY, "\\", None, MISSING, ""),
    ("dots", MONEY, "……", None, MISSING, ""),
    ("none for now", MONEY, "暂无", None, MISSING, ""),
    ("not begun", MONEY, "未开展", None, MISSING, ""),
    ("none is zero", MONEY, "无", 0.0, REPORTED, ""),
    ("none is zero, count", COUNT, "无", 0, REPORTED, ""),
    ("zero as text", MONEY, "0.00", 0.0, REPORTED, ""),
    ("does not apply", MONEY, "不涉及", None, NONE, ""),
    ("plain text number", MONEY, "31.20", 31.2, REPORTED, ""),
    ("trailing blank", MONEY, "31.20 ", 31.2, REPORTED, "normalised"),
    ("no-break space", MONEY, "\u00a031.20", 31.2, REPORTED, "normalised"),
    ("leading apostrophe", MONEY, "'31.2", 31.2, REPORTED, "normalised"),
    ("full width", MONEY, "１２．５", 12.5, REPORTED, "normalised"),
    ("Chinese full stop as point", MONEY, "12。5", 12.5, REPORTED, "normalised"),
    ("full width and unit", MONEY, "１２．５万", 12.5, REPORTED, "normalised"),
    ("glued wan", MONEY, "12万", 12.0, REPORTED, "normalised"),
    ("glued with a blank", MONEY, "12.5 万元", 12.5, REPORTED, "normalised"),
    ("bracketed unit", MONEY, "12.5(万元)", 12.5, REPORTED, "normalised"),
    ("yuan", MONEY, "3,000元", 0.3, REPORTED, "normalised"),
    ("yuan in full", MONEY, "286000元整", 28.6, REPORTED, "normalised"),
    ("hundred million", MONEY, "0.02亿元", 200.0, REPORTED, "normalised"),
    ("thousands", MONEY, "1,234.5", 1234.5, REPORTED, "normalised"),
    ("Chinese comma", MONEY, "1，200", 1200.0, REPORTED, "normalised"),
    ("groups of four are asked", MONEY, "1,2345", 12345.0, REPORTED, "ambiguous-number"),
    ("villages", COUNT, "18个村", 18, REPORTED, "normalised"),
    ("copies", COUNT, "18份", 18, REPORTED, "normalised"),
    ("ten thousand people", COUNT, "1.2万人", 12000, REPORTED, "normalised"),
    ("mu", AREA, "12.5亩", 12.5, REPORTED, "normalised"),
    ("a count unit in money", MONEY, "18个", 18.0, REPORTED, "ambiguous-number"),
    ("Chinese numeral", COUNT, "十二", 12, REPORTED, "normalised"),
    ("Chinese numeral with unit", COUNT, "三份", 3, REPORTED, "normalised"),
    ("ninety-nine", COUNT, "九十九", 99, REPORTED, "normalised"),
    ("above ninety-nine", COUNT, "一百零五", 105, REPORTED, "ambiguous-number"),
    ("Chinese numeral in money", MONEY, "十二", 12.0, REPORTED, "ambiguous-number"),
    ("about", MONEY, "约30", 30.0, REPORTED, "ambiguous-number"),
    ("or so", MONEY, "30左右", 30.0, REPORTED, "ambiguous-number"),
    ("above", MONEY, "30以上", 30.0, REPORTED, "ambiguous-number"),
    ("more than", MONEY, ">30", 30.0, REPORTED, "ambiguous-number"),
    ("full-width more than", MONEY, "＞30", 30.0, REPORTED, "ambiguous-number"),
    ("range", MONEY, "30-35", 30.0, REPORTED, "ambiguous-number"),
    ("range with tilde", MONEY, "30～35万元", 30.0, REPORTED, "ambiguous-number"),
    ("remark", MONEY, "31.2(含补助5)", 31.2, REPORTED, "ambiguous-number"),
    ("remark in full-width brackets", MONEY, "31.2（含补助5）", 31.2, REPORTED, "ambiguous-number"),
    ("remark after the unit", MONEY, "31.2万元，其中补助5万元", 31.2, REPORTED, "ambiguous-number"),
    ("currency sign", MONEY, "￥31.2", 31.2, REPORTED, "ambiguous-number"),
    ("accounting brackets", MONEY, "(5.2)", -5.2, REPORTED, "ambiguous-number"),
    ("two numbers", MONEY, "20 6", 206.0, REPORTED, "ambiguous-number"),
    ("words", MONEY, "已完成", None, MISSING, "not-a-number"),
    ("see note", MONEY, "见备注", None, MISSING, "not-a-number"),
    ("a date in a number", MONEY, "2022年9月1日", None, MISSING, "not-a-number"),
    ("a tick in a number", MONEY, "√", None, MISSING, "not-a-number"),
    ("a percentage in money", MONEY, "60%", None, MISSING, "not-a-number"),
    ("truth in a number", MONEY, True, None, MISSING, "not-a-number"),
    ("progress with a sign", PROGRESS, "60%", 60, REPORTED, "normalised"),
    ("progress as a share, without a sign", PROGRESS, 0.6, 60, REPORTED, "ambiguous-number"),
    ("progress as a share in text", PROGRESS, "0.6", 60, REPORTED, "ambiguous-number"),
    ("one per cent or all of it", PROGRESS, 1.0, 100, REPORTED, "ambiguous-number"),
    ("one per cent with a sign", PROGRESS, "1%", 1, REPORTED, "normalised"),
    ("yes", YES_NO, "是", True, REPORTED, ""),
    ("no", YES_NO, "否", False, REPORTED, ""),
    ("truth", YES_NO, True, True, REPORTED, ""),
    ("tick", YES_NO, "√", True, REPORTED, "normalised"),
    ("heavy tick", YES_NO, "✔", True, REPORTED, "normalised"),
    ("yes and tick", YES_NO, "是 √", True, REPORTED, "normalised"),
    ("ticked box", YES_NO, "☑是 □否", True, REPORTED, "normalised"),
    ("other box ticked", YES_NO, "□是 ☑否", False, REPORTED, "normalised"),
    ("cross", YES_NO, "×", False, REPORTED, "normalised"),
    ("letter", YES_NO, "N", False, REPORTED, "normalised"),
    ("one", YES_NO, 1.0, True, REPORTED, "normalised"),
    ("has not", YES_NO, "无", False, REPORTED, "normalised"),
    ("dash is not an answer", YES_NO, "—", None, MISSING, ""),
    ("perhaps", YES_NO, "部分", None, MISSING, "unknown-choice"),
    ("choice", STAGE, "签约", "签约", REPORTED, ""),
    ("choice with blanks", STAGE, "签 约", "签约", REPORTED, "normalised"),
    ("numbered choice", STAGE, "3.签约", "签约", REPORTED, "normalised"),
    ("the choice 无 is a value", STAGE, "无", "无", REPORTED, ""),
    ("no choice", STAGE, "/", None, MISSING, ""),
    ("unknown choice", STAGE, "洽谈中", None, MISSING, "unknown-choice"),
    ("ISO day", DAY, "2022-09-01", date(2022, 9, 1), REPORTED, ""),
    ("short ISO day", DAY, "2022-9-1", date(2022, 9, 1), REPORTED, "normalised"),
    ("day in Chinese", DAY, "2022年9月1日", date(2022, 9, 1), REPORTED, "normalised"),
    ("day with points", DAY, "2022.9.1", date(2022, 9, 1), REPORTED, "normalised"),
    ("day with slashes", DAY, "2022/9/1", date(2022, 9, 1), REPORTED, "normalised"),
    ("day with time", DAY, "2022-09-01 00:00:00", date(2022, 9, 1), REPORTED, ""),
    ("compact day", DAY, "20220901", date(2022, 9, 1), REPORTED, "normalised"),
    ("compact day as a number", DAY, 20220901.0, date(2022, 9, 1), REPORTED, "normalised"),
    ("two-digit year", DAY, "22.9.25", date(2022, 9, 25), REPORTED, "normalised"),
    ("serial without a format", DAY, 44805.0, date(2022, 9, 1), REPORTED, ""),
    ("month only", DAY, "2022年9月", date(2022, 9, 30), REPORTED, "normalised"),
    ("month with a point", DAY, "2022.9", date(2022, 9, 30), REPORTED, "normalised"),
    ("month as a number", DAY, 2022.9, date(2022, 9, 30), REPORTED, "normalised"),
    ("end of a month", DAY, "2022.9月底", date(2022, 9, 30), REPORTED, "normalised"),
    ("middle of a month", DAY, "2022年9月中旬", date(2022, 9, 30), REPORTED, "ambiguous-date"),
    ("month without a year", DAY, "9月", date(2022, 9, 30), REPORTED, "normalised"),
    ("six digits", DAY, "202209", date(2022, 9, 30), REPORTED, "normalised"),
    ("January or October as a number", DAY, 2022.1, date(2022, 1, 31), REPORTED, "ambiguous-date"),
    ("January or October as text", DAY, "2022.1", date(2022, 1, 31), REPORTED, "ambiguous-date"),
    ("October as text", DAY, "2022.10", date(2022, 10, 31), REPORTED, "normalised"),
    ("day or month", DAY, "22.10", date(2022, 10, 31), REPORTED, "ambiguous-date"),
    ("no year", DAY, "9月1日", date(2022, 9, 1), REPORTED, "normalised"),
    ("no such day", DAY, "2022.9.31", None, MISSING, "bad-date"),
    ("done is no date", DAY, "已完成", None, MISSING, "bad-date"),
    ("not yet", DAY, "未完成", None, MISSING, ""),
    ("a small number is no date", DAY, 12.0, None, MISSING, "bad-date"),
    ("text", NOTE, " 含土地补偿 ", "含土地补偿", REPORTED, ""),
    ("a number as text", NOTE, 35112345678.0, "35112345678", REPORTED, ""),
    ("无 is a text", NOTE, "无", "无", REPORTED, ""),
    ("no text", NOTE, "/", None, MISSING, ""),
])  # fmt: skip
def test_cell(name, element, written, value, status, finding):
    parsed = parse(None if written is None else Cell(written), element, OCTOBER)
    assert (parsed.value, parsed.status, parsed.finding) == (value, status, finding), name
    assert type(parsed.value) is type(value)
    if finding == "normalised":
        assert parsed.steps
    if finding.startswith("ambiguous"):
        assert parsed.suggestion == value


@pytest.mark.parametrize(("name", "element", "cell", "value", "finding"), [
    ("serial day", DAY, Cell(44805.0, DATE), date(2022, 9, 1), ""),
    ("a date format in a number", MONEY, Cell(44683.0, DATE), None, "not-a-number"),
    ("a percent format in money", MONEY, Cell(0.26, PERCENT), 0.26, "ambiguous-number"),
    ("a percent format in progress", PROGRESS, Cell(0.6, PERCENT), 60, ""),
    ("an error", MONEY, Cell("#REF!", ERROR), None, "error-cell"),
    ("a formula with its result", MONEY, Cell(26.0, formula="G7+H7"), 26.0, ""),
    ("a formula without result", MONEY, Cell(None, formula="VLOOKUP(A1,B:C,2)"), None, "formula-without-value"),
])  # fmt: skip
def test_formats_and_formulas(name, element, cell, value, finding):
    parsed = parse(cell, element, OCTOBER, Sheet("s"))
    assert (parsed.value, parsed.finding) == (value, finding), name


def test_money_of_a_column_headed_yuan_is_turned_but_a_written_unit_counts_first():
    assert parse(Cell(286000.0), MONEY, OCTOBER, scale=1e-4).value == 28.6
    assert parse(Cell("286,000"), MONEY, OCTOBER, scale=1e-4).value == 28.6
    assert parse(Cell("28.6万元"), MONEY, OCTOBER, scale=1e-4).value == 28.6


@pytest.mark.parametrize(("formula", "value"), [
    ("SUM(A1:A3)", 6.5), ("SUM(A1,A3)", 4.5), ("A1+A2", 3.0), ("A1-A2", -1.0), ("SUM(A1:A4)", 6.5), ("B1+1", 7.5),
    ("A1*2", None), ("SUM(C1:C2)", None), ("A1+A4", None), ("[1]Sheet1!B5", None), ("SUM(D1:D1)", None), ("", None),
])  # fmt: skip
def test_plain_sums_are_evaluated(formula, value):
    rows = {1: {1: Cell(1.0), 2: Cell(None, formula="SUM(A1:A3)"), 4: Cell(None, formula="D1")}, 2: {1: Cell(2.0)},
            3: {1: Cell(3.5)}, 4: {1: Cell("合计")}}  # fmt: skip
    assert evaluate(Sheet("s", rows=rows), formula) == value


@pytest.mark.parametrize(("cell", "value"), [
    (Cell(60.0), 60.0), (Cell(0.6, PERCENT), 60.0), (Cell("60%"), 60.0), (Cell("60％"), 60.0), (Cell("-20"), -20.0),
    (Cell("#DIV/0!", ERROR), None), (Cell("—"), None), (None, None), (Cell(0.0909, PERCENT), 9.09),
])  # fmt: skip
def test_percentages(cell, value):
    assert percent(cell) == value
