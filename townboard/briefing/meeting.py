"""The meeting pack (调度会材料): one page a unit, frozen as of a named moment, for the secretary who speaks about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from townboard.briefing import monthly
from townboard.briefing.look import Look
from townboard.briefing.sheet import Block, Break, Heading, Sheet, Table, Words
from townboard.charts import economy, goal, kit
from townboard.indicators import Reading
from townboard.text import Text, listed

MOST_NEAR = 6
"""Villages just below the line that a page names."""
KEY = ("CE01", "CE05", "QH01", "QH02", "QH03", "QH04", "LE01", "LE03", "LE06", "CM06", "CM07", "PE01", "PE04", "BR04")
"""Fewer figures than in the brief's annex, so that a unit keeps to its page."""


def pack(look: Look, meeting: str) -> Sheet:
    """The pack for a meeting. `meeting` names it (`第二次调度会`); the figures are those of `look`, at its moment."""
    title = Text(f"{look.name(look.county)}专项行动调度会材料", f"{look.name(look.county)}: meeting pack of the special action")
    county = {reading.id: reading for reading in look.readings("county", KEY)}
    found = look.readings("township", KEY)
    placed = monthly.ranks([reading for reading in found if reading.id == monthly.RANKED])
    villages = look.ask("income_by_village")
    blocks: list[Block] = []
    for number, code in enumerate(look.units):
        blocks += [Break()] if number else []
        blocks.append(Heading(look.name(code)))
        mine = [reading for reading in found if reading.org_unit == code]
        blocks += _standing(look, code, {reading.id: reading for reading in mine}, placed)
        blocks += monthly.unit_table(look, mine, code, beside=county)
        blocks += _near(look, villages[villages["unit"] == code])
        blocks += _problems(look, code)
    under = [meeting, look.say(look.period.label), look.say(look.coverage)]
    return Sheet(look.say(title), [line for line in under if line], look.mark, look.language, blocks)


def _standing(look: Look, code: str, readings: Mapping[str, Reading], placed: Mapping[str, int]) -> Iterator[Block]:
    goal_reading = readings.get("CE01")
    if goal_reading is None or goal_reading.status == "not_applicable" or goal_reading.value is None:
        return
    words = monthly.ended(
        look, goal.standing(look.period.label, goal_reading.numerator, goal_reading.denominator, goal_reading.basic)
    )
    if code in placed:
        rank = Text("全县排名第{n}/{of}。", "Rank {n} of {of} in the county.").fill(n=placed[code], of=len(placed))
        words += ("" if look.language == "zh" else " ") + look.say(rank)
    yield Words(words)


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


def _problems(look: Look, code: str) -> Iterator[Block]:
    rows = monthly.problems(look, code)
    if rows:
        heads = (
            Text("类型", "Kind"),
            Text("存在问题和需协调事项", "Problems and what needs coordination"),
            Text("需协调单位", "Help from"),
        )
        yield Table([look.say(head) for head in heads], [row[1:] for row in rows], (0.14, 0.66, 0.2))
    elif code not in look.missing:
        yield Words(look.say(Text("本月没有上报问题。", "No problem was reported this month.")))
