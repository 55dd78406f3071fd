"""What the overview ranks: who is behind the even pace, and what changed since the month before among the same units.

Pure functions from readings to tables, and the sentences over them. Only shares are ranked: counts grow with size; a share of a few places is listed, never ranked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from townboard.catalogue import Catalogue
from townboard.charts import kit
from townboard.charts.board import FIGURE, Board, Part, cell, heads, mark, sides, small, step_words
from townboard.comparing import FEWEST
from townboard.downloads import Column
from townboard.periods import Period
from townboard.text import Language, Text, number_of

if TYPE_CHECKING:
    from townboard.indicators import Reading

SHORT_OF_GOAL = ("behind", "not_reached")
BEHIND_COLUMNS = ["org_unit", "id", "value", "sides", "progress", "pace", "difference", "status", "few"]
CHANGE_COLUMNS = ["id", "before", "before_sides", "now", "now_sides", "change"]
RANKED = Text(
    f"进度=现值÷基本目标;时序=月份÷12,季报按季末月份;差距最大的在前,分母不到{FEWEST}的不排名、列在最后;差数按未取整的数计算",
    f"Progress = value ÷ basic goal; due = month ÷ 12, of a quarterly figure its own month; furthest behind first; shares of fewer than {FEWEST} are not ranked and stand last; "
    "differences are taken before rounding",
)
ANEW = Text("按年累计的指标一月从头算起,不与上年12月比", "what is counted from January on is not compared with December")
EXACT = Text("差数按未取整的数计算", "differences are taken before rounding")
REVIEWED = {True: Text("已审核", "approved"), False: Text("待审核", "waiting for approval")}
_PERCENT: dict[str, Any] = {"kind": "percent", "decimals": 1}
_POINTS: dict[str, Any] = {"kind": "number", "decimals": 1}
BEHIND_HEADS = (
    Column("unit_name", Text("单位", "Unit")), Column("label", Text("指标", "Indicator")), Column("value", Text("现值", "Value"), **_PERCENT),
    Column("sides", Text("分子/分母", "n/N")), Column("progress", Text("进度", "Progress"), **_PERCENT), Column("pace", Text("时序", "Due"), **_PERCENT),
    Column("difference", Text("差距(百分点)", "Gap (points)"), **_POINTS), Column("words", Text("状态", "Status")),
)  # fmt: skip
CHANGED_HEADS = (
    Column("label", Text("指标", "Indicator")),
    Column("before", Text("上月", "Last month"), **_PERCENT), Column("before_sides", Text("上月分子/分母", "n/N last month")),
    Column("now", Text("本月", "This month"), **_PERCENT), Column("now_sides", Text("本月分子/分母", "n/N this month")),
    Column("change", Text("变化(百分点)", "Change (points)"), **_POINTS),
    Column("year", Text("比上年同月(百分点)", "On last year (points)"), **_POINTS),
)  # fmt: skip
EXPLAINED_HEADS = (
    Column("unit_name", Text("单位", "Unit")), Column("kind", Text("疑问", "Question")), Column("reason", Text("说明", "Explanation")),
    Column("state", Text("审核", "Review")),
)  # fmt: skip


def ordered(units: Sequence[str], cells: Mapping[tuple[str, str], Reading], order: str) -> list[str]:
    """Units in official order, or by one indicator's value, highest first; those without a value keep their order at the end."""

    def place(code: str) -> tuple[bool, float]:
        reading = cells.get((code, order))
        value = None if reading is None else reading.value
        return value is None, -(value or 0.0)

    return sorted(units, key=place) if order else list(units)


def scorecard_title(readings: Sequence[Reading]) -> Text:
    """`四项任务:35个指标值中17个已达目标,6个滞后`."""
    known = [reading for reading in readings if reading.value is not None]
    reached = sum(reading.status in ("highest_reached", "basic_reached") for reading in known)
    late = sum(reading.status in SHORT_OF_GOAL for reading in known)
    if not any(reading.basic is not None or reading.highest is not None for reading in known):
        return Text(
            f"四项任务:{len(known)}个指标值,没有设定目标", f"The four tasks: {number_of(len(known), 'figure')}, no goals are set"
        )
    return Text(
        f"四项任务:{len(known)}个指标值中{reached}个已达目标,{late}个滞后",
        f"The four tasks: of {number_of(len(known), 'figure')} {number_of(reached, 'has', 'have')} reached their goal, {number_of(late, 'is', 'are')} behind",
    )


def missing_title(
    expected: int, missing: int, unapproved: int, returned: int = 0, waiting: int = 0, *, approved: bool = False
) -> Text:  # fmt: skip
    """`8/10 个单位已报;1个未报,1个退回修改,1个已报未审核`; the `returned` and those `waiting` are among the missing. `approved`: only what is
    approved counts."""
    if not expected:
        return Text("本月无应报单位", "No report is due this month")
    head = Text(
        f"{expected - missing}/{expected} 个单位{'已审核' if approved else '已报'}",
        f"{expected - missing} of {number_of(expected, 'unit is' if approved else 'unit has', 'units are' if approved else 'units have')} "
        f"{'approved' if approved else 'reported'}",
    )
    if not missing and not unapproved:
        return head if approved else Text(f"{head.zh},都已审核", f"{head.en}, all approved")
    kinds = (
        (missing - returned - waiting, "未报", "not reported" if approved else "not"),
        (returned, "退回修改", "returned"),
        (waiting, "待审核", "waiting for approval"),
        (unapproved, "已报未审核", "waiting for approval"),
    )
    there = [Text(f"{count}个{zh}", f"{count} {en}") for count, zh, en in kinds if count]
    return Text(f"{head.zh};{','.join(one.zh for one in there)}", f"{head.en}; {', '.join(one.en for one in there)}")


def explained_title(approved: Sequence[bool]) -> Text:
    """`本月说明了4个疑问,1个待审核`."""
    if not approved:
        return Text("本月没有需要说明的疑问", "No figure of this month needed an explanation")
    waiting = sum(not ok for ok in approved)
    return Text(
        f"本月说明了{len(approved)}个疑问,{waiting}个待审核",
        f"{number_of(len(approved), 'question')} explained this month, {waiting} waiting for approval",
    )


def compared(same_ago: int, ago: Period, within_year: bool = True) -> Text:
    """What is compared with what: the same units both times; whether last year can be compared at all, and December in January."""
    said = Text(
        "按表比较,只比两个月都报、有数的村(社区)一样多的单位",
        "Form by form, only units that reported both with as many villages",
    )
    last_year = Text(f"{ago.label.zh}没有数据,不作同比", f"{ago.label.en} has no figures to compare with")
    if same_ago:
        last_year = Text(
            f"{ago.label.zh}也报的有{same_ago}个单位", f"{number_of(same_ago, 'unit')} reported in {ago.label.en} too"
        )
    return joined(said, last_year, EXACT) if within_year else joined(said, ANEW, last_year, EXACT)


def joined(*parts: Text) -> Text:
    """Remarks one after another: `…;…`."""
    return Text(";".join(part.zh for part in parts), "; ".join(part.en for part in parts))


def behind(readings: Iterable[Reading]) -> pd.DataFrame:
    """Readings short of their goal, furthest behind first: progress (value in per cent of the basic goal), what is due by the even
    pace (the month of its figures/12, as its status is judged; all of it after the deadline), and the difference in points. Shares of fewer than `comparing.FEWEST` come last."""
    rows = []
    for reading in readings:
        goal = reading.basic if reading.basic is not None else reading.highest
        if reading.status not in SHORT_OF_GOAL or reading.unit != "%" or kit.missing(reading.value) or not goal:
            continue
        pace = Period.parse(reading.data_period).month * 100 / 12 if reading.status == "behind" else 100.0
        progress = float(reading.value or 0) * 100 / goal
        rows.append(
            (reading.org_unit, reading.id, reading.value, sides(reading), progress, pace, progress - pace, reading.status,
             (reading.denominator or FEWEST) < FEWEST)
        )  # fmt: skip
    frame = pd.DataFrame(rows, columns=BEHIND_COLUMNS)
    return frame.sort_values(["few", "difference", "org_unit", "id"], kind="stable").reset_index(drop=True)


def behind_table(frame: pd.DataFrame, names: Mapping[str, Text], catalogue: Catalogue, language: Language) -> pd.DataFrame:
    """The rows of `behind` with names and words, for the table beside it."""
    return frame.assign(
        unit_name=[names[code].say(language) for code in frame["org_unit"]],
        label=[catalogue.indicator[id].label.say(language) for id in frame["id"]],
        words=[kit.status_words(status).say(language) for status in frame["status"]],
    )


def behind_title(frame: pd.DataFrame, names: Mapping[str, Text], themes: int) -> Text:
    """`6个单位有9项滞后,差距最大的是西谷乡,差30.1个百分点`; equals are counted, and a share of a few is never the furthest behind."""
    if frame.empty:
        return Text(
            f"四项任务的{themes}个主要指标没有单位滞后", f"No unit is behind on the {number_of(themes, 'leading indicator')}"
        )
    units, n = frame["org_unit"].nunique(), len(frame)
    head = Text(f"{units}个单位有{n}项滞后", f"{number_of(n, 'figure')} of {number_of(units, 'unit is', 'units are')} behind")
    if units == 1:
        only = names[frame.iloc[0]["org_unit"]]
        head = Text(f"{only.zh}有{n}项滞后", f"{only.en} is behind on {n} of the leading indicators")
    ranked = frame[~frame["few"].astype(bool)]
    if ranked.empty:
        return head
    furthest = ranked[(ranked["difference"] - ranked["difference"].min()).abs() < 0.05]
    worst, gap = names[furthest.iloc[0]["org_unit"]], kit.number(abs(furthest.iloc[0]["difference"]), 1)
    if len(furthest) > 1:
        more = Text(
            f",差距最大的{len(furthest)}项都差{gap}个百分点", f"; furthest: {len(furthest)} of them, by {number_of(gap, 'point')}"
        )
    elif units == 1:
        more = Text(f",最多差{gap}个百分点", f", at most by {number_of(gap, 'point')}")
    else:
        more = Text(f",差距最大的是{worst.zh},差{gap}个百分点", f"; furthest: {worst.en}, by {number_of(gap, 'point')}")
    return Text(head.zh + more.zh, head.en + more.en)


def changes(now: Iterable[Reading], before: Iterable[Reading]) -> pd.DataFrame:
    """Shares of one place in two months, largest change first; only where both months have a value."""
    earlier = {reading.id: reading for reading in before}
    rows = [
        (reading.id, earlier[reading.id].value, sides(earlier[reading.id]), reading.value, sides(reading),
         float(reading.value) - float(earlier[reading.id].value or 0))
        for reading in now
        if reading.unit == "%" and reading.value is not None and reading.id in earlier and earlier[reading.id].value is not None
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=CHANGE_COLUMNS)
    order = frame["change"].abs().round(6).sort_values(ascending=False, kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def changes_title(frame: pd.DataFrame, catalogue: Catalogue, units: int, previous: Period) -> Text:
    """`与9月相比(两月都报的9个单位):变化最大的是… +12.3 个百分点`."""
    if not units:
        return Text(f"与{previous.month}月没有可比的单位", "No unit reported in both this month and the last")
    moved = frame[frame["change"].abs() >= 0.05]
    head = Text(
        f"与{previous.label.zh}相比(两月都报的{units}个单位)",
        f"Against {previous.label.en} ({number_of(units, 'unit')} that reported both)",
    )
    if moved.empty:
        return Text(f"{head.zh}:各项占比没有变化", f"{head.en}: no share moved")
    first = moved.iloc[0]
    label, step = catalogue.indicator[first["id"]].label, kit.points(first["change"])
    return Text(f"{head.zh}:变化最大的是{label.zh},{step.zh}", f"{head.en}: {label.en} moved most, {step.en}")


def days_left(period: Period, deadline: date, today: date) -> tuple[int, Text]:
    """Days from now to a deadline, and from when they count: from today while the month is current, else from the month's end."""
    if period.end <= today <= deadline:
        return (deadline - today).days, Text("从今天算起", "from today")
    return max(0, (deadline - period.end).days), Text(f"从{period.month}月末算起", f"from the end of {period.label.en}")


def behind_board(
    frame: pd.DataFrame, names: Mapping[str, Text], catalogue: Catalogue, language: Language, leads: Mapping[str, str] | None = None
) -> Board:  # fmt: skip
    """The first rows of `behind`: unit, indicator, progress, pace, difference in words. `leads`: unit code → the address of its page."""
    titles = (
        Text("单位和指标", "Unit and indicator"),
        Text("进度", "Progress"),
        Text("时序", "Due"),
        Text("差距(百分点)", "Gap (points)"),
    )
    rows = tuple((
        cell(Part(names[row.org_unit].say(language), "", (leads or {}).get(row.org_unit, "")), small(catalogue.indicator[row.id].label.say(language))),
        cell(f"{kit.number(row.progress, 1)}%", small(f"{kit.number(row.value, 1)}% · {row.sides}")), cell(f"{kit.number(row.pace, 1)}%"),
        cell(Part(kit.signed(row.difference), FIGURE), mark(row.status, language)),
    ) for row in kit.rows(frame))  # fmt: skip
    return Board(heads(titles, language), rows)


def changes_board(frame: pd.DataFrame, catalogue: Catalogue, language: Language) -> Board:
    """The first rows of `changes` with `year` (the change since the same month last year): indicator, both months, change with an arrow."""
    titles = (
        Text("指标", "Indicator"),
        Text("上月", "Last month"),
        Text("本月", "This month"),
        Text("变化(百分点)", "Change (points)"),
    )
    on_year = Text("同比 {x}", "{x} on last year")
    rows = tuple((
        cell(catalogue.indicator[row.id].label.say(language)),
        cell(f"{kit.number(row.before, 1)}%", small(row.before_sides)), cell(f"{kit.number(row.now, 1)}%", small(row.now_sides)),
        cell(Part(step_words(row.change), FIGURE), small("" if kit.missing(row.year) else on_year.fill(x=kit.signed(row.year)).say(language))),
    ) for row in kit.rows(frame))  # fmt: skip
    return Board(heads(titles, language), rows)
