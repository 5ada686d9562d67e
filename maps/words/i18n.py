"""The words of the pages, one JSON file per language."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping


def resource_text(*parts: str) -> str:
    """Read a text file of :mod:`blackspot.maps` by its path below that folder."""
    return resources.files("blackspot.maps").joinpath(*parts).read_text(encoding="utf-8")


@cache
def words(language: str) -> Mapping[str, str]:
    """Read the words of a language."""
    return cast("Mapping[str, str]", json.loads(resource_text("i18n", f"{language}.json")))
