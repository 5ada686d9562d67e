"""A little country of squares, and the list of made files with what to ask of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas
import numpy as np
import rasterio
import shapely
from affine import Affine

if TYPE_CHECKING:
    from pathlib import Path

SEED = 20260701
SIDE = 4  # communes per side of the little country
WEST, SOUTH, STEP = 105.0, 20.8, 0.1


class Writer:
    """Collects the cases while it writes their files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cases: list[dict[str, Any]] = []
        self.random = np.random.default_rng(SEED)

    def case(self, code: str, kind: str, file: str, **options: str) -> None:
        """Say that checking ``file`` as ``kind`` with these options tells ``code``."""
        self.cases.append({"code": code, "ask": "check", "kind": kind, "file": file, "options": options})

    def project(self, code: str, kind: str, file: str, submission: str = "", population: str = "") -> None:
        """Say the same of ``file`` with a project file that has some more lines about it."""
        submitted = file if kind == "coverage" else "5g.gpkg"
        lines = (
            '[communes]\npath = "xa.gpkg"',
            f'[population]\npath = "people.tif"\n{population}',
            f'[[submissions]]\noperator = "Sao Mai"\nservice = "5g"\npath = "{submitted}"\n{submission}',
            '[profile]\nservices = ["5g"]',
        )
        self.case(code, kind, file, project=self.text(f"project{len(self.cases)}.toml", "\n".join(lines)))

    def layer(self, name: str, shapes: Any, crs: Any = 4326, **columns: Any) -> str:
        """Write a GeoPackage or GeoJSON."""
        frame = geopandas.GeoDataFrame({"id": range(len(shapes))}, geometry=list(shapes), crs=crs)
        frame = frame.assign(**columns)
        frame.to_file(self.folder / name)
        return name

    def text(self, name: str, text: str, encoding: str = "utf-8") -> str:
        """Write a text file."""
        (self.folder / name).write_bytes(text.encode(encoding))
        return name

    def table(self, name: str, lines: list[str], header: str = "code,population") -> str:
        """Write a CSV table."""
        return self.text(name, "\n".join([header, *lines]) + "\n")

    def blobs(self, count: int = 6, radius: float = 0.02, lon: float = WEST, lat: float = SOUTH) -> Any:
        """Draw uneven areas, as a propagation model would, inside the little country."""
        angle = np.linspace(0, 2 * np.pi, 61)[:-1]
        shapes = []
        for number in range(count):
            x, y = lon + 0.06 + 0.1 * (number % SIDE), lat + 0.06 + 0.1 * (number // SIDE)
            wobble = 1 + 0.3 * np.sin(3 * angle + number) + 0.1 * np.sin(9 * angle + 2 * number)
            shapes.append(
                shapely.Polygon(
                    np.column_stack(
                        [x + radius * wobble * np.cos(angle), y + radius * wobble * np.sin(angle)]
                    )
                )
            )
        return shapes

    def raster(
        self, name: str, people: Any, west: float = WEST, north: float = 21.2, cell: float = 0.01
    ) -> str:
        """Write people per cell."""
        people = np.asarray(people, np.float32)
        with rasterio.open(
            self.folder / name,
            "w",
            driver="GTiff",
            width=people.shape[1],
            height=people.shape[0],
            count=1,
            dtype="float32",
            crs="EPSG:4326",
            nodata=-99999.0,
            transform=Affine(cell, 0, west, 0, -cell, north),
        ) as file:
            file.write(people, 1)
        return name


NAMES = [
    "Đồng Văn", "Hòa Bình", "Mường Khương", "Bảo Thắng", "Bát Xát", "Sơn La", "Yên Bái", "Quỳnh Nhai",
    "Thuận Châu", "Phù Yên", "Mộc Châu", "Tủa Chùa", "Nậm Pồ", "Điện Biên", "Lạng Sơn", "Cao Lộc",
]  # fmt: skip


def communes() -> geopandas.GeoDataFrame:
    """Sixteen square communes of one province."""
    boxes = [
        shapely.box(WEST + STEP * x, SOUTH + STEP * y, WEST + STEP * (x + 1), SOUTH + STEP * (y + 1))
        for y in range(SIDE)
        for x in range(SIDE)
    ]
    codes = [f"{number + 1:05d}" for number in range(SIDE * SIDE)]
    columns = {"code": codes, "name": NAMES, "province_code": "01", "type": "commune"}
    return geopandas.GeoDataFrame(columns, geometry=boxes, crs=4326)
