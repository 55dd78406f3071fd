"""Checks between the values of one row: the catalogue's constraints, typed totals and percentages, closing. R06–R13, R17–R28."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from townboard.catalogue import Constraint, Element, Expression
from townboard.checks.sight import Sight, say
from townboard.findings import Finding
from townboard.recognise.numerals import MONTH_ONLY
from townboard.submission import REPORTED, Row, SheetReading
from townboard.text import Text, number_of

PARTS_TOLERANCE = 0.05
"""R28: the annual parts may differ from the year's operating income by 0.05 万元."""
ROUNDING, EXACT = 0.01, 1e-9
PERCENT_TOLERANCE = 0.1
Numbers = dict[str, float | None]


def check(sight: Sight, reading: SheetReading) -> Iterator[Finding]:
    """All findings about relations inside the rows of one sheet."""
    data_set = reading.data_set
    relations = [(*_part_and_whole(constraint), constraint) for constraint in data_set.constraints]
    by_unit = {}
    for row in reading.rows:
        numbers = sight.numbers(data_set, row)
        by_unit[row.org_unit] = numbers
        told: set[tuple[str, str]] = set()
        for left, right, constraint in relations:
            if left and right:
                part, whole = numbers.get(left), numbers.get(right)
                if part is None or whole is None or part <= whole + EXACT:
                    continue
            if not _holds(constraint, numbers) and not _may_hold(constraint, row):
                yield _broken(reading, row, constraint, numbers, told)
        if data_set.code == "village_economy":
            yield from _village_income(sight, reading, row, numbers)
        elif data_set.code == "clean_collect":
            yield from _closing(reading, row, numbers)
        elif data_set.code == "task_progress":
            yield from _task(reading, row, numbers)
        elif data_set.code == "problems_models":
            yield from _coordination(reading, row)
    for percent in reading.percents:
        numbers = by_unit.get(percent.org_unit, {})
        definition = next(entry for entry in data_set.percentages if entry.label.zh == percent.label)
        above, below = definition.numerator.of(numbers), definition.denominator.of(numbers)
        if above is None or not below:
            continue
        computed = 100 * above / below
        is_share = abs(percent.value) <= 1 and "%" not in percent.raw and "％" not in percent.raw
        readings = (percent.value, 100 * percent.value) if is_share else (percent.value,)
        if all(abs(computed - typed) > PERCENT_TOLERANCE for typed in readings):
            row = next(row for row in reading.rows if row.number == percent.row)
            yield Finding.at(
                "percent-mismatch", reading.place(row, cell=percent.cell), raw=percent.raw, computed=f"{computed:.1f}%"
            )


def _part_and_whole(constraint: Constraint) -> tuple[str, str]:
    """The two elements of a relation of the plain sort, a ≤ b, which is judged without ado; "" for any other."""
    sides = [[(term.factor, term.symbol) for term in side.terms] for side in (constraint.left, constraint.right)]
    if constraint.operator == "<=" and all(len(side) == 1 and side[0][0] == 1.0 for side in sides):
        return sides[0][0][1], sides[1][0][1]
    return "", ""


def _holds(constraint: Constraint, numbers: Numbers) -> bool:
    """Whether a constraint holds, or cannot be judged because a side is missing (missing is never zero)."""
    left, right = constraint.left.of(numbers), constraint.right.of(numbers)
    if constraint.operator == "needs":
        return not left or right is None or right > 0
    if left is None or right is None:
        return True
    if constraint.operator == "<=":
        return left <= right + EXACT
    if constraint.operator == ">=":
        return left >= right - EXACT
    return abs(left - right) <= PARTS_TOLERANCE


def _may_hold(constraint: Constraint, row: Row) -> bool:
    """Whether a relation between two days of one month is open, because one of them was written as a month alone."""
    values = [
        row.values[term.symbol]
        for side in (constraint.left, constraint.right)
        for term in side.terms
        if term.symbol in row.values
    ]
    days = [value.value for value in values if isinstance(value.value, date)]
    is_open = any(MONTH_ONLY in value.steps for value in values)
    return is_open and len(days) == 2 and (days[0].year, days[0].month) == (days[1].year, days[1].month)


def _broken(reading: SheetReading, row: Row, constraint: Constraint, numbers: Numbers, told: set[tuple[str, str]]) -> Finding:
    """The finding, placed on the first cell of the relation that the unit answers for and that has no such finding yet (`told`)."""
    symbols = [term.symbol for side in (constraint.left, constraint.right) for term in side.terms]
    present = [symbol for symbol in symbols if symbol in row.values]
    asked = [symbol for symbol in present if reading.data_set.by_code[symbol].is_asked]
    free = [symbol for symbol in (*asked, *present) if (constraint.finding, symbol) not in told]
    at = (free or asked or present or symbols)[0]
    told.add((constraint.finding, at))
    is_date = reading.data_set.by_code[at].type == "date" if at in reading.data_set.by_code else False
    left, right = _side(constraint.left, numbers, is_date), _side(constraint.right, numbers, is_date)
    raw = row.values[at].raw if at in row.values else ""
    return Finding.at(
        constraint.finding, reading.place(row, at), raw=raw, sentence=constraint.sentence, left=left, right=right,
        expected=constraint.sentence,
    )  # fmt: skip


def _side(side: Expression, numbers: Numbers, is_date: bool) -> str:
    value = side.of(numbers)
    return date.fromordinal(int(value)).isoformat() if is_date and value else say(value)


def _village_income(sight: Sight, reading: SheetReading, row: Row, numbers: Numbers) -> Iterator[Finding]:
    """R09 the typed total against the parts; R26 reached on the total basis only."""
    parts = [numbers.get(code) for code in ("operating_income", "subsidy_income", "other_income")]
    if any(part is None for part in parts):
        return
    total, operating = sum(part for part in parts if part is not None), parts[0]
    typed = row.values.get("total_income")
    if (
        typed is not None
        and typed.status == REPORTED
        and isinstance(typed.value, int | float)
        and abs(typed.value - total) > ROUNDING + 1e-9
    ):
        yield Finding.at("total-mismatch", reading.place(row, "total_income"), raw=typed.raw, sum=say(total))
    threshold = sight.catalogue.settings.goal_threshold
    if operating is not None and total >= threshold > operating:
        place = reading.place(row, "operating_income")
        yield Finding.at(
            "subsidy-only", place, raw=row.values["operating_income"].raw, total=say(total), operating=say(operating)
        )


def _closing(reading: SheetReading, row: Row, numbers: Numbers) -> Iterator[Finding]:
    """R08: closing needs all problem contracts rectified, all fees collected (or a reason in the note), files archived."""
    request = row.values.get("closing_requested")
    if request is None or request.value is not True:
        return
    reasons: list[Text] = []
    problems, rectified = numbers.get("problem_contracts"), numbers.get("contracts_rectified")
    if problems is not None and rectified is not None and rectified < problems:
        reasons.append(
            Text(
                f"还有 {say(problems - rectified)} 份问题合同未整改",
                f"{number_of(say(problems - rectified), 'contract is', 'contracts are')} not rectified",
            )
        )
    due, got = numbers.get("fees_due"), numbers.get("fees_recovered")
    note = row.values.get("note")
    if due is not None and got is not None and got < due - ROUNDING and not (note and note.value):
        reasons.append(
            Text(
                f"还有 {say(due - got)} 万元承包费未收回且未说明",
                f"{say(due - got)} 万元 of fees is not recovered, without a note",
            )
        )
    archived = row.values.get("files_archived")
    if archived is not None and archived.value is not True:
        reasons.append(Text("档案未归档", "the files are not archived"))
    if reasons:
        why = Text("、".join(reason.zh for reason in reasons), "; ".join(reason.en for reason in reasons))
        yield Finding.at("closing-not-ready", reading.place(row, "closing_requested"), raw=request.raw, why=why)


def _task(reading: SheetReading, row: Row, numbers: Numbers) -> Iterator[Finding]:
    """R04: a task at 100 % names the day it was completed."""
    done = row.values.get("completed_on")
    if numbers.get("progress") == 100 and (done is None or done.value is None):
        yield _together(reading, row, "progress", "completed_on", Text("进度为 100% 时须填写", "progress of 100 % needs"))


def _coordination(reading: SheetReading, row: Row) -> Iterator[Finding]:
    """F08: what needs coordination says with whom."""
    kind, helper = row.values.get("kind"), row.values.get("help_needed_from")
    if kind is not None and kind.value == "需协调" and (helper is None or not helper.value):
        yield _together(reading, row, "kind", "help_needed_from", Text("类型为需协调时须填写", "“needs coordination” needs"))


def _together(reading: SheetReading, row: Row, at: str, other: str, words: Text) -> Finding:
    element: Element = reading.data_set.by_code[other]
    sentence = Text(f"{words.zh}“{element.label.zh}”", f"{words.en} “{element.label.en}”")
    return Finding.at("counterpart-missing", reading.place(row, at), raw=row.values[at].raw, sentence=sentence)
