"""Cached answers: a question is asked once for each version of the data, scope and parameters.

Keys carry the store's data version, so that a commit is seen at once and nothing is kept by the clock; every cache is bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import pandas as pd

from townboard import access, indicators
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.shell.once import for_all, in_run
from townboard.shell.visit import actor, house
from townboard.store import query, tables_of
from townboard.tables import NOW
from townboard.text import masked

if TYPE_CHECKING:
    from townboard.shell.view import View

P = ParamSpec("P")
T = TypeVar("T")
UNAPPROVED = frozenset({"submission", "event", "finding", "source_place", "value_note"})
"""Tables that tell of submissions whether or not they were approved."""
FREE = ("raw", "message_zh", "message_en", "answer_value", "suggestion", "reason", "title", "text", "note", "remarks", "main_source", "workbook",
        "submitted_by", "state_by", "actor", "answered_by")  # fmt: skip
"""Columns in which people write freely: telephone and identity-card numbers in them are masked wherever they are shown."""
Parameters = tuple[tuple[str, Any], ...]


@for_all(512)
def asked(name: str, store: str, version: int, units: tuple[str, ...], params: Parameters) -> pd.DataFrame:
    """The answer of `queries/<name>.sql`, private numbers masked. `store` and `version` are there for the key: same data, same answer."""
    found = house().store.ask(name, units=units, **dict(params))
    return found.assign(**{
        column: [masked(cell) if isinstance(cell, str) else cell for cell in found[column]] for column in FREE if column in found
    })  # fmt: skip


def ask(view: View, name: str, **params: Any) -> pd.DataFrame:
    """Ask one question for a view. What every question may want (month, basis, as-of, goal) is filled in from the view."""
    settings = catalogue().settings
    known: dict[str, Any] = {
        "period": str(view.period),
        "basis": view.basis,
        "as_of": view.as_of or NOW,
        "county": view.county,
        "goal_income_basis": settings.goal_income_basis,
        "goal_threshold": settings.goal_threshold,
        **params,
    }
    _, wanted = query(name)
    chosen = {key: value for key, value in known.items() if key in wanted or key in params}
    units = scoped(view.units, name, chosen)
    found = asked(name, view.store, view.data_version, units, tuple(sorted(chosen.items())))
    seen = seen_data_sets()
    if "data_set" in found and not seen >= set(catalogue().data_set):
        found = found[found["data_set"].isin([*seen, ""]) | found["data_set"].isna()].reset_index(drop=True)
    return found.copy(deep=False)


@in_run
def seen_data_sets() -> frozenset[str]:
    """The data sets whose figures the visitor may see."""
    return access.data_sets(actor(), catalogue())


def scoped(units: Sequence[str], name: str, given: dict[str, Any]) -> tuple[str, ...]:
    """The units a question may be asked for, whatever the view says: those in the visitor's scope, and none at all where the
    question reads a data set outside the visitor's domain, or, for who sees approved figures only, what nobody has approved.

    No units, no rows. Sets `basis` in `given` to approved for those who see nothing else.
    """
    who, known = actor(), catalogue()
    about = {str(given["data_set"])} if "data_set" in given else set()
    if not (tables_of(name) & set(known.data_set)) | about <= access.data_sets(who, known):
        return ()
    if access.approved_only(who):
        if "basis" in query(name)[1]:
            given["basis"] = "approved"
        elif tables_of(name) & UNAPPROVED:
            return ()
    return tuple(unit for unit in units if access.may(who, access.READ, unit).allowed)


@for_all(1024)
def _read(
    store: str, version: int, period: str, level: str, county: str, units: tuple[str, ...], basis: str, as_of: datetime | None,
    source: str,
) -> dict[str, list[indicators.Reading]]:  # fmt: skip
    """All readings that rest on one source, by indicator id: one question to the store, shared by every page."""
    home = house()
    ids = [indicator.id for indicator in home.catalogue.indicators if indicator.source == source]
    found: dict[str, list[indicators.Reading]] = {id: [] for id in ids}
    for reading in indicators.readings(
        home.store,
        home.catalogue,
        Period.parse(period),
        level=level,
        county=county,
        units=units,
        basis=basis,
        as_of=as_of,
        only=ids,
    ):
        found[reading.id].append(reading)
    return found


def readings(
    view: View, level: str, only: Sequence[str] | None = None, *, period: str = "", units: Sequence[str] | None = None
) -> list[indicators.Reading]:
    """Indicator readings of a view at one level; `only` names indicator ids, `period` another month, `units` fewer units.

    A unit's own readings do not depend on which others are looked at: below the county they are read for the whole scope once.
    """
    catalogue, looked_at = view.catalogue, view.units if units is None else tuple(units)
    who, seen = actor(), seen_data_sets()
    whole = access.scope(who, house().catalogue, view.county)
    looked_at = tuple(unit for unit in looked_at if unit in whole)
    scope = looked_at if level == "county" else whole
    basis = "approved" if access.approved_only(who) else view.basis
    below = {place.code for unit in looked_at for place in (catalogue.org_unit[unit], *catalogue.children(unit, level))}
    found = []
    for indicator in catalogue.indicators:
        if only is None or indicator.id in only:
            within = scope if access.SOURCES.get(indicator.source, indicator.source) in {*seen, ""} else ()
            key = (view.store, view.data_version, period or str(view.period), level, view.county, within, basis, view.as_of)
            own = _read(*key, indicator.source)[indicator.id]
            found += own if level == "county" else [reading for reading in own if reading.org_unit in below]
    return found


@for_all(512, key=lambda draw, key: key)
def _drawn(draw: Callable[[], Any], key: tuple[Any, ...]) -> Any:
    return draw()


def drawn(view: View, key: str, draw: Callable[[], T], *extra: Any) -> T:
    """What `draw` makes for a view, made once: figures, tables and sentences, shared by all visitors and never changed in place.

    Kept under the data's version, scope, filters, language, basis and who has reported; `extra` names what else it depends on.
    """
    scope = (view.store, view.data_version, view.county, str(view.period), view.units, view.basis, str(view.as_of), view.language,
             view.expected, view.reported, view.unapproved, view.returned, view.waiting, view.exempt, view.partial, view.last_sent)  # fmt: skip
    made: T = _drawn(draw, (key, *_sight(view.county), *scope, *extra))
    return made


def per_view(make: Callable[Concatenate[View, P], T]) -> Callable[Concatenate[View, P], T]:
    """Make it once for a view and its further (hashable) arguments, as `drawn` does. What it gives is never changed in place."""

    name = f"{make.__module__}.{make.__qualname__}"

    def made(view: View, /, *args: P.args, **named: P.kwargs) -> T:
        return drawn(view, name, lambda: make(view, *args, **named), *args, *named.values())

    update_wrapper(made, make)
    return made


@in_run
def _sight(county: str) -> tuple[Any, ...]:
    """What of a county the visitor may see: part of the key of whatever is drawn."""
    return seen_data_sets(), access.approved_only(actor()), access.scope(actor(), catalogue(), county)
