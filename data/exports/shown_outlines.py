"""The outlines that tables show, and what an earlier run has kept of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import geopandas
import numpy as np

from .outlines.generalised import generalised
from .published import without_geometry

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ..disk.kept import KeptResults


class ShownOutlines(NamedTuple):
    """Gives tables outlines for looking at.

    Attributes
    ----------
    tolerance_deg
        How far they may lie from the full ones, in degrees; 0 leaves them as they are.
    kept
        Has those of an earlier run.
    full
        Digest of the full outlines of the communes.
    """

    tolerance_deg: float
    kept: KeptResults
    full: str

    def of_communes(self, frame: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
        """Leave out vertices of the outlines of communes, or take what an earlier run has kept."""
        if not self.tolerance_deg:
            return frame
        shapes = self.kept.geometries(
            "communes", self._content(), lambda: _without_vertices(frame, self.tolerance_deg)
        )
        return _with(frame, shapes)

    def find_provinces(
        self, provinces: pd.DataFrame, province_codes: NDArray[np.object_]
    ) -> NDArray[np.object_] | None:
        """Give the outlines of provinces that an earlier run has kept; None where there are none."""
        return self.kept.find_geometries("provinces", self._of_provinces(provinces, province_codes))

    def keep_provinces(
        self, provinces: pd.DataFrame, province_codes: NDArray[np.object_], shapes: NDArray[np.object_]
    ) -> None:
        """Keep the outlines of provinces for later runs; each commune says its province."""
        self.kept.keep_geometries("provinces", self._of_provinces(provinces, province_codes), shapes)

    def _of_provinces(self, provinces: pd.DataFrame, province_codes: NDArray[np.object_]) -> tuple[str, ...]:
        codes = [provinces["province_code"].tolist(), province_codes.tolist()]
        return (*self._content(), json.dumps(codes))

    def _content(self) -> tuple[str, str]:
        return (self.full, repr(self.tolerance_deg))


def shown(frame: geopandas.GeoDataFrame, tolerance_deg: float) -> geopandas.GeoDataFrame:
    """Leave out vertices of the outlines of a table; a tolerance of 0 leaves them as they are."""
    return _with(frame, _without_vertices(frame, tolerance_deg)) if tolerance_deg else frame


def with_shapes(
    frame: pd.DataFrame, shapes: NDArray[np.object_], like: geopandas.GeoDataFrame
) -> geopandas.GeoDataFrame:
    """Give a table outlines in the coordinate system of another one, in place of those that it has."""
    drawn = geopandas.GeoSeries(shapes, index=frame.index, crs=like.crs)
    return geopandas.GeoDataFrame(without_geometry(frame), geometry=drawn)


def _without_vertices(frame: geopandas.GeoDataFrame, tolerance_deg: float) -> NDArray[np.object_]:
    return generalised(np.array(frame.geometry.to_numpy(), dtype=object), tolerance_deg)


def _with(frame: geopandas.GeoDataFrame, shapes: NDArray[np.object_]) -> geopandas.GeoDataFrame:
    return frame.set_geometry(geopandas.GeoSeries(shapes, index=frame.index, crs=frame.crs))
