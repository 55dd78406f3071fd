"""The exhibits of communities and private enterprises: five coverages, property service, grids; two coverages, three teams."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from townboard import theme_tables
from townboard.charts import bars, coverage, enterprises, kit
from townboard.downloads import Column
from townboard.indicators import Reading
from townboard.shell.asking import ask, per_view, readings
from townboard.shell.panels import Exhibit
from townboard.shell.view import View
from townboard.shell.visit import house
from townboard.text import Text

SOURCE = Text("街道社区表(F04)", "Form F04, communities")
ENTERPRISE_SOURCE = Text("非公党建表(F05,季报)", "Form F05, private enterprises (quarterly)")
PAIRS = [f"coverage_{n}_{side}" for n in coverage.FIVE for side in ("done", "due")]
SERVICE = ("unserviced_compounds", "unserviced_resolved", "resolved_by_company", "resolved_by_community", "resolved_by_owners")
GRIDS = ("grids", "grid_workers", "grid_events_reported", "grid_events_closed", "cadres_assigned")
RATES = {"PE01": "户", "PE04": "户", "PE03": "户", "PE02": "户"}
STANDING = {
    coverage.ALL_FIVE: Text("五项全部覆盖", "all five"), coverage.ONE_SHORT: Text("只差一项", "one short"),
    coverage.MORE_SHORT: Text("差两项以上", "two or more short"), coverage.UNKNOWN: bars.NO_VALUE, coverage.SILENT: kit.NOT_REPORTED,
}  # fmt: skip


@per_view
def communities(view: View) -> pd.DataFrame:
    """Every community's row with names."""
    return theme_tables.named(ask(view, "community_coverage_by_community"), view.catalogue, view.language, view.held_back)


@per_view
def places(view: View) -> pd.DataFrame:
    """What the charts have a row for: the unit's communities, or the units."""
    rows = communities(view)
    return (
        rows
        if view.unit
        else theme_tables.by_unit(rows, [*PAIRS, *SERVICE, *GRIDS], view.catalogue, view.language, view.held_back)
    )


def labels(view: View) -> list[str]:
    """The county's names of the five coverages, as its catalogue has them."""
    return [house().catalogue.indicator[f"CM0{n}"].label.say(view.language) for n in coverage.FIVE]


def five(view: View, shown: pd.DataFrame) -> Exhibit:
    """The five coverages by place."""
    known = {
        one.id: one for one in readings(view, "township" if view.unit else "county", tuple(f"CM0{n}" for n in coverage.FIVE))
    }
    return Exhibit(
        "wide_cm_five", coverage.five_title([(house().catalogue.indicator[id].label, one.numerator, one.denominator) for id, one in known.items()]),
        coverage.five(shown, labels(view), view.language), SOURCE, shown,
        theme_tables.columns_of(house().catalogue.data_set["community_coverage"], PAIRS, unit=bool(view.unit)),
        note=Text("格内:覆盖率和 已覆盖/应覆盖;✓ 为 100%。按已覆盖对象计,不按组织个数计。",
                  "Share, and covered/due; ✓ is 100%. What is covered counts, not the number of branches."),
        alt=Text("五个全覆盖热力图", "Heat map of the five coverages"),
    )  # fmt: skip


def full(view: View, rows: pd.DataFrame) -> Exhibit:
    """Communities with all five, and who is one short of it."""
    named = labels(view)
    table = rows.assign(
        stands=[STANDING[coverage.standing(row)].say(view.language) for row in kit.rows(rows)],
        lacking=[coverage.lacking(row, named, view.language) for row in kit.rows(rows)],
    )
    near = [
        Text(f"{row.name}({row.lacking})", f"{row.name} ({row.lacking})").say(view.language)
        for row in kit.rows(table)
        if coverage.standing(row) == coverage.ONE_SHORT
    ]
    note = Text("只差一项:{who}", "One short: {who}").fill(who=theme_tables.names(near, view.language, 8))
    columns = (Column("unit_name", theme_tables.UNIT), Column("name", Text("社区", "Community")), Column("stands", Text("情况", "State")),
               Column("lacking", Text("还差什么", "What is left")))  # fmt: skip
    return Exhibit(
        "cm_full",
        coverage.full_title(rows),
        coverage.full(rows, view.language),
        SOURCE,
        table,
        columns,
        note=note if near else None,
    )


def service(view: View, shown: pd.DataFrame) -> Exhibit:
    """Compounds without property service: resolved how, and what is left."""
    whole, done = theme_tables.total(shown, "unserviced_compounds"), theme_tables.total(shown, "unserviced_resolved")
    return Exhibit(
        "cm_service", Text("无物业小区 {of} 个,已解决 {n} 个({pc})", "{of:compound|compounds} without property service, {n} resolved ({pc})").fill(
            of=kit.number(whole), n=kit.number(done), pc=kit.percent(done, whole)),
        coverage.unserviced(coverage.with_ways(shown), view.language), SOURCE, shown,
        theme_tables.columns_of(house().catalogue.data_set["community_coverage"], SERVICE, unit=bool(view.unit)),
        alt=Text("无物业小区解决方式和剩余", "How compounds were resolved and what is left"),
    )  # fmt: skip


def grids(view: View, shown: pd.DataFrame) -> tuple[Exhibit, Exhibit]:
    """Grid workers of grids, and events closed of those reported, by place."""
    catalogue, level = view.catalogue, "community" if view.unit else "township"
    sent, has = (
        list(shown.loc[shown["reported"], "org_unit" if view.unit else "unit"]),
        set(shown["org_unit" if view.unit else "unit"]),
    )
    found = []
    for id, side, words in (
        (
            "CM08",
            "人",
            Text(
                "专职网格员 {n} 人、网格 {of} 个({pc})",
                "{n:full-time grid worker|full-time grid workers} for {of:grid|grids} ({pc})",
            ),
        ),
        (
            "CM09",
            "件",
            Text(
                "本年网格事件上报 {of} 件,办结 {n} 件({pc})", "{of:grid event|grid events} reported this year, {n} closed ({pc})"
            ),
        ),
    ):
        own = [one for one in readings(view, level, (id,)) if one.org_unit in has]
        rows = theme_tables.rated(own, catalogue, view.language, of="org_unit", side_units={id: side}, reported=sent,
                                  held_back=view.held_back)  # fmt: skip
        over, under = ("grid_workers", "grids") if id == "CM08" else ("grid_events_closed", "grid_events_reported")
        n, of = theme_tables.total(shown, over), theme_tables.total(shown, under)
        found.append(Exhibit(
            "cm_grid_rates" if id == "CM08" else "cm_grid_events", words.fill(n=kit.number(n), of=kit.number(of), pc=kit.percent(n, of)),
            bars.progress(rows, view.language), SOURCE, shown,
            theme_tables.columns_of(catalogue.data_set["community_coverage"], GRIDS, unit=bool(view.unit)),
            note=catalogue.indicator[id].caveat, alt=catalogue.indicator[id].label,
        ))  # fmt: skip
    return found[0], found[1]


@per_view
def quarter(view: View) -> pd.DataFrame:
    """The enterprises' rows of the quarter that stands, with sums."""
    data_set = house().catalogue.data_set["enterprise_party"]
    answer = ask(view, "enterprise_party_by_unit", period=str(data_set.data_period(view.period)))
    return enterprises.with_sums(theme_tables.named(answer, view.catalogue, view.language))


def rates(view: View, known: dict[str, Reading], frame: pd.DataFrame) -> Exhibit:
    """The coverages with the denominator of each."""
    catalogue = view.catalogue
    found = [known[id] for id in RATES if id in known]
    rows = theme_tables.rated(found, catalogue, view.language, side_units=RATES)
    named = [replace(row, under=enterprises.DENOMINATOR[one.id].say(view.language)) for one, row in zip(found, rows, strict=True)]
    whole = known.get("PE01")
    n, of = (whole.numerator, whole.denominator) if whole else (None, None)
    return Exhibit(
        "pe_rates", Text("实体运营企业 {of} 户,组织覆盖 {n} 户({pc})", "{of:operating enterprise|operating enterprises}, {n} covered by an organisation ({pc})").fill(
            of=kit.number(of), n=kit.number(n), pc=kit.percent(n, of)),
        bars.progress(named, view.language), ENTERPRISE_SOURCE, *theme_tables.readings_table(found, catalogue, view.language),
        note=enterprises.denominators(frame), alt=Text("两个覆盖率", "The coverages of private enterprises"),
    )  # fmt: skip


def by_unit(view: View, frame: pd.DataFrame) -> Exhibit:
    """The two coverages by unit inside their denominator."""
    data_set = house().catalogue.data_set["enterprise_party"]
    return Exhibit(
        "pe_units", enterprises.units_title(frame), enterprises.two_coverages(frame, view.language), ENTERPRISE_SOURCE, frame,
        theme_tables.columns_of(data_set, [one.code for one in data_set.stored], place=theme_tables.UNIT, unit=False),
        note=Text("每行数字:实体运营 → 组织或工作覆盖 → 组织覆盖。", "On each row: operating → covered at all → by an organisation."),
        alt=Text("各单位企业覆盖", "Coverage of enterprises by unit"),
    )  # fmt: skip


def teams(view: View, frame: pd.DataFrame) -> Exhibit:
    """Secretaries, instructors, members by unit."""
    data_set = house().catalogue.data_set["enterprise_party"]
    codes = (
        "organisations_single",
        "organisations_joint",
        "secretaries",
        "instructors_full_time",
        "instructors_part_time",
        "party_members",
    )
    return Exhibit(
        "pe_teams", enterprises.teams_title(frame), enterprises.teams(frame, view.language), ENTERPRISE_SOURCE, frame,
        theme_tables.columns_of(data_set, codes, place=theme_tables.UNIT, unit=False),
        note=Text("每行数字:党组织 → 书记。", "On each row: organisations → secretaries."),
        alt=Text("各单位党组织和书记", "Organisations and secretaries by unit"),
    )  # fmt: skip
