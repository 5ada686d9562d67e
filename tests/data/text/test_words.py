"""The catalogue of words, as modules ask for it."""

from __future__ import annotations

import pytest

from blackspot.data.text.words import CATALOGUE, beside, both, catalogue, file_text, texts, words


def test_texts_are_found_under_their_keys() -> None:
    """Those of a table under its name and theirs, in both languages, in the order of the file."""
    assert "xã" == words("names", "vi")["type.commune"]
    assert ("xã", "commune") == both("names", "type.commune")
    assert "Tên / Title" == beside("about", "title")
    lines = (CATALOGUE / "limits.toml").read_text(encoding="utf-8").splitlines()
    written = [line.partition(".vi = ")[2].strip('"') for line in lines if ".vi = " in line]
    assert written == [text.vi for text in texts("limits")]


def test_a_text_that_is_not_there_is_a_mistake_of_the_program() -> None:
    """Neither a subject, nor a key, nor a language is made up."""
    with pytest.raises(FileNotFoundError):
        words("no such subject", "vi")
    with pytest.raises(KeyError):
        both("names", "no such key")
    with pytest.raises(KeyError):
        words("names", "fr")


def test_a_file_is_read_once() -> None:
    """Asked again, a subject is the same object."""
    assert words("names", "vi") is words("names", "vi")
    assert catalogue("names") is catalogue("names")


def test_files_written_for_people_are_given_as_they_stand() -> None:
    """The project file to fill in begins with what it is."""
    assert file_text("blackspot.toml").startswith("# blackspot project file")
