"""What waits for the visitor, step by step with the button that takes it, and in whose hands everything else lies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from townboard import access, cycle, waiting
from townboard.charts.kit import rows
from townboard.downloads import Column
from townboard.findings import KINDS
from townboard.periods import Period
from townboard.shell import month
from townboard.shell.asking import ask
from townboard.shell.panels import table
from townboard.shell.quoting import safe
from townboard.shell.states import board, first_month, this_moment
from townboard.shell.view import View, name
from townboard.shell.visit import actor, can, house, say
from townboard.text import Text, listed
from townboard.waiting import STEPS, Open

SHOWN = 20
"""Steps shown with their buttons; the rest follow when these are done."""
COLUMNS = [
    Column("step", Text("环节", "Step")), Column("unit_name", Text("单位", "Unit")), Column("period", Text("月份", "Month")),
    Column("version", Text("版本", "Version"), "integer", "", 0), Column("late", Text("逾期", "Overdue"), "boolean"),
    Column("group", Text("专项组", "Working group")), Column("why", Text("说明", "Reason")),
]  # fmt: skip
EXPLAINED = [
    Column("form", Text("报表", "Form")), Column("kind", Text("疑问", "Question")), Column("message", Text("内容", "What")),
    Column("reason", Text("单位的说明", "The unit's explanation")), Column("answered_by", Text("答复人", "By")), Column("cell", Text("单元格", "Cell")),
]  # fmt: skip
Links = Mapping[str, Callable[[], None]]
"""The pages where steps are taken, by their path."""
SOURCE = Text("本系统报送记录", "The reports sent to this system")


def steps(view: View) -> list[Open]:
    """Every open step of the last twelve months in the visitor's scope."""
    first = first_month(view)
    explained: dict[int, dict[str, int]] = {}
    for row in rows(ask(view, "explanations_by_submission", first_period=first)):
        explained.setdefault(int(row.submission_id), {})[row.data_set] = int(row.explained)
    return waiting.steps(
        board(view, this_moment(view))[0], rows(ask(view, "opinions_by_unit_month", first_period=first)), explained
    )


def of_visitor(found: Sequence[Open]) -> list[Open]:
    """Those that the visitor takes. The office sends for nobody and leaves the checking to the groups: it decides."""
    actions = {action for action in (access.UPLOAD, access.CONFIRM, access.EXPLAIN, access.REVIEW) if can(action)}
    if access.REVIEW in actions:
        actions -= {access.UPLOAD, access.EXPLAIN}
    return waiting.mine(found, actions, actor().working_group)


def draw(found: Sequence[Open], view: View, links: Links) -> None:
    """The visitor's own steps, each with what it takes."""
    for at, one in enumerate(found[:SHOWN]):
        period = Period.parse(one.period)
        with st.container(border=True, key=f"block_todo_{at}"):
            words = Text("**{step}** · {unit} · {month}", "**{step}** · {unit} · {month}")
            st.markdown(say(words.fill(step=STEPS[one.step].label, unit=name(one.unit), month=period.label)))
            if one.late:
                st.markdown(f":red-badge[:material/schedule: {say(Text('已逾期', 'Overdue'))}]")
            _take(one, period, view, links)
    if len(found) > SHOWN:
        st.caption(say(Text("还有 {n} 件。", "{n} more follow.").fill(n=len(found) - SHOWN)))


def _take(one: Open, period: Period, view: View, links: Links) -> None:
    """What is known of a step, and the way to take it."""
    key = f"todo_{one.step}_{one.group}"
    if one.step == "confirm":
        month.desk(one.unit, period, only=(cycle.CONFIRMED,), key=key)
        _go(links, "submissions", one, Text("看这份报表", "Look at the report"), "visibility")
    elif one.step == "check":
        _explanations(one, period, view)
        month.desk(one.unit, period, only=(cycle.CHECKED,), key=key)
    elif one.step == "extension":
        st.markdown(safe(one.why))
        month.desk(one.unit, period, only=(cycle.GRANT, cycle.DECLINE), key=key)
    elif one.step == "review":
        month.opinions(one.unit, period, one.version, view)
        _go(links, "submissions", one, Text("去审核", "Review it"), "fact_check")
    else:
        if one.why:
            st.markdown(say(Text("原因:{why}", "Because: {why}").fill(why=safe(one.why))))
        _go(links, "submit", one, Text("去报送", "Go and send it"), "upload_file")


def _go(links: Links, page: str, one: Open, words: Text, icon: str) -> None:
    """A link to the page where the step is taken, for this unit and month."""
    link = {"period": one.period, "unit": one.unit, "county": house().catalogue.org_unit[one.unit].parent}
    st.page_link(st.Page(links[page], url_path=page), label=say(words), icon=f":material/{icon}:", query_params=link)


def _explanations(one: Open, period: Period, view: View) -> None:
    """The questions of the group's forms that were kept, with what the unit said."""
    found = ask(view, "findings_by_submission", submission=one.submission)
    own = access.WORKING_GROUPS[one.group].data_sets
    kept = found[(found["severity"] == "asks") & (found["answer"] == "keep") & found["data_set"].isin(own)]
    words: dict[str, list[Any]] = {
        "form": [month.form(code) for code in kept["data_set"]],
        "kind": [KINDS[id].title for id in kept["id"]],
        "message": [Text(zh, en) for zh, en in zip(kept["message_zh"], kept["message_en"], strict=True)],
    }
    frame = kept.assign(**words)
    title = Text("{n} 条说明待核对", "{n:explanation|explanations} to be checked").fill(n=len(frame))
    table(frame, EXPLAINED, key=f"explained_{one.submission}_{one.group}", view=view, title=title, source=SOURCE)


def everything(found: Sequence[Open], view: View) -> None:
    """All open steps in scope: in whose hands they lie."""
    counts = waiting.counted(found)
    parts = [
        Text(f"{STEPS[code].label.zh} {n}", f"{STEPS[code].label.en[0].lower()}{STEPS[code].label.en[1:]} ({n})")
        for code, n in counts.items()
    ]
    said = listed(parts)
    title = (
        Text("还没有办完的:{what}", "Open steps: {what}").fill(what=said) if parts else Text("各环节都已办完", "Nothing is open")
    )
    groups = access.WORKING_GROUPS
    frame = pd.DataFrame(
        [(STEPS[one.step].label, name(one.unit), one.period, one.version or None, one.late, groups[one.group].label if one.group else "", one.why)
         for one in found], columns=[column.code for column in COLUMNS],
    ).astype({"version": "Int64"})  # fmt: skip
    table(frame, COLUMNS, key="open_steps", view=view, title=title, source=SOURCE)
