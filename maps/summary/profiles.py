"""Gap profiles in words: those that ship, or every rule of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...data.project.profile import Profile
from ...data.text.rule_words import rule_words
from ...data.text.safe import plain, printable
from ...data.text.sentences import say, spoken
from ...data.text.words import words
from .block import Block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...data.project.profiles.files import ProfileFile

_DIGEST_CHARACTERS = 12


def profiles_blocks(profiles: Sequence[ProfileFile], language: str) -> tuple[Block, ...]:
    """Give a table of profiles.

    Parameters
    ----------
    profiles
        In the order they are shown.
    language
        vi or en.
    """
    names = words("profiles", language)
    header = (names["name"], names["digest"], names["what"])
    rows = tuple((plain(one.name), _digest(one), plain(_in(one.title, language))) for one in profiles)
    return (Block(header=header, rows=rows, lines=(names["explain"],)),)


def profile_blocks(profile: ProfileFile, language: str) -> tuple[Block, ...]:
    """Give everything about one profile: what it is for, where it comes from, and each rule with its meaning.

    Parameters
    ----------
    profile
        The profile.
    language
        vi or en. In English what keys mean stands as in the reference of the project file.
    """
    names = words("profiles", language)
    about = [_in(profile.about, language)]
    if profile.source:
        about.append(say("profiles", "source", language, source=plain(profile.source)))
    rules = Block(
        title=names["rules"],
        lines=tuple(
            f"{key} = {plain(_value(value))}: {_meaning(key, value, language)}"
            for key, value in profile.rules.items()
        ),
    )
    use = Block(lines=(say("profiles", "use", language, name=plain(profile.name)),))
    title = f"{plain(_in(profile.title, language) or profile.name)} (sha256 {_digest(profile)})"
    return (Block(title=title, lines=tuple(printable(line) for line in about if line)), rules, use)


def profile_facts(profile: ProfileFile) -> dict[str, object]:
    """Give a profile as a program reads it: words, source, all rules with their defaults, and their digest."""
    checked = Profile.model_validate(profile.rules)
    return {
        "name": profile.name,
        "title": profile.title,
        "about": profile.about,
        "source": profile.source,
        "digest": checked.digest(),
        "rules": checked.model_dump(mode="json", exclude={"base"}),
    }


def _digest(profile: ProfileFile) -> str:
    return Profile.model_validate(profile.rules).digest()[:_DIGEST_CHARACTERS]


def _in(texts: dict[str, str], language: str) -> str:
    """Give a text in a language, or in the other one where it is missing."""
    other = "en" if language == "vi" else "vi"
    return str(texts.get(language) or texts.get(other) or "")


def _meaning(key: str, value: object, language: str) -> str:
    known = rule_words(f"profile.{key}", _value(value)) if language == "vi" else None
    if known is not None:
        return spoken(known, language)
    field = Profile.model_fields.get(key)
    return "" if field is None else str(field.description)


def _value(value: Any) -> str:  # noqa: ANN401 - what TOML holds
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ", ".join(map(_value, value))
    return str(value)
