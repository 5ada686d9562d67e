"""Arrays on disk: read back one by one, the same bytes, and no damage is ever believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from blackspot.data.disk.arrays import read_arrays, write_arrays
from blackspot.errors import WorkplaceError

if TYPE_CHECKING:
    from pathlib import Path

ARRAYS = {
    "table": np.arange(12.0).reshape(3, 4),
    "flags": np.array([True, False, True]),
    "masks": np.array([2**63, 1], np.uint64),
    "single": np.array(0.1),
    "name": np.array(b"abc"),
    "nothing": np.zeros((0, 3), np.int32),
}


def test_arrays_come_back(tmp_path: Path) -> None:
    """Every type, shape and bit; they may be changed."""
    write_arrays(tmp_path / "new" / "a", ARRAYS)
    back = read_arrays(tmp_path / "new" / "a")
    assert back is not None
    assert list(ARRAYS) == list(back)
    for name, values in ARRAYS.items():
        assert (values.dtype, values.shape, values.tobytes()) == (
            back[name].dtype,
            back[name].shape,
            back[name].tobytes(),
        )
    back["table"][0, 0] = 7.0


def test_the_same_arrays_give_the_same_bytes(tmp_path: Path) -> None:
    """Also those that lie in memory in another order; nothing unfinished stays behind."""
    write_arrays(tmp_path / "a", ARRAYS)
    write_arrays(tmp_path / "b", ARRAYS | {"table": np.asfortranarray(ARRAYS["table"])})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert ["a", "b"] == sorted(path.name for path in tmp_path.iterdir())


def test_one_array_is_read_without_the_others(tmp_path: Path) -> None:
    """What follows the wanted array may be lost; names that are not there are left out."""
    write_arrays(tmp_path / "a", ARRAYS)
    whole = (tmp_path / "a").read_bytes()
    (tmp_path / "a").write_bytes(whole[:-30])
    assert read_arrays(tmp_path / "a") is None
    some = read_arrays(tmp_path / "a", ["table", "unknown"])
    assert some is not None
    assert ["table"] == list(some)
    assert ARRAYS["table"].tolist() == some["table"].tolist()


def test_no_flipped_bit_is_believed(tmp_path: Path) -> None:
    """Any single bit of the file, head or content: nothing is read."""
    write_arrays(tmp_path / "a", ARRAYS)
    whole = bytearray((tmp_path / "a").read_bytes())
    believed = []
    for place in range(len(whole)):
        whole[place] ^= 1 << place % 8
        (tmp_path / "b").write_bytes(whole)
        if read_arrays(tmp_path / "b") is not None:
            believed.append(place)
        whole[place] ^= 1 << place % 8
    assert [] == believed


@pytest.mark.parametrize("content", [b"", b"blackspot arrays 1 ", b"\n\n", b"PK\x03\x04" * 99])
def test_foreign_files_are_not_read(tmp_path: Path, content: bytes) -> None:
    """Empty, cut off, or something else; a missing file and a folder likewise."""
    (tmp_path / "a").write_bytes(content)
    assert read_arrays(tmp_path / "a") is None
    assert read_arrays(tmp_path / "missing") is None
    assert read_arrays(tmp_path) is None


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file where the folder should be: said in a sentence."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(WorkplaceError, match="keep results for later runs"):
        write_arrays(tmp_path / "file" / "a", ARRAYS)
