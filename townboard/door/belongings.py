"""What belongs to one visit and to nobody else: the files that were handed over, the socket, the uploads.

Streamlit serves `/media/…` and takes uploads from whoever knows the address. Here an address is worth nothing by itself:

* A file passes only to the visit that it was handed to (its sha256 is noted when it is made), for ten minutes, and only while the
  account still has the role and scope of that moment. What nobody was handed is not found.
* It stays there for a minute: Streamlit itself forgets a file once two pages, anybody's, have been drawn since, which on a busy day is
  before the browser has fetched it.
* A socket can go on with an earlier Streamlit session only for the same visit: Streamlit compares what `VISIT` carries.
* An upload or its removal is taken only from the visit whose socket the session in its address is.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from streamlit import config, runtime
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from townboard import accounts
from townboard.access import NOBODY, Actor
from townboard.door import cookies
from townboard.store.accounts import digest

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from townboard.store import Store

MEDIA, UPLOADS = "/media/", "/_stcore/upload_file/"
VISIT = "x-townboard-visit"
"""The header in which the doorkeeper tells Streamlit whose socket it is; one that a browser sends is dropped."""
KEPT, MOST, LASTS = 600.0, 5_000, 60.0
"""Seconds that a file may be fetched after it was made, how many are remembered, and seconds that one which no page shows is kept."""


@dataclass(frozen=True, slots=True)
class Owner:
    """One visit: the digest of its session's token ("" in a store without accounts), and who that is with which scope."""

    visit: str
    actor: Actor


_handed: OrderedDict[tuple[str, Owner], float] = OrderedDict()
_lock = threading.Lock()


def settle() -> None:
    """What has to hold wherever the server is started from, before the first socket is opened: every session is bound to the visit
    that the doorkeeper names, and the grids have no CSV button of their own, which would ask nobody and leave no record."""
    config.set_option("server.trustedUserHeaders", {VISIT: "visit"})
    config.set_option("client.disableDataExport", True)


class Lasting:
    """A storage of Streamlit's whose files outlive their deletion by `seconds`. Its manager calls both methods under one lock."""

    def __init__(self, storage: MemoryMediaFileStorage, seconds: float = LASTS) -> None:
        self.seconds, self.leaving = seconds, dict[str, float]()
        self._load, self._delete = storage.load_and_get_id, storage.delete_file
        for name, method in (("load_and_get_id", self.load), ("delete_file", self.delete)):
            setattr(storage, name, method)

    def load(self, *given: Any, **more: Any) -> str:
        """Take a file in; one that is made again stays."""
        id = self._load(*given, **more)
        self.leaving.pop(id, None)
        return id

    def delete(self, id: str) -> None:
        """Let a file go later; those whose time has come go now."""
        now = time.monotonic()
        self.leaving.setdefault(id, now + self.seconds)
        for gone in [one for one, due in self.leaving.items() if due <= now]:
            del self.leaving[gone]
            self._delete(gone)


def let_files_last() -> None:
    """Have the running Streamlit keep what was made long enough to be fetched."""
    storage = runtime.get_instance().media_file_mgr._storage
    if isinstance(storage, MemoryMediaFileStorage):
        Lasting(storage)


def owner(store: Store, token: str) -> Owner | None:
    """Whose visit a token is; None for a stranger. A store without accounts knows one visitor."""
    if not accounts.exist(store):
        return Owner("", NOBODY)
    found = accounts.visitor(store, token)
    return None if found is None else Owner(digest(token), accounts.actor_of(found))


def hand_over(data: bytes, to: Owner) -> None:
    """Note that a file was made for a visit."""
    now = time.monotonic()
    with _lock:
        _handed[hashlib.sha256(data).hexdigest(), to] = now
        _handed.move_to_end((hashlib.sha256(data).hexdigest(), to))
        while len(_handed) > MOST or next(iter(_handed.values())) < now - KEPT:
            _handed.popitem(last=False)


def was_handed(sha256: str, to: Owner) -> bool:
    """Whether these bytes were made for this visit, and not too long ago."""
    with _lock:
        return _handed.get((sha256, to), float("-inf")) >= time.monotonic() - KEPT


def carried(request: HTTPConnection, store: Store) -> str:
    """The token of the session in a request's cookie."""
    return cookies.read(store.folder, cookies.SESSION, request.cookies)


def named(scope: Scope, whose: Owner) -> Scope:
    """A socket's request with the visit it belongs to; what the browser says about that is dropped."""
    headers = [(name, value) for name, value in scope["headers"] if name.lower() != VISIT.encode()]
    return {**scope, "headers": [*headers, (VISIT.encode(), (whose.visit or "here").encode())]}


def takes_uploads_of(path: str, store: Store, whose: Owner) -> bool:
    """Whether an upload's address names a Streamlit session whose socket is this visit's."""
    session = path.removeprefix(UPLOADS).partition("/")[0]
    client = runtime.get_instance().get_client(session) if runtime.exists() else None
    context = None if client is None else client.client_context
    return context is not None and owner(store, cookies.read(store.folder, cookies.SESSION, context.cookies)) == whose


async def fetch(app: ASGIApp, scope: Scope, receive: Receive, send: Send, whose: Owner) -> None:
    """Answer a request for a file: whole, to the visit it was made for; else as if there were none."""
    if scope["method"] != "GET":
        await PlainTextResponse("405", 405)(scope, receive, send)
        return
    messages: list[Message] = []

    async def collect(message: Message) -> None:
        messages.append(message)

    whole = [(name, value) for name, value in scope["headers"] if name.lower() not in (b"range", b"if-range", b"accept-encoding")]
    await app({**scope, "headers": whole}, receive, collect)
    body = b"".join(message.get("body", b"") for message in messages)
    if messages and messages[0].get("status") == 200 and was_handed(hashlib.sha256(body).hexdigest(), whose):
        for message in messages:
            await send(message)
    else:
        await PlainTextResponse("404", 404)(scope, receive, send)
