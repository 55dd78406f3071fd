"""Figures of street communities: the five coverages, communities with all five, compounds without property service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from townboard.charts import bars, kit, matrix
from townboard.text import Language, Text, listed

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
    columns = [matrix.wrapped(label, language, 5) for label in labels]
    silent = [kit.silent(row, language) for _, row in frame.iterrows()]
    return matrix.shares(list(frame["name"]), columns, values, sides, reported, language, silent=silent)


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
    return bars.stacked(
        list(frame["name"]), parts, language, unit=unit, reported=[bool(v) for v in frame["reported"]], states=kit.states(frame)
    )


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


ALL_FIVE, ONE_SHORT, MORE_SHORT, UNKNOWN, SILENT = "all five", "one short", "more short", "unknown", "silent"
"""How a community stands with the five: all at 100 %, one missing, more missing, a number missing, no report."""


def standing(row: Any) -> str:
    """How one community stands. A coverage with nothing due is no gap (CM06); one without both sides is unknown."""
    if not row.reported:
        return SILENT
    pairs = [(getattr(row, f"coverage_{n}_done"), getattr(row, f"coverage_{n}_due")) for n in FIVE]
    if any(pd.isna(done) or pd.isna(due) for done, due in pairs):
        return UNKNOWN
    short = sum(done < due for done, due in pairs)
    return (ALL_FIVE, ONE_SHORT)[short] if short < 2 else MORE_SHORT


def lacking(row: Any, labels: list[str], language: Language) -> str:
    """`全覆盖② 差 1、全覆盖⑤ 差 3`: what a community still has to cover, with amounts."""
    said = []
    for n, label in zip(FIVE, labels, strict=True):
        done, due = getattr(row, f"coverage_{n}_done"), getattr(row, f"coverage_{n}_due")
        if pd.isna(done) or pd.isna(due):
            said.append(Text(f"{label} {bars.NO_VALUE.zh}", f"{label}: {bars.NO_VALUE.en}").say(language) if row.reported else "")
        elif done < due:
            said.append(Text(f"{label} 差 {bars.amount(due - done)}", f"{label}: {bars.amount(due - done)} to go").say(language))
    return listed(filter(None, said)).say(language)


def full(communities: pd.DataFrame, language: Language) -> dict[str, Any]:
    """Communities of each unit by how they stand with the five. `communities`: unit_name, reported and the pairs, a row each."""
    order = list(dict.fromkeys(communities["unit_name"]))
    kinds = [standing(row) for row in communities.itertuples(index=False)]
    counts = communities.assign(kind=kinds).groupby(["unit_name", "kind"], sort=False).size()
    sent = [any(counts.get((name, kind), 0) for kind in (ALL_FIVE, ONE_SHORT, MORE_SHORT, UNKNOWN)) for name in order]
    states = dict(zip(communities["unit_name"], kit.states(communities), strict=False))
    ways = (
        (Text("五项全部覆盖", "All five"), (ALL_FIVE,)),
        (Text("只差一项", "One short"), (ONE_SHORT,)),
        (Text("差两项以上", "Two or more short"), (MORE_SHORT,)),
        (Text("缺数或未报", "No figure"), (UNKNOWN, SILENT)),
    )
    parts = [
        (words.say(language), [float(sum(counts.get((name, kind), 0) for kind in group)) if ok else None for name, ok in zip(order, sent, strict=True)])
        for words, group in ways
    ]  # fmt: skip
    return bars.stacked(
        order,
        parts,
        language,
        unit=Text("个社区", "communities").say(language),
        reported=sent,
        states=[states.get(name, "") or kit.NOT_REPORTED.say(language) for name in order],
    )


def full_title(communities: pd.DataFrame) -> Text:
    """`17/30 个社区五项全部覆盖,8 个只差一项`; how many have not reported."""
    kinds = [standing(row) for row in communities.itertuples(index=False)]
    if not kinds or all(kind == SILENT for kind in kinds):
        return Text("五项全部覆盖的社区:尚无数据", "Communities with all five: no data yet")
    said = Text("{n}/{of} 个社区五项全部覆盖,{near} 个只差一项", "{n} of {of:community has|communities have} all five; {near:is|are} one short").fill(
        n=kinds.count(ALL_FIVE), of=len(kinds), near=kinds.count(ONE_SHORT))  # fmt: skip
    silent = kinds.count(SILENT) + kinds.count(UNKNOWN)
    if not silent:
        return said
    more = Text(";{n} 个未报或缺数", "; {n} without figures").fill(n=silent)
    return Text(said.zh + more.zh, said.en + more.en)


def five_title(parts: Sequence[tuple[Text, float | None, float | None]]) -> Text:
    """`五个全覆盖中 2 个已达100%;最低:全覆盖② 91.3%(184/201)`, from (label, covered, due) of the whole."""
    known = [(label, done, due) for label, done, due in parts if done is not None and due]
    if not known:
        return Text("五个全覆盖:尚无数据", "The five coverages: no data yet")
    done_all = sum(done >= due for _, done, due in known)
    label, done, due = min(known, key=lambda part: part[1] / part[2])
    said = Text("五个全覆盖中 {n} 个已达100%", "{n} of the five coverages are complete").fill(n=done_all)
    if done >= due:
        return said
    more = Text(";最低:{label} {pc}({n_of})", "; lowest: {label}, {pc} ({n_of})").fill(
        label=label, pc=kit.percent(done, due), n_of=kit.share(done, due)
    )
    return Text(said.zh + more.zh, said.en + more.en)
