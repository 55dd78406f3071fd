"""The main job end to end: a clerk's free-form workbook goes in, its number comes out in a query, an indicator, a download, a trace."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime

import openpyxl
import pytest

from tests.workbooks import xlsx
from townboard import downloads, indicators, journey, template
from townboard.access import Actor
from townboard.answers import Answer, AnswerError
from townboard.downloads import About, Column
from townboard.findings import Refusal
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.store import StaleError, StoreError, TransitionError
from townboard.submission import History
from townboard.text import same

UNIT, OCTOBER = "140121202", Period(2022, 10)
VILLAGES = catalogue().children(UNIT, "village")
CLERK = Actor("张三", "clerk", (UNIT,))
HEAD = [
    ["西谷乡村级集体经济收入情况表(10月)"],
    ["填报单位:西谷乡人民政府"],
    ["序号", "村名", "经营性收入(万元)", "补助收入", "其他收入"],
]

NATURAL = ("missing-sheet", "subsidy-only")


def workbook(incomes=None, **cells) -> bytes:
    """A free-form sheet; `incomes` per village, `cells` such as `C4="约30"` put over them."""
    incomes = incomes or [12.5 + 3.1 * n for n in range(len(VILLAGES))]
    grid = [list(row) for row in HEAD] + [[n + 1, v.label.zh, incomes[n], 4.0, "无"] for n, v in enumerate(VILLAGES)]
    for cell, value in cells.items():
        grid[int(cell[1:]) - 1]["ABCDE".index(cell[0])] = value
    return xlsx({"村集体经济": grid})


def examine(store, data, answers=(), period=OCTOBER, name="西谷乡10月.xlsx"):
    return journey.examine(data, name, UNIT, period, store, answers)


def test_the_whole_way(empty_store):
    store = empty_store
    data = workbook(C4="12.5万")
    examined = examine(store, data)
    assert (examined.outcome, [f.id for f in examined.findings if f.id not in NATURAL]) == ("ready", ["normalised"])
    at = datetime(2022, 11, 2, 8)
    receipt = journey.submit(store, examined, CLERK, at)
    assert (receipt.version, receipt.sha256) == (1, hashlib.sha256(data).hexdigest())
    assert store.original(receipt.sha256) == data

    frame = store.ask("income_by_village", units=[UNIT], period=str(OCTOBER), basis="preliminary")
    assert sorted(frame["operating_income"]) == pytest.approx([12.5 + 3.1 * n for n in range(9)])
    [share] = indicators.readings(
        store, catalogue(), OCTOBER, level="township", county="140121", units=(UNIT,), basis="preliminary", only=["CE01"]
    )
    over = sum(12.5 + 3.1 * n + 4.0 >= 30 for n in range(9))
    assert (share.numerator, share.denominator) == (over, 9)
    [approved] = indicators.readings(
        store, catalogue(), OCTOBER, level="township", county="140121", units=(UNIT,), basis="approved", only=["CE01"]
    )
    assert (approved.value, approved.status) == (None, "no_data"), "preliminary figures never pass for approved ones"

    columns = (Column("org_unit", same("村"), "text"), Column("operating_income", same("经营性收入"), "number"))
    about = About(same("x"), (), "2022-11-02", (), same("x"), False)
    sheet = openpyxl.load_workbook(
        io.BytesIO(downloads.xlsx(frame[["org_unit", "operating_income"]], columns, about, "zh"))
    ).worksheets[0]
    assert 12.5 in [cell.value for cell in sheet["B"]]

    found = store.trace(UNIT, OCTOBER, "village_economy", "operating_income", VILLAGES[0].code)
    assert (found["value"], found["raw"], found["cell"], found["sheet"], found["submitted_by"], found["version"]) == (
        12.5, "12.5万", "C4", "村集体经济", "张三", 1)  # fmt: skip
    assert found["normalised"], "what was tidied is told"
    assert found["approved_by"] is None


def test_questions_hold_until_they_are_answered(empty_store):
    data = workbook(C4="约30", C5=None)
    examined = examine(empty_store, data)
    assert examined.outcome == "needs_answers"
    held = {value["cell"]: value for value in examined.to_json()["values"] if value["cell"] in ("C4", "C5")}
    assert (held["C4"]["value"], held["C4"]["status"], held["C5"]["status"]) == (None, "held", "missing")
    with pytest.raises(ValueError, match="needs_answers"):
        journey.submit(empty_store, examined, CLERK)
    answers = [Answer("村集体经济", "C4", "ambiguous-number", "accept"),
               Answer("村集体经济", "C5", "missing-value", "keep", reason="账目未结")]  # fmt: skip
    examined = examine(empty_store, data, answers)
    assert examined.outcome == "ready"
    journey.submit(empty_store, examined, CLERK, datetime(2022, 11, 2))
    frame = empty_store.ask("income_by_village", units=[UNIT], period="2022-10", basis="preliminary").set_index("org_unit")
    assert frame.loc[VILLAGES[0].code, "operating_income"] == 30.0
    assert frame["operating_income"].isna()[VILLAGES[1].code], "missing stays missing"
    [answer] = empty_store.trace(UNIT, OCTOBER, "village_economy", "operating_income", VILLAGES[0].code)["answers"]
    assert answer["answer"] == "accept"


def test_a_corrected_value_is_checked_again(empty_store):
    answers = [Answer("村集体经济", "C4", "not-a-number", "replace", value=-5)]
    examined = examine(empty_store, workbook(C4="很多"), answers)
    assert [f.id for f in examined.findings if f.severity != "notes"] == ["negative-value"]


def test_history_makes_the_questions(empty_store):
    september = examine(empty_store, workbook(), period=Period(2022, 9), name="9月.xlsx")
    assert september.outcome == "needs_answers" and [f.id for f in september.findings if f.severity == "asks"] == ["wrong-period"]
    grid = {
        "村集体经济": [
            ["9月村级集体经济"],
            [""],
            *HEAD[2:],
            *[[n + 1, v.label.zh, 12.0 + 3.1 * n, 4.0, 0] for n, v in enumerate(VILLAGES)],
        ]
    }
    first = examine(empty_store, xlsx(grid), period=Period(2022, 9))
    journey.submit(empty_store, first, CLERK, datetime(2022, 10, 3))
    assert not [f for f in examine(empty_store, workbook(C4=1.0)).findings if f.id == "decreased-cumulative"], (
        "only what is approved counts"
    )
    empty_store.transition(UNIT, Period(2022, 9), "approved", actor="专办", at=datetime(2022, 10, 5))
    [finding] = [f for f in examine(empty_store, workbook(C4=1.0)).findings if f.severity == "asks"]
    assert (finding.id, finding.place.cell, finding.suggestion) == ("decreased-cumulative", "C4", 13.0)


def test_examining_writes_nothing_and_a_stale_preview_is_refused(empty_store):
    first = examine(empty_store, workbook())
    before = empty_store.data_version()
    second = examine(empty_store, workbook(C4=13.0))
    assert empty_store.data_version() == before
    journey.submit(empty_store, first, CLERK)
    with pytest.raises(StaleError):
        journey.submit(empty_store, second, CLERK)
    assert examine(empty_store, workbook(C4=13.0)).changes.to_json() == {"added": 0, "changed": 1, "removed": 0, "same": 26}


def test_refusals(empty_store):
    assert examine(empty_store, b"%PDF-1.4 report").refusal.id == "legacy-or-other-format"
    assert examine(empty_store, b"").outcome == "refused"
    assert examine(empty_store, workbook(), period=Period(2999, 1)).refusal.id == "period-not-open"
    with pytest.raises(Refusal, match="not-permitted"):
        journey.submit(empty_store, examine(empty_store, workbook()), Actor("李四", "clerk", ("140121100",)))
    assert empty_store.data_version() == empty_store.data_version()


@pytest.mark.parametrize("unit", [unit.code for county in ("140121", "140106") for unit in catalogue().units(county)])
@pytest.mark.parametrize("period", [Period(2022, 9), OCTOBER, Period(2022, 12)], ids=str)
def test_every_units_template_is_read_back_by_our_own_reader(unit, period):
    if not catalogue().due(unit, period):
        assert unit == "140121-KFQ"
        return
    data = template.write(catalogue(), unit, period, History(unit, period))
    examined = journey.examine(data, "t.xlsx", unit, period, None)
    assert examined.refusal is None
    read = {sheet.data_set.code for sheet in examined.submission.sheets}
    assert read >= {entry.code for entry in catalogue().due(unit, period)} - {"task_progress", "problems_models"}
    wrong = [
        f for f in examined.findings if f.severity == "blocks" or f.id in ("unknown-column", "missing-row", "unknown-org-unit")
    ]
    assert wrong == []


def test_a_question_that_an_answer_raises_can_be_answered_too(empty_store):
    _september(empty_store)
    first = Answer("村集体经济", "C4", "missing-value", "replace", value=1)
    examined = examine(empty_store, workbook(C4=None), [first])
    [asked] = [f for f in examined.findings if f.severity == "asks"]
    assert (asked.id, asked.place.cell) == ("decreased-cumulative", "C4")
    second = Answer("村集体经济", "C4", "decreased-cumulative", "keep", reason="退还")
    examined = examine(empty_store, workbook(C4=None), [first, second])
    assert examined.outcome == "ready" and len(examined.answered) == 2


def test_a_replaced_value_is_asked_about_again(empty_store):
    _september(empty_store)
    again = Answer("村集体经济", "C4", "decreased-cumulative", "replace", value=2)
    assert examine(empty_store, workbook(C4=1.0), [again]).outcome == "needs_answers"
    explained = Answer("村集体经济", "C4", "decreased-cumulative", "replace", value=2, reason="冲销")
    assert examine(empty_store, workbook(C4=1.0), [explained]).outcome == "ready"


def test_a_row_left_out_with_a_reason_is_counted_as_ignored(empty_store):
    data = workbook(B4="东罗")
    [unknown] = [f for f in examine(empty_store, data).findings if f.id == "unknown-org-unit"]
    [gone] = [f for f in examine(empty_store, data).findings if f.id == "missing-row"]
    answers = [Answer("村集体经济", unknown.place.cell, unknown.id, "keep", reason="不属于本乡"),
               Answer("村集体经济", gone.place.cell, gone.id, "keep", reason="账目未结")]  # fmt: skip
    examined = examine(empty_store, data, answers)
    assert examined.outcome == "ready"
    counts = examined.to_json()["sheets"][0]["rows"]
    assert counts == {"read": 8, "accepted": 8, "held": 0, "blank": 0, "ignored": 4}


def test_a_village_is_asked_for_only_once_its_likely_name_is_settled(empty_store):
    first = VILLAGES[0].label.zh
    data = workbook(B4=first.replace("村", "庄"))

    def asked(*answers):
        return [(f.id, f.place.cell) for f in examine(empty_store, data, answers).findings if f.severity == "asks"]

    assert asked() == [("unknown-org-unit", "B4")]
    assert asked(Answer("村集体经济", "B4", "unknown-org-unit", "replace", value=first)) == []
    assert asked(Answer("村集体经济", "B4", "unknown-org-unit", "keep", reason="不属于本乡")) == [("missing-row", "B13")]


def test_signature_lines_are_counted_once(empty_store):
    grid = [list(row) for row in HEAD] + [[n + 1, v.label.zh, 12.0 + n, 4.0, 0] for n, v in enumerate(VILLAGES)]
    examined = examine(empty_store, xlsx({"村集体经济": [*grid, ["填表人:张三", None, "审核人:李四"]]}))
    [sheet] = examined.to_json()["sheets"]
    assert sheet["rows"] == {"read": 9, "accepted": 9, "held": 0, "blank": 0, "ignored": 4}
    assert {v["element"]: v["value"] for v in examined.to_json()["values"] if v["data_set"] == "cover"}["reviewed_by"] == "李四"


def test_only_what_was_looked_at_is_approved(empty_store):
    journey.submit(empty_store, examine(empty_store, workbook()), CLERK, datetime(2022, 11, 1))
    seen = empty_store.status(UNIT, OCTOBER).submission_id
    journey.submit(empty_store, examine(empty_store, workbook(C4=13.0)), CLERK, datetime(2022, 11, 2))
    with pytest.raises(TransitionError, match="newer version"):
        empty_store.transition(UNIT, OCTOBER, "approved", actor="专办", expected=seen)


def test_of_two_rows_for_one_place_the_clerk_chooses_one(empty_store):
    data = workbook(B5=VILLAGES[0].label.zh)
    [twice] = [f for f in examine(empty_store, data).findings if f.id == "duplicate-row"]
    assert twice.candidates == ("4", "5")
    gone = Answer("村集体经济", "B13", "missing-row", "keep", reason="账目未结")
    for said, kept in ((5, 15.6), ("B4", 12.5)):
        chosen = Answer("村集体经济", twice.place.cell, "duplicate-row", "replace", value=said)
        examined = examine(empty_store, data, [chosen, gone])
        assert examined.outcome == "ready"
        values = {v["org_unit"]: v["value"] for v in examined.to_json()["values"] if v["element"] == "operating_income"}
        assert values[VILLAGES[0].code] == kept
        assert examined.to_json()["sheets"][0]["rows"] == {"read": 8, "accepted": 8, "held": 0, "blank": 0, "ignored": 4}
    with pytest.raises(AnswerError, match="4、5"):
        examine(empty_store, data, [Answer("村集体经济", twice.place.cell, "duplicate-row", "replace", value=9)])


def test_a_missing_column_is_one_of_the_unread_ones(empty_store):
    data = workbook(C3="本年进账(元)", C4=125000)
    [missing] = [f for f in examine(empty_store, data).findings if f.severity == "blocks"]
    assert (missing.id, missing.place.element) == ("missing-column", "operating_income")
    named = Answer(
        missing.place.sheet, missing.place.cell, missing.id, "replace", value="本年进账(元)", element="operating_income"
    )
    examined = examine(empty_store, data, [named])
    values = {v["cell"]: v["value"] for v in examined.to_json()["values"] if v["element"] == "operating_income"}
    assert values["C4"] == 12.5, "the heading's unit counts"
    assert "missing-column" not in [f.id for f in examined.findings]
    by_letter = Answer(missing.place.sheet, missing.place.cell, missing.id, "replace", value="C")
    assert examine(empty_store, data, [by_letter]).to_json()["values"] == examined.to_json()["values"]
    wrong = Answer(missing.place.sheet, missing.place.cell, missing.id, "replace", value="没有这一列")
    with pytest.raises(AnswerError, match="not read"):
        examine(empty_store, data, [wrong])
    journey.submit(empty_store, examined, CLERK, datetime(2022, 11, 1))
    later = examine(empty_store, workbook(C3="本年进账(元)", A1="西谷乡收入表(11月)", C4=126000), period=Period(2022, 11))
    assert "missing-column" not in [f.id for f in later.findings], "the same heading means the same the next month"


def test_a_column_that_the_file_does_not_have_is_asked_row_by_row(empty_store):
    _september(empty_store)
    data = workbook(C3="收入情况说明")
    [missing] = [f for f in examine(empty_store, data).findings if f.severity == "blocks"]
    none = Answer(missing.place.sheet, missing.place.cell, missing.id, "keep")
    examined = examine(empty_store, data, [none])
    asked = [f for f in examined.findings if f.id == "missing-value"]
    assert len({f.place.cell for f in asked}) == len(VILLAGES)
    assert [f.suggestion for f in asked] == [pytest.approx(12.0 + 3.1 * n) for n in range(len(VILLAGES))]
    taken = [Answer.to(f, "accept") for f in asked]
    unchanged = [Answer("村集体经济", "A1", "unchanged-workbook", "keep", reason="本月无变化")]
    examined = examine(empty_store, data, [none, *taken, *unchanged])
    assert examined.outcome == "ready"
    journey.submit(empty_store, examined, CLERK)
    frame = empty_store.ask("income_by_village", units=[UNIT], period="2022-10", basis="preliminary")
    assert sorted(frame["operating_income"]) == pytest.approx([12.0 + 3.1 * n for n in range(len(VILLAGES))])


def test_a_question_about_a_corrected_value_quotes_the_new_one(empty_store):
    _september(empty_store)
    answer = Answer("村集体经济", "C4", "not-a-number", "replace", value=1.5)
    [asked] = [f for f in examine(empty_store, workbook(C4="见附表"), [answer]).findings if f.severity == "asks"]
    assert asked.raw == "1.5"
    assert "见附表" not in asked.message.zh


def test_a_corrected_file_keeps_the_answers_given_before(empty_store):
    _september(empty_store)
    [asked] = [f for f in examine(empty_store, workbook(C4=1.0)).findings if f.severity == "asks"]
    answer = Answer.to(asked, "keep", reason="冲销")
    rows = [[n + 1, v.label.zh, 1.0 if n == 0 else 12.5 + 3.1 * n, 4.0, "无"] for n, v in enumerate(VILLAGES)]
    moved = xlsx({"Sheet1": [["附件1"], ["西谷乡村级集体经济收入情况表"], *HEAD[1:], *rows]})
    assert [f.place.cell for f in examine(empty_store, moved).findings if f.severity == "asks"] == ["C5"]
    assert examine(empty_store, moved, [answer]).outcome == "ready"
    assert examine(empty_store, workbook(C4=0.9), [answer]).outcome == "needs_answers", "another value is another question"


def test_an_answered_question_is_not_asked_again_unless_the_value_changes(empty_store):
    _september(empty_store)
    data = workbook(C4=1.0, C5="约16")
    asked = {f.id: f for f in examine(empty_store, data).findings if f.severity == "asks"}
    answers = [
        Answer.to(asked["decreased-cumulative"], "keep", reason="冲销"),
        Answer.to(asked["ambiguous-number"], "replace", 16.5),
    ]
    journey.submit(empty_store, examine(empty_store, data, answers), CLERK, datetime(2022, 11, 1))
    again = examine(empty_store, workbook(C4=1.0, C5="约16", C6=20.0))
    assert again.outcome == "ready"
    assert {(a.answer, a.reason, a.since, a.by) for a in again.answered} == {
        ("keep", "冲销", "2022-10", "张三"), ("replace", "", "2022-10", "张三")}  # fmt: skip
    assert {v["cell"]: v["value"] for v in again.to_json()["values"]}["C5"] == 16.5
    assert [a["answered"]["since"] for a in again.to_json()["answered"]] == ["2022-10"] * 2
    assert examine(empty_store, workbook(C4=1.1, C5=16.5)).outcome == "needs_answers"
    anew = journey.examine(data, "x.xlsx", UNIT, OCTOBER, empty_store, reopened=[asked["decreased-cumulative"].subject])
    assert "decreased-cumulative" in [f.id for f in anew.findings], "the clerk may answer anew"


def test_an_explanation_holds_in_the_next_month_while_the_value_stands(empty_store):
    _september(empty_store)
    data = workbook(C4=1.0, C5=None)
    asked = {f.id: f for f in examine(empty_store, data).findings if f.severity == "asks"}
    answers = [
        Answer.to(asked["decreased-cumulative"], "keep", reason="冲销"),
        Answer.to(asked["missing-value"], "keep", reason="账目未结"),
    ]
    journey.submit(empty_store, examine(empty_store, data, answers), CLERK, datetime(2022, 11, 1))
    rows = [[n + 1, v.label.zh, 1.0 if n == 0 else None if n == 1 else 12.6 + 3.1 * n, 4.0, 0] for n, v in enumerate(VILLAGES)]
    november = xlsx({"村集体经济": [["11月村级集体经济"], [""], HEAD[2], *rows]})
    found = [f.id for f in examine(empty_store, november, period=Period(2022, 11)).findings if f.severity == "asks"]
    assert found == ["missing-value"], "a missing value is asked every month; the explained one still stands"


def test_a_remembered_name_is_read_the_next_time(empty_store):
    data = workbook(B4="东罗")
    asked = {f.id: f for f in examine(empty_store, data).findings if f.severity == "asks"}
    name = Answer.to(asked["unknown-org-unit"], "replace", VILLAGES[0].code, remember=True)
    journey.submit(empty_store, examine(empty_store, data, [name]), CLERK, datetime(2022, 11, 1))
    assert [(n, place, by) for n, place, _, by in empty_store.aliases(UNIT)] == [("东罗", VILLAGES[0].code, "张三")]
    rows = [[n + 1, "东 罗" if n == 0 else v.label.zh, 13.6 + 3.1 * n, 4.0, 0] for n, v in enumerate(VILLAGES)]
    november = xlsx({"村集体经济": [["11月村级集体经济"], [""], HEAD[2], *rows]})
    examined = examine(empty_store, november, period=Period(2022, 11))
    assert examined.outcome == "ready"
    [note] = [f for f in examined.findings if f.id == "normalised" and f.place.cell == "B4"]
    assert VILLAGES[0].label.zh in note.message.zh
    assert empty_store.end_alias(UNIT, "东罗", VILLAGES[0].code, actor="专办")
    assert examine(empty_store, november, period=Period(2022, 11)).outcome == "needs_answers"


def test_a_name_is_remembered_for_the_units_own_places_only(empty_store):
    other = catalogue().children("140121100", "village")[0].code
    with pytest.raises(StoreError):
        empty_store.alias(UNIT, "东罗", other, actor="x")
    assert empty_store.alias(UNIT, "东罗", VILLAGES[0].code, actor="x")
    assert not empty_store.alias(UNIT, "东罗", VILLAGES[0].code, actor="x")
    assert empty_store.alias(UNIT, "东罗", VILLAGES[1].code, actor="y")
    assert [place for _, place, _, _ in empty_store.aliases(UNIT)] == [VILLAGES[1].code], "the latest meaning counts"


def test_a_value_that_nobody_asked_about_is_corrected_on_the_page(empty_store):
    data = workbook()
    value = next(v for v in examine(empty_store, data).submission.values() if v.cell == "D4")
    fix = Answer(
        value.sheet, value.cell, "corrected-online", "replace", 5.5, "", value.org_unit, value.element, value.data_set, value.raw
    )
    examined = examine(empty_store, data, [fix])
    assert examined.outcome == "ready" and "corrected-online" in [f.id for f in examined.findings]
    receipt = journey.submit(empty_store, examined, CLERK, datetime(2022, 11, 1))
    found = empty_store.trace(UNIT, OCTOBER, "village_economy", "subsidy_income", VILLAGES[0].code)
    assert (found["value"], found["raw"], found["answers"][0]["answered_by"]) == (5.5, "4", "张三")
    assert empty_store.original(receipt.sha256) == data, "the workbook stays as it was"
    again = examine(empty_store, workbook(C5=16.0))
    assert {v["cell"]: v["value"] for v in again.to_json()["values"]}["D4"] == 5.5, "a correction of the month keeps it"


def _september(store):
    """An approved September a little below October's values."""
    rows = [[n + 1, v.label.zh, 12.0 + 3.1 * n, 4.0, 0] for n, v in enumerate(VILLAGES)]
    data = xlsx({"村集体经济": [["9月村级集体经济"], [""], HEAD[2], *rows]})
    journey.submit(store, examine(store, data, period=Period(2022, 9)), CLERK, datetime(2022, 10, 3))
    store.transition(UNIT, Period(2022, 9), "approved", actor="专办", at=datetime(2022, 10, 5))


def test_a_village_that_the_sheet_lacks_is_typed_in_on_the_page(empty_store):
    last = VILLAGES[-1]
    data = xlsx({"村集体经济": [*HEAD, *([n + 1, v.label.zh, 12.5 + n, 4.0, "无"] for n, v in enumerate(VILLAGES[:-1]))]})
    [gone] = [f for f in examine(empty_store, data).findings if f.severity == "asks"]
    assert (gone.id, gone.place.cell) == ("missing-row", "B12")

    def typed(**values):
        return examine(empty_store, data, [Answer.to(gone, "replace", values)])

    for values, why in (
        ({}, "one value"),
        ({"expected_income": 3.0}, "no column"),
        ({"operating_income": "很多"}, "does not fit"),
    ):
        with pytest.raises(AnswerError, match=why):
            typed(**values)
    assert [f.id for f in typed(operating_income=-2.0, subsidy_income=0, other_income=0).findings if f.severity == "blocks"] == [
        "negative-value"
    ]
    assert [f.place.element for f in typed(operating_income=21.0).findings if f.severity == "asks"] == [
        "subsidy_income",
        "other_income",
    ]
    [slip] = [f for f in typed(operating_income=210_000.0, subsidy_income=0, other_income=0).findings if f.severity == "asks"]
    assert slip.id == "unit-slip" and slip.message.zh.startswith(f"《村集体经济》 {last.label.zh} "), (
        "no row of the sheet is named"
    )
    examined = typed(operating_income=21.0, subsidy_income=4, other_income=0)
    assert examined.outcome == "ready"
    assert examined.to_json()["sheets"][0]["rows"] == {"read": 8, "accepted": 8, "held": 0, "blank": 0, "ignored": 3}
    journey.submit(empty_store, examined, CLERK, datetime(2022, 11, 1))

    found = empty_store.trace(UNIT, OCTOBER, "village_economy", "operating_income", last.code)
    assert (found["value"], found["raw"], found["cell"], found["workbook"]) == (21.0, "", None, "西谷乡10月.xlsx")
    assert [(one["finding"], one["value"]) for one in found["answers"]] == [("row-typed", "21")] and found["normalised"]
    again = examine(empty_store, data)
    assert [f.id for f in again.findings if f.severity == "asks"] == ["unchanged-workbook"], "the same file finds the row again"
    assert (again.changes.added, again.changes.changed, again.changes.removed) == (0, 0, 0)
    journey.restore(empty_store, CLERK, UNIT, OCTOBER, 1, reason="试")
    found = empty_store.trace(UNIT, OCTOBER, "village_economy", "operating_income", last.code)
    assert (found["value"], found["version"], found["cell"]) == (21.0, 2, None)
