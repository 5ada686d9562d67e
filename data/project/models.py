"""The project file as frozen models: every key, its default, its unit and what it means.

The descriptions below are the reference: ``docs/project-file.md`` and the JSON schema are generated from
them. Field validators look only at fields that stand above them, so that one wrong key never hides
another mistake.
"""

from __future__ import annotations

import hashlib
import json
import os
import unicodedata
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PrivateAttr, ValidationInfo, field_validator, model_validator

from ..text.sentences import told
from ..text.slug import slug
from .countries.pack import USUAL
from .limits import CheckRules
from .population import PopulationSource  # noqa: TC001 - pydantic looks it up
from .profile import PlacesSource, Profile, SettingRules
from .sections.former import FormerSource  # noqa: TC001 - pydantic looks it up
from .sections.map_options import MapOptions
from .sections.publish import Publish
from .sections.settlements import FacilitiesSource, VillagesSource  # noqa: TC001 - pydantic looks it up
from .sections.unattended import HookCommand, InboxSource  # noqa: TC001 - pydantic looks them up
from .sections.upkeep import Approval, GateText, Retention
from .sections.values import (
    CRS_NOTE,
    LAYER_NOTE,
    Basis,
    CodeWidth,
    CommuneType,
    Day,
    FilePath,
    Finite,
    Model,
    Name,
    Service,
    Tables,
    Text,
    Words,
)
from .sections.where import WhereFilter  # noqa: TC001 - pydantic looks it up


class ProjectInfo(Model):
    """What the project is called and where its runs are kept."""

    country: Text = Field(
        default=USUAL,
        description="Country pack, whose defaults fill keys that are left out and whose facts serve checks: vn (Viet "
        "Nam), other (any country; codes of any length), or the path of a TOML file like theirs.",
    )
    title: Words = Field(default=Words(), description="Title of maps and tables.")
    notice: Words = Field(
        default=Words(),
        description="Warning printed on every output, such as SAMPLE DATA; empty prints nothing.",
    )
    out: FilePath = Field(default=Path("out"), description="Folder that keeps the runs.")
    refused_submissions: Literal["last_good", "no_data", "stop"] = Field(
        default="last_good",
        description="What a submission with an error leads to. last_good: the last version with which a run "
        "was published is used instead, and every output says so; without one its operator has no data there. "
        "no_data: no data at once. Both end with exit code 3. stop: nothing is published (exit code 4).",
    )
    tables: Tables | None = Field(
        default=None,
        description="Files of tables that a run writes. all: GeoParquet, CSV, GeoPackage and workbook. parquet: GeoParquet "
        "alone of communes, provinces and black spots, with the same numbers in a fifth of the room. Without it: all, and "
        "parquet for a variant without pages.",
    )
    isolation: Literal["any", "full"] = Field(
        default="any",
        description="How far the readers of files must be kept apart by the kernel, see blackspot doctor. any: what this "
        "machine offers, and the screen tells where that is not all. full: a machine that offers less reads nothing "
        "(exit code 5).",
    )
    fail_on: tuple[GateText, ...] = Field(
        default=(),
        description="Gates: a run that does not pass one is published all the same and ends with exit code 8. refused: a "
        "submission is not used as handed in; warnings: the checks warned; or a figure of the country with >, >=, < or <= "
        "and a number, such as pop_uncovered_5g > 1000000, or pop_lost_5g > 1000 for people who lost the service since "
        "the run before (pop_lost_profile: who fail the profile and did not).",
    )


class CommuneColumns(Model):
    """Columns of the commune file."""

    code: Name = Field(default="code", description="Code of the commune, kept as text.")
    name: Name = Field(default="name", description="Name of the commune.")
    province_code: Text = Field(
        default="province_code",
        description="Code of its province, kept as text; empty where the country has no provinces.",
    )
    province_name: Text = Field(default="", description="Name of its province; empty where there is none.")
    type: Text = Field(default="type", description="Legal type; empty where there is none.")
    area_km2: Text = Field(
        default="",
        description="Official area in km²; a second witness beside the area on the map. Empty where there is none.",
    )


class CommunesSource(Model):
    """The communes: one polygon or multipolygon each, the units that are ranked."""

    path: FilePath = Field(
        description="A .gpkg, .shp, .zip, .geojson, .geojsonl, .fgb or .parquet file, "
        "or a folder of GeoJSON files with one commune each.",
    )
    layer: Text = Field(default="", description=LAYER_NOTE)
    crs: Text = Field(default="", description=CRS_NOTE)
    columns: CommuneColumns = Field(default=CommuneColumns(), description="Columns of the file.")
    where: WhereFilter | None = Field(
        default=None,
        description="Keep only some features, optional: what is no commune, such as lakes, goes.",
    )
    country_name: Text = Field(
        default="",
        description="Name of the country where it has no provinces; it then stands as the only one.",
    )
    code_width: CodeWidth = Field(
        default=5,
        description="Characters of a commune's code: 5 in Viet Nam, 8 in Germany (AGS), 6 in Peru (UBIGEO). 0: codes "
        "of any length, as they stand (GADM, P-codes); none gets zeros back that a spreadsheet took.",
    )
    province_code_width: CodeWidth = Field(
        default=2, description="Characters of a province's code; 0: any length, as for code_width."
    )
    types: dict[str, CommuneType] = Field(
        default={},
        description="Value of the type column = commune, ward or special_zone. "
        "The English words and xã, phường, đặc khu are known already.",
    )
    former: FormerSource | None = Field(default=None, description="Names from before a reform, optional.")


class ProvinceColumns(Model):
    """Columns of the province file."""

    code: Name = Field(default="code", description="Code of the province, kept as text.")
    name: Name = Field(default="name", description="Name of the province.")


class ProvincesSource(Model):
    """Names of the provinces; communes belong to them by code, never by geometry."""

    path: FilePath = Field(description="A vector file, or a CSV or XLSX table.")
    layer: Text = Field(default="", description="Layer or sheet of the file; empty takes its only one.")
    columns: ProvinceColumns = Field(default=ProvinceColumns(), description="Columns of the file.")


class ExtentSource(Model):
    """The area a submission speaks for; outside it the state is no data. Give exactly one kind."""

    provinces: tuple[Name, ...] = Field(default=(), description="Only these province codes.")
    except_provinces: tuple[Name, ...] = Field(default=(), description="All but these province codes.")
    path: FilePath | None = Field(default=None, description="A file of polygons.")
    layer: Text = Field(default="", description=LAYER_NOTE)

    @field_validator("except_provinces")
    @classmethod
    def _not_both_lists(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if value and info.data.get("provinces"):
            msg = told("project", "wrong.both_lists")
            raise ValueError(msg)
        return value

    @field_validator("path")
    @classmethod
    def _exactly_one(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        lists_known = "provinces" in info.data and "except_provinces" in info.data
        has_list = bool(info.data.get("provinces") or info.data.get("except_provinces"))
        if value is not None and has_list:
            msg = told("project", "wrong.list_or_path")
            raise ValueError(msg)
        if value is None and lists_known and not has_list:
            msg = told("project", "wrong.empty_extent")
            raise ValueError(msg)
        return value


class CoverageColumns(Model):
    """Which columns of a CSV file say where its rows lie; without this table they are found by their names."""

    wkt: Text = Field(default="", description="Geometry as well-known text (WKT).")
    lon: Text = Field(default="", description="Longitude in degrees on WGS 84, or x in the system of crs.")
    lat: Text = Field(default="", description="Latitude in degrees on WGS 84, or y in the system of crs.")
    h3: Text = Field(default="", description="Index of a cell of H3; needs pip install 'blackspot[h3]'.")
    grid: Text = Field(
        default="",
        description="Code of a cell of a metric grid after INSPIRE, such as 100mN26840E43341 (in EPSG:3035) or, with "
        "its reference system, CRS3035RES100mN2684000E4334100.",
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = [bool(self.wkt), bool(self.lon or self.lat), bool(self.h3), bool(self.grid)]
        if bool(self.lon) != bool(self.lat) or sum(ways) != 1:
            msg = told("project", "wrong.one_way")
            raise ValueError(msg)
        return self


class SubmissionSource(Model):
    """One coverage file of one operator and one service."""

    operator: Name = Field(description="Name of the operator, as people write it.")
    service: Service = Field(description="Service in lower case without spaces, such as 5g, 4g or fibre.")
    path: FilePath = Field(
        description="Polygons, lines or points (.gpkg, .shp, .zip, .geojson, .geojsonl, .fgb, .parquet, .kml, .kmz, "
        ".tab, .mif, .gdb, .csv), or a raster of signal (.tif).",
    )
    layer: Text = Field(default="", description=LAYER_NOTE)
    crs: Text = Field(default="", description=CRS_NOTE)
    columns: CoverageColumns | None = Field(
        default=None, description="Of a CSV file: the columns that say where its rows lie, optional."
    )
    vintage: Day | None = Field(default=None, description="Day the coverage speaks of, as 2026-10-31.")
    where: WhereFilter | None = Field(default=None, description="Keep only some rows, optional.")
    buffer_m: Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)] | None = Field(
        default=None,
        description="Service distance in metres around lines or points; required for them, refused for polygons.",
    )
    threshold: Finite | None = Field(
        default=None,
        description="For rasters of signal: a cell is covered from this value up, such as -110 (dBm).",
    )
    service_class: Text = Field(
        default="", description="Class of the service, such as 100 Mbit/s; free text."
    )
    environment: Text = Field(default="", description="outdoor, indoor or in_vehicle; free text.")
    basis: Basis = Field(default="declared", description="How the coverage is known.")
    extent: ExtentSource | None = Field(
        default=None,
        description="Area the file speaks for; left out it speaks for the whole country.",
    )

    @property
    def vintage_text(self) -> str:
        """The day as text, such as 2026-10-31; empty where nobody states one."""
        return "" if self.vintage is None else self.vintage.isoformat()

    @field_validator("operator")
    @classmethod
    def _operator_makes_a_column(cls, value: str) -> str:
        word = slug(value)
        if not word:
            msg = told("project", "wrong.no_latin", value=repr(value))
            raise ValueError(msg)
        if word in {"all", "max_operator"} or word.startswith("at_least_"):
            msg = told("project", "wrong.column_word", value=repr(value))
            raise ValueError(msg)
        return unicodedata.normalize("NFC", value)

    @field_validator("threshold")
    @classmethod
    def _vector_or_raster(cls, value: float | None, info: ValidationInfo) -> float | None:
        if value is not None and info.data.get("buffer_m") is not None:
            msg = told("project", "wrong.buffer_or_threshold")
            raise ValueError(msg)
        return value


class Project(Model):
    """Everything a run needs to know, as ``blackspot.toml`` says it."""

    project: ProjectInfo = Field(default_factory=ProjectInfo, description="Title, notice and folder.")
    communes: CommunesSource = Field(description="The communes.")
    provinces: ProvincesSource | None = Field(default=None, description="Names of the provinces, optional.")
    population: PopulationSource = Field(description="Where people live.")
    submissions: tuple[SubmissionSource, ...] = Field(
        min_length=1,
        description="The coverage files, one [[submissions]] each.",
    )
    setting: SettingRules = Field(default=SettingRules(), description="Rural, border and island.")
    places: PlacesSource | None = Field(
        default=None,
        description="Points of settlements with their names, optional: every black spot then says near which one it "
        "lies.",
    )
    villages: VillagesSource | None = Field(
        default=None,
        description="Villages, optional: each is then without signal, covered in part, or covered.",
    )
    facilities: tuple[FacilitiesSource, ...] = Field(
        default=(),
        description="Schools, clinics, border posts and offices, optional, one [[facilities]] for each kind.",
    )
    profile: Profile = Field(description="What counts as a gap.")
    map: MapOptions = Field(default=MapOptions(), description="The map pages.")
    checks: CheckRules = Field(
        default=CheckRules(), description="Accepted questions, and the limits of the plausibility checks."
    )
    inbox: InboxSource | None = Field(default=None, description="Drop folder for deliveries, optional.")
    hook: HookCommand | None = Field(
        default=None, description="Command that is told the end of every run, optional."
    )
    retention: Retention = Field(default=Retention(), description="Which runs are kept.")
    approval: Approval = Field(default=Approval(), description="Which runs wait for approval.")
    publish: Publish = Field(default=Publish(), description="What leaves the house as a site.")

    _path: Path = PrivateAttr(default=Path("blackspot.toml"))

    @property
    def path(self) -> Path:
        """The project file, absolute."""
        return self._path

    @property
    def folder(self) -> Path:
        """The folder of the project file; relative paths of the file start here."""
        return self._path.parent

    @property
    def services(self) -> tuple[str, ...]:
        """The services of all submissions, each once, in alphabetical order."""
        return tuple(sorted({submission.service for submission in self.submissions}))

    @property
    def country_files(self) -> tuple[tuple[Path, ...], tuple[str, ...]]:
        """Name the files that the communes come from, and say how the project describes them."""
        sources: list[CommunesSource | ProvincesSource] = [self.communes]
        sources += [] if self.provinces is None else [self.provinces]
        return tuple(source.path for source in sources), tuple(source.model_dump_json() for source in sources)

    def digest(self) -> str:
        """Hash what the project says (sha256, hex), wherever its folder stands, files come in and the results go."""

        def portable(value: object) -> object:
            if isinstance(value, dict):
                return {key: portable(item) for key, item in value.items()}
            if isinstance(value, list):
                return [portable(item) for item in value]
            if isinstance(value, str) and os.path.isabs(value):  # noqa: PTH117 - a text that may be a path
                return os.path.relpath(value, self.folder)
            return value

        elsewhere: dict[str, Any] = {"project": {"out", "isolation", "fail_on"}}  # what changes no result
        elsewhere |= dict.fromkeys(("retention", "approval", "publish", "inbox", "hook"), True)
        content = portable(self.model_dump(mode="json", exclude=elsewhere))
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def at(self, path: Path) -> Self:
        """Give the same project, knowing the file it was read from."""
        project = self.model_copy()
        project._path = path  # noqa: SLF001 - a private attribute of a frozen model has no other way in
        return project
