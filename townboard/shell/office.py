"""The office's desk: reviewing one submission, and bringing in registers and baselines."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from townboard import access, exploring
from townboard.answers import WORDS
from townboard.catalogue import Target
from townboard.downloads import Column
from townboard.findings import KINDS, SEVERITIES
from townboard.periods import Period
from townboard.shell.asking import ask
from townboard.shell.handing import handed
from townboard.shell.panels import table
from townboard.shell.view import View, name
from townboard.shell.visit import actor, house, language, say
from townboard.store import TransitionError, registers
from townboard.text import Text
from townboard.uploader_words import CHINESE

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
SAID = "townboard_office_said"


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
    reason = st.text_input(
        say(Text("退回原因(退回时必填)", "Reason (needed to return it)")), key=f"reason_{submission}", max_chars=200
    )
    with st.container(horizontal=True):
        st.button(say(Text("通过", "Approve")), type="primary", icon=":material/check_circle:", key=f"approve_{submission}",
                  on_click=_move, args=(unit, period, "approved", reason, submission))  # fmt: skip
        st.button(say(Text("退回", "Return")), icon=":material/undo:", key=f"return_{submission}", disabled=not reason.strip(),
                  on_click=_move, args=(unit, period, "returned", reason, submission))  # fmt: skip


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
    title = Text("与上期已审数据相比,{n} 个数有变化", "{n} numbers differ from the last approved ones").fill(n=len(found))
    table(found, CHANGES, key="review_changes", view=view, title=title, height=260 if len(found) > 6 else None,
          note=Text("变化幅度大的在前。", "The largest relative change first."))  # fmt: skip
    kept = home.store.status(unit, period)
    if kept.sha256 is not None and kept.workbook is not None and access.may_take_originals(actor(), unit).allowed:
        sha256 = kept.sha256
        st.download_button(say(Text("下载报送原件", "Download the workbook as it was sent")), handed(lambda: home.store.original(sha256), "original", unit=unit, period=str(period), detail=sha256), kept.workbook,
                           icon=":material/description:", on_click="ignore", key=f"original_{kept.submission_id}")  # fmt: skip


def said() -> None:
    """What the last action did, once."""
    words: tuple[bool, Text] | None = st.session_state.pop(SAID, None)
    if words is not None:
        (st.success if words[0] else st.error)(say(words[1]), icon=":material/task_alt:" if words[0] else ":material/error:")


def _explained(found: pd.DataFrame) -> None:
    asked = found[found["severity"] == "asks"]
    words = Text("疑问 {asked} 条,均已说明;提示 {noted} 条。", "{asked} questions, all explained; {noted} notes.")
    st.caption(say(words.fill(asked=len(asked), noted=int((found["severity"] == "notes").sum()))))


def _in_words(found: pd.DataFrame) -> pd.DataFrame:
    out = found.copy()
    out["severity_words"] = [SEVERITIES[severity] for severity in out["severity"]]
    out["kind"] = [KINDS[id].title for id in out["id"]]
    out["message"] = out[f"message_{language()}"]
    out["answer_words"] = [say(WORDS[answer]) if answer in WORDS else "" for answer in out["answer"]]
    return out


def _move(unit: str, period: Period, state: str, reason: str, submission: int) -> None:
    """Approve or return; a second click is told that nothing waits any more. Who may is asked again."""
    allowed = access.may(actor(), access.REVIEW, unit)
    if not allowed.allowed:
        st.session_state[SAID] = (False, allowed.reason)
        return
    try:
        done = house().store.transition(unit, period, state, actor=actor().name, reason=reason.strip(), expected=submission)
    except TransitionError as error:
        st.session_state[SAID] = (False, error.message)
        return
    words = Text("{unit}{period}:{state}", "{unit}, {period}: {state}").fill(
        unit=name(unit), period=period.label, state=done.label
    )
    st.session_state[SAID] = (True, words)


def register_upload() -> None:
    """Bring in registers, baselines and closed villages from a workbook: every mistake at once, or all rows recorded."""
    st.subheader(say(Text("名录和基数", "Registers and baselines")), anchor=False)
    st.caption(say(Text(
        "目标、上年收入、清化收基数、应覆盖数、网格数、赋权事项、证明目录、已销号村。目标表(指标、单位代码、年度、基本目标、最高目标、截止日期)、长表(数据集、指标项、单位代码、值)或以表名命名的宽表,.xlsx 或 .csv。",
        "Goals, last year’s income, baselines, what is due, grids, items assigned, catalogues, closed villages. A goal sheet (indicator, org_unit, year, basic, highest, deadline), a long sheet (data_set, element, "
        "org_unit, value) or wide sheets named by their form; .xlsx or .csv.")))  # fmt: skip
    given = st.file_uploader(say(Text("上传名录工作簿", "Upload a register workbook")), key=f"registers_{language()}")
    if language() == "zh":
        st.html(CHINESE, unsafe_allow_javascript=True)
    if given is None:
        return
    try:
        rows, goals = registers.read(given.getvalue(), house().catalogue, given.name)
    except registers.RegisterError as error:
        st.error(
            say(
                Text("名录不能导入:{n} 处错误,未改动任何数据", "Not taken: {n} mistakes, nothing was changed").fill(
                    n=len(error.mistakes)
                )
            )
        )
        st.markdown("\n".join(f"- {say(mistake)}" for mistake in error.mistakes[:50]))
        return
    st.info(
        say(Text("读到 {n} 个值,确认后登记。", "{n} values were read; confirm to record them.").fill(n=len(rows) + len(goals))),
        icon=":material/fact_check:",
    )
    st.button(
        say(Text("登记这些值", "Record these values")),
        type="primary",
        key="registers_go",
        on_click=_record,
        args=(rows, goals, given.name),
    )


def _record(rows: list[registers.RegisterRow], goals: list[Target], source: str) -> None:
    allowed = access.may(actor(), access.REGISTER)
    if not allowed.allowed:
        st.session_state[SAID] = (False, allowed.reason)
        return
    changed = house().store.register(rows, actor=actor().name, source=source)
    changed += house().store.targets(goals, actor=actor().name, source=source)
    words = Text("已登记,{n} 个值有变化。", "Recorded; {n} values changed.").fill(n=changed)
    st.session_state[SAID] = (True, words)
