"""The words of the pages: both languages have the same, every one is used, and what a page names has words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import blackspot.maps
from blackspot.coverage.people import headcount
from blackspot.coverage.setting import classify, islands
from blackspot.data.text.words import LANGUAGES, words
from blackspot.maps.pages.changes import change_words
from blackspot.maps.pages.context import context_words
from blackspot.maps.words.i18n import page_words

if TYPE_CHECKING:
    from collections.abc import Mapping

MAPS = Path(blackspot.maps.__file__).parent
SOURCES = {
    *(headcount.RASTER, headcount.LIMITED, headcount.CALIBRATED, headcount.SPREAD_EVENLY),
    headcount.UNKNOWN,
}
BASES = {
    *(classify.LEGAL_TYPE, classify.LEGAL_LIST, classify.LAND_BORDER_DISTANCE, classify.NONE),
    *(islands.NOT_CONNECTED_BY_PEOPLE, islands.NOT_CONNECTED_BY_AREA),
}


def _below(texts: Mapping[str, str], prefix: str) -> set[str]:
    return {key.removeprefix(prefix) for key in texts if key.startswith(prefix)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_source_of_people_and_basis_of_a_setting_has_words(language: str) -> None:
    """On the card of a commune; in an explanation all but those it has sentences of their own for."""
    page, explained = page_words(language), words("explain", language)
    assert (SOURCES, BASES) == (_below(page, "source."), _below(page, "basis."))
    assert SOURCES - {headcount.UNKNOWN} == _below(explained, "source.")
    assert BASES - {classify.NONE} == _below(explained, "basis.")


def test_names_that_other_outputs_have_too_begin_with_a_capital() -> None:
    """Severities and legal types stand once in the catalogue, in small letters."""
    assert ("Từ chối", "Xã") == (page_words("vi")["severity.error"], page_words("vi")["type.0"])
    assert ("To decide", "Special zone") == (page_words("en")["severity.ask"], page_words("en")["type.2"])


def test_both_languages_have_the_same_words() -> None:
    """The same keys, the same slots, nothing empty."""
    vietnamese, english = (dict(page_words(language)) for language in ("vi", "en"))
    assert set(vietnamese) == set(english)
    for key, text in vietnamese.items():
        assert text.strip()
        assert english[key].strip()
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", english[key])), key


def test_every_word_that_is_used_exists_and_every_word_is_used() -> None:
    """Keys in scripts, markup and Python are in the catalogue; nothing in the catalogue is forgotten."""
    known = {*page_words("vi"), *change_words()["vi"], *context_words()["vi"]}
    sources = [
        path.read_text(encoding="utf-8") for path in [*(MAPS / "static").rglob("*.*"), *MAPS.rglob("*.py")]
    ]
    text = "\n".join(sources)
    used = set(re.findall(r"BS\.t\('([\w.]+)'[,)]", text)) | set(
        re.findall(r'data-(?:t|label)="([\w.]+)"', text)
    )
    assert used <= known
    prefixes = set(re.findall(r"['\"f]([a-zA-Z.]+\.)['\"{]", text))
    quoted = set(re.findall(r"['\"]([\w.]+)['\"]", text))
    forgotten = {
        key
        for key in known - used - quoted
        if not any(key.startswith(prefix) for prefix in prefixes) and not key.startswith("term.")
    }
    assert forgotten == set()
