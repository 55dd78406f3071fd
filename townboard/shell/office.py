"""The office's desk: what waits for it, reviewing one submission, locking a month, and the names remembered for places."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from townboard import access, cycle, exploring, theme_tables
from townboard.answers import WORDS
from townboard.charts.kit import rows
from townboard.deadlines import is_known
from townboard.downloads import Column
from townboard.findings import KINDS, SEVERITIES
from townboard.periods import Period
from townboard.shell import month
from townboard.shell.asking import ask
from townboard.shell.handing import handed
from townboard.shell.month import SAID, happen
from townboard.shell.panels import table
from townboard.shell.quoting import safe
from townboard.shell.view import View, name
from townboard.shell.visit import actor, house, language, local_time, say
from townboard.store import TransitionError
from townboard.text import Text

FINDINGS = [
    Column("severity_words", Text("级别", "Severity")), Column("kind", Text("类别", "Kind")), Column("message", Text("内容", "What")),
    Column("answer_words", Text("答复", "Answer")), Column("answer_value", Text("答复值", "Value")), Column("reason", Text("说明", "Reason")),
    Column("answered_by", Text("答复人", "By")), Column("cell", Text("单元格", "Cell")),
]  # fmt: skip
CHANGES = [
    Column("form", Text("报表", "Form")), Column("place", Text("名称", "Place")), Column("element", Text("数据项", "Element")),
    Column("before", Text("上期", "Before"), "number"), Column("now", Text("本期", "Now"), "number"),
    Column("difference", Text("增减", "Difference"), "number"), Column("unit", Text("计量单位", "Unit of measure")),
]  # fmt: skip


def calendar_warning(period: Period) -> None:
    """Say when the calendar does not know the public holidays of the month in which the report is due."""
    year = period.plus(1).year
    if not is_known(year, house().catalogue.settings):
        words = Text("{year} 年的节假日安排尚未录入(data/catalogue/holidays.csv),截止时间只按周末推算。",
                     "The public holidays of {year} are not in data/catalogue/holidays.csv: deadlines know weekends only.")  # fmt: skip
        st.warning(say(words.fill(year=year)), icon=":material/event_busy:")


def queue(board: pd.DataFrame, view: View) -> None:
    """What waits for the office: submissions to review, the oldest first, and extensions asked for."""
    waiting = board[board["state"].isin(cycle.WAITING)].sort_values(["period", "submitted_at", "unit"])
    asked = board[board["asked_until"].notna()].sort_values(["period", "unit"])
    words = Text("待办:待审 {n} 份,延期申请 {m} 件", "To do: {n} to review, {m:extension|extensions} asked for")
    st.subheader(say(words.fill(n=len(waiting), m=len(asked))), anchor=False)
    if waiting.empty and asked.empty:
        st.caption(say(Text("没有待办事项。", "Nothing waits.")))
    for row in rows(asked):
        with st.container(border=True):
            until = Text("{unit} {month}申请延期,原因:{why}({who})", "{unit}, {month}, asks for an extension: {why} ({who})").fill(
                unit=name(row.unit), month=Period.parse(row.period).label, why=safe(row.asked_reason), who=safe(row.asked_by))  # fmt: skip
            st.markdown(say(until))
            month.desk(row.unit, Period.parse(row.period), only=(cycle.GRANT, cycle.DECLINE), key="queue")
    if waiting.empty:
        return
    labels = {
        int(row.submission_id): f"{say(row.unit_name)} · {row.period} · v{row.version}"
        + (f" · {say(row.state_words)}" if row.state == cycle.CORRECTION_SUBMITTED else "")
        for row in rows(waiting)
    }
    chosen = st.selectbox(
        say(Text("打开一份", "Open one")), list(labels), format_func=labels.__getitem__, key="queue_pick", width=420
    )
    row = waiting[waiting["submission_id"] == chosen].iloc[0]
    with st.container(border=True):
        review(row["unit"], Period.parse(row["period"]), int(chosen), view)


def lock_county(view: View) -> None:
    """Lock the month for every unit: nothing is taken any more but corrections that the office opens."""
    if view.unit is not None:
        return
    with st.container(border=True, key="block_lock"):
        st.markdown(f"**{say(Text('锁定 {month}(全部单位)', 'Lock {month} (all units)').fill(month=view.period.label))}**")
        st.caption(say(Text("锁定后不再接收报送;确需更正的,由专办对该单位开放一次更正。有待审或更正中的单位时不能锁定。",
                            "A locked month takes no workbook; the office can open one correction for a unit. Not possible while one waits.")))  # fmt: skip
        st.button(say(Text("锁定全县本月", "Lock the month")), icon=":material/lock:", key=f"lock_{view.county}_{view.period}",
                  on_click=_lock, args=(view.county, view.period))  # fmt: skip


def _lock(county: str, period: Period) -> None:
    allowed = access.may(actor(), access.REVIEW)
    if not allowed.allowed:
        st.session_state[SAID] = (False, allowed.reason)
        return
    try:
        locked = house().store.lock(county, period, actor=actor().name)
    except TransitionError as error:
        st.session_state[SAID] = (False, error.message)
        return
    words = Text("{month}:已锁定 {n} 个单位", "{month}: {n:unit|units} locked").fill(month=period.label, n=len(locked))
    st.session_state[SAID] = (True, words)


def aliases(unit: str) -> None:
    """The names remembered for a unit's places, each to be forgotten again."""
    found = house().store.aliases(unit)
    if not found:
        return
    st.markdown(f"**{say(Text('记住的名称', 'Names remembered'))}**")
    for written, place, since, by in found:
        with st.container(horizontal=True, vertical_alignment="center"):
            words = Text("“{written}” = {place}({by},{at})", "“{written}” = {place} ({by}, {at})")
            st.text(say(words.fill(written=written, place=name(place), by=by, at=local_time(since)[:10])))
            st.button(say(Text("不再使用", "Forget")), key=f"alias_{unit}_{place}_{written}", type="tertiary", icon=":material/close:",
                      on_click=_forget, args=(unit, written, place))  # fmt: skip


def _forget(unit: str, written: str, place: str) -> None:
    allowed = access.may(actor(), access.REGISTER)
    if not allowed.allowed:
        st.session_state[SAID] = (False, allowed.reason)
        return
    house().store.end_alias(unit, written, place, actor=actor().name)
    st.session_state[SAID] = (True, Text("“{written}”不再使用", "“{written}” is forgotten").fill(written=written))


def review(unit: str, period: Period, submission: int, view: View) -> None:
    """One submission: its findings with their explanations, then approve, or return with a reason."""
    found = ask(view, "findings_by_submission", submission=submission)
    _explained(found)
    table(
        _in_words(found), FINDINGS, key="review_findings", view=view,
        title=Text("{unit} {period}:疑问与说明", "{unit}, {period}: questions and explanations").fill(unit=name(unit), period=period.label),
    )  # fmt: skip
    _changes(unit, period, view)
    allowed = access.may(actor(), access.REVIEW, unit)
    if not allowed.allowed:
        st.caption(say(allowed.reason))
        return
    month.opinions(unit, period, house().store.status(unit, period).version, view)
    reason = st.text_input(
        say(Text("退回原因(退回时必填)", "Reason (needed to return it)")), key=f"reason_{submission}", max_chars=200
    )
    with st.container(horizontal=True):
        st.button(say(Text("通过", "Approve")), type="primary", icon=":material/check_circle:", key=f"approve_{submission}",
                  on_click=happen, args=(unit, period, cycle.APPROVE, reason, submission))  # fmt: skip
        st.button(say(Text("退回", "Return")), icon=":material/undo:", key=f"return_{submission}", disabled=not reason.strip(),
                  on_click=happen, args=(unit, period, cycle.SEND_BACK, reason, submission))  # fmt: skip


def _changes(unit: str, period: Period, view: View) -> None:
    """What the submission changes against the last approved figures of each form, and the clerk's own workbook."""
    home = house()
    parts = []
    for data_set in home.catalogue.due(unit, period):
        query = exploring.QUERIES.get(data_set.code)
        if query is None or data_set.rows == "free":
            continue
        earlier = period.plus(-1 if data_set.cycle == "monthly" else -3)
        before = ask(view, query, period=str(earlier), basis="approved")
        now = ask(view, query, period=str(period), basis="preliminary")
        parts.append(exploring.changes(data_set, before, now, unit, home.catalogue, language()))
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(exploring.CHANGES))
    title = Text("与上期已审数据相比,{n} 个数有变化", "{n:number differs|numbers differ} from the last approved ones").fill(
        n=len(found)
    )
    table(found, CHANGES, key="review_changes", view=view, title=title, height=260 if len(found) > 6 else None,
          note=Text("变化幅度大的在前。", "The largest relative change first."))  # fmt: skip
    kept = home.store.status(unit, period)
    if kept.sha256 is not None and kept.workbook is not None and access.may_take_originals(actor(), unit).allowed:
        sha256 = kept.sha256
        st.download_button(say(Text("下载报送原件", "Download the workbook as it was sent")), handed(lambda: home.store.original(sha256), "original", unit=unit, period=str(period), detail=sha256), kept.workbook,
                           icon=":material/description:", on_click="ignore", key=f"original_{kept.submission_id}")  # fmt: skip


def _explained(found: pd.DataFrame) -> None:
    asked = found[found["severity"] == "asks"]
    words = Text("疑问 {asked} 条,均已说明;提示 {noted} 条。", "{asked:question|questions}, all explained; {noted:note|notes}.")
    st.caption(say(words.fill(asked=len(asked), noted=int((found["severity"] == "notes").sum()))))


def _in_words(found: pd.DataFrame) -> pd.DataFrame:
    out = found.copy()
    out["severity_words"] = [SEVERITIES[severity] for severity in out["severity"]]
    out["kind"] = [KINDS[id].title for id in out["id"]]
    out["message"] = theme_tables.messages(out, language())
    out["answer_words"] = [say(WORDS[answer]) if answer in WORDS else "" for answer in out["answer"]]
    return out
