"""The forms before the application: what signing in, signing out and choosing a password do with what was sent.

A form is taken only from the page it was made for: its token must be the one in the browser's own cookie, and the browser must name
our address as its origin. An address that fails too often waits.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from townboard import accounts
from townboard.accounts import AccountError
from townboard.door import cookies, oidc, page
from townboard.door.keeper import html, is_same_origin, language, opened, place, visitor
from townboard.text import Language, Text

LARGEST = 8_000
"""Bytes of a form; a longer one is not read."""
TOO_MANY = Text("尝试次数过多,请稍后再试", "Too many attempts: please wait a while")
STALE = Text("页面已过期,请再试一次", "The page was too old; please try again")
DIFFER = Text("两次输入的新密码不一致", "The two new passwords differ")
WAIT, MOST = 600.0, 50
"""Failures of one address within so many seconds before it has to wait; a county office may share one address."""

_failures: dict[str, list[float]] = {}
_lock = threading.Lock()


def way_on(to: str) -> str:
    """Where to go after signing in: a path of ours, never another address."""
    parts = urlsplit(to.replace("\\", "/"))
    inside = to.startswith("/") and not to.startswith("//") and not parts.scheme and not parts.netloc and to.isprintable()
    return to if inside and not to.startswith(("/sign-", "/password", "/_stcore", "/media")) else "/"


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _is_too_much(address: str) -> bool:
    with _lock:
        recent = [at for at in _failures.get(address, []) if time.monotonic() - at < WAIT]
        if recent:
            _failures[address] = recent
        else:
            _failures.pop(address, None)
        return len(recent) >= MOST


def _count(address: str) -> None:
    with _lock:
        if len(_failures) > 10_000:
            _failures.clear()
        _failures.setdefault(address, []).append(time.monotonic())


def is_our_own(request: Request, form: str) -> bool:
    """Whether a form was sent from our page in this browser."""
    kept = cookies.read(opened().folder, cookies.FORM, request.cookies)
    same = is_same_origin(request.headers)
    site = request.headers.get("sec-fetch-site", "same-origin")
    return bool(kept) and secrets.compare_digest(kept.encode(), form.encode()) and same and site == "same-origin"


def _with_form(request: Request, draw: Callable[[str], str], status: int = 200) -> Response:
    """A page with a form: its token is the browser's, made when it has none."""
    folder = opened().folder
    token = cookies.read(folder, cookies.FORM, request.cookies) or secrets.token_urlsafe(24)
    response = html(draw(token), status)
    cookies.put(response, request, folder, cookies.FORM, token)
    return response


def _sign_in_page(
    request: Request, spoken: Language, to: str, *, wrong: Text | None = None, name: str = "", status: int = 200
) -> Response:
    def draw(token: str) -> str:
        return page.sign_in(spoken, place(opened()), form=token, to=to, wrong=wrong, name=name, oidc=oidc.is_set_up())

    return _with_form(request, draw, status)


def show_sign_in(request: Request, given: dict[str, str]) -> Response:
    """The sign-in page; who is signed in already goes on."""
    to = way_on(request.query_params.get("to", ""))
    if visitor(request, opened()) is not None:
        return RedirectResponse(to, 303)
    return _sign_in_page(request, language(request), to)


def sign_in(request: Request, given: dict[str, str]) -> Response:
    """Check a name and a password; a session and on, or the page again with the reason."""
    store, address = opened(), _address(request)
    spoken: Language = "en" if given.get("lang") == "en" else "zh"
    to, name = way_on(given.get("to", "")), given.get("name", "")[:40]
    if not is_our_own(request, given.get("form", "")):
        return _sign_in_page(request, spoken, to, wrong=STALE, name=name, status=403)
    if _is_too_much(address):
        return _sign_in_page(request, spoken, to, wrong=TOO_MANY, name=name, status=429)
    try:
        entered = accounts.sign_in(store, name, given.get("password", ""), address=address)
    except AccountError as error:
        _count(address)
        return _sign_in_page(request, spoken, to, wrong=error.message, name=name, status=401)
    response = RedirectResponse(to, 303)
    cookies.put(response, request, store.folder, cookies.SESSION, entered.token)
    cookies.drop(response, request, cookies.FORM)
    return response


def sign_in_elsewhere(request: Request, given: dict[str, str]) -> Response:
    """Off to the identity provider; where to go on afterwards is kept in a cookie."""
    if not oidc.is_set_up():
        return PlainTextResponse("404", 404)
    response = oidc.start()
    cookies.put(response, request, opened().folder, cookies.WAY, quote(way_on(request.query_params.get("to", "")), safe="/?=&%"))
    return response


def sign_out(request: Request, given: dict[str, str]) -> Response:
    """End the session of a form that was sent from our page."""
    store = opened()
    if not is_our_own(request, given.get("form", "")):
        return PlainTextResponse("403", 403)
    accounts.sign_out(
        store, cookies.read(store.folder, cookies.SESSION, request.cookies), everywhere=given.get("everywhere") == "1"
    )
    response = RedirectResponse("/sign-in", 303)
    cookies.drop(response, request, cookies.SESSION)
    return response


def _password_page(request: Request, spoken: Language, to: str, *, wrong: Text | None = None, status: int = 200) -> Response:
    store = opened()
    account = visitor(request, store)
    if account is None:
        return RedirectResponse("/sign-in", 303)

    def draw(token: str) -> str:
        return page.password(spoken, place(store), form=token, to=to, first=account.must_change, wrong=wrong)

    return _with_form(request, draw, status)


def show_password(request: Request, given: dict[str, str]) -> Response:
    """The page to choose a password on."""
    return _password_page(request, language(request), way_on(request.query_params.get("to", "")))


def change_password(request: Request, given: dict[str, str]) -> Response:
    """Take a new password; the person's other sessions end."""
    store = opened()
    spoken: Language = "en" if given.get("lang") == "en" else "zh"
    to = way_on(given.get("to", ""))
    if not is_our_own(request, given.get("form", "")):
        return _password_page(request, spoken, to, wrong=STALE, status=403)
    if given.get("new") != given.get("again"):
        return _password_page(request, spoken, to, wrong=DIFFER, status=400)
    try:
        token = cookies.read(store.folder, cookies.SESSION, request.cookies)
        accounts.change_password(store, token, given.get("old", ""), given.get("new", ""))
    except AccountError as error:
        return _password_page(request, spoken, to, wrong=error.message, status=400)
    return RedirectResponse(to, 303)


def _route(path: str, act: Callable[[Request, dict[str, str]], Response], method: str) -> Route:
    async def answer(request: Request) -> Response:
        given: dict[str, str] = {}
        if method == "POST":
            if not 0 < int(request.headers.get("content-length") or 0) <= LARGEST:
                return PlainTextResponse("413", 413)
            form = await request.form(max_files=0, max_fields=10)
            given = {key: value for key, value in form.items() if isinstance(value, str)}
        return await run_in_threadpool(act, request, given)

    endpoint: Callable[[Request], Coroutine[Any, Any, Response]] = answer
    return Route(path, endpoint, methods=[method])


ROUTES = [
    _route("/sign-in", show_sign_in, "GET"),
    _route("/sign-in", sign_in, "POST"),
    _route("/sign-in/oidc", sign_in_elsewhere, "GET"),
    _route("/sign-out", sign_out, "POST"),
    _route("/password", show_password, "GET"),
    _route("/password", change_password, "POST"),
]
