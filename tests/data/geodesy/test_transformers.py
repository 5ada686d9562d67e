"""Ways between reference systems are looked for once, and are those that PROJ gives."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyproj
import pytest
from pyproj.exceptions import ProjError

from blackspot.data.geodesy.transformers import transformer_between

LONLAT = pyproj.CRS("EPSG:4326")
ZONE = pyproj.CRS("EPSG:3405")


def test_a_way_is_looked_for_once() -> None:
    """Another object of the same system has the same way; the way back and one without ballpark are others."""
    found = transformer_between(ZONE, LONLAT)
    assert found is transformer_between(pyproj.CRS("EPSG:3405"), LONLAT)
    assert found is not transformer_between(LONLAT, ZONE)
    assert found is not transformer_between(ZONE, LONLAT, ballpark=False)


def test_places_are_carried_as_pyproj_does_also_in_other_threads() -> None:
    """Every thread has its own state of the one transformer."""
    x, y = np.linspace(4e5, 7e5, 500), np.linspace(1e6, 2.5e6, 500)
    expected = pyproj.Transformer.from_crs(ZONE, LONLAT, always_xy=True).transform(x, y)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: transformer_between(ZONE, LONLAT).transform(x, y), range(16)):
            assert np.array_equal(expected, found)


def test_without_ballpark_there_may_be_no_way() -> None:
    """A datum of which nothing is known is not shifted by nothing when that is forbidden, asked again or not."""
    unknown = pyproj.CRS("+proj=longlat +ellps=evrst30 +type=crs")
    transformer_between(unknown, LONLAT)
    for _ in range(2):
        with pytest.raises(ProjError):
            transformer_between(unknown, LONLAT, ballpark=False)
