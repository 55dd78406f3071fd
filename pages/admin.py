"""People: the accounts, a new one, and one to change. For administrators alone; they see no figures."""

from __future__ import annotations

import streamlit as st

from townboard import shell
from townboard.shell import people
from townboard.text import Text


def page() -> None:
    """Layout only."""
    if not shell.may_open("admin"):
        return
    shell.heading(Text("账号管理", "Accounts"), Text("新建、停用、重置密码,分配角色和单位;每一步都有记录。",
                                                  "Add, disable, reset; roles and units. Every step goes on record."))  # fmt: skip
    shell.banner()
    people.said()
    people.listing()
    left, right = st.columns(2)
    with left:
        people.new()
    with right:
        people.existing()
