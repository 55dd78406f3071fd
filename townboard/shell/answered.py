"""What was answered, now and with earlier workbooks, and what is left out: each with the way back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from townboard import desk
from townboard.answers import NO_ROW, WORDS, Answered
from townboard.answers.rows import as_row
from townboard.findings import NOTES
from townboard.shell import sending
from townboard.shell.questions import MORE, Desktop
from townboard.shell.quoting import safe
from townboard.shell.visit import house, say
from townboard.text import NOTHING, Text

_TYPED = Text("补填", "typed in:")


def settled(top: Desktop) -> None:
    """What was answered so far and what earlier workbooks answered, each with a button that takes the answer back."""
    answered = [one for one in top.workbook.answered if one.finding.severity != NOTES or one.given is not None]
    if not answered:
        return
    words = Text("已答复 {n} 条,可撤回", "{n} answered; each can be taken back").fill(n=len(answered))
    with st.expander(say(words), icon=":material/task_alt:"):
        for (_, id), entries in groupby(sorted(answered, key=_by_kind), key=_by_kind):
            group = list(entries)
            if len(group) > 1:
                _undo(
                    top,
                    group,
                    Text("撤回这 {n} 条", "Take these {n} back").fill(n=len(group)),
                    f"undo|all|{group[0].finding.place.sheet}|{id}",
                )
            for one in group[:MORE]:
                with st.container(horizontal=True, vertical_alignment="center"):
                    st.markdown(_answer_words(one))
                    _undo(top, [one], Text("撤回", "Take back"), f"undo|{desk.key(one.finding)}|{one.answer}")
            if len(group) > MORE:
                st.caption(say(Text("……另有 {n} 条", "… and {n} more").fill(n=len(group) - MORE)))


def _by_kind(one: Answered) -> tuple[str, str]:
    return one.finding.place.sheet, one.finding.id


def _undo(top: Desktop, group: Sequence[Answered], words: Text, key: str) -> None:
    st.button(
        say(words), key=key, type="tertiary", icon=":material/undo:", on_click=sending.undo, args=(top.table, top.month, group)
    )


def _answer_words(one: Answered) -> str:
    known = house().catalogue.org_unit.get(str(one.value)) if one.finding.id == "unknown-org-unit" else None
    if one.finding.id == NO_ROW and one.value is not None:
        form = house().catalogue.data_set[one.finding.place.data_set]
        cells = ", ".join(
            f"{say(form.by_code[code].label)} {say(desk.shown(value))}" for code, value in as_row(one.value).items()
        )
        return f"{safe(say(one.finding.message))} → **{say(_TYPED)} {safe(cells)}**"
    value = "" if one.value is None else f" {say(known.label if known else desk.shown(one.value))}"
    reason = f"({one.reason})" if one.reason else ""
    since = Text(" · {month}报送时已说明", " · explained with {month}'s report").fill(month=one.since) if one.since else NOTHING
    return f"{safe(say(one.finding.message))} → **{say(WORDS[one.answer])}{safe(value)}** {safe(reason)}{say(since)}"


def left_out(top: Desktop) -> None:
    """The forms of the file that are not sent this time, each with the way back."""
    for form in sorted(top.table.left_out[top.month]):
        label = house().catalogue.data_set[form].label
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(say(Text("《{form}》这次不报", "“{form}” is not sent this time").fill(form=label)), width="content")
            st.button(say(Text("还是要报", "Send it after all")), type="tertiary", icon=":material/undo:", key=f"back|{form}",
                      on_click=sending.leave_out, args=(top.table, top.month, form, False))  # fmt: skip
