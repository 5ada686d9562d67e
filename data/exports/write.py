"""The files of a run that people and other programs take away: CSV, GeoParquet, GeoPackage, workbook."""

from __future__ import annotations

import errno
import json
import sqlite3
import textwrap
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import geopandas
import numpy as np
import pyarrow.lib
import pyarrow.parquet
import pyogrio.errors

from ...errors import WorkplaceError
from ...progress import silent
from ..disk.atomic import explained_os_errors, workplace_error
from ..disk.hashing import sha256_of
from ..disk.kept import NOTHING_KEPT, geometry_digest
from ..text.sentences import told
from ..text.words import beside
from .csv_file import write_csv
from .generalised import generalised
from .geopackage import with_outlines, write_geopackage
from .parquet_file import write_parquet
from .published import published, without_geometry
from .stored import BOUNDARIES
from .workbook import write_spreadsheet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from ...progress import Progress, Tell
    from ..columns.register import Table
    from ..disk.kept import KeptResults

GEOPACKAGE = "blackspot.gpkg"
WORKBOOK = "blackspot.xlsx"

_WRITERS_FAIL = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyarrow.lib.ArrowException,
)


class TableForm(NamedTuple):
    """What becomes of the tables.

    Attributes
    ----------
    tolerance_deg
        How far outlines of communes in the tables, and all outlines in the GeoPackage, may lie from the true ones, in
        degrees; 0 leaves them as they are.
    only_parquet
        Whether CSV, GeoPackage and workbook are left out; they hold no number that the rest does not.
    """

    tolerance_deg: float = 0.0
    only_parquet: bool = False


FULL: Final = TableForm()


def write_outputs(  # noqa: PLR0913 - three tables, their words and their form
    folder: Path,
    *,
    communes: geopandas.GeoDataFrame,
    provinces: pd.DataFrame,
    black_spots: geopandas.GeoDataFrame,
    notice: str,
    about: Mapping[str, str],
    operators: Mapping[str, str],
    form: TableForm = FULL,
    kept: KeptResults = NOTHING_KEPT,
    progress: Progress = None,
) -> tuple[Path, ...]:
    """Write every table of a run in every format, and read each file back.

    Outlines of communes are written once in full, apart from the numbers: they seldom change, and take more room than
    everything else together. The tables have them generalised, for looking at.

    Parameters
    ----------
    folder
        An existing folder without such files.
    communes
        One row per commune; geometry Polygon or MultiPolygon, EPSG:4326.
    provinces
        One row per province; in the GeoPackage it gets the ground of its communes.
    black_spots
        One row per black spot; geometry Polygon or MultiPolygon, EPSG:4326; may be empty.
    notice
        Warning such as SAMPLE DATA: last column of every table, first row of every sheet. Empty: none.
    about
        Topic and text: what the run is, its sources, its profile.
    operators
        Names of operators by the word their columns end with; headers of the workbook show them.
    form
        Which files, and how fine the outlines in them.
    kept
        Has the outlines of communes and provinces for looking at, and the file of the full ones, where these are those
        of an earlier run.
    progress
        Called with the part done (0 to 1) and what is being done.

    Returns
    -------
    tuple of Path
        The files written, in alphabetical order. The numbers in all of them are the same, rounded as
        :mod:`.published` says. The same tables give the same bytes.

    Raises
    ------
    UnknownColumnError
        The register of columns does not describe a column.
    WorkplaceError
        The disk is full or read-only, or the rights do not suffice.
    """
    tables: dict[Table, pd.DataFrame] = {
        "communes": communes,
        "provinces": provinces,
        "black_spots": black_spots,
    }
    frames = {table: published(frame, table, notice) for table, frame in tables.items()}
    boundaries = _located(published(communes[["code", "geometry"]], "communes"))
    shown = _Outlines(form.tolerance_deg, kept, geometry_digest(boundaries.geometry.to_numpy()))
    frames["communes"] = shown.of_communes(_located(frames["communes"]))
    with explained_os_errors(folder, told("errors", "doing.write_results")):
        try:
            names = _write_parquet(folder, frames, _Boundaries(boundaries, shown), progress or silent)
            if not form.only_parquet:
                spots = shown.of(_located(frames["black_spots"]))
                shapes = boundaries.assign(province_code=communes["province_code"].to_numpy())
                grounds = shown.of_provinces(frames["provinces"], shapes)
                layers: dict[Table, geopandas.GeoDataFrame] = {
                    "communes": _located(frames["communes"]),
                    "provinces": grounds,
                    "black_spots": spots,
                }
                names += _write_others(folder, layers, about, operators, notice, progress or silent)
        except _WRITERS_FAIL as error:
            raise _failure(folder, error) from error
        _check(folder, {name: len(frame) for name, frame in frames.items()}, only_parquet=form.only_parquet)
    (progress or silent)(
        1.0, told("progress", "tables", format="GeoParquet" if form.only_parquet else "XLSX")
    )
    return tuple(folder / name for name in sorted(names))


def _write_parquet(
    folder: Path, frames: Mapping[Table, pd.DataFrame], boundaries: _Boundaries, say: Tell
) -> list[str]:
    say(0.0, told("progress", "tables", format="GeoParquet"))
    boundaries.write(folder / BOUNDARIES)
    for name, frame in frames.items():  # of the provinces a plain one: they have no geometry
        write_parquet(folder / f"{name}.parquet", frame)
    return [BOUNDARIES, *(f"{name}.parquet" for name in frames)]


def _write_others(
    folder: Path,
    frames: Mapping[Table, geopandas.GeoDataFrame],
    about: Mapping[str, str],
    operators: Mapping[str, str],
    notice: str,
    say: Tell,
) -> list[str]:
    say(0.15, told("progress", "tables", format="CSV"))
    for name, frame in frames.items():
        write_csv(folder / f"{name}.csv", name, frame)
    say(0.25, told("progress", "tables", format="GeoPackage"))
    write_geopackage(
        folder / GEOPACKAGE,
        communes=frames["communes"],
        provinces=frames["provinces"],
        black_spots=frames["black_spots"],
        about={beside("about", "notice"): notice, **about} if notice else about,
    )
    say(0.5, told("progress", "tables", format="XLSX"))
    write_spreadsheet(
        folder / WORKBOOK,
        communes=frames["communes"],
        provinces=without_geometry(frames["provinces"]),
        black_spots=frames["black_spots"],
        about=about,
        operators=operators,
        notice=notice,
    )
    return [*(f"{name}.csv" for name in frames), GEOPACKAGE, WORKBOOK]


def _failure(folder: Path, error: Exception) -> WorkplaceError:
    """Put the words of a library, often a whole SQL statement, into one sentence."""
    if "disk is full" in str(error):
        full = OSError(errno.ENOSPC, "")
        return workplace_error(folder, told("errors", "doing.write_results"), full)
    words = textwrap.shorten(" ".join(str(error).split()), 200)
    return WorkplaceError(told("errors", "library", path=folder, words=words))


class _Outlines(NamedTuple):
    """Gives tables outlines for looking at: how far these may lie from the full ones, and which these are."""

    tolerance_deg: float
    kept: KeptResults
    full: str

    def of(self, frame: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
        """Leave out vertices of the outlines of a table."""
        return _with(frame, self._shown(frame)) if self.tolerance_deg else frame

    def of_communes(self, frame: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
        """Do the same for the communes."""
        if not self.tolerance_deg:
            return frame
        content = (self.full, repr(self.tolerance_deg))
        return _with(frame, self.kept.geometries("communes", content, lambda: self._shown(frame)))

    def of_provinces(
        self, provinces: pd.DataFrame, communes: geopandas.GeoDataFrame
    ) -> geopandas.GeoDataFrame:
        """Give provinces the ground of their communes, as :func:`with_outlines` does, and leave out vertices of it."""
        codes = [frame["province_code"].tolist() for frame in (provinces, communes)]
        content = (self.full, repr(self.tolerance_deg), json.dumps(codes))
        shapes = self.kept.geometries(
            "provinces",
            content,
            lambda: np.array(self.of(with_outlines(provinces, communes)).geometry, dtype=object),
        )
        drawn = geopandas.GeoSeries(shapes, index=provinces.index, crs=communes.crs)
        return geopandas.GeoDataFrame(without_geometry(provinces), geometry=drawn)

    def _shown(self, frame: geopandas.GeoDataFrame) -> NDArray[np.object_]:
        return generalised(np.array(frame.geometry.to_numpy(), dtype=object), self.tolerance_deg)


class _Boundaries(NamedTuple):
    """The outlines of the communes in full, and whose file may be there already."""

    frame: geopandas.GeoDataFrame
    outlines: _Outlines

    def write(self, path: Path) -> None:
        """Write the file, or take that of an earlier run: packing it takes longer than all other tables together."""
        kept, content = self.outlines.kept, (self.outlines.full, json.dumps(self.frame["code"].tolist()))
        known = kept.find("boundaries", content)
        if known is not None and kept.lend is not None and kept.lend(path, known["sha256"].tobytes().hex()):
            return
        write_parquet(path, self.frame)
        digest = np.frombuffer(bytes.fromhex(sha256_of(path)), dtype=np.uint8)
        kept.keep("boundaries", content, {"sha256": digest})


def _with(frame: geopandas.GeoDataFrame, shapes: NDArray[np.object_]) -> geopandas.GeoDataFrame:
    return frame.set_geometry(geopandas.GeoSeries(shapes, index=frame.index, crs=frame.crs))


def _located(frame: pd.DataFrame) -> geopandas.GeoDataFrame:
    return cast("geopandas.GeoDataFrame", frame)


def _check(folder: Path, rows: Mapping[str, int], *, only_parquet: bool = False) -> None:
    """Read the written files back: on a disk that is nearly full a library may not notice that it failed."""
    for name, count in {
        **{f"{name}.parquet": rows[name] for name in rows},
        BOUNDARIES: rows["communes"],
    }.items():
        path = folder / name
        try:
            found = pyarrow.parquet.read_metadata(path).num_rows
        except pyarrow.lib.ArrowInvalid as error:
            raise WorkplaceError(told("errors", "broken", path=path)) from error
        if found != count:
            raise WorkplaceError(told("errors", "broken", path=path))
    if only_parquet:
        return
    _check_geopackage(folder / GEOPACKAGE, rows)
    path = folder / WORKBOOK
    try:
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
    except zipfile.BadZipFile as error:
        raise WorkplaceError(told("errors", "broken", path=path)) from error
    if damaged:
        raise WorkplaceError(told("errors", "broken", path=path))


def _check_geopackage(path: Path, rows: Mapping[str, int]) -> None:
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
