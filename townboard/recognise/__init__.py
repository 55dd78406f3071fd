"""Recognising: which sheet is which form, and which cell is which value. By words and aliases, never by position or likeness.

`recognise` takes the sheets of a workbook and gives a Submission: every value with its cell, and the findings that reading
brings with it (columns missing or unknown, names that match nobody, cells that are no number). What the values are worth is
decided in `checks`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from townboard.catalogue import Catalogue, DataSet
from townboard.findings import Finding, Place, Refusal
from townboard.periods import Period
from townboard.recognise.headers import key, plain
from townboard.recognise.layout import Layout, find_layout
from townboard.recognise.reading import HEADER_WITHIN, Context, cell_text
from townboard.recognise.row_forms import read_rows
from townboard.recognise.surroundings import (
    Signed,
    month_of_number,
    named_unit,
    said_month,
    said_unit,
    signatures,
    title_texts,
)
from townboard.recognise.unit_forms import Vertical, find_vertical, has_values, read_vertical, read_wide
from townboard.submission import REPORTED, History, Row, SheetReading, Submission, Value
from townboard.text import Text
from townboard.workbook import META
from townboard.workbook.sheets import DATE, Book, Sheet, address, day_of

_INSTRUCTIONS = ("填表说明", "填报说明", "使用说明", "数据字典", "字典", "下拉", "参数", "代码表", "样表", "填报示例", "示例")
_MONTH_LABEL, _DAY_LABEL = re.compile(r"月份|报告期|所属期|报送期|报表期"), re.compile(r"(?:时间|日期)[::]?$")
_NAMED = 3
_KNOWN, _KNOWN_WITH_NAME = 3, 2


@dataclass(slots=True)
class Found:
    """A sheet recognised as a form: how, and how well its name and title fit."""

    sheet: Sheet
    data_set: DataSet
    how: Layout | Vertical
    named: int  # 3 the sheet's name is the form's, 2 the name or the title has its words, 0 by the header alone


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
    found = [form for sheet in book.sheets if not sheet.hidden and (form := _form_of(context, sheet)) is not None]
    if not found:
        raise Refusal("no-known-sheet")
    _check_unit(context, submission, found, meta)
    kept = [form for form in _each_once(context, found) if form.data_set.code in owed and form.data_set.due_in(period)]
    elsewhere: dict[str, int] = {}
    for form in kept:
        submission.sheets.append(_read(context, form, elsewhere))
        _note_name(context, form)
    _check_rows(context, submission, elsewhere)
    if not kept:
        raise Refusal("wrong-data-for-period", expected=period.label)
    _say_period(context, submission, kept, meta)
    _harvest(context, submission, book, found)
    if book.macros:
        context.findings.append(Finding.at("macros-ignored", Place(kept[0].sheet.name, "A1")))
    submission.findings = context.findings
    return submission


def _form_of(context: Context, sheet: Sheet) -> Found | None:
    """The form that a sheet's header words (and name and title) mean; None for a sheet with nothing known."""
    name = key(sheet.name)
    exact = [data_set for data_set in context.catalogue if name in (key(data_set.sheet), key(data_set.label.zh))]
    if exact:
        found = _fit(context, sheet, exact[0], 3)
        if found is not None:
            return found
    if not exact and any(word in plain(sheet.name) for word in _INSTRUCTIONS):
        return None
    best: tuple[float, Found] | None = None
    title = " ".join(key(text) for row, _, text in title_texts(sheet, HEADER_WITHIN) if row <= 4 and len(text) < 60)
    strengths = {data_set.code: max((len(word) for word in context.words(data_set).titles if word in name or word in title), default=0)
                 for data_set in context.catalogue}  # fmt: skip
    strongest = max(strengths.values())
    for data_set in context.catalogue:
        named = 2 if strengths[data_set.code] and strengths[data_set.code] == strongest else 0
        if data_set.code == "cover" and not named:
            continue
        found = _fit(context, sheet, data_set, named)
        if found is not None:
            score = found.how.score + 2.0 * named
            if best is None or score > best[0]:
                best = score, found
    return best[1] if best else None


def _fit(context: Context, sheet: Sheet, data_set: DataSet, named: int) -> Found | None:
    """The sheet as this form, if enough of its words are there: three known labels, two with a row name, one where it is named."""
    words = context.words(data_set)
    if data_set.rows == "unit":
        vertical = find_vertical(sheet, words)
        wide = find_layout(sheet, words, None)
        how: Layout | Vertical | None = vertical
        if wide is not None and (
            vertical is None or wide.score > vertical.score or (vertical.is_flat and has_values(sheet, wide))
        ):
            how = wide
        if how is None or how.score < (_KNOWN if not named else min(_KNOWN_WITH_NAME, len(data_set.elements))):
            return None
        return Found(sheet, data_set, how, named)
    layout = find_layout(sheet, words, context.names(data_set))
    if layout is None:
        return None
    has_name = bool(layout.name or layout.code)
    needed = _KNOWN if not has_name else _KNOWN_WITH_NAME
    return Found(sheet, data_set, layout, named) if layout.score >= (1 if named and has_name else needed) else None


def _each_once(context: Context, found: list[Found]) -> list[Found]:
    """Each form once: the sheet with the form's own name counts, the other is asked about."""
    kept: dict[str, Found] = {}
    for form in sorted(found, key=lambda form: -form.named):
        first = kept.setdefault(form.data_set.code, form)
        if first is not form:
            place = Place(form.sheet.name, "A1", data_set=form.data_set.code)
            other, expected = first.sheet.name, form.data_set.sheet
            context.findings.append(Finding.at("copied-sheet", place, raw=form.sheet.name, other=other, expected=expected))
    return [form for form in found if kept[form.data_set.code] is form]


def _note_name(context: Context, form: Found) -> None:
    """A note where the sheet's name has none of the form's own words."""
    name = key(form.sheet.name)
    if form.sheet.named and not any(word in name for word in context.words(form.data_set).titles):
        place = Place(form.sheet.name, "A1", data_set=form.data_set.code)
        context.findings.append(Finding.at("renamed-sheet", place, raw=form.sheet.name, expected=form.data_set.sheet))


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


def _first_row(form: Found) -> int:
    if isinstance(form.how, Vertical):
        return form.how.header or min((label.row for label in form.how.labels), default=1)
    return form.how.top


def _check_unit(context: Context, submission: Submission, found: list[Found], meta: dict[str, str]) -> None:
    """Refusal wrong-unit where `_meta`, the cover or a unit line names another unit of the county."""
    cover: list[str] = []
    said = [meta["unit"]] if meta.get("unit") in context.catalogue.org_unit else []
    for form in found:
        if form.data_set.code == "cover" and isinstance(form.how, Vertical):
            text = _labelled(form.sheet, form.how, "reporting_unit")
            cover.append(text if text in context.catalogue.org_unit else named_unit(text, context.catalogue, context.county))
    said += cover
    said += [said_unit(title_texts(form.sheet, _first_row(form)), context.catalogue, context.county) for form in found]
    named = [unit for unit in said if unit]
    submission.said_unit = named[0] if named else ""
    wrong = next((unit for unit in named if unit != context.unit), "")
    on_cover = [unit for unit in cover if unit and unit != context.unit]
    if on_cover:
        raise _wrong_unit(context, on_cover[0])
    if wrong and context.unit not in named:
        raise _wrong_unit(context, wrong)
    if meta.get("unit") in context.catalogue.org_unit and meta["unit"] != context.unit:
        raise _wrong_unit(context, meta["unit"])


def _wrong_unit(context: Context, *others: str) -> Refusal:
    units = context.catalogue.org_unit
    labels, more = [units[other].label for other in others[:_NAMED]], len(others) > _NAMED
    found = Text("、".join(label.zh for label in labels) + ("等单位" if more else ""),
                 ", ".join(label.en for label in labels) + (" and others" if more else ""))  # fmt: skip
    return Refusal("wrong-unit", found=found, expected=units[context.unit].label)


def _check_rows(context: Context, submission: Submission, elsewhere: dict[str, int]) -> None:
    """Refusal wrong-unit where more rows belong to others than to this unit: another unit's workbook, or one of several units."""
    own = sum(
        bool(row.org_unit)
        for reading in submission.sheets
        if not reading.vertical and reading.data_set.rows in ("village", "community")
        for row in reading.rows
    )
    if sum(elsewhere.values()) > own:
        raise _wrong_unit(context, *sorted(elsewhere, key=lambda unit: -elsewhere[unit]))


def _labelled(sheet: Sheet, vertical: Vertical, code: str) -> str:
    for label in vertical.labels:
        if label.element is not None and label.element.code == code:
            return cell_text(sheet.cell(label.row, vertical.values[label.column]))
    return ""


def _say_period(context: Context, submission: Submission, kept: list[Found], meta: dict[str, str]) -> None:
    """What months the workbook names, and a question for each sheet that names another one."""
    asked = False
    for form, reading in zip(kept, submission.sheets, strict=True):
        said = _period_of(context, form, reading)
        if said is None:
            continue
        month, cell, raw = said
        submission.said_period = submission.said_period or month
        if month != context.period:
            asked = True
            place = Place(form.sheet.name, cell, data_set=form.data_set.code)
            context.findings.append(_wrong_period(context, place, raw, month))
    written = meta.get("period", "")
    month_of_meta = said_month(written, context.period) if written else None
    submission.said_period = submission.said_period or month_of_meta
    if month_of_meta is not None and month_of_meta != context.period and not asked:
        place = Place(kept[0].sheet.name, data_set=kept[0].data_set.code)
        context.findings.append(_wrong_period(context, place, written, month_of_meta))


def _wrong_period(context: Context, place: Place, raw: str, month: Period) -> Finding:
    return Finding.at("wrong-period", place, raw=raw, found=month.label, expected=context.period.label)


def _period_of(context: Context, form: Found, reading: SheetReading) -> tuple[Period, str, str] | None:
    """(month, cell, raw) that a sheet names: in its title and corner, in the cover's period, else in its name."""
    places = [(row, column) for row, column, _ in title_texts(form.sheet, _first_row(form))]
    period_cell = reading.rows[0].values.get("period") if reading.vertical and reading.rows else None
    if period_cell is not None and isinstance(form.how, Vertical):
        label = next(label for label in form.how.labels if label.element is not None and label.element.code == "period")
        places.insert(0, (label.row, form.how.values[label.column]))
    for row, column in places:
        cell = form.sheet.cell(row, column)
        beside = plain(cell_text(form.sheet.cell(row, column - 1))) if column > 1 else ""
        if cell is None or _DAY_LABEL.search(beside):
            continue
        if isinstance(cell.value, float):
            if cell.kind == DATE:
                day = day_of(cell.value)
                if day is not None and _MONTH_LABEL.search(beside):
                    return Period(day.year, day.month), address(row, column), cell_text(cell)
                continue
            number = month_of_number(cell.value, context.period)
            if number is not None:
                if not number.certain:
                    place = Place(form.sheet.name, address(row, column), data_set=form.data_set.code)
                    expected = context.period.label
                    context.findings.append(Finding.at("reads-float-month", place, raw=cell_text(cell), expected=expected))
                return number.period, address(row, column), cell_text(cell)
        elif isinstance(cell.value, str):
            month = said_month(cell.value, context.period)
            if month is not None:
                return month, address(row, column), cell_text(cell)
    named = said_month(form.sheet.name, context.period) if form.sheet.named else None
    return (named, "", form.sheet.name) if named is not None else None


def _harvest(context: Context, submission: Submission, book: Book, found: list[Found]) -> None:
    """Without a cover sheet, who filled in and who reviewed comes from the signature lines; what they lack is not missing."""
    cover = context.catalogue.data_set["cover"]
    if any(form.data_set is cover for form in found):
        return
    best: dict[str, tuple[Signed, Sheet, int]] = {}
    words = context.words(cover)
    for form in found:
        data = {row.number for reading in submission.sheets if reading.sheet == form.sheet.name for row in reading.rows}
        for row, cells in form.sheet.rows.items():
            if row not in data and any(
                type(cell.value) is str and (":" in cell.value or "：" in cell.value) for cell in cells.values()
            ):
                for signed in signatures(cells, words):
                    before = best.get(signed.element)
                    if before is None or signed.rank < before[0].rank:
                        best[signed.element] = signed, form.sheet, row
    if not best:
        return
    _, sheet, line = next(iter(best.values()))
    reading = SheetReading(sheet.name, cover, [])
    row_read = Row(context.unit, context.catalogue.org_unit[context.unit].label.zh, line)
    for code, (signed, sheet_of, row) in best.items():
        cell = address(row, signed.column)
        reading.columns[code] = cell
        row_read.values[code] = Value(cover.code, context.unit, code, signed.value, REPORTED, signed.value, sheet_of.name, cell)
    reading.rows.append(row_read)  # its line is counted where it stands, as ignored
    submission.sheets.append(reading)
