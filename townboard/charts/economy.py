"""Village income: bands, the villages around 300,000 yuan, income by month, standing by unit, cooperation by stage.

`villages` tables have one row a village: org_unit, name, unit_name, reported (bool), operating_income, subsidy_income,
other_income, total_income (万元, may be missing), goal_income (the income that counts). What is missing is drawn as missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from townboard.charts import kit, presses
from townboard.charts.kit import Figure
from townboard.comparing import BANDS
from townboard.text import Language, Text

NEAR = 27.0
"""From here to the goal a village is a near miss, in 万元."""

OPERATING, SUBSIDISED, CLOSE, SHORT, ABSENT = "operating", "subsidised", "close", "short", "absent"
STANDING: dict[str, tuple[Text, str]] = {
    OPERATING: (Text("经营性达标", "Reached on operating income"), kit.DEEP),
    SUBSIDISED: (Text("靠补助和其他达标", "Only with subsidies and other"), kit.RUST),
    CLOSE: (Text("差3万元以内", "Within 30,000 yuan"), kit.AMBER),
    SHORT: (Text("未达标", "Short"), kit.PALE),
    ABSENT: (Text("未报", "Not reported"), kit.GREY),
}
"""How a village stands, best first → (words, colour)."""
INK = {OPERATING: kit.LIGHT, SUBSIDISED: kit.LIGHT, CLOSE: kit.DARK, SHORT: kit.DARK}
"""The colour of words on each of these colours; on a hatched bar the page's own."""
_ROOM = 0.06
"""The part of the longest row that each digit of a count needs, to stand within its bar on a narrow screen."""
MONEY = Text("万元", "10,000 yuan")
STAGES = ("意向", "签约", "在建", "见效")
"""The stages of cooperation that count, as they are reported."""
PARTS = (
    ("operating_income", Text("经营性收入", "Operating"), kit.BLUE),
    ("subsidy_income", Text("补助收入", "Subsidies"), kit.RUST),
    ("other_income", Text("其他收入", "Other"), kit.GREY),
)


def band_words(low: float, high: float | None) -> Text:
    """`10–30万` / `100–300k`; from a million on `0.5–1m`."""
    if high is None:
        return Text(f"{low:g}万以上", f"≥ {low / 100:g}m")
    return Text(f"{low:g}–{high:g}万", f"{low / 100:g}–{high / 100:g}m" if high >= 100 else f"{low * 10:g}–{high * 10:g}k")


def band_counts(villages: pd.DataFrame) -> list[int]:
    """Villages in each of the six bands, by the income that counts."""
    income = villages["goal_income"]
    return [int(((income >= low) & (income < (high if high is not None else float("inf")))).sum()) for low, high in BANDS]


def standing_of(villages: pd.DataFrame, threshold: float) -> pd.Series[str]:
    """How each village stands: reached on operating income, only with subsidies, close, short, or absent (no income known)."""

    def stands(goal: float, operating: float) -> str:
        if kit.missing(goal):
            return ABSENT
        if goal >= threshold:
            return OPERATING if operating >= threshold else SUBSIDISED
        return CLOSE if goal >= NEAR else SHORT

    both = zip(villages["goal_income"].tolist(), villages["operating_income"].tolist(), strict=True)
    return pd.Series([stands(goal, operating) for goal, operating in both], index=villages.index, dtype="object")


def bands(villages: pd.DataFrame, *, language: Language) -> Figure:
    """Villages by income band, amber below the goal and blue past it; the villages without a figure hatched beside."""
    counts = band_counts(villages)
    if not sum(counts):
        return {"data": [], "layout": kit.layout(height=120)}
    x = [f"≥{low:g}" if high is None else f"{low:g}–{high:g}" for low, high in BANDS]
    absent = int(villages["goal_income"].isna().sum())
    traces: list[Figure] = [{
        "type": "bar", "x": x, "y": counts, "marker": {"color": list(kit.BAND_COLOURS), "line": kit.OUTLINE}, "text": [str(n) for n in counts],
        "textposition": "outside", "cliponaxis": False, "hovertemplate": "%{x}: %{y}<extra></extra>", "showlegend": False,
        "textfont": {"size": 16},
    }]  # fmt: skip
    if absent:
        words = kit.NOT_REPORTED.say(language).replace(" ", "<br>")
        traces.append({
            "type": "bar", "x": [words], "y": [absent], "text": [str(absent)], "textposition": "outside", "showlegend": False,
            "marker": {"color": "rgba(140,150,163,0.06)", "pattern": kit.HATCH}, "hovertemplate": "%{x}: %{y}<extra></extra>",
            "textfont": {"size": 16}, "cliponaxis": False,
        })  # fmt: skip
    goal = {"shape": {"type": "line", "xref": "x", "x0": 2.5, "x1": 2.5, "yref": "paper", "y0": 0, "y1": 1,
                      "line": {"color": kit.GOAL, "width": 2, "dash": "dash"}},
            "annotation": {"xref": "x", "x": 2.5, "yref": "paper", "y": 1, "yanchor": "bottom", "showarrow": False,
                           "text": Text("30万元", "300,000 yuan").say(language), "font": {"size": 13}}}  # fmt: skip
    return {
        "data": traces,
        "layout": kit.layout(height=320, xaxis={"type": "category", "tickangle": 0, "tickfont": {"size": 12}, "title": {"text": MONEY.say(language), "standoff": 8}},
                             yaxis={"visible": False, "range": [0, max([*counts, absent]) * 1.15]},
                             margin={"t": 28}, bargap=0.18, **kit.marked([goal])),
    }  # fmt: skip


def around_goal(villages: pd.DataFrame, *, threshold: float, language: Language) -> Figure:
    """Every village as a dot, sorted by income, around the line of the goal; colour and symbol say how it stands."""
    known = (
        villages[villages["goal_income"].notna()].sort_values(["goal_income", "org_unit"], kind="stable").reset_index(drop=True)
    )
    if known.empty:
        return {"data": [], "layout": kit.layout(height=120)}
    stands = standing_of(known, threshold)
    symbols = {OPERATING: "circle", SUBSIDISED: "diamond", CLOSE: "triangle-up", SHORT: "circle-open"}
    traces: list[Figure] = []
    for kind in (SHORT, CLOSE, SUBSIDISED, OPERATING):
        rows = known[stands == kind]
        if rows.empty:
            continue
        words, colour = STANDING[kind]
        traces.append({
            "type": "scatter", "mode": "markers", "name": f"{words.say(language)} {len(rows)}", "x": [int(n) + 1 for n in rows.index],
            "y": kit.values(rows["goal_income"]), "marker": {"color": colour, "size": 9, "symbol": symbols[kind], "line": {"width": 1.5, "color": colour}},
            "customdata": [[row.name, row.unit_name] for row in kit.rows(rows[["name", "unit_name"]])],
            "hovertemplate": "%{customdata[0]} · %{customdata[1]}<br>%{y:.2f}<extra></extra>",
        })  # fmt: skip
    line = kit.goal_line(threshold, Text("30万元", "300,000 yuan").say(language))
    count = len(known)
    return {
        "data": traces,
        "layout": kit.layout(
            height=380, margin={"t": 30}, xaxis={"range": [-count * 0.02, count * 1.03], "showgrid": False, "tickvals": [count * 0.05, count * 0.95],
                                 "ticktext": [Text("← 收入低的村", "← lower").say(language), Text("收入高的村 →", "higher →").say(language)]},
            yaxis={"rangemode": "tozero", "title": {"text": MONEY.say(language)}},
            **kit.marked([line]),
        ),
    }  # fmt: skip


def parts_of_income(villages: pd.DataFrame, *, threshold: float, language: Language) -> Figure:
    """The villages as bars of operating, subsidy and other income against the goal, top one first, total written at the end.

    A village without figures is hatched with its word.
    """
    if villages.empty:
        return {"data": [], "layout": kit.layout(height=120)}
    frame = villages.iloc[::-1]
    each = 38 if villages["name"].str.contains("<br>", regex=False).any() else 28
    known, absent = frame[frame["total_income"].notna()], frame[frame["total_income"].isna()]
    traces: list[Figure] = [
        {"type": "bar", "orientation": "h", "name": words.say(language), "y": list(known["name"]), "x": kit.values(known[code]),
         "marker": {"color": colour}, "hovertemplate": "%{y} %{fullData.name} %{x:.2f}<extra></extra>"}
        for code, words, colour in PARTS
    ]  # fmt: skip
    top = float(known["total_income"].max()) if len(known) else threshold
    traces.append({
        "type": "scatter", "mode": "text", "y": list(known["name"]), "showlegend": False, "textfont": {"size": 14},
        "x": [max(float(value), threshold) for value in known["total_income"]],
        "text": [_amount(float(value), threshold, language) for value in known["total_income"]],
        "textposition": "middle right", "hoverinfo": "skip", "cliponaxis": False,
    })  # fmt: skip
    if len(absent):
        words = Text("未报或有空项", "Not reported or incomplete").say(language)
        traces.append({
            "type": "bar", "orientation": "h", "name": words, "y": list(absent["name"]), "x": [threshold] * len(absent),
            "marker": {"color": "rgba(140,150,163,0.06)", "pattern": kit.HATCH}, "text": [words] * len(absent),
            "textposition": "inside", "insidetextanchor": "start", "hoverinfo": "skip", "showlegend": False,
        })  # fmt: skip
    traces.append(presses.rows(list(frame["name"]), 0, max(top, threshold) * 1.02))
    return {
        "data": traces,
        "layout": kit.layout(
            height=112 + each * len(frame), barmode="stack", bargap=0.25, margin={"t": 62, "r": 84},
            xaxis={"range": [0, max(top, threshold) * 1.02], "tickangle": 0},
            yaxis={"categoryorder": "array", "categoryarray": list(frame["name"])},
            **kit.marked([kit.goal_line(threshold, Text("30万元", "300,000 yuan").say(language), axis="x")]),
        ) | {"legend": {"orientation": "h", "x": 0, "y": 1 + 26 / (each * len(frame)), "yanchor": "bottom", "traceorder": "normal"}},
    }  # fmt: skip


def _amount(value: float, threshold: float, language: Language) -> str:
    """`31.20 ✓`, or `差1.08`: what is said at the end of a village's bar."""
    if value >= threshold:
        return f" {kit.number(value, 2)} ✓"
    return "  " + Text("差{x}", "{x} short").fill(x=kit.number(threshold - value, 2)).say(language)


def standing_by_unit(villages: pd.DataFrame, order: list[str], *, threshold: float, language: Language) -> Figure:
    """Villages of each unit by how they stand, counts on the bars: operating and total basis side by side, absence hatched."""
    if villages.empty:
        return {"data": [], "layout": kit.layout(height=120)}
    found = Counter(zip(villages["unit_name"].tolist(), standing_of(villages, threshold).tolist(), strict=True))
    names = [name for name in reversed(order) if any(found[name, kind] for kind in STANDING)]
    longest = max(sum(found[name, kind] for kind in STANDING) for name in names)
    traces: list[Figure] = []
    for kind, (words, colour) in STANDING.items():
        counts = [found[name, kind] for name in names]
        if not sum(counts):
            continue
        ink = {"size": 14, "color": INK.get(kind, kit.PAGE)}
        marker = {"color": colour} if kind != ABSENT else {"color": "rgba(140,150,163,0.06)", "pattern": kit.HATCH}
        traces.append({
            "type": "bar", "orientation": "h", "name": words.say(language), "y": names, "x": counts, "marker": marker,
            "text": [str(n) if kind != ABSENT and n and n >= longest * _ROOM * len(str(n)) else "" for n in counts], "textposition": "inside", "insidetextanchor": "middle", "textangle": 0,
            "constraintext": "none", "textfont": ink, "insidetextfont": ink,
            "hovertemplate": "%{y} %{fullData.name} %{x}<extra></extra>",
        })  # fmt: skip
    silent = [(name, found[name, ABSENT]) for name in names if found[name, ABSENT]]
    traces.append({
        "type": "scatter", "mode": "text", "y": [name for name, _ in silent], "x": [n for _, n in silent], "text": [f" {n}" for _, n in silent],
        "textposition": "middle right", "textfont": {"size": 14}, "cliponaxis": False, "hoverinfo": "skip", "showlegend": False,
    })  # fmt: skip
    traces.append(presses.rows(names, 0, longest))
    return {
        "data": traces,
        "layout": kit.layout(height=max(90 + 36 * len(names), kit.LEGEND), barmode="stack", margin={"t": 50}, xaxis={"showgrid": False, "visible": False},
                             yaxis={"categoryorder": "array", "categoryarray": names})
        | {"legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "traceorder": "normal"}},
    }  # fmt: skip


def by_month(months: pd.DataFrame, *, threshold: float, language: Language) -> Figure:
    """Total and operating income, year to date, by month against villages with a figure × the goal × month/12. The words of an
    occasion have room above the bars.

    `months`: period, total_income, operating_income (万元), villages_reported, villages; a month without reports is a gap, one in
    which villages are missing is hatched.
    """
    if months["operating_income"].isna().all():
        return {"data": [], "layout": kit.layout(height=120)}
    x = [kit.month_only(period, language) for period in months["period"]]
    pace = [None if kit.missing(row.villages_reported) else float(row.villages_reported) * threshold * int(row.period[5:]) / 12
            for row in kit.rows(months)]  # fmt: skip
    rest = [None if kit.missing(row.total_income) or kit.missing(row.operating_income) else row.total_income - row.operating_income
            for row in kit.rows(months)]  # fmt: skip
    name = Text("村数×30万元×月份/12", "villages × 300,000 yuan × month/12")
    if months["villages"].max() == 1:
        name = Text("30万元×月份/12", "300,000 yuan × month/12")
    top = float(max(months["total_income"].max(), *(value for value in pace if value is not None)))
    partial = {"shape": ["/" if row.villages_reported < row.villages else "" for row in kit.rows(months)], "solidity": 0.25}
    return {
        "data": [
            {"type": "bar", "name": Text("经营性收入", "Operating").say(language), "x": x, "y": kit.values(months["operating_income"]),
             "marker": {"color": kit.BLUE, "pattern": partial}, "hovertemplate": "%{x} %{y:,.2f}<extra>%{fullData.name}</extra>"},
            {"type": "bar", "name": Text("补助和其他", "Subsidies and other").say(language), "x": x, "y": rest,
             "marker": {"color": kit.RUST, "pattern": partial}, "hovertemplate": "%{x} %{y:,.2f}<extra>%{fullData.name}</extra>"},
            {"type": "scatter", "mode": "text", "x": x, "y": kit.values(months["total_income"]), "showlegend": False,
             "text": [kit.number(value, 0 if top >= 100 else 1) if not kit.missing(value) else "" for value in months["total_income"]],
             "textposition": "top center", "hoverinfo": "skip", "cliponaxis": False, "textfont": {"size": 14}},
            {"type": "scatter", "mode": "lines", "name": name.say(language),
             "x": x, "y": pace, "line": {"color": kit.GOAL, "width": 2, "dash": "dash"}, "connectgaps": False,
             "hovertemplate": "%{x} %{y:,.0f}<extra>%{fullData.name}</extra>"},
        ],
        "layout": kit.layout(height=340, barmode="stack", xaxis={"type": "category", "tickangle": 0}, yaxis={"range": [0, top * 1.22]}, margin={"t": 50})
        | {"legend": {"orientation": "h", "x": 0, "y": 1.04, "yanchor": "bottom", "traceorder": "normal"}},
    }  # fmt: skip


def cooperation(counts: Mapping[str, int], words: Mapping[str, Text], *, language: Language) -> Figure:
    """Villages by stage of cooperation, from intention to yielding. `counts`: stage (as reported) → villages; `words`: its name."""
    if not any(counts.get(stage) for stage in STAGES):
        return {"data": [], "layout": kit.layout(height=120)}
    stages = list(reversed(STAGES))
    found = [counts.get(stage, 0) for stage in stages]
    return {
        "data": [{
            "type": "bar", "orientation": "h", "y": [words[stage].say(language) for stage in stages], "x": found,
            "text": [str(n) for n in found], "textposition": "outside", "cliponaxis": False, "hoverinfo": "skip",
            "marker": {"color": [kit.DEEP, kit.BLUE, kit.PALE, kit.GREY]}, "textfont": {"size": 15},
        }],
        "layout": kit.layout(height=230, xaxis={"visible": False, "range": [0, max(found) * 1.15]}, yaxis={"type": "category"}),
    }  # fmt: skip
