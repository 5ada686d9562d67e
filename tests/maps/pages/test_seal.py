"""A page that reaches nothing, vendored files that are what they say, and code that never makes elements of text."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import TYPE_CHECKING

import pytest

from blackspot.maps.pages.elements import (
    OfflineFigure,
    OfflineMap,
    Raw,
    Start,
    binary_block,
    json_block,
)
from blackspot.maps.pages.seal import POLICY_SLOT, UnsafePageError, seal

if TYPE_CHECKING:
    from pathlib import Path


def page(body: str = "") -> str:
    """Make a page."""
    return f"<!DOCTYPE html><html><head>{POLICY_SLOT}<style>p{{}}</style></head><body>{body}<script>var a=1</script></body></html>"


def test_every_script_and_style_is_named_by_its_hash() -> None:
    """The policy allows exactly what stands in the page."""
    sealed = seal(page())
    for content in ("var a=1", "p{}"):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in sealed
    assert "default-src 'none'" in sealed
    assert "unsafe" not in sealed


@pytest.mark.parametrize(
    "body",
    [
        '<img src="https://example.org/x.png">',
        "<script src=x.js></script>",
        '<link rel="stylesheet" href="x.css">',
        "<iframe src='x'></iframe>",
        "<script async>var b=1</script>",
        '<p style="color:red">x</p>',
        '<p onclick="x()">x</p>',
        "<STYLE >p{}</STYLE >",
        '<object data="x"></object>',
    ],
)
def test_what_would_load_or_escape_the_hashes_is_refused(body: str) -> None:
    """Each of these is a bug of ours and must not be written."""
    with pytest.raises(UnsafePageError):
        seal(page(body))


def test_the_policy_has_one_place() -> None:
    """No slot, or two, is refused."""
    with pytest.raises(UnsafePageError, match="exactly once"):
        seal(page().replace(POLICY_SLOT, ""))
    with pytest.raises(UnsafePageError, match="exactly once"):
        seal(page(POLICY_SLOT))


def test_words_in_data_blocks_are_not_markup() -> None:
    """Data that speak of images or styles do not stop a page."""
    block = json_block("bs-x", {"name": '<img src="x"> <p style="x">'})
    assert "Content-Security-Policy" in seal(page(block.text))


def test_no_name_closes_a_block() -> None:
    """Text with every closing tag there is comes back as it was."""
    hostile = {"name": "</script><!-- <script> ]]> \u2028 {{7*7}} {% x %}", "odd": "\ud800"}
    text = json_block("bs-x", hostile).text
    assert text.count("<") == 2
    assert hostile == json.loads(re.sub(r"<[^>]*>", "", text))


def test_bytes_come_back() -> None:
    """A block of bytes is base64 and nothing else."""
    text = binary_block("bs-x", bytes(range(256))).text
    assert bytes(range(256)) == base64.b64decode(re.sub(r"<[^>]*>", "", text))


def test_raw_text_meets_no_template() -> None:
    """What Jinja would run or refuse is written as it stands."""
    hostile = "{{ 7*7 }} {% An {# gone #} {{ cycler.__init__.__globals__ }}"
    figure = OfflineFigure("vi")
    figure.html.add_child(Raw(hostile), name="x")
    figure.header.add_child(Raw(f"<title>{hostile}</title>"), name="y")
    html = figure.render()
    assert html.count(hostile) == 2


def test_a_page_is_in_one_of_two_languages() -> None:
    """Another language never reaches the markup."""
    with pytest.raises(ValueError, match="vi, en"):
        OfflineFigure('"><script>')


def test_the_map_is_foliums_and_the_same_every_time() -> None:
    """Two maps give the same bytes; folium's own scripts and styles are not among them."""
    pages = []
    for _ in range(2):
        made = OfflineMap("vi", {"zoomSnap": 0.25})
        made.add_child(Start(), name="start")
        pages.append(made.page())
    assert pages[0] == pages[1]
    assert "BS.start(map_blackspot);" in pages[0]
    assert "http" not in pages[0].replace("http-equiv", "")


def test_a_map_is_saved_sealed(tmp_path: Path) -> None:
    """Saving by path and by open file writes the same sealed page."""
    made = OfflineMap("en", {})
    made.save(tmp_path / "a.html")
    with (tmp_path / "b.html").open("wb") as file:
        made.save(file)
    assert "Content-Security-Policy" in (tmp_path / "a.html").read_text(encoding="utf-8")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
