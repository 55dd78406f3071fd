"""What several tests share: one demo store for the whole run, and small ones of their own."""

from __future__ import annotations

import fcntl
import os
import shutil

import pytest

from tests.stores import empty_store, small_store
from townboard import cli
from townboard.store import Store


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory):
    """A folder with the demo store; read only: writers copy it. Filled by the first of the processes that run the tests."""
    own = tmp_path_factory.getbasetemp()
    made = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "demo-of-all"
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            from townboard import demo

            begun = made.with_suffix(".begun")
            with Store.create(begun) as store:
                demo.fill(store, progress=lambda share, words: None)
            begun.rename(made)
    return shutil.copytree(made, tmp_path_factory.mktemp("demo"), dirs_exist_ok=True)


@pytest.fixture
def store(tmp_path):
    """An open store without any submission."""
    with empty_store(tmp_path / "store") as opened:
        yield opened


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """The small store, open: for reading."""
    with small_store(tmp_path_factory.mktemp("filled") / "store") as opened:
        yield opened


@pytest.fixture(name="empty_store")
def empty_store_fixture(store):
    """The same, where a test says by its name what is in it."""
    return store


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run a command on the store of `tmp_path`; gives (exit status, standard output, standard error)."""
    monkeypatch.setenv("TOWNBOARD_STORE", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        capsys.readouterr()
        status = cli.main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call
