"""The rules of plausibility in numbers: the same for the check of one file and for a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .displacement import find_shift

if TYPE_CHECKING:
    from ..data.findings import FileFindings
    from ..data.project_checks import CheckRules
    from .footprint import Footprint


def tell_place(
    rules: CheckRules, about: FileFindings, *, total_km2: float, outside_km2: float, full: int, touched: int
) -> None:
    """Tell ground outside every commune, and communes covered whole.

    Parameters
    ----------
    rules
        The limits.
    about
        Told what was found.
    total_km2, outside_km2
        Covered ground, and how much of it lies in no commune.
    full, touched
        Communes covered whole, and communes reached at all.
    """
    if total_km2 > 0 and outside_km2 > rules.outside_communes_share * total_km2:
        share = f"{100 * outside_km2 / total_km2:.0f}"
        about.add("plausibility.outside-communes", share_pct=share, area_km2=f"{outside_km2:,.1f}")
    if touched and full > rules.full_communes * touched:
        about.add("plausibility.covers-everything", full=full, touched=touched)


def tell_size(rules: CheckRules, about: FileFindings, *, now_km2: float, before_km2: float) -> None:
    """Tell a delivery that is much larger or smaller than the one before.

    Parameters
    ----------
    rules
        The limits.
    about
        Told what was found.
    now_km2, before_km2
        Covered ground of both.
    """
    change = now_km2 / before_km2 - 1.0 if before_km2 > 0 else 0.0
    if abs(change) <= rules.change_share:
        return
    code = "plausibility.grew" if change > 0 else "plausibility.shrank"
    about.add(
        "plausibility.collapsed" if -change > rules.collapse_share else code,
        change_pct=f"{100 * abs(change):.0f}",
        now_km2=f"{now_km2:,.1f}",
        before_km2=f"{before_km2:,.1f}",
    )


def tell_shift(rules: CheckRules, about: FileFindings, now: Footprint, before: Footprint) -> None:
    """Tell a delivery that is the one before, moved.

    Parameters
    ----------
    rules
        The limits.
    about
        Told what was found.
    now, before
        Footprints on one grid.
    """
    shift = find_shift(now, before)
    if shift.after - shift.before > rules.shift_gain and shift.after > rules.shift_agreement:
        about.add(
            "plausibility.displaced",
            east_m=f"{shift.east_m:+,.0f}",
            north_m=f"{shift.north_m:+,.0f}",
            before=f"{shift.before:.2f}",
            after=f"{shift.after:.2f}",
            cause=shift.cause,
        )
