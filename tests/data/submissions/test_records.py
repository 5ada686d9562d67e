"""What a manifest says of a submission is one value inside, and the same JSON outside."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from blackspot.data.disk.hashing import InputFile
from blackspot.data.project.models import ExtentSource, SubmissionSource
from blackspot.data.readers.facts import LayerFacts
from blackspot.data.submissions.reader import SubmissionFacts
from blackspot.data.submissions.records import (
    SubmissionRecord,
    exit_code_of,
    read_records,
    record,
    used_instead,
    versions_in,
)
from blackspot.data.submissions.versions import Delivery, Version

FOLDER = Path("/srv/project")
SOURCE = SubmissionSource(
    operator="Sao Mai",
    service="5g",
    path=FOLDER / "in" / "5g.gpkg",
    vintage=dt.date(2026, 10, 31),
    extent=ExtentSource(path=FOLDER / "in" / "area.gpkg"),
)
FILES = (
    InputFile("coverage", FOLDER / "in" / "5g.gpkg", "a" * 64, 7, "2026-10-31"),
    InputFile("extent", FOLDER / "in" / "area.gpkg", "b" * 64, 8, "2026-10-31"),
)
OLD = InputFile("coverage", FOLDER / "in" / "old 5g.gpkg", "c" * 64, 9, "2026-09-30")
JSON: dict[str, Any] = {
    "operator": "Sao Mai",
    "service": "5g",
    "service_class": "",
    "environment": "",
    "basis": "declared",
    "state": "delivered",
    "stale": False,
    "file": {
        "role": "coverage", "file": "5g.gpkg", "path": "in/5g.gpkg", "sha256": "a" * 64, "size": 7,
        "vintage": "2026-10-31",
    },
    "path": "in/5g.gpkg",
    "refused": [],
    "version": {
        "files": [
            {
                "role": "coverage", "file": "5g.gpkg", "path": "in/5g.gpkg", "sha256": "a" * 64, "size": 7,
                "vintage": "2026-10-31",
            },
            {
                "role": "extent", "file": "area.gpkg", "path": "in/area.gpkg", "sha256": "b" * 64, "size": 8,
                "vintage": "2026-10-31",
            },
        ],
        "read_as": {
            "operator": "Sao Mai", "service": "5g", "vintage": "2026-10-31", "extent": {"path": "extent"},
        },
        "accepted": ["text.utf8"],
        "since": "000002-abcdef",
    },
}  # fmt: skip


def delivery(**changes: Any) -> Delivery:
    """A submission that is used as it was handed in; nobody looks at what is in it."""
    values: dict[str, Any] = {
        "source": SOURCE,
        "file": FILES[0],
        "submission": object(),
        "version": Version(SOURCE, FILES, ("text.utf8",)),
        "facts": SubmissionFacts(LayerFacts(SOURCE.path)),
    }
    return Delivery(**(values | changes))


def test_a_record_is_written_as_it_always_was() -> None:
    """Key by key and in the same order; a version that no run used before is in use since this one."""
    written = record(delivery(), "000002-abcdef", FOLDER).to_json()
    assert JSON == written
    assert list(JSON) == list(written)


def test_a_record_survives_writing_and_reading() -> None:
    """Also of a submission that was replaced, and of one without anything."""
    before = Version(SOURCE, (OLD,), (), "000001-123456")
    for one in (
        delivery(),
        delivery(refused=("file.empty",), version=before),
        delivery(refused=("file.missing",), version=None, file=None, submission=None),
    ):
        kept = record(one, "000002-abcdef", FOLDER)
        assert kept == SubmissionRecord.from_json(kept.to_json())
        assert one.state == kept.state
        assert (kept.state == "last_good") == kept.stale


def test_versions_come_back_as_they_were() -> None:
    """With the paths of this project's folder, and what was accepted then."""
    (found,) = versions_in([record(delivery(), "000002-abcdef", FOLDER)], FOLDER)
    assert Version(SOURCE, FILES, ("text.utf8",), "000002-abcdef") == found


def test_a_manifest_of_an_older_program_is_read() -> None:
    """What it did not write yet is empty, and keys nobody knows are left alone."""
    older = {key: JSON[key] for key in ("operator", "service", "basis", "state", "path")}
    assert (
        SubmissionRecord(
            operator="Sao Mai", service="5g", basis="declared", state="delivered", path="in/5g.gpkg"
        ),
    ) == read_records([older | {"colour": "red"}])
    assert () == read_records(None)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "lost"},
        {"path": None},
        {"refused": "all"},
        {"file": {"role": "coverage"}},
        {"version": JSON["version"] | {"files": []}},
        {"version": JSON["version"] | {"files": ["5g.gpkg"]}},
    ],
)
def test_a_record_of_another_hand_is_none(changes: dict[str, Any]) -> None:
    """It is left out, and those beside it stay."""
    assert 1 == len(read_records([JSON | changes, JSON]))
    assert () == read_records([[], "x", 1])


@pytest.mark.parametrize(
    "changes",
    [
        {"read_as": {"operator": "Sao Mai", "magic": 1}},
        {"files": [JSON["file"] | {"role": "something else"}]},
    ],
)
def test_a_version_that_cannot_be_read_any_more_is_nothing_to_fall_back_on(changes: dict[str, Any]) -> None:
    """The record stays what it is: it says what that run used."""
    strange = JSON["version"] | changes
    records = read_records([JSON | {"version": strange}])
    assert 1 == len(records)
    assert () == versions_in(records, FOLDER)


def test_the_exit_code_tells_a_run_without_refused_submissions() -> None:
    """0, or 3."""
    good, bad = record(delivery(), "", FOLDER), record(delivery(refused=("file.empty",)), "", FOLDER)
    assert (0, 3) == (exit_code_of([good, good]), exit_code_of([good, bad]))


def test_what_is_used_instead_decides_the_name_of_a_run() -> None:
    """A submission that is used as handed in adds nothing; the hashes of an older version do."""
    before = Version(SOURCE, (OLD,), (), "000001-123456")
    old = record(delivery(refused=("file.empty",), version=before), "", FOLDER)
    nothing = replace(old, state="no_data")
    words = ["Sao Mai", "5g", "", "", "declared", "in/5g.gpkg"]
    assert [[*words, "last_good", "c" * 64], [*words, "no_data"]] == used_instead(
        [nothing, record(delivery(), "", FOLDER), old]
    )
