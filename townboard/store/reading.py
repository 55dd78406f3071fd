"""What an open store answers: named queries within a scope, a unit's history, and where a value came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from townboard.catalogue import Catalogue
from townboard.periods import Period
from townboard.store import audit as auditing
from townboard.store import drafts, history, months, originals, places, sources, trace
from townboard.store import versions as version_rows
from townboard.store.asking import query, written
from townboard.store.drafts import Draft
from townboard.store.file import File
from townboard.store.months import Status
from townboard.store.places import Change
from townboard.store.sources import Source
from townboard.submission import History, Key
from townboard.tables import FOREVER, NOW
from townboard.versions import Held, Version

if TYPE_CHECKING:
    import pandas

T = TypeVar("T")
_DATA_VERSION = "select coalesce(max(n), 0) from audit where figures"
_MONTHS_VERSION = f"{_DATA_VERSION} and not (period > $period and action in ('submit', 'returned', 'withdrawn'))"
"""What a report says and what leaves the figures again is seen from its own month on; approval also fills registers, for all months."""
_UNIT_VERSION = f"{_DATA_VERSION} and unit in ('', $unit)"
"""What is known about a unit before its workbook is checked: its own reports and registers, and what the office brings in for everybody."""


class Reading(File):
    """The questions. Asking changes nothing."""

    def __init__(self, folder: Path, connection: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
        super().__init__(folder, connection)
        self.catalogue = catalogue
        self._facts = history.Facts()
        self._histories: dict[tuple[str, Period, int], History] = {}
        self._standing: dict[tuple[Any, ...], tuple[int, Any]] = {}
        self._lists: dict[datetime, Catalogue] = {}

    def _until_written(self, key: tuple[Any, ...], ask: Callable[[], T]) -> T:
        """What is asked at every look, kept until the next write."""
        writes, known = self.writes, self._standing.get(key)
        if known is None or known[0] != writes:
            if len(self._standing) > 4096:
                self._standing.clear()
            known = self._standing[key] = writes, ask()
        found: T = known[1]
        return found

    def _number(self, sql: str, **parameters: str) -> int:
        return self._until_written((sql, *parameters.values()), lambda: int(self.rows(sql, parameters)[0][0]))

    def data_version(self, until: Period | None = None) -> int:
        """A number that rises with every write of figures; what was computed under the same number is still true.

        `until`: only of writes that can be seen in a month up to this one, so that a busy last day leaves earlier months alone.
        """
        return self._number(_DATA_VERSION) if until is None else self._number(_MONTHS_VERSION, period=str(until))

    def unit_version(self, unit: str) -> int:
        """A number that rises with every write that a unit's history can tell of: other units' reports leave it alone."""
        return self._number(_UNIT_VERSION, unit=unit)

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

    def history(self, unit: str, period: Period) -> History:
        """What is known about a unit before its month's workbook is checked, all of one moment; kept until the next write."""
        known = self._histories.get((unit, period, self.unit_version(unit)))
        if known is None:
            with self.snapshot() as rows:
                version = int(rows(_UNIT_VERSION, {"unit": unit})[0][0])
                known = history.of(rows, self.catalogue, unit, period, self._facts)
            if len(self._histories) >= 64:
                self._histories.clear()
            self._histories[unit, period, version] = known
        return known

    def status(self, unit: str, period: Period) -> Status:
        """Where a unit's month stands."""
        return self._until_written(("status", unit, period), lambda: months.status(self.rows, self.catalogue, unit, str(period)))

    def closings(self, unit: str) -> dict[str, date]:
        """The unit's villages that are closed in clean-and-collect, with the month from which."""
        found = self.rows(
            """select r.org_unit, r.since, r.number from register_value r join org_unit p on p.code = r.org_unit
            where r.data_set = ? and r.element = ? and r.to_time = ? and p.to_time = ? and p.unit = ? order by r.since, r.from_time""",
            [*history.CLOSED, FOREVER, FOREVER, unit],
        )
        last = {village: (since, number) for village, since, number in found}
        return {village: since for village, (since, number) in last.items() if number}

    def catalogue_at(self, at: datetime | None) -> Catalogue:
        """The catalogue with the list of places that held at a moment; as it is without one, and where nothing has changed since."""
        if at is None:
            return self.catalogue
        known = self._until_written(("moments",), lambda: places.moments(self.rows))
        began = max((moment for moment in known if moment <= at), default=known[0])
        if began == known[-1]:
            return self.catalogue
        if began not in self._lists:
            self._lists[began] = places.at_moment(self.rows, self.catalogue, began)
        return self._lists[began]

    def places_changed(self, county: str, at: datetime) -> list[Change]:
        """What changed in a county's list of places after a moment, in words, oldest first."""
        return self._until_written(("places changed", county, at), lambda: places.since(self.rows, county, at))

    def draft(self, unit: str, period: Period) -> Draft | None:
        """What lies on the desk for a unit's month (暂存): a workbook with its answers, not sent yet."""
        return drafts.of(self.rows, unit, str(period))

    def drafted(self, period: Period) -> frozenset[str]:
        """The units on whose desk a draft of the month lies."""
        return frozenset(
            unit for (unit,) in self.rows("select unit from draft where period = ? and to_time = ?", [str(period), FOREVER])
        )

    def aliases(self, unit: str) -> list[tuple[str, str, datetime, str]]:
        """The names remembered now: (name, org unit, since, by whom)."""
        return [(name, place, since, by) for name, place, since, by in self.rows(
            "select name, org_unit, from_time, recorded_by from alias where unit = ? and to_time = ? order by from_time, name",
            [unit, FOREVER])]  # fmt: skip

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
        self, unit: str, period: Period, data_set: str, element: str, org_unit: str = "", *, basis: str = "preliminary",
        as_of: datetime | None = None,
    ) -> dict[str, Any] | None:  # fmt: skip
        """Where a stored number came from, in the contract's keys; None when nothing was reported. The latest version unless
        `basis` says approved; the one that stood at `as_of`, if that is given."""
        return trace.of(self, unit, str(period), data_set, element, org_unit or unit, basis, as_of or NOW)

    def original(self, sha256: str) -> bytes:
        """The bytes of a kept workbook; raises KeyError when there is none."""
        return originals.fetch(self.folder / "originals", sha256)

    def verify_audit(self) -> auditing.Verified:
        """Walk the audit chain: a row that was changed, taken out or moved, and an end that was cut, are named."""
        with self._lock, self.cursor() as cursor:
            return auditing.verify(cursor, auditing.read_head(self.folder))
