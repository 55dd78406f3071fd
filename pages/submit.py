"""The clerk's page: month and unit, template, upload, findings, answers, preview, receipt. The only page that writes values."""

from __future__ import annotations

import streamlit as st

from pages import economy
from townboard import access, cycle, desk, shell
from townboard.deadlines import due_at
from townboard.journey import Examined
from townboard.periods import Period
from townboard.shell import answered, questions, sending, starting, where
from townboard.shell import receipt as receipts
from townboard.shell.marked import marked_button
from townboard.shell.quoting import safe
from townboard.text import Text

DESK = "townboard_desk"


def page() -> None:
    """Layout only."""
    if not shell.may_open("submit"):
        return
    shell.heading(
        Text("报送", "Submit"),
        Text("选单位和月份 → 下载模板 → 上传 → 答复 → 报送。", "Unit and month → template → upload → answers → send."),
    )
    shell.banner()
    if DESK not in st.session_state:
        st.session_state[DESK] = desk.Desk()
    table: desk.Desk = st.session_state[DESK]
    with st.container(width=940):
        unit, period = _where()
        st.markdown(f"### {shell.say(Text('② 准备', '② Prepare'))}")
        starting.templates(table, unit, period)
        st.markdown(f"### {shell.say(Text('③ 上传', '③ Upload'))}")
        starting.upload(table, unit, period)
        sha256 = table.open.get((unit, str(period)))
        if sha256 is not None and sha256 in table.files:
            _outcome(table, (unit, str(period), sha256))


def _where() -> tuple[str, Period]:
    """Step 1: which unit, which month; both stand in the link as codes."""
    st.markdown(f"### {shell.say(Text('① 单位和月份', '① Unit and month'))}")
    unit, period = where.unit_and_month(access.UPLOAD)
    home = shell.house()
    state = home.store.status(unit, period)
    due = shell.local_time(state.deadline or due_at(period, home.catalogue.settings))
    words = Text("现状:**{state}**;应于 {due} 前报送;应报 {what}", "Now: **{state}**; due by {due}; {what}")
    sheets = [sheet.data_set for sheet in starting.owed(unit, period)]
    st.markdown(shell.say(words.fill(state=state.label, due=due[:10], what=desk.due_words(sheets))))
    if state.state in cycle.SENT_BACK and state.reason:
        said = Text("退回原因:“{reason}”", "Returned because: “{reason}”").fill(reason=safe(state.reason))
        st.warning(shell.say(said), icon=":material/undo:")
    if not state.takes_workbook:
        st.info(shell.say(cycle.NEXT_STEP[state.state]), icon=":material/lock:")
    return unit, period


def _outcome(table: desk.Desk, at: desk.At) -> None:
    """Step 4: the receipt when it was sent, else exactly one of four screens with its next step."""
    examined = table.sent[at] if at in table.sent else sending.examined(table, at)
    st.markdown(f"### {shell.say(Text('④ 检查结果', '④ What was found'))}")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f":material/description: {safe(examined.name)}", width="content")
        st.button(shell.say(Text("换一个文件", "Another file")), type="tertiary", icon=":material/swap_horiz:", key="another",
                  help=shell.say(Text("已给的答复会保留", "The answers given so far are kept")), on_click=sending.another, args=(table, at))  # fmt: skip
        if at not in table.receipts:
            starting.discard(table, at[:2], "discard")
            starting.kept(table, at[:2])
    if at in table.receipts:
        _sent(table, at, examined)
        return
    starting.beside(table, at, examined)
    _screen(examined)
    if at[:2] in table.said:
        st.info(shell.say(table.said[at[:2]]), icon=":material/info:")
    if examined.refusal is not None:
        return
    _work(questions.Desktop(table, at[:2], examined))
    if examined.outcome == "ready":
        if at[:2] in table.meanwhile:
            receipts.meanwhile(table.meanwhile[at[:2]])
        receipts.preview(examined)
        st.button(shell.say(Text("报送", "Send")), type="primary", icon=":material/send:", key="commit", on_click=sending.send,
                  args=(table, at, examined))  # fmt: skip


def _screen(examined: Examined) -> None:
    """Exactly one of four, with the next step."""
    refusal, screen = examined.refusal, desk.SCREENS[examined.outcome]
    title = screen.title.fill(**desk.counts(examined.findings))
    step = screen.next_step.fill(remedy=refusal.remedy) if refusal else screen.next_step
    said = "" if refusal is None else shell.say(refusal.message) + ("。" if shell.language() == "zh" else ". ")
    {"success": st.success, "warning": st.warning, "error": st.error}[screen.tone](
        f"**{shell.say(title)}**  \n{said}{shell.say(step)}", icon=screen.icon)  # fmt: skip


def _work(top: questions.Desktop) -> None:
    """What became of the rows, what was answered, what is open."""
    receipts.rows_line(top.workbook)
    marked_button(top.workbook)
    left = sum(finding.severity != "notes" for finding in top.workbook.findings)
    done = sum(one.finding.severity != "notes" or one.given is not None for one in top.workbook.answered)
    if left and done:
        words = Text("已答复 {done},还剩 {left}", "{done} answered, {left} left").fill(done=done, left=left)
        st.progress(done / (done + left), text=shell.say(words))
    answered.left_out(top)
    answered.settled(top)
    questions.draw(top)


def _sent(table: desk.Desk, at: desk.At, examined: Examined) -> None:
    """The receipt, the forms still missing, and where the figures are seen."""
    receipts.receipt(table.receipts[at], examined)
    home = shell.house()
    absent = [home.catalogue.data_set[finding.place.data_set] for finding in examined.findings if finding.id == "missing-sheet"]
    if absent:
        names = Text("、".join(form.sheet for form in absent), ", ".join(form.label.en for form in absent))
        words = Text("本月还有 {n} 张表没有报:{names}。可以再传一次,已报的不受影响;没有变化的在上面“准备”里点“本月无变化”。",
                     "{n:sheet of this month is|sheets of this month are} still missing: {names}. Upload again; what was sent stays as it is. Unchanged ones: “No change” above.")  # fmt: skip
        st.info(shell.say(words.fill(n=len(absent), names=names)), icon=":material/pending_actions:")
    link = {"period": at[1], "unit": at[0], "county": home.catalogue.org_unit[at[0]].parent, "basis": "preliminary"}
    st.page_link(st.Page(economy.page, url_path="economy"), label=shell.say(Text("看村集体经济", "See village economy")),
                 icon=":material/agriculture:", query_params=link)  # fmt: skip
