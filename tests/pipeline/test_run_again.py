"""Inputs that come back: the run they made is known again, and is the latest again."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from blackspot.data.runs.attempts import note_failure
from blackspot.data.runs.listing import latest_id, list_runs
from blackspot.data.runs.manifest import damage
from blackspot.data.runs.output_folder import OutputFolder
from blackspot.data.runs.status import read_status
from blackspot.errors import WorkplaceError
from blackspot.pipeline import run as pipeline
from four_communes import files
from small_country import box, frame

if TYPE_CHECKING:
    from blackspot.maps.summary.report import RunReport


def run(project: Path, **options: Any) -> RunReport:
    return pipeline.run(project, pages="none", **options)


@pytest.fixture
def there_and_back(project: Path) -> tuple[Path, RunReport, RunReport]:
    """Run with one file of an operator, then with another, and put the first one back."""
    five = project.parent / "five.gpkg"
    first = run(project)
    shutil.copy2(five, project.parent / "first.gpkg")
    hand_in(project, 8)
    second = run(project)
    (project.parent / "first.gpkg").replace(five)
    return project, first, second


def hand_in(project: Path, rows: float) -> None:
    """Hand in another file of the first operator's 5G."""
    path = project.parent / "five.gpkg"
    path.unlink()
    frame([box(0, 0, 20, rows)], kind=["5G"]).to_crs(3405).to_file(path, layer="five")


def test_the_run_of_these_inputs_is_the_latest_again(
    there_and_back: tuple[Path, RunReport, RunReport], caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is computed or written but the pointers, and whoever reads them gets the figures of these inputs."""
    project, first, second = there_and_back
    caplog.set_level("WARNING", "blackspot")
    out = project.parent / "out"
    before = files(out / "runs")
    third = run(project)
    assert (True, True, False, 0) == (
        third.nothing_new,
        third.latest_again,
        third.published,
        third.exit_code,
    )
    assert first.run_id == third.run_id
    share = "covered_share_5g"
    assert first.figures[share] == third.figures[share] != second.figures[share]
    assert before == files(out / "runs")
    assert "an earlier delivery is in force again: Sao Mai 5g" in caplog.text
    assert first.run_id == latest_id(out)
    assert f"runs/{first.run_id}" == str((out / "latest").readlink())
    assert first.run_id == read_status(out)["last_success"]["run"]  # type: ignore[index]


def test_it_stays_the_latest_until_something_else_is_in_force(
    there_and_back: tuple[Path, RunReport, RunReport],
) -> None:
    """Not even the next start takes the newer run for the latest; a new run has the next number and is it."""
    project, first, second = there_and_back
    out = project.parent / "out"
    run(project)
    fourth = run(project)
    assert (True, False, first.run_id) == (fourth.nothing_new, fourth.latest_again, fourth.run_id)
    with pytest.raises(WorkplaceError):
        fail_in(out)
    assert first.run_id == latest_id(out)
    hand_in(project, 12)
    fifth = run(project)
    assert (True, "000003") == (fifth.published, fifth.run_id[:6])
    assert fifth.run_id == latest_id(out)
    assert {"run": fifth.run_id, "path": f"runs/{fifth.run_id}"} == json.loads(
        (out / "latest.json").read_bytes()
    )
    hand_in(project, 8)  # not byte for byte what it was: times in the file
    assert second.run_id != run(project).run_id


def fail_in(out: Path) -> None:
    """Hold the folder as any run does, and fail."""
    with OutputFolder(out):
        error = WorkplaceError("the disk is full")
        note_failure(out, error, 1.0)
        raise error


def test_a_damaged_run_is_not_taken_back(there_and_back: tuple[Path, RunReport, RunReport]) -> None:
    """The inputs are read and judged anew, as if they had never been there."""
    project, first, _ = there_and_back
    table = first.folder / "communes.parquet"
    table.chmod(0o644)
    table.write_bytes(table.read_bytes()[:-1] + b"X")
    third = run(project)
    assert (True, False, "000003") == (third.published, third.nothing_new, third.run_id[:6])


def test_a_deleted_run_is_computed_anew(there_and_back: tuple[Path, RunReport, RunReport]) -> None:
    """There is nothing to see in it."""
    project, first, _ = there_and_back
    shutil.rmtree(first.folder)
    third = run(project)
    assert (True, "000003") == (third.published, third.run_id[:6])


def test_a_refused_file_is_judged_by_what_is_in_force(project: Path) -> None:
    """The last good version may be another one now, so a run that used one is not known again."""
    five = project.parent / "five.gpkg"
    good = five.read_bytes()
    run(project)
    five.write_bytes(b"no GeoPackage")
    refused = run(project)
    assert 3 == refused.exit_code
    five.write_bytes(good)
    hand_in(project, 8)
    other = run(project)
    five.write_bytes(b"no GeoPackage")
    last = run(project)
    assert (True, False) == (last.published, last.nothing_new)
    assert other.figures["pop_covered_5g"] == last.figures["pop_covered_5g"]
    assert refused.figures["pop_covered_5g"] != last.figures["pop_covered_5g"]


@pytest.mark.parametrize(("people", "back"), [(10, False), (2000, True)])
def test_a_change_that_wants_approval_is_not_taken_back_by_itself(
    there_and_back: tuple[Path, RunReport, RunReport],
    people: int,
    back: bool,  # noqa: FBT001 - a case
) -> None:
    """Going back changes as many people as going there: beyond the limit the files are read and judged anew."""
    project, first, _ = there_and_back
    third = run(project, overrides=[f"approval.province_people={people}"])
    assert back == third.latest_again == third.nothing_new
    assert back == (first.run_id == latest_id(project.parent / "out"))


def test_a_variant_is_compared_with_its_own_latest_run_only(
    there_and_back: tuple[Path, RunReport, RunReport],
) -> None:
    """It says in what it differs from the run of the series that is the latest now."""
    project, first, _ = there_and_back
    wanted = ["profile.min_people=5", "project.notice.vi=SỐ LIỆU THỬ"]
    variant = run(project, variant="low", overrides=wanted)
    assert variant.published
    assert {"vi", "en"} == {language for language, text in variant.notice.items() if " SỐ LIỆU THỬ" in text}
    run(project)
    out = project.parent / "out"
    assert first.run_id == latest_id(out)
    assert variant.run_id == latest_id(out / "variants" / "low")


def test_killed_at_any_moment_the_pointer_names_a_whole_run(
    there_and_back: tuple[Path, RunReport, RunReport],
) -> None:
    """The old one or the new one; the next start finishes what was begun."""
    project, first, second = there_and_back
    out = project.parent / "out"
    shutil.copytree(out, project.parent / "kept", symlinks=True)
    script = (
        "import sys; from pathlib import Path; sys.path[:0] = sys.argv[1:3]; from publishing import die_at;"
        "from blackspot.data.runs.output_folder import OutputFolder\n"
        "with OutputFolder(Path(sys.argv[3])) as output:\n"
        "    die_at(int(sys.argv[5])); output.point_back_to(sys.argv[4])"
    )
    made = Path(__file__).parent.parent / "made"
    named, died = set(), 0
    for point in range(20):
        shutil.rmtree(out)
        shutil.copytree(project.parent / "kept", out, symlinks=True)
        command = [sys.executable, "-c", script, str(made), str(made), str(out), first.run_id, str(point)]
        code = subprocess.run(command, check=False, capture_output=True).returncode
        named.add(latest_id(out))
        assert () == damage(out / "runs" / latest_id(out))
        assert first.run_id == run(project).run_id
        assert first.run_id == (out / "latest").resolve().name
        if code == 0:
            break
        died += 1
    assert {first.run_id, second.run_id} == named
    assert 3 <= died < 20
    assert 2 == len(list_runs(out))
