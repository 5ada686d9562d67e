"""The block of black spots of a page: which spots, their numbers, their outlines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .shapes import SPOT_QUANTUM_PER_DEGREE, encode_spots

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

SPOT_UNITS = {"pop": 10, "area": 100, "distance": 100}
"""Units per person, per square kilometre and per kilometre."""

UNITS_PER_DEGREE = 100_000
"""Units of the points; 180 and 90 degrees are added so that none is negative."""


def spots_block(
    spots: gpd.GeoDataFrame, codes: NDArray[np.object_], *, outlines: bool
) -> tuple[bytes, list[str], dict[str, Any]]:
    """Encode the black spots of some communes.

    Parameters
    ----------
    spots
        The black spots of the run.
    codes
        Codes of the communes of the page, in its order.
    outlines
        Whether the outlines are kept; without, a spot is its point.

    Returns
    -------
    tuple
        The block; the id of each spot without its commune's code; the facts the page needs to read the block. The
        number columns are people, area, longitude, latitude, bits of the missing services, rank (0 for none, else
        plus 1) and one distance per service (0 for none, else plus 1).
    """
    row_of = {code: at for at, code in enumerate(codes)}
    commune = np.array([row_of.get(code, -1) for code in spots["code"]], dtype=np.int64)
    people = spots["pop"].to_numpy(dtype=np.float64)
    order = np.lexsort((-people, commune))
    order = order[commune[order] >= 0]
    here, commune = spots.iloc[order], commune[order]
    prefix, suffix = "distance_to_", "_km"
    services = [
        str(name)[len(prefix) : -len(suffix)]
        for name in here.columns
        if str(name).startswith(prefix) and str(name).endswith(suffix)
    ]
    missing = [[one for one in str(text).split(",") if one] for text in here["missing"]]
    names = sorted({one for listed in missing for one in listed})
    numbers = [
        _units(here["pop"], SPOT_UNITS["pop"]),
        _units(here["area_km2"], SPOT_UNITS["area"]),
        _units(here["lon"] + 180.0, UNITS_PER_DEGREE),
        _units(here["lat"] + 90.0, UNITS_PER_DEGREE),
        np.array([sum(1 << names.index(one) for one in listed) for listed in missing], dtype=np.int64),
        _units_or_none(here["rank"], 1) if "rank" in here else np.zeros(len(here), dtype=np.int64),
        *(_units_or_none(here[f"{prefix}{service}{suffix}"], SPOT_UNITS["distance"]) for service in services),
    ]
    shapes = here.geometry.to_numpy() if outlines else np.full(len(here), None, dtype=object)
    ids = [str(one).removeprefix(f"{codes[row]}-") for one, row in zip(here["spot_id"], commune, strict=True)]
    facts = {
        "count": len(here),
        "quantum": SPOT_QUANTUM_PER_DEGREE,
        "units": SPOT_UNITS,
        "missing": names,
        "distances": services,
        "outlines": outlines,
    }
    return encode_spots(shapes, commune, numbers), ids, facts


def past_spots_block(spots: pd.DataFrame, codes: NDArray[np.object_]) -> tuple[bytes, dict[str, Any]]:
    """Encode the points of the black spots of the period before, for the past side of the map.

    Parameters
    ----------
    spots
        ``code``, ``pop``, ``lon``, ``lat`` of the run before.
    codes
        Codes of the communes of the page, in its order; spots of other communes are left out.

    Returns
    -------
    tuple
        The block, in the layout of :func:`spots_block` with the columns people, nothing, longitude and latitude; and
        how many there are.
    """
    row_of = {code: at for at, code in enumerate(codes)}
    commune = np.array([row_of.get(code, -1) for code in spots["code"]], dtype=np.int64)
    order = np.lexsort((-spots["pop"].to_numpy(dtype=np.float64), commune))
    order = order[commune[order] >= 0]
    here = spots.iloc[order]
    numbers = [
        _units(here["pop"], SPOT_UNITS["pop"]),
        np.zeros(len(here), dtype=np.int64),
        _units(here["lon"] + 180.0, UNITS_PER_DEGREE),
        _units(here["lat"] + 90.0, UNITS_PER_DEGREE),
    ]
    block = encode_spots(np.full(len(here), None, dtype=object), commune[order], numbers)
    return block, {"count": len(here), "quantum": SPOT_QUANTUM_PER_DEGREE}


def _units(column: pd.Series[float], per_unit: int) -> NDArray[np.int64]:
    return np.rint(column.to_numpy(dtype=np.float64) * per_unit).astype(np.int64)


def _units_or_none(column: pd.Series[Any], per_unit: int) -> NDArray[np.int64]:
    """0 where there is none, else the units plus 1."""
    values = column.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    known = np.isfinite(values)
    return np.where(known, np.rint(np.where(known, values, 0.0) * per_unit) + 1, 0).astype(np.int64)
