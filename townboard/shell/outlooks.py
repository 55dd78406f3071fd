"""The goal's outlook for a view, asked once for each version of the data: history, forecast, and what the checks noted."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from townboard import forecast
from townboard.charts import goal_tiles as figures
from townboard.charts import goal_words, kit
from townboard.charts import outlook as outlook_words
from townboard.indicators import Reading
from townboard.shell.asking import ask, drawn, per_view, readings, seen_data_sets
from townboard.shell.meaning import help_of
from townboard.shell.panels import tile
from townboard.shell.tiles import incomplete
from townboard.shell.view import View
from townboard.shell.visit import house, say
from townboard.text import Text

_MEANS = {"share": "CE01", "gap": "CE02", "forecast": "CE04"}
"""Tile → the indicator that it shows."""
_CARRIED = Text(
    "这里未报的村按今年最近一次报数推算;指标 CE04 只推算当月有数的村,未报的不算达标,所以比这里低。",
    "Here a missing village is carried forward from its newest report of the year; the indicator CE04 carries only villages with a figure this "
    "month and counts the missing as not there, so it is lower.",
)


def history(view: View) -> pd.DataFrame:
    """Every village's incomes from January of last year to the view's month (see `forecast`)."""
    return ask(view, "income_history_by_village", first_period=f"{view.period.year - 1}-01")


def whole(view: View) -> Reading | None:
    """The goal's own reading (CE01): of the county, or of the unit that is looked at; None for who sees no village income."""
    return next(iter(readings(view, "township" if view.unit else "county", ("CE01",))), None)


def outlook(view: View) -> forecast.Outlook | None:
    """The outlook of the places looked at; None where no village is in the goal or no goal is set."""
    reading, settings = whole(view), house().catalogue.settings
    catalogue = view.catalogue
    count = sum(place.in_goal_denominator for unit in view.units for place in catalogue.children(unit, "village"))
    basic = reading.basic if reading else None
    if not count or basic is None:
        return None
    return drawn(view, "outlook", lambda: forecast.outlook(
        history(view), view.period, count, basic=basic, threshold=settings.goal_threshold, basis=settings.goal_income_basis,
    ))  # fmt: skip


def notes(view: View) -> pd.DataFrame:
    """What the checks noted about the way the month's figures came about (stale, rounded, hurried), and what was explained."""
    return ask(view, "data_notes_by_unit")


@per_view
def _short(view: View, gap: int) -> float:
    """What the nearest villages that would close the gap still lack together (万元)."""
    threshold = house().catalogue.settings.goal_threshold
    nearest = forecast.cheapest(forecast.latest(history(view), view.period), gap, threshold=threshold)
    return float(nearest["short"].sum())


def goal_tiles(view: View) -> None:
    """The finding, then four tiles: share, gap, time and pace, forecast. Each says its finding in a sentence."""
    if "village_economy" not in seen_data_sets():
        return
    reading, operating = readings(view, "township" if view.unit else "county", ("CE01", "CE05"))
    found, settings = outlook(view), house().catalogue.settings
    if found is None:
        words = Text("所选单位没有纳入60%目标的村。", "The unit has no village in the 60% goal.")
        if reading.basic is None and reading.denominator:
            words = Text("{y}年没有设定目标:{n}/{of} 个村达到30万元,只供了解。", "No goal is set for {y}: {n} of {of:village|villages} at 300,000 yuan, for context.").fill(
                y=view.period.year, n=kit.number(reading.numerator), of=kit.number(reading.denominator))  # fmt: skip
        st.info(say(words), icon=":material/info:")
        return
    shown = figures.tiles(reading, operating, found, _short(view, found.gap_known), settings.action_end, date.today())
    with st.container(key="goal"):
        words = goal_words.standing(view.period.label, reading.numerator, reading.denominator, reading.basic)
        st.subheader(say(words), anchor=False)
    with st.container(key="goal_tiles"):
        columns = st.columns(len(shown))
    for column, one in zip(columns, shown, strict=True):
        meaning = help_of(_MEANS[one.key]) if one.key in _MEANS else ""
        if one.key == "forecast":
            meaning = f"{say(_CARRIED)}\n\n{meaning}"
        with column:
            tile(one.label, say(one.value), status=one.status, detail=one.detail, note=one.note, key=f"tile_{one.key}",
                 incomplete=incomplete(reading) if one.counts_units else None, finding=one.finding, meaning=meaning)  # fmt: skip
    bases = outlook_words.bases_words(found)
    if bases is not None:
        st.caption(say(bases))
