"""The command line: what it hands to the use cases, and how it ends."""

from __future__ import annotations

import errno
import json
import shlex
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest

import blackspot
from blackspot import cli
from blackspot.commands import failures
from blackspot.errors import BusyError, InputError, ProjectError, RunNotFoundError, WorkplaceError
from fake_pipeline import FakePipeline, some_finding, stand_in

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> FakePipeline:
    """The fake in the place of the real use cases; words in English."""
    return stand_in(monkeypatch)


# --- help ---


def _commands() -> Iterator[tuple[str, click.Command]]:
    yield "", cli.cli
    yield from sorted(cli.cli.commands.items())


@pytest.mark.parametrize(
    ("name", "command"), list(_commands()), ids=[name or "top" for name, _ in _commands()]
)
def test_every_help_ends_with_an_example_that_parses(
    name: str, command: click.Command, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last lines of each help can be copied; every command and option in them exists."""
    assert cli.run_line([*name.split(), "--help"]) == 0
    text = capsys.readouterr().out
    examples = [shlex.split(line) for line in text.split("Example:\n")[1].splitlines()]
    assert examples
    assert command.help
    for words in examples:
        assert words[0] == "blackspot"
        context = cli.cli.commands[words[1]].make_context(words[1], words[2:], resilient_parsing=True)
        assert context.args == []


def test_every_option_says_what_it_does() -> None:
    """No option without a help text."""
    silent = [
        f"{name} {option.opts}"
        for name, command in _commands()
        for option in command.params
        if isinstance(option, click.Option) and not option.help
    ]
    assert [] == silent


def test_help_loads_nothing_heavy() -> None:
    """The start of ``--help`` pays for click only."""
    code = """
        import sys
        from blackspot.cli import run_line
        run_line(["run", "--help"])
        heavy = {"numpy", "pandas", "geopandas", "shapely", "rasterio", "pyogrio", "rich", "pydantic", "folium"}
        print(sorted(heavy & set(sys.modules)))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_version_and_versions(capsys: pytest.CaptureFixture[str]) -> None:
    """Both GDALs and both PROJs are named for a bug report."""
    assert cli.run_line(["--version"]) == 0
    assert capsys.readouterr().out == f"blackspot {blackspot.__version__}\n"
    assert cli.run_line(["--show-versions"]) == 0
    names = [line.split(": ")[0] for line in capsys.readouterr().out.splitlines()]
    assert {"blackspot", "python", "gdal_rasterio", "gdal_pyogrio", "proj_pyproj", "geos_shapely"} <= set(
        names
    )


# --- what is handed to the use cases ---


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (["run"], ("run", Path("blackspot.toml"), (), None)),
        (
            ["run", "a/b.toml", "--set", "x=1", "--set", "y.z=2", "--map", "none"],
            ("run", Path("a/b.toml"), ("x=1", "y.z=2"), "none"),
        ),
        (
            ["run", "--accept", "layer.several", "--accept", "text.vni"],
            ("run", Path("blackspot.toml"), (), None, ("layer.several", "text.vni")),
        ),
        (["demo"], ("demo", Path("blackspot-demo"))),
        (["demo", "here"], ("demo", Path("here"))),
        (["runs", "--out", "o"], ("runs", Path("o"))),
        (["explain", "00001", "--out", "o", "--language", "vi"], ("explain", Path("o"), "00001", "", "vi")),
        (["explain", "00001", "--out", "o", "--run", "r"], ("explain", Path("o"), "00001", "r", "en")),
    ],
)
def test_a_line_becomes_one_call(pipeline: FakePipeline, line: list[str], expected: tuple[Any, ...]) -> None:
    """Commands parse and call; they decide nothing."""
    assert cli.run_line(line) == 0
    assert [expected] == pipeline.asked


def test_map_takes_a_run_folder(
    pipeline: FakePipeline, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder with a manifest is a run; the pages are named on stdout."""
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    assert cli.run_line(["map", str(tmp_path), "-q"]) == 0
    assert pipeline.asked == [("map", tmp_path, "", "")]
    assert capsys.readouterr() == (f"{tmp_path / 'map.html'}\n", "")


@pytest.mark.parametrize("name", ["latest", "3", "000003", "000003-abcdef"])
def test_map_finds_a_run_by_its_name(pipeline: FakePipeline, tmp_path: Path, name: str) -> None:
    """The word latest, the number, or the start of the id; title and language go along."""
    folder = tmp_path / "runs" / "000003-abcdef"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text('{"outputs": {}}', encoding="utf-8")
    (tmp_path / "latest.json").write_text('{"run": "000003-abcdef"}', encoding="utf-8")
    assert cli.run_line(["map", name, "--out", str(tmp_path), "--title", "T", "--language", "en"]) == 0
    assert pipeline.asked == [("map", folder, "T", "en")]


def test_map_of_a_run_that_is_not_there_is_told(
    pipeline: FakePipeline, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, and the runs that are there."""
    assert cli.run_line(["map", "7", "--out", str(tmp_path)]) == 2
    assert "there is no run '7'" in capsys.readouterr().err
    assert pipeline.asked == []


def test_the_runs_are_looked_for_where_the_project_keeps_them(
    pipeline: FakePipeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --out: the folder of ./blackspot.toml, else ./out."""
    monkeypatch.chdir(tmp_path)
    assert cli.run_line(["runs"]) == 0
    assert cli.run_line(["init"]) == 0
    text = (tmp_path / "blackspot.toml").read_text(encoding="utf-8")
    (tmp_path / "blackspot.toml").write_text(text.replace('out = "out"', 'out = "kept"'), encoding="utf-8")
    assert cli.run_line(["runs"]) == 0
    assert pipeline.asked == [("runs", Path("out")), ("runs", tmp_path / "kept")]


def test_init_writes_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second init refuses and leaves the file as it is."""
    assert cli.run_line(["init", str(tmp_path / "new")]) == 0
    assert "blackspot run" in capsys.readouterr().err
    assert cli.run_line(["init", str(tmp_path / "new")]) == 2
    assert "exists already and is left as it is" in capsys.readouterr().err


# --- how it ends ---


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (
            ProjectError(["a.toml line 1, x: is missing", "a.toml line 2, y: too"]),
            2,
            "error: a.toml line 2, y: too",
        ),
        (RunNotFoundError("no run 7; see `blackspot runs`"), 2, "error: no run 7; see `blackspot runs`"),
        (InputError([some_finding(severity="error", file="c.gpkg")]), 4, "error: c.gpkg: codes were padded."),
        (WorkplaceError("the disk is full"), 5, "error: the disk is full"),
        (MemoryError(), 5, "error: the memory does not suffice"),
        (OSError(errno.ENOSPC, "No space left on device", "/srv"), 5, "No space left on device"),
        (BusyError("another run holds /srv/out"), 6, "error: another run holds /srv/out"),
        (KeyboardInterrupt(), 130, "interrupted; nothing was published"),
        (ZeroDivisionError("x/0"), 1, "error: this is a mistake of blackspot (ZeroDivisionError: x/0)"),
        (
            FileNotFoundError(errno.ENOENT, "gone", "x"),
            1,
            "this is a mistake of blackspot (FileNotFoundError",
        ),
        (OSError("odd"), 1, "this is a mistake of blackspot (OSError: odd)"),
    ],
)
def test_every_error_has_its_exit_code_and_its_sentence(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str], error: BaseException, code: int, words: str
) -> None:
    """Words on stderr, no traceback anywhere, nothing on stdout."""
    pipeline.error = error
    assert code == cli.run_line(["run", "-q"])
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert "Traceback" not in err


def test_an_error_is_told_in_the_language_asked_for(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    """``--language vi`` holds for what stopped the run, too, whatever the machine speaks."""
    pipeline.error = InputError([some_finding(severity="error")])
    assert cli.run_line(["run", "--language", "vi"]) == 4
    assert "lỗi: mã đã được điền lại." in capsys.readouterr().err
    assert cli.run_line(["run"]) == 4
    assert "error: codes were padded." in capsys.readouterr().err


def test_a_failure_as_json_is_the_last_line_of_stdout(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    """A machine learns the codes even when nothing was published."""
    pipeline.error = InputError([some_finding("communes.bad-code", severity="error", count=3)])
    assert cli.run_line(["run", "--json", "-q"]) == 4
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {
        "exit_code": 4,
        "findings": [{"code": "communes.bad-code", "severity": "error", "count": 3}],
        "problems": ["codes were padded."],
    }


@pytest.mark.parametrize(
    "line", [["run", "--sett", "x=1"], ["runn"], ["explain"], ["run", "--map", "some"], ["demo", "a", "b"]]
)
def test_a_wrong_line_is_usage(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2 with click's sentence."""
    assert cli.run_line(line) == 2
    assert "Error:" in capsys.readouterr().err


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    """``blackspot`` alone is not a silent success."""
    assert cli.run_line([]) == 2
    assert "Commands:" in "".join(capsys.readouterr())


def test_many_findings_are_cut_with_their_number() -> None:
    """Fifty sentences are enough for a screen."""
    told = failures.sentences(InputError([some_finding(severity="error")] * 53), "vi")
    assert len(told) == 51
    assert told[0] == "mã đã được điền lại."
    assert told[-1] == "... và 3 lỗi khác"


def test_doctor_says_how_files_are_kept_apart(capsys: pytest.CaptureFixture[str]) -> None:
    """The level is one of two words, and both GDALs are named."""
    assert cli.run_line(["doctor"]) == 0
    lines = dict(line.split(": ", 1) for line in capsys.readouterr().out.splitlines())
    assert lines["isolation"] in {"full", "reduced"}
    assert {"gdal_rasterio", "gdal_pyogrio", "landlock", "seccomp"} <= set(lines)
