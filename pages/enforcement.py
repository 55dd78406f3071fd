"""Law enforcement: milestones against their plan, staff, items assigned and exercised, dispatch orders. Cases are context only."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from townboard import shell, theme_tables
from townboard.shell import enforcement_sheet, tiles
from townboard.text import Text

TILES = ("LE01", "LE02", "LE03", "LE04")
TIMELINE = "timeline"
"""The link's key for the unit whose time line is shown; nothing for the one furthest behind."""


def page() -> None:
    """Layout only."""
    if not shell.may_open("enforcement"):
        return
    shell.heading(Text("综合行政执法改革", "Law-enforcement reform"),
                  Text("12 个改革节点、人员到岗持证、事项行使和派单办结。",
                       "Twelve milestones, staff on post and certified, items exercised, dispatch orders closed."))  # fmt: skip
    shell.banner()
    view = shell.view()
    units = enforcement_sheet.frame(view)
    if units.empty:
        st.info(shell.say(Text("所选单位不报送综合执法。", "The unit does not report law enforcement.")), icon=":material/info:")
        return
    known = tiles.of_place(view, TILES)
    tiles.row(known, TILES)
    wide, everyone = view.wide, enforcement_sheet.frame(view.wide)
    shell.show(shell.drawn(wide, "le squares", lambda: enforcement_sheet.squares(wide, everyone)), wide)
    unit = _whose(view, units)
    shell.show(shell.drawn(view, "le timeline", lambda: enforcement_sheet.timeline(view, unit), unit), view)
    shell.show(shell.drawn(wide, "le staff", lambda: enforcement_sheet.staff(wide, everyone)), wide)
    whole = tiles.of_place(wide, enforcement_sheet.RATES)
    for place, id in zip(st.columns(2), enforcement_sheet.RATES, strict=True):
        with place:
            shell.show(shell.drawn(wide, f"le {id}", lambda id=id: enforcement_sheet.rate(wide, id, whole, everyone)), wide)
    changed, title, said = enforcement_sheet.matter_changes(view)
    if changed.empty:
        st.caption(f"{shell.say(title)} · {shell.say(said)}")
    else:
        shell.table(
            changed,
            enforcement_sheet.MATTERS,
            key="le_matters",
            view=view,
            source=enforcement_sheet.SOURCE,
            title=title,
            note=said,
        )
    _context(units, view)


def _whose(view: shell.View, units: pd.DataFrame) -> str:
    """The unit whose time line is shown: the one looked at, the one in the link, else the one furthest behind."""
    codes = list(units["unit"])
    if len(codes) == 1:
        return str(codes[0])
    asked = st.query_params.get(TIMELINE, "")
    st.session_state["townboard_timeline"] = asked if asked in codes else enforcement_sheet.furthest_behind(view)

    def picked() -> None:
        st.query_params[TIMELINE] = st.session_state["townboard_timeline"]

    st.selectbox(
        shell.say(Text("时间线看哪个单位", "Time line of")), codes, format_func=lambda code: shell.say(view.name(code)),
        key="townboard_timeline", on_change=picked, width=260, filter_mode=None,
    )  # fmt: skip
    return str(st.session_state["townboard_timeline"])


def _context(units: pd.DataFrame, view: shell.View) -> None:
    data_set = shell.house().catalogue.data_set["law_enforcement"]
    shell.table(
        units, theme_tables.columns_of(data_set, enforcement_sheet.CASES, place=theme_tables.UNIT, unit=False), key="le_cases", view=view,
        title=Text("办案情况(仅供了解)", "Cases, for context only"), source=enforcement_sheet.SOURCE,
        note=Text("不排名、不评价;不收集罚没金额。", "Never ranked and never scored; no fines are collected."),
    )  # fmt: skip
