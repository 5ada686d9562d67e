"""Names of communes before a reform: which table has them, and which columns say what."""

from __future__ import annotations

from pydantic import Field

from .values import FilePath, Model, Name, Text


class FormerColumns(Model):
    """Columns of the table of former names."""

    name: Name = Field(
        default="name",
        description="Name of the former commune, with its type. Where it is empty the district stands in its place: some "
        "had no communes.",
    )
    district: Text = Field(default="", description="Name of its district, optional; tells equal names apart.")
    province: Text = Field(default="", description="Name of its province, optional; as the district.")
    code: Name = Field(
        default="code", description="Code of the commune of today that took ground of it, kept as text."
    )


class FormerSource(Model):
    """Names of communes that a reform did away with; the search of the map leads from them to the communes of today."""

    path: FilePath = Field(
        description="A CSV or XLSX table, one row for each former commune and each commune of today that took ground of it.",
    )
    sheet: Text = Field(default="", description="Sheet of a workbook; empty takes the first one.")
    columns: FormerColumns = Field(default=FormerColumns(), description="Columns of the table.")
