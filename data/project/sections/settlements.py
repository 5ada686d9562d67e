"""Villages, villages that were reported as uncovered, and facilities: where they are, and which columns say what."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .values import CRS_NOTE, LAYER_NOTE, FilePath, Model, Name, Text


class VillageColumns(Model):
    """Columns of the file of villages."""

    name: Name = Field(default="name", description="Name of the village.")
    code: Text = Field(
        default="", description="Code of its commune, kept as text; empty takes the commune it lies in."
    )
    has_grid_power: Text = Field(
        default="",
        description="Whether it has power from the grid: yes or no, có or không, 1 or 0. Empty where there is no such column.",
    )
    is_extremely_difficult: Text = Field(
        default="",
        description="Whether it is a village of extreme difficulty (thôn đặc biệt khó khăn), as above.",
    )
    households: Text = Field(default="", description="Number of its households, optional.")


class ReportedColumns(Model):
    """Columns of the list of reported villages."""

    name: Name = Field(default="name", description="Name of the village.")
    code: Name = Field(default="code", description="Code of its commune, kept as text.")


class ReportedVillages(Model):
    """A list of villages that were reported as having no signal."""

    path: FilePath = Field(description="A CSV or XLSX table.")
    sheet: Text = Field(default="", description="Sheet of a workbook; empty takes the first one.")
    columns: ReportedColumns = Field(default=ReportedColumns(), description="Columns of the list.")
    source: Text = Field(default="", description="Who reported them and when, printed on outputs.")


class VillagesSource(Model):
    """The villages (thôn, bản, tổ dân phố), as points of their centres or as polygons."""

    path: FilePath = Field(description="A vector file of points or polygons.")
    layer: Text = Field(default="", description=LAYER_NOTE)
    crs: Text = Field(default="", description=CRS_NOTE)
    columns: VillageColumns = Field(default=VillageColumns(), description="Columns of the file.")
    radius_m: Annotated[float, Field(ge=0, le=20_000, allow_inf_nan=False)] = Field(
        default=0.0,
        description="Of points: how far around its centre a village lies, in metres, to find villages that are covered in "
        "part. 0 assumes nothing: then the centre alone decides. Polygons need none.",
    )
    reported: ReportedVillages | None = Field(
        default=None, description="A list of villages reported as uncovered, optional; compared one by one."
    )


class FacilitiesSource(Model):
    """Schools, clinics, border posts or offices of communes: points that should be covered."""

    kind: Name = Field(description="What they are, such as school; printed on outputs.")
    path: FilePath = Field(description="A vector file of points or polygons.")
    layer: Text = Field(default="", description=LAYER_NOTE)
    crs: Text = Field(default="", description=CRS_NOTE)
    name: Name = Field(default="name", description="Column that holds the names.")
