"""The clerk's actions behind the page: examine a file once, keep answers and drafts, commit once. Nothing is drawn here."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence

from townboard import access, desk, journey, preview, template
from townboard.answers import KEEP, NO_ROW, REPLACE, UNCHANGED, Answer, Answered, AnswerError
from townboard.answers.rows import as_row
from townboard.desk import grid
from townboard.findings import Refusal
from townboard.periods import Period
from townboard.shell import once
from townboard.shell.visit import actor, house
from townboard.store import Draft, DraftTaken, StaleError, StoreError
from townboard.text import Text

KEPT = 6
"""Examined workbooks kept in memory, one a unit and month."""


def examined(table: desk.Desk, at: desk.At) -> journey.Examined:
    """The workbook read and checked with the answers so far; an answer that does not fit is said and put back into the grid.

    What lies on the desk is kept as a draft. A version that somebody else sent since the last look is noted (`Desk.meanwhile`).
    """
    month, store = at[:2], house().store
    name, data = table.files[at[2]]
    seen = table.seen.get(month)
    under = (at, store.unit_version(at[0]), tuple(map(repr, table.answers.get(month, ()))), frozenset(table.reopened[month]),
             frozenset(table.left_out[month]))  # fmt: skip
    if seen is not None and seen[0] == under:
        return seen[1]
    while True:
        try:
            found = journey.examine(data, name, at[0], Period.parse(at[1]), store, table.answers.get(month, ()),
                                    reopened=table.reopened[month], without=table.left_out[month])  # fmt: skip
            break
        except AnswerError as error:
            if error.answer is None:
                raise
            _take_back(table, month, error.answer, error.message)
    if seen is not None and seen[0][0] == at:
        _note_meanwhile(table, month, seen[1], found)
    elif found.refusal is not None:
        store.note(actor().name, "upload-refused", unit=at[0], period=at[1], detail=f"{found.refusal.id}; sha256 {at[2]}")
    table.seen.pop(month, None)
    table.seen[month] = (under, found)
    for old in list(table.seen)[:-KEPT]:
        del table.seen[old]
    _keep_draft(table, at, found)
    return found


def _take_back(table: desk.Desk, month: desk.Month, answer: Answer, why: Text) -> None:
    """An answer that cannot be taken: said, and what was typed stands in the grid again."""
    table.said[month] = why
    table.answers[month] = [given for given in table.answers[month] if given != answer]
    if answer.finding == NO_ROW and answer.answer == REPLACE:
        for code, value in as_row(answer.value).items():
            table.edits[month].setdefault((answer.data_set, answer.org_unit, code), value)
    elif answer.answer == REPLACE and answer.element and answer.finding not in ("missing-column",):
        table.edits[month].setdefault((answer.data_set, answer.org_unit, answer.element), answer.value)


def _note_meanwhile(table: desk.Desk, month: desk.Month, before: journey.Examined, now: journey.Examined) -> None:
    if before.history is None or now.history is None or now.history.current_version == before.history.current_version:
        return
    status = house().store.status(month[0], Period.parse(month[1]))
    changes = preview.between(before.history.current, now.history.current, house().catalogue)
    table.meanwhile[month] = desk.Meanwhile(status.version, status.submitted_by or "", changes)


def _keep_draft(table: desk.Desk, at: desk.At, found: journey.Examined) -> None:
    once.forget()  # a file may take its time: whose session ended meanwhile keeps nothing
    if found.refusal is not None or not access.may(actor(), access.UPLOAD, at[0]).allowed:
        return
    month, given = at[:2], list(table.answers.get(at[:2], ()))
    state = (at[2], tuple(map(repr, given)))
    if table.saved.get(month) != state:
        try:
            table.drafts[month] = house().store.keep_draft(
                at[0], Period.parse(at[1]), found.name, found.data, given, actor=actor().name, seen=table.drafts.get(month)
            )
        except DraftTaken as taken:
            table.beside[month] = taken.draft
            return
        table.beside.pop(month, None)
        table.saved[month] = state


def insist(table: desk.Desk, at: desk.At, workbook: journey.Examined) -> None:
    """Keep this desk's work although somebody else's draft lies there; it was seen, and is replaced."""
    month = at[:2]
    if month in table.beside:
        table.drafts[month] = table.beside.pop(month)
        _keep_draft(table, at, workbook)


def give_way(table: desk.Desk, at: desk.At) -> None:
    """Go on with somebody else's draft instead of this desk's work."""
    found = table.beside.get(at[:2])
    if found is not None:
        table.take_off(at)
        resume(table, found)


def draft(table: desk.Desk, unit: str, period: Period) -> Draft | None:
    """The draft that the visitor may go on with: their own, or one of a unit they work for; None while a file lies on the desk."""
    if (unit, str(period)) in table.open:
        return None
    found = house().store.draft(unit, period)
    who = actor()
    return found if found is not None and (found.actor == who.name or unit in who.units) else None


def resume(table: desk.Desk, found: Draft) -> None:
    """Lay a draft on the desk again, with its answers."""
    try:
        data = house().store.original(found.sha256)
    except (KeyError, ValueError):
        table.said[found.unit, found.period] = Text(
            "暂存的文件已不在,请重新上传", "The kept file is gone; please upload it again"
        )
        return
    table.put(found.unit, found.period, found.sha256, found.workbook, data)
    table.answers[found.unit, found.period] = list(found.answers)
    table.saved[found.unit, found.period] = (found.sha256, tuple(map(repr, found.answers)))
    table.drafts[found.unit, found.period] = found
    table.uploads += 1


def adopt(table: desk.Desk, found: Draft) -> None:
    """Another file takes the draft's place: the answers given to the draft are kept, for they belong to the questions."""
    table.answers[found.unit, found.period] = [*found.answers, *table.answers.get((found.unit, found.period), ())]


def another(table: desk.Desk, at: desk.At) -> None:
    """Make room for a corrected file: a new upload box; the answers stay. After a receipt the desk is cleared."""
    if at in table.receipts:
        table.take_off(at)
    else:
        table.open.pop(at[:2], None)
    table.uploads += 1


def discard(table: desk.Desk, month: desk.Month) -> None:
    """Throw away what lies on the desk for a month, and its draft, for who may; somebody else's that lies beside it stays."""
    is_mine = month not in table.beside and access.may(actor(), access.UPLOAD, month[0]).allowed
    table.take_off((*month, table.open.get(month, "")))
    if is_mine:
        house().store.end_draft(month[0], Period.parse(month[1]), actor=actor().name)
    table.uploads += 1


def give(table: desk.Desk, month: desk.Month, answers: Sequence[Answer]) -> None:
    """Take answers; the next run checks the workbook with them."""
    table.said.pop(month, None)
    table.answer(month, *answers)


def recheck(table: desk.Desk, month: desk.Month, workbook: journey.Examined) -> None:
    """Turn what was typed into the grids into answers; what differs from nothing is forgotten."""
    if workbook.submission is None or workbook.history is None:
        return
    found = [
        *grid.grids(workbook.submission, house().catalogue, workbook.history),
        *grid.lacking(workbook.submission, workbook.history),
    ]
    typed = grid.answers(workbook.submission, found, table.edits[month])
    table.edits[month] = {}
    table.said.pop(month, None)
    if not typed:
        table.said[month] = Text("表格里没有改动", "Nothing was changed in the grid")
    table.answer(month, *typed)


def undo(table: desk.Desk, month: desk.Month, answered: Sequence[Answered]) -> None:
    """Take answers back: their questions are asked again."""
    gone = [one.given for one in answered]
    table.answers[month] = [given for given in table.answers.get(month, []) if given not in gone]
    table.reopened[month] |= {one.finding.subject for one in answered if one.since}


def leave_out(table: desk.Desk, month: desk.Month, form: str, out: bool) -> None:
    """Do not send a form of the file this time, or do after all."""
    (table.left_out[month].add if out else table.left_out[month].discard)(form)


def no_change(table: desk.Desk, unit: str, period: Period, forms: Collection[str]) -> None:
    """Lay a workbook on the desk that says for these forms: nothing has changed this month."""
    home = house()
    history = home.store.history(unit, period)
    data = template.unchanged(home.catalogue, unit, period, history, forms, invented=home.invented)
    name = template.file_name(home.catalogue, unit, period).replace("填报表", "本月无变化")
    table.put(unit, str(period), hashlib.sha256(data).hexdigest(), name, data)
    first = next(data_set for data_set in home.catalogue if data_set.code in forms)
    table.answer((unit, str(period)), Answer(first.sheet, "A1", "unchanged-workbook", KEEP, reason=UNCHANGED.zh))
    table.uploads += 1


def send(table: desk.Desk, at: desk.At, workbook: journey.Examined) -> None:
    """Commit once: a second click finds the receipt and does nothing. A stale preview is shown again, never overwritten."""
    month = at[:2]
    if at in table.receipts:
        return
    try:
        table.receipts[at] = journey.submit(house().store, workbook, actor())
        table.sent[at] = workbook
        table.said.pop(month, None)
        table.meanwhile.pop(month, None)
    except StaleError:
        pass  # the next run examines anew, and says what came meanwhile
    except (Refusal, StoreError) as trouble:
        table.said[month] = trouble.message
