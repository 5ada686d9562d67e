"""The words of a page that depend on the run: services, indicators, the headline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .assets import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .indicators import Indicator


def service_label(service: str, language: str) -> str:
    """Write a service as people do: 5G, cáp quang, fibre; an unknown one as the project writes it."""
    return words(language).get(f"service.{service}", service)


def indicator_label(indicator: Indicator, about: Mapping[str, Any], language: str) -> str:
    """Say who is counted: people without 5G, people without the 5G of an operator, ...

    Parameters
    ----------
    indicator
        What is counted.
    about
        As in :class:`~blackspot.maps.content.MapData`.
    language
        vi or en.
    """
    text = words(language)
    if indicator.kind == "fails":
        profile = about.get("profile", {})
        return _fails(profile.get("services", ()), profile.get("gap", "all"), language)
    if indicator.kind == "double":
        return _fails([about.get("mobile_service", ""), about.get("fibre_service", "")], "all", language)
    return text[f"indicator.{indicator.kind}"].format(
        service=service_label(indicator.service, language), operator=indicator.operator, k=indicator.k
    )


def _fails(services: Sequence[str], gap: str, language: str) -> str:
    text = words(language)
    names = [service_label(service, language) for service in services]
    if len(names) == 1:
        return text["indicator.service"].format(service=names[0])
    if gap == "any":
        return text["fails.any"].format(names=text["fails.or"].join(names))
    return text["fails.all"].format(names=text["fails.nor"].join(names))


def in_language(texts: object, language: str) -> str:
    """Take a text in a language, or in the other one where it is missing; a plain text is both."""
    if isinstance(texts, str):
        return texts
    if not hasattr(texts, "get"):
        return ""
    other = "en" if language == "vi" else "vi"
    return str(texts.get(language) or texts.get(other) or "")
