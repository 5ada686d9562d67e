"""The words of the pages: those of the map, and the names that pages share with other outputs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ...data.text.wording import LEGAL_TYPES, capital, severity_name, type_name
from ...data.text.words import words
from ...errors import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def page_words(language: str) -> Mapping[str, str]:
    """Give everything a page says in a language, by the keys its scripts use."""
    severities = {f"severity.{one}": capital(severity_name(one, language)) for one in SEVERITIES}
    types = {f"type.{at}": capital(type_name(one, language)) for at, one in enumerate(LEGAL_TYPES)}
    return {**words("map", language), **severities, **types}
