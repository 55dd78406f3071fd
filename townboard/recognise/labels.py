"""The labels of a form that stands one below the other, and the column of values beside each: label and value, pairs, a small grid."""

from __future__ import annotations

from dataclasses import dataclass, field

from townboard.catalogue import Element, Percentage
from townboard.recognise.headers import Words, key, listed, plain
from townboard.recognise.layout import Layout
from townboard.recognise.reading import HEADER_WITHIN, cell_text
from townboard.workbook.sheets import Sheet

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


def has_values(sheet: Sheet, layout: Layout) -> bool:
    """Whether something stands below the headings of a table."""
    return any(row > layout.bottom and any(column in cells for column in layout.columns) for row, cells in sheet.rows.items())
