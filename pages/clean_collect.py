"""Clean and collect: villages closed, the way of contracts, debts and fees, new resources, the three-assets platform."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from townboard import shell, theme_tables
from townboard.charts import bars, clean_collect, kit
from townboard.downloads import Column
from townboard.indicators import Reading
from townboard.shell import tiles
from townboard.text import Text

MEASURES = {"QH02": "份", "QH03": "万元", "QH04": "万元", "QH05": "亩", "QH08": "份"}
"""The done/due measures, with the unit of both their sides."""
PLATFORM = {"QH11": "村", "QH09": "件"}
TILES = ("QH01", "QH07", "QH04", "QH10")
AMOUNTS = ("fees_due", "fees_recovered", "resource_fees", "debt_locked", "debt_resolved", "debt_written_off", "debt_new")
SOURCE = Text("清化收表(F02)", "Form F02, clean and collect")
PLATFORM_SOURCE = Text("三资平台表(F02-B)", "Form F02-B, three-assets platform")
NOT_CASH = Text("化解债务不等于收到现金,两者从不相加。", "Resolved debt is not cash received; the two are never added.")


def page() -> None:
    """Layout only."""
    if not shell.may_open("clean_collect"):
        return
    shell.heading(Text("清化收与三资", "Clean and collect"),
                  Text("清理合同、化解债务、新增资源收费;建平台、抓监管、抓整改。",
                       "Contracts put right, debts resolved, new resources charged; platform, supervision, rectification."))  # fmt: skip
    shell.banner()
    view = shell.view()
    known = tiles.of_place(view, (*TILES, *MEASURES, *PLATFORM))
    tiles.row(known, TILES)
    villages = theme_tables.named(shell.ask(view, "clean_collect_by_village"), shell.house().catalogue, view.language)
    _new_debt(villages, view)
    _measures(known, view)
    _contracts(villages, view)
    units = theme_tables.by_unit(villages, AMOUNTS, shell.house().catalogue, view.language)
    _money(units, view)
    _by_unit(view)
    _platform(view)
    _villages(villages, view)


def _new_debt(villages: pd.DataFrame, view: shell.View) -> None:
    said = clean_collect.new_debt(villages, view.language)
    if said is not None:
        st.warning(shell.say(said), icon=":material/gpp_maybe:")


def _measures(known: dict[str, Reading], view: shell.View) -> None:
    catalogue = shell.house().catalogue
    readings = [known[id] for id in MEASURES if id in known]
    rows = theme_tables.rated(readings, catalogue, view.language, side_units=MEASURES)
    table, columns = theme_tables.readings_table(readings, catalogue, view.language)
    title = Text("{of} 项工作中 {n} 项已达基本目标", "{n} of {of} measures have reached their basic goal").fill(
        n=theme_tables.reached(readings), of=len(readings))  # fmt: skip
    shell.chart(
        bars.progress(rows, view.language), key="qh_measures", title=title, source=SOURCE, view=view,
        alt=Text("各项工作完成率,标出基本目标和最高目标", "Share done of each measure, with basic and highest goals"), table=table, columns=columns,
    )  # fmt: skip


def _contracts(villages: pd.DataFrame, view: shell.View) -> None:
    data_set = shell.house().catalogue.data_set["clean_collect"]
    codes = [code for code, _, _ in clean_collect.STEPS]
    totals = {code: theme_tables.total(villages, code) for code in codes}
    table = theme_tables.by_unit(villages, codes, shell.house().catalogue, view.language)
    shell.chart(
        clean_collect.flow(totals, view.language), key="qh_flow", title=clean_collect.flow_title(totals), source=SOURCE, view=view, table=table,
        alt=Text("合同从摸排到整改、上线的数量", "Contracts from checked to rectified and online"),
        columns=theme_tables.columns_of(data_set, codes, place=theme_tables.UNIT, unit=False),
    )  # fmt: skip


def _money(units: pd.DataFrame, view: shell.View) -> None:
    data_set = shell.house().catalogue.data_set["clean_collect"]
    came = [total for code in ("fees_recovered", "resource_fees") if (total := theme_tables.total(units, code)) is not None]
    locked, resolved = theme_tables.total(units, "debt_locked"), theme_tables.total(units, "debt_resolved")
    left, right = st.columns(2)
    with left:
        shell.chart(
            clean_collect.cash(units, view.language), key="qh_cash", source=SOURCE, view=view, table=units, note=NOT_CASH,
            title=Text("现金增收 {sum}", "Cash that came in: {sum}").fill(sum=kit.money(sum(came) if came else None)),
            alt=Text("各单位收回承包费和新增资源收费", "Fees recovered and fees from new resources, by unit"),
            columns=theme_tables.columns_of(data_set, ("fees_recovered", "resource_fees"), place=theme_tables.UNIT, unit=False),
        )  # fmt: skip
    with right:
        shell.chart(
            clean_collect.debt(units, view.language), key="qh_debt", source=SOURCE, view=view, table=units,
            title=Text("债务:锁定 {locked},已化解 {done}", "Debt: {locked} locked, {done} resolved").fill(
                locked=kit.money(locked), done=kit.money(resolved)),
            note=Text("其中核销不产生现金。", "Written-off debt brings no cash."),
            alt=Text("各单位锁定、化解和核销的债务", "Debt locked, resolved and written off, by unit"),
            columns=theme_tables.columns_of(data_set, ("debt_locked", "debt_resolved", "debt_written_off", "debt_new"),
                                            place=theme_tables.UNIT, unit=False),
        )  # fmt: skip


def _by_unit(view: shell.View) -> None:
    catalogue = shell.house().catalogue
    choices = ("QH01", *MEASURES)
    picked = st.segmented_control(
        shell.say(Text("按单位看哪一项", "By unit, show")), choices, default="QH01", required=True, key="qh_by_unit",
        format_func={id: catalogue.indicator[id].label.say(view.language) for id in choices}.__getitem__,
    ) or "QH01"  # fmt: skip
    found = [one for one in shell.readings(view, "township", choices) if one.id == picked and one.status != "not_applicable"]
    rows = theme_tables.rated(
        found, catalogue, view.language, of="org_unit", side_units={"QH01": "村", **MEASURES}, reported=view.reported
    )
    table, columns = theme_tables.readings_table(found, catalogue, view.language)
    title = Text("{what}:{of} 个单位中 {n} 个达到基本目标", "{what}: {n} of {of} units have reached the basic goal").fill(
        what=catalogue.indicator[picked].label, n=theme_tables.reached(found), of=len(found))  # fmt: skip
    carried = sum(row.carried for row in rows)
    note = Text(
        "斜纹:{n} 个单位本月未报,只有以前销号的村沿用销号时的数。",
        "Hatched: {n} units sent nothing; only villages closed earlier stand.",
    )
    shell.chart(
        bars.progress(rows, view.language), key="qh_units", source=SOURCE, view=view, table=table, columns=columns, title=title,
        note=note.fill(n=carried) if carried else None, alt=Text("各单位完成率", "Share done by unit"),
    )  # fmt: skip


def _platform(view: shell.View) -> None:
    catalogue = shell.house().catalogue
    data_set = catalogue.data_set["assets_platform"]
    owing = {unit for unit in view.units if data_set in catalogue.owes(unit)}
    frame = theme_tables.named(shell.ask(view, "assets_platform_by_unit"), catalogue, view.language)
    frame = frame[frame["unit"].isin(owing)]
    readings = [r for r in shell.readings(view, "township", tuple(PLATFORM)) if r.org_unit in owing and r.id == "QH09"]
    rows = theme_tables.rated(readings, catalogue, view.language, of="org_unit", side_units=PLATFORM, reported=view.reported)
    raised, handled = theme_tables.total(frame, "alerts_raised"), theme_tables.total(frame, "alerts_handled")
    shell.chart(
        bars.progress(rows, view.language), key="qh_platform", source=PLATFORM_SOURCE, view=view, table=frame,
        title=Text("三资平台预警 {raised} 件,已处置 {handled} 件", "{raised} platform alerts, {handled} handled").fill(
            raised=kit.number(raised), handled=kit.number(handled)),
        alt=Text("各单位预警处置率", "Share of alerts handled, by unit"),
        columns=theme_tables.columns_of(data_set, [e.code for e in data_set.stored], place=theme_tables.UNIT, unit=False),
    )  # fmt: skip


def _villages(villages: pd.DataFrame, view: shell.View) -> None:
    data_set = shell.house().catalogue.data_set["clean_collect"]
    codes = [element.code for element in data_set.stored if element.code != "note"]
    columns = [*theme_tables.columns_of(data_set, codes), Column("closed", Text("已销号", "Closed"), "boolean")]
    closed = int(villages["closed"].fillna(False).sum())
    shell.table(villages, columns, key="qh_villages", view=view, height=420,
                title=Text("各村情况(已销号 {n} 村,数据沿用销号时)", "Village by village ({n} closed: their last figures stand)").fill(n=closed))  # fmt: skip
