"""Passwords: kept as argon2id hashes only, checked two at a time, and refused when they are too easy to guess.

64 MiB and three passes a hash (RFC 9106, the second recommended set): two at once bound what a flood of attempts can take of the machine.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from townboard.text import Text

SHORTEST, LONGEST, DIFFERENT = 10, 200, 5
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
_AT_ONCE = threading.BoundedSemaphore(2)
_ROWS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"

TOO_SHORT = Text("密码至少 {n} 位", "A password has at least {n:character|characters}")
TOO_LONG = Text("密码最多 {n} 位", "A password has at most {n:character|characters}")
TOO_PLAIN = Text(
    "密码太简单:请至少使用 {n} 种不同的字符,不要用连续的数字或字母",
    "Too easy to guess: use at least {n:different character|different characters}, no run of digits or letters",
)
HOLDS_NAME = Text("密码里不要包含账号名", "Leave the account's name out of the password")


def weakness(password: str, name: str) -> Text | None:
    """Why a password cannot be taken; None when it can."""
    plain = password.lower()
    if len(password) < SHORTEST:
        return TOO_SHORT.fill(n=SHORTEST)
    if len(password) > LONGEST:
        return TOO_LONG.fill(n=LONGEST)
    if len(set(plain)) < DIFFERENT or any(run in row or run in row[::-1] for row in _ROWS for run in (plain[:8], plain[-8:])):
        return TOO_PLAIN.fill(n=DIFFERENT)
    if name and name.lower() in plain:
        return HOLDS_NAME
    return None


def hashed(password: str) -> str:
    """The argon2id hash to keep."""
    with _AT_ONCE:
        return _HASHER.hash(_written(password))


def fits(password: str, kept: str) -> bool:
    """Whether a password is the one that was hashed; an empty or broken hash takes as long and never fits."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(kept or _NOBODYS, _written(password)) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


def one_time() -> str:
    """A first password to hand over: four groups of letters and digits that are not mistaken for one another (78 bits)."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def _written(password: str) -> str:
    """One spelling for what looks the same, typed on whatever keyboard."""
    return unicodedata.normalize("NFKC", password)[: LONGEST * 2]


_NOBODYS = _HASHER.hash(secrets.token_hex(16))
