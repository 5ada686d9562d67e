"""Runs that nobody watches: deliveries from the inbox become runs, the log says how, and the hook is told."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from blackspot import cli
from blackspot.data.disk.hashing import input_file
from blackspot.data.inbox import sweep
from blackspot.data.runs.output_folder import OutputFolder
from blackspot.errors import BusyError, InputError
from blackspot.pipeline import received
from blackspot.pipeline import run as pipeline
from four_communes import files
from small_country import box, change, write_country, write_coverage

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.maps.summary.report import RunReport

HOOK = "import sys, os; open('told.json', 'w').write(sys.stdin.read()); open('seen.txt', 'w').write(repr(dict(os.environ)))"
OCTOBER, NOVEMBER = "sao_mai_5g_2026-10-31.gpkg", "sao_mai_5g_2026-11-01.gpkg"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write the small country with an inbox; its project names files of August and September."""
    monkeypatch.setattr(sweep, "BETWEEN_LOOKS_S", 0.01)
    path = write_country(tmp_path)
    add(path, '[inbox]\npath = "drop"\nminimum_age_s = 0\noverdue_s = 0\n')
    (tmp_path / "drop").mkdir()
    return path


def add(project: Path, text: str) -> None:
    project.write_text(f"{project.read_text(encoding='utf-8')}\n{text}", encoding="utf-8")


def add_hook(project: Path, code: str = HOOK, more: str = "") -> None:
    add(project, f"[hook]\ncommand = {json.dumps([sys.executable, '-c', code])}\n{more}")


def drop(project: Path, name: str = OCTOBER, columns: int = 20) -> Path:
    """Hand in coverage of the first so many columns of cells."""
    path = project.parent / "drop" / name
    write_coverage(path, box(0, 0, columns, 5))
    return path


def run(project: Path, **options: Any) -> RunReport:
    return pipeline.run(project, pages="none", **options)


def codes(report: RunReport) -> set[str]:
    return {finding.code for finding in report.findings}


def logged(project: Path, pattern: str) -> list[dict[str, Any]]:
    (path,) = (project.parent / "out" / "logs").glob(pattern)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def told(project: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project.parent / "told.json").read_text(encoding="utf-8"))
    return found


# -- the inbox ---------------------------------------------------------------------------------------------


def test_a_delivery_takes_the_place_of_the_file_of_the_project(project: Path) -> None:
    """The manifest says its name, day and hash; a run with an empty inbox goes on with it and publishes nothing new."""
    first = run(project)
    sha256 = input_file("", drop(project)).sha256
    second = run(project)
    assert (True, 0) == (second.published, second.exit_code)
    assert "inbox.taken" in codes(second)
    assert second.figures["pop_covered_5g"] > first.figures["pop_covered_5g"]
    entry = json.loads((second.folder / "manifest.json").read_text(encoding="utf-8"))["submissions"][0]
    assert ("delivered", OCTOBER, "2026-10-31", sha256) == (
        entry["state"],
        *(entry["file"][key] for key in ("file", "vintage", "sha256")),
    )
    assert entry["path"].startswith("inbox-archive/sao_mai-5g-declared/2026-10-31-")
    again = run(project)
    assert (True, second.run_id) == (again.nothing_new, again.run_id)
    assert "inbox.taken" not in codes(again)


def test_what_else_lies_in_the_inbox_changes_no_byte_of_a_run(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The same deliveries give the same run, on another day and beside other files; only the screen tells of these."""
    drop(project)
    (project.parent / "drop" / "stray.gpkg").write_text("?", encoding="utf-8")
    first = run(project)
    assert "inbox.half-file" in codes(first)
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for name in ("communes.gpkg", "people.tif", "five.gpkg", "other.geojson", "blackspot.toml", "drop"):
        source = project.parent / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, elsewhere / name)
    shutil.copytree(project.parent / "inbox-archive", elsewhere / "inbox-archive")
    (elsewhere / "drop" / "stray.gpkg").unlink()
    second = run(elsewhere / "blackspot.toml")
    assert files(first.folder) == files(second.folder)


def test_the_project_file_of_a_run_gives_the_same_run_without_an_inbox(project: Path) -> None:
    """It names the deliveries in the archive."""
    drop(project)
    first = run(project)
    effective = project.with_name("again.toml")
    shutil.copy(first.folder / "project.toml", effective)
    assert "inbox" not in effective.read_text(encoding="utf-8").replace("inbox-archive", "")
    second = pipeline.run(effective, overrides=["project.out=again"])
    assert first.run_id == second.run_id
    assert (first.folder / "communes.csv").read_bytes() == (second.folder / "communes.csv").read_bytes()


def test_a_delivery_that_is_refused_is_replaced_like_any_other(project: Path) -> None:
    """The last good version is used, the file stays in the archive, and a mended one of the same day is taken at once."""
    drop(project)
    good = run(project)
    bad = project.parent / "drop" / "sao_mai_5g_2026-11-01.geojson"
    bad.write_text('{"type": "FeatureCollection", "features": [}', encoding="utf-8")
    change(project, "minimum_age_s = 0", "minimum_age_s = 0.0001")
    refused = run(project)
    assert (3, True) == (refused.exit_code, refused.published)
    assert ["last_good", "delivered"] == [entry.state for entry in refused.submissions]
    assert good.figures["pop_covered_5g"] == refused.figures["pop_covered_5g"]
    assert [] == list((project.parent / "drop").iterdir())
    assert (3, True) == ((again := run(project)).exit_code, again.nothing_new)
    drop(project, NOVEMBER, 12)
    mended = run(project)
    assert (0, True) == (mended.exit_code, mended.published)
    assert NOVEMBER == mended.submissions[0].file.file  # type: ignore[union-attr] # it was delivered
    assert 3 == len(list((project.parent / "inbox-archive").glob("*/*")))


def test_a_bad_delivery_is_the_fault_of_its_sender_and_never_of_the_project(project: Path) -> None:
    """An entry that worked with the day before is right: the new file lacks the column, and the others are published."""
    change(
        project,
        'path = "five.gpkg"',
        'path = "five.gpkg"\nwhere = { column = "kind", values = ["computed"] }',
    )
    drop(project)
    assert 0 == run(project).exit_code
    (project.parent / "drop" / "sao_mai_5g_2026-11-01.geojson").write_text(
        (project.parent / "other.geojson").read_text(encoding="utf-8").replace('"kind"', '"sort"'),
        encoding="utf-8",
    )
    report = run(project)
    assert (3, True) == (report.exit_code, report.published)
    assert "column.missing" in codes(report)


def test_two_deliveries_of_one_day_are_asked_about_while_the_last_good_one_is_used(project: Path) -> None:
    """Accepting the question takes the one that came last."""
    drop(project)
    first = run(project)
    drop(project, "Sao Mai 5G 20261031.gpkg", 12)
    asked = run(project)
    assert (3, ("inbox.same-date",)) == (asked.exit_code, asked.submissions[0].refused)
    assert first.figures["pop_covered_5g"] == asked.figures["pop_covered_5g"]
    assert "inbox.same-date" in codes(asked)
    assert (3, True) == ((again := run(project)).exit_code, again.nothing_new)
    accepted = run(project, accept=["inbox.same-date"])
    assert (0, True) == (accepted.exit_code, accepted.published)
    assert accepted.figures["pop_covered_5g"] < first.figures["pop_covered_5g"]


def test_with_stop_a_contradiction_publishes_nothing(project: Path) -> None:
    """As any refused submission."""
    change(project, "[communes]", 'refused_submissions = "stop"\n[communes]')
    drop(project)
    drop(project, "Sao Mai 5G 20261031.gpkg", 12)
    with pytest.raises(InputError, match="several deliveries of 2026-10-31 differ"):
        run(project)


def test_a_variant_uses_what_came_in_and_takes_nothing(project: Path) -> None:
    """The inbox is the series' own."""
    drop(project)
    run(project)
    drop(project, NOVEMBER, 12)
    report = run(project, variant="wide", overrides=["profile.min_people=20"])
    assert OCTOBER == report.submissions[0].file.file  # type: ignore[union-attr] # it was delivered
    assert (project.parent / "drop" / NOVEMBER).exists()


def test_a_variant_that_refuses_a_delivery_notes_nothing_in_the_archive(project: Path) -> None:
    """Its rules are others; the series has noted what it refused itself."""
    bad = project.parent / "drop" / "sao_mai_5g_2026-11-01.csv"
    bad.write_text("name\nno place\n", encoding="utf-8")
    assert 3 == run(project).exit_code
    (noted,) = (project.parent / "inbox-archive").glob("*/*/refused.json")
    noted.unlink()
    assert 3 == run(project, variant="wide", overrides=["profile.min_people=20"]).exit_code
    assert not noted.exists()


def test_a_file_that_needs_somebody_is_told_in_the_status_until_it_is_gone(project: Path) -> None:
    """Whoever only watches ``status.json`` learns of it; it is no failure."""
    drop(project, "tan_song_5g_2026-10-31.gpkg")
    for _ in range(2):
        assert 0 == run(project).exit_code
        status = json.loads((project.parent / "out" / "status.json").read_text(encoding="utf-8"))[
            "last_success"
        ]
        assert [True] == ["called after no operator" in message for message in status["messages"]]
    (project.parent / "drop" / "tan_song_5g_2026-10-31.gpkg").unlink()
    run(project)
    status = json.loads((project.parent / "out" / "status.json").read_text(encoding="utf-8"))["last_success"]
    assert [] == status["messages"]


def test_a_run_that_fails_has_lost_no_delivery(project: Path) -> None:
    """It is in the archive, and the next run uses it."""
    drop(project)
    communes = project.parent / "communes.gpkg"
    kept = communes.rename(communes.with_suffix(".kept"))
    with pytest.raises(InputError):
        run(project)
    kept.rename(communes)
    report = run(project)
    assert OCTOBER == report.submissions[0].file.file  # type: ignore[union-attr] # it was delivered


# -- the log -----------------------------------------------------------------------------------------------


def test_a_published_run_has_a_log_beside_its_folder(project: Path) -> None:
    """Begin, steps with durations, findings, end; the folder of the run has no time in it."""
    report = run(project)
    lines = logged(project, f"{report.run_id}.jsonl")
    assert ("begin", "end") == (lines[0]["event"], lines[-1]["event"])
    assert (0, report.run_id, True) == tuple(lines[-1][key] for key in ("exit_code", "run", "published"))
    steps = [line["name"] for line in lines if line["event"] == "step"]
    assert {"Looking whether anything is new", "Counting people", "Publishing the results"} <= set(steps)
    assert codes(report) == {line["code"] for line in lines if line["event"] == "finding"}
    run(project)
    assert (0, False) == tuple(
        logged(project, "unchanged-*.jsonl")[-1][key] for key in ("exit_code", "published")
    )


def test_a_failed_run_has_a_log_that_says_why(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the findings; of a mistake of the program with its trace; of an interruption with its exit code."""
    (project.parent / "communes.gpkg").unlink()
    with pytest.raises(InputError):
        run(project)
    lines = logged(project, "failed-*.jsonl")
    assert (4, "") == (lines[-1]["exit_code"], lines[-1]["run"])
    assert any("there is no such file" in problem for problem in lines[-1]["problems"])
    assert "file.missing" in {line["code"] for line in lines if line["event"] == "finding"}
    for error, code in ((ZeroDivisionError("x/0"), 1), (KeyboardInterrupt(), 130), (SystemExit(), 143)):
        shutil.rmtree(project.parent / "out" / "logs")

        def fail(*_: object, error: BaseException = error) -> NoReturn:
            raise error

        monkeypatch.setattr(received, "hash_inputs", fail)
        with pytest.raises(type(error)):
            run(project)
        end = logged(project, "failed-*.jsonl")[-1]
        assert (code, code == 1) == (end["exit_code"], "Traceback" in end.get("trace", ""))


def test_a_busy_folder_gets_no_log(project: Path) -> None:
    """The run that holds it writes there."""
    with OutputFolder(project.parent / "out"), pytest.raises(BusyError):
        run(project)
    assert not (project.parent / "out" / "logs").exists()


# -- the hook ----------------------------------------------------------------------------------------------


def test_the_hook_is_told_what_json_prints(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """After a published run, after one with nothing new, and after a failed one."""
    add_hook(project)
    for _ in range(2):
        assert 0 == cli.run_line(["run", str(project), "--map", "none", "--json"])
        assert json.loads(capsys.readouterr().out) == told(project)
    assert told(project)["nothing_new"]
    (project.parent / "communes.gpkg").unlink()
    assert 4 == cli.run_line(["run", str(project), "--map", "none", "--json", "--language", "en"])
    assert json.loads(capsys.readouterr().out) == told(project)
    assert 4 == told(project)["exit_code"]


def test_the_hook_is_told_of_an_interruption_and_of_a_busy_folder(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for its word gets one."""
    add_hook(project)
    with OutputFolder(project.parent / "out"), pytest.raises(BusyError):
        run(project)
    assert 6 == told(project)["exit_code"]

    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(received, "hash_inputs", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run(project)
    assert (130, ["KeyboardInterrupt"]) == (told(project)["exit_code"], told(project)["problems"])


def test_the_hook_sees_which_run_it_was_and_no_secret(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even a run that it starts itself tells it again."""
    monkeypatch.setenv("PGPASSWORD", "secret")
    add_hook(project)
    report = run(project)
    seen = (project.parent / "seen.txt").read_text(encoding="utf-8")
    assert report.run_id in seen
    assert "secret" not in seen
    (project.parent / "told.json").unlink()
    monkeypatch.setenv("BLACKSPOT_HOOK", "1")
    run(project)
    assert not (project.parent / "told.json").exists()


def test_the_output_folder_is_free_when_the_hook_is_told(project: Path) -> None:
    """It may ask for the runs, or start another one."""
    code = f"import sys; sys.argv = ['blackspot', 'run', {str(project)!r}, '--map', 'none', '-q']; import blackspot.cli; blackspot.cli.main()"
    add_hook(project, code, "timeout_s = 600\n")
    report = run(project)
    hook = logged(project, f"{report.run_id}.jsonl")[-1]
    assert ("hook", "", []) == (hook["event"], hook["problem"], hook["output"])
    assert 1 == len(list((project.parent / "out" / "logs").glob("unchanged-*")))


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("print('no mail today'); raise SystemExit(9)", "ended with 9"),
        ("import time; time.sleep(600)", "took too long and was ended"),
        ("import os, signal; os.kill(os.getppid(), 0); os.abort()", "was ended by signal 6"),
    ],
)
def test_a_hook_that_fails_changes_no_exit_code(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    code: str,
    problem: str,
) -> None:
    """It is told in the log of the run and on the screen."""
    add_hook(project, code, "timeout_s = 2\n")
    assert 0 == cli.run_line(["run", str(project), "--map", "none", "--json"])
    assert 0 == json.loads(capsys.readouterr().out)["exit_code"]
    assert 1 == sum("hook" in message and problem in message for message in caplog.messages)
    hook = [line for line in logged(project, "0*.jsonl") if line["event"] == "hook"]
    assert [problem] == [line["problem"] for line in hook]
    if "mail" in code:
        assert ["no mail today"] == hook[0]["output"]


def test_stopping_the_program_while_the_hook_runs_tells_of_the_published_run(project: Path) -> None:
    """The run stands; the hook is ended."""
    add_hook(project, "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(600)")
    words = [sys.executable, "-m", "blackspot.cli", "run", str(project), "--map", "none", "--language", "en"]
    environment = {**os.environ, "XDG_STATE_HOME": str(project.parent)}
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=environment) as program:
        pid = project.parent / "pid"
        while not (pid.exists() and pid.read_text(encoding="ascii")):
            assert program.poll() is None
            time.sleep(0.02)
        program.send_signal(signal.SIGTERM)
        _, said = program.communicate(timeout=60)
    assert 143 == program.returncode
    assert "had been published before" in said
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text(encoding="ascii")), 0)
