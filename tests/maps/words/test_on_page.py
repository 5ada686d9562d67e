"""What pages say of findings and other runs has no key, no code and no path in it."""

from __future__ import annotations

import re

import pytest

from blackspot.data.project.effective import usual_rules
from blackspot.data.runs.series import Difference
from blackspot.errors import Finding
from blackspot.maps.words.on_page import differences_text, finding_text, not_compared_text

RAW = re.compile(r"\w_\w|\bprofile\.|\bsetting\.|<NA>|[\\/]\w+\.|\bdeclared\b")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("before", "now"), [("1", "2"), ("declared", "any"), ("", "declared, modelled")])
def test_no_rule_is_named_by_its_key_or_a_code(language: str, before: str, now: str) -> None:
    """Every key that decides numbers is said in words, and a value only where it is a number."""
    for key in usual_rules():
        said = differences_text([Difference("rule", key, before, now)], language)
        assert said
        assert not RAW.search(said), said
        assert key not in said
        assert ("1" in said) == (before == "1" and "other" not in said and "khác của" not in said)


@pytest.mark.parametrize(
    ("one", "vi", "en"),
    [
        (Difference("people"), "số liệu dân số khác", "other population data"),
        (
            Difference("reported", "Sao Mai fibre"),
            "số liệu lần đầu: Sao Mai cáp quang",
            "reported for the first time: Sao Mai fibre",
        ),
        (
            Difference("not-reported", "Sao Mai 5g"),
            "không còn số liệu: Sao Mai 5G",
            "no longer reported: Sao Mai 5G",
        ),
        (
            Difference("claim", "Sao Mai 5g, buffer_m", "500", "1500"),
            "Sao Mai 5G: khoảng cách phục vụ, mét: 1.500 (trước: 500)",
            "Sao Mai 5G: service distance, in metres: 1,500 (was 500)",
        ),
        (
            Difference("rule", "profile.id", "a", "b"),
            "một thiết lập khác của lần chạy",
            "another setting of the run",
        ),
    ],
)
def test_differences_are_said_as_people_say_them(one: Difference, vi: str, en: str) -> None:
    """Operators with the usual name of the service, numbers as the language writes them."""
    assert [vi, en] == [differences_text([one], language) for language in ("vi", "en")]


def test_many_differences_are_counted() -> None:
    """Five are named, what says the same is said once."""
    named = [Difference("reported", f"A{at} 5g") for at in range(7)]
    same = [Difference("rule", f"profile.{name}", "a", "b") for name in ("id", "version", "base")]
    assert differences_text(named, "en").endswith("A4 5G; and 2 more")
    assert "another setting of the run" == differences_text(same, "en")
    assert "000001-ab: another setting of the run." in not_compared_text("000001-ab", same)["en"]


def test_a_finding_names_its_file_alone() -> None:
    """Neither the folders of the machine nor what to do stand on a page; empty cells are said in words."""
    finding = Finding(
        "coverage.filtered",
        "note",
        "2 of 9 rows count in ../a/b/lines.gpkg; left out: 'Planned' 5, '<NA>' 2.",
        "tính 2 trong 9 hàng của ../a/b/lines.gpkg; đã bỏ qua: 'Planned' 5, '<NA>' 2.",
        cure_en="Set status_column.",
        cure_vi="Hãy đặt status_column.",
        file="../a/b/lines.gpkg",
        column="status_column",
    )
    assert (
        "lines.gpkg: 2 of 9 rows count in lines.gpkg; left out: 'Planned' 5, (left empty) 2."
        == finding_text(finding, "en")
    )
    assert (
        "lines.gpkg: tính 2 trong 9 hàng của lines.gpkg; đã bỏ qua: 'Planned' 5, (để trống) 2."
        == finding_text(finding, "vi")
    )
    windows = Finding("a.b", "note", "It is so.", "Là vậy.", file="C:\\x\\y.csv")
    assert "y.csv: It is so." == finding_text(windows, "en")
    assert "It is so." == finding_text(Finding("a.b", "note", "It is so.", "Là vậy."), "en")
