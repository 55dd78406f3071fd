"""One unit on one page: its milestones on a time line, its communities' coverage, and the sentences over its themes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from townboard.charts import kit
from townboard.charts.kit import Figure
from townboard.text import Language, Text

if TYPE_CHECKING:
    from townboard.indicators import Reading

REACHED = ("highest_reached", "basic_reached")
OPEN = Text("未完成", "Not yet")


def milestones(dates: Mapping[Text, date | None], *, core: int, end: date, language: Language) -> Figure:
    """The reform's milestones from the first to the last: a dot on the time line, the day or `未完成` at the right edge.

    `dates`: milestone → day, in the form's order; the first `core` are the core ones; `end`: the last day of the month looked at.
    """
    if not dates or all(day is None for day in dates.values()):
        return {"data": [], "layout": kit.layout(height=120)}
    names = [label.say(language) for label in dates]
    done = [(name, day, n < core) for n, (name, day) in enumerate(zip(names, dates.values(), strict=True)) if day is not None]
    open_ = [name for name, day in zip(names, dates.values(), strict=True) if day is None]
    first = min(day for _, day, _ in done)
    traces: list[Figure] = []
    for is_core, words, symbol in ((True, Text("核心节点", "Core"), "circle"), (False, Text("其他节点", "Further"), "diamond")):
        part = [(name, day) for name, day, own in done if own is is_core]
        if part:
            traces.append({
                "type": "scatter", "mode": "markers", "name": words.say(language), "y": [name for name, _ in part],
                "x": [day.isoformat() for _, day in part], "cliponaxis": False,
                "marker": {"size": 12, "symbol": symbol, "color": kit.DEEP if is_core else kit.TEAL}, "hoverinfo": "skip",
            })  # fmt: skip
    if open_:
        words = OPEN
        traces.append({
            "type": "scatter", "mode": "markers", "name": words.say(language), "y": open_, "x": [end.isoformat()] * len(open_), "hoverinfo": "skip",
            "marker": {"size": 12, "symbol": "circle-open", "color": kit.AMBER, "line": {"width": 2}},
        })  # fmt: skip
    last = end + timedelta(days=20)
    traces.append({
        "type": "scatter", "mode": "text", "y": names, "x": [last.isoformat()] * len(names), "textposition": "middle right", "cliponaxis": False,
        "text": [" " + (day.isoformat() if day else OPEN.say(language)) for day in dates.values()], "textfont": {"size": 14},
        "hoverinfo": "skip", "showlegend": False,
    })  # fmt: skip
    return {
        "data": traces,
        "layout": kit.layout(
            height=90 + 30 * len(names), margin={"t": 40, "r": 104},
            xaxis={"type": "date", "range": [(first - timedelta(days=25)).isoformat(), last.isoformat()], "tickformat": "%Y-%m",
                   "nticks": 4, "tickangle": 0},
            yaxis={"categoryorder": "array", "categoryarray": list(reversed(names)), "type": "category"},
        ),
    }  # fmt: skip


def milestones_title(dates: Mapping[Text, date | None], core: int) -> Text:
    """`12 个改革节点完成 9 个,核心 8 个全部完成;下一个:…`."""
    days = list(dates.values())
    if not days or all(day is None for day in days):
        return Text("还没有改革节点的完成时间", "No milestone has a date yet")
    done, own = sum(day is not None for day in days), sum(day is not None for day in days[:core])
    said = Text(f"{len(days)}个改革节点完成{done}个,其中核心{core}个完成{own}个",
                f"{done} of {len(days)} milestones reached; {own} of the core {core}")  # fmt: skip
    ahead = next((label for label, day in dates.items() if day is None), None)
    if ahead is None:
        return said
    return Text(f"{said.zh};下一个:{ahead.zh}", f"{said.en}; next: {ahead.en}")


def theme_title(theme: Text, readings: Sequence[Reading]) -> Text:
    """`综合执法:4 项达标、1 项正常、1 项滞后`: how the theme's figures with a goal stand, in words."""
    counted = {
        Text("达到目标", "reached"): sum(reading.status in REACHED for reading in readings),
        Text("进度正常", "on track"): sum(reading.status == "on_track" for reading in readings),
        Text("滞后", "behind"): sum(reading.status in ("behind", "not_reached") for reading in readings),
        Text("无数据", "without data"): sum(reading.status == "no_data" for reading in readings),
    }
    parts = [(words, n) for words, n in counted.items() if n]
    if not parts:
        return theme
    return Text(
        f"{theme.zh}:" + "、".join(f"{n}项{words.zh}" for words, n in parts),
        f"{theme.en}: " + ", ".join(f"{n} {words.en}" for words, n in parts),
    )


def coverage(communities: Any, *, language: Language) -> Figure:
    """The five coverages of a unit as done over due, from its community rows; a coverage without figures is hatched."""
    names, shares, words = [], [], []
    for n in range(1, 6):
        both = communities[[f"coverage_{n}_done", f"coverage_{n}_due"]].dropna()
        done, due = both[f"coverage_{n}_done"].sum(), both[f"coverage_{n}_due"].sum()
        names.append(Text(f"全覆盖{'①②③④⑤'[n - 1]}", f"Coverage {n}").say(language))
        shares.append(float(done) * 100 / float(due) if due else None)
        full = (
            Text("✓ 全覆盖", "✓ complete")
            if done >= due
            else Text(f"还差{kit.number(due - done)}个", f"{kit.number(due - done)} to go")
        )
        words.append(f"{kit.share(done, due)} · {full.say(language)}" if due else "")
    if all(value is None for value in shares):
        return {"data": [], "layout": kit.layout(height=120)}
    return {
        "data": [{
            "type": "bar", "orientation": "h", "y": names[::-1], "x": shares[::-1], "text": words[::-1], "textposition": "inside",
            "insidetextanchor": "start", "hoverinfo": "skip",
            "marker": {"color": [kit.DEEP if value is not None and value >= 100 else kit.PALE for value in shares[::-1]]},
        }],
        "layout": kit.layout(height=270, xaxis={"range": [0, 104], "ticksuffix": "%"}),
    }  # fmt: skip
