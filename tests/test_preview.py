"""Preview: counts against this month's last version, the largest changes against last month."""

from __future__ import annotations

from tests.submissions import VILLAGES, history, income, reading, submission, villages
from townboard.loading import catalogue
from townboard.preview import compare


def key(village, element="operating_income"):
    return ("village_economy", village, element)


def test_a_first_version_is_all_added():
    changes = compare(submission(reading("village_economy", villages())), catalogue(), history())
    assert changes.to_json() == {"added": 27, "changed": 0, "removed": 0, "same": 0}


def test_against_this_months_version():
    rows = villages()
    current = {key(village, element): value for village, row in rows.items() for element, value in row.items()}
    current[key(VILLAGES[0])] = 1.0  # changed
    del current[key(VILLAGES[1])]  # added
    rows[VILLAGES[2]] = income(None)  # removed
    current["clean_collect", VILLAGES[0], "fees_recovered"] = 3.0  # a form that was not sent again: untouched
    changes = compare(submission(reading("village_economy", rows)), catalogue(), history(current=current, current_version=2))
    assert changes.to_json() == {"added": 1, "changed": 1, "removed": 1, "same": 24}
    assert changes.version == 2


def test_the_largest_changes_since_last_month_come_first():
    past = history({key(village): [("2022-09", 10.0 + n)] for n, village in enumerate(VILLAGES[:3])})
    rows = villages(v0=income(10.5), v1=income(19.0), v2=income(12.0))
    changes = compare(submission(reading("village_economy", rows)), catalogue(), past)
    assert [(change.key[1], change.before, change.after) for change in changes.largest] == [
        (VILLAGES[1], 11.0, 19.0), (VILLAGES[0], 10.0, 10.5)]  # fmt: skip
    total = next(total for total in changes.totals if total.element == "operating_income")
    assert (total.before, total.after) == (33.0, 41.5), "like for like: the rows that both months have"
