"""What the command line prints, for people and for machines."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from blackspot import cli
from blackspot.maps.summary.as_json import as_json
from blackspot.maps.summary.run import run_summary
from blackspot.maps.words.figures import number, percent
from fake_pipeline import (
    HOSTILE,
    FakePipeline,
    FakeReport,
    some_communes,
    some_finding,
    some_provinces,
    stand_in,
)


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> FakePipeline:
    """The fake in the place of the real use cases; words in English."""
    return stand_in(monkeypatch)


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
    refused = some_finding("zz.refused", severity="error", message_en="the file has no CRS.", file="a.gpkg")
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
    communes, provinces = some_communes(), some_provinces()
    communes[["name", "province_name", "reason_en"]] = HOSTILE
    provinces["province_name"] = HOSTILE
    pipeline.report = FakeReport(
        communes=communes,
        provinces=provinces,
        title=HOSTILE,
        notice=HOSTILE,
        findings=(some_finding(message_en="a [bold]word[/bold]"),),
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


def test_runs_are_listed_in_vietnamese(pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]) -> None:
    """Headings, numbers and the word for nothing follow the language."""
    assert cli.run_line(["runs", "--out", "o", "--language", "vi"]) == 0
    assert capsys.readouterr() == ("", "Ở đây chưa lưu lần chạy nào.\n")
    pipeline.records = [
        SimpleNamespace(
            id="000001-ab",
            recorded_at=dt.datetime(2026, 11, 25, 16, 3, tzinfo=dt.UTC),
            figures={"pop_total": 1234567.0},
            findings={},
            seconds=7.0,
        )
    ]
    assert cli.run_line(["runs", "--out", "o", "--language", "vi"]) == 0
    header, row = capsys.readouterr().out.splitlines()
    assert header.startswith("lần chạy")
    assert "1.234.567" in row


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (KeyboardInterrupt(), "đã ngắt; không công bố gì\n"),
        (
            MemoryError(),
            "lỗi: không đủ bộ nhớ; hãy đóng chương trình khác hoặc dùng máy có nhiều bộ nhớ hơn\n",
        ),
        (ValueError("x"), "lỗi: đây là lỗi của chính blackspot (ValueError: x)\n"),
    ],
)
def test_the_program_ends_in_vietnamese(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str], error: BaseException, expected: str
) -> None:
    """What the command line itself says follows the language as well."""
    pipeline.error = error
    assert cli.run_line(["run", "-q", "--language", "vi"]) != 0
    assert capsys.readouterr().err.lstrip("\n") == expected


def test_the_written_project_file_is_told_in_vietnamese(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The path stands in the sentence twice, ready to copy."""
    assert cli.run_line(["init", str(tmp_path), "--language", "vi"]) == 0
    path = tmp_path / "blackspot.toml"
    assert capsys.readouterr().err == f"Đã ghi {path}. Hãy điền vào tệp này, rồi gõ: blackspot run {path}\n"


def test_a_run_folder_that_is_damaged_is_named(
    pipeline: FakePipeline, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The history may know a run whose folder somebody half removed; the list says so."""
    (tmp_path / "runs" / "000001-abcdef").mkdir(parents=True)
    assert cli.run_line(["runs", "--out", str(tmp_path)]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(
        f"warning: {tmp_path / 'runs' / '000001-abcdef' / 'manifest.json'}: cannot read the manifest"
    )
    assert pipeline.asked == [("runs", tmp_path)]


def test_explain_prints_text_or_json(pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]) -> None:
    """The explanation is the command's data: stdout."""
    assert cli.run_line(["explain", "00001", "--out", "o"]) == 0
    assert capsys.readouterr().out.startswith("Commune 00001\n")
    assert cli.run_line(["explain", "00001", "--out", "o", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["facts"] == {"pop_total": None}
    assert len(pipeline.asked) == 2


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
        (0, 8, "en", "0 %"),
        (1, 10_000, "vi", "<0,1 %"),
        (9_999, 10_000, "en", ">99.9 %"),
        (8, 8, "en", "100 %"),
        (0, 0, "en", "-"),
        (float("nan"), 8, "en", "-"),
        (1, None, "en", "-"),
    ],
)
def test_shares_are_written_for_people(part: object, whole: object, language: str, expected: str) -> None:
    """Percent with one decimal, all and nothing only where it is so; of nobody there is no share."""
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
