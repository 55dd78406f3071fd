"""Figures of clean-and-collect: the way of a contract, and what came in. Resolved debt is never added to cash."""

from __future__ import annotations

from typing import Any

import pandas as pd

from townboard.catalogue import unit_words
from townboard.charts import bars, kit
from townboard.text import Language, Text

STEPS = (
    ("contracts_checked", Text("① 摸排合同", "① Checked"), Text("", "")),
    ("problem_contracts", Text("② 发现问题", "② Problems found"), Text("占摸排", "of checked")),
    ("contracts_rectified", Text("③ 已整改", "③ Rectified"), Text("占问题合同", "of problems")),
    ("contracts_online", Text("④ 录入平台", "④ Online"), Text("占摸排", "of checked")),
)
_BASE = {
    "problem_contracts": "contracts_checked",
    "contracts_rectified": "problem_contracts",
    "contracts_online": "contracts_checked",
}


def flow(totals: dict[str, float | None], language: Language) -> dict[str, Any]:
    """Contracts checked → with problems → rectified → online; each step says its share of the step it is counted against."""
    known = [(code, words, share) for code, words, share in STEPS if totals.get(code) is not None]
    if not known:
        return {"data": [], "layout": {}}
    values = [totals[code] or 0.0 for code, _, _ in known]
    said = [f"  {bars.amount(value)}" for value in values]
    names = []
    for (code, words, share), value in zip(known, values, strict=True):
        whole = totals.get(_BASE.get(code, ""))
        of = Text("{of} {pc}", "{pc} {of}").fill(of=share, pc=kit.percent(value, whole))
        names.append(
            f"{words.say(language)}<br><span style='font-size:12px'>{of.say(language)}</span>"
            if whole and share.zh
            else words.say(language)
        )
    layout = kit.layout(
        height=bars.rows_height(len(names), 46),
        margin={"r": 72},
        xaxis={"range": [0, max(values)], "fixedrange": True, "zeroline": False, "visible": False},
        yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True, "showgrid": False},
    )  # fmt: skip
    data = {
        "type": "bar", "orientation": "h", "y": names, "x": values, "text": said, "textposition": "outside", "cliponaxis": False,
        "textangle": 0, "width": 0.56, "textfont": {"size": 16}, "constraintext": "none", "hovertemplate": "%{y} %{x:,}<extra></extra>",
        "marker": {"color": [kit.PALE, kit.AMBER, kit.BLUE, kit.TEAL][: len(names)]},
    }  # fmt: skip
    return {"data": [data], "layout": layout}


def flow_title(totals: dict[str, float | None]) -> Text:
    """`摸排 5053 份合同,488 份有问题,已整改 465 份`, or that there are no data."""
    known = [totals.get(code) for code in ("contracts_checked", "problem_contracts", "contracts_rectified")]
    numbers = [bars.amount(value) for value in known if value is not None]
    if len(numbers) < len(known):
        return Text("合同:尚无数据", "Contracts: no data yet")
    checked, found, fixed = numbers
    return Text(
        f"摸排 {checked} 份合同,{found} 份有问题,已整改 {fixed} 份",
        f"{checked} contracts checked, {found} with problems, {fixed} of them rectified",
    )


def new_debt(villages: pd.DataFrame, language: Language, most: int = 12) -> Text | None:
    """Villages with new debt by name and amount; nothing where there is none. `villages`: unit_name, name, debt_new (万元)."""
    fresh = villages[villages["debt_new"].fillna(0) > 0]
    if fresh.empty:
        return None
    found = [f"{row.unit_name} {row.name} {kit.money(row.debt_new).say(language)}" for row in fresh.itertuples(index=False)]
    more = Text("等", " and more").say(language) if len(found) > most else ""
    named = ("、" if language == "zh" else ", ").join(found[:most]) + more
    return Text("{n} 个村出现新增债务(严禁新增):{named}", "New debt, which is forbidden ({n}): {named}").fill(
        n=len(found), named=named
    )


def _column(frame: pd.DataFrame, code: str) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in frame[code]]


def cash(frame: pd.DataFrame, language: Language) -> dict[str, Any]:
    """Cash by unit: fees recovered and fees from new resources, end to end."""
    parts = [
        (Text("收回承包费", "Fees recovered").say(language), _column(frame, "fees_recovered")),
        (Text("新增资源收费", "Fees from new resources").say(language), _column(frame, "resource_fees")),
    ]
    return bars.stacked(
        list(frame["name"]), parts, language, unit=unit_words("万元").say(language), reported=[bool(v) for v in frame["reported"]]
    )


def debt(frame: pd.DataFrame, language: Language) -> dict[str, Any]:
    """Debt by unit: locked, and inside it resolved, and inside that written off (no cash)."""
    layers = [
        (Text("锁定债务", "Locked").say(language), _column(frame, "debt_locked")),
        (Text("已化解", "Resolved").say(language), _column(frame, "debt_resolved")),
        (Text("其中核销(非现金)", "Written off (no cash)").say(language), _column(frame, "debt_written_off")),
    ]
    return bars.nested(
        list(frame["name"]),
        layers,
        language,
        unit=unit_words("万元").say(language),
        reported=[bool(v) for v in frame["reported"]],
    )
