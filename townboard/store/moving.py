"""One event of a unit's month, inside the store's transaction: checked against the table (`cycle`), then carried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import duckdb

from townboard import cycle
from townboard.catalogue import Catalogue
from townboard.periods import Period
from townboard.store import months, review
from townboard.store.history import Facts
from townboard.store.months import Status, TransitionError
from townboard.text import Text, listed


def here(cursor: duckdb.DuckDBPyConnection, catalogue: Catalogue, unit: str, period: str) -> Status:
    """Where the month stands, as the transaction sees it."""

    def rows(sql: str, parameters: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
        return cursor.execute(sql, parameters).fetchall()

    return months.status(rows, catalogue, unit, period)


def happen(
    cursor: duckdb.DuckDBPyConnection, catalogue: Catalogue, facts: Facts, unit: str, period: str, event: str, *, actor: str, at: datetime,
    reason: str, expected: int | None = None, due: datetime | None = None, about: str = "",
) -> None:  # fmt: skip
    """Let an event happen, only to the submission `expected` where one is named. `due`: the new deadline of an extension; `about`: the working group that checked.

    Raises TransitionError when the month's state does not allow it, ValueError for an event that nobody knows, and for a workbook's
    arrival, which is a commit.
    """
    if event not in cycle.EVENTS or event == cycle.SENT:
        raise ValueError(f"{event!r} is no event that can be asked for; there are {', '.join(cycle.EVENTS)}")
    stands = here(cursor, catalogue, unit, period)
    months.require(catalogue, stands, event, reason)
    if expected is not None and stands.submission_id != expected:
        raise TransitionError(Text("已有更新的版本,请重新查看后再办理", "A newer version has arrived; look at it first"))
    if event in (cycle.APPROVE, cycle.SEND_BACK, cycle.WITHDRAWN):
        review.decide(cursor, catalogue, facts, stands, event, actor=actor, at=at, reason=reason.strip())
    else:
        until = months.until(stands, event, due)
        months.record(cursor, stands, event, actor=actor, at=at, reason=reason, due=until, about=about)
        if event == cycle.CLOSE_CORRECTION:
            months.take_back(cursor, stands, actor=actor, at=at, reason=reason)


def lock_all(
    cursor: duckdb.DuckDBPyConnection, catalogue: Catalogue, county: str, period: str, *, actor: str, at: datetime, reason: str
) -> list[str]:
    """Lock a month for every unit of a county; the units that were locked now. Exempt units stay so.

    Raises TransitionError naming the units that wait for a decision or a correction: none is locked then.
    """
    found = [here(cursor, catalogue, unit.code, period) for unit in catalogue.expected_units(county, Period.parse(period))]
    busy = [one for one in found if one.state in (*cycle.WAITING, cycle.CORRECTING, cycle.CORRECTION_RETURNED)]
    if busy:
        names = [catalogue.org_unit[one.unit].label for one in busy]
        raise TransitionError(
            Text(
                "尚有单位待审或正在更正,不能锁定:{names}", "Not locked: these wait for a decision or a correction: {names}"
            ).fill(names=listed(names))
        )
    free = [one for one in found if cycle.move(one.state, cycle.LOCK)]
    for one in free:
        months.record(cursor, one, cycle.LOCK, actor=actor, at=at, reason=reason, due=None)
    return [one.unit for one in free]
