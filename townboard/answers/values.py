"""A value given as an answer: in its element's own type, and back in a clerk's writing."""

from __future__ import annotations

from datetime import date
from typing import Any

from townboard.answers import AnswerError
from townboard.catalogue import Element
from townboard.submission import Stored
from townboard.text import Text

_TRUTH = {"是": True, "true": True, "否": False, "false": False}


def typed(element: Element, given: Any) -> Stored:
    """A value given as an answer, in the element's own type; raises AnswerError when it does not fit."""
    if given is None or given == "":
        return None
    try:
        if element.type == "integer" and not isinstance(given, bool) and float(given) % 1 == 0:
            return int(float(given))
        if element.type == "decimal" and not isinstance(given, bool):
            return round(float(given), 4)
        if element.type == "date":
            return given if isinstance(given, date) else date.fromisoformat(str(given))
        if element.type == "boolean" and (isinstance(given, bool) or given in _TRUTH):
            return given if isinstance(given, bool) else _TRUTH[given]
        if element.type in ("text", "code", "month"):
            return str(given)
        if element.type == "enum" and any(choice.zh == given for choice in element.values):
            return str(given)
    except ValueError as error:
        raise AnswerError(Text(f"“{given}”不能作为{element.label.zh}", f"{given!r} does not fit {element.label.en}")) from error
    raise AnswerError(Text(f"“{given}”不能作为{element.label.zh}", f"{given!r} does not fit {element.label.en}"))


def as_typed(value: Stored) -> str:
    """A value as a clerk would have typed it: a question about a corrected value quotes this."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:.10g}"
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)
