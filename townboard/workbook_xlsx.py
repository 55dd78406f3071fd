"""Reading .xlsx and .xlsm: one pass of expat over each sheet's XML, every cell with its value, formula and format.

`<dimension>` is not trusted, neither is the order of rows; cells without an address stand right of the one before. Prefixed
names and strict OOXML are read as well. Hidden sheets other than our own `_meta` are not parsed at all.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from xml.parsers import expat

from townboard.findings import Refusal
from townboard.guard import Admitted
from townboard.sheets import DATE, ERROR, GENERAL, PERCENT, Cell, Range, Sheet, place_of, range_of, within_limits

META = "_meta"
_BUFFER = 1 << 20
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\[(?!h|m|s)[^\]]*\]', re.IGNORECASE)
_DATE_LETTERS = re.compile(r"[ymdhs年月日]", re.IGNORECASE)
_DATE_IDS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_ROOT_PREFIX = re.compile(rb"<([A-Za-z_][\w.-]*):(?:worksheet|sst|styleSheet|workbook)[\s>]")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")

Start = Callable[[str, dict[str, str]], None]


def read_xlsx(admitted: Admitted) -> list[Sheet]:
    """The sheets of an admitted package; raises Refusal damaged for XML that does not parse."""
    parts = {name.lower(): part for name, part in admitted.parts.items()}
    main = "xl/workbook.xml"
    if main not in parts:
        main = next(name for name in parts if name.endswith("workbook.xml"))
    folder = posixpath.dirname(main)
    targets = _relations(parts, f"{folder}/_rels/{posixpath.basename(main)}.rels", folder)
    listed, era = _workbook(parts[main])
    strings = _strings(_part(parts, targets, "sharedStrings", f"{folder}/sharedstrings.xml"))
    kinds = _kinds(_part(parts, targets, "styles", f"{folder}/styles.xml"))
    sheets = []
    for name, relation, hidden in listed:
        target, type = targets.get(relation, ("", ""))
        if type not in ("worksheet", ""):
            continue
        sheet = Sheet(name, hidden)
        if target in parts and (not hidden or name == META):
            _read_sheet(parts[target], sheet, strings, kinds, era)
        sheets.append(sheet)
    return sheets


def _parse(part: bytes, start: Start, text: Callable[[str], None] | None = None, end: Callable[[str], None] | None = None) -> None:
    """Run one part through expat, names without the root's prefix; raises Refusal damaged."""
    parser = expat.ParserCreate("UTF-8")
    parser.buffer_text = True
    parser.buffer_size = _BUFFER
    prefixed = _ROOT_PREFIX.search(part[:2048])
    if prefixed:
        cut = len(prefixed[1]) + 1
        prefix = prefixed[1].decode() + ":"
        bare = start

        def start(name: str, attributes: dict[str, str]) -> None:
            bare(name[cut:] if name.startswith(prefix) else name, attributes)

        if end is not None:
            closing = end

            def end(name: str) -> None:
                closing(name[cut:] if name.startswith(prefix) else name)

    parser.StartElementHandler = start
    if text is not None:
        parser.CharacterDataHandler = text
    if end is not None:
        parser.EndElementHandler = end
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError) as error:
        raise Refusal("damaged") from error


def _relations(parts: dict[str, bytes], name: str, folder: str) -> dict[str, tuple[str, str]]:
    """Relation id → (part name in lower case, last word of its type)."""
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith("Relationship") and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[attributes.get("Id", "")] = path.lower(), attributes.get("Type", "").rpartition("/")[2]

    if name in parts:
        _parse(parts[name], start)
    return found


def _part(parts: dict[str, bytes], targets: dict[str, tuple[str, str]], type: str, usual: str) -> bytes:
    for target, found in targets.values():
        if found == type and target in parts:
            return parts[target]
    return parts.get(usual, b"")


def _workbook(part: bytes) -> tuple[list[tuple[str, str, bool]], float]:
    """(name, relation id, hidden) of each sheet, and the days to add to dates (1904 system)."""
    sheets: list[tuple[str, str, bool]] = []
    era = [0.0]

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            relation = next((value for key, value in attributes.items() if key == "id" or key.endswith(":id")), "")
            sheets.append((attributes.get("name", ""), relation, attributes.get("state", "visible") != "visible"))
        elif tag == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            era[0] = 1462.0

    _parse(part, start)
    return sheets, era[0]


def _strings(part: bytes) -> list[str]:
    """The shared strings; phonetic readings are left out."""
    found: list[str] = []
    pieces: list[str] = []
    taking = phonetic = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal taking, phonetic
        if tag == "t":
            taking = not phonetic
        elif tag == "rPh":
            phonetic = True

    def text(data: str) -> None:
        if taking:
            pieces.append(data)

    def end(tag: str) -> None:
        nonlocal taking, phonetic
        if tag == "t":
            taking = False
        elif tag == "si":
            found.append("".join(pieces))
            pieces.clear()
        elif tag == "rPh":
            phonetic = False

    if part:
        _parse(part, start, text, end)
    return found


def _kinds(part: bytes) -> list[str]:
    """The class of each cell style's number format; a broken style sheet makes every cell general."""
    codes: dict[str, str] = {}
    found: list[str] = []
    inside = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if tag == "xf":
            if inside:
                id = attributes.get("numFmtId", "0")
                found.append(kind_of(int(id) if id.isdigit() else 0, codes.get(id)))
        elif tag == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        else:
            inside = tag == "cellXfs" or (inside and tag in ("alignment", "protection", "extLst", "ext"))

    if part:
        try:
            _parse(part, start)
        except Refusal:
            return []
    return found


def kind_of(id: int, code: str | None) -> str:
    """The class of a number format: general, percent or date."""
    if code is None:
        return PERCENT if id in (9, 10) else DATE if id in _DATE_IDS else GENERAL
    bare = _QUOTED.sub("", code)
    if "%" in bare:
        return PERCENT
    return DATE if _DATE_LETTERS.search(bare) and "general" not in bare.lower() else GENERAL


def _read_sheet(part: bytes, sheet: Sheet, strings: list[str], kinds: list[str], era: float) -> None:
    """Fill `sheet` from its XML. No end tags are listened to: a cell is complete when its text arrives."""
    rows: dict[int, dict[int, Cell]] = {}
    merges: list[Range] = []
    hidden: set[int] = set()
    kind_by_style = {str(style): kind for style, kind in enumerate(kinds) if kind is not GENERAL}
    kind_get = kind_by_style.get
    indented = b"</v>\n" in part or b"</v>\r" in part or b"</v> " in part
    cells: dict[int, Cell] = {}
    new = tuple.__new__  # a third of the time of calling Cell, at the one place where it shows
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
                kind = kind_get(style, GENERAL)
                number = float(data)
                if kind is DATE:
                    number += era
                cells[column] = new(Cell, (number, kind, formula))
            elif type == "s":
                cells[column] = new(Cell, (strings[int(data)], GENERAL, formula))
            else:
                cells[column] = _other(data.rstrip() if indented else data, type, formula)
        elif taking == "f":
            formula = data.rstrip()
            cells[column] = Cell(None, kind_get(style, GENERAL), formula)
        else:
            before = cells.get(column)
            joined = (str(before.value) if before else "") + (data.rstrip("\r\n\t ") if "\n" in data else data)
            cells[column] = Cell(joined)

    try:
        _parse(part, start, text)
    except IndexError as error:
        raise Refusal("damaged") from error
    sheet.rows, sheet.merges, sheet.hidden_rows = rows, merges, frozenset(hidden)
    for found in rows.values():
        pictures = [at for at, cell in found.items() if cell.formula and "DISPIMG(" in cell.formula]
        for at in pictures:
            del found[at]
    within_limits(sheet)


def _other(data: str, type: str, formula: str | None) -> Cell:
    """Truth values, errors, formula texts and ISO days."""
    if type == "b":
        return Cell(data.strip() in ("1", "true"), GENERAL, formula)
    if type == "e":
        return Cell(data.strip(), ERROR, formula)
    if type == "d" and _ISO_DAY.match(data):
        return Cell(data[:10], GENERAL, formula)
    return Cell(data, GENERAL, formula)
