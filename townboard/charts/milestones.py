"""The milestones of the law-enforcement reform: planned and reached, by unit as a matrix and of one unit on a time line.

A plan is a day by which a milestone is to be reached (the office's goals, a unit's own before the county's). What is overdue is said
in days as of the last day of the month looked at; without a plan nothing is overdue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd

from townboard.catalogue import DataSet, Element
from townboard.charts import bars, kit, matrix
from townboard.charts.kit import Figure
from townboard.text import Language, Text, number_of, same

CORE = 8
"""The first eight milestones of the form are the core ones: all of them are the basic goal (LE01)."""
REACHED, LATE, OPEN, OVERDUE, SILENT = "reached", "late", "open", "overdue", "silent"
EACH = 48
"""Pixels of a row of the time line: two lines of words and air between them, also where the legend takes three rows."""
KINDS = {
    REACHED: matrix.State(Text("已完成", "reached"), "✓", kit.BLUE, "#ffffff"),
    LATE: matrix.State(Text("逾期完成", "reached late"), "✓", kit.PALE, "#1F2328"),
    OPEN: matrix.State(Text("未到期", "not due yet"), "○", bars.TRACK, ""),
    OVERDUE: matrix.State(Text("逾期", "overdue"), "▲", kit.AMBER, "#1F2328"),
    SILENT: matrix.State(kit.NOT_REPORTED, "", "rgba(0,0,0,0)", "", hatched=True),
}
NO_PLAN = Text("未定计划", "no plan")
Plan = Mapping[tuple[str, str], date]
"""(unit, milestone) → the day by which it is to be reached."""


def elements(data_set: DataSet) -> tuple[Element, ...]:
    """The twelve milestone dates, in the order of the form."""
    return tuple(element for element in data_set.elements if element.type == "date")


def planned(answer: pd.DataFrame) -> dict[tuple[str, str], date]:
    """The plan from `queries/milestone_plan_by_unit.sql`."""
    return {(row.unit, row.milestone): day for row in kit.rows(answer) if (day := day_of(row.deadline)) is not None}


def day_of(value: Any) -> date | None:
    """A stored day; None where there is none."""
    if kit.missing(value):
        return None
    return value if isinstance(value, date) and not isinstance(value, pd.Timestamp) else pd.Timestamp(value).date()


def counted(row: pd.Series, codes: Sequence[str]) -> tuple[int, int]:
    """How many of the core milestones, and of all, one unit has reached."""
    there = [not pd.isna(row[code]) for code in codes]
    return sum(there[:CORE]), sum(there)


def state(reached: date | None, plan: date | None, on: date) -> str:
    """One milestone as of a day. Reached on the planned day is in time; the planned day itself is not overdue."""
    if reached is not None:
        return LATE if plan is not None and reached > plan else REACHED
    return OVERDUE if plan is not None and on > plan else OPEN


def days_words(reached: date | None, plan: date | None, on: date) -> Text:
    """`逾期 12 天`, `晚 12 天`, `按期`, `计划 2022-10-31`; `未定计划` where nothing is planned and nothing reached."""
    if plan is None:
        return Text("", "") if reached is not None else NO_PLAN
    if reached is not None:
        late = (reached - plan).days
        return Text(f"晚 {late} 天", f"{number_of(late, 'day')} late") if late > 0 else Text("按期", "in time")
    over = (on - plan).days
    if over > 0:
        return Text(f"逾期 {over} 天", f"{number_of(over, 'day')} overdue")
    return Text(f"计划 {plan.isoformat()}", f"due {plan.isoformat()}")


def overview(frame: pd.DataFrame, codes: Sequence[str], plan: Plan, on: date) -> pd.DataFrame:
    """One row a unit and milestone: unit, name, milestone, planned, reached, state, late_days (only where late or overdue).

    `frame`: unit, name, reported and the dates. A unit without a report is SILENT whatever was planned.
    """
    found = []
    for row in kit.rows(frame):
        for code in codes:
            day, due = day_of(getattr(row, code)), plan.get((row.unit, code))
            kind = state(day, due, on) if row.reported else SILENT
            late = ((day or on) - due).days if due is not None and kind in (LATE, OVERDUE) else None
            found.append((row.unit, row.name, code, due, day, kind, late))
    table = pd.DataFrame(found, columns=["unit", "name", "milestone", "planned", "reached", "state", "late_days"])
    return table.astype({"late_days": "float64"})


def squares(frame: pd.DataFrame, columns: Sequence[Element], plan: Plan, on: date, language: Language) -> Figure:
    """Unit × milestone: the month it was reached and how late, or how long it is overdue, or when it is due; the core eight apart."""
    codes = [element.code for element in columns]
    names, found, text = [], [], []
    for _, row in frame.iterrows():
        core, whole = counted(row, codes)
        sent = bool(row["reported"])
        names.append(f"{row['name']}<br><b>{core}/{CORE}</b> · {whole}/{len(codes)}" if sent else str(row["name"]))
        days = [(day_of(row[code]), plan.get((row["unit"], code))) for code in codes]
        found.append([state(*both, on) if sent else SILENT for both in days])
        text.append([_square(*both, on, language) if sent else kit.silent(row, language).replace(" ", "<br>") for both in days])
    labels = [f"<b>{n}</b><br>{matrix.wrapped(element.label.say(language), language)}" for n, element in enumerate(columns, 1)]
    figure = matrix.states(names, labels, found, text, KINDS, language, each=44, size=12)
    core_words = Text("核心 8 个(基本目标)", "Core eight (basic goal)").say(language)
    rest_words = Text("其余 4 个(最高目标)", "Further four (highest goal)").say(language)
    edge = {"xref": "x", "yref": "paper", "showarrow": False, "yanchor": "top", "y": -0.01, "font": {"size": 14}}
    figure["layout"]["xaxis"]["tickfont"] = {"size": 13 if language == "zh" else 12}
    figure["layout"]["margin"] = {**figure["layout"]["margin"], "b": 34}
    figure["layout"]["shapes"] = [
        {"type": "line", "xref": "x", "yref": "paper", "x0": CORE - 0.5, "x1": CORE - 0.5, "y0": -0.03, "y1": 1,
         "line": {"width": 3, "color": kit.GOAL}},
    ]  # fmt: skip
    figure["layout"]["annotations"] = [
        {**edge, "x": (CORE - 1) / 2, "text": core_words},
        {**edge, "x": CORE + (len(codes) - CORE - 1) / 2, "text": rest_words},
    ]
    return figure


def _square(reached: date | None, plan: date | None, on: date, language: Language) -> str:
    """What a square says after its mark: at most two short lines."""
    if reached is not None:
        late = plan is not None and reached > plan
        return f"{reached:%Y-%m}" + (
            f"<br>{days_words(reached, plan, on).say(language).replace(' days', ' d').replace(' day', ' d')}" if late else ""
        )
    if plan is None:
        return ""
    words = days_words(None, plan, on).say(language)
    return (
        words.replace("逾期 ", "逾期<br>").replace(" days overdue", " d<br>overdue").replace(" day overdue", " d<br>overdue")
        if on > plan
        else Text(f"<br>计划{plan:%m-%d}", f"<br>due {plan:%m-%d}").say(language)
    )


def title(frame: pd.DataFrame, columns: Sequence[Element], plan: Plan, on: date) -> Text:
    """Who has the core eight and all twelve, how many milestones are overdue, and which for longest."""
    codes = [element.code for element in columns]
    sent = frame[frame["reported"].astype(bool)]
    counts = [counted(row, codes) for _, row in sent.iterrows()]
    core, whole = sum(n == CORE for n, _ in counts), sum(n == len(codes) for _, n in counts)
    said = Text("已报的 {of} 个单位中,{core} 个完成核心 8 个节点(8/8),{whole} 个全部完成(12/12)",
                "{core} of {of:unit|units} that reported have the core eight (8/8), {whole} have all twelve (12/12)").fill(
        of=len(sent), core=core, whole=whole)  # fmt: skip
    table = overview(frame, codes, plan, on)
    over = table[table["state"] == OVERDUE]
    if over.empty:
        more = Text(";没有逾期的节点", "; nothing is overdue") if plan else Text("", "")
        return Text(said.zh + more.zh, said.en + more.en)
    longest = over[over["late_days"] == over["late_days"].max()]
    worst = longest.iloc[0]
    label = next(element.label for element in columns if element.code == worst["milestone"])
    more = Text(";逾期 {n} 个节点,最久:{unit} {what} 逾期 {days} 天", "; {n:milestone is|milestones are} overdue, longest: {unit}, {what}, {days:day|days}").fill(
        n=len(over), unit=kit.among(same(str(worst["name"])), longest["name"].nunique()), what=label, days=int(worst["late_days"]))  # fmt: skip
    return Text(said.zh + more.zh, said.en + more.en)


NOTE = Text(
    "格内:✓ 完成年月(晚几天另起一行),▲ 逾期天数,○ 未到期或未定计划,斜纹 未报;竖线左侧为核心 8 个节点。天数算到报告期最后一天。",
    "✓ month reached, with the days it was late; ▲ days overdue; ○ not due yet or no plan; hatched: not reported. The core eight stand left "
    "of the line. Days are counted to the last day of the month.",
)


def no_plan_words(plan: Plan) -> Text | None:
    """That no planned day is recorded, and where to record it."""
    if plan:
        return None
    return Text("还没有登记节点的计划日期,所以不说逾期;由专办在“报送与审核”的名录里登记。",
                "No planned day is recorded, so nothing is called overdue; the office records them under Submissions, registers.")  # fmt: skip


def of_unit(
    answer: pd.DataFrame, steps: Sequence[Element], plan: Plan, unit: str
) -> tuple[dict[Text, date | None], dict[Text, date]]:
    """Milestone → day reached, and → planned day, of one unit; without a report there is nothing to hold against the plan.

    `answer`: `queries/law_enforcement_by_unit.sql`.
    """
    row = next((one for _, one in answer.iterrows() if one["unit"] == unit), None)
    dates = {step.label: day_of(row[step.code]) if row is not None else None for step in steps}
    sent = row is not None and bool(row["reported"])
    return dates, {step.label: plan[unit, step.code] for step in steps if (unit, step.code) in plan} if sent else {}


def timeline(dates: Mapping[Text, date | None], plan: Mapping[Text, date], *, on: date, language: Language) -> Figure:
    """One unit's milestones from the first to the last: the planned day as an open diamond, the day reached as a dot, a line between
    them, and the words at the right edge. `dates`: milestone → day, in the form's order; the first CORE are the core ones.
    """
    if not dates or (all(day is None for day in dates.values()) and not plan):
        return {"data": [], "layout": kit.layout(height=120)}
    names = {
        label: f"{n}. {matrix.wrapped(label.say(language), language, 12 if language == 'zh' else 11)}"
        for n, label in enumerate(dates, 1)
    }
    every = [*(day for day in dates.values() if day is not None), *plan.values()]
    traces: list[Figure] = []
    spans = [(names[label], plan[label], day or on, day is None) for label, day in dates.items() if label in plan]
    for opened, dash, colour in ((False, "solid", kit.GREY), (True, "dot", kit.AMBER)):
        part = [one for one in spans if one[3] is opened and (one[2] > one[1] or not opened)]
        traces.append({
            "type": "scatter", "mode": "lines", "x": [at for _, a, b, _ in part for at in (a.isoformat(), b.isoformat(), None)],
            "y": [at for name, *_ in part for at in (name, name, None)], "line": {"color": colour, "width": 2, "dash": dash},
            "hoverinfo": "skip", "showlegend": False,
        })  # fmt: skip
    traces.append(_dots(Text("计划日期", "Planned"), [(names[label], day) for label, day in plan.items() if label in names],
                        {"size": 12, "symbol": "diamond-open", "color": kit.GREY, "line": {"width": 2}}, language))  # fmt: skip
    order = list(dates)
    for words, core, symbol, colour in ((Text("核心节点完成", "Core reached"), True, "circle", kit.DEEP),
                                        (Text("其他节点完成", "Further reached"), False, "square", kit.TEAL)):  # fmt: skip
        own = [(names[label], day) for n, label in enumerate(order) if (day := dates[label]) is not None and (n < CORE) is core]
        traces.append(_dots(words, own, {"size": 12, "symbol": symbol, "color": colour}, language))
    over = [(names[label], on) for label, day in dates.items() if day is None and label in plan and on > plan[label]]
    traces.append(_dots(Text("逾期未完成", "Overdue"), over, {"size": 12, "symbol": "triangle-up", "color": kit.AMBER}, language))
    first, last = min([*every, on]) - timedelta(days=25), max([*every, on]) + timedelta(days=15)
    traces.append({
        "type": "scatter", "mode": "text", "y": list(names.values()), "x": [last.isoformat()] * len(names), "textposition": "middle right",
        "text": [_said(dates[label], plan.get(label), on, language) for label in names], "textfont": {"size": 13}, "cliponaxis": False,
        "hoverinfo": "skip", "showlegend": False,
    })  # fmt: skip
    return {
        "data": [trace for trace in traces if trace["y"]],
        "layout": kit.layout(
            height=110 + EACH * len(names), margin={"t": 50, "r": 104},
            xaxis={"type": "date", "range": [first.isoformat(), last.isoformat()], "tickangle": 0, "tickfont": {"size": 12}, **_ticks(first, last, language)},
            yaxis={"categoryorder": "array", "categoryarray": list(reversed(names.values())), "type": "category"},
            shapes=[{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": len(names) - CORE - 0.5, "y1": len(names) - CORE - 0.5,
                     "line": {"width": 1, "color": kit.GREY, "dash": "dash"}}] if len(names) > CORE else [],
        ),
    }  # fmt: skip


def _ticks(first: date, last: date, language: Language) -> dict[str, Any]:
    """Months on a time line, so few that their words do not touch on a telephone, where it is as wide as a thumb: January with its year
    and July, or whole years."""
    months = (last - first).days / 30.4
    step = 6 if months <= 15 else 12 if months <= 26 else 24
    days = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in (1, 7)]
    shown = [
        day for day in days if first <= day <= last and (step == 6 or (day.month == 1 and (step == 12 or day.year % 2 == 0)))
    ]
    shown = shown or [(first.replace(day=1) + timedelta(days=32)).replace(day=1)]
    months_said = [kit.month_only(f"{day:%Y-%m}", language) for day in shown]
    words = [
        f"{said}<br>{day.year}" if day.month == 1 or len(shown) == 1 else said
        for said, day in zip(months_said, shown, strict=True)
    ]
    return {"tickmode": "array", "tickvals": [day.isoformat() for day in shown], "ticktext": words}


def _dots(words: Text, points: Sequence[tuple[str, date]], marker: dict[str, Any], language: Language) -> Figure:
    return {
        "type": "scatter", "mode": "markers", "name": words.say(language), "y": [name for name, _ in points],
        "x": [day.isoformat() for _, day in points], "marker": marker, "cliponaxis": False, "hoverinfo": "skip",
    }  # fmt: skip


def _said(reached: date | None, plan: date | None, on: date, language: Language) -> str:
    """`2022-04-01` and under it `晚 12 天`; `逾期 12 天`; `计划` and under it `2022-10-31`."""
    words = (
        days_words(reached, plan, on)
        .say(language)
        .replace(f" {plan}", f"<br>\u2002{plan}")
        .replace(" overdue", "<br>\u2002overdue")
    )
    return "\u2002" + "<br>\u2002".join(filter(None, (reached.isoformat() if reached else "", words)))


def timeline_title(dates: Mapping[Text, date | None], plan: Mapping[Text, date], on: date) -> Text:
    """`12个改革节点完成9个,其中核心8个完成8个;逾期1个:…(逾期 12 天);下一个:…`."""
    days = list(dates.values())
    if not days or all(day is None for day in days):
        return Text("还没有改革节点的完成时间", "No milestone has a date yet")
    done, own = sum(day is not None for day in days), sum(day is not None for day in days[:CORE])
    core = min(CORE, len(days))
    said = Text(f"{len(days)}个改革节点完成{done}个,其中核心{core}个完成{own}个",
                f"{done} of {number_of(len(days), 'milestone')} reached; {own} of the core {core}")  # fmt: skip
    over = [
        (label, (on - plan[label]).days) for label, day in dates.items() if day is None and label in plan and on > plan[label]
    ]
    if over:
        label, late = max(over, key=lambda one: one[1])
        more = Text(
            f";逾期{len(over)}个,最久:{label.zh}(逾期 {late} 天)",
            f"; {len(over)} overdue, longest: {label.en} ({number_of(late, 'day')})",
        )
        return Text(said.zh + more.zh, said.en + more.en)
    ahead = next((label for label, day in dates.items() if day is None), None)
    if ahead is None:
        return said
    return Text(f"{said.zh};下一个:{ahead.zh}", f"{said.en}; next: {ahead.en}")
