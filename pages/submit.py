"""The clerk's page: month and unit, template, upload, findings, answers, preview, receipt. The only page that writes values."""

from __future__ import annotations

import hashlib

import streamlit as st

from pages import economy
from townboard import access, desk, shell, template
from townboard.deadlines import due_at
from townboard.periods import Period
from townboard.shell import questions, sending, where
from townboard.shell import receipt as receipts
from townboard.shell.marked import marked_button
from townboard.template.plan import plan
from townboard.text import Text
from townboard.uploader_words import CHINESE

DESK = "townboard_desk"
UPLOAD = Text("上传填好的工作簿(.xlsx、.xlsm、.xls、.csv)", "Upload the completed workbook (.xlsx, .xlsm, .xls, .csv)")


def page() -> None:
    """Layout only."""
    if not shell.permitted(access.UPLOAD):
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
        _template(unit, period)
        _upload(table, unit, period)
        sha256 = table.open.get((unit, str(period)))
        if sha256 is not None and sha256 in table.files:
            _outcome(table, unit, period, sha256)


def _where() -> tuple[str, Period]:
    """Step 1: which unit, which month; both stand in the link as codes."""
    st.markdown(f"### {shell.say(Text('① 单位和月份', '① Unit and month'))}")
    unit, period = where.unit_and_month(access.UPLOAD)
    home = shell.house()
    state = home.store.status(unit, period)
    sheets = [sheet.data_set for sheet in plan(home.catalogue, unit, period, home.store.history(unit, period))]
    due = shell.local_time(due_at(period, home.catalogue.settings))
    words = Text("现状:**{state}**;应于 {due} 前报送;应报 {what}", "Now: **{state}**; due by {due}; {what}")
    st.markdown(shell.say(words.fill(state=state.label, due=due[:10], what=desk.due_words(sheets))))
    if state.state == "returned" and state.reason:
        st.warning(
            shell.say(Text("退回原因:{reason}", "Returned because: {reason}").fill(reason=state.reason)), icon=":material/undo:"
        )
    return unit, period


def _template(unit: str, period: Period) -> None:
    """Step 2: this month's pre-filled workbook, made when the button is pressed."""
    st.markdown(f"### {shell.say(Text('② 下载本月模板', '② This month’s template'))}")
    home = shell.house()
    if not home.catalogue.due(unit, period):
        st.info(
            shell.say(Text("本月不需要报送,没有模板。", "Nothing is due this month, so there is no template.")),
            icon=":material/event_available:",
        )
        return
    st.download_button(
        shell.say(Text("下载已预填的模板", "Download the pre-filled template")),
        lambda: template.write(home.catalogue, unit, period, home.store.history(unit, period), invented=home.invented),
        template.file_name(home.catalogue, unit, period), icon=":material/download:", on_click="ignore", key=f"template_{unit}_{period}",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )  # fmt: skip
    st.caption(shell.say(Text("只填白色格;浅黄格有变化才改;灰色格不用动。自己的表格也可以直接上传。",
                              "Fill in the white cells; change the yellow ones only if needed; leave the grey ones. Your own sheet is welcome too.")))  # fmt: skip


def _upload(table: desk.Desk, unit: str, period: Period) -> None:
    """Step 3: the file. Its bytes are kept by their sha256, so that nothing is lost on a rerun."""
    st.markdown(f"### {shell.say(Text('③ 上传', '③ Upload'))}")
    given = st.file_uploader(shell.say(UPLOAD), key=f"upload_{unit}_{period}_{shell.language()}_{table.uploads}")
    if shell.language() == "zh":
        st.html(CHINESE, unsafe_allow_javascript=True)
    if given is not None:
        data = given.getvalue()
        table.put(unit, str(period), hashlib.sha256(data).hexdigest(), given.name, data)


def _outcome(table: desk.Desk, unit: str, period: Period, sha256: str) -> None:
    """Step 4: the receipt when it was sent, else exactly one of four screens with its next step."""
    at = (unit, str(period), sha256)
    name, data = table.files[sha256]
    examined = table.sent[at] if at in table.sent else sending.examined(table, at, name, data)
    st.markdown(f"### {shell.say(Text('④ 检查结果', '④ What was found'))}")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f":material/description: {name.replace('`', '')}", width="content")
        st.button(shell.say(Text("换一个文件", "Another file")), type="tertiary", icon=":material/close:", key=f"clear_{sha256[:12]}",
                  on_click=sending.clear, args=(table, at))  # fmt: skip
    if at in table.receipts:
        receipts.receipt(table.receipts[at], examined)
        link = {
            "period": str(period),
            "unit": unit,
            "county": shell.house().catalogue.org_unit[unit].parent,
            "basis": "preliminary",
        }
        st.page_link(st.Page(economy.page, url_path="economy"), label=shell.say(Text("看村集体经济", "See village economy")),
                     icon=":material/agriculture:", query_params=link)  # fmt: skip
        return
    if at in table.said:
        st.error(shell.say(table.said[at]), icon=":material/error:")
    refusal, screen = examined.refusal, desk.SCREENS[examined.outcome]
    found = desk.counts(examined.findings)
    title = screen.title.fill(**found)
    step = screen.next_step.fill(remedy=refusal.remedy) if refusal else screen.next_step
    said = (
        f"{shell.say(refusal.message)}。"
        if refusal and shell.language() == "zh"
        else f"{shell.say(refusal.message)}. "
        if refusal
        else ""
    )
    {"success": st.success, "warning": st.warning, "error": st.error}[screen.tone](
        f"**{shell.say(title)}**  \n{said}{shell.say(step)}", icon=screen.icon)  # fmt: skip
    if refusal is not None:
        return
    receipts.rows_line(examined)
    marked_button(examined)
    questions.settled(examined.answered, lambda key: sending.undo(table, at, key))
    answers = questions.draw(examined.findings, unit, sha256[:12], table.answers.get(at, {}))
    if examined.outcome != "ready":
        left = found["blocks"] + found["asks"] - len(answers)
        words = Text("已答复 {n},还剩 {left}", "{n} answered, {left} left").fill(n=len(answers), left=left)
        st.caption(shell.say(words))
        st.button(shell.say(Text("重新检查", "Check again")), type="primary", icon=":material/refresh:", key=f"recheck_{sha256[:12]}",
                  on_click=sending.recheck, args=(table, at, answers), disabled=not answers)  # fmt: skip
        return
    if examined.changes is not None:
        receipts.preview(examined.changes)
    st.button(shell.say(Text("报送", "Send")), type="primary", icon=":material/send:", key=f"commit_{sha256[:12]}",
              on_click=sending.send, args=(table, at, examined))  # fmt: skip
