"""Where a clerk or the office works: one unit, one month. Two boxes, codes in the link; only units the actor may work for."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from townboard import access, desk
from townboard.deadlines import local_date
from townboard.periods import Period
from townboard.shell.url_state import read
from townboard.shell.view import name
from townboard.shell.visit import actor, house, say
from townboard.text import Text

PICKED = "townboard_where"
"""Session key: (unit, period) picked in this visit."""


def this_month() -> Period:
    """The county's calendar month now."""
    today = local_date(datetime.now(UTC).replace(tzinfo=None), house().catalogue.settings)
    return Period(today.year, today.month)


def workplaces(action: str) -> list[str]:
    """The units the visitor may do something for, the own county's first, in official order."""
    catalogue, who = house().catalogue, actor()
    own = catalogue.settings.county
    counties = sorted((unit.code for unit in catalogue.org_units if unit.level == "county"), key=lambda code: (code != own, code))
    return [code for county in counties for code in access.scope(who, catalogue, county) if access.may(who, action, code).allowed]


def _states(units: list[str], months: list[Period]) -> dict[str, dict[str, str]]:
    """Unit → month → state of what was sent."""
    sent = house().store.ask("report_state_by_unit_month", units=units, first_period=str(months[-1]), period=str(months[0]))
    found: dict[str, dict[str, str]] = {}
    for unit, period, state in zip(sent["unit"], sent["period"], sent["state"], strict=True):
        found.setdefault(unit, {})[period] = state
    return found


def _due(unit: str, months: list[Period]) -> list[Period]:
    """The months in which a unit owes something, oldest first."""
    return [period for period in reversed(months) if house().catalogue.due(unit, period)]


def unit_and_month(action: str) -> tuple[str, Period]:
    """Draw the two boxes; give what they say, and write it into the link.

    Where neither link nor visit says: the visitor's unit whose turn it is, and the first month due there.
    """
    home = house()
    units = workplaces(action)
    start = home.catalogue.settings.action_start
    months = desk.months(Period(start.year, 1), this_month())
    asked = read(st.query_params, [], units)
    kept: tuple[str, str] | None = st.session_state.get(PICKED)
    unit = asked.unit or (kept[0] if kept and kept[0] in units else "")
    if not unit:
        own = [code for code in units if home.catalogue.org_unit[code].parent == home.catalogue.org_unit[units[0]].parent]
        unit = own[0] if len(own) == 1 else desk.likely_unit(own, _states(own, months))
    due = _due(unit, months)
    written = asked.period or (kept[1] if kept and kept[0] == unit else "")
    if written in {str(month) for month in months}:
        period = Period.parse(written)
    else:
        period = desk.next_month(_states([unit], months).get(unit, {}), due) or months[0]
    st.session_state["where_unit"], st.session_state["where_month"] = unit, str(period)
    several = len({home.catalogue.org_unit[code].parent for code in units}) > 1
    labels = {
        code: (f"{say(name(home.catalogue.org_unit[code].parent))} · " if several else "") + say(name(code)) for code in units
    }
    words = {str(month): say(month.label) for month in months if month in due or month == period}
    with st.container(horizontal=True):
        st.selectbox(
            say(Text("单位", "Unit")), units, format_func=labels.__getitem__, key="where_unit", on_change=_picked, width=340
        )
        st.selectbox(
            say(Text("月份", "Month")),
            list(words),
            format_func=words.__getitem__,
            key="where_month",
            on_change=_picked,
            width=180,
        )
    st.session_state[PICKED] = (unit, str(period))
    link = {"county": home.catalogue.org_unit[unit].parent, "unit": unit, "period": str(period)}
    if any(st.query_params.get(key) != value for key, value in link.items()):
        st.query_params.update(link)
    return unit, period


def _picked() -> None:
    """A box was changed: the link says so before the next run reads it."""
    unit, month = st.session_state["where_unit"], st.session_state["where_month"]
    st.session_state[PICKED] = (unit, month)
    st.query_params.update({"county": house().catalogue.org_unit[unit].parent, "unit": unit, "period": month})
