"""What a county decides for itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Settings:
    """What a county decides for itself, and the calendar: public holidays (False) and make-up working days (True)."""

    county: str
    goal_income_basis: str
    goal_threshold: float
    action_start: date
    action_end: date
    report_working_day: int
    clock_offset_hours: int
    backup_warn_hours: int
    backup_keep_days: int
    backup_keep_weeks: int
    backup_keep_months: int
    session_idle_minutes: int
    session_hours: int
    account_idle_days: int
    calendar: Mapping[date, bool] = field(default_factory=dict, compare=False, repr=False)
