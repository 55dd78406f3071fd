"""A small town's workbook to make a mess of: 西谷乡 with nine villages, and what the product says of it.

`told` reads and checks a workbook the way every door does and gives it in the words of a test: values by village and element,
findings as (id, severity, cell) and `places` with the sheet as well, the receipt's counts. `month` is a whole clean workbook.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.workbooks import OCTOBER, Grid, xlsx
from townboard.journey import Examined, examine
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.submission import History

XIGU = "140121202"
VILLAGES = {unit.label.zh: unit.code for unit in catalogue().children(XIGU, "village")}
HEAD = ["村名", "经营性收入", "补助收入", "其他收入"]
ECONOMY, CLEAN_COLLECT, ECONOMY_SHEET = "village_economy", "clean_collect", "村集体经济"
LATER = datetime(2023, 2, 1)
BACKGROUND = {"missing-sheet"}
"""What every one-sheet workbook brings: the other forms of the month are not there."""


def rows(**changed: Sequence[Any] | None) -> list[list[Any]]:
    """Nine clean rows; `v3=[…]` replaces the fourth one, None leaves it out."""
    found = []
    for number, name in enumerate(VILLAGES):
        row = changed.get(f"v{number}", [name, round(11.3 + 1.7 * number, 2), 2, 1])
        if row is not None:
            found.append(list(row))
    return found


def sheet(*, before: Grid = (), head: Sequence[Any] = HEAD, body: Grid | None = None, after: Grid = ()) -> list[Sequence[Any]]:
    """The village economy's sheet: what stands above, the header, the rows, what stands below."""
    return [*before, head, *(rows() if body is None else body), *after]


def book(grid: Grid | None = None, name: str = "村集体经济", **more: Any) -> bytes:
    """A workbook of this one sheet."""
    return xlsx({name: sheet() if grid is None else grid}, **more)


def past(*, september: Mapping[str, float] | None = None, months: int = 9, **known: Any) -> History:
    """Approved months up to September in which every village's operating income grew evenly to 0.9 of the clean rows' values."""
    series: dict[tuple[str, str, str], list[tuple[Period, Any]]] = {}
    for number, (name, code) in enumerate(VILLAGES.items()):
        now = round(11.3 + 1.7 * number, 2)
        last = (september or {}).get(name, round(now * 0.9, 2))
        series[ECONOMY, code, "operating_income"] = [
            (Period(2022, month), round(last * month / months, 2)) for month in range(1, months + 1)
        ]
        for element, value in (("subsidy_income", 2.0), ("other_income", 1.0)):
            series[ECONOMY, code, element] = [(Period(2022, month), value) for month in range(months - 1, months + 1)]
    return History(XIGU, known.pop("period", OCTOBER), series=series, **known)


CLEAN_HEAD = ["村名", "摸排合同数", "问题合同数", "已整改合同数", "录入平台合同数", "应收未收承包费", "已收回承包费", "锁定债务", "已化解债务",
              "其中:核销", "新增债务", "新增资源面积", "已收费面积", "新增资源收费", "档案归档", "申请销号", "备注"]  # fmt: skip
CLEAN_ROW = [40, 20, 10, 30, 50, 20, 60, 25, 0, 0, 70, 30, 5, "否", None, None]
ASSETS_PAIRS = [
    ["接入平台村数", 9],
    ["平台预警件数", 12],
    ["已处置预警", 10],
    ["平台交易宗数", 5],
    ["交易金额", 20.5],
    ["按月公开财务村数", 9],
]
LAW_PAIRS = [["赋权事项数", 40], ["已实际行使事项数", 12], ["核定编制", 10], ["在岗人数", 8], ["持证人数", 4], ["培训人次", 2],
             ["检查巡查次数", 30], ["简易程序案件", 6], ["普通程序案件", 4], ["办结案件", 9], ["指挥调度派单", 50], ["派单办结", 45],
             ["复议诉讼纠错", 0], ["执法队挂牌", "2022-03-20"], ["机构编制核定", "2022-04-10"], ["首批执法证件发放", "2022-06-01"],
             ["赋权事项清单公布", "2022-05-01"], ["首件普通程序案件办结", "2022-07-01"], ["持证率", "50%"]]  # fmt: skip


def month() -> dict[str, list[list[Any]]]:
    """西谷乡's whole workbook of October 2022 with nothing wrong in it: five sheets, to be broken in one place.

    村集体经济 has its villages in rows 3–11, 清化收 in rows 2–10; the other three are labels in A with values in B.
    """
    economy = [
        ["西谷乡村集体经济情况表（2022年10月）"],
        [
            "村名",
            "上年总收入",
            "上年经营性收入",
            "经营性收入",
            "补助收入",
            "其他收入",
            "本年累计总收入",
            "与神农集团合作情况",
            "备注",
        ],
    ]
    for name, operating, subsidy, other in rows():
        economy.append([name, round(operating * 1.5, 2), round(operating * 1.2, 2), operating, subsidy, other,
                        round(operating + subsidy + other, 2), "意向", None])  # fmt: skip
    return {
        "封面": [["填报单位", "西谷乡"], ["报告期", "2022-10"], ["填表人", "张三"], ["审核人", "李四"], ["主要负责人", "王五"],
               ["联系电话", "0351-5722222"]],
        ECONOMY_SHEET: economy,
        "清化收": [CLEAN_HEAD, *([name, *CLEAN_ROW] for name in VILLAGES)],
        "三资平台": [["指标", "数量"], *(list(pair) for pair in ASSETS_PAIRS)],
        "综合执法": [["指标", "数量"], *(list(pair) for pair in LAW_PAIRS)],
    }  # fmt: skip


def past_of_month(**known: Any) -> History:
    """What is known before that month: nine approved months, and an office register that agrees with the workbook."""
    history = past(**known)
    for (_, *figures), code in zip(rows(), VILLAGES.values(), strict=True):
        history.register[ECONOMY, code, "last_year_total_income"] = round(figures[0] * 1.5, 2)
        history.register[ECONOMY, code, "last_year_operating_income"] = round(figures[0] * 1.2, 2)
        for element, value in (
            ("contracts_checked", 40),
            ("fees_due", 50.0),
            ("debt_locked", 60.0),
            ("resource_area_found", 70.0),
        ):
            history.register[CLEAN_COLLECT, code, element] = value
        for element, value in (
            ("contracts_rectified", 9),
            ("fees_recovered", 18.0),
            ("debt_resolved", 22.0),
            ("resource_fees", 4.0),
        ):
            history.series[CLEAN_COLLECT, code, element] = [(Period(2022, 8), value * 0.9), (Period(2022, 9), value)]
    history.register["law_enforcement", XIGU, "matters_assigned"] = 40
    return history


class Known:
    """A store that knows a history and nothing else."""

    def __init__(self, history: History) -> None:
        self._history = history

    def history(self, unit: str, period: Period) -> History:
        return self._history


@dataclass(frozen=True)
class Told:
    """What the product says of a workbook. `values`: (village or unit, element) → value, for what is reported."""

    outcome: str
    refusal: str
    values: dict[tuple[str, str], Any] = field(default_factory=dict)
    statuses: dict[tuple[str, str], str] = field(default_factory=dict)
    findings: list[tuple[str, str, str]] = field(default_factory=list)
    places: list[tuple[str, str, str, str]] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    examined: Examined | None = None

    def finding(self, id: str) -> Any:
        """The only finding of a kind."""
        assert self.examined is not None
        (found,) = [finding for finding in self.examined.findings if finding.id == id]
        return found


def told(
    data: bytes, *, name: str = "西谷乡10月.xlsx", unit: str = XIGU, period: Period = OCTOBER, history: History | None = None
) -> Told:
    """Read and check a workbook as `check` does."""
    known = Known(history) if history is not None else None
    examined = examine(data, name, unit, period, known, now=LATER)  # type: ignore[arg-type]
    if examined.refusal is not None:
        return Told(examined.outcome, examined.refusal.id)
    json = examined.to_json()
    named = {unit.code: unit.label.zh for unit in catalogue().org_units}
    at = [((named.get(value["org_unit"], "?"), value["element"]), value) for value in json["values"]]
    return Told(
        examined.outcome, "",
        {key: value["value"] for key, value in at if value["status"] == "reported"},
        {key: value["status"] for key, value in at},
        [(found["id"], found["severity"], found["cell"] or "") for found in json["findings"] if found["id"] not in BACKGROUND],
        [(found["id"], found["severity"], found["sheet"], found["cell"] or "") for found in json["findings"]],
        {entry["sheet"]: entry["rows"] for entry in json["sheets"]},
        examined,
    )  # fmt: skip


def counted(read: int, *, held: int = 0, blank: int = 0, ignored: int = 1) -> dict[str, int]:
    """The receipt's row of one sheet."""
    return {"read": read, "accepted": read - held, "held": held, "blank": blank, "ignored": ignored}
