"""The store: one DuckDB file, the originals beside it, one writer, and a cursor for every question.

It holds and hands out; what a number means is the catalogue's business. Writing is in `commit`, `review` and `office`;
reading in `history`, `trace` and the files of `queries/`.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from townboard import cycle
from townboard.answers import Answer, Answered
from townboard.catalogue import Catalogue, Target
from townboard.loading import catalogue as project_catalogue
from townboard.periods import Period
from townboard.store import aliases, commit, drafts, history, months, moving, office, originals, restoring, sources, trace
from townboard.store import audit as auditing
from townboard.store import versions as version_rows
from townboard.store.asking import query, tables_of, written
from townboard.store.audit import audit
from townboard.store.commit import Receipt, StaleError
from townboard.store.drafts import Draft
from townboard.store.errors import ABSENT, LOST, PRESENT, StoreError, of_disk, of_engine
from townboard.store.keeping import Keeper
from townboard.store.migrations import migrate, org_unit_rows, pending, utc_now
from townboard.store.months import NO_REASON, Status, TransitionError
from townboard.store.office import RegisterRow
from townboard.store.sources import Source
from townboard.submission import History, Key, Submission
from townboard.tables import FOREVER, NOW
from townboard.versions import Held, Version

if TYPE_CHECKING:
    import pandas

__all__ = ["Draft", "Receipt", "StaleError", "Status", "Store", "StoreError", "TransitionError", "query", "tables_of"]

FILE = "townboard.duckdb"
READERS = 2
"""Reading threads. More of them starve the writer; two, served first in first out, did not."""

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": "v1.5.0",
    "autoinstall_known_extensions": False,
}
_DATA_VERSION = "select coalesce(max(n), 0) from audit where figures"
LOG = logging.getLogger("townboard")
DURABLE = "COMMIT succeeded and is durable"
"""What the engine says when a commit is on disk and only the tidying after it failed."""
PATIENCE = 5.0
"""Seconds to wait for readers before the file can be opened again."""
_locks: dict[Path, threading.RLock] = {}


class Store:
    """An open store. Any thread may ask; writers wait for one another."""

    def __init__(self, folder: Path, connection: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
        self.folder = folder
        self.catalogue = catalogue
        self._connection = connection
        self._lock = _locks.setdefault((folder / FILE).resolve(), threading.RLock())
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._facts = history.Facts()
        self._histories: dict[tuple[str, Period, int], History] = {}
        self._head: auditing.Head | None = None
        self.keeper = Keeper(self)
        self._broken = False

    @classmethod
    def create(cls, folder: Path | str, catalogue: Catalogue | None = None) -> Store:
        """Make an empty store in a folder; raises StoreError when one is there already."""
        folder = Path(folder)
        if (folder / FILE).exists():
            raise StoreError(PRESENT.fill(folder=folder))
        (folder / "originals").mkdir(parents=True, exist_ok=True)
        return cls._connect(folder, catalogue or project_catalogue())

    @classmethod
    def open(cls, folder: Path | str, catalogue: Catalogue | None = None, *, loss_accepted_by: str = "") -> Store:
        """Open a store and bring its tables up to the catalogue; raises StoreError when it is absent, locked or damaged, or has lost
        committed rows (unless somebody accepts the loss, which goes on record); CatalogueError when a formula names what is not there."""
        folder = Path(folder)
        if not (folder / FILE).is_file():
            raise StoreError(ABSENT.fill(folder=folder))
        return cls._connect(folder, catalogue or project_catalogue(), loss_accepted_by)

    @classmethod
    def _connect(cls, folder: Path, catalogue: Catalogue, loss_accepted_by: str = "") -> Store:
        try:
            connection = duckdb.connect(folder / FILE, config=_CONFIG)
        except duckdb.Error as error:
            raise of_engine(str(error), folder) from error
        store = cls(folder, connection, catalogue)
        try:
            with store._lock:
                lost = auditing.lost(connection, folder)
                if lost is not None and not loss_accepted_by:
                    raise StoreError(lost)
                if pending(connection, catalogue) or not store._places_agree():
                    before = store.keeper.before_migration()
                    store._migrate()
                    store.keeper.remember(before, "townboard")
                if lost is not None:
                    store.note(loss_accepted_by, "accept-loss", detail=lost.en)
                elif auditing.read_head(folder) is None:
                    store.note("townboard", "begin-audit-head")
        except BaseException:
            store.close()
            raise
        return store

    def _migrate(self) -> None:
        with self.write() as cursor:
            for name in migrate(cursor, self.catalogue):
                audit(cursor, "townboard", "migrate", at=utc_now(), detail=name)

    def _places_agree(self) -> bool:
        found: list[Any] = self._connection.execute("select * from org_unit").fetchall()
        return set(found) == set(org_unit_rows(self.catalogue))

    def close(self) -> None:
        """Wait for the readers and let go of the file."""
        self._readers.shutdown(wait=True)
        self._connection.close()

    def __enter__(self) -> Store:
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
                self._reopen_if_broken()
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
                self._connection = duckdb.connect(self.folder / FILE, config=_CONFIG)
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
            cursor = self._connection.cursor()
            try:
                names = [column[0] for column in cursor.execute(sql, dict(parameters)).description or ()]
                return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            finally:
                cursor.close()

        asked = [self._readers.submit(answer, sql, parameters) for sql, parameters in questions]
        return [future.result() for future in asked]

    def read(self, sql: str, parameters: Mapping[str, Any]) -> pandas.DataFrame:
        """The table one SELECT answers, through the reading threads, first come first served."""

        def answer() -> pandas.DataFrame:
            cursor = self._connection.cursor()
            try:
                return cursor.execute(sql, dict(parameters)).df()
            finally:
                cursor.close()

        return self._readers.submit(answer).result()

    def ask(self, name: str, *, units: Sequence[str], **parameters: Any) -> pandas.DataFrame:
        """Run `queries/<name>.sql`. `units` is the caller's scope and always bound: no units, no rows.

        Left to their defaults when the query has them and the caller does not say: `as_of` (now), `basis` (approved),
        `goal_income_basis`, `goal_threshold` and `county` (the settings). A wrong name or parameter is a bug and raises.
        """
        sql, wanted = query(name)
        settings = self.catalogue.settings
        defaults = {
            "as_of": NOW, "basis": "approved", "goal_income_basis": settings.goal_income_basis,
            "goal_threshold": settings.goal_threshold, "county": settings.county,
        }  # fmt: skip
        given = {"units": list(units), **parameters}
        bound = {key: value for key, value in defaults.items() if key in wanted and given.get(key) is None}
        written = {key: str(value) if isinstance(value, Period) else value for key, value in given.items()}
        return self.read(sql, {**written, **bound})

    def ask_written(self, name: str, *, units: Sequence[str], given: Mapping[str, str]) -> pandas.DataFrame:
        """`ask` with parameters as people write them; raises StoreError naming what exists when a name or a value is wrong."""
        return self.ask(name, units=units, **written(name, given))

    def data_version(self) -> int:
        """A number that rises with every write of figures; what was computed under the same number is still true."""
        return int(self.rows(_DATA_VERSION)[0][0])

    def note(
        self, actor: str, action: str, *, unit: str = "", period: str = "", detail: str = "", at: datetime | None = None
    ) -> None:
        """Put on record what changed no figure: a sign-in, a failure, a download, a change of an account. Caches stay good."""
        with self.write() as cursor:
            audit(cursor, actor, action, at=at or utc_now(), unit=unit, period=period, detail=detail, figures=False)

    def verify_audit(self) -> auditing.Verified:
        """Walk the audit chain: a row that was changed, taken out or moved, and an end that was cut, are named."""
        with self._lock:
            cursor = self._connection.cursor()
            try:
                return auditing.verify(cursor, auditing.read_head(self.folder))
            finally:
                cursor.close()

    def commit(
        self, submission: Submission, answers: Sequence[Answered] = (), *, actor: str, at: datetime | None = None,
        typed_cells: int = 0, data_cells: int = 0, original: bytes, expected_version: int | None = None, reason: str = "",
    ) -> Receipt:  # fmt: skip
        """Commit a workbook as the next version of its unit and month: everything or nothing. `reason`: why, where it is said.

        Raises TransitionError when the month takes no workbook (`cycle`), StaleError when `expected_version` (what the preview saw) is no longer the latest, OpenFindingsError when a question has
        no answer, StoreError when the submission is not there afterwards.
        """
        try:
            originals.keep(self.folder / "originals", original, submission.sha256)
        except OSError as error:
            refused = of_disk(str(error), self.folder)
            if refused is None:
                raise
            raise refused from error
        entry = commit.Entry(submission, tuple(answers), actor, at or utc_now(), typed_cells, data_cells, len(original), reason)
        with self.write() as cursor:
            known = self.history(submission.unit, submission.period)
            receipt = commit.write(cursor, self.catalogue, entry, known, expected_version)
            for name, place in aliases.remembered(answers):
                if aliases.record(cursor, self.catalogue, submission.unit, name, place, actor=actor, at=receipt.at):
                    audit(cursor, actor, "alias", at=receipt.at, unit=submission.unit, detail=f"{name} = {place}")
            drafts.end(cursor, submission.unit, str(submission.period), at=receipt.at)
            unchanged = f" no change: {submission.template['no_change']}" if "no_change" in submission.template else ""
            audit(cursor, actor, "submit", at=receipt.at, unit=submission.unit, period=str(submission.period),
                  detail=f"submission {receipt.submission_id} version {receipt.version} sha256 {receipt.sha256}{unchanged}")  # fmt: skip
        there = self.rows("select count(*) from submission where id = ? and sha256 = ?", [receipt.submission_id, receipt.sha256])
        if there != [(1,)]:
            raise StoreError(LOST.fill(id=receipt.submission_id))
        return receipt

    def restore(
        self, unit: str, period: Period, version: int, *, actor: str, reason: str, at: datetime | None = None,
        expected_version: int | None = None,
    ) -> Receipt:  # fmt: skip
        """Commit an earlier version's workbook anew, with the values it had, as the next version. What it does not hold stays as it is.

        Raises TransitionError without a reason, KeyError for a version that does not exist, and what `commit` raises.
        """
        if not reason.strip():
            raise TransitionError(NO_REASON)
        again = restoring.submission(self.rows, self.catalogue, unit, period, version)
        said = f"恢复第{version}版 / version {version} restored: {reason.strip()}"
        return self.commit(
            again, actor=actor, at=at, original=self.original(again.sha256), expected_version=expected_version, reason=said
        )

    def transition(
        self, unit: str, period: Period, event: str, *, actor: str, at: datetime | None = None, reason: str = "",
        expected: int | None = None, due: datetime | None = None,
    ) -> Status:  # fmt: skip
        """Let an event of `cycle.EVENTS` happen to a unit's month, only to the submission `expected` where one is named; where it stands
        then. `due`: the deadline of an extension. Raises TransitionError when its state does not allow it."""
        moment = at or utc_now()
        with self.write() as cursor:
            moving.happen(
                cursor, self.catalogue, self._facts, unit, str(period), event, actor=actor, at=moment, reason=reason, expected=expected,
                due=due,
            )  # fmt: skip
            audit(cursor, actor, event, at=moment, unit=unit, period=str(period), detail=reason)
        return self.status(unit, period)

    def lock(self, county: str, period: Period, *, actor: str, at: datetime | None = None, reason: str = "") -> list[str]:
        """Lock a month for all units of a county, or none; the units locked now. Raises TransitionError while any waits for a decision."""
        moment = at or utc_now()
        with self.write() as cursor:
            units = moving.lock_all(cursor, self.catalogue, county, str(period), actor=actor, at=moment, reason=reason)
            for unit in units:
                audit(cursor, actor, cycle.LOCK, at=moment, unit=unit, period=str(period), detail=reason)
        return units

    def status(self, unit: str, period: Period) -> Status:
        """Where a unit's month stands."""
        return months.status(self.rows, self.catalogue, unit, str(period))

    def register(
        self, rows: Sequence[RegisterRow], goals: Sequence[Target] = (), *, actor: str, at: datetime | None = None, source: str = ""
    ) -> int:  # fmt: skip
        """Record the office's values (registers, baselines, closed villages) and goals, all or none; the earlier ones stay readable.
        How many changed."""
        moment = at or utc_now()
        with self.write() as cursor:
            changed = office.record_register(cursor, self.catalogue, rows, actor=actor, at=moment, source=source)
            set_anew = office.record_targets(cursor, self.catalogue, goals, actor=actor, at=moment, source=source)
            for action, count in (("register", changed), ("targets", set_anew)):
                if count:
                    audit(cursor, actor, action, at=moment, detail=f"{count} values; {source}".strip("; "))
        return changed + set_anew

    def closings(self, unit: str) -> dict[str, date]:
        """The unit's villages that are closed in clean-and-collect, with the month from which."""
        found = self.rows(
            """select r.org_unit, r.since, r.number from register_value r join org_unit p on p.code = r.org_unit
            where r.data_set = ? and r.element = ? and r.to_time = ? and p.unit = ? order by r.since, r.from_time""",
            [*history.CLOSED, FOREVER, unit],
        )
        last = {village: (since, number) for village, since, number in found}
        return {village: since for village, (since, number) in last.items() if number}

    def targets(self, rows: Sequence[Target], *, actor: str, at: datetime | None = None, source: str = "") -> int:
        """Record basic and highest goals; the earlier ones stay readable. How many changed."""
        return self.register([], rows, actor=actor, at=at, source=source)

    def draft(self, unit: str, period: Period) -> Draft | None:
        """What lies on the desk for a unit's month (暂存): a workbook with its answers, not sent yet."""
        return drafts.of(self.rows, unit, str(period))

    def keep_draft(
        self, unit: str, period: Period, workbook: str, data: bytes, answers: Sequence[Answer], *, actor: str,
        at: datetime | None = None,
    ) -> None:  # fmt: skip
        """Keep a workbook with its answers for its unit's month, in place of the draft that was there."""
        moment, sha256 = at or utc_now(), hashlib.sha256(data).hexdigest()
        originals.keep(self.folder / "originals", data, sha256)
        with self.write() as cursor:
            new = drafts.keep(cursor, unit, str(period), sha256, workbook, len(data), answers, actor=actor, at=moment)
            detail = f"{'kept' if new else 'updated'}, {len(answers)} answers, sha256 {sha256}"
            audit(cursor, actor, "draft", at=moment, unit=unit, period=str(period), detail=detail, figures=False)

    def end_draft(self, unit: str, period: Period, *, actor: str, at: datetime | None = None) -> bool:
        """Discard the draft of a month; whether one was there."""
        moment = at or utc_now()
        with self.write() as cursor:
            known = drafts.end(cursor, unit, str(period), at=moment)
            if known:
                audit(cursor, actor, "end-draft", at=moment, unit=unit, period=str(period), figures=False)
        return known

    def alias(self, unit: str, name: str, org_unit: str, *, actor: str, at: datetime | None = None) -> bool:
        """Remember a name for one of the unit's places; whether anything changed. Raises StoreError for a place of another unit."""
        moment = at or utc_now()
        with self.write() as cursor:
            changed = aliases.record(cursor, self.catalogue, unit, name, org_unit, actor=actor, at=moment)
            if changed:
                audit(cursor, actor, "alias", at=moment, unit=unit, detail=f"{name} = {org_unit}")
        return changed

    def end_alias(self, unit: str, name: str, org_unit: str, *, actor: str, at: datetime | None = None) -> bool:
        """Forget a name for a place from now on; whether it was known."""
        moment = at or utc_now()
        with self.write() as cursor:
            known = aliases.end(cursor, unit, name, org_unit, actor=actor, at=moment)
            if known:
                audit(cursor, actor, "end-alias", at=moment, unit=unit, detail=f"{name} = {org_unit}")
        return known

    def aliases(self, unit: str) -> list[tuple[str, str, datetime, str]]:
        """The names remembered now: (name, org unit, since, by whom)."""
        return [(name, place, since, by) for name, place, since, by in self.rows(
            "select name, org_unit, from_time, recorded_by from alias where unit = ? and to_time = ? order by from_time, name",
            [unit, FOREVER])]  # fmt: skip

    @contextmanager
    def snapshot(self) -> Iterator[history.Rows]:
        """Several SELECTs of one moment: what is committed meanwhile is not seen by any of them."""
        with self.cursor() as cursor:

            def rows(sql: str, parameters: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
                return cursor.execute(sql, parameters or None).fetchall()

            cursor.begin()
            try:
                yield rows
            finally:
                cursor.rollback()

    def history(self, unit: str, period: Period) -> History:
        """What is known about a unit before its month's workbook is checked, all of one moment; kept until the next write."""
        with self.snapshot() as rows:
            key = (unit, period, int(rows(_DATA_VERSION, ())[0][0]))
            known = self._histories.get(key)
            if known is None:
                known = history.of(rows, self.catalogue, unit, period, self._facts)
                if len(self._histories) >= 64:
                    self._histories.clear()
                self._histories[key] = known
        return known

    def sources(
        self, data_set: str, period: Period, elements: Sequence[str], *, units: Sequence[str], basis: str,
        as_of: datetime | None = None,
    ) -> dict[tuple[str, str], Source]:  # fmt: skip
        """(row, element) → workbook, version, sheet and cell, for all values of some units and a month."""
        form = self.catalogue.data_set[data_set]
        with self.snapshot() as rows:
            return sources.of(rows, form, str(period), elements, units=units, basis=basis, as_of=as_of)

    def versions(self, unit: str, period: Period) -> list[Version]:
        """The versions of a unit's month, newest first."""
        return version_rows.of(self.rows, self.catalogue, unit, str(period))

    def version_values(self, unit: str, period: Period, version: int) -> dict[Key, Held]:
        """The values that stood once a version was committed, for `versions.differences`; empty when there is no such version."""
        return version_rows.values(self.rows, self.catalogue, unit, str(period), version)

    def trace(
        self, unit: str, period: Period, data_set: str, element: str, org_unit: str = "", *, basis: str = "preliminary"
    ) -> dict[str, Any] | None:
        """Where a stored number came from, in the contract's keys; None when nothing was reported. The latest version unless
        `basis` says approved."""
        return trace.of(self, unit, str(period), data_set, element, org_unit or unit, basis)

    def original(self, sha256: str) -> bytes:
        """The bytes of a kept workbook; raises KeyError when there is none."""
        return originals.fetch(self.folder / "originals", sha256)
