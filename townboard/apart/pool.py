"""A pool of warm worker processes. One that overruns, dies or grows is replaced; nobody but the file in hand notices."""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from townboard.apart.limits import ANSWER, BROKEN, BYTES, DONE, FILES_TO_RETIRE, OVERRUN, REFUSED, WALL_SECONDS
from townboard.catalogue import Catalogue

ROOT = Path(__file__).resolve().parent.parent.parent
_LOG = logging.getLogger("townboard")
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV", "LD_LIBRARY_PATH")
"""What a worker gets of our environment: no passwords, no addresses."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker said: `outcome` is one of `limits` or b"" for one that died, `packed` its JSON or bytes."""

    outcome: bytes
    packed: bytes


@dataclass(slots=True)
class Tally:
    """What a pool has done so far: requests by outcome, seconds spent on them, workers replaced."""

    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    replaced: int = 0


_OUTCOMES = {DONE: "done", BYTES: "done", REFUSED: "refused", OVERRUN: "overran", BROKEN: "broke", b"": "died"}


class Worker:
    """One process and the two pipes to it. Used by one thread at a time."""

    def __init__(self, catalogue: bytes) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "townboard.apart.worker"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}, start_new_session=True,
        )  # fmt: skip
        self.served = 0
        self.tired = False
        with contextlib.suppress(BrokenPipeError):  # the first request will find it dead
            self._send(catalogue)

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def _send(self, data: bytes) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        pipe.write(len(data).to_bytes(8, "big") + data)
        pipe.flush()

    def ask(self, request: bytes, seconds: float = WALL_SECONDS) -> Answer:
        """The answer to one request; the process is killed when it takes longer than `seconds`, counted from here."""
        overran = threading.Event()

        def kill() -> None:
            overran.set()
            self._process.kill()

        clock = threading.Timer(seconds, kill)
        clock.daemon = True
        clock.start()
        try:
            self.served += 1
            self._send(request)
            pipe = self._process.stdout
            assert pipe is not None
            return self._answer(pipe)
        except (EOFError, BrokenPipeError):
            status = self._process.wait()
            _LOG.warning("worker %s ended with status %s", self.pid, status)
            return Answer(OVERRUN if overran.is_set() or -status in _OVERRUNS else b"", b"")
        finally:
            clock.cancel()

    def _answer(self, pipe: IO[bytes]) -> Answer:
        head = pipe.read(9)
        size = int.from_bytes(head[1:], "big")
        if len(head) < 9 or size > ANSWER:
            self._process.kill()
            raise EOFError
        packed = pipe.read(size)
        if len(packed) < size:
            raise EOFError
        self.tired = self.served >= FILES_TO_RETIRE or head[:1].isupper()
        return Answer(head[:1].lower(), packed)

    def close(self) -> None:
        """End the process and leave nothing behind."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()


_OVERRUNS = (24,)
"""Signals that mean too much: SIGXCPU."""


class Pool:
    """Warm workers for one catalogue. A request waits for a free one; first come, first served."""

    def __init__(self, catalogue: Catalogue, size: int) -> None:
        self._packed = pickle.dumps(catalogue)
        self._idle: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        self._all: set[Worker] = set()
        self._lock = threading.Lock()
        self._closed = False
        self.tally = Tally()
        for _ in range(size):
            self._idle.put(self._new())

    def _new(self) -> Worker:
        worker = Worker(self._packed)
        with self._lock:
            self._all.add(worker)
        return worker

    def _drop(self, worker: Worker) -> None:
        worker.close()
        with self._lock:
            self._all.discard(worker)

    def pids(self) -> list[int]:
        """The processes' numbers."""
        with self._lock:
            return [worker.pid for worker in self._all]

    def ask(self, job: Callable[..., Any], **arguments: Any) -> Answer:
        """The answer of a free worker to a job (a function of a module of ours). Only one killed while at this very request counts; a dead one found idle is replaced first."""
        request = pickle.dumps((job, arguments))
        worker = self._idle.get()
        finished = False
        try:
            if not worker.is_alive():
                self._drop(worker)
                worker = self._new()
            start = time.monotonic()
            answer = worker.ask(request)
            self._count(answer, time.monotonic() - start)
            finished = answer.outcome in (DONE, BYTES, REFUSED) and not worker.tired
            return answer
        finally:
            if not finished:
                self._drop(worker)
                if not self._closed:
                    worker = self._new()
                    self.tally.replaced += 1
            self._idle.put(worker)

    def _count(self, answer: Answer, seconds: float) -> None:
        with self._lock:
            self.tally.outcomes[_OUTCOMES[answer.outcome]] += 1
            self.tally.seconds += seconds

    def close(self) -> None:
        """End all workers; requests under way are answered as dead."""
        self._closed = True
        with self._lock:
            workers = list(self._all)
        for worker in workers:
            worker.close()
