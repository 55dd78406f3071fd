"""The guard at the door: is this a workbook that can be read, and is it safe to open?

A file is told by its content, never by its name alone. A zip is inflated once, counted while it inflates (its declared sizes may
lie), and the inflated parts travel on to `workbook`. Nothing here runs macros or follows links. What cannot be taken is a
`Refusal`; limits are those of the platform notes: 20 MB, 1,000 entries, 64 MiB a part, 200 MiB in all, UTF-8 XML without a DTD.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from townboard.findings import Refusal
from townboard.text import Text, same

MIB = 1024 * 1024
MAX_UPLOAD_MB, MAX_CELLS = 20, 1_000_000
MAX_ENTRIES, MAX_PART, MAX_INFLATED = 1_000, 64 * MIB, 200 * MIB
MAX_RATIO, RATIO_FROM = 200, 16 * MIB
MAX_TOKEN, MAX_DEPTH, MAX_XML_ROWS = MIB, 64, 300_000

_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"']+)""")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_OLE2, _BIFF8 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x09\x08\x10\x00\x00\x06\x05\x00"
_PLAIN_TEXT = Text("网页或文本", "a web page or plain text")
_FORMATS_BY_START: tuple[tuple[bytes, Text], ...] = (
    (b"%PDF", same("PDF")), (b"{\\rtf", same("RTF")), (b"Rar!", same("RAR")), (b"7z\xbc\xaf", same("7z")),
    (b"\x89PNG", Text("图片", "a picture")), (b"\xff\xd8\xff", Text("图片", "a picture")), (b"\x1f\x8b", same("gzip")),
)  # fmt: skip
_FORMATS_BY_PART: tuple[tuple[str, Text], ...] = (
    ("xl/workbook.bin", same("XLSB")), ("word/document.xml", same("Word")), ("ppt/presentation.xml", same("PowerPoint")),
    ("mimetype", Text("ODS(OpenDocument)", "ODS (OpenDocument)")),
)  # fmt: skip
_FORMATS_BY_STREAM: tuple[tuple[str, Text], ...] = (
    ("WordDocument", same("Word")), ("PowerPoint Document", same("PowerPoint")), ("Hwp", same("HWP")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Admitted:
    """Bytes that may be read. `format` is xlsx, xlsm, xls or csv; `parts` are a zip's inflated XML parts by name."""

    data: bytes
    name: str
    format: str
    macros: bool
    sha256: str
    parts: dict[str, bytes] = field(default_factory=dict, repr=False)


def admit(data: bytes, name: str) -> Admitted:
    """Let the bytes of a file called `name` in, or raise Refusal with the reason."""
    if len(data) > MAX_UPLOAD_MB * MIB:
        raise Refusal("too-large", size=f"{len(data) / MIB:.1f}", limit=MAX_UPLOAD_MB)
    if not data.strip(b"\x00 \t\r\n"):
        raise Refusal("not-a-workbook")
    ending = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    digest = hashlib.sha256(data).hexdigest()
    if ending in (".et", ".ett"):
        raise Refusal("legacy-or-other-format", format=Text("WPS 表格(.et)", "WPS .et"))
    for start, format in _FORMATS_BY_START:
        if data.startswith(start):
            raise Refusal("legacy-or-other-format", format=format)
    if data.startswith(b"PK"):
        parts, macros = _unzip(data)
        return Admitted(data, name, "xlsm" if macros or ending == ".xlsm" else "xlsx", macros, digest, parts)
    if data.startswith(_OLE2) or data.startswith(_BIFF8):
        _check_ole2(data)
        return Admitted(data, name, "xls", _has_stream(data, "_VBA_PROJECT_CUR"), digest)
    _check_text(data, ending)
    return Admitted(data, name, "csv", False, digest)


def _unzip(data: bytes) -> tuple[dict[str, bytes], bool]:
    """The inflated XML parts of a zip, by name, and whether it has macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
    except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError, OSError) as error:
        raise Refusal("damaged") from error
    names = [entry.filename.replace("\\", "/") for entry in entries]
    _check_entries(entries, names)
    lower = {name.lower() for name in names}
    if not any(name.endswith("workbook.xml") for name in lower):
        for known, format in _FORMATS_BY_PART:
            if known in lower:
                raise Refusal("legacy-or-other-format", format=format)
        if "encryptedpackage" in lower:
            raise Refusal("encrypted")
        if any(name in lower for name in ("[content_types].xml", "_rels/.rels")):
            raise Refusal("damaged")
        raise Refusal("legacy-or-other-format", format=Text("压缩包(zip)", "a zip archive"))
    parts: dict[str, bytes] = {}
    total = 0
    for entry, name in zip(entries, names, strict=True):
        part = _inflate(data, entry, MAX_INFLATED - total)
        total += len(part)
        if name.lower().endswith((".xml", ".rels", ".vml")):
            _check_xml(part)
            parts[name] = part
    return parts, any(name.endswith("vbaproject.bin") for name in lower)


def _check_entries(entries: list[zipfile.ZipInfo], names: list[str]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise Refusal("inflates-too-much")
    if len({name.lower() for name in names}) != len(names):
        raise Refusal("damaged")
    for entry, name in zip(entries, names, strict=True):
        if entry.flag_bits & 0x1:
            raise Refusal("encrypted")
        if not name or name.startswith("/") or ".." in name.split("/") or re.match(r"[A-Za-z]:", name) or "\x00" in name:
            raise Refusal("damaged")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refusal("damaged")


def _inflate(data: bytes, entry: zipfile.ZipInfo, left: int) -> bytes:
    """One entry's bytes, counted while they inflate. Its local header must agree with the directory."""
    at = entry.header_offset
    if data[at : at + 4] != b"PK\x03\x04" or len(data) < at + 30:
        raise Refusal("damaged")
    name_size, extra_size = struct.unpack_from("<HH", data, at + 26)
    written = data[at + 30 : at + 30 + name_size]
    if written != entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437", "replace"):
        raise Refusal("damaged")
    start = at + 30 + name_size + extra_size
    packed = data[start : start + entry.compress_size]
    if len(packed) != entry.compress_size:
        raise Refusal("damaged")
    limit = min(MAX_PART, left)
    if entry.compress_type == zipfile.ZIP_STORED:
        part = packed
    else:
        inflater = zlib.decompressobj(-15)
        try:
            part = inflater.decompress(packed, limit + 1)
        except zlib.error as error:
            raise Refusal("damaged") from error
        if len(part) <= limit and not inflater.eof:
            raise Refusal("damaged")
    if len(part) > limit or (len(part) > RATIO_FROM and len(part) > MAX_RATIO * len(packed)):
        raise Refusal("inflates-too-much")
    if zlib.crc32(part) != entry.CRC:
        raise Refusal("damaged")
    return part


def _check_xml(part: bytes) -> None:
    """Refuse what makes XML dangerous or unreadable: another encoding, a DTD, endless tokens, deep nesting, too many cells."""
    head = part[:256]
    encoding = _ENCODING.match(head.removeprefix(b"\xef\xbb\xbf").lstrip())
    if b"\x00" in head or (encoding and encoding[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii")):
        raise Refusal("damaged")
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise Refusal("damaged")
    at = 0
    while len(part) - at > MAX_TOKEN:
        found = part.rfind(b"<", at, at + MAX_TOKEN + 1)
        if found < at:
            raise Refusal("inflates-too-much")
        at = found + 1
    if _opens_deep(part):
        raise Refusal("damaged")
    cells = sum(map(part.count, (b"<c ", b":c ", b"<c>", b"<c/"))) if len(part) > MAX_CELLS else 0
    if cells > MAX_CELLS:
        raise Refusal("too-many-cells", found=cells, limit=MAX_CELLS)
    rows = part.count(b"<row") if len(part) > MAX_XML_ROWS else 0
    if rows > MAX_XML_ROWS:
        rows -= part.count(b"/><row")  # a sheet formatted to its end has a million rows with nothing in them
    if rows > MAX_XML_ROWS:
        raise Refusal("too-many-cells", found=rows, limit=MAX_XML_ROWS)


def _opens_deep(part: bytes) -> bool:
    """Whether somewhere more than MAX_DEPTH elements open before one closes: looks only where no closing tag comes for long."""
    shortest, at = 3 * MAX_DEPTH, 0
    while len(part) - at > shortest:
        closing = part.rfind(b"</", at, at + shortest + 2)
        if closing < 0:
            closing = part.find(b"</", at + shortest)
            run = part[at:closing] if closing >= 0 else part[at:]
            if run.count(b"<") - run.count(b"/>") - run.count(b"<!") > MAX_DEPTH:
                return True
            if closing < 0:
                return False
        at = closing + 2
    return False


def _has_stream(data: bytes, *names: str) -> bool:
    """Whether an OLE2 file has a stream so named. Its directory entries stand at multiples of 128 bytes, names in UTF-16."""
    return any(_aligned(data, name.encode("utf-16-le") + b"\x00\x00", 128) >= 0 for name in names)


def _aligned(data: bytes, wanted: bytes, step: int) -> int:
    at = data.find(wanted)
    while at >= 0 and at % step:
        at = data.find(wanted, at + 1)
    return at


def _check_ole2(data: bytes) -> None:
    if _has_stream(data, "EncryptedPackage", "EncryptionInfo"):
        raise Refusal("encrypted")
    for name, format in _FORMATS_BY_STREAM:
        if _has_stream(data, name):
            raise Refusal("legacy-or-other-format", format=format)
    if not data.startswith(_BIFF8) and not _has_stream(data, "Workbook", "WORKBOOK", "workbook", "Book", "BOOK"):
        is_shifted = any(name.encode("utf-16-le") in data for name in ("Workbook", "Book"))
        raise Refusal("damaged" if is_shifted or len(data) < 1536 else "not-a-workbook")
    start = _aligned(data, _BIFF8, 64)
    if start >= 0 and 0x2F in _first_records(data, start):
        raise Refusal("encrypted")


def _first_records(data: bytes, at: int) -> Iterable[int]:
    """The ids of the first records of a BIFF stream, inside its first sector; FILEPASS (0x2F) says it has a password."""
    end = min(len(data), at + 512)
    while at + 4 <= end:
        id, size = struct.unpack_from("<HH", data, at)
        yield id
        at += 4 + size


def _check_text(data: bytes, ending: str) -> None:
    """Only a csv file by name may be plain text; web pages and XML under any name are told by their first words."""
    if _BINARY.search(data[:4096]):
        raise Refusal("not-a-workbook")
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<?xml") and b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        raise Refusal("legacy-or-other-format", format=Text("XML 表格 2003", "XML Spreadsheet 2003"))
    if head.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta", b"<head", b"<!--", b"mime-version:")):
        raise Refusal("legacy-or-other-format", format=Text("网页(HTML/XML)", "a web page (HTML/XML)"))
    if ending != ".csv":
        if ending in (".xls", ".xlsx", ".xlsm", ".xlt", ".txt", ".tsv"):
            raise Refusal("legacy-or-other-format", format=_PLAIN_TEXT)
        raise Refusal("not-a-workbook")
