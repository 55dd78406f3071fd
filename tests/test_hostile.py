"""Workbooks that mean harm: nothing in them is run, fetched or followed, limits hold while reading, and broken ones are refused in words."""

from __future__ import annotations

import io
import socket
import struct
import threading
import zipfile
import zlib

import pytest

from tests.fuzz import run
from tests.test_guard import SHEET, flagged, rezipped, sheet_xml, zipped
from tests.workbooks import OCTOBER, free_form
from townboard import apart, guard
from townboard.findings import Refusal
from townboard.guard import MIB, admit
from townboard.loading import catalogue
from townboard.store import registers
from townboard.workbook import read
from townboard.workbook.sheets import HUGE

TOWN = "140121100"
RELATIONS = "xl/worksheets/_rels/sheet1.xml.rels"


@pytest.fixture
def listener():
    """A socket on loopback that counts who knocks: (address, knocks)."""
    knocks: list[object] = []
    server = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        while True:
            try:
                connection, peer = server.accept()
            except OSError:
                return
            knocks.append(peer)
            connection.close()

    threading.Thread(target=answer, daemon=True).start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}", knocks
    server.close()


def with_parts(data: bytes = b"", **parts: str) -> bytes:
    """The free form with parts added or replaced; names with . and / as keys of `parts`."""
    base = data or free_form()
    with zipfile.ZipFile(io.BytesIO(base)) as archive:
        there = set(archive.namelist())
    coded = {name: part.encode() for name, part in parts.items()}
    return rezipped(base, replace={name: part for name, part in coded.items() if name in there},
                    add={name: part for name, part in coded.items() if name not in there})  # fmt: skip


def relation(kind: str, target: str) -> str:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}" TargetMode="External"/>'
        "</Relationships>"
    )


def formula(text: str, value: str = "") -> bytes:
    """The free form with one more cell that holds a formula."""
    with zipfile.ZipFile(io.BytesIO(free_form())) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    cell = f'<row r="400"><c r="B400" t="str"><f>{text}</f><v>{value}</v></c></row></sheetData>'.encode()
    return rezipped(free_form(), replace={"xl/worksheets/sheet1.xml": xml.replace(b"</sheetData>", cell)})


CARRIES = {
    "an external link": lambda at: with_parts(**{"xl/externalLinks/_rels/externalLink1.xml.rels": relation("externalLinkPath", f"{at}/a.xlsx")}),
    "a remote template": lambda at: with_parts(**{RELATIONS: relation("attachedTemplate", f"{at}/t.xltm")}),
    "a remote picture": lambda at: with_parts(**{RELATIONS: relation("image", f"{at}/p.png")}),
    "a hyperlink": lambda at: with_parts(**{RELATIONS: relation("hyperlink", at)}),
    "a file share": lambda at: with_parts(**{RELATIONS: relation("oleObject", r"\\127.0.0.1\share\x")}),
    "a data connection": lambda at: with_parts(**{"xl/connections.xml": f'<connections><connection id="1" type="4"><webPr url="{at}"/></connection></connections>'}),
    "a web query": lambda at: formula(f'WEBSERVICE("{at}")'),
    "DDE": lambda at: formula("cmd|' /C touch /tmp/owned'!A0", "x"),
    "DDE in a link": lambda at: with_parts(**{"xl/externalLinks/externalLink1.xml": '<externalLink><ddeLink ddeService="cmd" ddeTopic="/C touch /tmp/owned"/></externalLink>'}),
    "an image function": lambda at: formula(f'IMAGE("{at}/p.png")'),
    "an old macro sheet": lambda at: with_parts(**{"xl/macrosheets/sheet1.xml": '<xm:macrosheet xmlns:xm="m"><f>EXEC("touch /tmp/owned")</f></xm:macrosheet>'}),
    "an active control": lambda at: with_parts(**{"xl/activeX/activeX1.xml": '<ocx classid="{00000000-0000-0000-0000-000000000000}"/>'}),
    "XInclude": lambda at: with_parts(**{"docProps/app.xml": f'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{at}"/></a>'}),
    "a remote schema": lambda at: with_parts(**{"docProps/core.xml": f'<a xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:schemaLocation="a {at}"/>'}),
    "a remote stylesheet": lambda at: with_parts(**{"docProps/core.xml": f'<?xml version="1.0"?><?xml-stylesheet href="{at}"?><a/>'}),
}  # fmt: skip


@pytest.mark.parametrize("what", CARRIES)
def test_what_a_workbook_carries_is_neither_run_nor_fetched(what, listener):
    at, knocks = listener
    submission = apart.recognise(CARRIES[what](at), "w.xlsx", catalogue(), TOWN, OCTOBER)
    assert submission.values(), "the figures are read all the same"
    assert not knocks


@pytest.mark.parametrize("head", [
    '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>', '<!DOCTYPE w SYSTEM "{at}/w.dtd">',
    '<!DOCTYPE w [<!ENTITY % p SYSTEM "{at}/p">%p;]>', '<!DOCTYPE w [<!ENTITY a "b">]>', "<!DOCTYPE worksheet>",
])  # fmt: skip
@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "docProps/app.xml",
                                  "xl/_rels/workbook.xml.rels", "[Content_Types].xml"])  # fmt: skip
def test_entities_and_their_files_are_refused_in_every_part(part, head, listener):
    at, knocks = listener
    with zipfile.ZipFile(io.BytesIO(free_form())) as archive:
        xml = archive.read(part) if part in archive.namelist() else b"<a/>"
    start = xml.index(b"?>") + 2 if xml.startswith(b"<?xml") else 0
    data = rezipped(free_form(), replace=(changed := {part: xml[:start] + head.replace("{at}", at).encode() + xml[start:]}))
    if part not in zipfile.ZipFile(io.BytesIO(data)).namelist():
        data = rezipped(free_form(), add=changed)
    with pytest.raises(Refusal) as refused:
        apart.read(data, "w.xlsx")
    assert refused.value.id == "damaged" and not knocks


def test_a_macro_is_noted_and_never_run():
    data = with_parts(**{"xl/vbaProject.bin": "Sub Auto_Open()"})
    found = apart.recognise(data, "w.xlsm", catalogue(), TOWN, OCTOBER)
    assert [finding.id for finding in found.findings if finding.id == "macros-ignored"]


def stored_as_other(data: bytes, method: int) -> bytes:
    """The zip with another method in both headers of its first entry."""
    at = data.index(b"PK\x01\x02")
    changed = bytearray(data)
    changed[8:10] = changed[at + 10 : at + 12] = struct.pack("<H", method)
    return bytes(changed)


def lying_size(data: bytes, name: bytes, size: int) -> bytes:
    """The zip whose directory says another inflated size for one entry."""
    changed = bytearray(data)
    at = data.index(b"PK\x01\x02")
    while name not in data[at + 46 : at + 46 + 60]:
        at = data.index(b"PK\x01\x02", at + 4)
    changed[at + 24 : at + 28] = struct.pack("<I", size)
    return bytes(changed)


def twice() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("xl/workbook.xml", "xl/Workbook.xml"):
            archive.writestr(name, b"<workbook/>")
    return buffer.getvalue()


def overlapping() -> bytes:
    """Two entries of the directory that share one local entry: the trick of the flat bombs."""
    data = rezipped(free_form(), add={"xl/media/a.png": bytes(15 * MIB)})
    at = data.rindex(b"PK\x01\x02")
    entry = data[at : data.index(b"PK\x05\x06")]
    again = entry.replace(b"a.png", b"b.png")
    tail = bytearray(data[data.index(b"PK\x05\x06") :])
    count, size = struct.unpack_from("<H", tail, 10)[0] + 1, struct.unpack_from("<I", tail, 12)[0] + len(again)
    tail[8:12], tail[12:16] = struct.pack("<HH", count, count), struct.pack("<I", size)
    return data[: data.index(b"PK\x05\x06")] + again + bytes(tail)


def noise(size: int) -> bytes:
    """Bytes that pack a hundred times smaller: under the limit of the ratio, over that of the sum."""
    return b"".join(zlib.crc32(bytes([n & 255, n >> 8 & 255])).to_bytes(4, "little") + bytes(396) for n in range(size // 400))


GRAND = {f"xl/media/{n}.bin": noise(50 * MIB) for n in range(5)}
LIMITS = {
    "1,001 entries": (lambda: rezipped(add={f"xl/media/{n}.png": b"" for n in range(1001)}), "inflates-too-much"),
    "one name in two spellings": (twice, "damaged"),
    "one entry under two names": (overlapping, "damaged"),
    "an absolute name": (lambda: rezipped(add={"/etc/cron.d/x": b"x"}), "damaged"),
    "a name that climbs": (lambda: rezipped(add={"xl/../../x": b"x"}), "damaged"),
    "a name with backslashes that climbs": (lambda: rezipped(add={"xl\\..\\..\\x": b"x"}), "damaged"),
    "a drive": (lambda: rezipped(add={"C:/x": b"x"}), "damaged"),
    "bzip2": (lambda: rezipped(method=zipfile.ZIP_BZIP2), "damaged"),
    "an unknown method": (lambda: stored_as_other(SHEET, 99), "damaged"),
    "the encryption flag": (lambda: flagged(SHEET), "encrypted"),
    "65 MiB in a part": (lambda: rezipped(add={"xl/media/a.bin": noise(65 * MIB)}), "inflates-too-much"),
    "250 MiB in all": (lambda: rezipped(add=GRAND), "inflates-too-much"),
    "a ratio above 200": (lambda: rezipped(add={"xl/media/a.bin": bytes(17 * MIB)}), "inflates-too-much"),
    "a size that lies": (lambda: lying_size(rezipped(add={"xl/media/a.bin": bytes(65 * MIB)}), b"a.bin", 10), "inflates-too-much"),
    "a depth of 65": (lambda: sheet_xml("<a>" * 65 + "</a>" * 65), "damaged"),
    "a token above 1 MiB": (lambda: sheet_xml(f'<a b="{"c" * (MIB + 10)}"/>'), "inflates-too-much"),
    "a comment above 1 MiB": (lambda: sheet_xml(f"<!--{'c' * (MIB + 10)}-->"), "inflates-too-much"),
    "a text above 1 MiB": (lambda: sheet_xml(f"<sheetData><row><c t='str'><v>{'c' * (MIB + 10)}</v></c></row></sheetData>"), "inflates-too-much"),
    "1,000,001 cells": (lambda: sheet_xml("<sheetData><row>" + "<c/>" * 1_000_001 + "</row></sheetData>"), "too-many-cells"),
    "300,001 rows": (lambda: sheet_xml("<sheetData>" + "<row><c/></row>" * 300_001 + "</sheetData>"), "too-many-cells"),
    "5,001 rows": (
        lambda: sheet_xml("<sheetData>" + "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 5002)) + "</sheetData>"),
        "too-many-cells",
    ),
    "column 257": (lambda: sheet_xml('<sheetData><row r="1"><c r="IW1"><v>1</v></c></row></sheetData>'), "too-many-cells"),
    "two corners": (lambda: sheet_xml('<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'), "too-many-cells"),
    "20,001 merges": (lambda: sheet_xml("<sheetData/><mergeCells>" + '<mergeCell ref="A1:B2"/>' * 20_001 + "</mergeCells>"), "too-many-cells"),
    "a merge of 200,001 cells": (lambda: sheet_xml('<sheetData/><mergeCells><mergeCell ref="A1:A200001"/></mergeCells>'), "too-many-cells"),
    "UTF-16": (lambda: rezipped(replace={"xl/worksheets/sheet1.xml": "<a/>".encode("utf-16")}), "damaged"),
    "UTF-7": (lambda: rezipped(replace={"xl/worksheets/sheet1.xml": b'<?xml version="1.0" encoding="UTF-7"?><a/>'}), "damaged"),
    "bytes before the zip's end": (lambda: SHEET[:-22] + b"x" * 100 + SHEET[-22:], "damaged"),
    "a zip in a zip": (lambda: zipped("a.xlsx", part=SHEET), "legacy-or-other-format"),
}  # fmt: skip


@pytest.mark.parametrize("limit", LIMITS)
def test_limits_hold_while_reading(limit):
    make, id = LIMITS[limit]
    with pytest.raises(Refusal) as refused:
        apart.read(make(), "w.xlsx")
    assert refused.value.id == id


def test_just_inside_the_limits_is_read():
    cells = '<sheetData><row r="5000"><c r="IV5000"><v>1</v></c></row></sheetData>'
    merges = '<mergeCells><mergeCell ref="A1:A5000"/></mergeCells>'
    assert read(admit(sheet_xml(cells + merges), "w.xlsx")).sheets[0].cell(5000, 256).value == 1
    assert read(admit(sheet_xml("<a>" * 60 + "</a>" * 60 + "<sheetData/>"), "w.xlsx")).sheets


def test_a_bomb_is_counted_while_it_inflates_not_after(monkeypatch):
    data, asked = rezipped(add=GRAND), []

    class Counting:
        def __init__(self, inner):
            self.inner = inner

        def decompress(self, packed, limit):
            asked.append(limit)
            return self.inner.decompress(packed, limit)

        @property
        def eof(self):
            return self.inner.eof

    honest = zlib.decompressobj
    monkeypatch.setattr(guard.zlib, "decompressobj", lambda wbits: Counting(honest(wbits)))
    with pytest.raises(Refusal):
        admit(data, "w.xlsx")
    assert max(asked) <= guard.MAX_PART + 1 and asked[-1] < guard.MAX_PART, "what is left shrinks with every part"


def test_odd_shapes_cost_nothing():
    deep = sheet_xml("<a><b></b>" * 200_000 + "</a>" * 200_000 + "<sheetData/>")
    far = sheet_xml(
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
    )
    assert apart.read(deep, "w.xlsx").sheets
    assert len(apart.read(far, "w.xlsx").sheets[0].rows) == 2
    with pytest.raises(registers.RegisterError, match="1048576"):
        registers.read(far, catalogue(), "w.xlsx")


@pytest.mark.parametrize("written", ["1e999", "-1e999", "9" * 400, "1e300", "NaN", "inf", "1e15"])
def test_numbers_beyond_measure_are_no_numbers(written):
    with zipfile.ZipFile(io.BytesIO(free_form())) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    at = xml.rindex(b"<v>", 0, xml.index(b"</sheetData>"))
    start, end = at + 3, xml.index(b"</v>", at)
    data = rezipped(free_form(), replace={"xl/worksheets/sheet1.xml": xml[:start] + written.encode() + xml[end:]})
    found = apart.recognise(data, "w.xlsx", catalogue(), TOWN, OCTOBER)
    for value in found.values():
        if isinstance(value.value, int | float):
            assert -HUGE < value.value < HUGE


def test_a_few_hundred_broken_workbooks():
    tally, peak = run(600, 20221018, kept=None)
    assert tally.troubles == []
    assert tally.taken > 100 and tally.refused.total() > 200, "some are taken, some refused"
    assert tally.slowest < 15 and peak < 400 * MIB
