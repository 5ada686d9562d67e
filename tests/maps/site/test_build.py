"""A site: its pages find each other and the files, share their code, and say what was kept back."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest

from blackspot.data.project.sections.publish import Publish
from blackspot.maps.encoding.varint import inflate
from blackspot.maps.site.build import build_site
from blackspot.maps.site.data_page import withheld_lines
from blackspot.maps.site.said import site_facts, site_lines
from published_runs import EVERYTHING, links_of

if TYPE_CHECKING:
    from pathlib import Path

PAGES = ("index.html", "maps/01.html", "maps/02.html", "maps/index.html", "data/index.html")
STRICT = Publish(black_spots=False, people_rounding=100, columns=("dou_l1",))


@pytest.fixture(scope="module")
def site(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the small country, by the usual rules."""
    folder = tmp_path_factory.mktemp("site")
    build_site(run_folder, folder, Publish())
    return folder


def test_every_link_leads_to_a_file(site: Path) -> None:
    """On all pages, in both directions; nothing leads outside."""
    assert sorted(PAGES) == sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    for page in PAGES:
        found = links_of((site / page).read_text(encoding="utf-8"))
        assert found
        for link in found:
            assert (site / urljoin(page, link)).is_file()


def test_all_maps_share_one_script_and_one_style(site: Path) -> None:
    """The same two files on each map page; a list runs nothing."""
    maps = [(site / page).read_text(encoding="utf-8") for page in PAGES[:3]]
    assert 2 == len(
        {link.removeprefix("../") for page in maps for link in links_of(page) if "assets/" in link}
    )
    for page in (*maps, (site / "data" / "index.html").read_text(encoding="utf-8")):
        assert "<style" not in page
        assert [] == re.findall(r"<script>", page)


def test_pages_hold_less_than_the_offline_ones(site: Path, run_folder: Path) -> None:
    """The code is theirs, the data are not: neither names of operators nor coverage."""
    online = (site / "index.html").read_text(encoding="utf-8")
    facts = json.loads(re.findall(r'id="bs-meta">([^<]*)<', online)[0])
    assert [] == facts["operators"] == facts["coverage"] == facts["findings"]
    assert ["operators", "coverage"] == facts["withheld"]
    assert "Hải Đăng" not in online
    offline = (run_folder / "map.html").read_text(encoding="utf-8")
    assert "Hải Đăng" in offline
    assert "withheld" not in json.loads(re.findall(r'id="bs-meta">([^<]*)<', offline)[0])


def inflated(page: Path) -> bytes:
    """Unpack all blocks of data of a page."""
    blocks = re.findall(r'octet-stream" id="bs-[a-z0-9-]+">([^<]*)<', page.read_text(encoding="utf-8"))
    return b"\n".join(inflate(base64.b64decode(block)) for block in blocks)


@pytest.mark.parametrize("page", ["index.html", "maps/01.html"])
def test_what_is_kept_back_is_in_no_block_of_a_page(site: Path, run_folder: Path, page: str) -> None:
    """Not in the sentences that explain a commune, either, where the offline page has it."""
    offline = run_folder / ("map.html" if page == "index.html" else page)
    assert "Hải Đăng".encode() in inflated(offline)
    assert [] == [name for name in ("Hải Đăng", "Sao Mai") if name.encode() in inflated(site / page)]


def test_the_list_of_files_explains_them(site: Path) -> None:
    """Each file with its size, each column with its meaning, hostile names as text."""
    page = (site / "data" / "index.html").read_text(encoding="utf-8")
    for path in (site / "data").iterdir():
        assert path.name == "index.html" or f'<a href="{path.name}">' in page
    assert "<code>pop_no_data_5g</code>" in page
    assert "Không công bố vùng phủ." in page
    assert "{{" not in page


def test_the_same_run_gives_the_same_bytes(site: Path, run_folder: Path, tmp_path: Path) -> None:
    """Everywhere, tiles and pages too."""
    build_site(run_folder, tmp_path, Publish())
    assert {path.relative_to(site): path.read_bytes() for path in site.rglob("*") if path.is_file()} == {
        path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_was_kept_back_is_said(language: str, tmp_path: Path) -> None:
    """One sentence each before the last; where all is published, that is said."""
    files = {"index.html": 2_000_000, "data/communes.csv": 500_000}
    lines = site_lines("000001-abc", tmp_path, files, STRICT, language)
    assert 6 == len(lines)
    assert "100" in withheld_lines(STRICT, language)[-1]
    assert "000001-abc" in lines[-1]
    assert ("2,5 MB" if language == "vi" else "2.5 MB") in lines[-1]
    assert 2 == len(site_lines("000001-abc", tmp_path, files, EVERYTHING, language))
    facts = site_facts("000001-abc", tmp_path, files, STRICT)
    assert (2, 2_500_000, 0) == (facts["files"], facts["bytes"], facts["exit_code"])
    assert ["operators", "coverage", "black_spots", "columns", "rounded"] == facts["withheld"]
