"""One village or community on the township's page: its figures month by month, form by form; every number opens its source."""

from __future__ import annotations

import pandas as pd

from townboard import exploring
from townboard.catalogue import DataSet
from townboard.charts import economy, kit
from townboard.downloads import Column
from townboard.periods import Period, span
from townboard.shell import tracing
from townboard.shell.asking import ask, drawn, seen_data_sets
from townboard.shell.panels import Exhibit, cells, show
from townboard.shell.view import View
from townboard.shell.visit import house
from townboard.text import Text

_HIDDEN = {"unit_name", "name"}


def draw(view: View) -> None:
    """Everything the visitor may see of the place that the view looks at."""
    catalogue = view.catalogue
    place = catalogue.org_unit[view.village or ""]
    forms = [form for form in catalogue.owes(place.parent)
             if form.rows == place.level and form.code in seen_data_sets() and form.code in exploring.QUERIES]  # fmt: skip
    for form in forms:
        frame = drawn(view, f"place {form.code}", lambda form=form: months(view, form), view.village)  # type: ignore[misc]
        if form.code == "village_economy":
            show(drawn(view, "place income", lambda frame=frame: income(view, frame), view.village), view)  # type: ignore[misc]
        _table(view, form, frame)


def months(view: View, form: DataSet) -> pd.DataFrame:
    """The place's rows of the year so far, newest month first, as `exploring.rows` gives them."""
    every = exploring.periods(view.period, "year", form)
    answers = {str(month): ask(view, exploring.QUERIES[form.code], period=str(month)) for month in every}
    notes = {str(month): ask(view, "value_notes_by_period", period=str(month), data_set=form.code) for month in every}
    own = {month: found[found["org_unit"] == view.village] for month, found in answers.items()}
    return exploring.rows(form, own, notes, view.catalogue, view.language)


def income(view: View, frame: pd.DataFrame) -> Exhibit:
    """Income by month against the pace of the goal, with how it stands."""
    threshold, spoken = house().catalogue.settings.goal_threshold, view.language
    every = [str(month) for month in span(Period(view.period.year, 1), view.period)]
    known = frame.set_index("period")[["operating_income", "total_income"]].apply(pd.to_numeric, errors="coerce").reindex(every)
    table = known.rename_axis("period").reset_index()
    table["villages"] = 1
    table["villages_reported"] = table["operating_income"].notna().map({True: 1.0, False: None})
    table["month"] = [kit.month_short(period, spoken) for period in table["period"]]
    money = {"kind": "number", "unit": "万元", "decimals": 2}
    heads = (Column("month", Text("月份", "Month")), Column("operating_income", Text("经营性收入", "Operating income"), **money),  # type: ignore[arg-type]
             Column("total_income", Text("总收入", "Total income"), **money))  # type: ignore[arg-type]  # fmt: skip
    return Exhibit(
        "place_income", stands(view, table, threshold), economy.by_month(table, threshold=threshold, language=spoken),
        Text("《村集体经济》(F01)", "Village collective economy (F01)"), table, heads,
    )  # fmt: skip


def stands(view: View, table: pd.DataFrame, threshold: float) -> Text:
    """`大北村10月累计总收入 26.00 万元,距30万元还差 4.00 万元`; by the income that counts for the goal."""
    place, month = view.name(view.village or ""), view.period.label
    counts = house().catalogue.settings.goal_income_basis
    total = kit.blank(table[f"{counts}_income"].iloc[-1])
    if total is None:
        return Text("{place}{month}没有收入数据", "{place}: no income figure for {month}").fill(place=place, month=month)
    words = Text("{place}{month}累计收入 {sum},{more}", "{place}, {month}: income so far {sum}, {more}")
    more = Text("已达到30万元", "at 300,000 yuan")
    if total < threshold:
        more = Text("距30万元还差 {gap}", "{gap} short of 300,000 yuan").fill(gap=kit.money(threshold - total))
    return words.fill(place=place, month=month, sum=kit.money(total), more=more)


def _table(view: View, form: DataSet, frame: pd.DataFrame) -> None:
    key = f"place_{form.code}"
    heads = [column for column in exploring.columns(form, frame) if column.code not in _HIDDEN]
    title = Text("{form}:{n} 个月,点一个数,看它从哪里来", "{form}: {n:month|months}; click a number to see where it comes from")
    picked = cells(
        frame, heads, key=key, view=view, title=title.fill(form=form.label, n=len(frame)),
        source=Text(f"《{form.sheet}》({form.form})", f"{form.label.en} ({form.form})"),
        note=Text("空格不是零:“说明”一列写明未报、缺、不涉及。", "An empty cell is not zero: the remarks say not reported, missing or does not apply."),
    )  # fmt: skip
    fresh = tracing.newly(f"{key}_{view.village}", picked)
    if fresh is not None and view.village and view.unit:
        tracing.opened(view, view.unit, form.code, view.village, fresh[1], period=Period.parse(frame["period"].iloc[fresh[0]]))
