"""From a chart into what it shows: a click on a unit, a village or a band, as codes in the link; and what is marked as picked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, NamedTuple

import streamlit as st

from townboard.charts import large, marking
from townboard.charts.kit import NOT_REPORTED, Figure
from townboard.charts.plotly_words import plotly_config
from townboard.comparing import BANDS
from townboard.shell import crumbs, modes
from townboard.shell.drawing import Drawn
from townboard.shell.filters import put
from townboard.shell.view import View
from townboard.shell.visit import house, say
from townboard.text import Language, Text

BANDS_CHART = "bands"
"""The chart whose columns are income bands."""
CLICK = Text("点图中的单位或村可查看", "click a unit or village to look at it")
CLICK_ROW = Text("点单位或村名可查看", "click a unit or village to open its page")
CLICK_BAND = Text("点一档只看这一档的村", "click a band to see its villages")


class Places(NamedTuple):
    """What a name in a chart may mean: units by name, villages by name (several may share one)."""

    units: dict[str, str]
    villages: dict[str, tuple[str, ...]]


def _places(view: View) -> Places:
    return _named(view.store, view.as_of, view.wide.units, view.language)


@lru_cache(maxsize=256)
def _named(store: str, at: datetime | None, units: tuple[str, ...], language: Language) -> Places:
    """`store` is there for the key: another store, another list."""
    known = house().store.catalogue_at(at)
    villages: dict[str, tuple[str, ...]] = {}
    for unit in units:
        for level in ("village", "community"):
            for place in known.children(unit, level):
                label = place.label.say(language)
                villages[label] = (*villages.get(label, ()), place.code)
    return Places({known.org_unit[unit].label.say(language): unit for unit in units}, villages)


def band_label(code: str, language: Language) -> str:
    """What stands under a band's column: `10–30`, `≥100`, `未报`."""
    if code == "none":
        return NOT_REPORTED.say(language).replace(" ", "<br>")
    low, high = BANDS[int(code) - 1]
    return f"≥{low:g}" if high is None else f"{low:g}–{high:g}"


def meant(key: str, point: Mapping[str, Any], view: View) -> dict[str, str | None]:
    """The codes that a clicked point means, {} where it means nothing we can look at. Picking what is picked lets it go."""
    if key == BANDS_CHART:
        clicked = "none" if point.get("curve_number") else str(int(point.get("point_index", 0)) + 1)
        return {"band": None if clicked == view.band else clicked}
    carried = point.get("customdata") or ()
    labels = [point.get("y"), point.get("x"), *(carried if isinstance(carried, list | tuple) else (carried,))]
    said = [part for label in labels if isinstance(label, str) for part in label.split("<br>")]
    names = [marking.head(part) for part in said]
    places, known = _places(view), view.catalogue.org_unit
    unit = next((places.units[one] for one in names if one in places.units), None)
    for one in names:
        found = [code for code in places.villages.get(one, ()) if unit is None or known[code].parent == unit]
        found = [code for code in found if view.unit is None or known[code].parent == view.unit]
        if len(found) == 1:
            return {"unit": known[found[0]].parent, "village": None if found[0] == view.village else found[0]}
    if unit is None:
        return {}
    return {"unit": None if unit in (view.unit, view.picked) else unit}


def can_click(key: str, figure: Mapping[str, Any], view: View) -> Text | None:
    """What a click on a chart does, in words; None where its rows are no places."""
    if key == BANDS_CHART:
        return CLICK_BAND
    places = _places(view)
    named = marking.names_in(figure)
    return CLICK if named & (places.units.keys() | places.villages.keys()) else None


def plotted(figure: Mapping[str, Any], key: str, alt: Text, view: View) -> tuple[Figure, Text | None]:
    """Draw a chart with what is picked and what is preliminary marked, clickable where its rows are places; give the figure as it
    is drawn, and what a click does."""
    picked, preliminary = marks(view)
    shown = marking.marked(figure, picked=picked, preliminary=preliminary, language=view.language)
    hint, widget, config = can_click(key, figure, view), f"chart_{key}", plotly_config(view.language)
    if modes.is_wall():
        st.plotly_chart(Drawn(large.enlarged(shown)), theme="streamlit", key=widget, alt=say(alt), config=config)
        return shown, None
    if hint is None:
        st.plotly_chart(Drawn(shown), theme="streamlit", key=widget, alt=say(alt), config=config)
    else:
        st.plotly_chart(Drawn(shown), theme="streamlit", key=widget, alt=say(alt), config=config, selection_mode="points",
                        on_select=partial(follow, key, widget, view))  # fmt: skip
    return shown, hint


def follow(key: str, widget: str, view: View) -> None:
    """A point of a chart was clicked: the link says so before the next run; a village opens on its unit's page."""
    points = st.session_state[widget]["selection"]["points"]
    codes = meant(key, points[0], view) if points else {}
    if not codes:
        return
    if codes.get("village") and crumbs.is_elsewhere(crumbs.TOWNSHIP):
        crumbs.go(crumbs.TOWNSHIP, village=codes["village"])
    else:
        put(**codes)


def marks(view: View) -> tuple[set[str], set[str]]:
    """(names picked, names of units whose figures are not approved yet) as charts write them."""
    picked = {say(view.name(code)) for code in (view.picked, view.village) if code}
    if view.band:
        picked.add(marking.head(band_label(view.band, view.language)))
    return picked, {say(view.name(code)) for code in view.unapproved}


def band_line(view: View) -> None:
    """What is said while a band is picked, with the way back."""
    if view.band is None:
        return
    words = Text("只看收入档次 {band} 的村:标题以这一档开头的图和明细表只含这些村;占比、走势、按月收入、回测和提示按全部村。",
                 "Only villages in band {band}: charts whose title begins with it and the table show these; shares, months, trials and notes show all.")  # fmt: skip
    low_high = Text(*(marking.head(band_label(view.band, language)) for language in ("zh", "en")))
    with st.container(horizontal=True, vertical_alignment="center", key="townboard_band"):
        st.markdown(f":material/filter_alt: {say(words.fill(band=low_high))}", width="content")
        st.button(say(Text("看全部档次", "All bands")), key="townboard_band_off", on_click=put, kwargs={"band": None})
