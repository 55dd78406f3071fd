"""Boards: small HTML tables of readings with status words and icons, for what a chart would only blur.

Every word that comes from data is escaped here; colours are mixed from the page's own text colour and the status colours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from townboard import comparing
from townboard.catalogue import Catalogue, Indicator
from townboard.charts import kit
from townboard.comparing import Peers
from townboard.text import Language, Text

if TYPE_CHECKING:
    from townboard.indicators import Reading


def figure_words(reading: Reading, indicator: Indicator) -> Text:
    """`45.3%`, `1,062.00 万元`, `19 村`; a dash where a side is missing."""
    if kit.missing(reading.value):
        return Text("—", "—")
    if indicator.unit == "%":
        words = kit.number(reading.value, indicator.decimals) + "%"
        return Text(words, words)
    if indicator.unit == "万元":
        return kit.money(reading.value)
    plain = kit.number(reading.value, indicator.decimals)
    return Text(f"{plain} {indicator.unit}", plain)


def sides(reading: Reading) -> str:
    """`58/128`, or nothing where there is no denominator."""
    if kit.missing(reading.denominator) or kit.missing(reading.numerator):
        return ""
    whole = float(reading.numerator or 0).is_integer() and float(reading.denominator or 0).is_integer()
    places = 0 if whole else 2
    return f"{kit.number(reading.numerator, places, False)}/{kit.number(reading.denominator, places, False)}"


def mark(status: str, language: Language) -> str:
    """A status as word and sign on a tint of its colour."""
    words, sign, _, colour = kit.STATUS[status]
    tint = f"background: color-mix(in srgb, {colour} 22%, transparent)"
    return f'<span class="mark" style="{tint}">{sign} {escape(words.say(language))}</span>'


def scorecard(
    units: Sequence[tuple[str, Text]], themes: Sequence[tuple[Text, Sequence[Indicator]]], readings: Mapping[tuple[str, str], Reading],
    absent: Sequence[str], language: Language, steps: Mapping[tuple[str, str], float] | None = None, returned: Sequence[str] = (),
) -> str:  # fmt: skip
    """Units (rows, official order) × the four tasks: value, n/N and status of each task's leading indicators.

    `readings`: (unit code, indicator id) → reading; `steps`: the same → change since last month, in points. A unit in `absent` owes a report and has none that counts: its cells are
    hatched, and say of the `returned` that theirs was sent back.
    """
    head = "".join(
        f'<th scope="colgroup" colspan="{len(indicators)}">{escape(words.say(language))}</th>' for words, indicators in themes
    )
    second = "".join(
        f'<th scope="col" class="small">{escape(one.label.say(language))}{_basic(one, language)}</th>'
        for _, indicators in themes
        for one in indicators
    )
    corner = escape(Text("单位", "Unit").say(language))
    rows = []
    for code, name in units:
        cells = []
        absent_words = kit.absence(code, absent, returned)
        for _, indicators in themes:
            for indicator in indicators:
                step = (steps or {}).get((code, indicator.id))
                cells.append(_cell(readings.get((code, indicator.id)), indicator, absent_words, language, step))
        rows.append(f'<tr><th scope="row" class="place">{escape(name.say(language))}</th>{"".join(cells)}</tr>')
    return (
        f'<div class="townboard-scroll"><table class="townboard"><thead><tr><th scope="col" rowspan="2">{corner}</th>{head}</tr>'
        f"<tr>{second}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _cell(reading: Reading | None, indicator: Indicator, absent: Text, language: Language, step: float | None) -> str:
    if reading is None or reading.status == "not_applicable":
        return f'<td class="small">– {escape(kit.status_words("not_applicable").say(language))}</td>'
    if kit.missing(reading.value):
        return f'<td class="absent small">{escape(absent.say(language))}</td>'
    value = escape(figure_words(reading, indicator).say(language))
    parts = escape(sides(reading))
    moved = "" if step is None else f' <span class="small step">{escape(step_words(step))}</span>'
    return f'<td><span class="figure">{value}</span> <span class="small">{parts}</span>{moved}<br>{mark(reading.status, language)}</td>'


def step_words(step: float) -> str:
    """`▲ +8.3`, `▼ −2.0`, `＝`: a change with its direction as a sign."""
    if abs(step) < 0.05:
        return "＝"
    return f"{'▲' if step > 0 else '▼'} {kit.signed(step)}"


def _basic(indicator: Indicator, language: Language) -> str:
    """What the basic goal is measured on, where that is not the share itself."""
    if not indicator.basic_numerator or indicator.caveat is None:
        return ""
    return f'<br><span class="small">{escape(indicator.caveat.say(language))}</span>'


def listing(
    readings: Sequence[Reading], catalogue: Catalogue, language: Language, others: Mapping[str, Peers | None] | None = None
) -> str:
    """One theme's readings of one place: indicator, value, both sides, goals, where the other units stand, status.

    `others`: indicator id → the county's other units (`comparing.peers`).
    """
    titles = (Text("指标和目标", "Indicator and goals"), Text("数值", "Value"), Text("状态", "Status"))
    head = "".join(f'<th scope="col">{escape(title.say(language))}</th>' for title in titles)
    rows = []
    for reading in readings:
        indicator = catalogue.indicator[reading.id]
        rows.append(
            f'<tr><th scope="row" class="wraps">{escape(indicator.label.say(language))}'
            f'<br><span class="small">{escape(goals(reading, indicator).say(language))}</span>{_basic(indicator, language)}'
            f"{_peers(reading, indicator, (others or {}).get(reading.id), language)}</th>"
            f'<td><span class="figure">{escape(figure_words(reading, indicator).say(language))}</span>'
            f'<br><span class="small">{escape(sides(reading) if indicator.kind != "mean" else "")}</span></td>'
            f"<td>{mark(reading.status, language)}</td></tr>"
        )
    return (
        f'<div class="townboard-scroll"><table class="townboard"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def peers_words(reading: Reading, indicator: Indicator, others: Peers) -> Text:
    """`其他8个单位中位45.5%(四分位45.0–58.3),居中`: the unit's own value is not among them."""
    unit = "%" if indicator.unit == "%" else ""
    low, median, high = (kit.number(value, indicator.decimals) for value in (others.low, others.median, others.high))
    said = Text(
        f"其他{others.count}个单位中位{median}{unit}(四分位{low}–{high})",
        f"{others.count} others: median {median}{unit} ({low}–{high})",
    )
    stands = comparing.against(reading.value, others, indicator.direction)
    return said if stands is None else Text(f"{said.zh},{stands.zh}", f"{said.en}, {stands.en}")


def _peers(reading: Reading, indicator: Indicator, others: Peers | None, language: Language) -> str:
    if others is None or kit.missing(reading.value):
        return ""
    return f'<br><span class="small peers">{escape(peers_words(reading, indicator, others).say(language))}</span>'


def goals(reading: Reading, indicator: Indicator) -> Text:
    """`基本 60% · 最高 80%`; nothing where no goal is set."""
    unit = "%" if indicator.unit == "%" else ""
    parts = []
    for value, words in ((reading.basic, Text("基本", "basic")), (reading.highest, Text("最高", "highest"))):
        if not kit.missing(value):
            plain = kit.number(value, 0 if float(value or 0).is_integer() else 1)
            parts.append(Text(f"{words.zh} {plain}{unit}", f"{words.en} {plain}{unit}"))
    return Text(" · ".join(part.zh for part in parts), " · ".join(part.en for part in parts))
