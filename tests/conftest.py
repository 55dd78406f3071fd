"""What several tests share: one demo store for the whole run, and small ones of their own."""

from __future__ import annotations

import pytest

from tests.stores import empty_store, small_store
from townboard.store import Store


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory):
    """A folder with the demo store, filled once; read only: writers copy it."""
    from townboard import demo

    folder = tmp_path_factory.mktemp("demo")
    with Store.create(folder) as store:
        demo.fill(store, progress=lambda share, words: None)
    return folder


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
    return store
