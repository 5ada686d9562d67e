"""How figures and names are written in sentences, in Vietnamese and English."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

from .words import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LEGAL_TYPES = ("commune", "ward", "special_zone")
"""The legal types of communes, as the outputs name them."""

RANGE = "\N{EN DASH}"
"""Stands between the two ends of a number that is not known."""

_VIETNAMESE_SIGNS = str.maketrans(",.", ".,")
_TENTHS = 10
_NOISE_PCT = 1e-7  # what sums of floating-point numbers are off by, far below one person of a country
_HALF_A_PERSON = 0.5
_ONE_AND_A_HALF = 1.5
_SHORTEST_KM = 0.1
_LONG_KM = 9.95
_LARGE_KM2 = 99.95
_SMALLEST_KM2 = 0.01  # three decimals of a square kilometre say less than a digit of it below
_M2_PER_KM2 = 1e6
_HALF_M2 = 0.5


def number(value: float, language: str, decimals: int = 0) -> str:
    """Write a number: 1.234,5 in Vietnamese, 1,234.5 in English; halves round away from zero."""
    scale = 10**decimals
    rounded = math.floor(abs(value) * scale + 0.5) / scale
    sign = "-" if value < 0 and rounded else ""
    return sign + localized(f"{rounded:,.{decimals}f}", language)


def localized(text: str, language: str) -> str:
    """Write the signs of a number as a language does: 1.234,5 in Vietnamese, 1,234.5 in English."""
    return text.translate(_VIETNAMESE_SIGNS) if language == "vi" else text


def figure(value: float, language: str) -> str:
    """Write a number of people without the word; a part of a person is "under 1"."""
    if 0 < value < _HALF_A_PERSON:
        return _joined("under", language, number="1")
    return number(value, language)


def people(value: float, language: str) -> str:
    """Write a number of people with the word for people."""
    one = 0 < value < _ONE_AND_A_HALF
    return _joined("person" if one else "people", language, number=figure(value, language))


def percent(part: float, whole: float, language: str) -> str:
    """Write a share in percent with one decimal: only nothing is 0%, only all is 100%.

    What would round to nothing or to all is ``<0.1%`` or ``>99.9%``. ``BS.percent`` of the map page writes the
    same text for the same numbers.

    Parameters
    ----------
    part, whole
        Of the same unit; a dash stands where one is unknown or the whole is nothing.
    language
        vi or en.
    """
    if not (whole > 0 and math.isfinite(part)):
        return "-"
    value = 100 * part / whole
    tenths = math.floor(value * _TENTHS + 0.5)
    for limit in (0, 100):
        if abs(value - limit) <= _NOISE_PCT:
            return f"{limit}%"
    if value > 0 and tenths == 0:
        return f"<{number(0.1, language, 1)}%"
    if value < 100 and tenths == 100 * _TENTHS:
        return f">{number(99.9, language, 1)}%"
    return f"{number(value, language, 1)}%"


def people_range(low: float, high: float, language: str) -> str:
    """Write a number of people that lies between two ends, one number where both are the same people."""
    first, last = number(low, language), number(high, language)
    return f"{first}{RANGE}{last}" if is_open(low, high) else first


def percent_range(low: float, high: float, whole: float, language: str) -> str:
    """Write a share that lies between two ends, as :func:`percent` writes one."""
    first, last = (percent(part, whole, language) for part in (low, high))
    return first if not is_open(low, high) or first == last else f"{first.removesuffix('%')}{RANGE}{last}"


def is_open(low: float, high: float) -> bool:
    """Say whether two ends are different people: nothing is known of somebody."""
    return high - low >= _HALF_A_PERSON


def kilometres(value: float, language: str) -> str:
    """Write a distance in km: one decimal below 10 km, whole kilometres from there."""
    if value == 0:
        return "0 km"
    if value < _SHORTEST_KM / 2:
        return f"{_joined('under', language, number=number(_SHORTEST_KM, language, 1))} km"
    return f"{number(value, language, 1 if value < _LONG_KM else 0)} km"


def square_kilometres(value: float, language: str) -> str:
    """Write an area in km²: one decimal below 100 km²."""
    return f"{number(value, language, 1 if value < _LARGE_KM2 else 0)} km²"


def service_name(service: str, language: str) -> str:
    """Name a service: 5g becomes 5G, fibre becomes cáp quang in Vietnamese, the rest stays."""
    generation = len(service) == 2 and service[0].isdigit() and service[1] == "g"
    return service.upper() if generation else words("names", language).get(f"service.{service}", service)


def type_name(legal_type: object, language: str) -> str:
    """Name a legal type of commune."""
    names = words("names", language)
    return names.get(f"type.{legal_type}", names["type.other"])


@cache
def type_words(language: str) -> Mapping[str, str]:
    """Give the legal types by their words in a language, such as ``xã``: ``commune``."""
    return {type_name(legal_type, language): legal_type for legal_type in LEGAL_TYPES}


def severity_name(severity: str, language: str, *, heading: bool = False) -> str:
    """Name a severity, as a word beside one finding or as the heading above several."""
    return words("names", language)[f"severity-heading.{severity}" if heading else f"severity.{severity}"]


def listed(names: Sequence[str], language: str, *, either: bool = False) -> str:
    """Join names with commas and a last "and" (or "or")."""
    if len(names) <= 1:
        return "".join(names)
    *others, last = names
    return _joined("or" if either else "and", language, first=", ".join(others), last=last)


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop."""
    return f"{capital(text)}."


def capital(text: str) -> str:
    """Begin with a capital."""
    return f"{text[:1].upper()}{text[1:]}"


def _joined(word: str, language: str, **parts: str) -> str:
    """Put parts into one of the texts that join them."""
    return words("names", language)[f"joining.{word}"].format_map(parts)


def ground_text(ground_km2: float, language: str) -> str:
    """Write a small area with its unit.

    Parameters
    ----------
    ground_km2
        Square kilometres, 0 or more.
    language
        vi or en.

    Returns
    -------
    str
        ``3.512 km²``; below 0.01 km² in square metres: ``8,412 m²``, ``<1 m²``, ``0 m²``.
    """
    if ground_km2 >= _SMALLEST_KM2:
        return localized(f"{ground_km2:.3f} km²", language)
    ground_m2 = ground_km2 * _M2_PER_KM2
    return "<1 m²" if 0 < ground_m2 < _HALF_M2 else localized(f"{ground_m2:,.0f} m²", language)
