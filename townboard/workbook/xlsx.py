"""Reading .xlsx and .xlsm: the package around the sheets (which parts, shared strings, number formats). `sheet_xml` reads a sheet.

Prefixed names and strict OOXML are read as well. Hidden sheets other than our own `_meta` are not parsed at all.
"""

from __future__ import annotations

import posixpath
import re

from townboard.findings import Refusal
from townboard.guard import Admitted
from townboard.workbook.sheet_xml import parse, read_sheet
from townboard.workbook.sheets import DATE, GENERAL, PERCENT, Sheet

META = "_meta"
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE)
_DATE_LETTERS = re.compile(r"[ymdhs年月日]", re.IGNORECASE)
_DATE_IDS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])


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
            read_sheet(parts[target], sheet, strings, kinds, era)
        sheets.append(sheet)
    return sheets


def _relations(parts: dict[str, bytes], name: str, folder: str) -> dict[str, tuple[str, str]]:
    """Relation id → (part name in lower case, last word of its type)."""
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith("Relationship") and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[attributes.get("Id", "")] = path.lower(), attributes.get("Type", "").rpartition("/")[2]

    if name in parts:
        parse(parts[name], start)
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

    parse(part, start)
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
        parse(part, start, text, end)
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
            parse(part, start)
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
