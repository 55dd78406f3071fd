"""The palette is measured: contrast of words and marks on both pages (WCAG), and how far apart people with red-green blindness see it."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path

import pytest

from townboard.charts import economy, framed, kit, matrix, milestones, outlook, submissions, unit_map

THEME = tomllib.loads((Path(__file__).parent.parent / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]
PAGES = {mode: THEME[mode]["backgroundColor"] for mode in ("light", "dark")}
SIGHTS = {
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
}  # fmt: skip
"""How each sees linear red, green and blue (Machado, Oliveira and Fernandes 2009, severity 1)."""
NEIGHBOURS = 10.0
"""The least distance (CIE 1976) between colours that touch; a just noticeable difference is 2.3."""


def linear(colour: str) -> list[float]:
    """`#RRGGBB` as linear light."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def luminance(colour: str) -> float:
    """Relative luminance."""
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def seen(colour: str, sight: str) -> tuple[float, float, float]:
    """A colour as Lab, the way a sight has it."""
    light = linear(colour)
    r, g, b = (min(1.0, max(0.0, sum(m * part for m, part in zip(row, light, strict=True)))) for row in SIGHTS[sight])
    xyz = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883,
    )
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def apart(one: str, other: str) -> float:
    """The smallest distance between two colours over all sights."""
    return min(sum((a - b) ** 2 for a, b in zip(seen(one, sight), seen(other, sight), strict=True)) ** 0.5 for sight in SIGHTS)


def test_the_measure_itself():
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21) and contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert apart("#D00000", "#D00000") == 0 and apart("#C04040", "#408040") < apart("#2040C0", "#C0A020")


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_marks_stand_out_from_the_page(mode):
    marks = {
        *kit.SERIES,
        kit.DEEP,
        kit.PALE,
        kit.GOAL,
        *(colour for *_, colour in kit.STATUS.values()),
        str(kit.OUTLINE["color"]),
    }
    for colour in marks:
        assert contrast(colour, PAGES[mode]) >= 3, f"{colour} on {PAGES[mode]}: {contrast(colour, PAGES[mode]):.2f}"
    pale = [colour for colour in kit.BAND_COLOURS if contrast(colour, PAGES[mode]) < 3]
    assert pale if mode == "light" else True, "bands need their outline, which stands out itself"


def test_words_can_be_read_where_they_stand():
    for mode in PAGES:
        assert contrast(THEME[mode]["textColor"], PAGES[mode]) >= 4.5
        assert contrast(THEME[mode]["textColor"], THEME[mode]["secondaryBackgroundColor"]) >= 4.5
    grounds = [(economy.INK[kind], economy.STANDING[kind][1]) for kind in economy.INK]
    grounds += [(outlook.INK[kind], outlook.GROUPS[kind][1]) for kind in outlook.INK]
    grounds += [(state.ink, state.colour) for state in (*submissions.KINDS.values(), *milestones.KINDS.values()) if state.ink]
    grounds += [(unit_map.INK, fill) for fill, _ in unit_map.FILLS.values()]
    grounds += [(ink, "#FFFFFF") for ink in (framed.INK, framed.PALE, framed.LOUD)]
    assert len(grounds) > 15
    for ink, ground in grounds:
        assert contrast(ink, ground) >= 4.5, f"{ink} on {ground}: {contrast(ink, ground):.2f}"


@pytest.mark.parametrize(("what", "colours"), [
    ("series", kit.SERIES), ("bands", kit.BAND_COLOURS), ("parts of income", [colour for *_, colour in economy.PARTS]),
    ("standing", [colour for _, colour in economy.STANDING.values()]), ("forecast", [colour for _, colour in outlook.GROUPS.values()]),
    ("shares", [colour for _, colour in matrix.SCALE]), ("map", [edge for _, edge in unit_map.FILLS.values()][:5]),
])  # fmt: skip
def test_neighbours_differ_for_everybody(what, colours):
    for one, other in itertools.pairwise(colours):
        assert apart(one, other) >= NEIGHBOURS, f"{what}: {one} and {other} are {apart(one, other):.1f} apart"


def test_the_theme_draws_with_the_same_colours():
    assert tuple(THEME["chartCategoricalColors"]) == kit.SERIES
