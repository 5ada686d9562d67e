"""The rules of plausibility in numbers: the same for the check of one file and for a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ...data.geodesy.area import area_km2
from .shift import find_shift

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ...data.findings.collector import FileFindings
    from ...data.project.limits import CheckRules
    from .footprint import Footprint

_MEASURED_DEG = 2.0  # coverage is measured so far beyond the country
_ENOUGH_ELSEWHERE = 0.1  # of the box: where communes fill it, it holds no sea and no neighbours
_FAR_COMMUNES = 200  # of so many, one may reach out of the box on each side: islands far out at sea


@dataclass(frozen=True, slots=True)
class Cover:
    """What a file covers, square kilometres.

    Attributes
    ----------
    total_km2
        All of it, as far as two degrees beyond the country.
    in_box_km2
        In the bounding box of the country.
    in_communes_km2
        In communes.
    communes_km2
        Ground of all communes.
    """

    total_km2: float
    in_box_km2: float
    in_communes_km2: float
    communes_km2: float

    def share_of_everything(self, box_4326: tuple[float, float, float, float]) -> float:
        """Say how much of the country and its surroundings is covered.

        Parameters
        ----------
        box_4326
            Around the country: west, south, east, north.

        Returns
        -------
        float
            The covered share of the box, or of its part that is no commune, whichever is less; or that of the
            box widened by two degrees, where it is more. May exceed 1 by errors of measurement.
        """
        west, south, east, north = box_4326
        wide = (west - _MEASURED_DEG, south - _MEASURED_DEG, east + _MEASURED_DEG, north + _MEASURED_DEG)
        boxes = np.array([shapely.box(*box_4326), shapely.box(*wide)], dtype=np.object_)
        box_km2, wide_km2 = map(float, area_km2(boxes))
        of_wide = self.total_km2 / wide_km2
        elsewhere_km2 = box_km2 - self.communes_km2
        if elsewhere_km2 < _ENOUGH_ELSEWHERE * box_km2:
            return of_wide
        of_elsewhere = (self.in_box_km2 - self.in_communes_km2) / elsewhere_km2
        return max(of_wide, min(self.in_box_km2 / box_km2, of_elsewhere))


def main_box(bounds_4326: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Give the bounding box of a country without its farthest islands.

    Parameters
    ----------
    bounds_4326
        Of each commune: west, south, east, north, shape (n, 4).

    Returns
    -------
    tuple of float
        West, south, east, north; on each side one commune in two hundred may reach out.
    """
    left_out = len(bounds_4326) // _FAR_COMMUNES
    ordered = np.sort(bounds_4326, axis=0)
    west, south = ordered[left_out, :2].tolist()
    east, north = ordered[-1 - left_out, 2:].tolist()
    return (west, south, east, north)


def check_everywhere(rules: CheckRules, about: FileFindings, share: float) -> bool:
    """Check whether a file covers practically everything, the sea and the neighbours included.

    Parameters
    ----------
    rules
        The limits.
    about
        Asked.
    share
        From :meth:`Cover.share_of_everything`.

    Returns
    -------
    bool
        It does.
    """
    if share <= rules.everywhere_share:
        return False
    about.add("plausibility.everywhere", share_pct=100 * min(share, 1.0))
    return True


def report_place(
    rules: CheckRules,
    about: FileFindings,
    *,
    total_km2: float,
    outside_km2: float,
    full: int,
    touched: int,
    share_of_everything: Callable[[], float],
) -> None:
    """Report ground outside every commune, communes covered whole, and a file that covers simply everything.

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
    share_of_everything
        Measures how much of the country and its surroundings is covered; asked where communes are covered whole.
    """
    if total_km2 > 0 and outside_km2 > rules.outside_communes_share * total_km2:
        share_pct = 100 * outside_km2 / total_km2
        about.add("plausibility.outside-communes", share_pct=share_pct, area_km2=outside_km2)
    covers_whole = touched > 0 and full > rules.full_communes * touched
    if covers_whole and not check_everywhere(rules, about, share_of_everything()):
        about.add("plausibility.covers-everything", full=full, touched=touched)


def report_size(rules: CheckRules, about: FileFindings, *, now_km2: float, before_km2: float) -> None:
    """Report a delivery that is much larger or smaller than the one before.

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
        change_pct=100 * abs(change),
        now_km2=now_km2,
        before_km2=before_km2,
    )


def check_shift(rules: CheckRules, about: FileFindings, now: Footprint, before: Footprint) -> bool:
    """Check whether a delivery is the one before, moved, and report it.

    Parameters
    ----------
    rules
        The limits.
    about
        Told what was found.
    now, before
        Footprints on one grid.

    Returns
    -------
    bool
        It is.
    """
    shift = find_shift(now, before)
    moved = shift.after - shift.before > rules.shift_gain and shift.after > rules.shift_agreement
    if moved:
        about.add(
            "plausibility.displaced",
            east_m=shift.east_m,
            north_m=shift.north_m,
            before=shift.before,
            after=shift.after,
            cause=shift.cause,
        )
    return moved
