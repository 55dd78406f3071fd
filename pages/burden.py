"""Burden reduction: duties, signs, certificates and forms from the baseline to now; and the cells that we ourselves ask for."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from townboard import reporting, shell, theme_tables
from townboard.catalogue import unit_words
from townboard.charts import bars, burden, kit
from townboard.downloads import Column
from townboard.indicators import Reading
from townboard.shell import tiles
from townboard.text import Text

RATES = {"BR01": "项", "BR02": "块", "BR04": "种", "BR03": "个", "BR05": "件"}
SOURCE = Text("基层减负表(F06,季报)", "Form F06, burden reduction (quarterly)")
OWN = Text("本系统报送记录", "The reports sent to this system")
CELLS = [
    Column("name", theme_tables.UNIT), Column("state", theme_tables.STATE),
    Column("typed_cells", Text("填报格数", "Cells typed"), "integer", "格", 0), Column("data_cells", Text("全部数据格", "Data cells"), "integer", "格", 0),
    Column("prefilled", Text("免填率", "Pre-filled share"), "percent", "%", 1), Column("workbook", Text("文件", "Workbook")),
]  # fmt: skip
MONTHS = [
    Column("label", Text("月份", "Month")), Column("reports", Text("已报单位", "Reports"), "integer", "个", 0),
    Column("typed_mean", Text("平均填报格数", "Mean cells typed"), "number", "格", 1),
    Column("typed_most", Text("最多", "Most"), "integer", "格", 0), Column("prefilled", Text("免填率", "Pre-filled share"), "percent", "%", 1),
]  # fmt: skip


def page() -> None:
    """Layout only."""
    if not shell.may_open("burden"):
        return
    shell.heading(Text("基层减负", "Burden reduction"),
                  Text("压减工作事务、牌子、证明和报表;也公开我们自己要求填报的格数。",
                       "Fewer duties, signs, certificates and forms; and, in the open, how many cells we ourselves ask for."))  # fmt: skip
    shell.banner()
    view = shell.view()
    catalogue = shell.house().catalogue
    quarter = catalogue.data_set["burden"].data_period(view.period)
    st.caption(
        shell.say(
            Text("季报:减负数字为{quarter}末。", "Quarterly: the figures are those of {quarter}.").fill(quarter=quarter.label)
        )
    )
    known = tiles.of_place(view, tuple(RATES))
    found = [known[id] for id in RATES if id in known]
    frame = theme_tables.named(shell.ask(view, "burden_by_unit", period=str(quarter)), catalogue, view.language)
    owing = {unit for unit in view.units if catalogue.data_set["burden"] in catalogue.owes(unit)}
    frame = frame[frame["unit"].isin(owing)].reset_index(drop=True)
    left, right = st.columns(2)
    with left:
        _rates(found, view)
    with right:
        _kind(frame, view)
    st.subheader(shell.say(Text("我们自己的负担:每月填报格数", "Our own burden: cells typed each month")), anchor=False)
    _typed(view)


def _rates(found: list[Reading], view: shell.View) -> None:
    catalogue = shell.house().catalogue
    table, columns = theme_tables.readings_table(found, catalogue, view.language)
    counted = [reading for reading in found if reading.value is not None]
    shell.chart(
        bars.progress(theme_tables.rated(found, catalogue, view.language, side_units=RATES), view.language),
        key="br_rates", source=SOURCE, view=view, table=table, columns=columns,
        title=Text("有数据的 {of} 项中,{n} 项已达基本目标", "{n} of the {of:measure|measures} with data have reached the basic goal").fill(
            n=theme_tables.reached(found), of=len(counted)),
        note=catalogue.indicator["BR03"].caveat, alt=Text("各项压减率", "Reduction of each kind"),
    )  # fmt: skip


def _kind(frame: pd.DataFrame, view: shell.View) -> None:
    data_set = shell.house().catalogue.data_set["burden"]
    kind = st.segmented_control(
        shell.say(Text("看哪一类", "Show")), burden.KINDS, default=burden.KINDS[0], required=True, key="br_kind",
        format_func={code: data_set.by_code[f"{code}_now"].label.say(view.language) for code in burden.KINDS}.__getitem__,
    ) or burden.KINDS[0]  # fmt: skip
    element = data_set.by_code[f"{kind}_now"]
    whole = frame[frame[f"{kind}_baseline"].notna() & frame[f"{kind}_now"].notna()]
    before, now = theme_tables.total(whole, f"{kind}_baseline"), theme_tables.total(whole, f"{kind}_now")
    codes = [f"{name}_{side}" for name in burden.KINDS for side in ("baseline", "now")] + [
        "violations_found",
        "violations_corrected",
    ]
    shell.chart(
        burden.before_and_now(frame, kind, view.language, unit_words(element.unit).say(view.language)), key="br_kind_chart", source=SOURCE, view=view, table=frame,
        title=Text("{what}:由 {before} 到 {now}", "{what}: from {before} to {now}").fill(
            what=element.label, before=kit.number(before), now=kit.number(now)),
        note=Text("空心圆为基数,实心圆为现有。", "Open circle: baseline; full circle: now."),
        alt=Text("各单位从基数到现有", "From baseline to now, by unit"),
        columns=theme_tables.columns_of(data_set, codes, place=theme_tables.UNIT, unit=False),
    )  # fmt: skip


def _typed(view: shell.View) -> None:
    catalogue = shell.house().catalogue
    states = shell.ask(view, "report_state_by_unit_month", first_period=str(view.period.plus(-11)))
    target = catalogue.target("BR06", view.county, view.period.year)
    basic, highest = (target.basic, target.highest) if target else (None, None)
    month = theme_tables.named(reporting.cells_of_month(states, view.expected, str(view.period)), catalogue, view.language)
    trend = reporting.cells_by_month(states, [str(month) for month in reporting.months(states, view.period)])
    trend["label"] = [burden.short(period, view.language) for period in trend["period"]]
    mean = trend["typed_mean"].iloc[-1]
    left, right = st.columns(2)
    with left:
        shell.chart(
            burden.typed_cells(month, view.language, basic=basic, highest=highest), key="br_cells", source=OWN, view=view, table=month,
            title=Text("{month}平均每单位填 {mean} 格", "{mean} cells typed per unit in {month}").fill(
                month=view.period.label, mean=kit.number(mean, 1)),
            note=catalogue.indicator["BR06"].caveat, alt=Text("各单位填报格数", "Cells typed by unit"), columns=CELLS,
        )  # fmt: skip
    with right:
        shell.chart(
            burden.typed_by_month(trend, view.language, basic=basic, highest=highest), key="br_months", source=OWN, view=view, table=trend,
            title=Text("近 {n} 个月免填率:{share}", "Pre-filled share over {n:month|months}: {share}").fill(
                n=len(trend), share=reporting.prefilled(trend)),
            note=Text("空缺的月份没有报送。", "A gap is a month without reports."),
            alt=Text("每月平均填报格数", "Mean cells typed by month"), columns=MONTHS,
        )  # fmt: skip
