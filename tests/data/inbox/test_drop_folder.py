"""What lies in the drop folder, and that nothing leaves it but what was seen there."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, NoReturn

from blackspot.data.inbox import drop_folder
from blackspot.data.inbox.drop_folder import look_into

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from blackspot.data.inbox.drop_folder import Dropped


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text(name, encoding="utf-8")


def names(files: tuple[Path, ...]) -> list[str]:
    return [path.name for path in files]


def only(folder: Path) -> Dropped:
    (dropped,) = look_into(folder).deliveries
    return dropped


def test_companions_travel_with_their_main_file(tmp_path: Path) -> None:
    """Indexes and metadata, too; whatever case their endings have; and not those of another name."""
    put(tmp_path, "a.shp", "a.SHX", "a.dbf", "a.prj", "a.cpg", "a.qix", "a.shp.xml", "ab.dbf", "a.b.shx")
    first, *lone = look_into(tmp_path).deliveries
    assert ["a.shp", "a.cpg", "a.dbf", "a.prj", "a.qix", "a.shp.xml", "a.SHX"] == names(first.files)
    assert [["a.b.shx"], ["ab.dbf"]] == [names(one.files) for one in lone]
    assert [False, True, True] == [one.is_alone for one in (first, *lone)]
    assert first.size == sum(len(path.name) for path in first.files)


def test_companions_that_come_first_stand_together(tmp_path: Path) -> None:
    """One half delivery, told once."""
    put(tmp_path, "a.shx", "a.dbf", "a.prj")
    dropped = only(tmp_path)
    assert dropped.is_alone
    assert ["a.dbf", "a.prj", "a.shx"] == names(dropped.files)


def test_every_kind_of_entry_has_its_place(tmp_path: Path) -> None:
    """Deliveries, transfers that go on, what is no file, what is not read, and what is nobody's business."""
    put(
        tmp_path, "a.gpkg", "b.zip", "c.gpkg.part", "d.zip.crdownload", "~$e.xlsx", "f.geojson~", "g.filepart"
    )
    put(
        tmp_path,
        ".hidden.gpkg",
        "Thumbs.db",
        "desktop.ini",
        "h.docx",
        "a.gpkg-wal",
        "a.gpkg-shm",
        "i.GeoJSON",
    )
    (tmp_path / "sub.gdb").mkdir()
    (tmp_path / "link.gpkg").symlink_to(tmp_path / "a.gpkg")
    os.mkfifo(tmp_path / "pipe.csv")
    found = look_into(tmp_path)
    assert ["a.gpkg", "b.zip", "i.GeoJSON"] == [one.main.name for one in found.deliveries]
    assert ["c.gpkg.part", "d.zip.crdownload", "f.geojson~", "g.filepart", "~$e.xlsx"] == [
        one.main.name for one in found.unfinished
    ]
    assert ["link.gpkg", "pipe.csv", "sub.gdb"] == names(found.strange)
    assert ["h.docx"] == names(found.unreadable)


def test_what_was_seen_is_let_go_and_nothing_is_left(tmp_path: Path) -> None:
    """With its companions."""
    put(tmp_path, "a.shp", "a.shx", "a.dbf")
    assert only(tmp_path).let_go()
    assert [] == list(tmp_path.iterdir())


def test_a_file_that_took_the_place_meanwhile_stays(tmp_path: Path) -> None:
    """The sender wrote a new one under the same name, over the old one or in its place."""
    put(tmp_path, "a.gpkg")
    for replace in (False, True):
        dropped = only(tmp_path)
        if replace:
            put(tmp_path, "b")
            (tmp_path / "b").rename(tmp_path / "a.gpkg")
        else:
            (tmp_path / "a.gpkg").write_text("newer and longer", encoding="utf-8")
        before = (tmp_path / "a.gpkg").read_bytes()
        assert not dropped.is_as_seen()
        assert not dropped.let_go()
        assert {"a.gpkg": before} == {path.name: path.read_bytes() for path in tmp_path.iterdir()}


def test_a_killed_run_leaves_nothing_behind_that_is_lost(tmp_path: Path) -> None:
    """A file that was about to be removed is back at its place, unless another has come there; then it waits."""
    aside = tmp_path / ".blackspot-taken"
    aside.mkdir()
    put(aside, "a.gpkg", "b.gpkg")
    (tmp_path / "b.gpkg").write_text("newer", encoding="utf-8")
    assert ["a.gpkg", "b.gpkg"] == [one.main.name for one in look_into(tmp_path).deliveries]
    assert "newer" == (tmp_path / "b.gpkg").read_text(encoding="utf-8")
    assert ["b.gpkg"] == [path.name for path in aside.iterdir()]
    later = {one.main.name: one for one in look_into(tmp_path).deliveries}
    assert not later["b.gpkg"].let_go()  # would be written over the one that waits
    (tmp_path / "b.gpkg").unlink()
    look_into(tmp_path)
    assert "b.gpkg" == (tmp_path / "b.gpkg").read_text(encoding="utf-8")
    assert not aside.exists()


def test_a_run_killed_while_it_gave_a_name_back_leaves_one_file(tmp_path: Path) -> None:
    """Under two names for a moment: the second one goes."""
    aside = tmp_path / ".blackspot-taken"
    aside.mkdir()
    put(tmp_path, "a.gpkg")
    (aside / "a.gpkg").hardlink_to(tmp_path / "a.gpkg")
    assert ["a.gpkg"] == [one.main.name for one in look_into(tmp_path).deliveries]
    assert ["a.gpkg"] == [path.name for path in tmp_path.iterdir()]


def test_files_never_leave_through_a_link(tmp_path: Path) -> None:
    """Whoever may write into the drop folder cannot have files moved somewhere else."""
    elsewhere, inbox = tmp_path / "elsewhere", tmp_path / "inbox"
    elsewhere.mkdir()
    inbox.mkdir()
    (inbox / ".blackspot-taken").symlink_to(elsewhere)
    put(inbox, "a.gpkg")
    assert not only(inbox).let_go()
    assert [] == list(elsewhere.iterdir())
    put(elsewhere, "theirs.gpkg")
    look_into(inbox)
    assert ["theirs.gpkg"] == [path.name for path in elsewhere.iterdir()]
    assert (inbox / "a.gpkg").exists()


def test_a_disk_without_links_gives_names_back_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAT and some network shares know none."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    put(tmp_path, "a.gpkg")
    dropped = only(tmp_path)
    (tmp_path / "a.gpkg").write_text("longer than before", encoding="utf-8")
    monkeypatch.setattr(os, "link", refuse)
    assert not dropped.let_go()
    assert "longer than before" == (tmp_path / "a.gpkg").read_text(encoding="utf-8")
    assert ["a.gpkg"] == [path.name for path in tmp_path.iterdir()]


def test_of_very_many_files_the_first_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody can make a run speak without end."""
    monkeypatch.setattr(drop_folder, "_MOST_ENTRIES", 3)
    put(tmp_path, *(f"{number}.gpkg" for number in range(5)))
    assert ["0.gpkg", "1.gpkg", "2.gpkg"] == [one.main.name for one in look_into(tmp_path).deliveries]
    assert ["holds 5 entries" in message for message in caplog.messages] == [True]


def test_the_time_of_a_copy_is_when_it_was_made(tmp_path: Path) -> None:
    """A file that carries the time of its original is as young as the copy."""
    put(tmp_path, "a.gpkg")
    made_s = (tmp_path / "a.gpkg").stat().st_ctime
    os.utime(tmp_path / "a.gpkg", (0, 0))
    assert only(tmp_path).left_alone_since_s >= made_s > 1_000_000
