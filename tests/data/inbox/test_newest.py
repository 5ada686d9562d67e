"""Which delivery a submission uses: the newest one, and none while it is not known which one that is."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from blackspot.data.findings.collector import Findings
from blackspot.data.inbox.archive import note_refused
from blackspot.data.inbox.newest import with_newest
from blackspot.data.project.load import load_project
from drop_folders import NAME, SOURCES, TEXT, Inbox
from small_country import PROJECT, change

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.data.inbox.newest import Resolved
    from blackspot.data.project.models import Project

SECOND = "Sao-Mai-5G-20261031.geojson"


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    """An empty drop folder beside a project that names a file of August and one of September."""
    (tmp_path / "blackspot.toml").write_text(PROJECT, encoding="utf-8")
    return Inbox(tmp_path)


def project(inbox: Inbox) -> Project:
    return load_project(inbox.place / "blackspot.toml")


def deliver(inbox: Inbox, *files: tuple[str, str]) -> None:
    """Hand files in one after the other."""
    for name, text in files:
        inbox.put(name, text)
        inbox.sweep()
    assert [] == inbox.left()


def used(inbox: Inbox, *accept: str) -> tuple[Resolved, list[str]]:
    """Resolve the project; also gives the codes that were told."""
    findings = Findings(inbox.place, accept)
    resolved = with_newest(project(inbox), inbox.archive, findings)
    return resolved, [item.code for item in findings.items]


def names(resolved: Resolved) -> list[tuple[str, dt.date | None]]:
    return [(source.path.name, source.vintage) for source in resolved.project.submissions]


def test_the_newest_delivery_takes_the_place_of_the_file_of_the_project(inbox: Inbox) -> None:
    """With its day; what nobody handed in is as the project says."""
    deliver(
        inbox,
        ("sao_mai_5g_2026-09-30.geojson", TEXT),
        (NAME, TEXT + " "),
        ("sao_mai_5g_2026-09-01.geojson", TEXT + "  "),
    )
    resolved, told = used(inbox)
    expected = [(NAME, dt.date(2026, 10, 31)), ("other.geojson", dt.date(2026, 9, 30))]
    assert (expected, {}, []) == (names(resolved), resolved.doubts, told)
    digests = {project(inbox).digest(), resolved.project.digest()}
    assert 2 == len(digests)


def test_a_later_file_of_the_project_stays(inbox: Inbox) -> None:
    """One of the same day does not."""
    deliver(inbox, (NAME, TEXT))
    change(inbox.place / "blackspot.toml", "2026-08-31", "2026-10-31")
    assert NAME == names(used(inbox)[0])[0][0]
    change(inbox.place / "blackspot.toml", "2026-10-31", "2026-11-01")
    assert "five.gpkg" == names(used(inbox)[0])[0][0]


def test_two_deliveries_of_one_day_that_differ_are_asked_about(inbox: Inbox) -> None:
    """Neither is used until somebody says that the last one counts, or hands in a later one."""
    deliver(inbox, (NAME, TEXT), (SECOND, TEXT + " "))
    resolved, told = used(inbox)
    path = resolved.project.submissions[0].path
    assert ({path: ("inbox.same-date",)}, ["inbox.same-date"]) == (resolved.doubts, told)
    resolved, told = used(inbox, "inbox.same-date")
    assert (SECOND, {}, ["inbox.same-date"]) == (names(resolved)[0][0], resolved.doubts, told)
    deliver(inbox, ("sao_mai_5g_2026-11-01.geojson", TEXT + "  "))
    resolved, told = used(inbox)
    assert ("sao_mai_5g_2026-11-01.geojson", []) == (names(resolved)[0][0], told)


def test_a_mended_file_of_the_same_day_takes_the_place_of_a_refused_one(inbox: Inbox) -> None:
    """The sender need not invent another day; of two refused ones the last counts."""
    deliver(inbox, (NAME, TEXT))
    note_refused(inbox.archive.deliveries[0].path, ("file.empty",), "000001-abcdef")
    assert (NAME, []) == (names(used(inbox)[0])[0][0], used(inbox)[1])
    deliver(inbox, (SECOND, TEXT + " "))
    assert (SECOND, []) == (names(used(inbox)[0])[0][0], used(inbox)[1])
    note_refused(inbox.archive.deliveries[1].path, ("file.empty",), "000002-abcdef")
    assert (SECOND, []) == (names(used(inbox)[0])[0][0], used(inbox)[1])


def test_a_changed_archive_is_an_error_of_that_submission(inbox: Inbox) -> None:
    """And so is a delivery whose record is lost: it may have been the newest."""
    deliver(inbox, (NAME, TEXT), ("hai_dang_5g_2026-10-31.geojson", TEXT))
    first, second = inbox.archive.deliveries
    first.path.unlink()
    (second.folder / "delivery.json").unlink()
    resolved, told = used(inbox)
    paths = [source.path for source in resolved.project.submissions]
    assert dict.fromkeys(paths, ("inbox.archive-damaged",)) == resolved.doubts
    assert ["inbox.archive-damaged"] * 2 == told


def test_a_handed_in_original_heals_the_archive(inbox: Inbox) -> None:
    """The same content again is no rival of its damaged copy."""
    deliver(inbox, (NAME, TEXT))
    (kept,) = inbox.archive.deliveries
    kept.path.unlink()
    deliver(inbox, (NAME, TEXT))
    resolved, told = used(inbox)
    assert ({}, []) == (resolved.doubts, told)
    assert TEXT == resolved.project.submissions[0].path.read_text(encoding="utf-8")


def test_entries_that_cannot_be_told_apart_keep_the_files_of_the_project(inbox: Inbox) -> None:
    """Two regions of one operator and service: which of them a delivery is of is not known."""
    deliver(inbox, (NAME, TEXT))
    again = '[[submissions]]\noperator = "Sao Mai"\nservice = "5g"\npath = "south.gpkg"\n[profile]'
    change(inbox.place / "blackspot.toml", "[profile]", again)
    assert ["five.gpkg", "other.geojson", "south.gpkg"] == [name for name, _ in names(used(inbox)[0])]


def test_an_operator_written_otherwise_is_the_same_one(inbox: Inbox) -> None:
    """Capitals and accents of the project file may change."""
    deliver(inbox, (NAME, TEXT))
    assert SOURCES[0].operator == "Sao Mai"
    change(inbox.place / "blackspot.toml", "Sao Mai", "SAO MAI")
    assert NAME == names(used(inbox)[0])[0][0]
