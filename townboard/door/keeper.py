"""The doorkeeper: stands before everything that is served, pages, files and sockets alike, and lets in who may come in.

* A store with accounts: without a session there is the sign-in page and nothing else, on every path; a session whose first password
  was not changed gets the page to change it and nothing else.
* A store without accounts (the demo, or a new one): this machine only, under a name of this machine, not through a proxy.
* What Streamlit offers and this application does not need is shut for everyone.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from townboard import accounts
from townboard.door import belongings, cookies, guarding, oidc, page
from townboard.text import Language, Text

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from townboard.store import Store
    from townboard.store.accounts import Account

OPEN = ("/_stcore/health", "/health", "/metrics")
"""Answered to anybody: whether the application is ready and the store well; `watch` looks itself who may have the figures."""
SHUT = ("/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent", "/_stcore/bidi-components", "/component", "/app/static",
        "/auth/logout")  # fmt: skip
"""Shut for everyone: statistics of the process, the agent API, components and files that this application does not have, and
Streamlit's own sign-out, which knows nothing of our sessions."""
BEFORE = ("/sign-in", "/sign-in/oidc")
"""Where a stranger may be."""
HALFWAY = (*BEFORE, "/password", "/sign-out")
"""Where somebody with a first password may be."""
_PROXIED = ("x-forwarded-", "x-real-ip", "forwarded", "via", "x-client-ip", "true-client-ip", "cf-connecting-ip", "x-original-")
"""How headers begin that only a proxy sends."""


def path_of(scope: Scope) -> str:
    """The path asked for, without a slash at its end."""
    path: str = scope["path"]
    return path.rstrip("/") or "/"


def is_shut(path: str) -> bool:
    """Whether nobody gets anything there."""
    return any(path == shut or path.startswith(f"{shut}/") for shut in SHUT) or (
        oidc.is_of_provider(path) and not oidc.is_set_up()
    )


def is_local(client: str | None, headers: Mapping[str, str], version: str = "1.1") -> bool:
    """Whether a request was made on this machine, by a name of this machine, and not passed on by a proxy: one that was set up with
    nothing but the address asks in HTTP 1.0, as no browser does."""
    host = headers.get("host", "")
    named = host.partition("]")[0].removeprefix("[") if host.startswith("[") else host.partition(":")[0]
    if version == "1.0" or any(header.lower().startswith(_PROXIED) for header in headers):
        return False
    return is_loopback(client or "") and (named == "localhost" or is_loopback(named))


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    return (getattr(known, "ipv4_mapped", None) or known).is_loopback


def is_same_origin(headers: Mapping[str, str]) -> bool:
    """Whether a page of our own address asks, or no page at all. Streamlit would take any other port of this machine for ours."""
    origin = headers.get("origin")
    return origin is None or (origin != "null" and urlsplit(origin).netloc == headers.get("host", ""))


def language(request: HTTPConnection) -> Language:
    """The link's language, else the browser's first; Chinese where it is silent."""
    asked = request.query_params.get("lang")
    if asked in ("zh", "en"):
        return "zh" if asked == "zh" else "en"
    first = request.headers.get("accept-language", "zh").strip().lower()
    return "zh" if first.startswith("zh") or not first else "en"


def place(store: Store) -> Text:
    """The county's name."""
    return store.catalogue.org_unit[store.catalogue.settings.county].label


def html(written: str, status: int = 200) -> Response:
    """A page of `page` with its policy; never kept by browsers or proxies."""
    headers = {"content-security-policy": guarding.of_form(page.STYLE), "cache-control": "no-store"}
    return HTMLResponse(written, status, headers)


def opened() -> Store:
    """The store that this process serves."""
    from townboard.shell import house

    return house().store


def visitor(request: HTTPConnection, store: Store) -> Account | None:
    """Whose session the request carries."""
    return accounts.visitor(store, belongings.carried(request, store))


def turned_away(request: HTTPConnection) -> Response | None:
    """What a request gets instead of what it asked for; None: it may go in."""
    store, path = opened(), path_of(request.scope)
    if request.scope["type"] == "websocket" and not is_same_origin(request.headers):
        return PlainTextResponse("403", 403)
    if not accounts.exist(store):
        if is_local(request.client.host if request.client else None, request.headers, request.scope.get("http_version", "1.1")):
            return None if path not in HALFWAY else RedirectResponse("/", 303)
        spoken = language(request)
        return html(page.told(spoken, place(store), page.LOCAL_ONLY, page.NO_ACCOUNTS, command=page.FIRST_ACCOUNT), 403)
    if path in BEFORE or oidc.is_of_provider(path):
        return None
    account = visitor(request, store)
    if account is not None and (not account.must_change or path in HALFWAY):
        return None
    if request.scope["type"] == "websocket" or request.scope["method"] not in ("GET", "HEAD") or not _wants_page(request):
        return PlainTextResponse("401", 401)
    asked = path + (f"?{request.url.query}" if request.url.query else "")
    to = {"to": asked} if path != "/" else {}
    return RedirectResponse(f"{'/sign-in' if account is None else '/password'}?{urlencode(to)}".rstrip("?"), 303)


def _wants_page(request: HTTPConnection) -> bool:
    accepted = request.headers.get("accept", "*/*")
    return "text/html" in accepted or accepted == "*/*"


class Doorkeeper:
    """The middleware around the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Turn away, or let in and see that every answer carries its headers."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        request, path = HTTPConnection(scope), path_of(scope)
        guarded = _with_headers(send, request, path) if scope["type"] == "http" else send
        if is_shut(path):
            answer: Response | None = PlainTextResponse("404", 404)
        elif path in OPEN:
            answer = None
        else:
            answer = await run_in_threadpool(turned_away, request)
        if answer is None:
            await self._let_in(scope, receive, oidc.settling(guarded, request) if path == oidc.CALLBACK else guarded)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4401})
        else:
            await answer(scope, receive, guarded)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, is_socket = scope["path"], scope["type"] == "websocket"
        if not (is_socket or path.startswith((belongings.MEDIA, belongings.UPLOADS))):
            await self.app(scope, receive, send)
            return
        store = opened()
        whose = await run_in_threadpool(belongings.owner, store, belongings.carried(HTTPConnection(scope), store))
        if whose is None:  # signed out between the two looks
            await (
                send({"type": "websocket.close", "code": 4401})
                if is_socket
                else PlainTextResponse("401", 401)(scope, receive, send)
            )
        elif is_socket:
            await self.app(belongings.named(scope, whose), receive, send)
        elif path.startswith(belongings.MEDIA):
            await belongings.fetch(self.app, scope, receive, send, whose)
        elif await run_in_threadpool(belongings.takes_uploads_of, path, store, whose):
            await self.app(scope, receive, send)
        else:
            await PlainTextResponse("404", 404)(scope, receive, send)


def _with_headers(send: Send, request: HTTPConnection, path: str) -> Send:
    https = cookies.is_https(request)

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = MutableHeaders(scope=message)
            there.update(guarding.headers(path, there.get("content-security-policy"), https=https))
        await send(message)

    return guarded
