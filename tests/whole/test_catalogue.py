"""The catalogue of words: complete in both languages, every text used, every text that is asked for there.

The rules of the checks and the columns have tests of their own (tests/data/findings, tests/data/columns), the
words of the map pages, which scripts use, too (tests/maps/pages).
"""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pytest

from blackspot.data.text.sentences import slots
from blackspot.data.text.words import CATALOGUE, LANGUAGES, words
from paths import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = ("commands", "coverage", "data", "maps", "pipeline", "tools")
APART = {"columns"}
OF_PAGES = {"map", "change_map", "context_map"}  # scripts ask for their texts; tests/maps/words looks there
SUBJECTS = sorted(path.stem for path in CATALOGUE.glob("*.toml") if path.stem not in APART)

pytestmark = pytest.mark.skipif(
    not (REPOSITORY / "pyproject.toml").is_file(), reason="the tests stand apart from the repository"
)


class Asked(NamedTuple):
    """A call for a text: where, of which subject, by which keys as far as they are written there, with what."""

    place: str
    subject: str
    keys: tuple[str, ...]
    values: frozenset[str] | None


def _names(text: str) -> set[str]:
    return {name for _, name, _ in slots(text) if name}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_text_is_there_in_both_languages_with_the_same_slots(subject: str) -> None:
    """Nothing is empty, and no language leaves a value out."""
    vietnamese, english = (words(subject, language) for language in LANGUAGES)
    assert list(vietnamese) == list(english)
    for key, text in vietnamese.items():
        assert text.strip(), key
        assert english[key].strip(), key
        assert _names(text) == _names(english[key]), key


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_text_has_no_language_but_the_two(subject: str) -> None:
    """A third one, or a slip of the pen in the name of a language, would be read by nobody."""
    lines = (CATALOGUE / f"{subject}.toml").read_text(encoding="utf-8").splitlines()
    keyed = [line for line in lines if line and not line.startswith(("#", "["))]
    assert [] == [line for line in keyed if not re.match(r"\S+\.(vi|en) = ", line)]
    assert 2 * len(words(subject, "vi")) == len(keyed)


def test_every_text_that_is_asked_for_is_there_and_gets_its_values() -> None:
    """Of calls whose keys stand in the source; none asks for a subject that is not there."""
    wrong, asked = [], [call for module in _modules() for call in module.asked]
    assert len(asked) > 60
    for call in asked:
        if call.subject not in SUBJECTS:
            wrong.append((call.place, call.subject))
            continue
        known = words(call.subject, "en")
        for key in call.keys:
            if key not in known:
                wrong.append((call.place, f"{call.subject}: {key}"))
            elif call.values is not None and not _names(known[key]) <= call.values:
                wrong.append((call.place, f"{call.subject}: {key} asks for {_names(known[key])}"))
    assert [] == wrong


@pytest.mark.parametrize("subject", [subject for subject in SUBJECTS if subject not in OF_PAGES])
def test_every_text_is_used(subject: str) -> None:
    """Its key, or a pattern that it fits, stands in a module that names the subject."""
    naming = [
        module
        for module in _modules()
        if subject in module.texts or (subject == "phrases" and module.phrases)
    ]
    if any(subject in module.taken_whole for module in naming):
        return
    exact = {text for module in naming for text in module.texts}
    patterns = [pattern for module in naming for pattern in module.patterns]
    keys = [key for key in words(subject, "vi") if key not in exact]
    assert [] == [key for key in keys if not any(pattern.fullmatch(key) for pattern in patterns)]


class Module(NamedTuple):
    """What a module writes down: its texts, the patterns of its f-strings, subjects it takes whole, its calls."""

    texts: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]
    taken_whole: frozenset[str]
    phrases: bool
    asked: tuple[Asked, ...]


@cache
def _modules() -> tuple[Module, ...]:
    inner = (path for folder in FOLDERS for path in (REPOSITORY / folder).rglob("*.py"))
    return tuple(_module(path) for path in sorted([*REPOSITORY.glob("*.py"), *inner]))


def _module(path: Path) -> Module:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    calls = [node for node in nodes if isinstance(node, ast.Call) and node.args]
    firsts = {(ast.unparse(call.func), _text(call.args[0])) for call in calls}
    place = str(path.relative_to(REPOSITORY))
    return Module(
        frozenset(text for node in nodes if (text := _text(node))),
        tuple(_pattern(node) for node in nodes if isinstance(node, ast.JoinedStr) and len(node.values) > 1),
        frozenset(text for function, text in firsts if function == "texts"),
        any(function == "phrase" for function, _ in firsts),
        tuple(asked for call in calls if (asked := _asked(call, place)) is not None),
    )


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _pattern(node: ast.JoinedStr) -> re.Pattern[str]:
    """What stands in braces may be anything without a dot."""
    return re.compile("".join(re.escape(_text(part)) or "[^.]+" for part in node.values))


def _asked(call: ast.Call, place: str) -> Asked | None:
    """Understand a call for a text; None for others, such as those that report progress."""
    function, subject = ast.unparse(call.func), _text(call.args[0])
    values = frozenset(str(word.arg) for word in call.keywords)
    given = (
        None
        if function not in {"say", "told", "phrase"} or any(word.arg is None for word in call.keywords)
        else values
    )
    at = f"{place}:{call.lineno}"
    if function in {"say", "told", "both", "beside", "template"} and subject and len(call.args) > 1:
        return Asked(at, subject, _written_keys(call.args[1]), given)
    return Asked(at, "phrases", _written_keys(call.args[0]), given) if function == "phrase" else None


def _written_keys(node: ast.expr) -> tuple[str, ...]:
    """Give the keys an argument can be: a text, or one of two."""
    if isinstance(node, ast.IfExp):
        return (*_written_keys(node.body), *_written_keys(node.orelse))
    return (_text(node),) if _text(node) else ()
