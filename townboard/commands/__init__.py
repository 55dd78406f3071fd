"""What each command does, given parsed options and a `Terminal`. Gives the exit status of the contract."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from townboard import cycle
from townboard.commands import backups, figures, keeping, office, workbooks
from townboard.commands.usage import CommandError
from townboard.terminal import Terminal

__all__ = ["COMMANDS", "CommandError"]

COMMANDS: dict[str, Callable[[argparse.Namespace, Terminal], int]] = {
    "init": keeping.init, "user": keeping.user, "serve": keeping.serve,
    "template": workbooks.template, "check": workbooks.check, "annotate": workbooks.annotate, "submit": workbooks.submit,
    "approve": office.happens(cycle.APPROVE), "return": office.happens(cycle.SEND_BACK), "withdraw": office.happens(cycle.WITHDRAWN),
    "correct": office.happens(cycle.OPEN_CORRECTION), "lock": office.lock, "unlock": office.happens(cycle.UNLOCK),
    "exempt": office.happens(cycle.EXEMPTED), "unexempt": office.happens(cycle.REVOKED), "extend": office.happens(cycle.GRANT),
    "register": office.register,
    "indicators": figures.show_indicators, "query": figures.query, "trace": figures.trace,
    "backup": backups.make_backup, "verify": backups.verify, "restore": backups.restore_backup,
}  # fmt: skip
