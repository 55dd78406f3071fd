"""What each command does, given parsed options and a `Terminal`. Gives the exit status of the contract."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from townboard import accounts, answers, cycle, indicators, journey, safekeeping
from townboard.access import REGISTER, REVIEW, Actor, may
from townboard.catalogue import Catalogue
from townboard.deadlines import end_of, local_time
from townboard.demo import is_demo
from townboard.findings import Refusal
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.printing import about, give, print_json, table
from townboard.relay import Terminal
from townboard.store import Store, StoreError, registers
from townboard.store.accounts import Account, everyone
from townboard.text import Text

DONE, NEEDS_WORK, REFUSED = 0, 1, 2
OPERATOR = "operator"
"""Who acts where nobody is named: whoever may run commands on this machine."""
CORRECTED = "命令行更正 / corrected from the command line"
"""The reason on record where a command sends an approved month again without one."""
STDIN = Path("-")


NO_ACCOUNTS = Text(
    "数据库还没有账号,只能在本机打开;请先运行 user add 姓名 --role admin",
    "the store has no accounts, so it is served to its own machine only; run user add NAME --role admin first",
)


class CommandError(Exception):
    """Wrong usage that only the store or the catalogue can tell; one line for the person."""


def _unit(code: str, known: Catalogue, level: str = "township") -> str:
    if code not in known.org_unit or (level and known.org_unit[code].level != level):
        raise CommandError(f"unknown unit {code!r}; expected the code of a township or street, such as 140121100")
    return code


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


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


def template(options: argparse.Namespace, terminal: Terminal) -> int:
    """Write the unit's pre-filled workbook for the month."""
    from townboard import template as writing

    known = catalogue()
    unit = _unit(options.unit, known)
    if not known.due(unit, options.period):
        raise Refusal("wrong-data-for-period", expected=options.period.label)
    with terminal.store() as store:
        history = store.history(unit, options.period)
        terminal.write(options.out, writing.write(known, unit, options.period, history, invented=is_demo(store)))
    terminal.out.write(f"{options.out}\n")
    return DONE


@contextmanager
def _store_or_none(terminal: Terminal) -> Iterator[Store | None]:
    """The store, or None where there is none yet: a workbook can be checked before that."""
    if not (terminal.folder / "townboard.duckdb").exists():
        terminal.err.write(f"townboard: no store in {terminal.folder}; checked without history\n")
        yield None
        return
    with terminal.store() as store:
        yield store


def check(options: argparse.Namespace, terminal: Terminal) -> int:
    """Read and check; writes nothing to the store."""
    with _store_or_none(terminal) as store:
        examined = journey.examine(
            terminal.read(options.file), options.file.name, _unit(options.unit, catalogue()), options.period, store
        )
    return _report(examined, options, terminal)


def annotate(options: argparse.Namespace, terminal: Terminal) -> int:
    """Write the clerk's own workbook with every finding marked; the exit status is that of `check`."""
    from townboard import annotate as marking

    with _store_or_none(terminal) as store:
        unit = _unit(options.unit, catalogue())
        examined = journey.examine(terminal.read(options.file), options.file.name, unit, options.period, store)
    terminal.write(options.out, marking.annotated(examined, options.language))
    terminal.out.write(f"{options.out}\n")
    return DONE if examined.outcome == journey.READY else NEEDS_WORK


def submit(options: argparse.Namespace, terminal: Terminal) -> int:
    """Check, then commit as the next version, or commit nothing. An approved month is opened for one correction, on record."""
    given = []
    if options.answers:
        try:
            given = answers.parse(json.loads(terminal.read(options.answers)))
        except json.JSONDecodeError as error:
            raise CommandError(f"{options.answers}: not JSON: {error}") from error
    unit = _unit(options.unit, catalogue())
    with terminal.store() as store:
        actor = accounts.acting(store, options.user)
        examined = journey.examine(terminal.read(options.file), options.file.name, unit, options.period, store, given)
        if examined.outcome != journey.READY:
            return _report(examined, options, terminal)
        try:
            if store.status(unit, options.period).state == cycle.APPROVED:
                journey.move(store, actor, unit, options.period, cycle.OPEN_CORRECTION, reason=options.reason or CORRECTED)
            receipt = journey.submit(store, examined, actor)
        except Refusal as refusal:
            return _report(replace(examined, refusal=refusal, submission=None, changes=None), options, terminal)
    if options.json:
        said = {
            "submission": receipt.submission_id,
            "version": receipt.version,
            "at": f"{receipt.at.isoformat()}Z",
            "sha256": receipt.sha256,
        }
        print_json({**examined.to_json(), "receipt": said}, terminal.out)
    else:
        at = local_time(receipt.at, catalogue().settings)
        terminal.out.write(f"已提交 第{receipt.version}版 {at} / submitted as version {receipt.version} at {at}\n")
    return DONE


def _report(examined: journey.Examined, options: argparse.Namespace, terminal: Terminal) -> int:
    if options.json:
        print_json(examined.to_json(), terminal.out)
    elif examined.refusal is not None:
        refusal = examined.refusal
        terminal.out.write(f"{refusal.message.zh}。{refusal.remedy.zh}。\n{refusal.message.en}. {refusal.remedy.en}.\n")
    else:
        for finding in examined.findings:
            terminal.out.write(f"[{finding.severity}] {finding.message.zh} → {finding.remedy.zh}\n")
        terminal.out.write(f"{examined.outcome}\n")
    if examined.refusal is not None:
        terminal.err.write(f"townboard: {examined.refusal.id}: {examined.refusal.message.en}\n")
        return REFUSED
    return DONE if examined.outcome == journey.READY else NEEDS_WORK


def _permitted(store: Store, user: str, action: str, unit: str = "") -> Actor:
    """The person a command names, who may do this; raises AccountError for nobody, CommandError with the reason."""
    actor = accounts.acting(store, user)
    decision = may(actor, action, unit)
    if not decision.allowed:
        raise CommandError(f"not-permitted: {decision.reason.en} / {decision.reason.zh}")
    return actor


def _happens(event: str) -> Callable[[argparse.Namespace, Terminal], int]:
    """The command that lets an event happen to a unit's month (`cycle`)."""

    def command(options: argparse.Namespace, terminal: Terminal) -> int:
        unit = _unit(options.unit, catalogue())
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
        return _happens(cycle.LOCK)(options, terminal)
    county = catalogue().settings.county
    with terminal.store() as store:
        actor = _permitted(store, options.user, REVIEW)
        locked = store.lock(county, options.period, actor=actor.name, at=_now(), reason=options.reason.strip())
    terminal.out.write("".join(f"{unit} {options.period} {cycle.LOCKED}\n" for unit in locked))
    return DONE


def show_indicators(options: argparse.Namespace, terminal: Terminal) -> int:
    """Indicator values at a level: all of a county's units, or one unit's own."""
    known = catalogue()
    code = options.unit or known.settings.county
    if code not in known.org_unit:
        raise CommandError(f"unknown unit {code!r}")
    place = known.org_unit[code]
    county = code if place.level == "county" else place.parent
    if place.level in ("village", "community"):
        raise CommandError("--unit takes a county or a township; ask for its villages with --level village")
    units = tuple(unit.code for unit in known.units(county)) if place.level == "county" else (code,)
    level = options.level or ("county" if place.level == "county" else "township")
    if level == "county" and place.level != "county":
        raise CommandError("a township has no county level; use --level township")
    try:
        as_of = datetime.fromisoformat(options.as_of) if options.as_of else None
    except ValueError as error:
        raise CommandError(f"--as-of is written 2022-11-03T17:20, not {options.as_of!r}") from error
    if as_of is not None and as_of.tzinfo is not None:
        as_of = as_of.astimezone(UTC).replace(tzinfo=None)
    basis = "preliminary" if options.preliminary else "approved"
    with terminal.store() as store:
        found = indicators.readings(
            store, known, options.period, level=level, county=county, units=units, basis=basis, as_of=as_of
        )
        said = about(store, "indicators", {"period": str(options.period), "level": level, "basis": basis}, units)
    rows = [reading.to_json() for reading in found]
    if options.format == "json":
        return give(json.dumps(rows, ensure_ascii=False, indent=1, default=str).encode() + b"\n", options.out, terminal)
    keys = ("indicator", "id", "org_unit", "period", "value", "numerator", "denominator", "unit", "status", "basic", "highest",
            "reported_units", "expected_units", "as_of")  # fmt: skip
    frame = pd.DataFrame([{key: row[key] for key in keys} for row in rows], columns=list(keys))
    return table(frame, said, options.format, options.out, terminal)


def query(options: argparse.Namespace, terminal: Terminal) -> int:
    """Run one of `queries/`; parameters as key=value, lists comma-separated; scope is every unit of the county."""
    known = catalogue()
    given: dict[str, str] = {}
    for entry in options.parameters:
        key, sign, value = entry.partition("=")
        if not sign:
            raise CommandError(f"a parameter is written key=value, not {entry!r}")
        given[key] = value
    named = given.pop("units", "")
    units = named.split(",") if named else [unit.code for unit in known.units(known.settings.county)]
    for name in ("period", "first_period"):
        if name in given:
            try:
                Period.parse(given[name])
            except ValueError as error:
                raise CommandError(str(error)) from error
    with terminal.store() as store:
        frame = store.ask_written(options.name, units=units, given=given)
        said = about(store, options.name, given, units)
    return table(frame, said, options.format, options.out, terminal)


def trace(options: argparse.Namespace, terminal: Terminal) -> int:
    """Where a stored number came from."""
    known = catalogue()
    unit = _unit(options.unit, known)
    data_set = known.data_set.get(options.data_set)
    if data_set is None or options.element not in data_set.by_code:
        raise CommandError(f"unknown data set or element {options.data_set}.{options.element}")
    with terminal.store() as store:
        found = store.trace(unit, options.period, options.data_set, options.element, options.org_unit or unit)
    if found is None:
        raise CommandError(
            f"nothing is stored for {options.data_set}.{options.element} of {options.org_unit or unit} in {options.period}"
        )
    print_json(found, terminal.out)
    return DONE


def register(options: argparse.Namespace, terminal: Terminal) -> int:
    """Import the office's registers, baselines or targets: all rows or none."""
    data = terminal.read(options.file)
    with terminal.store() as store:
        actor = _permitted(store, options.user, REGISTER)
        values, goals = registers.read(data, catalogue(), options.file.name)
        count = store.register(values, goals, actor=actor.name, at=_now(), source=options.file.name)
    terminal.out.write(f"{count}\n")
    return DONE


def verify(options: argparse.Namespace, terminal: Terminal) -> int:
    """Walk the audit chain (or read a backup) and say what is wrong; with --accept-loss, open a store that has lost its last rows all the same."""
    if options.backup is not None:
        return safekeeping.verify_backup(options, terminal)
    if options.accept_loss:
        if not options.user:
            raise CommandError("--accept-loss needs --as NAME: it goes on record / 须用 --as 写明姓名")
        Store.open(terminal.folder, loss_accepted_by=options.user).close()
    with terminal.store() as store:
        found = store.verify_audit()
    for mistake in found.mistakes:
        terminal.err.write(f"townboard: {mistake.en} / {mistake.zh}\n")
    terminal.out.write(f"{found.head.n} {found.head.hash}\n")
    return DONE if found.is_whole else REFUSED


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


COMMANDS: dict[str, Callable[[argparse.Namespace, Terminal], int]] = {
    "init": init, "template": template, "check": check, "annotate": annotate, "submit": submit, "approve": _happens(cycle.APPROVE),
    "return": _happens(cycle.SEND_BACK), "withdraw": _happens(cycle.WITHDRAWN), "correct": _happens(cycle.OPEN_CORRECTION), "lock": lock,
    "unlock": _happens(cycle.UNLOCK), "exempt": _happens(cycle.EXEMPTED), "unexempt": _happens(cycle.REVOKED), "extend": _happens(cycle.GRANT),
    "indicators": show_indicators, "query": query, "trace": trace, "register": register, "verify": verify, "user": user, "serve": serve,
    "backup": safekeeping.make_backup, "restore": safekeeping.restore_backup,
}  # fmt: skip
