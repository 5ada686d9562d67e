"""Whether an earlier run drew what no count decides: asked without loading what draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..data.disk.kept import KeptResults
    from ..data.project.sections.values import Pages


def is_drawn(outlines: str, pages: Pages, tolerance_deg: float, kept: KeptResults) -> bool:
    """Say whether the outlines were drawn for an earlier run: then hardly anything is left to be drawn ahead.

    Parameters
    ----------
    outlines
        Digest of the outlines of the communes.
    pages, tolerance_deg
        As :class:`blackspot.maps.ahead.ToDraw` has them.
    kept
        Where drawn outlines are kept.
    """
    shown = kept.has("communes", (outlines, repr(tolerance_deg)))
    return shown and (pages == "none" or kept.has("page-shapes", (outlines,)))
