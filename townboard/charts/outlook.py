"""The goal's outlook in words and figures: how far, how fast, what December will bring, and how well such forecasts did before.

Everything is said of a `forecast.Outlook`; a tile's sentence is its finding.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from townboard.charts import kit, presses
from townboard.charts.kit import Figure
from townboard.forecast import EXPECTED, PROFILE, Outlook
from townboard.periods import Period
from townboard.text import Language, Text, listed, number_of

RESTS_ON = {
    EXPECTED: Text("村里填报的预计数", "the village's own expectation"), PROFILE: Text("按上年本村月度进度", "last year's months of the village"),
    "linear": Text("按月份推算", "the calendar"),
}  # fmt: skip
"""What a projection rests on, in words."""
AT_GOAL, WILL, CLOSE, WONT, SILENT = "at goal", "will", "close", "wont", "silent"
GROUPS: dict[str, tuple[Text, str]] = {
    AT_GOAL: (Text("已达标", "At the goal"), kit.DEEP),
    WILL: (Text("预计达标", "Expected to reach it"), kit.BLUE),
    CLOSE: (Text("预计差3万元以内", "Expected within 30,000 yuan"), kit.AMBER),
    WONT: (Text("预计达不到", "Not expected to"), kit.PALE),
    SILENT: (Text("今年没有数据", "No figure this year"), kit.GREY),
}
"""How a village stands at the year's end → (words, colour)."""
INK = {AT_GOAL: kit.LIGHT, WILL: kit.LIGHT, CLOSE: kit.DARK, WONT: kit.DARK}
NEAR = 3.0
"""From the goal down to here, in 万元, a forecast is close."""


def time_words(share: float | None, goal: float, pace: float) -> Text:
    """`进度 62.5%,时序 83.3%,差 20.8 个百分点`: the share of the goal that is reached against the part of the pace that is due."""
    if share is None:
        return Text("还没有数据", "No data yet")
    done, due = share * 100 / goal, pace * 100 / goal
    gap = abs(done - due)
    said = Text("进度 {a}%,时序 {b}%", "progress {a}%, due {b}%").fill(a=kit.number(done, 1), b=kit.number(due, 1))
    if gap < 0.05:
        return Text(said.zh + ",持平", said.en + ", level")
    more = Text(",差 {d} 个百分点", ", {d} points behind") if done < due else Text(",快 {d} 个百分点", ", {d} points ahead")
    more = more.fill(d=kit.number(gap, 1))
    return Text(said.zh + more.zh, said.en + more.en)


def gap_words(found: Outlook) -> Text:
    """What the unreported change: `未报单位上次报数时已有14个村达标,补报后还差15个`; nothing where no village is missing."""
    if not found.older_reached:
        return Text("按全部村计算,未报的村不算达标", "Of all villages; the unreported do not count")
    return Text("未报单位上次报数时已有{n}个村达标,补报后还差{left}个", "{n:village|villages} of missing units had reached it before; with them {left} are left").fill(
        n=found.older_reached, left=found.gap_known)  # fmt: skip


def money_words(short: float, villages: int) -> Text:
    """`最省的15个村合计差 60.30 万元`."""
    amount = kit.money(short)
    return Text(
        f"最近的 **{villages}** 个村合计差 **{amount.zh}**",
        f"the nearest {number_of(f'**{villages}**', 'village is', 'villages are')} **{amount.en}** short",
    )


def pace_words(found: Outlook) -> Text:
    """`往后每月要 7.5 个村,7月以来每月 6.3 个(128个村,未报的算到上次报数)`."""
    if found.wanted is None:
        return Text("全年已经结束", "The year is over")
    wanted = Text("往后每月要 **{w}** 个村", "**{w}** villages a month are needed").fill(w=kit.number(found.wanted, 1))
    if found.pace is None or found.pace_since is None:
        return Text(wanted.zh + ";还没有可比的月份", wanted.en + "; no month to compare with yet")
    so_far = Text("{m}月以来每月 **{p}** 个({n}个村{old})", "**{p}** a month since {en} ({n:village|villages}{old_en})").fill(
        m=found.pace_since.month,
        p=kit.number(found.pace, 1),
        n=found.pace_villages,
        old=",未报的算到上次报数" if found.older else "",
        old_en=", the missing up to their newest report" if found.older else "",
        en=kit.month_only(str(found.pace_since), "en"),
    )
    return Text(f"{wanted.zh},{so_far.zh}", f"{wanted.en}, {so_far.en}")


def arrival_words(found: Outlook) -> Text:
    """When at this pace: `按现在的速度,12月能达到` or `按现在的速度,年内达不到`; nothing is foretold without a pace."""
    if not found.gap_known:
        return Text("按各村最近一次报数,已经达到目标", "By the newest report of each village the goal is reached")
    if found.wanted is not None and found.pace is None:
        return Text("还看不出达标速度", "The pace cannot be told yet")
    if found.arrival is None:
        return Text("按现在的速度,年内达不到", "At this pace not within the year")
    return Text(f"按现在的速度,{found.arrival.month}月能达到", f"At this pace reached in {found.arrival.label.en}")


def range_words(found: Outlook) -> Text:
    """`范围 58–70 个村;只按进度推算 61 个`, or that nothing could be tried yet."""
    plain = Text(f"只按进度推算 **{found.projected}** 个", f"by pace alone **{found.projected}**")
    if found.low is None or found.high is None:
        return Text(f"{plain.zh};还没有可回测的月份", f"{plain.en}; no month to test it on yet")
    return Text(f"范围 **{found.low}–{found.high}** 个村,目标 {found.needed} 个;{plain.zh}",
                f"range **{found.low}–{found.high}** villages, goal {found.needed}; {plain.en}")  # fmt: skip


def forecast_words(found: Outlook) -> Text:
    """The finding: `预计年底还差 13 个村` / `预计年底超过目标 3 个村`; `可能达到目标,也可能差 8 个村` where the range holds the goal."""
    over = found.forecast - found.needed
    if found.low is not None and found.high is not None and found.low < found.needed <= found.high:
        lacks = found.needed - found.low
        return Text(
            f"可能达到目标,也可能差 {lacks} 个村", f"may reach the goal, may be {number_of(lacks, 'village')} short of it"
        )
    if over < 0:
        return Text(f"预计年底还差 {-over} 个村", f"{number_of(-over, 'village')} short at the year's end")
    if over == 0:
        return Text("预计年底刚好达到目标", "exactly the goal at the year's end")
    return Text(f"预计年底超过目标 {over} 个村", f"{number_of(over, 'village')} past the goal at the year's end")


def bases_words(found: Outlook) -> Text | None:
    """Why the pace and the forecast say different things, in one sentence; None where they agree or one of them says nothing."""
    if found.pace is None or found.pace_since is None or found.wanted is None or not found.gap_known:
        return None
    if (found.arrival is not None) == (found.forecast >= found.needed):
        return None
    return Text(
        "两个结论依据不同:“现在的速度”只看{m}月以来每月新增达标的村数;“年底预计”逐村推算全年收入,其中{n}个村用自己填报的预计数,只按进度推算是{p}个村。",
        "The two rest on different things: “this pace” counts the villages that reached the goal each month since {me}; the forecast carries "
        "every village's income to December, {n} of them by their own expectation (by pace of income alone it is {p:village|villages}).",
    ).fill(m=found.pace_since.month, me=kit.month_only(str(found.pace_since), "en"), n=found.expected, p=found.projected)  # fmt: skip


def tested_words(found: Outlook) -> Text:
    """How well: `回测8次,平均差1.3个村`, and what the forecast rests on."""
    rest = Text(
        f"{found.expected}个村用填报的预计数(未经回测)",
        f"{number_of(found.expected, 'village')} by their own expectation (untested)",
    )
    if not found.expected:
        rest = Text("按各村进度推算", "projected at each village's pace")
    if not found.tests or found.mean_error is None:
        return rest
    lead = 12 - found.period.month
    tried = Text("推算办法提前{l}个月回测{n}次,平均差{e}个村", "the projection, tried {n:time|times} {l:month|months} ahead, was off by {e} villages on average").fill(
        l=lead, n=found.tests, e=kit.number(found.mean_error, 1))  # fmt: skip
    return Text(f"{tried.zh};{rest.zh}", f"{tried.en}; {rest.en}")


def countdown(end: date, start: date) -> Text:
    """`专项行动到2023年12月31日,还有426天`."""
    days = (end - start).days
    if days < 0:
        return Text("专项行动已经结束", "The special action is over")
    return Text(
        f"专项行动到{end.year}年{end.month}月{end.day}日,还有{days}天",
        f"the special action ends {end.isoformat()}, in {number_of(days, 'day')}",
    )


def group(income: Any, forecast: Any, threshold: float) -> str:
    """How one village stands at the year's end, from its newest income and its forecast (both may be missing)."""
    if kit.missing(income):
        return SILENT
    if income >= threshold:
        return AT_GOAL
    if forecast >= threshold:
        return WILL
    return CLOSE if forecast >= threshold - NEAR else WONT


def grouped(villages: pd.DataFrame, ahead: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """Villages of the goal's denominator (unit, org_unit, names) with month, income, forecast, rests_on and `group`."""
    own = villages[villages["in_goal_denominator"].astype(bool)][["unit", "unit_name", "org_unit", "name"]]
    out = own.merge(ahead[["org_unit", "month", "income", "rests_on", "forecast"]], on="org_unit", how="left")
    out["group"] = [group(*both, threshold) for both in zip(out["income"], out["forecast"], strict=True)]
    return out


def by_unit(frame: pd.DataFrame, month: Period, language: Language) -> Figure:
    """Villages of each unit by how they will stand at the year's end; a unit that rests on an earlier month says so in its name."""
    if frame.empty:
        return {"data": [], "layout": kit.layout(height=120)}
    rows: dict[str, str] = {}
    for unit, own in frame.groupby("unit_name", sort=False):
        known = own["month"].dropna()
        old = known.max() if len(known) and known.max() < str(month) else ""
        small = Text("按{m}的数", "by {m}").fill(m=kit.month_short(old, language)).say(language) if old else ""
        rows[str(unit)] = f"{unit}<br>{kit.small(small)}" if small else str(unit)
    counts = frame.groupby(["unit_name", "group"], sort=False).size()
    names = list(reversed(rows))
    traces: list[Figure] = []
    for kind, (words, colour) in GROUPS.items():
        found = [int(counts.get((name, kind), 0)) for name in names]
        if not sum(found):
            continue
        ink = {"size": 14, "color": INK.get(kind, kit.PAGE)}
        marker = {"color": colour} if kind != SILENT else {"color": "rgba(140,150,163,0.06)", "pattern": kit.HATCH}
        traces.append({
            "type": "bar", "orientation": "h", "name": f"{words.say(language)} {sum(found)}", "y": [rows[name] for name in names], "x": found,
            "marker": marker, "text": [str(n) if n else "" for n in found], "textposition": "inside", "insidetextanchor": "middle",
            "textangle": 0, "textfont": ink, "insidetextfont": ink, "hovertemplate": "%{y} %{fullData.name}<extra></extra>",
        })  # fmt: skip
    traces.append(presses.rows([rows[name] for name in names], 0, int(frame["unit_name"].value_counts().max())))
    return {
        "data": traces,
        "layout": kit.layout(height=max(100 + 38 * len(names), kit.LEGEND), barmode="stack", margin={"t": 60}, uniformtext=kit.LEGIBLE, xaxis={"visible": False},
                             yaxis={"categoryorder": "array", "categoryarray": [rows[name] for name in names]})
        | {"legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "traceorder": "normal"}},
    }  # fmt: skip


def by_unit_title(found: Outlook) -> Text:
    """`年底预计64个村达标(58–70),还差13个村;其中31个村按上月的数推算`."""
    words = forecast_words(found)
    span = Text("", "") if found.low is None else Text(f"({found.low}–{found.high})", f" ({found.low}–{found.high})")
    said = Text(
        f"年底预计 {found.forecast} 个村达标{span.zh},{words.zh}",
        f"{number_of(found.forecast, 'village')}{span.en} expected: {words.en}",
    )
    if not found.older:
        return said
    return Text(
        f"{said.zh};{found.older}个村按以前月份的数推算",
        f"{said.en}; {number_of(found.older, 'village')} carried from an earlier month",
    )


def group_title(frame: pd.DataFrame) -> Text:
    """`52个村中,年底预计15个达标`: of some of the villages, without the goal's gap. `frame`: see `grouped`."""
    reached = int(frame["group"].isin([AT_GOAL, WILL]).sum())
    return Text(
        f"{len(frame)}个村中,年底预计{reached}个达标", f"{reached} of {number_of(len(frame), 'village')} expected at the goal"
    )


def trials(frame: pd.DataFrame, language: Language) -> Figure:
    """Forecast and fact for each test: villages predicted at the goal and villages that were. `frame`: forecast.TESTED."""
    if frame.empty:
        return {"data": [], "layout": kit.layout(height=120)}
    x = [kit.month_short(period, language) for period in frame["checked"]]
    above = [row.actual >= row.predicted for row in kit.rows(frame)]
    lines = (
        ("actual", Text("实际达标", "In fact"), {"color": kit.BLUE, "width": 3}, "circle", above),
        (
            "predicted",
            Text("当时预计", "As predicted"),
            {"color": kit.AMBER, "width": 2, "dash": "dot"},
            "diamond",
            [not one for one in above],
        ),
    )
    return {
        "data": [{
            "type": "scatter", "mode": "lines+markers+text", "name": words.say(language), "x": x, "y": kit.values(frame[code]), "line": line,
            "marker": {"size": 9, "symbol": symbol}, "text": [str(n) for n in frame[code]], "textposition": ["top center" if one else "bottom center" for one in where], "cliponaxis": False,
            "textfont": {"size": 13}, "hovertemplate": "%{x} %{y}<extra>%{fullData.name}</extra>",
        } for code, words, line, symbol, where in lines],
        "layout": kit.layout(height=300, margin={"t": 40}, xaxis={"type": "category", "tickangle": 0}, yaxis={"range": _room(frame)}),
    }  # fmt: skip


def _room(frame: pd.DataFrame) -> list[float]:
    """The height of `trials`, with room for a number above the highest point and below a zero."""
    top = max(float(frame[["actual", "predicted"]].max().max()), 1.0)
    return [-top * 0.14, top * 1.14]


def trials_title(frame: pd.DataFrame, lead: int) -> Text:
    """`同样办法提前2个月预计8次,最多差4个村`."""
    if frame.empty:
        return Text("还没有可以回测的月份", "There is no month to test the forecast on yet")
    off = int(frame["error"].abs().max())
    months = [str(month) for month in frame["checked"][frame["error"].abs() == off]]
    when = listed(Text(kit.month_short(month, "zh"), kit.month_short(month, "en")) for month in months)
    head = Text(
        f"用同样办法提前{lead}个月预计了{len(frame)}次",
        f"Tried {number_of(len(frame), 'time')}, {number_of(lead, 'month')} ahead",
    )
    if not off:
        return Text(f"{head.zh},次次相符", f"{head.en}: right every time")
    mean, level = kit.number(frame["error"].abs().mean(), 1), float(frame["error"].mean())
    side = Text("多估和少估相抵", "as often too many as too few")
    if abs(level) >= 0.5:
        side = Text("总体偏多", "too many on the whole") if level > 0 else Text("总体偏少", "too few on the whole")
    return Text(
        f"{head.zh},平均差{mean}个村、{side.zh},最大相差{off}个村({when.zh})",
        f"{head.en}: off by {mean} villages on average, {side.en}, at most by {off} ({when.en})",
    )
