"""Where a stored number came from: version, workbook, sheet, cell, the raw text in it, what was normalised, what was answered."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from townboard import apart
from townboard.catalogue import Element
from townboard.findings import Refusal
from townboard.store.history import is_of_a_year
from townboard.submission import MISSING, REPORTED
from townboard.tables import NOW, cell_of, split_row
from townboard.text import Text

if TYPE_CHECKING:
    from townboard.store.reading import Reading

DERIVED = {"total_income": ("operating_income", "subsidy_income", "other_income")}
"""Derived elements that are plain sums, and their parts."""


FROM_REGISTER = "taken from the register: the workbook has no column for it"
FROM_LIST, FROM_SETTINGS = "from the list of places", "the threshold set for the county"
FROM_DECEMBER, FROM_BEFORE = "from last December's approved report", "as in the last approved report"
CARRIED = "closed village: carried from the report of "
"""Steps that no cell was read for; `provenance.step_text` says them in both languages."""


def of(
    store: Reading, unit: str, period: str, data_set: str, element: str, org_unit: str, basis: str, as_of: datetime = NOW
) -> dict[str, Any] | None:
    """The contract's trace object; None when nothing is in force (was, at `as_of`). Raises KeyError for an unknown data set or element.

    A derived sum has no cell: `parts` traces its summands. A value without a column in the workbook was the register's: `cell` is
    null and `normalised` says so.
    """
    form = store.catalogue.data_set[data_set]
    if element in DERIVED:
        return _sum(store, unit, period, data_set, element, org_unit, basis, as_of)
    if not form.by_code[element].is_stored:
        return None
    place, item = split_row(org_unit if form.rows != "unit" else unit)
    found = store.rows(
        f"""
        select v.{element}, v.source_sheet, v.source_row, coalesce(v.carried_from, v.submission_id), v.carried_from
        from {data_set} v
        join in_force f on f.submission_id = v.submission_id and f.data_set = ? and f.basis = ? and f.from_time <= ? and f.to_time > ?
            and f.unit = v.unit and f.period = v.period
        where v.unit = ? and v.period = ? and v.org_unit = ? and v.item = ?
        """,
        [data_set, basis, as_of, as_of, unit, period, place, item],
    )
    if not found:
        return None
    value, sheet, row, submission_id, carried_from = found[0]
    head = store.rows(
        "select version, workbook, sha256, submitted_by, submitted_at, period from submission where id = ?", [submission_id]
    )
    version, workbook, sha256, submitted_by, submitted_at, reported_in = head[0]
    approved = store.rows(
        """select actor, "at" from event where submission_id = ? and state = 'approved' and "at" <= ? order by event."at" """,
        [submission_id, as_of],
    )
    status, raw, steps = _note(store, submission_id, data_set, place, item, element)
    cell = _cell(store, submission_id, data_set, sheet, element, row)
    if row is None and steps:
        raw = ""  # typed in on the page
    elif cell is None and value is not None:
        kept = _register(store, data_set, element, place, submitted_at)
        steps, sha256, sheet = [FROM_REGISTER if kept else _elsewhere(form.by_code[element])], None, None
        workbook, submitted_by, submitted_at = kept or (None, submitted_by, submitted_at)
    elif cell is not None:
        raw = _raw(store, sha256, workbook, sheet, cell) if raw is None else raw
        steps += _converted(store, submission_id, data_set, sheet, element)
    if carried_from is not None:
        steps = [*steps, f"{CARRIED}{reported_in}"]
    return {
        "value": _plain(value), "status": status or (MISSING if value is None else REPORTED), "raw": raw, "data_set": data_set,
        "element": element, "org_unit": place, "period": period, "version": version, "workbook": workbook, "sha256": sha256,
        "sheet": sheet, "cell": cell, "submitted_by": submitted_by, "submitted_at": _plain(submitted_at),
        "approved_by": approved[0][0] if approved else None, "approved_at": _plain(approved[0][1]) if approved else None,
        "normalised": steps, "answers": _answers(store, submission_id, sheet, cell, data_set, place, element),
    }  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value.isoformat()}Z"  # stored in UTC
    return value.isoformat() if isinstance(value, date) else value


def _register(store: Reading, data_set: str, element: str, org_unit: str, at: datetime) -> tuple[str, str, datetime] | None:
    """Where the register's value of that moment came from: source, who recorded it, when."""
    found = store.rows(
        """select source, recorded_by, from_time from register_value
        where data_set = ? and element = ? and org_unit = ? and from_time <= ? order by from_time desc""",
        [data_set, element, org_unit, at],
    )
    return found[0] if found else None


def _elsewhere(element: Element) -> str:
    """Where a value came from that neither a cell nor the register gave: what `history.known` falls back on."""
    if element.type in ("code", "month") or element.code.endswith("_name"):
        return FROM_LIST
    if is_of_a_year(element.code):
        return FROM_DECEMBER
    return FROM_SETTINGS if element.code == "annual_target" else FROM_BEFORE


def _converted(store: Reading, submission_id: int, data_set: str, sheet: str, element: str) -> list[str]:
    """The step of a whole column that was headed in another unit of money: one note of its heading said so."""
    found = store.rows(
        """select raw from finding where submission_id = ? and data_set = ? and sheet = ? and element = ?
            and id = 'normalised' and coalesce(org_unit, '') = '' order by n""",
        [submission_id, data_set, sheet, element],
    )
    return [f"unit {raw}" for (raw,) in found[:1]]


def _note(store: Reading, submission_id: int, *key: str) -> tuple[str | None, str | None, list[str]]:
    found = store.rows(
        """select status, raw, steps from value_note
        where submission_id = ? and data_set = ? and org_unit = ? and item = ? and element = ?""",
        [submission_id, *key],
    )
    if not found:
        return None, None, []
    status, raw, steps = found[0]
    return status, raw, json.loads(steps)


def _cell(store: Reading, submission_id: int, data_set: str, sheet: str, element: str, row: int | None) -> str | None:
    found = store.rows(
        "select place from source_place where submission_id = ? and data_set = ? and sheet = ? and element = ?",
        [submission_id, data_set, sheet, element],
    )
    if not found:
        return None
    return cell_of(str(found[0][0]), row)


def _raw(store: Reading, sha256: str, workbook: str, sheet: str, cell: str) -> str | None:
    """What stands in the cell of the kept original, read again because plain values are not kept twice; None when it cannot be."""
    try:
        book = apart.read(store.original(sha256), workbook)
    except (Refusal, KeyError, ValueError):  # refused by now, never kept, or no longer what its name says
        return None
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    for found in book.sheets:
        if found.name == sheet or not found.named:
            there = found.cell(int(cell[len(letters) :]), column)
            return there.text if there is not None else ""
    return None


def _answers(
    store: Reading, submission_id: int, sheet: str, cell: str | None, data_set: str, org_unit: str, element: str
) -> list[dict[str, Any]]:
    found = store.rows(
        """
        select id, severity, raw, suggestion, answer, answer_value, reason, answered_by, message_zh, message_en from finding
        where submission_id = ? and answer is not null
            and ((sheet = ? and cell = ?) or (data_set = ? and org_unit = ? and element = ?))
        order by n
        """,
        [submission_id, sheet, cell, data_set, org_unit, element],
    )
    return [
        {"finding": id, "severity": severity, "raw": raw, "suggestion": suggestion, "answer": answer, "value": value,
         "reason": reason, "answered_by": by, "message": Text(zh, en).to_json()}
        for id, severity, raw, suggestion, answer, value, reason, by, zh, en in found
    ]  # fmt: skip


def _sum(
    store: Reading, unit: str, period: str, data_set: str, element: str, org_unit: str, basis: str, as_of: datetime
) -> dict[str, Any] | None:
    parts = [of(store, unit, period, data_set, part, org_unit, basis, as_of) for part in DERIVED[element]]
    there = [part for part in parts if part is not None]
    if not there:
        return None
    values = [part["value"] for part in there]
    total = None if None in values else round(sum(values), 4)
    return {
        **there[0], "value": total, "status": MISSING if total is None else REPORTED, "raw": None, "element": element, "cell": None,
        "normalised": [f"{element} = {' + '.join(DERIVED[element])}"], "answers": [], "parts": there,
    }  # fmt: skip
