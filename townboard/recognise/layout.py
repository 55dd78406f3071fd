"""Where a table stands in a sheet and what its columns mean, by the words of its header rows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from townboard.catalogue import DataSet, Element, Percentage
from townboard.recognise.headers import CODE, NAME, TOWNSHIP_WORDS, Match, Words, key, money_unit, plain
from townboard.recognise.levels import paths
from townboard.recognise.reading import HEADER_WITHIN, Context, cell_text, scale_of
from townboard.recognise.row_names import Names
from townboard.recognise.surroundings import (
    is_example,
    is_footer,
    is_total,
)
from townboard.workbook.sheets import Cell, Sheet, letters, raw_text

_UNIT_LINE = re.compile(
    r"(?:镇|乡|街道|开发区|人民政府|办事处)\Z|\A(?:20\d\d[年./-])?\d{1,2}月?(?:份|\d+日)?\Z|\A(?:万元|元|单位)\Z"
)


@dataclass(slots=True)
class Layout:
    """Where a table stands: header rows, and what each column means."""

    top: int
    bottom: int
    columns: dict[int, tuple[Element, float]] = field(default_factory=dict)
    percentages: dict[int, Percentage] = field(default_factory=dict)
    name: int = 0
    code: int = 0
    township: int = 0
    unknown: dict[int, str] = field(default_factory=dict)
    scaled: dict[int, str] = field(default_factory=dict)
    quiet: set[int] = field(default_factory=set)

    @property
    def score(self) -> int:
        """How many elements were found, names, codes and notes aside."""
        return sum(1 for element, _ in self.columns.values() if element.type != "code" and not _is_name(element))


def _is_name(element: Element) -> bool:
    return element.code == "note" or element.code.endswith("_name")


def find_layout(sheet: Sheet, words: Words, names: Names | None) -> Layout | None:
    """The table of a form in a sheet, by the words of its header; None where no header row is found."""
    anchor = _anchor(sheet, words)
    if anchor is None:
        return None
    row, name = anchor
    if not name and words.row_names and names is not None:
        name = _column_of_names(sheet, names, row)
    top, bottom = _block(sheet, words, row, name)
    layout = Layout(top, bottom, name=name)
    matches = {column: (path, words.resolve(path)) for column, path in paths(sheet, top, bottom).items() if any(path)}
    _assign(layout, matches)
    return layout


def _anchor(sheet: Sheet, words: Words) -> tuple[int, int] | None:
    """(header row, column of the rows' names or 0): the row with most known words, one with a row name before others."""
    best: tuple[bool, int, int] | None = None
    found = None
    for row, cells in sheet.rows.items():
        if row > HEADER_WITHIN:
            break
        hits, name, rank = 0, 0, 99
        for column, cell in cells.items():
            if isinstance(cell.value, str) and len(cell.value) < 60 and words.knows(cell.value):
                hits += 1
                place = words.row_names.get(key(cell.value), 99)
                if place < rank:
                    name, rank = column, place
        if hits and (best is None or (bool(name), hits, -row) > best):
            best, found = (bool(name), hits, -row), (row, name)
    return found


def _column_of_names(sheet: Sheet, names: Names, header: int) -> int:
    """A column whose heading says nothing, but whose cells are names of this unit's rows."""
    hits: dict[int, int] = {}
    for row, cells in sheet.rows.items():
        if row > header:
            for column, cell in cells.items():
                if isinstance(cell.value, str) and names.identify(cell.value).code:
                    hits[column] = hits.get(column, 0) + 1
    return max(hits, key=lambda column: (hits[column], -column)) if hits and max(hits.values()) >= 2 else 0


def _block(sheet: Sheet, words: Words, anchor: int, name: int) -> tuple[int, int]:
    """First and last header row around the row where the header was recognised."""
    bottom = anchor
    for merged in sheet.merges:
        if merged.top <= anchor <= merged.bottom and merged.bottom - merged.top < 5:
            bottom = max(bottom, merged.bottom)
    for row in range(anchor + 1, bottom + 1):
        if name in sheet.rows.get(row, {}):
            bottom = row - 1
            break
    header = {column for row in range(anchor, bottom + 1) for column in sheet.rows.get(row, {})}
    while name and bottom - anchor < 4:
        cells = sheet.rows.get(bottom + 1, {})
        texts = [cell for cell in cells.values() if isinstance(cell.value, str)]
        if not texts or len(texts) < len(cells) or name in cells or sheet.merge_at(bottom + 1, name):
            break
        first = texts[0].value
        is_line = min(cells) <= name and (is_total(str(first)) or is_footer(str(first)) or is_example(str(first)))
        if is_line or not _stands_below(cells, header):
            break
        bottom += 1
    top = anchor
    while top > 1 and _is_upper_level(sheet, top - 1, name, words):
        top -= 1
    return top, bottom


def _stands_below(cells: dict[int, Cell], header: set[int]) -> bool:
    """Whether a row of texts hangs under the header: its first text is at or right of a heading, and short."""
    return min(cells) >= min(header, default=1) and all(len(raw_text(cell)) <= 30 for cell in cells.values())


def _is_upper_level(sheet: Sheet, row: int, name: int, words: Words) -> bool:
    """Whether the row above belongs to the header and is neither title nor unit line.

    Headings of an upper level are merged over what belongs to them, or most of them are words that a header may begin with
    (2022年, 基本情况); there are no more of them than there are headings below.
    """
    cells = sheet.rows.get(row, {})
    texts = [cell_text(cell) for cell in cells.values()]
    if not texts or any(":" in plain(text) or len(text) > 30 for text in texts):
        return False
    if any(not isinstance(cell.value, str) or _UNIT_LINE.search(plain(cell.value)) for cell in cells.values()):
        return False
    merges = [merged for column in cells if (merged := sheet.merge_at(row, column)) is not None and merged.right > merged.left]
    if len(texts) > 1:
        fitting = sum(map(words.may_head, texts))
        return bool(merges) or (2 * fitting >= len(texts) <= len(sheet.rows.get(row + 1, {})))
    return bool(merges) and next(iter(cells)) > max(name, 1)


def _assign(layout: Layout, matches: dict[int, tuple[tuple[str, ...], Match]]) -> None:
    """Give every column its meaning; where two columns mean the same, the label wins, then the one further left."""
    taken: dict[str, tuple[int, int]] = {}
    names = sorted((match.rank, column) for column, (_, match) in matches.items() if match.role == NAME)
    if names:
        layout.name = names[0][1]
    for column, (path, match) in matches.items():
        element = match.element
        if column == layout.name:
            if match.role == NAME and element is not None:
                layout.columns[column] = (element, 1.0)
        elif match.role == NAME:
            leaf = key(path[-1])
            if leaf in TOWNSHIP_WORDS and not layout.township:
                layout.township = column
            else:
                layout.quiet.add(column)
        elif match.role == CODE:
            layout.code = layout.code or column
            if element is not None and layout.code == column:
                layout.columns[column] = (element, 1.0)
        elif match.percentage is not None:
            layout.percentages[column] = match.percentage
        elif element is not None:
            before = taken.get(element.code)
            if before is not None and before[0] <= match.rank:
                layout.unknown[column] = "/".join(path)
                continue
            if before is not None:
                layout.unknown[before[1]] = "/".join(matches[before[1]][0])
                del layout.columns[before[1]]
            taken[element.code] = (match.rank, column)
            layout.columns[column] = (element, scale_of(match.unit, element))
            if layout.columns[column][1] != 1.0:
                layout.scaled[column] = match.unit
        elif match.role == "township" and not layout.township:
            layout.township = column
            layout.quiet.add(column)
        elif match.role in ("furniture", "township"):
            layout.quiet.add(column)
        else:
            layout.unknown[column] = "/".join(path)


def claim(context: Context, data_set: DataSet, layout: Layout) -> None:
    """Give columns of the layout the meaning that the clerk said they have.

    An element that the file does not have gets the empty column behind the last one: its cells are asked about as missing.
    """
    there = {element.code for element, _ in layout.columns.values()}
    for element in data_set.asked(context.period):
        said = context.columns.get((data_set.code, element.code))
        if said is None or element.code in there:
            continue
        named = {column for column, heading in layout.unknown.items() if said in (letters(column), heading_words(heading))}
        if said and not named:
            continue
        column = min(named) if named else _behind(layout)
        layout.columns[column] = (element, scale_of(money_unit(layout.unknown.pop(column, "")), element))


def heading_words(heading: str) -> str:
    """A heading's path as people are told it."""
    return "/".join(plain(part) for part in heading.split("/"))


def _behind(layout: Layout) -> int:
    used = {*layout.columns, *layout.percentages, *layout.unknown, *layout.quiet, layout.name, layout.code, layout.township}
    return max(used) + 1
