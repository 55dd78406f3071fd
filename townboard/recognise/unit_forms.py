"""Forms about the unit itself: a column of labels with values beside it, several such pairs, a small grid, or one wide row."""

from __future__ import annotations

from dataclasses import dataclass, field

from townboard.catalogue import DataSet, Element, Percentage
from townboard.findings import Finding
from townboard.recognise.cells import percent
from townboard.recognise.headers import Words, key, listed, money_unit, plain
from townboard.recognise.layout import Layout, claim, heading_words
from townboard.recognise.reading import HEADER_WITHIN, Context, cell_text, scale_of, scaled_note, value_of
from townboard.recognise.surroundings import corner_unit, is_footer, is_total, named_unit, title_texts
from townboard.submission import Percent, Row, SheetReading
from townboard.text import Text
from townboard.workbook.sheets import Cell, Sheet, address, raw_text

LAST_ROW = 200
VALUE_WORDS = listed(
    "本月 本期 本季 本季度 本月数 本期数 本季数 数量 数值 数据 累计 本年累计 累计数 值 内容 填报内容 填报值 填报 填写 填写内容 完成情况 完成数 "
    "实际 现状 情况 数 本月累计 截至本月 截至本期 时间 日期 完成时间 完成日期 本月值 本期值 填报数 填报数据 指标值 结果"
)
LAST_WORDS = listed(
    "上月 上期 上季 上季度 上月数 上期数 上年 去年 上年同期 去年同期 上月值 上期值 截至上月 增减 环比 同比 目标 任务数 目标值 年度目标"
)
UNIT_WORDS = listed("单位 计量单位")
NOTE_WORDS = listed("备注 说明 填报说明 指标解释 口径 要求 填报要求 备注说明")
_UNITS = listed("万元 元 亩 个 份 件 宗 项 人 人次 次 户 块 种 % 月 月份 日期 年月日 个(家) 家 名 村 处")
GRID = 2


@dataclass(slots=True)
class Label:
    """One label of a vertical form: the cell it stands in and what it names."""

    row: int
    column: int
    right: int
    text: str
    element: Element | None = None
    percentage: Percentage | None = None
    rank: int = 0


@dataclass(slots=True)
class Vertical:
    """Labels and, for each column of labels, the column of values beside it."""

    labels: list[Label]
    values: dict[int, int] = field(default_factory=dict)
    header: int = 0
    others: list[Label] = field(default_factory=list)
    pairs: dict[tuple[int, int], Element] = field(default_factory=dict)

    @property
    def is_flat(self) -> bool:
        """Whether no two labels stand one below the other."""
        columns = [label.column for label in self.labels]
        return len(set(columns)) == len(columns)

    @property
    def score(self) -> int:
        """How many different elements were found."""
        return len({label.element.code for label in self.labels if label.element} | {e.code for e in self.pairs.values()})


def find_vertical(sheet: Sheet, words: Words) -> Vertical | None:
    """The labels of a form that stand one below the other; None where there are none."""
    by_column: dict[int, list[Label]] = {}
    ends = {(merged.top, merged.left): merged.right for merged in sheet.merges}
    for row, cells in sheet.rows.items():
        if row > LAST_ROW:
            break
        for column, cell in cells.items():
            if not isinstance(cell.value, str) or len(cell.value) > 60:
                continue
            if words.knows(cell.value):
                found = words.element_of(cell.value)
                label = Label(row, column, ends.get((row, column), column), cell.value)
                if isinstance(found, Percentage):
                    label.percentage = found
                elif found is not None:
                    label.element, label.rank = found
                by_column.setdefault(column, []).append(label)
    columns = {column: labels for column, labels in by_column.items() if len(labels) >= GRID} or by_column
    if not columns:
        return None
    most = max(map(len, columns.values()))
    labels = [label for column, found in columns.items() if len(found) * 4 >= most for label in found]
    vertical = Vertical(sorted(_best(labels), key=lambda label: (label.row, label.column)))
    _value_columns(sheet, vertical)
    _grid(sheet, words, vertical)
    return vertical


def _best(labels: list[Label]) -> list[Label]:
    """One label for each element: the label's own words before an alias, then the first."""
    best: dict[str, Label] = {}
    for label in sorted(labels, key=lambda label: (label.rank, label.row, label.column)):
        code = label.element.code if label.element else f"%{label.percentage.label.zh if label.percentage else label.text}"
        best.setdefault(code, label)
    return list(best.values())


def _value_columns(sheet: Sheet, vertical: Vertical) -> None:
    """For each column of labels, the column whose heading says 本月, 数量 …, else the first that holds more than units."""
    columns = sorted({label.column for label in vertical.labels})
    first = min(label.row for label in vertical.labels)
    for at, column in enumerate(columns):
        labels = [label for label in vertical.labels if label.column == column]
        start = max(label.right for label in labels) + 1
        stop = columns[at + 1] if at + 1 < len(columns) else start + 12
        headed: int | None = None
        skipped: set[int] = set()
        for row in range(max(1, first - 3), first):
            for candidate in range(start, stop):
                word = key(cell_text(sheet.cell(row, candidate)))
                if word in VALUE_WORDS and headed is None:
                    headed, vertical.header = candidate, row
                if word in LAST_WORDS or word in UNIT_WORDS or word in NOTE_WORDS:
                    skipped.add(candidate)
                    vertical.header = vertical.header or row
        vertical.values[column] = headed or _first_with_values(sheet, labels, range(start, stop), skipped)


def _first_with_values(sheet: Sheet, labels: list[Label], columns: range, skipped: set[int]) -> int:
    free = []
    for column in columns:
        if column in skipped:
            continue
        texts = [cell_text(sheet.cell(label.row, column)) for label in labels]
        written = [text for text in texts if text]
        if written and all(plain(text) in _UNITS for text in written):
            continue
        if written:
            return column
        free.append(column)
    return free[0] if free else columns.start


def _grid(sheet: Sheet, words: Words, vertical: Vertical) -> None:
    """A small grid: 机制牌子 | 基数 | 现有. A label and a heading together may name an element that neither names alone."""
    first = min(label.row for label in vertical.labels)
    header = first - 1
    if header < 1 or header > HEADER_WITHIN:
        return
    pairs: dict[tuple[int, int], Element] = {}
    for column, cell in sheet.rows.get(header, {}).items():
        word = cell_text(cell)
        if not word or key(word) in VALUE_WORDS | LAST_WORDS | UNIT_WORDS | NOTE_WORDS:
            continue
        for label in vertical.labels:
            if column > label.right:
                found = words.element_of(label.text + word) or words.element_of(word + label.text)
                if found is not None and not isinstance(found, Percentage):
                    pairs[label.row, column] = found[0]
    if len({column for _, column in pairs}) >= GRID:
        vertical.pairs, vertical.header = pairs, header


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
    _missing(context, reading, address(first, min((label.column for label in vertical.labels), default=1)))
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


def _missing(context: Context, reading: SheetReading, cell: str) -> None:
    for element in reading.data_set.asked(context.period):
        if element.required and element.fill in ("typed", "carried") and element.code not in reading.columns:
            place = reading.place(None, element.code, cell)
            context.findings.append(Finding.at("missing-column", place, expected=element.label))


def has_values(sheet: Sheet, layout: Layout) -> bool:
    """Whether something stands below the headings of a table."""
    return any(row > layout.bottom and any(column in cells for column in layout.columns) for row, cells in sheet.rows.items())


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
    _missing(context, reading, address(layout.bottom, min(sheet.rows[layout.bottom], default=1)))
    reading.counts["read"] = 1
    reading.counts["ignored"] = len(sheet.rows) - 1
    return reading, ""
