"""The files that people open: CSV, GeoPackage and workbook, written beside the pages of a run and read back.

It is one job, which a worker process may do: everything it needs is handed over, and it says what later runs may use.
"""

from __future__ import annotations

import errno
import sqlite3
import textwrap
import zipfile
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow.lib
import pyarrow.parquet
import pyogrio.errors
import shapely

from ...errors import WorkplaceError
from ...progress import silent
from ..disk.atomic import explained_os_errors, workplace_error
from ..text.sentences import told
from ..text.words import beside
from .csv_file import write_csv
from .geopackage import write_geopackage
from .outlines.dissolve import dissolve
from .published import without_geometry
from .shown_outlines import shown, with_shapes
from .stored import BOUNDARIES
from .workbook import write_spreadsheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import geopandas
    import pandas as pd
    from numpy.typing import NDArray

    from ...progress import Progress
    from ..columns.register import Table

GEOPACKAGE: Final = "blackspot.gpkg"
WORKBOOK: Final = "blackspot.xlsx"

_WRITERS_FAIL = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyarrow.lib.ArrowException,
)


class TableWords(NamedTuple):
    """What is said about a run in its files.

    Attributes
    ----------
    notice
        Warning such as SAMPLE DATA; empty: none.
    about
        Topic and text: what the run is, its sources, its profile.
    operators
        Names of operators by the word their columns end with.
    """

    notice: str
    about: Mapping[str, str]
    operators: Mapping[str, str]


class Tables(NamedTuple):
    """The tables of a run, as ``published`` gives them.

    Attributes
    ----------
    communes
        With outlines for looking at.
    provinces
        Without outlines.
    black_spots
        With their full outlines.
    tolerance_deg
        How far outlines for looking at may lie from the full ones, in degrees; 0 leaves them as they are.
    """

    communes: geopandas.GeoDataFrame
    provinces: pd.DataFrame
    black_spots: geopandas.GeoDataFrame
    tolerance_deg: float

    @property
    def rows(self) -> dict[Table, int]:
        """How many rows each has."""
        return {
            "communes": len(self.communes),
            "provinces": len(self.provinces),
            "black_spots": len(self.black_spots),
        }


class ProvinceOutlines(NamedTuple):
    """Outlines of the provinces for looking at, or what they are made of.

    Attributes
    ----------
    known
        Those of an earlier run; None where they are to be made of the file of full outlines.
    province_codes
        The province of each commune, in the order of that file.
    """

    known: NDArray[np.object_] | None
    province_codes: NDArray[np.object_]


def write_for_people(
    folder: Path,
    tables: Tables,
    provinces: ProvinceOutlines,
    words: TableWords,
    progress: Progress = None,
) -> NDArray[np.object_] | None:
    """Write CSV, GeoPackage and workbook, and read them back.

    Parameters
    ----------
    folder
        The folder of a run, with the file of full outlines.
    tables
        The tables.
    provinces
        Their outlines.
    words
        What is said about the run.
    progress
        Called with the part done (0 to 1) and what is being done.

    Returns
    -------
    ndarray of object or None
        The outlines of provinces, where they were made, for later runs.

    Raises
    ------
    WorkplaceError
        The disk is full or read-only, or the rights do not suffice.
    """
    say = progress or silent
    with explained_writers(folder):
        known = provinces.known
        drawn = _dissolved(folder / BOUNDARIES, tables, provinces) if known is None else known
        frames: dict[Table, geopandas.GeoDataFrame] = {
            "communes": tables.communes,
            "provinces": with_shapes(tables.provinces, drawn, tables.communes),
            "black_spots": shown(tables.black_spots, tables.tolerance_deg),
        }
        say(0.3, told("progress", "tables", format="CSV"))
        for name, frame in frames.items():
            write_csv(folder / f"{name}.csv", name, frame)
        say(0.5, told("progress", "tables", format="GeoPackage"))
        _write_geopackage(folder / GEOPACKAGE, frames, words)
        say(0.7, told("progress", "tables", format="XLSX"))
        _write_workbook(folder / WORKBOOK, frames, words)
    check_for_people(folder, tables.rows)
    say(1.0, told("progress", "tables", format="XLSX"))
    return drawn if known is None else None


def _dissolved(path: Path, tables: Tables, provinces: ProvinceOutlines) -> NDArray[np.object_]:
    """Make the outlines of provinces of the full ones of their communes, of which only those of one are in memory at a time."""
    packed = pyarrow.parquet.read_table(path, columns=["geometry"])["geometry"].combine_chunks()
    outlines = []
    for code in tables.provinces["province_code"]:
        rows = packed.take(np.flatnonzero(provinces.province_codes == code))
        outlines.append(
            dissolve(np.asarray(shapely.from_wkb(rows.to_numpy(zero_copy_only=False)), dtype=object))
        )
    drawn = with_shapes(tables.provinces, np.array(outlines, dtype=object), tables.communes)
    return np.array(shown(drawn, tables.tolerance_deg).geometry, dtype=object)


def _write_geopackage(path: Path, frames: Mapping[Table, geopandas.GeoDataFrame], words: TableWords) -> None:
    about = words.about
    write_geopackage(
        path,
        communes=frames["communes"],
        provinces=frames["provinces"],
        black_spots=frames["black_spots"],
        about={beside("about", "notice"): words.notice, **about} if words.notice else about,
    )


def _write_workbook(path: Path, frames: Mapping[Table, geopandas.GeoDataFrame], words: TableWords) -> None:
    write_spreadsheet(
        path,
        communes=frames["communes"],
        provinces=without_geometry(frames["provinces"]),
        black_spots=frames["black_spots"],
        about=words.about,
        operators=words.operators,
        notice=words.notice,
    )


@contextmanager
def explained_writers(folder: Path) -> Iterator[None]:
    """Raise whatever the libraries that write files say as one sentence.

    Raises
    ------
    WorkplaceError
        The disk is full or read-only, or the rights do not suffice.
    """
    with explained_os_errors(folder, told("errors", "doing.write_results")):
        try:
            yield
        except _WRITERS_FAIL as error:
            raise _failure(folder, error) from error


def _failure(folder: Path, error: Exception) -> WorkplaceError:
    """Put the words of a library, often a whole SQL statement, into one sentence."""
    if "disk is full" in str(error):
        full = OSError(errno.ENOSPC, "")
        return workplace_error(folder, told("errors", "doing.write_results"), full)
    words = textwrap.shorten(" ".join(str(error).split()), 200)
    return WorkplaceError(told("errors", "library", path=folder, words=words))


def check_rows(path: Path, rows: int) -> None:
    """Read the head of a Parquet file back: on a disk that is nearly full a library may not notice that it failed.

    Raises
    ------
    WorkplaceError
        The file was not written whole.
    """
    try:
        found = pyarrow.parquet.read_metadata(path).num_rows
    except pyarrow.lib.ArrowInvalid as error:
        raise WorkplaceError(told("errors", "broken", path=path)) from error
    if found != rows:
        raise WorkplaceError(told("errors", "broken", path=path))


def check_for_people(folder: Path, rows: Mapping[Table, int]) -> None:
    """Read GeoPackage and workbook back.

    Raises
    ------
    WorkplaceError
        A file was not written whole.
    """
    _check_geopackage(folder / GEOPACKAGE, rows)
    path = folder / WORKBOOK
    try:
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
    except zipfile.BadZipFile as error:
        raise WorkplaceError(told("errors", "broken", path=path)) from error
    if damaged:
        raise WorkplaceError(told("errors", "broken", path=path))


def _check_geopackage(path: Path, rows: Mapping[Table, int]) -> None:
    try:
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as database:
            sound = database.execute("PRAGMA quick_check").fetchone() == ("ok",)
            counts = {
                name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608 - our own three names
                for name in rows
            }
    except sqlite3.DatabaseError as error:
        raise WorkplaceError(told("errors", "broken", path=path)) from error
    if not sound or counts != dict(rows):
        raise WorkplaceError(told("errors", "broken", path=path))
