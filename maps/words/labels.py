"""The words of a page that depend on the run: services, indicators, the headline."""

from __future__ import annotations

from .i18n import words


def service_label(service: str, language: str) -> str:
    """Write a service as people do: 5G, cáp quang, fibre; an unknown one as the project writes it."""
    return words(language).get(f"service.{service}", service)


def in_language(texts: object, language: str) -> str:
    """Take a text in a language, or in the other one where it is missing; a plain text is both."""
    if isinstance(texts, str):
        return texts
    if not hasattr(texts, "get"):
        return ""
    other = "en" if language == "vi" else "vi"
    return str(texts.get(language) or texts.get(other) or "")
