"""The income band picked: which villages stand in it this month, and the sentence over what shows only them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from townboard import comparing
from townboard.charts.economy import band_words
from townboard.shell.panels import Exhibit
from townboard.text import Text


def in_band(villages: pd.DataFrame, band: str | None) -> pd.DataFrame:
    """The villages of a band (`url_state.BANDS`), all of them when none is picked. `villages`: with this month's goal_income."""
    if band is None:
        return villages
    if band == "none":
        return villages[villages["goal_income"].isna()].reset_index(drop=True)
    low, high = comparing.BANDS[int(band) - 1]
    inside = (villages["goal_income"] >= low) & (villages["goal_income"] < (high if high is not None else float("inf")))
    return villages[inside].reset_index(drop=True)


def only(frame: pd.DataFrame, villages: pd.DataFrame, band: str | None) -> pd.DataFrame:
    """The rows of any table of villages that are about villages of the band, in their order."""
    if band is None:
        return frame
    return frame[frame["org_unit"].isin(in_band(villages, band)["org_unit"])].reset_index(drop=True)


def words(band: str) -> Text:
    """`10–30万元的村`, `本月没有数的村`."""
    if band == "none":
        return Text("本月没有数的村", "Villages without a figure")
    inside = band_words(*comparing.BANDS[int(band) - 1])
    return Text(f"{inside.zh}的村", f"Villages at {inside.en}")


def told(exhibit: Exhibit, band: str | None) -> Exhibit:
    """The exhibit with the band said before its finding; as it is when none is picked."""
    if band is None:
        return exhibit
    whose = words(band)
    return replace(exhibit, title=Text(f"{whose.zh}:{exhibit.title.zh}", f"{whose.en}: {exhibit.title.en}"))
