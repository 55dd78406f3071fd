"""Opening a store: what stops it, and what it takes to bring an older one up to the catalogue."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.stores import OCTOBER, TOWN, VILLAGE, commit, economy
from townboard.loading import CatalogueError, catalogue
from townboard.store import FILE, Store, StoreError
from townboard.tables import FOREVER
from townboard.text import Text


def test_opening_what_is_not_there_says_so_in_both_languages(tmp_path):
    with pytest.raises(StoreError) as error:
        Store.open(tmp_path)
    assert "init" in error.value.message.zh and "init" in error.value.message.en


def test_creating_twice_changes_nothing(store):
    with pytest.raises(StoreError):
        Store.create(store.folder)
    assert store.rows("select count(*) from org_unit")[0][0] == len(catalogue().org_units)


def test_a_damaged_file_is_refused(tmp_path):
    (tmp_path / FILE).write_bytes(b"not a database" * 400)
    with pytest.raises(StoreError) as error:
        Store.open(tmp_path)
    assert "备份" in error.value.message.zh


def test_a_store_in_use_names_the_process(store):
    child = f"""
from townboard.store import Store, StoreError
try:
    Store.open({str(store.folder)!r})
except StoreError as error:
    print(error.message.en)
"""
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run([sys.executable, "-c", child], capture_output=True, text=True, cwd=root, check=True)
    assert "Another program is using the store (process " in done.stdout


def test_the_file_keeps_the_older_storage_format(store):
    name = (store.folder / FILE).stem
    tags = dict(store.rows("select database_name, tags from duckdb_databases()"))[name]
    assert tags["storage_version"].startswith("v1.5.0")
    assert store.rows("select current_setting('autoinstall_known_extensions')") == [(False,)]


def test_opening_again_takes_no_step_twice(tmp_path):
    with Store.create(tmp_path) as store:
        first = store.data_version()
        steps = [name for (name,) in store.rows("select name from migration")]
    with Store.open(tmp_path) as store:
        assert store.data_version() == first
        assert len(steps) == len(set(steps)) == store.rows("select count(*) from migration")[0][0]


def test_a_new_element_becomes_a_column_and_old_rows_have_none(tmp_path):
    known = catalogue()
    form = known.data_set["village_economy"]
    smaller = dataclasses.replace(form, elements=tuple(e for e in form.elements if e.code != "land_compensation"))
    before = dataclasses.replace(known, data_sets=tuple(smaller if d is form else d for d in known.data_sets))
    with Store.create(tmp_path, before) as store:
        commit(store, TOWN, OCTOBER, economy(20.0))
        with pytest.raises(duckdb.BinderException):
            store.rows("select land_compensation from village_economy")
    with Store.open(tmp_path, known) as store:
        assert store.rows("select operating_income, land_compensation from village_economy") == [(20.0, None)]
        assert ("column village_economy.land_compensation",) in store.rows("select name from migration")


def test_a_renamed_place_is_refreshed_at_open(tmp_path):
    known = catalogue()
    Store.create(tmp_path).close()
    renamed = tuple(dataclasses.replace(p, label=Text("新名", "New name")) if p.code == VILLAGE else p for p in known.org_units)
    with Store.open(tmp_path, dataclasses.replace(known, org_units=renamed)) as store:
        listed = "select name_zh, unit, county from org_unit where code = ? and to_time = ?"
        assert store.rows(listed, [VILLAGE, FOREVER]) == [("新名", TOWN, "140121")]


def test_a_wrong_formula_stops_the_opening_and_changes_nothing(tmp_path):
    known = catalogue()
    Store.create(tmp_path).close()
    wrong = tuple(dataclasses.replace(i, numerator="fees_recoverd") if i.id == "QH03" else i for i in known.indicators)
    with pytest.raises(CatalogueError, match="QH03 numerator"):
        Store.open(tmp_path, dataclasses.replace(known, indicators=wrong))
    with Store.open(tmp_path) as store:
        assert sum(name.startswith("formulas ") for (name,) in store.rows("select name from migration")) == 1


def test_a_fixed_table_and_a_column_that_came_later_are_added_to_an_older_store(tmp_path):
    with Store.create(tmp_path) as store:
        store._connection.execute("drop table original")
        store._connection.execute("alter table finding drop column answered_by")
        store._connection.execute("delete from migration where name = 'table original'")
    with Store.open(tmp_path) as store:
        assert store.rows("select count(*) from original") == [(0,)]
        assert store.rows("select answered_by from finding") == []
        assert ("column finding.answered_by",) in store.rows("select name from migration")
