"""The face for Python: a run of a project file, and one overlay of frames that needs none."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..coverage.burn.grid import SUBLINE_SPACING_M, Grid, lonlat_bounds
from ..coverage.burn.polygons import burn, burn_communes
from ..coverage.burn.spans import CELL_UNITS
from ..coverage.change.common_ground import common_ground
from ..coverage.change.crosswalk import crosswalk as weights_between
from ..coverage.change.matching import OUTSIDE
from ..coverage.overlay.bands import overlay as count_overlay
from ..coverage.overlay.sources import ArrayRaster, RasterPeople
from ..coverage.people.assembly import Layers
from ..coverage.people.counted_ground import counted_ground
from ..coverage.people.headcount import count_on_ground
from ..coverage.people.layers import LayerTable
from ..data.findings.collector import Findings
from ..data.geodesy.crs import to_lonlat
from ..data.geodesy.places import Bounds
from ..errors import ArgumentError, InputError
from .arguments import Polygons, checked_crs, communes_of, layers_of, raster_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ..coverage.burn.grid import Raster
    from ..coverage.overlay.totals import Overlay
    from ..maps.summary.report import RunReport
    from .arguments import People

_FINEST_M, _COARSEST_M = 1.0, 100.0  # as the project file allows
_LARGEST = 1 << 31  # places along rows, and lines, are kept in 32 bits


def run(
    project: str | Path,
    *,
    overrides: Sequence[str] = (),
    accept: Sequence[str] = (),
    pages: Literal["all", "national", "provinces", "none"] | None = None,
) -> RunReport:
    """Carry out a project file: read, check, count, rank, write and publish, as ``blackspot run`` does.

    Parameters
    ----------
    project
        The project file, ``blackspot.toml``; paths inside it start at its folder.
    overrides
        Texts ``KEY=VALUE`` that replace single keys of the file, such as ``profile.min_people=100``.
    accept
        Codes of questions that are accepted, besides those the file accepts.
    pages
        Map pages to write; None writes those the file names.

    Returns
    -------
    RunReport
        What was published, where, and its figures. ``communes`` and ``provinces`` are the tables of the
        outputs reference without geometry; ``nothing_new`` is true where the inputs are those of a run
        that was published before, which is then reported again; ``latest_again`` where others were in force between.
        ``pending`` says why a run waits for approval instead of being published, ``gates`` which gates of the file it
        does not pass.

    Raises
    ------
    ProjectError
        The project file or an override is wrong (a ValueError); ``problems`` lists every mistake.
    InputError
        Inputs were refused and nothing was published (a ValueError); ``findings`` lists why.
    BusyError
        Another run holds the output folder (a RuntimeError).
    WorkplaceError
        Disk, rights, memory or time do not suffice (an OSError).
    """
    from .run import run as run_project  # noqa: PLC0415 - loads the maps, which an overlay does not need

    return run_project(Path(project), overrides=overrides, accept=accept, pages=pages)


def overlay(
    communes: gpd.GeoDataFrame,
    people: People,
    layers: Mapping[str, gpd.GeoDataFrame],
    *,
    edge_cells: Literal["land", "share"] = "land",
    subline_spacing_m: float = SUBLINE_SPACING_M,
) -> pd.DataFrame:
    """Count for every commune its people, and those under each layer, under any and under all of them.

    Everything is counted on the cells of ``people``, in the CRS of that raster; communes and layers may be
    in any other CRS, each in its own. Outlines that cross themselves or each other
    count as in a run: the ground inside the outer ring, whichever way and however often it is drawn, less the
    holes inside it. The overlapping polygons of a layer count once. Inside a cell people are spread evenly.

    Parameters
    ----------
    communes
        One row per commune: polygons or multipolygons, with a CRS and an index without duplicates. Ground
        that several rows claim is counted once, for the first of them.
    people
        People per cell, not per km². Either the path of a GeoTIFF of one band with a CRS, whose own nodata
        value or mask says where there is no data; or ``(array, transform, crs)``: numbers of shape (rows,
        columns) with the northernmost row first, NaN or masked where there is no data; the north-up
        ``affine.Affine`` from (column, row) of cell corners to coordinates; and a CRS, or what pyproj makes
        one of. 0 means that nobody lives there.
    layers
        Polygons by the name of the layer, at most 64: ground that is covered. Rows without a geometry cover
        nothing. What lies under no polygon counts as not covered; there is no third state here, unlike in a
        run, where a submission has an extent.
    edge_cells
        Whose people are those of a cell that lies partly outside every commune, as at the coast: ``land``
        gives all of them to the communes inside the cell, in proportion to their parts (with two limits, see the
        method); ``share`` gives each commune its share of the whole cell and leaves the rest outside, as zonal
        statistics do.
    subline_spacing_m
        Metres between the lines along which polygons are measured, from 1 to 100.

    Returns
    -------
    DataFrame
        With the index of ``communes``, float64 people, never rounded: ``pop_total``;
        ``pop_covered_<name>`` for every layer, in the order given; ``pop_covered_any`` under at least one
        layer; ``pop_covered_all`` under every layer. All are NaN for a commune without any cell with data:
        its people are not known. Its ``attrs`` hold ``people_raster``, all people of the raster,
        ``people_outside``, those in no commune (``pop_total`` and they add up to the former), and
        ``contested_km2``, ground on the ellipsoid that several communes claim.

    Raises
    ------
    ArgumentError
        Frames, an array or options cannot be used (a ValueError): no CRS, no rows, geometries that are no
        polygons, duplicate labels, communes beside the raster. ``problems`` lists everything found.
    InputError
        The raster file is refused, or numbers cannot be coordinates of their CRS (a ValueError);
        ``findings`` lists why, in the words of ``blackspot check``.

    Warns
    -----
    UserWarning
        What a check only warns of, such as an inexact shift between two datums.
    """
    ground, raster, covers = _taken(communes, people, layers, edge_cells, subline_spacing_m)
    grid = _grid(ground, raster, subline_spacing_m)
    zones = burn_communes(gpd.GeoDataFrame(geometry=ground.geometries, crs=ground.crs), grid)
    cells = RasterPeople(raster, grid)
    counted_on = counted_ground((ground.geometries, ground.crs), zones, cells, edge_cells)
    outlines = [(cover.geometries, cover.crs) for cover in covers.values()]
    spans = [burn(*each, grid) for each in outlines]
    cut = Layers(LayerTable(()), spans, [counted_on.fine.edges(each) for each in outlines])
    counted = count_on_ground(cells, counted_on, edge_cells, cut)
    table = _table(counted, list(covers), communes.index)
    table.attrs = {
        "people_raster": counted.people_raster,
        "people_outside": counted.people_outside,
        "contested_km2": zones.contested_km2,
    }
    return table


def crosswalk(
    old: gpd.GeoDataFrame,
    new: gpd.GeoDataFrame,
    people: People,
    *,
    subline_spacing_m: float = SUBLINE_SPACING_M,
) -> pd.DataFrame:
    """Say which part of each older commune's people lives in which newer one.

    With it a table of older communes, of which no cells are left, is carried over to newer ones: every figure times
    ``share``, added up by ``new``. Whole communes that were merged are exact; what comes from a commune that was divided
    is an estimate.

    Parameters
    ----------
    old
        One row per older commune: polygons or multipolygons, with a CRS and an index of codes without duplicates.
    new
        The same of the newer ones.
    people
        People per cell, as :func:`overlay` takes them.
    subline_spacing_m
        Metres between the lines along which polygons are measured, from 1 to 100.

    Returns
    -------
    DataFrame
        One row for each older and newer commune with ground in common, sorted: ``old`` and ``new``, the labels of their
        rows; ``people``, float64, on that ground, a cell's people spread evenly over it; ``share`` of the older
        commune's people, 1 in all for each; ``crosses_split``, whether the older commune was divided. Where less than a
        twentieth of its people lie elsewhere it was not: that is a border drawn again, and all of it goes where most of
        it lies. ``new`` is missing where no newer commune lies. An older commune in which nobody lives is divided
        evenly among those it lies in.

    Raises
    ------
    ArgumentError, InputError
        As by :func:`overlay`; the older communes are called ``layers['old']``.
    """
    ground, raster, covers = _taken(new, people, {"old": old}, "share", subline_spacing_m)
    if not old.index.is_unique:
        raise ArgumentError(["old has labels in its index that stand more than once; set an index of codes"])
    older = covers["old"]
    grid = _grid(ground, raster, subline_spacing_m)
    spans = [
        burn_communes(gpd.GeoDataFrame(geometry=one.geometries, crs=one.crs), grid) for one in (older, ground)
    ]
    common = common_ground(*spans)
    counted = count_overlay(
        RasterPeople(raster, grid),
        grid,
        common.spans,
        [],
        n_communes=len(common.old),
        edge_cells="share",
        groups=None,
    )
    missing = np.setdiff1d(np.arange(len(old)), common.old)  # on no line at all, or beyond the grid
    labels = np.append(np.arange(len(new)), OUTSIDE)
    table = weights_between(
        np.concatenate([common.old, missing]),
        labels[np.concatenate([common.new, np.full(len(missing), OUTSIDE)])],
        np.concatenate([counted.people.sum(axis=1), np.zeros(len(missing))]),
    )
    names = pd.Index([*new.index, None], dtype=object)
    return table.assign(
        old=old.index.to_numpy(object)[table["old"]], new=names.to_numpy(object)[table["new"].to_numpy(int)]
    )


def _taken(
    communes: gpd.GeoDataFrame,
    people: People,
    layers: Mapping[str, gpd.GeoDataFrame],
    edge_cells: str,
    subline_spacing_m: float,
) -> tuple[Polygons, Raster, dict[str, Polygons]]:
    """Take over what was handed in, or tell everything that is wrong with it."""
    problems: list[str] = []
    findings = Findings()
    ground, covers = communes_of(communes, problems), layers_of(layers, problems)
    if edge_cells not in {"land", "share"}:
        problems.append(f"edge_cells is {edge_cells!r}; write 'land' or 'share'")
    if not _FINEST_M <= subline_spacing_m <= _COARSEST_M:
        problems.append(
            f"subline_spacing_m is {subline_spacing_m}; take {_FINEST_M:g} to {_COARSEST_M:g} metres"
        )
    raster = raster_of(people, problems, findings)
    if problems or ground is None:
        raise ArgumentError(problems)
    if raster is None:
        raise InputError(findings.errors)
    ground, raster = _settled("communes", ground, findings), _settled_raster(raster, findings)
    covers = {name: _settled(f"layers[{name!r}]", cover, findings) for name, cover in covers.items()}
    findings.raise_if_errors()
    for finding in findings.items:
        if finding.severity == "warning":
            warnings.warn(finding.sentence(), stacklevel=3)
    return ground, raster, covers


def _settled(name: str, polygons: Polygons, findings: Findings) -> Polygons:
    """Give polygons the system that every library carries alike."""
    return replace(polygons, crs=checked_crs(name, polygons.crs, polygons.bounds(), findings))


def _settled_raster(raster: Raster, findings: Findings) -> Raster:
    """Do the same for an array; a file has been looked at by its reader."""
    if not isinstance(raster, ArrayRaster):
        return raster
    transform = raster.transform
    right = transform.c + raster.width * transform.a
    bottom = transform.f + raster.height * transform.e
    bounds = np.array([[transform.c, bottom, right, transform.f]])
    return replace(raster, crs=checked_crs("people", raster.crs, bounds, findings))


def _grid(ground: Polygons, raster: Raster, subline_spacing_m: float) -> Grid:
    """Cover raster and communes with the raster's cells, where they lie together on the earth."""
    box = Bounds(*shapely.total_bounds(to_lonlat(ground.geometries, ground.crs)).tolist())
    cells = lonlat_bounds(raster)
    together = box.west < cells.east and cells.west < box.east
    if not (together and box.south < cells.north and cells.south < box.north):
        places = (
            f"{part.west:.2f} to {part.east:.2f}° E, {part.south:.2f} to {part.north:.2f}° N"
            for part in (box, cells)
        )
        raise ArgumentError(["communes ({}) and people ({}) lie apart; check their CRS".format(*places)])
    try:
        grid = Grid.around(raster, box, subline_spacing_m)
    except ValueError as error:
        raise ArgumentError([str(error)]) from error
    if grid.width * CELL_UNITS >= _LARGEST or grid.lines >= _LARGEST:
        raise ArgumentError(
            [f"people and communes span {grid.width} by {grid.height} cells, which is too many; cut them"]
        )
    return grid


def _table(counted: Overlay, names: Sequence[str], index: pd.Index) -> pd.DataFrame:
    """Add up the people of every combination of layers."""
    by_mask = np.ascontiguousarray(counted.people.T)

    def sum_of(selected: NDArray[np.bool_]) -> NDArray[np.float64]:
        # one fixed order of additions: more layers can then never give fewer people
        total = np.zeros(len(index))
        for column in np.flatnonzero(selected):
            total += by_mask[column]
        total[~counted.has_population] = np.nan
        return total

    bits = [(counted.masks >> np.uint64(bit)) & np.uint64(1) == 1 for bit in range(len(names))]
    columns = {"pop_total": sum_of(np.ones(len(counted.masks), dtype=bool))}
    columns |= {f"pop_covered_{name}": sum_of(covered) for name, covered in zip(names, bits, strict=True)}
    columns["pop_covered_any"] = sum_of(np.logical_or.reduce(bits))
    columns["pop_covered_all"] = sum_of(np.logical_and.reduce(bits))
    return pd.DataFrame(columns, index=index)
