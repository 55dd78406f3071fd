"""Backups: one file with everything, which counts only after it was read back from the disk and compared.

A backup is a zip: `manifest.json` first, then the store's file, then the original workbooks by their sha256. The manifest holds the
number of rows and a checksum of every table, taken in the same transaction as the copy, so that it is consistent while others write.
Its last 64 bytes are the sha256 of all before them: a single changed byte is noticed. Made beside, flushed to disk, renamed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import duckdb

from townboard.store import originals
from townboard.store.errors import StoreError
from townboard.text import Text

FORMAT = 1
MANIFEST, FILE, ORIGINALS = "manifest.json", "townboard.duckdb", "originals/"
MANUAL, NIGHTLY, MIGRATION = "manual", "nightly", "migration"
STORAGE = "v1.5.0"
"""The storage format of the store and its copies: one version of DuckDB back can still open them."""

_SEAL = b"0" * 64
_CHUNK = 1 << 20
_ENTRY = re.compile(r"manifest\.json|townboard\.duckdb|originals/[0-9a-f]{64}")
_READ_ONLY: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "enable_external_access": False,
}

NO_BACKUP = Text("备份没有做成:{why}。数据库没有改动", "No backup was made: {why}. The store was not changed")
BAD_BACKUP = Text("{file} 不能作为备份使用:{why}", "{file} cannot be used as a backup: {why}")
_NO_SPACE = Text("{folder} 剩余空间 {free} MB,需要 {needed} MB", "{folder} has {free} MB left, {needed} MB are needed")
_ABSENT = Text("没有这个文件", "there is no such file")
_FOREIGN = Text("不是看板的备份文件", "it is not a backup of Townboard")
_NEWER = Text("由更新的版本(格式 {format})制作", "a newer version made it (format {format})")
_CHANGED = Text("文件不完整或被改动,校验和不符", "the file was cut or changed: its checksum does not fit")
_PART = Text("其中的 {part} 缺失或被改动", "its part {part} is missing or was changed")
_TABLE = Text(
    "数据表 {table} 与清单不符:清单 {wanted} 行,实有 {found} 行", "table {table} differs: {wanted} rows are listed, {found} found"
)
_UNREADABLE = Text("其中的数据库打不开:{why}", "the database in it does not open: {why}")


@dataclass(frozen=True, slots=True)
class Table:
    """What a table holds: how many rows, and the sum of their fingerprints (the order of rows does not matter)."""

    rows: int
    checksum: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. Times are naive UTC as ISO texts; `originals`: sha256 → bytes; `missing`: originals the disk had lost."""

    format: int
    made_at: str
    kind: str
    engine: str
    tables: Mapping[str, Table]
    originals: Mapping[str, int]
    missing: list[str]
    database: str
    last_audit: str
    last_n: int
    path: Path = field(default=Path(), compare=False)
    size: int = field(default=0, compare=False)

    @property
    def rows(self) -> int:
        """All rows of all tables."""
        return sum(table.rows for table in self.tables.values())


def survey(cursor: duckdb.DuckDBPyConnection, database: str) -> dict[str, Table]:
    """Rows and checksum of every table of an attached database, as the cursor's transaction sees them."""
    found: dict[str, list[str]] = {}
    for table, column in cursor.execute(
        "select table_name, column_name from information_schema.columns where table_catalog = ? and table_schema = 'main' "
        "order by table_name, ordinal_position", [database],
    ).fetchall():  # fmt: skip
        found.setdefault(table, []).append(column)
    tables = {}
    for table, columns in found.items():
        written = ", ".join(f'coalesce("{column}"::varchar, chr(30))' for column in columns)
        sql = f'select count(*), coalesce(sum(md5_number_lower(concat_ws(chr(31), {written}))), 0)::varchar from "{database}"."{table}"'
        rows, checksum = cursor.execute(sql).fetchall()[0]
        tables[table] = Table(rows, f"{len(columns)}:{checksum}")
    return tables


def last_audit(cursor: duckdb.DuckDBPyConnection) -> tuple[int, str]:
    """Number and time of the newest audit row: (0, "") where there is none."""
    n, at = cursor.execute('select max(n), max("at") from audit').fetchall()[0]
    return (n, at.isoformat()) if n else (0, "")


def write(cursor: duckdb.DuckDBPyConnection, store: Path, into: Path, *, kind: str, at: datetime) -> Manifest:
    """Back the store in folder `store` up into a new file under `into`, read it back and compare; raises StoreError when any of it fails."""
    try:
        into.mkdir(parents=True, exist_ok=True)
        _need_space(store, into)
        with tempfile.TemporaryDirectory(prefix=".townboard-", dir=into) as beside:
            made = _make(cursor, store, Path(beside), kind, at)
            reread(made.path)
            path = _free_name(into, kind, at)
            made.path.rename(path)
            flush_folder(into)
        return replace(made, path=path, size=path.stat().st_size)
    except (OSError, duckdb.Error) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error).splitlines()[0]
        raise StoreError(NO_BACKUP.fill(why=f"{why} ({into})")) from error


def _need_space(store: Path, into: Path) -> None:
    held = sum(path.stat().st_size for path in (store / "originals").glob("*") if path.is_file())
    database = sum(path.stat().st_size for path in (store / FILE, store / f"{FILE}.wal") if path.exists())
    needed, free = 2 * database + held + 16 * _CHUNK, shutil.disk_usage(into).free
    if free < needed:
        why = _NO_SPACE.fill(folder=into, free=free // _CHUNK, needed=needed // _CHUNK + 1)
        raise StoreError(NO_BACKUP.fill(why=why))


def _free_name(into: Path, kind: str, at: datetime) -> Path:
    stem = f"townboard-{at:%Y%m%dT%H%M%SZ}-{kind}"
    names = (f"{stem}{'' if n == 1 else f'-{n}'}.zip" for n in range(1, 1000))
    return next(path for path in (into / name for name in names) if not path.exists())


def _make(cursor: duckdb.DuckDBPyConnection, store: Path, beside: Path, kind: str, at: datetime) -> Manifest:
    """Copy, list, pack, seal and flush; the manifest of `beside/made.zip`."""
    copy = beside / FILE
    alias = f"backup_{secrets.token_hex(4)}"
    own = cursor.execute("select current_database()").fetchall()[0][0]
    written = str(copy).replace("'", "''")
    cursor.execute(f"attach '{written}' as {alias} (storage_version '{STORAGE}')")
    try:
        cursor.begin()
        try:
            cursor.execute(f'copy from database "{own}" to {alias}')
            tables = survey(cursor, own)
            n, audited = last_audit(cursor)
            kept = [row[0] for row in cursor.execute("select distinct sha256 from submission order by 1").fetchall()]
            engine = cursor.execute("select version()").fetchall()[0][0]
        except BaseException:
            cursor.rollback()
            raise
        cursor.commit()
    finally:
        cursor.execute(f"detach {alias}")
    held, missing = _held(store / "originals", kept)
    manifest = Manifest(FORMAT, f"{at.isoformat()}Z", kind, engine, tables, held, missing, _sha256(copy), audited, n,
                        beside / "made.zip")  # fmt: skip
    with zipfile.ZipFile(manifest.path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(MANIFEST, json.dumps(_to_json(manifest), ensure_ascii=False, indent=1))
        archive.write(copy, FILE)
        for sha256 in held:
            archive.writestr(ORIGINALS + sha256, originals.fetch(store / "originals", sha256), zipfile.ZIP_STORED)
        archive.comment = _SEAL
    copy.unlink()
    with manifest.path.open("r+b") as file:
        seal = _digest(file, manifest.path.stat().st_size - len(_SEAL))
        file.seek(-len(_SEAL), os.SEEK_END)
        file.write(seal.encode())
        file.flush()
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)  # so that reading back reads the disk
    return manifest


def _held(folder: Path, wanted: list[str]) -> tuple[dict[str, int], list[str]]:
    """(sha256 → bytes of the originals that are whole, those that are not)."""
    held, missing = {}, []
    for sha256 in wanted:
        try:
            held[sha256] = len(originals.fetch(folder, sha256))
        except (KeyError, ValueError):
            missing.append(sha256)
    return held, missing


def _to_json(manifest: Manifest) -> dict[str, Any]:
    return {name: value for name, value in asdict(manifest).items() if name not in ("path", "size")}


def _digest(file: IO[bytes], size: int) -> str:
    """The sha256 of the first `size` bytes of an open file."""
    file.seek(0)
    digest, left = hashlib.sha256(), size
    while left > 0 and (part := file.read(min(_CHUNK, left))):
        digest.update(part)
        left -= len(part)
    return digest.hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return _digest(file, path.stat().st_size)


def flush_folder(folder: Path) -> None:
    """Have a folder's names on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


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
            file.seek(max(0, size - len(_SEAL)))
            seal = file.read()
            if seal.decode("ascii", "replace") != _digest(file, size - len(_SEAL)):
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
        if digest.hexdigest() != sha256:
            raise StoreError(BAD_BACKUP.fill(file=manifest.path, why=_PART.fill(part=name)))

    take(FILE, folder / FILE, manifest.database)
    (folder / "originals").mkdir()
    for sha256 in manifest.originals:
        take(ORIGINALS + sha256, folder / ORIGINALS / sha256, sha256)
    _compare(folder / FILE, manifest)


def _compare(database: Path, manifest: Manifest) -> None:
    """Open the copied database and compare every table with the manifest."""
    try:
        connection = duckdb.connect(database, read_only=True, config=_READ_ONLY)
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


def reread(path: Path) -> Manifest:
    """Read a whole backup back and compare everything in it; raises StoreError naming what is wrong. Needs room for a copy."""
    folder = path.parent if os.access(path.parent, os.W_OK) else None
    with opened(path) as (archive, manifest), tempfile.TemporaryDirectory(prefix=".townboard-", dir=folder) as beside:
        extract(archive, manifest, Path(beside))
        return manifest
