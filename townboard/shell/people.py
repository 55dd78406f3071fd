"""Keeping accounts on a page: the list, the form for a new one, and what can be done with one that exists.

Every step asks again whether the visitor may. A first password is shown once, on the run after it was made, and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from townboard import access, accounts
from townboard.accounts import AccountError
from townboard.shell.quoting import safe
from townboard.shell.visit import actor, house, local_time, say
from townboard.store.accounts import Account, by_name, everyone, open_sessions
from townboard.store.migrations import utc_now
from townboard.text import Text

SAID = "townboard_people_said"
"""Session key: (went well, words, first password) of the last step."""
ACTIVE, DISABLED, LOCKED, FIRST = (
    Text("在用", "active"), Text("已停用", "disabled"), Text("暂时锁定", "locked for now"), Text("待首次登录", "first password"),
)  # fmt: skip
ROLE, UNITS, GROUP = Text("角色", "Role"), Text("单位", "Units"), Text("专项组", "Working group")
EMAIL = Text("身份认证邮箱或标识(选填)", "Address or subject at the identity service (optional)")


def _do(step: Callable[[], str | None], done: Text) -> None:
    """Take one step for who may, and remember what to say about it."""
    if not access.may(actor(), access.ADMINISTER).allowed:
        st.session_state[SAID] = (False, access.may(actor(), access.ADMINISTER).reason, "")
        return
    try:
        st.session_state[SAID] = (True, done, step() or "")
    except AccountError as error:
        st.session_state[SAID] = (False, error.message, "")


def said() -> None:
    """What the last step did, and a first password to hand over, once."""
    found: tuple[bool, Text, str] | None = st.session_state.pop(SAID, None)
    if found is None:
        return
    went_well, words, password = found
    (st.success if went_well else st.error)(say(words), icon=":material/task_alt:" if went_well else ":material/error:")
    if password:
        st.markdown(
            say(
                Text(
                    "首次密码(只显示这一次,请当面或电话告知本人):",
                    "The first password (shown this once; hand it over in person or by phone):",
                )
            )
        )
        st.code(password, language=None)


def _state(account: Account) -> Text:
    if account.disabled:
        return DISABLED
    if account.locked_until is not None and account.locked_until > utc_now():
        return LOCKED
    return FIRST if account.must_change else ACTIVE


def _names(account: Account) -> str:
    known = house().catalogue.org_unit
    group = access.WORKING_GROUPS.get(account.working_group)
    return "、".join(
        [*(say(known[unit].label) for unit in account.units if unit in known), *([say(group.label)] if group else [])]
    )


def listing() -> None:
    """All accounts: name, role, scope, state, last sign-in, open sessions."""
    store = house().store
    found, sessions = everyone(store.rows), open_sessions(store.rows)
    heads = [Text("账号", "Account"), ROLE, Text("范围", "Scope"), Text("状态", "State"), Text("最近登录", "Last sign-in"), Text("在线", "Open"),
             Text("邮箱或标识", "Address")]  # fmt: skip
    rows = [
        (one.name, say(access.ROLES[one.role].label) if one.role in access.ROLES else one.role, _names(one), say(_state(one)),
         local_time(one.signed_in_at) if one.signed_in_at else "—", sessions.get(one.name, 0), one.email)
        for one in found
    ]  # fmt: skip
    with st.container(border=True, key="block_accounts"):
        st.markdown(f"##### {say(Text('{n} 个账号', '{n:account|accounts}').fill(n=len(found)))}")
        st.dataframe(pd.DataFrame(rows, columns=[say(head) for head in heads]), hide_index=True, key="grid_accounts")


def _scope(key: str, account: Account | None = None) -> tuple[str, tuple[str, ...], str, str]:
    """Role, units, working group and address, asked for as the role wants them. `key`: the form's; `account`: what stands there now."""
    roles = list(access.ROLES)
    role = st.selectbox(
        say(ROLE), roles, index=roles.index(account.role) if account and account.role in roles else 0, key=f"{key}_role",
        format_func=lambda code: say(access.ROLES[code].label),
    )  # fmt: skip
    units: list[str] = []
    group = ""
    reach = access.ROLES[role].reach
    if reach == "units":
        known = house().catalogue
        codes = [unit.code for unit in known.units(known.settings.county)]
        codes += [unit for unit in (account.units if account else ()) if unit not in codes]
        units = st.multiselect(
            say(UNITS), codes, default=list(account.units) if account else [], key=f"{key}_units",
            format_func=lambda code: say(known.org_unit[code].label), placeholder=say(Text("请选择", "choose")),
        )  # fmt: skip
    if reach == "group":
        groups = list(access.WORKING_GROUPS)
        group = st.selectbox(
            say(GROUP), groups, index=groups.index(account.working_group) if account and account.working_group in groups else 0,
            key=f"{key}_group", format_func=lambda code: say(access.WORKING_GROUPS[code].label),
        )  # fmt: skip
    email = st.text_input(say(EMAIL), value=account.email if account else "", key=f"{key}_email", max_chars=200)
    return role, tuple(units), group, email


def new() -> None:
    """A new account; its first password is made up and shown once."""
    with st.container(border=True, key="block_new"):
        st.markdown(f"##### {say(Text('新建账号', 'A new account'))}")
        name = st.text_input(say(Text("账号名(建议用姓名)", "Name (the person's own, best)")), key="new_name", max_chars=40)
        role, units, group, email = _scope("new")
        made = Account(name, role, units, group, email)
        st.button(say(Text("新建", "Add")), type="primary", icon=":material/person_add:", key="new_go", disabled=not name.strip(),
                  on_click=_add, args=(made,))  # fmt: skip


def _add(made: Account) -> None:
    _do(
        lambda: accounts.add(house().store, made, by=actor().name),
        Text("已新建账号“{name}”", "Added the account {name}").fill(name=safe(made.name)),
    )
    if st.session_state[SAID][0]:
        st.session_state["new_name"] = ""


def existing() -> None:
    """One account: another role or scope, a new first password, out everywhere, disabled or back again."""
    store = house().store
    names = [one.name for one in everyone(store.rows)]
    with st.container(border=True, key="block_existing"):
        st.markdown(f"##### {say(Text('修改账号', 'Change an account'))}")
        name = st.selectbox(say(Text("账号", "Account")), names, key="existing_name")
        account = by_name(store.rows, name) if name else None
        if account is None:
            return
        role, units, group, email = _scope(f"existing_{name}", account)
        wanted = Account(account.name, role, units, group, email)
        by = actor().name
        same_as_now = (role, units, group, email) == (account.role, account.units, account.working_group, account.email)
        st.button(say(Text("保存修改", "Save")), type="primary", icon=":material/save:", key="existing_save", disabled=same_as_now, on_click=_do,
                  args=(lambda: accounts.change(store, wanted, by=by), Text("已修改“{name}”", "Changed {name}").fill(name=safe(name))))  # fmt: skip
        with st.container(horizontal=True, gap="small"):
            _step("reset", Text("重置密码", "Reset the password"), "lock_reset", lambda: accounts.reset(store, name, by=by),
                  Text("已重置“{name}”的密码", "Reset the password of {name}").fill(name=safe(name)))  # fmt: skip
            _step("out", Text("强制退出", "Sign out everywhere"), "logout", lambda: accounts.end_sessions(store, name, by=by),
                  Text("“{name}”已在所有设备上退出", "{name} is signed out everywhere").fill(name=safe(name)))  # fmt: skip
            if account.disabled:
                _step("enable", Text("启用", "Enable"), "person_check", lambda: accounts.enable(store, name, by=by),
                      Text("已启用“{name}”", "Enabled {name}").fill(name=safe(name)))  # fmt: skip
            else:
                _step("disable", Text("停用", "Disable"), "person_off", lambda: accounts.disable(store, name, by=by),
                      Text("已停用“{name}”", "Disabled {name}").fill(name=safe(name)))  # fmt: skip


def _step(key: str, label: Text, icon: str, step: Callable[[], str | None], done: Text) -> None:
    st.button(say(label), icon=f":material/{icon}:", key=f"existing_{key}", on_click=_do, args=(step, done))
