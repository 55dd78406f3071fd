"""Small sheets written by hand, read and recognised at once."""

from __future__ import annotations

from tests.workbooks import OCTOBER, QINGYUAN, xlsx
from townboard.guard import admit
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.recognise import recognise
from townboard.submission import Submission
from townboard.workbook import read

XUGOU, XIGU, LIUXIANG, ZONE = "140121101", "140121202", "140106001", "140121-KFQ"
HEAD = ["村名", "经营性收入", "补助收入", "其他收入"]
SIX = ["六合村", 26, 5.2, 0]


def taken(data: bytes, name: str = "a.xlsx", unit: str = QINGYUAN, period: Period = OCTOBER) -> Submission:
    """What a workbook’s bytes become."""
    return recognise(read(admit(data, name)), catalogue(), unit, period)


def table(*rows, head=HEAD, name: str = "村集体经济", unit: str = QINGYUAN, period: Period = OCTOBER, **more) -> Submission:
    """A sheet with these rows under its headings, recognised."""
    return taken(xlsx({name: [head, *rows]}, **more), unit=unit, period=period)


def ids(submission: Submission, *, without: str = "") -> list[str]:
    """The ids of the findings, in order."""
    return [found.id for found in submission.findings if found.id not in without.split()]


def only(submission: Submission, id: str):
    """The only finding of a kind."""
    found = [finding for finding in submission.findings if finding.id == id]
    assert len(found) == 1, (id, ids(submission))
    return found[0]


def values(submission: Submission, data_set: str, org_unit: str | None = None) -> dict[str, object]:
    """Element → value of a form, or of one row of it."""
    return {value.element: value.value for value in submission.values()
            if value.data_set == data_set and (org_unit is None or value.org_unit == org_unit)}  # fmt: skip


def names(submission: Submission) -> list[tuple[str, str]]:
    """(name as it was written, the end of the code it was taken for) of every row."""
    return [(row.name, row.org_unit[-3:]) for reading in submission.sheets for row in reading.rows if not reading.vertical]
