"""The command line: what it prints, where it prints it, and how it ends."""

from __future__ import annotations

import datetime as dt
import errno
import json
import logging
import os
import shlex
import signal
import subprocess
import sys
import textwrap
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import click
import numpy as np
import pandas as pd
import pytest

import blackspot
from blackspot import cli
from blackspot.data import failures
from blackspot.data.log_file import open_log
from blackspot.errors import (
    BusyError,
    Finding,
    InputError,
    ProjectError,
    RunNotFoundError,
    WorkplaceError,
)
from blackspot.maps.machine import as_json
from blackspot.maps.summary import number, percent, run_summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOSTILE = "Xã \x1b[31m<script>{{7*7}}\u202e\n[bold]=HYPERLINK()"


def _finding(code: str = "communes.missing-code", count: int = 1, **values: Any) -> Finding:
    words = {"severity": "warning", "message_en": "codes were padded.", "message_vi": "mã đã được điền lại."}
    return Finding(code=code, count=count, **{**words, **values})


def _communes(rows: int = 30) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "code": [f"{index:05d}" for index in range(rows)],
            "name": [f"Xã {index}" for index in range(rows)],
            "province_code": "01",
            "province_name": "Hà Nội",
            "rank": pd.array([*range(rows - 1, 0, -1), None], dtype="Int64"),
            "pop_total": 1000.0,
            "is_border": True,
            "pop_failing": [float(index) for index in range(rows)],
            "reason_vi": "Vùng trắng hoàn toàn ở biên giới, " + "rất dài " * 30,
            "reason_en": "Total not-spot at the border, " + "very long " * 30,
        }
    )


def _provinces(rows: int = 12) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "province_code": [f"{index:02d}" for index in range(rows)],
            "province_name": [f"Tỉnh {index}" for index in range(rows)],
            "pop_total": 10_000.0,
            "pop_failing": [float(100 * index) for index in range(rows)],
            "pop_uncovered_5g": 5000.0,
            "pop_uncovered_fibre": 2500.0,
        }
    )


@dataclass(frozen=True)
class FakeReport:
    """What the pipeline gives back, with a country of round numbers."""

    run_id: str = "000001-abcdef"
    folder: Path = Path("/srv/out/runs/000001-abcdef")
    published: bool = True
    nothing_new: bool = False
    exit_code: int = 0
    figures: dict[str, object] = field(
        default_factory=lambda: {
            "pop_total": np.float64(97_338_583.4),
            "pop_covered_5g": 20_000_000.0,
            "pop_uncovered_5g": 70_000_000.0,
            "pop_no_data_5g": 7_338_583.4,
            "pop_covered_fibre": 60_000_000.0,
            "pop_uncovered_fibre": 37_338_583.4,
            "pop_no_data_fibre": 0.0,
            "pop_failing": 30_000_000.0,
            "pop_in_black_spots": 25_000_000.0,
            "population_unknown_communes": np.int64(2),
            "people_outside": 760_000.0,
            "pop_covered_4g": float("nan"),
        }
    )
    provinces: pd.DataFrame = field(default_factory=_provinces)
    communes: pd.DataFrame = field(default_factory=_communes)
    black_spots_count: int = 1234
    findings: tuple[Finding, ...] = tuple(_finding(f"area.code-{index}", index + 1) for index in range(9))
    map_path: Path | None = Path("/srv/out/runs/000001-abcdef/map.html")
    seconds: float = 42.4
    notice: str = "SAMPLE DATA"
    title: str = "Sample"
    profile: str = "vn-5g-fibre"
    services: tuple[str, ...] = ("5g", "fibre")


class FakePipeline(ModuleType):
    """Stands in for ``blackspot.pipeline``: remembers what it was asked, gives back or raises."""

    def __init__(self) -> None:
        super().__init__("blackspot.pipeline")
        self.asked: list[tuple[Any, ...]] = []
        self.report = FakeReport()
        self.error: BaseException | None = None
        self.records: list[Any] = []

    def _answer(self, *asked: Any, progress: Callable[[float, str], None] | None = None) -> FakeReport:
        self.asked.append(asked)
        if progress is not None:
            for fraction, message in ((0.0, "reading"), (0.5, "reading"), (0.9, "writing")):
                progress(fraction, message)
        if self.error is not None:
            raise self.error
        return self.report

    def run(
        self,
        path: Path,
        *,
        overrides: Any = (),
        accept: Any = (),
        pages: str | None = None,
        cluster: str = "",
        progress: Any = None,
    ) -> FakeReport:
        return self._answer(
            "run",
            path,
            tuple(overrides),
            pages,
            *([cluster] if cluster else []),
            *([tuple(accept)] if accept else []),
            progress=progress,
        )

    def demo(self, folder: Path, *, progress: Any = None) -> FakeReport:
        return self._answer("demo", folder, progress=progress)

    def list_runs(self, out: Path) -> list[Any]:
        self._answer("runs", out)
        return self.records

    def explain(self, out: Path, code: str, *, run: str = "", language: str = "vi") -> SimpleNamespace:
        self._answer("explain", out, code, run, language)
        return SimpleNamespace(text=f"Commune {code}\nwas {HOSTILE}", facts={"pop_total": float("nan")})

    def rebuild_map(
        self, folder: Path, *, title: str = "", language: str = "", progress: Any = None
    ) -> list[Path]:
        self._answer("map", folder, title, language, progress=progress)
        return [folder / "map.html"]


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> FakePipeline:
    """The fake in the place of the real use cases; words in English."""
    fake = FakePipeline()
    monkeypatch.setitem(sys.modules, "blackspot.pipeline", fake)
    monkeypatch.setattr(blackspot, "pipeline", fake, raising=False)
    monkeypatch.setenv("BLACKSPOT_LANGUAGE", "en")
    return fake


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


# --- what is printed ---


def test_the_summary_fits_one_screen(pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]) -> None:
    """At most 41 lines of 100 columns; notice, figures, provinces, communes, checks, map; stdout is empty."""
    assert cli.run_line(["run", "--language", "en"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    lines = err.splitlines()
    assert lines[:3] == ["reading", "writing", "SAMPLE DATA"]
    assert len(lines[2:]) <= 41
    assert max(len(line) for line in lines) <= 100
    for fact in (
        "20,000,000",
        "97,338,583",
        "20.5 %",
        "1,234 black spots with 25,000,000 people. 30,000,000 of 97,338,583 people (30.8 %)",
        "4x",
        "2 communes have no known population",
        "760,000 people of the raster",
        "Tỉnh 11",
        "11.0 %",
        "... and 5 more kinds",
        "Map: /srv/out/runs/000001-abcdef/map.html",
    ):
        assert fact in err
    assert pipeline.asked


def test_provinces_and_communes_come_worst_first(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    """Five provinces by people lacking it, ten communes by rank; the unranked one is not shown."""
    cli.run_line(["run"])
    err = capsys.readouterr().err
    assert pipeline.asked
    assert [f"Tỉnh {index} " in err for index in range(12)] == [False] * 7 + [True] * 5
    first = [line.split()[0:2] for line in err.splitlines() if "Hà Nội" in line]
    assert [[str(rank), f"{29 - rank:05d}"] for rank in range(1, 11)] == first


def test_the_summary_speaks_vietnamese(pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]) -> None:
    """Words, reasons and the way numbers are written follow the language."""
    assert cli.run_line(["run", "--language", "vi"]) == 0
    err = capsys.readouterr().err
    for fact in (
        "97.338.583",
        "20,5 %",
        "chưa phủ",
        "không có dữ liệu",
        "biên giới",
        "Bản đồ: /srv/out",
    ):
        assert fact in err
    assert "uncovered" not in err
    assert pipeline.asked


def test_the_language_follows_the_machine(
    pipeline: FakePipeline, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """LANG=vi_VN gives Vietnamese, anything else English."""
    monkeypatch.delenv("BLACKSPOT_LANGUAGE")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    for language, word in (("vi_VN.UTF-8", "chưa phủ"), ("C.UTF-8", "uncovered"), ("", "uncovered")):
        monkeypatch.setenv("LANG", language)
        cli.run_line(["run"])
        assert word in capsys.readouterr().err
    assert len(pipeline.asked) == 3


def test_nothing_new_is_said_and_is_success(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same inputs again: exit 0, one clear line."""
    pipeline.report = FakeReport(nothing_new=True, published=False)
    assert cli.run_line(["run"]) == 0
    assert "Nothing new: the inputs are those of run 000001-abcdef" in capsys.readouterr().err


def test_a_run_with_a_refused_file_ends_with_3(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    """The report's exit code is the program's; the refusal stands first among the findings."""
    refused = _finding("zz.refused", severity="error", message_en="the file has no CRS.", file="a.gpkg")
    pipeline.report = FakeReport(exit_code=3, findings=(*FakeReport().findings, refused))
    assert cli.run_line(["run"]) == 3
    lines = capsys.readouterr().err.splitlines()
    title = next(number for number, line in enumerate(lines) if line.startswith("What the checks"))
    assert "refused" in lines[title + 1]
    assert "a.gpkg" in lines[title + 1]
    assert "the file has no CRS." in lines[title + 1]


def test_json_is_one_line_on_stdout(pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]) -> None:
    """A machine reads the last line of stdout; unknown numbers are null, numpy's numbers are numbers."""
    assert cli.run_line(["run", "--json", "-q"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    (line,) = out.splitlines()
    facts = json.loads(line)
    assert facts["figures"]["pop_total"] == 97_338_583.4
    assert facts["figures"]["pop_covered_4g"] is None
    assert facts["figures"]["population_unknown_communes"] == 2
    assert (facts["run"], facts["exit_code"], facts["map"]) == (
        "000001-abcdef",
        0,
        "/srv/out/runs/000001-abcdef/map.html",
    )
    assert facts["findings"][8] == {"code": "area.code-8", "severity": "warning", "count": 9}
    assert pipeline.asked


def test_names_of_inputs_cannot_move_the_terminal(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    """Escape and direction characters are replaced, markup is shown as it is, in every text."""
    communes, provinces = _communes(), _provinces()
    communes[["name", "province_name", "reason_en"]] = HOSTILE
    provinces["province_name"] = HOSTILE
    pipeline.report = FakeReport(
        communes=communes,
        provinces=provinces,
        title=HOSTILE,
        notice=HOSTILE,
        findings=(_finding(message_en="a [bold]word[/bold]"),),
    )
    assert cli.run_line(["run"]) == 0
    assert cli.run_line(["explain", "1", "--out", "o"]) == 0
    text = "".join(capsys.readouterr())
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "<script>" in text
    assert "[bold]word[/bold]" in text


def test_runs_are_listed(pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]) -> None:
    """A table on stdout, or JSON; nothing yet is a word on stderr."""
    assert cli.run_line(["runs", "--out", "o"]) == 0
    assert capsys.readouterr() == ("", "No runs are kept here yet.\n")
    pipeline.records = [
        SimpleNamespace(
            id="000001-ab",
            recorded_at=dt.datetime(2026, 11, 25, 16, 3, tzinfo=dt.UTC),
            digest="ab",
            exit_code=None,
            seconds=None,
            figures={"pop_total": 1234567.0, "pop_failing": 7.0, "black_spot_count": 5},
            findings={"warning": 4},
        )
    ]
    assert cli.run_line(["runs", "--out", "o"]) == 0
    header, row = capsys.readouterr().out.splitlines()
    assert header.split()[0] == "run"
    assert row.split() == ["000001-ab", "2026-11-25", "16:03", "1,234,567", "7", "5", "0", "4", "-"]
    assert cli.run_line(["runs", "--out", "o", "--json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)
    assert record["recorded_at"] == "2026-11-25T16:03:00+00:00"
    assert record["seconds"] is None


def test_explain_prints_text_or_json(pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]) -> None:
    """The explanation is the command's data: stdout."""
    assert cli.run_line(["explain", "00001", "--out", "o"]) == 0
    assert capsys.readouterr().out.startswith("Commune 00001\n")
    assert cli.run_line(["explain", "00001", "--out", "o", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["facts"] == {"pop_total": None}
    assert len(pipeline.asked) == 2


def test_quiet_says_nothing_when_all_is_well(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    """-q: neither progress nor summary."""
    assert cli.run_line(["run", "-q"]) == 0
    assert capsys.readouterr() == ("", "")
    assert pipeline.asked


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
        (InputError([_finding(severity="error", file="c.gpkg")]), 4, "error: c.gpkg: codes were padded."),
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


def test_a_failure_as_json_is_the_last_line_of_stdout(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    """A machine learns the codes even when nothing was published."""
    pipeline.error = InputError([_finding("communes.bad-code", severity="error", count=3)])
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
    told = failures.sentences(InputError([_finding(severity="error")] * 53), "vi")
    assert len(told) == 51
    assert told[0] == "mã đã được điền lại."
    assert told[-1] == "... and 3 more"


# --- the process: log file, signals ---

SCRIPT = """
    import sys, time, types
    import blackspot
    from blackspot import cli

    fake = types.ModuleType("blackspot.pipeline")

    def run(path, **others):
        {body}

    fake.run = run
    sys.modules["blackspot.pipeline"] = blackspot.pipeline = fake
    cli.main()
"""


def _process(tmp_path: Path, body: str, *arguments: str) -> subprocess.Popen[str]:
    script = tmp_path / "script.py"
    code = textwrap.dedent(SCRIPT).replace("{body}", textwrap.indent(textwrap.dedent(body), "    ").strip())
    script.write_text(code, encoding="utf-8")
    return subprocess.Popen(
        [sys.executable, script, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")},
    )


def test_a_bug_leaves_its_trace_in_the_log_file_only(tmp_path: Path) -> None:
    """One sentence on the screen that names the file; the trace stands there. Even with -vv."""
    process = _process(tmp_path, "raise RuntimeError('cell 7')", "run", "-vv")
    out, err = process.communicate(timeout=60)
    log_file = tmp_path / "state" / "blackspot" / "blackspot.log"
    assert (process.returncode, out) == (1, "")
    assert err == (
        f"error: this is a mistake of blackspot (RuntimeError: cell 7); the trace is in {log_file}, please report it\n"
    )
    assert "Traceback" in log_file.read_text(encoding="utf-8")


def test_warnings_of_libraries_go_to_the_log(tmp_path: Path) -> None:
    """A planner does not see them; whoever mends the program does."""
    body = "import warnings; warnings.warn('odd ring'); raise ValueError('x')"
    process = _process(tmp_path, body, "run")
    _, err = process.communicate(timeout=60)
    assert "odd ring" not in err
    assert "odd ring" in (tmp_path / "state" / "blackspot" / "blackspot.log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("number", "code", "word"), [(signal.SIGTERM, 143, "terminated"), (signal.SIGINT, 130, "interrupted")]
)
def test_a_signal_ends_the_run_in_order(tmp_path: Path, number: int, code: int, word: str) -> None:
    """Clean-up code runs, the exit code is the shell's, and the screen says what happened."""
    body = """
        import signal
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job starts with it ignored
        try:
            print("started", flush=True)
            time.sleep(60)
        finally:
            print("cleaned", flush=True)
    """
    with _process(tmp_path, body, "run", "-q") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert (code, "cleaned\n") == (process.returncode, out)
    assert f"{word}; nothing was published" in err


def test_a_reader_that_goes_away_is_no_bug(tmp_path: Path) -> None:
    """``blackspot explain ... | head -1`` ends quietly, as other programs do."""
    script = tmp_path / "script.py"
    code = """
        import sys, types
        import blackspot
        from blackspot import cli

        fake = types.ModuleType("blackspot.pipeline")
        fake.explain = lambda *_, **__: types.SimpleNamespace(text="word\\n" * 500_000, facts={})
        sys.modules["blackspot.pipeline"] = blackspot.pipeline = fake
        cli.main()
    """
    script.write_text(textwrap.dedent(code), encoding="utf-8")
    command = [sys.executable, str(script), "explain", "1", "--out", "o"]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "word\n"
        process.stdout.close()
        err = process.stderr.read()
    assert (process.returncode, err) == (141, "")


def test_the_log_moves_to_the_temporary_folder_where_the_home_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service account without a home can still run."""
    (tmp_path / "state").write_text("a file, not a folder", encoding="utf-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = {name: list(logging.getLogger(name).handlers) for name in ("blackspot", "py.warnings")}
    try:
        assert open_log() == tmp_path / "blackspot.log"
    finally:
        logging.captureWarnings(capture=False)
        for name, handlers in before.items():
            logger = logging.getLogger(name)
            for handler in set(logger.handlers) - set(handlers):
                logger.removeHandler(handler)
                handler.close()


def test_progress_on_a_terminal_is_a_bar_that_goes_away(
    pipeline: FakePipeline, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A terminal gets rich's bar instead of lines; it does not fail on odd step names."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    assert cli.run_line(["run"]) == 0
    assert "profile vn-5g-fibre" in capsys.readouterr().err
    assert pipeline.asked


# --- small words ---


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        (1234567.8, "en", "1,234,568"),
        (1234567.8, "vi", "1.234.568"),
        (np.float64(0.2), "en", "0"),
        (np.int64(7), "en", "7"),
        (float("nan"), "en", "-"),
        (None, "en", "-"),
        (pd.NA, "en", "-"),
        ("7", "en", "-"),
    ],
)
def test_numbers_are_written_for_people(value: object, language: str, expected: str) -> None:
    """Thousands apart, no decimals, a dash for what is unknown."""
    assert expected == number(value, language)


@pytest.mark.parametrize(
    ("part", "whole", "language", "expected"),
    [
        (1, 8, "en", "12.5 %"),
        (1, 8, "vi", "12,5 %"),
        (0, 8, "en", "0.0 %"),
        (0, 0, "en", "-"),
        (float("nan"), 8, "en", "-"),
        (1, None, "en", "-"),
    ],
)
def test_shares_are_written_for_people(part: object, whole: object, language: str, expected: str) -> None:
    """Percent with one decimal; of nobody there is no share."""
    assert expected == percent(part, whole, language)


def test_a_summary_of_an_empty_run_has_no_empty_tables() -> None:
    """What is not there is left out, and nothing fails."""
    report = FakeReport(
        provinces=pd.DataFrame(), communes=pd.DataFrame(), findings=(), figures={}, map_path=None
    )
    titles = [block.title for block in run_summary(report)]
    assert titles == ["Sample, profile vn-5g-fibre", ""]


def test_json_has_no_infinities() -> None:
    """JSON knows no NaN; paths and dates become text."""
    value = {"a": [np.float32(1.5), float("inf"), Path("/x")], "b": dt.date(2026, 1, 2), "c": True, "d": None}
    assert as_json(value) == '{"a": [1.5, null, "/x"], "b": "2026-01-02", "c": true, "d": null}'


def test_doctor_says_how_files_are_kept_apart(capsys: pytest.CaptureFixture[str]) -> None:
    """The level is one of two words, and both GDALs are named."""
    assert cli.run_line(["doctor"]) == 0
    lines = dict(line.split(": ", 1) for line in capsys.readouterr().out.splitlines())
    assert lines["isolation"] in {"full", "reduced"}
    assert {"gdal_rasterio", "gdal_pyogrio", "landlock", "seccomp"} <= set(lines)
