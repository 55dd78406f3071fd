"""What an indicator is made of: its two sides in words, its goal and who set it, every place's share, and the cells behind each."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from townboard import access, provenance
from townboard.catalogue import Indicator, unit_words
from townboard.charts.bars import amount
from townboard.charts.kit import number
from townboard.downloads import Column
from townboard.formulas import behind as formula
from townboard.indicators import Reading
from townboard.periods import Period
from townboard.provenance import Behind, Contribution, Used
from townboard.shell import meaning
from townboard.shell.asking import readings, seen_data_sets
from townboard.shell.grids import clickable
from townboard.shell.panels import cells
from townboard.shell.tracing import newly, traced
from townboard.shell.view import View
from townboard.shell.visit import actor, house, say
from townboard.text import Language, Text, masked
from townboard.theme_tables import readings_table

_TITLE = Text("这个指标由哪些数构成", "What this indicator is made of")
_SOME = 2000
"""Places listed in one dialog; a county has some hundred."""


def unit_indicators(view: View, unit: str) -> None:
    """The indicators of a unit as a table; a click on one opens what it is made of."""
    catalogue = view.catalogue
    found = [reading for reading in readings(view, "township") if reading.status != "not_applicable" and reading.org_unit == unit]
    frame, columns = readings_table(found, catalogue, view.language)
    picked = cells(
        frame, [column for column in columns if column.code != "name"], key="unit_indicators", view=view, height=420,
        title=Text("各项指标:点任意一格,看由哪些村、哪些格构成", "The indicators: click a cell to see the places and cells behind it"),
        source=Text("本单位月报", "the unit's own workbook"),
    )  # fmt: skip
    clicked(view, found, "unit_indicators", picked)


def clicked(view: View, found: list[Reading], key: str, picked: tuple[int, str] | None) -> None:
    """Open what was clicked in a table of readings, once a click."""
    fresh = newly(key, picked)
    if fresh is not None and fresh[0] < len(found):
        opened(view, found[fresh[0]])


def opened(view: View, reading: Reading) -> None:
    """The dialog of one reading."""

    @st.dialog(say(_TITLE), width="large")
    def dialog() -> None:
        drawn(view, reading)

    dialog()


def drawn(view: View, reading: Reading) -> None:
    """What the dialog holds: nothing of units and forms that the visitor may not see."""
    catalogue = view.catalogue
    indicator = catalogue.indicator[reading.id]
    period = Period.parse(reading.period)
    source = formula.counted(catalogue, indicator).source
    if access.SOURCES.get(source, source) not in {*seen_data_sets(), ""}:
        return
    who = actor()
    scope = [unit for unit in access.scope(who, catalogue, view.county) if unit in view.units]
    found = provenance.behind(
        house().store, catalogue, reading.id, reading.org_unit, period, county=view.county, units=scope,
        basis="approved" if access.approved_only(who) else view.basis, as_of=view.as_of,
    )  # fmt: skip
    st.markdown(f"**{say(indicator.label)}** · {say(view.name(reading.org_unit))} · {say(found.data_period.label)}")
    st.metric(say(indicator.label), say(_value(reading, indicator)), label_visibility="collapsed")
    for label, words, total in (
        (Text("分子", "Numerator"), indicator.numerator_words, reading.numerator),
        (Text("分母", "Denominator"), indicator.denominator_words, reading.denominator),
    ):
        if words is not None:
            shown = amount(total) if total is not None else "—"
            st.markdown(say(Text("{label}:{words} **{n}**", "{label}: {words} **{n}**").fill(label=label, words=words, n=shown)))
    _goal(view, reading)
    _places(view, found)


def _value(reading: Reading, indicator: Indicator) -> Text:
    if reading.value is None:
        return Text("无数据", "no data")
    unit, space = unit_words(indicator.unit), "" if indicator.unit == "%" else " "
    plain = number(reading.value, indicator.decimals)
    return Text(f"{plain}{space}{unit.zh}".strip(), f"{plain}{space}{unit.en}".strip())


def _goal(view: View, reading: Reading) -> None:
    """The goal and where it comes from."""
    words = meaning.goal_words(reading.id, reading.org_unit, int(reading.period[:4]), view.as_of)
    if words is not None:
        st.caption(say(Text("目标:{words}", "Goal: {words}").fill(words=words)))


def _places(view: View, found: Behind) -> None:
    """Every place with its share and its cells; a click on one traces them."""
    shown = found.contributions[:_SOME]
    frame, columns = contributions_table(found, view)
    st.caption(
        say(
            Text("共 {n} 处;点一行看原始单元格。", "{n:place|places}; click a row to see its cells.").fill(
                n=len(found.contributions)
            )
        )
    )
    key = f"behind_{found.indicator.id}_{found.org_unit}_{found.data_period}"
    picked = clickable(frame, columns, key, height=min(420, 40 + 35 * max(len(shown), 1)))
    if picked is None:
        return
    one = shown[picked[0]]
    used = list(dict.fromkeys((*one.used_above, *one.used_below)))
    if not used:
        return
    form = house().catalogue.data_set[used[0].data_set]

    def label(at: int) -> str:
        month = "" if used[at].period == found.data_period else f" · {say(used[at].period.label)}"
        return f"{say(form.by_code[used[at].element].label)}{month}"

    at = st.selectbox(say(Text("数据项", "Element")), range(len(used)), format_func=label, key=f"{key}_{one.org_unit}")
    st.markdown(f"**{say(view.name(one.org_unit))}** · 《{form.sheet}》")
    traced(view, one.unit, form, one.org_unit, used[at].element, key, period=used[at].period)


def contributions_table(found: Behind, view: View) -> tuple[pd.DataFrame, list[Column]]:
    """The places behind an indicator: unit, place, what it is in it, its share in both sides, and its cells in words."""
    language = view.language
    rows = [
        {
            "unit": view.name(one.unit).say(language), "name": view.name(one.org_unit).say(language),
            "role": provenance.role(one, found.indicator).say(language), "above": one.above, "below": one.below,
            "cells": cells_in_words(one, language),
        }
        for one in found.contributions[:_SOME]
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["unit", "name", "role", "above", "below", "cells"])
    for code in ("above", "below"):
        frame[code] = pd.to_numeric(frame[code], errors="coerce")
    kind = "number" if found.indicator.kind in ("ratio", "sum", "mean", "median") else "integer"
    columns = [Column("unit", Text("单位", "Unit")), Column("name", Text("名称", "Place")), Column("role", Text("计入情况", "How it counts")),
               Column("above", Text("分子", "Numerator"), kind)]  # fmt: skip
    if found.indicator.is_ratio or found.indicator.kind == "gap":
        columns.append(Column("below", Text("分母", "Denominator"), kind))
    if any(one.used_above or one.used_below for one in found.contributions):
        columns.append(Column("cells", Text("取自", "Read from")))
    return frame, columns


def cells_in_words(one: Contribution, language: Language) -> str:
    """`《村集体经济》F7 26 · 《村集体经济》G7 4`: the cells of one place with what was read in them."""
    return " · ".join(_cell(used).say(language) for used in dict.fromkeys((*one.used_above, *one.used_below)))


def _cell(used: Used) -> Text:
    source = used.source
    if source is None:
        return Text("未报", "not reported")
    value = (
        "—" if source.value is None else amount(source.value) if isinstance(source.value, float) else masked(str(source.value))
    )
    if isinstance(source.value, bool):
        return Text(
            f"《{source.sheet}》{source.cell} {'是' if source.value else '否'}",
            f"“{source.sheet}” {source.cell} {'yes' if source.value else 'no'}",
        )
    if source.cell is None:
        return Text(f"名录 {value}", f"register {value}")
    return Text(f"《{source.sheet}》{source.cell} {value}", f"“{source.sheet}” {source.cell} {value}")
