"""A small town's workbook to make a mess of: 西谷乡 with nine villages, and what the product says of it.

`told` reads and checks a workbook the way every door does and gives it in the words of a test: values by village and element,
findings as (id, severity, cell), the receipt's counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.workbooks import OCTOBER, Grid, xlsx
from townboard.journey import Examined, examine
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.submission import History

XIGU = "140121202"
VILLAGES = {unit.label.zh: unit.code for unit in catalogue().children(XIGU, "village")}
HEAD = ["村名", "经营性收入", "补助收入", "其他收入"]
ECONOMY = "village_economy"
LATER = datetime(2023, 2, 1)
BACKGROUND = {"missing-sheet"}
"""What every one-sheet workbook brings: the other forms of the month are not there."""


def rows(**changed: Sequence[Any] | None) -> list[list[Any]]:
    """Nine clean rows; `v3=[…]` replaces the fourth one, None leaves it out."""
    found = []
    for number, name in enumerate(VILLAGES):
        row = changed.get(f"v{number}", [name, round(11.3 + 1.7 * number, 2), 2, 1])
        if row is not None:
            found.append(list(row))
    return found


def sheet(*, before: Grid = (), head: Sequence[Any] = HEAD, body: Grid | None = None, after: Grid = ()) -> list[Sequence[Any]]:
    """The village economy's sheet: what stands above, the header, the rows, what stands below."""
    return [*before, head, *(rows() if body is None else body), *after]


def book(grid: Grid | None = None, name: str = "村集体经济", **more: Any) -> bytes:
    """A workbook of this one sheet."""
    return xlsx({name: sheet() if grid is None else grid}, **more)


def past(*, september: Mapping[str, float] | None = None, months: int = 9, **known: Any) -> History:
    """Approved months up to September in which every village's operating income grew evenly to 0.9 of the clean rows' values."""
    series: dict[tuple[str, str, str], list[tuple[Period, Any]]] = {}
    for number, (name, code) in enumerate(VILLAGES.items()):
        now = round(11.3 + 1.7 * number, 2)
        last = (september or {}).get(name, round(now * 0.9, 2))
        series[ECONOMY, code, "operating_income"] = [
            (Period(2022, month), round(last * month / months, 2)) for month in range(1, months + 1)
        ]
        for element, value in (("subsidy_income", 2.0), ("other_income", 1.0)):
            series[ECONOMY, code, element] = [(Period(2022, month), value) for month in range(months - 1, months + 1)]
    return History(XIGU, known.pop("period", OCTOBER), series=series, **known)


class Known:
    """A store that knows a history and nothing else."""

    def __init__(self, history: History) -> None:
        self._history = history

    def history(self, unit: str, period: Period) -> History:
        return self._history


@dataclass(frozen=True)
class Told:
    """What the product says of a workbook. `values`: (village or unit, element) → value, for what is reported."""

    outcome: str
    refusal: str
    values: dict[tuple[str, str], Any] = field(default_factory=dict)
    statuses: dict[tuple[str, str], str] = field(default_factory=dict)
    findings: list[tuple[str, str, str]] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    examined: Examined | None = None

    def finding(self, id: str) -> Any:
        """The only finding of a kind."""
        assert self.examined is not None
        (found,) = [finding for finding in self.examined.findings if finding.id == id]
        return found


def told(
    data: bytes, *, name: str = "西谷乡10月.xlsx", unit: str = XIGU, period: Period = OCTOBER, history: History | None = None
) -> Told:
    """Read and check a workbook as `check` does."""
    known = Known(history) if history is not None else None
    examined = examine(data, name, unit, period, known, now=LATER)  # type: ignore[arg-type]
    if examined.refusal is not None:
        return Told(examined.outcome, examined.refusal.id)
    json = examined.to_json()
    named = {unit.code: unit.label.zh for unit in catalogue().org_units}
    at = [((named.get(value["org_unit"], "?"), value["element"]), value) for value in json["values"]]
    return Told(
        examined.outcome, "",
        {key: value["value"] for key, value in at if value["status"] == "reported"},
        {key: value["status"] for key, value in at},
        [(found["id"], found["severity"], found["cell"] or "") for found in json["findings"] if found["id"] not in BACKGROUND],
        {entry["sheet"]: entry["rows"] for entry in json["sheets"]},
        examined,
    )  # fmt: skip


def counted(read: int, *, held: int = 0, blank: int = 0, ignored: int = 1) -> dict[str, int]:
    """The receipt's row of one sheet."""
    return {"read": read, "accepted": read - held, "held": held, "blank": blank, "ignored": ignored}
