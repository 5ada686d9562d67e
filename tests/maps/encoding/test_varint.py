"""Varints: the bytes worked out by hand, and every number that goes in comes out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from blackspot.maps.encoding.varint import deflate, inflate, pack, pack_signed, unpack, zigzag
from page_decoder import unzigzag

WHOLE = arrays.arrays(np.int64, st.integers(0, 60), elements=st.integers(-(2**62), 2**62))


def test_small_numbers_take_one_byte_and_300_two() -> None:
    """The layout: seven bits a byte, least significant first, the top bit means more follows."""
    assert bytes([0, 127, 0x80, 0x01, 0xAC, 0x02]) == pack([0, 127, 128, 300])


def test_signed_numbers_fold_around_zero() -> None:
    """0, -1, 1, -2 become 0, 1, 2, 3."""
    assert zigzag(np.array([0, -1, 1, -2])).tolist() == [0, 1, 2, 3]


@given(WHOLE)
def test_signed_numbers_come_back(values: np.ndarray) -> None:
    """Pack and unpack are inverse for any 63-bit number."""
    assert values.tolist() == unzigzag(unpack(pack_signed(values))).tolist()


def test_negative_numbers_need_folding() -> None:
    """A negative number is refused instead of being written as a huge one."""
    with pytest.raises(ValueError, match="zigzag"):
        pack([3, -1])


def test_cut_bytes_are_refused() -> None:
    """Bytes that end inside a number are no numbers."""
    with pytest.raises(ValueError, match="inside a number"):
        unpack(bytes([0x80]))


@given(st.binary(max_size=500))
def test_deflate_comes_back(data: bytes) -> None:
    """Raw deflate without a header."""
    assert data == inflate(deflate(data))
