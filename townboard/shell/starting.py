"""Before a file is there: the template, the forms due with their one-click “no change”, the upload box, and the draft to go on with."""

from __future__ import annotations

import hashlib

import streamlit as st

from townboard import desk, template
from townboard.journey import Examined
from townboard.periods import Period
from townboard.shell import sending
from townboard.shell.handing import handed
from townboard.shell.quoting import safe
from townboard.shell.visit import actor, house, language, local_time, say
from townboard.store import Draft
from townboard.template.plan import PlannedSheet, plan
from townboard.text import Text
from townboard.uploader_words import CHINESE

UPLOAD = Text("上传填好的工作簿(.xlsx、.xlsm、.xls、.csv)", "Upload the completed workbook (.xlsx, .xlsm, .xls, .csv)")


def owed(unit: str, period: Period) -> tuple[PlannedSheet, ...]:
    """The sheets a unit owes for a month."""
    home = house()
    return plan(home.catalogue, unit, period, home.store.history(unit, period))


def templates(table: desk.Desk, unit: str, period: Period) -> None:
    """This month's pre-filled workbook, made when the button is pressed; and the forms in which nothing has changed."""
    home = house()
    if not home.catalogue.due(unit, period):
        st.info(
            say(Text("本月不需要报送,没有模板。", "Nothing is due this month, so there is no template.")),
            icon=":material/event_available:",
        )
        return
    st.download_button(
        say(Text("下载已预填的模板", "Download the pre-filled template")),
        handed(lambda: template.write(home.catalogue, unit, period, home.store.history(unit, period), invented=home.invented),
               "template", unit=unit, period=str(period)),
        template.file_name(home.catalogue, unit, period), icon=":material/download:", on_click="ignore", key=f"template_{unit}_{period}",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )  # fmt: skip
    st.caption(say(Text("只填白色格;浅黄格有变化才改;灰色格不用动。自己的表格也可以直接上传。",
                        "Fill in the white cells; change the yellow ones only if needed; leave the grey ones. Your own sheet is welcome too.")))  # fmt: skip
    _forms(table, unit, period)


def _forms(table: desk.Desk, unit: str, period: Period) -> None:
    """Each form due: sent or not, and “nothing has changed” in one click where there is an approved report to repeat."""
    history = house().store.history(unit, period)
    sent, known = {key[0] for key in history.current}, {key[0] for key in history.series}
    forms = [sheet.data_set for sheet in owed(unit, period) if sheet.data_set.rows != "free" and sheet.data_set.code != "cover"]
    open_ones = [form.code for form in forms if form.code not in sent and form.code in known]
    words = Text("有的表本月没有变化?{n} 张数据表中已报 {sent} 张", "Nothing changed in a form? {sent} of {n:form|forms} of figures sent").fill(
        n=len(forms), sent=sum(form.code in sent for form in forms))  # fmt: skip
    with st.expander(say(words), icon=":material/checklist:"):
        st.caption(say(Text("点“本月无变化”,系统按上期已审数生成一份表,照样检查、预览、报送,并记为无变化。",
                            "“No change” makes a sheet from the last approved figures; it is checked, previewed and sent like any other, and recorded as unchanged.")))  # fmt: skip
        for form in forms:
            mark = (":green-badge[:material/check: {w}]", Text("已报", "sent")) if form.code in sent else (":gray-badge[{w}]", Text("未报", "not sent"))  # fmt: skip
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"{say(form.label)} {mark[0].format(w=say(mark[1]))}", width=300)
                if form.code in known:
                    st.button(say(Text("本月无变化", "No change")), key=f"same|{form.code}", type="tertiary", icon=":material/equal:",
                              on_click=sending.no_change, args=(table, unit, period, [form.code]))  # fmt: skip
        if len(open_ones) > 1:
            st.button(say(Text("未报的 {n} 张表都没有变化", "None of the {n:unsent form|unsent forms} has changed").fill(n=len(open_ones))),
                      key="same|all", icon=":material/equal:", on_click=sending.no_change, args=(table, unit, period, open_ones))  # fmt: skip


def upload(table: desk.Desk, unit: str, period: Period) -> None:
    """The file. Its bytes are kept by their sha256, so that nothing is lost on a rerun; a draft can be gone on with."""
    waiting = st.container()
    given = st.file_uploader(say(UPLOAD), key=f"upload_{unit}_{period}_{language()}_{table.uploads}")
    if language() == "zh":
        st.html(CHINESE, unsafe_allow_javascript=True)
    found = sending.draft(table, unit, period)
    if given is not None:
        data = given.getvalue()
        if found is not None and found.actor == actor().name:
            sending.adopt(table, found)
        table.put(unit, str(period), hashlib.sha256(data).hexdigest(), given.name, data)
    elif found is not None:
        with waiting:
            _draft(table, found)


def _draft(table: desk.Desk, found: Draft) -> None:
    own = found.actor == actor().name
    words = (_OWN if own else _OTHERS).fill(
        at=local_time(found.at), file=safe(found.workbook), n=len(found.answers), who=safe(found.actor))  # fmt: skip
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="block_draft"):
        st.markdown(f":material/draft: {say(words)}")
        st.button(
            say(Text("接着办", "Continue")), type="primary", key="draft_resume", on_click=sending.resume, args=(table, found)
        )
        discard(table, (found.unit, found.period), "draft_discard")


_OWN = Text("您 {at} 有一份没有报完的文件:{file}(已答复 {n} 条)", "Your file of {at} was not sent: {file} ({n} answered)")
_OTHERS = Text("{who} {at} 有一份没有报完的文件:{file}(已答复 {n} 条);接着办就由您办",
               "{who} left a file of {at} unsent: {file} ({n} answered); go on, and it is in your hands")  # fmt: skip
_KEPT = Text("{who} {at} 暂存", "kept for {who} at {at}")
_BESIDE = Text("{who} {at} 暂存了本月的另一份文件:{file}(已答复 {n} 条)。您这份还没有暂存,先选一份;报送以后,对方的暂存件不再保留。",
               "{who} keeps another file for this month, of {at}: {file} ({n} answered). Yours is not kept yet: choose one of the two; "
               "when you send yours, the other is no longer kept.")  # fmt: skip


def kept(table: desk.Desk, month: desk.Month) -> None:
    """Whose draft this is and when it was kept, in a few words."""
    found = table.drafts.get(month)
    if found is not None and month not in table.beside:
        st.caption(say(_KEPT.fill(who=safe(found.actor), at=local_time(found.at))), width="content")


def beside(table: desk.Desk, at: desk.At, workbook: Examined) -> None:
    """Somebody else's draft of the same month: nothing is replaced before one of the two is chosen."""
    found = table.beside.get(at[:2])
    if found is None:
        return
    words = _BESIDE.fill(who=safe(found.actor), at=local_time(found.at), file=safe(found.workbook), n=len(found.answers))
    with st.container(border=True, key="block_beside"):
        st.info(say(words), icon=":material/group:")
        with st.container(horizontal=True):
            st.button(say(Text("暂存我这份,替换对方的", "Keep mine instead")), key="draft_insist", on_click=sending.insist,
                      args=(table, at, workbook))  # fmt: skip
            st.button(say(Text("放下我这份,接着办对方的", "Leave mine and go on with theirs")), key="draft_give_way",
                      on_click=sending.give_way, args=(table, at))  # fmt: skip


def discard(table: desk.Desk, month: desk.Month, key: str) -> None:
    """Throw a file and its answers away, after a second click."""
    with st.popover(say(Text("放弃", "Discard")), type="tertiary"):
        st.markdown(say(Text("文件和已给的答复都会从桌面上拿掉。", "The file and the answers given are taken off the desk.")))
        st.button(say(Text("确定放弃", "Discard it")), key=key, on_click=sending.discard, args=(table, month))
