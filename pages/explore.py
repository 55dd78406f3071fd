"""Any form or indicator, filtered by unit and months, as a table to take away. Gaps are said in words."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from townboard import exploring, shell, theme_tables
from townboard.downloads import Column
from townboard.indicators import Reading
from townboard.shell import behind
from townboard.text import Text

REACHES = {"1": Text("本月", "This month"), "3": Text("近三个月", "Three months"), "year": Text("今年以来", "This year"),
           "12": Text("近十二个月", "Twelve months")}  # fmt: skip
KINDS = {"forms": Text("报表数据", "Forms"), "indicators": Text("指标", "Indicators")}
LEVELS = {"county": Text("全县(区)", "County"), "township": Text("各单位", "Units")}


def page() -> None:
    """Layout only."""
    if not shell.may_open("explore"):
        return
    shell.heading(
        Text("数据查询", "Explore"),
        Text("选报表或指标,选单位和月份,看表、下载。", "Choose a form or indicators, a unit and months; look, and take it away."),
    )
    shell.banner()
    view = shell.view()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = _choice(Text("查什么", "What"), KINDS, "kind")
        reach = _choice(Text("时间范围", "Months"), REACHES, "reach")
    if kind == "forms":
        _forms(view, reach)
    else:
        _indicators(view, reach)


def _choice(label: Text, options: dict[str, Text], key: str) -> str:
    words = {code: shell.say(said) for code, said in options.items()}
    return st.segmented_control(
        **shell.linked(key, options, label, widget=f"explore_{key}"), required=True, format_func=words.__getitem__
    ) or next(iter(options))  # fmt: skip


def _forms(view: shell.View, reach: str) -> None:
    catalogue = view.catalogue
    forms = [code for code in exploring.QUERIES if code in shell.seen_data_sets()]
    labels = {code: f"{catalogue.data_set[code].form} {shell.say(catalogue.data_set[code].label)}" for code in forms}
    asked = shell.linked("form", forms, Text("报表", "Form"), widget="explore_form")
    picked = st.selectbox(**asked, width=360, format_func=labels.__getitem__)
    data_set = catalogue.data_set[picked]
    months = [str(period) for period in exploring.periods(view.period, reach, data_set)]
    frame = _rows(view, picked, tuple(months))
    span = (
        months[0] if len(months) == 1 else Text("{first} 至 {last}", "{first} to {last}").fill(first=months[0], last=months[-1])
    )
    title = Text("{form}:{n} 行,{span}", "{form}: {n:row|rows}, {span}").fill(form=data_set.label, n=len(frame), span=span)
    source = Text(f"《{data_set.sheet}》({data_set.form})", f"{data_set.label.en} ({data_set.form})")
    shell.table(frame, exploring.columns(data_set, frame), key=f"explore_{picked}", title=title, view=view, source=source, height=560,
                note=Text("空格不是零:“说明”一列写明未报、缺、不涉及。", "An empty cell is not zero: the remarks say not reported, missing or does not apply."))  # fmt: skip


@shell.per_view
def _rows(view: shell.View, form: str, months: tuple[str, ...]) -> pd.DataFrame:
    catalogue = view.catalogue
    answers = {month: shell.ask(view, exploring.QUERIES[form], period=month) for month in months}
    notes = {month: shell.ask(view, "value_notes_by_period", period=month, data_set=form) for month in months}
    return exploring.rows(catalogue.data_set[form], answers, notes, catalogue, view.language)


def _indicators(view: shell.View, reach: str) -> None:
    catalogue = view.catalogue
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = {code: shell.say(said) for code, said in catalogue.themes.items()}
        asked = shell.linked(
            "theme", exploring.themes(catalogue, shell.seen_data_sets()), Text("主题", "Theme"), widget="explore_theme"
        )
        theme = st.selectbox(**asked, width=240, format_func=words.__getitem__)
        level = _choice(Text("层级", "Level"), LEVELS, "level")
    ids = tuple(indicator.id for indicator in catalogue.indicators if indicator.theme == theme)
    parts = []
    columns: list[Column] = []
    listed: list[Reading] = []
    for period in reversed(exploring.periods(view.period, reach, None)):
        found = [
            reading for reading in shell.readings(view, level, ids, period=str(period)) if reading.status != "not_applicable"
        ]
        frame, columns = theme_tables.readings_table(found, catalogue, view.language)
        frame.insert(0, "period", str(period))
        listed += found
        parts.append(frame)
    whole = pd.concat(parts, ignore_index=True)
    title = Text("{theme}:{n} 个数", "{theme}: {n:value|values}").fill(theme=catalogue.themes[theme], n=len(whole))
    picked = shell.cells(whole, [Column("period", Text("月份", "Month")), *columns], key=f"explore_{theme}", title=title, view=view, height=560,
                         note=Text("没有数值的写明状态;缺数从不按 0 计算。点任意一格,看由哪些村、哪些格构成。",
                                   "Where there is no value the status says why; a gap is never computed as 0. Click a cell to see the places and cells behind it."))  # fmt: skip
    behind.clicked(view, listed, f"explore_{theme}", picked)
