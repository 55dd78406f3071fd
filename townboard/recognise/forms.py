"""Which sheet is which form: by the words of its header, its name and its title, each form once."""

from __future__ import annotations

from dataclasses import dataclass

from townboard.catalogue import DataSet
from townboard.findings import Finding, Place
from townboard.recognise.headers import key, plain
from townboard.recognise.labels import Vertical, find_vertical, has_values
from townboard.recognise.layout import Layout, find_layout
from townboard.recognise.reading import HEADER_WITHIN, Context
from townboard.recognise.surroundings import title_texts
from townboard.workbook.sheets import Sheet

_INSTRUCTIONS = ("填表说明", "填报说明", "使用说明", "数据字典", "字典", "下拉", "参数", "代码表", "样表", "填报示例", "示例")
_KNOWN, _KNOWN_WITH_NAME = 3, 2


@dataclass(slots=True)
class Found:
    """A sheet recognised as a form: how, and how well its name and title fit."""

    sheet: Sheet
    data_set: DataSet
    how: Layout | Vertical
    named: int  # 3 the sheet's name is the form's, 2 the name or the title has its words, 0 by the header alone


def form_of(context: Context, sheet: Sheet) -> Found | None:
    """The form that a sheet's header words (and name and title) mean; None for a sheet with nothing known."""
    name = key(sheet.name)
    exact = [data_set for data_set in context.catalogue if name in (key(data_set.sheet), key(data_set.label.zh))]
    if exact:
        found = _fit(context, sheet, exact[0], 3)
        if found is not None:
            return found
    if not exact and any(word in plain(sheet.name) for word in _INSTRUCTIONS):
        return None
    best: tuple[float, Found] | None = None
    title = " ".join(key(text) for row, _, text in title_texts(sheet, HEADER_WITHIN) if row <= 4 and len(text) < 60)
    strengths = {data_set.code: max((len(word) for word in context.words(data_set).titles if word in name or word in title), default=0)
                 for data_set in context.catalogue}  # fmt: skip
    strongest = max(strengths.values())
    for data_set in context.catalogue:
        named = 2 if strengths[data_set.code] and strengths[data_set.code] == strongest else 0
        if data_set.code == "cover" and not named:
            continue
        found = _fit(context, sheet, data_set, named)
        if found is not None:
            score = found.how.score + 2.0 * named
            if best is None or score > best[0]:
                best = score, found
    return best[1] if best else None


def _fit(context: Context, sheet: Sheet, data_set: DataSet, named: int) -> Found | None:
    """The sheet as this form, if enough of its words are there: three known labels, two with a row name, one where it is named."""
    words = context.words(data_set)
    if data_set.rows == "unit":
        vertical = find_vertical(sheet, words)
        wide = find_layout(sheet, words, None)
        how: Layout | Vertical | None = vertical
        if wide is not None and (
            vertical is None or wide.score > vertical.score or (vertical.is_flat and has_values(sheet, wide))
        ):
            how = wide
        if how is None or how.score < (_KNOWN if not named else min(_KNOWN_WITH_NAME, len(data_set.elements))):
            return None
        return Found(sheet, data_set, how, named)
    layout = find_layout(sheet, words, context.names(data_set))
    if layout is None:
        return None
    has_name = bool(layout.name or layout.code)
    needed = _KNOWN if not has_name else _KNOWN_WITH_NAME
    return Found(sheet, data_set, layout, named) if layout.score >= (1 if named and has_name else needed) else None


def each_once(context: Context, found: list[Found]) -> list[Found]:
    """Each form once: the sheet with the form's own name counts, the other is asked about."""
    kept: dict[str, Found] = {}
    for form in sorted(found, key=lambda form: -form.named):
        first = kept.setdefault(form.data_set.code, form)
        if first is not form:
            place = Place(form.sheet.name, "A1", data_set=form.data_set.code)
            other, expected = first.sheet.name, form.data_set.sheet
            context.findings.append(Finding.at("copied-sheet", place, raw=form.sheet.name, other=other, expected=expected))
    return [form for form in found if kept[form.data_set.code] is form]


def note_name(context: Context, form: Found) -> None:
    """A note where the sheet's name has none of the form's own words."""
    name = key(form.sheet.name)
    if form.sheet.named and not any(word in name for word in context.words(form.data_set).titles):
        place = Place(form.sheet.name, "A1", data_set=form.data_set.code)
        context.findings.append(Finding.at("renamed-sheet", place, raw=form.sheet.name, expected=form.data_set.sheet))


def first_row(form: Found) -> int:
    """The first row of a form's table or labels: what stands above is title."""
    if isinstance(form.how, Vertical):
        return form.how.header or min((label.row for label in form.how.labels), default=1)
    return form.how.top
