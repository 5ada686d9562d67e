"""Names of runs and finding them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.data.disk.hashing import InputFile
from blackspot.data.runs.listing import (
    damaged_runs,
    inputs_digest,
    latest_id,
    latest_run,
    list_runs,
    next_run_id,
    open_run,
    sequence_of,
)
from blackspot.data.runs.manifest import canonical_json
from blackspot.errors import RunNotFoundError, WorkplaceError

FIRST, SECOND, TENTH = "000001-aaaaaa", "000002-bbbbbb", "000010-aaaaab"


def make(out: Path, *names: str, latest: str = "") -> Path:
    for name in names:
        folder = out / "runs" / name
        folder.mkdir(parents=True)
        manifest = canonical_json({"run": name, "inputs_digest": name[-6:], "outputs": {}})
        (folder / "manifest.json").write_text(manifest, encoding="utf-8")
    if latest:
        (out / "latest.json").write_text(canonical_json({"run": latest, "path": f"runs/{latest}"}))
    return out


def item(
    role: str = "communes", sha256: str = "1" * 64, name: str = "a.gpkg", vintage: str = ""
) -> InputFile:
    return InputFile(role, Path("/x") / name, sha256, 1, vintage)


def test_the_digest_depends_on_what_decides_the_result() -> None:
    """Role, content, vintage, project and version each change it."""
    base = inputs_digest([item()], "p", "1")
    others = {
        inputs_digest([item(role="population")], "p", "1"),
        inputs_digest([item(sha256="2" * 64)], "p", "1"),
        inputs_digest([item(vintage="2026")], "p", "1"),
        inputs_digest([item(), item()], "p", "1"),
        inputs_digest([], "p", "1"),
        inputs_digest([item()], "q", "1"),
        inputs_digest([item()], "p", "2"),
    }
    assert 7 == len(others)
    assert base not in others


def test_the_digest_does_not_depend_on_where_and_in_which_order() -> None:
    """Moved, renamed or reordered files are the same inputs."""
    first, second = item(), item("coverage", "2" * 64)
    moved = item(name="elsewhere/b.gpkg")
    assert inputs_digest([first, second], "p", "1") == inputs_digest([second, moved], "p", "1")


@given(st.lists(st.tuples(st.text(), st.text()), min_size=1, max_size=3))
def test_parts_of_the_digest_do_not_run_together(parts: list[tuple[str, str]]) -> None:
    """Moving a letter from one field to the next gives another digest."""
    role, vintage = parts[0]
    one = inputs_digest([item(role + "a", vintage=vintage)], "p", "1")
    assert one != inputs_digest([item(role, vintage="a" + vintage)], "p", "1")


def test_numbers_count_up_whatever_the_digest(tmp_path: Path) -> None:
    """The first run is 000001; the next is one more than the highest, not than the count."""
    assert "000001-9f2c41" == next_run_id(tmp_path, "9f2c41" + "0" * 58)
    make(tmp_path, FIRST, TENTH)
    assert "000011-9f2c41" == next_run_id(tmp_path, "9f2c41" + "0" * 58)


def test_a_number_is_not_used_twice_when_runs_were_deleted(tmp_path: Path) -> None:
    """The pointer remembers the highest number."""
    make(tmp_path, FIRST, latest=TENTH)
    assert "000011-aaaaaa" == next_run_id(tmp_path, "a" * 64)


def test_numbers_beyond_six_digits_sort_as_numbers(tmp_path: Path) -> None:
    """The millionth run comes after the 999,999th."""
    make(tmp_path, "1000000-aaaaaa", "999999-bbbbbb")
    assert ["999999-bbbbbb", "1000000-aaaaaa"] == [run.id for run in list_runs(tmp_path)]
    assert "1000001-cccccc" == next_run_id(tmp_path, "c" * 64)


def test_runs_are_listed_oldest_first(tmp_path: Path) -> None:
    """Other things in the folder are no runs."""
    make(tmp_path, TENTH, FIRST, SECOND)
    (tmp_path / "runs" / ".unfinished-000011-cccccc").mkdir()
    (tmp_path / "runs" / "notes.txt").write_text("x")
    (tmp_path / "runs" / "000003-dddddd").write_text("a file")
    runs = list_runs(tmp_path)
    assert [FIRST, SECOND, TENTH] == [run.id for run in runs]
    assert [1, 2, 10] == [run.sequence for run in runs]
    assert "aaaaaa" == runs[0].inputs_digest


def test_no_folder_means_no_runs(tmp_path: Path) -> None:
    """Before the first run there is nothing, and that is no error."""
    assert () == list_runs(tmp_path / "no")
    assert latest_run(tmp_path / "no") is None
    assert "" == latest_id(tmp_path / "no")


def test_a_damaged_run_is_named_and_hides_no_other(tmp_path: Path) -> None:
    """One broken manifest does not make the other runs unreadable."""
    make(tmp_path, FIRST, SECOND)
    (tmp_path / "runs" / FIRST / "manifest.json").write_text("{")
    assert [SECOND] == [run.id for run in list_runs(tmp_path)]
    (sentence,) = damaged_runs(tmp_path)
    assert FIRST in sentence
    with pytest.raises(WorkplaceError):
        open_run(tmp_path, FIRST)


def test_the_latest_run_is_the_one_pointed_to(tmp_path: Path) -> None:
    """The pointer decides, not the highest number."""
    make(tmp_path, FIRST, SECOND, latest=FIRST)
    latest = latest_run(tmp_path)
    assert latest is not None
    assert FIRST == latest.id == open_run(tmp_path, "latest").id
    assert tmp_path / "runs" / FIRST == latest.folder


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '{"run": 5}',
        '{"run": "../../etc"}',
        '{"run": "000009-ffffff"}',
        '{"run": ["x"]}',
        "\ufeff",
    ],
)
def test_a_broken_pointer_points_to_nothing(tmp_path: Path, content: str) -> None:
    """Neither a traceback nor a path that leaves the folder."""
    make(tmp_path, FIRST)
    (tmp_path / "latest.json").write_text(content, encoding="utf-8")
    assert latest_run(tmp_path) is None


@pytest.mark.parametrize("wanted", ["000002-bbbbbb", "000002-b", "000002", "2", "02", " 2 ", "000002-BBBBBB"])
def test_a_run_is_found_by_the_start_of_its_name_or_its_number(tmp_path: Path, wanted: str) -> None:
    """All these mean the second run."""
    assert SECOND == open_run(make(tmp_path, FIRST, SECOND, TENTH), wanted).id


def test_one_is_the_first_and_not_the_tenth(tmp_path: Path) -> None:
    """A number is taken as a number before it is taken as a start."""
    assert FIRST == open_run(make(tmp_path, FIRST, TENTH, "100000-cccccc"), "1").id


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("0000", "fits several runs: 000001-aaaaaa, 000010-aaaaab; write more of the name"),
        ("77", "there is no run '77'.*the newest ones are: 000001-aaaaaa, 000010-aaaaab"),
        ("", "there is no run ''"),
        ("../runs", "there is no run"),
        ("latest", "nothing was published yet"),
    ],
)
def test_what_fits_none_or_several_is_said(tmp_path: Path, wanted: str, words: str) -> None:
    """The sentence names the runs one may have meant."""
    with pytest.raises(RunNotFoundError, match=words):
        open_run(make(tmp_path, FIRST, TENTH), wanted)


@pytest.mark.parametrize(
    "text", ["", "1", "000001", "000001-", "000001-ABCDEF", "000001-aaaaaa/", "x000001-aaaaaa"]
)
def test_other_texts_are_no_names_of_runs(text: str) -> None:
    """Only six digits or more, a dash and six hex digits."""
    with pytest.raises(ValueError, match="is no name of a run"):
        sequence_of(text)
