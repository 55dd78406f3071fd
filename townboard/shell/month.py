"""One unit's month: where it stands, and a button for everything that may be done with it now (`cycle.MOVES`), by whom it may be done."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

import streamlit as st

from townboard import access, cycle, journey
from townboard.access import WORKING_GROUPS
from townboard.charts.kit import rows
from townboard.deadlines import end_of, local_date
from townboard.findings import Refusal
from townboard.periods import Period
from townboard.shell.asking import ask
from townboard.shell.quoting import safe
from townboard.shell.view import View, lacking, name
from townboard.shell.visit import actor, house, local_time, say
from townboard.store import Status, TransitionError
from townboard.text import Text, masked

SAID = "townboard_office_said"
LABELS: dict[str, tuple[Text, str]] = {
    cycle.CONFIRMED: (Text("审签", "Confirm"), "verified"),
    cycle.CHECKED: (Text("已核对", "Checked"), "rule"),
    cycle.WITHDRAWN: (Text("撤回报送", "Withdraw"), "undo"),
    cycle.OPEN_CORRECTION: (Text("开放更正", "Open a correction"), "edit_note"),
    cycle.CLOSE_CORRECTION: (Text("取消更正", "Close the correction"), "cancel"),
    cycle.LOCK: (Text("锁定本月", "Lock"), "lock"),
    cycle.UNLOCK: (Text("解锁", "Unlock"), "lock_open"),
    cycle.EXEMPTED: (Text("准予免报", "Exempt"), "event_busy"),
    cycle.REVOKED: (Text("取消免报", "Revoke the exemption"), "event_available"),
    cycle.ASK_EXTENSION: (Text("申请延期", "Ask for an extension"), "more_time"),
    cycle.GRANT: (Text("准予延期", "Grant the extension"), "schedule"),
    cycle.DECLINE: (Text("不予延期", "Decline"), "block"),
}
"""Event → what its button says. Approving and returning stand with the submission itself."""


def stands(here: Status) -> None:
    """The state in a line: since when, by whom, why; the deadline; what is lacking."""
    parts = [Text("**{state}**", "**{state}**").fill(state=here.label)]
    if here.version:
        words = Text("第{n}版,{who} {at} 报送", "version {n}, sent by {who} {at}")
        parts.append(
            words.fill(
                n=here.version,
                who=safe(masked(here.submitted_by or "")),
                at=local_time(here.submitted_at) if here.submitted_at else "",
            )
        )
    if here.deadline is not None:
        parts.append(Text("截止 {at}", "due {at}").fill(at=local_time(here.deadline)))
    if here.missing:
        parts.append(Text("部分报送:{what}", "partial: {what}").fill(what=lacking(name(here.unit), here.missing)))
    if here.reason:
        parts.append(Text("说明:{why}", "because: {why}").fill(why=safe(masked(here.reason))))
    if here.asked_until is not None:
        parts.append(Text("已申请延期至 {at},待批", "an extension to {at} waits").fill(at=local_time(here.asked_until)[:10]))
    st.markdown(say(Text(";".join(part.zh for part in parts), "; ".join(part.en for part in parts))))


def form(data_set: str) -> Text:
    """What a form is called."""
    return house().catalogue.data_set[data_set].label


def opinions(unit: str, period: Period, version: int, view: View) -> None:
    """Who of the unit has confirmed a version, and what the working groups said of its explanations."""
    found = ask(view, "opinions_by_unit_month", first_period=str(period), period=str(period))
    found = found[(found["unit"] == unit) & (found["version"] == version)]
    said = [Text("{event}:{who} {at}{words}", "{event}: {who} {at}{words}").fill(
        event=cycle.EVENTS[row.event], who=safe(row.actor), at=local_time(row.at),
        words="".join(f"({safe(part)})" for part in (say(WORKING_GROUPS[row.working_group].label) if row.working_group else "", row.reason) if part),
    ) for row in rows(found)]  # fmt: skip
    if not any(row.event == cycle.CONFIRMED for row in rows(found)):
        said.append(Text("单位审核人尚未审签", "The unit's reviewer has not confirmed it yet"))
    st.markdown("  \n".join(f":small[:material/verified: {say(one)}]" for one in said))


def desk(unit: str, period: Period, only: Collection[str] = (), key: str = "month") -> None:
    """The month's line, a reason, and the buttons that the visitor may press now; `only` some of them."""
    here = house().store.status(unit, period)
    stands(here)
    possible = [
        event for event in LABELS if (found := cycle.move(here.state, event)) and access.may(actor(), found.action, unit).allowed
    ]
    if here.asked_until is None:
        wanted = (cycle.GRANT,) if cycle.move(here.state, cycle.ASK_EXTENSION) else ()
        possible = [event for event in possible if event not in (cycle.GRANT, cycle.DECLINE) or event in wanted]
    possible = [event for event in possible if not only or event in only]
    if not possible:
        return
    key = f"{key}_{unit}_{period}"
    reason = st.text_input(say(Text("原因", "Reason")), key=f"reason_{key}", max_chars=200)
    until = _until(here, key) if {cycle.ASK_EXTENSION, cycle.GRANT} & {*possible} else None
    with st.container(horizontal=True):
        for event in possible:
            words, icon = LABELS[event]
            wanting = bool((found := cycle.move(here.state, event)) and found.needs_reason and not reason.strip())
            due = end_of(until, house().catalogue.settings) if until and event in (cycle.ASK_EXTENSION, cycle.GRANT) else None
            st.button(say(words), icon=f":material/{icon}:", key=f"{event}_{key}", disabled=wanting,
                      help=say(Text("请先写明原因", "Give a reason first")) if wanting else None,
                      on_click=happen, args=(unit, period, event, reason, None, due))  # fmt: skip


def _until(here: Status, key: str) -> date:
    settings = house().catalogue.settings
    standing = local_date(here.deadline or datetime.now(), settings)
    first = local_date(here.asked_until, settings) if here.asked_until else standing + timedelta(days=3)
    return st.date_input(
        say(Text("延期至", "Extended to")), first, min_value=standing + timedelta(days=1), key=f"until_{key}", width=200
    )


def happen(
    unit: str, period: Period, event: str, reason: str, submission: int | None = None, due: datetime | None = None
) -> None:  # fmt: skip
    """Let an event happen, and say what became of it. Who may is asked again; a second click is told that it is done."""
    try:
        done = journey.move(house().store, actor(), unit, period, event, reason=reason, expected=submission, due=due)
    except (TransitionError, Refusal) as error:
        st.session_state[SAID] = (False, error.message)
        return
    words = Text("{unit}{period}:{event},现为“{state}”", "{unit}, {period}: {event}, now “{state}”").fill(
        unit=name(unit), period=period.label, event=cycle.EVENTS[event], state=done.label
    )
    st.session_state[SAID] = (True, words)


def said() -> None:
    """What the last action did, once."""
    words: tuple[bool, Text] | None = st.session_state.pop(SAID, None)
    if words is not None:
        (st.success if words[0] else st.error)(say(words[1]), icon=":material/task_alt:" if words[0] else ":material/error:")
