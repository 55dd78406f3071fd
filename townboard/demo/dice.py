"""The demo's dice: seeded by name, so that every figure is the same on every machine; and sums that come out exactly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from statistics import NormalDist

from townboard.periods import Period

FIRST, LAST = Period(2021, 12), Period(2022, 10)
QINGXU, YINGZE = "140121", "140106"


def dice(*names: object) -> Random:
    """A generator of its own for each thing that is thrown for."""
    return Random("townboard:" + ":".join(map(str, names)))


def month_of(period: Period) -> int:
    """Months since December 2021: 0 for it, 10 for October 2022."""
    return (period.year - FIRST.year) * 12 + period.month - FIRST.month


def allocate(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to the weights whose sum is exactly `total` (largest remainders first)."""
    whole = sum(weights)
    shares = [total * weight / whole for weight in weights]
    found = [math.floor(share) for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda n: (found[n] - shares[n], n))
    for n in by_remainder[: total - sum(found)]:
        found[n] += 1
    return found


def allocate_money(total: float, weights: Sequence[float]) -> list[float]:
    """As `allocate`, in 万元 with two decimals."""
    return [cents / 100 for cents in allocate(round(total * 100), weights)]


def quantiles(count: int) -> list[float]:
    """Evenly spread points of the normal distribution, lowest first: the shape of a sample without its luck."""
    normal = NormalDist()
    return [normal.inv_cdf((n + 0.5) / count) for n in range(count)]


def spread(rng: Random, low: float, high: float) -> float:
    """A number between two others."""
    return low + (high - low) * rng.random()
