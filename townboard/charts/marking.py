"""What is laid over a finished figure: the row that was picked, the rows that are preliminary, and which rows can be clicked.

A chart whose rows (or columns) are places or bands keeps all of them when one is picked: a frame around it and a bold name with ▶ say
which. A row with figures that nobody has approved yet is paler and says so under its name. Colour is never the only sign.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from townboard.charts import kit
from townboard.charts.kit import Figure
from townboard.text import Language, Text

NOT_APPROVED = Text("未审核", "not approved")
PALE = 0.5
"""How much of its colour a preliminary bar keeps."""
FRAME = {"type": "rect", "layer": "above", "line": {"color": kit.AMBER, "width": 2}, "fillcolor": "rgba(217,142,4,0.10)"}
_TAG = re.compile(r"<[^>]*>")


def head(label: Any) -> str:
    """The name in a row's label: what stands before `<br>`, without markup; a long one has breaks of its own (`bars.row_name`)."""
    if not isinstance(label, str):
        return ""
    return _TAG.sub("", label.partition("<br>")[0].replace("<br />", " ")).strip()


def labels_of(figure: Mapping[str, Any], axis: str) -> list[str]:
    """The categories along the first axis of that letter, in the order they stand in; none where it carries numbers."""
    ordered = figure.get("layout", {}).get(f"{axis}axis", {}).get("categoryarray") or ()
    found = dict.fromkeys(ordered)
    for trace in figure.get("data", ()):
        if trace.get(f"{axis}axis", axis) == axis:
            found |= dict.fromkeys(value for value in trace.get(axis) or () if isinstance(value, str))
    return list(found)


def names_in(figure: Mapping[str, Any]) -> set[str]:
    """Every name that a click may mean: rows, columns, and what points carry beside them."""
    found = {head(label) for axis in ("x", "y") for label in labels_of(figure, axis)}
    for trace in figure.get("data", ()):
        for carried in trace.get("customdata") or ():
            found |= {head(one) for one in (carried if isinstance(carried, list | tuple) else (carried,))}
    return found - {""}


def marked(figure: Mapping[str, Any], *, picked: Collection[str], preliminary: Collection[str], language: Language) -> Figure:
    """The figure with these names marked in it; the same object where none of them stands in it. Nothing is changed in place."""
    made: Figure = dict(figure)
    for axis in ("y", "x"):
        labels = labels_of(figure, axis)
        if not any(head(label) in picked or head(label) in preliminary for label in labels):
            continue
        layout = dict(made["layout"])
        layout[f"{axis}axis"] = {
            **layout.get(f"{axis}axis", {}), "tickmode": "array", "tickvals": labels,
            "ticktext": [_label(label, head(label) in picked, head(label) in preliminary, language) for label in labels],
        }  # fmt: skip
        framed = [_frame(axis, place) for place, label in enumerate(labels) if head(label) in picked]
        if framed:
            layout["shapes"] = [*layout.get("shapes", ()), *framed]
        made["layout"] = layout
        if preliminary:
            made["data"] = [_paler(trace, axis, preliminary) for trace in made["data"]]
    return made


def _label(label: str, is_picked: bool, is_preliminary: bool, language: Language) -> str:
    first, line, rest = label.partition("<br>")
    said = f"<b>▶ {first}</b>" if is_picked else first
    if is_preliminary:
        said = f"{said} {kit.small(f'({NOT_APPROVED.say(language)})')}"
    return f"{said}{line}{rest}"


def _frame(axis: str, place: int) -> Figure:
    across = "x" if axis == "y" else "y"
    return {**FRAME, f"{axis}ref": axis, f"{axis}0": place - 0.46, f"{axis}1": place + 0.46,
            f"{across}ref": "paper", f"{across}0": 0, f"{across}1": 1}  # fmt: skip


def _paler(trace: Mapping[str, Any], axis: str, names: Iterable[str]) -> Figure:
    """A bar trace with the preliminary bars paler, each by its own opacity."""
    labels = trace.get(axis) or ()
    if trace.get("type") != "bar" or not any(head(label) in names for label in labels):
        return dict(trace)
    marker = dict(trace.get("marker") or {})
    whole = float(marker.get("opacity", 1.0))
    marker["opacity"] = [whole * PALE if head(label) in names else whole for label in labels]
    return {**trace, "marker": marker}
