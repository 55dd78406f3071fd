"""The first page: the 60 % goal and its outlook, the four tasks by unit, who is behind, what changed, who is missing, what was explained."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from townboard import comparing, shell
from townboard.charts import overview, readings_board
from townboard.downloads import Column
from townboard.findings import KINDS
from townboard.shell import alike, outlooks, standing, unit_map
from townboard.text import Text
from townboard.theme_tables import readings_table

TASKS = (
    (Text("① 综合执法", "① Law enforcement"), ("LE01",)),
    (Text("② 村集体经济与清化收", "② Village economy, clean and collect"), ("CE01", "QH02")),
    (Text("③ 街道社区", "③ Street communities"), ("CM06",)),
    (Text("④ 非公党建", "④ Private enterprises"), ("PE01",)),
)
"""The four tasks of the special action, each with its leading indicators."""
LEADING = tuple(id for _, ids in TASKS for id in ids)
MOVED = (*LEADING, "CE03", "CE05", "QH03", "QH04", "QH08", "LE03", "LE05", "LE06", "CM07", "CM09", "PE04", "BR04")
"""The shares whose change since last month is ranked."""
SOURCE = Text("各单位月报;非公党建和减负为季报", "units' monthly workbooks; enterprises and burden are quarterly")
SORT = "sort"
"""The link's key for the scorecard's order: an indicator's id, nothing for the official order."""


def page() -> None:
    """Draw the page for what the visitor picked."""
    shell.heading(Text("总览", "Overview"))
    if not shell.may_open("overview"):
        return
    shell.banner()
    view = shell.view()
    outlooks.goal_tiles(view)
    order = order_by()
    shell.show(shell.drawn(view, "scorecard", lambda: scorecard(view, order), order), view)
    unit_map.panel(view, order or LEADING[1])
    left, right = st.columns(2)
    with left:
        shell.show(shell.drawn(view, "behind", lambda: behind(view)), view)
        missing(view)
    with right:
        shell.show(shell.drawn(view, "changed", lambda: changed(view)), view)
        explained(view)
    shell.briefs.offer(view)


def order_by() -> str:
    """The order of the scorecard's rows: official, or by one indicator; it stands in the link as a code."""
    catalogue, asked = shell.house().catalogue, st.query_params.get(SORT, "")
    words = {"": Text("官方顺序", "Official order"), **{id: catalogue.indicator[id].label for id in LEADING}}
    st.session_state["townboard_sort"] = asked if asked in words else ""

    def picked() -> None:
        chosen = st.session_state["townboard_sort"]
        st.query_params.update({SORT: chosen}) if chosen else st.query_params.pop(SORT, None)

    st.selectbox(
        shell.say(Text("单位排列", "Order of units")), list(words), format_func=lambda code: shell.say(words[code]), key="townboard_sort",
        on_change=picked, width=260, filter_mode=None,
    )  # fmt: skip
    return str(st.session_state["townboard_sort"])


def scorecard(view: shell.View, order: str) -> shell.Exhibit:
    """Units × the four tasks with the change since last month."""
    catalogue, found = view.catalogue, shell.readings(view, "township", LEADING)
    previous = view.period.previous
    before = shell.readings(
        view, "township", comparing.comparable(catalogue, LEADING, view.period, previous), period=str(previous)
    )
    cells = {(reading.org_unit, reading.id): reading for reading in found}
    steps = comparing.changes(found, before, shell.same_units(view, previous))
    units = [(code, view.name(code)) for code in overview.ordered(view.units, cells, order)]
    themes = [(words, [catalogue.indicator[id] for id in ids]) for words, ids in TASKS]
    leads = shell.crumbs.addresses(view, view.units)
    quarters = {one.id: said for one in found if (said := readings_board.quarter(one, catalogue)) is not None}
    made = readings_board.scorecard(units, themes, cells, view.missing, view.language, steps, view.held_back, leads, quarters)
    note = Text(
        "▲▼ 与上月相比的百分点,只比两个月都报、有数的村(社区)一样多的单位",
        "▲▼ points since last month, for units that reported both with as many villages or communities",
    )
    if previous.year < view.period.year:
        note = overview.joined(note, overview.ANEW)
    return shell.Exhibit(
        "scorecard", overview.scorecard_title(found), made, SOURCE, *readings_table(found, catalogue, view.language), note=note
    )


def behind(view: shell.View) -> shell.Exhibit:
    """Who is furthest behind the even pace."""
    catalogue, spoken = view.catalogue, view.language
    names = {code: view.name(code) for code in view.units}
    frame = overview.behind(shell.readings(view, "township", LEADING))
    table = overview.behind_table(frame, names, catalogue, spoken)
    return shell.Exhibit("behind", overview.behind_title(frame, names, len(LEADING)),
                         overview.behind_board(frame.head(8), names, catalogue, spoken, shell.crumbs.addresses(view, view.units)), SOURCE, table, overview.BEHIND_HEADS,
                         note=overview.RANKED)  # fmt: skip


def changed(view: shell.View) -> shell.Exhibit:
    """What moved since last month, and since the same month last year, form by form among the units that are alike."""
    catalogue = view.catalogue
    previous, ago = view.period.previous, view.period.year_ago
    same, same_ago = shell.same_units(view, previous), shell.same_units(view, ago)
    frame = overview.changes(*alike.pair(view, previous, MOVED))
    year = overview.changes(*alike.pair(view, ago, MOVED)).set_index("id")["change"]
    frame["year"] = frame["id"].map(year)
    table = frame.assign(label=[catalogue.indicator[id].label.say(view.language) for id in frame["id"]])
    return shell.Exhibit("changed", overview.changes_title(frame, catalogue, len(same), previous),
                         overview.changes_board(frame.head(8), catalogue, view.language), SOURCE, table, overview.CHANGED_HEADS,
                         note=overview.compared(len(same_ago), ago, previous.year == view.period.year))  # fmt: skip


def missing(view: shell.View) -> None:
    """Who has not reported and whose figures are not approved yet, by name."""
    waiting = {*view.missing, *view.unapproved}
    rows = [{"unit": shell.say(view.name(code)), "state": shell.say(standing.state_words(code, view.period, view.as_of))}
            for code in view.units if code in waiting]  # fmt: skip
    columns = (Column("unit", Text("单位", "Unit")), Column("state", Text("报送情况", "Report")))
    shell.table(pd.DataFrame(rows, columns=["unit", "state"]), columns, key="missing", view=view,
                title=overview.missing_title(len(view.expected), len(view.missing), len(view.unapproved),
                                             sum(code in view.returned for code in view.missing), len(view.waiting), approved=view.basis == "approved"))  # fmt: skip


def explained(view: shell.View) -> None:
    """The month's questions and their explanations; those not approved yet first."""
    notes = outlooks.notes(view)
    asked = notes[notes["reason"].fillna("") != ""].sort_values("approved", kind="stable")
    frame = asked.assign(unit_name=[shell.say(view.name(code)) for code in asked["unit"]], kind=[shell.say(KINDS[id].title) for id in asked["id"]],
                         state=[shell.say(overview.REVIEWED[bool(ok)]) for ok in asked["approved"]])  # fmt: skip
    shell.table(
        frame, overview.EXPLAINED_HEADS, key="explained", view=view, title=overview.explained_title(asked["approved"].tolist())
    )
