"""The 60 % goal: its share over the months and by unit (the sentences over them: `goal_words`).

`months` tables: one row a month as `queries/goal_share_by_period.sql` answers, with a row of blanks for a month without reports.
`units` tables: one row a unit in official order: unit, name, villages, villages_reported, reached, reached_operating (`by_units`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from townboard.charts import kit, presses
from townboard.charts.kit import Figure
from townboard.forecast import Outlook
from townboard.periods import Period, span
from townboard.text import Language, Text

TOTAL_WORDS = {"total": Text("总收入口径", "Total income"), "operating": Text("经营性口径", "Operating income")}


def _share(reached: Any, villages: Any) -> float | None:
    if kit.missing(reached) or kit.missing(villages) or not villages:
        return None
    return float(reached) * 100 / float(villages)


def months_of(answer: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """The answer with a row for every month from first to last; a month without reports is blank, never zero."""
    every = [str(period) for period in span(Period.parse(first), Period.parse(last))]
    return answer.set_index("period").reindex(every).rename_axis("period").reset_index()


def income_months(answer: pd.DataFrame, first: str, last: str, villages: int) -> pd.DataFrame:
    """The units of `queries/income_trend_by_unit.sql` together, month by month; `villages`: how many there are to report."""
    sums = answer.groupby("period", as_index=False)[["operating_income", "total_income", "villages_reported"]].sum(min_count=1)
    return months_of(sums, first, last).assign(villages=villages)


def by_units(villages: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Units in the order of `names` (code → name) that have villages in the goal's denominator, counted from village rows.

    `villages`: `queries/income_by_village.sql`. A unit none of whose villages has a figure has blanks for what was reached.
    """
    counted = villages[villages["in_goal_denominator"].astype(bool)]
    rows = []
    for unit, name in names.items():
        own = counted[counted["unit"] == unit]
        if own.empty:
            continue
        known = int(own["goal_income"].notna().sum())
        rows.append({
            "unit": unit, "name": name, "villages": len(own), "villages_reported": known,
            "reached": int(own["at_goal"].fillna(False).astype(bool).sum()) if known else None,
            "reached_operating": int(own["at_goal_operating"].fillna(False).astype(bool).sum()) if known else None,
        })  # fmt: skip
    return pd.DataFrame(rows, columns=["unit", "name", "villages", "villages_reported", "reached", "reached_operating"])


def over_months(
    months: pd.DataFrame, *, basic: float | None, highest: float | None, basis: str, language: Language,
    pace: Sequence[float] | None = None, ahead: Outlook | None = None, own: bool = False,
) -> Figure:  # fmt: skip
    """The share of villages at the goal by month, the operating basis beside it, goals and pace as lines. Every point says n, the
    newest n/N and its share; N is the same for all.

    A month without a report is a gap; a month in which units are missing has a hollow point, and the way to it is dashed: it may fall
    only because they are missing. `pace`: the share that is due by each of
    the twelve months (linear when None), `own`: by last year's months; `ahead`: the outlook whose December is drawn with its range, from what is known of all villages (a hollow diamond where some are missing).
    """
    if months["numerator"].isna().all():
        return {"data": [], "layout": kit.layout(height=120)}
    x = [kit.month_only(period, language) for period in months["period"]]
    main = [_share(row.numerator, row.denominator) for row in kit.rows(months)]
    other = [_share(row.numerator_operating, row.denominator) for row in kit.rows(months)]
    whole = [not kit.missing(row.numerator) and row.villages_reported == row.denominator for row in kit.rows(months)]
    labels = ["" if value is None else kit.number(row.numerator) for value, row in zip(main, kit.rows(months), strict=True)]
    last = max(n for n, label in enumerate(labels) if label)
    newest = kit.rows(months)[last]
    n_of = kit.share(newest.numerator, newest.denominator)
    labels[last] = f"<b>{n_of}<br>{kit.percent(newest.numerator, newest.denominator)}</b>"
    goals = [goal for goal in (basic, highest) if goal is not None]
    sides = _sides(main, last, goals)
    traces: list[Figure] = []
    if basis == "total":
        traces.append({
            "type": "scatter", "mode": "lines+markers", "name": TOTAL_WORDS["operating"].say(language), "x": x, "y": other,
            "connectgaps": False, "line": {"color": kit.AMBER, "width": 2, "dash": "dot"}, "marker": {"size": 7},
            "hovertemplate": "%{x} %{y:.1f}%<extra></extra>",
        })  # fmt: skip
    line: Figure = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "connectgaps": False, "showlegend": False}
    for dash, (steps, heights) in zip(("solid", "dash"), _steps(x, main, whole), strict=True):
        traces.append(
            line
            | {
                "name": TOTAL_WORDS[basis].say(language),
                "x": steps,
                "y": heights,
                "line": {"color": kit.BLUE, "width": 3, "dash": dash},
            }
        )
    traces.append({
        "type": "scatter", "mode": "lines+markers+text", "name": TOTAL_WORDS[basis].say(language), "x": x, "y": main,
        "text": labels, "textposition": sides, "cliponaxis": False, "textfont": {"size": 14}, "line": {"color": kit.BLUE, "width": 0},
        "marker": {"size": 11, "symbol": ["circle" if full else "circle-open" for full in whole], "color": kit.BLUE,
                   "line": {"width": 2, "color": kit.BLUE}},
        "hovertemplate": "%{x} %{y:.1f}%<extra></extra>",
    })  # fmt: skip
    lines = []
    if basic is not None:
        lines.append(kit.goal_line(basic, Text("基本目标 {g}%", "Goal {g}%").fill(g=kit.number(basic)).say(language)))
        traces.insert(0, {
            "type": "scatter", "mode": "lines", "name": (Text("上年进度", "Last year's months") if own else Text("时序进度", "Pace")).say(language), "x": x,
            "y": [pace[int(period[5:]) - 1] if pace else basic * int(period[5:]) / 12 for period in months["period"]],
            "line": {"color": kit.GREY, "width": 1, "dash": "dot"}, "hoverinfo": "skip",
        })  # fmt: skip
    if highest is not None:
        lines.append(kit.goal_line(
            highest, Text("最高目标 {g}%", "Highest goal {g}%").fill(g=kit.number(highest)).say(language), dash="dot"
        ))  # fmt: skip
    marks = kit.marked(lines)
    if ahead is not None and ahead.villages and x[last] != x[-1]:
        known = ahead.known * 100 / ahead.villages if ahead.older_reached and newest.period == str(ahead.period) else None
        trace, words = _ahead(ahead, x[last], main[last] if known is None else known, x[-1], goals, language)
        if known is not None:
            trace["marker"]["size"] = [11, 11]
            trace |= {
                "mode": "lines+markers+text",
                "text": ["", str(ahead.known)],
                "textposition": "bottom right",
                "textfont": {"size": 14},
            }
        traces.append(trace)
        marks["annotations"] = [*marks["annotations"], words]
    reach = [0.0] if ahead is None or not ahead.villages else [(ahead.high or ahead.forecast) * 100 / ahead.villages]
    top = max([value for value in main if value is not None] + [highest or 0, basic or 0, *reach])
    return {
        "data": traces,
        "layout": kit.layout(
            height=380, xaxis={"type": "category", "tickangle": 0}, yaxis={"range": [0, min(110, top + 18)], "ticksuffix": "%"},
            margin={"t": 34}, **marks,
        ),
    }  # fmt: skip


def _steps(
    x: Sequence[str], y: Sequence[float | None], whole: Sequence[bool]
) -> tuple[tuple[list[str], list[float | None]], ...]:
    """The line in two: the ways to months that are whole, and the ways to months in which units are missing; None lifts the pen."""
    ways: tuple[tuple[list[str], list[float | None]], ...] = ([], []), ([], [])
    for n in range(1, len(x)):
        steps, heights = ways[0 if whole[n] else 1]
        steps += [x[n - 1], x[n], x[n]]
        heights += [y[n - 1], y[n], None]
    return ways


TALL = 14.0
"""How many points of per cent two lines of words are high."""


def _struck(at: float, high: float, goals: Sequence[float]) -> bool:
    """Whether the line of a goal would go through words that stand so high above a point."""
    return any(at < goal < at + high for goal in goals)


def _sides(shares: Sequence[float | None], last: int, goals: Sequence[float] = ()) -> list[str]:
    """On which side of its point each label stands: the newest one is wide, so it and its neighbour stand apart, above and below, and
    it does not stand on the line of a goal."""
    sides = ["top center"] * len(shares)
    now, before = shares[last], shares[last - 1] if last else None
    if now is not None and before is not None:
        falls, room = now < before or _struck(now, TALL, goals), last + 2 < len(shares)
        sides[last if falls else last - 1] = "bottom right" if falls and room else "bottom center"
    return sides


def _ahead(
    found: Outlook, month: str, now: float | None, december: str, goals: Sequence[float], language: Language
) -> tuple[Figure, Figure]:
    """From the newest point to December: the forecast with its range, and its words above the range, and above a goal that is just over it."""
    share = found.forecast * 100 / found.villages
    low, high = (share if bound is None else bound * 100 / found.villages for bound in (found.low, found.high))
    said = Text("预计{n}个村 {pc}", "forecast {n}, {pc}").fill(n=found.forecast, pc=kit.percent(found.forecast, found.villages))
    trace = {
        "type": "scatter", "mode": "lines+markers", "name": Text("年底预计和范围", "Forecast and range").say(language), "x": [december, month],
        "y": [share, now], "line": {"color": kit.TEAL, "width": 2, "dash": "dash"},
        "marker": {"size": [11, 0], "symbol": ["square", "diamond-open"], "color": kit.TEAL}, "cliponaxis": False, "hovertemplate": "%{x} %{y:.1f}%<extra></extra>",
        "error_y": {"type": "data", "symmetric": False, "color": kit.TEAL, "thickness": 2, "width": 8,
                    "array": [high - share, 0], "arrayminus": [share - low, 0]},
    }  # fmt: skip
    above = max([high, *(goal for goal in goals if _struck(high, TALL / 2, [goal]))])
    words = {"x": december, "y": above, "xref": "x", "yref": "y", "xanchor": "right", "yanchor": "bottom", "yshift": 3, "showarrow": False,
             "text": f"<b>{said.say(language)}</b>", "font": {"size": 14}}  # fmt: skip
    return trace, words


def by_unit(
    units: pd.DataFrame, *, basic: float | None, language: Language, held_back: Mapping[str, Text] = kit.NONE_HELD
) -> Figure:
    """Each unit's share as a bar with n/N, the operating basis as a diamond, the goal as a line; the unreported hatched, no zero."""
    frame = units.iloc[::-1]
    if frame.empty:
        return {"data": [], "layout": kit.layout(height=120)}
    came, absent = frame[frame["reached"].notna()], frame[frame["reached"].isna()]
    shares = [_share(row.reached, row.villages) for row in kit.rows(came)]
    reached = [basic is not None and row.reached * 100 >= basic * row.villages for row in kit.rows(came)]
    traces: list[Figure] = [{
        "type": "bar", "orientation": "h", "name": Text("达30万元", "At 300,000 yuan").say(language), "y": list(came["name"]),
        "x": shares, "marker": {"color": [kit.BLUE if ok else kit.PALE for ok in reached]}, "showlegend": False,
        "hovertemplate": "%{y} %{x:.1f}%<extra></extra>",
    }, {
        "type": "scatter", "mode": "text", "y": list(came["name"]), "x": [100] * len(came), "showlegend": False, "hoverinfo": "skip",
        "text": [
            f"\u2002{kit.share(row.reached, row.villages)} · {kit.percent(row.reached, row.villages)}{' ✓' if ok else ''}"
            for row, ok in zip(kit.rows(came), reached, strict=True)
        ],
        "textposition": "middle right", "textfont": {"size": 14}, "cliponaxis": False,
    }, {
        "type": "scatter", "mode": "markers", "name": TOTAL_WORDS["operating"].say(language), "y": list(came["name"]),
        "x": [_share(row.reached_operating, row.villages) for row in kit.rows(came)],
        "marker": {"symbol": "diamond", "size": 10, "color": kit.AMBER, "line": {"width": 1, "color": "#FFFFFF"}},
        "hovertemplate": "%{y} %{x:.1f}%<extra></extra>",
    }]  # fmt: skip
    if len(absent):
        words = kit.NOT_REPORTED.say(language)
        traces.append({
            "type": "bar", "orientation": "h", "name": words, "y": list(absent["name"]), "x": [100.0] * len(absent),
            "marker": {"color": "rgba(140,150,163,0.06)", "pattern": kit.HATCH}, "hoverinfo": "skip", "showlegend": False,
        })  # fmt: skip
        traces.append({
            "type": "scatter", "mode": "text", "y": list(absent["name"]), "x": [100] * len(absent), "showlegend": False,
            "text": [Text("\u2002{why} · {n}村", "\u2002{why} ({n})").fill(
                why=kit.absence(row.unit, [row.unit], held_back), n=kit.number(row.villages)).say(language) for row in kit.rows(absent)],
            "textposition": "middle right", "textfont": {"size": 14}, "hoverinfo": "skip", "cliponaxis": False,
        })  # fmt: skip
    traces.append(presses.rows(list(frame["name"]), 0, 100))
    lines = []
    if basic is not None:
        lines = [kit.goal_line(basic, Text("基本目标 {g}%", "Goal {g}%").fill(g=kit.number(basic)).say(language), axis="x")]
    return {
        "data": traces,
        "layout": kit.layout(
            height=90 + 38 * len(frame), xaxis={"range": [0, 100], "ticksuffix": "%", "tickvals": [0, 50, 100], "tickangle": 0},
            yaxis={"categoryorder": "array", "categoryarray": list(frame["name"])}, barmode="overlay", margin={"t": 64, "r": 140},
            **kit.marked(lines),
        ) | {"legend": {"orientation": "h", "x": 0, "y": 1 + 34 / (38 * len(frame)), "yanchor": "bottom"}},
    }  # fmt: skip
