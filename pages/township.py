"""One unit on one page: where it stands in every theme, its villages and communities, its reports, and every number's source."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from townboard import access, shell, theme_tables
from townboard.charts import economy
from townboard.downloads import Column
from townboard.shell import behind, columns, paper, place_sheet, tracing, unit_report, unit_sheet
from townboard.shell.view import View
from townboard.text import Text, number_of

CLEAN = ("contracts_checked", "problem_contracts", "contracts_rectified", "contracts_online", "fees_due", "fees_recovered",
         "debt_locked", "debt_resolved", "debt_new", "resource_area_found", "resource_area_charged", "resource_fees")  # fmt: skip
SEEN = ("compounds", "coverage_1_done", "coverage_1_due", "coverage_2_done", "coverage_2_due", "coverage_3_done", "coverage_3_due",
        "coverage_4_done", "coverage_4_due", "coverage_5_done", "coverage_5_due", "unserviced_compounds", "unserviced_resolved",
        "grids", "grid_workers", "grid_events_reported", "grid_events_closed", "cadres_assigned")  # fmt: skip
ASKED = {"standing": "total_income", "closed": "closing_requested"}
"""Columns that are no element → the element that decides them."""


def page() -> None:
    """Draw the page for the unit the visitor picked."""
    title = st.empty()
    if not shell.may_open("township"):
        return
    shell.banner()
    view = shell.view(one_unit=True, village_filter=True)
    if view.unit is None or not shell.permitted(access.READ, view.unit):
        return
    place = f"{shell.say(view.name(view.village))} · " if view.village else ""
    title.title(f"{place}{shell.say(view.name(view.unit))} · {shell.say(view.period.label)}", anchor=False)
    if view.village:
        place_sheet.draw(view)
        return
    unit_report.facts(view)
    catalogue = view.catalogue
    owed = {data_set.code for data_set in catalogue.owes(view.unit)} & shell.seen_data_sets()
    paper.one_sheet(view, owed)
    columns.side_by_side(shell.drawn(view, "unit sheet", lambda: unit_sheet.exhibits(view, owed)), view)
    if "village_economy" in owed:
        villages(view)
    if "community_coverage" in owed:
        communities(view)
    if "clean_collect" in owed:
        contracts(view)
    behind.unit_indicators(view, view.unit)
    if not shell.modes.is_wall():
        shell.trace_panel(view, view.unit)
    unit_report.course(view)


def _open(view: View, answer: pd.DataFrame, form: str, key: str, picked: tuple[int, str] | None) -> None:
    """Where a number that was clicked came from, once a click."""
    fresh = tracing.newly(key, picked)
    if fresh is not None and view.unit is not None:
        tracing.opened(view, view.unit, form, answer.iloc[fresh[0]]["org_unit"], ASKED.get(fresh[1], fresh[1]))


def villages(view: View) -> None:
    """The villages' income against the goal, and the table whose numbers open their source."""
    catalogue = view.catalogue
    threshold = catalogue.settings.goal_threshold
    form = catalogue.data_set["village_economy"]
    answer = theme_tables.named(shell.ask(view, "income_by_village").drop(columns="state"), catalogue, view.language)
    stands = economy.standing_of(answer, threshold)
    answer = theme_tables.choices(answer, form, view.language)
    answer["standing"] = [shell.say(economy.STANDING[kind][0]) for kind in stands]
    reached = int(stands.isin([economy.OPERATING, economy.SUBSIDISED]).sum())
    known = int((stands != economy.ABSENT).sum())
    title = Text(f"{len(answer)}个村中{reached}个达到30万元", f"{reached} of {number_of(len(answer), 'village')} at 300,000 yuan")
    if not known:
        title = Text(
            f"{len(answer)}个村本月都没有数据", f"None of the {number_of(len(answer), 'village')} has a figure this month"
        )
    ordered = answer.sort_values(["goal_income", "org_unit"], ascending=[False, True], na_position="last")
    heads = [*theme_tables.columns_of(form, (), place=Text("村", "Village"), unit=False), Column("standing", Text("达标情况", "Standing")),
             *(theme_tables.element_column(form, code) for code in ("operating_income", "subsidy_income", "other_income", "total_income",
               "last_year_total_income", "expected_income", "main_source", "cooperation_stage", "note"))]  # fmt: skip
    source = Text("《村集体经济》(F01)", "Village collective economy (F01)")
    shell.chart(economy.parts_of_income(ordered, threshold=threshold, language=view.language), key="town_villages", title=title, alt=title,
                source=source, table=ordered, columns=heads, view=view)  # fmt: skip
    picked = shell.cells(answer, heads, key="town_village_rows", view=view, source=source,
                         title=Text("各村数据:点一个数,看它从哪里来", "The villages: click a number to see where it comes from"))  # fmt: skip
    _open(view, answer, "village_economy", "town_village_rows", picked)


def communities(view: View) -> None:
    """The communities' table whose numbers open their source."""
    catalogue = view.catalogue
    form = catalogue.data_set["community_coverage"]
    answer = theme_tables.named(shell.ask(view, "community_coverage_by_community"), catalogue, view.language)
    picked = shell.cells(answer, theme_tables.columns_of(form, SEEN, place=Text("社区", "Community"), unit=False), key="town_communities",
                         view=view, source=Text("《街道社区》(F04)", "Community coverage (F04)"),
                         title=Text(f"{len(answer)}个社区的数据", f"The {number_of(len(answer), 'community', 'communities')}"))  # fmt: skip
    _open(view, answer, "community_coverage", "town_communities", picked)


def contracts(view: View) -> None:
    """Clean-and-collect by village, whose numbers open their source."""
    catalogue = view.catalogue
    form = catalogue.data_set["clean_collect"]
    answer = theme_tables.named(shell.ask(view, "clean_collect_by_village"), catalogue, view.language)
    answer["closed"] = answer["closed"].fillna(False).astype(bool)
    heads = theme_tables.columns_of(form, CLEAN, place=Text("村", "Village"), unit=False)
    heads.insert(2, Column("closed", Text("已销号", "Closed"), "boolean"))
    title = Text(f"清化收:{len(answer)}个村中{int(answer['closed'].sum())}个已销号",
                 f"Clean and collect: {int(answer['closed'].sum())} of {number_of(len(answer), 'village')} closed")  # fmt: skip
    picked = shell.cells(
        answer, heads, key="town_contracts", view=view, title=title, source=Text("《清化收》(F02)", "Clean and collect (F02)")
    )
    _open(view, answer, "clean_collect", "town_contracts", picked)
