"""Keeping backups: when one is made, which stay, which are known, and when the next one is overdue."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from townboard.catalogue import Settings
from townboard.store import backup
from townboard.store.audit import audit
from townboard.store.backup import MANUAL, MIGRATION, NIGHTLY
from townboard.store.manifest import Manifest, last_audit
from townboard.store.migrations import utc_now
from townboard.tables import columns_of, insert

if TYPE_CHECKING:
    from townboard.store import Store

FOLDER = "backups"
"""Where backups go that nobody sent elsewhere: a folder in the store's own."""
MIGRATIONS_KEPT = 5
"""Backups made before the tables changed: so many of the newest stay."""

_NAME = re.compile(r"townboard-(\d{8}T\d{6})Z-([a-z]+)(?:-\d+)?\.zip")


@dataclass(frozen=True, slots=True)
class Known:
    """A good backup as the store remembers it. Times are naive UTC, `size` in bytes."""

    made_at: datetime
    file: str
    size: int
    rows: int
    kind: str


class Keeper:
    """Makes an open store's backups and remembers them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last: datetime | None = None
        self._began: datetime | None = None

    def before_migration(self) -> Manifest | None:
        """A backup of a store that holds something, before its tables change; None for an empty one. Raises StoreError when it fails."""
        store = self._store
        with store.cursor() as cursor:
            tables = cursor.execute("select table_name from information_schema.tables").fetchall()
            if ("audit",) not in tables or not last_audit(cursor)[0]:
                return None
            made = backup.write(cursor, store.folder, store.folder / FOLDER, kind=MIGRATION, at=utc_now())
        rotate(store.folder / FOLDER, store.catalogue.settings)
        return made

    def make(self, into: Path | None, *, actor: str, kind: str = MANUAL, at: datetime | None = None) -> Manifest:
        """Back everything up into a new file under `into` while others go on working; a nightly one takes the spare ones away.

        Raises StoreError when it cannot be written, or not be read back as it was written.
        """
        folder = into or self._store.folder / FOLDER
        with self._store.cursor() as cursor:
            made = backup.write(cursor, self._store.folder, folder, kind=kind, at=at or utc_now())
        self.remember(made, actor)
        if kind == NIGHTLY:
            rotate(folder, self._store.catalogue.settings)
        return made

    def remember(self, made: Manifest | None, actor: str) -> None:
        """Put a good backup on record."""
        if made is None:
            return
        at = datetime.fromisoformat(made.made_at).replace(tzinfo=None)
        with self._store.write() as cursor:
            insert(cursor, "backup", columns_of("backup"), [(at, str(made.path), made.size, made.rows, made.kind)])
            audit(cursor, actor, "backup", at=utc_now(), detail=f"{made.kind} {made.path.name} {made.rows} rows", figures=False)
        self._last = at

    def known(self, limit: int = 30) -> list[Known]:
        """The last good backups, newest first."""
        sql = f"select made_at, file, size, rows, kind from backup order by made_at desc, file limit {int(limit)}"
        return [Known(*row) for row in self._store.rows(sql)]

    @property
    def last(self) -> datetime | None:
        """When the last good backup was made."""
        if self._last is None:
            self._last = next((known.made_at for known in self.known(1)), None)
        return self._last

    def overdue(self, now: datetime | None = None) -> bool:
        """Whether the last good backup (before the first one: the store's beginning) is longer ago than the settings allow."""
        since = self.last
        if since is None:
            self._began = self._began or self._store.rows("select min(applied_at) from migration")[0][0]
            since = self._began
        allowed = timedelta(hours=self._store.catalogue.settings.backup_warn_hours)
        return since is not None and (now or utc_now()) - since > allowed


def spare(names: Iterable[str], settings: Settings) -> list[str]:
    """Which nightly and migration backups may go, by file name: the newest of each of the last days, weeks and months stay."""
    dated = sorted(((parts[1], parts[2], name) for name in names if (parts := _NAME.fullmatch(name))), reverse=True)
    stays = set([name for _, kind, name in dated if kind == MIGRATION][:MIGRATIONS_KEPT])
    for count, form in (
        (settings.backup_keep_days, "%Y-%m-%d"), (settings.backup_keep_weeks, "%G-%V"), (settings.backup_keep_months, "%Y-%m"),
    ):  # fmt: skip
        newest: dict[str, str] = {}
        for written, kind, name in dated:
            if kind == NIGHTLY:
                newest.setdefault(datetime.strptime(written, "%Y%m%dT%H%M%S").strftime(form), name)
        stays |= set(list(newest.values())[:count])
    return [name for _, kind, name in dated if kind in (NIGHTLY, MIGRATION) and name not in stays]


def rotate(folder: Path, settings: Settings) -> list[str]:
    """Delete the backups that may go; their names."""
    gone = spare((path.name for path in folder.glob("townboard-*.zip")), settings)
    for name in gone:
        (folder / name).unlink()
    return gone
