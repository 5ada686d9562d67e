"""Files of a reply: regular ones of the right shape."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest

from blackspot.data.isolation.answers import Answer, checked
from blackspot.data.isolation.reply import BadReplyError, load_json, load_table, map_array, save_table

if TYPE_CHECKING:
    from pathlib import Path


def test_only_regular_files_of_the_right_shape_come_back(tmp_path: Path) -> None:
    """No link, no pickle, no other columns, no other numbers."""
    (tmp_path / "secret.json").write_text("{}")
    (tmp_path / "reply.json").symlink_to(tmp_path / "secret.json")
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "half.json").write_text('{"findings": [')
    os.mkfifo(tmp_path / "pipe.json")
    for name in ("reply.json", "list.json", "none.json", "pipe.json", "half.json"):
        with pytest.raises(BadReplyError):
            checked(load_json(tmp_path / name), Answer)
    np.save(tmp_path / "objects.npy", np.array([{}]), allow_pickle=True)
    np.save(tmp_path / "numbers.npy", np.zeros((2, 3)))
    for name, dtype, shape in (
        ("objects.npy", object, (1,)),
        ("numbers.npy", float, (3, 2)),
        ("numbers.npy", np.float32, (2, 3)),
    ):
        with pytest.raises(BadReplyError):
            map_array(tmp_path / name, np.dtype(dtype), shape)
    assert (2, 3) == map_array(tmp_path / "numbers.npy", np.dtype(float), (2, 3)).shape
    save_table(tmp_path / "a.arrow", {"a": pa.array([1])})
    assert [1] == load_table(tmp_path / "a.arrow", ["a"]).column("a").to_pylist()
    with pytest.raises(BadReplyError):
        load_table(tmp_path / "a.arrow", ["b"])
    (tmp_path / "a.arrow").write_bytes((tmp_path / "a.arrow").read_bytes()[:40])
    with pytest.raises(BadReplyError):
        load_table(tmp_path / "a.arrow", ["a"])
