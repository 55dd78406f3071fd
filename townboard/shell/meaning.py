"""Definitions at hand: what a number means, as the help of its tile and as a folded list under every page."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import streamlit as st

from townboard import explain, provenance
from townboard.catalogue import Indicator
from townboard.shell.asking import seen_data_sets
from townboard.shell.once import for_all
from townboard.shell.quoting import safe
from townboard.shell.view import LOOK_KEY, View
from townboard.shell.visit import house, local_time, say
from townboard.tables import BEGINNING
from townboard.text import NOTHING, Text

TITLE = Text("本页指标是什么意思", "What the numbers on this page mean")


def goal_words(id: str, place: str, year: int, as_of: datetime | None) -> Text | None:
    """`基本目标 60%、最高目标 80%,期限 2022-12-31(清徐县,由 专办 于 … 设定)`; None where no goal is set."""
    return _goal_words(house().store.folder, house().store.data_version(), id, place, year, as_of)


@for_all(2048)
def _goal_words(store: Path, version: int, id: str, place: str, year: int, as_of: datetime | None) -> Text | None:
    home = house()
    goal = provenance.goal(home.store, home.catalogue, id, place, year, as_of)
    if goal is None:
        return None
    found = explain.goals(home.catalogue.indicator[id], goal.basic, goal.highest)
    by = Text("系统预置", "as delivered")
    if goal.since != BEGINNING:
        by = Text("由 {by} 于 {at} 设定", "set by {by} on {at}").fill(by=goal.set_by, at=local_time(goal.since))
    said = Text("{goals},期限 {deadline}({place},{by})", "{goals}, by {deadline} ({place}, {by})")
    whose = home.store.catalogue_at(as_of).org_unit[goal.org_unit].label
    return said.fill(goals=found, deadline=goal.deadline, place=whose, by=by)


def where() -> tuple[str, int, datetime | None]:
    """The place, the year and the moment whose goals are said: where the visitor looks."""
    view = st.session_state.get(LOOK_KEY)
    if isinstance(view, View):
        return view.unit or view.county, view.period.year, view.as_of
    settings = house().catalogue.settings
    return settings.county, settings.action_start.year, None


def lines(indicator: Indicator, place: str, year: int, as_of: datetime | None) -> list[tuple[Text, Text]]:
    """Everything that is said of an indicator, its goal as it holds there and then, with who set it."""
    return explain.lines(house().catalogue, indicator, goal_words(indicator.id, place, year, as_of) or NOTHING)


def markdown(indicator: Indicator) -> str:
    """An indicator's meaning, line by line."""
    return "  \n".join(f"**{say(what)}** {safe(say(words))}" for what, words in lines(indicator, *where()))


def help_of(id: str) -> str:
    """The help of a number: its name and its meaning."""
    indicator = house().catalogue.indicator[id]
    return f"**{safe(say(indicator.label))}** ({id})  \n{markdown(indicator)}"


def definitions(page: str) -> None:
    """The folded list of a page's indicators, those the visitor may see; nothing on a page that has none."""
    catalogue, seen = house().catalogue, seen_data_sets()
    found = [
        one for one in catalogue.indicators if page in one.pages and (one.source not in catalogue.data_set or one.source in seen)
    ]
    if not found:
        return
    folded = st.expander(say(TITLE), icon=":material/menu_book:", key="townboard_definitions", on_change="rerun")
    if folded.open:
        with folded:
            for indicator in found:
                st.markdown(f"##### {safe(say(indicator.label))} :gray-badge[{indicator.id}]")
                st.markdown(markdown(indicator))
