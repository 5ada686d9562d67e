"""One moment for every file that would carry the time of its writing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyogrio

if TYPE_CHECKING:
    from collections.abc import Iterator

FIXED_TIME = "2000-01-01T00:00:00.000Z"
"""Time written wherever the format asks for the time of the last change: same run, same bytes."""


@contextmanager
def fixed_time() -> Iterator[None]:
    """Let GDAL write the same time of last change whenever it writes."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": FIXED_TIME})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
