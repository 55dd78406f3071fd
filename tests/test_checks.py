"""Checks: each line of the table is one thing a clerk can get wrong, and exactly what is found."""

from __future__ import annotations

from datetime import date

import pytest

from tests.submissions import OCTOBER, UNIT, VILLAGES, history, income, reading, submission, villages
from townboard import checks
from townboard.checks import past as past_checks
from townboard.findings import KINDS
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.submission import History, Submission, Value

V0, V1, V2 = VILLAGES[:3]
OPERATING = ("village_economy", V0, "operating_income")
STREET = "140106001"


def found(given: Submission, past: History | None = None) -> list[tuple[str, str, str]]:
    """(id, cell, element) of every finding but the notes that a whole workbook would not raise."""
    past = past or History(given.unit, given.period)
    return [(f.id, f.place.cell, f.place.element) for f in checks.check(given, catalogue(), past) if f.id != "missing-sheet"]


def economy(past: History | None = None, **changed):
    return found(submission(reading("village_economy", villages(**changed))), past)


def past(*values: tuple[str, float], element: str = "operating_income", village: str = V0, **known) -> History:
    return history({("village_economy", village, element): list(values)}, **known)


ECONOMY = {
    "all well": ({}, None, []),
    "below zero": ({"v0": income(-3.0)}, None, [("negative-value", "C5", "operating_income")]),
    "blank in a required cell": ({"v0": income(None)}, None, [("missing-value", "C5", "operating_income")]),
    "blank is fine in an optional cell": ({"v0": income(20.3, land_compensation=None)}, None, []),
    "the total does not add up": ({"v0": income(20.3, total_income=25.0)}, None, [("total-mismatch", "F5", "total_income")]),
    "the total adds up": ({"v0": income(20.3, total_income=23.3)}, None, []),
    "reached only with subsidies": ({"v0": income(24.0, 6.0, 0.0)}, None, [("subsidy-only", "C5", "operating_income")]),
    "last year's part exceeds the whole": (
        {"v0": income(20.3, last_year_total_income=10.0, last_year_operating_income=11.0)},
        None,
        [("part-exceeds-whole", "G5", "last_year_operating_income"), ("baseline-recorded", "F5", "last_year_total_income"),
         ("baseline-recorded", "G5", "last_year_operating_income")],
    ),
    "less expected for the year than there is": (
        {"v0": income(20.3, expected_income=15.0)}, None, [("part-exceeds-whole", "C5", "operating_income")]),
    "yuan in a column of ten thousands": ({"v0": income(286000.0)}, past(("2022-09", 27.9)), [("unit-slip", "C5", "operating_income")]),
    "yuan without any history": ({"v0": income(286000.0)}, None, [("unit-slip", "C5", "operating_income")]),
    "a zero too many": ({"v0": income(285.0)}, past(("2022-08", 25.0), ("2022-09", 27.9)), [("unit-slip", "C5", "operating_income")]),
    "one month's amount instead of the cumulative": (
        {"v0": income(2.1)}, past(("2022-09", 18.2)), [("decreased-cumulative", "C5", "operating_income")]),
    "less than last month": ({"v0": income(17.9)}, past(("2022-09", 18.2)), [("decreased-cumulative", "C5", "operating_income")]),
    "January starts anew": ({"v0": income(20.3)}, past(("2021-12", 40.0)), []),
    "a jump against half of last year": (
        {"v0": income(40.0)}, past(("2022-09", 20.0), register={("village_economy", V0, "last_year_total_income"): 24.0}),
        [("unusual-jump", "C5", "operating_income")]),
    "a jump against the usual month": (
        {"v0": income(9.0)}, past(("2022-06", 2.0), ("2022-07", 3.0), ("2022-08", 4.0), ("2022-09", 5.0)),
        [("unusual-jump", "C5", "operating_income")]),
    "a usual month": ({"v0": income(6.2)}, past(("2022-06", 2.0), ("2022-07", 3.0), ("2022-08", 4.0), ("2022-09", 5.0)), []),
    "unchanged for three months": (
        {"v0": income(8.1)}, past(("2022-07", 8.1), ("2022-08", 8.1), ("2022-09", 8.1)), [("stale-value", "C5", "operating_income")]),
    "a baseline is recorded": ({"v0": income(20.3, last_year_total_income=26.0)}, None,
                               [("baseline-recorded", "F5", "last_year_total_income")]),
    "a baseline differs": (
        {"v0": income(20.3, last_year_total_income=26.0)}, history(register={("village_economy", V0, "last_year_total_income"): 25.0}),
        [("baseline-differs", "F5", "last_year_total_income")]),
    "a baseline agrees": (
        {"v0": income(20.3, last_year_total_income=25.0)}, history(register={("village_economy", V0, "last_year_total_income"): 25.0}), []),
    "land compensation in other income": (
        {"v0": income(20.3, 2.0, 5.0, note="含征地补偿")}, past(("2022-09", 1.0), element="other_income"), [("unusual-jump", "E5", "other_income")]),
    "a phone number in a note": ({"v0": income(20.3, note="联系 13912345678")}, None, [("personal-data", "F5", "note")]),
}  # fmt: skip


@pytest.mark.parametrize(("changed", "past_", "expected"), ECONOMY.values(), ids=ECONOMY)
def test_village_economy(changed, past_, expected):
    assert economy(past_, **changed) == expected


COLLECT = {"contracts_checked": 40, "problem_contracts": 10, "contracts_rectified": 8, "contracts_online": 30, "fees_due": 9.0,
           "fees_recovered": 5.0, "debt_locked": 30.0, "debt_resolved": 12.0, "debt_new": 0, "resource_area_found": 50.0,
           "resource_area_charged": 20.0, "resource_fees": 1.5, "files_archived": True}  # fmt: skip

CLEAN = {
    "all well": ({}, []),
    "more rectified than problems": ({"contracts_rectified": 12}, ["part-exceeds-whole"]),
    "more online than checked": ({"contracts_online": 41}, ["part-exceeds-whole"]),
    "more fees than due may be right": ({"fees_recovered": 9.5}, ["unlikely-relation"]),
    "fees without area": ({"resource_area_charged": 0.0}, ["counterpart-missing"]),
    "new debt": ({"debt_new": 2.0}, ["new-debt"]),
    "a fraction of a contract": ({"contracts_online": 30.5}, ["value-out-of-range"]),
    "closing too early": ({"closing_requested": True}, ["closing-not-ready"]),
    "closing when ready": ({"closing_requested": True, "contracts_rectified": 10, "fees_recovered": 9.0}, []),
    "written off more than resolved": ({"debt_written_off": 13.0}, ["part-exceeds-whole"]),
}


@pytest.mark.parametrize(("changed", "expected"), CLEAN.values(), ids=CLEAN)
def test_clean_collect(changed, expected):
    rows = {village: dict(COLLECT) for village in VILLAGES}
    rows[V0] |= changed
    known = {("clean_collect", village, code): COLLECT[code] for village in VILLAGES
             for code in ("contracts_checked", "fees_due", "debt_locked", "resource_area_found")}  # fmt: skip
    assert [id for id, _, _ in found(submission(reading("clean_collect", rows)), history(register=known))] == expected


LAW = {"matters_exercised": 10, "staff_quota": 10, "staff_on_post": 9, "staff_certified": 8, "training_attendance": 20, "patrols": 50,
       "cases_simple": 3, "cases_general": 2, "cases_closed": 4, "orders_received": 30, "orders_closed": 28}  # fmt: skip

ENFORCEMENT = {
    "all well": ({}, []),
    "certified beyond post": ({"staff_certified": 12}, ["part-exceeds-whole"]),
    "too many on post is asked": ({"staff_on_post": 16}, ["unlikely-relation"]),
    "closed more than there were": ({"cases_closed": 6}, ["part-exceeds-whole"]),
    "orders closed beyond received": ({"orders_closed": 31}, ["part-exceeds-whole"]),
    "more matters than assigned": ({"matters_exercised": 21}, ["part-exceeds-whole"]),
    "cases without a matter exercised": ({"matters_exercised": 0}, ["unlikely-relation"]),
    "a date after the month": ({"team_established_on": date(2022, 11, 2)}, ["bad-date"]),
    "a date before the reform": ({"team_established_on": date(2020, 12, 31)}, ["bad-date"]),
    "certificates before posts": (
        {"posts_approved_on": date(2022, 5, 1), "first_certificates_on": date(2022, 4, 1)}, ["bad-date"]),
}  # fmt: skip


@pytest.mark.parametrize(("changed", "expected"), ENFORCEMENT.values(), ids=ENFORCEMENT)
def test_law_enforcement(changed, expected):
    sheet = reading("law_enforcement", {UNIT: LAW | changed})
    known = history(register={("law_enforcement", UNIT, "matters_assigned"): 20})
    assert [id for id, _, _ in found(submission(sheet), known)] == expected


def test_cases_carried_over_from_last_year_may_be_closed():
    sheet = reading("law_enforcement", {UNIT: LAW | {"cases_closed": 6}})
    assert found(submission(sheet), history(cases_open=1.0)) == []


COVERAGE = {f"coverage_{n}_{side}": value for n in range(1, 6) for side, value in (("done", 4), ("due", 5))} | {
    "unserviced_compounds": 3, "unserviced_resolved": 2, "compounds": 9, "grids": 6, "grid_workers": 6,
    "grid_events_reported": 12, "grid_events_closed": 11}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"coverage_3_done": 6}, ["part-exceeds-whole"]),
        ({"grid_events_closed": 13}, ["part-exceeds-whole"]),
        ({"grid_workers": 19}, ["unlikely-relation"]),
        ({"resolved_by_company": 1, "resolved_by_community": 1, "resolved_by_owners": 1}, ["parts-differ"]),
    ],
)
def test_community_coverage(changed, expected):
    communities = [unit.code for unit in catalogue().children(STREET, "community")]
    rows = {code: dict(COVERAGE) for code in communities}
    rows[communities[0]] |= changed
    given = submission(reading("community_coverage", rows), unit=STREET)
    ids = [id for id, _, _ in found(given, History(STREET, OCTOBER)) if id != "baseline-recorded"]
    assert ids == expected


def test_cover_needs_two_people_and_whole_names():
    cover = {"filled_by": "张三", "reviewed_by": "张三", "responsible_leader": "王", "phone": "123"}
    ids = [(id, element) for id, _, element in found(submission(reading("cover", {UNIT: cover})))]
    assert ids == [("text-length", "responsible_leader"), ("value-out-of-range", "phone"), ("same-person", "reviewed_by")]


def test_missing_and_duplicate_rows():
    rows = villages()
    del rows[V1]
    sheet = reading("village_economy", rows)
    double = reading("village_economy", {V0: income(99.0)}, first_row=30).rows[0]
    same = reading("village_economy", {V2: rows[V2]}, first_row=31).rows[0]
    sheet.rows += [double, same]
    given = submission(sheet)
    ids = [
        (f.id, f.severity, f.place.org_unit)
        for f in checks.check(given, catalogue(), History(UNIT, OCTOBER))
        if f.id != "missing-sheet"
    ]
    assert ids == [("duplicate-row", "blocks", V0), ("duplicate-row", "notes", V2), ("missing-row", "asks", V1)]
    assert same not in sheet.rows, "a row with equal values is taken once"


def test_a_closed_village_is_neither_missing_nor_welcome():
    rows = {village: dict(COLLECT) for village in VILLAGES if village != V1}
    known = history(register={("clean_collect", village, code): COLLECT[code] for village in VILLAGES
                              for code in ("contracts_checked", "fees_due", "debt_locked", "resource_area_found")},
                    closed=frozenset({V0, V1}))  # fmt: skip
    assert [(id, cell) for id, cell, _ in found(submission(reading("clean_collect", rows)), known)] == [("extra-row", "B5")]


def test_typed_total_of_the_sheet():
    sheet = reading("village_economy", villages())
    total = sum(row.values["operating_income"].value for row in sheet.rows)
    sheet.totals = {"operating_income": ("C14", f"{total + 0.6:.2f}", total + 0.6)}
    assert found(submission(sheet)) == [("total-mismatch", "C14", "operating_income")]
    sheet.totals = {"operating_income": ("C14", f"{total + 0.08:.2f}", total + 0.08)}
    assert found(submission(sheet)) == [], "tolerance is 0.01 a row (R14)"


def test_heaping_is_noted():
    rows = {code: income(5.0 * (n + 1)) for n, code in enumerate(VILLAGES)}
    assert ("heaping", "C4", "operating_income") in found(submission(reading("village_economy", rows)))


def test_shifted_rows_are_asked_about():
    lasts = [10.0, 50.0, 20.0, 80.0, 15.0, 60.0, 30.0, 5.0, 44.0]
    past_ = history(
        {("village_economy", code, "operating_income"): [("2022-09", last)] for code, last in zip(VILLAGES, lasts, strict=True)}
    )
    shifted = lasts[1:] + lasts[:1]
    rows = {code: income(value + 0.4) for code, value in zip(VILLAGES, shifted, strict=True)}
    ids = {id for id, _, _ in found(submission(reading("village_economy", rows)), past_)}
    assert "row-shift" in ids
    rows = {code: income(value + 0.4) for code, value in zip(VILLAGES, lasts, strict=True)}
    assert "row-shift" not in {id for id, _, _ in found(submission(reading("village_economy", rows)), past_)}


def test_the_same_workbook_again():
    rows = villages()
    same = {
        ("village_economy", code, element): [("2022-09", value)] for code, row in rows.items() for element, value in row.items()
    }
    assert ("unchanged-workbook", "A1", "") in found(submission(reading("village_economy", rows)), history(same))
    same["village_economy", V1, "subsidy_income"] = [("2022-09", 1.5)]
    assert found(submission(reading("village_economy", rows)), history(same)) == [], "one carried cell that changed is a change"
    seen = history(seen={"f" * 64: Period(2022, 9)})
    assert ("unchanged-workbook", "A1", "") in found(submission(reading("village_economy", rows), sha256="f" * 64), seen)


def test_over_the_catalogue():
    sheet = reading("burden", {UNIT: {"certificates_now": 7, "certificates_baseline": 20}})
    known = history(catalogue_limits={"certificates_now": 5}, period=Period(2023, 9),
                    register={("burden", UNIT, "certificates_baseline"): 20})  # fmt: skip
    assert [id for id, _, _ in found(submission(sheet, period=Period(2023, 9)), known)] == ["over-catalogue"]


def test_a_written_off_debt_booked_as_income():
    economy_ = reading("village_economy", villages(v0=income(20.3, 2.0, 6.0)))
    collect = reading("clean_collect", {V0: {"debt_resolved": 12.0, "debt_written_off": 5.0}})
    past_ = history(
        {
            ("village_economy", V0, "other_income"): [("2022-09", 1.0)],
            ("clean_collect", V0, "debt_written_off"): [("2022-09", 0.0)],
        }
    )
    assert ("write-off-as-income", "E5", "other_income") in found(submission(economy_, collect), past_)


def test_typed_percentage():
    from townboard.submission import Percent

    sheet = reading("law_enforcement", {UNIT: LAW})
    sheet.percents = [Percent("持证率", 5, "P5", "95%", 95.0, UNIT)]
    known = history(register={("law_enforcement", UNIT, "matters_assigned"): 20})
    assert found(submission(sheet), known) == [("percent-mismatch", "P5", "")]
    sheet.percents = [Percent("持证率", 5, "P5", "88.8%", 88.8, UNIT)]
    assert found(submission(sheet), known) == [], "officials truncate: 88.89 typed as 88.8 is no error"


def test_rows_are_conserved_and_held_rows_counted():
    given = submission(reading("village_economy", villages(v0=income(-3.0), v3=income(None))))
    given.findings = checks.check(given, catalogue(), History(UNIT, OCTOBER))
    checks.count(given)
    counts = given.sheets[0].counts
    assert (counts["read"], counts["accepted"], counts["held"]) == (9, 7, 2)


def test_every_kind_speaks_both_languages_and_tells_the_remedy():
    for kind in KINDS.values():
        for words in (kind.title, kind.why, kind.sentence, kind.remedy):
            assert words.zh and words.en and (words.zh != words.en or words.zh.startswith("{")), kind.id


@pytest.mark.parametrize(("written", "number", "said"), [
    ("283000", 28.3, "(即 28.3)"), ("283,000", 28.3, "(即 28.3)"), (283000.0, 28.3, "(即 28.3)"), ("28.3", 28.3, ""), (28.3, 28.3, ""), ("28.3万", 28.3, ""),
])  # fmt: skip
def test_a_fall_says_what_a_number_under_a_head_of_yuan_means(written, number, said):
    value = Value("village_economy", "v0", "operating_income", number, "reported", written, "村集体经济", "C5")
    assert past_checks._meant(value, number).zh == said
