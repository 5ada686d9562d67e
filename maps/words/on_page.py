"""What a page says of findings and of other runs: for readers who see neither the files nor the project file."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ...data.text.rule_words import rule_words
from ...data.text.sentences import say, written
from ...data.text.wording import service_name
from ...data.text.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...data.runs.series import Difference
    from ...errors import Finding

_NO_VALUE = "'<NA>'"
"""How a finding writes the cells of a table in which nothing stands."""

_MOST = 5  # differences that are named one by one


def finding_text(finding: Finding, language: str) -> str:
    """Say what was found in which file, and not what to do, which a reader of the page cannot.

    Parameters
    ----------
    finding
        The finding.
    language
        vi or en.

    Returns
    -------
    str
        The file by its name alone: where it lay on the machine of the run is nobody's business.
    """
    message = finding.message_vi if language == "vi" else finding.message_en
    name = PurePosixPath(finding.file.replace("\\", "/")).name
    said = message.replace(_NO_VALUE, say("runs", "no_value", language))
    said = said.replace(finding.file, name) if name else said
    return f"{name}: {said}" if name else said


def not_compared_text(before: str, found: Sequence[Difference]) -> dict[str, str]:
    """Say in every language why the run before is not put beside a run.

    Parameters
    ----------
    before
        Its id.
    found
        In what the two differ.
    """
    return {
        str(language): say(
            "runs", "not_compared", language, run=before, differences=differences_text(found, language)
        )
        for language in LANGUAGES
    }


def differences_text(found: Sequence[Difference], language: str) -> str:
    """Name some differences of two runs in words; the rest are counted.

    Parameters
    ----------
    found
        The differences.
    language
        vi or en.

    Returns
    -------
    str
        Values only where they are numbers: what else stands in a project file is a word of the program.
    """
    said = list(dict.fromkeys(_difference(one, language) for one in found))
    more = len(said) - _MOST
    rest = [say("runs", "more_differences", language, count=more)] if more > 0 else []
    return "; ".join([*said[:_MOST], *rest])


def _difference(one: Difference, language: str) -> str:
    who, _, key = one.name.rpartition(", ")
    if one.what in {"reported", "not-reported"}:
        who = one.name
    named = _submission(who, language)
    if one.what in {"rule", "claim"}:
        said = _rule(one, key, language)
        return f"{named}: {said}" if named else said
    if named:
        return say("runs", f"page-{one.what}", language, name=named)
    return written(one.phrase(), language)


def _rule(one: Difference, key: str, language: str) -> str:
    words = rule_words(key, one.now)
    if words is None:
        return say("runs", "other_setting", language)
    said = written(words, language)
    if not (_is_number(one.before) and _is_number(one.now)):
        return said
    return say("runs", "from_to", language, words=said, before=float(one.before), now=float(one.now))


def _submission(name: str, language: str) -> str:
    """Name an operator and a service as people do."""
    operator, _, service = name.rpartition(" ")
    return " ".join(part for part in (operator, service_name(service, language)) if part)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
