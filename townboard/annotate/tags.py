"""Patching XML in place: the tags of a part with their byte offsets, and replacements by offset.

Parts have gone through expat before (`workbook`), so that a pattern finds every tag; what is not patched stays byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple
from xml.sax.saxutils import escape as _escape

_TAG = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
    rb"|<(?P<closing>/?)(?:(?P<prefix>[^\s:/>\"'=]+):)?(?P<name>[^\s:/>\"'=]+)(?P<rest>(?:[^>\"']|\"[^\"]*\"|'[^']*')*?)(?P<empty>/?)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(rb"([^\s=]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.DOTALL)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Tag(NamedTuple):
    """One tag: where it stands, its name without prefix, and its attributes as they are written."""

    start: int
    end: int
    name: str
    closing: bool
    empty: bool
    rest: bytes

    @property
    def attributes(self) -> dict[str, str]:
        """Attributes by name, without prefix, decoded."""
        return {
            name.decode().rpartition(":")[2]: unescape((double or single).decode())
            for name, double, single in _ATTRIBUTE.findall(self.rest)
        }


class Element(NamedTuple):
    """One element: `start` to `end` with its tags, `inner` to `inner_end` between them (equal where it is empty)."""

    tag: Tag
    start: int
    inner: int
    inner_end: int
    end: int


def tags(part: bytes, start: int = 0, end: int | None = None) -> Iterator[Tag]:
    """The tags of a part in order; comments, CDATA and instructions are passed over."""
    for found in _TAG.finditer(part, start, len(part) if end is None else end):
        name = found["name"]
        if name is not None:
            yield Tag(found.start(), found.end(), name.decode(), bool(found["closing"]), bool(found["empty"]), found["rest"])


def children(part: bytes, start: int = 0, end: int | None = None) -> Iterator[Element]:
    """The elements right inside a stretch of a part; a whole part has one, its root."""
    depth, opened = 0, None
    for tag in tags(part, start, end):
        if tag.empty:
            if depth == 0:
                yield Element(tag, tag.start, tag.end, tag.end, tag.end)
        elif tag.closing:
            depth -= 1
            if depth == 0 and opened is not None:
                yield Element(opened, opened.start, opened.end, tag.start, tag.end)
        else:
            if depth == 0:
                opened = tag
            depth += 1


def root(part: bytes) -> Element:
    """The root element; raises StopIteration's kin ValueError for a part without any."""
    for found in children(part):
        return found
    raise ValueError("a part without an element")


def prefix(part: bytes) -> str:
    """The prefix of the root's namespace with its colon (`x:`), "" mostly."""
    name = part[root(part).start + 1 :].split(None, 1)[0].split(b">")[0]
    return name.rpartition(b":")[0].decode() + ":" if b":" in name else ""


def inside(part: bytes, parent: Element, name: str) -> Element | None:
    """The first child of an element with a name."""
    return next((child for child in children(part, parent.inner, parent.inner_end) if child.tag.name == name), None)


def spliced(part: bytes, patches: list[tuple[int, int, bytes]]) -> bytes:
    """The part with stretches replaced: (start, end, instead); insertions have start = end and keep the order they were given in."""
    pieces, at = [], 0
    for start, end, instead in sorted(patches, key=lambda patch: (patch[0], patch[1])):
        pieces += [part[at:start], instead]
        at = end
    return b"".join([*pieces, part[at:]])


def with_attribute(tag: bytes, name: str, value: str) -> bytes:
    """A start tag with an attribute set."""
    pattern = re.compile(rb"(\s" + name.encode() + rb"\s*=\s*)(?:\"[^\"]*\"|'[^']*')")
    written = f'"{attribute(value)}"'.encode()
    if pattern.search(tag):
        return pattern.sub(lambda found: found[1] + written, tag, count=1)
    end = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:end].rstrip() + f" {name}=".encode() + written + tag[end:]


def text(words: str) -> str:
    """Words as XML text; what XML cannot hold is left out."""
    return _escape(_CONTROL.sub("", words))


def attribute(words: str) -> str:
    """Words as the value of an attribute in double quotes."""
    return _escape(_CONTROL.sub("", words), {'"': "&quot;", "\n": "&#10;"})
