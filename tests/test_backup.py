"""Backups: whole, consistent while others write, read back, rotated, made before migrations; and the way back from them."""

from __future__ import annotations

import hashlib
import os
import pwd
import stat
import subprocess
import sys
import threading
import zipfile
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from tests.stores import OCTOBER, TOWN, VILLAGE, commit, income, small_store
from townboard import accounts, cli, relay
from townboard.periods import Period
from townboard.store import FILE, Store, StoreError, archive, backup, restore
from townboard.store.accounts import Account, by_name, put
from townboard.store.manifest import survey

ROOT = Path(__file__).resolve().parent.parent
LATER = Period(2022, 11)


@pytest.fixture
def store(tmp_path):
    with small_store(tmp_path / "store") as opened:
        yield opened


@pytest.fixture
def made(store, tmp_path):
    return store.keeper.make(tmp_path / "out", actor="admin")


def one_more(store, operating=33.0):
    commit(store, TOWN, LATER, {"village_economy": {VILLAGE: income(operating)}}, name=f"extra {operating}")


def test_a_backup_holds_every_table_and_every_original(store, made, tmp_path):
    found = archive.reread(made.path)
    assert found == made and made.size == made.path.stat().st_size
    assert found.tables["submission"].rows == 4 and found.tables["village_economy"].rows > 50
    originals = {row[0] for row in store.rows("select distinct sha256 from submission")}
    assert set(found.originals) == originals and not found.missing
    with zipfile.ZipFile(made.path) as packed:
        for sha256 in originals:
            assert hashlib.sha256(packed.read(f"originals/{sha256}")).hexdigest() == sha256
    assert [path.name for path in (tmp_path / "out").iterdir()] == [made.path.name], "nothing is left beside it"
    assert store.keeper.known()[0].file == str(made.path)
    assert store.rows("select action, actor from audit order by n desc limit 1") == [("backup", "admin")]


def test_nobody_else_of_the_machine_can_look_in(tmp_path, run, monkeypatch):
    before = os.umask(0o022)
    try:
        assert run("init")[0] == 0 and run("backup", "out/new")[0] == 0
        [packed] = (tmp_path / "out" / "new").iterdir()
        monkeypatch.setenv("TOWNBOARD_STORE", str(tmp_path / "back"))
        assert cli.main(["restore", str(packed)]) == 0
    finally:
        os.umask(before)
    for folder in ("store", "back", "out/new"):
        assert stat.S_IMODE((tmp_path / folder).stat().st_mode) == 0o700, folder
    for file in (tmp_path / "store" / FILE, tmp_path / "back" / FILE, packed):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_a_folder_that_holds_something_else_keeps_its_modes(tmp_path, run):
    (tmp_path / "store").mkdir(mode=0o755)
    (tmp_path / "store" / "lost+found").mkdir()
    assert run("init")[0] == 0 and stat.S_IMODE((tmp_path / "store").stat().st_mode) == 0o755


def test_whom_a_command_names_is_an_account_that_keeps_backups(store, made, run, tmp_path, monkeypatch):
    monkeypatch.setenv("LOGNAME", "somebody-else")
    one_more(store)
    with store.write() as cursor:
        for account in (Account("管理员", "admin"), Account("填报员", "clerk", (TOWN,)), Account("离岗", "admin", disabled=True)):
            put(cursor, account)
    store.close()
    for name, why in (("nobody", "No account"), ("填报员", "not-permitted"), ("离岗", "is disabled")):
        for command in (("backup", "out"), ("restore", made.path, "--yes")):
            status, _, err = run(*command, "--as", name)
            assert status == 2 and why in err, (command, name)
    assert run("backup", "out", "--as", "管理员")[0] == run("backup", "out")[0] == 0
    with Store.open(tmp_path / "store") as there:
        assert there.status(TOWN, LATER).version == 1, "nothing was restored"
        by = [actor for (actor,) in there.rows("select actor from audit where action = 'backup' order by n")]
    assert by == ["admin", "管理员", f"os:{pwd.getpwuid(os.getuid()).pw_name}"], "whatever LOGNAME says"
    assert run("restore", made.path, "--yes", "--as", "管理员")[0] == 0


def test_a_loss_is_accepted_by_an_account_that_keeps_backups(store, run, tmp_path):
    with store.write() as cursor:
        for account in (Account("管理员", "admin"), Account("填报员", "clerk", (TOWN,))):
            put(cursor, account)
    store.note("张三", "download")
    store.close()
    with duckdb.connect(tmp_path / "store" / FILE) as connection:
        connection.execute("delete from audit where n = (select max(n) from audit)")
    for name in ("nobody", "填报员"):
        assert run("verify", "--accept-loss", "--as", name)[0] == 2
    with pytest.raises(StoreError):
        Store.open(tmp_path / "store")
    assert run("verify", "--accept-loss", "--as", "管理员")[0] == 0
    Store.open(tmp_path / "store").close()


def test_a_backup_is_consistent_while_others_write(store, tmp_path):
    done = threading.Event()

    def keep_writing():
        number = 0
        while not done.is_set():
            number += 1
            one_more(store, 10.0 + number)

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        for _ in range(3):
            made = store.keeper.make(tmp_path / "out", actor="admin")
            with archive.opened(made.path) as (packed, manifest):
                folder = tmp_path / f"look-{made.path.stem}"
                folder.mkdir()
                archive.extract(packed, manifest, folder)
            with duckdb.connect(folder / FILE, read_only=True) as found:
                submissions = found.execute("select count(*) from submission").fetchall()[0][0]
                said = found.execute("select count(*) from audit where action = 'submit'").fetchall()[0][0]
                assert submissions == said, "a submission and its audit row are both there or both not"
    finally:
        done.set()
        writer.join()
    assert store.verify_audit().is_whole


def damaged(data: bytes, how: str) -> bytes:
    if how == "cut":
        return data[: len(data) // 2]
    if how == "empty":
        return b""
    if how == "another zip":
        return data[:30] + data[30:].replace(b"manifest.json", b"manifest.jsom")
    at = {"first byte": 0, "a byte in the middle": len(data) // 2, "a byte of a date": 10, "last byte": len(data) - 1}[how]
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize(
    "how", ["cut", "empty", "another zip", "first byte", "a byte in the middle", "a byte of a date", "last byte"]
)
def test_a_damaged_backup_says_so(made, run, how):
    made.path.write_bytes(damaged(made.path.read_bytes(), how))
    status, out, err = run("verify", made.path)
    assert (status, out) == (2, "") and "不能作为备份使用" in err and err.count("\n") == 1 and "Traceback" not in err


def reseal(path, change):
    """The backup with other contents and a seal that fits: only comparing what is inside can tell."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w") as new:
        for name, part in parts.items():
            new.writestr(name, part)
        new.comment = b"0" * 64
    data = path.read_bytes()[:-64]
    path.write_bytes(data + hashlib.sha256(data).hexdigest().encode())


def lose_rows(parts, folder):
    (folder / "tampered.duckdb").write_bytes(parts["townboard.duckdb"])
    with duckdb.connect(folder / "tampered.duckdb") as opened:
        opened.execute("delete from village_economy where org_unit = ?", [VILLAGE])
    data = (folder / "tampered.duckdb").read_bytes()
    parts["manifest.json"] = parts["manifest.json"].replace(
        hashlib.sha256(parts["townboard.duckdb"]).hexdigest().encode(), hashlib.sha256(data).hexdigest().encode()
    )
    parts["townboard.duckdb"] = data


def swap_original(parts, folder):
    name = next(name for name in parts if name.startswith("originals/"))
    parts[name] = b"another workbook"


def drop_original(parts, folder):
    del parts[next(name for name in parts if name.startswith("originals/"))]


def climb_out(parts, folder):
    parts["originals/../../evil"] = b"x"


def newer(parts, folder):
    parts["manifest.json"] = parts["manifest.json"].replace(b'"format": 1', b'"format": 2')


@pytest.mark.parametrize(("change", "why"), [
    (lose_rows, "table village_economy differs"), (swap_original, "originals/"), (drop_original, "originals/"),
    (climb_out, "not a backup"), (newer, "newer version"),
])  # fmt: skip
def test_a_backup_is_compared_part_by_part(made, run, tmp_path, change, why):
    reseal(made.path, lambda parts: change(parts, tmp_path))
    status, _, err = run("verify", made.path)
    assert status == 2 and why in err


def test_a_lost_original_is_named_and_the_rest_is_saved(store, tmp_path, run):
    lost = store.rows("select min(sha256) from submission")[0][0]
    (store.folder / "originals" / lost).unlink()
    store.close()
    status, out, err = run("backup", "out")
    assert status == 0 and lost[:12] in err
    assert lost not in archive.reread(tmp_path / out.strip()).originals


def test_there_and_back_again(store, made, run, tmp_path):
    kept = {table: rows for table, rows in made.tables.items() if table not in ("audit", "backup")}
    one_more(store)
    last_n = store.rows("select max(n) from audit")[0][0]
    store.close()

    status, out, _ = run("restore", made.path)
    assert status == 1 and "--yes" in out
    assert "2022-11" in out and "清源镇" in out and "village_economy" in out, "what would be lost is named"
    with Store.open(tmp_path / "store") as untouched:
        assert untouched.rows("select max(n) from audit")[0][0] == last_n, "asking changes nothing"

    status, out, err = run("restore", made.path, "--yes", "--as", "李管理")
    assert (status, err) == (0, "")
    aside = next((tmp_path / "store").glob("replaced-*"))
    assert aside.name in out
    with Store.open(tmp_path / "store") as back:
        with back.cursor() as cursor:
            assert {table: rows for table, rows in survey(cursor, "townboard").items() if table in kept} == kept
        assert back.status(TOWN, LATER).version == 0
        assert back.trace(TOWN, OCTOBER, "village_economy", "operating_income", VILLAGE)["value"] is not None
        assert back.rows("select actor from audit where action = 'restore'") == [("李管理",)]
        assert back.verify_audit().is_whole and not back.keeper.overdue()
        one_more(back)
    with Store.open(aside) as replaced:
        assert replaced.status(TOWN, LATER).version == 1, "the replaced store opens and has what the backup had not"
        assert replaced.original(replaced.rows("select sha256 from submission where period = '2022-11'")[0][0])


def test_nobody_comes_in_by_a_restore_who_was_kept_out_since(store, run, tmp_path):
    for name in ("张三", "李四", "王五"):
        accounts.add(store, Account(name, "leader"), by="test", password="first one 55")
    accounts.add(store, Account("赵管理", "admin"), by="test")
    tokens = [accounts.sign_in(store, name, "first one 55").token for name in ("张三", "李四", "王五")]
    made = store.keeper.make(tmp_path / "out", actor="admin")
    accounts.disable(store, "张三", by="赵管理")
    accounts.reset(store, "李四", by="赵管理")
    accounts.change(store, Account("王五", "clerk", (TOWN,)), by="赵管理")
    accounts.end_sessions(store, "王五", by="赵管理")
    accounts.add(store, Account("新人", "leader"), by="赵管理")
    store.close()
    _, out, _ = run("restore", made.path)
    for said in ("张三: disabled, and stays so", "李四: the password of then", "王五: role, units", "新人: there would be none"):
        assert said in out
    assert "赵管理:" not in out, "what stays as it is is not listed"
    assert run("restore", made.path, "--yes")[0] == 0
    with Store.open(tmp_path / "store") as back:
        assert [accounts.visitor(back, token) for token in tokens] == [None, None, None]
        assert by_name(back.rows, "张三").disabled and not by_name(back.rows, "李四").disabled


def test_a_chain_that_was_broken_before_the_backup_is_said_at_the_restore(store, run, tmp_path):
    store._connection.execute("update audit set actor = 'x' where n = 2")
    made = store.keeper.make(tmp_path / "out", actor="admin")
    store.close()
    status, _, err = run("restore", made.path, "--yes")
    assert status == 0 and "Row 2 does not fit the chain" in err


def test_what_a_killed_process_left_is_swept_by_the_next(store, made, tmp_path):
    old, young = tmp_path / "out" / ".townboard-old", tmp_path / "out" / ".townboard-young"
    for left in (old, young):
        left.mkdir()
        (left / FILE).write_bytes(b"figures")
    os.utime(old, (1_600_000_000, 1_600_000_000))
    store.keeper.make(tmp_path / "out", actor="admin")
    assert not old.exists() and young.exists(), "the young one may be at work still"


def test_a_preview_copies_beside_the_backup_where_the_next_one_sweeps(made, monkeypatch):
    there, nothing = [], restore.Standing({}, "", {})
    monkeypatch.setattr(restore, "standing", lambda connection: there.extend(made.path.parent.glob(".townboard-*")) or nothing)
    restore.compare(nothing, made.path)
    assert len(there) == 1 and not there[0].exists()


def test_a_restore_where_nothing_is_needs_no_word(store, made, run, tmp_path, monkeypatch):
    store.close()
    monkeypatch.setenv("TOWNBOARD_STORE", str(tmp_path / "new machine"))
    assert run("restore", made.path)[0] == 0
    assert run("verify")[0] == 0
    status, out, _ = run("indicators", "--period", "2022-10", "--format", "json")
    assert status == 0 and '"numerator": ' in out


def test_a_damaged_store_is_restored_and_its_remains_kept(store, made, run, tmp_path):
    store.close()
    path = tmp_path / "store" / FILE
    data = bytearray(path.read_bytes())
    data[4096:12288] = bytes(8192)
    path.write_bytes(data)
    assert run("verify")[0] == 2
    status, out, _ = run("restore", made.path)
    assert status == 1 and "已损坏" in out
    status, _, err = run("restore", made.path, "--yes", "--as", "admin")
    assert status == 2 and "leave --as out" in err and "请去掉 --as" in err and path.read_bytes() == bytes(data)
    assert run("restore", made.path, "--yes")[0] == 0
    assert run("verify")[0] == 0
    with Store.open(tmp_path / "store") as back:
        [(by, detail)] = back.rows("select actor, detail from audit where action = 'restore'")
    assert by == f"os:{pwd.getpwuid(os.getuid()).pw_name}" and "replaced-" in detail, "the way back is on record"
    assert next((tmp_path / "store").glob("replaced-*/townboard.duckdb")).read_bytes() == bytes(data)


def test_a_restore_cut_short_leaves_the_old_store(store, made, tmp_path, monkeypatch):
    store.close()

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(restore, "_keep_aside", stop)
    with pytest.raises(KeyboardInterrupt):
        restore.put_back(tmp_path / "store", made.path, at=datetime(2022, 11, 22))
    with Store.open(tmp_path / "store") as same:
        assert same.status(TOWN, OCTOBER).version == 1 and same.verify_audit().is_whole


def test_a_restore_onto_a_full_disk_leaves_the_old_store_and_says_so(store, made, run, tmp_path, monkeypatch):
    one_more(store)
    store.close()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restore, "_keep_aside", full)
    status, _, err = run("restore", made.path, "--yes")
    assert status == 2 and "The disk is full" in err and "磁盘已满" in err and err.count("\n") == 1
    with Store.open(tmp_path / "store") as same:
        assert same.status(TOWN, LATER).version == 1 and same.verify_audit().is_whole
    assert not list((tmp_path / "store").glob(".restoring-*"))


def test_a_changed_store_is_backed_up_before_it_migrates(store, tmp_path):
    store._connection.execute("drop table original")
    store._connection.execute("delete from migration where name = 'table original'")
    before = store.rows("select count(*) from audit")[0][0]
    store.close()
    # a table that is gone cannot be backed up: bring one back that the old version did not know
    with duckdb.connect(tmp_path / "store" / FILE) as old:
        old.execute("create table original (sha256 varchar, workbook varchar, size bigint)")
    with Store.open(tmp_path / "store") as opened:
        [known] = opened.keeper.known()
        assert known.kind == "migration" and known.file.startswith(str(tmp_path / "store" / "backups"))
        assert archive.reread(tmp_path / "store" / "backups" / known.file.rpartition("/")[2]).tables["audit"].rows == before
    with Store.open(tmp_path / "store") as again:
        assert len(again.keeper.known()) == 1, "no migration, no backup"


def test_an_empty_store_migrates_without_a_backup(tmp_path):
    with Store.create(tmp_path / "new") as fresh:
        assert fresh.keeper.known() == []
    assert not (tmp_path / "new" / "backups").exists()


def test_no_space_says_so_and_leaves_nothing(store, tmp_path, monkeypatch):
    free = backup.shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr(backup.shutil, "disk_usage", lambda _: free)
    with pytest.raises(StoreError, match="No backup was made"):
        store.keeper.make(tmp_path / "out", actor="admin")
    assert list((tmp_path / "out").iterdir()) == [] and store.keeper.known() == []


def test_a_disk_that_reads_back_other_bytes_makes_no_backup(store, tmp_path, monkeypatch):
    honest = backup._make

    def flaky(*arguments):
        made = honest(*arguments)
        data = bytearray(made.path.read_bytes())
        data[len(data) // 2] ^= 4
        made.path.write_bytes(data)
        return made

    monkeypatch.setattr(backup, "_make", flaky)
    with pytest.raises(StoreError, match="checksum"):
        store.keeper.make(tmp_path / "out", actor="admin")
    assert list((tmp_path / "out").iterdir()) == []


def test_pages_say_that_a_backup_is_overdue(store, monkeypatch):
    from streamlit.testing.v1 import AppTest

    def page():
        from townboard import shell

        shell.banner()

    with store.write() as cursor:
        cursor.execute("update migration set applied_at = applied_at - interval 27 hour")
    store.close()
    monkeypatch.setenv("TOWNBOARD_STORE", str(store.folder))
    at = AppTest.from_function(page, default_timeout=30).run()
    assert not at.exception and "还没有做过备份" in at.warning[0].value
    from townboard.shell.visit import house

    house().store.keeper.make(None, actor="admin")
    assert not AppTest.from_function(page, default_timeout=30).run().warning
    house().store.close()


def test_the_serving_process_makes_the_backup_and_shows_what_a_restore_would_change(store, tmp_path):
    stop = relay.listen(store.folder, store, cli.handed_over)
    try:
        environment = {"PATH": f"{sys.prefix}/bin", "TOWNBOARD_STORE": str(store.folder), "PYTHONPATH": str(ROOT)}

        def call(*arguments):
            return subprocess.run(
                ["python", "-m", "townboard", *arguments],
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                text=True,
                timeout=60,
            )

        made = call("backup", "out", "--nightly", "--as", "timer")
        assert made.returncode == 0, made.stderr
        path = tmp_path / "out" / made.stdout.strip().rpartition("/")[2]
        assert path.is_file() and store.keeper.known()[0].file == str(path)
        one_more(store)
        asked = call("restore", str(path))
        assert asked.returncode == 1 and "2022-11" in asked.stdout
        refused = call("restore", str(path), "--yes")
        assert refused.returncode == 2 and "另一个程序" in refused.stderr
        assert store.status(TOWN, LATER).version == 1
    finally:
        stop()
