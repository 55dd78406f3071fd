"""What clerks get wrong, put into a clean submission on purpose: one slip of a named kind, and the cells it changed."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from townboard.submission import History, SheetReading, Submission, Value

Numbers = list[Value]
Slip = Callable[[Random, Submission, History], list[Value]]
"""Changes a submission and gives the values it changed; an empty list where the slip cannot happen there."""

INCOME = ("operating_income", "subsidy_income", "other_income")
COUNTED = ("patrols", "training_attendance", "orders_received", "staff_on_post", "grid_events_reported", "grid_workers", "cadres_assigned",
           "contracts_online", "fees_recovered", "debt_resolved", "resource_fees", "trade_amount", "alerts_raised")  # fmt: skip


def sheet_of(submission: Submission, code: str) -> SheetReading:
    """The submission's sheet of a form."""
    return next(sheet for sheet in submission.sheets if sheet.data_set.code == code)


def _pick(
    rng: Random, submission: Submission, history: History, *, cumulative: bool = False, elements: tuple[str, ...] = INCOME
) -> Value | None:
    """A number above zero: two in three times an operating income, else another income."""
    code = "operating_income" if elements is INCOME and rng.random() < 0.66 else ""
    found = [value for value in submission.values()
             if (value.element == code if code else value.element in elements) and isinstance(value.value, int | float) and value.value > 0]  # fmt: skip
    if cumulative:
        found = [value for value in found if _last(history, submission, value) not in (None, 0)]
    return rng.choice(found) if found else None


def _last(history: History, submission: Submission, value: Value) -> float | None:
    last = history.last((value.data_set, value.org_unit, value.element))
    return last[1] if last is not None and last[0].year == submission.period.year else None


def _write(value: Value, number: float) -> list[Value]:
    number = int(number) if isinstance(value.value, int) else round(number, 4)
    if number == value.value:
        return []
    value.value, value.written = number, str(number)
    return [value]


def times(factor: float, elements: tuple[str, ...] = INCOME) -> Slip:
    """A value typed with the wrong unit or a zero too many or too few."""

    def slip(rng: Random, submission: Submission, history: History) -> list[Value]:
        value = _pick(rng, submission, history, elements=elements)
        if value is not None and isinstance(value.value, int) and value.value * factor < 1:
            return []
        return _write(value, value.value * factor) if value is not None else []  # type: ignore[operator]

    return slip


def one_month(rng: Random, submission: Submission, history: History) -> list[Value]:
    """One month's amount instead of the cumulative one."""
    value = _pick(rng, submission, history, cumulative=True)
    last = _last(history, submission, value) if value is not None else None
    return _write(value, max(0.0, value.value - last)) if value is not None and last else []  # type: ignore[operator]


def transposed(rng: Random, submission: Submission, history: History) -> list[Value]:
    """Two neighbouring digits of the whole part changed over: 18.20 → 81.20."""
    value = _pick(rng, submission, history)
    whole, _, rest = f"{value.value:.2f}".partition(".") if value is not None else ("", "", "")
    at = [n for n in range(len(whole) - 1) if whole[n] != whole[n + 1]]
    if value is None or not at:
        return []
    n = rng.choice(at)
    return _write(value, float(f"{whole[:n]}{whole[n + 1]}{whole[n]}{whole[n + 2 :]}.{rest}"))


def not_reset(rng: Random, submission: Submission, history: History) -> list[Value]:
    """January: last year's cumulative carried on."""
    if submission.period.month != 1:
        return []
    value = _pick(rng, submission, history)
    last = history.last((value.data_set, value.org_unit, value.element)) if value is not None else None
    return _write(value, value.value + last[1]) if value is not None and last and last[1] > 1 else []


def _rewrite(values: Numbers, numbers: list[float]) -> list[Value]:
    return [value for value, number in zip(values, numbers, strict=True) for value in _write(value, number)]


def _column(submission: Submission, code: str = "operating_income") -> Numbers:
    return [row.values[code] for row in sheet_of(submission, "village_economy").rows]


def shifted(rng: Random, submission: Submission, history: History) -> list[Value]:
    """One column pasted a row off, from some row on; the last one stands where the first was."""
    column = _column(submission)
    start = rng.randint(0, max(0, len(column) - 6))
    values, step = column[start:], rng.choice((1, -1))
    numbers = [float(value.value) for value in values]  # type: ignore[arg-type]
    return _rewrite(values, numbers[step:] + numbers[:step])


def sorted_alone(rng: Random, submission: Submission, history: History) -> list[Value]:
    """One column sorted without the others."""
    column = _column(submission)
    return _rewrite(column, sorted((float(value.value) for value in column), reverse=rng.random() < 0.5))  # type: ignore[arg-type]


def copied(rng: Random, submission: Submission, history: History) -> list[Value]:
    """A row that holds its neighbour's three incomes, where that makes a difference."""
    rows = sheet_of(submission, "village_economy").rows
    n = rng.randint(1, len(rows) - 1)
    mine, other = rows[n].values, rows[n - 1].values
    own, theirs = float(mine["operating_income"].value), float(other["operating_income"].value)  # type: ignore[arg-type]
    if abs(own - theirs) < max(1.0, 0.15 * own):
        return []
    return [changed for code in INCOME for changed in _write(mine[code], float(other[code].value))]  # type: ignore[arg-type]


SLIPS: dict[str, Slip] = {
    "income × 10": times(10), "income × 100": times(100), "income × 10,000 (元)": times(10_000), "income ÷ 10": times(0.1),
    "income ÷ 100": times(0.01), "one month instead of the cumulative": one_month, "digits changed over": transposed,
    "January not begun anew": not_reset, "counts × 10": times(10, COUNTED), "counts × 100": times(100, COUNTED),
    "counts ÷ 10": times(0.1, COUNTED), "column a row off": shifted, "column sorted alone": sorted_alone,
    "neighbour's row copied": copied,
}  # fmt: skip
