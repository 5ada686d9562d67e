"""Arrays on disk: read back one by one, the same bytes, and no damage is ever believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from blackspot.data.disk.arrays import forget, mark_as_used, read_arrays, write_arrays
from machine_trouble import small_disk

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
    before = (tmp_path / "a").read_bytes()
    write_arrays(tmp_path / "a", ARRAYS | {"table": np.asfortranarray(ARRAYS["table"])})
    assert before == (tmp_path / "a").read_bytes()
    assert ["a"] == [path.name for path in tmp_path.iterdir()]


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
        (tmp_path / "a").write_bytes(whole)
        if read_arrays(tmp_path / "a") is not None:
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


def test_a_file_under_the_name_of_another_is_not_read(tmp_path: Path) -> None:
    """Two files exchanged, in one folder or between two: each is whole, and neither is what its name says."""
    places = [tmp_path / "a" / "one", tmp_path / "a" / "two", tmp_path / "b" / "one"]
    for place in places:
        write_arrays(place, ARRAYS)
        assert read_arrays(place) is not None
    for first, second in ((places[0], places[1]), (places[0], places[2])):
        contents = first.read_bytes(), second.read_bytes()
        for place, content in zip((second, first), contents, strict=True):
            place.write_bytes(content)
            assert read_arrays(place) is None
        write_arrays(first, ARRAYS)
        write_arrays(second, ARRAYS)


def test_a_place_that_keeps_nothing_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A file where the folder should be: said in a sentence, and nobody is stopped."""
    (tmp_path / "file").write_bytes(b"")
    for name in "ab":
        write_arrays(tmp_path / "file" / name, ARRAYS)
        mark_as_used(tmp_path / "file" / name)
    assert 1 == len(caplog.messages)
    assert "cannot keep results for later runs" in caplog.text
    forget(tmp_path)
    assert "cannot be deleted" in caplog.messages[1]
    assert tmp_path.is_dir()


def test_a_full_disk_keeps_what_was_there(tmp_path: Path) -> None:
    """The old file stays whole, and nothing unfinished stays behind."""
    with small_disk(tmp_path / "disk", 64) as disk:
        write_arrays(disk / "a" / "one", ARRAYS)
        write_arrays(disk / "a" / "one", {"large": np.zeros(1 << 16)})
        assert ["one"] == [path.name for path in (disk / "a").iterdir()]
        back = read_arrays(disk / "a" / "one")
    assert back is not None
    assert list(ARRAYS) == list(back)
