"""How long reading takes: `python -m tests.bench_reading`.

One ordinary workbook (5 sheets × 30 rows) through guard, read and recognise, side by side in one run with python-calamine alone
and with pandas over openpyxl. Prints CPU milliseconds and ratios; nothing is asserted.
"""

from __future__ import annotations

import gc
import io
import time
from collections.abc import Callable

from tests.workbooks import OCTOBER, QINGYUAN, ordinary, thirty_villages
from townboard.guard import admit
from townboard.recognise import recognise
from townboard.workbook import read


def median_ms(action: Callable[[], object], times: int) -> float:
    """The median CPU time of an action, after one warm-up."""
    action()
    spent = []
    for _ in range(times):
        start = time.process_time()
        action()
        spent.append(time.process_time() - start)
    return sorted(spent)[len(spent) // 2] * 1000


def main() -> None:
    """Print the table."""
    import pandas
    import python_calamine

    data = ordinary()
    admitted = admit(data, "ordinary.xlsx")
    book = read(admitted)
    catalogue = thirty_villages()
    gc.collect()
    gc.freeze()  # as the server does once everything is loaded

    def calamine() -> None:
        opened = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in opened.sheet_names:
            opened.get_sheet_by_name(name).to_python(skip_empty_area=False)

    def ours() -> None:
        recognise(read(admit(data, "ordinary.xlsx")), catalogue, QINGYUAN, OCTOBER)

    rows = [
        ("python-calamine alone", median_ms(calamine, 60)),
        ("guard", median_ms(lambda: admit(data, "ordinary.xlsx"), 60)),
        ("read", median_ms(lambda: read(admitted), 60)),
        ("recognise", median_ms(lambda: recognise(book, catalogue, QINGYUAN, OCTOBER), 60)),
        ("guard + read + recognise", median_ms(ours, 60)),
        ("pandas.read_excel, openpyxl", median_ms(lambda: pandas.read_excel(io.BytesIO(data), sheet_name=None, engine="openpyxl"), 7)),
    ]
    print(f"{len(data) / 1024:.0f} KB, {sum(len(sheet.cells) for sheet in book.sheets)} cells")
    for name, spent in rows:
        print(f"{name:30} {spent:8.2f} ms {spent / rows[0][1]:7.1f} × calamine {spent / rows[-1][1]:7.2f} × pandas")


if __name__ == "__main__":
    main()
