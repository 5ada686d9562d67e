"""A run as a site: proved, whole or not at all, the same bytes every time."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Any

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
    """It cannot be drawn."""
    pipeline.run(project, pages="none")
    with pytest.raises(WorkplaceError, match="without pages"):
        publish(project.parent / "out", tmp_path / "a", FAST)


def test_a_variant_says_that_it_is_one(project: Path, tmp_path: Path) -> None:
    """It is found by its name. In what it differs may name operators, and is said only where these are published."""
    out, text = project.parent / "out", project.read_text(encoding="utf-8")
    pipeline.run(project, pages="none")
    project.write_text(
        text.replace("buffer_m = 500", "buffer_m = 900").replace(
            "[communes]", 'notice = { vi = "NHÁP", en = "TRIAL" }\n[communes]', 1
        ),
        encoding="utf-8",
    )
    pipeline.run(project, pages="national", variant="wide-sao-mai")
    site = publish(out, tmp_path / "a", FAST, run="wide-sao-mai").folder
    for name in ("index.html", "data/index.html", "data/communes.csv"):
        said = (site / name).read_text(encoding="utf-8")
        assert "PHƯƠNG ÁN: không phải kết quả chính thức." in said
        assert "NHÁP" in said
        assert "wide-sao-mai" not in said
        assert "Sao Mai" not in said
    site = publish(out, tmp_path / "a", Publish(tiles=False, operators=True), run="wide-sao-mai").folder
    assert "wide-sao-mai" in (site / "index.html").read_text(encoding="utf-8")


def test_what_comes_meanwhile_is_left_alone(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that somebody puts into the old site while the new one is made: both stay."""
    publish(out, tmp_path / "a", FAST)
    page = build.data_page

    def meanwhile(*arguments: Any) -> str:
        (tmp_path / "a" / "robots.txt").write_text("mine", encoding="utf-8")
        return page(*arguments)

    monkeypatch.setattr(build, "data_page", meanwhile)
    with pytest.raises(WorkplaceError, match=r"robots\.txt"):
        publish(out, tmp_path / "a", Publish(tiles=False, black_spots=False))
    assert "mine" == (tmp_path / "a" / "robots.txt").read_text(encoding="utf-8")
    assert (tmp_path / "a" / "data" / "black_spots.csv").exists()
