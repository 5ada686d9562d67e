"""What was read before is used again for the same bytes, read in the same way, with the same findings; else it is read anew."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from blackspot.data.disk.hashing import ANYTHING, Expected
from blackspot.data.disk.kept import KeptResults
from blackspot.data.findings.collector import Findings
from blackspot.data.read_before import NOT_BEFORE, ReadBefore

if TYPE_CHECKING:
    from pathlib import Path


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """What the reader of these tests finds."""

    number: int


class Reader:
    """Counts how often it is asked, and tells what it is given to tell."""

    def __init__(self, code: str = "") -> None:
        self.calls = 0
        self.code = code

    def __call__(self, findings: Findings) -> Found | None:
        """Read."""
        self.calls += 1
        if self.code:
            findings.add(self.code, file="a.csv", rows=[2, 3], codes=["00101"], column="code", count=2)
        return Found(self.calls)


def before(folder: Path, sha256: str = "ab", made_by: str = "1") -> ReadBefore:
    """Give what was read before, for a file of this hash."""
    return ReadBefore(KeptResults(folder / "kept", made_by), Expected({folder / "a.csv": sha256}))


def read(
    one: ReadBefore, folder: Path, reader: Reader, findings: Findings, content: str = ""
) -> Found | None:
    """Read the file of these tests."""
    return one.read("a", [folder / "a.csv"], [content], reader, findings, (Found,))


def test_the_same_bytes_are_read_once_and_say_the_same(tmp_path: Path) -> None:
    reader, first, second = Reader("list.repeated-code"), Findings(tmp_path), Findings(tmp_path)
    said = [read(before(tmp_path), tmp_path, reader, findings) for findings in (first, second)]
    assert [Found(1), Found(1)] == said
    assert 1 == reader.calls
    assert first.items == second.items != ()
    assert first.mentioned == second.mentioned != ()


@pytest.mark.parametrize("change", ["bytes", "program", "content", "accepted", "folder"])
def test_anything_else_is_read_anew(tmp_path: Path, change: str) -> None:
    reader = Reader()
    read(before(tmp_path), tmp_path, reader, Findings(tmp_path))
    other = before(tmp_path, "cd" if change == "bytes" else "ab", "2" if change == "program" else "1")
    findings = Findings(
        tmp_path / "x" if change == "folder" else tmp_path, ["a.b"] if change == "accepted" else ()
    )
    found = read(other, tmp_path, reader, findings, "other" if change == "content" else "")
    assert Found(2) == found


def test_a_mistake_and_a_refusal_are_never_kept(tmp_path: Path) -> None:
    reader, one = Reader("list.missing-code"), before(tmp_path)
    for _ in range(2):
        read(one, tmp_path, reader, Findings(tmp_path))
    assert 2 == reader.calls
    asked = []

    def refuse(_: Findings) -> None:
        asked.append(1)

    for _ in range(2):
        one.read("a", [tmp_path / "a.csv"], ["refuse"], refuse, Findings(tmp_path), (Found,))
    assert [1, 1] == asked


def test_a_damaged_file_is_not_believed(tmp_path: Path) -> None:
    reader, one = Reader(), before(tmp_path)
    read(one, tmp_path, reader, Findings(tmp_path))
    kept = next((tmp_path / "kept").iterdir())
    content = bytearray(kept.read_bytes())
    content[-3] ^= 1
    kept.write_bytes(content)
    assert [Found(2), Found(2)] == [read(one, tmp_path, reader, Findings(tmp_path)) for _ in range(2)]


def test_a_file_that_nobody_hashed_is_always_read(tmp_path: Path) -> None:
    reader = Reader()
    for one in (NOT_BEFORE, ReadBefore(KeptResults(tmp_path / "kept"), ANYTHING)):
        read(one, tmp_path, reader, Findings(tmp_path))
        read(one, tmp_path, reader, Findings(tmp_path))
    assert 4 == reader.calls
    assert not (tmp_path / "kept").exists()
