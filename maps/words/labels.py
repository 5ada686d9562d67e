"""Texts of the project file, such as titles, in one language."""

from __future__ import annotations


def in_language(texts: object, language: str) -> str:
    """Take a text in a language, or in the other one where it is missing; a plain text is both."""
    if isinstance(texts, str):
        return texts
    if not hasattr(texts, "get"):
        return ""
    other = "en" if language == "vi" else "vi"
    return str(texts.get(language) or texts.get(other) or "")
