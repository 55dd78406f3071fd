"""Figures of private enterprises: the two coverages against the enterprises that operate, and the three teams by unit."""

from __future__ import annotations

from typing import Any

import pandas as pd

from townboard.charts import bars, kit
from townboard.text import Language, Text

OF_OPERATING, OF_SCALE = Text("÷实体运营企业", "of operating"), Text("÷规上企业", "of above-scale")
DENOMINATOR = {"PE01": OF_OPERATING, "PE02": OF_OPERATING, "PE04": OF_OPERATING, "PE03": OF_SCALE}
"""What each coverage is divided by: never the registered total (domain §0.4)."""


def with_sums(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with covered_by_organisation, covered_at_all, organisations, instructors; missing where a part is."""
    out = frame.copy()
    out["covered_by_organisation"] = out["organisations_single"] + out["enterprises_joint_covered"]
    out["covered_at_all"] = out["covered_by_organisation"] + out["enterprises_work_covered"]
    out["organisations"] = out["organisations_single"] + out["organisations_joint"]
    out["instructors"] = out["instructors_full_time"] + out["instructors_part_time"]
    return out


def _column(frame: pd.DataFrame, code: str) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in frame[code]]


def two_coverages(frame: pd.DataFrame, language: Language) -> dict[str, Any]:
    """Operating enterprises by unit: with an organisation, and covered at all (organisation or work). The denominator is drawn."""
    layers = [
        (Text("实体运营企业(分母)", "Operating (denominator)").say(language), _column(frame, "enterprises_operating")),
        (Text("组织覆盖+工作覆盖", "Organisation + work").say(language), _column(frame, "covered_at_all")),
        (Text("组织覆盖", "Organisation").say(language), _column(frame, "covered_by_organisation")),
    ]
    unit = Text("户(实体运营企业)", "operating enterprises").say(language)
    return bars.nested(list(frame["name"]), layers, language, unit=unit, reported=[bool(v) for v in frame["reported"]])


def units_title(frame: pd.DataFrame) -> Text:
    """`组织覆盖最高 … 83.3%(55/66),最低 …;分母是实体运营企业`, of the units that have both sides."""
    known = frame[frame["covered_by_organisation"].notna() & (frame["enterprises_operating"].fillna(0) > 0)]
    denominator = Text("分母是实体运营企业", "of the enterprises that operate")
    if known.empty:
        return Text("各单位组织覆盖:尚无数据", "Organisation coverage by unit: no data yet")
    rated = known.assign(share=known["covered_by_organisation"] / known["enterprises_operating"]).sort_values(
        "share", kind="stable"
    )
    words = []
    for row in (rated.iloc[-1], rated.iloc[0]):
        n, of = row["covered_by_organisation"], row["enterprises_operating"]
        words.append(f"{row['name']} {kit.percent(n, of)} ({kit.share(n, of)})")
    if len(rated) == 1:
        return Text(f"组织覆盖:{words[0]};{denominator.zh}", f"Organisation coverage: {words[0]}, {denominator.en}")
    return Text(f"组织覆盖最高{words[0]},最低{words[1]};{denominator.zh}",
                f"Organisation coverage: highest {words[0]}, lowest {words[1]}, {denominator.en}")  # fmt: skip


def denominators(frame: pd.DataFrame) -> Text:
    """What the coverages are divided by and what not: `登记 9,464 户,其中实体运营 1,180 户、规上 120 户;…`."""
    registered, operating, scale = (kit.number(frame[code].sum(min_count=1)) for code in
                                    ("enterprises_registered", "enterprises_operating", "enterprises_above_scale"))  # fmt: skip
    return Text(
        "登记 {registered} 户,其中实体运营 {operating} 户、规上 {scale} 户;覆盖率除以实体运营(规上覆盖率除以规上),不除以登记总数。",
        "{registered} registered, {operating} of them operate, {scale} above scale; coverage is divided by those that operate (above-scale by above-scale), never by the registered.",
    ).fill(registered=registered, operating=operating, scale=scale)  # fmt: skip


def teams(frame: pd.DataFrame, language: Language) -> dict[str, Any]:
    """Organisations and secretaries by unit: bar inside bar, so that an organisation without a secretary is seen."""
    layers = [
        (Text("党组织", "Organisations").say(language), _column(frame, "organisations")),
        (Text("书记", "Secretaries").say(language), _column(frame, "secretaries")),
    ]
    unit = Text("个(人)", "organisations, people").say(language)
    return bars.nested(list(frame["name"]), layers, language, unit=unit, reported=[bool(v) for v in frame["reported"]])


def teams_title(frame: pd.DataFrame) -> Text:
    """`书记 158 人、党组织 160 个,缺 2 人;指导员 70 人,党员 989 人`, over the units that gave both."""
    both = frame[frame["organisations"].notna() & frame["secretaries"].notna()]
    if both.empty:
        return Text("三支队伍:尚无数据", "Three teams: no data yet")
    short = (both["organisations"] - both["secretaries"]).clip(lower=0).sum()
    said = Text("党组织都有书记", "every organisation has a secretary")
    if short:
        said = Text("{n} 个党组织缺书记", "{n:organisation|organisations} without a secretary").fill(n=kit.number(short))
    return Text(
        "三支队伍:书记 {s} 人({o} 个党组织,{said}),指导员 {i} 人,党员 {m} 人",
        "Three teams: {s:secretary|secretaries} for {o:organisation|organisations} ({said}), {i:instructor|instructors}, {m:member|members}",
    ).fill(s=kit.number(both["secretaries"].sum()), o=kit.number(both["organisations"].sum()), said=said,
           i=kit.number(frame["instructors"].sum(min_count=1)), m=kit.number(frame["party_members"].sum(min_count=1)))  # fmt: skip
