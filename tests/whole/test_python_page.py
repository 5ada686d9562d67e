"""docs/python.md: its code runs as it stands there, and prints what stands below it."""

from __future__ import annotations

import builtins
import contextlib
import io
import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

import blackspot
from blackspot import errors
from blackspot.maps.summary.report import RunReport
from paths import REPOSITORY
from small_country import write_country

if TYPE_CHECKING:
    from pathlib import Path

PAGE = REPOSITORY / "docs" / "python.md"

pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason="the tests stand apart from the repository")


class Block(NamedTuple):
    """Code of the page, and what it prints: the block of text right below it."""

    code: str
    printed: str


def _page() -> str:
    return PAGE.read_text(encoding="utf-8")


def _blocks() -> list[Block]:
    found = re.findall(r"```python\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", _page(), flags=re.DOTALL)
    return [Block(*parts) for parts in found]


def test_the_code_prints_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the first block to the last, in one session, beside a made-up project called my-country."""
    (tmp_path / "my-country").mkdir()
    write_country(tmp_path / "my-country")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    blocks = _blocks()
    assert len(blocks) > 3
    for block in blocks:
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(block.code, PAGE.name, "exec"), names)  # noqa: S102 - our own page
        assert block.printed == printed.getvalue()


def _first_column(heading: str) -> set[str]:
    table = _page().split(f"\n| {heading} |")[1].split("\n\n")[0]
    return {
        name
        for cell in re.findall(r"^\| (.*?) \|", table, flags=re.MULTILINE)
        for name in re.findall(r"`(\w+)`", cell)
    }


def test_every_field_of_the_report_is_described_and_no_other() -> None:
    """The table of the page names what a run gives back."""
    assert {field.name for field in fields(RunReport)} == _first_column("field of the report")


def test_every_error_is_described_with_its_builtin() -> None:
    """Whoever catches the built-in of the page catches the error."""
    named = dict(re.findall(r"^\| `(\w+Error)` \| .* \| `(\w+)` \|$", _page(), flags=re.MULTILINE))
    assert {
        name: kind
        for name, kind in named.items()
        if not issubclass(getattr(errors, name), getattr(builtins, kind))
    } == {}
    kinds = {kind.__name__ for kind in errors.BlackspotError.__subclasses__()}
    assert kinds - {"RunNotFoundError"} == named.keys()


def test_the_page_names_the_whole_face() -> None:
    """Every public name is on the page."""
    page = _page()
    assert [] == [
        name for name in blackspot.__all__ if name != "__version__" and f"blackspot.{name}(" not in page
    ]
