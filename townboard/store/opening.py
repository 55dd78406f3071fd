"""Making a store and opening one: its tables are brought up to the catalogue, and lost rows are noticed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

from townboard.catalogue import Catalogue
from townboard.loading import catalogue as project_catalogue
from townboard.store import audit as auditing
from townboard.store import places
from townboard.store.audit import audit
from townboard.store.errors import ABSENT, PRESENT, StoreError, of_engine
from townboard.store.file import FILE, connect, private
from townboard.store.keeping import Keeper
from townboard.store.migrations import migrate, pending, utc_now
from townboard.store.writing import Writing


class Store(Writing):
    """An open store: it answers, takes, and keeps its backups."""

    def __init__(self, folder: Path, connection: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
        super().__init__(folder, connection, catalogue)
        self.keeper = Keeper(self)

    @classmethod
    def create(cls, folder: Path | str, catalogue: Catalogue | None = None) -> Store:
        """Make an empty store in a folder; raises StoreError when one is there already."""
        folder = Path(folder)
        if (folder / FILE).exists():
            raise StoreError(PRESENT.fill(folder=folder))
        private(folder)
        (folder / "originals").mkdir(mode=0o700, exist_ok=True)
        store = cls._connect(folder, catalogue or project_catalogue())
        (folder / FILE).chmod(0o600)
        return store

    @classmethod
    def open(
        cls, folder: Path | str, catalogue: Catalogue | None = None, *, loss_accepted_by: str = "",
        accepted: Callable[[Store], object] | None = None,
    ) -> Store:  # fmt: skip
        """Open a store and bring its tables up to the catalogue; raises StoreError when it is absent, locked or damaged, or has lost
        committed rows (unless somebody accepts the loss, which goes on record; `accepted` raises where they may not); CatalogueError when a formula names what is not there."""
        folder = Path(folder)
        if not (folder / FILE).is_file():
            raise StoreError(ABSENT.fill(folder=folder))
        return cls._connect(folder, catalogue or project_catalogue(), loss_accepted_by, accepted)

    @classmethod
    def _connect(
        cls, folder: Path, catalogue: Catalogue, loss_accepted_by: str = "", accepted: Callable[[Store], object] | None = None
    ) -> Store:
        try:
            connection = connect(folder)
        except duckdb.Error as error:
            raise of_engine(str(error), folder) from error
        store = cls(folder, connection, catalogue)
        try:
            with store._lock:
                lost = auditing.lost(connection, folder)
                if lost is not None and not loss_accepted_by:
                    raise StoreError(lost)
                if pending(connection, catalogue) or set(places.listed(connection)) != set(places.rows_of(catalogue)):
                    before = store.keeper.before_migration()
                    store._migrate()
                    store.keeper.remember(before, "townboard")
                if lost is not None:
                    if accepted is not None:
                        accepted(store)
                    store.note(loss_accepted_by, "accept-loss", detail=lost.en)
                elif auditing.read_head(folder) is None:
                    store.note("townboard", auditing.BEGIN_HEAD)
        except BaseException:
            store.close()
            raise
        return store

    def _migrate(self) -> None:
        with self.write() as cursor:
            for name in migrate(cursor, self.catalogue):
                audit(cursor, "townboard", "migrate", at=utc_now(), detail=name)
