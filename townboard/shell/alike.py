"""Like with like: the units on which one month may be compared with another, form by form."""

from __future__ import annotations

from collections.abc import Sequence

from townboard import comparing
from townboard.indicators import Reading
from townboard.periods import Period
from townboard.shell.asking import readings
from townboard.shell.view import View, same_units


def by_source(view: View, period: Period, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Form → the units that reported it for the view's month and another one, with as many villages or communities both times."""
    catalogue, both = view.catalogue, same_units(view, period)
    now = readings(view, "township", ids, units=both) if both else []
    before = readings(view, "township", ids, units=both, period=str(period)) if both else []
    alike = comparing.alike(now, before)
    sources = dict.fromkeys(catalogue.indicator[id].source for id in ids)
    found = {}
    for source in sources:
        own = {id for id in ids if catalogue.indicator[id].source == source}
        found[source] = tuple(unit for unit in both if any((unit, id) in alike for id in own))
    return found


def pair(view: View, period: Period, ids: Sequence[str]) -> tuple[list[Reading], list[Reading]]:
    """The readings of the whole (or of the unit looked at) for the view's month and another one, each form on its units alone."""
    catalogue, level = view.catalogue, "township" if view.unit else "county"
    ids = comparing.comparable(catalogue, ids, view.period, period)
    now: list[Reading] = []
    before: list[Reading] = []
    for source, units in by_source(view, period, ids).items():
        own = [id for id in ids if catalogue.indicator[id].source == source]
        if units:
            now += readings(view, level, own, units=units)
            before += readings(view, level, own, units=units, period=str(period))
    return now, before
