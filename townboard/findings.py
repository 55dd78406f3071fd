"""Findings: what can be wrong with a value, said so that a clerk can put it right. And refusals: why a file cannot be taken.

A finding's kind (id, severity, words) stands in `data/catalogue/findings.toml`; a `Place` knows where it happened, so that
checks never count columns. Ids and severities are a contract with other programs; sentences may change.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from townboard.text import NOTHING, Text

BLOCKS, ASKS, NOTES = "blocks", "asks", "notes"
SEVERITIES = {BLOCKS: Text("错误", "Error"), ASKS: Text("疑问", "Question"), NOTES: Text("提示", "Note")}
Subject = tuple[str, str, str, str, str]
"""What a question is about, wherever it stands: (finding, data set, org unit, element, the text that was read)."""
_WORDS = Path(__file__).resolve().parent.parent / "data" / "catalogue" / "findings.toml"


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of finding. `sentence` and `remedy` have `{named}` places filled where it happens."""

    id: str
    severity: str
    title: Text
    why: Text
    sentence: Text
    remedy: Text


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(_WORDS.read_text(encoding="utf-8"))


def _words(table: dict[str, Any], key: str) -> Text:
    return Text(table[key]["zh"], table[key]["en"])


KINDS: dict[str, Kind] = {
    id: Kind(id, table["severity"], *(_words(table, key) for key in ("title", "why", "sentence", "remedy")))
    for id, table in _tables()["finding"].items()
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the clerk's workbook: sheet and cell, and in words the row and the column."""

    sheet: str
    cell: str = ""
    row: int | None = None
    row_name: str = ""
    data_set: str = ""
    org_unit: str = ""
    element: str = ""
    label: Text = NOTHING

    @property
    def words(self) -> Text:
        """《村集体经济》第9行 大北村 经营性收入 / “村集体经济” row 9, 大北村, Operating income."""
        zh = f"《{self.sheet}》" + (f"第{self.row}行" if self.row else "")
        en = f"“{self.sheet}”" + (f" row {self.row}" if self.row else "")
        parts_zh = [zh, *(part for part in (self.row_name, self.label.zh) if part)]
        parts_en = [en, *(part for part in (self.row_name, self.label.en) if part)]
        return Text(" ".join(parts_zh), ", ".join(parts_en))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong or worth a glance, at one place. `parts` fill the named places of its kind's sentence and remedy.

    `severity` differs from the kind's own in few cases, such as a row that stands twice with the same values (a note).
    The words are made when they are read: a workbook may have hundreds of findings, and a page shows few at a time.
    """

    id: str
    place: Place
    raw: str = ""
    suggestion: Any = None
    candidates: tuple[str, ...] = ()
    severity: str = ""
    parts: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if not self.severity:
            object.__setattr__(self, "severity", KINDS[self.id].severity)

    @classmethod
    def at(
        cls, id: str, place: Place, *, raw: str = "", suggestion: Any = None, candidates: tuple[str, ...] = (),
        severity: str = "", **parts: object,
    ) -> Finding:  # fmt: skip
        """The finding `id` at `place`; raises KeyError for an id that is none."""
        return cls(id, place, raw, suggestion, candidates, severity, parts)

    @property
    def subject(self) -> Subject:
        """What it is about: the same question about the same value has the same subject in every workbook."""
        return self.id, self.place.data_set, self.place.org_unit, self.place.element, self.raw

    def _fill(self, words: Text) -> Text:
        candidates = "、".join(self.candidates)
        return words.fill(**{**self.parts, "raw": self.raw, "suggestion": _plain(self.suggestion), "candidates": candidates})

    @property
    def sentence(self) -> Text:
        """What is wrong, without the place."""
        return self._fill(KINDS[self.id].sentence)

    @property
    def message(self) -> Text:
        """Where, and what is wrong."""
        sentence, where = self.sentence, self.place.words
        return Text(f"{where.zh}:{sentence.zh}", f"{where.en}: {sentence.en}")

    @property
    def remedy(self) -> Text:
        """How to put it right."""
        return self._fill(KINDS[self.id].remedy)

    def to_json(self) -> dict[str, Any]:
        """The object that `check --json` prints."""
        suggestion = self.suggestion.isoformat() if hasattr(self.suggestion, "isoformat") else self.suggestion
        return {
            "id": self.id, "severity": self.severity, "sheet": self.place.sheet, "cell": self.place.cell or None,
            "row": self.place.row, "row_name": self.place.row_name, "org_unit": self.place.org_unit or None,
            "data_set": self.place.data_set or None, "element": self.place.element or None, "raw": self.raw,
            "suggestion": suggestion, "candidates": list(self.candidates),
            "message": self.message.to_json(), "remedy": self.remedy.to_json(),
        }  # fmt: skip


def _plain(suggestion: Any) -> Any:
    """A suggestion as a person writes it: 28.6, 30, 2022-09-30, or nothing."""
    return "" if suggestion is None else f"{suggestion:.10g}" if isinstance(suggestion, float) else suggestion


class Refusal(Exception):
    """This file cannot be taken. Shown kindly: what it is, and the next step. `id` is one of `REFUSALS`."""

    def __init__(self, id: str, **parts: object) -> None:
        message, remedy = REFUSALS[id]
        self.id = id
        self.parts = parts
        self.message = message.fill(**parts)
        self.remedy = remedy.fill(**parts)
        super().__init__(f"{id}: {self.message.en}")

    def to_json(self) -> dict[str, Any]:
        """`{"id", "message", "remedy"}`."""
        return {"id": self.id, "message": self.message.to_json(), "remedy": self.remedy.to_json()}


REFUSALS: dict[str, tuple[Text, Text]] = {
    id: (_words(table, "message"), _words(table, "remedy")) for id, table in _tables()["refusal"].items()
}
