"""Reading one sheet's XML: every cell with its value, formula and format class, merges and hidden rows.

`<dimension>` is not trusted, neither is the order of rows; cells without an address stand right of the one before. There are two
ways to the same cells: the plain shape that Excel, WPS and openpyxl write is matched in one go, twice as fast; everything
else, or a single cell that does not match, goes through expat's events. Either way expat has read the whole part.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from html import unescape
from xml.parsers import expat

from townboard.findings import Refusal
from townboard.workbook.sheets import DATE, ERROR, GENERAL, HUGE, Cell, Range, Sheet, place_of, range_of, within_limits

_BUFFER = 1 << 20
_NAN = float("nan")
_INDENTED = re.compile(rb"<(?:[\w.-]+:)?row(?:\s[^>]*)?>\s+<")
_ROOT_PREFIX = re.compile(rb"<([A-Za-z_][\w.-]*):(?:worksheet|sst|styleSheet|workbook)[\s>]")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CELL = re.compile(
    r'<c r="([A-Z]{1,3}[0-9]+)"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?'
    r'(?:>(?:<v>([^<]+)</v>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>|'
    r"(<f(?:>[^<]*</f>| ?/>)(?:<v(?:>[^<]*</v>| ?/>))?))?</c>| ?/>)"
)
_FORMULA = re.compile(r"<f(?:>([^<]*)</f>| ?/>)(?:(<v)(?:>([^<]*)</v>| ?/>))?")
_HIDDEN_ROW = re.compile(r'<row r="([0-9]+)"[^>]*? hidden="(?:1|true)"')
_MERGE = re.compile(r'<mergeCell ref="([A-Z0-9:$]+)"')

Start = Callable[[str, dict[str, str]], None]
_unescaped = lru_cache(maxsize=8192)(unescape)
"""Texts with character references: headings and names are the same in every month's workbook."""
_CELL_NEW = tuple.__new__
"""A third of the time of calling Cell, at the two places where it shows."""


def parse(
    part: bytes, start: Start | None = None, text: Callable[[str], None] | None = None, end: Callable[[str], None] | None = None
) -> None:
    """Run one part through expat, names without the root's prefix; without handlers it only proves the XML. Raises Refusal damaged."""
    parser = expat.ParserCreate("UTF-8")
    parser.buffer_text = True
    parser.buffer_size = _BUFFER
    prefixed = _ROOT_PREFIX.search(part[:2048])
    if prefixed and start is not None:
        cut = len(prefixed[1]) + 1
        prefix = prefixed[1].decode() + ":"
        bare = start

        def start(name: str, attributes: dict[str, str]) -> None:
            bare(name[cut:] if name.startswith(prefix) else name, attributes)

        if end is not None:
            closing = end

            def end(name: str) -> None:
                closing(name[cut:] if name.startswith(prefix) else name)

    if start is not None:
        parser.StartElementHandler = start
    if text is not None:
        parser.CharacterDataHandler = text
    if end is not None:
        parser.EndElementHandler = end
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError) as error:
        raise Refusal("damaged") from error


def read_sheet(part: bytes, sheet: Sheet, strings: list[str], kinds: list[str], era: float) -> None:
    """Fill `sheet` from its XML, `kinds` being the format class of each style and `era` the days to add to dates.

    Raises Refusal damaged or too-many-cells.
    """
    kind_by_style = {str(style): kind for style, kind in enumerate(kinds) if kind is not GENERAL}
    try:
        if not _read_plain(part, sheet, strings, kind_by_style, era):
            _read_events(part, sheet, strings, kind_by_style, era)
    except (IndexError, ValueError) as error:
        raise Refusal("damaged") from error
    if b"DISPIMG(" in part:
        for cells in sheet.rows.values():
            for at in [at for at, cell in cells.items() if cell.formula and "DISPIMG(" in cell.formula]:
                del cells[at]
    within_limits(sheet)


def _read_plain(part: bytes, sheet: Sheet, strings: list[str], kinds: dict[str, str], era: float) -> bool:
    """Fill `sheet` where every cell of the part has the plain shape; False, and nothing filled, where one has not."""
    if b"<!" in part or b"\r" in part or _ROOT_PREFIX.search(part[:2048]):
        return False
    text = part.decode("utf-8")
    found = _CELL.findall(text)
    if len(found) != part.count(b"<c ") + part.count(b"<c>"):
        return False
    parse(part)
    rows: dict[int, dict[int, Cell]] = {}
    numbers: dict[str, Cell | None] = {}
    row, cells = 0, rows.setdefault(0, {})
    for name, style, type, value, inline, formula in found:
        if value and (not type or type == "n") and style not in kinds:
            cell = numbers.get(value)
            if cell is None:
                cell = numbers[value] = _number(value, GENERAL, None, era)
        elif inline and type == "inlineStr":
            cell = _CELL_NEW(Cell, (_unescaped(inline) if "&" in inline else inline, GENERAL, None))
        elif value or formula:
            cell = _cell_of(kinds.get(style, GENERAL), type, value, formula, strings, era)
        else:
            continue
        if cell is not None:
            at, column = place_of(name)
            if at != row:
                row, cells = at, rows.setdefault(at, {})
            cells[column] = cell
    sheet.rows = rows
    sheet.merges = [range_of(name) for name in _MERGE.findall(text)] if "<mergeCell " in text else []
    sheet.hidden_rows = frozenset(map(int, _HIDDEN_ROW.findall(text))) if ' hidden="' in text else frozenset()
    return True


def _cell_of(kind: str, type: str, value: str, formula: str, strings: list[str], era: float) -> Cell | None:
    """A cell of any type but inline text, None where it holds nothing; `formula` is the XML of the formula with its result."""
    written, has_value = None, bool(value)
    shape = _FORMULA.match(formula) if formula else None
    if shape is not None:
        written, has_value, value = unescape(shape[1] or ""), shape[2] is not None, shape[3] or ""
    if type == "s" and value:
        return _CELL_NEW(Cell, (strings[int(value)], GENERAL, written))
    if type in ("", "n"):
        return _number(value, kind, written, era)
    if type == "inlineStr":
        return None
    if value or (type == "str" and has_value):
        return _other(unescape(value), type, written)
    return Cell(None, kind, written) if written is not None else None


def _number(data: str, kind: str, formula: str | None, era: float) -> Cell | None:
    """A number cell; a formula without its result; text where it is no number after all."""
    if not data:
        return None if formula is None else Cell(None, kind, formula)
    try:
        number = float(data)
    except ValueError:
        number = _NAN
    if not -HUGE < number < HUGE:
        return Cell(data, GENERAL, formula)
    return _CELL_NEW(Cell, (number + era if kind is DATE else number, kind, formula))


def _read_events(part: bytes, sheet: Sheet, strings: list[str], kinds: dict[str, str], era: float) -> None:
    """Fill `sheet` from expat's events. A cell is complete when its text arrives: end tags are only listened to in indented files."""
    rows: dict[int, dict[int, Cell]] = {}
    merges: list[Range] = []
    hidden: set[int] = set()
    kind_get = kinds.get
    cells: dict[int, Cell] = {}
    row = column = 0
    taking = type = style = ""
    formula: str | None = None

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal cells, row, column, taking, type, style, formula
        taking = ""
        if tag == "c":
            name = attributes.get("r")
            if name:
                at, column = place_of(name)
                if at != row:
                    row = at
                    cells = rows.setdefault(row, {})
            else:
                column += 1
            type = attributes.get("t", "n")
            style = attributes.get("s", "0")
            formula = None
        elif tag == "v":
            taking = "v"
            if type == "str":
                cells[column] = Cell("", GENERAL, formula)
        elif tag == "row":
            row = int(attributes["r"]) if "r" in attributes else row + 1
            column = 0
            cells = rows.setdefault(row, {})
            if "hidden" in attributes and attributes["hidden"] in ("1", "true"):
                hidden.add(row)
        elif tag == "f":
            taking = "f"
            formula = ""
            cells[column] = Cell(None, kind_get(style, GENERAL), "")
        elif tag == "t" and type == "inlineStr":
            taking = "t"
        elif tag == "rPh":
            type = ""
        elif tag == "mergeCell":
            merges.append(range_of(attributes.get("ref", "")))

    def text(data: str) -> None:
        nonlocal formula
        if not taking:
            return
        if taking == "v":
            if type == "n":
                cell = _number(data, kind_get(style, GENERAL), formula, era)
                if cell is not None:
                    cells[column] = cell
            elif type == "s":
                cells[column] = _CELL_NEW(Cell, (strings[int(data)], GENERAL, formula))
            else:
                cells[column] = _other(data, type, formula)
        elif taking == "f":
            formula = data
            cells[column] = Cell(None, kind_get(style, GENERAL), formula)
        else:
            before = cells.get(column)
            cells[column] = Cell((str(before.value) if before else "") + data)

    def end(tag: str) -> None:
        nonlocal taking
        taking = ""

    parse(part, start, text, end if _INDENTED.search(part) else None)
    sheet.rows, sheet.merges, sheet.hidden_rows = rows, merges, frozenset(hidden)


def _other(data: str, type: str, formula: str | None) -> Cell:
    """Truth values, errors, formula texts and ISO days."""
    if type == "b":
        return Cell(data.strip() in ("1", "true"), GENERAL, formula)
    if type == "e":
        return Cell(data.strip(), ERROR, formula)
    if type == "d" and _ISO_DAY.match(data):
        return Cell(data[:10], GENERAL, formula)
    return Cell(data, GENERAL, formula)
