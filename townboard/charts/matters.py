"""Enforcement matters assigned to units: what changed, from which month, and why. A lower number is lawful and no step back.

`months`: queries/matters_by_unit_month.sql, a row a unit and month that stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pandas as pd

from townboard.charts import kit
from townboard.text import Text

COLUMNS = ["unit", "since", "before", "after", "exercised", "reason"]
LAWFUL = Text(
    "赋权事项由县里依法调整,数量下降不是退步:完成率的分母从生效月份起跟着变。",
    "The county adjusts the items lawfully; a lower number is no step back: the denominator follows from the month it counts from.",
)


def changes(months: pd.DataFrame) -> pd.DataFrame:
    """One row a change: unit, since (month, as the register dates it, else the first report with it), before, after, exercised in that
    month, reason (missing where the register gives none)."""
    known = months[months["matters_assigned"].notna()].sort_values(["unit", "period"], kind="stable")
    found: list[tuple[Any, ...]] = []
    for unit, own in known.groupby("unit", sort=False):
        rows = kit.rows(own)
        for old, new in pairwise(rows):
            if new.matters_assigned != old.matters_assigned:
                dated = not kit.missing(new.since) and f"{pd.Timestamp(new.since):%Y-%m}" > old.period
                since = f"{pd.Timestamp(new.since):%Y-%m}" if dated else new.period
                reason = None if kit.missing(new.reason) else new.reason
                found.append(
                    (unit, since, int(old.matters_assigned), int(new.matters_assigned), kit.blank(new.matters_exercised), reason)
                )
    return pd.DataFrame(found, columns=COLUMNS)


def title(changed: pd.DataFrame, months: int) -> Text:
    """`赋权事项:2 个单位有调整(减 1 次,增 1 次)`; that nothing changed, or that there is nothing to compare."""
    if months < 2:
        return Text("赋权事项:还没有两个月的数可比", "Items assigned: no two months to compare yet")
    if changed.empty:
        return Text("赋权事项数没有调整", "The number of items assigned has not changed")
    fewer = int((changed["after"] < changed["before"]).sum())
    return Text("赋权事项:{n} 个单位有调整(减少 {fewer} 次,增加 {more} 次)", "Items assigned changed in {n:unit|units} ({fewer:time|times} fewer, {more:time|times} more)").fill(
        n=changed["unit"].nunique(), fewer=fewer, more=len(changed) - fewer)  # fmt: skip


def said(changed: pd.DataFrame, names: Mapping[str, Text]) -> Text:
    """Each change in words: `西谷乡 2022年8月起 47→36 项(县政府调整目录)`."""
    parts = []
    for row in kit.rows(changed):
        why = Text(row.reason, f"“{row.reason}”") if row.reason else Text("名录没有写依据", "the register gives no reason")
        year, month = row.since.split("-")
        parts.append(Text(f"{names[row.unit].zh} {year}年{int(month)}月起 {row.before}→{row.after} 项({why.zh})",
                          f"{names[row.unit].en} {row.before}→{row.after} from {row.since} ({why.en})"))  # fmt: skip
    listed = Text(";".join(part.zh for part in parts), "; ".join(part.en for part in parts))
    return Text(f"{listed.zh}。{LAWFUL.zh}", f"{listed.en}. {LAWFUL.en}") if parts else LAWFUL
