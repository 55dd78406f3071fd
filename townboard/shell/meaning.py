"""Definitions at hand: what a number means, as the help of its tile and as a folded list under every page."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import streamlit as st

from townboard import explain, provenance
from townboard.catalogue import Indicator, unit_words
from townboard.charts.bars import amount
from townboard.shell.asking import seen_data_sets
from townboard.shell.once import for_all
from townboard.shell.quoting import safe
from townboard.shell.view import LOOK_KEY, View
from townboard.shell.visit import house, local_time, say
from townboard.tables import BEGINNING
from townboard.text import Text, listed

TITLE = Text("本页指标是什么意思", "What the numbers on this page mean")
_GOAL = Text("目标", "Goals")


def goal_words(id: str, place: str, year: int, as_of: datetime | None) -> Text | None:
    """`基本目标 60 %、最高目标 80 %,期限 2022-12-31(清徐县,由 专办 于 … 设定)`; None where no goal is set."""
    return _goal_words(house().store.folder, house().store.data_version(), id, place, year, as_of)


@for_all(2048)
def _goal_words(store: Path, version: int, id: str, place: str, year: int, as_of: datetime | None) -> Text | None:
    home = house()
    goal = provenance.goal(home.store, home.catalogue, id, place, year, as_of)
    if goal is None:
        return None
    unit = unit_words(home.catalogue.indicator[id].unit)
    parts = [(Text("基本目标", "basic goal"), goal.basic), (Text("最高目标", "highest goal"), goal.highest)]
    found = [Text(f"{words.zh} {amount(number)} {unit.zh}".strip(), f"{words.en} {amount(number)} {unit.en}".strip())
             for words, number in parts if number is not None]  # fmt: skip
    by = Text("系统预置", "as delivered")
    if goal.since != BEGINNING:
        by = Text("由 {by} 于 {at} 设定", "set by {by} on {at}").fill(by=goal.set_by, at=local_time(goal.since))
    said = Text("{goals},期限 {deadline}({place},{by})", "{goals}, by {deadline} ({place}, {by})")
    whose = home.store.catalogue_at(as_of).org_unit[goal.org_unit].label
    return said.fill(goals=listed(found), deadline=goal.deadline, place=whose, by=by)


def _lines(indicator: Indicator) -> list[tuple[Text, Text]]:
    """Everything that is said of an indicator, its goal as it holds where one looks, with who set it."""
    home, view = house(), st.session_state.get(LOOK_KEY)
    known: View | None = view if isinstance(view, View) else None
    county, year = home.catalogue.settings.county, home.catalogue.settings.action_start.year
    place = (known.unit or known.county) if known else county
    goal = goal_words(indicator.id, place, known.period.year if known else year, known.as_of if known else None)
    said = [(what, words) for what, words in explain.lines(home.catalogue, indicator, county, year) if what != _GOAL]
    return said if goal is None else [*said, (_GOAL, goal)]


def markdown(indicator: Indicator) -> str:
    """An indicator's meaning, line by line."""
    return "  \n".join(f"**{say(what)}** {safe(say(words))}" for what, words in _lines(indicator))


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
