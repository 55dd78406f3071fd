"""A row of indicator tiles, and the readings a theme page wants: the county's, or those of the unit that is looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from townboard.catalogue import unit_words
from townboard.charts import kit
from townboard.explain import goals
from townboard.indicators import Reading
from townboard.shell import modes
from townboard.shell.asking import readings
from townboard.shell.meaning import help_of
from townboard.shell.panels import tile
from townboard.shell.view import View
from townboard.shell.visit import house, language, say
from townboard.text import Text


def of_place(view: View, ids: Sequence[str]) -> dict[str, Reading]:
    """Readings by indicator id: of the county, or of the one unit that is looked at."""
    place = view.unit or view.county
    found = readings(view, "township" if view.unit else "county", tuple(ids))
    return {reading.id: reading for reading in found if reading.org_unit == place}


def row(known: Mapping[str, Reading], ids: Sequence[str], more: Mapping[str, Text] | None = None) -> None:
    """One tile for each indicator: value, status in words, `n/N` with what N is or its goals, caveat. On the wall they are a slide.
    `more`: what else is to be said of an indicator's number."""
    shown = [id for id in ids if id in known]
    if modes.is_wall() and shown:
        with st.container(key=f"block_tiles_{shown[0]}"):
            st.markdown(f"##### {say(house().catalogue.themes[house().catalogue.indicator[shown[0]].theme])}")
            _tiles(known, shown, more or {})
    else:
        _tiles(known, shown, more or {})


def _tiles(known: Mapping[str, Reading], shown: Sequence[str], more: Mapping[str, Text]) -> None:
    catalogue = house().catalogue
    for column, id in zip(st.columns(max(len(shown), 1)), shown, strict=False):
        reading, indicator = known[id], catalogue.indicator[id]
        value = kit.number(reading.value, indicator.decimals)
        detail = None
        if indicator.is_ratio and not kit.missing(reading.denominator):
            detail = Text("**{n}/{of}**({words})", "**{n}/{of}** ({words})").fill(
                n=kit.number(reading.numerator, _places(reading.numerator)), of=kit.number(reading.denominator, _places(reading.denominator)),
                words=indicator.denominator_words or Text("", ""),
            )  # fmt: skip
        elif not kit.missing(reading.value):
            detail = goals(indicator, reading.basic, reading.highest)
        label, unit = indicator.label, "%" if indicator.unit == "%" else f" {unit_words(indicator.unit).say(language())}".rstrip()
        if value == "1" and language() == "en":
            unit = unit.removesuffix("s")
        if indicator.unit == "万元":
            label, unit = Text(f"{label.zh}(万元)", f"{label.en} ({unit_words(indicator.unit).en})"), ""
        with column:
            tile(label, value if reading.value is None else f"{value}{unit}", status=kit.standing(reading), detail=detail,
                 note=more.get(id) or indicator.caveat, key=f"tile_{id}", incomplete=incomplete(reading), meaning=help_of(id))  # fmt: skip


def incomplete(reading: Reading) -> Text | None:
    """`8/10 个单位有数` where units that should be in a number are not; nothing where all are."""
    if reading.reported_units >= reading.expected_units:
        return None
    return Text("{n}/{of} 个单位有数", "{n} of {of:unit|units}").fill(n=reading.reported_units, of=reading.expected_units)


def _places(value: float | None) -> int:
    return 0 if value is None or float(value).is_integer() else 2
