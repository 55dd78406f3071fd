"""The clerk's actions behind the page: examine a file once, keep answers, commit once. Nothing is drawn here."""

from __future__ import annotations

from townboard import desk, journey
from townboard.answers import Answer, AnswerError
from townboard.findings import Refusal
from townboard.periods import Period
from townboard.shell.visit import actor, house
from townboard.store import StaleError, StoreError
from townboard.text import Text

FAILED = Text(
    "刚有人报送了同一单位同一月的新版本,请看一眼变化后再报。",
    "Somebody has just sent a newer version of this month. Look at the changes again, then send.",
)


def examined(table: desk.Desk, at: desk.At, name: str, data: bytes) -> journey.Examined:
    """The workbook read and checked with the answers so far; an answer that does not fit is said and dropped."""
    store, period = house().store, Period.parse(at[1])
    given = table.answers.get(at, {})
    under = (at, store.data_version(), tuple(sorted((key, repr(answer)) for key, answer in given.items())))
    if table.seen is not None and table.seen[0] == under:
        return table.seen[1]
    try:
        found = journey.examine(data, name, at[0], period, store, list(given.values()))
    except AnswerError as error:
        table.said[at] = error.message
        table.answers[at] = {key: answer for key, answer in given.items() if answer != error.answer and error.answer is not None}
        found = journey.examine(data, name, at[0], period, store)
    table.seen = (under, found)
    return found


def clear(table: desk.Desk, at: desk.At) -> None:
    """Make room for another file: a new upload box, an empty desk."""
    table.take_off(at)
    table.uploads += 1


def recheck(table: desk.Desk, at: desk.At, answers: dict[str, Answer]) -> None:
    """Keep the answers given so far; the next run checks the workbook with them."""
    table.said.pop(at, None)
    table.answers[at] = {**table.answers.get(at, {}), **answers}


def undo(table: desk.Desk, at: desk.At, key: str) -> None:
    """Take one answer back: its question is asked again."""
    table.answers.get(at, {}).pop(key, None)


def send(table: desk.Desk, at: desk.At, workbook: journey.Examined) -> None:
    """Commit once: a second click finds the receipt and does nothing."""
    if at in table.receipts:
        return
    try:
        table.receipts[at] = journey.submit(house().store, workbook, actor())
        table.sent[at] = workbook
        table.said.pop(at, None)
    except StaleError:
        table.said[at] = FAILED
    except (Refusal, StoreError) as trouble:
        table.said[at] = trouble.message
