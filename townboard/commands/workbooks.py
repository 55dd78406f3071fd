"""The commands of one workbook: `template`, `check`, `annotate`, `submit`."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace

from townboard import accounts, answers, cycle, journey
from townboard.commands.printing import print_json
from townboard.commands.usage import CommandError, unit_of
from townboard.deadlines import local_time
from townboard.demo import is_demo
from townboard.findings import Refusal
from townboard.loading import catalogue
from townboard.terminal import DONE, NEEDS_WORK, REFUSED, Terminal

CORRECTED = "命令行更正 / corrected from the command line"
"""The reason on record where a command sends an approved month again without one."""


def template(options: argparse.Namespace, terminal: Terminal) -> int:
    """Write the unit's pre-filled workbook for the month."""
    from townboard import template as writing

    known = catalogue()
    unit = unit_of(options.unit, known)
    if not known.due(unit, options.period):
        raise Refusal("wrong-data-for-period", expected=options.period.label)
    with terminal.store() as store:
        history = store.history(unit, options.period)
        terminal.write(options.out, writing.write(known, unit, options.period, history, invented=is_demo(store)))
    terminal.out.write(f"{options.out}\n")
    return DONE


def _examined(options: argparse.Namespace, terminal: Terminal) -> journey.Examined:
    """The workbook, read and checked; without history where there is no store yet, which is said of a workbook that could be read."""
    unit, data = unit_of(options.unit, catalogue()), terminal.read(options.file)
    if (terminal.folder / "townboard.duckdb").exists():
        with terminal.store() as store:
            return journey.examine(data, options.file.name, unit, options.period, store)
    examined = journey.examine(data, options.file.name, unit, options.period, None)
    if examined.refusal is None:
        terminal.err.write(f"townboard: no store in {terminal.folder}; checked without history\n")
    return examined


def check(options: argparse.Namespace, terminal: Terminal) -> int:
    """Read and check; writes nothing to the store."""
    return _report(_examined(options, terminal), options, terminal)


def annotate(options: argparse.Namespace, terminal: Terminal) -> int:
    """Write the clerk's own workbook with every finding marked; the exit status is that of `check`."""
    from townboard import annotate as marking

    examined = _examined(options, terminal)
    terminal.write(options.out, marking.annotated(examined, options.language))
    terminal.out.write(f"{options.out}\n")
    return DONE if examined.outcome == journey.READY else NEEDS_WORK


def submit(options: argparse.Namespace, terminal: Terminal) -> int:
    """Check, then commit as the next version, or commit nothing. An approved month is opened for one correction, on record."""
    given = []
    if options.answers:
        try:
            written = json.loads(terminal.read(options.answers))
        except (ValueError, RecursionError) as error:  # no JSON, or text in no Unicode encoding
            raise CommandError(f"{options.answers}: not JSON: {error}") from error
        given = answers.parse(written)
    unit = unit_of(options.unit, catalogue())
    with terminal.store() as store:
        actor = accounts.acting(store, options.user)
        try:
            journey.permit(actor, unit)
        except Refusal as refusal:
            return _report(journey.Examined(options.file.name, unit, options.period, b"", refusal), options, terminal)
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
