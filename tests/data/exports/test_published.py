"""The shape of published tables: rounding, clean text, the notice."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point

from blackspot.data.columns.column import KINDS
from blackspot.data.columns.register import UnknownColumnError
from blackspot.data.disk.kept import geometry_digest
from blackspot.data.exports.published import DECIMALS, published, without_geometry


def test_a_column_has_the_type_of_its_kind() -> None:
    """Whatever holds the values: whole numbers as real ones, a table without rows, nothing but gaps."""
    frame = pd.DataFrame(
        {
            "pop_total": pd.Series([1, 2], dtype="int64"),
            "rank": [1.0, None],
            "is_rural": pd.Series([True, None], dtype=object),
            "pop_source": pd.Series([None, None], dtype=object),
        }
    )
    expected = {"pop_total": "float64", "rank": "Int64", "is_rural": "boolean", "pop_source": "str"}
    for rows in (frame, frame.head(0)):
        table = published(rows, "communes")
        assert expected == {str(name): str(dtype) for name, dtype in table.dtypes.items()}


def test_a_column_that_nobody_described_is_not_published() -> None:
    """The message names the table, the column and where to describe it."""
    with pytest.raises(UnknownColumnError, match=r"communes has a column 'x_km' .*columns\.toml"):
        published(pd.DataFrame({"x_km": [1.0]}), "communes")


def test_numbers_are_rounded_by_kind() -> None:
    """People to 8 decimals, shares and km² to 6, km to 3."""
    third = 1 / 3
    frame = pd.DataFrame(
        {
            "pop_total": [third],
            "covered_share_5g": [third],
            "area_km2": [third],
            "border_distance_km": [third],
        }
    )
    row = published(frame, "communes").iloc[0]
    assert [0.33333333, 0.333333, 0.333333, 0.333] == row.tolist()


@given(st.lists(st.floats(0, 1e6), min_size=4, max_size=4))
def test_rounding_keeps_the_identity_of_the_three_states(parts: list[float]) -> None:
    """Covered + uncovered + no data is still the total to 1e-6 after rounding."""
    covered, uncovered, no_data, _ = parts
    total = covered + uncovered + no_data
    columns = {
        "pop_covered_5g": covered,
        "pop_uncovered_5g": uncovered,
        "pop_no_data_5g": no_data,
        "pop_total": total,
    }
    row = published(pd.DataFrame({name: [value] for name, value in columns.items()}), "communes").iloc[0]
    assert row.pop_total == pytest.approx(
        row.pop_covered_5g + row.pop_uncovered_5g + row.pop_no_data_5g, abs=1e-6
    )


def test_no_negative_zero_and_nothing_infinite() -> None:
    """-0.0 and a tiny negative number become 0.0; infinite numbers become missing."""
    people = pd.DataFrame({"pop": [-0.0, -1e-12, np.inf, -np.inf, np.nan]})
    values = published(people, "black_spots")["pop"].to_numpy()
    assert not np.signbit(values[:2]).any()
    assert [0.0, 0.0] == values[:2].tolist()
    assert np.isnan(values[2:]).all()


def test_rounding_twice_changes_nothing() -> None:
    """A published table that is published again stays the same."""
    frame = pd.DataFrame({"pop": np.random.default_rng(1).random(1000) * 1e6, "name": ["a\nb"] * 1000})
    once = published(frame, "black_spots")
    pd.testing.assert_frame_equal(once, published(once, "black_spots"))


def test_missing_text_is_empty_text_and_codes_stay_text() -> None:
    """No null in text columns, whatever the column is made of; leading zeros stay."""
    frame = pd.DataFrame({"code": ["00688", None], "type": pd.Series([None, np.nan], dtype=object)})
    table = published(frame, "communes")
    assert ["00688", ""] == table["code"].tolist()
    assert ["", ""] == table["type"].tolist()


def test_nullable_numbers_and_flags_stay_nullable() -> None:
    """A missing rank is missing, not 0, and a missing flag is not false."""
    frame = pd.DataFrame(
        {"rank": pd.array([2, None], dtype="Int64"), "is_island": pd.array([True, None], dtype="boolean")},
        index=[7, 3],
    )
    table = published(frame, "communes")
    assert [False, True] == table["rank"].isna().tolist()
    assert [False, True] == table["is_island"].isna().tolist()
    assert [0, 1] == table.index.tolist()


def test_the_notice_is_the_last_column_and_only_there_when_needed() -> None:
    """A notice stands in every row; without one there is no such column."""
    frame = pd.DataFrame({"code": ["1", "2"]})
    assert ["code", "notice"] == published(frame, "communes", "DỮ LIỆU MẪU").columns.tolist()
    assert {"DỮ LIỆU MẪU"} == set(published(frame, "communes", "DỮ LIỆU MẪU")["notice"])
    assert ["code"] == published(frame, "communes").columns.tolist()


def test_geometry_moves_to_the_end_and_keeps_its_crs() -> None:
    """The geometry is untouched, called geometry, and can be taken off."""
    shapes = geopandas.GeoSeries([Point(105.123456789, 21.0)], crs="EPSG:4326")
    frame = geopandas.GeoDataFrame({"shape": shapes, "code": ["1"]}, geometry="shape")
    table = published(frame, "communes", "x")
    assert isinstance(table, geopandas.GeoDataFrame)
    assert ["code", "notice", "geometry"] == table.columns.tolist()
    assert table.crs == shapes.crs
    assert Point(105.123456789, 21.0) == table.geometry.iloc[0]
    assert geometry_digest(frame.geometry.to_numpy()) == geometry_digest(table.geometry.to_numpy())
    assert ["code", "notice"] == without_geometry(table).columns.tolist()
    assert not isinstance(without_geometry(table), geopandas.GeoDataFrame)


def test_the_table_given_is_not_changed() -> None:
    """Publishing works on a copy."""
    frame = pd.DataFrame({"pop": [1 / 3], "name": ["a\nb"]})
    published(frame, "black_spots", "x")
    assert 1 / 3 == frame["pop"].iloc[0]
    assert ["pop", "name"] == frame.columns.tolist()


def test_every_kind_of_decimal_number_has_its_decimals() -> None:
    """Nothing that is rounded is rounded by accident."""
    assert set(KINDS) - {"flag", "count", "text"} == set(DECIMALS)
