"""Pages that share files: each thing once, nothing else allowed, and data that look like code stay data."""

from __future__ import annotations

import hashlib
import re

import pytest

from blackspot.maps.pages.elements import binary_block, json_block
from blackspot.maps.pages.seal import POLICY_SLOT, UnsafePageError
from blackspot.maps.site.linked import SharedFiles
from published_runs import links_of

HOSTILE = "</script><script>window.pwned=1</script><style>p{}</style>"


def page(body: str = "", scripts: tuple[str, ...] = ("var a=1", "start()")) -> str:
    """Make a page as it is before it is sealed."""
    elements = "".join(f"<script>{one}</script>\n" for one in scripts)
    return (
        f"<!DOCTYPE html><html><head>{POLICY_SLOT}<style>p{{}}</style></head>"
        f'<body>{body}<footer id="foot"></footer>{elements}</body></html>'
    )


def test_pages_with_the_same_code_share_it() -> None:
    """Two pages in two folders: one script and one style, each named by what it holds."""
    shared = SharedFiles()
    first, second = shared.finish(page(), "index.html"), shared.finish(page("<p>x</p>"), "maps/01.html")
    assert 2 == len(shared.files)
    assert sorted(shared.files) == sorted(links_of(first))
    assert sorted(f"../{path}" for path in shared.files) == sorted(links_of(second))
    for path, content in shared.files.items():
        assert hashlib.sha256(content).hexdigest()[:16] == path.split("/")[1].split(".")[0]
    (script,) = (content.decode() for path, content in shared.files.items() if path.endswith(".js"))
    assert script.startswith("var a=1\n")
    assert script.endswith("\nstart()")
    assert "BS.pageLinks" in script  # before the start


def test_the_policy_allows_the_same_place_alone() -> None:
    """No hash, no other address; a page without scripts allows none."""
    shared = SharedFiles()
    policy = re.findall(r'Content-Security-Policy" content="([^"]+)"', shared.finish(page(), "index.html"))
    assert ["default-src 'none'; script-src 'self'; style-src 'self'; img-src data: blob:"] == [
        one.split("; base-uri")[0] for one in policy
    ]
    plain = shared.finish(page(scripts=()), "maps/index.html")
    assert "script-src 'none'" in plain
    assert "<script" not in plain


def test_data_stay_where_they_are() -> None:
    """A block of data is no code, whatever stands in it."""
    block = json_block("bs-meta", {"name": HOSTILE}).render() + binary_block("bs-names", b"<style>").render()
    shared = SharedFiles()
    made = shared.finish(page(block), "index.html")
    assert block in made
    assert not any(b"pwned" in content for content in shared.files.values())


@pytest.mark.parametrize(
    "body", ['<img src="https://example.org/x.png">', "<script src=x.js></script>", '<p onclick="x()">x</p>']
)
def test_what_would_load_something_is_refused(body: str) -> None:
    """As in the offline pages."""
    with pytest.raises(UnsafePageError):
        SharedFiles().finish(page(body), "index.html")


def test_the_foot_leads_to_the_files() -> None:
    """From wherever the page is."""
    shared = SharedFiles('<a href="{root}data/index.html">Data</a>')
    assert '<a href="data/index.html">' in shared.finish(page(), "index.html")
    assert '<a href="../data/index.html">' in shared.finish(page(), "maps/01.html")
