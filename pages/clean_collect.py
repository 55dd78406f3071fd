"""Clean and collect: the frozen first half, the second half's progress, contracts, cash and debt, the three-assets platform."""

from __future__ import annotations

import streamlit as st

from townboard import shell
from townboard.shell import clean_sheet, tiles
from townboard.text import Text

TILES = ("QH01", "QH07", "QH04", "QH10")


def page() -> None:
    """Layout only."""
    if not shell.may_open("clean_collect"):
        return
    shell.heading(Text("清化收与三资", "Clean and collect"),
                  Text("清理合同、化解债务、新增资源收费;建平台、抓监管、抓整改。",
                       "Contracts put right, debts resolved, new resources charged; platform, supervision, rectification."))  # fmt: skip
    shell.banner()
    view = shell.view()
    villages = clean_sheet.villages(view)
    if villages.empty:
        words = Text("所选单位没有村,不报送清化收。", "The units chosen have no village: nothing to clean and collect.")
        st.info(shell.say(words), icon=":material/info:")
        return
    known = tiles.of_place(view, (*TILES, *clean_sheet.PARTS))
    tiles.row(known, TILES, clean_sheet.carried(view))
    said = clean_sheet.new_debt(view, villages)
    if said is not None:
        words, bad = said
        st.warning(words, icon=":material/gpp_maybe:") if bad else st.info(words, icon=":material/verified_user:")
    shell.show(shell.drawn(view, "qh first", lambda: clean_sheet.first_half(view, villages)), view)
    shell.show(shell.drawn(view, "qh second", lambda: clean_sheet.second_half(view, known)), view)
    shell.show(shell.drawn(view, "qh contracts", lambda: clean_sheet.contracts(view, villages)), view)
    both = shell.drawn(view.wide, "qh money", lambda: clean_sheet.money(view.wide, clean_sheet.villages(view.wide)))
    for place, exhibit in zip(st.columns(2), both, strict=True):
        with place:
            shell.show(exhibit, view.wide)
    _by_unit(view)
    shell.show(shell.drawn(view.wide, "qh platform", lambda: clean_sheet.platform(view.wide)), view.wide)
    closed = int(villages["closed"].fillna(False).sum())
    shell.table(villages, clean_sheet.village_columns(), key="qh_villages", view=view, source=clean_sheet.SOURCE, height=420,
                title=Text("各村情况:{n}/{of} 个村已销号;没有本月数据的留空", "Village by village: {n} of {of} closed; without a report this month the figures are blank").fill(n=closed, of=len(villages)))  # fmt: skip


def _by_unit(view: shell.View) -> None:
    catalogue, choices = view.catalogue, tuple(clean_sheet.SIDES)
    picked = st.segmented_control(
        **shell.linked("indicator", choices, Text("按单位看哪一项", "By unit, show"), widget="qh_by_unit", default="QH01"), required=True,
        format_func={id: catalogue.indicator[id].label.say(view.language) for id in choices}.__getitem__,
    ) or "QH01"  # fmt: skip
    shell.show(shell.drawn(view.wide, "qh units", lambda: clean_sheet.by_unit(view.wide, picked), picked), view.wide)
