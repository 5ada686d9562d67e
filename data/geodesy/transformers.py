"""Transformations between coordinate reference systems, each looked up once in a process.

PROJ searches its database for 30 to 50 ms for a transformation, and one file of a run asks for the same one up
to thirty times.
"""

from __future__ import annotations

import functools

import pyproj

_MOST = 256  # transformations; a run knows some twenty


def transformer_between(
    source: pyproj.CRS, target: pyproj.CRS, *, ballpark: bool = True
) -> pyproj.Transformer:
    """Give a transformer, x before y on both sides.

    Parameters
    ----------
    source, target
        Two systems.
    ballpark
        A transformation that shifts nothing between two datums is allowed where no other is known.

    Returns
    -------
    pyproj.Transformer
        May be used from several threads: each has its own state of it.

    Raises
    ------
    pyproj.exceptions.ProjError
        No such transformation is known.
    """
    return _made(source.srs, target.srs, ballpark=ballpark)


@functools.lru_cache(maxsize=_MOST)
def _made(source: str, target: str, *, ballpark: bool) -> pyproj.Transformer:
    # From the texts, which are all that pyproj itself takes from the two systems.
    return pyproj.Transformer.from_crs(source, target, always_xy=True, allow_ballpark=ballpark)
