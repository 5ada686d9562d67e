"""The files of a run that people and other programs take away: CSV, GeoParquet, GeoPackage, workbook."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import numpy as np

from ...progress import silent
from ..disk.hashing import sha256_of
from ..disk.kept import NOTHING_KEPT, geometry_digest
from ..text.sentences import told
from ..worker.worker import Worker
from .for_people import (
    GEOPACKAGE,
    WORKBOOK,
    ProvinceOutlines,
    Tables,
    TableWords,
    check_rows,
    explained_writers,
    with_same_system,
    without_vertices,
    write_for_people,
)
from .parquet_file import write_parquet
from .published import published
from .stored import BOUNDARIES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas
    import pandas as pd
    from numpy.typing import NDArray

    from ...progress import Progress
    from ..columns.register import Table
    from ..disk.kept import KeptResults
    from ..worker.worker import Job


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


class Outputs:
    """The tables of a run: what programs read is there, what people open may still be written by a worker."""

    def __init__(
        self,
        folder: Path,
        names: Sequence[str],
        outlines: _Outlines,
        job: Job[NDArray[np.object_] | None] | None,
    ) -> None:
        self._folder, self._names, self._outlines, self._job = folder, names, outlines, job

    def finish(self) -> tuple[Path, ...]:
        """Wait until everything is written and read back.

        Returns
        -------
        tuple of Path
            The files, in alphabetical order.

        Raises
        ------
        WorkplaceError
            The disk is full or read-only, or the rights, or the memory of a worker, do not suffice.
        """
        if self._job is not None:
            self._outlines.keep_provinces(self._job.result())
        return tuple(self._folder / name for name in sorted(self._names))


def begin_outputs(  # noqa: PLR0913 - three tables, their words and their form
    folder: Path,
    *,
    communes: geopandas.GeoDataFrame,
    provinces: pd.DataFrame,
    black_spots: geopandas.GeoDataFrame,
    words: TableWords,
    form: TableForm = FULL,
    outlines_digest: str = "",
    kept: KeptResults = NOTHING_KEPT,
    worker: Worker | None = None,
    progress: Progress = None,
    progress_beside: Progress = None,
) -> Outputs:
    """Write the tables that programs read, and begin with those that people open.

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
    words
        What is said about the run: its warning is the last column of every table and the first row of every sheet,
        headers of the workbook show names of operators.
    form
        Which files, and how fine the outlines in them.
    outlines_digest
        Digest of the communes' outlines (:func:`blackspot.data.disk.kept.geometry_digest`); made where it is empty.
    kept
        Has the outlines of communes and provinces for looking at, and the file of the full ones, where these are those
        of an earlier run.
    worker
        Writes what people open; without one, and with one that has no process, it is done at the end.
    progress, progress_beside
        Called with the part done (0 to 1) and what is being done: of what programs read, and of what people open.

    Returns
    -------
    Outputs
        To be finished. The numbers in all files are the same, rounded as :mod:`.published` says. The same tables give
        the same bytes.

    Raises
    ------
    UnknownColumnError
        The register of columns does not describe a column.
    WorkplaceError
        The disk is full or read-only, or the rights do not suffice.
    """
    frames: dict[Table, pd.DataFrame] = {
        "communes": published(communes, "communes", words.notice),
        "provinces": published(provinces, "provinces", words.notice),
        "black_spots": published(black_spots, "black_spots", words.notice),
    }
    full = _located(published(communes[["code", "geometry"]], "communes"))
    outlines = _Outlines(
        full,
        communes["province_code"].to_numpy(dtype=object),
        frames["provinces"],
        ShownOutlines(form.tolerance_deg, kept, outlines_digest or geometry_digest(full.geometry.to_numpy())),
    )
    frames["communes"] = outlines.shown.of_communes(_located(frames["communes"]))
    (progress or silent)(0.0, told("progress", "tables", format="GeoParquet"))
    with explained_writers(folder):
        outlines.write_file(folder)
        for name, frame in frames.items():  # of the provinces a plain one: they have no geometry
            write_parquet(folder / f"{name}.parquet", frame)
            check_rows(folder / f"{name}.parquet", len(frame))
    names = [BOUNDARIES, *(f"{name}.parquet" for name in frames)]
    if form.only_parquet:
        return Outputs(folder, names, outlines, None)
    tables = Tables(
        _located(frames["communes"]),
        frames["provinces"],
        _located(frames["black_spots"]),
        form.tolerance_deg,
    )
    job = (worker or Worker()).start(
        write_for_people, folder, tables, outlines.of_provinces(), words, progress=progress_beside
    )
    names += [*(f"{name}.csv" for name in frames), GEOPACKAGE, WORKBOOK]
    return Outputs(folder, names, outlines, job)


class ShownOutlines(NamedTuple):
    """Gives tables outlines for looking at.

    Attributes
    ----------
    tolerance_deg
        How far they may lie from the full ones, in degrees; 0 leaves them as they are.
    kept
        Has those of an earlier run.
    full
        Digest of the full outlines of the communes.
    """

    tolerance_deg: float
    kept: KeptResults
    full: str

    def of_communes(self, frame: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
        """Leave out vertices of the outlines of communes, or take what an earlier run has kept."""
        if not self.tolerance_deg:
            return frame
        shapes = self.kept.geometries(
            "communes", self._content(), lambda: without_vertices(frame, self.tolerance_deg)
        )
        return with_same_system(frame, shapes)

    def find_provinces(
        self, provinces: pd.DataFrame, province_codes: NDArray[np.object_]
    ) -> NDArray[np.object_] | None:
        """Give the outlines of provinces that an earlier run has kept; None where there are none."""
        return self.kept.find_geometries("provinces", self._of_provinces(provinces, province_codes))

    def keep_provinces(
        self, provinces: pd.DataFrame, province_codes: NDArray[np.object_], shapes: NDArray[np.object_]
    ) -> None:
        """Keep the outlines of provinces for later runs; each commune says its province."""
        self.kept.keep_geometries("provinces", self._of_provinces(provinces, province_codes), shapes)

    def _of_provinces(self, provinces: pd.DataFrame, province_codes: NDArray[np.object_]) -> tuple[str, ...]:
        codes = [provinces["province_code"].tolist(), province_codes.tolist()]
        return (*self._content(), json.dumps(codes))

    def _content(self) -> tuple[str, str]:
        return (self.full, repr(self.tolerance_deg))


class _Outlines(NamedTuple):
    """The full outlines of the communes, and what earlier runs have kept of them."""

    full: geopandas.GeoDataFrame
    province_codes: NDArray[np.object_]
    provinces: pd.DataFrame
    shown: ShownOutlines

    def write_file(self, folder: Path) -> None:
        """Write the file, or take that of an earlier run: packing it takes longer than all other tables together."""
        path, kept = folder / BOUNDARIES, self.shown.kept
        content = (self.shown.full, json.dumps(self.full["code"].tolist()))
        known = kept.find("boundaries", content)
        if known is not None and kept.lend is not None and kept.lend(path, known["sha256"].tobytes().hex()):
            check_rows(path, len(self.full))
            return
        write_parquet(path, self.full)
        check_rows(path, len(self.full))
        digest = np.frombuffer(bytes.fromhex(sha256_of(path)), dtype=np.uint8)
        kept.keep("boundaries", content, {"sha256": digest})

    def of_provinces(self) -> ProvinceOutlines:
        """Give the outlines of provinces that an earlier run has kept, or what they are made of."""
        found = self.shown.find_provinces(self.provinces, self.province_codes)
        return ProvinceOutlines(found, self.province_codes)

    def keep_provinces(self, made: NDArray[np.object_] | None) -> None:
        """Keep outlines that were made for later runs; a worker does not: one process at a time writes there."""
        if made is not None:
            self.shown.keep_provinces(self.provinces, self.province_codes, made)


def _located(frame: pd.DataFrame) -> geopandas.GeoDataFrame:
    return cast("geopandas.GeoDataFrame", frame)
