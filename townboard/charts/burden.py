"""Figures of burden reduction: what the grassroots had to carry and carries now, and the cells that we ourselves ask for."""

from __future__ import annotations

from typing import Any

import pandas as pd

from townboard.charts import bars, kit
from townboard.text import Language, Text

KINDS = ("duties", "signs", "certificates", "forms")


def before_and_now(frame: pd.DataFrame, kind: str, language: Language, unit: str) -> dict[str, Any]:
    """Baseline → now of one kind, by unit. `frame`: name, <kind>_baseline, <kind>_now."""
    sides = [[None if pd.isna(v) else float(v) for v in frame[f"{kind}_{side}"]] for side in ("baseline", "now")]
    return bars.dumbbell(list(frame["name"]), sides[0], sides[1], language, unit=unit)


def _goal_lines(basic: float | None, highest: float | None, language: Language, *, upright: bool) -> dict[str, Any]:
    """Goal lines with their words: solid for the basic goal, dotted for the highest."""
    shapes, notes = [], []
    for goal, words, dash in ((basic, bars.BASIC, "solid"), (highest, bars.HIGHEST, "dot")):
        if goal is None:
            continue
        along, across = ("x", "y") if upright else ("y", "x")
        shapes.append({
            "type": "line", f"{along}ref": along, f"{across}ref": "paper", f"{along}0": goal, f"{along}1": goal, f"{across}0": 0,
            f"{across}1": 1, "line": {"color": kit.GOAL, "width": 1.5, "dash": dash},
        })  # fmt: skip
        place = {"x": goal, "xref": "x", "y": 1, "yref": "paper", "yanchor": "bottom"} if upright else {
            "x": 1, "xref": "paper", "xanchor": "right", "y": goal, "yref": "y", "yanchor": "bottom"}  # fmt: skip
        notes.append({**place, "text": f"{words.say(language)} ≤ {bars.amount(goal)}", "showarrow": False, "font": {"size": 11}})
    return {"shapes": shapes, "annotations": notes}


def typed_cells(
    frame: pd.DataFrame, language: Language, *, basic: float | None, highest: float | None
) -> dict[str, Any]:  # fmt: skip
    """Cells typed for one month, by unit, against the goals. `frame`: name, reported, typed_cells, data_cells."""
    sent = frame[frame["reported"].astype(bool) & frame["typed_cells"].notna()]
    top = max([float(basic or 0), *(float(v) for v in sent["typed_cells"])]) * 1.25 or 1
    over = [basic is not None and value > basic for value in sent["typed_cells"]]
    data: list[dict[str, Any]] = [{
        "type": "bar", "orientation": "h", "y": list(sent["name"]), "x": [int(v) for v in sent["typed_cells"]], "width": 0.56,
        "showlegend": False, "textposition": "outside", "cliponaxis": False, "textangle": 0,
        "text": [f"{int(typed)} / {int(whole)}" + (f" · {Text('超基本目标', 'over the goal').say(language)}" if high else "")
                 for typed, whole, high in zip(sent["typed_cells"], sent["data_cells"], over, strict=True)],
        "marker": {"color": [kit.AMBER if high else kit.BLUE for high in over]},
        "hovertemplate": "%{y} %{x:,}<extra></extra>",
    }] if len(sent) else []  # fmt: skip
    missing = [str(name) for name in frame["name"] if name not in set(sent["name"])]
    data += bars.gap(missing, top, language, kit.NOT_REPORTED)
    layout = kit.layout(
        height=bars.rows_height(len(frame), 34),
        xaxis={"range": [0, top], "fixedrange": True, "zeroline": False, "title": {"text": Text("格", "cells").say(language)}},
        yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True, "showgrid": False, "categoryorder": "array",
                  "categoryarray": list(frame["name"])},
        **_goal_lines(basic, highest, language, upright=True),
    )  # fmt: skip
    return {"data": data, "layout": layout}


def typed_by_month(
    frame: pd.DataFrame, language: Language, *, basic: float | None, highest: float | None
) -> dict[str, Any]:  # fmt: skip
    """Mean cells typed by a unit, month by month; a month without reports is a gap. `frame`: label, typed_mean, typed_most."""
    series: list[dict[str, Any]] = []
    for code, words, colour, dash, symbol in (
        ("typed_mean", Text("平均每单位", "Mean of units"), kit.BLUE, "solid", "circle"),
        ("typed_most", Text("最多的单位", "Busiest unit"), kit.AMBER, "dash", "diamond"),
    ):
        values = [None if pd.isna(v) else round(float(v), 1) for v in frame[code]]
        series.append({
            "type": "scatter", "mode": "lines+markers+text" if code == "typed_mean" else "lines+markers", "x": list(frame["label"]),
            "y": values, "name": words.say(language), "connectgaps": False, "line": {"color": colour, "width": 2.5, "dash": dash},
            "marker": {"symbol": symbol, "size": 8}, "text": ["" if v is None else bars.amount(v) for v in values],
            "textposition": "top center", "hovertemplate": "%{x}<br>%{y:.1f}<extra></extra>",
        })  # fmt: skip
    layout = kit.layout(
        height=320,
        xaxis={"type": "category", "fixedrange": True, "showgrid": False},
        yaxis={"rangemode": "tozero", "fixedrange": True, "title": {"text": Text("格", "cells").say(language)}},
        **_goal_lines(basic, highest, language, upright=False),
    )  # fmt: skip
    return {"data": series, "layout": layout}
