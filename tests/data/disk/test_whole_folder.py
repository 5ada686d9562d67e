"""A folder of results that appears whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blackspot.data.disk import whole_folder as module
from blackspot.data.disk.whole_folder import whole_folder
from blackspot.errors import WorkplaceError

if TYPE_CHECKING:
    from pathlib import Path

OWN = ("a.txt", "b.txt")


def fill(path: Path, **texts: str) -> None:
    with whole_folder(path, OWN) as draft:
        for name, text in texts.items():
            (draft / f"{name}.txt").write_text(text, encoding="utf-8")


def held(folder: Path) -> dict[str, str]:
    return {entry.name: entry.read_text(encoding="utf-8") for entry in sorted(folder.iterdir())}


@pytest.mark.parametrize("before", ["nothing", "empty", "results"])
def test_new_results_take_the_place(tmp_path: Path, before: str) -> None:
    """Of nothing, of an empty folder, of earlier results; nothing of these stays, and nothing lies beside."""
    target = tmp_path / "deep" / "down" if before == "nothing" else tmp_path / "down"
    if before == "empty":
        target.mkdir()
    if before == "results":
        fill(target, a="old", b="old")
    fill(target, a="new")
    assert {"a.txt": "new"} == held(target)
    assert [target] == list(target.parent.iterdir())


def test_what_fails_leaves_no_trace(tmp_path: Path) -> None:
    """Earlier results are as they were."""
    fill(tmp_path / "x", a="old")
    with pytest.raises(ZeroDivisionError), whole_folder(tmp_path / "x", OWN) as draft:  # noqa: PT012 - the block fails
        (draft / "a.txt").write_text("half", encoding="utf-8")
        raise ZeroDivisionError
    assert {"a.txt": "old"} == held(tmp_path / "x")
    assert [tmp_path / "x"] == list(tmp_path.iterdir())


def test_a_swap_that_fails_puts_the_old_results_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk fails between the two renames."""
    fill(tmp_path / "x", a="old")
    rename, calls = module.os.rename, []

    def failing(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) == 2:
            raise OSError(5, "Input/output error")
        rename(source, target)

    monkeypatch.setattr(module.os, "rename", failing)
    with pytest.raises(WorkplaceError, match="the disk failed"):
        fill(tmp_path / "x", a="new")
    assert {"a.txt": "old"} == held(tmp_path / "x")
    assert [tmp_path / "x"] == list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_is_not_ours_is_left_alone(tmp_path: Path, kind: str) -> None:
    """A folder with other files, and a file."""
    target = tmp_path / "x"
    if kind == "folder":
        target.mkdir()
        (target / "thesis.txt").write_text("years", encoding="utf-8")
    else:
        target.write_text("years", encoding="utf-8")
    with pytest.raises(WorkplaceError, match=r"thesis\.txt|is a file"):
        fill(target, a="new")
    kept = target / "thesis.txt" if kind == "folder" else target
    assert "years" == kept.read_text(encoding="utf-8")


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """The folder it points to gets the results."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    fill(tmp_path / "link", a="new")
    assert (tmp_path / "link").is_symlink()
    assert {"a.txt": "new"} == held(tmp_path / "real")
