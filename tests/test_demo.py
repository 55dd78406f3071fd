"""The demo: figures that hold together and add up to the published sums, sent and reviewed the way real ones are."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from townboard import checks, demo, guard, recognise, workbook
from townboard.demo import samples
from townboard.demo.dice import FIRST, LAST, QINGXU, YINGZE, allocate, allocate_money
from townboard.demo.figures import SLIPS, World
from townboard.loading import catalogue
from townboard.periods import Period, span
from townboard.store import Store
from townboard.submission import History, Key, Stored, Submission

CATALOGUE = catalogue()
WORLD = World(CATALOGUE)
SEPTEMBER = Period(2022, 9)
MONTHS = span(FIRST, LAST)


def units(county: str) -> list[str]:
    return [unit.code for unit in CATALOGUE.units(county)]


def standing(county: str, period: Period, data_set: str) -> dict[tuple[str, str], float]:
    """(org unit, element) → the figure that stands at the end of a month: closed villages keep their last row."""
    found: dict[tuple[str, str], float] = {}
    for month in MONTHS[: MONTHS.index(period) + 1]:
        for unit in units(county):
            cells = WORLD.true(unit, month)
            found |= {key[1:]: value for key, value in cells.items() if key[0] == data_set and isinstance(value, (int, float))}  # type: ignore[misc]
    return found


def registered(county: str, element: str) -> float:
    return sum(float(row.value) for row in WORLD.registers(county, 2021) if row.element == element)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data_set", "elements", "expected"),
    [
        pytest.param("clean_collect", ["debt_resolved"], 3993, id="debt resolved"),
        pytest.param("clean_collect", ["fees_recovered"], 1062, id="fees recovered"),
        pytest.param("clean_collect", ["closing_requested"], 114, id="villages closed"),
        pytest.param("enterprise_party", ["organisations_single", "organisations_joint"], 160, id="organisations"),
        pytest.param("enterprise_party", ["party_members"], 989, id="members"),
        pytest.param("enterprise_party", ["secretaries"], 160, id="secretaries"),
        pytest.param("enterprise_party", ["instructors_full_time", "instructors_part_time"], 70, id="instructors"),
    ],
)
def test_qingxu_adds_up_to_the_published_sums_in_september(data_set: str, elements: list[str], expected: float) -> None:
    found = standing(QINGXU, SEPTEMBER, data_set)
    assert sum(value for (_, element), value in found.items() if element in elements) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("element", "expected"),
    [("contracts_checked", 5053), ("contract_amount", 23600), ("enterprises_registered", 9464), ("enterprises_above_scale", 120)],
)
def test_the_registers_hold_the_published_sums(element: str, expected: float) -> None:
    assert registered(QINGXU, element) == pytest.approx(expected, abs=1e-6)


def test_about_half_of_the_reporting_villages_reach_the_goal_in_october() -> None:
    reporting = [unit for unit in units(QINGXU) if (unit, LAST) not in demo.NOT_IN]
    totals = [village.total(10) for unit in reporting for village in WORLD.villages.by_unit.get(unit, ())]
    operating = [village.operating[9] for unit in reporting for village in WORLD.villages.by_unit.get(unit, ())]
    reached = sum(total >= 30 for total in totals)
    assert len(totals) == 97
    assert 0.45 <= reached / len(totals) <= 0.52
    assert sum(25 <= total < 30 for total in totals) >= 8
    assert sum(one >= 30 for one in operating) < reached


@pytest.mark.parametrize("county", [QINGXU, YINGZE])
def test_every_figure_keeps_the_rules_of_its_form(county: str) -> None:
    """Constraints between elements, and cumulative figures that only rise; the slips are not in these figures."""
    register = {(row.data_set, row.org_unit, row.element): row.value for row in WORLD.registers(county, 2021)}
    register |= {(row.data_set, row.org_unit, row.element): row.value for row in WORLD.registers(county, 2022)}
    before: dict[tuple[str, str, str], float] = {}
    broken = []
    for period in MONTHS:
        if period.month == 1:
            before = {
                key: value
                for key, value in before.items()
                if CATALOGUE.data_set[key[0]].by_code[key[2]].accumulation != "year_to_date"
            }
        for unit in units(county):
            cells, rows = WORLD.true(unit, period), {}
            for (data_set, place, element), value in cells.items():
                definition = CATALOGUE.data_set[data_set].by_code[element]
                rows.setdefault((data_set, place), {})[element] = value.toordinal() if isinstance(value, date) else value
                if definition.is_cumulative and definition.is_number and value is not None:
                    assert isinstance(value, (int, float))
                    if value < before.get((data_set, place, element), 0) - 1e-9:
                        broken.append((str(period), place, element, before[data_set, place, element], value))
                    before[data_set, place, element] = value
            for (data_set, place), values in rows.items():
                known = {code: value for (one, where, code), value in register.items() if (one, where) == (data_set, place)}
                known |= {"villages": len(CATALOGUE.children(unit, "village")), "cases_carried_over": 0, **values}
                for constraint in CATALOGUE.data_set[data_set].constraints:
                    if constraint.finding in ("unlikely-relation",) or (period == FIRST and data_set == "village_economy"):
                        continue
                    left, right = constraint.left.of(known), constraint.right.of(known)
                    holds = {"<=": lambda a, b: a <= b + 1e-9, ">=": lambda a, b: a >= b, "=": lambda a, b: abs(a - b) <= 0.05,
                             "needs": lambda a, b: not a or b > 0}[constraint.operator]  # fmt: skip
                    if left is not None and right is not None and not holds(left, right):
                        broken.append((str(period), place, constraint.rule, left, right))
    assert broken == []


def test_the_figures_are_the_same_on_every_machine() -> None:
    again = World(CATALOGUE)
    assert all(again.typed(unit, period) == WORLD.typed(unit, period) for unit in units(QINGXU) for period in (FIRST, LAST))


@pytest.mark.parametrize(("total", "weights"), [(10, [1, 1, 1]), (5053, [0.3, 2.5, 1.1, 0.01]), (0, [1, 2]), (1, [1, 1])])
def test_allocation_loses_nothing(total: int, weights: list[float]) -> None:
    assert sum(allocate(total, weights)) == total
    assert round(sum(allocate_money(total, weights)), 2) == total
    assert min(allocate(total, weights)) >= 0


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Yingze's last month of 2021 and first of 2022, through the whole journey."""
    store = Store.create(tmp_path_factory.mktemp("demo"))
    shares: list[float] = []
    assert not demo.is_demo(store)
    demo.fill(store, progress=lambda share, _: shares.append(share), counties=(YINGZE,), months=MONTHS[:2])
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    yield store
    store.close()


def test_workbooks_arrive_through_the_journey(small: Store) -> None:
    assert demo.is_demo(small)
    submitted = small.rows("select unit, period, version, typed_cells from submission order by unit, period")
    assert [(unit, period) for unit, period, *_ in submitted] == [
        (unit, str(period)) for unit in sorted(units(YINGZE)) for period in MONTHS[:2]
    ]
    assert all(version == 1 and typed > 0 for *_, version, typed in submitted)
    assert {small.status(unit, period).state for unit in units(YINGZE) for period in MONTHS[:2]} == {"approved"}
    assert small.rows("select count(*) from finding where severity = 'blocks'") == [(0,)]


def test_what_arrives_is_what_was_meant(small: Store) -> None:
    history = small.history("140106100", MONTHS[2])
    meant = WORLD.true("140106100", MONTHS[1])
    stored = {key: series[-1][1] for key, series in history.series.items() if series[-1][0] == MONTHS[1]}
    differing = {key: (value, stored.get(key)) for key, value in meant.items() if stored.get(key) != value and value is not None}
    assert differing == {}


def test_baselines_without_a_register_come_from_the_first_workbook(small: Store) -> None:
    recorded = small.rows("select count(*) from finding where id = 'baseline-recorded' and element = 'duties_baseline'")
    assert recorded == [(len(units(YINGZE)),)]
    assert small.history("140106001", MONTHS[2]).register["burden", "140106001", "duties_baseline"] > 0


@pytest.mark.parametrize(("unit", "period"), [key for key in SLIPS if key[0].startswith(QINGXU)])
def test_slips_differ_from_the_truth_in_one_cell(unit: str, period: str) -> None:
    month = Period.parse(period)
    true, typed = WORLD.true(unit, month), WORLD.typed(unit, month)
    assert sum(true[key] != value for key, value in typed.items()) == 1


def test_samples_are_what_the_script_makes(tmp_path: Path) -> None:
    for path in samples.write(tmp_path):
        assert path.read_bytes() == (samples.FOLDER / path.name).read_bytes(), (
            f"run python -m townboard.demo.samples: {path.name}"
        )
    assert sorted(path.name for path in samples.FOLDER.iterdir()) == sorted(path.name for path in tmp_path.iterdir())


def test_samples_say_that_they_are_invented() -> None:
    for path in samples.FOLDER.iterdir():
        data = path.read_bytes()
        if path.suffix == ".csv":
            assert "示例数据" in data.decode("gb18030")
        else:
            page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
            assert any("示例数据" in str(cell.value) for row in page.iter_rows() for cell in row if cell.value)


def until_september(unit: str) -> History:
    """What the demo's store knows of a unit before October."""
    series: dict[Key, list[tuple[Period, Stored]]] = {}
    for period in MONTHS[:-1]:
        for key, value in WORLD.true(unit, period).items():
            if value is not None:
                series.setdefault(key, []).append((period, value))
    county = CATALOGUE.org_unit[unit].parent
    register = {
        (row.data_set, row.org_unit, row.element): row.value for year in (2021, 2022) for row in WORLD.registers(county, year)
    }
    return History(unit, LAST, series=series, register=register)


def examined(name: str, unit: str) -> Submission:
    history = until_september(unit)
    book = workbook.read(guard.admit((samples.FOLDER / name).read_bytes(), name))
    submission = recognise.recognise(book, CATALOGUE, unit, LAST, history=history)
    submission.findings = checks.check(submission, CATALOGUE, history)
    return submission


@pytest.mark.parametrize(
    ("name", "unit", "villages"), [(samples.FREE_FORM, samples.TOWN, 18), (samples.GBK, samples.TOWNSHIP, 13)]
)
def test_clean_samples_are_ready_and_hold_the_demos_october(name: str, unit: str, villages: int) -> None:
    submission = examined(name, unit)
    assert submission.outcome == "ready"
    read = {(value.org_unit, value.element): value.value for value in submission.values()}
    elements = ("operating_income", "subsidy_income", "other_income")
    wanted = {
        key[1:]: value for key, value in WORLD.true(unit, LAST).items() if key[0] == "village_economy" and key[2] in elements
    }
    assert len(wanted) == villages * len(elements)
    assert {key: (value, read.get(key)) for key, value in wanted.items() if read.get(key) != value} == {}


def test_the_sample_with_mistakes_asks_about_each_of_the_five() -> None:
    submission = examined(samples.WITH_MISTAKES, samples.TOWN)
    assert sorted((found.id, found.place.cell) for found in submission.findings if found.severity != "notes") == [
        ("decreased-cumulative", "F11"), ("duplicate-row", "C17"), ("not-a-number", "I9"), ("unit-slip", "F8"),
        ("unknown-org-unit", "C25"),
    ]  # fmt: skip
