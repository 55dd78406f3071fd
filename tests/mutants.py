"""Broken files made from real ones: bytes, the zip around the parts, the XML inside them, the sectors and records of an .xls.

Every change is drawn from a seeded generator: the same seed and number give the same file again.
"""

from __future__ import annotations

import io
import re
import struct
import warnings
import zipfile
from collections.abc import Callable
from random import Random

Change = Callable[[bytes, Random], bytes]

_NASTY = (b"\x00", b"\xff", b"<", b"&", b"&#0;", b"&#x110000;", b"]]>", b"<!--", b"<![CDATA[", b"<?xml", b"\xef\xbb\xbf", b"\xed\xa0\x80",
          b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"\r", b"/>", b"'", b'"')  # fmt: skip
_VALUES = (b"", b"-1", b"0", b"1", b"1e308", b"1e999", b"nan", b"inf", b"-0", b"4294967296", b"99999999999999999999999", b"0x10", b"A1",
           b"XFD1048576", b"A0", b"A99999999999", b"AAAAAA1", "甲".encode(), b"true", b"str", b"s", b"e", b"d", b"inlineStr", b"A1:XFD1048576",
           b"B2:A1", b":", b"../../x", b"http://example.org/x", b"#REF!", b"2022-02-30", b"9" * 400)  # fmt: skip
_ATTRIBUTE = re.compile(rb'(=")([^"]{0,80})(")')
_TEXT = re.compile(rb"(>)([^<]{1,80})(<)")
_TAG = re.compile(rb"<[^!?][^>]{0,200}>")


def flip(data: bytes, dice: Random) -> bytes:
    """One to sixty bits turned over."""
    changed = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 5, 60))):
        if changed:
            changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def cut(data: bytes, dice: Random) -> bytes:
    """The beginning, the end, or both ends without the middle."""
    at, end = sorted((dice.randrange(len(data) + 1), dice.randrange(len(data) + 1)))
    return dice.choice((data[:at], data[at:], data[:at] + data[end:]))


def splice(data: bytes, dice: Random) -> bytes:
    """A block twice, moved, or overwritten with noise, zeroes or something nasty."""
    size = dice.choice((1, 4, 16, 512, 4096))
    at, to = dice.randrange(len(data) + 1), dice.randrange(len(data) + 1)
    block = dice.choice((data[at : at + size], dice.randbytes(size), bytes(size), dice.choice(_NASTY)))
    return data[:to] + block + data[to + dice.choice((0, len(block))) :]


def unpacked(data: bytes) -> dict[str, bytes]:
    """The parts of a package by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: list[tuple[str, bytes]]) -> bytes:
    """A package of parts; names may stand twice."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts:
            with warnings.catch_warnings(action="ignore"):
                archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def headers(data: bytes, dice: Random) -> bytes:
    """Other numbers in the zip's own headers: sizes, methods, flags, checksums, offsets, names' lengths."""
    changed = bytearray(data)
    for _ in range(dice.choice((1, 2, 4))):
        mark = dice.choice((b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"))
        starts = [found.start() for found in re.finditer(re.escape(mark), data)]
        if not starts:
            continue
        at = dice.choice(starts) + 4 + dice.randrange(42)
        width = dice.choice((1, 2, 4))
        value = dice.choice((0, 1, 0xFF, 0xFFFF, 0xFFFFFFFF, dice.randrange(1 << 32))) & ((1 << 8 * width) - 1)
        changed[at : at + width] = value.to_bytes(width, "little")
    return bytes(changed[: len(data)])


def parts(data: bytes, dice: Random) -> bytes:
    """A part dropped, doubled, renamed, emptied, exchanged with another, or grown."""
    held = list(unpacked(data).items())
    at, other = dice.randrange(len(held)), dice.randrange(len(held))
    (name, part), (other_name, other_part) = held[at], held[other]
    how = dice.randrange(7)
    if how == 0:
        del held[at]
    elif how == 1:
        held.append((name, other_part))
    elif how == 2:
        held[at] = (dice.choice(("/" + name, "../" + name, name.upper(), "C:" + name, name + "/", "", "xl\\" + name)), part)
    elif how == 3:
        held[at] = (name, b"")
    elif how == 4:
        held[at], held[other] = (name, other_part), (other_name, part)
    elif how == 5:
        held[at] = (name, part + dice.choice(_NASTY) * dice.choice((1, 1000)))
    else:
        held[at] = (name, part[: len(part) // 2] + part[len(part) // 2 :] * dice.choice((2, 50)))
    return packed(held)


def xml(data: bytes, dice: Random) -> bytes:
    """One to five changes inside the XML of one part: attributes, texts, tags, and what has no place there."""
    held = unpacked(data)
    names = [name for name in held if name.endswith((".xml", ".rels")) and held[name]]
    sheets = [name for name in names if "sheet" in name or "haredStrings" in name or "styles" in name]
    name = dice.choice(sheets if sheets and dice.random() < 0.8 else names)
    for _ in range(dice.choice((1, 1, 2, 5))):
        held[name] = _edit(held[name], dice)
    return packed(list(held.items()))


def _edit(part: bytes, dice: Random) -> bytes:
    how = dice.randrange(6)
    if how < 2:
        found = list((_ATTRIBUTE if how else _TEXT).finditer(part))
        if found:
            match = dice.choice(found)
            return part[: match.start(2)] + dice.choice(_VALUES) + part[match.end(2) :]
    tags = list(_TAG.finditer(part))
    if how == 2 and tags:
        tag = dice.choice(tags)
        return part[: tag.start()] + part[tag.end() :]
    if how == 3 and tags:
        tag, there = dice.choice(tags), dice.choice(tags)
        return part[: there.start()] + tag[0] * dice.choice((1, 1, 3, 200)) + part[there.start() :]
    if how == 4 and tags:
        first, last = sorted((dice.choice(tags).start(), dice.choice(tags).start()))
        return part[:last] + part[first:last] * dice.choice((1, 2, 20)) + part[last:]
    at = dice.randrange(len(part) + 1)
    return part[:at] + dice.choice(_NASTY) + part[at:]


def sectors(data: bytes, dice: Random) -> bytes:
    """An .xls with sectors exchanged or overwritten, and with its chains of sectors made to loop or to lead astray."""
    changed = bytearray(data)
    count = max(1, len(data) // 512)
    for _ in range(dice.choice((1, 2, 3))):
        at = 512 * dice.randrange(count)
        how = dice.randrange(4)
        if how == 0:
            other = 512 * dice.randrange(count)
            changed[at : at + 512], changed[other : other + 512] = changed[other : other + 512], changed[at : at + 512]
        elif how == 1:
            changed[at : at + 512] = dice.choice((bytes(512), b"\xff" * 512, dice.randbytes(512)))
        else:
            place = at + 4 * dice.randrange(128) if how == 2 else dice.randrange(24, 512) // 4 * 4
            value = dice.choice((0, 1, 2, dice.randrange(count), 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 1 << 30))
            changed[place : place + 4] = struct.pack("<I", value)
    return bytes(changed[: len(data)])


def records(data: bytes, dice: Random) -> bytes:
    """An .xls with the ids, lengths or contents of its records changed."""
    start = data.find(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    if start < 0:
        return flip(data, dice)
    places, at = [], start
    while at + 4 <= len(data) and len(places) < 5_000:
        id, size = struct.unpack_from("<HH", data, at)
        if not id and not size:
            break
        places.append(at)
        at += 4 + size
    changed = bytearray(data)
    for _ in range(dice.choice((1, 2, 6))):
        at = dice.choice(places)
        field = dice.choice((0, 2, 4, 6, 8, 10))
        value = dice.choice(
            (0, 1, 0xFFFF, 0x7FFF, 0x8000, dice.randrange(1 << 16), struct.unpack_from("<H", data, dice.choice(places))[0])
        )
        changed[at + field : at + field + 2] = struct.pack("<H", value)
    return bytes(changed[: len(data)])


def text(data: bytes, dice: Random) -> bytes:
    """A .csv with separators, quotes, line ends, bytes of other encodings and endless lines where none should be."""
    at = dice.randrange(len(data) + 1)
    odd = dice.choice((b'"', b'""', b",", b";", b"\t", b"\r", b"\n", b"\x00", b"\x81", b"\xff\xfe", b'"' + b"a" * 140_000, b"," * 300, b"\n" * 6000,
                       "＝".encode(), b"=1+1", b"@SUM(A1)", b"\xf0\x9f\x98\x80", b"9" * 400, b"1e999"))  # fmt: skip
    return data[:at] + odd * dice.choice((1, 1, 1, 3)) + data[at + dice.choice((0, 1, 20)) :]


ANY: tuple[Change, ...] = (flip, cut, splice)
PACKAGE: tuple[Change, ...] = (headers, parts, xml, xml, xml)
BIFF: tuple[Change, ...] = (sectors, sectors, records, records)
PLAIN: tuple[Change, ...] = (text, text)


def mutant(data: bytes, name: str, dice: Random) -> tuple[str, bytes]:
    """(name of the change, file) made from a real file by one change, or seldom by two."""
    own = PLAIN if name.endswith(".csv") else BIFF if name.endswith(".xls") else PACKAGE
    change = dice.choice((*ANY, *own, *own))
    changed = change(data, dice)
    if dice.random() < 0.1 and changed:
        changed = dice.choice(ANY)(changed, dice)
    return change.__name__, changed
