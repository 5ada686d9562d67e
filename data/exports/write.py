"""The files of a run that people and other programs take away: CSV, GeoParquet, GeoPackage, workbook."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple, Self, cast

import numpy as np

from ...progress import silent, stretch
from ..disk.kept import NOTHING_KEPT, geometry_digest
from ..text.sentences import told
from ..worker.worker import Worker
from .for_people import (
    GEOPACKAGE,
    WORKBOOK,
    FullOutlines,
    Made,
    Tables,
    TableWords,
    check_rows,
    explained_writers,
    write_for_people,
    write_full_outlines,
)
from .parquet_file import write_parquet
from .published import published
from .shown_outlines import ShownOutlines
from .stored import BOUNDARIES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

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

_FOR_PROGRAMS: Final = 0.3
"""Of the time of writing everything: the tables that programs read."""


class Outputs:
    """The tables of a run: what programs read is there, what people open may still be written by a worker.

    As a context it ends the worker where the block fails, so that nothing is written behind it.
    """

    def __init__(
        self, folder: Path, names: Sequence[str], outlines: _Outlines, job: Job[Made] | None
    ) -> None:
        self._folder, self._names, self._outlines, self._job = folder, names, outlines, job

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._job is not None:
            self._job.__exit__(kind, error, trace)

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
            self._outlines.keep(self._job.result())
        return tuple(self._folder / name for name in sorted(self._names))


def write_outputs(
    folder: Path,
    *,
    communes: geopandas.GeoDataFrame,
    provinces: pd.DataFrame,
    black_spots: geopandas.GeoDataFrame,
    words: TableWords,
    form: TableForm = FULL,
    kept: KeptResults = NOTHING_KEPT,
    progress: Progress = None,
) -> tuple[Path, ...]:
    """Write every table of a run in every format, and read each file back, as :func:`begin_outputs` and its end do."""
    with begin_outputs(
        folder,
        communes=communes,
        provinces=provinces,
        black_spots=black_spots,
        words=words,
        form=form,
        kept=kept,
        progress=stretch(progress, 0.0, _FOR_PROGRAMS),
        progress_beside=stretch(progress, _FOR_PROGRAMS, 1.0),
    ) as outputs:
        files = outputs.finish()
    (progress or silent)(
        1.0, told("progress", "tables", format="GeoParquet" if form.only_parquet else "XLSX")
    )
    return files


def begin_outputs(  # noqa: PLR0913 - three tables, their words and their form
    folder: Path,
    *,
    communes: geopandas.GeoDataFrame,
    provinces: pd.DataFrame,
    black_spots: geopandas.GeoDataFrame,
    words: TableWords,
    form: TableForm = FULL,
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
        ShownOutlines(form.tolerance_deg, kept, geometry_digest(full.geometry.to_numpy())),
    )
    frames["communes"] = outlines.shown.of_communes(_located(frames["communes"]))
    (progress or silent)(0.0, told("progress", "tables", format="GeoParquet"))
    with explained_writers(folder):
        has_file = outlines.lend_file(folder)
        if form.only_parquet and not has_file:
            outlines.keep(Made(None, write_full_outlines(folder, full)))
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
        write_for_people, folder, tables, outlines.to_do(has_file=has_file), words, progress=progress_beside
    )
    names += [*(f"{name}.csv" for name in frames), GEOPACKAGE, WORKBOOK]
    return Outputs(folder, names, outlines, job)


class _Outlines(NamedTuple):
    """The full outlines of the communes, and what earlier runs have kept of them."""

    full: geopandas.GeoDataFrame
    province_codes: NDArray[np.object_]
    provinces: pd.DataFrame
    shown: ShownOutlines

    def lend_file(self, folder: Path) -> bool:
        """Put the file of an earlier run at its place, if there is one: packing it takes longer than all other tables together."""
        kept = self.shown.kept
        known = kept.find("boundaries", self._content)
        if (
            known is None
            or kept.lend is None
            or not kept.lend(folder / BOUNDARIES, known["sha256"].tobytes().hex())
        ):
            return False
        check_rows(folder / BOUNDARIES, len(self.full))
        return True

    def to_do(self, *, has_file: bool) -> FullOutlines | NDArray[np.object_]:
        """Give the outlines of the provinces, and where something is still to be made the full ones, which are large."""
        found = self.shown.find_provinces(self.provinces, self.province_codes)
        if has_file and found is not None:
            return found
        return FullOutlines(self.full, self.province_codes, found, has_file)

    def keep(self, made: Made) -> None:
        """Keep what was made for later runs; a worker does not: one process at a time writes there."""
        if made.provinces is not None:
            self.shown.keep_provinces(self.provinces, self.province_codes, made.provinces)
        if made.boundaries is not None:
            digest = np.frombuffer(made.boundaries, dtype=np.uint8)
            self.shown.kept.keep("boundaries", self._content, {"sha256": digest})

    @property
    def _content(self) -> tuple[str, str]:
        return (self.shown.full, json.dumps(self.full["code"].tolist()))


def _located(frame: pd.DataFrame) -> geopandas.GeoDataFrame:
    return cast("geopandas.GeoDataFrame", frame)
