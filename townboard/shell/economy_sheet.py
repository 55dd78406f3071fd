"""The village-economy exhibits of a view: the goal over time and by unit, bands, the line of the goal, income and cooperation."""

from __future__ import annotations

from typing import Any

import pandas as pd

from townboard import forecast, theme_tables
from townboard.charts import economy, economy_words, goal, goal_words, kit
from townboard.downloads import Column
from townboard.shell import outlooks, trends
from townboard.shell.asking import ask, readings
from townboard.shell.banded import in_band, told
from townboard.shell.panels import Exhibit
from townboard.shell.view import View
from townboard.shell.visit import house
from townboard.text import Text, number_of

SOURCE = Text("《村集体经济》(F01)", "Village collective economy (F01)")
MONEY: dict[str, Any] = {"kind": "number", "unit": "万元", "decimals": 2}
PLACE = (Column("unit_name", Text("单位", "Unit")), Column("name", Text("村", "Village")))
INCOME = (
    Column("operating_income", Text("经营性收入", "Operating income"), **MONEY),
    Column("subsidy_income", Text("补助收入", "Subsidies"), **MONEY),
    Column("other_income", Text("其他收入", "Other income"), **MONEY),
    Column("total_income", Text("总收入", "Total income"), **MONEY),
)
STANDING = Column("standing", Text("达标情况", "Standing"))
COOPERATION = Column("cooperation_stage", Text("与神农集团合作", "Cooperation with Shennong"))
ALL = (
    *PLACE, STANDING, *INCOME,
    Column("annual_target", Text("年度目标", "Annual target"), **MONEY),
    Column("last_year_total_income", Text("上年总收入", "Total income last year"), **MONEY),
    Column("last_year_operating_income", Text("上年经营性收入", "Operating income last year"), **MONEY),
    Column("expected_income", Text("预计全年总收入", "Expected full-year income"), **MONEY),
    Column("main_source", Text("主要收入来源", "Main source")), COOPERATION,
    Column("land_compensation", Text("备查:征地补偿款", "Memo: land compensation"), **MONEY), Column("note", Text("备注", "Note")),
)  # fmt: skip
MONTHS = (
    Column("month", Text("月份", "Month")), Column("numerator", Text("达标村", "Villages at the goal"), "integer"),
    Column("numerator_operating", Text("经营性达标村", "On operating income"), "integer"),
    Column("denominator", Text("全部村", "All villages"), "integer"), Column("villages_reported", Text("有数据的村", "With figures"), "integer"),
    Column("value", Text("占比", "Share"), "percent", decimals=1), Column("value_operating", Text("经营性占比", "Operating share"), "percent", decimals=1),
)  # fmt: skip
PACE = Column("pace", Text("时序应达", "Due by then"), "percent", decimals=1)
AHEAD = (
    Column("known", Text("达标村(未报的按上次报数)", "At the goal, the missing by their newest report"), "integer"),
    Column("forecast", Text("预计达标村", "Villages forecast"), "integer"), Column("low", Text("预计下限", "Forecast, low"), "integer"),
    Column("high", Text("预计上限", "Forecast, high"), "integer"),
)  # fmt: skip
DUE = Column("due", Text("村数×30万元×月份/12", "Villages × 300,000 yuan × month/12"), **MONEY)
UNITS = (
    Column("name", Text("单位", "Unit")), Column("reached", Text("达标村", "Villages at the goal"), "integer"),
    Column("reached_operating", Text("经营性达标村", "On operating income"), "integer"),
    Column("villages", Text("全部村", "All villages"), "integer"), Column("villages_reported", Text("有数据的村", "With figures"), "integer"),
)  # fmt: skip


def all_columns(view: View) -> tuple[Column, ...]:
    """The columns of the table of all villages, their income by month among them."""
    line = trends.by_month(view, Text("总收入走势", "Total income by month"), "万元", 2)
    return (*ALL[:7], line, *ALL[7:])


def named(view: View) -> pd.DataFrame:
    """The village rows with names and words in the visitor's language, as charts and tables show them."""
    catalogue, villages = view.catalogue, ask(view, "income_by_village")
    stands = economy.standing_of(villages, catalogue.settings.goal_threshold)
    return villages.assign(
        name=[catalogue.org_unit[code].label.say(view.language) for code in villages["org_unit"]],
        unit_name=[catalogue.org_unit[code].label.say(view.language) for code in villages["unit"]],
        standing=[economy.STANDING[kind][0].say(view.language) for kind in stands],
        stage=villages["cooperation_stage"],
    ).pipe(theme_tables.choices, catalogue.data_set["village_economy"], view.language)


def over_time(view: View) -> Exhibit:
    """The share over the months against the pace of the year and the goals, with the forecast of December."""
    settings, spoken = house().catalogue.settings, view.language
    whole, found = outlooks.whole(view), outlooks.outlook(view)
    basic, highest = (whole.basic, whole.highest) if whole else (None, None)
    first = f"{view.period.year}-01"
    answer = ask(view, "goal_share_by_period", first_period=first)
    year = goal.months_of(answer, first, f"{view.period.year}-12")
    line, rests_on = forecast.pace_line(outlooks.history(view), view.period.year, basic=basic or 0)
    pace = line if basic is not None else None
    months = year[year["period"] <= str(view.period)]
    table = _with_outlook(year, found, str(view.period))
    table["month"] = [kit.month_short(period, spoken) for period in table["period"]]
    table["pace"] = [pace[int(period[5:]) - 1] if pace else float("nan") for period in table["period"]]
    said = Text("时序线按上年各月进度", "the pace is last year's own months")
    if rests_on != forecast.PROFILE:
        said = Text("上年各月数不全,时序线按月份/12", "last year's months are not all there: the pace is month/12")
    note = Text(
        "分母是纳入考核的全部村;空心点:当月有村没有数据;{said}",
        "Of all villages in the denominator; a hollow point: some had no figure; {en}",
    )
    if found is not None and found.older_reached and found.reached:
        said = Text(f"{said.zh};空心菱形:加上未报单位上次报数时已达标的{found.older_reached}个村,共{found.known}个",
                    f"{said.en}; hollow diamond: with {number_of(found.older_reached, 'village')} that missing units had at the goal before: {found.known}")  # fmt: skip
    return Exhibit(
        "goal_months", economy_words.months_title(months, basic, pace, own=rests_on == forecast.PROFILE),
        trends.with_occasions(
            goal.over_months(year, basic=basic, highest=highest, basis=settings.goal_income_basis, language=spoken, pace=pace, ahead=found, own=rests_on == forecast.PROFILE),
            list(year["period"]), "CE01", view),
        SOURCE, table, (*MONTHS, PACE, *AHEAD), alt=goal_words.standing(view.period.label, whole.numerator, whole.denominator, basic) if whole else None,
        note=note.fill(said=said.zh, en=said.en),
    )  # fmt: skip


def _with_outlook(year: pd.DataFrame, found: forecast.Outlook | None, now: str) -> pd.DataFrame:
    """The months up to `now` and December, with what is known of all villages now and what December will bring."""
    december = f"{now[:4]}-12"
    table = year[(year["period"] <= now) | (year["period"] == december)].copy()
    table[["known", "forecast", "low", "high"]] = None
    if found is not None:
        table.loc[table["period"] == str(found.period), "known"] = found.known
        table.loc[table["period"] == december, ["forecast", "low", "high"]] = [found.forecast, found.low, found.high]
    for code in ("known", "forecast", "low", "high"):
        table[code] = pd.to_numeric(table[code], errors="coerce").astype("Int64")
    return table


def by_unit(view: View, villages: pd.DataFrame, band: str | None = None) -> tuple[Exhibit, Exhibit]:
    """The share by unit, and how its villages (of the band picked) stand on both bases, with those that rest on subsidies named."""
    settings, spoken = house().catalogue.settings, view.language
    whole = outlooks.whole(view)
    basic = whole.basic if whole else None
    labels = {code: view.name(code) for code in view.units}
    units = goal.by_units(villages, {code: label.say(spoken) for code, label in labels.items()})
    share = Exhibit("goal_units", goal_words.units_standing(units, labels, basic=basic),
                    goal.by_unit(units, basic=basic, language=spoken, held_back=view.held_back), SOURCE, units, UNITS, wide=True)  # fmt: skip
    villages = in_band(villages, band)
    figure = economy.standing_by_unit(villages, list(units["name"]), threshold=settings.goal_threshold, language=spoken)
    stands = economy.standing_of(villages, settings.goal_threshold)
    helped = [kit.in_unit(row.name, row.unit_name).say(spoken) for row in kit.rows(villages[stands == economy.SUBSIDISED])]
    note = Text("靠补助和其他收入达标:{who}", "Reached only with subsidies and other income: {who}").fill(
        who=theme_tables.names(helped, spoken, 12)
    )
    standing = Exhibit("standing", economy_words.standing_title(villages, settings.goal_threshold), figure, SOURCE, villages,
                       (*PLACE, STANDING, *INCOME), note=note if helped else None, wide=True)  # fmt: skip
    return share, told(standing, band)


def around_the_line(view: View, villages: pd.DataFrame) -> tuple[Exhibit, Exhibit, Exhibit]:
    """Bands, every village around the line, and the near misses by name."""
    threshold, spoken, found = house().catalogue.settings.goal_threshold, view.language, outlooks.outlook(view)
    bands = Exhibit("bands", economy_words.bands_title(villages), economy.bands(villages, language=spoken), SOURCE, villages,
                    (*PLACE, INCOME[-1]), note=Text("档次含下限,不含上限", "Bands include their lower bound"))  # fmt: skip
    villages = in_band(villages, view.band)
    ranked = villages.sort_values(["goal_income", "org_unit"], ascending=[False, True], na_position="last")
    around = Exhibit("around", economy_words.around_title(villages, threshold),
                     economy.around_goal(villages, threshold=threshold, language=spoken), SOURCE, ranked,
                     (*PLACE, STANDING, *INCOME))  # fmt: skip
    near = ranked[(ranked["goal_income"] >= economy.NEAR) & (ranked["goal_income"] < threshold)]
    drawn = near.assign(name=[f"{name}<br>{kit.small(unit)}" for name, unit in zip(near["name"], near["unit_name"], strict=True)])
    misses = Exhibit("near", economy_words.near_title(near, threshold, (found.gap_known if found else 0), old=found.older if found else 0),
                     economy.parts_of_income(drawn, threshold=threshold, language=spoken), SOURCE, near, (*PLACE, *INCOME))  # fmt: skip
    return bands, told(around, view.band), told(misses, view.band)


def income_and_cooperation(view: View, villages: pd.DataFrame) -> tuple[Exhibit, Exhibit]:
    """Income by month against the pace, and cooperation with the Shennong Group by stage."""
    catalogue, spoken = view.catalogue, view.language
    first, threshold = f"{view.period.year}-01", catalogue.settings.goal_threshold
    answer = ask(view, "income_trend_by_unit", first_period=first)
    months = goal.income_months(answer, first, str(view.period), len(villages))
    months["month"] = [kit.month_short(period, spoken) for period in months["period"]]
    months["due"] = months["villages_reported"] * threshold * months["period"].str[5:].astype(int) / 12
    grown = readings(view, "township" if view.unit else "county", ("CE09",))[0].extras.get("change")
    income = Exhibit(
        "income_months", economy_words.income_title(months, threshold), trends.with_occasions(
            economy.by_month(months, threshold=threshold, language=spoken), list(months["period"]), "CE09", view),
        SOURCE, months, (MONTHS[0], INCOME[0], INCOME[-1], MONTHS[4], DUE), note=economy_words.grown(view.period.year_ago, grown),
    )  # fmt: skip
    villages = in_band(villages, view.band)
    counts = {str(stage): int(n) for stage, n in villages["stage"].dropna().value_counts().items()}
    words = {value.zh: value for value in catalogue.data_set["village_economy"].by_code["cooperation_stage"].values}
    cooperation = Exhibit("cooperation", economy_words.cooperation_title(counts, int(villages["reported"].sum()), len(villages)), economy.cooperation(counts, words, language=spoken),
                          SOURCE, villages[villages["stage"].notna()], (*PLACE, COOPERATION))  # fmt: skip
    return income, told(cooperation, view.band)
