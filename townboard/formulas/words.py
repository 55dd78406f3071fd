"""An indicator's formula in words: the row expressions that the SQL computes, said with the names of elements. Pure functions.

`operating_income >= goal_threshold` over villages becomes 「经营性收入」不低于30万元的村数 ÷ 纳入考核的村数 × 100%.
"""

from __future__ import annotations

import re

from townboard.catalogue import Catalogue, Indicator
from townboard.text import Text, same

ROWS = {"village": Text("村", "villages"), "community": Text("社区", "communities")}
_UNITS = Text("单位", "units")
_DERIVED = {
    "total_income": Text("总收入", "total income"),
    "last_year_income": Text("上年收入", "last year's income"),
    "operating_income__1": Text("上月经营性收入", "operating income last month"),
    "operating_income__2": Text("上上月经营性收入", "operating income two months ago"),
    "operating_income__3": Text("三个月前经营性收入", "operating income three months ago"),
    "pace_weight": Text("时序进度", "pace of the year"),
    "forecast_income": Text("预计全年收入", "expected full-year income"),
    "in_goal_denominator": Text("纳入考核", "in the goal denominator"),
    "in_clean_collect": Text("开展清化收", "in clean-and-collect"),
    "closed": Text("已销号", "closed"),
    "villages": Text("村数", "number of villages"),
    "certificates_catalogue": Text("证明事项目录数", "items in the county's catalogue"),
    "typed_cells": Text("改动的格数", "cells typed"),
    "data_cells": Text("全部数据格数", "all data cells"),
}
"""Columns of the row relations that are no element (`relations`)."""
_IN_WAN = {"goal_income", "last_year_income", "forecast_income", "total_income"}
_SIGNS = {
    ">=": Text("不低于", " at least "), "<=": Text("不超过", " at most "), ">": Text("大于", " above "), "<": Text("低于", " below "),
    "=": Text("等于", " equals "), "+": same(" + "), "-": same(" − "), "*": same(" × "), "and": Text(",且", " and "), "or": Text(",或", " or "),
    "known": Text("有数", " known"),
}  # fmt: skip
_TOKEN = re.compile(r"'[^']*'|>=|<=|[<>=+*/(),-]|\w+")
_DATED = re.compile(r"case when (\w+) is not null then 1 else 0 end(?: \+ )?")


def in_words(catalogue: Catalogue, indicator: Indicator) -> Text:
    """The whole formula in both languages."""
    form = catalogue.data_set.get(indicator.source)
    rows = ROWS.get(form.rows, _UNITS) if form else _UNITS
    top = expression(catalogue, indicator, indicator.numerator, indicator.numerator_words)
    below = expression(catalogue, indicator, indicator.denominator, indicator.denominator_words or same(""))
    percent = {100: same(" × 100%"), 1: same("")}.get(int(indicator.factor), same(f" × {indicator.factor:g}"))
    if indicator.kind == "share":
        whole = (
            Text("全部{rows}数", "all {rows}") if indicator.denominator == "true" else Text("{below}的{rows}数", "{rows} {below}")
        )
        said = Text("{top}的{rows}数 ÷ {whole}{percent}", "{rows} with {top} ÷ {whole}{percent}").fill(
            top=top, rows=rows, whole=whole.fill(rows=rows, below=below), percent=percent)  # fmt: skip
    elif indicator.kind == "ratio":
        said = Text("{top} ÷ {below}{percent}", "{top} ÷ {below}{percent}").fill(
            top=_summed(top, indicator.numerator), below=_counted(below, indicator.denominator, rows), percent=percent)  # fmt: skip
    elif indicator.kind == "gap":
        said = Text(
            "基本目标所需{rows}数(向上取整) − 已达标{rows}数,已够时为 0",
            "{rows} needed for the basic goal (rounded up) − {rows} that reached it; 0 when there are enough",
        )
        said = said.fill(rows=ROWS["village"])
    else:
        patterns = {
            "count": Text("{top}的{rows}数", "{rows} with {top}"), "sum": Text("{sum}", "{sum}"),
            "mean": Text("{sum} ÷ 已报{rows}数", "{sum} ÷ {rows} that reported"), "median": Text("各{rows}{top}的中位数", "median of the {rows}' {top}"),
            "bands": Text("按{top}分档,各档的{rows}数", "{rows} by band of {top}"),
        }  # fmt: skip
        said = patterns[indicator.kind].fill(top=top, rows=rows, sum=_summed(top, indicator.numerator))
    return said


def _summed(words: Text, written: str) -> Text:
    """`「A」合计`, `(「A」+「B」)合计`: a sum over all rows; what is no column is left as it is."""
    if re.search(r"[+-]", written) and "case when" not in written:
        words = Text(f"({words.zh})", f"({words.en})")
    return Text(f"{words.zh}合计", f"Σ {words.en}")


def _counted(words: Text, written: str, rows: Text) -> Text:
    """The lower side of a ratio: a sum, or so many for each row."""
    if not written.isdigit():
        return _summed(words, written)
    reported = Text("已报{rows}数", "{rows} that reported").fill(rows=rows)
    return reported if written == "1" else Text(f"({written} × {reported.zh})", f"({written} × {reported.en})")


def expression(catalogue: Catalogue, indicator: Indicator, written: str, own: Text) -> Text:
    """One row expression in words. `own`: what the catalogue calls it, for sources whose columns are no elements."""
    dated = _DATED.findall(written)
    if dated:
        first, last = (_name(catalogue, indicator, code) or same(code) for code in (dated[0], dated[-1]))
        counted = Text("已完成的节点数(「{a}」至「{b}」共{n}个)", "milestones reached (“{a}” to “{b}”, {n} of them)").fill(
            a=first, b=last, n=len(dated)
        )
        rest = _DATED.sub("", written).strip()
        return counted if not rest else Text(f"{counted.zh}等于{rest.lstrip('= ')}", f"{counted.en} equals {rest.lstrip('= ')}")
    written = written.replace(" is not null", " known")
    parts: list[Text] = []
    listed: list[Text] | None = None
    money = False
    for token in _TOKEN.findall(written):
        name = _name(catalogue, indicator, token)
        if listed is not None:
            if token == ")":
                parts.append(Text("为" + "、".join(one.zh for one in listed), " is " + ", ".join(one.en for one in listed)))
                listed = None
            elif token not in "(,":
                listed.append(_choice(catalogue, indicator, token.strip("'")))
        elif token == "in":
            listed = []
        elif token == "goal_threshold":
            parts.append(
                Text("{n}万元", "{yuan} yuan").fill(
                    n=f"{catalogue.settings.goal_threshold:g}", yuan=f"{catalogue.settings.goal_threshold * 10000:,.0f}"
                )
            )
        elif token in _SIGNS:
            parts.append(_SIGNS[token])
        elif name is not None:
            money = token in _IN_WAN or _unit(catalogue, indicator, token) == "万元"
            parts.append(Text(f"「{name.zh}」", f"“{name.en}”"))
        elif token.isdigit():
            parts.append(Text(f"{token}万元", f"{int(token) * 10000:,} yuan") if money else same(token))
        elif token == "true" or not re.match(r"\w", token):
            continue
        else:
            return own
    return Text("".join(part.zh for part in parts), "".join(part.en for part in parts).strip())


def _name(catalogue: Catalogue, indicator: Indicator, code: str) -> Text | None:
    if code == "goal_income":
        basis = catalogue.settings.goal_income_basis
        return (
            Text("累计总收入", "total income, year to date")
            if basis == "total"
            else Text("累计经营性收入", "operating income, year to date")
        )
    form = catalogue.data_set.get(indicator.source)
    if form is not None and code in form.by_code:
        return form.by_code[code].label
    return _DERIVED.get(code)


def _unit(catalogue: Catalogue, indicator: Indicator, code: str) -> str:
    form = catalogue.data_set.get(indicator.source)
    return form.by_code[code].unit if form is not None and code in form.by_code else ""


def _choice(catalogue: Catalogue, indicator: Indicator, word: str) -> Text:
    form = catalogue.data_set.get(indicator.source)
    found = (value for element in (form.elements if form else ()) for value in element.values if value.zh == word)
    return next(found, same(word))
