"""Two languages. Everything a person reads is a `Text`: the Chinese and the English side by side, chosen when shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import Formatter
from typing import Literal, NamedTuple

from townboard.punctuation import punctuated

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def number_of(count: object, one: str, many: str = "") -> str:
    """A count with its English noun in the number it wants: `1 village`, `2 villages`. `many` may be left out where it is `one` with an s."""
    return f"{count} {one if str(count).strip('*') == '1' else many or one + 's'}"


class _Counting(Formatter):
    """Fills places as `str.format` does, and knows one from many."""

    def format_field(self, value: object, spec: str) -> str:
        """The value, by its format; with `one|many` as the format, the value and the word that goes with it."""
        one, sign, many = spec.partition("|")
        return number_of(value, one, many) if sign else str(super().format_field(value, spec))


_COUNTING = _Counting()


_QUOTES = str.maketrans("“”", '""')
"""Round quotation marks are as wide as a Chinese letter in the pages' font: in English they tear the line open."""


class Text(NamedTuple):
    """One thing said in both languages."""

    zh: str
    en: str

    def say(self, language: Language) -> str:
        """The words in the reader's language, with its signs."""
        return punctuated(self.zh) if language == "zh" else self.en.translate(_QUOTES)

    @property
    def forms(self) -> tuple[str, ...]:
        """All ways in which it is written: as kept and as said, in Chinese and in English. What a person sends back is looked up among them."""
        return self.zh, self.say("zh"), self.en, self.say("en")

    def fill(self, **parts: object) -> Text:
        """The same sentence with its `{named}` places filled; a part that is itself a `Text` speaks each language.

        `{n:error|errors}` is a count with its noun in the number that English wants: 1 error, 2 errors.
        """
        zh = {name: part.zh if isinstance(part, Text) else part for name, part in parts.items()}
        en = {name: part.en if isinstance(part, Text) else part for name, part in parts.items()}
        return Text(_COUNTING.format(self.zh, **zh), _COUNTING.format(self.en, **en))

    def to_json(self) -> dict[str, str]:
        """`{"zh": …, "en": …}`, as `contract` prints it."""
        return {"zh": self.say("zh"), "en": self.say("en")}


NOTHING = Text("", "")


def listed(parts: Iterable[Text | str]) -> Text:
    """Things one after another, as each language lists them; a name that is the same in both is said so."""
    both = [same(part) if isinstance(part, str) else part for part in parts]
    return Text("、".join(part.zh for part in both), ", ".join(part.en for part in both))


def same(words: str) -> Text:
    """A `Text` for what has one form in both languages: a code, a number, a person's name."""
    return Text(words, words)


def bracketed(words: str, more: str, language: Language) -> str:
    """`45.3%` and `58/128` with its brackets, as each language sets them."""
    return f"{words}\uff08{more}\uff09" if language == "zh" else f"{words} ({more})"


_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def printable(words: str) -> str:
    """Words without what no document may hold (a control character makes Word's file unwritable; a soft break of Word's becomes a
    space), nor what turns the direction of the words and numbers around them."""
    return _UNSEEN.sub("", words.replace("\v", " ").replace("\f", " "))


_PRIVATE = re.compile(
    r"(?<!\w)(?<!\d\.)(?:(?P<card>\d{6}(?:19|20)\d{9}[\dXx])|(?P<mobile>1[3-9]\d[ -]?\d{4}[ -]?\d{4})|(?P<line>0\d{2,3}[- ]?\d{7,8}))(?!\w|\.\d)",
    re.ASCII,
)


def masked(words: str) -> str:
    """Words for a page that many see: the middle of telephone and identity-card numbers is hidden, codes and amounts are left alone."""

    def hide(found: re.Match[str]) -> str:
        number = found[0]
        kept = 6 if found["card"] else 3
        return f"{number[:kept]}{'*' * (len(number) - kept - 2)}{number[-2:]}"

    return _PRIVATE.sub(hide, words)
