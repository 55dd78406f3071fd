"""Previews: what would change, against the last version and the last month; they write nothing, however often they are made."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from tests.stores import TOWN, small_store
from tests.test_guard import rezipped
from tests.workbooks import xlsx
from townboard import journey, preview
from townboard.access import Actor
from townboard.loading import catalogue
from townboard.periods import Period

NOVEMBER = Period(2022, 11)
VILLAGES = catalogue().children(TOWN, "village")
CLERK = Actor("张三", "clerk", (TOWN,))
PREVIEWS = 1000


def sheet(*incomes: float | None) -> bytes:
    """清源镇's November for its first villages; October's approved incomes were 14, 15.5, 17, …"""
    rows = [(place.label.zh, income, 2, 0.5) for place, income in zip(VILLAGES, incomes, strict=False)]
    return xlsx({"村集体经济": [("清源镇2022年11月",), ("村名", "经营性收入", "补助收入", "其他收入"), *rows]})


def contents(folder: Path) -> dict[str, str]:
    """Every file of a store's folder with its checksum."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def store(tmp_path):
    with small_store(tmp_path / "store") as opened:
        yield opened


def test_a_thousand_previews_change_no_byte_of_the_store(store):
    before = contents(store.folder)
    assert len(before) > 3
    seen, part, typed = set(), "xl/worksheets/sheet1.xml", "9876.5"
    workbook = sheet(float(typed), 15.5)
    written = zipfile.ZipFile(io.BytesIO(workbook)).read(part)
    for n in range(PREVIEWS):
        data = rezipped(workbook, replace={part: written.replace(typed.encode(), str(14 + n / 1000).encode())})
        examined = journey.examine(data, "n.xlsx", TOWN, NOVEMBER, store)
        seen.add(examined.changes.since_last_month.totals[0].now)
        assert not examined.changes.since_last_version.largest
    assert len(seen) == PREVIEWS, "each was really read and compared"
    assert contents(store.folder) == before


def test_the_changes_stand_form_by_form_and_against_both(store):
    first = journey.examine(sheet(14.6, 16.1, 17.6), "a.xlsx", TOWN, NOVEMBER, store, without=("cover",))
    first.submission.findings.clear()
    journey.submit(store, first, CLERK, datetime(2022, 12, 1))
    changes = journey.examine(sheet(14.6, 16.9, None), "b.xlsx", TOWN, NOVEMBER, store).changes
    [form] = changes.sheets
    assert (form.data_set.code, form.added, form.changed, form.removed, form.same) == ("village_economy", 0, 1, 1, 7)
    assert changes.to_json() == {"added": 0, "changed": 1, "removed": 1, "same": 7}
    [version] = changes.since_last_version.largest
    assert (version.before, version.after, version.name) == (16.1, 16.9, VILLAGES[1].label)
    month = changes.since_last_month
    assert [(one.before, one.after) for one in month.largest] == [(15.5, 16.9), (14.0, 14.6)], "the largest first"
    [income] = [one for one in month.totals if one.element == "operating_income"]
    assert (income.before, income.now) == (pytest.approx(29.5), pytest.approx(31.5))


def test_the_ten_largest_are_ten(store):
    changes = journey.examine(sheet(*(50 + n for n in range(18))), "a.xlsx", TOWN, NOVEMBER, store).changes
    steps = [abs(one.after - one.before) for one in changes.since_last_month.largest]
    assert len(steps) == 10 and steps == sorted(steps, reverse=True)


def test_what_one_version_changed_in_another():
    key = ("village_economy", VILLAGES[0].code, "operating_income")
    other = ("village_economy", VILLAGES[1].code, "main_source")
    office = ("village_economy", VILLAGES[1].code, "annual_target")
    found = preview.between({key: 14.0, office: 30.0}, {key: None, other: "资产出租", office: 31.0}, catalogue())
    assert [(one.key, one.before, one.after) for one in found] == [(key, 14.0, None), (other, None, "资产出租")]
