"""Lengths of units, where a hundredth does not matter."""

from __future__ import annotations

METRES_PER_DEGREE = 111_320.0
"""Length of a degree of the equator of WGS 84 (π/180 times 6,378,137 m)."""
