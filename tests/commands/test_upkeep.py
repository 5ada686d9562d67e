"""``verify``, ``prune``, ``approve``, and ``run --fail-on``: words, JSON and exit codes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from blackspot import cli
from blackspot.data.runs.listing import latest_id, next_run_id
from blackspot.data.runs.output_folder import OutputFolder
from blackspot.data.text.words import Both
from blackspot.data.upkeep.pending import hold_back
from publishing import fill, publish
from small_country import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from fake_pipeline import FakePipeline

WHY = Both("Hà Nội: bớt 60 người.", "Hà Nội: 60 fewer people.")


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three runs, and one that waits."""
    monkeypatch.setenv("BLACKSPOT_LANGUAGE", "en")
    folder = tmp_path / "out"
    for digest in "abc":
        publish(folder, digest * 64)
    with OutputFolder(folder) as output:
        run_id = next_run_id(folder, "d" * 64)
        draft = output.begin(run_id)
        fill(draft, run_id)
        hold_back(output, draft, run_id, reasons=[WHY], exit_code=0, seconds=1.0)
    return folder


def test_verify_ends_with_7_where_anything_is_damaged(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence for each damage with its cure, or one line of JSON."""
    assert 0 == cli.run_line(["verify", "--out", str(out)])
    assert ("All is whole: 4 runs, 12 files are as they were published.\n", "") == capsys.readouterr()
    (out / "runs" / "000002-bbbbbb" / "map.html").unlink()
    assert 7 == cli.run_line(["verify", "--out", str(out)])
    told = " ".join(capsys.readouterr().out.split())
    assert "000002-bbbbbb/map.html: is missing; restore it from a backup." in told
    assert 0 == cli.run_line(["verify", "latest", "--out", str(out)])
    capsys.readouterr()
    assert 7 == cli.run_line(["verify", "2", "--out", str(out), "--json"])
    facts = json.loads(capsys.readouterr().out)
    assert (1, 3, 7, ["missing"]) == (
        facts["runs"],
        facts["files"],
        facts["exit_code"],
        [one["what"] for one in facts["damage"]],
    )
    assert 2 == cli.run_line(["verify", "9", "--out", str(out)])


def test_verify_in_vietnamese(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As every sentence."""
    assert 0 == cli.run_line(["verify", "--out", str(out), "--language", "vi"])
    assert capsys.readouterr().out.startswith("Tất cả nguyên vẹn: 4 lần chạy")


def test_prune_says_what_goes_and_how_much_it_frees(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same dry and done."""
    assert 0 == cli.run_line(["prune", "--out", str(out)])
    assert "Nothing limits them: all runs are kept." in capsys.readouterr().out
    assert 0 == cli.run_line(["prune", "--out", str(out), "--keep", "2", "--dry-run", "--json"])
    facts = json.loads(capsys.readouterr().out)
    assert (True, ["000001-aaaaaa"]) == (facts["dry_run"], [one["name"] for one in facts["removed"]])
    assert facts["bytes"] == facts["removed"][0]["bytes"] > 0
    assert 0 == cli.run_line(["prune", "--out", str(out), "--keep", "2", "--dry-run"])
    assert capsys.readouterr().out.startswith("000001-aaaaaa: would go, ")
    assert 0 == cli.run_line(["prune", "--out", str(out), "--keep", "2"])
    assert capsys.readouterr().out.startswith("000001-aaaaaa: is gone, ")
    assert 0 == cli.run_line(["prune", "--out", str(out), "--older-than", "1"])
    assert "No run is to go." in capsys.readouterr().out
    assert 2 == cli.run_line(["prune", "--out", str(out), "--variant", "gap-any"])
    assert 2 == cli.run_line(["prune", "--out", str(out), "--keep", "0"])


def test_prune_keeps_what_the_project_file_says(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of its own folder: with --out nobody knows whose file lies here."""
    (out.parent / "blackspot.toml").write_text(f"{PROJECT}\n[retention]\nkeep_runs = 1\n", encoding="utf-8")
    monkeypatch.chdir(out.parent)
    assert 0 == cli.run_line(["prune", "--dry-run", "--json"])
    assert ["000001-aaaaaa", "000002-bbbbbb"] == [
        one["name"] for one in json.loads(capsys.readouterr().out)["removed"]
    ]
    assert 0 == cli.run_line(["prune", "--dry-run", "--json", "--keep", "2"])
    assert 1 == len(json.loads(capsys.readouterr().out)["removed"])
    assert 0 == cli.run_line(["prune", "--dry-run", "--json", "--out", "out"])
    assert [] == json.loads(capsys.readouterr().out)["removed"]


def test_approve_publishes(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With a reason; what had been the matter is said once more."""
    assert 2 == cli.run_line(["approve", "4", "--out", str(out)])
    assert 2 == cli.run_line(["approve", "4", "--out", str(out), "--reason", " "])
    assert "000003-cccccc" == latest_id(out)
    capsys.readouterr()
    assert 0 == cli.run_line(["approve", "4", "--out", str(out), "--reason", "confirmed"])
    assert capsys.readouterr().out.startswith("Hà Nội: 60 fewer people.\nRun 000004-dddddd was approved")
    assert "000004-dddddd" == latest_id(out)


def test_what_cannot_be_approved_ends_with_4(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the language of the command; as JSON the approved run is named."""
    extra = out / "pending" / "000004-dddddd" / "x"
    extra.touch()
    line = ["approve", "4", "--out", str(out), "--reason", "confirmed"]
    assert 4 == cli.run_line([*line, "--language", "vi"])
    assert "lỗi: lần chạy 000004-dddddd không thể công bố" in capsys.readouterr().err
    extra.unlink()
    assert 0 == cli.run_line([*line, "--json"])
    assert "000004-dddddd" == json.loads(capsys.readouterr().out)["run"]


def test_runs_list_what_waits_and_what_was_done(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Rows of a table with the reasons beneath, or JSON."""
    cli.run_line(["prune", "--out", str(out), "--keep", "2"])
    capsys.readouterr()
    assert 0 == cli.run_line(["runs", "--out", str(out)])
    told = capsys.readouterr().out
    assert "Waiting for approval (blackspot approve RUN --reason …)" in told
    assert "Hà Nội: 60 fewer people." in told
    assert "000001-aaaaaa was removed from the disk at" in told
    assert 0 == cli.run_line(["runs", "--out", str(out), "--json"])
    rows = json.loads(capsys.readouterr().out)
    assert ["run", "run", "run", "pending"] == [row["kind"] for row in rows]
    assert ["removed"] == [event["what"] for event in rows[0]["events"]]
    assert [WHY._asdict()] == rows[3]["reasons"]


def test_gates_go_to_the_run(pipeline: FakePipeline) -> None:
    """As they were written."""
    assert 0 == cli.run_line(["run", "p.toml", "-q", "--fail-on", "refused", "--fail-on", "pop_failing > 3"])
    (asked,) = pipeline.asked
    assert ("refused", "pop_failing > 3") == asked[-1]


@pytest.mark.parametrize("quiet", [[], ["-q"]])
@pytest.mark.parametrize("ending", ["pending", "gates"])
def test_what_keeps_a_run_from_ending_with_0_is_said(
    pipeline: FakePipeline, ending: str, quiet: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """On stderr, with -q too, safe to print; and in the JSON."""
    hostile = Both(f"{WHY.vi}\x1b[31m", f"{WHY.en}\x1b[31m")
    pipeline.report = replace(
        pipeline.report, published=ending != "pending", exit_code=4, **{ending: (hostile,)}
    )
    assert 4 == cli.run_line(["run", "p.toml", "--json", *quiet])
    out, err = capsys.readouterr()
    assert "Hà Nội: 60 fewer people.?[31m" in err
    assert ("waits for approval" in err) == (ending == "pending" and not quiet)
    assert [hostile._asdict()] == json.loads(out)[ending]
