"""The report of one unit and month in words and tables: where it stands, what happened to it, what was found, what it named."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from townboard import access, cycle
from townboard.downloads import Column
from townboard.shell import standing
from townboard.shell.asking import ask
from townboard.shell.panels import table
from townboard.shell.quoting import safe
from townboard.shell.view import View
from townboard.shell.visit import can, house, local_time, say
from townboard.text import Text, number_of
from townboard.theme_tables import choices, messages

EVENTS = (
    Column("at", Text("时间", "When")), Column("version", Text("版本", "Version"), "integer"), Column("state", Text("状态", "State")),
    Column("actor", Text("经办", "By")), Column("reason", Text("说明", "Reason")), Column("workbook", Text("工作簿", "Workbook")),
)  # fmt: skip
ITEMS = (
    Column("kind", Text("类型", "Kind")), Column("domain", Text("领域", "Domain")), Column("title", Text("标题", "Title")),
    Column("text", Text("内容", "Text")), Column("help_needed_from", Text("需协调单位", "Needs help from")),
)  # fmt: skip
FINDINGS = (
    Column("sheet", Text("工作表", "Sheet")), Column("cell", Text("单元格", "Cell")), Column("message", Text("内容", "Finding")),
    Column("answer", Text("答复", "Answer")), Column("reason", Text("说明", "Reason")),
)  # fmt: skip


def facts(view: View) -> None:
    """Kind, villages, communities, and where the month's report stands, in one line."""
    catalogue = view.catalogue
    unit = catalogue.org_unit[view.unit or ""]
    counts = [
        Text(f"{len(places)} {zh}", f"{len(places)} {en}")
        for level, zh, en in (("village", "个村", "villages"), ("community", "个社区", "communities"))
        if (places := catalogue.children(unit.code, level))
    ]
    states = ask(view, "report_state_by_unit_month", first_period=str(view.period))
    follows = can(access.FOLLOW, unit.code)
    if states.empty:
        said = Text("本月未报", "Nothing sent this month")
        if not catalogue.due(unit.code, view.period):
            said = Text("本月不需要报送", "Nothing is due this month")
    else:
        row = states.iloc[-1]
        state = standing.state_words(unit.code, view.period, view.as_of)
        said = Text("第{n}版 {state},{at} 由 {who} 报送", "version {n}, {state_en}, sent {at} by {who}").fill(
            n=row["version"],
            state=state.zh,
            state_en=state.en.lower(),
            at=local_time(row["submitted_at"]),
            who=safe(str(row["submitted_by"])),
        )
    parts = [Text(catalogue.org_unit[unit.parent].label.zh, catalogue.org_unit[unit.parent].label.en), *counts]
    parts += [said] if follows else []
    st.markdown("**" + say(Text(" · ".join(part.zh for part in parts), " · ".join(part.en for part in parts))) + "**")


def course(view: View) -> None:
    """What happened to the month's report; the problems and models it named; what was found in its latest version."""
    if not can(access.FOLLOW, view.unit or ""):
        return
    events = ask(view, "events_by_unit_month")
    events = events.assign(
        at=[local_time(moment) for moment in events["at"]], state=[say(cycle.EVENTS[state]) for state in events["state"]]
    )
    items = choices(ask(view, "problems_models_by_item"), house().catalogue.data_set["problems_models"], view.language)
    left, right = st.columns(2)
    with left:
        title = Text(f"本月报送记录:{len(events)}条", f"This month's report: {number_of(len(events), 'step')}")
        table(events, EVENTS, key="town_events", view=view, title=title)
    with right:
        title = Text(f"问题与典型:{len(items)}条", f"Problems and typical models: {len(items)}")
        table(items, ITEMS, key="town_items", view=view, title=title)
    states = ask(view, "report_state_by_unit_month", first_period=str(view.period))
    if not states.empty:
        found = _findings(view, int(states.iloc[-1]["submission_id"]))
        title = Text(f"检查发现{len(found)}条", f"{number_of(len(found), 'finding')} in this version")
        table(found, FINDINGS, key="town_findings", view=view, title=title)


def _findings(view: View, submission: int) -> pd.DataFrame:
    found = ask(view, "findings_by_submission", submission=submission)
    return found.assign(message=messages(found, view.language))
