"""Villages by name: those that would close the gap, those that crossed a band, those that hold most of the income, and doubtful data.

Pure functions; tables as `forecast` and `comparing` make them, with unit_name and name in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from townboard.charts import kit, presses
from townboard.charts.board import FIGURE, Board, Part, cell, heads
from townboard.charts.economy import band_words
from townboard.charts.kit import Figure
from townboard.comparing import BANDS
from townboard.forecast import Outlook
from townboard.periods import Period
from townboard.text import Language, Text, number_of

NOTES = {
    "stale-value": Text("三个月以上没有变化", "no change for three months or more"),
    "heaping": Text("数字扎堆(凑整或刚过线)", "heaped on round numbers or just past the line"),
    "end-loading": Text("集中在一个月入账(突击填报?)", "most of the year came in one month"),
}
"""What the checks note about how figures came about → the words of the page."""


MOST = 30
"""As many villages a chart of villages draws; the table beside it holds them all."""


def deciding(frame: pd.DataFrame, month: Period, *, threshold: float, language: Language) -> Figure:
    """The nearest villages below the goal: what they have, what they lack; one known from an earlier month is hatched and says so.

    `frame`: unit_name, name, period, goal_income, short (万元), nearest first; the first `MOST` are drawn.
    """
    if frame.empty:
        return {"data": [], "layout": kit.layout(height=120)}
    rows = kit.rows(frame.head(MOST).iloc[::-1])
    old = [row.period < str(month) for row in rows]
    by = Text("{m}的数", "{m}")
    names = [
        f"{row.name}<br>{kit.small(row.unit_name + (' · ' + by.fill(m=kit.month_short(row.period, language)).say(language) if late else ''))}"
        for row, late in zip(rows, old, strict=True)
    ]
    lack = Text("差{x}", "{x} short")
    return {
        "data": [
            {"type": "bar", "orientation": "h", "name": Text("已有收入", "Income so far").say(language), "y": names,
             "x": [row.goal_income for row in rows], "hovertemplate": "%{y} %{x:.2f}<extra></extra>",
             "marker": {"color": kit.BLUE, "pattern": {"shape": ["/" if late else "" for late in old], "fgcolor": "#ffffff", "fgopacity": 0.75,
                                                       "size": 7, "fillmode": "overlay"}}},
            {"type": "bar", "orientation": "h", "name": Text("还差", "Still short").say(language), "y": names,
             "x": [row.short for row in rows], "marker": {"color": kit.AMBER}, "hovertemplate": "%{y} %{x:.2f}<extra></extra>"},
            {"type": "scatter", "mode": "text", "y": names, "x": [threshold] * len(rows), "textposition": "middle right", "showlegend": False,
             "text": ["\u2002" + lack.fill(x=kit.number(row.short, 2)).say(language) for row in rows], "textfont": {"size": 14},
             "hoverinfo": "skip", "cliponaxis": False},
            presses.rows(names, 0, threshold),
        ],
        "layout": kit.layout(height=110 + 38 * len(rows), barmode="stack", bargap=0.3, margin={"t": 44, "r": 92},
                             xaxis={"range": [0, threshold], "tickangle": 0, "nticks": 6},
                             yaxis={"categoryorder": "array", "categoryarray": names})
        | {"legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "traceorder": "normal"}},
    }  # fmt: skip


def deciding_title(frame: pd.DataFrame, found: Outlook) -> Text:
    """`再有18个村达标就够60%:最近的18个村合计差 59.97 万元`."""
    if not found.gap_known:
        return Text("按各村最近一次报数,达标村数已经够了", "By the newest report of each village there are enough at the goal")
    money = kit.money(float(frame["short"].sum()))
    said = Text(
        f"再有{found.gap_known}个村达标就够目标:最近的{len(frame)}个村合计差 {money.zh}",
        f"{number_of(found.gap_known, 'more village', 'more villages')} would reach the goal; the nearest {number_of(len(frame), 'lacks', 'lack')} {money.en} together",
    )
    if len(frame) < found.gap_known:
        return Text(f"{said.zh}(没有更多有数据的村)", f"{said.en} (no more villages have a figure)")
    return said


def deciding_note(count: int) -> Text:
    """Unit, order and hatching; and how many of the villages the chart shows, where they are too many for it."""
    said = Text(
        "万元,按差额从小到大;斜纹:未报单位按以前月份的数",
        "10,000 yuan, smallest amount first; hatched: a missing unit, carried from an earlier month",
    )
    if count <= MOST:
        return said
    more = Text(f";图上是前{MOST}个村,全部{count}个见表格", f"; the first {MOST} are drawn, all {count} stand in the table")
    return Text(said.zh + more.zh, said.en + more.en)


def deciding_part(frame: pd.DataFrame, found: Outlook) -> Text:
    """The same when only some of those villages are shown: how many of the nearest they are, and what they lack."""
    if not found.gap_known:
        return Text("按各村最近一次报数,达标村数已经够了", "By the newest report of each village there are enough at the goal")
    if frame.empty:
        return Text(
            f"补缺口最近的{found.gap_known}个村都不在这里", f"none of the nearest {found.gap_known} that would close the gap"
        )
    money = kit.money(float(frame["short"].sum()))
    return Text(
        f"补缺口最近的{found.gap_known}个村中有{len(frame)}个,合计差 {money.zh}",
        f"{len(frame)} of the nearest {found.gap_known} that would close the gap, {money.en} short",
    )


def crossing_title(crossed: pd.DataFrame, both: int, then: Period) -> Text:
    """`与2022年9月相比(两月都报的97个村):12个村升档,1个村降档`."""
    if not both:
        return Text(f"与{then.label.zh}没有可比的村", f"No village reported both this month and {then.label.en}")
    up, down = int((crossed["to_band"] > crossed["from_band"]).sum()), int((crossed["to_band"] < crossed["from_band"]).sum())
    if not up and not down:
        return Text(
            f"与{then.label.zh}相比(两月都报的{both}个村):没有村变档",
            f"Against {then.label.en} ({number_of(both, 'village')} that reported both): none changed its band",
        )
    fell = f"{down}个村降档" if down else "没有村降档"
    return Text(
        f"与{then.label.zh}相比(两月都报的{both}个村):{f'{up}个村升档' if up else '没有村升档'},{fell}",
        f"Against {then.label.en} ({number_of(both, 'village')} that reported both): {up} moved up a band, {down} down",
    )


def crossings(crossed: pd.DataFrame, language: Language, leads: Mapping[str, str] | None = None) -> Board:
    """Which villages crossed which band, by name, as a board. `crossed`: comparing.crossings with unit_name and name; `leads`: village
    code → the address of its page."""
    titles = (Text("从 → 到", "From → to"), Text("村", "Villages"), Text("个数", "Count"))
    rows = []
    comma = Text("、", ",").say(language)
    ways = list(dict.fromkeys(zip(crossed["to_band"].tolist(), crossed["from_band"].tolist(), strict=True)))
    for to, start in ways:
        own = kit.rows(crossed[(crossed["to_band"] == to) & (crossed["from_band"] == start)])
        way = Part(f"{band_words(*BANDS[start]).say(language)}\u00a0→"), Part(band_words(*BANDS[to]).say(language))
        named = [
            Part(
                kit.in_unit(row.name, row.unit_name).say(language) + (comma if n < len(own) else ""),
                "",
                (leads or {}).get(row.org_unit, ""),
            )
            for n, row in enumerate(own, 1)
        ]
        rows.append((cell(*way), cell(named), cell(Part(f"{'▲' if to > start else '▼'} {len(own)}", FIGURE))))
    return Board(heads(titles, language), tuple(rows))


def top(frame: pd.DataFrame, *, language: Language) -> Figure:
    """The villages with most income, as bars with their amounts. `frame`: unit_name, name, goal_income, highest first."""
    if frame.empty:
        return {"data": [], "layout": kit.layout(height=120)}
    rows = kit.rows(frame.iloc[::-1])
    names = [f"{row.name}<br>{kit.small(row.unit_name)}" for row in rows]
    most = max(row.goal_income for row in rows)
    return {
        "data": [
            {"type": "bar", "orientation": "h", "y": names, "x": [row.goal_income for row in rows], "marker": {"color": kit.BLUE},
             "hovertemplate": "%{y} %{x:.2f}<extra></extra>", "showlegend": False},
            {"type": "scatter", "mode": "text", "y": names, "x": [most] * len(rows), "textposition": "middle right", "showlegend": False,
             "text": [f"\u2002{kit.number(row.goal_income, 2)}" for row in rows], "textfont": {"size": 14}, "hoverinfo": "skip", "cliponaxis": False},
            presses.rows(names, 0, most),
        ],
        "layout": kit.layout(height=70 + 38 * len(rows), bargap=0.3, margin={"r": 84}, xaxis={"range": [0, most], "visible": False},
                             yaxis={"categoryorder": "array", "categoryarray": names}),
    }  # fmt: skip


def how_many(villages: int) -> int:
    """How many villages are called the top: ten of a county, three of a small place, one of a few; never most of them."""
    return 10 if villages >= 50 else 3 if villages > 5 else 1


def top_title(frame: pd.DataFrame, part: float | None, villages: int) -> Text:
    """`收入最高的10个村占97个村总收入的 26.4%`."""
    if part is None:
        return Text("还没有收入数据", "No income has been reported yet")
    return Text(
        f"收入最高的{len(frame)}个村占{villages}个有数据村总收入的 {kit.number(part, 1)}%",
        f"The top {number_of(len(frame), 'village holds', 'villages hold')} {kit.number(part, 1)}% of the income of {number_of(villages, 'village')} with figures",
    )


def notes_title(ids: Sequence[str], stale: float | None) -> Text:
    """`2个单位的数据值得看一眼:扎堆1、突击1;三月零变化村3个`."""
    still = (
        Text("", "")
        if not stale
        else Text(
            f";{kit.number(stale)}个村三个月没有变化", f"; {number_of(kit.number(stale), 'village')} unchanged for three months"
        )
    )
    if not ids:
        return Text(f"没有发现扎堆、突击或长期不变的提示{still.zh}", f"Nothing looks heaped, hurried or stale{still.en}")
    kinds = {id: ids.count(id) for id in NOTES if id in ids}
    zh = "、".join(f"{NOTES[id].zh}{n}处" for id, n in kinds.items())
    en = ", ".join(f"{NOTES[id].en} ({n})" for id, n in kinds.items())
    return Text(f"值得看一眼:{zh}{still.zh}", f"Worth a glance: {en}{still.en}")
