"""Signing in through an identity provider: Streamlit's own routes (Authlib) speak with it, and whom it names is looked up in our accounts.

Streamlit would hand the browser a cookie that says who it is for thirty days. That cookie never leaves the server: its answer to the
provider's callback is held back, read, and answered with a session of our own, which ends when ours end.
The provider is set up in `.streamlit/secrets.toml`, section `[auth]`, as Streamlit documents it.
"""

from __future__ import annotations

import json
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from streamlit.auth_util import encode_provider_token, get_cookie_with_chunks, get_secrets_auth_section
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from townboard import accounts
from townboard.door import cookies
from townboard.text import Text

if TYPE_CHECKING:
    from starlette.types import Message, Send

LOGIN, CALLBACK = "/auth/login", "/oauth2callback"
NOT_NAMED = Text(
    "身份认证没有成功,请重试或改用账号密码登录",
    "The identity service did not confirm who you are; try again, or use your account",
)
NO_ENTRY = Text("暂时不能进入", "No entry yet")


def is_of_provider(path: str) -> bool:
    """Whether a path belongs to the conversation with the provider."""
    return path in (LOGIN, CALLBACK)


def is_set_up() -> bool:
    """Whether a provider is configured."""
    return bool(get_secrets_auth_section().get("server_metadata_url"))


def start() -> Response:
    """Send the browser to the provider, by way of Streamlit's route."""
    return RedirectResponse(f"{LOGIN}?provider={encode_provider_token('default')}", 303)


def identities(user: dict[str, Any]) -> list[str]:
    """The names under which an account may be kept for this person: the verified e-mail address, then the provider's subject.
    Some providers write "false" for false."""
    email = None if str(user.get("email_verified", True)).lower() in ("false", "0", "none") else user.get("email")
    return [str(found) for found in (email, user.get("sub")) if found]


def _user(headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    """Whom Streamlit's answer names in its cookies; {} when nobody."""
    sent: dict[str, str] = {}
    for name, value in headers:
        if name.lower() == b"set-cookie":
            sent.update({key: morsel.value for key, morsel in SimpleCookie(value.decode("latin-1")).items()})

    def one(name: str) -> bytes | None:
        return decode_signed_value(get_cookie_secret(), name, sent.get(name, "").encode("latin-1"))

    found = get_cookie_with_chunks(one, USER_COOKIE_NAME)
    user = json.loads(found) if found else {}
    return user if isinstance(user, dict) else {}


def _settled(headers: list[tuple[bytes, bytes]], request: HTTPConnection) -> Response:
    """Our answer in place of Streamlit's: a session, or a page that says kindly why not."""
    from townboard.door import keeper, page

    store = keeper.opened()
    user, spoken = _user(headers), keeper.language(request)
    try:
        if not user:
            raise accounts.AccountError(NOT_NAMED)
        entered = accounts.sign_in_known(store, identities(user), address=request.client.host if request.client else "")
    except accounts.AccountError as error:
        return keeper.html(page.told(spoken, keeper.place(store), NO_ENTRY, error.message, to="/sign-in"), 403)
    response = RedirectResponse(cookies.read(store.folder, cookies.WAY, request.cookies) or "/", 303)
    cookies.put(response, request, store.folder, cookies.SESSION, entered.token)
    cookies.drop(response, request, cookies.WAY)
    return response


def settling(send: Send, request: HTTPConnection) -> Send:
    """Hold Streamlit's answer to the callback back and send ours."""
    done = False

    async def held(message: Message) -> None:
        nonlocal done
        if message["type"] != "http.response.start" or done:
            return
        done = True
        response = await run_in_threadpool(_settled, list(message["headers"]), request)
        await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
        await send({"type": "http.response.body", "body": response.body})

    return held
