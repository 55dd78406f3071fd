"""How the command line gives its tables: as JSON, csv, xlsx or parquet, with filters, as-of time and who is missing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

import pandas as pd

from townboard import downloads
from townboard.deadlines import local_time
from townboard.demo import is_demo
from townboard.downloads import About, Column
from townboard.periods import Period
from townboard.store import Store
from townboard.store.migrations import utc_now
from townboard.terminal import DONE, REFUSED, Terminal
from townboard.text import Text, listed, same

_KINDS = {"f": "number", "i": "integer", "u": "integer", "b": "boolean", "M": "date"}
_FILTERS = {"period": Text("报告期", "Period"), "level": Text("层级", "Level"), "basis": Text("数据口径", "Basis"),
            "units": Text("单位", "Units")}  # fmt: skip
SOURCE = Text("各单位月报", "Units' monthly workbooks")


def print_json(value: Any, out: TextIO) -> None:
    """One JSON document, readable, Chinese as Chinese."""
    json.dump(value, out, ensure_ascii=False, indent=1, default=str)
    out.write("\n")


def about(store: Store, title: str, filters: Mapping[str, str], units: Sequence[str]) -> About:
    """What a download says of itself; the units without a report are named where a period was asked for."""
    known, names = store.catalogue, [store.catalogue.org_unit[code].label for code in units if code in store.catalogue.org_unit]
    scope = listed(names)
    shown = tuple((_FILTERS.get(key, same(key)), same(value)) for key, value in filters.items())
    missing: tuple[Text, ...] = ()
    if "period" in filters:
        period = Period.parse(filters["period"])
        missing = tuple(
            known.org_unit[code].label for code in units
            if code in known.org_unit and known.due(code, period) and not store.status(code, period).version
        )  # fmt: skip
    as_of = local_time(utc_now(), known.settings)
    return About(same(title), (*shown, (_FILTERS["units"], scope)), as_of, missing, SOURCE, is_demo(store))


def table(frame: pd.DataFrame, said: About, format: str, path: Path | None, terminal: Terminal) -> int:
    """Give a table in one of the formats; JSON has plain dates and null where a value is missing."""
    if format == "json":
        days = frame.copy()
        for name in frame.columns:
            if frame[name].dtype.kind == "M" and _is_day(frame[name]):
                days[name] = frame[name].dt.strftime("%Y-%m-%d")
        written = days.to_json(orient="records", force_ascii=False, date_format="iso", indent=1)
        return give(written.encode() + b"\n", path, terminal)
    if format == "parquet":
        return give(downloads.parquet(frame, said), path, terminal)
    columns = tuple(Column(name, same(name), _KINDS.get(frame[name].dtype.kind, "text")) for name in frame.columns)
    make = downloads.csv if format == "csv" else downloads.xlsx
    return give(make(frame, columns, said, "zh"), path, terminal)


def _is_day(moments: pd.Series[Any]) -> bool:
    known = moments.dropna()
    return bool((known == known.dt.normalize()).all())


def give(data: bytes, path: Path | None, terminal: Terminal) -> int:
    """Write to the file that was named, else to the screen; what is no text needs a file (exit status 2)."""
    if path is not None:
        terminal.write(path, data)
    elif data[:2] == b"PK" or data[:4] == b"PAR1":
        terminal.err.write("townboard: this format is not for the screen; name a file with --out\n")
        return REFUSED
    else:
        terminal.out.write(data.decode("utf-8-sig"))
    return DONE
