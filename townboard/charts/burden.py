"""Figures of burden reduction: what the grassroots had to carry and carries now, and the cells that we ourselves ask for."""

from __future__ import annotations

from typing import Any

import pandas as pd

from townboard.charts import bars, kit, presses
from townboard.text import Language, Text

KINDS = ("duties", "signs", "certificates", "forms")


def short(period: str, language: Language) -> str:
    """A month under the axis: `10月`; January carries its year on a second line."""
    words = kit.month_short(period, language)
    if not period.endswith("-01"):
        return words
    return f"1月<br>{period[:4]}" if language == "zh" else words.replace(" ", "<br>")


def before_and_now(frame: pd.DataFrame, kind: str, language: Language, unit: str) -> dict[str, Any]:
    """Baseline → now of one kind, by unit. `frame`: name, <kind>_baseline, <kind>_now."""
    sides = [[None if pd.isna(v) else float(v) for v in frame[f"{kind}_{side}"]] for side in ("baseline", "now")]
    return bars.dumbbell(list(frame["name"]), sides[0], sides[1], language, unit=unit)


def _goal_lines(basic: float | None, highest: float | None, language: Language, *, axis: str) -> dict[str, Any]:
    """Goal lines with their words: dashed for the basic goal, dotted for the highest; not above the goal is good."""
    lines = []
    for goal, words, dash, side in ((basic, bars.BASIC, "dash", "top left"), (highest, bars.HIGHEST, "dot", "top right")):
        if goal is not None:
            label = f"{words.say(language)}{'<br>' if axis == 'y' else ' '}≤ {bars.amount(goal)}"
            line = kit.goal_line(goal, label, axis=axis, dash=dash, side=side)
            outside = (
                {"x": 1.01, "xanchor": "left", "yanchor": "bottom" if "left" in side else "top"}
                if axis == "y"
                else {"xanchor": side.split()[1]}
            )
            lines.append({**line, "annotation": {**line["annotation"], **outside}})
    return kit.marked(lines)


def typed_cells(
    frame: pd.DataFrame, language: Language, *, basic: float | None, highest: float | None
) -> dict[str, Any]:  # fmt: skip
    """Cells typed for one month, by unit, against the goals. `frame`: name, reported, typed_cells, data_cells."""
    sent = frame[frame["reported"].astype(bool) & frame["typed_cells"].notna()]
    top = max([float(basic or 0), *(float(v) for v in sent["typed_cells"])]) * 1.05 or 1
    over = [basic is not None and value > basic for value in sent["typed_cells"]]
    data: list[dict[str, Any]] = [{
        "type": "bar", "orientation": "h", "y": list(sent["name"]), "x": [int(v) for v in sent["typed_cells"]], "width": 0.56,
        "showlegend": False, "marker": {"color": [kit.AMBER if high else kit.BLUE for high in over]},
        "hovertemplate": "%{y} %{x:,}<extra></extra>",
    }, {
        "type": "scatter", "mode": "text", "y": list(sent["name"]), "x": [top] * len(sent), "textposition": "middle right",
        "text": [f"\u2002{int(typed):,} / {int(whole):,}" + (f" {Text('超标', 'over').say(language)}" if high else "")
                 for typed, whole, high in zip(sent["typed_cells"], sent["data_cells"], over, strict=True)],
        "textfont": {"size": 14}, "cliponaxis": False, "hoverinfo": "skip", "showlegend": False,
    }] if len(sent) else []  # fmt: skip
    missing = [str(name) for name in frame["name"] if name not in set(sent["name"])]
    data += [presses.rows(list(frame["name"]), 0, top)]
    data += bars.gap(missing, top, [kit.NOT_REPORTED.say(language)] * len(missing))
    layout = kit.layout(
        height=bars.rows_height(len(frame), 34),
        margin={"t": 26, "r": 120},
        xaxis={"range": [0, top], "fixedrange": True, "zeroline": False, "tickangle": 0, "nticks": 5, "title": {"text": Text("格", "cells").say(language)}},
        yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True, "showgrid": False, "categoryorder": "array",
               "categoryarray": list(frame["name"]), "dtick": 1},
        **_goal_lines(basic, highest, language, axis="x"),
    )  # fmt: skip
    return {"data": data, "layout": layout}


def typed_by_month(
    frame: pd.DataFrame, language: Language, *, basic: float | None, highest: float | None
) -> dict[str, Any]:  # fmt: skip
    """Mean cells typed by a unit, month by month; a month without reports is a gap. `frame`: label, typed_mean."""
    values = [None if pd.isna(value) else float(value) for value in frame["typed_mean"]]
    column = {
        "type": "bar", "x": list(frame["label"]), "y": values, "marker": {"color": kit.BLUE}, "width": 0.82,
        "hovertemplate": "%{x}<br>%{y:.1f}<extra></extra>", "showlegend": False,
    }  # fmt: skip
    written = {
        "type": "scatter", "mode": "text", "x": column["x"], "y": values, "text": ["" if value is None else kit.number(value) for value in values],
        "textposition": "top center", "textfont": {"size": 14}, "cliponaxis": False, "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip
    layout = kit.layout(
        height=bars.rows_height(10, 34),
        margin={"t": 26, "r": 92},
        xaxis={"type": "category", "fixedrange": True, "showgrid": False, "tickangle": 0, "tickfont": {"size": 12}},
        yaxis={"rangemode": "tozero", "fixedrange": True, "title": {"text": Text("格", "cells").say(language)}},
        **_goal_lines(basic, highest, language, axis="y"),
    )
    return {"data": [column, written] if any(value is not None for value in values) else [], "layout": layout}
