"""Communities with all five coverages, the county's own names of them, enterprises with their denominators, the three teams."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from tests.stores import TOWN, small_store
from townboard import loading
from townboard.charts import coverage, enterprises, kit
from townboard.shell.visit import _opened
from townboard.text import LANGUAGES, Text

NAN = float("nan")
LABELS = ["①", "②", "③", "④", "⑤"]


def community(unit: str, name: str, *done: float, reported: bool = True) -> dict[str, object]:
    """A community with five of each due."""
    pairs = {
        f"coverage_{n}_{side}": value
        for n, one in zip(coverage.FIVE, done, strict=True)
        for side, value in (("done", one), ("due", 5.0))
    }
    return {"unit_name": unit, "name": name, "reported": reported, **pairs}


ROWS = pd.DataFrame([
    community("甲镇", "一社区", 5, 5, 5, 5, 5), community("甲镇", "二社区", 5, 3, 5, 5, 5), community("甲镇", "三社区", 0, 3, 5, 5, 5),
    community("甲镇", "四社区", 5, NAN, 5, 5, 5), community("乙街道", "五社区", NAN, NAN, NAN, NAN, NAN, reported=False),
])  # fmt: skip
FIRMS = enterprises.with_sums(pd.DataFrame({
    "name": ["甲镇", "乙街道", "丙乡"], "reported": [True, True, False], "enterprises_registered": [500, 900, NAN],
    "enterprises_operating": [120, 60, NAN], "enterprises_above_scale": [10, 2, NAN], "organisations_single": [25, 10, NAN],
    "organisations_joint": [5, 2, NAN], "enterprises_joint_covered": [60, 40, NAN], "enterprises_work_covered": [20, 8, NAN],
    "secretaries": [29, 12, NAN], "instructors_full_time": [4, 1, NAN], "instructors_part_time": [8, NAN, NAN], "party_members": [160, 70, NAN],
}))  # fmt: skip


def test_how_a_community_stands_and_what_it_lacks():
    rows = kit.rows(ROWS)
    assert [coverage.standing(row) for row in rows] == [
        coverage.ALL_FIVE, coverage.ONE_SHORT, coverage.MORE_SHORT, coverage.UNKNOWN, coverage.SILENT]  # fmt: skip
    assert [coverage.lacking(row, LABELS, "zh") for row in rows] == ["", "② 差 2", "① 差 5、② 差 2", "② 缺数", ""]
    assert coverage.full_title(ROWS) == Text(
        "1/5 个社区五项全部覆盖,1 个只差一项;2 个未报或缺数",
        "1 of 5 communities have all five; 1 is one short; 2 without figures",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_unit_without_a_report_is_hatched_not_zero_communities(language):
    figure = coverage.full(ROWS, language)
    go.Figure(figure)
    assert [trace["x"] for trace in figure["data"][:4]] == [[1, None], [1, None], [1, None], [1, None]]
    assert kit.NOT_REPORTED.say(language) in figure["data"][-1]["text"][0]


def test_the_lowest_coverage_is_named():
    parts = [(Text("甲", "A"), 5.0, 5.0), (Text("乙", "B"), 3.0, 4.0), (Text("丙", "C"), None, None)]
    assert coverage.five_title(parts).zh == "五个全覆盖中 1 个已达100%;最低:乙 75.0%(3/4)"
    assert (
        coverage.five_title(parts[:1]).zh == "五个全覆盖中 1 个已达100%" and coverage.five_title([]).zh == "五个全覆盖:尚无数据"
    )


def test_the_denominator_of_the_coverages_is_said_and_drawn():
    assert enterprises.units_title(FIRMS).zh == "组织覆盖最高乙街道 83.3% (50/60),最低甲镇 70.8% (85/120);分母是实体运营企业"
    assert "登记 1,400 户,其中实体运营 180 户、规上 12 户" in enterprises.denominators(FIRMS).zh
    figure = enterprises.two_coverages(FIRMS, "zh")
    assert figure["layout"]["xaxis"]["title"]["text"] == "户（实体运营企业）"
    assert [trace["x"] for trace in figure["data"][:3]] == [[120, 60, None], [105, 58, None], [85, 50, None]]


def test_the_three_teams_say_who_is_without_a_secretary():
    assert enterprises.teams_title(FIRMS).zh == "三支队伍:书记 41 人(42 个党组织,1 个党组织缺书记),指导员 12 人,党员 230 人"
    assert [trace["x"] for trace in enterprises.teams(FIRMS, "zh")["data"][:2]] == [[30, 12, None], [29, 12, None]]
    assert enterprises.teams_title(FIRMS.iloc[2:]).zh == "三支队伍:尚无数据"


def test_a_coverage_renamed_in_the_catalogue_is_renamed_on_the_pages(tmp_path, monkeypatch):
    folder = shutil.copytree(loading.FOLDER, tmp_path / "catalogue")
    toml = folder / "indicators" / "coverage.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("全覆盖②", "网格党组织"), encoding="utf-8")
    small_store(tmp_path / "store").close()
    monkeypatch.setenv("TOWNBOARD_STORE", str(tmp_path / "store"))
    monkeypatch.setattr(loading.load, "__defaults__", (folder,))
    loading.catalogue.cache_clear()
    try:
        for page in ("coverage", "township"):
            test = AppTest.from_string(f"from pages import {page}\n{page}.page()", default_timeout=60)
            test.query_params.update({"lang": "zh", "period": "2022-10", "unit": TOWN})
            test.run()
            assert not test.exception
            specs = [json.dumps(json.loads(chart.proto.spec), ensure_ascii=False) for chart in test.get("plotly_chart")]
            drawn = "".join(specs).replace("<br>", "")
            assert "网格党组织" in drawn and "全覆盖②" not in drawn, page
    finally:
        loading.catalogue.cache_clear()
        _opened.cache_clear()
