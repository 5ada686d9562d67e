"""Ground in words: square kilometres, and square metres where these would be all zeros."""

from __future__ import annotations

_SMALLEST_KM2 = 0.01  # three decimals of a square kilometre say less than a digit of it below
_M2_PER_KM2 = 1e6
_HALF_M2 = 0.5


def ground_text(ground_km2: float) -> str:
    """Write an area with its unit.

    Parameters
    ----------
    ground_km2
        Square kilometres, 0 or more.

    Returns
    -------
    str
        ``3.512 km²``; below 0.01 km² in square metres: ``8,412 m²``, ``<1 m²``, ``0 m²``.
    """
    if ground_km2 >= _SMALLEST_KM2:
        return f"{ground_km2:.3f} km²"
    ground_m2 = ground_km2 * _M2_PER_KM2
    return "<1 m²" if 0 < ground_m2 < _HALF_M2 else f"{ground_m2:,.0f} m²"
