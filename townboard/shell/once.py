"""What is made once: `for_all` visitors, as long as the data it is made of stands; `in_run`, for one run of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from threading import Condition
from typing import Any, ParamSpec, TypeVar

from cachetools import LRUCache, cached
from cachetools.keys import hashkey

P = ParamSpec("P")
T = TypeVar("T")
_RUN: ContextVar[dict[Any, Any] | None] = ContextVar("townboard_run", default=None)


def for_all(most: int, key: Callable[..., Any] = hashkey) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep the `most` recently used answers of a function, shared by all visitors and never changed in place; who asks for what
    another is making waits for it. Arguments are the key, or what `key` makes of them: the data's version is among them."""
    return cached(LRUCache(most), key=key, condition=Condition())


@contextmanager
def run() -> Iterator[None]:
    """One run of a page: what is asked `in_run` inside is asked once. Callbacks and dialogs are outside of it and ask anew."""
    mark = _RUN.set({})
    try:
        yield
    finally:
        _RUN.reset(mark)


def forget() -> None:
    """Ask everything anew from here on in this run: something outside was waited for meanwhile."""
    known = _RUN.get()
    if known is not None:
        known.clear()


def in_run(ask: Callable[P, T]) -> Callable[P, T]:
    """Ask once in a run; each time where there is no run."""

    @wraps(ask)
    def asked(*args: P.args, **named: P.kwargs) -> T:
        known = _RUN.get()
        if known is None or named:
            return ask(*args, **named)
        key = (ask, args)
        if key not in known:
            known[key] = ask(*args, **named)
        found: T = known[key]
        return found

    return asked
