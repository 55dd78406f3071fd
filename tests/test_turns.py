"""Taking turns: never more at work than there are places, first come first served, and nobody is held up by who waits for something."""

from __future__ import annotations

import threading
import time

import pytest

from townboard import turns
from townboard.shell import once
from townboard.turns import Turns

PATIENCE = 10


@pytest.fixture
def places(monkeypatch):
    """Two places of the test's own."""
    own = Turns(2)
    monkeypatch.setattr(turns, "_turns", own)
    return own


def started(work, many: int) -> list[threading.Thread]:
    threads = [threading.Thread(target=work, args=(n,)) for n in range(many)]
    for thread in threads:
        thread.start()
    return threads


def ended(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"


def test_never_more_are_at_work_than_there_are_places(places):
    at_work, most, lock = 0, 0, threading.Lock()

    def work(_: int) -> None:
        nonlocal at_work, most
        with turns.taken():
            with lock:
                at_work += 1
                most = max(most, at_work)
            time.sleep(0.002)
            with lock:
                at_work -= 1

    ended(started(work, 40))
    assert most == 2


def test_whoever_came_first_is_served_first(places):
    places.take(), places.take()
    order: list[int] = []

    def work(n: int) -> None:
        with turns.taken():
            order.append(n)

    threads = []
    for n in range(8):
        threads += [threading.Thread(target=work, args=(n,))]
        threads[-1].start()
        end = time.monotonic() + PATIENCE
        while len(places._waiting) <= n and time.monotonic() < end:
            time.sleep(0.001)
    places.give()
    ended(threads)
    assert order == list(range(8))


def test_who_was_called_off_is_the_next(places):
    """A click during a run starts it anew, in the same thread: the visitor does not wait a second time."""
    order: list[str] = []
    ready, called = threading.Event(), threading.Event()

    def clicking() -> None:
        with pytest.raises(ValueError, match="again"), turns.taken():
            ready.set()
            called.wait(PATIENCE)
            raise ValueError("again")
        with turns.taken():
            order.append("the one who clicked")

    places.take()
    clicker = threading.Thread(target=clicking)
    clicker.start()
    ready.wait(PATIENCE)

    def work(_: int) -> None:
        with turns.taken():
            order.append("another")
            time.sleep(0.01)

    others = started(work, 3)
    end = time.monotonic() + PATIENCE
    while len(places._waiting) < 3 and time.monotonic() < end:
        time.sleep(0.001)
    called.set()
    ended([*others, clicker])
    places.give()
    assert order.index("the one who clicked") <= 1, "one place was handed on as it went; the next is its own"


def test_a_place_is_given_back_whatever_happens(places):
    for _ in range(5):
        with pytest.raises(ValueError, match="broken"), turns.taken():
            raise ValueError("broken")
    assert places._free == 2


def test_who_waits_for_something_outside_holds_nobody_up(places):
    outside, others = threading.Event(), []

    def slow(_: int) -> None:
        with turns.taken(), turns.aside():
            outside.wait(PATIENCE)

    def quick(n: int) -> None:
        with turns.taken():
            others.append(n)

    waiting = started(slow, 4)
    ended(started(quick, 6))
    assert len(others) == 6, "the places are free while files are read"
    outside.set()
    ended(waiting)
    assert places._free == 2, "and every place came back"


def test_nobody_waits_for_ever_for_what_somebody_aside_is_making(places):
    """Whoever makes what all share may step aside for it while the others wait for it in their places."""
    asked = threading.Event()

    @once.for_all(4)
    def shared(key: str) -> str:
        with turns.aside():
            asked.wait(PATIENCE)
        return key

    def look(_: int) -> None:
        with turns.taken():
            shared("trace")

    threads = started(look, 12)
    time.sleep(0.05)
    asked.set()
    ended(threads)
    assert places._free == 2


def test_who_comes_back_is_one_more_until_somebody_goes(places):
    places.take(), places.take()
    places.give()
    places.take()
    places.take_again()
    later = started(lambda _: places.take(), 1)
    places.give()
    time.sleep(0.02)
    assert later[0].is_alive(), "two are still at work"
    places.give()
    ended(later)


def test_who_has_no_turn_gives_none_up(places):
    with turns.aside():
        assert places._free == 2
    assert places._free == 2
