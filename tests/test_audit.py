"""The audit trail: every row is chained to the one before, and what was changed, taken out, moved or cut off is found."""

from __future__ import annotations

import shutil
from importlib import import_module

import duckdb
import pytest

from tests.stores import OCTOBER, TOWN, VILLAGE, commit, income
from townboard.store import FILE, Store, StoreError
from townboard.store.office import RegisterRow

auditing = import_module("townboard.store.audit")


def rows(folder):
    with duckdb.connect(folder / FILE) as connection:
        return connection.execute("select n, action from audit order by n").fetchall()


@pytest.fixture
def folder(tmp_path):
    """A closed store with two commits, an approval and two notes."""
    with Store.create(tmp_path) as store:
        commit(store, TOWN, OCTOBER, {"village_economy": {VILLAGE: income(20.0)}})
        store.note("张三", "sign-in")
        store.note("张三", "download", detail="economy 2022-10")
        commit(store, TOWN, OCTOBER, {"village_economy": {VILLAGE: income(21.0)}}, approve=False, name="again")
    return tmp_path


def tampered(folder, sql, *values):
    with duckdb.connect(folder / FILE) as connection:
        connection.execute(sql, list(values))


def test_a_trail_that_nobody_touched_is_whole(folder):
    last = rows(folder)[-1][0]
    with Store.open(folder) as store:
        found = store.verify_audit()
        assert found.is_whole and found.head.n == last
        assert auditing.read_head(folder) == found.head


TAMPERED = {
    "a word changed": "update audit set actor = 'x' where n = {n}",
    "a time changed": 'update audit set "at" = "at" + interval 1 second where n = {n}',
    "a row taken out": "delete from audit where n = {n}",
    "two rows swapped": "update audit set n = case n when {n} then {n} + 1 else {n} end where n in ({n}, {n} + 1)",
    "a row twice": "insert into audit select * from audit where n = {n}",
    "a hash changed": "update audit set hash = 'x' where n = {n}",
    "a quiet row said to change figures": "update audit set figures = not figures where n = {n}",
    "the first row taken out": "delete from audit where n = 1",
}


@pytest.mark.parametrize("sql", TAMPERED.values(), ids=TAMPERED)
def test_a_row_that_was_touched_is_found(folder, sql):
    n = next(n for n, action in rows(folder) if action == "sign-in")
    tampered(folder, sql.format(n=n))
    with Store.open(folder) as store:
        mistakes = store.verify_audit().mistakes
    place = 0 if "n = 1" in sql else n - 1 if sql.startswith("delete") else n
    assert f" {place} " in mistakes[0].zh, "named where the chain breaks"


def test_rows_cut_off_at_the_end_stop_the_opening_until_somebody_accepts(folder):
    last = rows(folder)[-1][0]
    tampered(folder, "delete from audit where n >= ?", last - 1)
    with pytest.raises(StoreError, match=f"there should be {last}, there are {last - 2}"):
        Store.open(folder)
    assert rows(folder)[-1][0] == last - 2, "nothing was written"
    with Store.open(folder, loss_accepted_by="李四") as store:
        assert store.rows("select actor, action from audit where n = (select max(n) from audit)") == [("李四", "accept-loss")]
        assert store.verify_audit().is_whole
    Store.open(folder).close()


def test_a_log_file_that_was_deleted_is_noticed(tmp_path):
    there = tmp_path / "there"
    with Store.create(there) as store:
        store.rows("select 1")
        with store.write() as cursor:
            cursor.execute("set checkpoint_threshold = '1GB'")
        store._connection.execute("checkpoint")
        commit(store, TOWN, OCTOBER, {"village_economy": {VILLAGE: income(20.0)}})
        taken = shutil.copytree(there, tmp_path / "as after a crash")
    assert (taken / f"{FILE}.wal").stat().st_size > 0
    (taken / f"{FILE}.wal").unlink()
    with pytest.raises(StoreError, match="lacks rows that were committed"):
        Store.open(taken)


def test_a_crash_between_commit_and_note_is_no_loss(folder):
    head = auditing.read_head(folder)
    with Store.open(folder) as store:
        store.note("x", "sign-in")
    auditing.write_head(folder, head)
    with Store.open(folder) as store:
        assert store.verify_audit().is_whole


def test_a_note_that_was_lost_is_begun_again_on_record(folder):
    (folder / auditing.HEAD).unlink()
    with Store.open(folder) as store:
        assert store.rows("select action from audit where n = (select max(n) from audit)") == [("begin-audit-head",)]
        assert store.verify_audit().is_whole


@pytest.mark.parametrize("note", ["", "0 \n", "none\n"])
def test_a_note_that_was_emptied_is_begun_again_on_record_and_said(folder, note):
    tampered(folder, "delete from audit where n >= ?", rows(folder)[-1][0] - 1)
    (folder / auditing.HEAD).write_text(note, encoding="ascii")
    with Store.open(folder) as store:
        last = store.rows("select n, action from audit where n = (select max(n) from audit)")
        assert last[0][1] == "begin-audit-head"
        store.note("x", "sign-in")
        found = store.verify_audit()
    assert found.is_whole and [words.en.split(" the file")[0] for words in found.untold] == [f"At row {last[0][0]}"]


def test_a_trail_that_was_rewritten_is_called_so(folder):
    with duckdb.connect(folder / FILE) as connection:
        connection.execute("update audit set actor = 'x' where action = 'sign-in'")
        auditing.begin_chain(connection)
    n = rows(folder)[-1][0]
    with pytest.raises(StoreError, match=f"row {n} is not the one that was written"):
        Store.open(folder)


@pytest.mark.parametrize(("sql", "named"), [
    ("insert into audit select null, * exclude n from audit where n = 1", "1 row has no number"),
    ("update audit set \"at\" = null where n = 3", "Row 3 does not fit"),
])  # fmt: skip
def test_a_row_without_a_number_or_a_time_is_named(folder, sql, named):
    tampered(folder, sql)
    with Store.open(folder) as store:
        assert named in store.verify_audit().mistakes[0].en


def test_what_changes_no_figure_leaves_the_caches_good(folder):
    with Store.open(folder) as store:
        before = store.data_version()
        store.note("张三", "sign-in")
        assert store.data_version() == before
        store.register([RegisterRow("burden", "certificates_catalogue", "140121", 5)], actor="office")
        assert store.data_version() > before


def test_a_store_from_before_the_chain_is_chained_once(folder):
    (folder / auditing.HEAD).unlink()
    for sql in (
        "alter table audit drop hash",
        "alter table audit drop figures",
        "delete from migration where name = 'audit-chain'",
    ):
        tampered(folder, sql)
    with Store.open(folder) as store:
        assert store.verify_audit().is_whole
        assert store.rows("select count(*) from audit where hash is null or figures is null") == [(0,)]


def test_a_head_that_cannot_be_written_stops_no_commit(folder, monkeypatch, caplog):
    with Store.open(folder) as store:
        monkeypatch.setattr(auditing, "HEAD", "no/such/folder")
        store.note("x", "sign-in")
        assert "audit.head could not be written" in caplog.text
        assert store.rows("select action from audit where n = (select max(n) from audit)") == [("sign-in",)]
