"""What every number means, in words: indicators, forms, elements and findings as people read and search them. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import pandas as pd

from townboard.catalogue import Catalogue, DataSet, Element, Indicator, unit_words
from townboard.charts.bars import amount
from townboard.findings import KINDS, SEVERITIES, Kind
from townboard.formulas import behind
from townboard.formulas.words import in_words
from townboard.text import NOTHING, Language, Text, listed

_INITIALS = re.compile(r"[a-z]{2,}")
DIRECTIONS = {
    "higher": Text("越高越好", "more is better"),
    "lower": Text("越低越好", "less is better"),
    "context": Text("仅供了解,不评价", "context only, never scored"),
}
FILLS = {
    "typed": Text("每月填", "typed every month"),
    "carried": Text("沿用上期,有变化才改", "carried over, changed if needed"),
    "prefilled": Text("专办预填", "filled in by the office"),
    "derived": Text("自动计算", "computed"),
    "optional": Text("选填", "optional"),
}
ACCUMULATIONS = {
    "register": Text("名录", "register"),
    "baseline": Text("冻结的基数", "frozen baseline"),
    "stock": Text("月末数", "at the end of the month"),
    "year_to_date": Text("本年累计", "year to date"),
    "since_start": Text("专项行动以来累计", "since the action began"),
    "none": NOTHING,
}
TYPES = {
    "decimal": Text("数字", "number"), "integer": Text("整数", "whole number"), "boolean": Text("是/否", "yes or no"),
    "enum": Text("选项", "choice"), "date": Text("日期", "date"), "text": Text("文字", "text"), "code": Text("代码", "code"),
    "month": Text("月份", "month"),
}  # fmt: skip
CYCLES = {
    "monthly": Text("月报", "monthly"),
    "quarterly": Text("季报(3、6、9、12月)", "quarterly (March, June, September, December)"),
}
ROWS = {
    "unit": Text("每单位一份", "one for each unit"), "village": Text("每村一行", "one row a village"),
    "community": Text("每社区一行", "one row a community"), "task": Text("每项任务一行", "one row a task"),
    "free": Text("有则填报", "as many rows as there are"),
}  # fmt: skip


def matches(query: str, *words: object) -> bool:
    """Whether every word of a query stands somewhere in the words (Texts in both languages), whatever the case; two letters or more
    may also be pinyin initials (`cjt` for 村集体)."""
    said = " ".join(part for word in words for part in ((word.zh, word.en) if isinstance(word, Text) else (str(word),))).lower()

    def spelt(part: str) -> bool:
        return bool(_INITIALS.fullmatch(part)) and any(part in initials(word.zh) for word in words if isinstance(word, Text))

    return all(part in said or spelt(part) for part in query.lower().split())


def indicators(catalogue: Catalogue, query: str) -> list[Indicator]:
    """The indicators that match, in the catalogue's order."""
    return [
        indicator for indicator in catalogue.indicators
        if matches(query, indicator.id, indicator.code, indicator.label, in_words(catalogue, indicator), indicator.numerator_words,
                   indicator.denominator_words or NOTHING, indicator.caveat or NOTHING, catalogue.themes[indicator.theme])
    ]  # fmt: skip


def goals(indicator: Indicator, basic: float | None, highest: float | None) -> Text:
    """`基本目标 60%、最高目标 80%`, with its sign where less is better; empty where none is set."""
    sign, measure = "≤ " if indicator.direction == "lower" else "", unit_words(indicator.unit)
    space = "" if indicator.unit == "%" else " "
    return listed(
        Text(f"{words.zh} {sign}{amount(goal)}{space}{measure.zh}".strip(), f"{words.en} {sign}{amount(goal)}{space}{measure.en}".strip())
        for goal, words in ((basic, Text("基本目标", "basic goal")), (highest, Text("最高目标", "highest goal")))
        if goal is not None
    )  # fmt: skip


KINDS_OF_FORMULA = {
    "share": Text("符合分子条件的个数 ÷ 符合分母条件的个数", "how many fit the numerator ÷ how many fit the denominator"),
    "ratio": Text(
        "分子合计 ÷ 分母合计(先相加,后相除)", "sum of the numerator ÷ sum of the denominator (added first, divided once)"
    ),
    "count": Text("符合条件的个数", "how many fit the condition"),
    "sum": Text("合计", "sum"),
    "mean": Text("合计 ÷ 个数", "sum ÷ how many"),
    "median": Text("中位数", "median"),
    "bands": Text("各档的个数", "how many in each band"),
    "gap": Text("到基本目标还差的个数", "how many are still needed for the basic goal"),
}


def lines(catalogue: Catalogue, indicator: Indicator, goal: Text = NOTHING) -> list[tuple[Text, Text]]:
    """What is said of an indicator, line by line: (what, words). `goal`: what is said of its goals."""
    source = catalogue.data_set.get(indicator.source)
    form = (
        Text(f"《{source.sheet}》({source.form})", f"{source.label.en} ({source.form})")
        if source
        else Text("报送记录和任务台账", "reports and ledgers")
    )
    entries = [
        (Text("算法", "Formula"), KINDS_OF_FORMULA[indicator.kind]),
        (Text("公式", "Written"), in_words(catalogue, indicator)),
        (Text("分子", "Numerator"), indicator.numerator_words),
        (Text("分母", "Denominator"), indicator.denominator_words or NOTHING),
        (Text("方向", "Direction"), DIRECTIONS[indicator.direction]),
        (Text("目标", "Goals"), goal),
        (Text("来源", "Source"), form),
        (Text("填法", "Cells"), filled(catalogue, indicator)),
        (Text("注意", "Please note"), indicator.caveat or NOTHING),
    ]
    return [(what, words) for what, words in entries if words != NOTHING]


def filled(catalogue: Catalogue, indicator: Indicator) -> Text:
    """`每月填:持证人数、在岗人数`: the cells behind an indicator, by how they are filled; empty where it has none."""
    form = catalogue.data_set.get(behind.counted(catalogue, indicator).source)
    if form is None:
        return NOTHING
    codes = dict.fromkeys(code for part in ("numerator", "denominator") for code, _ in behind.used(catalogue, indicator, part))
    kinds: dict[str, list[Text]] = {}
    for code in codes:
        kinds.setdefault(form.by_code[code].fill, []).append(form.by_code[code].label)
    return Text(
        ";".join(f"{FILLS[kind].zh}:{'、'.join(label.zh for label in labels)}" for kind, labels in kinds.items()),
        "; ".join(f"{FILLS[kind].en}: {', '.join(label.en for label in labels)}" for kind, labels in kinds.items()),
    )


@lru_cache(maxsize=4096)
def initials(words: str) -> str:
    """The pinyin initials of Chinese words, as people type them: 村集体经济 → `cjtjj`; Latin letters and digits stay."""
    from pypinyin import Style, lazy_pinyin  # its dictionaries take a moment, and only a search needs them

    return "".join(lazy_pinyin(words, style=Style.FIRST_LETTER, errors=lambda left: re.sub(r"[^a-z0-9]", "", left.lower())))


def elements(data_set: DataSet, query: str, language: Language) -> pd.DataFrame:
    """The elements of a form that match (all of them when the form itself matches): name, unit, type, how it counts, how it is filled."""
    whole = matches(query, data_set.form, data_set.code, data_set.label, data_set.sheet)
    found: Iterable[Element] = (
        element for element in data_set.elements if whole or matches(query, element.code, element.label, *element.aliases)
    )
    rows = [
        (element.label.say(language), unit_words(element.unit).say(language) if element.is_number else "", TYPES[element.type].say(language),
         ACCUMULATIONS[element.accumulation].say(language), FILLS[element.fill].say(language),
         Text("必填", "required").say(language) if element.required else "", "、".join(value.say(language) for value in element.values), element.code)
        for element in found
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["label", "unit", "type", "counts", "fill", "required", "values", "code"])


def kinds(query: str) -> list[Kind]:
    """The kinds of findings that match: errors first, then questions, then notes."""
    order = list(SEVERITIES)
    found = [
        kind for kind in KINDS.values() if matches(query, kind.id, kind.title, kind.why, kind.remedy, SEVERITIES[kind.severity])
    ]
    return sorted(found, key=lambda kind: order.index(kind.severity))
