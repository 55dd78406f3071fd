"""What is known about a unit before its month's workbook is checked: approved series, the office's register, this month's latest values.

Which submissions stand is asked every time; what a submission holds is read once (`Facts`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from townboard.catalogue import Catalogue, DataSet, Element
from townboard.findings import Subject
from townboard.periods import Period
from townboard.recognise.headers import plain
from townboard.store.file import Rows
from townboard.submission import Explained, History, Key, Stored
from townboard.tables import FOREVER, join_row, stored

MONTHS = 24
REPORTED_BY = "submission:"
"""Source of a register value that an approved workbook brought: this and the submission's id."""

CLOSED = ("clean_collect", "closed")
MATTERS = ("law_enforcement", "matters_assigned")
"""Assigned matters may change in a year: a value with a month counts from that month on."""
LIMITS = {"duties_catalogue": "duties_now", "signs_catalogue": "signs_now", "certificates_catalogue": "certificates_now",
          "forms_catalogue": "forms_now"}  # fmt: skip
"""Register of the burden catalogue (kept at the county) → the element it limits."""
_DECEMBER = {
    "last_year_total_income": ("operating_income", "subsidy_income", "other_income"),
    "last_year_operating_income": ("operating_income",),
}


def is_of_a_year(element: str) -> bool:
    """Whether a register's value holds for one year only: last year's income is another one next year."""
    return element in _DECEMBER


class Facts:
    """The values of committed submissions, kept in memory: a submission never changes, so neither does what was read once."""

    def __init__(self, most: int = 4096) -> None:
        self._most = most
        self._kept: dict[tuple[str, int], list[tuple[Key, Any]]] = {}

    def of(self, rows: Rows, data_set: DataSet, ids: Iterable[int]) -> dict[int, list[tuple[Key, Any]]]:
        """Submission → the values (nulls left out) of one data set, reading those not read before."""
        wanted = list(ids)
        unread = [id for id in wanted if (data_set.code, id) not in self._kept]
        if unread:
            elements = [element.code for element in stored(data_set)]
            found = rows(
                f"select submission_id, org_unit, item, {', '.join(elements)} from {data_set.code} where submission_id = any($ids)",
                {"ids": unread},
            )
            if len(self._kept) > self._most:
                self._kept.clear()
                return self.of(rows, data_set, wanted)
            read: dict[int, list[tuple[Key, Any]]] = {id: [] for id in unread}
            for id, org_unit, item, *values in found:
                place = join_row(org_unit, item)
                read[id] += [((data_set.code, place, element), value)
                             for element, value in zip(elements, values, strict=True) if value is not None]  # fmt: skip
            self._kept.update({(data_set.code, id): values for id, values in read.items()})
        return {id: self._kept[data_set.code, id] for id in wanted}


def of(rows: Rows, catalogue: Catalogue, unit: str, period: Period, facts: Facts) -> History:
    """The history of a unit before `period` (see `submission.History`)."""
    found: defaultdict[Key, list[tuple[Period, Any]]] = defaultdict(list)
    current: dict[Key, Any] = {}
    standing = rows(
        """select data_set, period, submission_id from in_force
        where unit = $unit and to_time = $forever and period >= $first and period < $period and basis = 'approved'
        union all
        select data_set, period, max(submission_id) from in_force
        where unit = $unit and period = $period and basis = 'preliminary'
        group by data_set, period
        order by period""",
        {"unit": unit, "forever": FOREVER, "first": str(period.plus(-MONTHS)), "period": str(period)},
    )
    by_data_set: dict[str, list[tuple[str, int]]] = {}
    for code, month, id in standing:
        by_data_set.setdefault(code, []).append((month, id))
    for code, months in by_data_set.items():
        values = facts.of(rows, catalogue.data_set[code], {id for _, id in months})
        for month, id in months:
            if month == str(period):
                current.update(values[id])
                continue
            when = Period.parse(month)
            for key, value in values[id]:
                found[key].append((when, value))
    series = dict(found)
    levels = {place.code: place.level for place in catalogue.org_units}
    submissions = rows("select id, sha256, period, version from submission where unit = ? order by id", [unit])
    register, closed, limits = registers(rows, catalogue, unit, period)
    december = Period(period.year - 1, 12)
    parts = [dict(series.get(("law_enforcement", unit, element), ())).get(december, 0)
             for element in ("cases_simple", "cases_general", "cases_closed")]  # fmt: skip
    return History(
        unit, period, series=series, register=register, closed=closed, current=current,
        current_version=max((version for _, _, month, version in submissions if month == str(period)), default=0),
        seen={sha256: Period.parse(month) for _, sha256, month, _ in submissions},
        catalogue_limits=limits, cases_open=float(max(0, parts[0] + parts[1] - parts[2])), explained=_explained(rows, unit, period),
        aliases={(levels.get(place, ""), plain(name)): place for name, place in rows(
            "select name, org_unit from alias where unit = ? and to_time = ? order by from_time", [unit, FOREVER])},
    )  # fmt: skip


def _explained(rows: Rows, unit: str, period: Period) -> dict[Subject, Explained]:
    """How the unit answered its questions in this month's and earlier workbooks: the latest answer to each."""
    found = rows(
        """select f.id, f.data_set, f.org_unit, f.element, f.raw, f.answer, f.answer_value, f.reason, f.suggestion, s.period, f.answered_by
        from finding f join submission s on s.id = f.submission_id
        where s.unit = ? and s.period >= ? and s.period <= ? and f.answer is not null
        order by s.period, s.version, f.n""",
        [unit, str(period.plus(-MONTHS)), str(period)],
    )
    return {(id, data_set, org_unit, element, raw): Explained(answer, value, reason or "", suggestion, month, by)
            for id, data_set, org_unit, element, raw, answer, value, reason, suggestion, month, by in found}  # fmt: skip


def registers(
    rows: Rows, catalogue: Catalogue, unit: str, period: Period
) -> tuple[dict[Key, Any], frozenset[str], dict[str, float]]:
    """The office's values for a unit and its places, its closed villages, and the limits of the burden catalogue.

    The latest value wins; assigned matters count from their month on. Last year's income counts in its own year only. A village that closed fills in no row from the month after;
    one that is open again fills in its row from that month on.
    """
    places = [catalogue.org_unit[unit].parent, unit]
    places += [place.code for level in ("village", "community") for place in catalogue.children(unit, level)]
    found = rows(
        """select data_set, element, org_unit, number, words, since from register_value
        where org_unit = any($places) and to_time = $forever order by since nulls first, from_time""",
        {"places": places, "forever": FOREVER},
    )
    values: dict[Key, Any] = {}
    closed: set[str] = set()
    limits: dict[str, float] = {}
    for data_set, element, org_unit, number, words, since in found:
        if is_of_a_year(element) and since.year != period.year:
            continue
        if (data_set, element) == MATTERS and since is not None and since > period.start:
            continue
        if (data_set, element) == CLOSED:
            if number and since < period.start:
                closed.add(org_unit)
            elif not number and since <= period.start:
                closed.discard(org_unit)
        elif element in LIMITS:
            limits[LIMITS[element]] = number
        else:
            values[data_set, org_unit, element] = _typed(catalogue.data_set[data_set].by_code.get(element), number, words)
    return values, frozenset(closed), limits


def _typed(element: Element | None, number: float | None, words: str | None) -> Stored:
    if number is None:
        return date.fromisoformat(words) if element is not None and element.type == "date" and words else words
    if element is not None and element.type == "boolean":
        return bool(number)
    return int(number) if element is not None and element.type == "integer" else number


def known(catalogue: Catalogue, history: History, element: Element, org_unit: str) -> Stored:
    """What the office knows of a prefilled element: codes and names, the register, last year's December, the default target."""
    code, place = element.code, org_unit.partition("#")[0]
    if code == "period":
        return str(history.period)
    if code in ("reporting_unit", "village_code", "community_code"):
        return place
    if code in ("village_name", "community_name"):
        return catalogue.org_unit[place].label.zh
    value: Stored = history.register.get((element.data_set, org_unit, code))
    if value is None and code in _DECEMBER:
        return _december(history, element, org_unit)
    if value is None and code == "annual_target":
        return catalogue.settings.goal_threshold
    if value is None and not is_of_a_year(code):
        last = history.last((element.data_set, org_unit, code))
        return last[1] if last else None
    return value


def _december(history: History, element: Element, org_unit: str) -> float | None:
    """Last year's income from last December's approved report; None unless every part is there."""
    december, total = Period(history.period.year - 1, 12), 0.0
    for part in _DECEMBER[element.code]:
        value = dict(history.series.get((element.data_set, org_unit, part), ())).get(december)
        if value is None:
            return None
        total += value
    return round(total, 4)
