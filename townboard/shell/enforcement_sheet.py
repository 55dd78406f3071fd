"""The law-enforcement exhibits of a view: milestones against their plan, staff, items assigned and exercised, dispatch orders."""

from __future__ import annotations

from datetime import date

import pandas as pd

from townboard import theme_tables
from townboard.catalogue import Element
from townboard.charts import bars, enforcement, kit, matters, milestones
from townboard.downloads import Column
from townboard.indicators import Reading
from townboard.shell.asking import ask, per_view, readings
from townboard.shell.panels import Exhibit
from townboard.shell.view import View
from townboard.shell.visit import house
from townboard.text import Text

SOURCE = Text("综合执法表(F03)", "Form F03, law enforcement")
PLAN_SOURCE = Text("综合执法表(F03)、专办登记的节点计划", "Form F03, and the office's plan of milestones")
CASES = (
    "cases_simple",
    "cases_general",
    "cases_closed",
    "decisions_overturned",
    "patrols",
    "joint_operations",
    "training_attendance",
)
"""Context only: never ranked, never scored, and no form asks for fines."""
MATTERS = (
    Column("name", theme_tables.UNIT), Column("since", Text("生效月份", "In force from")), Column("before", Text("原有事项", "Before"), "integer"),
    Column("after", Text("现有事项", "After"), "integer"), Column("exercised", Text("当月累计行使", "Exercised by then"), "integer"),
    Column("reason", Text("依据", "Reason")),
)  # fmt: skip
PLANNED = (
    Column("name", theme_tables.UNIT), Column("label", Text("改革节点", "Milestone")), Column("planned", Text("计划日期", "Planned"), "date"),
    Column("reached", Text("完成日期", "Reached"), "date"), Column("words", Text("情况", "State")), Column("late_days", Text("逾期天数", "Days late"), "integer"),
)  # fmt: skip
RATES = {
    "LE05": ("项", Text("赋权事项:{n}/{of} 项已实际行使", "Items assigned: {n} of {of} exercised")),
    "LE06": ("件", Text("指挥调度派单:{n}/{of} 件已办结", "Dispatch orders: {n} of {of} closed")),
}


@per_view
def frame(view: View) -> pd.DataFrame:
    """The units that owe the form, in official order, with names."""
    known = view.catalogue
    answer = theme_tables.named(ask(view, "law_enforcement_by_unit"), known, view.language, view.held_back)
    owing = {unit for unit in view.units if known.data_set["law_enforcement"] in known.owes(unit)}
    return answer[answer["unit"].isin(owing)].reset_index(drop=True)


@per_view
def plan(view: View) -> dict[tuple[str, str], date]:
    """(unit, milestone) → the day by which it is to be reached."""
    return milestones.planned(ask(view, "milestone_plan_by_unit"))


def squares(view: View, units: pd.DataFrame) -> Exhibit:
    """The matrix of units and milestones, with its plan."""
    steps, planned, on = _steps(), plan(view), view.period.end
    codes = [step.code for step in steps]
    return Exhibit(
        "wide_le_milestones", milestones.title(units, steps, planned, on), milestones.squares(units, steps, planned, on, view.language),
        PLAN_SOURCE, _rows(milestones.overview(units, codes, planned, on), view), PLANNED, note=milestones.no_plan_words(planned) or milestones.NOTE,
        alt=Text("单位与改革节点矩阵", "Matrix of units and milestones"),
    )  # fmt: skip


@per_view
def furthest_behind(view: View) -> str:
    """The unit whose time line is shown first: the one with most days overdue, else the first that reported."""
    units = frame(view)
    table = milestones.overview(units, [step.code for step in _steps()], plan(view), view.period.end)
    days = table[table["state"] == milestones.OVERDUE].groupby("unit")["late_days"].sum()
    sent = units[units["reported"]]["unit"]
    return str(days.idxmax()) if len(days) else str((sent if len(sent) else units["unit"]).iloc[0])


def timeline(view: View, unit: str, key: str = "le_timeline") -> Exhibit:
    """One unit's milestones on a time line, planned and reached."""
    answer = ask(view, "law_enforcement_by_unit")
    steps, whole, on = _steps(), plan(view), view.period.end
    dates, planned = milestones.of_unit(answer, steps, whole, unit)
    words = milestones.timeline_title(dates, planned, on)
    own = pd.DataFrame(
        [
            {
                "unit": unit,
                "name": view.name(unit).say(view.language),
                "reported": bool(answer.loc[answer["unit"] == unit, "reported"].any()),
                **{step.code: dates[step.label] for step in steps},
            }
        ]
    )
    return Exhibit(
        key, Text("{unit}:{said}", "{unit}: {said}").fill(unit=view.name(unit), said=words), milestones.timeline(dates, planned, on=on, language=view.language),
        PLAN_SOURCE, _rows(milestones.overview(own, [step.code for step in steps], whole, on), view), PLANNED,
    )  # fmt: skip


def _steps() -> tuple[Element, ...]:
    return milestones.elements(house().catalogue.data_set["law_enforcement"])


def _rows(table: pd.DataFrame, view: View) -> pd.DataFrame:
    """A row a unit and milestone, in words."""
    labels, on = {step.code: step.label.say(view.language) for step in _steps()}, view.period.end
    words = [
        kit.NOT_REPORTED.say(view.language) if row.state == milestones.SILENT
        else milestones.days_words(milestones.day_of(row.reached), milestones.day_of(row.planned), on).say(view.language)
        or milestones.KINDS[row.state].words.say(view.language)
        for row in kit.rows(table)
    ]  # fmt: skip
    return table.assign(label=[labels[code] for code in table["milestone"]], words=words)


def staff(view: View, units: pd.DataFrame) -> Exhibit:
    """Quota, on post, certified."""
    codes = ("staff_quota", "staff_on_post", "staff_certified")
    quota, post, held = (theme_tables.total(units, code) for code in codes)
    return Exhibit(
        "le_staff", Text("核定 {quota} 人,在岗 {post} 人({on}),持证 {held} 人({with_})",
                         "{quota:post|posts}, {post:person|people} on post ({on}), {held} certified ({with_})").fill(
            quota=kit.number(quota), post=kit.number(post), held=kit.number(held), on=kit.percent(post, quota), with_=kit.percent(held, post)),
        enforcement.staff(units, view.language), SOURCE, units,
        theme_tables.columns_of(house().catalogue.data_set["law_enforcement"], codes, place=theme_tables.UNIT, unit=False),
        note=Text("每行数字:核定 → 在岗 → 持证;到岗率=在岗÷核定,持证率=持证÷在岗。", "On each row: quota → on post → certified; on post is of the quota, certified of those on post."),
        alt=Text("各单位编制、在岗和持证人数", "Quota, on post and certified, by unit"),
    )  # fmt: skip


def rate(view: View, id: str, known: dict[str, Reading], units: pd.DataFrame) -> Exhibit:
    """One share by unit with both goals: items exercised, or dispatch orders closed."""
    catalogue, (side, title) = view.catalogue, RATES[id]
    owing = set(units["unit"])
    found = [one for one in readings(view, "township", (id,)) if one.org_unit in owing]
    rows = theme_tables.rated(found, catalogue, view.language, of="org_unit", side_units={id: side},
                              reported=list(units.loc[units["reported"], "unit"]), held_back=view.held_back)  # fmt: skip
    whole = known.get(id)
    return Exhibit(
        f"le_{id}", title.fill(n=kit.number(whole.numerator if whole else None), of=kit.number(whole.denominator if whole else None)),
        bars.progress(rows, view.language), SOURCE, *theme_tables.readings_table(found, catalogue, view.language),
        note=catalogue.indicator[id].caveat, alt=catalogue.indicator[id].label,
    )  # fmt: skip


@per_view
def matter_changes(view: View) -> tuple[pd.DataFrame, Text, Text]:
    """Items assigned: what changed from which month and why; a table, its title, and the same in words."""
    answer = ask(view, "matters_by_unit_month", first_period=f"{view.period.year - 1}-01")
    changed = matters.changes(answer)
    names = {unit: view.name(unit) for unit in changed["unit"]}
    table = changed.assign(name=[names[unit].say(view.language) for unit in changed["unit"]])
    return table, matters.title(changed, answer["period"].nunique()), matters.said(changed, names)
