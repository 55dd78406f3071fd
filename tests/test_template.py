"""The month's workbook: what is in it, who may write where, and that our own reader finds every value again."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from townboard import guard, recognise, template, workbook
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.submission import MISSING, REPORTED, History, Key, Row, SheetReading, Submission, Value
from townboard.template.plan import CARRIED, DERIVED, LOCKED, OPEN, TYPED, plan

CATALOGUE = catalogue()
TOWN, XUGOU, ZONE, STREET, EAST_LAKE = "140121100", "140121101", "140121-KFQ", "140106001", "140121-DHJD"
VILLAGE, COMMUNITY = "140121100204", "140121100001"
SEPTEMBER, OCTOBER, JANUARY, DECEMBER = Period(2022, 9), Period(2022, 10), Period(2022, 1), Period(2022, 12)


def history(
    unit: str = TOWN, period: Period = OCTOBER, *, last: Period = SEPTEMBER, register: bool = True, **more: object
) -> History:
    """A history with one approved month (value 12 or what fits the type) and, when asked, full registers."""
    series: dict[Key, list[tuple[Period, object]]] = {}
    known: dict[Key, object] = {}
    for data_set in CATALOGUE.owes(unit):
        if data_set.rows in ("task", "free"):
            continue
        for place in CATALOGUE.rows_of(data_set, unit):
            for element in data_set.elements:
                value = {"decimal": 12.5, "integer": 12, "date": date(2022, 5, 4), "boolean": True, "text": "张三"}.get(
                    element.type
                )
                value = element.values[0].zh if element.values else value
                if value is None:
                    continue
                if element.fill in ("typed", "carried", "optional") and element.accumulation != "none":
                    series[data_set.code, place.code, element.code] = [(last, value)]
                elif element.fill == "prefilled" and element.is_number and register:
                    known[data_set.code, place.code, element.code] = 20.25 if element.type == "decimal" else 20
    return History(unit, period, series=series, register=known, **more)  # type: ignore[arg-type]


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def planned(unit: str, period: Period, found: History, data_set: str, row: str, element: str) -> tuple[str, object]:
    for sheet in plan(CATALOGUE, unit, period, found):
        for one in sheet.rows:
            for cell in one.cells:
                if (sheet.data_set.code, one.org_unit, cell.element.code) == (data_set, row, element):
                    return cell.shade, cell.value
    raise KeyError((data_set, row, element))


@pytest.mark.parametrize(
    ("unit", "period", "sheets"),
    [
        pytest.param(
            TOWN, OCTOBER, "封面 村集体经济 清化收 三资平台 综合执法 街道社区 问题与典型", id="a town with both, plain month"
        ),
        pytest.param(
            TOWN, DECEMBER, "封面 村集体经济 清化收 三资平台 综合执法 街道社区 非公党建 基层减负 问题与典型", id="quarter"
        ),
        pytest.param("140121103", OCTOBER, "封面 村集体经济 清化收 三资平台 综合执法 问题与典型", id="no communities"),
        pytest.param(STREET, OCTOBER, "封面 综合执法 街道社区 问题与典型", id="a street without villages"),
        pytest.param(EAST_LAKE, OCTOBER, "封面 综合执法 问题与典型", id="a street without either"),
        pytest.param(ZONE, SEPTEMBER, "封面 非公党建", id="development zone in a quarter month"),
    ],
)
def test_only_the_sheets_that_are_owed(unit: str, period: Period, sheets: str) -> None:
    book = opened(template.write(CATALOGUE, unit, period, History(unit, period)))
    assert [name for name in book.sheetnames if name != "_meta"] == sheets.split()


def test_a_month_that_asks_nothing_has_no_workbook() -> None:
    with pytest.raises(ValueError, match="nothing is due"):
        template.write(CATALOGUE, ZONE, OCTOBER, History(ZONE, OCTOBER))


def test_closed_villages_vanish_and_the_sheet_with_the_last() -> None:
    villages = [place.code for place in CATALOGUE.children(TOWN, "village")]
    some = {sheet.data_set.code: sheet for sheet in plan(CATALOGUE, TOWN, OCTOBER, history(closed=frozenset(villages[1:])))}
    assert [row.org_unit for row in some["clean_collect"].rows] == villages[:1]
    assert len(some["village_economy"].rows) == len(villages)
    none = plan(CATALOGUE, TOWN, OCTOBER, history(closed=frozenset(villages)))
    assert "clean_collect" not in [sheet.data_set.code for sheet in none]


@pytest.mark.parametrize(
    ("element", "row", "found", "period", "shade", "value"),
    [
        pytest.param("village_economy.operating_income", VILLAGE, {}, OCTOBER, TYPED, None, id="typed is never pre-filled"),
        pytest.param("village_economy.previous_operating_income", VILLAGE, {}, OCTOBER, LOCKED, 12.5, id="last month beside it"),
        pytest.param("village_economy.subsidy_income", VILLAGE, {}, OCTOBER, CARRIED, 12.5, id="year to date carried"),
        pytest.param("village_economy.total_income", VILLAGE, {}, OCTOBER, DERIVED, None, id="derived"),
        pytest.param("village_economy.main_source", VILLAGE, {}, OCTOBER, CARRIED, "资源发包", id="choice carried"),
        pytest.param("village_economy.land_compensation", VILLAGE, {}, OCTOBER, OPEN, 12.5, id="optional cumulative stays"),
        pytest.param("village_economy.expected_income", VILLAGE, {}, OCTOBER, OPEN, None, id="an estimate is made anew"),
        pytest.param("village_economy.last_year_total_income", VILLAGE, {}, OCTOBER, LOCKED, 20.25, id="register"),
        pytest.param(
            "village_economy.last_year_total_income", VILLAGE, {"register": False}, OCTOBER, OPEN, None, id="no register"
        ),
        pytest.param("village_economy.annual_target", VILLAGE, {"register": False}, OCTOBER, LOCKED, 30, id="target by default"),
        pytest.param("village_economy.village_code", VILLAGE, {}, OCTOBER, LOCKED, VILLAGE, id="code"),
        pytest.param("clean_collect.debt_written_off", VILLAGE, {}, OCTOBER, OPEN, 12.5, id="written off stays"),
        pytest.param("clean_collect.files_archived", VILLAGE, {}, OCTOBER, CARRIED, True, id="yes carried"),
        pytest.param("community_coverage.coverage_1_due", COMMUNITY, {}, OCTOBER, LOCKED, 20, id="denominator"),
        pytest.param(
            "community_coverage.coverage_1_due", COMMUNITY, {"register": False}, OCTOBER, OPEN, None, id="open denominator"
        ),
        pytest.param("law_enforcement.team_established_on", TOWN, {}, OCTOBER, CARRIED, date(2022, 5, 4), id="milestone"),
        pytest.param("cover.filled_by", TOWN, {}, OCTOBER, CARRIED, "张三", id="people"),
        pytest.param("cover.period", TOWN, {}, OCTOBER, LOCKED, "2022-10", id="period as text"),
    ],
)
def test_what_stands_in_a_cell(element: str, row: str, found: dict[str, bool], period: Period, shade: str, value: object) -> None:
    data_set, _, code = element.partition(".")
    assert planned(TOWN, period, history(period=period, **found), data_set, row, code) == (shade, value)


@pytest.mark.parametrize(
    ("element", "row", "shade", "value"),
    [
        pytest.param("village_economy.subsidy_income", VILLAGE, CARRIED, None, id="year to date starts empty"),
        pytest.param("village_economy.previous_operating_income", VILLAGE, LOCKED, None, id="nothing to look back on"),
        pytest.param("village_economy.last_year_operating_income", VILLAGE, LOCKED, 12.5, id="last year from December"),
        pytest.param("village_economy.last_year_total_income", VILLAGE, LOCKED, 37.5, id="three parts of December"),
        pytest.param("clean_collect.problem_contracts", VILLAGE, CARRIED, 12, id="since the start goes on"),
        pytest.param("law_enforcement.staff_quota", TOWN, CARRIED, 12, id="stock goes on"),
        pytest.param("law_enforcement.joint_operations", TOWN, CARRIED, None, id="yearly count starts empty"),
    ],
)
def test_january_does_not_carry_the_old_year(element: str, row: str, shade: str, value: object) -> None:
    data_set, _, code = element.partition(".")
    found = history(period=JANUARY, last=Period(2021, 12), register=False)
    assert planned(TOWN, JANUARY, found, data_set, row, code) == (shade, value)


def test_the_sheet_locks_what_is_not_the_clerks() -> None:
    book = opened(template.write(CATALOGUE, TOWN, OCTOBER, history()))
    page = book["村集体经济"]
    headings = {str(cell.value).replace("\n", ""): cell.column_letter for cell in page[3]}
    assert page.protection.sheet
    assert page.protection.password is None
    assert [headings[words] for words in ("村名", "本年累计经营性收入（万元）")] == ["B", "G"]
    locked = {words: page[f"{letter}4"].protection.locked for words, letter in headings.items()}
    assert not locked["本年累计经营性收入（万元）"]
    assert not locked["本年累计补助收入（万元）"]
    assert not locked["备注"]
    assert locked["上年总收入（万元）"]
    assert locked["本年累计总收入（万元）"]
    assert page["J4"].value == "=G4+H4+I4"
    assert page.freeze_panes == "C4"
    assert page.max_row == 3 + len(CATALOGUE.children(TOWN, "village"))
    assert page.page_setup.orientation == "landscape"
    assert page.print_title_rows == "$1:$3"
    assert {str(v.sqref)[0] for v in page.data_validations.dataValidation if v.type == "list"} == {
        headings["主要收入来源"], headings["与神农集团合作情况"],
    }  # fmt: skip


def test_hidden_meta_names_the_template() -> None:
    book = opened(template.write(CATALOGUE, TOWN, OCTOBER, history()))
    assert book["_meta"].sheet_state == "hidden"
    assert {row[0]: row[1] for row in book["_meta"].iter_rows(values_only=True)} == {
        "template_id": "townboard-monthly", "template_version": template.TEMPLATE_VERSION, "unit": TOWN, "period": "2022-10",
    }  # fmt: skip


def test_the_same_month_gives_the_same_bytes() -> None:
    assert template.write(CATALOGUE, TOWN, OCTOBER, history()) == template.write(CATALOGUE, TOWN, OCTOBER, history())


@pytest.mark.parametrize("words", ["=1+1", "+86", "-", "@全体", "\t制表"])
def test_words_stay_words(words: str) -> None:
    typed = {("village_economy", VILLAGE, "note"): words}
    page = opened(template.write(CATALOGUE, TOWN, OCTOBER, history(), typed=typed))["村集体经济"]
    cell = next(cell for cell in page[4] if cell.column == page.max_column)
    assert (cell.value, cell.data_type) == (words, "s")
    assert cell.quotePrefix


def test_the_banner_of_invented_figures_is_on_every_sheet() -> None:
    book = opened(template.write(CATALOGUE, TOWN, OCTOBER, history(), invented=True))
    assert all("示例数据" in str(page["A1"].value) for page in book if page.title != "_meta")
    plain = opened(template.write(CATALOGUE, TOWN, OCTOBER, history()))
    assert not any("示例数据" in str(page["A1"].value) for page in plain)


def submission(*values: Value, period: Period = OCTOBER) -> Submission:
    sheets = []
    for value in values:
        row = Row(value.org_unit, "", 4, {value.element: value})
        sheets.append(SheetReading("", CATALOGUE.data_set[value.data_set], [3], rows=[row]))
    return Submission(TOWN, period, "w.xlsx", "", sheets=sheets)


def value(element: str, row: str, stored: object, status: str = REPORTED) -> Value:
    data_set, _, code = element.partition(".")
    return Value(data_set, row, code, stored, status, str(stored), "", "A1")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "register", "counted"),
    [
        pytest.param(value("village_economy.operating_income", VILLAGE, 14.0), True, (1, 1), id="typed"),
        pytest.param(value("village_economy.subsidy_income", VILLAGE, 12.5), True, (0, 1), id="carried and left alone"),
        pytest.param(value("village_economy.subsidy_income", VILLAGE, 13.0), True, (1, 1), id="carried and changed"),
        pytest.param(value("village_economy.subsidy_income", VILLAGE, None, MISSING), True, (0, 0), id="emptied"),
        pytest.param(value("village_economy.last_year_total_income", VILLAGE, 20.25), True, (0, 0), id="known to the office"),
        pytest.param(value("village_economy.last_year_total_income", VILLAGE, 20.25), False, (1, 1), id="a first baseline"),
        pytest.param(value("law_enforcement.team_established_on", TOWN, date(2022, 5, 4)), True, (0, 1), id="same date"),
        pytest.param(value("clean_collect.files_archived", VILLAGE, False), True, (1, 1), id="yes became no"),
        pytest.param(value("problems_models.title", f"{TOWN}#1", "道路"), True, (1, 1), id="free words"),
    ],
)
def test_burden_counts_what_a_clerk_had_to_type(one: Value, register: bool, counted: tuple[int, int]) -> None:
    assert template.burden(CATALOGUE, submission(one), history(register=register)) == counted


def read_back(data: bytes, unit: str, period: Period, found: History) -> Submission:
    return recognise.recognise(workbook.read(guard.admit(data, "w.xlsx")), CATALOGUE, unit, period, history=found)


def meant(unit: str, period: Period, found: History) -> dict[Key, object]:
    """A value for every cell a clerk may write into, all different where the type allows."""
    filled: dict[Key, object] = {}
    for sheet in plan(CATALOGUE, unit, period, found):
        for row in sheet.rows[:25] if sheet.data_set.rows != "free" else sheet.rows[:2]:
            for cell in row.cells:
                if cell.is_input:
                    n = len(filled) + 1
                    words = cell.element.values[n % len(cell.element.values)].zh if cell.element.values else f"示例文字{n}"
                    filled[sheet.data_set.code, row.org_unit, cell.element.code] = {
                        "decimal": n / 100, "integer": n, "boolean": bool(n % 2), "date": date(2022, 1, 1 + n % 28),
                    }.get(cell.element.type, words)  # fmt: skip
    return filled


READ_BACK = [
    pytest.param(TOWN, OCTOBER, True, id="a town in October"),
    pytest.param(TOWN, DECEMBER, True, id="a town in December, with the annual block"),
    pytest.param(TOWN, JANUARY, False, id="the first month, baselines open"),
    pytest.param(STREET, SEPTEMBER, True, id="a street in a quarter month"),
    pytest.param("140106100", OCTOBER, False, id="villages and communities, no registers"),
    pytest.param(ZONE, SEPTEMBER, True, id="development zone"),
]


@pytest.mark.parametrize(("unit", "period", "register"), READ_BACK)
def test_our_reader_finds_every_value_again(unit: str, period: Period, register: bool) -> None:
    found = history(unit, period, last=period.previous, register=register)
    filled = meant(unit, period, found)
    submission = read_back(template.write(CATALOGUE, unit, period, found, typed=filled), unit, period, found)
    read = {(value.data_set, value.org_unit, value.element): value.value for value in submission.values()}
    assert {key: (value, read.get(key)) for key, value in filled.items() if read.get(key) != value} == {}
    assert [finding.id for finding in submission.findings] == []
    assert submission.template == {"template_id": template.TEMPLATE_ID, "template_version": template.TEMPLATE_VERSION}
    assert [reading.data_set.code for reading in submission.sheets] == [
        sheet.data_set.code for sheet in plan(CATALOGUE, unit, period, found)
    ]


def test_a_workbook_saved_without_results_is_read_as_well() -> None:
    """openpyxl drops the results of formulas, as some office programs do: plain sums are computed, nothing is asked."""
    found = history()
    book = opened(template.write(CATALOGUE, TOWN, OCTOBER, found, typed=meant(TOWN, OCTOBER, found)))
    out = io.BytesIO()
    book.save(out)
    submission = read_back(out.getvalue(), TOWN, OCTOBER, found)
    assert {finding.id for finding in submission.findings} <= {"normalised"}
    economy = next(reading for reading in submission.sheets if reading.data_set.code == "village_economy")
    for row in economy.rows:
        parts = [row.values[code].value for code in ("operating_income", "subsidy_income", "other_income")]
        assert row.values["total_income"].value == pytest.approx(sum(parts))  # type: ignore[arg-type]
