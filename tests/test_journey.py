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
from townboard.answers import Answer
from townboard.downloads import About, Column
from townboard.findings import Refusal
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.store import StaleError, TransitionError
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


def _september(store):
    """An approved September a little below October's values."""
    rows = [[n + 1, v.label.zh, 12.0 + 3.1 * n, 4.0, 0] for n, v in enumerate(VILLAGES)]
    data = xlsx({"村集体经济": [["9月村级集体经济"], [""], HEAD[2], *rows]})
    journey.submit(store, examine(store, data, period=Period(2022, 9)), CLERK, datetime(2022, 10, 3))
    store.transition(UNIT, Period(2022, 9), "approved", actor="专办", at=datetime(2022, 10, 5))
