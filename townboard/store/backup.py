"""Making backups: one file with everything, which counts only after it was read back from the disk and compared.

The manifest holds the number of rows and a checksum of every table, taken in the same transaction as the copy, so that it is consistent
while others write. Made beside, flushed to disk, renamed. What the file looks like is `archive`.
"""

from __future__ import annotations

import json
import secrets
import shutil
import tempfile
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb

from townboard.store import archive, originals
from townboard.store.errors import StoreError
from townboard.store.file import FILE, STORAGE
from townboard.store.manifest import FORMAT, Manifest, last_audit, survey
from townboard.text import Text

MANUAL, NIGHTLY, MIGRATION = "manual", "nightly", "migration"
_MB = 1 << 20

NO_BACKUP = Text("备份没有做成:{why}。数据库没有改动", "No backup was made: {why}. The store was not changed")
_NO_SPACE = Text("{folder} 剩余空间 {free} MB,需要 {needed} MB", "{folder} has {free} MB left, {needed} MB are needed")


def write(cursor: duckdb.DuckDBPyConnection, store: Path, into: Path, *, kind: str, at: datetime) -> Manifest:
    """Back the store in folder `store` up into a new file under `into`, read it back and compare; raises StoreError when any of it fails."""
    try:
        into.mkdir(mode=0o700, parents=True, exist_ok=True)
        archive.sweep(into, ".townboard-")
        _need_space(store, into)
        with tempfile.TemporaryDirectory(prefix=".townboard-", dir=into) as beside:
            made = _make(cursor, store, Path(beside), kind, at)
            archive.reread(made.path)
            made.path.chmod(0o600)
            path = _free_name(into, kind, at)
            made.path.rename(path)
            originals.flush_folder(into)
        return replace(made, path=path, size=path.stat().st_size)
    except (OSError, duckdb.Error) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error).splitlines()[0]
        raise StoreError(NO_BACKUP.fill(why=f"{why} ({into})")) from error


def _need_space(store: Path, into: Path) -> None:
    held = sum(path.stat().st_size for path in (store / "originals").glob("*") if path.is_file())
    database = sum(path.stat().st_size for path in (store / FILE, store / f"{FILE}.wal") if path.exists())
    needed, free = 2 * database + held + 16 * _MB, shutil.disk_usage(into).free
    if free < needed:
        why = _NO_SPACE.fill(folder=into, free=free // _MB, needed=needed // _MB + 1)
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
    manifest = Manifest(FORMAT, f"{at.isoformat()}Z", kind, engine, tables, held, missing, archive.sha256_of(copy), audited, n,
                        beside / "made.zip")  # fmt: skip
    with zipfile.ZipFile(manifest.path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr(archive.MANIFEST, json.dumps(manifest.to_json(), ensure_ascii=False, indent=1))
        packed.write(copy, FILE)
        for sha256 in held:
            packed.writestr(archive.ORIGINALS + sha256, originals.fetch(store / "originals", sha256), zipfile.ZIP_STORED)
        packed.comment = archive.SEAL
    copy.unlink()
    archive.seal(manifest.path)
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
