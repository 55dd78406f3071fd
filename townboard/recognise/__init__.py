"""Recognising: which sheet is which form, and which cell is which value. By words and aliases, never by position or likeness.

`recognise` takes the sheets of a workbook and gives a Submission: every value with its cell, and the findings that reading
brings with it (columns missing or unknown, names that match nobody, cells that are no number). What the values are worth is
decided in `checks`.
"""

from __future__ import annotations

from collections.abc import Mapping

from townboard.catalogue import Catalogue
from townboard.findings import Finding, Place, Refusal
from townboard.periods import Period
from townboard.recognise import said
from townboard.recognise.forms import Found, each_once, form_of, note_name
from townboard.recognise.labels import Vertical
from townboard.recognise.reading import Context, cell_text
from townboard.recognise.row_forms import read_rows
from townboard.recognise.unit_forms import read_vertical, read_wide
from townboard.submission import History, SheetReading, Submission
from townboard.workbook import META
from townboard.workbook.sheets import Book


def recognise(
    book: Book, catalogue: Catalogue, unit: str, period: Period, *, history: History | None = None,
    columns: Mapping[tuple[str, str], str] | None = None,
) -> Submission:  # fmt: skip
    """The submission that a workbook holds for a unit and a month; raises Refusal no-known-sheet, wrong-unit or wrong-data-for-period.

    `history` must be of the same unit, if given; its aliases are used here, its values in `checks`. `columns`: see `Context`.
    """
    if history is not None and history.unit != unit:
        raise ValueError(f"the history is of {history.unit}, not of {unit}")
    context = Context(catalogue, unit, period, columns=columns or {}, aliases=history.aliases if history is not None else {})
    submission = Submission(unit, period, book.workbook, book.sha256)
    meta = _meta(book)
    submission.template = {name: meta[name] for name in ("template_id", "template_version", "no_change") if name in meta}
    owed = {data_set.code for data_set in catalogue.owes(unit)}
    found = [form for sheet in book.sheets if not sheet.hidden and (form := form_of(context, sheet)) is not None]
    if not found:
        raise Refusal("no-known-sheet")
    said.check_unit(context, submission, found, meta)
    kept = [form for form in each_once(context, found) if form.data_set.code in owed and form.data_set.due_in(period)]
    elsewhere: dict[str, int] = {}
    for form in kept:
        submission.sheets.append(_read(context, form, elsewhere))
        note_name(context, form)
    said.check_rows(context, submission, elsewhere)
    if not kept:
        raise Refusal("wrong-data-for-period", expected=period.label)
    said.say_period(context, submission, kept, meta)
    said.harvest(context, submission, found)
    if book.macros:
        context.findings.append(Finding.at("macros-ignored", Place(kept[0].sheet.name, "A1")))
    submission.findings = context.findings
    return submission


def _read(context: Context, form: Found, elsewhere: dict[str, int]) -> SheetReading:
    if isinstance(form.how, Vertical):
        return read_vertical(context, form.sheet, form.data_set, form.how)
    if form.data_set.rows == "unit":
        reading, other = read_wide(context, form.sheet, form.data_set, form.how)
        if other:
            elsewhere[other] = elsewhere.get(other, 0) + 1
        return reading
    reading, others = read_rows(context, form.sheet, form.data_set, form.how)
    for unit, rows in others.items():
        elsewhere[unit] = elsewhere.get(unit, 0) + rows
    return reading


def _meta(book: Book) -> dict[str, str]:
    """Key and value of each row of our hidden `_meta` sheet."""
    for sheet in book.sheets:
        if sheet.name == META:
            return {cell_text(cells.get(1)): cell_text(cells.get(2)) for cells in sheet.rows.values()}
    return {}
