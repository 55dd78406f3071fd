"""Village income: the 60 % goal over time and by unit, what December will bring, the villages that decide, bands, every village."""

from __future__ import annotations

import streamlit as st

from townboard import shell
from townboard.shell import banded, columns, drilling, economy_sheet, outlook_sheet, trends
from townboard.text import Text


def page() -> None:
    """Draw the page for what the visitor picked."""
    shell.heading(Text("村集体经济", "Village economy"))
    if not shell.may_open("economy"):
        return
    shell.banner()
    view = shell.view(band_filter=True)
    drilling.band_line(view)
    villages = shell.drawn(view, "economy villages", lambda: economy_sheet.named(view))
    if villages.empty:
        words = Text("所选单位没有村集体经济数据要报。", "The units chosen have no villages to report on.")
        st.info(shell.say(words), icon=":material/info:")
        return
    shell.show(shell.drawn(view, "economy months", lambda: economy_sheet.over_time(view)), view)
    everyone = shell.drawn(view.wide, "economy villages", lambda: economy_sheet.named(view.wide))
    share, standing = shell.drawn(
        view.wide, "economy units", lambda: economy_sheet.by_unit(view.wide, everyone, view.band), view.band
    )
    ahead = shell.drawn(view, "economy ahead", lambda: outlook_sheet.ahead(view, villages), view.band)
    deciding = shell.drawn(view, "economy deciding", lambda: outlook_sheet.deciding(view, villages), view.band)
    bands, around, near = shell.drawn(view, "economy line", lambda: economy_sheet.around_the_line(view, villages), view.band)
    crossed = shell.drawn(view, "economy crossings", lambda: outlook_sheet.crossings(view, villages), view.band)
    income, cooperation = shell.drawn(
        view, "economy income", lambda: economy_sheet.income_and_cooperation(view, villages), view.band
    )
    shell.show(shell.drawn(view.wide, "economy trends", lambda: trends.of_units(view.wide), view.wide.picked), view)
    columns.side_by_side((share, standing), view)
    if ahead and deciding:
        by_unit, tried = ahead
        shell.show(by_unit, view)
        columns.side_by_side((*deciding, tried), view)
    for pair in ((bands, around), (near, crossed), (income, cooperation)):
        columns.side_by_side(pair, view)
    title, noted = outlook_sheet.notes(view)
    shell.table(noted, outlook_sheet.NOTED, key="data_notes", view=view, source=economy_sheet.SOURCE, title=title)
    listed = shell.drawn(view, "village trends", lambda: trends.of_villages(view, villages))
    shown = banded.in_band(listed, view.band)
    shell.table(shown, economy_sheet.all_columns(view), key="villages", view=view, source=economy_sheet.SOURCE, height=420,
                title=Text("{n}个村的数据", "{n:village|villages}").fill(n=len(shown)))  # fmt: skip
