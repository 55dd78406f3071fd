"""The commands of the office: what happens to a unit's month, and its registers."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime

from townboard import accounts, cycle, journey
from townboard.access import REGISTER, REVIEW
from townboard.commands.usage import permitted, unit_of
from townboard.deadlines import end_of
from townboard.loading import catalogue
from townboard.store import registers
from townboard.terminal import DONE, Terminal


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def happens(event: str) -> Callable[[argparse.Namespace, Terminal], int]:
    """The command that lets an event happen to a unit's month (`cycle`)."""

    def command(options: argparse.Namespace, terminal: Terminal) -> int:
        unit = unit_of(options.unit, catalogue())
        due = end_of(options.until, catalogue().settings) if event == cycle.GRANT else None
        with terminal.store() as store:
            stands = journey.move(
                store, accounts.acting(store, options.user), unit, options.period, event, reason=options.reason, due=due
            )
        terminal.out.write(f"{options.unit} {options.period} {stands.state}\n")
        return DONE

    return command


def lock(options: argparse.Namespace, terminal: Terminal) -> int:
    """Lock a month for one unit, or for all units of the county; prints the units that were locked."""
    if options.unit:
        return happens(cycle.LOCK)(options, terminal)
    county = catalogue().settings.county
    with terminal.store() as store:
        actor = permitted(store, options.user, REVIEW)
        locked = store.lock(county, options.period, actor=actor.name, at=_now(), reason=options.reason.strip())
    terminal.out.write("".join(f"{unit} {options.period} {cycle.LOCKED}\n" for unit in locked))
    return DONE


def register(options: argparse.Namespace, terminal: Terminal) -> int:
    """Import the office's registers, baselines or targets: all rows or none."""
    data = terminal.read(options.file)
    with terminal.store() as store:
        actor = permitted(store, options.user, REGISTER)
        values, goals = registers.read(data, catalogue(), options.file.name)
        count = store.register(values, goals, actor=actor.name, at=_now(), source=options.file.name)
    terminal.out.write(f"{count}\n")
    return DONE
