"""Reading apart: the same answers as here, and nothing that a file does to a worker reaches anybody else."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from tests import bad_worker
from tests.test_guard import REFUSED
from tests.workbooks import OCTOBER, QINGYUAN, free_form, ordinary, thirty_villages, xls
from townboard import apart
from townboard.apart import jobs, plain
from townboard.apart.limits import MEMORY_TO_RETIRE
from townboard.apart.pool import Pool
from townboard.findings import Refusal
from townboard.guard import admit
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.recognise import recognise
from townboard.text import Text
from townboard.workbook import read

SAMPLES = sorted((Path(__file__).resolve().parent.parent / "data" / "samples").iterdir())
BOOKS = {
    path.name: (path.read_bytes(), path.name, "140121100" if path.name.startswith("清源镇") else "140121200") for path in SAMPLES
}
BOOKS["free form.xlsx"] = (free_form(), "free form.xlsx", "140121100")


@pytest.fixture(scope="module")
def bad_pool():
    """Two workers that do on demand what a broken reader might."""
    pool = Pool(catalogue(), 2)
    yield pool
    pool.close()


@pytest.mark.parametrize("book", BOOKS)
def test_apart_is_the_same_as_here(book):
    data, name, unit = BOOKS[book]
    here = read(admit(data, name))
    assert apart.read(data, name) == here
    assert apart.recognise(data, name, catalogue(), unit, OCTOBER) == recognise(here, catalogue(), unit, OCTOBER)


def test_a_large_workbook_and_an_xls_are_the_same_too():
    data, known = ordinary(), thirty_villages()
    assert apart.recognise(data, "w.xlsx", known, QINGYUAN, OCTOBER) == recognise(
        read(admit(data, "w.xlsx")), known, QINGYUAN, OCTOBER
    )
    old = xls({"村集体经济": [["村名", 1.5, True, None, "是"]]})
    assert apart.read(old, "a.xls") == read(admit(old, "a.xls"))
    apart.start()


@pytest.mark.parametrize(("what", "data", "name", "id"), REFUSED, ids=[case[0] for case in REFUSED])
def test_refusals_come_over_word_for_word(what, data, name, id):
    with pytest.raises(Refusal) as here:
        read(admit(data, name))
    with pytest.raises(Refusal) as there:
        apart.read(data, name)
    assert (there.value.id, there.value.message, there.value.remedy) == (id, here.value.message, here.value.remedy)


@pytest.mark.parametrize("thing", [
    None, True, 0, 1.5, -0.0, "字", Text("是", "yes"), date(2022, 9, 30), Period(2022, 10), ("a", Text("甲", "a")), {"k": date(2022, 1, 1)},
    {("level", "name"): "code"},
])  # fmt: skip
def test_plain_data_there_and_back(thing):
    assert plain.real(plain.unpack(plain.pack(plain.plain(thing)))) == thing


def test_what_is_not_plain_is_no_answer():
    with pytest.raises(TypeError):
        plain.pack({"catalogue": catalogue()})


def expect(pool, job, id):
    with pytest.raises(Refusal) as refused:
        apart.asked(pool, getattr(bad_worker, job), b"bytes", "x.xlsx")
    assert refused.value.id == id
    assert plain.unpack(pool.ask(jobs.sheets, data=xls({"s": [[1.0]]}), name="a.xls").packed), "the next file is read"


@pytest.mark.parametrize(("job", "id"), [
    ("eat", "inflates-too-much"), ("flood", "inflates-too-much"), ("die", "damaged"), ("leave", "damaged"), ("lie", "damaged"),
])  # fmt: skip
def test_a_worker_that_breaks_costs_one_file_a_refusal(bad_pool, job, id):
    expect(bad_pool, job, id)


def test_a_worker_that_never_ends_is_killed_by_the_clock(bad_pool, monkeypatch):
    monkeypatch.setattr("townboard.apart.pool.Worker.ask.__defaults__", (0.5,))
    start = time.monotonic()
    expect(bad_pool, "sleep", "inflates-too-much")
    assert time.monotonic() - start < 5


def test_processor_time_is_limited_by_the_kernel(bad_pool):
    expect(bad_pool, "burn", "inflates-too-much")


def test_bytes_come_back_as_they_are():
    assert apart.made(bad_worker.whole, b"\x00\xff{", "x") == b"{\xff\x00"


def test_a_panic_is_a_bug_with_its_traceback_for_the_log(bad_pool):
    with pytest.raises(apart.WorkerError, match="a panic"):
        apart.asked(bad_pool, bad_worker.panic, b"", "x")


def test_what_a_library_prints_is_no_answer(bad_pool):
    assert apart.asked(bad_pool, bad_worker.babble, b"", "x") == "said"


def test_a_worker_writes_no_files_and_knows_no_secrets(bad_pool, tmp_path, monkeypatch):
    monkeypatch.setenv("TOWNBOARD_SECRET", "hush")
    with pytest.raises(apart.WorkerError):
        apart.asked(bad_pool, bad_worker.write, b"", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists() or (tmp_path / "out").stat().st_size == 0
    pool = Pool(catalogue(), 1)
    try:
        assert "TOWNBOARD_SECRET" not in apart.asked(pool, bad_worker.secrets, b"", "x")
        (tmp_path / "town.duckdb").write_bytes(b"")
        with (tmp_path / "town.duckdb").open("rb"):
            assert not [name for name in apart.asked(pool, bad_worker.files, b"", "x") if "duckdb" in name]
    finally:
        pool.close()


def test_an_answer_is_data_whatever_it_says(bad_pool):
    assert apart.asked(bad_pool, bad_worker.pickled, b"", "x") == {"__reduce__": ["os.system", "touch /tmp/owned"]}


def test_a_worker_that_grew_is_replaced(bad_pool):
    before = set(bad_pool.pids())
    assert apart.asked(bad_pool, bad_worker.grow, b"", "x") == [500 << 20]
    after = set(bad_pool.pids())
    assert len(after) == 2 and len(after & before) == 1


def test_what_the_server_holds_is_not_the_workers():
    held = bytearray(b"1") * (MEMORY_TO_RETIRE + (32 << 20))
    pool = Pool(catalogue(), 1)
    try:
        before = pool.pids()
        assert plain.unpack(pool.ask(jobs.sheets, data=xls({"s": [[1.0]]}), name="a.xls").packed) and held
        assert pool.pids() == before, "a worker that read a small file goes on"
    finally:
        pool.close()


def test_a_worker_found_dead_is_replaced_before_it_is_asked(bad_pool):
    for pid in bad_pool.pids():
        os.kill(pid, 9)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    data = xls({"s": [[1.0]]})
    for _ in range(3):
        assert plain.unpack(bad_pool.ask(jobs.sheets, data=data, name="a.xls").packed)


def test_others_are_served_while_one_file_runs_away(bad_pool):
    data = xls({"s": [[1.0]]})
    slow = threading.Thread(target=lambda: bad_pool.ask(bad_worker.sleep, data=b"", name="x"))
    slow.start()
    with ThreadPoolExecutor(4) as clerks:
        answers = list(clerks.map(lambda n: bad_pool.ask(jobs.sheets, data=data, name=f"{n}.xls"), range(20)))
    assert slow.is_alive(), "nobody waited for the runaway"
    assert [plain.unpack(answer.packed)[0] for answer in answers] == [f"{n}.xls" for n in range(20)], "each has its own answer"
    for pid in bad_pool.pids():
        os.kill(pid, signal.SIGKILL)
    slow.join()
