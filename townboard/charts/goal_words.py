"""The sentences that say how the 60 % goal stands, in the county and among its units (`units` tables: see `goal.by_units`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from townboard.charts import kit
from townboard.forecast import needed
from townboard.text import Text


def standing(period: Text, reached: Any, villages: Any, basic: float | None) -> Text:
    """`10月:58/128 个村达到30万元(45.3%),距60%还差19个村` — decided on the exact fraction, whatever the rounding shows."""
    if kit.missing(reached) or kit.missing(villages) or not villages:
        return Text("{p}:还没有村集体经济数据", "{p}: no village income has been reported").fill(p=period)
    said = Text("{p}:{share} 个村达到30万元({pc})", "{p}: {share} villages at 300,000 yuan ({pc})").fill(
        p=period, share=kit.share(reached, villages), pc=kit.percent(reached, villages)
    )
    if basic is None:
        return said
    gap = needed(int(villages), basic) - int(reached)
    if gap > 0:
        more = Text(",距{g}%还差{gap}个村", ", {gap} short of the {g}% goal")
    elif gap == 0:
        more = Text(",刚好达到{g}%目标", ", exactly at the {g}% goal")
    else:
        more = Text(",已过{g}%目标,多{over}个村", ", {over} past the {g}% goal")
    more = more.fill(g=kit.number(basic), gap=gap, over=-gap)
    return Text(said.zh + more.zh, said.en + more.en)


def units_standing(units: pd.DataFrame, names: Mapping[str, Text], *, basic: float | None) -> Text:
    """`2/9 个单位已达60%,最高 王答乡 66.7%,最低 …`; says how many have not reported."""
    came = units[units["reached"].notna()]
    if came.empty:
        return Text("还没有单位报送", "No unit has reported yet")
    goal = basic or 0
    ok = int(sum(row.reached * 100 >= goal * row.villages for row in kit.rows(came)))
    rated = came.assign(share=came["reached"].astype(float) / came["villages"].astype(float))
    lowest, highest = (rated[rated["share"] == end] for end in (rated["share"].min(), rated["share"].max()))
    low, high = lowest.iloc[0], highest.iloc[0]
    span_words = Text(";最高{high} {hp},最低{low} {lp}", "; highest {high} {hp}, lowest {low} {lp}")
    if low["share"] == high["share"]:
        span_words = Text(";都是{hp}", "; all at {hp}")
    start = Text("已报的{of}个单位中{ok}个达到{g}%", "{ok} of {of:reporting unit|reporting units} at {g}%")
    if basic is None:
        start = Text("{of}个单位已报,没有设定目标", "{of:unit has|units have} reported, no goal is set")
    said = _alone(names[high["unit"]], high, bool(ok), goal) if len(came) == 1 and basic is not None else Text(
        start.zh + span_words.zh, start.en + span_words.en,
    ).fill(
        of=len(came), ok=ok, g=kit.number(goal), high=kit.among(names[high["unit"]], len(highest)), hp=kit.percent(high["reached"], high["villages"]),
        low=kit.among(names[low["unit"]], len(lowest)), lp=kit.percent(low["reached"], low["villages"]),
    )  # fmt: skip
    absent = len(units) - len(came)
    if not absent:
        return said
    more = Text(";{n}个没有本月数据", "; {n} without figures this month").fill(n=absent)
    return Text(said.zh + more.zh, said.en + more.en)


def _alone(name: Text, row: Any, is_reached: bool, goal: float) -> Text:
    """`清源镇 9/18 个村达标(50.0%),未到60%`: one unit has no highest and no lowest."""
    verdict = Text("已到{g}%", "past {g}%") if is_reached else Text("未到{g}%", "short of {g}%")
    verdict = verdict.fill(g=kit.number(goal))
    said = Text("{name} {share} 个村达标({pc})", "{name}: {share} villages at the goal ({pc})").fill(
        name=name, share=kit.share(row["reached"], row["villages"]), pc=kit.percent(row["reached"], row["villages"])
    )
    return Text(f"{said.zh},{verdict.zh}", f"{said.en}, {verdict.en}")
