"""What is made once: shared by all visitors without being made twice at the same time; asked once in a run, anew outside of it."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest

from townboard.periods import Period
from townboard.shell import asking, once
from townboard.shell.view import View


def test_who_asks_for_what_another_is_making_waits_for_it():
    made = []

    @once.for_all(8)
    def slow(key: str) -> object:
        made.append(key)
        time.sleep(0.05)
        return object()

    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(slow("same"))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert made == ["same"] and len(set(map(id, found))) == 1


def test_what_broke_is_tried_again():
    tries = []

    @once.for_all(8)
    def broken(key: str) -> str:
        tries.append(key)
        if len(tries) == 1:
            raise ValueError("no")
        return "yes"

    with pytest.raises(ValueError, match="no"):
        broken("x")
    assert broken("x") == "yes" and broken("x") == "yes" and len(tries) == 2


def test_no_more_is_kept_than_was_said():
    made = []

    @once.for_all(3)
    def keep(n: int) -> int:
        made.append(n)
        return n

    for n in (1, 2, 3, 4, 4, 1):
        keep(n)
    assert made == [1, 2, 3, 4, 1], "the one not used for longest was let go"


def test_in_a_run_it_is_asked_once_and_anew_in_the_next():
    asked = []

    @once.in_run
    def ask(who: str = "") -> int:
        asked.append(who)
        return len(asked)

    assert (ask(), ask()) == (1, 2), "outside a run it is asked each time"
    with once.run():
        assert (ask(), ask(), ask("other"), ask()) == (3, 3, 4, 3)
    with once.run():
        assert ask() == 5
    assert ask() == 6


def test_what_was_waited_for_outside_makes_it_ask_anew():
    asked = []

    @once.in_run
    def ask() -> int:
        asked.append(1)
        return len(asked)

    once.forget()
    with once.run():
        assert (ask(), ask()) == (1, 1)
        once.forget()
        assert ask() == 2


def test_a_run_that_broke_leaves_nothing_behind():
    asked = []

    @once.in_run
    def ask() -> int:
        asked.append(1)
        return len(asked)

    with pytest.raises(ValueError, match="stop"), once.run():
        ask()
        raise ValueError("stop")
    with once.run():
        assert ask() == 2


def test_two_runs_side_by_side_know_nothing_of_each_other():
    @once.in_run
    def who() -> str:
        return threading.current_thread().name

    seen: dict[str, set[str]] = {}
    ready = threading.Barrier(4)

    def visit() -> None:
        with once.run():
            ready.wait(10)
            seen[threading.current_thread().name] = {who() for _ in range(50)}

    threads = [threading.Thread(target=visit, name=f"visitor {n}") for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert seen == {f"visitor {n}": {f"visitor {n}"} for n in range(4)}


def test_what_is_drawn_for_a_view_is_drawn_anew_when_another_unit_has_reported(monkeypatch):
    """A commit between two questions may give the new number of the data beside the old list of who reported."""
    monkeypatch.setattr(asking, "_sight", lambda county: ())
    look = View("140121", Period(2022, 10), None, ("a", "b"), "preliminary", None, "zh", 7, "here", ("a", "b"), ("a",), (), None)
    made = []

    def draw(view: View) -> tuple[str, ...]:
        made.append(view.missing)
        return view.missing

    def shown(view: View) -> tuple[str, ...]:
        return asking.drawn(view, "who is missing", lambda: draw(view))

    assert shown(look) == shown(look) == ("b",) and len(made) == 1
    assert shown(replace(look, reported=("a", "b"))) == ()
    assert shown(replace(look, band="3")) == ("b",) and len(made) == 2, "what it depends on else is said with `extra`"
