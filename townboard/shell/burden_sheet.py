"""The burden exhibits of a view: what was reduced since the baseline, kind by kind; and the cells that we ourselves ask for."""

from __future__ import annotations

import pandas as pd

from townboard import reporting, theme_tables
from townboard.catalogue import Indicator, unit_words
from townboard.charts import bars, burden, kit
from townboard.downloads import Column
from townboard.periods import Period
from townboard.shell import tiles
from townboard.shell.asking import ask, per_view
from townboard.shell.panels import Exhibit
from townboard.shell.view import View
from townboard.shell.visit import house
from townboard.text import Text

RATES = {"BR01": "项", "BR02": "块", "BR04": "种", "BR03": "个", "BR05": "件"}
SOURCE = Text("基层减负表(F06,季报)", "Form F06, burden reduction (quarterly)")
OWN = Text("本系统报送记录", "The reports sent to this system")
CELLS = (
    Column("name", theme_tables.UNIT), Column("state", theme_tables.STATE),
    Column("typed_cells", Text("填报格数", "Cells typed"), "integer", "格", 0), Column("data_cells", Text("全部数据格", "Data cells"), "integer", "格", 0),
    Column("prefilled", Text("免填率", "Pre-filled share"), "percent", "%", 1), Column("workbook", Text("文件", "Workbook")),
)  # fmt: skip
MONTHS = (
    Column("label", Text("月份", "Month")), Column("reports", Text("已报单位", "Reports"), "integer", "个", 0),
    Column("typed_mean", Text("平均填报格数", "Mean cells typed"), "number", "格", 1),
    Column("typed_most", Text("最多", "Most"), "integer", "格", 0), Column("prefilled", Text("免填率", "Pre-filled share"), "percent", "%", 1),
)  # fmt: skip


def quarter(view: View) -> Period:
    """The month whose figures stand for the view's: the form is quarterly."""
    return house().catalogue.data_set["burden"].data_period(view.period)


@per_view
def units(view: View) -> pd.DataFrame:
    """The units that owe the form, in official order, with names."""
    catalogue = view.catalogue
    frame = theme_tables.named(ask(view, "burden_by_unit", period=str(quarter(view))), catalogue, view.language)
    owing = {unit for unit in view.units if catalogue.data_set["burden"] in catalogue.owes(unit)}
    return frame[frame["unit"].isin(owing)].reset_index(drop=True)


@per_view
def rates(view: View) -> Exhibit:
    """How far each kind was reduced, against its goals."""
    catalogue, known = view.catalogue, tiles.of_place(view, tuple(RATES))
    found = [known[id] for id in RATES if id in known]
    counted = [reading for reading in found if reading.value is not None]
    title = Text(
        "有数据的 {of} 项中,{n} 项已达基本目标", "{n} of the {of:measure|measures} with data have reached the basic goal"
    )
    return Exhibit(
        "br_rates", title.fill(n=theme_tables.reached(found), of=len(counted)),
        bars.progress(theme_tables.rated(found, catalogue, view.language, side_units=RATES), view.language), SOURCE,
        *theme_tables.readings_table(found, catalogue, view.language),
        note=_caveat(catalogue.indicator["BR03"]), alt=Text("各项压减率", "Reduction of each kind"),
    )  # fmt: skip


def _caveat(indicator: Indicator) -> Text | None:
    """What is to be known of one of several measures, with its name."""
    if indicator.caveat is None:
        return None
    return Text(f"{indicator.label.zh}:{indicator.caveat.zh}", f"{indicator.label.en}: {indicator.caveat.en}")


def _and_sides(caveat: Text | None) -> Text:
    """The caveat with what the two numbers of a row are."""
    sides = Text("每行数字:填报格数 / 全部数据格", "on each row: cells typed / all data cells")
    return sides if caveat is None else Text(f"{caveat.zh};{sides.zh}", f"{caveat.en}; {sides.en}")


@per_view
def before_and_now(view: View, kind: str) -> Exhibit:
    """One kind (`charts.burden.KINDS`) by unit, from the baseline to now."""
    data_set, frame = house().catalogue.data_set["burden"], units(view)
    element = data_set.by_code[f"{kind}_now"]
    whole = frame[frame[f"{kind}_baseline"].notna() & frame[f"{kind}_now"].notna()]
    before, now = theme_tables.total(whole, f"{kind}_baseline"), theme_tables.total(whole, f"{kind}_now")
    codes = [f"{name}_{side}" for name in burden.KINDS for side in ("baseline", "now")]
    codes += ["violations_found", "violations_corrected"]
    return Exhibit(
        "br_kind_chart", Text("{what}:由 {before} 到 {now}", "{what}: from {before} to {now}").fill(
            what=element.label, before=kit.number(before), now=kit.number(now)),
        burden.before_and_now(frame, kind, view.language, unit_words(element.unit).say(view.language)), SOURCE, frame,
        theme_tables.columns_of(data_set, codes, place=theme_tables.UNIT, unit=False),
        note=Text("空心圆为基数,实心圆为现有。", "Open circle: baseline; full circle: now."),
        alt=Text("各单位从基数到现有", "From baseline to now, by unit"),
    )  # fmt: skip


@per_view
def typed(view: View) -> tuple[Exhibit, Exhibit]:
    """The cells typed in the view's month by unit, and month by month."""
    catalogue = view.catalogue
    states = ask(view, "report_state_by_unit_month", first_period=str(view.period.plus(-11)))
    target = catalogue.target("BR06", view.county, view.period.year)
    basic, highest = (target.basic, target.highest) if target else (None, None)
    month = theme_tables.named(reporting.cells_of_month(states, view.expected, str(view.period)), catalogue, view.language)
    trend = reporting.cells_by_month(states, [str(month) for month in reporting.months(states, view.period)])
    trend["label"] = [burden.short(period, view.language) for period in trend["period"]]
    return (
        Exhibit(
            "br_cells", Text("{month}平均每单位填 {mean} 格", "{mean} cells typed per unit in {month}").fill(
                month=view.period.label, mean=kit.number(trend["typed_mean"].iloc[-1], 1)),
            burden.typed_cells(month, view.language, basic=basic, highest=highest), OWN, month, CELLS,
            note=_and_sides(catalogue.indicator["BR06"].caveat), alt=Text("各单位填报格数", "Cells typed by unit"),
        ),
        Exhibit(
            "br_months", Text("近 {n} 个月每单位平均填报格数;免填率 {share}", "Cells typed per unit over {n:month|months}; {share} pre-filled").fill(
                n=len(trend), share=reporting.prefilled(trend)),
            burden.typed_by_month(trend, view.language, basic=basic, highest=highest), OWN, trend, MONTHS,
            note=Text("空缺的月份没有报送。", "A gap is a month without reports."), alt=Text("每月平均填报格数", "Mean cells typed by month"),
        ),
    )  # fmt: skip
