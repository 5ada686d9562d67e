"""What becomes of a slow copy, half a file, a renamed one, a duplicate, and one of an operator nobody knows."""

from __future__ import annotations

import os
import shutil
import threading
import time
from typing import TYPE_CHECKING

import pytest

from blackspot.data.disk.copying import ChangedError
from blackspot.data.inbox import archive as archives
from blackspot.data.inbox.sweep import BETWEEN_LOOKS_S
from blackspot.errors import WorkplaceError
from drop_folders import MINIMUM_AGE_S, NAME, OVERDUE_S, SOURCES, TEXT, Inbox
from small_country import box, write_coverage

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    """An empty drop folder."""
    return Inbox(tmp_path)


def test_a_whole_file_is_archived_and_leaves_the_folder(inbox: Inbox) -> None:
    """Byte for byte, under its name, with whose it is and of which day."""
    inbox.put()
    assert [("taken", NAME)] == inbox.sweep()
    assert [] == inbox.left()
    (kept,) = inbox.archive.deliveries
    assert TEXT == kept.path.read_text(encoding="utf-8")
    assert ("sao_mai", "2026-10-31", 1) == (
        kept.record.of[0],
        kept.record.date.isoformat(),
        kept.record.number,
    )
    assert not os.access(kept.path, os.W_OK) or os.geteuid() == 0
    assert 0 == kept.path.stat().st_mode & 0o222
    assert [] == inbox.sweep()
    assert [BETWEEN_LOOKS_S] == inbox.waited  # nobody waits for an empty folder


def test_a_file_that_has_just_been_written_is_left(inbox: Inbox) -> None:
    """A second before its minimum age, and not a second after."""
    inbox.put()
    inbox.age_s = MINIMUM_AGE_S - 1
    assert [("waiting", NAME)] == inbox.sweep()
    assert ([NAME], []) == (inbox.left(), inbox.kept())
    inbox.age_s = MINIMUM_AGE_S + 1
    assert [("taken", NAME)] == inbox.sweep()


def test_a_slow_copy_is_left_until_it_is_done(inbox: Inbox) -> None:
    """A copy in many small steps, each of which leaves a file that is whole by its format: nothing is taken before the end."""
    steps = [f'{{"step": {step}}}\n' for step in range(40)]
    done = threading.Event()

    def copy() -> None:
        with (inbox.drop / "sao_mai_5g_2026-10-31.geojsonl").open("w", encoding="utf-8") as stream:
            for step in steps:
                stream.write(step)
                stream.flush()
                time.sleep(0.01)
        done.set()

    inbox.between_looks = lambda: time.sleep(0.1)
    writer = threading.Thread(target=copy)
    writer.start()
    told = []
    while not done.is_set():
        told += inbox.sweep()
    writer.join()
    told += inbox.sweep()
    codes = [code for code, _ in told]
    assert "waiting" == codes[0]
    assert 1 == codes.count("taken")
    assert codes.index("taken") == len(codes) - 1
    (kept,) = inbox.archive.deliveries
    assert "".join(steps) == kept.path.read_text(encoding="utf-8")


@pytest.mark.parametrize("change", ["grow", "replace", "touch", "remove"])
def test_a_file_that_changes_between_two_looks_is_left(inbox: Inbox, change: str) -> None:
    """Old enough at the first look, and written to, replaced or taken away before the second."""
    path = inbox.put()

    def meanwhile() -> None:
        if change == "grow":
            path.write_text(TEXT * 2, encoding="utf-8")
        elif change == "replace":
            inbox.put("new", TEXT.upper()).rename(path)
        elif change == "touch":
            path.touch()
        else:
            path.unlink()

    inbox.between_looks = meanwhile
    assert [("waiting", NAME)] == inbox.sweep()
    assert [] == inbox.kept()
    assert ([] if change == "remove" else [NAME]) == inbox.left()


def test_half_a_file_stays_and_is_a_warning_once_it_is_overdue(inbox: Inbox) -> None:
    """Told as a note at first; whoever sends the rest has it taken."""
    inbox.put(text=TEXT[:-5])
    assert [("waiting", NAME)] == inbox.sweep()
    inbox.age_s = OVERDUE_S + 1
    assert [("half-file", NAME)] == inbox.sweep()
    assert ([NAME], []) == (inbox.left(), inbox.kept())
    inbox.put()
    assert [("taken", NAME)] == inbox.sweep()


def test_a_shapefile_waits_for_its_companions(inbox: Inbox, tmp_path: Path) -> None:
    """One file after the other comes; without .prj it is taken after ten times the minimum age."""
    write_coverage(tmp_path / "sao_mai_5g_2026-10-31.shp", box(0, 0, 4, 4))
    endings = ("dbf", "shx", "shp")
    for ending in endings:
        shutil.move(tmp_path / f"sao_mai_5g_2026-10-31.{ending}", inbox.drop)
        assert ["waiting"] == [code for code, _ in inbox.sweep()]
    inbox.age_s = 10 * MINIMUM_AGE_S - 5
    assert ["waiting"] == [code for code, _ in inbox.sweep()]
    shutil.move(tmp_path / "sao_mai_5g_2026-10-31.prj", inbox.drop)
    inbox.age_s = MINIMUM_AGE_S + 1
    assert [("taken", "sao_mai_5g_2026-10-31.shp")] == inbox.sweep()
    assert [] == inbox.left()
    (kept,) = inbox.archive.deliveries
    names = {path.suffix for path in kept.folder.iterdir()}
    assert {".shp", ".shx", ".dbf", ".prj", ".json"} == names
    assert kept.is_whole()


def test_a_shapefile_without_reference_system_is_taken_in_the_end(inbox: Inbox, tmp_path: Path) -> None:
    """Whether it can be used is for the run to say."""
    write_coverage(tmp_path / "sao_mai_5g_2026-10-31.shp", box(0, 0, 4, 4))
    for ending in ("dbf", "shx", "shp"):
        shutil.move(tmp_path / f"sao_mai_5g_2026-10-31.{ending}", inbox.drop)
    inbox.age_s = 10 * MINIMUM_AGE_S + 1
    assert [("taken", "sao_mai_5g_2026-10-31.shp")] == inbox.sweep()


def test_a_renamed_file_and_a_duplicate_are_known_by_their_content(inbox: Inbox) -> None:
    """Whatever they are called now: nothing new, and nothing left lying about."""
    inbox.put()
    inbox.sweep()
    again = ("sao_mai_5g_2026-10-31.geojson", "sao_mai_5g_2026-11-30.geojson", "copy (1).geojson")
    for name in again:
        inbox.put(name)
        assert [("known", name)] == inbox.sweep()
    assert ([], [NAME]) == (inbox.left(), inbox.kept())


def test_a_content_of_another_operator_is_a_delivery_of_its_own(inbox: Inbox) -> None:
    """Whether two operators may hand in one file is for the run to say."""
    inbox.put()
    inbox.sweep()
    inbox.put("hai_dang_5g_2026-10-31.geojson")
    assert [("taken", "hai_dang_5g_2026-10-31.geojson")] == inbox.sweep()
    assert 2 == len(inbox.kept())


def test_a_file_of_an_unknown_operator_stays_and_the_words_say_how_to_name_it(inbox: Inbox) -> None:
    """So does one whose name says nothing, or whose ending is none."""
    inbox.put("tan_song_5g_2026-10-31.geojson")
    assert [("unknown-submission", "tan_song_5g_2026-10-31.geojson")] == inbox.sweep()
    assert "hai_dang_5g_2026-10-31, sao_mai_5g_2026-10-31" in inbox.said()[0]
    inbox.put("coverage.geojson")
    inbox.put("letter.docx", "Dear")
    assert ["unknown-submission", "unmatched-name", "unmatched-name"] == sorted(
        code for code, _ in inbox.sweep()
    )
    assert any("such as sao_mai_5g_2026-10-31.geojson" in words for words in inbox.said())
    assert any("such as sao_mai_5g_2026-10-31.gpkg" in words for words in inbox.said() if "letter" in words)
    assert ["coverage.geojson", "letter.docx", "tan_song_5g_2026-10-31.geojson"] == inbox.left()


def test_a_day_to_come_would_make_everything_old(inbox: Inbox) -> None:
    """It stays; the day of a sender farther east does not count as one."""
    inbox.put("sao_mai_5g_2062-10-31.geojson")
    assert [("future-date", "sao_mai_5g_2062-10-31.geojson")] == inbox.sweep()
    assert [] == inbox.kept()
    tomorrow = time.strftime("%Y-%m-%d", time.gmtime(time.time() + inbox.age_s + 86_400))
    inbox.put(f"hai_dang_5g_{tomorrow}.geojson", TEXT + " ")
    assert ("taken", f"hai_dang_5g_{tomorrow}.geojson") in inbox.sweep()


def test_an_older_file_is_archived_and_said_to_be_unused(inbox: Inbox) -> None:
    """Nothing handed in is lost."""
    inbox.put()
    inbox.sweep()
    inbox.put("sao_mai_5g_2026-09-30.geojson", TEXT + " ")
    assert [("older", "sao_mai_5g_2026-09-30.geojson")] == inbox.sweep()
    assert ([], 2) == (inbox.left(), len(inbox.kept()))


def test_what_is_no_file_is_never_opened(inbox: Inbox) -> None:
    """Links, pipes and folders are told and stay; hidden names are nobody's."""
    os.mkfifo(inbox.drop / "sao_mai_5g_2026-10-31.csv")
    (inbox.drop / "hai_dang_5g_2026-10-31.gpkg").symlink_to("/etc/passwd")
    (inbox.drop / "hai_dang_5g_2026-10-31.gdb").mkdir()
    inbox.put(f".{NAME}")
    assert ["not-a-file"] * 3 == [code for code, _ in inbox.sweep()]
    assert (4, []) == (len(inbox.left()), inbox.kept())


def test_an_unfinished_transfer_is_left_and_told(inbox: Inbox) -> None:
    """A note first, a warning once it is overdue: whoever sent it may think that it arrived."""
    inbox.put(f"{NAME}.part")
    assert [("waiting", f"{NAME}.part")] == inbox.sweep()
    inbox.age_s = OVERDUE_S + 1
    assert [("half-file", f"{NAME}.part")] == inbox.sweep()


def test_several_entries_of_one_operator_and_service_are_not_guessed(inbox: Inbox) -> None:
    """Plan and report share a name."""
    plan = SOURCES[0].model_copy(update={"basis": "planned"})
    inbox.sources = (*SOURCES, plan)
    inbox.put()
    assert [("several-submissions", NAME)] == inbox.sweep()
    assert ([NAME], []) == (inbox.left(), inbox.kept())


def test_a_folder_that_is_not_there_is_told_and_stops_nothing(inbox: Inbox) -> None:
    """A network drive may come and go."""
    inbox.drop.rmdir()
    assert [("missing", "drop")] == inbox.sweep()


def test_a_copy_that_is_not_what_was_hashed_is_thrown_away(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk, or somebody, put other bytes into the archive: the file stays where it came in."""
    real = archives.copy_regular

    def flip(source: Path, target: Path) -> str:
        said = real(source, target)
        target.write_text(TEXT.upper(), encoding="utf-8")
        return said

    inbox.put()
    monkeypatch.setattr(archives, "copy_regular", flip)
    assert [("waiting", NAME)] == inbox.sweep()
    assert ([NAME], []) == (inbox.left(), inbox.kept())
    monkeypatch.undo()
    assert [("taken", NAME)] == inbox.sweep()


def test_a_full_disk_stops_the_run_and_loses_nothing(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file stays where it came in, and the next run takes it."""

    def full(*_: object) -> str:
        raise WorkplaceError("the disk is full")

    inbox.put()
    monkeypatch.setattr(archives, "copy_regular", full)
    with pytest.raises(WorkplaceError, match="the disk is full"):
        inbox.sweep()
    assert ([NAME], []) == (inbox.left(), inbox.kept())
    monkeypatch.undo()
    assert [("taken", NAME)] == inbox.sweep()


def test_a_file_that_changes_while_it_is_copied_is_left(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the copy itself notices."""

    def changed(source: Path, _target: Path) -> str:
        raise ChangedError(0, "changed while it was read", str(source))

    inbox.put()
    monkeypatch.setattr(archives, "copy_regular", changed)
    assert [("waiting", NAME)] == inbox.sweep()
    assert ([NAME], []) == (inbox.left(), inbox.kept())
