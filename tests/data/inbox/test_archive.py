"""The archive keeps every delivery whole, counts them as they come, and is not believed before it is looked at."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from blackspot.data.inbox import archive as archives
from blackspot.data.inbox.archive import RECORD, Archive, note_refused
from blackspot.data.inbox.drop_folder import look_into
from drop_folders import NAME, TEXT, Inbox

if TYPE_CHECKING:
    from pathlib import Path

LATER = "sao_mai_5g_2026-11-30.geojson"


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    """A drop folder out of which one file was taken."""
    inbox = Inbox(tmp_path)
    inbox.put()
    inbox.sweep()
    return inbox


def place(inbox: Inbox) -> Path:
    """The folder of the only delivery."""
    (kept,) = inbox.archive.deliveries
    return kept.folder


def test_deliveries_are_counted_as_they_come(inbox: Inbox) -> None:
    """Whatever the clock says."""
    inbox.age_s -= 10**6
    inbox.put(LATER, TEXT + " ")
    inbox.age_s += 10**6 + 300
    inbox.sweep()
    assert [(1, NAME), (2, LATER)] == [
        (one.record.number, one.record.file) for one in inbox.archive.deliveries
    ]


def test_its_folder_says_whose_it_is_and_of_which_day(inbox: Inbox) -> None:
    """And by which content; the record has all of the hash."""
    record = json.loads((place(inbox) / RECORD).read_text(encoding="utf-8"))
    assert (
        place(inbox)
        == inbox.place / "archive" / "sao_mai-5g-declared" / f"2026-10-31-{record['sha256'][:12]}"
    )
    assert ["sao_mai", "5g", "", "", "declared"] == record["of"]
    assert (len(TEXT), NAME, "2026-10-31") == (record["size"], record["file"], record["date"])


def test_a_killed_run_leaves_a_draft_that_counts_for_nothing(inbox: Inbox) -> None:
    """The next delivery clears it away."""
    draft = inbox.place / "archive" / ".unfinished"
    draft.mkdir()
    (draft / NAME).write_text("half", encoding="utf-8")
    assert [NAME] == inbox.kept()
    inbox.put(LATER, TEXT + " ")
    assert [("taken", LATER)] == inbox.sweep()
    assert not draft.exists()


def test_a_changed_file_is_not_whole_and_a_second_copy_of_the_original_is_kept(inbox: Inbox) -> None:
    """What somebody did to the archive stays to be looked at; the original can be handed in again."""
    (kept,) = inbox.archive.deliveries
    assert kept.is_whole()
    kept.path.unlink()
    kept.path.write_text("edited", encoding="utf-8")
    assert not kept.is_whole()
    inbox.put()
    assert [("taken", NAME)] == inbox.sweep()
    assert [False, True] == [one.is_whole() for one in inbox.archive.deliveries]
    assert "edited" == kept.path.read_text(encoding="utf-8")
    for one in inbox.archive.deliveries:
        one.path.unlink()
    inbox.put()
    assert [("taken", NAME)] == inbox.sweep()
    assert 3 == len(inbox.kept())


@pytest.mark.parametrize("how", ["missing", "link", "folder"])
def test_what_is_no_file_is_not_whole(inbox: Inbox, how: str) -> None:
    """A link to the very content is none either."""
    (kept,) = inbox.archive.deliveries
    real = kept.path.rename(inbox.place / "real")
    if how == "link":
        kept.path.symlink_to(real)
    elif how == "folder":
        kept.path.mkdir()
    assert not kept.is_whole()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("file", "../../../etc/passwd"),
        ("file", ".."),
        ("file", ""),
        ("sha256", "0" * 64),
        ("sha256", "short"),
        ("date", "2026-12-31"),
        ("date", "soon"),
        ("number", 0),
        ("of", ["hai_dang", "5g", "", "", "declared"]),
    ],
)
def test_a_record_that_says_something_else_than_its_folder_is_damaged(
    inbox: Inbox, key: str, value: object
) -> None:
    """Nobody gets a file from elsewhere into a run by editing it."""
    path = place(inbox) / RECORD
    record = json.loads(path.read_text(encoding="utf-8"))
    damaged = path.parent
    path.unlink()
    path.write_text(json.dumps(record | {key: value}), encoding="utf-8")
    archive = inbox.archive
    assert ([], [damaged]) == (archive.deliveries, archive.damaged)


def test_a_lost_record_is_damage_and_a_strange_folder_is_nobodys(inbox: Inbox, tmp_path: Path) -> None:
    """Files beside the folders, and links, count for nothing."""
    damaged = place(inbox)
    (damaged / RECORD).unlink()
    (tmp_path / "archive" / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "archive" / "link").symlink_to(tmp_path / "archive" / "sao_mai-5g-declared")
    archive = inbox.archive
    assert ([], [damaged]) == (archive.deliveries, archive.damaged)


def test_a_refusal_is_noted_once(inbox: Inbox) -> None:
    """By the run that said so first."""
    (kept,) = inbox.archive.deliveries
    assert not kept.is_refused
    note_refused(kept.path, ("file.broken-json",), "000001-abcdef")
    note_refused(kept.path, ("file.empty",), "000002-abcdef")
    assert kept.is_refused
    noted = json.loads((kept.folder / "refused.json").read_text(encoding="utf-8"))
    assert {"codes": ["file.broken-json"], "run": "000001-abcdef"} == noted
    assert kept.is_whole()


def test_no_archive_is_an_empty_one(tmp_path: Path) -> None:
    """Before the first delivery."""
    assert [] == Archive.at(tmp_path / "none").deliveries


@pytest.mark.parametrize("step", ["copy_regular", "write_atomically", "sync_tree", "sync_folder"])
def test_whatever_breaks_off_leaves_a_whole_delivery_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """And the file in the drop folder as it was; the next attempt ends well."""
    inbox = Inbox(tmp_path)
    inbox.put()
    (dropped,) = look_into(inbox.drop).deliveries

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(archives, step, stop)
    sha256 = archives.input_file("", dropped.main).sha256
    words = (("sao_mai", "5g", "", "", "declared"), dt.date(2026, 10, 31), sha256, "2026-11-01")
    with pytest.raises(KeyboardInterrupt):
        inbox.archive.add(dropped, *words)
    monkeypatch.undo()
    assert ([NAME], []) == (inbox.left(), inbox.archive.damaged)
    whole = inbox.archive.deliveries
    assert [True] * (step == "sync_folder") == [one.is_whole() for one in whole]
    assert [("known" if whole else "taken", NAME)] == inbox.sweep()
    assert [NAME] == inbox.kept()
