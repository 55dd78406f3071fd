"""The versions of a unit's month: the list, what differs between any two, and an earlier one restored as a new version."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from townboard import access, cycle, journey, versions
from townboard.catalogue import Catalogue
from townboard.downloads import Column
from townboard.findings import Refusal
from townboard.periods import Period
from townboard.shell.asking import seen_data_sets
from townboard.shell.month import SAID
from townboard.shell.panels import table
from townboard.shell.view import View, name
from townboard.shell.visit import actor, can, house, local_time, say
from townboard.store import StaleError, TransitionError
from townboard.submission import Stored
from townboard.text import Text, listed

VERSIONS = [
    Column("version", Text("版本", "Version"), "integer", "", 0), Column("state_words", Text("状态", "State")),
    Column("sent", Text("报送时间", "Sent at")), Column("submitted_by", Text("报送人", "Sent by")), Column("forms", Text("所含报表", "Forms")),
    Column("reason", Text("说明", "Reason")), Column("workbook", Text("文件", "Workbook")),
]  # fmt: skip
DIFFERENCES = [
    Column("kind", Text("变化", "Change")), Column("form", Text("报表", "Form")), Column("place", Text("名称", "Place")),
    Column("element", Text("数据项", "Element")), Column("before", Text("原值", "Before")), Column("after", Text("新值", "After")),
    Column("cell", Text("单元格", "Cell")),
]  # fmt: skip


def panel(unit: str, period: Period, view: View) -> None:
    """The list of versions; with two or more, the differences of a pair; with a right to send, restoring one."""
    store = house().store
    found = store.versions(unit, period) if can(access.READ, unit) else []
    if not found:
        return
    forms = house().catalogue.data_set
    frame = pd.DataFrame([
        {"version": one.version, "state_words": cycle.EVENTS[one.state], "sent": local_time(one.submitted_at), "submitted_by": one.submitted_by,
         "forms": _listed([forms[code].label for code in one.data_sets]), "reason": one.reason, "workbook": one.workbook}
        for one in found
    ])  # fmt: skip
    title = Text("{unit} {month}:共 {n} 版", "{unit}, {month}: {n:version|versions}").fill(
        unit=name(unit), month=period.label, n=len(found)
    )
    table(frame, VERSIONS, key="versions", view=view, title=title)
    if len(found) < 2:
        return
    numbers = [one.version for one in found]
    words = Text("第{n}版", "version {n}")
    with st.container(horizontal=True):
        older = st.selectbox(
            say(Text("从", "From")), numbers, 1, format_func=lambda n: say(words.fill(n=n)), key="diff_from", width=160
        )
        newer = st.selectbox(
            say(Text("到", "To")), numbers, 0, format_func=lambda n: say(words.fill(n=n)), key="diff_to", width=160
        )
    differences = _difference(unit, period, older, newer, view)
    _restore(unit, period, older, newer, differences, numbers[0])


def _difference(unit: str, period: Period, older: int, newer: int, view: View) -> list[versions.Difference]:
    store, catalogue = house().store, house().catalogue
    found = [
        one
        for one in versions.differences(
            store.version_values(unit, period, older), store.version_values(unit, period, newer), catalogue
        )
        if one.data_set in seen_data_sets()
    ]
    many = versions.counts(found)
    title = Text(
        "第{a}版到第{b}版:新增 {added}、改动 {changed}、减少 {removed}",
        "Version {a} to {b}: {added} added, {changed} changed, {removed} removed",
    )
    frame = pd.DataFrame([_row(one, catalogue) for one in found], columns=[column.code for column in DIFFERENCES])
    table(
        frame,
        DIFFERENCES,
        key="version_diff",
        view=view,
        title=title.fill(a=older, b=newer, **many),
        height=320 if len(found) > 8 else None,
    )
    return found


def _row(one: versions.Difference, catalogue: Catalogue) -> dict[str, object]:
    data_set, place = catalogue.data_set[one.data_set], one.org_unit.partition("#")
    held = one.after or one.before
    known = catalogue.org_unit.get(place[0])
    return {
        "kind": versions.KINDS[one.kind], "form": data_set.label, "element": data_set.by_code[one.element].label,
        "place": Text(f"{known.label.zh}{place[1]}{place[2]}", f"{known.label.en}{place[1]}{place[2]}") if known else one.org_unit,
        "before": _plain(one.before), "after": _plain(one.after), "cell": f"{held.sheet}!{held.cell}" if held and held.cell else "",
    }  # fmt: skip


def _plain(held: versions.Held | None) -> str:
    value: Stored = None if held is None else held.value
    if isinstance(value, bool):
        return say(Text("是", "yes") if value else Text("否", "no"))
    return "—" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _listed(words: list[Text]) -> Text:
    return listed(words)


def _restore(unit: str, period: Period, older: int, newer: int, found: list[versions.Difference], latest: int) -> None:
    """Restore the version on the left: offered once its differences from the latest are on the screen."""
    here = house().store.status(unit, period)
    if newer != latest or older == latest or not found or not access.may(actor(), access.UPLOAD, unit).allowed:
        return
    if not here.takes_workbook:
        said = Text("本月现为“{state}”,不能恢复旧版。{step}", "The month is “{state}”: nothing can be restored. {step}.")
        st.caption(say(said.fill(state=here.label, step=cycle.NEXT_STEP[here.state])))
        return
    key = f"{unit}_{period}"
    reason = st.text_input(say(Text("恢复原因", "Why it is restored")), key=f"restore_reason_{key}", max_chars=200)
    words = Text("恢复第{n}版(作为新一版报送)", "Restore version {n} (sent as a new one)").fill(n=older)
    st.button(say(words), icon=":material/history:", key=f"restore_{key}", disabled=not reason.strip(),
              on_click=_restored, args=(unit, period, older, latest, reason))  # fmt: skip


def _restored(unit: str, period: Period, version: int, latest: int, reason: str) -> None:
    try:
        receipt = journey.restore(house().store, actor(), unit, period, version, reason=reason, expected_version=latest)
    except (Refusal, StaleError, TransitionError) as error:
        st.session_state[SAID] = (False, error.message)
        return
    words = Text("{unit}{period}:已按第{old}版恢复,报送为第{new}版", "{unit}, {period}: version {old} restored as version {new}")
    st.session_state[SAID] = (True, words.fill(unit=name(unit), period=period.label, old=version, new=receipt.version))
