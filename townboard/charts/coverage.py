"""Figures of street communities and private enterprises: the five coverages, compounds without property service, two coverages."""

from __future__ import annotations

from typing import Any

import pandas as pd

from townboard.charts import bars, matrix
from townboard.text import Language, Text

FIVE = range(1, 6)


def share(done: Any, due: Any) -> float | None:
    """Per cent; None where a side is missing or nothing is due."""
    if pd.isna(done) or pd.isna(due) or not due:
        return None
    return float(done) / float(due) * 100


def five(frame: pd.DataFrame, labels: list[str], language: Language) -> dict[str, Any]:
    """Place × coverage heat map with n/N. `frame`: name, reported, coverage_i_done, coverage_i_due."""
    values, sides, reported = [], [], []
    for _, row in frame.iterrows():
        pairs = [(row[f"coverage_{n}_done"], row[f"coverage_{n}_due"]) for n in FIVE]
        values.append([share(done, due) for done, due in pairs])
        sides.append(["" if pd.isna(done) or pd.isna(due) else f"{bars.amount(done)}/{bars.amount(due)}" for done, due in pairs])
        reported.append([bool(row["reported"])] * len(pairs))
    columns = [matrix.wrapped(label, language, 3) for label in labels]
    return matrix.shares(list(frame["name"]), columns, values, sides, reported, language)


def unserviced(frame: pd.DataFrame, language: Language) -> dict[str, Any]:
    """Compounds without property service by place: how they were resolved, and how many are left.

    The three ways are optional in the form; what was resolved without saying how has a part of its own.
    """
    ways = (
        (Text("专业物业", "Property company"), "resolved_by_company"),
        (Text("社区托管、业主自管", "Community or owners"), "resolved_by_others"),
        (Text("已解决(未分类)", "Resolved, way not given"), "resolved_unsorted"),
        (Text("尚未解决", "Still open"), "unserviced_open"),
    )
    parts = [(words.say(language), [None if pd.isna(v) else float(v) for v in frame[code]]) for words, code in ways]
    unit = Text("个小区", "compounds").say(language)
    return bars.stacked(list(frame["name"]), parts, language, unit=unit, reported=[bool(v) for v in frame["reported"]])


def with_ways(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with what `unserviced` draws: resolved_by_others, resolved_unsorted, unserviced_open."""
    out = frame.copy()
    company = out["resolved_by_company"].fillna(0)
    others = out["resolved_by_community"].fillna(0) + out["resolved_by_owners"].fillna(0)
    known = out["unserviced_resolved"].notna()
    out["resolved_by_company"] = company.where(known)
    out["resolved_by_others"] = others.where(known)
    out["resolved_unsorted"] = (out["unserviced_resolved"] - company - others).clip(lower=0)
    out["unserviced_open"] = (out["unserviced_compounds"] - out["unserviced_resolved"]).clip(lower=0)
    return out


def two_coverages(frame: pd.DataFrame, language: Language) -> dict[str, Any]:
    """Operating enterprises by unit: with an organisation, and covered at all (organisation or work). The denominator is drawn."""

    def column(code: str) -> list[float | None]:
        return [None if pd.isna(value) else float(value) for value in frame[code]]

    layers = [
        (Text("实体运营企业(分母)", "Operating (denominator)").say(language), column("enterprises_operating")),
        (Text("组织覆盖+工作覆盖", "Organisation + work").say(language), column("covered_at_all")),
        (Text("组织覆盖", "Organisation").say(language), column("covered_by_organisation")),
    ]
    unit = Text("户", "enterprises").say(language)
    return bars.nested(list(frame["name"]), layers, language, unit=unit, reported=[bool(v) for v in frame["reported"]])
