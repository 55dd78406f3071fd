"""The burden we ourselves are: the county of the domain notes types 50 cells or fewer per unit and month."""

from __future__ import annotations

import shutil

import pytest

from tests import burden
from townboard.store import Store
from townboard.template.plan import plan


@pytest.fixture(scope="module")
def store(demo_folder, tmp_path_factory):
    with Store.open(shutil.copytree(demo_folder, tmp_path_factory.mktemp("burden") / "store")) as opened:
        yield opened


def test_the_scenario_is_the_one_of_the_domain_notes(store):
    units = [unit for unit in store.catalogue.units(burden.COUNTY) if unit.kind != "development zone"]
    count = {level: sum(len(store.catalogue.children(unit.code, level)) for unit in units) for level in ("village", "community")}
    assert (len(units), count["village"], count["community"]) == (10, 128, 30)
    assert len(burden._open_villages(store.catalogue)) == burden.OPEN_VILLAGES == 20


def test_fifty_typed_cells_on_average_or_fewer(store):
    found = burden.loads(store)
    assert len(found) == 11
    assert burden.mean(found) <= burden.GOAL
    for load in found:
        assert 0 < load.quarter < load.data_cells and load.ordinary <= load.quarter


def test_the_measure_counts_what_was_typed_and_nothing_else(store):
    """The cells that a clerk is made to fill in here are those that BR06 finds again in the workbook."""
    catalogue, unit = store.catalogue, "140121202"
    history = store.history(unit, burden.ORDINARY)
    put = burden.filled(catalogue, unit, burden.ORDINARY, history)
    tasks = burden.TASKS * sum(element.fill == "typed" for element in catalogue.data_set["task_progress"].elements)
    assert burden.measured(catalogue, unit, burden.ORDINARY, history)[0] == len(put) + tasks
    offered = {(sheet.data_set.code, row.org_unit, cell.element.code): cell.value
               for sheet in plan(catalogue, unit, burden.ORDINARY, history) for row in sheet.rows for cell in row.cells}  # fmt: skip
    assert all(offered[key] != value for key, value in put.items())


def test_every_report_was_measured_when_it_was_sent(store):
    """BR06 and BR07 stand in the store for every version; the burden page draws them (tests/test_theme_pages.py)."""
    rows = store.rows("select typed_cells, data_cells, template from submission")
    assert len(rows) > 80
    assert all(0 < typed <= cells for typed, cells, _ in rows)
