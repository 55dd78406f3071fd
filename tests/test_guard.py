"""What may come in: types by content, and everything that is refused, with its reason."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from tests.workbooks import free_form, xls, xlsx
from townboard.findings import Refusal
from townboard.guard import MIB, admit
from townboard.workbook import read

SHEET = xlsx({"村集体经济": [["村名"]]})
BIFF = xls({"村集体经济": [["村名"]]})


def rezipped(
    data: bytes = SHEET, *, replace: dict[str, bytes] | None = None, add: dict[str, bytes] | None = None, method: int = 8
) -> bytes:
    """The package with parts replaced or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", method) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, (replace or {}).get(entry.filename, old.read(entry)))
        for name, part in (add or {}).items():
            new.writestr(name, part)
    return buffer.getvalue()


def zipped(*names: str, part: bytes = b"x") -> bytes:
    """A plain zip of files so named."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, part)
    return buffer.getvalue()


def sheet_xml(body: str, head: str = "") -> bytes:
    """The package whose one sheet has this XML inside `worksheet`."""
    xml = f'{head}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{body}</worksheet>'
    return rezipped(replace={"xl/worksheets/sheet1.xml": xml.encode()})


def flagged(data: bytes) -> bytes:
    """The zip with the encryption flag of its first entry set in its directory."""
    at = data.rindex(b"PK\x01\x02") if data.count(b"PK\x01\x02") == 1 else data.index(b"PK\x01\x02")
    return data[: at + 8] + struct.pack("<H", 1) + data[at + 10 :]


def lying(data: bytes) -> bytes:
    """The zip whose directory names another file than the entry's own header."""
    at = data.index(b"PK\x01\x02")
    return data[:at] + data[at:].replace(b"[Content_Types].xml", b"[Content_Typos].xml", 1)


def encrypted_ole2() -> bytes:
    """The look of an OLE2 file with an encrypted package: what Excel writes for a password."""
    directory = "EncryptedPackage".encode("utf-16-le").ljust(128, b"\x00")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\x00") + directory.ljust(512, b"\x00") + bytes(1024)


def filepass(data: bytes = BIFF) -> bytes:
    """An .xls whose first record after BOF is FILEPASS."""
    at = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    return data[:at] + struct.pack("<HHHH", 0x2F, 4, 0, 0) + data[at + 8 :]


def word_ole2() -> bytes:
    """The look of a .doc."""
    directory = "WordDocument".encode("utf-16-le").ljust(128, b"\x00")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\x00") + directory.ljust(512, b"\x00") + bytes(1024)


ENTITIES = '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
MANY_CELLS = "<sheetData>" + "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in (1, 6001)) + "</sheetData>"

REFUSED = [
    ("empty", b"", "a.xlsx", "not-a-workbook"),
    ("zero bytes", bytes(4096), "a.xlsx", "not-a-workbook"),
    ("noise", bytes(range(1, 256)) * 20, "a.xlsx", "not-a-workbook"),
    ("WPS by name", BIFF, "清源镇.et", "legacy-or-other-format"),
    ("PDF", b"%PDF-1.7\n...", "a.pdf", "legacy-or-other-format"),
    ("PDF named .xlsx", b"%PDF-1.7\n...", "a.xlsx", "legacy-or-other-format"),
    ("picture", b"\x89PNG\r\n\x1a\n....", "a.xlsx", "legacy-or-other-format"),
    ("HTML named .xls", b"<html><table><tr><td>1</td></tr></table></html>", "a.xls", "legacy-or-other-format"),
    ("HTML with a doctype", b"\xef\xbb\xbf<!DOCTYPE html><html></html>", "a.xls", "legacy-or-other-format"),
    ("HTML named .csv", b"<table><tr><td>1</td></tr></table>", "a.csv", "legacy-or-other-format"),
    ("SpreadsheetML 2003", b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "a.xls",
     "legacy-or-other-format"),
    ("tab-separated GBK named .xls", "村名\t经营性收入\n六合村\t26\n".encode("gbk"), "a.xls", "legacy-or-other-format"),
    ("csv named .xlsx", "村名,经营性收入\n".encode(), "a.xlsx", "legacy-or-other-format"),
    ("text of no name", b"hello", "a.dat", "not-a-workbook"),
    ("ODS", zipped("mimetype", "content.xml", part=b"application/vnd.oasis.opendocument.spreadsheet"), "a.xlsx",
     "legacy-or-other-format"),
    ("XLSB", zipped("xl/workbook.bin", "[Content_Types].xml"), "a.xlsb", "legacy-or-other-format"),
    ("Word", zipped("word/document.xml", "[Content_Types].xml"), "a.xlsx", "legacy-or-other-format"),
    ("old Word", word_ole2(), "a.xls", "legacy-or-other-format"),
    ("zip of workbooks", zipped("清源镇.xlsx", "徐沟镇.xlsx"), "a.zip", "legacy-or-other-format"),
    ("encrypted xlsx", encrypted_ole2(), "a.xlsx", "encrypted"),
    ("encrypted xls", filepass(), "a.xls", "encrypted"),
    ("encrypted zip", flagged(SHEET), "a.xlsx", "encrypted"),
    ("cut in the middle", free_form()[:3000], "a.xlsx", "damaged"),
    ("cut xls", BIFF[:700], "a.xls", "damaged"),
    ("names differ", lying(SHEET), "a.xlsx", "damaged"),
    ("path outside", rezipped(add={"../../evil.xml": b"<a/>"}), "a.xlsx", "damaged"),
    ("absolute path", rezipped(add={"/etc/evil.xml": b"<a/>"}), "a.xlsx", "damaged"),
    ("unusual method", rezipped(method=zipfile.ZIP_LZMA), "a.xlsx", "damaged"),
    ("no sheets part", zipped("[Content_Types].xml", "_rels/.rels"), "a.xlsx", "damaged"),
    ("broken XML", sheet_xml("<sheetData><row>"), "a.xlsx", "damaged"),
    ("a DTD with entities", sheet_xml("<sheetData/>", ENTITIES), "a.xlsx", "damaged"),
    ("another encoding", rezipped(replace={"xl/worksheets/sheet1.xml": '<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16")}),
     "a.xlsx", "damaged"),
    ("endless depth", sheet_xml("<a>" * 100 + "</a>" * 100), "a.xlsx", "damaged"),
    ("an endless token", sheet_xml(f'<sheetPr x="{"y" * (2 * MIB)}"/>'), "a.xlsx", "inflates-too-much"),
    ("a bomb", rezipped(add={"xl/media/image1.png": bytes(65 * MIB)}), "a.xlsx", "inflates-too-much"),
    ("a ratio", rezipped(add={"xl/media/image1.png": bytes(17 * MIB)}), "a.xlsx", "inflates-too-much"),
    ("too many entries", rezipped(add={f"xl/media/{n}.png": b"" for n in range(1001)}), "a.xlsx", "inflates-too-much"),
    ("too large", b"PK\x03\x04" + bytes(21 * MIB), "a.xlsx", "too-large"),
    ("5,001 rows", sheet_xml("<sheetData>" + "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 5_002))
                             + "</sheetData>"), "a.xlsx", "too-many-cells"),
    ("far corner", sheet_xml('<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'), "a.xlsx",
     "too-many-cells"),
    ("a million cells", sheet_xml("<sheetData><row>" + "<c />" * 1_000_001 + "</row></sheetData>"), "a.xlsx", "too-many-cells"),
    ("a merge of everything", sheet_xml('<sheetData/><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'), "a.xlsx",
     "too-many-cells"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "data", "name", "id"), REFUSED, ids=[case[0] for case in REFUSED])
def test_refused(what, data, name, id):
    with pytest.raises(Refusal) as refused:
        read(admit(data, name))
    assert refused.value.id == id
    assert "{" not in refused.value.message.zh + refused.value.remedy.en


@pytest.mark.parametrize(("data", "name", "format", "macros"), [
    (SHEET, "a.xlsx", "xlsx", False),
    (SHEET, "报表.xls", "xlsx", False),
    (SHEET, "no ending", "xlsx", False),
    (BIFF, "a.xls", "xls", False),
    (BIFF, "a.xlsx", "xls", False),
    (rezipped(add={"xl/vbaProject.bin": b"code"}), "a.xlsm", "xlsm", True),
    (SHEET, "a.xlsm", "xlsm", False),
    ("村名,收入\n六合村,26\n".encode(), "a.csv", "csv", False),
    ("村名,收入\n六合村,26\n".encode("gbk"), "a.CSV", "csv", False),
    (rezipped(replace={"docProps/core.xml": b"not xml at all"}), "odd properties.xlsx", "xlsx", False),
    (rezipped(method=zipfile.ZIP_STORED), "stored.xlsx", "xlsx", False),
    (rezipped(add={"xl/media/image1.png": bytes(2 * MIB)}), "a picture.xlsx", "xlsx", False),
])  # fmt: skip
def test_admitted_by_content(data, name, format, macros):
    admitted = admit(data, name)
    assert (admitted.format, admitted.macros, admitted.name, len(admitted.sha256)) == (format, macros, name, 64)
    assert read(admitted).sheets[0].rows


def test_cells_far_away_that_hold_nothing_are_no_reason_to_refuse():
    data = sheet_xml('<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="9000"><c r="XFD9000" s="0"/></row></sheetData>')
    assert list(read(admit(data, "a.xlsx")).sheets[0].cells) == [(1, 1)]
