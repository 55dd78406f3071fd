"""Forms about the unit itself: a column of labels with values beside it, several such pairs, a small grid, or one wide row."""

from __future__ import annotations

from townboard.catalogue import DataSet, Element
from townboard.findings import Finding
from townboard.recognise.cells import percent
from townboard.recognise.headers import money_unit, plain
from townboard.recognise.labels import LAST_ROW, Label, Vertical
from townboard.recognise.layout import Layout, claim, heading_words
from townboard.recognise.reading import Context, cell_text, missing_elements, scale_of, scaled_note, value_of
from townboard.recognise.surroundings import corner_unit, is_footer, is_total, named_unit, title_texts
from townboard.submission import Percent, Row, SheetReading
from townboard.text import Text
from townboard.workbook.sheets import Cell, Sheet, address, raw_text


def read_vertical(context: Context, sheet: Sheet, data_set: DataSet, vertical: Vertical) -> SheetReading:
    """The reading of a vertical form: one row, about the unit, whose values stand in different rows of the sheet."""
    reading = SheetReading(sheet.name, data_set, [vertical.header] if vertical.header else [], vertical=True)
    row = Row(context.unit, context.catalogue.org_unit[context.unit].label.zh, 0)
    reading.rows.append(row)
    first = min((label.row for label in vertical.labels), default=1)
    corner = corner_unit(title_texts(sheet, first))
    targets: dict[str, tuple[Element, int, int, str]] = {}
    for (at, column), element in vertical.pairs.items():
        targets.setdefault(element.code, (element, at, column, ""))
    taken = {at for at, _ in vertical.pairs}
    for label in vertical.labels:
        column = vertical.values[label.column]
        if label.element is not None and label.row not in taken:
            targets.setdefault(label.element.code, (label.element, label.row, column, label.text))
        elif label.percentage is not None:
            _percent(sheet, reading, label, column)
    _claim(context, sheet, data_set, vertical, targets)
    rows: set[int] = set()
    for element, at, column, text in targets.values():
        unit = money_unit(text) or _unit_beside(sheet, at, column) or corner
        scale = scale_of(unit, element)
        reading.columns[element.code] = address(at, column)
        if scale != 1.0:
            context.findings.append(scaled_note(reading, element, address(at, column), unit, unit))
        value_of(context, sheet, reading, row, element, (at, column), scale=scale)
        rows.add(at)
    _unknown_labels(context, sheet, reading, vertical)
    missing_elements(context, reading, address(first, min((label.column for label in vertical.labels), default=1)))
    reading.counts["read"] = len(rows)
    reading.counts["ignored"] = len(set(sheet.rows) - rows)
    return reading


def _unit_beside(sheet: Sheet, row: int, value: int) -> str:
    """The unit of money that stands in a cell of its own left of the value: 元, 千元, 亿元."""
    for column, cell in sheet.rows.get(row, {}).items():
        if column < value and cell_text(cell) in ("元", "千元", "亿元"):
            return cell_text(cell)
    return ""


def _percent(sheet: Sheet, reading: SheetReading, label: Label, column: int) -> None:
    cell = sheet.cell(label.row, column)
    typed = percent(cell)
    if typed is not None and label.percentage is not None:
        place = address(label.row, column)
        reading.percents.append(Percent(label.percentage.label.zh, 0, place, raw_text(cell), typed, reading.rows[0].org_unit))


def _claim(
    context: Context, sheet: Sheet, data_set: DataSet, vertical: Vertical, targets: dict[str, tuple[Element, int, int, str]]
) -> None:
    """Labels that the clerk said mean an element; what the file does not have gets an empty cell beside the first label."""
    for element in data_set.asked(context.period):
        said = context.columns.get((data_set.code, element.code))
        if said is None or element.code in targets:
            continue
        label = next((label for label in _unread(sheet, vertical) if said == plain(label.text)), None) if said else None
        if label is not None:
            vertical.labels.append(label)
            targets[element.code] = (element, label.row, vertical.values[label.column], label.text)
        elif not said:
            row = min((label.row for label in vertical.labels), default=1)
            used = {column for _, _, column, _ in targets.values()} | {
                column for cells in sheet.rows.values() for column in cells
            }
            targets[element.code] = (element, row, max(used, default=1) + 1, "")


def _unread(sheet: Sheet, vertical: Vertical) -> list[Label]:
    """Labels with a value that the form does not know."""
    known = {(label.row, label.column) for label in vertical.labels}
    rows = {label.row for label in vertical.labels}
    found = []
    for column, value in vertical.values.items():
        rows_here = [label.row for label in vertical.labels if label.column == column]
        for row in range(min(rows_here), min(max(rows_here) + 30, LAST_ROW)):
            cell = sheet.cell(row, column)
            text = cell_text(cell)
            if not text or (row, column) in known or is_footer(text) or is_total(text) or not isinstance(cell, Cell):
                continue
            if row not in rows and isinstance(cell.value, str) and cell_text(sheet.cell(row, value)) and len(text) < 30:
                found.append(Label(row, column, column, text))
    return found


def _unknown_labels(context: Context, sheet: Sheet, reading: SheetReading, vertical: Vertical) -> None:
    """Labels with a value that the form does not know: noted, not read."""
    for label in _unread(sheet, vertical):
        place = reading.place(None, "", address(label.row, label.column))
        context.findings.append(Finding.at("unknown-column", place, raw=plain(label.text)))


def read_wide(context: Context, sheet: Sheet, data_set: DataSet, layout: Layout) -> tuple[SheetReading, str]:
    """A unit form laid out as one row: its reading, and the other unit if its only row is another unit's."""
    reading = SheetReading(sheet.name, data_set, list(range(layout.top, layout.bottom + 1)), vertical=True)
    owner = context.catalogue.org_unit[context.unit].label
    row = Row(context.unit, owner.zh, 0)
    reading.rows.append(row)
    own, others = 0, []
    for number, cells in sheet.rows.items():
        if number <= layout.bottom:
            continue
        texts = [cell_text(cells[column]) for column in sorted(cells)]
        if is_total(texts[0]) or is_footer(texts[0]) or not any(column in cells for column in layout.columns):
            continue
        named = next((unit for text in texts[:4] if (unit := named_unit(text, context.catalogue, context.county))), "")
        if named and named != context.unit:
            others.append((number, named))
        elif not own or named == context.unit:
            own = number
    if not own:
        reading.counts["ignored"] = len(sheet.rows)
        return reading, others[0][1] if others else ""
    for number, named in others:
        label = context.catalogue.org_unit[named].label
        why = Text("不属于本单位", "is not this unit")
        context.findings.append(Finding.at("extra-row", reading.place(None, "", address(number, 1)), raw=label.zh, why=why))
    claim(context, data_set, layout)
    for column, (element, scale) in sorted(layout.columns.items()):
        reading.columns[element.code] = address(own, column)
        value_of(context, sheet, reading, row, element, (own, column), scale=scale)
    for column, percentage in layout.percentages.items():
        _percent(sheet, reading, Label(own, column, column, "", percentage=percentage), column)
    for column, heading in sorted(layout.unknown.items()):
        if column in sheet.rows[own]:
            place = reading.place(None, "", address(layout.bottom, column))
            context.findings.append(Finding.at("unknown-column", place, raw=heading_words(heading)))
    missing_elements(context, reading, address(layout.bottom, min(sheet.rows[layout.bottom], default=1)))
    reading.counts["read"] = 1
    reading.counts["ignored"] = len(sheet.rows) - 1
    return reading, ""
