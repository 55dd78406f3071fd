"""Whose visit it is: name and role at the foot of the sidebar, the way to a new password, signing out; and the page for nobody."""

from __future__ import annotations

import streamlit as st

from townboard import access, accounts
from townboard.door.guarding import LEAVE
from townboard.shell.quoting import safe
from townboard.shell.visit import account, house, is_open, say, token
from townboard.text import Text

OPEN = Text(
    "还没有账号:只能在这台电脑上打开。建立第一个账号后须登录:`python -m townboard user add 姓名 --role admin`",
    "There are no accounts yet: it opens on this machine only. With the first one, people sign in: `python -m townboard user add NAME --role admin`",
)
DEMO = Text("演示库没有账号,只能在这台电脑上打开。", "The demo has no accounts and opens on this machine only.")
NOTHING = Text("您的账号还不能打开任何页面,请联系专办。", "Your account opens no page yet; please ask the special-action office.")
LEFT = Text("您已退出登录,或长时间没有操作。", "You have signed out, or did nothing for a while.")


def is_there() -> bool:
    """Whether somebody is there to show pages to; if not, the way to the sign-in page and nothing else."""
    if is_open() or account() is not None:
        return True
    st.info(say(LEFT), icon=":material/lock:")
    st.markdown(f"[{say(Text('登录', 'Sign in'))}](/sign-in)")
    st.html(f"<script>{LEAVE}</script>", unsafe_allow_javascript=True, width="content")
    return False


def open_store() -> None:
    """Say that a store without accounts is open on its own machine; louder where the figures are real."""
    if not is_open():
        return
    if not house().invented:
        st.warning(say(OPEN), icon=":material/lock_open:")
        return
    with st.sidebar:
        st.caption(f":material/lock_open: {say(DEMO)}")


def nothing_yet() -> None:
    """The page of an account that may open no page."""
    st.info(say(NOTHING), icon=":material/hourglass_empty:")


def signed_in() -> None:
    """The foot of the sidebar: who is here, a new password, sign out here or everywhere."""
    found = account()
    if found is None:
        return
    role = access.ROLES.get(found.role)
    with st.sidebar, st.container(key="townboard_person", gap="xsmall"):
        label = f"{safe(found.name)} · {say(role.label)}" if role else safe(found.name)
        with st.popover(label, icon=":material/account_circle:", width="stretch"):
            if found.units:
                known = house().catalogue.org_unit
                st.caption("、".join(say(known[unit].label) for unit in found.units if unit in known))
            group = access.WORKING_GROUPS.get(found.working_group)
            if group is not None:
                st.caption(say(group.label))
            if found.password:
                st.markdown(f"[:material/key: {say(Text('修改密码', 'Change the password'))}](/password)")
            st.button(
                say(Text("退出登录", "Sign out")), icon=":material/logout:", key="sign_out", width="stretch", on_click=_leave
            )
            st.button(say(Text("在所有设备上退出", "Sign out everywhere")), key="sign_out_everywhere", type="tertiary", width="stretch",
                      on_click=_leave, args=(True,))  # fmt: skip


def _leave(everywhere: bool = False) -> None:
    accounts.sign_out(house().store, token(), everywhere=everywhere)
    st.session_state.clear()
