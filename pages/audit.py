"""Who did what, where and when: the audit trail, filtered, to take away, and whether its chain is whole."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from townboard import shell, trail
from townboard.shell import recorded
from townboard.text import Text


def page() -> None:
    """Layout only."""
    if not shell.may_open("audit"):
        return
    shell.heading(Text("操作记录", "Audit trail"), Text("谁在什么时候做了什么;只增不改,前后相扣。",
                                                    "Who did what and when: only ever added to, each row tied to the one before."))  # fmt: skip
    shell.banner()
    recorded.verified()
    today = recorded.today()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="audit_filters"):
        span = st.date_input(shell.say(Text("日期", "Dates")), (today - timedelta(days=30), today), key="audit_dates", width=260,
                             format="YYYY-MM-DD")  # fmt: skip
        actor = _pick(Text("操作人", "Who"), "audit_actor", {name: name for name in recorded.people()})
        units = {unit.code: shell.say(unit.label) for unit in recorded.units()}
        unit = _pick(Text("单位", "Unit"), "audit_unit", units)
        actions = st.multiselect(shell.say(Text("操作", "What")), list(trail.ACTIONS), key="audit_actions", width=360,
                                 format_func=lambda code: shell.say(trail.words(code)),
                                 placeholder=shell.say(Text("全部", "all")))  # fmt: skip
    first, last = _ends(span, today)
    recorded.listing(first, last, actor=actor, unit=unit, actions=actions)


def _pick(label: Text, key: str, words: dict[str, str]) -> str:
    everyone = {"": shell.say(Text("全部", "All")), **words}
    return st.selectbox(shell.say(label), list(everyone), format_func=everyone.__getitem__, key=key, width=190) or ""


def _ends(span: object, today: date) -> tuple[date, date]:
    """The first and the last day picked; while only one is, up to today."""
    days = [day for day in span if isinstance(day, date)] if isinstance(span, tuple) else []
    return (days[0], days[-1] if len(days) > 1 else today) if days else (today, today)
