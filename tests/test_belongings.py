"""What was made for a visit: it lasts long enough to be fetched, and no longer; the bytes decide, not the address."""

from __future__ import annotations

import time

import pytest
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from townboard.access import Actor
from townboard.door import belongings
from townboard.door.belongings import Lasting, Owner

CLERK = Owner("a", Actor("张三", "clerk", ("140121100",)))


def made(manager: MediaFileManager) -> str:
    """The id of a file that a button made and no page shows."""
    url = manager.execute_deferred(manager.add_deferred(lambda: b"figures", "text/csv", "1.1", "x.csv"))
    manager.clear_session_refs()
    return url.removeprefix("/media/")


@pytest.mark.parametrize(("seconds", "there"), [(60.0, True), (0.0, False)])
def test_a_file_outlives_two_pages_drawn_by_others(seconds, there):
    storage = MemoryMediaFileStorage("/media")
    Lasting(storage, seconds)
    manager = MediaFileManager(storage)
    name = made(manager)
    for _ in range(2):  # at the end of everybody's script runs: marked, then deleted
        manager.remove_orphaned_files()
    assert (manager.read_file(name) is not None) == there


def test_a_file_made_again_stays():
    storage = MemoryMediaFileStorage("/media")
    lasting = Lasting(storage)
    manager = MediaFileManager(storage)
    name = made(manager)
    for _ in range(2):
        manager.remove_orphaned_files()
    assert lasting.leaving and made(manager) == name and not lasting.leaving


@pytest.mark.parametrize(("name", "data", "to"), [
    ("other bytes", b"others", CLERK), ("another sign-in", b"mine", Owner("b", CLERK.actor)),
    ("another scope since", b"mine", Owner("a", Actor("张三", "clerk", ("140121101",)))),
])  # fmt: skip
def test_only_these_bytes_and_only_for_this_visit(name, data, to):
    belongings.hand_over(b"mine", CLERK)
    assert belongings.was_handed(belongings.hashlib.sha256(b"mine").hexdigest(), CLERK)
    assert not belongings.was_handed(belongings.hashlib.sha256(data).hexdigest(), to), name


def test_after_ten_minutes_it_has_to_be_made_again(monkeypatch):
    belongings.hand_over(b"old", CLERK)
    later = time.monotonic() + belongings.KEPT + 1
    monkeypatch.setattr(belongings.time, "monotonic", lambda: later)
    assert not belongings.was_handed(belongings.hashlib.sha256(b"old").hexdigest(), CLERK)
