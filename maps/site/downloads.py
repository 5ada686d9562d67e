"""The files of a site that people take away: tables as CSV and GeoParquet, layers as vector tiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ...coverage.people.unsure import PREFIX
from ...data.disk.fixed_time import fixed_time
from ...data.exports.csv_file import write_csv
from ...data.exports.geopackage import with_outlines
from ...data.exports.parquet_file import write_parquet
from ...data.exports.published import NOTICE_COLUMN, published
from ...data.text.safe import clean_text
from ...data.text.sentences import told
from ...progress import in_turn, silent
from ..encoding.pixel_outlines import pixel_outlines
from ..words.labels import in_language
from .tiles import Zooms, write_tiles

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ...data.columns.register import Table
    from ...data.project.sections.publish import Publish
    from ...progress import Progress
    from ..pages.map_data import MapData

FOLDER: Final = "data"
COVERAGE: Final = "coverage"
_COVERAGE_ZOOM: Final = 10
"""Pixels of 150 m at the equator."""

_ZOOMS: Final = {"communes": Zooms(4, 9), "black_spots": Zooms(6, 10), COVERAGE: Zooms(4, 9)}
_IN_TILES: Final = {
    "communes": ("code", "name", "province_code", "province_name", "rank", "tier", "covered_share_", "pop_"),
    "black_spots": ("spot_id", "code", "name", "rank", "pop", "missing", "certainty", "place_name"),
    COVERAGE: ("operator", "service", "basis", "vintage"),
}
"""Columns of the tiles, by how their names begin; the tables have all."""
_SECONDS: Final = {"tables": 4.0, "communes": 5.0, "black_spots": 20.0, COVERAGE: 15.0}


def tables_of(data: MapData, outlines: gpd.GeoSeries) -> dict[Table, pd.DataFrame]:
    """Bring the tables of a site into the shape in which its files show them.

    Parameters
    ----------
    data
        What leaves the house of a run.
    outlines
        Of its communes, for looking at; EPSG:4326. Provinces get those of their communes.
    """
    about = data.about
    notice = in_language(about.get("notice", ""), str(about.get("language", "vi")))
    communes = data.communes[[name for name in data.communes if not str(name).startswith(PREFIX)]]
    frames: dict[Table, pd.DataFrame] = {
        "communes": communes.set_geometry(outlines),
        "provinces": data.provinces,
    }
    if "black_spots" not in about.get("withheld", ()):
        frames["black_spots"] = data.black_spots
    made = {
        table: published(frame.drop(columns=NOTICE_COLUMN, errors="ignore"), table, notice)
        for table, frame in frames.items()
    }
    return made | {"provinces": with_outlines(made["provinces"], cast("gpd.GeoDataFrame", made["communes"]))}


def write_downloads(
    folder: Path,
    tables: Mapping[Table, pd.DataFrame],
    data: MapData,
    rules: Publish,
    progress: Progress = None,
) -> tuple[str, ...]:
    """Write the tables and layers of a site.

    Parameters
    ----------
    folder
        An empty folder.
    tables
        As :func:`tables_of` gives them.
    data
        What leaves the house of a run; its coverage, where the rules publish it, becomes a layer of its own.
    rules
        What the project publishes.
    progress
        Called with a fraction from 0 to 1 and the name of the step.

    Returns
    -------
    tuple of str
        Names of the files, in the order in which a page lists them. The same run gives the same bytes.

    Raises
    ------
    WorkplaceError
        Vector tiles are wanted and cannot be written here, or the disk is full or read-only.
    """
    parts = in_turn(progress, _SECONDS)
    names = []
    (parts["tables"] or silent)(0.0, told("progress", "tables", format="CSV, GeoParquet"))
    for table, frame in tables.items():
        write_csv(folder / f"{table}.csv", table, frame)
        write_parquet(folder / f"{table}.parquet", frame)
        names += [f"{table}.csv", f"{table}.parquet"]
    layers = {name: cast("gpd.GeoDataFrame", frame) for name, frame in tables.items() if name != "provinces"}
    if data.coverage:
        grounds = coverage_table(data)
        write_parquet(folder / f"{COVERAGE}.parquet", grounds)
        names.append(f"{COVERAGE}.parquet")
        layers[COVERAGE] = grounds  # type: ignore[index]  # no table of the register
    for name, frame in layers.items() if rules.tiles else ():
        (parts[name] or silent)(0.0, told("progress", "tables", format="PMTiles"))
        shown = [str(column) for column in frame if str(column).startswith(_IN_TILES[name])]
        shown = [*(column for column in shown if column != NOTICE_COLUMN), "geometry"]
        with fixed_time():
            write_tiles(folder / f"{name}.pmtiles", name, frame[shown], _ZOOMS[name])
        names.append(f"{name}.pmtiles")
    (parts[COVERAGE] or silent)(
        1.0, told("progress", "tables", format="PMTiles" if rules.tiles else "GeoParquet")
    )
    return tuple(names)


def coverage_table(data: MapData) -> gpd.GeoDataFrame:
    """Draw the ground that each operator covers with each service.

    Parameters
    ----------
    data
        A run with its coverage.

    Returns
    -------
    GeoDataFrame
        ``operator``, ``service``, ``basis``, ``vintage`` and a MultiPolygon in EPSG:4326, one row for each layer. Its
        edges are those of pixels of about 150 m.
    """
    drawn = [rows.coarser(min(rows.zoom, _COVERAGE_ZOOM)) for rows in data.coverage]
    words = {
        name: [clean_text(getattr(rows, name)) for rows in drawn]
        for name in ("operator", "service", "basis", "vintage")
    }
    shapes = [shapely.multipolygons(pixel_outlines(rows)) for rows in drawn]
    plain = {name: pd.Series(texts, dtype="str") for name, texts in words.items()}
    return gpd.GeoDataFrame(plain, geometry=np.array(shapes, dtype=object), crs="EPSG:4326")
