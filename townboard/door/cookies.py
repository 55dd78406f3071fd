"""Our cookies: the session's, a signed random token and nothing else; the form's, which ties a form to its browser; the way on after OIDC.

HttpOnly, so that no script reads them; SameSite=Lax rather than Strict, because with Strict whoever follows a link to a page from a
message would be asked to sign in again; Secure wherever the page itself came by https.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from itsdangerous import BadSignature, Signer
from starlette.requests import HTTPConnection
from starlette.responses import Response

SESSION, FORM, WAY = "townboard_session", "townboard_form", "townboard_way"
KEY = "cookie.key"
"""The file beside the store with the key that signs; a new one signs everybody out."""


@lru_cache(maxsize=8)
def _key(folder: Path) -> bytes:
    path = folder / KEY
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(32))
        file.flush()
        os.fsync(file.fileno())
    return path.read_bytes()


def _signer(folder: Path, name: str) -> Signer:
    return Signer(_key(folder), salt=name, digest_method=hashlib.sha256)


def signed(folder: Path, name: str, value: str) -> str:
    """The value with its signature, as a cookie of this name carries it."""
    return _signer(folder, name).sign(value).decode("ascii")


def read(folder: Path, name: str, cookies: Mapping[str, str]) -> str:
    """The value of a cookie; "" where there is none or its signature is not ours."""
    try:
        return _signer(folder, name).unsign(cookies.get(name, "").encode("latin-1", "replace")).decode("ascii")
    except (BadSignature, UnicodeDecodeError):
        return ""


def put(response: Response, request: HTTPConnection, folder: Path, name: str, value: str) -> None:
    """Set a cookie that lasts as long as the browser is open; how long a session holds is the store's business."""
    response.set_cookie(name, signed(folder, name, value), httponly=True, samesite="lax", path="/", secure=is_https(request))


def drop(response: Response, request: HTTPConnection, name: str) -> None:
    """Take a cookie away."""
    response.delete_cookie(name, path="/", httponly=True, samesite="lax", secure=is_https(request))


def is_https(request: HTTPConnection) -> bool:
    """Whether the browser sees https (uvicorn has read what the proxy on this machine says)."""
    return request.url.scheme in ("https", "wss")
