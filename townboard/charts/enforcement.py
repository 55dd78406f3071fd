"""The staff behind the law-enforcement reform. Its milestones are `milestones`, the matters assigned `matters`.

Cases are shown by the page as plain context numbers; there is no figure that ranks them (rule §0.6: never scored).
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from townboard.charts import bars, kit
from townboard.text import Language, Text


def staff(frame: pd.DataFrame, language: Language) -> dict[str, Any]:
    """Quota → on post → certified, bar inside bar, for each unit."""
    layers = [
        (words.say(language), [None if pd.isna(value) else float(value) for value in frame[code]])
        for words, code in (
            (Text("核定编制", "Quota"), "staff_quota"),
            (Text("在岗", "On post"), "staff_on_post"),
            (Text("持证", "Certified"), "staff_certified"),
        )
    ]
    reported = [bool(value) for value in frame["reported"]]
    return bars.nested(list(frame["name"]), layers, language, unit=Text("人", "people").say(language), reported=reported,
                       states=kit.states(frame))  # fmt: skip
