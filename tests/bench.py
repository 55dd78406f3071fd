"""How long a workbook takes: `python -m tests.bench`.

One ordinary workbook (5 sheets × 30 rows, with ten months of approved history) through guard, read, recognise and all checks, side by
side in one run with python-calamine alone and with pandas over openpyxl. Prints CPU milliseconds and ratios; nothing is asserted.
The goal: the whole check within 10 × calamine's bare read, and faster than pandas' bare read.
"""

from __future__ import annotations

import gc
import io
import time
from collections.abc import Callable
from operator import truediv
from statistics import median
from typing import Any

from tests.workbooks import OCTOBER, QINGYUAN, ordinary, thirty_villages
from townboard.checks import check
from townboard.guard import admit
from townboard.periods import Period
from townboard.recognise import recognise
from townboard.submission import History, Key, Submission
from townboard.workbook import read

ROUNDS = 60
PANDAS = "pandas.read_excel, openpyxl"


def rounds_ms(actions: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """CPU milliseconds of every action in every round, after one warm-up.

    The actions take turns, so that what else runs on the machine weighs on all of them alike.
    """
    spent: dict[str, list[float]] = {name: [] for name in actions}
    for turn in range(rounds + 1):
        for name, action in actions.items():
            start = time.process_time()
            action()
            if turn:
                spent[name].append((time.process_time() - start) * 1000)
    return spent


def past_of(submission: Submission) -> History:
    """Nine approved months that lead up to a submission's own values, and a register that agrees with its baselines."""
    series: dict[Key, list[tuple[Period, Any]]] = {}
    register: dict[Key, Any] = {}
    for value in submission.values():
        key = (value.data_set, value.org_unit, value.element)
        if isinstance(value.value, int | float) and not isinstance(value.value, bool):
            series[key] = [(Period(2022, month), round(value.value * month / 10, 2)) for month in range(1, 10)]
        register[key] = value.value
    return History(submission.unit, submission.period, series=series, register=register)


def main() -> None:
    """Print the table."""
    import pandas
    import python_calamine

    data = ordinary()
    admitted = admit(data, "ordinary.xlsx")
    book = read(admitted)
    catalogue = thirty_villages()
    history = past_of(recognise(book, catalogue, QINGYUAN, OCTOBER))
    submission = recognise(book, catalogue, QINGYUAN, OCTOBER)
    parsed = list(submission.findings)
    gc.collect()
    gc.freeze()  # as the server does once everything is loaded

    def calamine() -> None:
        opened = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in opened.sheet_names:
            opened.get_sheet_by_name(name).to_python(skip_empty_area=False)

    def ours() -> None:
        recognise(read(admit(data, "ordinary.xlsx")), catalogue, QINGYUAN, OCTOBER)

    def checked() -> None:
        submission.findings = parsed
        check(submission, catalogue, history)

    def whole() -> None:
        given = recognise(read(admit(data, "ordinary.xlsx")), catalogue, QINGYUAN, OCTOBER, history=history)
        given.findings = check(given, catalogue, history)

    spent = rounds_ms(
        {
            "python-calamine alone": calamine,
            "guard": lambda: admit(data, "ordinary.xlsx"),
            "read": lambda: read(admitted),
            "recognise": lambda: recognise(book, catalogue, QINGYUAN, OCTOBER),
            "guard + read + recognise": ours,
            "all checks, with history": checked,
            "the whole check": whole,
        },
        ROUNDS,
    )
    spent |= rounds_ms({PANDAS: lambda: pandas.read_excel(io.BytesIO(data), sheet_name=None, engine="openpyxl")}, 7)
    findings = check(recognise(book, catalogue, QINGYUAN, OCTOBER), catalogue, history)
    cells = sum(len(sheet.cells) for sheet in book.sheets)
    print(f"{len(data) / 1024:.0f} KB, {cells} cells, {len(submission.values())} values, {len(findings)} findings")
    bare, slow = spent["python-calamine alone"], median(spent[PANDAS])
    for name, times in spent.items():
        ratio = median(times) / median(bare) if name == PANDAS else median(map(truediv, times, bare))
        print(f"{name:30} {median(times):8.2f} ms {ratio:7.1f} × calamine {median(times) / slow:7.2f} × pandas")


if __name__ == "__main__":
    main()
