"""Official figures of communes against the people of a raster: sums, and figures that lost a digit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ...data.text.sentences import phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ...data.findings.collector import FileFindings
    from ...data.project.limits import CheckRules

_NEAR_TENTH = 0.2  # of the usual ratio: nearer to one tenth than to anything that happens by itself
_ALONE = 0.14  # a single commune must be this far down to be worth a word
_ENOUGH_COMMUNES = 10  # fewer have no level of their own
_THOUSANDTH = (1 / 3000, 1 / 300)  # of the raster's people: years and definitions are not a factor of three
_SAME_LEVEL = 0.4  # of the country's


def compare_totals(
    official: NDArray[np.float64],
    people: NDArray[np.float64],
    codes: Sequence[str],
    provinces: NDArray[np.object_],
    rules: CheckRules,
    about: FileFindings,
) -> None:
    """Compare official figures with the people of a raster, in sum and commune by commune.

    Parameters
    ----------
    official
        Official people per commune; NaN where the table has none.
    people
        People of the raster per commune.
    codes, provinces
        Code of each commune and of its province.
    rules
        The limits.
    about
        Speaks of the table.
    """
    known = np.isfinite(official) & (people > 0)
    total, other = float(official[known].sum()), float(people[known].sum())
    ratio = total / other if other > 0 else 1.0
    if _THOUSANDTH[0] < ratio < _THOUSANDTH[1]:
        about.ask("totals.thousands", reason=phrase("thousandth", total=total, other=other))
    elif not 1 / rules.total_ratio <= ratio <= rules.total_ratio:
        about.add("totals.sum-differs", total=total, other=other)
    report_digits(official, _expected(official, people, provinces), codes, rules, about)


def report_digits(
    figures: NDArray[np.float64],
    expected: NDArray[np.float64],
    codes: Sequence[str],
    rules: CheckRules,
    about: FileFindings,
) -> None:
    """Find the figures at about one tenth of what is expected.

    Parameters
    ----------
    figures
        Official people per commune; NaN where there are none.
    expected
        People to expect there.
    codes
        Code of each commune.
    rules
        The limits.
    about
        Speaks of the table.
    """
    ratio = np.where(expected > 0, figures / np.where(expected > 0, expected, 1.0), math.nan)
    known = np.isfinite(ratio) & (figures > 0)
    more = known & (ratio > 1 / _NEAR_TENTH)
    if more.sum() > max(1.0, rules.digit_cluster * known.sum()):
        gained = [codes[at] for at in np.flatnonzero(more).tolist()]
        about.add("totals.digits-gained", count=len(gained), codes=gained)
    near = known & (ratio < _NEAR_TENTH)
    if near.sum() > max(1.0, rules.digit_cluster * known.sum()):
        lost = known & (ratio < rules.digit_ratio)
        about.add(
            "totals.digits-lost",
            count=int(lost.sum()),
            codes=[codes[at] for at in np.flatnonzero(lost).tolist()],
        )
        return
    alone = np.flatnonzero(known & (ratio < _ALONE)).tolist()
    if alone:
        about.add("totals.far-from-raster", count=len(alone), codes=[codes[at] for at in alone])


def _expected(
    figures: NDArray[np.float64], people: NDArray[np.float64], provinces: NDArray[np.object_]
) -> NDArray[np.float64]:
    """Scale a raster's people to the level of the table, province by province (medians bear many mistakes)."""
    usable = np.isfinite(figures) & (figures > 0) & (people > 0)
    ratio = np.where(usable, figures / np.where(people > 0, people, 1.0), np.nan)
    level = float(np.nanmedian(ratio)) if usable.any() else 1.0
    expected = people * level
    for province in sorted(set(provinces.tolist())):
        inside = provinces == province
        own = ratio[inside & usable]
        if len(own) >= _ENOUGH_COMMUNES:
            # Where most of a province lost a digit, its own level is the mistake; the country's holds then.
            local = float(np.median(own))
            expected[inside] = people[inside] * (local if local > _SAME_LEVEL * level else level)
    return expected
