"""The error for a run, or a place of a run, that is not there, in Vietnamese and English."""

from __future__ import annotations

from ...errors import RunNotFoundError
from ..text.sentences import say


def not_found(subject: str, key: str, /, **values: str) -> RunNotFoundError:
    """Make the error.

    Parameters
    ----------
    subject, key
        Which text of the catalogue.
    **values
        What its slots ask for; an empty list of known runs is put into words.
    """
    english, vietnamese = (
        say(subject, key, language, **values | _known(values, language)) for language in ("en", "vi")
    )
    return RunNotFoundError(english, vietnamese)


def _known(values: dict[str, str], language: str) -> dict[str, str]:
    return {} if values.get("known", "-") else {"known": say("runs", "none", language)}
