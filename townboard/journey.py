"""The journey of one workbook, in order. Read this first.

    guard → read → recognise → check → (answers) → preview          examine(): writes nothing
    → commit                                                         submit(): one transaction or nothing

Every stage is a module that knows only the ones before it; this one calls them. The first three touch bytes that nobody trusts: `apart`
runs them in a process of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from townboard import apart, checks, cycle, preview, template
from townboard.access import UPLOAD, Actor, may
from townboard.answers import Answer, Answered, rounds
from townboard.catalogue import Catalogue
from townboard.deadlines import local_date
from townboard.findings import Finding, Place, Refusal, Subject
from townboard.loading import catalogue as own_catalogue
from townboard.periods import Period
from townboard.preview import Changes
from townboard.recognise.cells import is_nothing
from townboard.submission import HELD, History, Submission, Value

if TYPE_CHECKING:
    from townboard.store import Receipt, Status, Store

REFUSED, READY = "refused", "ready"


@dataclass(frozen=True)
class Examined:
    """A workbook after reading and checking. Either `refusal` is set, or `submission`, `changes` and `history` are."""

    name: str
    unit: str
    period: Period
    data: bytes = field(repr=False)
    refusal: Refusal | None = None
    submission: Submission | None = None
    changes: Changes | None = None
    history: History | None = None
    answered: tuple[Answered, ...] = ()

    @property
    def outcome(self) -> str:
        """ready · needs_answers · needs_fixes · refused."""
        return REFUSED if self.submission is None else self.submission.outcome

    @property
    def findings(self) -> list[Finding]:
        """What is open or worth a glance; answered questions are no longer here."""
        return self.submission.findings if self.submission else []

    def to_json(self) -> dict[str, Any]:
        """The object that `check --json` and `submit --json` print (contract)."""
        submission = self.submission
        head = {"outcome": self.outcome, "refusal": self.refusal.to_json() if self.refusal else None,
                "unit": self.unit, "period": str(self.period)}  # fmt: skip
        if submission is None:
            return {**head, "sheets": [], "values": [], "findings": [], "answered": [], "changes": None}
        held = submission.open_cells()
        return {
            **head,
            "sheets": [
                {"sheet": sheet.sheet, "data_set": sheet.data_set.code, "header_rows": sheet.header_rows, "rows": sheet.counts}
                for sheet in submission.sheets
                if not sheet.is_harvested
            ],
            "values": [
                _value_json(value, held)
                for sheet in submission.sheets for row in sheet.rows for value in row.values.values()
                if sheet.data_set.by_code[value.element].fill != "derived"
            ],
            "findings": [finding.to_json() for finding in submission.findings],
            "answered": [answered.to_json() for answered in self.answered],
            "changes": self.changes.to_json() if self.changes else None,
        }  # fmt: skip


def _value_json(value: Value, held: set[tuple[str, str]]) -> dict[str, Any]:
    written = value.status == "reported" or not is_nothing(value.raw)
    is_held = not value.org_unit or ((value.sheet, value.cell) in held and written)
    shown = value.value.isoformat() if isinstance(value.value, date) else value.value
    return {
        "data_set": value.data_set, "org_unit": value.org_unit.partition("#")[0] or None, "element": value.element,
        "value": None if is_held else shown, "status": HELD if is_held else value.status,
        "raw": value.raw, "sheet": value.sheet, "cell": value.cell,
    }  # fmt: skip


def examine(
    data: bytes,
    name: str,
    unit: str,
    period: Period,
    store: Store | None,
    answers: Iterable[Answer] = (),
    *,
    reopened: Collection[Subject] = (),
    without: Collection[str] = (),
    catalogue: Catalogue | None = None,
    now: datetime | None = None,
) -> Examined:
    """Read and check a workbook against the store's history (an empty one without a store); writes nothing, ever.

    Questions that an earlier workbook answered are answered the same way, but for the `reopened` ones. Forms `without` are left out.
    A file that cannot be taken gives `Examined.refusal`. Raises AnswerError where an answer cannot be taken.
    """
    catalogue = catalogue or own_catalogue()
    history = store.history(unit, period) if store is not None else History(unit, period)
    given = list(answers)
    try:
        if period.start > local_date(now or _now(), catalogue.settings):
            raise Refusal("period-not-open", period=period.label)
        submission = apart.recognise(data, name, catalogue, unit, period, history=history)
        meant, settled = rounds.columns(submission, given, history, reopened)
        if meant:
            submission = apart.recognise(data, name, catalogue, unit, period, history=history, columns=meant)
        submission.findings += _old_template(submission)
        _leave_out(submission, without)
    except Refusal as refusal:
        return Examined(name, unit, period, data, refusal=refusal)
    settled = rounds.Rounds(submission, catalogue, history, settled, frozenset(reopened)).all(given)
    checks.count(submission)
    changes = preview.compare(submission, catalogue, history)
    return Examined(name, unit, period, data, None, submission, changes, history, tuple(settled))


def _leave_out(submission: Submission, without: Collection[str]) -> None:
    """Take forms off a submission: their sheets stay in the file, and are not sent."""
    submission.sheets = [sheet for sheet in submission.sheets if sheet.data_set.code not in without]
    submission.findings = [finding for finding in submission.findings if finding.place.data_set not in without]


def _old_template(submission: Submission) -> list[Finding]:
    """A note where the workbook was made from another version of our template: it is read all the same."""
    version = submission.template.get("template_version")
    if version is None or version == template.TEMPLATE_VERSION:
        return []
    return [Finding.at("old-template", Place("_meta", "B2"), raw=version, expected=template.TEMPLATE_VERSION)]


def permit(actor: Actor, unit: str) -> None:
    """Raise Refusal (`not-permitted`) when an actor may not send a unit's workbook: asked before its questions are shown."""
    if not may(actor, UPLOAD, unit).allowed:
        raise Refusal("not-permitted", unit=own_catalogue().org_unit[unit].label)


def submit(store: Store, examined: Examined, actor: Actor, at: datetime | None = None) -> Receipt:
    """Commit an examined workbook that is ready as the next version: all of it in one transaction, or nothing.

    Raises Refusal (`not-permitted`; `month-closed` when the month is approved, locked or exempt: it says what to do first), ValueError
    when questions or errors are still open, and the store's StaleError when somebody committed the same month meanwhile.
    """
    catalogue = own_catalogue()
    submission, history = examined.submission, examined.history
    permit(actor, examined.unit)
    if examined.outcome != READY or submission is None or history is None:
        raise ValueError(f"only a workbook without open questions can be committed; this one is {examined.outcome}")
    _open_for_a_workbook(store, examined.unit, examined.period)
    typed_cells, data_cells = template.burden(catalogue, submission, history)
    return store.commit(
        submission, list(examined.answered), actor=actor.name, at=at or _now(), typed_cells=typed_cells, data_cells=data_cells,
        original=examined.data, expected_version=history.current_version,
    )  # fmt: skip


def _open_for_a_workbook(store: Store, unit: str, period: Period) -> None:
    """Raise Refusal (`month-closed`) when the month takes no workbook now."""
    stands = store.status(unit, period)
    if not stands.takes_workbook:
        place = own_catalogue().org_unit[unit].label
        raise Refusal("month-closed", unit=place, period=period.label, state=stands.label, step=cycle.NEXT_STEP[stands.state])


def restore(
    store: Store, actor: Actor, unit: str, period: Period, version: int, *, reason: str, expected_version: int | None = None,
    at: datetime | None = None,
) -> Receipt:  # fmt: skip
    """Send an earlier version's workbook anew, with the values it had, as the next version.

    Raises Refusal (`not-permitted`, `month-closed`), StaleError when a newer version than `expected_version` has come, TransitionError
    without a reason, KeyError for a version that does not exist.
    """
    if not may(actor, UPLOAD, unit).allowed:
        raise Refusal("not-permitted", unit=own_catalogue().org_unit[unit].label)
    _open_for_a_workbook(store, unit, period)
    return store.restore(
        unit, period, version, actor=actor.name, reason=reason, at=at or _now(), expected_version=expected_version
    )


def move(
    store: Store, actor: Actor, unit: str, period: Period, event: str, *, reason: str = "", expected: int | None = None,
    due: datetime | None = None, at: datetime | None = None,
) -> Status:  # fmt: skip
    """Let an event of `cycle.EVENTS` happen to a unit's month, if the actor may; where it stands then.

    Raises Refusal (`not-permitted`), and the store's TransitionError when the month's state does not allow it.
    """
    found = cycle.move(store.status(unit, period).state, event)
    if found is not None and not may(actor, found.action, unit).allowed:
        raise Refusal("not-permitted", unit=own_catalogue().org_unit[unit].label)
    return store.transition(
        unit, period, event, actor=actor.name, at=at or _now(), reason=reason.strip(), expected=expected, due=due,
        about=actor.working_group if event == cycle.CHECKED else "",
    )  # fmt: skip


def _now() -> datetime:
    """This moment as everything is stored: UTC without a zone, whole seconds."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
