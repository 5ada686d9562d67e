"""A run as a site: proved, whole or not at all, the same bytes every time."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING

import pytest

from blackspot.data.project.sections.publish import Publish
from blackspot.errors import RunNotFoundError, WorkplaceError
from blackspot.maps.site import build
from blackspot.pipeline import run as pipeline
from blackspot.pipeline.publishing.place import SITE_FILE
from blackspot.pipeline.publishing.publish import publish
from four_communes import files

if TYPE_CHECKING:
    from pathlib import Path

FAST = Publish(tiles=False)


def test_the_list_of_a_site_is_true(out: Path, run_folder: Path, tmp_path: Path) -> None:
    """Every file with size and sha256, the run and the rules; two sites of one run are the same, nothing says when."""
    first = publish(out, tmp_path / "new" / "a", Publish())
    second = publish(out, tmp_path / "b", Publish(), run=run_folder.name)
    assert files(first.folder) == files(second.folder)
    facts = json.loads((first.folder / SITE_FILE).read_text(encoding="utf-8"))
    assert (run_folder.name, run_folder.name) == (facts["run"], first.run)
    assert Publish().model_dump(mode="json") == facts["rules"]
    found = {name: content for name, content in files(first.folder).items() if name != SITE_FILE}
    assert {
        name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in found.items()
    } == facts["files"]
    assert sum(map(len, found.values())) == first.size


def test_a_run_is_left_as_it_is(out: Path, tmp_path: Path) -> None:
    """No byte of the folder of the runs changes."""
    before = files(out)
    publish(out, tmp_path / "a", FAST)
    assert before == files(out)


def test_a_later_site_takes_the_place_of_an_earlier_one(out: Path, tmp_path: Path) -> None:
    """Nothing of the earlier one is left, and nothing beside it."""
    publish(out, tmp_path / "a", Publish())
    publish(out, tmp_path / "a", Publish(tiles=False, black_spots=False))
    assert not list((tmp_path / "a").rglob("*.pmtiles"))
    assert not list((tmp_path / "a").rglob("black_spots*"))
    assert ["a"] == [path.name for path in tmp_path.iterdir()]


def test_what_fails_leaves_the_earlier_site(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk in the middle: the earlier site stays, the half one goes."""
    publish(out, tmp_path / "a", FAST)
    before = files(tmp_path / "a")

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(build, "data_page", full)
    with pytest.raises(WorkplaceError, match="disk is full"):
        publish(out, tmp_path / "a", Publish(tiles=False, black_spots=False))
    assert before == files(tmp_path / "a")
    assert ["a"] == [path.name for path in tmp_path.iterdir()]


def test_other_files_are_left_alone(out: Path, tmp_path: Path) -> None:
    """Nothing is written beside them; nor inside the runs."""
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "index.html").write_text("mine", encoding="utf-8")
    with pytest.raises(WorkplaceError, match=r"index\.html"):
        publish(out, tmp_path / "www", FAST)
    assert {"index.html": b"mine"} == files(tmp_path / "www")
    for folder in (out, out / "runs" / "site", out / "latest" / "site"):
        with pytest.raises(WorkplaceError, match="folder of the runs"):
            publish(out, folder, FAST)


def test_a_damaged_run_is_not_published(out: Path, run_folder: Path, tmp_path: Path) -> None:
    """Whichever file it is, also one that the site does not need."""
    shutil.copytree(out, tmp_path / "out", symlinks=True)
    spoilt = tmp_path / "out" / "runs" / run_folder.name / "findings.json"
    spoilt.unlink()
    spoilt.write_text("[]", encoding="utf-8")
    with pytest.raises(WorkplaceError, match=r"findings\.json"):
        publish(tmp_path / "out", tmp_path / "a", FAST)
    assert not (tmp_path / "a").exists()
    with pytest.raises(RunNotFoundError):
        publish(tmp_path / "out", tmp_path / "a", FAST, run="9")


def test_a_run_without_pages_says_so(project: Path, tmp_path: Path) -> None:
    """Of a variant, too, which is found by its name; its label stands on the site."""
    out = project.parent / "out"
    pipeline.run(project, pages="none")
    with pytest.raises(WorkplaceError, match="without pages"):
        publish(out, tmp_path / "a", FAST)
    pipeline.run(project, pages="national", variant="gap-any", overrides=['profile.gap="any"'])
    site = publish(out, tmp_path / "a", FAST, run="gap-any")
    assert "gap-any" in (site.folder / "index.html").read_text(encoding="utf-8")
