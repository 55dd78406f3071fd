"""The receipt conserves rows: on random sheets every row is read, ignored or blank exactly once, and every figure that was read is told."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mess import HEAD, LAW_PAIRS, VILLAGES, told
from tests.workbooks import xlsx

NAMES = list(VILLAGES)
ECONOMY, LAW = "村集体经济", "综合执法"
FIGURES = st.one_of(st.integers(0, 400), st.floats(0, 400).map(lambda number: round(number, 2)),
                    st.sampled_from([None, "—", "12万", "约30", "见备注", "#REF!", "=SUM(B90:B95)", "无", -3]))  # fmt: skip
TITLES = st.lists(
    st.sampled_from([["附件2"], ["全县村级集体经济收入情况统计表（10月）"], ["填报单位：西谷乡", None, "单位：万元"], []]),
    max_size=5,
)


def _row(kind: str) -> st.SearchStrategy[tuple[str, list[Any]]]:
    """One row of a kind with random figures."""
    figures = st.tuples(FIGURES, FIGURES, FIGURES).map(list)
    names = {
        "village": st.sampled_from(NAMES), "unknown": st.sampled_from(["东罗百村", "桃花源村", "=北云支村", "<b>西谷村</b>"]),
        "elsewhere": st.just("六合村"), "total": st.sampled_from(["合计", "小 计", "总计", "平均"]), "example": st.just("示例：某村"),
    }  # fmt: skip
    if kind in names:
        return st.tuples(st.just(kind), st.tuples(names[kind], figures).map(lambda row: [row[0], *row[1]]))
    fixed: dict[str, list[Any]] = {
        "empty": [], "header": list(HEAD), "numbers": ["甲", 1, 2, 3], "note": ["注：数据截至10月20日。"], "signed": ["填表人：张三   审核人：李四"],
        "nameless": [None, 7, 1, 1], "dragged": [None, "=B9", "=C9", "=D9"],
    }  # fmt: skip
    return st.just((kind, fixed[kind]))


READ = ("village", "unknown", "elsewhere", "nameless")
ENDS = ("note", "signed")
KINDS = (*READ, "village", "village", "total", "example", "empty", "empty", "header", "numbers", "dragged", *ENDS)
BODIES = st.lists(st.sampled_from(KINDS).flatmap(_row), max_size=25)


@settings(max_examples=80, deadline=None)
@given(titles=TITLES, body=BODIES, hidden=st.sets(st.integers(1, 20), max_size=4))
def test_every_row_of_a_table_is_counted_once(
    titles: list[list[Any]], body: list[tuple[str, list[Any]]], hidden: set[int]
) -> None:
    own = [
        ("village", [name, 10 + number, 2, 1]) for number, name in enumerate(NAMES)
    ]  # so many that the sheet stays this unit's
    rows = [*own, *body]
    grid = [*titles, HEAD, *(row for _, row in rows)]
    found = told(xlsx({ECONOMY: grid}, hidden_rows={ECONOMY: sorted(hidden)}))
    if sum(kind == "elsewhere" for kind, _ in body) > sum(kind == "village" for kind, _ in rows):
        assert found.refusal == "wrong-unit"
        return
    until = next((at for at, (kind, _) in enumerate(rows) if kind in ENDS), len(rows))
    read = [at for at, (kind, _) in enumerate(rows[:until]) if kind in READ]
    counts = found.counts[ECONOMY]
    assert counts["read"] == len(read) == counts["accepted"] + counts["held"]
    assert counts["blank"] == sum(kind == "empty" for kind, _ in rows[: read[-1]])
    assert counts["read"] + counts["ignored"] == sum(bool(row) for row in grid)
    _nothing_vanishes(found, [rows[at] for at in read])


def _nothing_vanishes(found: Any, rows: list[tuple[str, list[Any]]]) -> None:
    """Every row that was read stands in the values with what was typed, or is a repeated row, which a finding names."""
    submission = found.examined.submission
    there = {
        (row.name, row.values["operating_income"].raw) for row in submission.sheets[0].rows if "operating_income" in row.values
    }
    twice = {finding.place.row_name for finding in submission.findings if finding.id == "duplicate-row"}
    silent = {finding.place.row_name for finding in submission.findings if finding.id == "extra-row"}
    for _, (name, operating, *_) in rows:
        raw = operating or "" if isinstance(operating, str | None) else f"{operating:.15g}"
        assert (name or "", raw) in there or name in twice | silent


@settings(max_examples=40, deadline=None)
@given(
    order=st.permutations(LAW_PAIRS),
    kept=st.integers(4, len(LAW_PAIRS)),
    between=st.lists(st.sampled_from([["其他情况", 3], [], ["注：据实填写。"], ["一、人员情况"], ["填表人：张三"]]), max_size=6),
    places=st.lists(st.integers(0, 20), min_size=6, max_size=6),
)
def test_every_row_of_a_vertical_form_is_counted_once(
    order: list[list[Any]], kept: int, between: list[list[Any]], places: list[int]
) -> None:
    lines = [list(pair) for pair in order[:kept]]
    for line, at in zip(between, places, strict=False):
        lines.insert(min(at, len(lines)), line)
    grid = [["综合执法情况（2022年10月）"], ["指标", "数量"], *lines]
    counts = told(xlsx({LAW: grid})).counts[LAW]
    assert counts["read"] == sum(pair[0] != "持证率" for pair in order[:kept]) == counts["accepted"] + counts["held"]
    assert counts["read"] + counts["ignored"] == sum(bool(row) for row in grid)
