"""Header words: how a heading is normalised, how levels become a path, and which element of a form a path means.

Matching is by whole words after normalising, label before alias, never by position and never by likeness. A heading of several
levels is matched on its path: 经营性收入/小计 is operating income, 经营性收入/发包 is nothing we ask for.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from townboard.catalogue import Catalogue, DataSet, Element, Percentage
from townboard.periods import Period

_SPACE = re.compile(r"[\s\u200b-\u200f\ufeff\u00ad]+")
_UNITS = "亿元|万元|千元|元|万|亩|公顷|%|个|份|件|宗|项|人|人次|次|户|块|种|村|家|名|条|张|年月日|年-月-日|年/月/日"
_DROPPED = (
    rf"(?:单位:?)?(?:{_UNITS})(?:[、,/](?:{_UNITS}))*|截至目前|截止目前|累计|本年累计|自动计算|自动生成|必填|选填|选填项|只读|锁定|下拉选择|请选择|"
    r"(?:指|即|如|例如|详见|见|填|请填)[^()]*|是[/、|]?否|√[/或、]?×|20\d\d-\d\d-\d\d"
)
_BRACKETED = re.compile(rf"[(\[【〔「]\s*(?:{_DROPPED})\s*[)\]】〕」]")
_NUMBERING = re.compile(r"^(?:\(?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[).、](?!\d)|[*★※#•●]+)+")
_MARKS = re.compile(r"[^\w%]+|_+")
_YUAN = re.compile(r"(?:[(\[【〔]\s*|单位[:为]?\s*|[/,])(亿元|万元|千元|元)\s*[)\]】〕]?$")
_TRAILING_UNIT = re.compile(r"(?:万元|亩)$")
_THIS_YEAR = re.compile(r"本年度?|今年|当年")
_LAST_YEAR = re.compile(r"上一?年度?|去年|上年度")
_UP_TO_NOW = re.compile(r"截[至止](?:目前|当前|现在|本月(?:底|末)?|本期(?:末)?)")
_MONTHS = re.compile(r"(?:截[至止]到?)?(?:0?1月?[-–—~至到])?(\d{1,2})月(?:份)?(?:底|末|\d{1,2}[日号])?")
_FLOW = re.compile(r"本月|当月|本期|单月")
_LAST_MONTH = re.compile(r"截?[至止]?上月底?|截?[至止]?上期末?")
_REMEMBERED = 20_000
"""That many texts are remembered for each form and month, and no more: workbooks of strangers must not fill the memory."""
_PLAN = re.compile(r"目标|计划|预计")


def listed(words: str) -> frozenset[str]:
    """A set of words written one after the other."""
    return frozenset(words.split())


SUM_WORDS = frozenset({"合计", "小计", "总计", "共计", "总数", "数量", "数", "总额", "金额", "份数", "个数", "总量"})
WEAK_WORDS = SUM_WORDS | {"其他", "其它", "目标", "总收入", "收入", "代码"}
FURNITURE = listed(
    "序号 编号 序 号 乡镇 乡镇街道 街道乡镇 镇街 乡镇名称 所属乡镇 街道 镇 乡 县区 区县 县 市 单位 单位名称 所属单位 排名 名次 位次 计量单位 "
    "联系人 填报人 填表人 填报单位 上报单位 是否达标 达标情况 日期 填报日期 填报时间 更新时间 行次 栏次"
)
TOWNSHIP_WORDS = listed("乡镇 乡镇街道 街道乡镇 镇街 乡镇名称 所属乡镇 街道 镇 乡 单位 单位名称 所属单位 填报单位")
CODE_WORDS = listed("代码 村代码 社区代码 行政区划代码 区划代码 村编码 社区编码 统计代码 村社区代码 行政村代码 org_unit")

NAME = "name"
"""The element code of the row-name column where the form has no such element of its own."""
CODE = "code"


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """A text in one writing: full-width forms and circled digits unified (NFKC), blanks and line breaks gone."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """The words of a heading: plain, without unit brackets, numbering and punctuation."""
    bare = _BRACKETED.sub("", plain(text))
    return _MARKS.sub("", _NUMBERING.sub("", bare)).lower()


@lru_cache(maxsize=8192)
def money_unit(text: str) -> str:
    """The unit of money that a heading names in so many words: 元, 千元, 万元, 亿元 or ""."""
    found = _YUAN.search(plain(text))
    return found[1] if found else ""


@lru_cache(maxsize=8192)
def dated(text: str, year: int, month: int) -> str:
    """The words of a heading seen from a period: this year's mark drops out, last year becomes 上年, months up to now drop out.

    A month's own flow (10月经营性收入) and other months keep their mark, so that they match nothing.
    """
    bare = _BRACKETED.sub("", plain(text))
    bare = _UP_TO_NOW.sub("", bare)
    bare = re.sub(rf"(?<!\d){year}(?:年度?|(?!\d))", "", bare)
    bare = re.sub(rf"(?<!\d){year - 1}(?:年度?|(?!\d))", "上年", bare)

    def months(found: re.Match[str]) -> str:
        whole = found[0]
        cumulative = whole[0] in "截0" or re.match(r"1月?[-–—~至到]", whole) or whole[-1] in "底末" or month == 1
        if cumulative and int(found[1]) == month:
            return ""
        return "截至上月" if cumulative and int(found[1]) == month - 1 else whole

    bare = _MONTHS.sub(months, bare)
    bare = _LAST_YEAR.sub("上年", bare)
    return _MARKS.sub("", _NUMBERING.sub("", bare)).lower()


@dataclass(frozen=True, slots=True)
class Match:
    """What a column means: an element of the form, the row's name or code, a percentage, or furniture."""

    element: Element | None = None
    percentage: Percentage | None = None
    role: str = ""  # "" | name | code | township | furniture
    rank: int = 0  # 0 label, 1 alias: the label wins where two columns mean the same
    unit: str = ""  # the unit of money the heading names


NOTHING = Match(role="unknown")


@dataclass
class Words:
    """The headings of one form in one period: label and alias words to elements, with everything that was resolved so far."""

    data_set: DataSet
    period: Period
    elements: dict[str, tuple[Element, int]] = field(default_factory=dict)
    percentages: dict[str, Percentage] = field(default_factory=dict)
    row_names: dict[str, int] = field(default_factory=dict)
    name_element: Element | None = None
    code_element: Element | None = None
    titles: tuple[str, ...] = ()
    resolved: dict[tuple[str, ...], Match] = field(default_factory=dict)
    known: dict[str, bool] = field(default_factory=dict)

    def lookup(self, word: str) -> tuple[Element, int] | Percentage | None:
        """The element (and whether label or alias) or percentage that exactly these words name."""
        for tried in (word, word.removeprefix("其中"), _TRAILING_UNIT.sub("", word)):
            if tried in self.elements:
                return self.elements[tried]
            if tried in self.percentages:
                return self.percentages[tried]
        return None

    def knows(self, text: str) -> bool:
        """Whether a single heading names an element, a percentage or the row's name."""
        if text not in self.known:
            if len(self.known) > _REMEMBERED:
                self.known.clear()
            found = key(text) in self.row_names or self.lookup(dated(text, self.period.year, self.period.month)) is not None
            self.known[text] = found
        return self.known[text]

    def element_of(self, text: str) -> tuple[Element, int] | Percentage | None:
        """The element or percentage that a single heading names."""
        return self.lookup(dated(text, self.period.year, self.period.month))

    def may_head(self, text: str) -> bool:
        """Whether a text may stand above other headings: a year, the form's title, 基本情况, an element, a column of furniture."""
        word = dated(text, self.period.year, self.period.month)
        return self._is_neutral(word) or "上年" in word or key(text) in FURNITURE or self.knows(text)

    def resolve(self, path: tuple[str, ...]) -> Match:
        """What the column under a path of headings means."""
        if path not in self.resolved:
            if len(self.resolved) > _REMEMBERED:
                self.resolved.clear()
            self.resolved[path] = self._resolve(path)
        return self.resolved[path]

    def _resolve(self, path: tuple[str, ...]) -> Match:
        words = [dated(text, self.period.year, self.period.month) for text in path]
        units = [unit for unit in map(money_unit, path) if unit]
        unit = units[-1] if units else ""
        words = [word for word in words if word]
        if not words:
            return NOTHING
        leaf = words[-1]
        if len(words) == 1 or not any(self.lookup(word) for word in words[:-1]):
            plain_leaf = key(path[-1])
            if plain_leaf in self.row_names:
                return Match(self.name_element, role=NAME, rank=self.row_names[plain_leaf])
            if plain_leaf in CODE_WORDS and self.row_names:
                return Match(self.code_element, role=CODE)
        found = self._element(words)
        if isinstance(found, Percentage):
            return Match(percentage=found)
        if found is not None:
            return Match(element=found[0], rank=found[1], unit=unit)
        if leaf in TOWNSHIP_WORDS:
            return Match(role="township")
        return Match(role="furniture") if leaf in FURNITURE else NOTHING

    def _is_neutral(self, word: str) -> bool:
        """An outer heading that says nothing about what stands below it: this year, the form's own title, 基本情况 …"""
        word = _THIS_YEAR.sub("", word).removeprefix("累计").removesuffix("情况")
        return (
            not word or word in self.titles or word in ("基本", "收入", "进展", "工作", "完成", "工作进展", "村", "社区", "其中")
        )

    def _element(self, words: list[str]) -> tuple[Element, int] | Percentage | None:
        joined = self.lookup("".join(words))
        if joined is not None:
            return joined
        outer, leaf = [word for word in words[:-1] if not self._is_neutral(word)], _THIS_YEAR.sub("", words[-1])
        if any("上年" in word or _LAST_MONTH.search(word) or _FLOW.search(word) or _PLAN.search(word) for word in outer):
            return self._marked(outer, leaf)
        for start in range(len(outer) + 1):
            found = self.lookup("".join([*outer[start:], leaf]))
            if found is not None and (start < len(outer) or not outer):
                return found
        if not outer:
            return self.lookup(leaf.removeprefix("累计"))
        above = self.lookup(outer[-1])
        found = self.lookup(leaf)
        if above is None or isinstance(above, Percentage):
            whole = [found_above for found_above in map(self.lookup, outer) if found_above is not None]
            return found if leaf not in WEAK_WORDS and not whole else None
        if leaf in SUM_WORDS:
            return above
        if above[0].fill == "derived":
            return found
        is_label = found is not None and not isinstance(found, Percentage) and found[1] == 0
        return found if is_label else None

    def _marked(self, outer: list[str], leaf: str) -> tuple[Element, int] | Percentage | None:
        """A heading under 上年, 上月, 本月 or 目标 means something only together with that word."""
        for mark in ("上年", "截至上月", "上月"):
            if any(mark in word for word in outer):
                between = "".join(word for word in outer if mark not in word)
                return self.lookup(mark + between + ("" if between and leaf in SUM_WORDS else leaf))
        return None


_WORDS: dict[tuple[int, str, Period], tuple[Catalogue, Words]] = {}


def words_of(catalogue: Catalogue, data_set: DataSet, period: Period) -> Words:
    """The headings of a form in a month, made once for each catalogue, form and month."""
    at = (id(catalogue), data_set.code, period)
    kept = _WORDS.get(at)
    if kept is None or kept[0] is not catalogue:
        if len(_WORDS) > 256:
            _WORDS.clear()
        kept = _WORDS[at] = (catalogue, _make(data_set, period))
    return kept[1]


def _make(data_set: DataSet, period: Period) -> Words:
    words = Words(data_set, period)
    titles = {key(title) for title in (data_set.sheet, data_set.label.zh, *data_set.aliases)}
    words.titles = tuple(sorted(titles, key=len, reverse=True))
    candidates = [e for e in data_set.elements if e.asked_in(period) or e.fill in ("prefilled", "derived")]
    names = [key(name) for name in data_set.row_names]
    for element in candidates:
        if element.code.endswith("_name"):
            names = [key(element.label.zh), *names, *map(key, element.aliases)]
    if data_set.rows in ("village", "community"):
        words.row_names = {name: rank for rank, name in reversed(list(enumerate(names)))}
        words.name_element = next((e for e in candidates if e.code.endswith("_name")), None)
        words.code_element = next((e for e in candidates if e.type == "code"), None)
        candidates = [e for e in candidates if e not in (words.name_element, words.code_element)]
    for element in candidates:
        words.elements.setdefault(key(element.label.zh), (element, 0))
    for element in candidates:
        for rank, alias in enumerate(element.aliases, 1):
            words.elements.setdefault(key(alias), (element, rank))
    for percentage in data_set.percentages:
        for name in (percentage.label.zh, *percentage.aliases):
            if key(name) not in words.elements:
                words.percentages.setdefault(key(name), percentage)
    return words
