"""The keys of a project file that decide numbers, in the words of the field."""

from __future__ import annotations

from .sentences import Spoken, told
from .words import words


def rule_words(name: str, value: str = "") -> Spoken | None:
    """Say what a value of a key means, else what the key does.

    Parameters
    ----------
    name
        The key, such as ``profile.gap``; of a submission without anything before it, such as ``buffer_m``.
    value
        Its value as text; empty asks for the key alone.

    Returns
    -------
    Spoken or None
        None where the catalogue has no words for it.
    """
    key = name.replace(".", "-")
    known = (f"value.{key}-{value}", f"key.{key}")
    return next((told("rules", one) for one in known if one in words("rules", "en")), None)
