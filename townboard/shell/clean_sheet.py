"""The clean-and-collect exhibits of a view: the frozen first half, the second half's measures, contracts, money, platform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from townboard import theme_tables
from townboard.charts import bars, clean_collect, kit
from townboard.charts import contracts as way
from townboard.downloads import Column
from townboard.indicators import Reading
from townboard.shell.asking import ask, per_view, readings
from townboard.shell.panels import Exhibit
from townboard.shell.view import View
from townboard.shell.visit import house, say
from townboard.text import Text, listed

PARTS = {
    "QH08": Text("建平台", "Platform"), "QH11": Text("建平台", "Platform"), "QH09": Text("抓监管", "Supervision"),
    "QH02": Text("抓整改", "Rectification"), "QH03": Text("收欠费", "Fees"), "QH04": Text("化债务", "Debt"), "QH05": Text("收新增", "New resources"),
}  # fmt: skip
"""The second half's measures, each with the task it belongs to (建平台、抓监管、抓整改, and what the first half left to collect)."""
SIDES = {"QH01": "村", "QH02": "份", "QH03": "万元", "QH04": "万元", "QH05": "亩", "QH08": "份", "QH09": "件", "QH11": "村"}
"""The unit of both sides of each share."""
SOURCE = Text("清化收表(F02)", "Form F02, clean and collect")
PLATFORM_SOURCE = Text("三资平台表(F02-B)", "Form F02-B, three-assets platform")
BASELINE_SOURCE = Text("县里的名录和清化收表(F02)", "The county's register and form F02")
NOT_CASH = Text("化解债务不等于收到现金,两者从不相加。", "Resolved debt is not cash received; the two are never added.")
AMOUNTS = ("fees_due", "fees_recovered", "resource_fees", "debt_locked", "debt_resolved", "debt_written_off", "debt_new")
BASELINE = (
    Column("label", Text("摸底内容", "What was found")),
    Column("total", Text("基数", "Baseline"), "number", decimals=2),
    Column("unit", Text("计量单位", "Unit of measure")),
    Column("villages", Text("有基数的村", "Villages with one"), "integer"),
)


@per_view
def villages(view: View) -> pd.DataFrame:
    """Every village's row with names."""
    return theme_tables.named(ask(view, "clean_collect_by_village"), view.catalogue, view.language, view.held_back)


def first_half(view: View, frame: pd.DataFrame) -> Exhibit:
    """The baseline, and since when it is frozen."""
    data_set, register = house().catalogue.data_set["clean_collect"], ask(view, "baseline_by_village")
    sums = clean_collect.baseline(
        clean_collect.kept(register, frame), [data_set.by_code[code] for code in clean_collect.BASELINES]
    )
    names = dict(zip(frame["org_unit"], frame["name"], strict=True))
    return Exhibit(
        "qh_baseline", clean_collect.baseline_title(sums), clean_collect.baseline_board(sums, len(frame), view.language), BASELINE_SOURCE, sums,
        BASELINE, note=clean_collect.frozen(register, names, view.language),
    )  # fmt: skip


def carried(view: View) -> dict[str, Text]:
    """Indicator → what its number holds of units without a report this month: villages closed before (QH01)."""
    found = [one for one in readings(view, "township", ("QH01",)) if one.org_unit not in view.reported and one.numerator]
    words = Text("含{n}个没有本月数据的单位以前销号的{v}个村",
                 "with {v:village|villages} closed before in {n:unit|units} without figures this month").fill(
        n=len(found), v=kit.number(sum(one.numerator or 0 for one in found)))  # fmt: skip
    return {"QH01": words} if found else {}


def second_half(view: View, known: dict[str, Reading]) -> Exhibit:
    """The measures as done of due with both goals, each under its task, and the villages that publish their accounts."""
    catalogue, spoken = view.catalogue, view.language
    found = [known[id] for id in PARTS if id in known and known[id].status != "not_applicable"]
    rows = theme_tables.rated(found, catalogue, spoken, side_units=SIDES)
    named = [replace(row, under=PARTS[reading.id].say(spoken)) for reading, row in zip(found, rows, strict=True)]
    table, columns = theme_tables.readings_table(found, catalogue, spoken)
    title = Text(
        "下半篇(进展):{of} 项中 {n} 项已达基本目标", "Second half: {n} of {of:measure has|measures have} reached their basic goal"
    )
    counted = [one for one in found if one.value is not None]
    short = [catalogue.indicator[one.id].label for one in counted if one.status not in ("basic_reached", "highest_reached")]
    if not counted:
        title = Text("下半篇(进展):{of} 项都没有本月数据", "Second half: none of {of:measure|measures} has a figure this month")
    for left, there in (
        (Text(",未达:{who}", "; not yet: {who}").fill(who=listed(short)), short),
        (
            Text(";{n} 项没有数据", "; {n:measure|measures} without data").fill(n=len(found) - len(counted)),
            counted and len(found) > len(counted),
        ),
    ):
        if there:
            title = Text(title.zh + left.zh, title.en + left.en)
    return Exhibit(
        "qh_measures", title.fill(n=theme_tables.reached(found), of=len(counted) or len(found)), bars.progress(named, spoken), SOURCE, table, columns,
        alt=Text("各项工作完成率,标出基本目标和最高目标", "Share done of each measure, with basic and highest goals"),
        note=Text("建平台、抓监管、抓整改,以及欠费、债务和新增资源;分母只含有数据的村。", "Platform, supervision, rectification; fees, debt, new resources. Of villages with figures only."),
    )  # fmt: skip


def contracts(view: View, frame: pd.DataFrame) -> Exhibit:
    """The way of the contracts, with what falls away between two stages."""
    data_set = house().catalogue.data_set["clean_collect"]
    totals, partly = way.totals_of(frame)
    return Exhibit(
        "qh_flow", clean_collect.of_villages(way.flow_title(totals), int(frame["contracts_checked"].notna().sum()), len(frame)), way.flow(totals, view.language), SOURCE,
        theme_tables.by_unit(frame, way.CONTRACTS, view.catalogue, view.language, view.held_back),
        theme_tables.columns_of(data_set, way.CONTRACTS, place=theme_tables.UNIT, unit=False),
        note=way.flow_note(partly), alt=Text("合同从摸排到整改、上线的数量", "Contracts from checked to rectified and online"),
    )  # fmt: skip


def money(view: View, frame: pd.DataFrame) -> tuple[Exhibit, Exhibit]:
    """Cash that came in, and debt: two exhibits that are never added up."""
    data_set, spoken = house().catalogue.data_set["clean_collect"], view.language
    units = theme_tables.by_unit(frame, AMOUNTS, view.catalogue, spoken, view.held_back)
    known = {code: int(frame[code].notna().sum()) for code in AMOUNTS}
    came = [total for code in ("fees_recovered", "resource_fees") if (total := theme_tables.total(units, code)) is not None]
    cash = Exhibit(
        "qh_cash", clean_collect.of_villages(
            Text("现金增收 {sum}", "Cash that came in: {sum}").fill(sum=kit.money(sum(came) if came else None)),
            known["fees_recovered"], len(frame)),
        clean_collect.cash(units, spoken), SOURCE, units,
        theme_tables.columns_of(data_set, ("fees_due", "fees_recovered", "resource_fees"), place=theme_tables.UNIT, unit=False),
        note=NOT_CASH, alt=Text("各单位收回承包费和新增资源收费", "Fees recovered and fees from new resources, by unit"),
    )  # fmt: skip
    debt = Exhibit(
        "qh_debt", clean_collect.of_villages(Text("债务:锁定 {locked},已化解 {done}", "Debt: {locked} locked, {done} resolved").fill(
            locked=kit.money(theme_tables.total(units, "debt_locked")), done=kit.money(theme_tables.total(units, "debt_resolved"))),
            known["debt_locked"], len(frame)),
        clean_collect.debt(units, spoken), SOURCE, units,
        theme_tables.columns_of(data_set, ("debt_locked", "debt_resolved", "debt_written_off", "debt_new"), place=theme_tables.UNIT, unit=False),
        note=Text("其中核销不产生现金。每行数字:锁定 → 已化解 → 其中核销(万元)。", "Written-off debt brings no cash. On each row: locked → resolved → of it written off (10,000 yuan)."),
        alt=Text("各单位锁定、化解和核销的债务", "Debt locked, resolved and written off, by unit"),
    )  # fmt: skip
    return cash, debt


def by_unit(view: View, picked: str) -> Exhibit:
    """One share by unit."""
    catalogue = view.catalogue
    found = [one for one in readings(view, "township", tuple(SIDES)) if one.id == picked and one.status != "not_applicable"]
    rows = theme_tables.rated(
        found, catalogue, view.language, of="org_unit", side_units=SIDES, reported=view.reported, held_back=view.held_back
    )
    table, columns = theme_tables.readings_table(found, catalogue, view.language)
    title = Text("{what}:{of} 个单位中 {n} 个达到基本目标", "{what}: {n} of {of:unit has|units have} reached the basic goal").fill(
        what=catalogue.indicator[picked].label, n=theme_tables.reached(found), of=len(found))  # fmt: skip
    carried = sum(row.carried for row in rows)
    note = Text("斜纹:{n} 个单位没有本月数据,只有以前销号的村沿用销号时的数。",
                "Hatched: {n:unit has|units have} no figures this month; only villages closed earlier stand.").fill(n=carried)  # fmt: skip
    return Exhibit("qh_units", title, bars.progress(rows, view.language), platform_or(picked), table, columns,
                   note=note if carried else None, alt=Text("各单位完成率", "Share done by unit"))  # fmt: skip


def platform_or(id: str) -> Text:
    """The form an indicator rests on."""
    return PLATFORM_SOURCE if house().catalogue.indicator[id].source == "assets_platform" else SOURCE


def platform(view: View) -> Exhibit:
    """The three-assets platform: villages on it and publishing their accounts by unit; alerts and trades in words and in the table."""
    catalogue = view.catalogue
    data_set = catalogue.data_set["assets_platform"]
    owing = [unit for unit in view.units if data_set in catalogue.owes(unit)]
    frame = theme_tables.named(ask(view, "assets_platform_by_unit"), catalogue, view.language, view.held_back)
    frame = frame[frame["unit"].isin(owing)].reset_index(drop=True)
    frame["villages"] = [len(catalogue.children(unit, "village")) for unit in frame["unit"]]
    codes: Sequence[str] = [element.code for element in data_set.stored]
    columns = theme_tables.columns_of(data_set, codes, place=theme_tables.UNIT, unit=False)
    columns.insert(2, Column("villages", Text("村数", "Villages"), "integer"))
    return Exhibit(
        "qh_platform", clean_collect.platform_title(frame), clean_collect.platform(frame, view.language), PLATFORM_SOURCE, frame, columns,
        note=clean_collect.platform_words(frame), alt=Text("各单位接入平台和按月公开财务的村", "Villages on the platform and publishing accounts, by unit"),
    )  # fmt: skip


def new_debt(view: View, frame: pd.DataFrame) -> tuple[str, bool] | None:
    """What is said of new debt and whether there is any; None where nothing is known."""
    some, none = clean_collect.new_debt(frame, view.language), clean_collect.no_new_debt(frame)
    if some is not None:
        return say(some), True
    return (say(none), False) if none is not None else None


def village_columns() -> list[Column]:
    """Every figure of a village, and whether it is closed."""
    data_set = house().catalogue.data_set["clean_collect"]
    codes = [element.code for element in data_set.stored if element.code != "note"]
    return [*theme_tables.columns_of(data_set, codes), Column("closed", Text("已销号", "Closed"), "boolean")]
