"""The program at a terminal: what each level says, where it says it, and in which language."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

import pytest

from blackspot import cli
from blackspot.commands.log_file import open_log
from blackspot.data.project.effective import claims_of, rules_of
from blackspot.data.project.load import load_project
from blackspot.data.text.words import words
from four_communes import project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

__all__ = ["project"]  # a fixture

ENGLISH = (
    " the ",
    " of ",
    "Reading",
    "Writing",
    "Counting",
    "rows",
    "profile ",
    "warning",
    "note:",
)
"""Words that would stand in nearly every English text of the program, and in no Vietnamese one."""
WITHOUT_WORDS = {
    "setting.border.list",
    "setting.island.list",
    "profile.gap",
    "profile.operator_rule",
    "profile.order.by",
    "setting.border.rule",
    "setting.rural",
    "population.calibrated",
    "population.edge_cells",
}
"""Keys of the project file without words of their own: their values have some, or they are no values."""


class Ran(NamedTuple):
    """How a command line ended, and what it said where."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def blackspot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Ran]]:
    """Carry out command lines with a log as a process has one, in a folder of the test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("BLACKSPOT_LANGUAGE", "en")
    before = {name: list(logging.getLogger(name).handlers) for name in ("blackspot", "py.warnings")}

    def start(*arguments: str | Path) -> Ran:
        _close_logs(before)
        open_log()
        capsys.readouterr()
        code = cli.run_line([str(word) for word in arguments])
        return Ran(code, *capsys.readouterr())

    yield start
    _close_logs(before)
    logging.captureWarnings(capture=False)


def _close_logs(before: Mapping[str, list[logging.Handler]]) -> None:
    """Take away what a command added."""
    for name, handlers in before.items():
        logger = logging.getLogger(name)
        for handler in set(logger.handlers) - set(handlers):
            logger.removeHandler(handler)
            handler.close()


def test_each_level_says_something_more(blackspot: Callable[..., Ran], project: Path) -> None:
    """-q nothing; then the steps; -v files and times; -vv how files were read and what was kept. The result is on stdout."""
    runs = {}
    for at, level in enumerate(("-q", "", "-v", "-vv")):
        more = [level] if level else []
        out = f"project.out='{project.parent / f'out{at}'}'"
        runs[level] = blackspot("run", project, "--map", "none", "--set", out, *more)
        assert 0 == runs[level].returncode, runs[level].stderr
    counts = [len(done.stderr.splitlines()) for done in runs.values()]
    assert 0 == counts[0]
    assert counts == sorted(set(counts))
    assert "" == runs["-q"].stdout
    summaries = {done.stdout.rpartition("\n\n")[0] for level, done in runs.items() if level != "-q"}
    assert 1 == len(summaries), "the summary is the same at every level"
    steps, files, everything = (runs[level].stderr for level in ("", "-v", "-vv"))
    assert "Counting people" in steps
    assert "fibre.fgb: 2 rows read, 1 count as coverage, 1 left out" not in steps
    assert "fibre.fgb: 2 rows read, 1 count as coverage, 1 left out" in files
    assert "  Counting people: 0." in files
    assert "Made anew: Laying communes on the population grid" not in files
    for said in (
        "Made anew: Laying communes on the population grid",
        "five.gpkg: coordinates in EPSG:",
        "[coverage.filtered]",
        "bands kept from an earlier run",
    ):
        assert said in everything


def test_a_run_speaks_one_language(blackspot: Callable[..., Ran], project: Path) -> None:
    """Title, notice, words, steps, what is read and what is not compared, all in the language that was asked for."""
    first = blackspot("run", project, "--map", "none", "--language", "vi", "-vv")
    second = blackspot("run", project, "--map", "none", "--language", "vi", "--set", "profile.min_people=11")
    for done in (first, second):
        assert 0 == done.returncode, done.stderr
        assert [] == [word for word in ENGLISH if word in done.stdout + done.stderr]
    assert first.stdout.startswith("Thử, bộ tiêu chí trial")
    apart = "Không so sánh với lần chạy 000001"
    assert apart in second.stdout
    assert "(profile.min_people: 11, trước: 10)" in " ".join(second.stdout.split())
    assert apart not in first.stdout
    english = blackspot("run", project, "--map", "none", "--language", "en", "--set", "profile.min_people=11")
    assert english.stdout.startswith("Not compared with run 000001"), "nothing new says it again"
    assert "Trial, profile trial" in english.stdout
    listed = blackspot("runs", "--out", project.parent / "out", "--language", "vi")
    assert "000002" in listed.stdout
    assert "không được so sánh với lần trước: điểm đen nhỏ nhất được giữ" in " ".join(listed.stdout.split())


def test_an_error_speaks_the_language_too(blackspot: Callable[..., Ran], project: Path) -> None:
    """What is wrong with the project file, with its line, and what is wrong with the place."""
    project.write_text(
        project.read_text(encoding="utf-8").replace("buffer_m = 500", "buffer = 500"), encoding="utf-8"
    )
    done = blackspot("run", project, "--language", "vi")
    assert 2 == done.returncode
    assert "không phải khóa đã biết; có phải ý bạn là buffer_m?" in done.stderr
    assert "dòng" in done.stderr
    assert "" == done.stdout
    missing = blackspot("run", project.parent / "none.toml", "--language", "vi")
    assert "không có tệp này; `blackspot init` tạo một tệp để điền" in missing.stderr


def test_a_check_prints_what_it_found_and_json_alone_where_a_machine_reads(
    blackspot: Callable[..., Ran], project: Path
) -> None:
    """The verdict is the result: on stdout for people; with --json the words go to stderr."""
    file = project.parent / "five.gpkg"
    line = ("check", file, "--as", "coverage", "--service", "5g")
    plain, more, machine = (blackspot(*line, *extra) for extra in ((), ("-v",), ("--json",)))
    assert plain.stdout.endswith("It can be used.\n") or "can be used" in plain.stdout
    assert "can be used" not in plain.stderr
    assert len(more.stderr.splitlines()) > len(plain.stderr.splitlines())
    assert machine.stdout.startswith('{"used": true')
    assert 1 == len(machine.stdout.splitlines())
    assert "can be used" in machine.stderr


def test_every_key_that_decides_numbers_has_words(project: Path) -> None:
    """A planner reads what differs, not the name of a key alone."""
    loaded = load_project(project)
    known = words("rules", "en")
    keys = [*rules_of(loaded), *next(iter(claims_of(loaded).values()))]
    assert [] == [
        key for key in keys if f"key.{key.replace('.', '-')}" not in known and key not in WITHOUT_WORDS
    ]
    values = {key.rpartition("-")[0].removeprefix("value.") for key in known if key.startswith("value.")}
    assert values == {key.replace(".", "-") for key in WITHOUT_WORDS if not key.endswith(".list")}
