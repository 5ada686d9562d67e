"""Kept submissions: copies by content, whole or not there, whatever kills the program."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import geopandas as gpd
import shapely

from blackspot.data.disk.hashing import input_file
from blackspot.data.submissions.kept_copies import AcceptedFiles, key_of
from publishing import die_at

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.data.disk.hashing import InputFile

DEADLY_CALLS = ("open", "fsync", "rename", "mkdir", "unlink", "rmdir", "close")


def write_shapefile(folder: Path) -> Path:
    folder.mkdir(parents=True)
    path = folder / "phủ.shp"
    gpd.GeoDataFrame({"a": ["x"]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4326).to_file(path)
    return path


def test_a_copy_is_another_file_with_the_same_content(tmp_path: Path) -> None:
    """Writing over the original in place leaves the copy as it was: it is no link of any kind."""
    source = tmp_path / "five.gpkg"
    source.write_bytes(b"first")
    file = input_file("coverage", source)
    kept = AcceptedFiles(tmp_path / "out")
    (tmp_path / "out").mkdir()
    assert kept.keep(file)
    copy = kept.find(file)
    assert copy is not None
    with source.open("r+b") as stream:
        stream.write(b"other")
    assert b"first" == copy.read_bytes()
    assert 1 == copy.stat().st_nlink
    assert not copy.is_symlink()


def test_a_file_that_changed_since_it_was_hashed_is_not_kept(tmp_path: Path) -> None:
    """Nothing, half or whole, is left of it; nor of one that became a link."""
    source = tmp_path / "five.gpkg"
    source.write_bytes(b"first")
    file = input_file("coverage", source)
    kept = AcceptedFiles(tmp_path)
    source.write_bytes(b"second")
    assert not kept.keep(file)
    source.unlink()
    (tmp_path / "real").write_bytes(b"first")
    source.symlink_to(tmp_path / "real")
    assert not kept.keep(file)
    assert [] == list(kept.folder.iterdir())


def test_shapefiles_and_folders_are_kept_with_all_their_parts(tmp_path: Path) -> None:
    """The copy has the hash of the original, companions and members included; a missing part is noticed."""
    shapefile = write_shapefile(tmp_path / "a")
    folder = tmp_path / "phường"
    (folder / "01").mkdir(parents=True)
    (folder / "01" / "x.geojson").write_text("{}")
    kept = AcceptedFiles(tmp_path)
    for path in (shapefile, folder):
        file = input_file("coverage", path)
        assert kept.keep(file)
        copy = kept.find(file)
        assert copy is not None
        assert file.sha256 == input_file("coverage", copy).sha256
    file = input_file("coverage", shapefile)
    (kept.folder / key_of(file) / "phủ.dbf").unlink()
    assert kept.find(file) is None
    assert kept.keep(file)  # and it is mended
    assert kept.find(file) is not None


def test_only_what_is_wanted_stays(tmp_path: Path) -> None:
    """Others go, and so does what a killed run left behind."""
    kept = AcceptedFiles(tmp_path)
    files = []
    for name in ("a", "b"):
        (tmp_path / name).write_text(name)
        files.append(input_file("coverage", tmp_path / name))
        assert kept.keep(files[-1])
    (kept.folder / ".unfinished-x").mkdir()
    kept.prune(files[:1])
    assert [key_of(files[0])] == [path.name for path in kept.folder.iterdir()]


def keep_in_child(out: Path, file: InputFile, point: int) -> int:
    """Keep the file in a process of its own, killed before system call number ``point``; give its exit code."""
    child = os.fork()
    if not child:
        try:
            die_at(point, DEADLY_CALLS)
            os._exit(0 if AcceptedFiles(out).keep(file) else 1)
        finally:
            os._exit(2)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_kill_9_never_leaves_half_a_version(tmp_path: Path) -> None:
    """Killed before every single system call: there is a whole copy or none, and the next run keeps it."""
    shapefile = write_shapefile(tmp_path / "a")
    file = input_file("coverage", shapefile)
    deaths = 0
    for point in range(0, 80, 2):
        out = tmp_path / str(point)
        out.mkdir()
        code = keep_in_child(out, file, point)
        deaths += code == -signal.SIGKILL
        kept = AcceptedFiles(out)
        folder = kept.folder / key_of(file)
        assert (kept.find(file) is not None) == folder.exists()
        assert kept.keep(file)
        kept.prune([file])
        assert [key_of(file)] == [path.name for path in kept.folder.iterdir()]
        if code == 0:
            break
    assert deaths >= 10
    assert code == 0
