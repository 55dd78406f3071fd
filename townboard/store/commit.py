"""Committing one workbook, inside the store's transaction: header, facts, places, notes, findings, and what is in force from now on.

A version is one workbook. Data sets it does not hold stay as they were. Prefilled elements without a column take the office's value;
rows of villages closed in clean-and-collect are copied from their last report, so that totals stay sums over rows (domain §4.3).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from townboard.answers import Answered
from townboard.catalogue import Catalogue, DataSet, Element
from townboard.cycle import SENT
from townboard.findings import ASKS, NOTES, Finding
from townboard.store.history import known
from townboard.store.months import require
from townboard.store.moving import here
from townboard.submission import REPORTED, History, Row, Submission
from townboard.tables import FACT_KEYS, FOREVER, PRELIMINARY, columns_of, insert, split_row, stored
from townboard.text import Text

CLOSING = "clean_collect"
"""The data set whose closed villages vanish from the workbook while their values stay."""


class StaleError(Exception):
    """Somebody committed the same unit and month after the preview; `message` says so in both languages."""

    def __init__(self, version: int) -> None:
        self.version = version
        self.message = Text(
            "预览之后已有第{version}版提交,请重新预览", "Version {version} was committed after your preview; preview again"
        )
        self.message = self.message.fill(version=version)
        super().__init__(self.message.en)


class OpenFindingsError(ValueError):
    """A question or an error of the workbook has no answer: nothing can be committed."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The proof of a commit. `typed_cells` of the `data_cells` were really typed (BR06, BR07)."""

    submission_id: int
    version: int
    at: datetime
    sha256: str
    typed_cells: int = 0
    data_cells: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """Everything one commit writes. `at`: naive UTC. `size`: bytes of the original. `reason`: why, where it is said."""

    submission: Submission
    answers: tuple[Answered, ...]
    actor: str
    at: datetime
    typed_cells: int
    data_cells: int
    size: int
    reason: str = ""


def write(
    cursor: duckdb.DuckDBPyConnection, catalogue: Catalogue, entry: Entry, history: History, expected_version: int | None
) -> Receipt:
    """Write the next version; raises TransitionError, StaleError, OpenFindingsError. The caller holds the transaction."""
    submission = entry.submission
    stands = here(cursor, catalogue, submission.unit, str(submission.period))
    require(catalogue, stands, SENT)
    latest = _number(cursor, "select coalesce(max(version), 0) from submission where unit = ? and period = ?",
                     submission.unit, str(submission.period))  # fmt: skip
    if expected_version is not None and latest != expected_version:
        raise StaleError(latest)
    answered = {_place(answer.finding) for answer in entry.answers}
    unanswered = [found for found in submission.findings if found.severity != NOTES and _place(found) not in answered]
    if unanswered:
        raise OpenFindingsError(f"{len(unanswered)} open findings, the first: {unanswered[0].message.en}")
    id = _number(cursor, "select coalesce(max(id), 0) + 1 from submission")
    _findings(cursor, entry, id)
    written = _facts(cursor, catalogue, entry, history, id)
    missing = _missing(cursor, catalogue, submission, written)
    _header(cursor, catalogue, entry, id, latest + 1, stands.deadline, missing)
    _in_force(cursor, submission.unit, str(submission.period), written, id, entry.at)
    return Receipt(id, latest + 1, entry.at, submission.sha256, entry.typed_cells, entry.data_cells)


def _number(cursor: duckdb.DuckDBPyConnection, sql: str, *parameters: Any) -> int:
    ((found,),) = cursor.execute(sql, list(parameters)).fetchall()
    return int(found)


def _place(finding: Finding) -> tuple[str, str, str, str, str]:
    place = finding.place
    return finding.id, place.sheet, place.cell, place.org_unit, place.element


def _missing(cursor: duckdb.DuckDBPyConnection, catalogue: Catalogue, submission: Submission, written: list[str]) -> str:
    """The forms that the month owes and that stand neither in this workbook nor from an earlier one of the month."""
    standing = cursor.execute(
        "select data_set from in_force where unit = ? and period = ? and basis = ? and to_time = ?",
        [submission.unit, str(submission.period), PRELIMINARY, FOREVER],
    ).fetchall()
    there = {*written, *(data_set for (data_set,) in standing)}
    return " ".join(form.code for form in catalogue.figures_due(submission.unit, submission.period) if form.code not in there)


def _given(submission: Submission) -> tuple[int, int]:
    """How many figures a workbook says (what the office filled in is not among them), and how many of them are not 0."""
    found = [
        value.value
        for sheet in submission.sheets for row in sheet.rows for value in row.values.values()
        if value.status == REPORTED and sheet.data_set.by_code[value.element].fill not in ("prefilled", "derived")
        and sheet.data_set.by_code[value.element].type in ("decimal", "integer", "boolean", "date")
    ]  # fmt: skip
    return len(found), sum(bool(value) for value in found)


def _header(
    cursor: duckdb.DuckDBPyConnection, catalogue: Catalogue, entry: Entry, id: int, version: int, due: datetime | None, missing: str
) -> None:  # fmt: skip
    submission, findings = entry.submission, [*entry.submission.findings]
    known_places = {_place(found) for found in findings}
    findings += [answer.finding for answer in entry.answers if _place(answer.finding) not in known_places]
    on_time = None if due is None else entry.at <= due
    template = " ".join(f"{key}={value}" for key, value in sorted(submission.template.items()))
    cursor.execute(
        "insert into submission values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [id, catalogue.org_unit[submission.unit].parent, submission.unit, str(submission.period), version, submission.workbook,
         submission.sha256, template, entry.actor, entry.at, due, on_time, entry.typed_cells, entry.data_cells,
         sum(found.severity == ASKS for found in findings), sum(found.severity == NOTES for found in findings), missing, *_given(submission)],
    )  # fmt: skip
    cursor.execute("insert into event values (?, ?, ?, 'submitted', ?)", [id, entry.at, entry.actor, entry.reason])
    cursor.execute(
        "insert into original select ?, ?, ?, ? where not exists (select 1 from original where sha256 = ?)",
        [submission.sha256, submission.workbook, entry.size, entry.at, submission.sha256],
    )


def written_as(value: Any) -> str | None:
    """A value as words: dates ISO, whole numbers without a decimal point; None stays None."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.10g}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _findings(cursor: duckdb.DuckDBPyConnection, entry: Entry, id: int) -> None:
    answers = {_place(answer.finding): answer for answer in entry.answers}
    findings = {_place(found): found for found in (*(answer.finding for answer in entry.answers), *entry.submission.findings)}
    rows = []
    for number, (key, found) in enumerate(findings.items(), 1):
        answer, place = answers.get(key), found.place
        rows.append(
            (id, number, found.id, found.severity, place.data_set, place.org_unit, place.element, place.sheet, place.cell,
             found.raw, written_as(found.suggestion), found.message.zh, found.message.en,
             answer.answer if answer else None, written_as(answer.value) if answer else None,
             answer.reason if answer else None, (answer.by or entry.actor) if answer else None)
        )  # fmt: skip
    insert(cursor, "finding", columns_of("finding"), rows)


def _fitted(element: Element, value: Any) -> Any:
    if value is None:
        return None
    if element.type == "integer":
        if value != int(value):
            raise ValueError(f"{element.data_set}.{element.code} takes whole numbers, not {value!r}")
        return int(value)
    if element.type == "decimal":
        return float(value)
    return value if element.type in ("boolean", "date") else str(value)


def _facts(cursor: duckdb.DuckDBPyConnection, catalogue: Catalogue, entry: Entry, history: History, id: int) -> list[str]:
    """Write rows, places and notes of every sheet; the data sets that are now in force."""
    submission = entry.submission
    places: list[tuple[Any, ...]] = []
    notes: list[tuple[Any, ...]] = []
    by_data_set: dict[str, list[tuple[Any, ...]]] = {}
    for reading in submission.sheets:
        data_set = reading.data_set
        facts = by_data_set.setdefault(data_set.code, [])
        places += [(id, data_set.code, reading.sheet, element, place) for element, place in reading.columns.items()]
        for row in reading.rows:
            if not _belongs(catalogue, data_set, row.org_unit, submission.unit):
                continue
            org_unit, item = split_row(row.org_unit)
            head = (
                id,
                submission.unit,
                org_unit,
                item,
                str(submission.period),
                reading.sheet,
                None if row.is_typed else row.number,
                None,
            )
            facts.append((*head, *_values(catalogue, history, data_set, row, frozenset(reading.columns))))
            notes += _notes(id, data_set, row, org_unit, item)
    for code, facts in by_data_set.items():
        insert(cursor, code, [*FACT_KEYS, *(element.code for element in stored(catalogue.data_set[code]))], facts)
    insert(cursor, "source_place", columns_of("source_place"), places)
    insert(cursor, "value_note", columns_of("value_note"), notes)
    written = list(by_data_set)
    villages = {place.code for place in catalogue.rows_of(catalogue.data_set[CLOSING], submission.unit)}
    if CLOSING in written or (history.closed and history.closed == villages):
        _carry_closed(cursor, catalogue, submission, history, id)
        written += [CLOSING] * (CLOSING not in written)
    return written


def _belongs(catalogue: Catalogue, data_set: DataSet, org_unit: str, unit: str) -> bool:
    """Whether a row is one of this unit's own; others were dropped by an answer or never named."""
    place = split_row(org_unit)[0]
    return place in {known.code for known in catalogue.rows_of(data_set, unit)}


def _values(catalogue: Catalogue, history: History, data_set: DataSet, row: Row, columns: frozenset[str]) -> Iterator[Any]:
    for element in stored(data_set):
        value = row.values.get(element.code)
        if value is not None and value.status == REPORTED:
            yield _fitted(element, value.value)
        elif element.fill == "prefilled" and element.code not in columns:
            yield _fitted(element, known(catalogue, history, element, row.org_unit))
        else:
            yield None


def _notes(id: int, data_set: DataSet, row: Row, org_unit: str, item: str) -> Iterator[tuple[Any, ...]]:
    for value in row.values.values():
        if data_set.by_code[value.element].is_stored and (value.status != REPORTED or value.steps):
            steps = json.dumps(list(value.steps), ensure_ascii=False)
            yield (id, data_set.code, org_unit, item, value.element, value.status, value.raw, steps)


def _carry_closed(
    cursor: duckdb.DuckDBPyConnection, catalogue: Catalogue, submission: Submission, history: History, id: int
) -> None:
    """Copy the last row of each closed village that this workbook no longer asks about; `carried_from` is where it was reported."""
    asked = {row.org_unit for reading in submission.sheets if reading.data_set.code == CLOSING for row in reading.rows}
    left = set(history.closed) - asked
    candidates = cursor.execute(
        """select submission_id from in_force where unit = ? and data_set = ? and to_time = ? and period <= ?
        order by period desc, basis""",
        [submission.unit, CLOSING, FOREVER, str(submission.period)],
    ).fetchall()
    elements = ", ".join(element.code for element in stored(catalogue.data_set[CLOSING]))
    for (earlier,) in dict.fromkeys(candidates):
        if not left:
            return
        copied = cursor.execute(
            f"""
            insert into {CLOSING} ({", ".join(FACT_KEYS)}, {elements})
            select ?, unit, org_unit, item, ?, source_sheet, source_row, coalesce(carried_from, submission_id), {elements}
            from {CLOSING} where submission_id = ? and org_unit = any(?) order by org_unit
            returning org_unit
            """,
            [id, str(submission.period), earlier, sorted(left)],
        ).fetchall()
        left -= {village for (village,) in copied}


def _in_force(cursor: duckdb.DuckDBPyConnection, unit: str, period: str, data_sets: list[str], id: int, at: datetime) -> None:
    cursor.execute(
        "update in_force set to_time = ? where unit = ? and period = ? and data_set = any(?) and basis = ? and to_time = ?",
        [at, unit, period, data_sets, PRELIMINARY, FOREVER],
    )
    rows = [(unit, period, data_set, PRELIMINARY, id, False, at, FOREVER) for data_set in data_sets]
    insert(cursor, "in_force", columns_of("in_force"), rows)
