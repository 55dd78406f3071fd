"""English counts: one village, two villages. Every text that puts a count before a plural noun says how one of it is called."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from townboard.text import Text, number_of

ROOT = Path(__file__).parent.parent
NO_COUNTS = {
    "share": "`58/128`", "n_of": "`58/128`", "found.high": "a range", "d": "a difference with a decimal", "signed(value)": "a difference with a decimal",
    "w": "with a decimal", "e": "with a decimal", "mean": "with a decimal", "kit.number(frame['error'].abs().mean(), 1)": "with a decimal",
    "say(factor)": "a factor", "s": "one of four settings", "MOST_POINTS": "a constant", "fees": "money", "row": "a row's number", "at": "a name",
    "who": "a name", "role": "a name", "table": "a name", "name": "a name", "folder": "a name", "counted.en": "words",
}  # fmt: skip
"""What stands before a plural and is never one thing."""
NO_NOUNS = {
    "needs", "publish", "with", "without", "of", "on", "is", "has", "was", "does", "this", "as", "less", "belongs", "stands", "reaches",
}  # fmt: skip
PLACE = re.compile(r"(\{[^{}]*\})")
PLURAL = re.compile(r"\*{0,2} (?:[a-z-]+ )?([a-z]+s|people)\b")


def pieces(node: ast.expr) -> Iterator[tuple[str, bool]]:
    """The parts of a sentence: words, and what is filled in (True)."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from templated(node.value)
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                yield ast.unparse(part.value), True
            elif isinstance(part, ast.Constant):
                yield str(part.value), False
    elif isinstance(node, ast.BinOp):
        yield from pieces(node.left)
        yield from pieces(node.right)


def templated(words: str) -> Iterator[tuple[str, bool]]:
    """The same of a sentence with `{named}` places."""
    for part in PLACE.split(words):
        yield (part[1:-1], True) if PLACE.fullmatch(part) else (part, False)


def offences(parts: list[tuple[str, bool]]) -> list[str]:
    """Counts before a plural noun that do not say what one is called."""
    found = []
    for (place, filled), (words, more) in pairwise(parts):
        noun = PLURAL.match(words)
        if not filled or more or noun is None or place in NO_COUNTS or "number_of(" in place or "|" in place:
            continue
        if not NO_NOUNS & set(noun[0].strip("* ").split()):
            found.append(f"{{{place}}}{noun[0]}")
    return found


def sentences() -> Iterator[tuple[str, list[tuple[str, bool]]]]:
    """Every English sentence of the code and the catalogue, with the place where it stands."""
    for folder in ("townboard", "pages"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text" and len(node.args) == 2:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", list(pieces(node.args[1]))
    for path in sorted((ROOT / "data" / "catalogue").rglob("*.toml")):
        for words in english(tomllib.loads(path.read_text(encoding="utf-8"))):
            yield str(path.relative_to(ROOT)), list(templated(words))


def english(part: object) -> Iterator[str]:
    """Every `en` below a table of the catalogue."""
    if isinstance(part, dict):
        yield from (value for key, value in part.items() if key == "en" and isinstance(value, str))
    for one in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from english(one)


def test_every_count_before_a_noun_knows_one_from_many():
    listed = list(sentences())
    assert len(listed) > 1000, "the walk has lost its way"
    assert [f"{place} {offence}" for place, parts in listed for offence in offences(parts)] == []


@pytest.mark.parametrize(("words", "is_wrong"), [
    ("{n} villages are behind", True), ("{n} full-time workers", True), ("**{n}** villages", True), ("{n} people on post", True),
    ("{n:village is|villages are} behind", False), ("{share} villages", False), ("{n} of them", False), ("{n} with notes", False),
])  # fmt: skip
def test_an_offence_is_seen(words, is_wrong):
    assert bool(offences(list(templated(words)))) == is_wrong


@pytest.mark.parametrize(("count", "said"), [(1, "1 village"), (0, "0 villages"), (2, "2 villages"), ("1", "1 village"), ("**1**", "**1** village"), ("1.0", "1.0 villages")])  # fmt: skip
def test_one_and_many(count, said):
    assert number_of(count, "village") == said and Text("", "{n:village|villages}").fill(n=count).en == said
    assert number_of(1, "community has", "communities have") == "1 community has"
