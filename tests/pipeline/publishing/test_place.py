"""Only what is ours is replaced."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from blackspot.errors import WorkplaceError
from blackspot.pipeline.publishing.place import FORMAT, SITE_FILE, refuse_others, site_damage

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder that looks like a site of two files."""
    folder = tmp_path / "site"
    (folder / "data").mkdir(parents=True)
    for name in ("index.html", "data/communes.csv"):
        (folder / name).write_text("x", encoding="utf-8")
    whole = {"sha256": hashlib.sha256(b"x").hexdigest()}
    write_facts(folder, {"format": FORMAT, "files": {"index.html": whole, "data/communes.csv": whole}})
    return folder


def write_facts(folder: Path, facts: object) -> None:
    """Write ``site.json``."""
    (folder / SITE_FILE).write_text(json.dumps(facts), encoding="utf-8")


def test_nothing_an_empty_folder_and_our_own_may_be_replaced(site: Path, tmp_path: Path) -> None:
    """A file of ours that is missing or changed is ours all the same."""
    refuse_others(tmp_path / "nothing")
    (tmp_path / "empty").mkdir()
    refuse_others(tmp_path / "empty")
    refuse_others(site)
    (site / "index.html").write_text("changed", encoding="utf-8")
    (site / "data" / "communes.csv").unlink()
    refuse_others(site)
    (site / "data").rmdir()
    refuse_others(site)


@pytest.mark.parametrize("name", ["robots.txt", "data/other.csv", "maps/x/y.html", ".htaccess"])
def test_a_file_of_somebody_else_is_named(site: Path, name: str) -> None:
    """Wherever it lies; it stays."""
    (site / name).parent.mkdir(parents=True, exist_ok=True)
    (site / name).write_text("mine", encoding="utf-8")
    with pytest.raises(WorkplaceError, match=name.replace(".", r"\.")):
        refuse_others(site)
    assert "mine" == (site / name).read_text(encoding="utf-8")


def test_links_and_empty_folders_are_not_ours(site: Path) -> None:
    """A link could lead anywhere; nobody follows it."""
    (site / "uploads").mkdir()
    with pytest.raises(WorkplaceError, match="uploads"):
        refuse_others(site)
    (site / "uploads").rmdir()
    (site / "elsewhere").symlink_to(site.parent)
    with pytest.raises(WorkplaceError, match="elsewhere"):
        refuse_others(site)


@pytest.mark.parametrize(
    "facts",
    [
        {"files": {"index.html": {}, "data/communes.csv": {}}},
        {"format": "another site", "files": {"index.html": {}, "data/communes.csv": {}}},
        {"format": FORMAT, "files": ["index.html", "data/communes.csv"]},
        ["index.html"],
        None,
    ],
)
def test_a_list_that_is_not_ours_makes_nothing_ours(site: Path, facts: object) -> None:
    """The folder of a web server may have an index.html and a site.json of its own."""
    write_facts(site, facts)
    with pytest.raises(WorkplaceError, match=r"communes\.csv"):
        refuse_others(site)


def test_a_damaged_list_makes_nothing_ours(site: Path) -> None:
    """No JSON, far too deep JSON."""
    for text in ("{", "[" * 100_000):
        (site / SITE_FILE).write_text(text, encoding="utf-8")
        with pytest.raises(WorkplaceError, match="not of a site"):
            refuse_others(site)


def test_a_file_is_no_place(tmp_path: Path) -> None:
    """It is named."""
    (tmp_path / "site").write_text("x", encoding="utf-8")
    with pytest.raises(WorkplaceError, match="site"):
        refuse_others(tmp_path / "site")


def test_a_site_is_compared_with_its_own_list(site: Path) -> None:
    """What is missing, changed or added is named, in both languages; a link in the place of a file is a change."""
    assert () == site_damage(site)
    (site / "index.html").write_text("y", encoding="utf-8")
    (site / "data" / "communes.csv").unlink()
    (site / "robots.txt").write_text("x", encoding="utf-8")
    said = site_damage(site)
    assert [
        "data/communes.csv: is missing.",
        "index.html: is not the file that was published.",
        "robots.txt: is not of the site.",
    ] == [one.en.removeprefix(f"{site}/") for one in said]
    assert said[0].vi.endswith("thiếu tệp.")
    (site / "robots.txt").rename(site.parent / "x")
    (site / "index.html").unlink()
    (site / "index.html").symlink_to(site.parent / "x")
    assert "changed" not in site_damage(site)[0].en
    assert site_damage(site)[1].en.endswith("is not the file that was published.")


def test_what_is_no_site_cannot_be_compared(tmp_path: Path) -> None:
    """It is named, also where there is nothing, or a file."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for folder in (tmp_path, tmp_path / "nothing", tmp_path / "file"):
        with pytest.raises(WorkplaceError, match="is no site"):
            site_damage(folder)
