"""Comments of one sheet and the little boxes Excel draws them in. The clerk's own stay; ours stand behind them or alone, and can be taken out."""

from __future__ import annotations

import re
from html import unescape

from townboard.annotate.package import HEAD, STRICT, USUAL, Package
from townboard.annotate.tags import Element, children, inside, prefix, root, spliced, text
from townboard.findings import Refusal
from townboard.marks import AUTHOR
from townboard.workbook.sheets import address, place_of

SEPARATOR = f"———— {AUTHOR} ————"
"""Stands above our words, behind a clerk's comment or at the beginning: authors do not survive every program's saving."""

_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_SHAPE = re.compile(rb"<v:shape[\s>].*?</v:shape>", re.DOTALL)
_ROW, _COLUMN = re.compile(rb"<x:Row>\s*(\d+)\s*</x:Row>"), re.compile(rb"<x:Column>\s*(\d+)\s*</x:Column>")
_SHAPE_ID = re.compile(rb"_x0000_s(\d+)")
_BOX = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_DRAWING = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
    f"{_BOX}</xml>"
)


class Notes:
    """The comments part of a sheet, being changed."""

    def __init__(self, part: bytes) -> None:
        self._part = part
        self._p = prefix(part)
        top = root(part)
        authors, listed = inside(part, top, "authors"), inside(part, top, "commentList")
        if authors is None or listed is None:
            raise Refusal("damaged")
        self._authors, self._list = authors, listed
        self._names = [unescape(part[author.inner : author.inner_end].decode()) for author in _within(part, authors)]
        self.entries: dict[str, bytes] = {}
        for comment in _within(part, listed):
            self.entries.setdefault(comment.tag.attributes.get("ref", "").upper(), part[comment.start : comment.end])

    def author(self, cell: str) -> str:
        """Who wrote the comment of a cell."""
        number = next(children(self.entries[cell])).tag.attributes.get("authorId", "")
        return self._names[int(number)] if number.isdigit() and int(number) < len(self._names) else ""

    def erase(self) -> set[str]:
        """Take our words out; gives the cells that have no comment any more."""
        cut = {cell: _cut(entry, self._p) for cell, entry in self.entries.items()}
        gone = {cell for cell, entry in cut.items() if not entry}
        self.entries = {cell: entry for cell, entry in cut.items() if entry}
        return gone

    def add(self, cell: str, words: str) -> None:
        """Comment a cell; behind the comment it has. The placeholder of a threaded comment belongs to Excel and is left alone."""
        p = self._p
        if cell in self.entries:
            if not self.author(cell).startswith("tc="):
                self.entries[cell] = _appended(self.entries[cell], f"\n{SEPARATOR}\n{words}", p)
            return
        if AUTHOR not in self._names:
            self._names.append(AUTHOR)
        headed = text(f"{SEPARATOR}\n{words}")
        written = f'<{p}r><{p}t xml:space="preserve">{headed}</{p}t></{p}r>'
        number = self._names.index(AUTHOR)
        self.entries[cell] = f'<{p}comment ref="{cell}" authorId="{number}"><{p}text>{written}</{p}text></{p}comment>'.encode()

    def to_bytes(self) -> bytes:
        """The part with its changes."""
        p = self._p
        authors = "".join(f"<{p}author>{text(name)}</{p}author>" for name in self._names)
        whole = (("authors", self._authors, authors.encode()), ("commentList", self._list, b"".join(self.entries.values())))
        patches = [
            (found.start, found.end, f"<{p}{name}>".encode() + inner + f"</{p}{name}>".encode()) for name, found, inner in whole
        ]
        return spliced(self._part, patches)


def _within(part: bytes, parent: Element) -> list[Element]:
    return list(children(part, parent.inner, parent.inner_end))


def _text_of(entry: bytes) -> Element | None:
    return inside(entry, next(children(entry)), "text")


def _words(entry: bytes, run: Element) -> str:
    """The words of a run, or of a plain text."""
    if run.tag.name == "t":
        return unescape(entry[run.inner : run.inner_end].decode())
    return "".join(unescape(entry[part.inner : part.inner_end].decode()) for part in _within(entry, run) if part.tag.name == "t")


def _appended(entry: bytes, words: str, p: str) -> bytes:
    """A comment with another run behind its own; a plain text becomes a run, for the two may not stand together."""
    found = _text_of(entry)
    if found is None or found.tag.empty:
        return entry
    inner = b""
    for run in _within(entry, found):
        written = entry[run.start : run.end]
        inner += f"<{p}r>".encode() + written + f"</{p}r>".encode() if run.tag.name == "t" else written
    inner += f'<{p}r><{p}t xml:space="preserve">{text(words)}</{p}t></{p}r>'.encode()
    return entry[: found.inner] + inner + entry[found.inner_end :]


def _cut(entry: bytes, p: str) -> bytes:
    """A comment without our separator and what stands behind it; nothing where nothing is left."""
    found = _text_of(entry)
    if found is None:
        return entry
    runs = [(entry[run.start : run.end], _words(entry, run)) for run in _within(entry, found)]
    before, separator, _ = "".join(words for _, words in runs).partition(SEPARATOR)  # a program may spread it over several runs
    if not separator:
        return entry
    before, kept = before.removesuffix("\n"), b""
    for written, words in runs:
        if not before:
            break
        left, before = before[: len(words)], before[len(words) :]
        kept += written if left == words else f'<{p}r><{p}t xml:space="preserve">{text(left)}</{p}t></{p}r>'.encode()
    return entry[: found.inner] + kept + entry[found.inner_end :] if kept else b""


def parts_of(package: Package, sheet: str) -> tuple[str, str]:
    """(comments part, drawing part) of a sheet, "" where it has none."""
    related = {found.type: found.part for found in package.related(sheet)}
    comments, drawing = related.get("comments", ""), related.get("vmlDrawing", "")
    return comments if package.has(comments) else "", drawing if package.has(drawing) else ""


def erase(package: Package, sheet: str) -> None:
    """Take our comments off a sheet."""
    comments, drawing = parts_of(package, sheet)
    if not comments:
        return
    notes = Notes(package.proven(comments))
    before = dict(notes.entries)
    gone = {place_of(cell) for cell in notes.erase()}
    if notes.entries != before:
        package.write(comments, notes.to_bytes())
    if drawing and gone:
        package.write(drawing, _SHAPE.sub(lambda shape: b"" if _place(shape[0]) in gone else shape[0], package.read(drawing)))


def _place(shape: bytes) -> tuple[int, int] | None:
    row, column = _ROW.search(shape), _COLUMN.search(shape)
    return (int(row[1]) + 1, int(column[1]) + 1) if row and column else None


def add(package: Package, sheet: str, words: dict[tuple[int, int], str], has_drawing: bool) -> str:
    """Comment cells of a sheet; gives the relation id of a new drawing, which the sheet must name, else "".

    `has_drawing`: whether the sheet names one already.
    """
    comments, drawing = parts_of(package, sheet)
    if not comments:
        comments = package.free(package.folder, "comments", ".xml")
        space = f"{STRICT}/spreadsheetml/main" if package.is_strict else f"{USUAL}/spreadsheetml/2006/main"
        package.write(
            comments, f'{HEAD}<comments xmlns="{space}"><authors></authors><commentList></commentList></comments>'.encode()
        )
        package.declare(comments, _COMMENTS)
        package.relate(sheet, "comments", comments)
    notes = Notes(package.proven(comments))
    drawn = set() if not (drawing and has_drawing) else {_place(shape) for shape in _SHAPE.findall(package.read(drawing))}
    for (row, column), said in words.items():
        notes.add(address(row, column), said)
    package.write(comments, notes.to_bytes())
    id = ""
    if not (drawing and has_drawing):
        drawing = package.free(f"{package.folder}/drawings", "vmlDrawing", ".vml")
        package.write(drawing, _DRAWING.encode())
        package.declare(drawing, _VML)
        id = package.relate(sheet, "vmlDrawing", drawing)
    missing = [(place_of(cell), words.get(place_of(cell), "")) for cell in notes.entries if place_of(cell) not in drawn]
    package.write(drawing, _with_shapes(package.read(drawing), missing))
    return id


def _with_shapes(drawing: bytes, places: list[tuple[tuple[int, int], str]]) -> bytes:
    first = max((int(found) for found in _SHAPE_ID.findall(drawing)), default=1024) + 1
    box = b"" if b"_x0000_t202" in drawing else _BOX.encode()
    shapes = b"".join(_shape(first + number, *place, said).encode() for number, (place, said) in enumerate(places))
    end = drawing.rindex(b"</xml>")
    return drawing[:end] + box + shapes + drawing[end:]


def _shape(id: int, row: int, column: int, said: str) -> str:
    """The hidden box of one comment, right of its cell, as high as its words need."""
    lines = sum(1 + len(line) // 22 for line in said.split("\n")) + 1
    top = max(row - 2, 0)
    return (
        f'<v:shape id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;width:240pt;'
        f'height:{14 * lines}pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
        '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">'
        '<div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{column}, 12, {top}, 4, {column + 4}, 12, {top + max(4, (lines * 14) // 18 + 1)}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>"
        f"<x:Row>{row - 1}</x:Row><x:Column>{column - 1}</x:Column></x:ClientData></v:shape>"
    )
