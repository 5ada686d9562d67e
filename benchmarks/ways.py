"""Ways to count people per commune and layer; each runs in a process of its own.

``python benchmarks/ways.py WAY INPUTS RESULT`` writes people per commune (all, and inside each layer).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import rasterio
import shapely
from inputs import FileRaster, Inputs, crs_of, read_communes, read_layer

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    import pyproj
    from numpy.typing import NDArray

    from blackspot.coverage.burn.spans import Spans

    Counted = tuple[NDArray[np.float64], NDArray[np.float64]] | None  # people (n,), covered (n, layers)


def floor(inputs: Inputs) -> Counted:
    """Read and decode everything, and do nothing with it."""
    for path in (inputs.communes, *inputs.layers.values()):
        geometries, _ = read_layer(path)
        parts = shapely.get_parts(geometries)
        shapely.to_ragged_array(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
    with rasterio.open(inputs.population) as source:
        for row in range(0, source.height, 512):
            source.read(1, window=((row, min(row + 512, source.height)), (0, source.width)))
    return None


def blackspot(inputs: Inputs, threads: int = 1, spacing_m: float = 20.0, *, cells: bool = False) -> Counted:
    """Count with this package's overlay."""
    from blackspot.coverage.burn.grid import Grid  # noqa: PLC0415 - the floor must not import it
    from blackspot.coverage.burn.polygons import burn, burn_communes  # noqa: PLC0415
    from blackspot.coverage.overlay.bands import overlay  # noqa: PLC0415
    from blackspot.coverage.overlay.sources import RasterPeople  # noqa: PLC0415

    frame = read_communes(inputs.communes)
    raster = FileRaster(inputs.population)
    grid = Grid.around(raster, frame.total_bounds.tolist(), spacing_m)
    count = len(frame)

    def one(path: Path) -> Spans:
        geometries, crs = read_layer(path)
        return burn(geometries, crs, grid)

    if threads > 1:
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

        with ThreadPoolExecutor(threads) as pool:
            zones_later = pool.submit(burn_communes, frame, grid)
            layers = list(pool.map(one, inputs.layers.values()))
            zones = zones_later.result()
    else:
        zones = burn_communes(frame, grid)
        del frame
        layers = [one(path) for path in inputs.layers.values()]
    result = overlay(
        RasterPeople(raster, grid),
        grid,
        zones,
        layers,
        n_communes=count,
        edge_cells="share",
        groups=(lambda masks: (masks == 0)[None]) if cells else None,
        threads=threads,
    )
    bits = np.arange(len(layers), dtype=np.uint64)
    has = ((result.masks[:, None] >> bits) & np.uint64(1)).astype(float)
    return result.people.sum(axis=1), result.people @ has


def _valid_layers(inputs: Inputs, crs: pyproj.CRS) -> list[gpd.GeoDataFrame]:
    import geopandas as gpd  # noqa: PLC0415

    layers = []
    for path in inputs.layers.values():
        geometries, layer_crs = read_layer(path)
        series = gpd.GeoSeries(geometries, crs=layer_crs).make_valid().to_crs(crs)
        layers.append(gpd.GeoDataFrame(geometry=series))
    return layers


def _overlaid(frame: gpd.GeoDataFrame, layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Ground of every commune inside a layer, as most people write it: overlay, then dissolve."""
    frame = frame[["geometry"]].reset_index(names="commune")
    pieces = frame.overlay(layer, how="intersection", keep_geom_type=True)
    return pieces.dissolve("commune")


def geopandas_rasterstats(inputs: Inputs) -> Counted:
    """geopandas.overlay and dissolve, then rasterstats (a cell counts if its centre is inside)."""
    import rasterstats  # noqa: PLC0415

    frame = read_communes(inputs.communes)
    frame["geometry"] = frame.geometry.make_valid()

    def sums(shapes: gpd.GeoSeries) -> list[float]:
        stats = rasterstats.zonal_stats(shapes, str(inputs.population), stats=["sum"])
        return [float(one["sum"] or 0) for one in stats]

    covered = np.zeros((len(frame), len(inputs.layers)))
    for column, layer in enumerate(_valid_layers(inputs, crs_of(frame))):
        inside = _overlaid(frame, layer)
        covered[inside.index, column] = sums(inside.geometry)
    return np.array(sums(frame.geometry)), covered


def geopandas_exactextract(inputs: Inputs) -> Counted:
    """geopandas.overlay and dissolve, then exactextract (exact shares of cells)."""
    import exactextract  # noqa: PLC0415

    frame = read_communes(inputs.communes)
    frame["geometry"] = shapely.remove_repeated_points(frame.geometry.make_valid().to_numpy())

    def sums(shapes: gpd.GeoDataFrame) -> NDArray[np.float64]:
        polygons = shapes[["geometry"]].explode().reset_index(names="commune")
        polygons = polygons[polygons.geom_type == "Polygon"].dissolve("commune").reset_index()
        result = exactextract.exact_extract(
            str(inputs.population), polygons, ["sum"], include_cols=["commune"], output="pandas"
        )
        total = np.zeros(len(frame))
        total[result["commune"]] = np.nan_to_num(result["sum"].to_numpy(dtype=float))
        return total

    covered = [sums(_overlaid(frame, layer)) for layer in _valid_layers(inputs, crs_of(frame))]
    return sums(frame), np.column_stack(covered)


def rasterized(inputs: Inputs, factor: int = 1) -> Counted:
    """rasterio.features.rasterize on the grid (or a finer one) in windows, and bincount."""
    import geopandas as gpd  # noqa: PLC0415
    from affine import Affine  # noqa: PLC0415
    from rasterio.features import rasterize  # noqa: PLC0415

    frame = read_communes(inputs.communes)
    raster = FileRaster(inputs.population)
    layers = []
    for path in inputs.layers.values():
        geometries, crs = read_layer(path)
        layers.append(gpd.GeoSeries(geometries, crs=crs).to_crs(crs_of(frame)).to_numpy())
    layers = [frame.geometry.to_numpy(), *(shapely.get_parts(layer) for layer in layers)]
    trees = [shapely.STRtree(layer) for layer in layers]
    count = len(frame)
    people, covered = np.zeros(count + 1), np.zeros((count + 1, len(layers) - 1))
    size = 2048 // factor
    step = Affine.scale(1 / factor, 1 / factor)
    for row in range(0, raster.height, size):
        for col in range(0, raster.width, size):
            rows, cols = min(size, raster.height - row), min(size, raster.width - col)
            corner = raster.transform @ Affine.translation(col, row)
            box = shapely.box(corner.c, corner.f + rows * corner.e, corner.c + cols * corner.a, corner.f)
            near = [tree.query(box) for tree in trees]
            if not len(near[0]):
                continue
            here = np.nan_to_num(raster.read(row, rows, col, cols)) / factor**2
            here = here.repeat(factor, axis=0).repeat(factor, axis=1).ravel()
            shape = (rows * factor, cols * factor)
            transform = corner @ step
            zones = ((layers[0][index], index + 1) for index in near[0])
            zone = rasterize(zones, shape, transform=transform, dtype=np.int32).ravel()
            people += np.bincount(zone, weights=here, minlength=count + 1)
            for column, (layer, index) in enumerate(zip(layers[1:], near[1:], strict=True)):
                if len(index):
                    burned = ((shapes, 1) for shapes in layer[index])
                    inside = rasterize(burned, shape, transform=transform, dtype=np.uint8).ravel()
                    covered[:, column] += np.bincount(zone, weights=here * inside, minlength=count + 1)
    return people[1:], covered[1:]


def sedona_points(inputs: Inputs) -> Counted:
    """Sedona's single-node database: the centre of every inhabited cell as a point, joined with communes and layers."""
    import geopandas as gpd  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415
    import sedona.db  # noqa: PLC0415 - only where it is installed

    database = sedona.db.connect()
    frame = read_communes(inputs.communes)
    crs, count = crs_of(frame), len(frame)
    database.create_data_frame(frame[["geometry"]].reset_index(names="commune")).to_view("communes")
    for number, path in enumerate(inputs.layers.values()):
        geometries, layer_crs = read_layer(path)
        shapes = gpd.GeoSeries(geometries, crs=layer_crs).make_valid().to_crs(crs)
        database.create_data_frame(gpd.GeoDataFrame(geometry=shapes)).to_view(f"layer_{number}")
    total, covered = np.zeros(count), np.zeros((count, len(inputs.layers)))
    raster = FileRaster(inputs.population)
    for row in range(0, raster.height, 512):
        here = np.nan_to_num(raster.read(row, min(512, raster.height - row), 0, raster.width))
        at_row, at_col = np.nonzero(here > 0)
        if not len(at_row):
            continue
        affine = raster.transform  # north-up
        lon, lat = affine.c + (at_col + 0.5) * affine.a, affine.f + (at_row + row + 0.5) * affine.e
        people = here[at_row, at_col]
        table = pa.table({"cell": np.arange(len(people)), "lon": lon, "lat": lat})
        database.create_data_frame(table).to_view("places", overwrite=True)
        points = (
            f"select cell, st_setsrid(st_point(lon, lat), {int(crs.to_epsg() or 0)}) as geometry from places"  # noqa: S608 - a number
        )
        database.sql(points).to_view("cells", overwrite=True)
        inside = (
            "select distinct c.cell, {what} from cells c join {of} k on st_intersects(c.geometry, k.geometry)"
        )
        home = database.sql(inside.format(what="k.commune", of="communes")).to_pandas()
        cell, commune = home["cell"].to_numpy(), home["commune"].to_numpy()
        total += np.bincount(commune, weights=people[cell], minlength=count)
        for number in range(len(inputs.layers)):
            found = database.sql(inside.format(what="1 as one", of=f"layer_{number}")).to_pandas()
            is_covered = np.zeros(len(people), dtype=bool)
            is_covered[found["cell"].to_numpy()] = True
            covered[:, number] += np.bincount(
                commune, weights=people[cell] * is_covered[cell], minlength=count
            )
    return total, covered


WAYS: dict[str, Callable[[Inputs], Counted]] = {
    "floor": floor,
    "blackspot": blackspot,
    "blackspot, 2 threads": lambda inputs: blackspot(inputs, threads=2),
    "blackspot, cells kept": lambda inputs: blackspot(inputs, cells=True),
    "blackspot, audit (6 m)": lambda inputs: blackspot(inputs, spacing_m=6.0),
    "rasterize + bincount": rasterized,
    "rasterize 3x3 + bincount": lambda inputs: rasterized(inputs, factor=3),
    "geopandas.overlay + rasterstats": geopandas_rasterstats,
    "geopandas.overlay + exactextract": geopandas_exactextract,
    "sedonadb, centres of cells": sedona_points,
}


def main() -> None:
    """Run one way and write what it counted and its peak memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("inputs", type=Path)
    parser.add_argument("result", type=Path)
    options = parser.parse_args()
    counted = WAYS[options.way](Inputs.of(options.inputs))
    if counted is None:
        np.savez(options.result, peak_mib=_peak_mib())
    else:
        np.savez(options.result, peak_mib=_peak_mib(), people=counted[0], covered=counted[1])


def _peak_mib() -> float:
    """Largest resident size of this process; what wait reports counts the parent's before exec."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
