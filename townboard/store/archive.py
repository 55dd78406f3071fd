"""A backup's file: how it is sealed, opened, unpacked and read back. Nothing is taken from one that was cut or changed.

It is a zip: `manifest.json` first, then the store's file, then the original workbooks by their sha256. Its last 64 bytes are the sha256
of all before them: a single changed byte is noticed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import duckdb

from townboard.store.errors import StoreError
from townboard.store.file import FILE
from townboard.store.manifest import FORMAT, Manifest, Table, survey
from townboard.text import Text

MANIFEST, ORIGINALS = "manifest.json", "originals/"
SEAL = b"0" * 64
"""What stands in the seal's place until the file is sealed."""
_CHUNK, _A_DAY = 1 << 20, 86_400

BAD_BACKUP = Text("{file} 不能作为备份使用:{why}", "{file} cannot be used as a backup: {why}")
_ABSENT = Text("没有这个文件", "there is no such file")
_FOREIGN = Text("不是看板的备份文件", "it is not a backup of Townboard")
_NEWER = Text("由更新的版本(格式 {format})制作", "a newer version made it (format {format})")
_CHANGED = Text("文件不完整或被改动,校验和不符", "the file was cut or changed: its checksum does not fit")
_PART = Text("其中的 {part} 缺失或被改动", "its part {part} is missing or was changed")
_TABLE = Text(
    "数据表 {table} 与清单不符:清单 {wanted} 行,实有 {found} 行",
    "table {table} differs: {wanted:row is|rows are} listed, {found} found",
)
_UNREADABLE = Text("其中的数据库打不开:{why}", "the database in it does not open: {why}")

_ENTRY = re.compile(r"manifest\.json|townboard\.duckdb|originals/[0-9a-f]{64}")
_APART: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "enable_external_access": False,
}


def _digest(file: IO[bytes], size: int) -> str:
    """The sha256 of the first `size` bytes of an open file."""
    file.seek(0)
    digest, left = hashlib.sha256(), size
    while left > 0 and (part := file.read(min(_CHUNK, left))):
        digest.update(part)
        left -= len(part)
    return digest.hexdigest()


def sha256_of(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return _digest(file, path.stat().st_size)


def seal(path: Path) -> None:
    """Write the checksum over the seal's place, at the end of a packed file, and have it on disk."""
    with path.open("r+b") as file:
        digest = _digest(file, path.stat().st_size - len(SEAL))
        file.seek(-len(SEAL), os.SEEK_END)
        file.write(digest.encode())
        file.flush()
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)  # so that reading back reads the disk


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """An intact backup's archive and manifest; raises StoreError naming what is wrong with the file."""

    def refuse(why: Text) -> StoreError:
        return StoreError(BAD_BACKUP.fill(file=path, why=why))

    if not path.is_file():
        raise refuse(_ABSENT)
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            if file.read(4) != b"PK\x03\x04":
                raise refuse(_FOREIGN)
            file.seek(max(0, size - len(SEAL)))
            sealed = file.read()
            if sealed.decode("ascii", "replace") != _digest(file, size - len(SEAL)):
                raise refuse(_CHANGED)
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if MANIFEST not in names or not all(_ENTRY.fullmatch(name) for name in names) or len(set(names)) != len(names):
                raise refuse(_FOREIGN)
            said = json.loads(archive.read(MANIFEST))
            if said["format"] > FORMAT:
                raise refuse(_NEWER.fill(format=said["format"]))
            tables = {name: Table(**table) for name, table in said.pop("tables").items()}
            manifest = Manifest(**said, tables=tables, path=path, size=size)
            if {MANIFEST, FILE, *(ORIGINALS + sha256 for sha256 in manifest.originals)} != set(names):
                raise refuse(_PART.fill(part=ORIGINALS))
            yield archive, manifest
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError, EOFError) as error:
        raise refuse(_CHANGED) from error


def extract(archive: zipfile.ZipFile, manifest: Manifest, folder: Path) -> None:
    """Write a backup's database and originals into an empty folder, each compared with its checksum, and flush them to disk."""

    def take(name: str, to: Path, sha256: str) -> None:
        digest = hashlib.sha256()
        with archive.open(name) as source, to.open("wb") as target:
            while part := source.read(_CHUNK):
                digest.update(part)
                target.write(part)
            target.flush()
            os.fsync(target.fileno())
        to.chmod(0o600)
        if digest.hexdigest() != sha256:
            raise StoreError(BAD_BACKUP.fill(file=manifest.path, why=_PART.fill(part=name)))

    take(FILE, folder / FILE, manifest.database)
    (folder / "originals").mkdir()
    for sha256 in manifest.originals:
        take(ORIGINALS + sha256, folder / ORIGINALS / sha256, sha256)
    _compare(folder / FILE, manifest)


def look(database: Path, *, read_only: bool = True) -> duckdb.DuckDBPyConnection:
    """Open a copied database, to read it unless told otherwise: what stands in it can name no other file. Raises duckdb.Error."""
    return duckdb.connect(database, read_only=read_only, config=_APART)


def _compare(database: Path, manifest: Manifest) -> None:
    """Open the copied database and compare every table with the manifest."""
    try:
        connection = look(database)
        try:
            found = survey(connection, connection.execute("select current_database()").fetchall()[0][0])
        finally:
            connection.close()
    except duckdb.Error as error:
        why = _UNREADABLE.fill(why=str(error).splitlines()[0])
        raise StoreError(BAD_BACKUP.fill(file=manifest.path, why=why)) from error
    for table in sorted(found.keys() | manifest.tables.keys()):
        if found.get(table) != manifest.tables.get(table):
            wanted, rows = (tables[table].rows if table in tables else "–" for tables in (manifest.tables, found))
            why = _TABLE.fill(table=table, wanted=wanted, found=rows)
            raise StoreError(BAD_BACKUP.fill(file=manifest.path, why=why))


def sweep(folder: Path, prefix: str) -> None:
    """Take away the half-made copies that a killed process left in a folder; one younger than a day may be at work still."""
    for left in folder.glob(f"{prefix}*"):
        if left.stat().st_mtime < time.time() - _A_DAY:
            shutil.rmtree(left)


def room(path: Path) -> tempfile.TemporaryDirectory[str]:
    """Room for a copy beside a backup, elsewhere only where its folder may not be written: what a kill leaves, the next backup sweeps."""
    folder = path.parent if os.access(path.parent, os.W_OK) else None
    return tempfile.TemporaryDirectory(prefix=".townboard-", dir=folder)


def reread(path: Path) -> Manifest:
    """Read a whole backup back and compare everything in it; raises StoreError naming what is wrong. Needs room for a copy."""
    with opened(path) as (archive, manifest), room(path) as beside:
        extract(archive, manifest, Path(beside))
        return manifest
