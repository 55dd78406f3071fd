"""Taking turns: as many pages are worked on at once as the machine gets done; whoever comes later waits, first come first served.

Sixty threads that all want Python's one lock spend most of a processor on handing it round; three that want it do not. Who waits for
something outside (a reading worker) steps `aside` meanwhile, so that a slow file holds nobody up, and goes on at once when it is there:
the others may be waiting for what comes of it.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

PLACES = 2
"""Pages worked on at once: one computes while another waits for the store."""


class Turns:
    """So many places; a place that becomes free is handed to whoever has waited longest. Fewer than none are free while somebody who
    stepped aside is back and no one has gone yet."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: deque[threading.Lock] = deque()
        self._lock = threading.Lock()

    def take(self, *, first: bool = False) -> None:
        """Wait for a place: behind all who wait, or `first` of them."""
        with self._lock:
            if self._free > 0:
                self._free -= 1
                return
            mine = threading.Lock()
            mine.acquire()
            self._waiting.appendleft(mine) if first else self._waiting.append(mine)
        mine.acquire()

    def take_again(self) -> None:
        """Come back from aside, without waiting."""
        with self._lock:
            self._free -= 1

    def give(self) -> None:
        """Hand the place on."""
        with self._lock:
            if self._waiting and self._free >= 0:
                self._waiting.popleft().release()
            else:
                self._free += 1


_turns = Turns(PLACES)
_own = threading.local()
_has_turn: ContextVar[bool] = ContextVar("townboard_turn", default=False)


@contextmanager
def taken() -> Iterator[None]:
    """Work on a page when it is one's turn. Who was called off it (a click that came meanwhile) and starts anew is the next."""
    _turns.take(first=getattr(_own, "called_off", False))
    _own.called_off = False
    mark = _has_turn.set(True)
    try:
        yield
    except BaseException:
        _own.called_off = True
        raise
    finally:
        _has_turn.reset(mark)
        _turns.give()


@contextmanager
def aside() -> Iterator[None]:
    """Let others work while something outside is waited for; nothing to give up for who has no turn."""
    if not _has_turn.get():
        yield
        return
    mark = _has_turn.set(False)
    _turns.give()
    try:
        yield
    finally:
        _turns.take_again()
        _has_turn.reset(mark)
