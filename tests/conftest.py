"""What several tests share: one demo store for the whole run, and copies of it for those that write."""

from __future__ import annotations

import shutil

import pytest

from townboard.store import Store


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory):
    """A folder with the demo store, filled once; read only: writers take `demo_copy`."""
    from townboard import demo

    folder = tmp_path_factory.mktemp("demo")
    with Store.create(folder) as store:
        demo.fill(store, progress=lambda share, words: None)
    return folder


@pytest.fixture
def demo_copy(demo_folder, tmp_path):
    """A demo store of one's own."""
    return shutil.copytree(demo_folder, tmp_path / "store")


@pytest.fixture
def empty_store(tmp_path):
    """An open store without any submission."""
    with Store.create(tmp_path / "empty") as store:
        yield store
