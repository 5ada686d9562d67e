"""The words of the pages: each word of a table that a page puts into words has them, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blackspot.coverage.people import headcount
from blackspot.coverage.setting import classify
from blackspot.data.text.words import LANGUAGES, words
from blackspot.maps.words.i18n import page_words

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCES = {headcount.RASTER, headcount.CALIBRATED, headcount.SPREAD_EVENLY, headcount.UNKNOWN}
BASES = {
    *(classify.LEGAL_TYPE, classify.LEGAL_LIST, classify.LAND_BORDER_DISTANCE, classify.NONE),
    *(classify.NOT_CONNECTED_BY_PEOPLE, classify.NOT_CONNECTED_BY_AREA),
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
