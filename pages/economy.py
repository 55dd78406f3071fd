"""Village income: the 60 % goal over time and by unit, bands, the villages around the line, cooperation, every village."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from townboard import access, shell
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


def named(villages: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """The village rows with names and words in the visitor's language, as charts and tables show them."""
    known = shell.house().catalogue.org_unit
    stands = economy.standing_of(villages, threshold)
    return villages.assign(
        name=[shell.say(known[code].label) for code in villages["org_unit"]],
        unit_name=[shell.say(known[code].label) for code in villages["unit"]],
        standing=[shell.say(economy.STANDING[kind][0]) for kind in stands],
        stage=villages["cooperation_stage"],
    ).pipe(choices, shell.house().catalogue.data_set["village_economy"], shell.language())


def page() -> None:
    """Draw the page for what the visitor picked."""
    shell.heading(Text("村集体经济", "Village economy"))
    if not shell.permitted(access.READ):
        return
    shell.banner()
    view = shell.view()
    home, spoken = shell.house(), view.language
    threshold, basis = home.catalogue.settings.goal_threshold, home.catalogue.settings.goal_income_basis
    target = home.catalogue.target("CE01", view.unit or view.county, view.period.year)
    basic, highest = (target.basic, target.highest) if target else (None, None)
    villages = named(shell.ask(view, "income_by_village"), threshold)
    if villages.empty:
        st.info(
            shell.say(Text("所选单位没有村集体经济数据要报。", "The units chosen have no villages to report on.")),
            icon=":material/info:",
        )
        return
    labels = {code: shell.name(code) for code in view.units}
    units = goal.by_units(villages, {code: shell.say(label) for code, label in labels.items()})
    first, last = f"{view.period.year}-01", str(view.period)
    months = goal.months_of(shell.ask(view, "goal_share_by_period", first_period=first), first, last)
    months["month"] = [kit.month_short(period, spoken) for period in months["period"]]
    now = months.iloc[-1]

    shell.chart(
        goal.over_months(months, basic=basic, highest=highest, basis=basis, language=spoken), key="goal_months",
        title=economy_words.months_title(months, basic), source=SOURCE, table=months, columns=MONTHS, view=view,
        alt=goal.standing(view.period.label, now["numerator"], now["denominator"], basic),
        note=Text("分母是纳入考核的全部村;空心点表示当月有村没有数据", "Of all villages in the denominator; a hollow point: some had no figure"),
    )  # fmt: skip
    left, right = st.columns(2)
    with left:
        title = goal.units_standing(units, labels, basic=basic)
        shell.chart(goal.by_unit(units, basic=basic, language=spoken), key="goal_units", title=title, source=SOURCE, alt=title,
                    table=units, columns=UNITS, view=view)  # fmt: skip
    with right:
        title = economy_words.standing_title(villages, threshold)
        shell.chart(economy.standing_by_unit(villages, [shell.say(label) for label in labels.values()], threshold=threshold, language=spoken),
                    key="standing", title=title, source=SOURCE, alt=title, table=villages, columns=(*PLACE, STANDING, *INCOME), view=view)  # fmt: skip
    around(villages, view, threshold, needed=0 if basic is None or kit.missing(now["numerator"])
           else kit.needed(int(now["denominator"]), basic) - int(now["numerator"]))  # fmt: skip
    left, right = st.columns([3, 2])
    with left:
        by_month(view, threshold, first, last, len(villages))
    with right:
        cooperation(villages, view)
    shell.table(villages, ALL, key="villages", view=view, source=SOURCE, height=420,
                title=Text("全部{n}个村的数据", "All {n} villages").fill(n=len(villages)))  # fmt: skip


def around(villages: pd.DataFrame, view: shell.View, threshold: float, needed: int) -> None:
    """Bands, every village around the line, and the near misses by name."""
    spoken = view.language
    left, right = st.columns(2)
    with left:
        title = economy_words.bands_title(villages)
        shell.chart(economy.bands(villages, language=spoken), key="bands", title=title, source=SOURCE, alt=title, table=villages,
                    columns=(*PLACE, INCOME[-1]), view=view, note=Text("档次含下限,不含上限", "Bands include their lower bound"))  # fmt: skip
    with right:
        title = economy_words.around_title(villages, threshold)
        shell.chart(economy.around_goal(villages, threshold=threshold, language=spoken), key="around", title=title, source=SOURCE,
                    alt=title, table=villages.sort_values("goal_income", na_position="last"), columns=(*PLACE, STANDING, *INCOME), view=view)  # fmt: skip
    near = villages[(villages["goal_income"] >= economy.NEAR) & (villages["goal_income"] < threshold)]
    near = near.sort_values(["goal_income", "org_unit"], ascending=[False, True]).assign(
        name=lambda rows: rows["unit_name"] + " " + rows["name"]
    )
    title = economy_words.near_title(near, threshold, needed)
    shell.chart(economy.parts_of_income(near, threshold=threshold, language=spoken), key="near", title=title, source=SOURCE, alt=title,
                table=near, columns=(PLACE[1], *INCOME), view=view)  # fmt: skip


def by_month(view: shell.View, threshold: float, first: str, last: str, count: int) -> None:
    """Income by month against the pace."""
    answer = shell.ask(view, "income_trend_by_unit", first_period=first)
    sums = ["operating_income", "total_income", "villages_reported"]
    months = goal.months_of(answer.groupby("period", as_index=False)[sums].sum(min_count=1), first, last)
    months["month"] = [kit.month_short(period, view.language) for period in months["period"]]
    months["villages"] = count
    title = economy_words.income_title(months, threshold)
    columns = (MONTHS[0], INCOME[0], INCOME[-1], Column("villages_reported", Text("有数据的村", "With figures"), "integer"))
    shell.chart(economy.by_month(months, threshold=threshold, language=view.language), key="income_months", title=title, source=SOURCE,
                alt=title, table=months, columns=columns, view=view, note=Text("万元,本年累计;斜纹表示当月有村没有数据", "10,000 yuan, year to date; hatched: some villages had no figure"))  # fmt: skip


def cooperation(villages: pd.DataFrame, view: shell.View) -> None:
    """Cooperation with the Shennong Group by stage."""
    counts = {str(stage): int(n) for stage, n in villages["stage"].dropna().value_counts().items()}
    words = {value.zh: value for value in shell.house().catalogue.data_set["village_economy"].by_code["cooperation_stage"].values}
    title = economy_words.cooperation_title(counts)
    shell.chart(economy.cooperation(counts, words, language=view.language), key="cooperation", title=title, source=SOURCE, alt=title,
                table=villages[villages["stage"].notna()], columns=(*PLACE, ALL[-3]), view=view)  # fmt: skip
