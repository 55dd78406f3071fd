"""What stands around a sheet’s rows: whose it is, which month it names, who signed it."""

from __future__ import annotations

import pytest

from tests.sheets import HEAD, LIUXIANG, SIX, ids, only, table, taken, values
from tests.workbooks import OCTOBER, QINGYUAN, xlsx
from townboard.findings import Refusal
from townboard.loading import catalogue
from townboard.periods import Period


@pytest.mark.parametrize(("what", "data", "unit"), [
    ("all rows are another unit's", xlsx({"村集体经济": [HEAD, ["东罗村", 1, 1, 1], ["西罗村", 1, 1, 1]]}), QINGYUAN),
    ("the unit line says so", xlsx({"村集体经济": [["填报单位：徐沟镇人民政府"], HEAD, SIX]}), QINGYUAN),
    ("the unit stands beside its label", xlsx({"村集体经济": [["填报单位：", "徐沟镇"], HEAD, SIX]}), QINGYUAN),
    ("the title says so", xlsx({"综合执法": [["徐沟镇综合执法情况表"], ["指标", "数量"], ["核定编制", 5], ["在岗人数", 4], ["持证人数", 3]]}),
     QINGYUAN),
    ("_meta says so", xlsx({"村集体经济": [HEAD, SIX], "_meta": [["unit", "140121101"], ["period", "2022-10"]]}, hidden=["_meta"]), QINGYUAN),
    ("the cover says so", xlsx({"封面": [["填报单位", "徐沟镇"], ["报告期", "2022-10"], ["填表人", "张三"]], "村集体经济": [HEAD, SIX]}), QINGYUAN),
    ("villages sent by a street", xlsx({"村集体经济": [["填报单位:郝庄镇"], HEAD, ["港道村", 1, 1, 1]]}), LIUXIANG),
])  # fmt: skip
def test_another_units_workbook_is_refused(what, data, unit):
    with pytest.raises(Refusal) as refused:
        taken(data, unit=unit)
    assert refused.value.id == "wrong-unit"
    assert catalogue().org_unit[unit].label.zh in refused.value.message.zh


MONTHS = [
    ("title of October", "全县村集体经济情况表（10月）", "2022-10", ""),
    ("title of September", "全县村集体经济情况表（9月）", "2022-09", "wrong-period"),
    ("year and month", "2022年9月村集体经济情况表", "2022-09", "wrong-period"),
    ("last year", "2021年10月村集体经济情况表", "2021-10", "wrong-period"),
    ("points", "2022.9村集体经济情况表", "2022-09", "wrong-period"),
    ("six digits", "村集体经济情况表202209", "2022-09", "wrong-period"),
    ("a range", "2022年1—10月村集体经济情况表", "2022-10", ""),
    ("a range without year", "村集体经济情况表（1-10月）", "2022-10", ""),
    ("the day of filling in", "填报时间：2022年11月3日", None, ""),
    ("the day in another writing", "填表日期：2022.11.3", None, ""),
    ("a cut-off day", "村集体经济情况表（截至9月28日）", None, ""),
    ("no month", "村集体经济情况表", None, ""),
    ("a float", 2022.1, "2022-10", "reads-float-month"),
    ("a float of September", 2022.9, "2022-09", "wrong-period"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "title", "month", "id"), MONTHS, ids=[case[0] for case in MONTHS])
def test_the_month_a_sheet_names(what, title, month, id):
    submission = taken(xlsx({"村集体经济": [[title], HEAD, SIX]}))
    assert submission.said_period == (Period.parse(month) if month else None)
    assert ids(submission) == ([id] if id else [])
    if id:
        assert only(submission, id).place.cell == "A1"


@pytest.mark.parametrize(("label", "value", "format", "month"), [
    ("报送月份", 44805, "yyyy年m月", "2022-09"), ("填报时间", 44870, "yyyy-mm-dd", None), ("填报日期：", "2022年11月", None, None),
    ("所属期", "2022-09", None, "2022-09"),
])  # fmt: skip
def test_a_month_or_a_day_beside_its_label(label, value, format, month):
    formats = {"村集体经济": {"B1": format}} if format else None
    submission = taken(xlsx({"村集体经济": [[label, value], HEAD, SIX]}, formats=formats))
    assert submission.said_period == (Period.parse(month) if month else None)


def test_a_float_month_beside_its_label_under_a_title():
    submission = taken(xlsx({"村集体经济": [["村集体经济情况表(10月)"], ["报送月份", 2022.1], HEAD, SIX]}))
    assert submission.said_period == OCTOBER and ids(submission) == ["reads-float-month"]
    assert only(submission, "reads-float-month").place.cell == "B2"
    cover = [["填报单位", "清源镇"], ["报告期", 2022.1], ["填表人", "张三"], ["审核人", "李四"]]
    assert ids(taken(xlsx({"封面": cover, "村集体经济": [HEAD, SIX]})), without="missing-column") == ["reads-float-month"]


def test_the_month_of_the_sheets_name_and_of_meta():
    assert only(table(SIX, name="9月村集体经济"), "wrong-period").raw == "9月村集体经济"
    meta = {
        "村集体经济": [HEAD, SIX],
        "_meta": [["template_id", "t"], ["template_version", "1"], ["unit", QINGYUAN], ["period", "2022-09"]],
    }
    submission = taken(xlsx(meta, hidden=["_meta"]))
    assert (only(submission, "wrong-period").raw, submission.template) == (
        "2022-09",
        {"template_id": "t", "template_version": "1"},
    )


SIGNED = [
    ("one cell", [["填表人：张三  审核人：李四  联系电话：0351-5722222"]], {"filled_by": "张三", "reviewed_by": "李四", "phone": "0351-5722222"}),
    ("no blanks between", [["填表人：张三审核人：李四"]], {"filled_by": "张三", "reviewed_by": "李四"}),
    ("cells beside", [["填表人：", "张三", "审核人：", "李四"]], {"filled_by": "张三", "reviewed_by": "李四"}),
    ("cells of their own", [["单位负责人：王五", None, "填表人：张三"]], {"responsible_leader": "王五", "filled_by": "张三"}),
    ("two lines", [["主要领导（签字）：王五"], ["制表人：张三"]], {"responsible_leader": "王五", "filled_by": "张三"}),
    ("label before alias", [["分管领导：赵六   审核人：李四"]], {"reviewed_by": "李四"}),
    ("above the table", [], {"filled_by": "张三"}),
    ("blank lines", [["主要领导（签字）：______  填表人：      审核人：李四"]], {"reviewed_by": "李四"}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "lines", "people"), SIGNED, ids=[case[0] for case in SIGNED])
def test_signature_lines(what, lines, people):
    above = [["填报单位：清源镇   填表人：张三   2022年10月25日"]] if what == "above the table" else []
    assert values(taken(xlsx({"村集体经济": [*above, HEAD, SIX, *lines]})), "cover") == people
