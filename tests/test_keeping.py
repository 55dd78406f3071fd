"""Keeping backups: which stay, which may go, and when the next one is overdue."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from tests.stores import small_store
from townboard.loading import catalogue
from townboard.store import keeping


@pytest.fixture
def store(tmp_path):
    with small_store(tmp_path / "store") as opened:
        yield opened


def names(kind, *moments):
    return [f"townboard-{moment:%Y%m%dT%H%M%SZ}-{kind}.zip" for moment in moments]


def test_rotation_keeps_days_weeks_and_months():
    start = datetime(2021, 1, 1, 2)
    nightly = names("nightly", *(start + timedelta(days=n) for n in range(730)))
    migrations = names("migration", *(start + timedelta(days=n, hours=1) for n in range(8)))
    others = [*names("manual", start), "notes.txt"]
    gone = set(keeping.spare([*nightly, *migrations, *others], catalogue().settings))
    stays = [name for name in nightly if name not in gone]
    assert stays[-14:] == nightly[-14:] and not gone & set(others)
    assert 14 + 6 + 10 <= len(stays) <= 14 + 8 + 12, "two weeks of days, then weeks, then months"
    months = {name[10:16] for name in stays}
    assert len(months) == 12 and max(months) == "202212"
    assert [name for name in migrations if name not in gone] == migrations[-5:]
    assert keeping.spare(stays, catalogue().settings) == [], "what stays, stays"


def test_nightly_takes_the_spare_ones_away(store, tmp_path, run):
    out = tmp_path / "out"
    for day in range(1, 29):
        out.mkdir(exist_ok=True)
        (out / names("nightly", datetime(2020, 2, day))[0]).write_bytes(b"old")
    store.close()
    status, said, _ = run("backup", "out", "--nightly")
    assert status == 0 and re.fullmatch(r".*townboard-\d{8}T\d{6}Z-nightly\.zip\n", said)
    left = sorted(path.name for path in out.iterdir())
    assert len(left) == 1 + 13 + 2, "the new one, the newest 13 other days, and two more weeks"


def test_overdue_counts_from_the_last_good_backup(store):
    began = datetime.now() + timedelta(days=1)
    assert not store.keeper.overdue()
    assert store.keeper.overdue(began + timedelta(hours=50)), "never backed up"
    made = store.keeper.make(None, actor="admin")
    at = datetime.fromisoformat(made.made_at).replace(tzinfo=None)
    assert made.path.parent == store.folder / "backups"
    assert not store.keeper.overdue(at + timedelta(hours=26)) and store.keeper.overdue(at + timedelta(hours=26, seconds=1))
