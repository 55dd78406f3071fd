"""The map of a county's units for one indicator: tiles, or the county's own boundaries where it supplied them."""

from __future__ import annotations

import streamlit as st

from townboard import atlas, theme_tables
from townboard.charts import board, kit, unit_map
from townboard.shell.asking import drawn, readings
from townboard.shell.panels import OWN_REPORTS, Exhibit, show
from townboard.shell.view import View
from townboard.shell.visit import say, store_folder
from townboard.text import Text, listed

KEY = "wide_unit_map"


def panel(view: View, indicator: str) -> None:
    """The map under its sentence; a boundaries file that cannot be used is said so, and the tiles stand."""
    try:
        own = atlas.boundaries(store_folder(), view.county)
    except atlas.BoundariesError as error:
        own = None
        words = Text(
            "县里提供的边界文件不能用:{why}。先按方格示意。",
            "The county's boundaries file cannot be used: {why}. Tiles stand instead.",
        )
        st.warning(say(words.fill(why=error.words)), icon=":material/map:")
    known, picked = hash(None if own is None else tuple(sorted(own.items()))), view.unit or view.picked
    show(drawn(view.wide, KEY, lambda: exhibit(view.wide, indicator, own, picked), indicator, known, picked), view)


def exhibit(view: View, indicator: str, own: atlas.Outlines | None, picked: str | None) -> Exhibit:
    """One indicator's readings by unit, in their places."""
    known = view.catalogue
    found = {reading.org_unit: reading for reading in readings(view, "township", (indicator,))}
    places = []
    for code in view.units:
        reading = found.get(code)
        status = "not_applicable" if reading is None else kit.standing(reading)
        nothing = reading is not None and kit.missing(reading.value) and status not in ("none", "not_applicable")
        places.append(unit_map.Place(
            code, say(view.name(code)), "" if reading is None else board.figure_words(reading, known.indicator[indicator]).say(view.language),
            "" if reading is None else board.sides(reading), status, kit.absence(code, view.missing, view.held_back) if nothing else None,
            code == picked,
        ))  # fmt: skip
    outlines = own if own is not None else atlas.grid(atlas.tiles(), view.units)
    off = [place for place in places if place.code not in outlines]
    note = Text("方格只示意方位,不是边界", "Tiles show where a unit lies, not its boundaries")
    if own is not None:
        note = Text("边界由县里提供", "The county's own boundaries")
        if off:
            note = Text("边界由县里提供;图上没有:{who}", "The county's own boundaries; not on the map: {who}").fill(
                who=listed(place.name for place in off)
            )
    return Exhibit(
        KEY, unit_map.title(places, known.indicator[indicator].label), unit_map.draw(places, outlines, view.language, is_grid=own is None),
        OWN_REPORTS, *theme_tables.readings_table(list(found.values()), known, view.language), note=note, wide=True,
    )  # fmt: skip
