"""Watching: health tries the store, figures are for this machine or the token, the log is one JSON object a line."""

from __future__ import annotations

import io
import json
import logging
import re
import subprocess
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.stores import small_store
from townboard import apart, logs, watch

ROOT = Path(__file__).resolve().parent.parent
LINE = re.compile(r'(# TYPE [a-z_]+ (gauge|counter))|([a-z_]+(\{[a-z]+="[a-z]+"\})? -?[0-9.e+]+)')


@pytest.fixture
def store(tmp_path, monkeypatch):
    with small_store(tmp_path / "store") as opened:
        monkeypatch.setattr(watch, "opened", lambda: opened)
        yield opened


def client(address="127.0.0.1"):
    return TestClient(
        Starlette(routes=watch.ROUTES), base_url="http://127.0.0.1", client=(address, 1), raise_server_exceptions=False
    )


def test_a_healthy_store_says_so_to_anybody(store):
    answer = client("192.0.2.1").get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"}), "one word and nothing else"


def test_health_tries_the_store(store, monkeypatch, caplog):
    with monkeypatch.context() as full:
        full.setattr(watch.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1})())
        assert client().get("/health").status_code == 503
    store._connection.execute("drop table submission")
    assert client().get("/health").json() == {"status": "ailing"}
    assert "disk nearly full" in caplog.text and "does not answer" in caplog.text, "the reason is in the log alone"


def test_figures_are_for_this_machine_or_the_token(store, monkeypatch):
    assert client("192.0.2.1").get("/metrics").status_code == 404
    assert client().get("/metrics", headers={"x-forwarded-for": "192.0.2.1"}).status_code == 404
    assert client().get("/metrics", headers={"x-forwarded-proto": "https"}).status_code == 404
    assert client("192.0.2.1").get("/metrics", headers={"authorization": "Bearer "}).status_code == 404, "no token, no entry"
    monkeypatch.setenv(watch.TOKEN, "s3cret")
    assert client("192.0.2.1").get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 404
    assert client("192.0.2.1").get("/metrics", headers={"authorization": "Bearer s3cret"}).status_code == 200


def test_figures_in_the_format_of_prometheus(store):
    store.keeper.make(None, actor="admin")
    apart.read(b"a,b\n1,2\n", "a.csv")
    written = client().get("/metrics").text
    assert all(LINE.fullmatch(line) for line in written.splitlines()), written
    found = dict(line.rsplit(" ", 1) for line in written.splitlines() if not line.startswith("#"))
    assert found["townboard_submissions"] == "4" and found["townboard_backup_overdue"] == "0"
    assert 0 <= float(found["townboard_backup_age_seconds"]) < 60
    assert float(found['townboard_files_read_total{outcome="done"}']) >= 1


def test_a_line_of_the_log_is_json_with_the_id_that_was_shown():
    out, log = io.StringIO(), logging.getLogger("townboard.test")
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.Lines())
    log.addHandler(handler)
    try:
        raise ValueError("两行\nof words")
    except ValueError as error:
        log.error("problem %s", "TB-1A2B3C", exc_info=error)
    log.removeHandler(handler)
    [line] = out.getvalue().splitlines()
    said = json.loads(line)
    assert (said["id"], said["level"], said["message"]) == ("TB-1A2B3C", "ERROR", "problem TB-1A2B3C") and "两行" in said["trace"]


def test_files_to_copy_are_well_formed():
    units = sorted((ROOT / "docs" / "deploy").glob("*.service")) + sorted((ROOT / "docs" / "deploy").glob("*.timer"))
    assert len(units) == 3
    for path in units:
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not line or line.startswith(("#", "[")) or re.fullmatch(r"[A-Z]\w+=.*", line), f"{path.name}: {line}"
    service = (ROOT / "docs" / "deploy" / "townboard.service").read_text(encoding="utf-8")
    assert "\nStateDirectoryMode=0700\n" in service, "systemd would open the folder to everybody at each start"
    assert "@privileged" not in service, "the browser that draws pictures ends without capset"
    script = ROOT / "docs" / "deploy" / "try.sh"
    assert subprocess.run(["bash", "-n", script], capture_output=True, timeout=20).returncode == 0


def test_the_threat_model_names_tests_that_exist():
    words = (ROOT / "docs" / "threat_model.md").read_text(encoding="utf-8")
    for name in re.findall(r"`(test_\w+)`", words):
        assert (ROOT / "tests" / f"{name}.py").is_file(), name
    for target in re.findall(r"`make (\w+)`", words):
        assert f"\n{target}:" in (ROOT / "Makefile").read_text(encoding="utf-8"), target
