"""Everything the program says in Vietnamese and English, from the files of the folder ``catalogue``.

A subject is a TOML file of that folder, such as ``summary`` or ``findings/crs``; its texts stand under keys, vi and
en side by side. Nothing is read before it is asked for, and nothing twice.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Language = Literal["vi", "en"]

LANGUAGES: Final[tuple[Language, ...]] = ("vi", "en")

CATALOGUE: Final = Path(__file__).with_name("catalogue")


class Both(NamedTuple):
    """A text in Vietnamese and English."""

    vi: str
    en: str


@cache
def words(subject: str, language: str) -> Mapping[str, str]:
    """Give the texts of a subject, as they stand there: with their ``{slots}``.

    Parameters
    ----------
    subject
        A file of the catalogue, by its path inside the folder, without ending.
    language
        vi or en.

    Returns
    -------
    Mapping
        By key, in the order of the file; ``tile.of`` stands in the file as ``of`` of the table ``tile``.

    Raises
    ------
    KeyError
        A text is missing in the language.
    """
    return {key: text[language] for key, text in _texts(catalogue(subject), "")}


def both(subject: str, key: str) -> Both:
    """Give a text of a subject in both languages."""
    return Both(words(subject, "vi")[key], words(subject, "en")[key])


def beside(subject: str, key: str) -> str:
    """Give a text in both languages beside each other, such as "Tên / Title"."""
    return " / ".join(both(subject, key))


def texts(subject: str) -> tuple[Both, ...]:
    """Give all texts of a subject in both languages, in the order of the file."""
    return tuple(both(subject, key) for key in words(subject, "vi"))


def file_text(name: str) -> str:
    """Read a file that is written for people as it stands, such as the project file to fill in."""
    return (CATALOGUE / "files" / name).read_text(encoding="utf-8")


@cache
def catalogue(subject: str) -> Mapping[str, Any]:
    """Read a file of the catalogue as it stands; only for subjects that hold more than texts.

    Parameters
    ----------
    subject
        Its path inside the folder, without ending.
    """
    import tomllib  # noqa: PLC0415 - what shows a help text has no use for it

    return tomllib.loads((CATALOGUE / f"{subject}.toml").read_text(encoding="utf-8"))


def _texts(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Go through the texts of a table and of those inside it; a text is a table of languages."""
    for key, value in table.items():
        if isinstance(next(iter(value.values())), str):
            yield f"{prefix}{key}", value
        else:
            yield from _texts(value, f"{prefix}{key}.")
