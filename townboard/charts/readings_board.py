"""Boards of indicator readings: units by the four tasks, and one place's figures of a theme. Pure functions to a `Board`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from townboard import comparing
from townboard.catalogue import Catalogue, Indicator
from townboard.charts import board, kit
from townboard.charts.board import ABSENT, FIGURE, SMALL, STEP, Board, Cell, Part, cell, small
from townboard.comparing import Peers
from townboard.periods import Period
from townboard.text import NOTHING, Language, Text, number_of

if TYPE_CHECKING:
    from townboard.indicators import Reading


_QUARTER = Text("季报,{month}末", "quarterly, end of {month}")
CARRIED = Text("沿用以前月份", "carried from earlier months")
_OF_MONTH = Text("本月数", "this month")


def quarter(reading: Reading, catalogue: Catalogue) -> Text | None:
    """`季报,2022年9月末`: the month whose figures stand, where an indicator rests on a quarterly form."""
    form = catalogue.data_set.get(catalogue.indicator[reading.id].source)
    if form is None or form.cycle != "quarterly":
        return None
    return _QUARTER.fill(month=Period.parse(reading.data_period).label)


def remark(reading: Reading, catalogue: Catalogue) -> Text | None:
    """That a figure is not of this month's report: a quarterly one, or one that stands without any report (a village once closed stays so)."""
    said = quarter(reading, catalogue)
    if said is not None or kit.missing(reading.value) or catalogue.indicator[reading.id].source not in catalogue.data_set:
        return said
    return None if reading.reported_units else CARRIED


def themed(theme: Text, readings: Sequence[Reading], catalogue: Catalogue) -> Text:
    """`非公党建(季报,2022年9月末)`: a theme's name over its figures."""
    said = next((words for one in readings if (words := quarter(one, catalogue)) is not None), None)
    return theme if said is None else Text(f"{theme.zh}({said.zh})", f"{theme.en} ({said.en})")


def remarks(readings: Sequence[Reading], catalogue: Catalogue) -> dict[str, Text]:
    """Indicator id → what its row says under a theme's heading (see `themed`): that it is carried, or not of the quarter."""
    others = [one for one in readings if quarter(one, catalogue) is None]
    of_month = _OF_MONTH if len(others) < len(readings) else NOTHING
    found = {one.id: remark(one, catalogue) or of_month for one in others}
    return {id: said for id, said in found.items() if said != NOTHING}


def scorecard(
    units: Sequence[tuple[str, Text]], themes: Sequence[tuple[Text, Sequence[Indicator]]], readings: Mapping[tuple[str, str], Reading],
    absent: Sequence[str], language: Language, steps: Mapping[tuple[str, str], float] | None = None, held_back: Mapping[str, Text] = kit.NONE_HELD,
    leads: Mapping[str, str] | None = None, quarters: Mapping[str, Text] | None = None,
) -> Board:  # fmt: skip
    """Units (rows, official order) × the four tasks: value, n/N and status of each task's leading indicators.

    `readings`: (unit code, indicator id) → reading; `steps`: the same → change since last month, in points. A unit in `absent` owes a report and has none that counts: its cells are
    hatched, and say why theirs counts not if it is `held_back`. `leads`: unit code → the address of its page.
    `quarters`: indicator id → what its head says where it is a quarterly one (see `quarter`).
    """
    shown = [indicator for _, indicators in themes for indicator in indicators]
    corner = cell(Text("单位", "Unit").say(language))
    ends = {id: words.say(language) for id, words in (quarters or {}).items()}
    heads = (corner, *(cell(small(one.label.say(language)), small(ends.get(one.id, _basic(one, language)))) for one in shown))
    rows = []
    for code, name in units:
        without = kit.absence(code, absent, held_back)
        cells = [_cell(readings.get((code, one.id)), one, without, language, (steps or {}).get((code, one.id))) for one in shown]
        rows.append((cell(Part(name.say(language), "", (leads or {}).get(code, ""))), *cells))
    groups = tuple((words.say(language), len(indicators)) for words, indicators in themes)
    return Board(heads, tuple(rows), groups, is_grid=True)


def _cell(reading: Reading | None, indicator: Indicator, absent: Text, language: Language, step: float | None) -> Cell:
    if reading is None or reading.status == "not_applicable":
        return cell(f"– {kit.status_words('not_applicable').say(language)}", look=SMALL)
    if kit.missing(reading.value) and kit.standing(reading) != "none":
        return cell(absent.say(language), look=ABSENT)
    value = Part(board.figure_words(reading, indicator).say(language), FIGURE)
    moved = Part("" if step is None else board.step_words(step), STEP)
    return cell((value, small(board.sides(reading)), moved), board.mark(kit.standing(reading), language))


def _basic(indicator: Indicator, language: Language) -> str:
    """What the basic goal is measured on, where that is not the share itself."""
    return indicator.caveat.say(language) if indicator.basic_numerator and indicator.caveat is not None else ""


def listing(
    readings: Sequence[Reading], catalogue: Catalogue, language: Language, others: Mapping[str, Peers | None] | None = None
) -> Board:
    """One theme's readings of one place: indicator, value, both sides, goals, where the other units stand, status.

    `others`: indicator id → the county's other units (`comparing.peers`).
    """
    titles = (Text("指标和目标", "Indicator and goals"), Text("数值", "Value"), Text("状态", "Status"))
    rows, noted = [], remarks(readings, catalogue)
    for reading in readings:
        indicator = catalogue.indicator[reading.id]
        rows.append((
            cell(indicator.label.say(language), small(noted.get(reading.id, NOTHING).say(language)), small(goals(reading, indicator).say(language)), small(_basic(indicator, language)),
                 small(_peers(reading, indicator, (others or {}).get(reading.id), language))),
            cell(Part(board.figure_words(reading, indicator).say(language), FIGURE), small(board.sides(reading) if indicator.kind != "mean" else "")),
            cell(board.mark(kit.standing(reading), language)),
        ))  # fmt: skip
    return Board(board.heads(titles, language), tuple(rows))


def peers_words(reading: Reading, indicator: Indicator, others: Peers) -> Text:
    """`其他8个单位中位45.5%(四分位45.0–58.3),居中`: the unit's own value is not among them."""
    unit = "%" if indicator.unit == "%" else ""
    low, median, high = (kit.number(value, indicator.decimals) for value in (others.low, others.median, others.high))
    said = Text(
        f"其他{others.count}个单位中位{median}{unit}(四分位{low}–{high})",
        f"{number_of(others.count, 'other')}: median {median}{unit} ({low}–{high})",
    )
    stands = comparing.against(reading.value, others, indicator.direction)
    return said if stands is None else Text(f"{said.zh},{stands.zh}", f"{said.en}, {stands.en}")


def _peers(reading: Reading, indicator: Indicator, others: Peers | None, language: Language) -> str:
    if others is None or kit.missing(reading.value):
        return ""
    return peers_words(reading, indicator, others).say(language)


def goals(reading: Reading, indicator: Indicator) -> Text:
    """`基本 60% · 最高 80%`; nothing where no goal is set."""
    unit = "%" if indicator.unit == "%" else ""
    parts = []
    for value, words in ((reading.basic, Text("基本", "basic")), (reading.highest, Text("最高", "highest"))):
        if not kit.missing(value):
            plain = kit.number(value, 0 if float(value or 0).is_integer() else 1)
            parts.append(Text(f"{words.zh} {plain}{unit}", f"{words.en} {plain}{unit}"))
    return Text(" · ".join(part.zh for part in parts), " · ".join(part.en for part in parts))
