"""The package around the sheets of an .xlsx or .xlsm: its parts, relations and list of sheets. What is not changed is written back as it was."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass

from townboard.annotate.tags import attribute, children, inside, prefix, root, spliced, with_attribute
from townboard.workbook.sheet_xml import parse

STRICT, USUAL = "http://purl.oclc.org/ooxml", "http://schemas.openxmlformats.org"
_TYPES = "[Content_Types].xml"
_BEGINNING = (1980, 1, 1, 0, 0, 0)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class Related:
    """One relation of a part: its id, the last word of its type, and the part it points to ("" outside the package)."""

    id: str
    type: str
    part: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A sheet of the workbook: its name as people read it, and its part."""

    name: str
    part: str


class Package:
    """An opened package. Parts are found whatever the case of their names; a changed or new part is kept until `to_bytes`."""

    def __init__(self, data: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._entries = {entry.filename.replace("\\", "/").lower(): entry for entry in self._archive.infolist()}
        self._changed: dict[str, bytes] = {}
        self._gone: set[str] = set()
        self.main = "xl/workbook.xml"
        if self.main not in self._entries:
            self.main = next(name for name in self._entries if name.endswith("workbook.xml"))
        self.is_strict = STRICT.encode() in self.read(self.main)[:4096]

    @property
    def folder(self) -> str:
        """The folder of the workbook part, `xl` mostly."""
        return posixpath.dirname(self.main)

    @property
    def relation_space(self) -> str:
        """The namespace of relation ids."""
        return f"{STRICT}/officeDocument/relationships" if self.is_strict else f"{USUAL}/officeDocument/2006/relationships"

    def has(self, name: str) -> bool:
        """Whether the package has a part."""
        return name.lower() in self._changed or (name.lower() in self._entries and name.lower() not in self._gone)

    def read(self, name: str) -> bytes:
        """A part's bytes; raises KeyError where there is none."""
        key = name.lower()
        if key in self._changed:
            return self._changed[key]
        if key in self._gone:
            raise KeyError(name)
        return self._archive.read(self._entries[key])

    def proven(self, name: str) -> bytes:
        """A part that reading a workbook does not look at, as XML that holds; raises Refusal damaged."""
        part = self.read(name)
        parse(part)
        return part

    def write(self, name: str, part: bytes) -> None:
        """Change a part, or add one."""
        if name.lower() in self._entries and self._archive.read(self._entries[name.lower()]) == part:
            self._changed.pop(name.lower(), None)
        else:
            self._changed[name.lower()] = part
        self._gone.discard(name.lower())

    def remove(self, name: str) -> None:
        """Take a part out, and its relations."""
        for gone in (name.lower(), _relations_of(name).lower()):
            self._changed.pop(gone, None)
            self._gone.add(gone)

    def to_bytes(self) -> bytes:
        """The package; the parts in their order, new ones behind. The same changes give the same bytes."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for key, entry in self._entries.items():
                if key not in self._gone:
                    kept = zipfile.ZipInfo(entry.filename, entry.date_time)
                    kept.compress_type, kept.external_attr = entry.compress_type, entry.external_attr
                    archive.writestr(kept, self.read(key))
            for key in sorted(self._changed.keys() - (self._entries.keys() - self._gone)):
                added = zipfile.ZipInfo(self._spelling(key), _BEGINNING)
                added.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(added, self._changed[key])
        return out.getvalue()

    def _spelling(self, key: str) -> str:
        return key.replace("vmldrawing", "vmlDrawing")

    def free(self, folder: str, stem: str, ending: str) -> str:
        """A name that no part has yet: `xl/comments3.xml`."""
        number = 1
        while self.has(f"{folder}/{stem}{number}{ending}"):
            number += 1
        return f"{folder}/{stem}{number}{ending}"

    # relations

    def related(self, part: str) -> list[Related]:
        """The relations of a part."""
        name = _relations_of(part)
        if not self.has(name):
            return []
        found, listed = [], self.proven(name)
        for element in children(listed, root(listed).inner):
            said = element.tag.attributes
            target = said.get("Target", "").replace("\\", "/")
            path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
            is_outside = said.get("TargetMode") == "External"
            found.append(Related(said.get("Id", ""), said.get("Type", "").rpartition("/")[2], "" if is_outside else path.lower()))
        return found

    def relate(self, part: str, type: str, target: str) -> str:
        """Add a relation from a part to another; gives its id."""
        name = _relations_of(part)
        if not self.has(name):
            self.write(name, f'{HEAD}<Relationships xmlns="{USUAL}/package/2006/relationships"></Relationships>'.encode())
        taken = {related.id for related in self.related(part)}
        id = next(f"rId{n}" for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
        kind = f"{self.relation_space}/{type}"
        path = posixpath.relpath(target, posixpath.dirname(part) or ".")
        self._insert_last(name, f'<{{p}}Relationship Id="{id}" Type="{kind}" Target="{attribute(self._spelling(path))}"/>')
        return id

    def _insert_last(self, name: str, element: str) -> None:
        """Add a child behind the others of a part's root; `{p}` in it is the root's prefix."""
        part = self.read(name)
        written = element.replace("{p}", prefix(part)).encode()
        top = root(part)
        if top.tag.empty:
            opening = part[top.start : top.end - 2] + b">"
            tag = opening.split(None, 1)[0].strip(b"<>").decode()
            self.write(name, part[: top.start] + opening + written + f"</{tag}>".encode() + part[top.end :])
        else:
            self.write(name, part[: top.inner_end] + written + part[top.inner_end :])

    def declare(self, part: str, type: str) -> None:
        """Say the content type of a new part; drawings in VML have one for their ending."""
        if part.lower().endswith(".vml"):
            types = self.read(_TYPES)
            known = (element.tag.attributes.get("Extension", "") for element in children(types, root(types).inner))
            if "vml" not in {ending.lower() for ending in known}:
                self._insert_last(_TYPES, f'<{{p}}Default Extension="vml" ContentType="{type}"/>')
            return
        self._insert_last(_TYPES, f'<{{p}}Override PartName="/{attribute(self._spelling(part))}" ContentType="{type}"/>')

    # sheets

    def sheets(self) -> list[Listed]:
        """The sheets in order; sheets whose part is not there (charts, macros) are left out."""
        targets = {related.id: related.part for related in self.related(self.main) if related.type in ("worksheet", "")}
        found = []
        for _, said in self._sheet_elements():
            part = targets.get(said.get("id", ""), "")
            if part and self.has(part):
                found.append(Listed(said.get("name", ""), part))
        return found

    def _sheet_elements(self) -> list[tuple[tuple[int, int], dict[str, str]]]:
        part = self.read(self.main)
        listed = inside(part, root(part), "sheets")
        if listed is None:
            return []
        return [((entry.start, entry.end), entry.tag.attributes) for entry in children(part, listed.inner, listed.inner_end)]

    def add_sheet(self, name: str, content: bytes) -> str:
        """Add a sheet behind the others; gives its part."""
        part = self.free(f"{self.folder}/worksheets", "sheet", ".xml")
        self.write(part, content)
        self.declare(part, "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml")
        id = self.relate(self.main, "worksheet", part)
        main = self.read(self.main)
        listed = inside(main, root(main), "sheets")
        assert listed is not None
        numbers = [int(said.get("sheetId", "0") or 0) for _, said in self._sheet_elements()]
        space = self.relation_space
        entry = f'<{prefix(main)}sheet xmlns:r="{space}" name="{attribute(name)}" sheetId="{max(numbers, default=0) + 1}" r:id="{id}"/>'
        self.write(self.main, main[: listed.inner_end] + entry.encode() + main[listed.inner_end :])
        return part

    def remove_sheet(self, part: str) -> None:
        """Take a sheet out: its entry, relation, content type and part, and the names that belong to it."""
        id = next(related.id for related in self.related(self.main) if related.part == part)
        entries = self._sheet_elements()
        at = next(number for number, (_, said) in enumerate(entries) if said.get("id") == id)
        main = self.read(self.main)
        patches = [(*entries[at][0], b""), *self._names_without(main, at), *self._views_without(main, at)]
        self.write(self.main, spliced(main, patches))
        self._drop(_relations_of(self.main), "Id", id)
        self._drop(_TYPES, "PartName", f"/{part}")
        self.remove(part)

    def _drop(self, name: str, key: str, value: str) -> None:
        part = self.read(name)
        wrong = [element for element in children(part, root(part).inner)
                 if element.tag.attributes.get(key, "").lower() == value.lower()]  # fmt: skip
        self.write(name, spliced(part, [(element.start, element.end, b"") for element in wrong]))

    def _names_without(self, main: bytes, gone: int) -> list[tuple[int, int, bytes]]:
        """Defined names of the sheet with index `gone` vanish; those of later sheets move up."""
        listed = inside(main, root(main), "definedNames")
        found: list[tuple[int, int, bytes]] = []
        for entry in children(main, listed.inner, listed.inner_end) if listed is not None else ():
            own = entry.tag.attributes.get("localSheetId", "")
            if own.isdigit() and int(own) == gone:
                found.append((entry.start, entry.end, b""))
            elif own.isdigit() and int(own) > gone:
                tag = with_attribute(main[entry.start : entry.tag.end], "localSheetId", str(int(own) - 1))
                found.append((entry.start, entry.tag.end, tag))
        if (
            listed is not None
            and found
            and len(list(children(main, listed.inner, listed.inner_end))) == sum(not kept for *_, kept in found)
        ):
            return [(listed.start, listed.end, b"")]
        return found

    def _views_without(self, main: bytes, gone: int) -> list[tuple[int, int, bytes]]:
        """The open tab and the first visible one, where they were the sheet that goes or behind it."""
        views = inside(main, root(main), "bookViews")
        found = []
        for view in children(main, views.inner, views.inner_end) if views is not None else ():
            tag = main[view.start : view.tag.end]
            for key in ("activeTab", "firstSheet"):
                number = view.tag.attributes.get(key, "")
                if number.isdigit() and int(number) >= gone:
                    tag = with_attribute(tag, key, str(max(int(number) - 1, 0)))
            if tag != main[view.start : view.tag.end]:
                found.append((view.start, view.tag.end, tag))
        return found


def _relations_of(part: str) -> str:
    return f"{posixpath.dirname(part)}/_rels/{posixpath.basename(part)}.rels".lstrip("/")


def sheet_name(wanted: str, taken: list[str]) -> str:
    """A sheet name no other sheet has: 错误清单, 错误清单(2) …; without the signs Excel refuses, 31 letters at most."""
    bare = re.sub(r"[\[\]:*?/\\]", "-", wanted).strip("'")[:27] or "Sheet1"
    names = {name.lower() for name in taken}
    return next(name for name in (bare, *(f"{bare}({n})" for n in range(2, 1000))) if name.lower() not in names)
