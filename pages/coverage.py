"""Communities and enterprises: the five coverages, property service, grids; the two coverages of private enterprises."""

from __future__ import annotations

import streamlit as st

from townboard import shell
from townboard.indicators import Reading
from townboard.shell import coverage_sheet, tiles
from townboard.text import Text

TILES = ("CM06", "CM07", "CM08", "CM09")
TEAMS = ("PE05", "PE06", "PE07")


def page() -> None:
    """Layout only."""
    if not shell.may_open("coverage"):
        return
    shell.heading(Text("社区与非公党建", "Communities and enterprises"),
                  Text("五个全覆盖、无物业小区、网格力量;非公企业两个覆盖、三支队伍。",
                       "Five coverages, compounds without property service, grids; enterprises: two coverages, three teams."))  # fmt: skip
    shell.banner()
    view = shell.view()
    known = tiles.of_place(view, (*TILES, *TEAMS, *coverage_sheet.RATES))
    seen = shell.seen_data_sets()
    if "community_coverage" in seen:
        _communities(known, view)
    if "enterprise_party" in seen:
        st.subheader(shell.say(Text("非公企业党建", "Party building in private enterprises")), anchor=False)
        _enterprises(known, view)


def _communities(known: dict[str, Reading], view: shell.View) -> None:
    rows = coverage_sheet.communities(view)
    if rows.empty:
        st.info(shell.say(Text("所选单位没有社区。", "The unit has no community.")), icon=":material/info:")
        return
    tiles.row(known, TILES)
    places = coverage_sheet.places(view)
    shell.show(shell.drawn(view, "cm five", lambda: coverage_sheet.five(view, places)), view)
    shell.show(shell.drawn(view, "cm full", lambda: coverage_sheet.full(view, rows)), view)
    shell.show(shell.drawn(view, "cm service", lambda: coverage_sheet.service(view, places)), view)
    both = shell.drawn(view, "cm grids", lambda: coverage_sheet.grids(view, places))
    for place, exhibit in zip(st.columns(2), both, strict=True):
        with place:
            shell.show(exhibit, view)


def _enterprises(known: dict[str, Reading], view: shell.View) -> None:
    frame = coverage_sheet.quarter(view)
    quarter = shell.house().catalogue.data_set["enterprise_party"].data_period(view.period)
    st.caption(
        shell.say(
            Text("季报:下列数字为{quarter}末。", "Quarterly: the figures below are those of {quarter}.").fill(
                quarter=quarter.label
            )
        )
    )
    shell.show(shell.drawn(view, "pe rates", lambda: coverage_sheet.rates(view, known, frame)), view)
    wide, everyone = view.wide, coverage_sheet.quarter(view.wide)
    shell.show(shell.drawn(wide, "pe units", lambda: coverage_sheet.by_unit(wide, everyone)), wide)
    tiles.row(known, TEAMS)
    shell.show(shell.drawn(wide, "pe teams", lambda: coverage_sheet.teams(wide, everyone)), wide)
