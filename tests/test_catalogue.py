"""The catalogue: complete, in both languages, and refused with file and key where a definition is wrong."""

from __future__ import annotations

import shutil

import pytest

from townboard.catalogue import Expression
from townboard.loading import FOLDER, CatalogueError, catalogue, load, parse_expression
from townboard.periods import Period

ALL = catalogue()


def test_what_the_county_asks_and_computes():
    assert [len(data_set.elements) for data_set in ALL] == [6, 21, 17, 6, 26, 24, 13, 10, 8, 5]
    assert len(ALL.indicators) == 66
    assert len({indicator.code for indicator in ALL.indicators}) == 66
    villages = [unit for unit in ALL.org_units if unit.level == "village"]
    assert (len(villages), len([u for u in ALL.org_units if u.level == "community"])) == (137, 133)


@pytest.mark.parametrize("data_set", ALL.data_sets, ids=lambda data_set: data_set.code)
def test_every_element_speaks_both_languages_and_has_its_own_words(data_set):
    seen: dict[str, str] = {}
    december = {"经营收入"}  # in December the label of annual_business_income, in other months an alias of operating_income
    for element in data_set.elements:
        assert element.label.zh and element.label.en
        assert element.label.zh not in seen or element.label.zh in december, (
            f"{element.code} and {seen.get(element.label.zh)} share a label"
        )
        seen[element.label.zh] = element.code
        for alias in element.aliases:
            assert seen.get(alias, element.code) == element.code, f"the alias {alias} of {element.code} is taken by {seen[alias]}"
            seen[alias] = element.code


@pytest.mark.parametrize("indicator", ALL.indicators, ids=lambda indicator: indicator.id)
def test_every_indicator_is_explained(indicator):
    assert indicator.label.zh and indicator.label.en and indicator.formula and indicator.numerator_words.zh
    assert bool(indicator.denominator_words) == indicator.is_ratio
    assert indicator.pages


@pytest.mark.parametrize(
    ("unit", "period", "due"),
    [
        ("140121100", Period(2022, 10), 8),  # a town with villages and communities
        ("140121100", Period(2022, 9), 10),
        ("140121202", Period(2022, 10), 7),  # no community
        ("140106001", Period(2022, 10), 5),  # a street without villages
        ("140121-DHJD", Period(2022, 10), 4),  # a street without either yet
        ("140121-KFQ", Period(2022, 10), 0),  # the zone reports enterprise_party only
        ("140121-KFQ", Period(2022, 9), 2),
    ],
)
def test_what_a_unit_owes(unit, period, due):
    assert len(ALL.due(unit, period)) == due


def test_expected_units_and_targets():
    assert len(ALL.expected_units("140121", Period(2022, 10))) == 10
    assert len(ALL.expected_units("140121", Period(2022, 9))) == 11
    assert len(ALL.expected_units("140106", Period(2022, 10))) == 7
    assert ALL.target("CE01", "140121100", 2022).basic == 60, "a ratio's target holds for every unit"
    assert ALL.target("LE02", "140121100", 2022) is None, "a number of units does not"
    assert ALL.target("CE01", "140121", 2023) is None, "no goal was set for 2023"


def test_expressions_keep_missing_missing():
    expression = parse_expression("a + 2 * b - c", "abc", "here")
    assert expression.of({"a": 1, "b": 2, "c": 3}) == 2
    assert expression.of({"a": 1, "b": None, "c": 3}) is None
    assert expression.of({"a": 1, "c": 3}) is None
    assert isinstance(expression, Expression)


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(FOLDER, tmp_path / "catalogue")


BROKEN = {
    "a misspelt key": ("data_sets/burden.toml", 'accumulation = "baseline"', 'acumulation = "baseline"', "acumulation.*did you mean accumulation"),
    "an unknown unit": ("data_sets/burden.toml", 'unit = "块"', 'unit = "面"', "signs_baseline: unknown unit '面'"),
    "an unknown type": ("data_sets/cover.toml", 'type = "text"', 'type = "txt"', "unknown type 'txt'; did you mean text"),
    "a misspelt element": ("data_sets/burden.toml", 'left = "violations_corrected"', 'left = "violation_corrected"',
                           r"\[\[constraint\]\] 1: unknown element 'violation_corrected'; did you mean violations_corrected"),
    "an expression that is none": ("data_sets/burden.toml", 'left = "violations_corrected"', 'left = "violations_corrected *"', "cannot read"),
    "an unknown finding": ("data_sets/burden.toml", 'finding = "part-exceeds-whole"', 'finding = "part-exceeds"', "unknown finding"),
    "one language only": ("data_sets/cover.toml", 'label = { zh = "电话", en = "Phone" }', "", None),
    "not TOML": ("data_sets/cover.toml", "[[element]]", "[[element", "cover.toml: .*line"),
    "an unknown indicator kind": ("indicators/burden.toml", 'kind = "ratio"', 'kind = "rate"', "BR01: unknown kind 'rate'; did you mean"),
    "an unknown source": ("indicators/burden.toml", 'source = "burden"', 'source = "burdens"', "unknown source 'burdens'; did you mean burden"),
    "a target of nothing": ("targets.csv", "CE01,140121,2022,60,80,2022-12-31", "CE99,140121,2022,60,80,2022-12-31", "targets.csv line 2: unknown indicator"),
    "a target that is no number": ("targets.csv", "CE01,140121,2022,60,80,2022-12-31", "CE01,140121,2022,sixty,80,2022-12-31", "targets.csv line 2"),
    "a place without a parent": ("org_units.csv", "140106001,140106,township", "140106001,140107,township", "the parent '140107'"),
    "an unknown county": ("settings.toml", 'county = "140121"', 'county = "140122"', "unknown county '140122'"),
}  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "message"), BROKEN.values(), ids=BROKEN)
def test_a_wrong_definition_stops_the_start(folder, file, old, new, message):
    path = folder / file
    written = path.read_text(encoding="utf-8")
    if message is None:  # an English label is taken away
        old, new, message = 'en = "Phone"', 'en = ""', "phone: label needs both languages"
    assert old in written
    path.write_text(written.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError, match=message):
        load(folder)


def test_county_and_basis_are_settings(monkeypatch):
    monkeypatch.setenv("TOWNBOARD_COUNTY", "140106")
    monkeypatch.setenv("TOWNBOARD_GOAL_INCOME_BASIS", "operating")
    settings = load().settings
    assert (settings.county, settings.goal_income_basis) == ("140106", "operating")
