"""What a run says about itself."""

from __future__ import annotations

import hashlib
import json
import math
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.data.disk.hashing import InputFile
from blackspot.data.geodesy.operation import Operation
from blackspot.data.readers.facts import LayerFacts
from blackspot.data.runs.manifest import (
    RunFacts,
    added,
    build_manifest,
    canonical_json,
    damage,
    output_hashes,
    plain,
    read_manifest,
    write_manifest,
)
from blackspot.errors import Finding, WorkplaceError

FINDING = Finding("communes.repaired", "note", "2 rings were repaired", "đã sửa 2 vòng", count=2)


def facts(root: Path, **changes: Any) -> RunFacts:
    values: dict[str, Any] = {
        "run_id": "000001-abcdef",
        "inputs_digest": "abcdef" + "0" * 58,
        "inputs": [InputFile("communes", root / "data" / "xã.gpkg", "1" * 64, 10, "2026-07")],
        "layers": [None],
        "project_file": root / "project" / "blackspot.toml",
        "project_digest": "2" * 64,
        "profile": {"id": "vn-5g", "version": "1", "digest": "3" * 64},
        "versions": {"blackspot": "0.1.0"},
        "findings": [FINDING],
        "figures": {"pop_total": np.float64(10.5), "unknown": math.nan, "communes": np.int64(3)},
        "title": {"vi": "Bản đồ", "en": "Map"},
        "notice": {"vi": "", "en": ""},
    }
    return RunFacts(**(values | changes))


def run_folder(root: Path) -> Path:
    folder = root / "run"
    (folder / "maps").mkdir(parents=True)
    (folder / "communes.csv").write_bytes(b"code\r\n")
    (folder / "maps" / "02.html").write_bytes(b"<html>")
    return folder


def test_outputs_are_listed_with_hash_and_size(tmp_path: Path) -> None:
    """Every file, also in inner folders, by its path with slashes; the manifest itself is not one of them."""
    folder = run_folder(tmp_path)
    (folder / "manifest.json").write_text("{}")
    expected = {
        "communes.csv": {"sha256": hashlib.sha256(b"code\r\n").hexdigest(), "size": 6},
        "maps/02.html": {"sha256": hashlib.sha256(b"<html>").hexdigest(), "size": 6},
    }
    assert expected == output_hashes(folder)


def test_a_manifest_survives_writing_and_reading(tmp_path: Path) -> None:
    """What is read is what was built; numbers of numpy became plain, NaN became null."""
    folder = run_folder(tmp_path)
    manifest = build_manifest(folder, facts(tmp_path))
    assert folder / "manifest.json" == write_manifest(folder, manifest)
    assert manifest == read_manifest(folder)
    assert {"pop_total": 10.5, "unknown": None, "communes": 3} == manifest["figures"]


def test_inputs_are_told_by_name_and_by_path_from_the_project(tmp_path: Path) -> None:
    """The path starts at the project's folder, wherever that stands."""
    manifest: Any = build_manifest(run_folder(tmp_path), facts(tmp_path))
    (entry,) = manifest["inputs"]
    assert ("communes", "xã.gpkg", "../data/xã.gpkg") == (entry["role"], entry["file"], entry["path"])
    assert ("1" * 64, 10, "2026-07") == (entry["sha256"], entry["size"], entry["vintage"])


def test_the_way_to_wgs_84_stands_beside_every_input_that_has_one(tmp_path: Path) -> None:
    """The layer only where several layers of a file have a way; a table and a layer nobody placed have none."""
    country, table = tmp_path / "xã.gpkg", tmp_path / "xã.csv"
    exact, coarse = Operation("EPSG:3405", "VN-2000 to WGS 84 (2)", "EPSG:6960", 1.0), Operation("EPSG:3148")
    layers = [
        LayerFacts(country, "xã\n", operation=exact),
        LayerFacts(country, "tỉnh", operation=coarse),
        LayerFacts(country, "đảo"),
        None,
        LayerFacts(tmp_path / "5g.gpkg", "5g", operation=exact),
        LayerFacts(tmp_path / "5g.gpkg", "5g", operation=exact),
    ]
    paths = [country, country, country, table, tmp_path / "5g.gpkg", tmp_path / "5g.gpkg"]
    inputs = [InputFile("x", path, "1" * 64, 10) for path in paths]
    manifest: Any = build_manifest(run_folder(tmp_path), facts(tmp_path, inputs=inputs, layers=layers))
    stated = manifest["inputs"]
    assert ["xã\ufffd", "tỉnh", None, None, None, None] == [entry.get("layer") for entry in stated]
    ways = [entry["coordinates"]["crs"] if "coordinates" in entry else None for entry in stated]
    assert ["EPSG:3405", "EPSG:3148", None, None, "EPSG:3405", "EPSG:3405"] == ways
    assert {
        "crs": "EPSG:3405", "name": "VN-2000 to WGS 84 (2)", "code": "EPSG:6960", "accuracy_m": 1.0,
        "ballpark": False, "grids": [], "area": "", "elsewhere": False,
    } == stated[0]["coordinates"]  # fmt: skip


def test_the_manifest_does_not_know_machine_or_time(tmp_path: Path) -> None:
    """The same run elsewhere and later gives the same bytes."""
    texts = []
    for name in ("a", "b/c"):
        root = tmp_path / name
        folder = run_folder(root)
        texts.append(write_manifest(folder, build_manifest(folder, facts(root))).read_bytes())
        os.utime(folder / "communes.csv", (1, 1))
    assert texts[0] == texts[1]
    assert str(tmp_path).encode() not in texts[0]


def test_findings_are_kept_in_both_languages(tmp_path: Path) -> None:
    """Whoever reads the manifest later needs no catalogue."""
    manifest: Any = build_manifest(run_folder(tmp_path), facts(tmp_path))
    assert ["đã sửa 2 vòng", 2] == [manifest["findings"][0]["message_vi"], manifest["findings"][0]["count"]]


def test_a_whole_run_has_no_damage(tmp_path: Path) -> None:
    """Right after writing, everything is as announced."""
    folder = run_folder(tmp_path)
    write_manifest(folder, build_manifest(folder, facts(tmp_path)))
    assert () == damage(folder)


def test_every_kind_of_damage_is_named(tmp_path: Path) -> None:
    """A changed and a missing file each get a sentence; others are only named, links too."""
    folder = run_folder(tmp_path)
    write_manifest(folder, build_manifest(folder, facts(tmp_path)))
    (folder / "communes.csv").write_bytes(b"cade\r\n")
    (folder / "maps" / "02.html").unlink()
    (folder / "new.txt").write_text("x")
    (folder / "maps" / "link").symlink_to("/")
    expected = ("communes.csv is not the file that was written", "maps/02.html is missing")
    assert expected == damage(folder)
    assert expected[1:] == damage(folder, ["maps/02.html", "no such file"])
    assert ("maps/link", "new.txt") == added(folder)
    (folder / "communes.csv").unlink()
    (folder / "communes.csv").symlink_to(folder / "manifest.json")
    assert expected == damage(folder)


def test_a_link_is_no_output(tmp_path: Path) -> None:
    """A run folder never points outside itself."""
    folder = run_folder(tmp_path)
    (folder / "link").symlink_to(tmp_path)
    with pytest.raises(ValueError, match="neither a file nor a folder"):
        output_hashes(folder)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"run": 1}', b"\xff\xfe", b'{"outputs": []}'])
def test_a_damaged_manifest_is_said_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    """Cut off, empty or foreign: a sentence with the path, no traceback."""
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(WorkplaceError, match=r"manifest\.json: .*(restore the run|delete its folder)"):
        read_manifest(tmp_path)


def test_a_missing_manifest_is_said_in_a_sentence(tmp_path: Path) -> None:
    """A folder without manifest is no run."""
    with pytest.raises(WorkplaceError, match="cannot read the manifest"):
        read_manifest(tmp_path)


JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()
    ),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=8,
)


@given(JSON)
def test_canonical_json_loses_nothing(value: Any) -> None:
    """Any plain value, odd letters included, is read back as it was."""
    assert value == json.loads(canonical_json(value).encode())


def test_canonical_json_has_one_form() -> None:
    """Keys sorted at every level, letters as they are, a line feed at the end."""
    assert '{\n  "a": [\n    1\n  ],\n  "b": {\n    "đ": null,\n    "ế": 1.5\n  }\n}\n' == canonical_json(
        {"b": {"ế": 1.5, "đ": math.inf}, "a": (1,)}
    )


def test_half_a_surrogate_pair_can_be_written() -> None:
    """File names on disk need not be Unicode; the manifest still can be written and read."""
    text = canonical_json({"file": "a\udc80"})
    assert {"file": "a\udc80"} == json.loads(text.encode())


def test_plain_values_of_other_kinds() -> None:
    """numpy and paths are understood; anything else is a mistake of the caller."""
    assert [1, [1.5, None], True, "a/b"] == plain(
        [np.int32(1), np.array([1.5, np.nan]), np.bool_(True), Path("a/b")]
    )
    with pytest.raises(TypeError, match="set has no place"):
        plain({"a": {1, 2}})
