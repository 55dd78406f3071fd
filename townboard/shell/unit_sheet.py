"""One unit's figures as exhibits, theme by theme, with its milestones and coverages."""

from __future__ import annotations

from townboard import comparing, theme_tables
from townboard.charts import readings_board, township
from townboard.shell import coverage_sheet, enforcement_sheet
from townboard.shell.asking import ask, readings
from townboard.shell.panels import Exhibit
from townboard.shell.view import View
from townboard.text import Text

THEMES = ("economy", "clean_collect", "enforcement", "coverage", "enterprises", "burden")
OF_MANY = ("CE02", "CE07", "LE02")
"""Indicators that say something about many units or villages only: bands, units fully in place, the county's gap."""


def exhibits(view: View, owed: set[str]) -> list[Exhibit]:
    """Everything that is drawn of the unit beside its villages and communities, in the order of the themes. `owed`: forms it owes."""
    found = themes(view)
    if "law_enforcement" in owed:
        found.append(enforcement_sheet.timeline(view, view.unit or "", "town_milestones"))
    if "community_coverage" in owed:
        found.append(five(view))
    return found


def themes(view: View) -> list[Exhibit]:
    """The unit's figures theme by theme, with goals, status words, and where the county's other units stand (shares only)."""
    catalogue, found = view.catalogue, []
    shown = [
        reading for reading in readings(view, "township") if reading.status != "not_applicable" and reading.id not in OF_MANY
    ]
    everyone = [unit.code for unit in catalogue.units(view.county)]
    compared = [
        one.id for one in shown if catalogue.indicator[one.id].is_ratio and catalogue.indicator[one.id].direction != "context"
    ]
    others: dict[str, dict[str, float | None]] = {id: {} for id in compared}
    for reading in readings(view, "township", compared, units=everyone):
        others[reading.id][reading.org_unit] = reading.value
    peers = {id: comparing.peers(values, view.unit or "") for id, values in others.items()}
    for theme in THEMES:
        own = [reading for reading in shown if catalogue.indicator[reading.id].theme == theme]
        if own:
            name = readings_board.themed(catalogue.themes[theme], own, catalogue)
            found.append(Exhibit(
                f"theme_{theme}", township.theme_title(name, own), readings_board.listing(own, catalogue, view.language, peers),
                Text("本单位月报", "the unit's own workbook"), *theme_tables.readings_table(own, catalogue, view.language),
            ))  # fmt: skip
    return found


def five(view: View) -> Exhibit:
    """The five coverages of the unit's communities together."""
    catalogue = view.catalogue
    answer = theme_tables.named(ask(view, "community_coverage_by_community"), catalogue, view.language)
    codes = [f"coverage_{n}_{side}" for n in range(1, 6) for side in ("done", "due")]
    return Exhibit(
        "town_five", Text("五个全覆盖:应覆盖与已覆盖", "The five coverages: done of due"), township.coverage(answer, coverage_sheet.labels(view), language=view.language),
        Text("《街道社区》(F04)", "Community coverage (F04)"), answer,
        theme_tables.columns_of(catalogue.data_set["community_coverage"], codes, unit=False),
    )  # fmt: skip
