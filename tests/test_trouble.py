"""Trouble with the disk and the machine: said in both languages, nothing lost, and the way back works. And five kills (`make crash` has 300)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests import crash
from tests.stores import OCTOBER, TOWN, VILLAGE, commit, income, small_store
from townboard.periods import Period
from townboard.store import FILE, Store, StoreError

ROOT = Path(__file__).resolve().parent.parent
NOBODY = 65534

FULL_DISK = """
import resource, sys
from pathlib import Path
from tests.stores import TOWN, VILLAGE, commit, income
from townboard.periods import Period
from townboard.store import Store, StoreError

folder, when, most = Path(sys.argv[1]), sys.argv[2], resource.getrlimit(resource.RLIMIT_FSIZE)[1]
store = Store.open(folder)
if when == "checkpoint":
    store._connection.execute("set checkpoint_threshold = '300KB'")
size = (folder / "townboard.duckdb").stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100_000 if when == "checkpoint" else 3_000_000, most))
told, refused = [], []
for number in range(40):
    long = "x" * (20_000 if when == "checkpoint" else 200_000)
    try:
        receipt = commit(store, TOWN, Period(2022, 11), {"village_economy": {VILLAGE: income(33.0 + number)}},
                         name=f"{long}{number}", approve=False)
        told.append(receipt.sha256)
    except StoreError as error:
        refused.append(error.message)
assert refused or when == "checkpoint", "the disk was never full"
assert all("磁盘已满" in message.zh and "full" in message.en for message in refused), refused
assert {sha256 for (sha256,) in store.rows("select sha256 from submission where period = '2022-11'")} >= set(told), "readable all the while"
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
told.append(commit(store, TOWN, Period(2022, 11), {"village_economy": {VILLAGE: income(99.0)}}, name="room again", approve=False).sha256)
store.close()
with Store.open(folder) as store:
    held = [sha256 for (sha256,) in store.rows("select sha256 from submission where period = '2022-11' order by id")]
    assert held == told, (len(held), len(told))
    assert store.verify_audit().is_whole, store.verify_audit().mistakes
print(len(told), len(refused))
"""


def child(script, *arguments):
    """Run a script in a process of its own; its (status, standard output, standard error)."""
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def folder(tmp_path):
    small_store(tmp_path / "store").close()
    return tmp_path / "store"


@pytest.mark.parametrize("when", ["log", "checkpoint"])
def test_a_full_disk_refuses_in_words_loses_nothing_and_goes_on_when_there_is_room(folder, when):
    status, out, err = child(FULL_DISK, folder, when)
    assert status == 0, err
    told, refused = map(int, out.split())
    assert told > 1 and (refused > 0 if when == "log" else "must be opened again" in err)


def run(folder, *arguments, before="pass"):
    """Run a command in a process of its own, after a statement."""
    script = (
        "import os, sys; from townboard import cli, commands, store; os.environ['TOWNBOARD_STORE'] = sys.argv[1]\n"
        f"{before}\nsys.exit(cli.main(sys.argv[2:]))"
    )
    return child(script, folder, *arguments)


def one_line(err, zh, en):
    lines = [line for line in err.splitlines() if "nanobind" not in line and "leaked" not in line]
    assert len(lines) == 1 and zh in lines[0] and en in lines[0] and "Traceback" not in err, err


def test_a_folder_that_is_read_only(folder):
    for path in (folder, *folder.parents):
        if path == Path("/tmp"):
            break
        path.chmod(0o755)
    (folder / FILE).chmod(0o444)
    folder.chmod(0o555)
    before = f"os.setuid({NOBODY})" if os.getuid() == 0 else "pass"
    status, out, err = run(folder, "indicators", "--period", "2022-10", "--format", "json", before=before)
    assert (status, out) == (2, "")
    one_line(err, "只读", "read-only")
    folder.chmod(0o755)
    (folder / FILE).chmod(0o644)
    with Store.open(folder) as store:
        assert store.status(TOWN, OCTOBER).version == 1


def test_a_store_that_another_process_has_open(folder):
    with Store.open(folder):
        status, _, err = run(folder, "indicators", "--period", "2022-10", "--format", "json")
    assert status == 2
    one_line(err, f"进程 {os.getpid()}", f"process {os.getpid()}")


@pytest.mark.parametrize("how", ["zeroes", "cut", "another file", "empty"])
def test_a_damaged_file_names_the_way_back(folder, how):
    path = folder / FILE
    data = bytearray(path.read_bytes())
    if how == "zeroes":
        data[4096:40960] = bytes(36864)
    changed = {"zeroes": bytes(data), "cut": bytes(data[:5000]), "another file": b"PK\x03\x04" + bytes(9000), "empty": b""}[how]
    path.write_bytes(changed)
    status, _, err = run(folder, "indicators", "--period", "2022-10", "--format", "json")
    assert status == 2
    one_line(err, "恢复", "estore")
    assert path.read_bytes() == changed, "looking changes nothing"


def test_a_log_that_was_cut_stops_the_start(folder):
    script = (
        "import os, sys; from tests.stores import *; s = Store.open(sys.argv[1])\n"
        "commit(s, TOWN, Period(2022, 11), {'village_economy': {VILLAGE: income(33.0)}}); os._exit(0)"
    )
    assert child(script, folder)[0] == 0
    log = folder / f"{FILE}.wal"
    log.write_bytes(log.read_bytes()[: log.stat().st_size * 2 // 3])
    status, _, err = run(folder, "indicators", "--period", "2022-10", "--format", "json")
    assert status == 2
    one_line(err, "verify --accept-loss", "Restore a backup")
    assert run(folder, "verify", "--accept-loss", "--as", "李四")[0] == 0
    with Store.open(folder) as store:
        assert store.status(TOWN, OCTOBER).version == 1 and store.verify_audit().is_whole


def test_what_broke_inside_a_write_is_told_as_it_is(folder):
    with Store.open(folder) as store:
        with pytest.raises(duckdb.Error, match="no_such_table"), store.write() as cursor:
            cursor.execute("insert into no_such_table values (1)")
        with pytest.raises(FileNotFoundError), store.write():
            (folder / "no such file").read_bytes()
        with pytest.raises(StoreError, match="full"), store.write():
            raise OSError(28, "No space left on device")
        assert commit(store, TOWN, Period(2022, 11), {"village_economy": {VILLAGE: income(33.0)}}, approve=False).version == 1


def test_five_kills():
    """In a process of its own: it forks, and a process with threads must not."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash", "--kills", "5"], cwd=ROOT, capture_output=True, text=True, timeout=180
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "kills          5" in done.stdout and "troubles       0" in done.stdout


def test_a_lost_receipt_would_be_noticed(folder):
    with Store.open(folder) as store:
        receipt = {"id": 999, "version": 1, "sha256": "0" * 64, "income": 1.0}
        mistakes, _ = crash.wrong(store, [receipt])
        assert any("acknowledged and not there" in mistake for mistake in mistakes)
