"""Units of measure, as the county writes them and in English."""

from __future__ import annotations

from townboard.text import NOTHING, Text

UNITS: dict[str, Text] = {
    "": NOTHING, "%": Text("%", "%"), "万元": Text("万元", "10k yuan"), "亩": Text("亩", "mu"), "村": Text("村", "villages"),
    "人": Text("人", "people"), "人次": Text("人次", "attendances"), "次": Text("次", "times"), "格": Text("格", "cells"),
    "份": Text("份", ""), "个": Text("个", ""), "件": Text("件", ""), "宗": Text("宗", ""), "项": Text("项", ""), "户": Text("户", ""),
    "块": Text("块", ""), "种": Text("种", ""), "条": Text("条", ""), "month": Text("月份", "month"), "date": Text("日期", "date"),
}  # fmt: skip
"""Every unit a value may have, as the county writes it and in English: measure words fall away there, for the label says what is
counted. 亩 is a fifteenth of a hectare."""


def unit_words(unit: str) -> Text:
    """A unit in both languages; words that are no unit of the catalogue stay as they are."""
    return UNITS.get(unit, Text(unit, unit))
