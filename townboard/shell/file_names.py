"""What a chart's or table's files are called, in the reader's language: short names by the key that a page gives it."""

from __future__ import annotations

import re
from typing import Final

from townboard.charts.framed import span
from townboard.text import Text

NAMES: Final[dict[str, Text]] = {
    "scorecard": Text("四项任务一览", "Four tasks by unit"), "behind": Text("进度滞后", "Behind pace"), "changed": Text("较上月变化", "Changes since last month"),
    "missing": Text("未报和待审", "Missing and waiting"), "explained": Text("疑问和说明", "Questions and explanations"), "wide_unit_map": Text("单位分布图", "Map of units"),
    "goal_months": Text("达标村占比走势", "Goal share by month"), "goal_units": Text("各单位达标村占比", "Goal share by unit"), "standing": Text("各单位达标情况", "How villages stand"),
    "wide_unit_trends": Text("各单位走势", "Trends by unit"), "bands": Text("收入分档", "Income bands"), "around": Text("各村收入", "Villages around the goal"),
    "near": Text("临近达标的村", "Villages near the goal"), "crossings": Text("跨档变动", "Villages that crossed a band"), "deciding": Text("关键村", "Villages that decide"),
    "goal_income": Text("达标收入", "Income towards the goal"), "forecast_trials": Text("预测检验", "Forecast tested"), "forecast_units": Text("各单位年底预计", "Forecast by unit"),
    "top_villages": Text("收入集中度", "Top villages"), "income_months": Text("收入逐月走势", "Income by month"), "cooperation": Text("与神农集团合作", "Cooperation with Shennong"),
    "villages": Text("各村收入明细", "All villages"), "data_notes": Text("数据提示", "Notes on the data"),
    "qh_baseline": Text("清化收摸底基数", "Clean and collect baselines"), "le_timeline": Text("改革节点计划和完成", "Milestones planned and reached"), "le_matters": Text("赋权事项变动", "Items assigned changed"),
    "cm_full": Text("五项全覆盖社区", "Communities with all five"), "cm_grid_rates": Text("网格配备和办结", "Grid staffing and events"), "pe_teams": Text("三支队伍", "Three teams"),
    "qh_villages": Text("清化收各村明细", "Clean and collect by village"), "qh_units": Text("清化收各单位进度", "Clean and collect by unit"), "qh_platform": Text("三资平台", "Asset platform"),
    "qh_measures": Text("清化收各项进度", "Clean and collect measures"), "qh_flow": Text("合同清理流程", "Flow of contracts"), "qh_debt": Text("债务化解", "Debt"),
    "qh_cash": Text("资金收回", "Cash recovered"), "qh_by_unit": Text("清化收各单位", "Clean and collect by unit"),
    "wide_le_milestones": Text("改革节点", "Reform milestones"), "le_staff": Text("执法队伍", "Enforcement staff"), "le_cases": Text("案件情况", "Cases"),
    "wide_cm_five": Text("五个全覆盖", "Five coverages"), "cm_service": Text("无物业小区", "Compounds without service"), "cm_grid_events": Text("网格事件", "Grid events"),
    "pe_units": Text("非公企业各单位", "Enterprises by unit"), "pe_rates": Text("非公企业党建", "Party building in enterprises"),
    "br_rates": Text("减负压减率", "Burden reduction"), "br_kind_chart": Text("减负基数和现有", "Burden before and now"), "br_cells": Text("填报格数", "Cells typed"),
    "br_months": Text("逐月填报格数", "Cells typed by month"), "town_villages": Text("各村收入构成", "Villages by income"), "town_village_rows": Text("各村数据", "Village figures"),
    "town_communities": Text("社区数据", "Community figures"), "town_contracts": Text("清化收数据", "Clean and collect figures"), "town_items": Text("问题和典型", "Problems and models"),
    "town_findings": Text("疑问和说明", "Questions and explanations"), "town_events": Text("报送经过", "Course of the report"), "town_milestones": Text("改革节点时间线", "Milestones on a time line"),
    "town_five": Text("五个全覆盖", "Five coverages"), "unit_indicators": Text("本单位指标", "Unit indicators"), "wide_board": Text("报送状态", "State of reports"),
    "history": Text("报送经过", "Course of the report"), "queue": Text("待审清单", "Waiting for review"), "review_findings": Text("待核疑问", "Questions to review"),
    "review_changes": Text("数据变动", "Changed figures"), "register_changes": Text("名录变动", "Register changes"), "versions": Text("版本", "Versions"),
    "version_diff": Text("版本差异", "Differences between versions"),
    **{f"theme_{code}": words for code, words in {
        "economy": Text("村集体经济指标", "Village economy indicators"), "clean_collect": Text("清化收指标", "Clean and collect indicators"),
        "enforcement": Text("综合执法指标", "Law enforcement indicators"), "coverage": Text("社区指标", "Community indicators"),
        "enterprises": Text("非公党建指标", "Enterprise indicators"), "burden": Text("减负指标", "Burden indicators"),
    }.items()},
}  # fmt: skip
LONGEST: Final = 26.0
"""Of a name that is made from a title: letter heights."""


def called(key: str, title: Text) -> Text:
    """The short name of what a page shows under a key; the beginning of its title where the key has no name of its own."""
    return NAMES.get(key) or Text(_begun(title.zh), _begun(title.en))


def _begun(words: str) -> str:
    """The first clause of a title, cut at a whole word."""
    clause = re.split(r"[,;:，；：。]\s|[，；：。;,](?=[^\d])", re.sub(r"[*_#`]", "", words))[0]
    while span(clause) > LONGEST:
        clause = clause.rsplit(" ", 1)[0] if " " in clause else clause[:-1]
    return clause
