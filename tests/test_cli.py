"""The command line: what it hands to the use cases, and how it ends."""

from __future__ import annotations

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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fake_pipeline import FakePipeline


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
        (["demo", "--threads", "1"], ("demo", Path("blackspot-demo"), 1)),
        (["run", "p.toml", "--threads", "2"], ("run", Path("p.toml"), (), None, 2)),
        (["runs", "--out", "o"], ("runs", Path("o"))),
        (["explain", "00001", "--out", "o", "--language", "vi"], ("explain", Path("o"), "00001", "", "vi")),
        (["explain", "00001", "--out", "o", "--run", "r"], ("explain", Path("o"), "00001", "r", "en")),
    ],
)
def test_a_line_becomes_one_call(pipeline: FakePipeline, line: list[str], expected: tuple[Any, ...]) -> None:
    """Commands parse and call; they decide nothing."""
    assert cli.run_line(line) == 0
    assert [expected] == pipeline.asked


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
