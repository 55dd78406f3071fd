"""Communities and enterprises: the five coverages, property service, grids; the two coverages of private enterprises."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from townboard import shell, theme_tables
from townboard.charts import bars, coverage, kit
from townboard.indicators import Reading
from townboard.shell import tiles
from townboard.text import Text

TILES = ("CM06", "CM07", "CM08", "CM09")
TEAMS = ("PE05", "PE06", "PE07")
ENTERPRISES = ("PE01", "PE04", "PE03", "PE02")
SOURCE = Text("街道社区表(F04)", "Form F04, communities")
ENTERPRISE_SOURCE = Text("非公党建表(F05,季报)", "Form F05, private enterprises (quarterly)")
PAIRS = [f"coverage_{n}_{side}" for n in coverage.FIVE for side in ("done", "due")]
SERVICE = ("unserviced_compounds", "unserviced_resolved", "resolved_by_company", "resolved_by_community", "resolved_by_owners")
GRIDS = ("grids", "grid_workers", "grid_events_reported", "grid_events_closed", "cadres_assigned")


def page() -> None:
    """Layout only."""
    if not shell.may_open("coverage"):
        return
    shell.heading(Text("社区与非公党建", "Communities and enterprises"),
                  Text("五个全覆盖、无物业小区、网格力量;非公企业两个覆盖、三支队伍。",
                       "Five coverages, compounds without property service, grids; enterprises: two coverages, three teams."))  # fmt: skip
    shell.banner()
    view = shell.view()
    known = tiles.of_place(view, (*TILES, *TEAMS, *ENTERPRISES))
    seen = shell.seen_data_sets()
    if "community_coverage" in seen:
        _communities(known, view)
    if "enterprise_party" in seen:
        st.subheader(shell.say(Text("非公企业党建", "Party building in private enterprises")), anchor=False)
        _enterprises(known, view)


def _communities(known: dict[str, Reading], view: shell.View) -> None:
    communities = theme_tables.named(shell.ask(view, "community_coverage_by_community"), shell.house().catalogue, view.language)
    if communities.empty:
        st.info(shell.say(Text("所选单位没有社区。", "The unit has no community.")), icon=":material/info:")
    else:
        tiles.row(known, TILES)
        places = communities if view.unit else theme_tables.by_unit(
            communities, [*PAIRS, *SERVICE, *GRIDS], shell.house().catalogue, view.language)  # fmt: skip
        _five(places, communities, view)
        _service(places, view)
        _grids(places, view)


def _five(places: pd.DataFrame, communities: pd.DataFrame, view: shell.View) -> None:
    catalogue = shell.house().catalogue
    labels = [catalogue.indicator[f"CM0{n}"].label.say(view.language) for n in coverage.FIVE]
    sent = communities[communities["reported"]]
    full = sum(
        all((share := coverage.share(row[f"coverage_{n}_done"], row[f"coverage_{n}_due"])) is not None and share >= 100 for n in coverage.FIVE)
        for _, row in sent.iterrows()
    )  # fmt: skip
    shell.chart(
        coverage.five(places, labels, view.language), key="cm_five", source=SOURCE, view=view, table=places,
        title=Text("已报的 {of} 个社区中,{n} 个五项全部覆盖", "{n} of {of} communities that reported have all five coverages").fill(
            n=full, of=len(sent)),
        note=Text("格内:覆盖率和 已覆盖/应覆盖;✓ 为 100 %。按已覆盖对象计,不按组织个数计。",
                  "Share, and covered/due; ✓ is 100 %. What is covered counts, not the number of branches."),
        alt=Text("五个全覆盖热力图", "Heat map of the five coverages"),
        columns=theme_tables.columns_of(catalogue.data_set["community_coverage"], PAIRS, unit=bool(view.unit)),
    )  # fmt: skip


def _service(places: pd.DataFrame, view: shell.View) -> None:
    data_set = shell.house().catalogue.data_set["community_coverage"]
    whole, done = theme_tables.total(places, "unserviced_compounds"), theme_tables.total(places, "unserviced_resolved")
    shell.chart(
        coverage.unserviced(coverage.with_ways(places), view.language), key="cm_service", source=SOURCE, view=view, table=places,
        title=Text("无物业小区 {of} 个,已解决 {n} 个", "{of} compounds without property service, {n} resolved").fill(
            of=kit.number(whole), n=kit.number(done)),
        alt=Text("无物业小区解决方式和剩余", "How compounds were resolved and what is left"),
        columns=theme_tables.columns_of(data_set, SERVICE, unit=bool(view.unit)),
    )  # fmt: skip


def _grids(places: pd.DataFrame, view: shell.View) -> None:
    data_set = shell.house().catalogue.data_set["community_coverage"]
    reported, closed = theme_tables.total(places, "grid_events_reported"), theme_tables.total(places, "grid_events_closed")
    shell.table(
        places, theme_tables.columns_of(data_set, GRIDS, unit=bool(view.unit)), key="cm_grids", view=view,
        title=Text("网格:本年上报事件 {of} 件,办结 {n} 件", "Grids: {of} events reported this year, {n} closed").fill(
            of=kit.number(reported), n=kit.number(closed)),
    )  # fmt: skip


def _enterprises(known: dict[str, Reading], view: shell.View) -> None:
    catalogue = shell.house().catalogue
    data_set = catalogue.data_set["enterprise_party"]
    quarter = data_set.data_period(view.period)
    frame = theme_tables.named(shell.ask(view, "enterprise_party_by_unit", period=str(quarter)), catalogue, view.language)
    frame["covered_by_organisation"] = frame["organisations_single"] + frame["enterprises_joint_covered"]
    frame["covered_at_all"] = frame["covered_by_organisation"] + frame["enterprises_work_covered"]
    st.caption(shell.say(Text("季报:下列数字为{quarter}末。组织覆盖率的分母是实体运营企业,不是登记企业总数。",
                              "Quarterly: the figures below are those of {quarter}. The denominator of coverage is operating enterprises, "
                              "not registered ones.").fill(quarter=quarter.label)))  # fmt: skip
    found = [known[id] for id in ENTERPRISES if id in known]
    table, columns = theme_tables.readings_table(found, catalogue, view.language)
    whole, covered = theme_tables.total(frame, "enterprises_operating"), theme_tables.total(frame, "covered_by_organisation")
    left, right = st.columns([2, 3])
    with left:
        shell.chart(
            bars.progress(theme_tables.rated(found, catalogue, view.language, side_units=dict.fromkeys(ENTERPRISES, "户")), view.language),
            key="pe_rates", source=ENTERPRISE_SOURCE, view=view, table=table, columns=columns,
            title=Text("实体运营企业 {of} 户,组织覆盖 {n} 户", "{of} operating enterprises, {n} covered by an organisation").fill(
                of=kit.number(whole), n=kit.number(covered)),
            alt=Text("两个覆盖率", "The coverages of private enterprises"),
        )  # fmt: skip
    with right:
        shell.chart(
            coverage.two_coverages(frame, view.language), key="pe_units", source=ENTERPRISE_SOURCE, view=view, table=frame,
            title=Text("各单位:运营 → 有组织或工作覆盖 → 有组织", "By unit: operating → covered at all → by an organisation"),
            alt=Text("各单位企业覆盖", "Coverage of enterprises by unit"),
            columns=theme_tables.columns_of(data_set, [e.code for e in data_set.stored], place=theme_tables.UNIT, unit=False),
        )  # fmt: skip
    st.markdown(f"**{shell.say(Text('三支队伍:书记、指导员、党员', 'Three teams: secretaries, instructors, members'))}**")
    tiles.row(known, TEAMS)
