"""The way of a contract: checked, with problems, rectified, online, with what falls away between the stages and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from townboard.charts import bars, kit
from townboard.text import Language, Text

CONTRACTS = ("contracts_checked", "problem_contracts", "contracts_rectified", "contracts_online")


def totals_of(villages: pd.DataFrame) -> tuple[dict[str, float], int]:
    """Σ of CONTRACTS over the villages that have all four, so that the differences are true; and how many villages have only some."""
    some = villages[list(CONTRACTS)].notna()
    whole = villages[some.all(axis=1)]
    partly = int((some.any(axis=1) & ~some.all(axis=1)).sum())
    return ({code: float(whole[code].sum()) for code in CONTRACTS} if len(whole) else {}), partly


def flow(totals: Mapping[str, float], language: Language) -> dict[str, Any]:
    """Checked → with problems → rectified, and online beside them. Between two stages stands their difference with its reason, drawn
    where it falls away; online is counted against all contracts checked, for those without problems go online too."""
    if not totals:
        return {"data": [], "layout": {}}
    checked, found, fixed, online = (totals[code] for code in CONTRACTS)
    of_checked, of_found = Text("占摸排", "of checked"), Text("占问题合同", "of problems")
    steps = [
        (Text("① 摸排合同", "① Checked"), None, 0.0, checked, kit.PALE, False),
        (Text("其中没有问题", "no problem found"), None, found, checked - found, bars.TRACK, True),
        (Text("② 发现问题", "② Problems found"), (of_checked, found, checked), 0.0, found, kit.AMBER, False),
        (Text("其中尚未整改", "not yet rectified"), None, fixed, found - fixed, bars.TRACK, True),
        (Text("③ 已整改", "③ Rectified"), (of_found, fixed, found), 0.0, fixed, kit.BLUE, False),
        (Text("④ 录入平台", "④ Online"), (of_checked, online, checked), 0.0, online, kit.TEAL, False),
        (Text("尚未录入", "not yet online"), None, online, checked - online, bars.TRACK, True),
    ]
    rows = [_step_name(words, share, falls, language) for words, share, _, _, _, falls in steps]
    said = [f"  {'−' if falls and value else ''}{bars.amount(value)}" for _, _, _, value, _, falls in steps]
    bar = {
        "type": "bar", "orientation": "h", "y": rows, "x": [value for *_, value, _, _ in steps], "base": [base for _, _, base, *_ in steps],
        "width": [0.42 if falls else 0.72 for *_, falls in steps], "hoverinfo": "skip", "showlegend": False,
        "marker": {"line": {"width": [1 if falls else 0 for *_, falls in steps], "color": kit.GREY}, "color": [colour for *_, colour, _ in steps], "pattern": {
            "shape": ["x" if falls else "" for *_, falls in steps], "size": 5, "solidity": 0.2, "fgcolor": kit.GREY, "fillmode": "replace"}},
    }  # fmt: skip
    words = {
        "type": "scatter", "mode": "text", "y": rows, "x": [base + value for _, _, base, value, _, _ in steps], "text": said,
        "textposition": "middle right", "textfont": {"size": 15}, "cliponaxis": False, "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip
    layout = kit.layout(
        height=bars.rows_height(len(rows), 40), margin={"r": 72}, bargap=0.1,
        xaxis={"range": [0, max(checked, 1)], "fixedrange": True, "zeroline": False, "visible": False},
        yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True, "showgrid": False, "dtick": 1},
    )  # fmt: skip
    return {"data": [bar, words], "layout": layout}


def _step_name(words: Text, share: tuple[Text, float, float] | None, falls: bool, language: Language) -> str:
    """`② 发现问题` with `占摸排 13.0%` under it; a difference in small type."""
    name = words.say(language)
    if falls:
        return kit.small(name)
    if share is None or not share[2]:
        return name
    of = Text("{of} {pc}", "{pc} {of}").fill(of=share[0], pc=kit.percent(share[1], share[2]))
    return f"{name}<br>{kit.small(of.say(language))}"


FLOW_NOTE = Text(
    "①→②→③ 逐级减少,差额和原因写在中间行(叉线);④ 对照全部摸排合同,没有问题的合同也要录入,所以会多于③。",
    "From ① to ③ each stage is a part of the one above; the difference and its reason stand between them (crossed). ④ is counted against all "
    "contracts checked: those without problems go online too, so it can be more than ③.",
)


def flow_note(partly: int) -> Text:
    """How to read the flow, and how many villages are left out because a number is missing."""
    if not partly:
        return FLOW_NOTE
    more = Text(
        "另有 {n} 个村四个数不全,未计入。", " {n:village lacks|villages lack} one of the four numbers and are left out."
    ).fill(n=partly)
    return Text(FLOW_NOTE.zh + more.zh, FLOW_NOTE.en + more.en)


def flow_title(totals: Mapping[str, float]) -> Text:
    """`摸排 5,053 份合同,655 份有问题,已整改 622 份、还差 33 份;录入平台 4,892 份`, or that there are no data."""
    if not totals:
        return Text("合同:尚无数据", "Contracts: no data yet")
    checked, found, fixed, online = (totals[code] for code in CONTRACTS)
    left = Text("全部整改", "all rectified") if found else Text("没有要整改的", "nothing to rectify")
    if found > fixed:
        left = Text("已整改 {fixed} 份、还差 {left} 份", "{fixed} rectified, {left} to go").fill(
            fixed=bars.amount(fixed), left=bars.amount(found - fixed)
        )
    return Text(
        "摸排 {checked} 份合同,{found} 份有问题,{left};录入平台 {online} 份", "{checked:contract|contracts} checked, {found} with problems, {left}; {online} online"
    ).fill(checked=bars.amount(checked), found=bars.amount(found), left=left, online=bars.amount(online))  # fmt: skip
