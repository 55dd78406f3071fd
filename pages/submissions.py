"""Reports and review: the board unit × month, the queue, one submission with its findings, who is missing, the office's registers."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from townboard import cycle, reporting, shell
from townboard.access import REGISTER, REVIEW
from townboard.charts import kit, submissions
from townboard.downloads import Column
from townboard.shell import month, office, registers, states, tiles, versions
from townboard.text import Text

TILES = ("RP01", "RP02", "RP03", "RP04")
SOURCE = Text("本系统报送记录", "The reports sent to this system")
STATE = [
    Column("unit_name", Text("单位", "Unit")), Column("period", Text("月份", "Month")), Column("kind_words", Text("报送情况", "Report")),
    Column("state_words", Text("状态", "State")), Column("time_words", Text("时限", "Timeliness")), Column("deadline", Text("截止时间", "Due")),
    Column("content_words", Text("内容", "Content")), Column("missing_words", Text("缺报", "Lacking")),
    Column("version", Text("版本", "Version"), "integer", "", 0), Column("submitted_at", Text("报送时间", "Sent at")),
    Column("submitted_by", Text("报送人", "Sent by")), Column("reason", Text("说明", "Reason")),
]  # fmt: skip
EVENTS = [
    Column("version", Text("版本", "Version"), "integer", "", 0), Column("at", Text("时间", "Time")), Column("state_words", Text("动作", "Event")),
    Column("actor", Text("经办", "By")), Column("reason", Text("说明", "Reason")), Column("workbook", Text("文件", "Workbook")),
    Column("asked", Text("疑问", "Questions"), "integer", "", 0), Column("noted", Text("提示", "Notes"), "integer", "", 0),
    Column("sha256", Text("校验码", "Check code")),
]  # fmt: skip


def page() -> None:
    """Layout only."""
    if not shell.may_open("submissions"):
        return
    shell.heading(Text("报送与审核", "Submissions"), Text("先办待办,再看谁报了、谁没报;版本、更正、延期、免报、锁定和名录都在这里。",
                                                    "What waits comes first, then who has reported; versions, corrections, extensions, exemptions, locks, registers."))  # fmt: skip
    shell.banner()
    month.said()
    view = shell.view(basis_filter=False)
    office.calendar_warning(view.period)
    moment = states.this_moment(view.wide)
    found, _ = states.board(view, moment)
    if shell.can(REVIEW):
        office.queue(found, view)
    tiles.row(tiles.of_place(view, TILES), TILES)
    shell.show(_board(view.wide, moment), view.wide)
    _remind(_reminder(view, moment), view)
    unit = _unit(view)
    if unit is not None:
        _month(unit, view)
    if shell.can(REVIEW):
        office.lock_county(view)
    if shell.can(REGISTER):
        registers.typed(view)
        registers.upload()
        if unit is not None:
            office.aliases(unit)


@shell.per_view
def _board(view: shell.View, moment: states.Moment) -> shell.Exhibit:
    board, months = states.board(view, moment)
    rows = {(row.unit, row.period): (row.kind, bool(row.late)) for row in kit.rows(board)}
    found = {(r, c): rows[unit, str(month)] for r, unit in enumerate(view.units) for c, month in enumerate(months)}
    names = [shell.say(shell.name(unit)) for unit in view.units]
    labels = [kit.month_short(str(month), view.language) for month in months]
    title = reporting.headline(_this_month(board, view), view.period)
    legend = submissions.legend({kind for kind, _ in rows.values()})
    return shell.Exhibit(
        "wide_board", title, submissions.board(names, labels, found, view.language), SOURCE, board, STATE,
        note=Text(f"{legend.zh};“迟”为超过时限报送或逾期未报。", f"{legend.en}; “late”: sent after the deadline, or overdue."),
        alt=Text("报送状态:单位×月份", "State of reports, unit by month"),
    )  # fmt: skip


def _this_month(board: pd.DataFrame, view: shell.View) -> pd.DataFrame:
    return board[board["period"] == str(view.period)]


@shell.per_view
def _reminder(view: shell.View, moment: states.Moment) -> Text:
    this = _this_month(states.board(view, moment)[0], view)
    names = {unit: shell.name(unit) for unit in view.units}
    return reporting.reminder(this.assign(deadline=this["deadline_utc"]), names, view.period, shell.house().catalogue, moment.now)


def _remind(words: Text, view: shell.View) -> None:
    if not words.zh:
        said = Text("{month}没有未报、退回或缺表的单位。", "Nothing is missing, returned or partial for {month}.")
        st.success(shell.say(said.fill(month=view.period.label)), icon=":material/task_alt:")
        return
    with st.container(border=True, key="block_reminder"):
        st.markdown(f"##### {shell.say(Text('催报', 'Reminder'))}")
        st.caption(shell.say(Text("催报文字,可直接复制:", "A reminder to copy:")))
        st.code(shell.say(words), language=None, wrap_lines=True)


def _unit(view: shell.View) -> str | None:
    """The unit whose month is looked at: the filter's, or one chosen here."""
    if view.unit is not None or not view.units:
        return view.unit
    return st.selectbox(
        shell.say(Text("看一个单位的经过和版本", "One unit's month: course and versions")), view.units, None,
        format_func=lambda code: shell.say(shell.name(code)), placeholder=shell.say(Text("选择单位", "Choose a unit")), key="month_unit", width=320,
    )  # fmt: skip


def _month(unit: str, view: shell.View) -> None:
    where = Text("{unit} {month}", "{unit}, {month}").fill(unit=shell.name(unit), month=view.period.label)
    st.subheader(shell.say(where), anchor=False)
    month.desk(unit, view.period)
    events = shell.ask(view, "events_by_unit_month")
    events = events[events["unit"] == unit]
    events = events.assign(
        state_words=[cycle.EVENTS[state] for state in events["state"]], at=[shell.local_time(at) for at in events["at"]]
    )
    shell.table(events, EVENTS, key="history", view=view, source=SOURCE,
                title=Text("{where}:报送经过", "{where}: what happened").fill(where=where))  # fmt: skip
    versions.panel(unit, view.period, view)
