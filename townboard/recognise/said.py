"""What a workbook says of itself: whose it is, of which month, and who signed it. Another unit's is refused, another month asked about."""

from __future__ import annotations

import re

from townboard.findings import Finding, Place, Refusal
from townboard.periods import Period
from townboard.recognise.forms import Found, first_row
from townboard.recognise.headers import plain
from townboard.recognise.labels import Vertical
from townboard.recognise.reading import Context, cell_text
from townboard.recognise.surroundings import (
    Signed,
    month_of_number,
    named_unit,
    said_month,
    said_unit,
    signatures,
    title_texts,
)
from townboard.submission import REPORTED, Row, SheetReading, Submission, Value
from townboard.text import Text
from townboard.workbook.sheets import DATE, Sheet, address, day_of

_MONTH_LABEL, _DAY_LABEL = re.compile(r"月份|报告期|所属期|报送期|报表期"), re.compile(r"(?:时间|日期)[::]?$")
_NAMED = 3


def check_unit(context: Context, submission: Submission, found: list[Found], meta: dict[str, str]) -> None:
    """Refusal wrong-unit where `_meta`, the cover or a unit line names another unit of the county."""
    cover: list[str] = []
    said = [meta["unit"]] if meta.get("unit") in context.catalogue.org_unit else []
    for form in found:
        if form.data_set.code == "cover" and isinstance(form.how, Vertical):
            text = _labelled(form.sheet, form.how, "reporting_unit")
            cover.append(text if text in context.catalogue.org_unit else named_unit(text, context.catalogue, context.county))
    said += cover
    said += [said_unit(title_texts(form.sheet, first_row(form)), context.catalogue, context.county) for form in found]
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


def check_rows(context: Context, submission: Submission, elsewhere: dict[str, int]) -> None:
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


def say_period(context: Context, submission: Submission, kept: list[Found], meta: dict[str, str]) -> None:
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
        place = Place(kept[0].sheet.name, "A1", data_set=kept[0].data_set.code)
        context.findings.append(_wrong_period(context, place, written, month_of_meta))


def _wrong_period(context: Context, place: Place, raw: str, month: Period) -> Finding:
    return Finding.at("wrong-period", place, raw=raw, found=month.label, expected=context.period.label)


def _period_of(context: Context, form: Found, reading: SheetReading) -> tuple[Period, str, str] | None:
    """(month, cell, raw) that a sheet names first: in the cover's period, its title and corner, else in its name.

    A month stored as a number is pointed out wherever it stands, also under a title that names the month.
    """
    first: tuple[Period, str, str] | None = None
    for row, column in _month_places(form, reading):
        found = _month_at(context, form.sheet, row, column)
        if found is None:
            continue
        month, is_certain = found
        cell, raw = address(row, column), cell_text(form.sheet.cell(row, column))
        if not is_certain:
            place = Place(form.sheet.name, cell, data_set=form.data_set.code)
            context.findings.append(Finding.at("reads-float-month", place, raw=raw, expected=context.period.label))
        first = first or (month, cell, raw)
    named = said_month(form.sheet.name, context.period) if first is None and form.sheet.named else None
    return (named, "A1", form.sheet.name) if named is not None else first


def _month_places(form: Found, reading: SheetReading) -> list[tuple[int, int]]:
    """The cells that may name the month: the cover's period, then what stands above the table."""
    places = [(row, column) for row, column, _ in title_texts(form.sheet, first_row(form))]
    period_cell = reading.rows[0].values.get("period") if reading.vertical and reading.rows else None
    if period_cell is not None and isinstance(form.how, Vertical):
        label = next(label for label in form.how.labels if label.element is not None and label.element.code == "period")
        places.insert(0, (label.row, form.how.values[label.column]))
    return places


def _month_at(context: Context, sheet: Sheet, row: int, column: int) -> tuple[Period, bool] | None:
    """The month that one cell names, and whether it can only be read so; days and dates of filling in name none."""
    cell = sheet.cell(row, column)
    beside = plain(cell_text(sheet.cell(row, column - 1))) if column > 1 else ""
    if cell is None or _DAY_LABEL.search(beside):
        return None
    if isinstance(cell.value, str):
        month = said_month(cell.value, context.period)
        return (month, True) if month is not None else None
    if not isinstance(cell.value, float):
        return None
    if cell.kind == DATE:
        day = day_of(cell.value)
        return (Period(day.year, day.month), True) if day is not None and _MONTH_LABEL.search(beside) else None
    number = month_of_number(cell.value, context.period)
    return (number.period, number.certain) if number is not None else None


def harvest(context: Context, submission: Submission, found: list[Found]) -> None:
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
