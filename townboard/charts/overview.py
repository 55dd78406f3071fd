"""What the overview ranks: who is behind the even pace, and what changed since the month before among the same units.

Pure functions from readings to tables, and the sentences over them. Only shares are ranked: counts grow with size.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from townboard.catalogue import Catalogue
from townboard.charts import kit
from townboard.charts.board import mark, sides
from townboard.periods import Period
from townboard.text import Language, Text

if TYPE_CHECKING:
    from townboard.indicators import Reading

SHORT_OF_GOAL = ("behind", "not_reached")
BEHIND_COLUMNS = ["org_unit", "id", "value", "sides", "pace", "difference", "status"]
CHANGE_COLUMNS = ["id", "before", "now", "change"]


def behind(readings: Iterable[Reading], period: Period) -> pd.DataFrame:
    """Readings short of their goal, furthest behind first: value, even pace (basic goal × month/12) and difference, in points."""
    rows = []
    for reading in readings:
        goal = reading.basic if reading.basic is not None else reading.highest
        if reading.status not in SHORT_OF_GOAL or reading.unit != "%" or kit.missing(reading.value) or goal is None:
            continue
        pace = goal * period.month / 12 if reading.status == "behind" else goal
        rows.append(
            (reading.org_unit, reading.id, reading.value, sides(reading), pace, float(reading.value or 0) - pace, reading.status)
        )
    frame = pd.DataFrame(rows, columns=BEHIND_COLUMNS)
    return frame.sort_values(["difference", "org_unit", "id"], kind="stable").reset_index(drop=True)


def behind_title(frame: pd.DataFrame, names: Mapping[str, Text], themes: int) -> Text:
    """`6 个单位有 9 项落后于时序,差距最大的是西谷乡`."""
    if frame.empty:
        return Text(f"四项任务的{themes}个主要指标没有单位滞后", f"No unit is behind on the {themes} leading indicators")
    worst = names[frame.iloc[0]["org_unit"]]
    units = frame["org_unit"].nunique()
    return Text("{units}个单位有{n}项滞后,差距最大的是{zh}", "{n} figures of {units} units are behind; furthest: {en}").fill(
        units=units, n=len(frame), zh=worst.zh, en=worst.en
    )


def changes(now: Iterable[Reading], before: Iterable[Reading]) -> pd.DataFrame:
    """Shares of one place in two months, largest change first; only where both months have a value."""
    earlier = {reading.id: reading for reading in before}
    rows = [
        (reading.id, earlier[reading.id].value, reading.value, float(reading.value) - float(earlier[reading.id].value or 0))
        for reading in now
        if reading.unit == "%" and reading.value is not None and reading.id in earlier and earlier[reading.id].value is not None
    ]
    frame = pd.DataFrame(rows, columns=CHANGE_COLUMNS)
    order = frame["change"].abs().round(6).sort_values(ascending=False, kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def changes_title(frame: pd.DataFrame, catalogue: Catalogue, units: int, previous: Period) -> Text:
    """`与9月相比(两月都报的9个单位):变化最大的是… +12.3 个百分点`."""
    if not units:
        return Text(f"与{previous.month}月没有可比的单位", "No unit reported in both this month and the last")
    moved = frame[frame["change"].abs() >= 0.05]
    head = Text(
        f"与{previous.label.zh}相比(两月都报的{units}个单位)", f"Against {previous.label.en} ({units} units that reported both)"
    )
    if moved.empty:
        return Text(f"{head.zh}:各项占比没有变化", f"{head.en}: no share moved")
    first = moved.iloc[0]
    label, step = catalogue.indicator[first["id"]].label, kit.points(first["change"])
    return Text(f"{head.zh}:变化最大的是{label.zh},{step.zh}", f"{head.en}: most moved {label.en}, {step.en}")


def days_left(period: Period, deadline: date, today: date) -> tuple[int, Text]:
    """Days from now to a deadline, and from when they count: from today while the month is current, else from the month's end."""
    if period.end <= today <= deadline:
        return (deadline - today).days, Text("从今天算起", "from today")
    return max(0, (deadline - period.end).days), Text(f"从{period.month}月末算起", f"from the end of {period.label.en}")


def behind_html(frame: pd.DataFrame, names: Mapping[str, Text], catalogue: Catalogue, language: Language) -> str:
    """The first rows of `behind`: unit, indicator, progress, pace, difference in words."""
    titles = (
        Text("单位和指标", "Unit and indicator"),
        Text("进度", "Progress"),
        Text("时序", "Pace"),
        Text("差距(百分点)", "Gap (points)"),
    )
    rows = [
        ((names[row.org_unit].say(language), catalogue.indicator[row.id].label.say(language)),
         (f"{kit.number(row.value, 1)}%", row.sides), (f"{kit.number(row.pace, 1)}%", ""),
         escape(kit.signed(row.difference)) + "<br>" + mark(row.status, language))
        for row in kit.rows(frame)
    ]  # fmt: skip
    return table([title.say(language) for title in titles], rows)


def changes_html(frame: pd.DataFrame, catalogue: Catalogue, language: Language) -> str:
    """The first rows of `changes`: indicator, last month, this month, change with an arrow and its unit."""
    titles = (
        Text("指标", "Indicator"),
        Text("上月", "Last month"),
        Text("本月", "This month"),
        Text("变化(百分点)", "Change (points)"),
    )
    rows = []
    for row in kit.rows(frame):
        arrow = "▲" if row.change > 0.0499 else "▼" if row.change < -0.0499 else "＝"
        rows.append((
            (catalogue.indicator[row.id].label.say(language), ""), (f"{kit.number(row.before, 1)}%", ""),
            (f"{kit.number(row.now, 1)}%", ""), escape(f"{arrow} {kit.signed(row.change)}"),
        ))  # fmt: skip
    return table([title.say(language) for title in titles], rows)


def table(titles: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A small table. All cells but the last are (words, small words below), escaped here; the last is made of escaped parts."""

    def cell(words: str, below: str) -> str:
        return escape(words) + (f'<br><span class="small">{escape(below)}</span>' if below else "")

    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in titles)
    body = "".join(
        f'<tr><th scope="row" class="wraps">{cell(*row[0])}</th>'
        + "".join(f"<td>{cell(*one)}</td>" for one in row[1:-1])
        + f'<td class="figure">{row[-1]}</td></tr>'
        for row in rows
    )
    return f'<div class="townboard-scroll"><table class="townboard"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
