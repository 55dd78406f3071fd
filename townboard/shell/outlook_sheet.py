"""The exhibits about what is ahead: the forecast by unit and how it did before, the villages that decide, bands crossed, doubts."""

from __future__ import annotations

import pandas as pd

from townboard import comparing, forecast, theme_tables
from townboard.charts import outlook, village_lists
from townboard.downloads import Column
from townboard.shell import crumbs, outlooks
from townboard.shell.asking import readings
from townboard.shell.banded import in_band, only, told
from townboard.shell.economy_sheet import MONEY, PLACE, SOURCE
from townboard.shell.panels import Exhibit
from townboard.shell.view import View
from townboard.shell.visit import house, say
from townboard.text import Text

MONTH = Column("month", Text("数据月份", "Month of the figure"))
SO_FAR = Column("income", Text("已有收入", "Income so far"), **MONEY)
AHEAD = (
    *PLACE, MONTH, SO_FAR, Column("forecast", Text("预计全年", "Expected for the year"), **MONEY),
    Column("way", Text("依据", "Rests on")), Column("stands", Text("年底", "At the year's end")),
)  # fmt: skip
TRIALS = (
    Column("made", Text("预计时的月份", "Made in")), Column("checked", Text("核对的月份", "Checked in")),
    Column("villages", Text("两月都报的村", "Villages in both"), "integer"), Column("predicted", Text("当时预计达标", "Predicted"), "integer"),
    Column("actual", Text("实际达标", "In fact"), "integer"), Column("error", Text("差", "Off by"), "integer"),
)  # fmt: skip
DECIDING = (
    *PLACE,
    Column("period", MONTH.label),
    Column("goal_income", SO_FAR.label, **MONEY),
    Column("short", Text("还差", "Short"), **MONEY),
)
CROSSED = (
    *PLACE,
    Column("before", Text("上月收入", "Last month"), **MONEY),
    Column("after", Text("本月收入", "This month"), **MONEY),
)
NOTED = (
    Column("unit_name", PLACE[0].label), Column("kind", Text("提示", "Note")), Column("org_units", Text("涉及村数", "Villages"), "integer"),
    Column("message", Text("内容", "Finding")),
)  # fmt: skip


def ahead(view: View, villages: pd.DataFrame) -> tuple[Exhibit, Exhibit] | None:
    """The forecast of every village by unit, and the same rule tried on the past; None where there is no goal."""
    found, settings, history = outlooks.outlook(view), house().catalogue.settings, outlooks.history(view)
    if found is None:
        return None
    carried = forecast.by_village(history, view.period, basis=settings.goal_income_basis)
    frame = outlook.grouped(in_band(villages, view.band), carried, settings.goal_threshold)
    table = frame.assign(
        way=frame["rests_on"].map({way: words.say(view.language) for way, words in outlook.RESTS_ON.items()}),
        stands=[outlook.GROUPS[kind][0].say(view.language) for kind in frame["group"]],
    )
    trials = forecast.tested(history, view.period, threshold=settings.goal_threshold, basis=settings.goal_income_basis)
    title = outlook.by_unit_title(found) if view.band is None else outlook.group_title(frame)
    by_unit = Exhibit("forecast_units", title, outlook.by_unit(frame, view.period, view.language), SOURCE, table, AHEAD,
                      note=outlook.tested_words(found) if view.band is None else None)  # fmt: skip
    tried = Exhibit("forecast_trials", outlook.trials_title(trials, 12 - view.period.month), outlook.trials(trials, view.language), SOURCE,
                    trials, TRIALS, note=Text("只比较两个月都报的村", "Only villages that reported both months"))  # fmt: skip
    return told(by_unit, view.band), tried


def deciding(view: View, villages: pd.DataFrame) -> tuple[Exhibit, Exhibit] | None:
    """The villages that decide the goal, with amounts; and the villages that hold most of the income (of the band picked)."""
    found, threshold, spoken = outlooks.outlook(view), house().catalogue.settings.goal_threshold, view.language
    if found is None:
        return None
    newest = forecast.latest(outlooks.history(view), view.period)
    nearest = _named(only(forecast.cheapest(newest, found.gap_known, threshold=threshold), villages, view.band), view)
    title = village_lists.deciding_title(nearest, found) if view.band is None else village_lists.deciding_part(nearest, found)
    decide = Exhibit(
        "deciding",
        title,
        village_lists.deciding(nearest, view.period, threshold=threshold, language=spoken),
        SOURCE,
        nearest,
        DECIDING,
        note=village_lists.deciding_note(len(nearest)),
    )
    now = only(newest[newest["period"] == str(view.period)], villages, view.band)
    first, part = comparing.concentration(now, village_lists.how_many(len(now)))
    first = _named(first, view)
    most = Exhibit("top_villages", village_lists.top_title(first, part, len(now)), village_lists.top(first, language=spoken), SOURCE,
                   first, (*PLACE, Column("goal_income", SO_FAR.label, **MONEY)), note=Text("万元,本年累计", "10,000 yuan, year to date"))  # fmt: skip
    return told(decide, view.band), told(most, view.band)


def crossings(view: View, villages: pd.DataFrame) -> Exhibit:
    """The villages whose band changed since last month, by name, among those that reported both (and stood or stand in the band picked)."""
    then = view.period.previous
    both = comparing.pair(outlooks.history(view), view.period, then) if then.year == view.period.year else pd.DataFrame(
        columns=["unit", "org_unit", "before", "after"])  # fmt: skip
    if view.band is not None:  # who was in the band, and who is
        inside = [
            view.band in {str(comparing.band(value) + 1) for value in pair}
            for pair in zip(both["before"], both["after"], strict=True)
        ]
        both = both[inside].reset_index(drop=True)
    crossed = _named(comparing.crossings(both), view)
    made = Exhibit("crossings", village_lists.crossing_title(crossed, len(both), then), village_lists.crossings(crossed, view.language, crumbs.addresses(view, crossed["org_unit"])), SOURCE,
                   crossed, CROSSED, note=Text("一月份从头累计,不与上年12月比", "January starts anew and is not compared with December"))  # fmt: skip
    return told(made, view.band)


def notes(view: View) -> tuple[Text, pd.DataFrame]:
    """What looks heaped, hurried or stale, as a title and a table."""
    found = outlooks.notes(view)
    found = found[found["id"].isin(list(village_lists.NOTES))]
    stale = readings(view, "township" if view.unit else "county", ("CE13",))[0].value
    table = found.assign(unit_name=[say(view.name(code)) for code in found["unit"]], kind=[say(village_lists.NOTES[id]) for id in found["id"]],
                         message=theme_tables.messages(found, view.language))  # fmt: skip
    return village_lists.notes_title(found["id"].tolist(), stale), table


def _named(frame: pd.DataFrame, view: View) -> pd.DataFrame:
    places = view.catalogue.org_unit
    return frame.assign(unit_name=[places[code].label.say(view.language) for code in frame["unit"]],
                        name=[places[code].label.say(view.language) for code in frame["org_unit"]])  # fmt: skip
