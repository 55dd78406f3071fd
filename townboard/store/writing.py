"""What an open store takes: a workbook, an event of its month, the office's values, drafts and names. Each is one transaction with its
row in the audit trail."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from townboard import cycle
from townboard.answers import Answer, Answered
from townboard.catalogue import Target
from townboard.periods import Period
from townboard.store import aliases, commit, drafts, moving, office, originals, restoring
from townboard.store.audit import audit
from townboard.store.commit import Receipt
from townboard.store.drafts import Draft
from townboard.store.errors import LOST, StoreError, of_disk
from townboard.store.migrations import utc_now
from townboard.store.months import NO_REASON, Status, TransitionError
from townboard.store.office import RegisterRow
from townboard.store.reading import Reading
from townboard.submission import Submission


class Writing(Reading):
    """The deeds. What one of them cannot do is raised, and nothing of it is stored."""

    def note(
        self, actor: str, action: str, *, unit: str = "", period: str = "", detail: str = "", at: datetime | None = None
    ) -> None:
        """Put on record what changed no figure: a sign-in, a failure, a download, a change of an account. Caches stay good."""
        with self.write() as cursor:
            audit(cursor, actor, action, at=at or utc_now(), unit=unit, period=period, detail=detail, figures=False)

    def commit(
        self, submission: Submission, answers: Sequence[Answered] = (), *, actor: str, at: datetime | None = None,
        typed_cells: int = 0, data_cells: int = 0, original: bytes, expected_version: int | None = None, reason: str = "",
    ) -> Receipt:  # fmt: skip
        """Commit a workbook as the next version of its unit and month: everything or nothing. `reason`: why, where it is said.

        Raises TransitionError when the month takes no workbook (`cycle`), StaleError when `expected_version` (what the preview saw) is no longer the latest, OpenFindingsError when a question has
        no answer, StoreError when the submission is not there afterwards.
        """
        try:
            originals.keep(self.folder / "originals", original, submission.sha256)
        except OSError as error:
            refused = of_disk(str(error), self.folder)
            if refused is None:
                raise
            raise refused from error
        entry = commit.Entry(submission, tuple(answers), actor, at or utc_now(), typed_cells, data_cells, len(original), reason)
        with self.write() as cursor:
            known = self.history(submission.unit, submission.period)
            receipt = commit.write(cursor, self.catalogue, entry, known, expected_version)
            for name, place in aliases.remembered(answers):
                if aliases.record(cursor, self.catalogue, submission.unit, name, place, actor=actor, at=receipt.at):
                    audit(cursor, actor, "alias", at=receipt.at, unit=submission.unit, detail=f"{name} = {place}")
            drafts.end(cursor, submission.unit, str(submission.period), at=receipt.at)
            if answers:
                given = Counter(one.answer for one in answers)
                said = ", ".join(f"{count} {answer}" for answer, count in sorted(given.items()))
                audit(cursor, actor, "answer", at=receipt.at, unit=submission.unit, period=str(submission.period),
                      detail=f"submission {receipt.submission_id}: {said}", figures=False)  # fmt: skip
            unchanged = f" no change: {submission.template['no_change']}" if "no_change" in submission.template else ""
            why = f" reason: {reason}" if reason else ""
            audit(cursor, actor, "submit", at=receipt.at, unit=submission.unit, period=str(submission.period),
                  detail=f"submission {receipt.submission_id} version {receipt.version} sha256 {receipt.sha256}{unchanged}{why}")  # fmt: skip
        there = self.rows("select count(*) from submission where id = ? and sha256 = ?", [receipt.submission_id, receipt.sha256])
        if there != [(1,)]:
            raise StoreError(LOST.fill(id=receipt.submission_id))
        return receipt

    def restore(
        self, unit: str, period: Period, version: int, *, actor: str, reason: str, at: datetime | None = None,
        expected_version: int | None = None,
    ) -> Receipt:  # fmt: skip
        """Commit an earlier version's workbook anew, with the values it had, as the next version. What it does not hold stays as it is.

        Raises TransitionError without a reason, KeyError for a version that does not exist, and what `commit` raises.
        """
        if not reason.strip():
            raise TransitionError(NO_REASON)
        again = restoring.submission(self.rows, self.catalogue, unit, period, version)
        said = f"恢复第{version}版 / version {version} restored: {reason.strip()}"
        return self.commit(
            again, actor=actor, at=at, original=self.original(again.sha256), expected_version=expected_version, reason=said
        )

    def transition(
        self, unit: str, period: Period, event: str, *, actor: str, at: datetime | None = None, reason: str = "",
        expected: int | None = None, due: datetime | None = None, about: str = "",
    ) -> Status:  # fmt: skip
        """Let an event of `cycle.EVENTS` happen to a unit's month, only to the submission `expected` where one is named; where it stands
        then. `due`: the deadline of an extension; `about`: the working group that checked. Raises TransitionError when its state does not allow it."""
        moment = at or utc_now()
        with self.write() as cursor:
            moving.happen(
                cursor, self.catalogue, self._facts, unit, str(period), event, actor=actor, at=moment, reason=reason, expected=expected,
                due=due, about=about,
            )  # fmt: skip
            audit(cursor, actor, event, at=moment, unit=unit, period=str(period), detail=reason)
        return self.status(unit, period)

    def lock(self, county: str, period: Period, *, actor: str, at: datetime | None = None, reason: str = "") -> list[str]:
        """Lock a month for all units of a county, or none; the units locked now. Raises TransitionError while any waits for a decision."""
        moment = at or utc_now()
        with self.write() as cursor:
            units = moving.lock_all(cursor, self.catalogue, county, str(period), actor=actor, at=moment, reason=reason)
            for unit in units:
                audit(cursor, actor, cycle.LOCK, at=moment, unit=unit, period=str(period), detail=reason)
        return units

    def register(
        self, rows: Sequence[RegisterRow], goals: Sequence[Target] = (), *, actor: str, at: datetime | None = None, source: str = ""
    ) -> int:  # fmt: skip
        """Record the office's values (registers, baselines, closed villages) and goals, all or none; the earlier ones stay readable.
        How many changed."""
        moment = at or utc_now()
        with self.write() as cursor:
            changed = office.record_register(cursor, self.catalogue, rows, actor=actor, at=moment, source=source)
            set_anew = office.record_targets(cursor, self.catalogue, goals, actor=actor, at=moment, source=source)
            for action, count in (("register", changed), ("targets", set_anew)):
                if count:
                    audit(cursor, actor, action, at=moment, detail=f"{count} values; {source}".strip("; "))
        return changed + set_anew

    def targets(self, rows: Sequence[Target], *, actor: str, at: datetime | None = None, source: str = "") -> int:
        """Record basic and highest goals; the earlier ones stay readable. How many changed."""
        return self.register([], rows, actor=actor, at=at, source=source)

    def keep_draft(
        self, unit: str, period: Period, workbook: str, data: bytes, answers: Sequence[Answer], *, actor: str,
        seen: Draft | None = None, at: datetime | None = None,
    ) -> Draft:  # fmt: skip
        """Keep a workbook with its answers for its unit's month, in place of the actor's own draft, or of the one that was `seen`.

        Gives the draft as it is kept; raises DraftTaken, and writes nothing, where another person's lies that was not seen.
        """
        moment, sha256 = at or utc_now(), hashlib.sha256(data).hexdigest()
        originals.keep(self.folder / "originals", data, sha256)
        with self.write() as cursor:
            new = drafts.keep(cursor, unit, str(period), sha256, workbook, len(data), answers, actor=actor, at=moment, seen=seen)
            detail = f"{'kept' if new else 'updated'}, {len(answers)} answers, sha256 {sha256}"
            audit(cursor, actor, "draft", at=moment, unit=unit, period=str(period), detail=detail, figures=False)
        kept = self.draft(unit, period)
        assert kept is not None, "it was committed"
        return kept

    def end_draft(self, unit: str, period: Period, *, actor: str, at: datetime | None = None) -> bool:
        """Discard the draft of a month; whether one was there."""
        moment = at or utc_now()
        with self.write() as cursor:
            known = drafts.end(cursor, unit, str(period), at=moment)
            if known:
                audit(cursor, actor, "end-draft", at=moment, unit=unit, period=str(period), figures=False)
        return known

    def alias(self, unit: str, name: str, org_unit: str, *, actor: str, at: datetime | None = None) -> bool:
        """Remember a name for one of the unit's places; whether anything changed. Raises StoreError for a place of another unit."""
        moment = at or utc_now()
        with self.write() as cursor:
            changed = aliases.record(cursor, self.catalogue, unit, name, org_unit, actor=actor, at=moment)
            if changed:
                audit(cursor, actor, "alias", at=moment, unit=unit, detail=f"{name} = {org_unit}")
        return changed

    def end_alias(self, unit: str, name: str, org_unit: str, *, actor: str, at: datetime | None = None) -> bool:
        """Forget a name for a place from now on; whether it was known."""
        moment = at or utc_now()
        with self.write() as cursor:
            known = aliases.end(cursor, unit, name, org_unit, actor=actor, at=moment)
            if known:
                audit(cursor, actor, "end-alias", at=moment, unit=unit, detail=f"{name} = {org_unit}")
        return known
