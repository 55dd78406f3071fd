"""How units and villages moved by month: small multiples of the goal's share, the line of months in a table, what happened marked."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from townboard import atlas
from townboard.charts import kit, trends
from townboard.charts.kit import Figure
from townboard.downloads import Column
from townboard.periods import Period, span
from townboard.shell.asking import ask
from townboard.shell.outlooks import history, whole
from townboard.shell.panels import Exhibit
from townboard.shell.view import View
from townboard.text import Text

SOURCE = Text("《村集体经济》(F01)", "Village collective economy (F01)")
TREND = "by_month"
"""The code of a column that holds a line of months."""


def months(view: View) -> list[str]:
    """The year so far."""
    return [str(period) for period in span(Period(view.period.year, 1), view.period)]


def by_month(view: View, label: Text, unit: str, decimals: int) -> Column:
    """A column that is drawn as a line on the screen and taken away as a number for each month."""
    return Column(
        TREND,
        label,
        "trend",
        unit,
        decimals,
        tuple(Text(kit.month_short(one, "zh"), kit.month_short(one, "en")) for one in months(view)),
    )


def shares(view: View) -> dict[str, list[float | None]]:
    """Unit → its share of villages at the goal by month of the year so far; None where nothing stands."""
    answer = ask(view, "income_trend_by_unit", first_period=f"{view.period.year}-01")
    found = {
        (row.unit, row.period): (row.villages_at_goal, row.villages_in_unit, row.villages_reported) for row in kit.rows(answer)
    }
    out: dict[str, list[float | None]] = {}
    for unit in dict.fromkeys(answer["unit"]):
        line = [found.get((unit, month)) for month in months(view)]
        out[unit] = [None if one is None or not one[2] else float(one[0]) * 100 / float(one[1]) for one in line]
    return out


def of_units(view: View) -> Exhibit:
    """Every unit that has villages, month by month, on one scale."""
    reading = whole(view)
    goal, found = reading.basic if reading else None, shares(view)
    listed = [
        (code, view.name(code).say(view.language))
        for code in view.units
        if code in found or view.catalogue.children(code, "village")
    ]
    latest = {code: found[code][-1] for code, _ in listed if code in found and found[code][-1] is not None}
    absent = {code: kit.absence(code, view.missing, view.held_back) for code, _ in listed if code not in latest}
    figure = trends.small_multiples(
        listed, months(view), found, goal=goal, absent=absent, language=view.language, picked=view.unit or view.picked
    )
    table = pd.DataFrame(
        {"name": [said for _, said in listed], TREND: [found.get(code, [None] * len(months(view))) for code, _ in listed]}
    )
    known = {code: value for code, value in latest.items() if value is not None}
    return Exhibit(
        "wide_unit_trends", trends.title(known, {code: view.name(code) for code, _ in listed}, goal, len(absent)), figure, SOURCE, table,
        (Column("name", Text("单位", "Unit")), by_month(view, Text("达标村占比", "Share of villages"), "%", 1)),
        note=Text("同一刻度;虚线是基本目标;斜纹:本月没有数据", "One scale; the dashed line is the basic goal; hatched: nothing this month"),
        wide=True,
    )  # fmt: skip


def of_villages(view: View, villages: pd.DataFrame) -> pd.DataFrame:
    """The villages with their total income by month of the year so far as a line."""
    every = months(view)
    answer = history(view)
    answer = answer[answer["period"].isin(every)]
    found = {(row.org_unit, row.period): row.total_income for row in kit.rows(answer)}
    lines = [[kit.blank(found.get((code, month))) for month in every] for code in villages["org_unit"]]
    return villages.assign(**{TREND: pd.Series(lines, index=villages.index, dtype=object)})


def with_occasions(figure: Figure, drawn: Sequence[str], indicator: str, view: View) -> Figure:
    """A line of months with what the catalogue says happened."""
    return trends.marked(figure, drawn, atlas.occasions(), indicator, view.language)
