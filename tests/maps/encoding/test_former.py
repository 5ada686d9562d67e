"""Former names as bytes: read back as they were, and small."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.maps.encoding.former import encode_former
from page_decoder import decode_former

WORD = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=6)
TEXT = st.lists(WORD, min_size=1, max_size=4).map(" ".join)
ROWS = st.lists(st.tuples(st.integers(0, 300), TEXT, st.one_of(st.just(""), TEXT)), min_size=1, max_size=40)


@given(ROWS)
def test_names_are_read_back_as_they_were(given_rows: list[tuple[int, str, str]]) -> None:
    """Any words, any number of names of a commune, places or none."""
    rows = sorted(given_rows, key=lambda row: row[0])
    row, names, places = (list(column) for column in zip(*rows, strict=True))
    assert rows == decode_former(encode_former(np.array(row), names, places, 301), 301)


def test_the_same_names_give_the_same_bytes_in_less_room_than_their_text() -> None:
    """Words that stand again cost a number each."""
    rng = np.random.default_rng(5)
    names = [
        f"Xã {a} {b}" for a, b in rng.choice(["Tân", "Thành", "Phước", "Hòa", "Mường", "Chiềng"], (500, 2))
    ]
    row = np.sort(rng.integers(0, 200, 500))
    packed = encode_former(row, names, ["Huyện Một"] * 500, 200)
    assert packed == encode_former(row, names, ["Huyện Một"] * 500, 200)
    assert len(packed) < len("\n".join(names).encode()) / 6


def test_rows_beyond_the_page_are_refused() -> None:
    """A name of no commune would shift all that follow."""
    with pytest.raises(ValueError, match="row"):
        encode_former(np.array([3]), ["A"], [""], 3)
