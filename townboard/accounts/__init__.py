"""Accounts: who may come in (`sessions`), whose account it is (`holders`), and the keeping of them (`keeping`).

Every change goes on record in the audit trail. How they are stored is `store.accounts`; what a role may do is `access`.
"""

from townboard.accounts.holders import acting, actor_of, exist, holder
from townboard.accounts.keeping import add, change, disable, enable, end_sessions, reset
from townboard.accounts.refusals import AccountError
from townboard.accounts.sessions import change_password, sign_in, sign_in_known, sign_out, visitor

__all__ = [
    "AccountError",
    "acting",
    "actor_of",
    "add",
    "change",
    "change_password",
    "disable",
    "enable",
    "end_sessions",
    "exist",
    "holder",
    "reset",
    "sign_in",
    "sign_in_known",
    "sign_out",
    "visitor",
]
