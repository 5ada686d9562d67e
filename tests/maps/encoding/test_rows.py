"""The bytes of coverage rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from blackspot.maps.encoding.rows import decode_rows, encode_rows
from blackspot.maps.encoding.varint import deflate, pack
from map_shapes import rows_of

if TYPE_CHECKING:
    import numpy as np


@given(arrays.arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 14))))
def test_rows_come_back(cells: np.ndarray) -> None:
    """Encoding keeps every run, empty rows in between included."""
    rows = rows_of(cells, x0=700, y0=90)
    found = decode_rows(encode_rows(rows))
    for name in ("row", "start", "end"):
        assert getattr(rows, name).tolist() == getattr(found, name).tolist()


def test_other_bytes_are_no_rows() -> None:
    """A length that does not fit is noticed."""
    with pytest.raises(ValueError, match="no coverage rows"):
        decode_rows(deflate(pack([0, 3, 0, 2, 1])))
