"""Figures of the law-enforcement reform: which milestones each unit reached and when, and the staff behind them.

Cases are shown by the page as plain context numbers; there is no figure that ranks them (rule §0.6: never scored).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from townboard.catalogue import DataSet, Element
from townboard.charts import bars, kit, matrix
from townboard.text import Language, Text

CORE = 8
"""The first eight milestones of the form are the core ones: all of them are the basic goal (LE01)."""
REACHED, OPEN, SILENT = "reached", "open", "silent"


def milestones(data_set: DataSet) -> tuple[Element, ...]:
    """The twelve milestone dates, in the order of the form."""
    return tuple(element for element in data_set.elements if element.type == "date")


def counted(row: pd.Series, codes: Sequence[str]) -> tuple[int, int]:
    """How many of the core milestones, and of all, one unit has reached."""
    there = [not pd.isna(row[code]) for code in codes]
    return sum(there[:CORE]), sum(there)


def milestone_matrix(frame: pd.DataFrame, columns: Sequence[Element], language: Language) -> dict[str, Any]:
    """Unit × milestone with the month each was reached; the core eight stand apart. `frame`: name, reported and the dates."""
    kinds = {
        REACHED: matrix.State(Text("已完成", "reached"), "✓", kit.BLUE, "#ffffff"),
        OPEN: matrix.State(Text("未完成", "not yet"), "○", bars.TRACK, ""),
        SILENT: matrix.State(kit.NOT_REPORTED, "", "rgba(0,0,0,0)", "", hatched=True),
    }
    codes = [element.code for element in columns]
    names, found, text = [], [], []
    for _, row in frame.iterrows():
        core, whole = counted(row, codes)
        sent = bool(row["reported"])
        names.append(f"{row['name']}<br><b>{core}/{CORE}</b> · {whole}/{len(codes)}" if sent else str(row["name"]))
        found.append([SILENT if not sent else OPEN if pd.isna(row[code]) else REACHED for code in codes])
        text.append([
            kit.NOT_REPORTED.say(language).replace(" ", "<br>") if not sent else "" if pd.isna(row[code]) else f"{_day(row[code]):%Y-%m}" for code in codes
        ])  # fmt: skip
    labels = [f"<b>{n}</b><br>{matrix.wrapped(element.label.say(language), language)}" for n, element in enumerate(columns, 1)]
    figure = matrix.states(names, labels, found, text, kinds, language, each=44, size=13 if language == "zh" else 12)
    core_words = Text("核心 8 个(基本目标)", "Core eight (basic goal)").say(language)
    rest_words = Text("其余 4 个(最高目标)", "Further four (highest goal)").say(language)
    edge = {"xref": "x", "yref": "paper", "showarrow": False, "yanchor": "top", "y": -0.01, "font": {"size": 14}}
    figure["layout"]["xaxis"]["tickfont"] = {"size": 13 if language == "zh" else 12}
    figure["layout"]["margin"] = {**figure["layout"]["margin"], "b": 34}
    figure["layout"]["shapes"] = [
        {"type": "line", "xref": "x", "yref": "paper", "x0": CORE - 0.5, "x1": CORE - 0.5, "y0": -0.03, "y1": 1,
         "line": {"width": 3, "color": kit.GOAL}},
    ]  # fmt: skip
    figure["layout"]["annotations"] = [
        {**edge, "x": (CORE - 1) / 2, "text": core_words},
        {**edge, "x": CORE + (len(codes) - CORE - 1) / 2, "text": rest_words},
    ]
    return figure


def _day(value: Any) -> date:
    return value if isinstance(value, date) and not isinstance(value, pd.Timestamp) else pd.Timestamp(value).date()


def staff(frame: pd.DataFrame, language: Language) -> dict[str, Any]:
    """Quota → on post → certified, bar inside bar, for each unit."""
    layers = [
        (words.say(language), [None if pd.isna(value) else float(value) for value in frame[code]])
        for words, code in (
            (Text("核定编制", "Quota"), "staff_quota"),
            (Text("在岗", "On post"), "staff_on_post"),
            (Text("持证", "Certified"), "staff_certified"),
        )
    ]
    reported = [bool(value) for value in frame["reported"]]
    return bars.nested(list(frame["name"]), layers, language, unit=Text("人", "people").say(language), reported=reported)
