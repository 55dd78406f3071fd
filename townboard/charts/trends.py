"""Small multiples: one little chart a unit on the same scale, by month, against the goal; and what happened marked on a line of months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from townboard.charts import kit, marking, presses
from townboard.charts.kit import Figure
from townboard.periods import Period
from townboard.text import Language, Text

if TYPE_CHECKING:
    from townboard.atlas import Occasion

ACROSS, EACH = 5, 168
"""Little charts side by side, and the height of a row of them in pixels."""
HEAD: dict[Language, float] = {"zh": 0.15, "en": 0.25}
"""The part of it above the chart: English says the value under the name, which would not fit beside it."""
SOFT = "rgba(133,143,156,0.55)"


def small_multiples(
    units: Sequence[tuple[str, str]], months: Sequence[str], shares: Mapping[str, Sequence[float | None]], *, goal: float | None,
    absent: Mapping[str, Text], language: Language, picked: str | None = None,
) -> Figure:  # fmt: skip
    """`units`: code and name in order; `shares`: per cent by month, None where nothing stands; `absent`: why the last month is empty;
    `picked`: the unit looked at, which is framed."""
    if not any(value is not None for values in shares.values() for value in values):
        return {"data": [], "layout": kit.layout(height=120)}
    across = min(ACROSS, len(units))
    rows = -(-len(units) // across)
    x = [kit.month_only(month, language) for month in months]
    top = max([goal or 0, *(value for values in shares.values() for value in values if value is not None)]) * 1.25
    traces: list[Figure] = []
    axes: dict[str, Any] = {}
    words: list[Figure] = []
    shapes: list[Figure] = []
    for n, (code, name) in enumerate(units):
        at, row = n % across, n // across
        left, right = at / across + 0.012, (at + 1) / across - 0.012
        high, low = 1 - row / rows - HEAD[language] / rows, 1 - (row + 1) / rows + 0.19 / rows
        tag = "" if n == 0 else str(n + 1)
        values = list(shares.get(code, [None] * len(months)))
        traces.append({
            "type": "scatter", "mode": "lines+markers", "x": x, "y": values, "xaxis": f"x{tag}", "yaxis": f"y{tag}", "connectgaps": False,
            "line": {"color": kit.BLUE, "width": 2}, "marker": {"size": 5}, "showlegend": False, "name": name, "customdata": [[name]] * len(x),
            "hovertemplate": f"{name} %{{x}} %{{y:.1f}}%<extra></extra>",
        })  # fmt: skip
        axes[f"xaxis{tag}"] = {"domain": [left, right], "anchor": f"y{tag}", "type": "category", "categoryorder": "array", "categoryarray": x,
                               "range": [-0.5, len(x) - 0.5], "showgrid": False, "fixedrange": True, "tickfont": {"size": 12}, "tickangle": 0,
                               "tickvals": sorted({x[0], x[-1]}, key=x.index)}  # fmt: skip
        axes[f"yaxis{tag}"] = {
            "domain": [low, high],
            "anchor": f"x{tag}",
            "range": [0, top],
            "fixedrange": True,
            "visible": False,
        }
        newest = next((value for value in reversed(values) if value is not None), None)
        said = absent[code].say(language) if code in absent else "—" if newest is None else f"{kit.number(newest, 1)}%"
        words.append({"text": f"<b>{'▶ ' if code == picked else ''}{name}</b>{' ' if language == 'zh' else '<br>'}{said}", "align": "left", "xref": "paper", "yref": "paper", "x": left, "y": high, "xanchor": "left", "yanchor": "bottom",
                      "showarrow": False, "font": {"size": 13}})  # fmt: skip
        if goal is not None:
            if not at:
                words.append({"text": Text("目标{g}%", "goal {g}%").fill(g=kit.number(goal)).say(language), "xref": f"x{tag} domain", "x": 0, "yref": f"y{tag}",
                              "y": goal, "xanchor": "left", "yanchor": "bottom", "showarrow": False, "font": {"size": 12}})  # fmt: skip
            shapes.append({"type": "line", "xref": f"x{tag} domain", "x0": 0, "x1": 1, "yref": f"y{tag}", "y0": goal, "y1": goal,
                           "line": {"color": kit.GOAL, "width": 1.5, "dash": "dash"}})  # fmt: skip
        if code == picked:
            shapes.append(
                {**marking.FRAME, "xref": f"x{tag} domain", "x0": 0, "x1": 1, "yref": f"y{tag} domain", "y0": 0, "y1": 1}
            )
        if code in absent:
            traces.append({
                "type": "bar", "x": [x[-1]], "y": [top], "xaxis": f"x{tag}", "yaxis": f"y{tag}", "width": 0.9, "showlegend": False, "hoverinfo": "skip",
                "marker": {"color": "rgba(0,0,0,0)", "pattern": kit.HATCH},
            })  # fmt: skip
        traces.append({**presses.panel(name, x, top), "xaxis": f"x{tag}", "yaxis": f"y{tag}"})
    base = kit.layout(height=EACH * rows + 16)
    return {
        "data": traces,
        "layout": {**base, **axes, "annotations": words, "shapes": shapes, "margin": {"l": 8, "r": 8, "t": 4, "b": 8}},
    }


def title(latest: Mapping[str, float], names: Mapping[str, Text], goal: float | None, absent: int) -> Text:
    """`2 个单位达到60%,最高西谷乡 66.7%,最低集义乡 36.4%;3个没有本月数据`."""
    if not latest:
        return Text("各单位都没有本月数据", "No unit has figures for this month")
    high, low = max(latest, key=latest.__getitem__), min(latest, key=latest.__getitem__)
    alike = Counter(latest.values())
    done = sum(goal is not None and value >= goal for value in latest.values())
    ends = Text(",最高{high} {hp}%,最低{low} {lp}%", ", highest {high} {hp}%, lowest {low} {lp}%")
    if latest[low] == latest[high]:
        ends = Text(",{high} {hp}%", ", {high} {hp}%") if len(latest) == 1 else Text(",都是 {hp}%", ", all at {hp}%")
    start = Text("{n}个单位达到{g}%", "{n} at {g}%") if goal is not None else Text("没有设定目标", "no goal is set")
    said = Text(f"各单位走势:{start.zh}{ends.zh}", f"Unit by unit: {start.en}{ends.en}").fill(
        n=done, g=kit.number(goal), high=kit.among(names[high], alike[latest[high]]), hp=kit.number(latest[high], 1),
        low=kit.among(names[low], alike[latest[low]]), lp=kit.number(latest[low], 1))  # fmt: skip
    if not absent:
        return said
    more = Text(";{n}个没有本月数据", "; {n} without figures this month").fill(n=absent)
    return Text(said.zh + more.zh, said.en + more.en)


def marked(figure: Figure, months: Sequence[str], occasions: Sequence[Occasion], indicator: str, language: Language) -> Figure:
    """A figure whose x axis are these months, in order, with what happened marked: an upright line with its words, a band while it lasted."""
    if not figure.get("data") or not months:
        return figure
    shapes: list[Figure] = []
    words: list[Figure] = []
    for one in occasions:
        if not one.concerns(indicator) or str(Period(one.day.year, one.day.month)) not in months:
            continue
        at = _place(one.day.isoformat(), months)
        upright = {"yref": "paper", "y0": 0, "y1": 1, "xref": "x", "layer": "below"}
        shapes.append({"type": "line", "x0": at, "x1": at, "line": {"color": kit.GREY, "width": 1, "dash": "dot"}, **upright})
        if one.end is not None:
            last = min(one.end.isoformat(), f"{months[-1]}-31")
            shapes.append(
                {
                    "type": "rect",
                    "x0": at,
                    "x1": _place(last, months),
                    "line": {"width": 0},
                    "fillcolor": "rgba(133,143,156,0.12)",
                    **upright,
                }
            )
        day = f"{one.day.month}月{one.day.day}日" if language == "zh" else one.day.strftime("%-d %b")
        words.append({"text": f"{day} {one.words.say(language)}", "xref": "x", "x": at, "yref": "paper", "y": 1 - 0.07 * (len(words) % 2), "xanchor": "left",
                      "yanchor": "top", "xshift": 3, "showarrow": False, "font": {"size": 12}})  # fmt: skip
    layout = figure["layout"]
    return {
        **figure,
        "layout": {
            **layout,
            "shapes": [*layout.get("shapes", []), *shapes],
            "annotations": [*layout.get("annotations", []), *words],
        },
    }


def _place(day: str, months: Sequence[str]) -> float:
    """Where a day lies between months drawn as categories: the middle of the month is its number."""
    return months.index(day[:7]) + (int(day[8:10]) - 15.5) / 31
