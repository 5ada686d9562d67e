"""Two figures for the people of a commune: the raster's and the official one, and whether they agree.

Neither is right by itself. A raster may put the people of a coast on the wrong island, an official table may be
incomplete for a whole province. Both are kept, their ratio is told, and where they disagree beyond the profile's
limits the population counts as disputed until somebody decides and says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ...data.text.sentences import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ...data.country.overrides import Override
    from ...data.country.totals import OfficialTotals
    from ...data.findings.collector import FileFindings
    from ...data.project.profile import PopulationLimits

    Floats = NDArray[np.float64]

RASTER, OFFICIAL, OVERRIDE, UNKNOWN = "raster", "official", "override", "unknown"
"""What ``pop_total`` of a commune follows: ``pop_basis``."""

_ENOUGH_COMMUNES: Final = 10  # fewer have no level of their own
_SHOWN: Final = 5  # communes named in the finding
_WORTH_TELLING: Final = 0.001  # of all people: fewer change no share that anybody reads
_MUCH: Final = 0.05  # of a commune's people: as much as censuses and rasters of good countries differ by
_SHOWN_CODES: Final = 10
_FEW_PEOPLE: Final = 50.0  # below, both figures are small and a ratio says nothing


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which figure counts in each commune, shape (communes,).

    ``target`` is the number of people to scale the raster to, NaN where the raster's own figure stays. ``basis`` is one
    of :data:`RASTER`, :data:`OFFICIAL`, :data:`OVERRIDE`; whether the raster knows anything is not said here.
    """

    official: Floats
    target: Floats
    basis: NDArray[np.object_]


def choose(
    codes: pd.Series,
    totals: OfficialTotals | None,
    overrides: Mapping[str, Override],
    *,
    calibrate: bool,
) -> Chosen:
    """Choose the figure of each commune.

    Parameters
    ----------
    codes
        Codes of the communes.
    totals
        The official figures; None where the project names none.
    overrides
        Decisions for single communes, by code; they win.
    calibrate
        Official figures count wherever there is one.
    """
    stated = {} if totals is None else totals.people
    official = np.array([stated.get(code, np.nan) for code in codes], dtype=np.float64)
    counts = np.isfinite(official) & calibrate
    target = np.where(counts, official, np.nan)
    basis = np.where(counts, OFFICIAL, RASTER).astype(object)
    for at, code in enumerate(codes):
        decided = overrides.get(code)
        if decided is None:
            continue
        basis[at] = OVERRIDE
        target[at] = {RASTER: np.nan, OFFICIAL: official[at]}.get(decided.basis, decided.people)
    return Chosen(official, target, basis)


def compared(
    communes: pd.DataFrame, raster: Floats, chosen: Chosen, limits: PopulationLimits
) -> pd.DataFrame:
    """Put both figures beside each other and say where they are disputed.

    The ratio of a commune is compared with the usual ratio of its province (the median, where it has ten communes or
    more, else that of the country): where a census is older than a raster everywhere, no single commune is at fault. The
    area on the map against the official area is a second witness: an outline of another place has other people.

    Parameters
    ----------
    communes
        ``province_code``, ``area_km2`` and, where the file states it, ``area_official_km2``.
    raster
        People of the raster per commune; NaN where it knows nothing.
    chosen
        The figures that count.
    limits
        The profile's limits.

    Returns
    -------
    DataFrame
        In the order of the communes: ``pop_basis``, ``pop_raster``, ``pop_official``, ``raster_to_official`` (NaN where
        one figure is missing or nothing), ``pop_disputed``.
    """
    official = chosen.official
    ratio = np.full(len(communes), np.nan)
    both = np.isfinite(raster) & np.isfinite(official) & (official > 0) & (raster > 0)
    ratio[both] = raster[both] / official[both]
    small = np.fmax(raster, official) < _FEW_PEOPLE
    relative = ratio / _level(ratio, communes["province_code"].to_numpy(dtype=object))
    far = ~(relative <= limits.factor) | ~(relative >= 1 / limits.factor)
    nobody = np.isfinite(raster) & np.isfinite(official) & ((raster <= 0) != (official <= 0))
    disputed = ((both & far) | nobody) & ~small
    if "area_official_km2" in communes:
        area = communes["area_km2"].to_numpy(dtype=np.float64)
        stated = communes["area_official_km2"].to_numpy(dtype=np.float64)
        known = np.isfinite(stated) & (stated > 0)
        area_ratio = np.divide(area, stated, out=np.ones(len(area)), where=known)
        disputed |= (area_ratio > limits.area_factor) | (area_ratio < 1 / limits.area_factor)
    disputed &= chosen.basis != OVERRIDE  # somebody has decided
    nothing = ~np.isfinite(raster) & ~np.isfinite(chosen.target)
    return pd.DataFrame(
        {
            "pop_basis": np.where(nothing, UNKNOWN, chosen.basis),
            "pop_raster": raster,
            "pop_official": official,
            "raster_to_official": ratio,
            "pop_disputed": disputed,
        },
        index=communes.index,
    )


def _level(ratio: Floats, provinces: NDArray[np.object_]) -> Floats:
    """Give the usual ratio of each commune's province, or of the country; 1 where nothing can be compared."""
    known = np.isfinite(ratio)
    country = float(np.median(ratio[known])) if known.any() else 1.0
    level = np.full(len(ratio), country)
    for province in sorted(set(provinces.tolist())):
        inside = provinces == province
        if np.count_nonzero(inside & known) >= _ENOUGH_COMMUNES:
            level[inside] = float(np.median(ratio[inside & known]))
    return level


def report_disputed(communes: pd.DataFrame, about: FileFindings) -> None:
    """Tell the communes whose population is disputed, those that disagree most first.

    Parameters
    ----------
    communes
        The finished table of communes.
    about
        Speaks of the population raster.
    """
    disputed = communes[communes["pop_disputed"]]
    if disputed.empty:
        return
    ratio = disputed["raster_to_official"].to_numpy(dtype=np.float64)
    distance = np.abs(np.log(np.where(ratio > 0, ratio, np.nan)))
    order = np.lexsort((disputed["code"].to_numpy(dtype=str), -np.nan_to_num(distance, nan=np.inf)))
    first = disputed.iloc[order[:_SHOWN]]
    columns = (first[name] for name in ("code", "name", "pop_raster", "pop_official"))
    farthest = [
        phrase("two-figures", code=code, name=name, raster=_or_dash(raster), official=_or_dash(official))
        for code, name, raster, official in zip(*columns, strict=True)
    ]
    about.add("population.disputed", count=len(disputed), codes=disputed["code"].tolist(), farthest=farthest)


def report_unknown_land(
    figures: Mapping[str, object], communes: pd.DataFrame, beside: Floats, about: FileFindings
) -> None:
    """Report that the communes get people of cells which they share with land that no input describes.

    Parameters
    ----------
    figures
        ``people_beside_unknown_land`` and ``pop_total`` of the country.
    communes
        ``code`` and ``pop_total``.
    beside
        The same people for each commune, in their order.
    about
        Speaks of the population raster.
    """
    people, total = (float(str(figures[name])) for name in ("people_beside_unknown_land", "pop_total"))
    own = communes["pop_total"].to_numpy(dtype=np.float64)
    much = (beside > _MUCH * own) & (beside >= _FEW_PEOPLE)
    if not (much.any() or (people > 0 and people >= _WORTH_TELLING * total)):
        return
    codes = communes["code"].to_numpy()[much].tolist()
    shown = [
        *codes[:_SHOWN_CODES],
        *([f"… (+{len(codes) - _SHOWN_CODES})"] if len(codes) > _SHOWN_CODES else []),
    ]
    most = phrase("most-from-neighbours", count=len(codes), limit_pct=100 * _MUCH, codes=", ".join(shown))
    about.add(
        "population.unknown-land",
        people=people,
        share_pct=100 * people / total,
        codes=codes,
        most=most if codes else "",
    )


def _or_dash(people: float) -> float | str:
    """Give people, or a dash where they are not known."""
    return people if np.isfinite(people) else "-"
