"""Where people live, in the project file: rasters, official totals, and decisions about single communes."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from ..text.sentences import told
from .sections.values import (
    CRS_NOTE,
    FilePath,
    FilePaths,
    Model,
    Name,
    Text,
    VectorSource,
    Vintage,
)

_GEOTIFF = (".tif", ".tiff")


class TotalsColumns(Model):
    """Columns of the table of official totals."""

    code: Name = Field(default="code", description="Code of the commune.")
    population: Name = Field(default="population", description="People of the commune.")


class TotalsSource(Model):
    """Official people per commune, to compare with the grid or to calibrate it."""

    path: FilePath = Field(description="A CSV or XLSX table.")
    sheet: Text = Field(default="", description="Sheet of an XLSX file; empty takes its first.")
    columns: TotalsColumns = Field(default=TotalsColumns(), description="Columns of the table.")
    vintage: Vintage = Field(default="", description="Date or year the figures speak of.")
    source: Text = Field(default="", description="Who published the figures; printed on the outputs.")


class OverrideColumns(Model):
    """Columns of the table of decisions; each row states a basis or a number, a reason and a date."""

    code: Name = Field(default="code", description="Code of the commune.")
    basis: Name = Field(default="basis", description="raster or official: that figure counts; else empty.")
    population: Name = Field(
        default="population", description="People of the commune, where neither figure is right."
    )
    reason: Name = Field(default="reason", description="Why it was decided so.")
    date: Name = Field(default="date", description="When, as 2026-10-31.")


class OverridesSource(Model):
    """Decisions about the people of single communes; each states its reason and its date."""

    path: FilePath = Field(description="A CSV or XLSX table.")
    sheet: Text = Field(default="", description="Sheet of an XLSX file; empty takes its first.")
    columns: OverrideColumns = Field(default=OverrideColumns(), description="Columns of the table.")


class RasterSource(Model):
    """A raster of people or of people per square kilometre."""

    path: FilePaths = Field(
        description="A GeoTIFF; or its tiles, as a list or as a folder that holds nothing else with their ending. Tiles "
        "are of one grid; where they overlap they say the same.",
    )
    kind: Literal["count", "density"] = Field(
        default="count",
        description="count: people per cell; density: people per km².",
    )
    nodata: float | None = Field(
        default=None, description="Value that means no data, where the file does not say."
    )
    crs: Text = Field(default="", description=CRS_NOTE)
    vintage: Vintage = Field(default="", description="Date or year the raster speaks of.")
    source: Text = Field(default="", description="Who published the raster; printed on the outputs.")

    @property
    def named(self) -> Path:
        """What findings about the whole raster are told of: the file, the folder, or the first tile of a list."""
        return self.path if isinstance(self.path, Path) else self.path[0]

    @property
    def files(self) -> tuple[Path, ...]:
        """The file, or its tiles: of a folder all GeoTIFF files by name; the folder itself where it has none."""
        if not isinstance(self.path, Path):
            return self.path
        if not self.path.is_dir():
            return (self.path,)
        members = sorted(self.path.iterdir())
        tiles = [one for one in members if one.suffix.lower() in _GEOTIFF and not one.name.startswith(".")]
        return tuple(tiles) or (self.path,)


class PopulationSource(RasterSource):
    """Where people live: a raster, and what is known besides it."""

    edge_cells: Literal["land", "share"] = Field(
        default="land",
        description="People of a cell cut by the coast or the border: land spreads them over the land in the "
        "cell, share over the whole cell.",
    )
    land: VectorSource | None = Field(
        default=None,
        description="Land besides the communes, such as neighbouring provinces; polygons, optional. With "
        'edge_cells = "land" it shares the people of cells cut by a border. Left out, map.neighbours counts, as '
        "far as it is another country and the raster counts people on it.",
    )
    subline_spacing_m: float = Field(
        default=20.0,
        ge=1.0,
        le=100.0,
        description="Metres between the lines along which areas are measured. docs/performance.md says how "
        "accurate which distance is; 6 suits an audit, for two to three times the computing.",
    )
    totals: TotalsSource | None = Field(default=None, description="Official people per commune, optional.")
    calibrate: Literal["auto", "none", "communes"] = Field(
        default="auto",
        description="communes: scale the cells of every commune to its official total; where the raster has "
        "nobody, spread the total evenly over its area. none: the raster's own figures. auto: communes where there "
        "are official totals.",
    )
    overrides: OverridesSource | None = Field(
        default=None, description="Decisions about single communes, optional; they win."
    )
    alternatives: tuple[RasterSource, ...] = Field(
        default=(),
        description="Further rasters of people; how far their figures lie apart is told per commune.",
    )

    @field_validator("calibrate")
    @classmethod
    def _needs_totals(cls, value: str, info: ValidationInfo) -> str:
        if value == "communes" and "totals" in info.data and info.data["totals"] is None:
            msg = told("project", "wrong.no_totals")
            raise ValueError(msg)
        return value

    @property
    def is_calibrated(self) -> bool:
        """Official figures count wherever there is one."""
        return self.totals is not None and self.calibrate != "none"
