"""The board of the months shown: where every unit's month stands, with words, as the pages about reporting want it."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd

from townboard import reporting
from townboard.charts import kit
from townboard.periods import Period
from townboard.shell.asking import ask
from townboard.shell.view import View, name
from townboard.shell.visit import house, local_time

MONTHS = 12


def first_month(view: View) -> str:
    """The first of the months shown."""
    return str(view.period.plus(1 - MONTHS))


def board(view: View) -> tuple[pd.DataFrame, list[Period]]:
    """`reporting.board` with words, and its months; drafts change no figure and are asked for anew."""
    home, first = house(), first_month(view)
    states = ask(view, "report_state_by_unit_month", first_period=first)
    marks = ask(view, "month_marks_by_unit_month", first_period=first)
    months = reporting.months(states, view.period)
    drafts = {(unit, str(view.period)) for unit in view.units if home.store.draft(unit, view.period) is not None}
    now = datetime.now(UTC).replace(tzinfo=None)
    found = reporting.in_words(reporting.board(states, marks, drafts, home.catalogue, view.units, months, now), home.catalogue)
    found["unit_name"] = [name(code) for code in found["unit"]]
    for moment in ("submitted_at", "deadline"):
        found[f"{moment}_utc"] = found[moment]
        found[moment] = [None if kit.missing(at) else local_time(at) for at in found[moment]]
    return found, months
