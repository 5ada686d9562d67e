"""What the tests of the sample share: its files, what a run reads of them, and their digests."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import geopandas
import pytest

import blackspot.data.sample
from blackspot.data.findings.collector import Findings
from blackspot.data.input_files import hash_inputs
from blackspot.data.project.load import load_project
from blackspot.data.reading import read_inputs
from blackspot.data.sample.write import write_sample
from blackspot.data.submissions.intake import Intake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from blackspot.data.reading import Inputs
    from blackspot.data.sample.country import SampleCountry

VECTORS = {
    "sample_communes.gpkg": ("GPKG", "EPSG:4326", "MultiPolygon"),
    "sample_land_border.gpkg": ("GPKG", "EPSG:4326", "MultiLineString"),
    "sample_neighbour.gpkg": ("GPKG", "EPSG:4326", "MultiPolygon"),
    "sample_sao_mau_4g.gpkg": ("GPKG", "EPSG:3405", "Polygon"),
    "sample_sao_mau_5g.zip": ("ESRI Shapefile", "EPSG:5899", "Polygon"),
    "sample_song_mau_4g.fgb": ("FlatGeobuf", "EPSG:4326", "MultiPolygon"),
    "sample_song_mau_5g.geojson": ("GeoJSON", "EPSG:4326", "MultiPolygon"),
    "sample_fibre_routes.gpkg": ("GPKG", "EPSG:4326", "LineString"),
    "sample_roads.gpkg": ("GPKG", "EPSG:4326", "LineString"),
    "sample_rivers.gpkg": ("GPKG", "EPSG:4326", "LineString"),
    "sample_villages.gpkg": ("GPKG", "EPSG:4326", "Point"),
}
TABLES = ("sample_provinces.csv", "sample_official_population.csv", "sample_border_communes.csv")
COVERAGE = {name for name in VECTORS if "mau" in name or "fibre" in name}


class Made(NamedTuple):
    """A sample project, the country it was made of, and what was told on the way."""

    folder: Path
    country: SampleCountry
    told: list[tuple[float, str]]


def make_sample(folder: Path) -> Made:
    """Write the sample project and keep its country, which takes most of the time."""
    told: list[tuple[float, str]] = []
    kept: list[SampleCountry] = []
    real = blackspot.data.sample.country.make_country

    def make(seed: int, say: Callable[[float, str], None]) -> SampleCountry:
        kept.append(real(seed, say))
        return kept[-1]

    with made_by(make):
        path = write_sample(folder, progress=lambda fraction, text: told.append((fraction, text)))
    assert folder / "blackspot.toml" == path
    return Made(folder, kept[0], told)


@contextmanager
def made_by(make: Callable[..., SampleCountry]) -> Iterator[None]:
    """Let the sample take its country from elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blackspot.data.sample.write, "make_country", make)
        yield


def inputs_of(sample: Path) -> Inputs:
    """The sample as a run reads it."""
    project = load_project(sample / "blackspot.toml")
    findings, refusals = Findings(sample), Findings(sample)
    files = hash_inputs(project, findings, refusals)
    read = read_inputs(project, findings, refusals, intake=Intake(project, files, refusals))
    assert () == findings.errors + refusals.errors
    assert {"coverage.filtered", "coverage.invalid-rings", "crs.operation"} == {
        item.code for item in findings.items + refusals.items
    }
    assert read is not None
    return read


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def read_layer(path: Path) -> geopandas.GeoDataFrame:
    return geopandas.read_file(path)
