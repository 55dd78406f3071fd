"""What every answer carries: the headers that tell the browser what it may run, frame, embed and pass on.

Scripts run from our own address and, of those written into a page, only the ones whose hash is listed: Streamlit's own line in its
index page and our constants. Styles may be inline, since Streamlit writes them so.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import streamlit

from townboard.door.scripts import FOLLOWING, KEYBOARD, MEETING, PRINTING
from townboard.uploader_words import CHINESE

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
LANGUAGE_SCRIPTS = {tag: f"document.documentElement.lang = '{tag}'" for tag in ("zh-CN", "en")}
"""What tells the browser the page's language, by tag."""
LEAVE = "window.location.replace('/sign-in')"
"""What takes a visitor whose session has ended to the sign-in page."""

ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
NOTHING = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""For files to take away: nothing in them runs, should a browser ever show one as a page."""


def hashed(script: str) -> str:
    """A script or style as the policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def inline(html: str) -> Iterable[str]:
    """The scripts written into some HTML."""
    return _INLINE.findall(html)


@lru_cache(maxsize=1)
def of_pages() -> str:
    """The content security policy of the application's pages."""
    index = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    scripts = [*inline(index), *inline(CHINESE), *LANGUAGE_SCRIPTS.values(), LEAVE, FOLLOWING, KEYBOARD, MEETING, PRINTING]
    return "; ".join((
        "default-src 'self'", f"script-src 'self' {' '.join(hashed(script) for script in scripts)}", "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:", "font-src 'self' data:", "connect-src 'self'", "worker-src 'self' blob:", "media-src 'self' blob:",
        "object-src 'none'", "base-uri 'self'", "form-action 'self'", "frame-src 'none'", "frame-ancestors 'none'",
    ))  # fmt: skip


def of_form(style: str) -> str:
    """The policy of a page of ours with one constant style and no script at all."""
    return (
        f"default-src 'none'; style-src {hashed(style)}; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


def headers(path: str, policy: str | None, *, https: bool) -> dict[str, str]:
    """The headers of one answer, by its path; `policy` where the answer brought one of its own."""
    found = dict(ALWAYS)
    found["content-security-policy"] = policy or (NOTHING if path.startswith("/media/") else of_pages())
    if path.startswith("/media/"):
        found["cache-control"] = "private, no-store"
    if https:
        found["strict-transport-security"] = "max-age=31536000"
    return found
