"""Two languages. Everything a person reads is a `Text`: the Chinese and the English side by side, chosen when shown."""

from __future__ import annotations

from typing import Literal, NamedTuple

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


class Text(NamedTuple):
    """One thing said in both languages."""

    zh: str
    en: str

    def say(self, language: Language) -> str:
        """The words in the reader's language."""
        return self.zh if language == "zh" else self.en

    def fill(self, **parts: object) -> Text:
        """The same sentence with its `{named}` places filled; a part that is itself a `Text` speaks each language."""
        zh = {name: part.zh if isinstance(part, Text) else part for name, part in parts.items()}
        en = {name: part.en if isinstance(part, Text) else part for name, part in parts.items()}
        return Text(self.zh.format(**zh), self.en.format(**en))

    def to_json(self) -> dict[str, str]:
        """`{"zh": …, "en": …}`, as `contract` prints it."""
        return {"zh": self.zh, "en": self.en}


NOTHING = Text("", "")


def same(words: str) -> Text:
    """A `Text` for what has one form in both languages: a code, a number, a person's name."""
    return Text(words, words)
