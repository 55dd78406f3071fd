"""The monthly brief and the meeting pack on the page: made on request with its progress shown, then offered as Word and PDF."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import streamlit as st

from townboard import access, downloads
from townboard.briefing import fonts, meeting, monthly
from townboard.briefing.look import Look
from townboard.briefing.sheet import Sheet
from townboard.deadlines import local_date
from townboard.shell.asking import seen_data_sets
from townboard.shell.handing import handed
from townboard.shell.view import View, as_of_line, coverage_line
from townboard.shell.visit import actor, house, language, local_time, say
from townboard.text import Text

MADE = "townboard_briefs"
"""Session key: (document, view it was made for) → its files by ending."""
TITLE = Text("月度通报和调度会材料", "Monthly brief and meeting pack")
BRIEF, PACK = Text("月度通报", "Monthly brief"), Text("调度会材料", "Meeting pack")
_MIMES = {"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "pdf": "application/pdf"}
_BUTTONS = {"docx": Text("下载 Word", "Download Word"), "pdf": Text("下载 PDF", "Download PDF")}


def offer(view: View) -> None:
    """The folded box on the overview: two documents, each with a button that makes it. Nothing for who may not see every theme."""
    if view.unit is not None or not seen_data_sets() >= set(house().catalogue.data_set):
        return
    with st.expander(say(TITLE), icon=":material/description:", key="briefs"):
        left, right = st.columns(2, gap="large")
        with left:
            st.caption(
                say(
                    Text(
                        "目标、四项任务、排名、滞后、问题,附各单位主要指标。",
                        "Goal, four tasks, ranking, who is behind, problems, every unit in the annex.",
                    )
                )
            )
            _document("brief", BRIEF, view, lambda: monthly.brief(_look(view)))
        with right:
            meant = st.text_input(
                say(Text("会议名称", "Meeting")),
                say(Text("专项行动调度会", "Scheduling meeting")),
                max_chars=40,
                key="meeting_name",
            )
            _document("pack", PACK, view, lambda: meeting.pack(_frozen(_look(view), meant), meant), meant)


def _frozen(look: Look, meeting_name: str) -> Look:
    """The look as of this very moment, or the earlier one that is looked at: what is sent later does not change the pack."""
    at = look.as_of or datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    words = Text("数据定格于 {at}({name})", "Figures frozen at {at} ({name})")
    return replace(look, as_of=at, moment=words.fill(at=local_time(at), name=meeting_name.strip() or PACK.say(look.language)))


def _look(view: View) -> Look:
    """The view as documents want it: the visitor's scope and basis, said on every page."""
    who, home = actor(), house()
    scope = access.scope(who, home.catalogue, view.county)
    basis = "approved" if access.approved_only(who) else view.basis
    return Look(
        home.store, view.catalogue, view.county, view.period, tuple(unit for unit in view.units if unit in scope), view.language, basis,
        view.as_of, view.missing, view.held_back, coverage_line(view), as_of_line(view), home.invented,
        local_date(datetime.now(UTC).replace(tzinfo=None), home.catalogue.settings),
    )  # fmt: skip


def _document(key: str, title: Text, view: View, build: Callable[[], Sheet], *more: str) -> None:
    kept: dict[object, dict[str, bytes]] = st.session_state.setdefault(MADE, {})
    known = (
        key,
        view.store,
        view.data_version,
        view.county,
        str(view.period),
        view.units,
        view.basis,
        str(view.as_of),
        language(),
        *more,
    )
    if st.button(
        say(Text("生成{what}", "Make the {what}").fill(what=Text(title.zh, title.en.lower()))),
        key=f"make_{key}",
        icon=":material/edit_document:",
    ):
        for old in [one for one in kept if isinstance(one, tuple) and one[0] == key]:
            del kept[old]
        at = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        kept[known] = _made(build)
        if key == "pack" and view.as_of is None:
            house().store.note(
                actor().name, "pack", unit=view.county, period=str(view.period), detail=" ".join(more).strip() or say(PACK), at=at
            )
    files = kept.get(known)
    if files is None:
        return
    stem = Text("{place}_{month}_{what}", "{place}_{month}_{what}").fill(
        place=view.name(view.county), month=view.period.label, what=title
    )
    with st.container(horizontal=True, gap="small"):
        for ending, data in files.items():
            st.download_button(
                say(_BUTTONS[ending]), handed(lambda data=data: data, f"{key} {ending}", period=str(view.period)),  # type: ignore[misc]
                downloads.name(stem, language(), ending, invented=house().invented), _MIMES[ending], key=f"{ending}_{key}",
                on_click="ignore", icon=":material/download:",
            )  # fmt: skip
    if "pdf" not in files:
        st.warning(say(fonts.NO_FONT), icon=":material/font_download_off:")


def _made(build: Callable[[], Sheet]) -> dict[str, bytes]:
    """The files by ending, with a bar that says what is being done; no PDF on a machine without a Chinese font."""
    from townboard.briefing import pdf, pictures, word  # a second of imports that no page needs

    bar = st.progress(0.0, say(Text("正在汇总数据…", "Gathering the figures…")))
    sheet = build()
    charts = len(sheet.charts)
    drawing = Text("正在绘制图表 {n}/{of}…", "Drawing chart {n} of {of}…")

    def at(done: int) -> None:
        bar.progress(0.2 + 0.5 * done / charts, say(drawing.fill(n=done + 1, of=charts)))

    drawn = pictures.draw(sheet.charts, at)
    bar.progress(0.75, say(Text("正在排版…", "Setting the pages…")))
    files = {"docx": word.docx(sheet, drawn)}
    if fonts.font() is not None:
        files["pdf"] = pdf.pdf(sheet, drawn)
    bar.empty()
    return files
