"""Cached answers: a question is asked once for each version of the data, scope and parameters.

Keys carry the store's data version, so that a commit is seen at once and nothing is kept by the clock; every cache is bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd
import streamlit as st

from townboard import access, indicators
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.shell.visit import actor, house
from townboard.store import query, tables_of
from townboard.tables import NOW
from townboard.text import masked

if TYPE_CHECKING:
    from townboard.shell.view import View

T = TypeVar("T")
UNAPPROVED = frozenset({"submission", "event", "finding", "source_place", "value_note"})
"""Tables that tell of submissions whether or not they were approved."""
FREE = ("raw", "message_zh", "message_en", "answer_value", "suggestion", "reason", "title", "text", "note", "remarks", "main_source", "workbook",
        "submitted_by", "state_by", "actor", "answered_by")  # fmt: skip
"""Columns in which people write freely: telephone and identity-card numbers in them are masked wherever they are shown."""
Parameters = tuple[tuple[str, Any], ...]


@st.cache_data(max_entries=512, show_spinner=False)
def asked(name: str, store: str, version: int, units: tuple[str, ...], params: Parameters) -> pd.DataFrame:
    """The answer of `queries/<name>.sql`. `store` and `version` are there for the key: same data, same answer."""
    return house().store.ask(name, units=units, **dict(params))


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
    return found.assign(**{
        column: [masked(cell) if isinstance(cell, str) else cell for cell in found[column]] for column in FREE if column in found
    })  # fmt: skip


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


@st.cache_resource(max_entries=1024, show_spinner=False)
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
    catalogue, looked_at = house().catalogue, view.units if units is None else tuple(units)
    who, seen = actor(), seen_data_sets()
    whole = access.scope(who, catalogue, view.county)
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


@st.cache_resource(max_entries=256, show_spinner=False)
def _drawn(_draw: Callable[[], Any], key: tuple[Any, ...]) -> Any:
    return _draw()


def drawn(view: View, key: str, draw: Callable[[], T], *extra: Any) -> T:
    """What `draw` makes for a view, made once: figures, tables and sentences, shared by all visitors and never changed in place.

    Kept under the data's version, scope, filters, language and basis; `extra` names what else it depends on.
    """
    who = (tuple(sorted(seen_data_sets())), access.approved_only(actor()), access.scope(actor(), catalogue(), view.county))
    scope = (view.store, view.data_version, view.county, str(view.period), view.units, view.basis, str(view.as_of), view.language)
    made: T = _drawn(draw, (key, *who, *scope, *extra))
    return made
