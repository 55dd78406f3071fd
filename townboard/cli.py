"""The command line: `python -m townboard COMMAND` (contract). Parses, calls, prints; exit 0 done, 1 needs work, 2 refused.

One process owns a store. While the application serves it, commands are handed to that process (`relay`), so the same
command works whether or not the pages are open.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

from townboard import relay
from townboard.answers import AnswerError
from townboard.findings import Refusal
from townboard.loading import CatalogueError
from townboard.periods import Period
from townboard.terminal import REFUSED, STDIN, Terminal
from townboard.text import LANGUAGES

if TYPE_CHECKING:
    from townboard.store import Store

DEFAULT_STORE = Path("data/live")
MOVES = {
    "approve": "approve a submission",
    "return": "return a submission with a reason",
    "withdraw": "take a submission back before it is reviewed",
    "correct": "open an approved or locked month for one correction, with a reason",
    "lock": "lock a month for a unit, or for the whole county",
    "unlock": "unlock a unit's month, with a reason",
    "exempt": "a unit need not report a month, with a reason",
    "unexempt": "revoke that, with a reason",
    "extend": "grant a unit a later deadline (--until, that day included)",
}
"""Commands that move a unit's month through its states (`cycle`)."""

HERE = ("init", "serve")
"""Commands that need the store's file for themselves. So does a restore that is meant, and a look at a backup needs no store."""


def store_folder() -> Path:
    """The folder of the store: TOWNBOARD_STORE, by default data/live."""
    return Path(os.environ.get("TOWNBOARD_STORE") or DEFAULT_STORE).resolve()


class OneLineParser(argparse.ArgumentParser):
    """Wrong usage is one line on standard error."""

    def error(self, message: str) -> NoReturn:
        """Say it and exit with status 2."""
        self.exit(REFUSED, f"{self.prog}: {message}\n")


def parser() -> argparse.ArgumentParser:
    """All commands with their options."""
    top = OneLineParser(prog="townboard", description="Monthly workbooks in, figures for leaders out.")
    commands = top.add_subparsers(dest="command", required=True)

    def command(name: str, help: str, *, of_unit: bool = False) -> argparse.ArgumentParser:
        found = commands.add_parser(name, help=help)
        if of_unit:
            found.add_argument("--unit", required=True)
            found.add_argument("--period", required=True, type=_period)
        return found

    init = command("init", "create an empty store, or one with invented figures")
    init.add_argument("--demo", action="store_true")
    template = command("template", "write a unit's pre-filled workbook for a month", of_unit=True)
    template.add_argument("--out", required=True, type=Path)
    check = command("check", "read and check a workbook; writes nothing", of_unit=True)
    check.add_argument("file", type=Path)
    check.add_argument("--json", action="store_true")
    annotate = command("annotate", "the clerk's own workbook with every finding marked on its cell", of_unit=True)
    annotate.add_argument("file", type=Path)
    annotate.add_argument("--out", required=True, type=Path)
    annotate.add_argument("--language", choices=LANGUAGES, default="zh")
    submit = command("submit", "check a workbook and commit it as the next version", of_unit=True)
    submit.add_argument("file", type=Path)
    submit.add_argument("--as", dest="user", required=True)
    submit.add_argument("--answers", type=Path)
    submit.add_argument("--reason", default="", help="why an approved month is corrected")
    submit.add_argument("--json", action="store_true")
    for name, help in MOVES.items():
        move = command(name, help, of_unit=name != "lock")
        if name == "lock":
            move.add_argument("--unit")
            move.add_argument("--period", required=True, type=_period)
        if name == "extend":
            move.add_argument("--until", required=True, type=_day)
        move.add_argument("--as", dest="user", required=True)
        move.add_argument("--reason", default="")
    indicators = command("indicators", "indicator values")
    indicators.add_argument("--period", required=True, type=_period)
    indicators.add_argument("--unit")
    indicators.add_argument("--level", choices=("county", "township", "village", "community"))
    indicators.add_argument("--as-of")
    indicators.add_argument("--preliminary", action="store_true")
    query = command("query", "run queries/NAME.sql")
    query.add_argument("name")
    query.add_argument("parameters", nargs="*", metavar="key=value")
    for asked, formats in ((indicators, ("json", "csv", "xlsx")), (query, ("json", "csv", "xlsx", "parquet"))):
        asked.add_argument("--format", required=True, choices=formats)
        asked.add_argument("--out", type=Path)
    trace = command("trace", "where a stored number came from", of_unit=True)
    trace.add_argument("--data-set", required=True)
    trace.add_argument("--element", required=True)
    trace.add_argument("--org-unit")
    trace.add_argument("--json", action="store_true")
    register = command("register", "import registers, baselines or targets from a workbook")
    register.add_argument("file", type=Path)
    register.add_argument("--as", dest="user", required=True)
    verify = command("verify", "walk the audit chain, or read a whole backup: what was changed, taken out or cut off")
    verify.add_argument("backup", nargs="?", type=Path, metavar="FILE")
    verify.add_argument("--accept-loss", action="store_true")
    verify.add_argument("--as", dest="user", default="")
    backup = command("backup", "back the store up into a new file, read it back and compare")
    backup.add_argument("dir", nargs="?", type=Path, metavar="DIR")
    backup.add_argument("--nightly", action="store_true", help="take the place of older nightly ones")
    restore = command("restore", "put a backup in the store's place; says first what would change")
    restore.add_argument("backup", type=Path, metavar="FILE")
    restore.add_argument("--yes", action="store_true")
    for safe in (backup, restore):
        safe.add_argument(
            "--as",
            dest="user",
            default="",
            help="an account that keeps backups; without it the machine's own user goes on record",
        )
    user = command("user", "local accounts: add, list, disable, enable, passwd")
    user.add_argument("act", choices=("add", "list", "disable", "enable", "passwd"))
    user.add_argument("name", nargs="?", default="")
    user.add_argument("--role", default="")
    user.add_argument("--units", default="", help="codes, comma-separated")
    user.add_argument("--group", default="", help="the working group of a working_group account")
    user.add_argument("--email", default="", help="the address or subject an identity provider names")
    user.add_argument("--stdin", action="store_true", help="read the first password from standard input instead of making one up")
    serve = command("serve", "the web application")
    serve.add_argument("--port", type=int, default=8501)
    serve.add_argument("--host", default="127.0.0.1")
    return top


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"a day is written YYYY-MM-DD, not {written!r}") from error


def _period(written: str) -> Period:
    try:
        return Period.parse(written)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit status. Never prints a traceback for wrong usage or a file that cannot be taken."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options = parser().parse_args(given)
    except SystemExit as stop:
        return int(stop.code or 0)
    folder = store_folder()
    inputs: dict[str, bytes] = {}
    if not _stays_here(options):
        inputs = _inputs(options)
        handed = relay.hand_over(folder, given, inputs)
        if handed is not None:
            try:
                for path, data in handed.files.items():
                    _write(Path(path), data)
            except OSError as error:
                return _refused(error, sys.stderr)
            sys.stdout.write(handed.out)
            sys.stderr.write(handed.err)
            return handed.status

    @contextmanager
    def opened() -> Iterator[Store]:
        from townboard.store import Store

        store = Store.open(folder)
        try:
            yield store
        finally:
            store.close()

    def read(path: Path) -> bytes:
        return inputs[str(path)] if path == STDIN else path.read_bytes()

    terminal = Terminal(folder, sys.stdout, sys.stderr, read, _write, opened, Path.cwd())
    return run(options, terminal)


def _stays_here(options: argparse.Namespace) -> bool:
    if options.command == "restore":
        return bool(options.yes)
    return options.command in HERE or (options.command == "verify" and options.backup is not None)


def _inputs(options: argparse.Namespace) -> dict[str, bytes]:
    """The files that a command will read, by the path as it was given."""
    paths = (getattr(options, name, None) for name in ("file", "answers"))
    found = {str(path): path.read_bytes() for path in paths if path is not None and path.is_file()}
    return {**found, str(STDIN): sys.stdin.buffer.readline()} if getattr(options, "stdin", False) else found


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _refused(error: OSError, err: TextIO) -> int:
    """A file that cannot be read or written is one line."""
    err.write(f"townboard: {error.strerror or error}: {error.filename or ''}\n")
    return REFUSED


def handed_over(arguments: list[str], terminal: Terminal) -> int:
    """Run a command that another process handed over, on the store this process owns."""
    return run(parser().parse_args(arguments), terminal)


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Run a parsed command; trouble a person can put right is one line on standard error."""
    from townboard import commands
    from townboard.accounts import AccountError
    from townboard.store import StaleError, StoreError, TransitionError
    from townboard.store.registers import RegisterError

    try:
        return commands.COMMANDS[options.command](options, terminal)
    except commands.CommandError as error:
        said = str(error)
    except (StoreError, StaleError, TransitionError, AnswerError, AccountError) as error:
        said = f"{error.message.en} / {error.message.zh}"
    except RegisterError as error:
        said = "; ".join(f"{mistake.en} / {mistake.zh}" for mistake in error.mistakes)
    except CatalogueError as error:
        said = str(error)
    except Refusal as refusal:
        said = f"{refusal.id}: {refusal.message.en} {refusal.remedy.en} / {refusal.message.zh} {refusal.remedy.zh}"
    except OSError as error:
        return _refused(error, terminal.err)
    terminal.err.write(f"townboard: {said}\n")
    return REFUSED
