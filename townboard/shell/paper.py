"""What a page is on paper: no controls, charts whole, a running head with place, month and as-of; one unit on one sheet of A4."""

from __future__ import annotations

from typing import Final

import streamlit as st

from townboard.charts import economy, kit, one_page, readings_board
from townboard.shell import enforcement_sheet, unit_sheet
from townboard.shell.asking import ask, drawn, readings
from townboard.shell.view import View, as_of_line, coverage_line
from townboard.shell.visit import house, say
from townboard.text import Text

SIGNS: Final = {economy.OPERATING: "✓", economy.SUBSIDISED: "✓*", economy.CLOSE: "→", economy.SHORT: "", economy.ABSENT: "?"}
"""How a village stands, as a sign on paper."""


def one_sheet(view: View, owed: set[str]) -> None:
    """The unit's sheet of A4: on paper it is all there is of the page; on the screen nothing is seen of it."""
    st.html(drawn(view, "one sheet", lambda: _sheet(view, owed)))


def _sheet(view: View, owed: set[str]) -> str:
    catalogue, unit = view.catalogue, view.unit or ""
    shown = [one for one in readings(view, "township") if one.status != "not_applicable" and one.id not in unit_sheet.OF_MANY]
    themes = [
        (catalogue.themes[theme], [one for one in shown if catalogue.indicator[one.id].theme == theme])
        for theme in unit_sheet.THEMES
    ]
    title = Text("{unit} {month}基层治理情况", "{unit}, {month}: governance figures").fill(
        unit=view.name(unit), month=view.period.label
    )
    under = Text("{coverage} · {at} · 来源:本单位月报", "{coverage} · {at} · Source: the unit's own workbook").fill(
        coverage=coverage_line(view), at=as_of_line(view))  # fmt: skip
    lines = [say(under)]
    if house().invented:
        from townboard.downloads import BANNER

        lines.insert(0, BANNER)
    sentence = say(enforcement_sheet.timeline(view, unit, "town_milestones").title) if "law_enforcement" in owed else ""
    villages, heading = _villages(view) if "village_economy" in owed else ([], "")
    named = [(readings_board.themed(words, found, catalogue), found) for words, found in themes if found]
    remarks = {id: said for _, found in themes for id, said in readings_board.remarks(found, catalogue).items()}
    return one_page.sheet(
        say(title), lines, named, catalogue.indicator, sentence, villages, view.language, villages_title=heading, remarks=remarks,
    )  # fmt: skip


def _villages(view: View) -> tuple[list[one_page.Village], str]:
    catalogue = view.catalogue
    answer = ask(view, "income_by_village")
    stands = economy.standing_of(answer, catalogue.settings.goal_threshold)
    found = [
        one_page.Village(say(view.name(row.org_unit)), kit.number(row.goal_income, 2), SIGNS[kind])
        for row, kind in zip(kit.rows(answer), stands, strict=True)
    ]
    reached = int(stands.isin([economy.OPERATING, economy.SUBSIDISED]).sum())
    words = Text(
        "{of}个村的收入(万元),{n}个达到30万元(✓ 达标 ✓* 靠补助 → 差3万元以内 ? 未报)",
        "Income of {of:village|villages} (10,000 yuan), {n} at the goal (✓ reached, ✓* with subsidies, → within 30,000 yuan, ? not reported)",
    )
    return found, say(words.fill(of=len(answer), n=reached))
