"""What the tests of vector files share: small layers in every format, and how they were taken."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import geopandas
import pyogrio
import shapely

from blackspot.data.findings.collector import Findings
from blackspot.data.readers.facts import Refused
from blackspot.data.readers.formats import Requirements
from blackspot.data.readers.vector import VectorTable, read_vector

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NAMES = ["Đồng Văn", "Xã Hòa Bình", "Trường Sa"]
ENDINGS = (".gpkg", ".shp", ".zip", ".geojson", ".json", ".geojsonl", ".ndjson", ".fgb", ".parquet")
HOSTILE_NAMES = [
    "Xã ${alert(1)}",
    "</script><script>alert(1)</script>",
    '=HYPERLINK("http://example.invalid")',
    "__proto__",
    "a'b\"c\\d",
]


def three_squares(names: Sequence[str] = NAMES, epsg: int = 4326) -> geopandas.GeoDataFrame:
    """Squares of 0.1 degrees near Hà Nội, one for each name."""
    squares = [shapely.box(105 + i, 21, 105.1 + i, 21.1) for i in range(len(names))]
    data = {"ma": [f"{i:05d}" for i in range(len(names))], "tên": list(names), "dân": range(len(names))}
    return geopandas.GeoDataFrame(data, geometry=squares, crs=4326).to_crs(epsg)


def write_layer(frame: geopandas.GeoDataFrame, path: Path, **options: Any) -> Path:
    ending = path.suffix
    if ending == ".parquet":
        frame.to_parquet(path)
    elif ending == ".zip":
        shapefile = write_layer(frame, path.parent / f"{path.stem}.shp")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(path.parent.glob(f"{path.stem}.*")):
                if part != path:
                    archive.write(part, f"gửi/{part.name}")
                    part.unlink()
        assert not shapefile.exists()
    else:
        driver = {".json": "GeoJSON", ".ndjson": "GeoJSONSeq"}.get(ending)
        if ending == ".shp":
            options.setdefault("encoding", "UTF-8")
        pyogrio.write_dataframe(frame, path, driver=driver, **options)
    return path


DELIVERY_DRIVERS = {".tab": "MapInfo File", ".mif": "MapInfo File", ".gdb": "OpenFileGDB", ".kml": "LIBKML"}


def write_delivery(frame: geopandas.GeoDataFrame, path: Path) -> Path:
    """Write the formats of which operators' tools write one: MapInfo, File Geodatabase, KML, and zips of them.

    A name like ``x_gdb.zip`` says what is in the zip file.
    """
    if path.suffix in {".kmz", ".zip"}:
        inner = "kml" if path.suffix == ".kmz" else path.stem.rpartition("_")[2]
        folder = path.parent / f"{path.stem}-unpacked"
        folder.mkdir()
        write_delivery(frame, folder / f"{'doc' if inner == 'kml' else 'x'}.{inner}")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(folder.rglob("*")):
                archive.write(part, part.relative_to(folder).as_posix())
        return path
    options = {".mif": {"FORMAT": "MIF"}, ".gdb": {"TARGET_ARCGIS_VERSION": "ALL"}}.get(path.suffix, {})
    if path.suffix == ".gdb":  # which has whole numbers of 32 bits only, as most of them are
        frame = frame.astype(dict.fromkeys(frame.select_dtypes("int64").columns, "int32"))
    pyogrio.write_dataframe(frame, path, driver=DELIVERY_DRIVERS[path.suffix], encoding="UTF-8", **options)
    return path


def read_layer(path: Path, **options: Any) -> tuple[VectorTable | None, Findings]:
    findings = Findings(path.parent)
    demands = {name: options.pop(name) for name in ("kinds", "complete", "strict_place") if name in options}
    table = read_vector(path, findings=findings, requirements=Requirements(**demands), **options)
    return None if isinstance(table, Refused) else table, findings


def codes_of(findings: Findings) -> list[str]:
    return [finding.code for finding in findings.items]


def refusal_codes(path: Path, **options: Any) -> list[str]:
    table, findings = read_layer(path, **options)
    assert table is None
    assert findings.errors
    return [finding.code for finding in findings.errors]


def write_geojson(path: Path, *geometries: Any, **members: Any) -> Path:
    features = [{"type": "Feature", "properties": {"i": i}, "geometry": g} for i, g in enumerate(geometries)]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **members}))
    return path


def square_of(x: float = 105, y: float = 21, size: float = 0.1) -> dict[str, Any]:
    ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}
