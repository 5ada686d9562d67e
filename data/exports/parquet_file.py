"""Tables as GeoParquet: zstd over whole columns, so that what repeats anywhere in a column costs nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

_LEVEL: Final = 9
# A column is packed page by page, and neighbours share their borders: small pages of outlines take twice the room.
_PAGE_BYTES: Final = 1 << 28


def write_parquet(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as Parquet, one with a geometry column as GeoParquet.

    Parameters
    ----------
    path
        The file; replaced when it exists.
    frame
        As :func:`~blackspot.data.exports.published.published` gives it. Every number and every coordinate is read back
        as it is.

    Raises
    ------
    OSError
        The disk is full or read-only, or the rights do not suffice.
    """
    frame.to_parquet(
        path, index=False, compression="zstd", compression_level=_LEVEL, data_page_size=_PAGE_BYTES
    )
