"""One unit on one page: its communities' coverage and the sentences over its themes; its milestones are `milestones`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from townboard.charts import kit
from townboard.charts.kit import Figure
from townboard.text import Language, Text

if TYPE_CHECKING:
    from townboard.indicators import Reading

REACHED = ("highest_reached", "basic_reached")


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


def coverage(communities: Any, labels: Sequence[str], *, language: Language) -> Figure:
    """The five coverages of a unit as done over due, from its community rows; a coverage without figures is hatched."""
    names, shares, words = [], [], []
    for n in range(1, 6):
        both = communities[[f"coverage_{n}_done", f"coverage_{n}_due"]].dropna()
        done, due = both[f"coverage_{n}_done"].sum(), both[f"coverage_{n}_due"].sum()
        names.append(labels[n - 1])
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
            "insidetextfont": {"color": [kit.LIGHT if value is not None and value >= 100 else kit.DARK for value in shares[::-1]]},
            "marker": {"color": [kit.DEEP if value is not None and value >= 100 else kit.PALE for value in shares[::-1]]},
        }],
        "layout": kit.layout(height=270, xaxis={"range": [0, 104], "ticksuffix": "%"}),
    }  # fmt: skip
