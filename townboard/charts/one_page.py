"""One unit on one sheet of A4: every theme's figures with goal and status in words, its milestones in a sentence, its villages.

HTML for paper only; every word that comes from data is escaped. What is not there is said, never left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from townboard.charts import kit
from townboard.charts.board import figure_words, sides
from townboard.charts.readings_board import goals
from townboard.text import NOTHING, Language, Text

if TYPE_CHECKING:
    from townboard.catalogue import Indicator
    from townboard.indicators import Reading

HEADS = (Text("指标", "Indicator"), Text("数值", "Value"), Text("目标", "Goals"), Text("状态", "Status"))


@dataclass(frozen=True, slots=True)
class Village:
    """One village: its income as words, and the sign of how it stands."""

    name: str
    income: str
    sign: str


def sheet(
    title: str, under: Sequence[str], themes: Sequence[tuple[Text, Sequence[Reading]]], indicators: Mapping[str, Indicator],
    sentence: str, villages: Sequence[Village], language: Language, *, villages_title: str = "", remarks: Mapping[str, Text] | None = None,
) -> str:  # fmt: skip
    """The whole sheet. `under`: as-of, source and who is in the figures; `sentence`: the milestones; `remarks`: indicator id → what
    its row says beside its name."""
    head = "".join(f"<p>{escape(line)}</p>" for line in under if line)
    parts = "".join(_theme(words, found, indicators, remarks or {}, language) for words, found in themes)
    said = f'<p class="said">{escape(sentence)}</p>' if sentence else ""
    listed = "".join(
        f"<span><b>{escape(one.name)}</b> {escape(one.income)} {escape(one.sign)}</span>" for one in villages
    )  # fmt: skip
    block = f'<h2>{escape(villages_title)}</h2><div class="villages">{listed}</div>' if villages else ""
    return f'<div class="townboard-a4"><h1>{escape(title)}</h1>{head}<div class="themes">{parts}</div>{said}{block}</div>'


def _theme(
    words: Text, found: Sequence[Reading], indicators: Mapping[str, Indicator], remarks: Mapping[str, Text], language: Language
) -> str:
    heads = "".join(f"<th>{escape(head.say(language))}</th>" for head in HEADS)
    rows = "".join(_row(reading, indicators[reading.id], remarks.get(reading.id, NOTHING), language) for reading in found)
    return f"<table><caption>{escape(words.say(language))}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _row(reading: Reading, indicator: Indicator, remark: Text, language: Language) -> str:
    both = sides(reading) if indicator.kind != "mean" else ""
    value = figure_words(reading, indicator).say(language)
    status, sign, *_ = kit.STATUS[kit.standing(reading)]
    return (
        f"<tr><td>{escape(indicator.label.say(language))} <small>{escape(remark.say(language))}</small></td><td>{escape(value)} <small>{escape(both)}</small></td>"
        f"<td>{escape(goals(reading, indicator).say(language))}</td><td>{sign} {escape(status.say(language))}</td></tr>"
    )
