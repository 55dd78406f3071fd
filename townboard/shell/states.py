"""The board of the months shown: where every unit's month stands, with words, as the pages about reporting want it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pandas as pd

from townboard import reporting
from townboard.charts import kit
from townboard.periods import Period
from townboard.shell.asking import ask, per_view
from townboard.shell.view import View, name
from townboard.shell.visit import house, local_time

MONTHS = 12


def first_month(view: View) -> str:
    """The first of the months shown."""
    return str(view.period.plus(1 - MONTHS))


@dataclass(frozen=True, slots=True)
class Moment:
    """What the board depends on beside the figures: the time (naive UTC, to five minutes), and the units on whose desk a draft lies."""

    now: datetime
    drafts: frozenset[str]


def this_moment(view: View) -> Moment:
    """Drafts change no figure: they are asked for anew, as is the time."""
    now = datetime.now(UTC).replace(tzinfo=None, second=0, microsecond=0)
    return Moment(now - timedelta(minutes=now.minute % 5), house().store.drafted(view.period) & set(view.units))


@per_view
def board(view: View, moment: Moment) -> tuple[pd.DataFrame, list[Period]]:
    """`reporting.board` with words, and its months."""
    home, first = house(), first_month(view)
    states = ask(view, "report_state_by_unit_month", first_period=first)
    marks = ask(view, "month_marks_by_unit_month", first_period=first)
    months = reporting.months(states, view.period)
    drafts = {(unit, str(view.period)) for unit in moment.drafts}
    found = reporting.in_words(
        reporting.board(states, marks, drafts, home.catalogue, view.units, months, moment.now), home.catalogue
    )
    found["unit_name"] = [name(code) for code in found["unit"]]
    for column in ("submitted_at", "deadline"):
        found[f"{column}_utc"] = found[column]
        found[column] = [None if kit.missing(at) else local_time(at) for at in found[column]]
    return found, months
