"""The commands that ask: `indicators`, `query`, `trace`."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime

import pandas as pd

from townboard import indicators
from townboard.commands.printing import about, give, print_json, table
from townboard.commands.usage import CommandError, unit_of
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.terminal import DONE, Terminal


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
    unit = unit_of(options.unit, known)
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
