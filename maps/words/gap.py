"""Who fails a gap profile, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...data.text.sentences import say
from ...data.text.wording import service_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def who_fails(profile: Mapping[str, Any], language: str) -> str:
    """Say who fails a profile, such as ``With neither 5G nor fibre``.

    Parameters
    ----------
    profile
        Its keys as the project file has them; those that decide are ``services``, ``gap`` and ``basic_services``.
    language
        vi or en.
    """
    gap = lacking(profile.get("services", ()), profile.get("gap", "all"), language)
    basic = profile.get("basic_services", ())
    return say("map", "fails.basic", language, gap=gap, names=either(basic, language)) if basic else gap


def lacking(services: Sequence[str], gap: str, language: str) -> str:
    """Say who lacks any, or all, of some services."""
    names = [service_name(service, language) for service in services]
    if len(names) == 1:
        return say("map", "indicator.service", language, service=names[0])
    if gap == "any":
        return say("map", "fails.any", language, names=either(services, language))
    return say("map", "fails.all", language, names=say("map", "fails.nor", language).join(names))


def either(services: Sequence[str], language: str) -> str:
    """Name services with "or" between them."""
    return say("map", "fails.or", language).join(service_name(service, language) for service in services)
