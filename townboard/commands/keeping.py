"""The commands that keep the house: `init`, `serve`, and `user` for the accounts."""

from __future__ import annotations

import argparse

from townboard import accounts
from townboard.commands.usage import CommandError
from townboard.store import Store, StoreError
from townboard.store.accounts import Account, everyone
from townboard.terminal import DONE, STDIN, Terminal
from townboard.text import Text

OPERATOR = "operator"
"""Who acts where nobody is named: whoever may run commands on this machine."""


NO_ACCOUNTS = Text(
    "数据库还没有账号,只能在本机打开;请先运行 user add 姓名 --role admin",
    "the store has no accounts, so it is served to its own machine only; run user add NAME --role admin first",
)


def init(options: argparse.Namespace, terminal: Terminal) -> int:
    """Create the store; with --demo, fill it with invented figures through the same path as a real upload."""
    store = Store.create(terminal.folder)
    try:
        if options.demo:
            from townboard import demo

            def progress(share: float, words: Text) -> None:
                terminal.err.write(f"\r{share:4.0%} {words.zh} {words.en}\033[K")
                terminal.err.flush()

            demo.fill(store, progress=progress)
            terminal.err.write("\n")
    finally:
        store.close()
    terminal.out.write(f"{terminal.folder}\n")
    return DONE


def _account(options: argparse.Namespace) -> Account:
    units = tuple(unit.strip() for unit in options.units.split(",") if unit.strip())
    return Account(options.name, options.role, units, options.group, options.email)


def user(options: argparse.Namespace, terminal: Terminal) -> int:
    """Keep local accounts; a first password is made up and printed once, or read from standard input."""
    if options.act != "list" and not options.name:
        raise CommandError(f"user {options.act} needs a NAME")
    given = terminal.read(STDIN).decode("utf-8").strip("\r\n") if options.stdin else ""
    made = ""
    with terminal.store() as store:
        if options.act == "add":
            made = accounts.add(store, _account(options), by=OPERATOR, password=given)
        elif options.act == "passwd":
            made = accounts.reset(store, options.name, by=OPERATOR, password=given)
        elif options.act in ("disable", "enable"):
            (accounts.disable if options.act == "disable" else accounts.enable)(store, options.name, by=OPERATOR)
        else:
            for account in everyone(store.rows):
                state = "disabled" if account.disabled else "first password" if account.must_change else "active"
                fields = (account.name, account.role, ",".join(account.units), account.working_group, account.email, state)
                terminal.out.write("\t".join(fields) + "\n")
        if made and not given:
            terminal.out.write(f"{made}\n")
    return DONE


def serve(options: argparse.Namespace, terminal: Terminal) -> int:
    """The web application, until it is stopped."""
    from townboard import server

    if not (terminal.folder / "townboard.duckdb").exists():
        raise StoreError(
            Text(f"{terminal.folder} 没有数据,请先运行 init", f"there is no store in {terminal.folder}; run init first")
        )
    with terminal.store() as store:
        guarded = accounts.exist(store)
    if not guarded and options.host not in ("127.0.0.1", "::1", "localhost"):
        raise StoreError(NO_ACCOUNTS)
    server.serve(options.port, options.host)
    return DONE
