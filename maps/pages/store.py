"""What the pages need beyond the tables, in one file of the run folder, so that old pages can be rebuilt.

``map_layers.zip`` holds ``about.json``, one ``coverage/<n>.bin`` per layer with its description in
``coverage.json``, and where they exist ``unsure.parquet`` (people who may lack something as well), ``former.parquet`` (names before a reform), ``context.json`` and ``context/<n>.bin`` (what lies around black spots, a province
each), ``neighbours.parquet``, ``previous_communes.parquet`` and
``previous_black_spots.parquet``. The same content gives the same bytes.
"""

from __future__ import annotations

import io
import json
import zipfile
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import geopandas as gpd
import pandas as pd

from ...data.disk.kept import NOTHING_KEPT
from ...data.exports.stored import read_communes, read_provinces
from ...data.runs.manifest import canonical_json
from ...data.text.sentences import told
from ...errors import WorkplaceError
from ..encoding.pixel_rows import CoverageRows
from ..encoding.rows import decode_rows, encode_rows
from ..encoding.standing import StandingBlocks, pixels_digest
from .context import Surroundings
from .map_data import MapData, PreviousPeriod

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from ...data.disk.kept import KeptResults

LAYERS_FILE = "map_layers.zip"
_Read = TypeVar("_Read")
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_DESCRIPTION = ("operator", "service", "zoom", "basis", "vintage")
_SPOT_COLUMNS = ("code", "pop", "lon", "lat")
_OLD_NAMES = {"pop_unsure_fails": "pop_may_fail"}  # older programs kept it here, not in the commune table


def write_map_layers(  # noqa: PLR0913 - all that a page shows beyond the tables
    folder: Path,
    coverage: Sequence[CoverageRows],
    neighbours: gpd.GeoDataFrame | None,
    *,
    about: Mapping[str, Any] | None = None,
    previous: PreviousPeriod | None = None,
    unsure: pd.DataFrame | None = None,
    former: pd.DataFrame | None = None,
    context: Mapping[str, Surroundings] | None = None,
    kept: KeptResults = NOTHING_KEPT,
) -> Path:
    """Keep in a run folder what its pages show beyond the tables.

    Parameters
    ----------
    folder
        The unfinished run folder.
    coverage, neighbours, about, previous, former, context
        As in :class:`~blackspot.maps.pages.map_data.MapData`.
    unsure
        ``code`` and people who may lack something as well; joined to the communes when they are read.
    kept
        Has the coverage of an earlier run as bytes.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    WorkplaceError
        The disk is full or read-only, or the rights do not suffice.
    """
    described = [
        {name: getattr(rows, name) for name in _DESCRIPTION} | {"no_data_codes": list(rows.no_data_codes)}
        for rows in coverage
    ]
    parts = {
        "about.json": canonical_json(dict(about or {})).encode(),
        "coverage.json": canonical_json(described).encode(),
    }
    blocks = StandingBlocks(kept, "map-layers", lambda: (pixels_digest(coverage),))
    for number, rows in enumerate(coverage):
        parts[f"coverage/{number}.bin"] = blocks.block(str(number), partial(encode_rows, rows))
    blocks.keep()
    if unsure is not None:
        parts["unsure.parquet"] = _parquet(unsure)
    if former is not None:
        parts["former.parquet"] = _parquet(former)
    parts |= _context_parts(context or {})
    if neighbours is not None:
        parts["neighbours.parquet"] = _parquet(neighbours[["geometry"]])
    if previous is not None:
        parts["previous.json"] = canonical_json({"label": previous.label, "run": previous.run}).encode()
        parts["previous_communes.parquet"] = _parquet(_plain(previous.communes))
        parts["previous_black_spots.parquet"] = _parquet(_plain(previous.black_spots[list(_SPOT_COLUMNS)]))
    path = folder / LAYERS_FILE
    try:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, content in parts.items():
                archive.writestr(zipfile.ZipInfo(name, _FIXED_TIME), content, zipfile.ZIP_DEFLATED)
    except OSError as error:
        raise WorkplaceError(
            told("errors", "map_layers_unwritten", path=path, words=error.strerror or error)
        ) from error
    return path


def _context_parts(context: Mapping[str, Surroundings]) -> dict[str, bytes]:
    """Give the files that keep the surroundings of provinces; none where there are none."""
    if not context:
        return {}
    order = sorted(context)
    listed = [{"province": code, "counts": sorted(context[code].counts.items())} for code in order]
    blocks = {f"context/{number}.bin": context[code].content for number, code in enumerate(order)}
    return {"context.json": canonical_json(listed).encode(), **blocks}


def _context(archive: zipfile.ZipFile) -> dict[str, Surroundings]:
    """Read the surroundings of provinces; runs of older programs have none."""
    if "context.json" not in archive.namelist():
        return {}
    return {
        item["province"]: Surroundings(
            archive.read(f"context/{number}.bin"), {int(kind): int(count) for kind, count in item["counts"]}
        )
        for number, item in enumerate(json.loads(archive.read("context.json")))
    }


def stored_period(run_folder: Path) -> str:
    """Give what a run calls its period; empty where it kept no map layers.

    Parameters
    ----------
    run_folder
        A run folder.

    Raises
    ------
    WorkplaceError
        The file is damaged.
    """
    about = _stored(run_folder, "about.json", json.loads, always=True)
    return "" if about is None else str(about.get("period", ""))


def stored_unsure(run_folder: Path) -> pd.DataFrame | None:
    """Give the people of a run who may lack something as well; None where it kept none.

    Parameters
    ----------
    run_folder
        A run folder.

    Raises
    ------
    WorkplaceError
        The file is damaged.
    """
    return _stored(run_folder, "unsure.parquet", _people, always=False)


def _stored(run_folder: Path, name: str, read: Callable[[bytes], _Read], *, always: bool) -> _Read | None:
    """Read one part of the map layers; None without layers, and without the part unless it is always there."""
    path = run_folder / LAYERS_FILE
    if not path.exists():
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            there = always or name in archive.namelist()
            return read(archive.read(name)) if there else None
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise WorkplaceError(told("errors", "map_layers_damaged", path=path, words=error)) from error


def read_map_data(run_folder: Path, outlines: gpd.GeoSeries | None = None) -> MapData:
    """Read everything the pages of a published run need.

    Parameters
    ----------
    run_folder
        A run folder with the tables of communes, provinces and black spots and the file
        :func:`write_map_layers` wrote.
    outlines
        See :func:`blackspot.data.exports.stored.read_communes`.

    Raises
    ------
    WorkplaceError
        A file is missing or damaged.
    """
    path = run_folder / LAYERS_FILE
    try:
        communes = read_communes(run_folder, outlines)
        black_spots = gpd.read_parquet(run_folder / "black_spots.parquet")
        with zipfile.ZipFile(path) as archive:
            return _assembled(archive, communes, read_provinces(run_folder), black_spots)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise WorkplaceError(told("errors", "map_layers", path=run_folder, words=error)) from error


def _assembled(
    archive: zipfile.ZipFile,
    communes: gpd.GeoDataFrame,
    provinces: pd.DataFrame,
    black_spots: gpd.GeoDataFrame,
) -> MapData:
    names = set(archive.namelist())
    coverage = [
        CoverageRows(
            **{name: item[name] for name in _DESCRIPTION},
            **decode_rows(archive.read(f"coverage/{number}.bin"))._asdict(),
            no_data_codes=tuple(item["no_data_codes"]),
        )
        for number, item in enumerate(json.loads(archive.read("coverage.json")))
    ]
    previous = None
    if "previous.json" in names:
        named = json.loads(archive.read("previous.json"))
        previous = PreviousPeriod(
            label=named["label"],
            run=named.get("run", ""),  # runs of older programs do not say
            communes=_people(archive.read("previous_communes.parquet")),
            black_spots=pd.read_parquet(io.BytesIO(archive.read("previous_black_spots.parquet"))),
        )
    if "unsure.parquet" in names:
        communes = _with_unsure(communes, _people(archive.read("unsure.parquet")))
    neighbours = None
    if "neighbours.parquet" in names:
        stored = io.BytesIO(archive.read("neighbours.parquet"))
        neighbours = gpd.read_parquet(stored)  # type: ignore[arg-type]  # takes open files too
    return MapData(
        communes=communes,
        provinces=provinces,
        black_spots=black_spots,
        coverage=tuple(coverage),
        about=json.loads(archive.read("about.json")),
        neighbours=neighbours,
        previous=previous,
        former=pd.read_parquet(io.BytesIO(archive.read("former.parquet")))
        if "former.parquet" in names
        else None,
        context=_context(archive),
    )


def _with_unsure(communes: gpd.GeoDataFrame, unsure: pd.DataFrame) -> gpd.GeoDataFrame:
    ordered = unsure.set_index("code").reindex(communes["code"].to_numpy())
    joined: gpd.GeoDataFrame = communes.assign(
        **{str(name): ordered[name].to_numpy() for name in ordered.columns}
    )
    return joined


def _people(content: bytes) -> pd.DataFrame:
    """Read a stored table of people under the names of today."""
    return pd.read_parquet(io.BytesIO(content)).rename(columns=_OLD_NAMES)


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Take the columns without geometry."""
    return pd.DataFrame(frame.drop(columns="geometry", errors="ignore")).reset_index(drop=True)


def _parquet(frame: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    return buffer.getvalue()
