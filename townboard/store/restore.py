"""Putting a backup in the store's place: first what would change, then the exchange, which keeps the replaced store aside.

The exchange is one rename: until then the old store is in place, afterwards the new one. The old file lies in `replaced-<time>/`,
with its originals, and opens as a store of its own.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from townboard.store import archive
from townboard.store.audit import HEAD
from townboard.store.errors import is_locked, of_engine
from townboard.store.file import FILE, private
from townboard.store.manifest import Manifest, Table, last_audit, survey
from townboard.store.originals import flush_folder
from townboard.text import Text

_NEWEST = """select unit, period, max(version), max_by(submitted_by, version), max(submitted_at) from submission
    group by unit, period order by unit, period"""

_ACCOUNTS = "select name, role, units, working_group, email, password, disabled from account order by name"

STAYS_SHUT = Text("账号 {name}:已停用,恢复后仍停用", "account {name}: disabled, and stays so")
GONE = Text("账号 {name}:恢复后不存在", "account {name}: there would be none")
BACK = Text("账号 {name}:现在没有,恢复后又有", "account {name}: there is none now and would be one again")
OLD_RIGHTS = Text("账号 {name}:角色、单位等恢复为当时的", "account {name}: role, units or address would be those of then")
OLD_PASSWORD = Text("账号 {name}:当时的密码重新有效", "account {name}: the password of then would be good again")

Reports = dict[tuple[str, str], tuple[int, str, datetime]]
"""(unit, period) → latest version, who sent it, when (naive UTC)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a store holds, told from its tables. `damage` says why nothing could be told."""

    tables: Mapping[str, Table]
    last_audit: str
    reports: Reports
    damage: Text | None = None
    people: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    """Name → role, units, working group, address, password's hash, whether disabled."""

    @property
    def disabled(self) -> list[str]:
        """Who may not come in any more."""
        return [name for name, (*_, disabled) in self.people.items() if disabled]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that a restore could take away."""
        return self.damage is None and not self.tables


@dataclass(frozen=True, slots=True)
class Comparison:
    """The store as it is and as it would be."""

    now: Standing
    then: Standing

    @property
    def reports(self) -> list[tuple[str, str, int, int, str]]:
        """(unit, period, version now, version then, who sent the one now) of the reports that would differ; 0: none."""
        found = []
        for key in sorted(self.now.reports.keys() | self.then.reports.keys()):
            now, then = self.now.reports.get(key), self.then.reports.get(key)
            if now != then:
                found.append((*key, now[0] if now else 0, then[0] if then else 0, now[1] if now else ""))
        return found

    @property
    def tables(self) -> list[tuple[str, int, int]]:
        """(table, rows now, rows then) of the tables whose contents would differ."""
        now, then = self.now.tables, self.then.tables
        return [
            (table, now[table].rows if table in now else 0, then[table].rows if table in then else 0)
            for table in sorted(now.keys() | then.keys()) if now.get(table) != then.get(table)
        ]  # fmt: skip

    @property
    def accounts(self) -> list[tuple[str, Text]]:
        """(account, what restoring means for it) of those that would differ."""
        found, now, then = list[tuple[str, Text]](), self.now.people, self.then.people
        for name in sorted(now.keys() | then.keys()):
            if name not in then or name not in now:
                found.append((name, GONE if name in now else BACK))
                continue
            (*rights, password, shut), (*rights_then, password_then, shut_then) = now[name], then[name]
            found += [(name, words) for words, differs in (
                (STAYS_SHUT, shut and not shut_then), (OLD_RIGHTS, rights != rights_then), (OLD_PASSWORD, password != password_then),
            ) if differs]  # fmt: skip
        return found


def standing(cursor: duckdb.DuckDBPyConnection) -> Standing:
    """What the store behind a cursor holds."""
    own = cursor.execute("select current_database()").fetchall()[0][0]
    reports = {(unit, period): (version, by, at) for unit, period, version, by, at in cursor.execute(_NEWEST).fetchall()}
    tables = survey(cursor, own)
    people = cursor.execute(_ACCOUNTS).fetchall() if "account" in tables else []
    return Standing(tables, last_audit(cursor)[1], reports, people={name: tuple(rest) for name, *rest in people})


def of_folder(folder: Path) -> tuple[Standing, AbstractContextManager[Any]]:
    """What the store in a folder holds, and the lock on it while the context lasts; raises StoreError when another process has it."""
    nothing = Standing({}, "", {})
    if not (folder / FILE).is_file():
        return nothing, nullcontext()
    try:
        settle = duckdb.connect(folder / FILE)
        try:
            settle.execute("checkpoint")
        finally:
            settle.close()
        connection = duckdb.connect(folder / FILE, read_only=True)
        return standing(connection), connection
    except duckdb.Error as error:
        why = of_engine(str(error), folder)
        if is_locked(str(error)):
            raise why from error
        return Standing({}, "", {}, why.message), nullcontext()


def told(lock: AbstractContextManager[Any], sql: str, given: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """What the store behind a lock (`of_folder`) answers; nothing where it could not be read, is absent, or knows no such table."""
    if not isinstance(lock, duckdb.DuckDBPyConnection):
        return []
    try:
        return lock.execute(sql, given).fetchall()
    except duckdb.CatalogException:
        return []


def compare(now: Standing, path: Path) -> Comparison:
    """What restoring the backup at `path` would change; raises StoreError when the backup is not whole."""
    with archive.opened(path) as (packed, manifest), archive.room(path) as beside:
        archive.extract(packed, manifest, Path(beside))
        with archive.look(Path(beside) / FILE) as connection:
            return Comparison(now, standing(connection))


def put_back(folder: Path, path: Path, *, at: datetime, shut: Sequence[str] = ()) -> tuple[Manifest, Path | None]:
    """Put a whole backup in the place of the store in `folder`; its manifest, and where the replaced store lies. No session of then
    is alive again, and the accounts `shut` stay disabled.

    The caller holds the store's lock. Raises StoreError when the backup is not whole; then nothing has changed.
    """
    private(folder)
    (folder / "originals").mkdir(mode=0o700, exist_ok=True)
    archive.sweep(folder, ".restoring-")
    with archive.opened(path) as (packed, manifest), tempfile.TemporaryDirectory(prefix=".restoring-", dir=folder) as beside:
        new = Path(beside)
        archive.extract(packed, manifest, new)
        if {"account", "session"} <= manifest.tables.keys():
            _keep_out(new / FILE, at, shut)
        aside = _keep_aside(folder, at)
        for original in (new / "originals").iterdir():
            original.replace(folder / "originals" / original.name)
        for name in (f"{FILE}.wal", HEAD):
            (folder / name).unlink(missing_ok=True)
        (new / FILE).replace(folder / FILE)
    for changed in (folder / "originals", folder):
        flush_folder(changed)
    return manifest, aside


def _keep_out(database: Path, at: datetime, shut: Sequence[str]) -> None:
    """End every session in a copied database and disable accounts, before it is in place: a cookie that was ended since the backup
    stays worth nothing."""
    with archive.look(database, read_only=False) as connection:
        connection.execute("update session set ended_at = ? where ended_at is null", [at])
        connection.execute("update account set disabled = true where list_contains(?::varchar[], name)", [list(shut)])
        connection.execute("checkpoint")


def _keep_aside(folder: Path, at: datetime) -> Path | None:
    """Hold on to the replaced store under a second name of the same files; None where there is none."""
    if not (folder / FILE).exists():
        return None
    aside = folder / f"replaced-{at:%Y%m%dT%H%M%SZ}"
    aside.mkdir(mode=0o700)
    (aside / "originals").mkdir()
    for name in (FILE, f"{FILE}.wal", HEAD):
        if (folder / name).exists():
            os.link(folder / name, aside / name)
    for original in (folder / "originals").iterdir():
        os.link(original, aside / "originals" / original.name)
    flush_folder(aside)
    return aside
