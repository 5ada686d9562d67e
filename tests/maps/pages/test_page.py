"""Building pages: which files, the same bytes, within their budgets, from a kept run as from a fresh one."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from blackspot.maps.pages.page import build_pages
from blackspot.maps.pages.shared import page_name
from page_country import facts

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.maps.pages.map_data import MapData


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("all", ["map.html", "maps/01.html", "maps/02.html", "maps/03.html", "maps/index.html"]),
        ("national", ["map.html"]),
        ("provinces", ["maps/01.html", "maps/02.html", "maps/03.html", "maps/index.html"]),
        ("none", []),
    ],
)
def test_the_set_of_pages(country: MapData, tmp_path: Path, wanted: Any, expected: list[str]) -> None:
    """Each choice writes its files, says which, and tells its progress from 0 to 1."""
    told: list[float] = []
    written = build_pages(country, tmp_path, pages=wanted, progress=lambda part, _what: told.append(part))
    assert expected == [path.relative_to(tmp_path).as_posix() for path in written]
    assert expected == sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.html"))
    assert told == sorted(told)
    assert told[-1:] == ([1.0] if expected else [])


def test_the_same_data_give_the_same_bytes(country: MapData, pages: Path, tmp_path: Path) -> None:
    """A second build of everything differs in nothing."""
    build_pages(country, tmp_path)
    for path in pages.rglob("*.html"):
        assert path.read_bytes() == (tmp_path / path.relative_to(pages)).read_bytes()


def test_another_title_changes_both_languages(country: MapData, tmp_path: Path) -> None:
    """The title of the rebuilt pages is the one that was asked for."""
    build_pages(country.with_title("Bản đồ khác"), tmp_path, pages="national", language="en")
    text = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert "<title>Bản đồ khác</title>" in text
    assert '<html lang="en">' in text


def test_hostile_texts_run_nothing_while_pages_are_built(hostile_page: Path, hostile: MapData) -> None:
    """No template sees them: nothing is executed in Python, nothing is evaluated, nothing is lost."""
    text = hostile_page.read_text(encoding="utf-8")
    assert not (hostile_page.parent / "pwned").exists()
    assert "{{7*7}}" in text
    assert "<img" not in text
    assert facts(hostile_page)["title"]["vi"] == hostile.about["title"]["vi"]


def test_no_address_leads_out_of_any_page(pages: Path) -> None:
    """Links are relative; the policy stands in every file."""
    for path in pages.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "Content-Security-Policy" in text
        text = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
        assert [] == re.findall(r'(?:href|src)="(?!#|\.\./map\.html|[0-9A-Za-z_-]+\.html)[^"]*"', text)


def test_a_province_code_cannot_leave_the_folder(country: MapData, tmp_path: Path) -> None:
    """A code that no file can be called gives its page the name of its bytes; the list links to it."""
    communes = country.communes.assign(province_code="../<i")
    written = build_pages(replace(country, communes=communes), tmp_path, pages="provinces")
    assert ["x-2e2e2f3c69.html", "index.html"] == [path.name for path in written]
    assert all(path.parent == tmp_path / "maps" for path in written)
    assert '<a href="x-2e2e2f3c69.html">' in written[1].read_text(encoding="utf-8")


def test_a_map_needs_communes(country: MapData, tmp_path: Path) -> None:
    """An empty table is refused in words."""
    with pytest.raises(ValueError, match="at least one commune"):
        build_pages(replace(country, communes=country.communes.iloc[:0]), tmp_path)


def test_a_run_without_spots_coverage_and_setting_still_has_pages(country: MapData, tmp_path: Path) -> None:
    """Only what the tables hold is shown; nothing is required beyond communes and people."""
    dropped = [name for name in country.communes if name.startswith(("is_", "reason_", "border_"))] + [
        "rank",
        "tier",
    ]
    bare = replace(
        country, communes=country.communes.drop(columns=dropped), black_spots=country.black_spots.iloc[:0], coverage=(),
        neighbours=None, previous=None, about={"services": ["5g"]},
    )  # fmt: skip
    build_pages(bare, tmp_path)
    page = facts(tmp_path / "map.html")
    assert page["spots"]["count"] == 0
    assert [item["id"] for item in page["indicators"]] == ["fails", "no.5g", "part.5g"]


@pytest.mark.parametrize(
    "code", ["../../etc/passwd", "VNM.1_1", "a/b", "<script>", "x" * 41, "tỉnh" * 10, ""]
)
def test_no_code_of_a_province_makes_a_strange_file_name(code: str) -> None:
    """Registers write codes as they like; two codes never make one name, however long they are."""
    name = page_name(code)
    assert re.fullmatch(r"[0-9A-Za-z_-]{1,100}", name)
    assert name != page_name(f"{code}1")
