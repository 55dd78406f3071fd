"""Which unit and which month a clerk comes for, and what is due then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from townboard.catalogue import DataSet
from townboard.periods import Period, span
from townboard.text import Text, same

States = Mapping[str, str]
"""period → state of the latest version sent for it."""


def months(first: Period, now: Period) -> list[Period]:
    """The months a clerk may choose, newest first."""
    return list(reversed(span(first, now)))


def next_month(sent: States, due: Sequence[Period]) -> Period | None:
    """The month a clerk most likely comes for: the latest returned one, else the first due one not yet sent since the unit began
    to report, else the latest due. `due`: oldest first; None when nothing is due.
    """
    returned = [period for period, state in sent.items() if state == "returned"]
    if returned:
        return Period.parse(max(returned))
    if not due:
        return None
    begun = Period.parse(min(sent)) if sent else due[-1]
    return next((period for period in due if period >= begun and str(period) not in sent), due[-1])


def likely_unit(units: Sequence[str], states: Mapping[str, States]) -> str:
    """Of several units, the one whose turn it is in the latest month that anybody reported: one with a returned report first, then one
    that has not sent; else the first.
    """
    latest = max((period for sent in states.values() for period in sent), default="")
    for wanted in ("returned", None):
        for unit in units:
            if latest and states.get(unit, {}).get(latest) == wanted:
                return unit
    return units[0]


def due_words(owed: Sequence[DataSet]) -> Text:
    """`7 张表:封面、村集体经济、…`: the forms that a unit owes in a month."""
    if not owed:
        return Text("本月不需要报送", "Nothing is due this month")
    names = Text("、".join(data_set.sheet for data_set in owed), ", ".join(data_set.label.en for data_set in owed))
    return Text("{n} 张表:{names}", "{n:sheet|sheets}: {names}").fill(n=same(str(len(owed))), names=names)
