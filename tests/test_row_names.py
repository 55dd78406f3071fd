"""Rows by their names: villages as people write them, codes, namesakes, and places of another unit."""

from __future__ import annotations

import pytest

from tests.sheets import HEAD, SIX, XIGU, XUGOU, ids, names, only, table
from tests.workbooks import QINGYUAN
from townboard.loading import catalogue

NAMES = [
    ("exact", QINGYUAN, "六合村", "204"), ("without suffix", QINGYUAN, "六合", "204"), ("blanks", QINGYUAN, "六 合 村", "204"),
    ("committee", QINGYUAN, "六合村委会", "204"), ("village and committee", QINGYUAN, "六合村村委会", "204"),
    ("committee in full", QINGYUAN, "六合村村民委员会", "204"), ("unit before it", QINGYUAN, "清源镇六合村", "204"),
    ("county and unit", QINGYUAN, "清徐县清源镇六合村民委员会", "204"), ("the other kind in brackets", QINGYUAN, "六合村(六合社区)", "204"),
    ("full-width brackets", QINGYUAN, "六合村（社区）", "204"), ("numbered", QINGYUAN, "1.六合村", "204"),
    ("the name ends with 村", QINGYUAN, "孔村", "216"), ("a mark behind it", QINGYUAN, "六合村*", "204"),
    ("cooperative", QINGYUAN, "六合村股份经济合作社", "204"),
    ("北关 in 徐沟镇 is the village", XUGOU, "北关", "205"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "unit", "name", "code"), NAMES, ids=[case[0] for case in NAMES])
def test_names_of_villages(what, unit, name, code):
    submission = table([name, 26, 5, 0], unit=unit)
    assert names(submission) == [(name, code)]
    assert "unknown-org-unit" not in ids(submission)


UNKNOWN = [
    ("北关 in 清源镇 is a community", QINGYUAN, "北关", ()),
    ("the community by its full name", QINGYUAN, "北关社区", ()),
    ("东罗 in 西谷乡", XIGU, "东罗", ("东罗白村", "西罗白村")),
    ("a wrong character", QINGYUAN, "紫家寨村", ("柴家寨村", "牛家寨村")),
    ("a character too many", QINGYUAN, "孔家村", ("孔村",)),
    ("nothing like it", QINGYUAN, "桃花源村", ()),
]  # fmt: skip


@pytest.mark.parametrize(("what", "unit", "name", "candidates"), UNKNOWN, ids=[case[0] for case in UNKNOWN])
def test_names_that_match_nobody_are_asked(what, unit, name, candidates):
    own = [place.label.zh for place in catalogue().children(unit, "village")][:2]
    submission = table(*[[place, 20, 5, 0] for place in own], [name, 26, 5, 0], unit=unit)
    found = only(submission, "unknown-org-unit")
    assert (found.place.cell, found.raw, found.suggestion) == ("A4", name, None)
    assert set(candidates) <= set(found.candidates) and len(found.candidates) <= 3
    assert set(found.candidates) <= {place.label.zh for place in catalogue().children(unit, "village")}
    assert submission.sheets[0].rows[2].org_unit == ""
    assert submission.sheets[0].rows[2].values["operating_income"].value == 26


def test_codes_identify_a_row_and_never_against_its_name():
    head = ["村代码", *HEAD]
    submission = table(
        ["140121100204", "六合村", 1, 1, 1], [140121100205, None, 2, 2, 2], ["140121100206", "六合村", 3, 3, 3], head=head
    )
    assert [row.org_unit for row in submission.sheets[0].rows] == ["140121100204", "140121100205", ""]
    found = only(submission, "unknown-org-unit")
    assert found.candidates == ("六合村", "小北村")
    assert submission.sheets[0].columns["village_code"] == "A"


def test_a_village_of_another_unit_is_extra_and_not_taken():
    submission = table(SIX, ["大北村", 1, 1, 1], ["小北村", 1, 1, 1], ["东罗村", "约30", 1, 1])
    found = only(submission, "extra-row")
    assert (found.place.cell, found.raw, "孟封镇" in found.message.zh) == ("A5", "东罗村", True)
    assert [row.org_unit for row in submission.sheets[0].rows][-1] == ""
    assert ids(submission) == ["extra-row"]


def test_township_names_hold_inside_their_merged_range_only():
    head = ["乡镇", *HEAD]
    submission = table(["清源镇", *SIX], [None, "大北村", 1, 1, 1], ["徐沟镇", "南关村", 2, 2, 2], [None, "小北村", 3, 3, 3], head=head,
                       merges={"村集体经济": ["A2:A3"]})  # fmt: skip
    assert [row.org_unit[-3:] for row in submission.sheets[0].rows] == ["204", "205", "", "206"]
    assert only(submission, "extra-row").raw == "南关村"
