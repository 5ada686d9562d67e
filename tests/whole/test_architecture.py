"""docs/architecture.md and docs/decisions: the rooms are the folders, and every decision is one page."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from blackspot import cli
from paths import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

DOCS = REPOSITORY / "docs"
ROOMS = ("commands", "coverage", "data", "maps", "pipeline")
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))

pytestmark = pytest.mark.skipif(not DOCS.is_dir(), reason="the tests stand apart from the repository")


def _page() -> str:
    return (DOCS / "architecture.md").read_text(encoding="utf-8")


def _drawn() -> dict[str, str]:
    """Give what the tree of the page says of each folder, by its path."""
    tree = _page().split("```text\nblackspot\n")[1].split("```")[0]
    found, above = {}, [""] * 4
    for line in tree.splitlines():
        indent, name, purpose = re.fullmatch(r"([│ ]*)[├└]── (\S+) +(.*)", line).groups()  # type: ignore[union-attr]
        depth = len(indent) // 4
        above[depth] = name
        found["".join(above[: depth + 1])] = purpose
    return found


def test_the_tree_is_the_folders_with_what_they_say_of_themselves() -> None:
    """Every room and every module above the rooms has its line, and no other."""
    rooms = [path for room in ROOMS for path in (REPOSITORY / room).rglob("__init__.py")]
    expected = {f"{path.parent.relative_to(REPOSITORY).as_posix()}/": _first_line(path) for path in rooms}
    expected |= {
        f"{name}.py": _first_line(REPOSITORY / f"{name}.py") for name in ("cli", "errors", "progress")
    }
    assert expected == _drawn()


def _first_line(module: Path) -> str:
    said = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))
    assert said, module
    return said.splitlines()[0].replace("``", "`")


def test_a_room_says_in_one_line_what_it_is_for() -> None:
    """The first line of its docstring is a whole sentence."""
    assert [] == [room for room, purpose in _drawn().items() if not purpose.endswith(".")]


def test_the_five_commands_check_a_change() -> None:
    """They are five, and all can be typed."""
    block = _page().split("Five commands check it:")[1].split("```")[1]
    lines = [line.split("#")[0].split() for line in block.splitlines()[1:]]
    assert 5 == len(lines)
    for program, *words in lines:
        named = [word for word in words if "/" in word and not word.startswith("/")]
        assert all((REPOSITORY / word).exists() for word in named), named
        assert program in {".venv/bin/pytest", ".venv/bin/python", ".venv/bin/blackspot"}
        if program.endswith("blackspot"):
            assert words[0] in cli.cli.commands


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_is_one_page_of_three_parts(page: Path) -> None:
    """A title and its context, decision and consequences; the index leads to it."""
    text = page.read_text(encoding="utf-8")
    assert ["Context", "Decision", "Consequences"] == re.findall(r"^## (.+)$", text, flags=re.MULTILINE)
    assert 1 == len(re.findall(r"^# .+$", text, flags=re.MULTILINE))
    assert len(text.split()) < 450
    assert f"(decisions/{page.name})" in (DOCS / "index.md").read_text(encoding="utf-8")


def test_decisions_are_numbered_without_a_gap() -> None:
    """The next one is easy to name."""
    assert [f"{number:02}" for number in range(1, len(DECISIONS) + 1)] == [
        page.name[:2] for page in DECISIONS
    ]
