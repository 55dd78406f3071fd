"""Reports and review: the board unit × month, the queue, one submission with its findings, who is missing, the office's registers."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from townboard import cycle, reporting, shell
from townboard.access import REGISTER, REVIEW
from townboard.charts import kit, submissions
from townboard.downloads import Column
from townboard.periods import Period
from townboard.shell import office, tiles
from townboard.text import Text

TILES = ("RP01", "RP02", "RP03", "RP04")
SOURCE = Text("本系统报送记录", "The reports sent to this system")
STATE = [
    Column("unit_name", Text("单位", "Unit")), Column("period", Text("月份", "Month")), Column("state_words", Text("状态", "State")),
    Column("time_words", Text("时限", "Timeliness")), Column("version", Text("版本", "Version"), "integer", "", 0),
    Column("submitted_at", Text("报送时间", "Sent at")), Column("submitted_by", Text("报送人", "Sent by")), Column("reason", Text("说明", "Reason")),
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
    shell.heading(Text("报送与审核", "Submissions"), Text("谁报了、谁没报、谁待审;审核、退回、历史和名录。",
                                                    "Who has reported, who has not, what waits; review, return, history, registers."))  # fmt: skip
    shell.banner()
    office.said()
    view = shell.view(basis_filter=False)
    tiles.row(tiles.of_place(view, TILES), TILES)
    catalogue = shell.house().catalogue
    states = shell.ask(view, "report_state_by_unit_month", first_period=str(view.period.plus(-11)))
    months = reporting.months(states, view.period)
    board = reporting.in_words(reporting.board(states, catalogue, view.units, months))
    board["unit_name"] = [shell.name(code) for code in board["unit"]]
    board["submitted_at"] = [None if kit.missing(at) else shell.local_time(at) for at in board["submitted_at"]]
    _board(board, months, view)
    _missing(board, view)
    if shell.can(REVIEW):
        _queue(board, view)
    _history(view)
    if shell.can(REGISTER):
        office.register_upload()


def _board(board: pd.DataFrame, months: list[Period], view: shell.View) -> None:
    this = board[board["period"] == str(view.period)]
    came = this["state"].isin((submissions.WAITING, submissions.APPROVED, submissions.RETURNED)).sum()
    due = (this["state"] != submissions.EXEMPT).sum()
    found = {}
    for r, unit in enumerate(view.units):
        for c, month in enumerate(months):
            row = board[(board["unit"] == unit) & (board["period"] == str(month))].iloc[0]
            found[r, c] = (row["state"], bool(row["late"]))
    names = [shell.say(shell.name(unit)) for unit in view.units]
    labels = [kit.month_short(str(month), view.language) for month in months]
    title = Text("{month}:{of} 个应报单位中 {n} 个已报,{ok} 个已通过", "{month}: {n} of {of} units have reported, {ok} are approved").fill(
        month=view.period.label, of=due, n=came, ok=(this["state"] == submissions.APPROVED).sum())  # fmt: skip
    shell.chart(
        submissions.board(names, labels, found, view.language), key="wide_board", title=title, source=SOURCE, view=view, table=board, columns=STATE,
        note=Text("✓ 已通过 ◔ 已报待审 ↩ 退回修改 ✕ 未报 · 免报;“迟”为超过时限报送。",
                  "✓ approved ◔ awaiting review ↩ returned ✕ not reported · not due; “late”: sent after the deadline."),
        alt=Text("报送状态:单位×月份", "State of reports, unit by month"),
    )  # fmt: skip


def _missing(board: pd.DataFrame, view: shell.View) -> None:
    absent = board[(board["period"] == str(view.period)) & (board["state"] == submissions.ABSENT)]
    if absent.empty:
        st.success(
            shell.say(Text("{month}没有未报单位。", "Nobody is missing for {month}.").fill(month=view.period.label)),
            icon=":material/task_alt:",
        )
        return
    names = [shell.say(shell.name(unit)) for unit in absent["unit"]]
    words = reporting.reminder(names, view.period, shell.house().catalogue, datetime.now(UTC).replace(tzinfo=None))
    with st.container(border=True, key="block_reminder"):
        st.markdown(f"##### {shell.say(Text('{n} 个单位未报', '{n} units have not reported').fill(n=len(names)))}")
        st.caption(shell.say(Text("催报文字,可直接复制:", "A reminder to copy:")))
        st.code(shell.say(words), language=None, wrap_lines=True)


def _queue(board: pd.DataFrame, view: shell.View) -> None:
    waiting = board[board["state"] == submissions.WAITING].sort_values(["period", "unit"])
    st.subheader(shell.say(Text("待审 {n} 份", "{n} waiting for review").fill(n=len(waiting))), anchor=False)
    if waiting.empty:
        st.caption(shell.say(Text("没有待审的报送。", "Nothing waits for review.")))
        return
    labels = {
        int(row["submission_id"]): f"{shell.say(row['unit_name'])} · {row['period']} · v{row['version']}"
        for _, row in waiting.iterrows()
    }
    chosen = st.selectbox(
        shell.say(Text("打开一份", "Open one")), list(labels), format_func=labels.__getitem__, key="queue_pick", width=420
    )
    row = waiting[waiting["submission_id"] == chosen].iloc[0]
    office.review(row["unit"], Period.parse(row["period"]), int(chosen), view)


def _history(view: shell.View) -> None:
    if view.unit is None:
        st.caption(
            shell.say(
                Text("选择一个单位,可看它本月各版本的经过。", "Choose a unit to see what happened to its report of the month.")
            )
        )
        return
    events = shell.ask(view, "events_by_unit_month")
    events["state_words"] = [cycle.EVENTS[state] for state in events["state"]]
    events["at"] = [shell.local_time(at) for at in events["at"]]
    shell.table(events, EVENTS, key="history", view=view, source=SOURCE,
                title=Text("{unit} {month}:报送经过", "{unit}, {month}: what happened").fill(unit=shell.name(view.unit), month=view.period.label))  # fmt: skip
