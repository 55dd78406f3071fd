"""One sheet's XML as a grid that can be patched: the style of a cell, a cell of words, a column's width, the filter, what hangs below.

Rows and cells are found with their byte offsets; everything that is not patched stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from townboard.annotate.tags import Element, Tag, attribute, children, prefix, root, spliced, tags, text, with_attribute
from townboard.workbook.sheets import Range, address, letters, place_of, range_of

_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection", "protectedRanges",
    "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks",
    "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF",
    "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
"""The children of a worksheet in the order the format asks for."""


@dataclass(slots=True)
class _Cell:
    start: int
    opened: int
    end: int
    style: int


@dataclass(slots=True)
class _Row:
    element: Element
    cells: dict[int, _Cell] = field(default_factory=dict)


class Grid:
    """A sheet's XML. Changes are gathered and applied by `to_bytes`; each cell is changed once."""

    def __init__(self, part: bytes) -> None:
        self._part = part
        self._top = root(part)
        self._p = prefix(part)
        self._children = {child.tag.name: child for child in children(part, self._top.inner, self._top.inner_end)}
        self._rows = self._read_rows()
        self._styled: dict[tuple[int, int], int] = {}
        self._written: dict[tuple[int, int], tuple[str, int]] = {}
        self._erased: set[tuple[int, int]] = set()
        self._patches: list[tuple[int, int, bytes]] = []

    def _read_rows(self) -> dict[int, _Row]:
        data = self._children.get("sheetData")
        rows: dict[int, _Row] = {}
        if data is None or data.tag.empty:
            return rows
        number, column, here, opened = 0, 0, None, None
        row_tag: Tag | None = None
        for tag in tags(self._part, data.inner, data.inner_end):
            if tag.name == "row" and not tag.closing:
                number = int(tag.attributes.get("r") or number + 1)
                row_tag, column = tag, 0
                here = rows[number] = _Row(Element(tag, tag.start, tag.end, tag.end, tag.end))
            elif tag.name == "row" and here is not None and row_tag is not None:
                here.element = Element(row_tag, row_tag.start, row_tag.end, tag.start, tag.end)
            elif tag.name == "c" and not tag.closing and here is not None:
                said = tag.attributes
                column = place_of(said["r"])[1] if "r" in said else column + 1
                style = said.get("s", "0")
                opened = here.cells[column] = _Cell(tag.start, tag.end, tag.end, int(style) if style.isdigit() else 0)
            elif tag.name == "c" and tag.closing and opened is not None:
                opened.end = tag.end
        return rows

    @property
    def has_table(self) -> bool:
        """Whether the sheet holds a table of Excel's own, which brings its own filter."""
        return "tableParts" in self._children

    @property
    def filtered(self) -> Range | None:
        """What the sheet's filter covers."""
        found = self._children.get("autoFilter")
        ref = found.tag.attributes.get("ref", "") if found is not None else ""
        return range_of(ref) if ref else None

    @property
    def merges(self) -> list[Range]:
        """The merged ranges."""
        found = self._children.get("mergeCells")
        listed = children(self._part, found.inner, found.inner_end) if found is not None else ()
        return [range_of(merged.tag.attributes["ref"]) for merged in listed if "ref" in merged.tag.attributes]

    def style(self, row: int, column: int) -> int:
        """The number of a cell's style; the row's or column's own where the cell is not written."""
        found = self._rows.get(row)
        if found is not None and column in found.cells:
            return found.cells[column].style
        said = found.element.tag.attributes if found is not None else {}
        if said.get("customFormat") in ("1", "true") and said.get("s", "").isdigit():
            return int(said["s"])
        for first, last, style in self._columns():
            if first <= column <= last:
                return style
        return 0

    def styles(self) -> dict[tuple[int, int], int]:
        """The style of every cell that is written."""
        return {(row, column): cell.style for row, found in self._rows.items() for column, cell in found.cells.items()}

    def _columns(self) -> list[tuple[int, int, int]]:
        found = self._children.get("cols")
        listed = children(self._part, found.inner, found.inner_end) if found is not None else ()
        said = [column.tag.attributes for column in listed]
        return [
            (int(one["min"]), int(one["max"]), int(one.get("style", "0") or 0)) for one in said if "min" in one and "max" in one
        ]

    def restyle(self, row: int, column: int, style: int) -> None:
        """Give a cell another style; a cell that is not written becomes a blank one with it."""
        self._styled[row, column] = style

    def write(self, row: int, column: int, words: str, style: int) -> None:
        """Put words in a cell, as text whatever they begin with."""
        self._written[row, column] = words, style

    def erase(self, row: int, column: int) -> None:
        """Take a cell out."""
        self._erased.add((row, column))

    def widen(self, column: int, width: float) -> None:
        """Give one column a width, splitting the range it belongs to."""
        p, found = self._p, self._children.get("cols")
        own = f'<{p}col min="{column}" max="{column}" width="{width:g}" customWidth="1"/>'.encode()
        if found is None:
            data = self._children["sheetData"]
            self._patches.append((data.start, data.start, f"<{p}cols>".encode() + own + f"</{p}cols>".encode()))
            return
        pieces: list[tuple[int, bytes]] = [(column, own)]
        for child in children(self._part, found.inner, found.inner_end):
            tag, said = self._part[child.start : child.end], child.tag.attributes
            first, last = int(said.get("min", "0") or 0), int(said.get("max", "0") or 0)
            if not first <= column <= last:
                pieces.append((first, tag))
                continue
            if first < column:
                pieces.append((first, with_attribute(tag, "max", str(column - 1))))
            if last > column:
                pieces.append((column + 1, with_attribute(tag, "min", str(column + 1))))
        inner = b"".join(piece for _, piece in sorted(pieces, key=lambda piece: piece[0]))
        self._patches.append((found.inner, found.inner_end, inner))

    def filter(self, ref: str) -> None:
        """Give the sheet a filter over a range, or widen the one it has."""
        found = self._children.get("autoFilter")
        if found is not None:
            tag = with_attribute(self._part[found.start : found.tag.end], "ref", ref)
            self._patches.append((found.start, found.tag.end, tag))
        else:
            self.hang("autoFilter", f'ref="{ref}"')
        protection = self._children.get("sheetProtection")
        if protection is not None and protection.tag.attributes.get("autoFilter") not in ("0", "false"):
            tag = with_attribute(self._part[protection.start : protection.tag.end], "autoFilter", "0")
            self._patches.append((protection.start, protection.tag.end, tag))

    def declares(self, space: str) -> bool:
        """Whether the root declares a namespace in these words."""
        return space.encode() in self._part[self._top.start : self._top.inner]

    def child(self, name: str) -> dict[str, str] | None:
        """The attributes of a child of the sheet, None where it has none."""
        found = self._children.get(name)
        return found.tag.attributes if found is not None else None

    def hang(self, name: str, said: str) -> None:
        """Add a child with attributes at its place in the order of the format."""
        before = [
            child for known, child in self._children.items() if known in _ORDER and _ORDER.index(known) < _ORDER.index(name)
        ]
        at = max((child.end for child in before), default=self._top.inner)
        self._patches.append((at, at, f"<{self._p}{name} {said}/>".encode()))

    def to_bytes(self) -> bytes:
        """The sheet with all changes."""
        touched = {*self._styled, *self._written, *self._erased}
        if not touched and not self._patches:
            return self._part
        patches = list(self._patches)
        new_rows: list[tuple[int, bytes]] = []
        for number in sorted({row for row, _ in touched}):
            columns = sorted(column for row, column in touched if row == number)
            if number in self._rows:
                patches += self._in_row(number, columns)
            else:
                cells = b"".join(self._cell(number, column) for column in columns if (number, column) not in self._erased)
                if cells:
                    new_rows.append((number, f'<{self._p}row r="{number}">'.encode() + cells + f"</{self._p}row>".encode()))
        patches += self._new_rows(new_rows) + self._dimension(touched)
        return spliced(self._part, patches)

    def _in_row(self, number: int, columns: list[int]) -> list[tuple[int, int, bytes]]:
        row = self._rows[number]
        patches: list[tuple[int, int, bytes]] = []
        opened: list[bytes] = []
        for column in columns:
            known = row.cells.get(column)
            if known is None:
                if (number, column) in self._erased:
                    continue
                later = [cell.start for at, cell in row.cells.items() if at > column]
                written = self._cell(number, column)
                if row.element.tag.empty:
                    opened.append(written)
                else:
                    at = min(later, default=row.element.inner_end)
                    patches.append((at, at, written))
            elif (number, column) in self._written:
                patches.append((known.start, known.end, self._cell(number, column)))
            elif (number, column) in self._erased:
                patches.append((known.start, known.end, b""))
            else:
                tag = with_attribute(self._part[known.start : known.opened], "s", str(self._styled[number, column]))
                patches.append((known.start, known.opened, tag))
        tag = self._part[row.element.start : row.element.tag.end]
        spans = row.element.tag.attributes.get("spans", "")
        first, _, last = spans.partition(":")
        if last.isdigit() and first.isdigit() and columns[-1] > int(last):
            tag = with_attribute(tag, "spans", f"{first}:{columns[-1]}")
        if opened:
            tag = tag[:-2].rstrip() + b">" + b"".join(opened) + f"</{self._p}row>".encode()
        patches.append((row.element.start, row.element.tag.end, tag))
        return patches

    def _cell(self, row: int, column: int) -> bytes:
        p, name = self._p, address(row, column)
        if (row, column) not in self._written:
            return f'<{p}c r="{name}" s="{self._styled[row, column]}"/>'.encode()
        words, style = self._written[row, column]
        return f'<{p}c r="{name}" s="{style}" t="inlineStr"><{p}is><{p}t xml:space="preserve">{text(words)}</{p}t></{p}is></{p}c>'.encode()

    def _new_rows(self, rows: list[tuple[int, bytes]]) -> list[tuple[int, int, bytes]]:
        data = self._children["sheetData"]
        if not rows:
            return []
        if data.tag.empty:
            whole = b"".join(row for _, row in rows)
            return [(data.start, data.end, f"<{self._p}sheetData>".encode() + whole + f"</{self._p}sheetData>".encode())]
        patches = []
        for number, row in rows:
            at = min((known.element.start for later, known in self._rows.items() if later > number), default=data.inner_end)
            patches.append((at, at, row))
        return patches

    def _dimension(self, touched: set[tuple[int, int]]) -> list[tuple[int, int, bytes]]:
        """The declared size, grown by what was written; a wrong one (A1:A1) is left to whoever wrote it."""
        found = self._children.get("dimension")
        ref = found.tag.attributes.get("ref", "") if found is not None else ""
        kept = [place for place in touched if place not in self._erased]
        if found is None or ":" not in ref or not kept:
            return []
        known = range_of(ref)
        bottom, right = max(known.bottom, *(row for row, _ in kept)), max(known.right, *(column for _, column in kept))
        grown = f"{letters(known.left)}{known.top}:{letters(right)}{bottom}"
        return [(found.start, found.tag.end, with_attribute(self._part[found.start : found.tag.end], "ref", grown))]


def hyperlink(at: str, sheet: str, cell: str) -> str:
    """A link of a cell to a cell of another sheet, without the prefix of its element."""
    quoted = sheet.replace("'", "''")
    location = f"'{quoted}'!{cell or 'A1'}"
    return f'hyperlink ref="{at}" location="{attribute(location)}" display="{attribute(cell)}"'
