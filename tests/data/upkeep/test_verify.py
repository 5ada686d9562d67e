"""Proof that everything is as it was published."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from blackspot.data.disk.hashing import input_file
from blackspot.data.runs.attempts import note_success
from blackspot.data.runs.output_folder import OutputFolder
from blackspot.data.submissions.kept_copies import AcceptedFiles
from blackspot.data.upkeep import verify
from blackspot.data.upkeep.verify import verify_all, verify_run
from blackspot.errors import RunNotFoundError
from machine_trouble import small_disk, write_protected
from publishing import publish

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def made(out: Path) -> Path:
    """Two runs, a variant, a history and a kept copy."""
    out.mkdir(exist_ok=True)
    for digest in "ab":
        run_id = publish(out, digest * 64)
        note_success(
            out, run_id=run_id, published=True, code=0, seconds=1.0, findings=[], submissions=[], messages=[]
        )
    publish(out / "variants" / "gap-any")
    handed_in = out / "five.geojson"
    handed_in.write_text("{}", encoding="utf-8")
    assert AcceptedFiles(out).keep(input_file("coverage", handed_in))
    handed_in.unlink()
    return out


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An output folder in order."""
    return made(tmp_path / "out")


def test_all_is_whole(out: Path) -> None:
    """Three files a run, and the copy; nothing is written."""
    before = sorted(path for path in out.rglob("*") if not path.name.endswith(("-shm", "-wal")))
    proof = verify_all(out)
    assert (3, 3 * 3 + 1, ()) == (proof.runs, proof.files, proof.damage)
    assert before == sorted(path for path in out.rglob("*") if not path.name.endswith(("-shm", "-wal")))


def change(path: Path, content: str) -> None:
    """Write over a protected file."""
    path.chmod(0o644)
    path.write_text(content, encoding="utf-8")


def sql(out: Path, statement: str) -> None:
    """Change the history behind everybody's back."""
    with closing(sqlite3.connect(out / "history.sqlite", isolation_level=None)) as database:
        database.execute(statement)


HARM: dict[str, Callable[[Path], object]] = {
    "changed": lambda out: change(out / "runs/000001-aaaaaa/maps/02.html", "x"),
    "missing": lambda out: (out / "runs/000002-bbbbbb/communes.csv").unlink(),
    "manifest": lambda out: change(out / "runs/000001-aaaaaa/manifest.json", "{"),
    "name": lambda out: shutil.copytree(out / "runs/000001-aaaaaa", out / "runs/000009-aaaaaa"),
    "latest": lambda out: (out / "latest.json").unlink(),
    "latest-path": lambda out: change(
        out / "latest.json", '{"run": "000002-bbbbbb", "path": "runs/000001-aaaaaa"}'
    ),
    "link": lambda out: ((out / "latest").unlink(), (out / "latest").symlink_to("runs/000001-aaaaaa")),
    "history": lambda out: change(out / "history.sqlite", "rubbish" * 1000),
    "lost": lambda out: shutil.rmtree(out / "runs/000001-aaaaaa"),
    "other": lambda out: sql(out, "UPDATE runs SET digest = 'f' WHERE sequence = 1"),
    "copy": lambda out: change(next((out / "accepted").glob("*/five.geojson")), "x"),
}


@pytest.mark.parametrize("what", HARM)
def test_every_kind_of_damage_is_told_with_its_cure(out: Path, what: str) -> None:
    """Where it is, in both languages, and nothing else is said."""
    HARM[what](out)
    (found,) = verify_all(out).damage
    assert what == found.what
    for language in (found.told.vi, found.told.en):
        assert str(found.where.relative_to(out)) in language or what == "history"
        assert language.endswith(".")
        assert ";" in language  # the cure


def test_damage_of_a_variant_is_found(out: Path) -> None:
    """And its name stands for its latest run."""
    change(out / "variants/gap-any/runs/000001-aaaaaa/map.html", "x")
    assert ["changed"] == [one.what for one in verify_all(out).damage]
    proof = verify_run(out, "gap-any")
    assert (1, 3, ["changed"]) == (proof.runs, proof.files, [one.what for one in proof.damage])
    assert () == verify_run(out, "2").damage


def test_one_run_by_its_name(out: Path) -> None:
    """Also one whose manifest is gone, by its full name; what others put beside the files is no damage."""
    (out / "runs/000002-bbbbbb/~lock").touch()
    assert () == verify_run(out, "latest").damage
    (out / "runs/000001-aaaaaa/manifest.json").unlink()
    assert ["manifest"] == [one.what for one in verify_run(out, "000001-aaaaaa").damage]
    with pytest.raises(RunNotFoundError):
        verify_run(out, "7")


def test_a_run_that_is_just_published_is_no_damage(out: Path) -> None:
    """Pointer and link are moved one after the other: while somebody holds the folder they may differ."""
    with OutputFolder(out):
        HARM["link"](out)
        assert () == verify_all(out).damage
    assert ["link"] == [one.what for one in verify_all(out).damage]


def test_nothing_at_all_is_whole(tmp_path: Path) -> None:
    """No runs, no damage; nor is a first run that was killed before it was published."""
    assert (0, 0, ()) == (verify_all(tmp_path).runs, verify_all(tmp_path).files, verify_all(tmp_path).damage)
    with OutputFolder(tmp_path):
        pass
    assert () == verify_all(tmp_path).damage


def test_without_the_right_to_write(tmp_path: Path) -> None:
    """As an archive is mounted."""
    with small_disk(tmp_path / "disk", 2000) as disk:
        made(disk)
        change(disk / "runs/000001-aaaaaa/map.html", "x")
        write_protected(disk)
        assert ["changed"] == [one.what for one in verify_all(disk).damage]


def test_a_run_that_is_removed_meanwhile_is_no_damage(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its files go while they are looked at."""
    real = verify.damage

    def meanwhile(folder: Path) -> tuple[str, ...]:
        if folder == out / "runs/000001-aaaaaa":
            sql(
                out,
                "INSERT INTO events (recorded_at, what, run, reason) VALUES ('2026-01-01', 'removed', '000001-aaaaaa', '')",
            )
            shutil.rmtree(folder)
            return ("map.html is missing",)
        return real(folder)

    monkeypatch.setattr(verify, "damage", meanwhile)
    proof = verify_all(out)
    assert (2, ()) == (proof.runs, proof.damage)
    assert json.loads((out / "latest.json").read_text(encoding="utf-8"))["run"] == "000002-bbbbbb"
