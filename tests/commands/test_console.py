"""Results on stdout, words and progress on stderr, and less of them with -q."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from blackspot import cli
from fake_pipeline import FakePipeline, FakeReport, some_finding


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


def test_quiet_still_says_what_was_refused(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    """-q leaves out the summary, not the reason of an exit code that is not 0."""
    refused = some_finding(severity="error", message_vi="tệp không có hệ tọa độ.", file="a.gpkg")
    pipeline.report = FakeReport(exit_code=3, findings=(*FakeReport().findings, refused))
    assert cli.run_line(["run", "-q", "--language", "vi"]) == 3
    assert capsys.readouterr() == ("", "lỗi: a.gpkg: tệp không có hệ tọa độ.\n")


def test_quiet_says_nothing_when_all_is_well(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    """-q: neither progress nor summary."""
    assert cli.run_line(["run", "-q"]) == 0
    assert capsys.readouterr() == ("", "")
    assert pipeline.asked


def test_progress_on_a_terminal_is_a_bar_that_goes_away(
    pipeline: FakePipeline, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A terminal gets rich's bar instead of lines; it does not fail on odd step names."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    assert cli.run_line(["run"]) == 0
    out, err = capsys.readouterr()
    assert "profile vn-5g-fibre" in out
    assert "%" in err
    assert pipeline.asked


@pytest.mark.parametrize("terminal", [True, False])
def test_the_name_of_a_step_gives_no_orders_to_a_terminal(
    pipeline: FakePipeline,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    terminal: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """It may hold the name of a file or of an operator."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    monkeypatch.setenv("TERM", "dumb")
    real = pipeline._answer

    def answer(*asked: Any, progress: Any) -> Any:
        progress(0.5, "read \x1b]0;owned\x07\u202e\nfive.gpkg")
        return real(*asked, progress=progress)

    monkeypatch.setattr(pipeline, "_answer", answer)
    assert cli.run_line(["run"]) == 0
    said = "".join(capsys.readouterr())
    assert not {"\x07", "\u202e"} & set(said)
    assert "\x1b]0" not in said
    if not terminal:
        assert "read ?]0;owned?? five.gpkg" in said.splitlines()
