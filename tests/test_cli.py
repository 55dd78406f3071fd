"""The command line as the contract says: what it prints, what it exits with, and that a running application does not stand in its way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from multiprocessing.connection import Client
from pathlib import Path

import duckdb
import pytest

from tests.test_journey import UNIT, VILLAGES, workbook
from townboard import cli, relay
from townboard.store import Store

ROOT = Path(__file__).resolve().parent.parent
OF = ("--unit", UNIT, "--period", "2022-10")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "西谷乡10月.xlsx"
    path.write_bytes(workbook())
    return path


def test_from_nothing_to_a_traced_number(run, file, tmp_path):
    assert run("init")[0] == 0
    status, out, err = run("check", file, *OF, "--json")
    assert (status, err) == (0, "")
    checked = json.loads(out)
    assert set(checked) >= {"outcome", "refusal", "unit", "period", "sheets", "values", "findings", "changes"}
    assert (checked["outcome"], checked["refusal"], checked["unit"], checked["period"]) == ("ready", None, UNIT, "2022-10")
    [sheet] = checked["sheets"]
    assert sheet == {"sheet": "村集体经济", "data_set": "village_economy", "header_rows": [3],
                     "rows": {"read": 9, "accepted": 9, "held": 0, "blank": 0, "ignored": 3}}  # fmt: skip
    first = {"data_set": "village_economy", "org_unit": VILLAGES[0].code, "element": "operating_income", "value": 12.5,
             "status": "reported", "raw": "12.5", "sheet": "村集体经济", "cell": "C4"}  # fmt: skip
    assert first in checked["values"]
    assert checked["changes"] == {"added": 27, "changed": 0, "removed": 0, "same": 0}

    status, out, _ = run("submit", file, *OF, "--as", "张三", "--json")
    assert status == 0 and json.loads(out)["receipt"]["version"] == 1
    assert run("approve", *OF, "--as", "专办")[0] == 0
    status, out, _ = run("indicators", "--period", "2022-10", "--unit", UNIT, "--format", "json")
    rows = {row["id"]: row for row in json.loads(out)}
    assert status == 0 and len(rows) == 66
    keys = {"indicator", "id", "org_unit", "period", "value", "numerator", "denominator", "unit", "status", "basic", "highest",
            "reported_units", "expected_units", "as_of"}  # fmt: skip
    assert keys <= set(rows["CE01"])
    assert (rows["CE01"]["denominator"], rows["CE07"]["denominator"]) == (9, None)
    status, out, _ = run("query", "income_by_village", "period=2022-10", f"units={UNIT}", "--format", "csv")
    assert status == 0 and "12.5" in out
    status, out, _ = run("query", "income_by_village", "period=2022-10", "--format", "xlsx", "--out", tmp_path / "q.xlsx")
    assert status == 0 and (tmp_path / "q.xlsx").read_bytes()[:2] == b"PK"
    status, out, _ = run(
        "trace", *OF, "--data-set", "village_economy", "--element", "operating_income", "--org-unit", VILLAGES[0].code, "--json"
    )
    traced = json.loads(out)
    assert (traced["value"], traced["cell"], traced["workbook"], traced["approved_by"]) == (12.5, "C4", "西谷乡10月.xlsx", "专办")
    status, out, _ = run("template", "--unit", UNIT, "--period", "2022-11", "--out", tmp_path / "t.xlsx")
    assert status == 0 and (tmp_path / "t.xlsx").read_bytes()[:2] == b"PK"


def test_answers_from_a_file(run, file, tmp_path):
    run("init")
    file.write_bytes(workbook(C4="约30"))
    assert run("submit", file, *OF, "--as", "张三", "--json")[0] == 1
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps([{"sheet": "村集体经济", "cell": "C4", "finding": "ambiguous-number", "answer": "keep"}]))
    status, _, err = run("submit", file, *OF, "--as", "张三", "--answers", answers)
    assert status == 2 and "reason" in err and err.count("\n") == 1
    answers.write_text(json.dumps([{"sheet": "村集体经济", "cell": "C4", "finding": "ambiguous-number", "answer": "accept"}]))
    assert run("submit", file, *OF, "--as", "张三", "--answers", answers)[0] == 0


REFUSED = {
    "no store": ("approve", *OF, "--as", "x"),
    "a period that is none": ("check", "西谷乡10月.xlsx", "--unit", UNIT, "--period", "2022-13"),
    "a unit that is none": ("check", "西谷乡10月.xlsx", "--unit", "999", "--period", "2022-10"),
    "a file that is not there": ("check", "nothing.xlsx", *OF),
    "a command that is none": ("frobnicate",),
    "a backup where there is no store": ("backup", "somewhere"),
    "a command that is not there yet": ("user", "add", "name", "--flag"),
    "a return without a reason": ("return", *OF, "--as", "x"),
    "answers that are no text": ("submit", "西谷乡10月.xlsx", *OF, "--as", "x", "--answers", "西谷乡10月.xlsx"),
    "nobody named": ("submit", "西谷乡10月.xlsx", *OF, "--as", " "),
}


@pytest.mark.parametrize("arguments", REFUSED.values(), ids=REFUSED)
def test_wrong_usage_is_one_line_and_exit_2(run, file, arguments):
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1 and "Traceback" not in err
    run("init")
    if "somewhere" not in arguments:
        status, out, err = run(*arguments)
        assert (status, out, err.count("\n")) == (2, "", 1)


def test_refused_file_prints_its_refusal(run, file):
    assert "without history" in run("check", file, *OF)[2]
    file.write_bytes(b"<html><table></table></html>")
    status, out, err = run("check", file, *OF, "--json")
    assert err.count("\n") == 1
    refused = json.loads(out)
    assert (status, refused["outcome"], refused["refusal"]["id"]) == (2, "refused", "legacy-or-other-format")
    assert set(refused["refusal"]) == {"id", "message", "remedy"} and "Traceback" not in err


def test_who_may_not_send_a_workbook_is_told_nothing_of_it(run, file):
    run("init")
    run("user", "add", "王五", "--role", "clerk", "--units", "140121203")
    file.write_bytes(workbook(C4="约30"))
    status, out, err = run("submit", file, *OF, "--as", "王五", "--json")
    said = json.loads(out)
    assert (status, said["refusal"]["id"], said["findings"], err.count("\n")) == (2, "not-permitted", [], 1)


def test_init_never_overwrites(run):
    assert run("init")[0] == 0
    status, _, err = run("init")
    assert status == 2 and "nothing was changed" in err


def test_verify_walks_the_audit_chain(run, tmp_path):
    run("init")
    status, out, err = run("verify")
    assert (status, err) == (0, "") and int(out.split()[0]) > 0
    with duckdb.connect(tmp_path / "store" / "townboard.duckdb") as connection:
        connection.execute("update audit set detail = 'x' where n = 3")
    status, _, err = run("verify")
    assert status == 2 and "Row 3 does not fit" in err
    with duckdb.connect(tmp_path / "store" / "townboard.duckdb") as connection:
        connection.execute("delete from audit where n >= 3")
    assert run("verify")[0] == 2 and run("verify", "--accept-loss")[0] == 2
    assert run("verify", "--accept-loss", "--as", "李四")[0] == 0
    assert run("verify")[0] == 0


def test_wrong_query_names_and_parameters(run):
    run("init")
    assert "no query is called" in run("query", "no_such_thing", "--format", "csv")[2]
    assert "period" in run("query", "income_by_village", "--format", "csv")[2]
    assert "peroid" in run("query", "income_by_village", "period=2022-10", "peroid=1", "--format", "csv")[2]


def test_commands_reach_the_process_that_owns_the_store(file, tmp_path):
    folder = tmp_path / ("a-folder-with-a-long-name-" * 4)
    environment = os.environ | {"TOWNBOARD_STORE": str(folder)}
    with Store.create(folder) as store:
        stop = relay.listen(folder, store, cli.handed_over)
        try:
            command = [sys.executable, "-m", "townboard", "submit", str(file), *OF, "--as", "张三"]
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
            assert (done.returncode, done.stderr) == (0, "")
            out = tmp_path / "t.xlsx"
            command = [sys.executable, "-m", "townboard", "template", "--unit", UNIT, "--period", "2022-11", "--out", str(out)]
            assert subprocess.run(command, cwd=ROOT, env=environment, timeout=60).returncode == 0
            assert out.read_bytes()[:2] == b"PK"
            nowhere = subprocess.run([*command[:-1], str(tmp_path / "no" / "t.xlsx")], cwd=ROOT, env=environment, capture_output=True,
                                     text=True, timeout=60)  # fmt: skip
            assert (nowhere.returncode, nowhere.stdout, nowhere.stderr.count("\n")) == (2, "", 1)
            assert store.status(UNIT, cli.Period(2022, 10)).version == 1
        finally:
            stop()
    done = subprocess.run([*command[:3], "trace", *OF, "--data-set", "village_economy", "--element", "operating_income", "--org-unit",
                           VILLAGES[0].code, "--json"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)  # fmt: skip
    assert json.loads(done.stdout)["value"] == 12.5, "and work by themselves when nobody does"


def test_a_message_that_is_no_command_ends_no_process(file, tmp_path):
    with Store.create(tmp_path / "store") as store:
        stop = relay.listen(tmp_path / "store", store, cli.handed_over)
        with relay._address(tmp_path / "store") as address, Client(address, "AF_UNIX") as connection:
            connection.send_bytes(b"\xff not json")
            assert json.loads(connection.recv_bytes())["status"] == 2
        assert relay.hand_over(tmp_path / "store", ["indicators", "--period", "2022-10", "--format", "json"], {}).status == 0
        stop()


def test_an_approved_month_sent_again_is_a_correction_on_record(run, file):
    run("init")
    assert run("submit", str(file), *OF, "--as", "zhang")[0] == 0
    assert run("approve", *OF, "--as", "li")[0] == 0
    again = file.with_name("again.xlsx")
    again.write_bytes(workbook([14.5] * len(VILLAGES)))
    status, out, _ = run("submit", str(again), *OF, "--as", "zhang", "--reason", "发现漏报", "--json")
    assert (status, json.loads(out)["receipt"]["version"]) == (0, 2)
    traced = json.loads(run("trace", *OF, "--data-set", "village_economy", "--element", "operating_income", "--org-unit",
                            VILLAGES[0].code, "--json")[1])  # fmt: skip
    assert (traced["value"], traced["approved_by"]) == (14.5, None), (
        "the new version waits for review; the approved one stays approved"
    )
