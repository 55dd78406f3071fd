"""What waits for me: the steps that are the visitor's to take, and in whose hands the other ones lie."""

from __future__ import annotations

import streamlit as st

from pages import submissions, submit
from townboard import shell
from townboard.shell import month, todo
from townboard.text import Text


def page() -> None:
    """Layout only."""
    if not shell.may_open("todo"):
        return
    shell.heading(
        Text("我的待办", "To do"),
        Text("等您办理的在前,其余环节在谁手里列在后面。", "What waits for you comes first, then where everything else lies."),
    )
    shell.banner()
    month.said()
    view = shell.view(basis_filter=False)
    found = todo.steps(view)
    own = todo.of_visitor(found)
    if own:
        st.subheader(shell.say(Text("等您办理:{n} 件", "Waiting for you: {n}").fill(n=len(own))), anchor=False)
        todo.draw(own, view, {"submit": submit.page, "submissions": submissions.page})
    else:
        st.success(shell.say(Text("没有等您办理的事项。", "Nothing waits for you.")), icon=":material/task_alt:")
    todo.everything(found, view)
