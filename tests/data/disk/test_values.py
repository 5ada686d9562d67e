"""Values kept as arrays: everything comes back equal in every bit, and what cannot be kept is never kept by half."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from typing import TYPE_CHECKING, Any, NamedTuple

import geopandas
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from blackspot.data.disk.arrays import read_arrays, write_arrays
from blackspot.data.disk.values import UnkeepableError, from_arrays, to_arrays

if TYPE_CHECKING:
    from pathlib import Path


class Corner(NamedTuple):
    """A named tuple."""

    lon: float
    lat: float


@dataclasses.dataclass(frozen=True, slots=True)
class Fact:
    """A frozen dataclass that holds anything."""

    name: str
    what: Any


class Unknown(NamedTuple):
    """A named tuple that the caller does not name."""

    lon: float


CLASSES = (Corner, Fact)


def again(value: object, folder: Path) -> Any:
    """Write a value to the disk and read it back."""
    path = folder / "a.value"
    write_arrays(path, to_arrays(value, CLASSES))
    arrays = read_arrays(path)
    assert arrays is not None
    return from_arrays(arrays, CLASSES)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.dates(),
    lambda part: (
        st.tuples(part, part)
        | st.lists(part)
        | st.dictionaries(st.text(), part)
        | st.builds(Corner, part, part)
        | st.builds(Fact, st.text(), part)
    ),
)


@given(value=plain)
def test_plain_values_come_back_as_they_were(value: object) -> None:
    found = from_arrays(to_arrays(value, CLASSES), CLASSES)
    assert value == found
    assert repr(value) == repr(found)  # True is not 1, a list no tuple, -0.0 not 0.0


def test_sets_paths_and_numbers_that_are_none(tmp_path: Path) -> None:
    value = (frozenset({"b", "a"}), tmp_path / "a b", math.inf, {1: (), "ộ\ud800": dt.date(2026, 11, 30)})
    assert value == again(value, tmp_path)
    assert math.isnan(again(math.nan, tmp_path))


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6, dtype=np.int32).reshape(2, 3),
        np.array([1.5, np.nan, -0.0]),
        np.zeros((0, 2), dtype=bool),
        np.array([b"ab", b"c"]),
    ],
)
def test_arrays_keep_type_shape_and_bytes(array: np.ndarray, tmp_path: Path) -> None:
    found = again(Fact("array", array), tmp_path).what
    assert (array.dtype, array.shape, array.tobytes()) == (found.dtype, found.shape, found.tobytes())


def test_words_and_geometries_with_gaps(tmp_path: Path) -> None:
    words = np.array(["xã", None, math.nan, 7], dtype=object)
    found = again(words, tmp_path)
    assert ["xã", None, 7] == [found[0], found[1], found[3]]
    assert math.isnan(found[2])
    shapes = np.array([shapely.box(0, 0, 1, 2), None, shapely.Point(), shapely.Point(1, 2, 3)], dtype=object)
    read = again(shapes, tmp_path)
    assert shapely.to_wkb(shapes).tolist() == shapely.to_wkb(read).tolist()


def test_tables_keep_types_of_columns_missing_values_and_their_system(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "word": pd.array(["a", None], dtype="string"),
            "text": pd.Series(["a", "b"]),
            "number": pd.array([1, None], dtype="Int64"),
            "flag": pd.array([True, None], dtype="boolean"),
            "share": [0.5, np.nan],
            "day": np.array(["2026-11-30", "NaT"], dtype="datetime64[s]"),
        }
    )
    pd.testing.assert_frame_equal(table, again(table, tmp_path))
    drawn = geopandas.GeoDataFrame(table, geometry=[shapely.Point(1, 2), None], crs="EPSG:4326")
    found = again(Fact("drawn", drawn), tmp_path).what
    pd.testing.assert_frame_equal(drawn, found)
    assert drawn.crs == found.crs
    assert "EPSG:4326" == found.crs.srs


def test_a_system_comes_back_in_the_same_words(tmp_path: Path) -> None:
    for stated in ("EPSG:9217", pyproj.CRS("EPSG:9217").to_wkt()):
        crs = pyproj.CRS(stated)
        assert crs.srs == again(crs, tmp_path).srs


@pytest.mark.parametrize(
    "value",
    [
        Unknown(1.0),
        {1, 2},
        np.float64(1),
        object(),
        dt.datetime(2026, 11, 30, tzinfo=dt.UTC),
        pd.DataFrame({"a": [1]}, index=["row"]),
        Fact("inside", [Unknown(1.0)]),
    ],
)
def test_what_cannot_be_kept_is_refused(value: object) -> None:
    with pytest.raises(UnkeepableError):
        to_arrays(value, CLASSES)
