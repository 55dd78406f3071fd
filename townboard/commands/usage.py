"""What all commands share: the unit they name, who acts, and wrong usage that only the store or the catalogue can tell."""

from __future__ import annotations

import os
import pwd

from townboard import accounts
from townboard.access import ADMINISTER, Actor, Decision, may
from townboard.catalogue import Catalogue
from townboard.store import Store
from townboard.store import accounts as kept
from townboard.store.file import Rows


class CommandError(Exception):
    """Wrong usage that only the store or the catalogue can tell; one line for the person."""


def unit_of(code: str, known: Catalogue) -> str:
    """The code of a township or street; raises CommandError for anything else."""
    if code not in known.org_unit or known.org_unit[code].level != "township":
        raise CommandError(f"unknown unit {code!r}; expected the code of a township or street, such as 140121100")
    return code


def permitted(store: Store, user: str, action: str) -> Actor:
    """The person a command names, who may do this; raises AccountError for nobody, CommandError with the reason."""
    actor = accounts.acting(store, user)
    _allowed(may(actor, action))
    return actor


def _allowed(decision: Decision) -> None:
    if not decision.allowed:
        raise CommandError(f"not-permitted: {decision.reason.en} / {decision.reason.zh}")


def _machine_user() -> str:
    """The machine's own user who runs this process, as the machine knows them: not what an environment variable says."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def keeper(rows: Rows, user: str) -> str:
    """Under which name a command that keeps the store safe goes on record: the account it names, which must be permitted to keep
    backups once the store has accounts; the machine's own user (`os:name`) where it names none. Raises AccountError, CommandError."""
    if not user:
        return f"os:{_machine_user()}"
    if kept.is_empty(rows):
        return user
    actor = accounts.holder(rows, user)
    _allowed(may(actor, ADMINISTER))
    return actor.name
