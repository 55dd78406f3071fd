"""The style sheet of a package: the look a cell has, the same look with our fill, and back again. Looks are only ever added."""

from __future__ import annotations

import json
import re

from townboard.annotate.tags import Element, attribute, children, inside, prefix, root, spliced, with_attribute
from townboard.findings import ASKS, BLOCKS, NOTES, Refusal
from townboard.workbook.sheet_xml import parse

COLOURS = {BLOCKS: "FFFFC9C2", ASKS: "FFFFE39B", NOTES: "FFD6E8F6"}
"""Severity → the colour of a marked cell; its comment and its line say the same in words."""
NO_FILL = "none"

_FILL_ID = re.compile(rb"\sfillId\s*=\s*[\"'](\d+)[\"']")
_APPLY = re.compile(rb"\sapplyFill\s*=\s*(?:\"[^\"]*\"|'[^']*')|\s+(?=/?>)")
"""What does not tell one look from another: whether a fill that is there is said to be used, and blanks."""
_PLAIN = re.compile(r"[\w.#-]{0,32}\Z")


class Styles:
    """A style sheet being added to. Not `usable` where it has no list of cell formats; then nothing is coloured."""

    def __init__(self, part: bytes) -> None:
        self._part = part
        self._lists: dict[str, Element | None] = dict.fromkeys(("fonts", "fills", "cellXfs"))
        self._prefix = ""
        if _holds(part):
            self._prefix = prefix(part)
            self._lists = {name: inside(part, root(part), name) for name in self._lists}
        self.usable = all(found is not None and not found.tag.empty for found in self._lists.values())
        self._fills = self._entries("fills")
        self._formats = self._entries("cellXfs")
        self._fonts = self._entries("fonts")
        self._before = {name: len(self._entries(name)) for name in ("fonts", "fills", "cellXfs")}

    def _entries(self, name: str) -> list[bytes]:
        listed = self._lists[name]
        if listed is None:
            return []
        return [self._part[entry.start : entry.end] for entry in children(self._part, listed.inner, listed.inner_end)]

    def severity(self, style: int) -> str:
        """The severity whose colour a style has, "" for a look of the clerk's own."""
        if not 0 <= style < len(self._formats):
            return ""
        described = _described(self._fill_of(style))
        said = json.loads(described) if described != NO_FILL else {}
        shown = said.get("fgColor", {}).get("rgb", "").upper()
        return next((severity for severity, colour in COLOURS.items() if colour == shown), "")

    def _fill_of(self, style: int) -> bytes:
        found = _FILL_ID.search(self._formats[style])
        number = int(found[1]) if found else 0
        return self._fills[number] if number < len(self._fills) else b""

    def fill(self, style: int) -> str:
        """The fill of a style in words that `restored` reads."""
        return _described(self._fill_of(style)) if 0 <= style < len(self._formats) else NO_FILL

    def marked(self, style: int, severity: str) -> int:
        """The style that looks the same but for the fill of a severity."""
        return self._with_fill(style, json.dumps({"type": "solid", "fgColor": {"rgb": COLOURS[severity]}}))

    def restored(self, style: int, before: str) -> int:
        """The style that looks the same but for the fill it had before it was marked."""
        return self._with_fill(style, before)

    def _with_fill(self, style: int, described: str) -> int:
        format = self._formats[style if 0 <= style < len(self._formats) else 0]
        number = next((n for n, fill in enumerate(self._fills) if _described(fill) == described), None)
        if number is None:
            number = len(self._fills)
            self._fills.append(_written(described, self._prefix))
        end = format.index(b">") + 1
        tag = with_attribute(with_attribute(format[:end], "fillId", str(number)), "applyFill", "1")
        return self._format(tag + format[end:])

    def _format(self, written: bytes) -> int:
        """The number of a cell format, added where there is none like it."""
        bare = _APPLY.sub(b"", written)
        for number, known in enumerate(self._formats):
            if _APPLY.sub(b"", known) == bare and b'applyFill="0"' not in known:
                return number
        self._formats.append(written)
        return len(self._formats) - 1

    def own(self, *, bold: bool = False, grey: bool = False, link: bool = False, wrap: bool = False) -> int:
        """A look of ours for words: the workbook's first font, bold, grey or as a link (0 where looks cannot be added); wrapped from the top or on one line."""
        if not self.usable:
            return 0
        font = self._fonts[0] if self._fonts else b""
        colour = "FF17616B" if link or bold else "FF5B6A72" if grey else "FF22333B"
        p = self._prefix
        name = re.search(rb"<[^<>]*name\s[^<>]*/>", font)
        face = name[0].decode() if name else f'<{p}name val="等线"/>'
        bold_tag, line = f"<{p}b/>" * bold, f"<{p}u/>" * link
        written = f'<{p}font>{bold_tag}{line}<{p}sz val="10"/><{p}color rgb="{colour}"/>{face}</{p}font>'.encode()
        if written not in self._fonts:
            self._fonts.append(written)
        number = self._fonts.index(written)
        stands = 'vertical="top" wrapText="1"' if wrap else 'vertical="center"'
        return self._format(
            f'<{p}xf numFmtId="49" fontId="{number}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyAlignment="1">'
            f"<{p}alignment {stands}/></{p}xf>".encode()
        )

    def to_bytes(self) -> bytes:
        """The style sheet with what was added; the very same bytes where nothing was."""
        patches: list[tuple[int, int, bytes]] = []
        for name, entries in (("fonts", self._fonts), ("fills", self._fills), ("cellXfs", self._formats)):
            listed, before = self._lists[name], self._before[name]
            if listed is not None and len(entries) > before:
                tag = with_attribute(self._part[listed.start : listed.inner], "count", str(len(entries)))
                patches += [(listed.start, listed.inner, tag), (listed.inner_end, listed.inner_end, b"".join(entries[before:]))]
        return spliced(self._part, patches)


def _holds(part: bytes) -> bool:
    """Whether the part is XML; a workbook with a broken style sheet is read all the same, without formats."""
    try:
        parse(part)
    except Refusal:
        return False
    return True


def _described(fill: bytes) -> str:
    """A pattern fill as its type and colours; `none` for no fill, and for gradients, which are not kept."""
    for element in children(fill, root(fill).inner) if fill else ():
        kind = element.tag.attributes.get("patternType", NO_FILL)
        if element.tag.name == "patternFill" and kind != NO_FILL:
            colours = {colour.tag.name: colour.tag.attributes for colour in _colours(fill, element)}
            return json.dumps({"type": kind, **colours})
    return NO_FILL


def _colours(fill: bytes, element: Element) -> list[Element]:
    return [colour for colour in children(fill, element.inner, element.inner_end) if colour.tag.name in ("fgColor", "bgColor")]


def _written(described: str, p: str) -> bytes:
    """The fill that words describe; no fill where they cannot be read: they may come back from a file that anybody wrote."""
    try:
        said = json.loads(described) if described != NO_FILL else {}
        kind = said.get("type", NO_FILL)
        colours = [(name, said[name]) for name in ("fgColor", "bgColor") if name in said]
        plain = all(_PLAIN.match(key) and _PLAIN.match(value) for _, colour in colours for key, value in colour.items())
    except (ValueError, AttributeError, TypeError):
        kind, colours, plain = NO_FILL, [], True
    if not plain or not _PLAIN.match(kind):
        kind, colours = NO_FILL, []
    inner = "".join(
        f"<{p}{name} " + " ".join(f'{key}="{attribute(value)}"' for key, value in colour.items()) + "/>"
        for name, colour in colours
    )
    return f'<{p}fill><{p}patternFill patternType="{kind}">{inner}</{p}patternFill></{p}fill>'.encode()
