"""Sentences that are written in a language only where they are shown."""

from __future__ import annotations

import pytest

from blackspot.data.text.said import Amount, Said, joined, plain_template, template
from blackspot.data.text.sentences import say
from blackspot.data.text.wording import sentence
from blackspot.data.text.words import LANGUAGES, Both


def test_a_text_of_the_catalogue_reads_as_it_is_said() -> None:
    """Numbers are written as the slots ask for, in each language."""
    values = {"covered": 1983.4, "uncovered": 0.2, "service": "5G", "share": "61%"}
    said = Said(template("explain", "service"), values)
    for language in LANGUAGES:
        assert say("explain", "service", language, **values) == said.text(language)


@pytest.mark.parametrize(
    ("amount", "vietnamese", "english"),
    [
        (Amount("number", 1234.5), "1.235", "1,235"),
        (Amount("km", 9.94), "9,9 km", "9.9 km"),
        (Amount("percent", 1.0, 3.0), "33,3%", "33.3%"),
        (Amount("percent", 1.0, 0.0), "-", "-"),
        (Amount("degrees", 9.35789), "9.3579", "9.3579"),
    ],
)
def test_an_amount_says_itself_how_it_is_written(amount: Amount, vietnamese: str, english: str) -> None:
    """Degrees have English signs in both languages."""
    said = Said(plain_template(Both("{figure}", "{figure}")), {"figure": amount})
    assert (vietnamese, english) == (said.text("vi"), said.text("en"))


def test_parts_stand_behind_one_another() -> None:
    """A part may be a text, one in each language, or a sentence; what is done in the end is done to the whole."""
    inner = Said(template("explain", "all"), {"share": Amount("percent", 1.0, 2.0)})
    said = joined(["a", Both("một", "one"), inner], " | ", sentence)
    assert "A | một | ; mọi nhà mạng: 50,0%." == said.text("vi")
    assert "A | one | ; every operator: 50.0%." == said.text("en")
    assert not joined([]).text("vi")


def test_what_stands_for_a_value_is_written_instead() -> None:
    """Everywhere, in parts as well."""
    said = joined(["Tân An", joined([Both("lý do", "reason"), "Tân"], "-")], " ")
    assert "@ #-Tân" == said.text("en", {"Tân An": "@", Both("lý do", "reason"): "#"})


def test_a_template_tells_how_its_languages_differ() -> None:
    """Slots of other names or forms, or in another order."""
    assert template("explain", "spot").is_parallel
    title = template("explain", "title")
    assert (True, False) == (title.is_alike, title.is_parallel)
    assert not plain_template(Both("{a:km}", "{a:km2}")).is_alike
    assert template("explain", "title") is title
