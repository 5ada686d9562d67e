"""Findings: collected in one order, in two languages, in words that are safe to print."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.data.findings.collector import Findings
from blackspot.data.text.safe import plain
from blackspot.data.text.sentences import phrase
from blackspot.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def test_unknown_codes_and_missing_values_are_mistakes_of_the_program() -> None:
    """Nothing is published under an unknown code or with a hole in its words."""
    with pytest.raises(KeyError):
        Findings().add("no.such-rule")
    with pytest.raises(KeyError, match="columns"):
        Findings().add("column.missing", column="x")


def test_the_sentence_says_where_what_and_what_to_do() -> None:
    """File, column, message and cure stand in one line, in the language asked for."""
    finding = Findings().add("column.missing", file="xã.gpkg", layer="xa", column="ma", columns=["a", "b"])
    assert (
        "xã.gpkg, xa, ma: there is no such column; the columns are: a, b. "
        "Name the right column in the project file."
    ) == finding.sentence()
    assert finding.sentence("vi").startswith("xã.gpkg, xa, ma: không có cột này; các cột hiện có: a, b.")


def test_files_are_named_from_the_folder_of_the_project(tmp_path: Path) -> None:
    """The words do not depend on where the project stands; a file given as text stays as it is."""
    findings = Findings(tmp_path / "project")
    inside = findings.add("file.missing", file=tmp_path / "project" / "data" / "x.gpkg")
    beside = findings.add("file.missing", file=tmp_path / "shared" / "x.gpkg")
    assert ["data/x.gpkg", "../shared/x.gpkg"] == [inside.file, beside.file]
    assert "x.gpkg" == Findings().add("file.missing", file="x.gpkg").file


def test_findings_stand_in_one_order_each_once() -> None:
    """Worst first, then by file, code and row as a number; who spoke first does not matter."""
    findings = Findings()
    for row in ("10", "9"):
        findings.add("crs.no-datum", file="b", row=row)
    findings.add("file.missing", file="z")
    findings.add("file.missing", file="a")
    findings.add("file.missing", file="a")
    found = [(f.severity, f.file, f.row) for f in findings.items]
    assert [("error", "a", ""), ("error", "z", ""), ("warning", "b", "9"), ("warning", "b", "10")] == found


@given(st.permutations(range(4)))
def test_the_order_does_not_depend_on_who_spoke_first(order: list[int]) -> None:
    """Any order of adding gives the same tuple."""
    calls = [("file.missing", "a"), ("file.empty", "a"), ("crs.no-datum", "c"), ("file.missing", "b")]
    straight, shuffled = Findings(), Findings()
    for code, file in calls:
        straight.add(code, file=file)
    for index in order:
        shuffled.add(calls[index][0], file=calls[index][1])
    assert straight.items == shuffled.items


def test_only_errors_and_questions_stop_a_run() -> None:
    """Warnings are published with the run; all errors are raised together."""
    findings = Findings()
    findings.add("crs.no-datum", file="w")
    findings.raise_if_errors()
    findings.add("file.missing", file="a")
    findings.add("file.empty", file="b")
    with pytest.raises(InputError) as caught:
        findings.raise_if_errors()
    assert ("a", "b") == tuple(finding.file for finding in caught.value.findings)
    assert findings.errors == caught.value.findings


def test_collectors_can_be_joined() -> None:
    """What parallel readers found is put together."""
    one, other = Findings(), Findings()
    one.add("file.missing", file="a")
    other.add("file.missing", file="b")
    one.extend(other)
    one.extend([other.add("file.empty", file="c")])
    assert {"a", "b", "c"} == {finding.file for finding in one.items}


def test_a_collector_can_speak_of_one_file() -> None:
    """File and layer are filled in, everything else goes to the same place."""
    findings = Findings()
    findings.about("x.gpkg", "xa").add("crs.no-datum", row="7", count=3)
    (finding,) = findings.items
    assert ("x.gpkg", "xa", "7", 3) == (finding.file, finding.layer, finding.row, finding.count)


def test_values_from_files_cannot_disturb_a_terminal_or_a_log() -> None:
    """Line breaks, escapes, direction marks and lone surrogates are replaced; braces and markup stay text."""
    assert "a\ufffdb\ufffd[31m\ufffdc\ufffd" == plain("a\nb\x1b[31m\u202ec\ud800")
    finding = Findings().add("file.unreadable", file="x", reason="{reason} ${x} </script>\u2028")
    assert "cannot be read ({reason} ${x} </script>\ufffd)." == finding.message_en


def test_values_are_shortened_and_composed() -> None:
    """A cell of 10 MB gives 200 characters, a long list its first ten and how many follow; accents compose."""
    assert 200 == len(plain("x" * 10_000_000))
    assert "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, … (+2)" == plain(range(12))
    assert "Đồng Văn" == plain(unicodedata.normalize("NFD", "Đồng Văn"))


def test_numbers_are_written_as_each_language_does() -> None:
    """A decimal comma and points between thousands in Vietnamese; the value is the same."""
    finding = Findings().add("plausibility.outside-communes", share_pct=39.4, area_km2=np.float64(2302.25))
    assert finding.message_en.startswith("39% of the covered ground (2,302.2 km²)")
    assert finding.message_vi.startswith("39% diện tích phủ (2.302,2 km²)")


def test_parts_with_words_of_their_own_speak_both_languages() -> None:
    """A place has other letters in Vietnamese; text of a file inside it is made safe, too."""
    where = phrase("place", lat=48.835, lon=2.3)
    finding = Findings().add("coverage.outside-country", total=3, where=where, count=3)
    assert "48.84° N, 2.30° E" in finding.message_en
    assert "48,84° B, 2,30° Đ" in finding.message_vi
    contests = [phrase("contest", codes="0\n1", ground=0.5), phrase("more", count=2)]
    told = Findings().add("communes.boundary-overlap", area=1.5, contests=contests, codes=["1"])
    assert "(0\ufffd1 0,500 km²; … (+2))" in told.message_vi


def test_what_was_accepted_says_so_in_both_languages() -> None:
    """A question becomes a note whose words end so."""
    finding = Findings(accept=["layer.several"]).add("layer.several", layers=["a", "b"], used="a")
    assert ("note", True, True) == (
        finding.severity,
        finding.message_en.endswith(" This was accepted."),
        finding.message_vi.endswith(" Điều này đã được chấp nhận."),
    )


def test_a_set_is_written_in_order() -> None:
    """The same set reads the same in every process."""
    assert "a, b, c" == plain({"c", "a", "b"})
