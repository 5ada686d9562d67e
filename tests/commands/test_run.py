"""``init`` and ``doctor``: making a project, and the machine it runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blackspot import cli

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_written_project_file_is_told_in_vietnamese(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The path is the result; what to do with it is a word."""
    assert cli.run_line(["init", str(tmp_path), "--language", "vi"]) == 0
    path = tmp_path / "blackspot.toml"
    assert (f"{path}\n", f"Hãy điền vào tệp này, rồi gõ: blackspot run {path}\n") == capsys.readouterr()


def test_init_writes_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second init refuses and leaves the file as it is."""
    assert cli.run_line(["init", str(tmp_path / "new")]) == 0
    assert "blackspot run" in capsys.readouterr().err
    assert cli.run_line(["init", str(tmp_path / "new")]) == 2
    assert "exists already and is left as it is" in capsys.readouterr().err


def test_doctor_says_how_files_are_kept_apart(capsys: pytest.CaptureFixture[str]) -> None:
    """The level is one of two words, and both GDALs are named."""
    assert cli.run_line(["doctor"]) == 0
    lines = dict(line.split(": ", 1) for line in capsys.readouterr().out.splitlines())
    assert lines["isolation"] in {"full", "reduced"}
    assert {"gdal_rasterio", "gdal_pyogrio", "landlock", "seccomp"} <= set(lines)
