"""A file of communes against the register: codes, names, provinces, and where the communes lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from ..country.communes import UNKNOWN_PROVINCE
from ..geodesy.units import METRES_PER_DEGREE
from ..text.vietnamese import name_key

if TYPE_CHECKING:
    import geopandas
    import pandas as pd
    from numpy.typing import NDArray

    from ..country.communes import Communes
    from ..findings.collector import FileFindings

_DISPLACED_M = (
    50.0  # outlines of another detail have their centroids within metres of each other, for most of them
)
_FEWEST = 5  # communes from which their typical shift is that of the file
_ELSEWHERE_M = 1000.0
_ELSEWHERE_SHARE = 0.5  # of a commune's width: drawing one anew moves its centroid by less


def compare_register(frame: geopandas.GeoDataFrame, register: Communes, about: FileFindings) -> int:
    """Compare communes with those of the register.

    Parameters
    ----------
    frame
        The communes of the file, as :func:`.communes.read_communes` gives them.
    register
        Those to compare with.
    about
        Told what differs.

    Returns
    -------
    int
        How many codes are in both.
    """
    official = dict(zip(register.frame["code"], register.frame["name"], strict=True))
    unknown = sorted(set(frame["code"]) - set(official))
    missing = sorted(set(official) - set(frame["code"]))
    if unknown:
        about.add("register.unknown-code", count=len(unknown), codes=unknown)
    if missing:
        about.add("register.missing-code", count=len(missing), codes=missing)
    _compare_names(frame, official, about)
    both = frame.merge(register.frame, on="code", suffixes=("", "_official"))
    _compare_provinces(both, about)
    _compare_places(both, about)
    return len(frame) - len(unknown)


def _compare_names(frame: geopandas.GeoDataFrame, official: dict[str, str], about: FileFindings) -> None:
    others: list[str] = []
    spelt: list[str] = []
    for code, name in zip(frame["code"], frame["name"], strict=True):
        if code in official and name != official[code]:
            example = f"{code} {name} / {official[code]}"
            (spelt if name_key(name) == name_key(official[code]) else others).append(example)
    if others:
        about.add("register.name-differs", count=len(others), examples=others[:3])
    if spelt:
        about.add("register.tone-placement", count=len(spelt), examples=spelt[:3])


def _compare_provinces(both: geopandas.GeoDataFrame, about: FileFindings) -> None:
    own, official = both["province_code"], both["province_code_official"]
    known = (own != UNKNOWN_PROVINCE) & (official != UNKNOWN_PROVINCE)
    differs = both[known & (own != official)]
    if len(differs):
        rows = zip(differs["code"], differs["province_code"], differs["province_code_official"], strict=True)
        examples = [f"{code}: {one} / {other}" for code, one, other in rows]
        about.add(
            "register.province-differs",
            count=len(differs),
            codes=list(differs["code"]),
            examples=examples[:3],
        )


def _compare_places(both: geopandas.GeoDataFrame, about: FileFindings) -> None:
    """Compare the centroids of the outlines: all moved alike is a system stated wrongly, single ones are mistakes."""
    if not len(both):
        return
    official = _centroids(both["geometry_official"])
    east, north = (_centroids(both["geometry"]) - official).T * METRES_PER_DEGREE
    east = east * np.cos(np.radians(official[:, 1]))
    moved_m = np.array([np.median(east), np.median(north)]) if len(both) >= _FEWEST else np.zeros(2)
    if np.hypot(*moved_m) > _DISPLACED_M:
        about.add("register.displaced", east_m=moved_m[0], north_m=moved_m[1])
    else:
        moved_m = np.zeros(2)
    width_m = 1000.0 * np.sqrt(both["area_km2_official"].to_numpy())
    away_m = np.hypot(east - moved_m[0], north - moved_m[1])
    elsewhere = away_m > np.maximum(_ELSEWHERE_M, _ELSEWHERE_SHARE * width_m)
    if elsewhere.any():
        codes = [str(code) for code in both["code"][elsewhere]]
        about.add("register.place-differs", count=len(codes), codes=codes)


def _centroids(outlines: pd.Series) -> NDArray[np.float64]:
    at: NDArray[np.float64] = shapely.get_coordinates(shapely.centroid(outlines.to_numpy(dtype=object)))
    return at
