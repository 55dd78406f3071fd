"""Forms with one row a village, community, task or entry: reading row after row below a header that `layout` found."""

from __future__ import annotations

from dataclasses import replace

from townboard.catalogue import DataSet, Element
from townboard.findings import Finding
from townboard.recognise import predecessors
from townboard.recognise.cells import percent
from townboard.recognise.headers import key as header_key
from townboard.recognise.headers import plain
from townboard.recognise.layout import Layout, claim, heading_words
from townboard.recognise.reading import Context, cell_text, missing_elements, scale_of, scaled_note, value_of
from townboard.recognise.row_names import Identified, code_text
from townboard.recognise.surroundings import (
    corner_unit,
    is_example,
    is_footer,
    is_numbering,
    is_total,
    named_unit,
    title_texts,
)
from townboard.recognise.totals import Column, Totals
from townboard.submission import MISSING, REPORTED, Percent, Row, SheetReading, Value
from townboard.text import Text
from townboard.workbook.sheets import ERROR, GENERAL, Cell, Sheet, address, letters, raw_text


def read_rows(context: Context, sheet: Sheet, data_set: DataSet, layout: Layout) -> tuple[SheetReading, dict[str, int]]:
    """The sheet's reading, its findings appended to the context, and how many rows belong to which other unit."""
    reading = SheetReading(sheet.name, data_set, list(range(layout.top, layout.bottom + 1)))
    reading.name_column = letters(layout.name) if layout.name else ""
    titles = title_texts(sheet, layout.top)
    corner = corner_unit(titles)
    claim(context, data_set, layout)
    for column, (element, scale) in list(layout.columns.items()):
        reading.columns[element.code] = letters(column)
        unit = layout.scaled.get(column, "")
        if corner and element.unit == "万元" and scale == 1.0 and not _says_ten_thousand(sheet, layout, column):
            layout.columns[column], unit = (element, scale_of(corner, element)), corner
        if unit:
            cell = address(layout.bottom, column)
            context.findings.append(scaled_note(reading, element, cell, unit, unit))
    _missing_columns(context, sheet, reading, layout)
    table = _Table(context, sheet, reading, layout)
    table.read()
    for column, heading in sorted(layout.unknown.items()):
        if any(column in sheet.rows[row.number] for row in reading.rows if row.number in sheet.rows):
            cell = next((address(row, column) for row in range(layout.bottom, layout.top - 1, -1) if sheet.cell(row, column)), "")
            context.findings.append(Finding.at("unknown-column", reading.place(None, "", cell), raw=heading_words(heading)))
    return reading, table.elsewhere


def _says_ten_thousand(sheet: Sheet, layout: Layout, column: int) -> bool:
    return any("万元" in raw_text(sheet.cell(row, column)) for row in range(layout.top, layout.bottom + 1))


def _missing_columns(context: Context, sheet: Sheet, reading: SheetReading, layout: Layout) -> None:
    """One finding where there is no column of names, and one for each element that has no column."""
    first = min(sheet.rows.get(layout.bottom, {1: None}) or {1: None})
    cell = address(layout.bottom, first)
    if reading.data_set.rows in ("village", "community") and not layout.name and not layout.code:
        label = reading.data_set.row_names[0] if reading.data_set.row_names else "名称"
        context.findings.append(Finding.at("missing-column", reading.place(None, "", cell), expected=label))
    missing_elements(context, reading, cell)


class _Table:
    """The rows of one table, read from the header down to the footer."""

    def __init__(self, context: Context, sheet: Sheet, reading: SheetReading, layout: Layout) -> None:
        self.context, self.sheet, self.reading, self.layout = context, sheet, reading, layout
        self.names = context.names(reading.data_set)
        self.by_name = reading.data_set.rows in ("village", "community")
        self.elsewhere: dict[str, int] = {}
        self.totals = Totals(reading, context.period)
        self.merged: list[Row] = []
        self.furniture = layout.quiet | {layout.township}
        self.titles = context.words(reading.data_set).titles
        self.row_names = context.words(reading.data_set).row_names
        self.data_columns = sorted({*layout.columns, *layout.percentages, *layout.unknown} - {layout.name, layout.code})
        self.plain_columns = [
            Column(
                column,
                letters(column),
                element,
                scale,
                element.is_number and scale == 1.0 and element.unit != "%",
                element.type == "integer",
            )
            for column, (element, scale) in sorted(layout.columns.items())
            if column not in (layout.name, layout.code)
        ]
        self.townships = _filled_down(sheet, layout.township)
        self.merged_names = _filled_down(sheet, layout.name)

    def read(self) -> None:
        """Read every row below the header; every non-empty row is data, blank furniture inside the table, or ignored."""
        counts, last, filled = self.reading.counts, self.layout.bottom, 0
        stopped = False
        waiting = 0
        for number, cells in self.sheet.rows.items():
            if number <= self.layout.bottom:
                continue
            if not stopped and self._is_blank(cells):
                waiting += 1
                continue
            if stopped or not self._is_data(number, cells):
                stopped = stopped or (bool(self.reading.rows) and self._ends(cells))
                counts["ignored"] += 1
                filled += 1
                continue
            counts["blank"] += number - last - 1 - filled
            last, filled = number, 0
            waiting = 0
            self._row(number, cells)
        counts["read"] = len(self.reading.rows)
        predecessors.add(self.reading, self.merged)
        counts["ignored"] += waiting + sum(1 for row in self.sheet.rows if row <= self.layout.bottom)
        self.totals.close()

    def _is_blank(self, cells: dict[int, Cell]) -> bool:
        """A row for looks: nothing in it but a running number or a township."""
        if self.layout.name in cells and cell_text(cells[self.layout.name]):
            return False
        return all(column in self.furniture or not cell_text(cell) for column, cell in cells.items()) and not any(
            is_total(cell_text(cell)) or is_footer(cell_text(cell)) for cell in cells.values()
        )

    def _is_data(self, number: int, cells: dict[int, Cell]) -> bool:
        """Whether a row holds data; totals, examples, repeated headers and column numbers are looked at on the way."""
        name = cells.get(self.layout.name)
        if self.by_name and name is not None and isinstance(name.value, str) and self.names.identify(name.value).code:
            return not self._is_marked_example(cells)
        texts = self._leading_texts(cells)
        if any(map(is_footer, texts[:1])):
            return False
        if any(map(is_total, texts)):
            self.totals.keep(next(text for text in texts if is_total(text)), number, cells, self.plain_columns)
            return False
        if self._is_marked_example(cells) or any(map(is_example, texts)):
            place = self.reading.place(None, "", address(number, min(cells)))
            self.context.findings.append(Finding.at("example-row", place, raw=texts[0] if texts else ""))
            return False
        if is_numbering(cells) or (name is not None and header_key(cell_text(name)) in self.row_names):
            return False
        if not self.by_name:
            return any(not _says_nothing(cell_text(cells.get(column))) for column in self.data_columns if column in cells)
        has_name = bool(cell_text(name)) or number in self.merged_names or self.layout.code in cells
        if not has_name and all(_is_phantom(cell) for cell in cells.values() if cell_text(cell)):
            return False
        has_value = any(cell_text(cells.get(column)) for column in self.data_columns)
        return has_value or (has_name and len(cells) > 1) or bool(cell_text(name) and not self._is_remark(cell_text(name)))

    def _is_remark(self, text: str) -> bool:
        """Whether a text that stands alone is no name: a sentence, or the title of the form once more."""
        return (
            len(text) > 20
            or any(mark in text for mark in "。;；,，:：")
            or any(title in header_key(text) for title in self.titles)
        )

    def _leading_texts(self, cells: dict[int, Cell]) -> list[str]:
        """The texts up to the row's name, or of the first cell: where totals and notes announce themselves."""
        until = max(self.layout.name, min(cells))
        return [text for column, cell in sorted(cells.items()) if column <= until and (text := cell_text(cell))]

    def _is_marked_example(self, cells: dict[int, Cell]) -> bool:
        first = cells[min(cells)]
        return isinstance(first.value, str) and is_example(first.value)

    def _ends(self, cells: dict[int, Cell]) -> bool:
        return is_footer(cell_text(cells[min(cells)]))

    def _row(self, number: int, cells: dict[int, Cell]) -> None:
        """One data row: who it is about, its values, its percentages."""
        name = cell_text(cells.get(self.layout.name)) or self.merged_names.get(number, "")
        row = Row("", name, number)
        known = self._org_unit(row, cells)
        self.reading.rows.append(row)
        if number in self.sheet.hidden_rows:
            place = self.reading.place(row, "", address(number, self.layout.name or min(cells)))
            self.context.findings.append(Finding.at("hidden-row", place, raw=name))
        code, sheet_name, values = self.reading.data_set.code, self.sheet.name, row.values
        for column, (element, _) in self.layout.columns.items():
            if column in (self.layout.name, self.layout.code):
                values[element.code] = self._own_value(row, element, address(number, column), raw_text(cells.get(column)))
        org_unit, behind = row.org_unit, str(number)
        for column, letter, element, scale, quick, whole in self.plain_columns:
            cell = cells.get(column)
            if cell is None:
                key = element.code
                values[key] = Value(code, org_unit, key, None, MISSING, "", sheet_name, letter + behind)
            elif quick and type(cell[0]) is float and cell[1] == GENERAL:
                key, typed = element.code, cell[0]
                figure = int(typed) if whole and typed.is_integer() else typed
                values[key] = Value(code, org_unit, key, figure, REPORTED, typed, sheet_name, letter + behind)
            else:
                value_of(self.context, self.sheet, self.reading, row, element, (number, column), scale=scale, heard=known)
        for column, percentage in self.layout.percentages.items():
            typed_percent = percent(cells.get(column))
            if typed_percent is not None:
                at = address(number, column)
                self.reading.percents.append(
                    Percent(percentage.label.zh, number, at, raw_text(cells.get(column)), typed_percent, org_unit)
                )

    def _own_value(self, row: Row, element: Element, cell: str, raw: str) -> Value:
        """The row's name or code as the register writes it, where the row was identified."""
        known = self.context.catalogue.org_unit.get(row.org_unit)
        value = raw if known is None else known.code if element.type == "code" else known.label.zh
        status = REPORTED if value else MISSING
        return Value(self.reading.data_set.code, row.org_unit, element.code, value or None, status, raw, self.sheet.name, cell)

    def _org_unit(self, row: Row, cells: dict[int, Cell]) -> bool:
        """Set the row's org unit, or ask; False where the row belongs to another unit."""
        data_set = self.reading.data_set
        if not self.by_name:
            row.org_unit, row.name = self._item(row, cells)
            return True
        township = cell_text(cells.get(self.layout.township)) or self.townships.get(row.number, "")
        other = named_unit(township, self.context.catalogue, self.context.county) if township else ""
        found = self.names.identify(row.name, code_text(cells.get(self.layout.code)))
        if other and other != self.context.unit:
            found = Identified(elsewhere=other)
        row.org_unit = found.code
        if found.former is not None:
            predecessors.note(self.context, self.reading, row, self.layout.name, found.former)
            if found.former.merged:
                self.merged.append(row)
        if found.code:
            return True
        place = self.reading.place(row, "", address(row.number, self.layout.name or self.layout.code or min(cells)))
        alias = "" if found.elsewhere or found.conflict else self.context.aliases.get((data_set.rows, plain(row.name)), "")
        if alias in self.names.codes:
            row.org_unit, place = alias, replace(place, org_unit=alias)
            label = self.context.catalogue.org_unit[alias].label
            why = Text("本单位记住的名称", "a name this unit had remembered")
            self.context.findings.append(Finding.at("normalised", place, raw=row.name, value=label, why=why))
            return True
        if found.elsewhere:
            self.elsewhere[found.elsewhere] = self.elsewhere.get(found.elsewhere, 0) + 1
            owner = self.context.catalogue.org_unit[found.elsewhere].label
            why = Text(f"属于{owner.zh},不属于本单位", f"belongs to {owner.en}, not to this unit")
            self.context.findings.append(Finding.at("extra-row", place, raw=row.name, why=why))
            return False
        candidates = found.conflict or self.names.candidates(row.name)
        self.context.findings.append(Finding.at("unknown-org-unit", place, raw=row.name, candidates=candidates))
        return True

    def _item(self, row: Row, cells: dict[int, Cell]) -> tuple[str, str]:
        """(<unit>#<task id or running number>, the row's name) of a task or a free entry."""
        codes = {element.code: column for column, (element, _) in self.layout.columns.items()}
        name = cell_text(cells.get(codes.get("task_name", codes.get("title", 0))))
        item = cell_text(cells.get(codes.get("task_id", 0))) or str(len(self.reading.rows) + 1)
        return f"{self.context.unit}#{item}", name


def _is_phantom(cell: Cell) -> bool:
    """A formula dragged on below the table, or what an error left behind: without a row's name it is nobody's figure."""
    return cell.kind == ERROR or cell.formula is not None


def _says_nothing(text: str) -> bool:
    return plain(text) in ("", "无", "没有", "暂无", "/", "-", "—", "本月无", "无问题")


def _filled_down(sheet: Sheet, column: int) -> dict[int, str]:
    """Row → the text that a merged range in this column gives it; nothing beyond the range."""
    found: dict[int, str] = {}
    for merged in sheet.merges if column else ():
        if merged.left <= column <= merged.right and merged.bottom > merged.top:
            text = cell_text(sheet.cell(merged.top, merged.left))
            found |= dict.fromkeys(range(merged.top, merged.bottom + 1), text)
    return found
