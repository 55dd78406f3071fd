"""The store's file while it is open: one writer at a time, a cursor for every question, and opening again after a full disk."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import duckdb

from townboard.store import audit as auditing
from townboard.store.errors import of_disk, of_engine

if TYPE_CHECKING:
    import pandas

FILE = "townboard.duckdb"
STORAGE = "v1.5.0"
"""The storage format of the store and its copies: one version of DuckDB back can still open them."""
READERS = 2
"""Reading threads. More of them starve the writer; two, served first in first out, did not."""
LOG = logging.getLogger("townboard")
DURABLE = "COMMIT succeeded and is durable"
"""What the engine says when a commit is on disk and only the tidying after it failed."""
PATIENCE = 5.0
"""Seconds to wait for readers before the file can be opened again."""

Rows = Callable[[str, Mapping[str, Any] | Sequence[Any]], list[tuple[Any, ...]]]
"""How SQL is asked: `File.rows`, or the cursor of a transaction."""

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": STORAGE,
    "autoinstall_known_extensions": False,
    "disabled_optimizers": "compressed_materialization",  # in 2.0.0 it casts some sums of joined rows to one byte and fails
}


@dataclass(slots=True)
class _Desk:
    """What all that have a file open in this process share: whose turn it is to write, and how many transactions were committed."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    writes: int = 0


_desks: dict[Path, _Desk] = {}


def private(folder: Path) -> None:
    """Make a folder that no other account of the machine can look into; one that holds something already keeps its modes."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not any(folder.iterdir()):
        folder.chmod(0o700)


def connect(folder: Path) -> duckdb.DuckDBPyConnection:
    """Open the file in a folder, or make it; raises duckdb.Error."""
    return duckdb.connect(folder / FILE, config=_CONFIG)


class File:
    """An open file. Any thread may ask; writers wait for one another."""

    def __init__(self, folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.folder = folder
        self._connection = connection
        self._desk = _desks.setdefault((folder / FILE).resolve(), _Desk())
        self._lock = self._desk.lock
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._head: auditing.Head | None = None
        self._broken = False

    @property
    def writes(self) -> int:
        """Transactions committed since the file was first opened: what was read under the same number still stands."""
        return self._desk.writes

    def close(self) -> None:
        """Wait for the readers and let go of the file."""
        self._readers.shutdown(wait=True)
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def write(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """One transaction, alone: commits at the end, rolls back and re-raises whatever went wrong inside.

        Raises StoreError where the disk refused; nothing was written then.
        """
        with self._lock:
            self._reopen_if_broken()
            try:
                with self.cursor() as cursor:
                    cursor.begin()
                    try:
                        yield cursor
                    except BaseException:
                        cursor.rollback()
                        raise
                    cursor.commit()
            except (duckdb.Error, OSError) as error:
                self._broken = isinstance(error, duckdb.FatalException)
                if DURABLE not in str(error):
                    refused = of_disk(str(error), self.folder)
                    if refused is None:
                        raise
                    raise refused from error
                LOG.error("the commit is safe, and the store must be opened again: %s", error)
                self._desk.writes += 1
                self._reopen_if_broken()
            else:
                self._desk.writes += 1
            with self.cursor() as cursor:
                self._note_head(cursor)

    def _reopen_if_broken(self) -> None:
        """Open the file again after the engine gave it up, as it does when the disk is full; committed rows are all there."""
        if not self._broken:
            return
        self._connection.close()
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self._connection = connect(self.folder)
                self._connection.execute("select 1")
                break
            except duckdb.Error as error:  # the old instance lives as long as a reader's cursor
                if time.monotonic() > end:
                    raise of_engine(str(error), self.folder) from error
                time.sleep(0.02)
        self._broken = False

    def _note_head(self, cursor: duckdb.DuckDBPyConnection) -> None:
        head = auditing.head(cursor)
        if head != self._head:
            auditing.write_head(self.folder, head)
            self._head = head

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of one's own, outside the queue of readers. For the store's own rooms."""
        cursor = self._connection.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def rows(self, sql: str, parameters: Mapping[str, Any] | Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of one SELECT, on a cursor of its own and in the caller's thread. For the engine's own SQL."""
        with self.cursor() as cursor:
            return cursor.execute(sql, parameters or None).fetchall()

    def records(self, questions: Sequence[tuple[str, Mapping[str, Any]]]) -> list[list[dict[str, Any]]]:
        """The rows of several SELECTs as dicts by column, asked through the reading threads together. For the engine's own SQL."""

        def answer(sql: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
            with self.cursor() as cursor:
                names = [column[0] for column in cursor.execute(sql, dict(parameters)).description or ()]
                return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

        asked = [self._readers.submit(answer, sql, parameters) for sql, parameters in questions]
        return [future.result() for future in asked]

    def read(self, sql: str, parameters: Mapping[str, Any]) -> pandas.DataFrame:
        """The table one SELECT answers, through the reading threads, first come first served."""

        def answer() -> pandas.DataFrame:
            with self.cursor() as cursor:
                return cursor.execute(sql, dict(parameters)).df()

        return self._readers.submit(answer).result()

    @contextmanager
    def snapshot(self) -> Iterator[Rows]:
        """Several SELECTs of one moment: what is committed meanwhile is not seen by any of them."""
        with self.cursor() as cursor:

            def rows(sql: str, parameters: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
                return cursor.execute(sql, parameters or None).fetchall()

            cursor.begin()
            try:
                yield rows
            finally:
                cursor.rollback()
