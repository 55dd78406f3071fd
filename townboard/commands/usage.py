"""What all commands share: the unit they name, who acts, and wrong usage that only the store or the catalogue can tell."""

from __future__ import annotations

from townboard import accounts
from townboard.access import Actor, may
from townboard.catalogue import Catalogue
from townboard.store import Store


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
    decision = may(actor, action)
    if not decision.allowed:
        raise CommandError(f"not-permitted: {decision.reason.en} / {decision.reason.zh}")
    return actor
