"""Village income: the 60 % goal over time and by unit, bands, the villages around the line, cooperation, every village."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from townboard import forecast, shell
from townboard.charts import economy, economy_words, goal, kit
from townboard.downloads import Column
from townboard.text import Text
from townboard.theme_tables import choices

SOURCE = Text("《村集体经济》(F01)", "Village collective economy (F01)")
MONEY = {"kind": "number", "unit": "万元", "decimals": 2}
PLACE = (Column("unit_name", Text("单位", "Unit")), Column("name", Text("村", "Village")))
INCOME = (
    Column("operating_income", Text("经营性收入", "Operating income"), **MONEY),
    Column("subsidy_income", Text("补助收入", "Subsidies"), **MONEY),
    Column("other_income", Text("其他收入", "Other income"), **MONEY),
    Column("total_income", Text("总收入", "Total income"), **MONEY),
)
STANDING = Column("standing", Text("达标情况", "Standing"))
ALL = (
    *PLACE, STANDING, *INCOME,
    Column("annual_target", Text("年度目标", "Annual target"), **MONEY),
    Column("last_year_total_income", Text("上年总收入", "Total income last year"), **MONEY),
    Column("last_year_operating_income", Text("上年经营性收入", "Operating income last year"), **MONEY),
    Column("expected_income", Text("预计全年总收入", "Expected full-year income"), **MONEY),
    Column("main_source", Text("主要收入来源", "Main source")), Column("cooperation_stage", Text("与神农集团合作", "Cooperation with Shennong")),
    Column("land_compensation", Text("备查:征地补偿款", "Memo: land compensation"), **MONEY), Column("note", Text("备注", "Note")),
)  # fmt: skip
MONTHS = (
    Column("month", Text("月份", "Month")), Column("numerator", Text("达标村", "Villages at the goal"), "integer"),
    Column("numerator_operating", Text("经营性达标村", "On operating income"), "integer"),
    Column("denominator", Text("全部村", "All villages"), "integer"), Column("villages_reported", Text("有数据的村", "With figures"), "integer"),
    Column("value", Text("占比", "Share"), "percent", decimals=1), Column("value_operating", Text("经营性占比", "Operating share"), "percent", decimals=1),
)  # fmt: skip
UNITS = (
    Column("name", Text("单位", "Unit")), Column("reached", Text("达标村", "Villages at the goal"), "integer"),
    Column("reached_operating", Text("经营性达标村", "On operating income"), "integer"),
    Column("villages", Text("全部村", "All villages"), "integer"), Column("villages_reported", Text("有数据的村", "With figures"), "integer"),
)  # fmt: skip


def page() -> None:
    """Draw the page for what the visitor picked."""
    shell.heading(Text("村集体经济", "Village economy"))
    if not shell.may_open("economy"):
        return
    shell.banner()
    view = shell.view()
    villages = shell.drawn(view, "economy villages", lambda: named(view))
    if villages.empty:
        words = Text("所选单位没有村集体经济数据要报。", "The units chosen have no villages to report on.")
        st.info(shell.say(words), icon=":material/info:")
        return
    over_time, by_unit, standing, needed = shell.drawn(view, "economy goal", lambda: the_goal(view, villages))
    bands, around, near = shell.drawn(view, "economy line", lambda: around_the_line(view, villages, needed))
    income, cooperation = shell.drawn(view, "economy income", lambda: income_and_cooperation(view, villages))
    shell.show(over_time, view)
    for widths, pair in (
        ((1, 1), (by_unit, standing)),
        ((1, 1), (bands, around)),
        ((1,), (near,)),
        ((3, 2), (income, cooperation)),
    ):
        for place, exhibit in zip(st.columns(widths), pair, strict=True):
            with place:
                shell.show(exhibit, view)
    shell.table(villages, ALL, key="villages", view=view, source=SOURCE, height=420,
                title=Text("全部{n}个村的数据", "All {n} villages").fill(n=len(villages)))  # fmt: skip


def named(view: shell.View) -> pd.DataFrame:
    """The village rows with names and words in the visitor's language, as charts and tables show them."""
    catalogue, villages = shell.house().catalogue, shell.ask(view, "income_by_village")
    stands = economy.standing_of(villages, catalogue.settings.goal_threshold)
    return villages.assign(
        name=[catalogue.org_unit[code].label.say(view.language) for code in villages["org_unit"]],
        unit_name=[catalogue.org_unit[code].label.say(view.language) for code in villages["unit"]],
        standing=[economy.STANDING[kind][0].say(view.language) for kind in stands],
        stage=villages["cooperation_stage"],
    ).pipe(choices, catalogue.data_set["village_economy"], view.language)


def the_goal(view: shell.View, villages: pd.DataFrame) -> tuple[shell.Exhibit, shell.Exhibit, shell.Exhibit, int]:
    """The share over the months, by unit, and on both bases; and how many villages the goal still needs."""
    settings, spoken = shell.house().catalogue.settings, view.language
    whole = shell.readings(view, "township" if view.unit else "county", ("CE01",))[0]
    labels = {code: shell.name(code) for code in view.units}
    units = goal.by_units(villages, {code: label.say(spoken) for code, label in labels.items()})
    first = f"{view.period.year}-01"
    answer = shell.ask(view, "goal_share_by_period", first_period=first)
    year = goal.months_of(answer, first, f"{view.period.year}-12")
    months = year[year["period"] <= str(view.period)].copy()
    months["month"] = [kit.month_short(period, spoken) for period in months["period"]]
    over_time = shell.Exhibit(
        "goal_months", economy_words.months_title(months, whole.basic),
        goal.over_months(year, basic=whole.basic, highest=whole.highest, basis=settings.goal_income_basis, language=spoken),
        SOURCE, months, MONTHS, alt=goal.standing(view.period.label, whole.numerator, whole.denominator, whole.basic),
        note=Text("分母是纳入考核的全部村;空心点表示当月有村没有数据", "Of all villages in the denominator; a hollow point: some had no figure"),
    )  # fmt: skip
    by_unit = shell.Exhibit("goal_units", goal.units_standing(units, labels, basic=whole.basic),
                            goal.by_unit(units, basic=whole.basic, language=spoken), SOURCE, units, UNITS)  # fmt: skip
    figure = economy.standing_by_unit(villages, list(units["name"]), threshold=settings.goal_threshold, language=spoken)
    standing = shell.Exhibit("standing", economy_words.standing_title(villages, settings.goal_threshold), figure, SOURCE, villages,
                             (*PLACE, STANDING, *INCOME))  # fmt: skip
    known = whole.basic is not None and whole.numerator is not None and whole.denominator
    needed = forecast.needed(int(whole.denominator), whole.basic) - int(whole.numerator) if known else 0
    return over_time, by_unit, standing, needed


def around_the_line(view: shell.View, villages: pd.DataFrame, needed: int) -> tuple[shell.Exhibit, shell.Exhibit, shell.Exhibit]:
    """Bands, every village around the line, and the near misses by name."""
    threshold, spoken = shell.house().catalogue.settings.goal_threshold, view.language
    bands = shell.Exhibit("bands", economy_words.bands_title(villages), economy.bands(villages, language=spoken), SOURCE, villages,
                          (*PLACE, INCOME[-1]), note=Text("档次含下限,不含上限", "Bands include their lower bound"))  # fmt: skip
    ranked = villages.sort_values(["goal_income", "org_unit"], ascending=[False, True], na_position="last")
    around = shell.Exhibit("around", economy_words.around_title(villages, threshold),
                           economy.around_goal(villages, threshold=threshold, language=spoken), SOURCE, ranked,
                           (*PLACE, STANDING, *INCOME))  # fmt: skip
    near = ranked[(ranked["goal_income"] >= economy.NEAR) & (ranked["goal_income"] < threshold)]
    drawn = near.assign(name=near["name"] + "<br><span style='font-size:12px'>" + near["unit_name"] + "</span>")
    misses = shell.Exhibit("near", economy_words.near_title(near, threshold, needed),
                           economy.parts_of_income(drawn, threshold=threshold, language=spoken), SOURCE, near, (*PLACE, *INCOME))  # fmt: skip
    return bands, around, misses


def income_and_cooperation(view: shell.View, villages: pd.DataFrame) -> tuple[shell.Exhibit, shell.Exhibit]:
    """Income by month against the pace, and cooperation with the Shennong Group by stage."""
    catalogue, spoken = shell.house().catalogue, view.language
    first, threshold = f"{view.period.year}-01", catalogue.settings.goal_threshold
    answer = shell.ask(view, "income_trend_by_unit", first_period=first)
    sums = answer.groupby("period", as_index=False)[["operating_income", "total_income", "villages_reported"]].sum(min_count=1)
    months = goal.months_of(sums, first, str(view.period)).assign(villages=len(villages))
    months["month"] = [kit.month_short(period, spoken) for period in months["period"]]
    income = shell.Exhibit(
        "income_months", economy_words.income_title(months, threshold), economy.by_month(months, threshold=threshold, language=spoken),
        SOURCE, months, (MONTHS[0], INCOME[0], INCOME[-1], MONTHS[4]),
        note=Text("万元,本年累计;斜纹表示当月有村没有数据", "10,000 yuan, year to date; hatched: some villages had no figure"),
    )  # fmt: skip
    counts = {str(stage): int(n) for stage, n in villages["stage"].dropna().value_counts().items()}
    words = {value.zh: value for value in catalogue.data_set["village_economy"].by_code["cooperation_stage"].values}
    cooperation = shell.Exhibit("cooperation", economy_words.cooperation_title(counts), economy.cooperation(counts, words, language=spoken),
                                SOURCE, villages[villages["stage"].notna()], (*PLACE, ALL[-3]))  # fmt: skip
    return income, cooperation
