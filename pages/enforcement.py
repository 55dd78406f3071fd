"""Law enforcement: milestones by unit with their dates, staff, matters exercised, dispatch orders. Cases are context only."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from townboard import shell, theme_tables
from townboard.charts import bars, enforcement, kit
from townboard.indicators import Reading
from townboard.shell import tiles
from townboard.text import Text

TILES = ("LE01", "LE02", "LE03", "LE04")
SOURCE = Text("综合执法表(F03)", "Form F03, law enforcement")
CASES = (
    "cases_simple",
    "cases_general",
    "cases_closed",
    "decisions_overturned",
    "patrols",
    "joint_operations",
    "training_attendance",
)


def page() -> None:
    """Layout only."""
    if not shell.may_open("enforcement"):
        return
    shell.heading(Text("综合行政执法改革", "Law-enforcement reform"),
                  Text("12 个改革节点、人员到岗持证、事项行使和派单办结。",
                       "Twelve milestones, staff on post and certified, items exercised, dispatch orders closed."))  # fmt: skip
    shell.banner()
    view = shell.view()
    home = shell.house()
    frame = theme_tables.named(shell.ask(view, "law_enforcement_by_unit"), home.catalogue, view.language)
    owing = {unit for unit in view.units if home.catalogue.data_set["law_enforcement"] in home.catalogue.owes(unit)}
    frame = frame[frame["unit"].isin(owing)].reset_index(drop=True)
    if frame.empty:
        st.info(shell.say(Text("所选单位不报送综合执法。", "The unit does not report law enforcement.")), icon=":material/info:")
        return
    known = tiles.of_place(view, (*TILES, "LE05", "LE06"))
    tiles.row(known, TILES)
    _milestones(frame, view)
    _staff(frame, view)
    left, right = st.columns(2)
    with left:
        _rate(
            "LE05",
            "项",
            Text("赋权事项:{n}/{of} 项已实际行使", "Items assigned: {n} of {of} exercised"),
            known,
            owing,
            frame,
            view,
        )
    with right:
        _rate(
            "LE06", "件", Text("指挥调度派单:{n}/{of} 件已办结", "Dispatch orders: {n} of {of} closed"), known, owing, frame, view
        )
    _context(frame, view)


def _milestones(frame: pd.DataFrame, view: shell.View) -> None:
    data_set = shell.house().catalogue.data_set["law_enforcement"]
    steps = enforcement.milestones(data_set)
    codes = [step.code for step in steps]
    sent = frame[frame["reported"]]
    counts = [enforcement.counted(row, codes) for _, row in sent.iterrows()]
    core, whole = sum(n == enforcement.CORE for n, _ in counts), sum(n == len(codes) for _, n in counts)
    title = Text("已报的 {of} 个单位中,{core} 个完成核心 8 个节点(8/8),{whole} 个全部完成(12/12)",
                 "Of {of} units that reported, {core} have the core eight (8/8), {whole} have all twelve (12/12)").fill(
        of=len(sent), core=core, whole=whole)  # fmt: skip
    shell.chart(
        enforcement.milestone_matrix(frame, steps, view.language), key="wide_le_milestones", title=title, source=SOURCE, view=view, table=frame,
        note=Text("格内为完成年月;○ 未完成;斜纹 未报。竖线左侧为核心 8 个节点。",
                  "Month reached in each square; ○ not yet; hatched: not reported. The core eight stand left of the line."),
        alt=Text("单位与改革节点矩阵", "Matrix of units and milestones"),
        columns=theme_tables.columns_of(data_set, codes, place=theme_tables.UNIT, unit=False),
    )  # fmt: skip


def _staff(frame: pd.DataFrame, view: shell.View) -> None:
    data_set = shell.house().catalogue.data_set["law_enforcement"]
    codes = ("staff_quota", "staff_on_post", "staff_certified")
    quota, post, held = (theme_tables.total(frame, code) for code in codes)
    shell.chart(
        enforcement.staff(frame, view.language), key="le_staff", source=SOURCE, view=view, table=frame,
        title=Text("核定 {quota} 人,在岗 {post} 人,持证 {held} 人", "{quota} posts, {post} people on post, {held} certified").fill(
            quota=kit.number(quota), post=kit.number(post), held=kit.number(held)),
        note=Text("每行数字:核定 → 在岗 → 持证。", "On each row: quota → on post → certified."),
        alt=Text("各单位编制、在岗和持证人数", "Quota, on post and certified, by unit"),
        columns=theme_tables.columns_of(data_set, codes, place=theme_tables.UNIT, unit=False),
    )  # fmt: skip


def _rate(
    id: str, side: str, title: Text, known: dict[str, Reading], owing: set[str], frame: pd.DataFrame, view: shell.View
) -> None:
    catalogue = shell.house().catalogue
    found = [
        reading
        for reading in shell.readings(view, "township", ("LE05", "LE06"))
        if reading.id == id and reading.org_unit in owing
    ]
    rows = theme_tables.rated(found, catalogue, view.language, of="org_unit", side_units={id: side},
                              reported=list(frame.loc[frame["reported"], "unit"]))  # fmt: skip
    table, columns = theme_tables.readings_table(found, catalogue, view.language)
    whole = known.get(id)
    shell.chart(
        bars.progress(rows, view.language), key=f"le_{id}", source=SOURCE, view=view, table=table, columns=columns,
        title=title.fill(n=kit.number(whole.numerator if whole else None), of=kit.number(whole.denominator if whole else None)),
        alt=catalogue.indicator[id].label, note=catalogue.indicator[id].caveat,
    )  # fmt: skip


def _context(frame: pd.DataFrame, view: shell.View) -> None:
    data_set = shell.house().catalogue.data_set["law_enforcement"]
    shell.table(
        frame, theme_tables.columns_of(data_set, CASES, place=theme_tables.UNIT, unit=False), key="le_cases", view=view,
        title=Text("办案情况(仅供了解)", "Cases, for context only"),
        note=Text("不排名、不评价;不收集罚没金额。", "Never ranked and never scored; no fines are collected."),
    )  # fmt: skip
