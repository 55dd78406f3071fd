"""Where units stand on a map: the catalogue's grid of tiles, or the county's own boundaries; and what happened when (occasions).

Boundaries are a GeoJSON file `boundaries.geojson` in the store's folder or in data/catalogue. A file that cannot be used is refused with
a sentence, and the tiles stand. Nothing comes from outside.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from townboard.catalogue import Catalogue
from townboard.loading import FOLDER, CatalogueError, catalogue, one_of
from townboard.text import Text, listed

BOUNDARIES = "boundaries.geojson"
LARGEST, MOST_POINTS = 8_000_000, 60_000
"""Bytes of a boundaries file, and points in it: more is for surveyors."""

Ring = tuple[tuple[float, float], ...]
Outlines = Mapping[str, tuple[Ring, ...]]
"""Unit → the outer edges of its parts, x to the right and y upwards."""


class BoundariesError(Exception):
    """A boundaries file that cannot be used; `words` say why, to a person."""

    def __init__(self, words: Text) -> None:
        super().__init__(words.en)
        self.words = words


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something that happened (or lasted until `end`) and explains a step in a line; of some indicators, or of all (none named)."""

    day: date
    end: date | None
    words: Text
    indicators: frozenset[str]

    def concerns(self, indicator: str) -> bool:
        """Whether it is marked on an indicator's line."""
        return not self.indicators or indicator in self.indicators


@lru_cache(maxsize=4)
def tiles(folder: Path = FOLDER) -> dict[str, tuple[int, int]]:
    """Unit → (column, row) of its tile, rows counted from the north. Raises CatalogueError for an unknown unit or a tile used twice."""
    found: dict[str, tuple[int, int]] = {}
    known = catalogue()
    units = {unit.code: unit.parent for unit in known.org_units if unit.level == "township"}
    with (folder / "tiles.csv").open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), 2):
            where = f"tiles.csv line {number}"
            unit = one_of(row["unit"], units, where, "unit")
            try:
                at = (int(row["column"]), int(row["row"]))
            except ValueError as error:
                raise CatalogueError(f"{where}: {error}; expected whole numbers") from error
            if unit in found or any(at == other and units[code] == units[unit] for code, other in found.items()):
                raise CatalogueError(f"{where}: {unit} or its tile {at} stands twice")
            found[unit] = at
    return found


@lru_cache(maxsize=4)
def occasions(folder: Path = FOLDER) -> tuple[Occasion, ...]:
    """What happened when, in order of days. Raises CatalogueError for an unknown indicator or a day that is none."""
    found, ids = [], [indicator.id for indicator in catalogue().indicators]
    with (folder / "occasions.csv").open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), 2):
            where = f"occasions.csv line {number}"
            named = [one_of(id.strip(), ids, where, "indicator") for id in row["indicators"].split(";") if id.strip()]
            try:
                day, end = date.fromisoformat(row["date"]), date.fromisoformat(row["end"]) if row["end"] else None
            except ValueError as error:
                raise CatalogueError(f"{where}: {error}; expected dates YYYY-MM-DD") from error
            if not row["text_zh"].strip() or not row["text_en"].strip() or (end is not None and end < day):
                raise CatalogueError(f"{where}: expected words in both languages, and an end after the beginning")
            found.append(Occasion(day, end, Text(row["text_zh"].strip(), row["text_en"].strip()), frozenset(named)))
    return tuple(sorted(found, key=lambda one: one.day))


def grid(units: Mapping[str, tuple[int, int]], shown: tuple[str, ...]) -> Outlines:
    """The tiles of some units as squares."""
    edge = 0.47
    return {
        code: (
            ((x - edge, -y - edge), (x + edge, -y - edge), (x + edge, -y + edge), (x - edge, -y + edge), (x - edge, -y - edge)),
        )
        for code in shown
        if code in units
        for x, y in [units[code]]
    }


def boundaries(store: Path, county: str) -> Outlines | None:
    """The county's own boundaries, None where it supplied none. Raises BoundariesError for a file that cannot be used."""
    for folder in (store, FOLDER):
        path = folder / BOUNDARIES
        if path.is_file():
            found = path.stat()
            return _read(path, found.st_mtime_ns, found.st_size, county)
    return None


@lru_cache(maxsize=8)
def _read(path: Path, changed: int, size: int, county: str) -> Outlines:
    if size > LARGEST:
        raise BoundariesError(
            Text(f"边界文件超过 {LARGEST // 1_000_000} MB", f"the boundaries file is larger than {LARGEST // 1_000_000} MB")
        )
    try:
        content = json.loads(path.read_bytes())
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise BoundariesError(Text("边界文件不是有效的 JSON", "the boundaries file is not valid JSON")) from error
    return parse(content, catalogue(), county)


def parse(content: Any, known: Catalogue, county: str) -> Outlines:
    """Boundaries out of a GeoJSON FeatureCollection whose features carry `properties.code`. Raises BoundariesError."""
    if (
        not isinstance(content, dict)
        or content.get("type") != "FeatureCollection"
        or not isinstance(content.get("features"), list)
    ):
        raise BoundariesError(Text("边界文件应为 GeoJSON 的 FeatureCollection", "a GeoJSON FeatureCollection was expected"))
    units = {unit.code: unit for unit in known.org_units if unit.level == "township"}
    found: dict[str, tuple[Ring, ...]] = {}
    for number, feature in enumerate(content["features"], 1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        code = str(properties.get("code", "")) if isinstance(properties, dict) else ""
        if code not in units:
            raise BoundariesError(
                Text(
                    f"第 {number} 个图形的 code“{code[:20]}”不是本库的单位",
                    f"feature {number}: code “{code[:20]}” is no unit of ours",
                )
            )
        if code in found:
            raise BoundariesError(Text(f"{units[code].label.zh}出现两次", f"{units[code].label.en} stands twice"))
        found[code] = tuple(_rings(feature.get("geometry"), units[code].label))
    if sum(len(ring) for rings in found.values() for ring in rings) > MOST_POINTS:
        raise BoundariesError(
            Text(f"边界超过 {MOST_POINTS} 个点,请先简化", f"more than {MOST_POINTS} points; please simplify first")
        )
    lacking = [unit.label for unit in known.units(county) if unit.code not in found and known.children(unit.code, "village")]
    if lacking:
        names = listed(lacking)
        raise BoundariesError(Text("边界文件缺:{names}", "the boundaries file lacks: {names}").fill(names=names))
    own = {unit.code for unit in known.units(county)}
    return _flat({code: rings for code, rings in found.items() if code in own})


def _rings(geometry: Any, name: Text) -> Iterator[Ring]:
    """The outer ring of every part: longitude and latitude, closed, four points or more."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    parts = geometry.get("coordinates") if kind in ("Polygon", "MultiPolygon") else None
    if kind == "Polygon":
        parts = [parts]
    if not isinstance(parts, list) or not parts:
        raise BoundariesError(Text(f"{name.zh}的图形不是面", f"{name.en}: a Polygon or MultiPolygon was expected"))
    for part in parts:
        ring = part[0] if isinstance(part, list) and part else None
        if not isinstance(ring, list) or len(ring) < 4 or ring[0] != ring[-1] or not all(map(_is_point, ring)):
            raise BoundariesError(
                Text(
                    f"{name.zh}的边界没有闭合,或坐标不是经纬度",
                    f"{name.en}: an open edge, or coordinates that are no longitude and latitude",
                )
            )
        yield tuple((float(point[0]), float(point[1])) for point in ring)


def _is_point(point: Any) -> bool:
    if (
        not isinstance(point, list)
        or len(point) < 2
        or not all(isinstance(one, int | float) and not isinstance(one, bool) for one in point[:2])
    ):
        return False
    return math.isfinite(point[0]) and math.isfinite(point[1]) and abs(point[0]) <= 180 and abs(point[1]) <= 90


def _flat(found: Mapping[str, tuple[Ring, ...]]) -> Outlines:
    """Degrees as lengths: a degree of longitude is shorter than one of latitude."""
    every = [y for rings in found.values() for ring in rings for _, y in ring]
    shorter = math.cos(math.radians(sum(every) / len(every)))
    return {code: tuple(tuple((x * shorter, y) for x, y in ring) for ring in rings) for code, rings in found.items()}
