"""Which units' figures stand for which month, on which basis: what filters offer and what the line under them says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

import pandas as pd

from townboard import cycle
from townboard.charts.kit import rows
from townboard.cycle import RETURNED
from townboard.periods import Period, span
from townboard.shell.once import for_all
from townboard.shell.visit import house
from townboard.tables import NOW
from townboard.text import Text


class Standing(NamedTuple):
    """One unit's month on one basis; `sent`: when the version that stands was sent (UTC); `forms`: those whose figures stand."""

    unit: str
    period: str
    basis: str
    approved: bool
    sent: datetime
    forms: frozenset[str]


class Unusual(NamedTuple):
    """(unit, month) pairs out of the ordinary: sent back and not sent again, exempt."""

    returned: frozenset[tuple[str, str]]
    exempt: frozenset[tuple[str, str]]


@for_all(64)
def _found(store: str, version: int, scope: tuple[str, ...], as_of: datetime) -> tuple[Standing, ...]:
    answer = house().store.ask("reported_units_by_month", units=scope, as_of=as_of)
    return tuple(
        Standing(
            row.unit,
            row.period,
            row.basis,
            bool(row.approved),
            pd.Timestamp(row.submitted_at).to_pydatetime(),
            frozenset(row.forms.split()),
        )
        for row in rows(answer)
    )


def standings(store: str, version: int, scope: Sequence[str], as_of: datetime | None = None) -> tuple[Standing, ...]:
    """All that stands (stood at `as_of`) for the units of a scope, oldest month first. `store` and `version` are the key: same
    data, same answer."""
    return _found(store, version, tuple(scope), as_of or NOW)


@for_all(64)
def _unusual(store: str, version: int, scope: tuple[str, ...], as_of: datetime) -> Unusual:
    ask = house().store.ask
    states = ask("report_state_by_unit_month", units=scope, as_of=as_of, first_period="", period="9999-12")
    marks = ask("month_marks_by_unit_month", units=scope, as_of=as_of, first_period="", period="9999-12")
    return Unusual(
        frozenset((row.unit, row.period) for row in rows(states) if row.state == RETURNED),
        frozenset((row.unit, row.period) for row in rows(marks) if row.exempt),
    )


def unusual(store: str, version: int, scope: Sequence[str], as_of: datetime | None = None) -> Unusual:
    """What was sent back and who is exempt, in all months. Kept like `standings`."""
    return _unusual(store, version, tuple(scope), as_of or NOW)


def of_month(found: Sequence[Standing], period: Period, basis: str, units: Sequence[str]) -> dict[str, Standing]:
    """Unit → what stands for it in one month on one basis, in the order of `units`."""
    there = {one.unit: one for one in found if one.period == str(period) and one.basis == basis}
    return {unit: there[unit] for unit in units if unit in there}


def months(found: Sequence[Standing], action_start: date) -> list[Period]:
    """The months to choose from, newest first: from the start of the action, or the first report, to the last report."""
    start = Period(action_start.year, action_start.month)
    known = sorted({Period.parse(one.period) for one in found})
    first, last = (min(start, known[0]), known[-1]) if known else (start, start)
    return list(reversed(span(first, last)))


def latest(found: Sequence[Standing], action_start: date) -> Period:
    """The last month with a report; the action's first month while there is none."""
    return months(found, action_start)[0]


def state_words(unit: str, period: Period, as_of: datetime | None) -> Text:
    """Where a unit's month stands in words; at an earlier moment, what had happened to its latest version by then."""
    if as_of is None:
        return house().store.status(unit, period).label
    found = house().store.ask(
        "report_state_by_unit_month", units=(unit,), as_of=as_of, first_period=str(period), period=str(period)
    )
    return cycle.STATES[str(found["state"].iloc[0]) if len(found) else cycle.NOT_SUBMITTED]
