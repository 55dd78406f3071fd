"""Where one is: county › unit › village, each a link to it; and the way from a chart on one page to another page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlencode

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from townboard.shell.url_state import Choice, moment_code
from townboard.shell.view import View
from townboard.shell.visit import house, say

TOWNSHIP, COUNTY = "township", "overview"
"""The page of one unit, and the page that its county leads to."""
_ROOMS, _HERE, _GO = "townboard_rooms", "townboard_here", "townboard_go"
"""Session keys: the pages by address, the address of the one that is open, and where a click leads."""


def rooms_are(rooms: Mapping[str, StreamlitPage], here: str) -> None:
    """The front door tells which pages there are (by address), and which one is open."""
    st.session_state[_ROOMS], st.session_state[_HERE] = dict(rooms), here


def is_elsewhere(page: str) -> bool:
    """Whether a page of that address can be gone to from here."""
    return page in st.session_state.get(_ROOMS, {}) and st.session_state.get(_HERE) != page


def go(page: str, **codes: str | None) -> None:
    """Lead to another page at the next run (for callbacks): `codes` over what is picked now.

    Streamlit leaves a step with the new codes on the page that is left. So that the back button finds it as it was, only such codes
    are given as that page passes over: a village, which names its unit.
    """
    st.session_state[_GO] = (page, codes)


def travel() -> None:
    """Go where a click asked to go; nothing otherwise."""
    found = st.session_state.pop(_GO, None)
    rooms: dict[str, StreamlitPage] = st.session_state.get(_ROOMS, {})
    if found is not None and found[0] in rooms:
        page, codes = found
        merged = {**dict(st.query_params), **codes}
        st.switch_page(rooms[page], query_params={key: value for key, value in merged.items() if value})


def codes_of(view: View, *, unit: str | None, village: str | None = None) -> dict[str, str]:
    """The whole link to a place as the view looks at it."""
    clock = house().catalogue.settings.clock_offset_hours
    as_of = moment_code(view.as_of, clock) if view.as_of else None
    return Choice(view.county, str(view.period), unit, view.basis, view.language, village, None, as_of).written()


def addresses(view: View, places: Iterable[str]) -> dict[str, str]:
    """Unit or village code → the address of its page as the view looks at it, for links on a page that is open."""
    known, found = view.catalogue.org_unit, {}
    for code in places:
        below = known[code].level in ("village", "community")
        unit = known[code].parent if below else code
        found[code] = f"{TOWNSHIP}?{urlencode(codes_of(view, unit=unit, village=code if below else None))}"
    return found


def show(view: View, put: Callable[..., None]) -> None:
    """The line county › unit › village. A unit leads to its page, or there back from the village to all of it; where one is stands
    without a link. `put` picks codes on this page: a link to the page that is open would leave its address as it was.
    """
    rooms: dict[str, StreamlitPage] = st.session_state.get(_ROOMS, {})
    here = st.session_state.get(_HERE, "")
    above = COUNTY if here == TOWNSHIP else here
    steps: list[tuple[str, str, dict[str, str | None]]] = [(view.county, above, {"unit": None})]
    if view.unit:
        steps.append((view.unit, TOWNSHIP, {"unit": view.unit, "village": None}))
    if view.village:
        steps.append((view.village, TOWNSHIP, {"village": view.village}))
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="townboard_crumbs"):
        for number, (code, page, codes) in enumerate(steps):
            if number:
                st.markdown("›", width="content")
            is_last = number == len(steps) - 1
            if page == here and not is_last:
                st.button(say(view.name(code)), key=f"townboard_crumb_{number}", type="tertiary", on_click=put, kwargs=codes)
            elif page != here and page in rooms and rooms[page].visibility == "visible":
                whole = codes_of(view, unit=view.unit if number else None, village=view.village if number == 2 else None)
                st.page_link(rooms[page], label=say(view.name(code)), query_params=whole, width="content")
            else:
                st.markdown(f"**{say(view.name(code))}**" if is_last else say(view.name(code)), width="content")
