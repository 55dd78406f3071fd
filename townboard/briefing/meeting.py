"""The meeting pack (调度会材料): the county on the front page, then one page a unit, frozen as of a named moment, for the secretary who speaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from townboard import atlas, comparing
from townboard.briefing import monthly, unit_table
from townboard.briefing.look import Look
from townboard.briefing.sheet import Block, Break, Chart, Heading, Sheet, Table, Words
from townboard.charts import economy, economy_words, goal, goal_words, kit, milestones, overview, trends
from townboard.indicators import Reading
from townboard.text import NOTHING, Text, listed

MOST_BEHIND, MOST_NEAR, MOST_PROBLEMS, MOST_LETTERS = 3, 4, 3, 70
"""A page names so many figures that are behind, so many villages just below the line, so many problems in so many letters: it stays one page."""
KEY = ("CE01", "CE05", "QH01", "QH02", "QH03", "QH04", "LE01", "LE03", "LE06", "CM06", "CM07", "PE01", "PE04", "BR04")
"""Fewer figures than in the brief's annex, so that a unit keeps to its page."""
INCOME, MILESTONES, GIVEN = 265, 650, 30
"""Heights in pixels of a page's chart: lower than on the screen, so that all of the unit stands on one page; and what it gives to each problem."""
SOURCE = Text("来源:本单位月报", "Source: the unit's own workbook")
UNPLANNED = Text("没有登记计划日期,不计逾期", "no planned day is recorded: nothing counts as overdue")
LETTERS = 10
"""Points."""
STEPS = Text(
    "比上月:百分点,只比两个月都报、有数的村(社区)一样多的单位;没有可比的为“—”",
    "On last month: points, for units that reported both with as many villages or communities; a dash where nothing can be compared",
)


def pack(look: Look, meeting: str) -> Sheet:
    """The pack for a meeting. `meeting` names it (`第二次调度会`); the figures are those of `look`, at its moment."""
    title = Text(f"{look.name(look.county)}专项行动调度会材料", f"{look.name(look.county)}: meeting pack of the special action")
    county = {reading.id: reading for reading in look.readings("county", KEY)}
    found = look.readings("township", KEY)
    placed = monthly.ranks([reading for reading in found if reading.id == monthly.RANKED])
    moved, villages = steps(look, found), look.ask("income_by_village")
    blocks: list[Block] = [*_front(look, county[monthly.RANKED])]
    for code in look.units:
        mine = [reading for reading in found if reading.org_unit == code]
        blocks += [Break(), Heading(look.name(code)), *unit_table.said(look, unit_table.with_figures(mine), code)]
        blocks += [*_standing(look, code, {reading.id: reading for reading in mine}, placed), *_behind(look, mine)]
        blocks += [*unit_table.of_page(look, mine, code, county, moved)]
        matters = monthly.problems(look, code)
        blocks += [
            *_chart(look, code, GIVEN * min(len(matters), MOST_PROBLEMS)),
            *_near(look, villages[villages["unit"] == code]),
        ]
        blocks += _problems(look, code, matters)
    under = [meeting, look.say(look.period.label), look.say(look.coverage)]
    return Sheet(look.say(title), [line for line in under if line], look.mark, look.language, blocks, LETTERS)


def steps(look: Look, found: Sequence[Reading]) -> dict[tuple[str, str], float]:
    """(unit, indicator id) → change since last month, like for like: what the overview's scorecard says."""
    previous = look.period.previous
    ids = comparing.comparable(look.catalogue, KEY, look.period, previous)
    return comparing.changes(found, look.readings("township", ids, period=previous), look.same_units(previous))


def _front(look: Look, whole: Reading) -> Iterator[Block]:
    """The county: the goal, who is behind, the ranking; and how the pages that follow are read."""
    yield Heading(look.name(look.county))
    yield Words(monthly.ended(look, goal_words.standing(look.period.label, whole.numerator, whole.denominator, whole.basic)))
    frame = overview.behind(look.readings("township", monthly.LEADING))
    names = {code: look.catalogue.org_unit[code].label for code in look.units}
    yield Words(monthly.ended(look, overview.behind_title(frame, names, len(monthly.LEADING))))
    yield from monthly.ranking(look)
    yield monthly.units_chart(look, whole)
    for note in (overview.RANKED, STEPS):
        yield Words(monthly.ended(look, note), small=True)


def _standing(look: Look, code: str, readings: Mapping[str, Reading], placed: Mapping[str, int]) -> Iterator[Block]:
    goal_reading = readings.get("CE01")
    if goal_reading is None or goal_reading.status == "not_applicable" or goal_reading.value is None:
        return
    words = monthly.ended(
        look, goal_words.standing(look.period.label, goal_reading.numerator, goal_reading.denominator, goal_reading.basic)
    )
    if code in placed:
        rank = Text("全县排名第{n}/{of}。", "Rank {n} of {of} in the county.").fill(n=placed[code], of=len(placed))
        words += ("" if look.language == "zh" else " ") + look.say(rank)
    yield Words(words)


def _behind(look: Look, mine: Sequence[Reading]) -> Iterator[Block]:
    """What of the table is behind the even pace, with progress and gap of the furthest; the table marks them all."""
    frame = overview.behind(mine)
    if frame.empty:
        if unit_table.with_figures(mine):
            yield Words(look.say(Text("下列指标没有滞后的。", "None of the figures below is behind.")))
        return
    sentences: list[str] = []
    room = MOST_BEHIND
    for pace, own in frame.groupby("pace", sort=False):
        parts = [_gap(look, row) for row in kit.rows(own.head(room))]
        said = Text("滞后{n}项(时序{pace}%):{which}。", "Behind on {n:figure|figures} (due {pace}%): {which}.")
        if len(own) > room:
            said = Text(
                "滞后{n}项(时序{pace}%),其中:{which}。", "Behind on {n:figure|figures} (due {pace}%), among them: {which}."
            )
        if not room:
            said = Text("另有{n}项滞后(时序{pace}%)。", "{n:more is|more are} behind (due {pace}%).")
        room = max(0, room - len(own))
        which = Text(";".join(part.zh for part in parts), "; ".join(part.en for part in parts))
        sentences.append(look.say(said.fill(n=len(own), pace=kit.number(pace, 1), which=which)))
    yield Words(("" if look.language == "zh" else " ").join(sentences))


def _gap(look: Look, row: Any) -> Text:
    """One figure's progress and gap; no gap where only what the basic goal is measured on is behind (core milestones)."""
    words = Text("{label}进度{progress}%", "{label}, progress {progress}%")
    if row.difference < 0:
        words = Text("{label}进度{progress}%、差{gap}个百分点", "{label}, progress {progress}%, {gap:point|points} short")
    label, gap = look.catalogue.indicator[row.id].label, kit.number(-row.difference, 1)
    return words.fill(label=label, progress=kit.number(row.progress, 1), gap=gap)


def _chart(look: Look, code: str, given: int) -> Iterator[Chart]:
    """The unit's income by month, as the economy page draws it; of a unit without villages its milestones, as its own page does. `given`:
    pixels that it leaves to what stands below it."""
    own, spoken = replace(look, units=(code,)), look.language
    owed = {form.code for form in look.catalogue.owes(code)}
    if "village_economy" in owed:
        first, threshold = f"{look.period.year}-01", look.catalogue.settings.goal_threshold
        villages = len(own.ask("income_by_village"))
        months = goal.income_months(own.ask("income_trend_by_unit", first_period=first), first, str(look.period), villages)
        figure = economy.by_month(months, threshold=threshold, language=spoken)
        figure = trends.marked(figure, list(months["period"]), atlas.occasions(), "CE09", spoken)
        change = own.readings("township", ("CE09",))[0].extras.get("change")
        title, note, height = (
            economy_words.income_title(months, threshold),
            economy_words.grown(look.period.year_ago, change),
            INCOME,
        )
    elif "law_enforcement" in owed:
        ways = milestones.elements(look.catalogue.data_set["law_enforcement"])
        plan = milestones.planned(own.ask("milestone_plan_by_unit"))
        dates, planned = milestones.of_unit(own.ask("law_enforcement_by_unit"), ways, plan, code)
        figure = milestones.timeline(dates, planned, on=look.period.end, language=spoken)
        title, note, height = (
            milestones.timeline_title(dates, planned, look.period.end),
            NOTHING if planned else UNPLANNED,
            MILESTONES,
        )
    else:
        return
    if figure["data"]:
        lower = {**figure, "layout": {**figure["layout"], "height": height - given}}
        parts = [part for part in (look.say(note), look.say(SOURCE)) if part]
        yield Chart(lower, look.say(title), ("；" if spoken == "zh" else "; ").join(parts))


def _near(look: Look, villages: pd.DataFrame) -> Iterator[Block]:
    """The villages closest below the line, with what each lacks."""
    threshold = look.catalogue.settings.goal_threshold
    near = villages[(villages["goal_income"] >= economy.NEAR) & (villages["goal_income"] < threshold)]
    if near.empty:
        return
    near = near.sort_values(["goal_income", "org_unit"], ascending=[False, True]).head(MOST_NEAR)
    one = Text("{name}差{lacks}", "{name} ({lacks})")
    who = listed(one.fill(name=look.name(row.org_unit), lacks=kit.money(threshold - row.goal_income)) for row in kit.rows(near))
    yield Words(look.say(Text("离30万元最近的村:{who}。", "Closest below the goal, with what each lacks: {who}.").fill(who=who)))


def _problems(look: Look, code: str, rows: Sequence[Sequence[str]]) -> Iterator[Block]:
    if rows:
        shown = [[kind, _shortened(matter), helper] for _, kind, matter, helper in rows[:MOST_PROBLEMS]]
        what = Text("存在问题和需协调事项", "Problems and what needs coordination")
        if shown != [list(row[1:]) for row in rows]:
            what = Text("{what}(共{n}项,全文见月度通报)", "{what} ({n} in all, in full in the monthly brief)").fill(
                what=what, n=len(rows)
            )
        heads = (Text("类型", "Kind"), what, Text("需协调单位", "Help from"))
        yield Table([look.say(head) for head in heads], shown, (0.14, 0.66, 0.2))
    elif code not in look.missing:
        yield Words(look.say(Text("本月没有上报问题。", "No problem was reported this month.")))


def _shortened(words: str) -> str:
    return words if len(words) <= MOST_LETTERS else words[: MOST_LETTERS - 1] + "…"
