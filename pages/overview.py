"""The first page: the 60 % goal, the four tasks by unit, who is behind, what changed, who is missing."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from townboard import shell
from townboard.charts import board, goal, kit, overview
from townboard.downloads import Column
from townboard.indicators import Reading
from townboard.text import Text
from townboard.theme_tables import readings_table

TASKS = (
    (Text("① 综合执法", "① Law enforcement"), ("LE01",)),
    (Text("② 村集体经济与清化收", "② Village economy, clean and collect"), ("CE01", "QH02")),
    (Text("③ 街道社区", "③ Street communities"), ("CM06",)),
    (Text("④ 非公党建", "④ Private enterprises"), ("PE01",)),
)
"""The four tasks of the special action, each with its leading indicators."""
LEADING = tuple(id for _, ids in TASKS for id in ids)
MOVED = (*LEADING, "CE03", "CE05", "QH03", "QH04", "QH08", "LE03", "LE05", "LE06", "CM07", "CM09", "PE04", "BR04")
"""The shares whose change since last month is ranked."""
SOURCE = Text("各单位月报;非公党建和减负为季报", "units’ monthly workbooks; enterprises and burden are quarterly")
PERCENT = {"kind": "percent", "decimals": 1}
BEHIND = (
    Column("unit_name", Text("单位", "Unit")), Column("label", Text("指标", "Indicator")), Column("value", Text("进度", "Progress"), **PERCENT),
    Column("sides", Text("分子/分母", "n/N")), Column("pace", Text("时序", "Pace"), **PERCENT),
    Column("difference", Text("差距(百分点)", "Gap (points)"), "number", decimals=1), Column("words", Text("状态", "Status")),
)  # fmt: skip
CHANGED = (
    Column("label", Text("指标", "Indicator")), Column("before", Text("上月", "Last month"), **PERCENT),
    Column("now", Text("本月", "This month"), **PERCENT), Column("change", Text("变化(百分点)", "Change (points)"), "number", decimals=1),
)  # fmt: skip


def page() -> None:
    """Draw the page for what the visitor picked."""
    shell.heading(Text("总览", "Overview"))
    if not shell.may_open("overview"):
        return
    shell.banner()
    view = shell.view()
    level = "township" if view.unit else "county"
    place = {reading.id: reading for reading in shell.readings(view, level, ("CE01", "CE02", "CE05"))}
    goal_tiles(view, place)
    shell.show(shell.drawn(view, "scorecard", lambda: scorecard(view)), view)
    left, right = st.columns(2)
    with left:
        shell.show(shell.drawn(view, "behind", lambda: behind(view)), view)
    with right:
        shell.show(shell.drawn(view, "changed", lambda: changed(view)), view)
    missing(view)


def goal_tiles(view: shell.View, place: dict[str, Reading]) -> None:
    """The goal in four tiles: share, operating basis, gap, days left; the finding above them."""
    whole, own, gap = place["CE01"], place["CE05"], place["CE02"]
    if whole.status == "not_applicable":
        st.info(
            shell.say(Text("所选单位没有纳入60%目标的村。", "The unit has no village in the 60 % goal.")), icon=":material/info:"
        )
        return
    with st.container(key="goal"):
        st.subheader(shell.say(goal.standing(view.period.label, whole.numerator, whole.denominator, whole.basic)), anchor=False)
    with st.container(key="goal_tiles"):
        first, second, third, fourth = st.columns(4)
    villages = Text("{n} 个村", "{n} villages")
    with first:
        shell.tile(Text("达到30万元的村", "Villages at 300,000 yuan"), kit.percent(whole.numerator, whole.denominator), status=whole.status,
                   detail=villages.fill(n=f"**{board.sides(whole) or '—'}**"), key="tile_share",
                   note=board.goals(whole, shell.house().catalogue.indicator["CE01"]))  # fmt: skip
    with second:
        helped = None if kit.missing(whole.numerator) or kit.missing(own.numerator) else int(whole.numerator - own.numerator)
        note = (
            None
            if helped is None
            else Text("{n}个村靠补助和其他收入达标", "{n} reached it with subsidies and other income").fill(n=helped)
        )
        shell.tile(Text("按经营性收入", "On operating income"), kit.percent(own.numerator, own.denominator), status=own.status,
                   detail=villages.fill(n=f"**{board.sides(own) or '—'}**"), note=note, key="tile_operating")  # fmt: skip
    with third:
        need = None if kit.missing(whole.denominator) or whole.basic is None else kit.needed(int(whole.denominator), whole.basic)
        detail = None if need is None else Text("目标 **{n}** 个村", "goal: **{n}** villages").fill(n=need)
        shell.tile(Text("距目标还差", "Still needed"), shell.say(Text("{n} 个村", "{n} villages").fill(n=kit.number(gap.value))),
                   status=gap.status, detail=detail, key="tile_gap", note=Text("按全部村计算,未报的村不算达标", "Of all villages; the unreported do not count"))  # fmt: skip
    with fourth:
        if whole.deadline:
            deadline = date.fromisoformat(whole.deadline)
            days, since = overview.days_left(view.period, deadline, date.today())
            passed = view.period.month * 100 / 12
            shell.tile(Text("距截止日", "Until the deadline"), shell.say(Text("{n} 天", "{n} days").fill(n=days)), key="tile_days",
                       detail=Text("截止 **{d}**,{since}", "due **{d}**, {since}").fill(d=deadline.isoformat(), since=since),
                       note=Text("全年时间已过 {p}%", "{p}% of the year has passed").fill(p=kit.number(passed)))  # fmt: skip


def scorecard(view: shell.View) -> shell.Exhibit:
    """Units × the four tasks."""
    catalogue, found = shell.house().catalogue, shell.readings(view, "township", LEADING)
    units = [(code, shell.name(code)) for code in view.units]
    cells = {(reading.org_unit, reading.id): reading for reading in found}
    counted = [reading for reading in found if reading.value is not None]
    reached = sum(reading.status in ("highest_reached", "basic_reached") for reading in counted)
    late = sum(reading.status in overview.SHORT_OF_GOAL for reading in counted)
    title = Text(
        f"四项任务:{len(counted)}个指标值中{reached}个已达目标,{late}个滞后",
        f"The four tasks: of {len(counted)} figures {reached} have reached their goal, {late} are behind",
    )
    themes = [(words, [catalogue.indicator[id] for id in ids]) for words, ids in TASKS]
    html = board.scorecard(units, themes, cells, view.missing, view.language)
    return shell.Exhibit("scorecard", title, html, SOURCE, *readings_table(found, catalogue, view.language))


def behind(view: shell.View) -> shell.Exhibit:
    """Who is furthest behind the even pace."""
    catalogue, spoken = shell.house().catalogue, view.language
    names = {code: shell.name(code) for code in view.units}
    frame = overview.behind(shell.readings(view, "township", LEADING), view.period)
    table = frame.assign(
        unit_name=[names[code].say(spoken) for code in frame["org_unit"]],
        label=[catalogue.indicator[id].label.say(spoken) for id in frame["id"]],
        words=[kit.status_words(status).say(spoken) for status in frame["status"]],
    )
    return shell.Exhibit("behind", overview.behind_title(frame, names, len(LEADING)),
                         overview.behind_html(frame.head(8), names, catalogue, spoken), SOURCE, table, BEHIND,
                         note=Text("时序=基本目标×月份/12;差距最大的在前", "Even pace = basic goal × month/12; furthest behind first"))  # fmt: skip


def changed(view: shell.View) -> shell.Exhibit:
    """What moved since last month among the units that reported both."""
    catalogue, previous = shell.house().catalogue, view.period.previous
    same = shell.same_units(view, previous)
    level = "township" if view.unit else "county"
    now = shell.readings(view, level, MOVED, units=same) if same else []
    before = shell.readings(view, level, MOVED, units=same, period=str(previous)) if same else []
    frame = overview.changes(now, before)
    table = frame.assign(label=[catalogue.indicator[id].label.say(view.language) for id in frame["id"]])
    return shell.Exhibit("changed", overview.changes_title(frame, catalogue, len(same), previous),
                         overview.changes_html(frame.head(8), catalogue, view.language), SOURCE, table, CHANGED,
                         note=Text("只比较两个月都报送的单位", "Only units that reported both months are compared"))  # fmt: skip


def missing(view: shell.View) -> None:
    """Who has not reported and whose figures are not approved yet, by name."""
    status, waiting = shell.house().store.status, {*view.missing, *view.unapproved}
    rows = [
        {"unit": shell.say(shell.name(code)), "state": shell.say(status(code, view.period).label)}
        for code in view.units
        if code in waiting
    ]
    title = Text("应报单位都已报送并审核", "Every unit due has reported and is approved")
    if rows:
        title = Text(f"{len(view.missing)}个单位未报,{len(view.unapproved)}个单位已报未审核",
                     f"{len(view.missing)} units have not reported; {len(view.unapproved)} waiting for approval")  # fmt: skip
    frame = pd.DataFrame(rows, columns=["unit", "state"])
    columns = (Column("unit", Text("单位", "Unit")), Column("state", Text("报送情况", "Report")))
    shell.table(frame, columns, key="missing", title=title, view=view)
