"""The sample project: a made-up country part with everything that real deliveries bring along.

Nothing of it is shipped: a seed and the rooms beside this one (``sample_*.py``) are all there is. The same
seed gives the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pyogrio.errors import DataSourceError

from ...errors import ProjectError, WorkplaceError
from ...progress import silent, stretch
from ..disk.atomic import explained_os_errors
from ..text.sentences import told
from .around import make_rivers, make_roads, make_villages
from .country import make_country, random_for
from .coverage import LONLAT, VN2000_LOCAL, VN2000_UTM
from .deliveries import MONTHS, make_deliveries
from .files import write_raster, write_table, write_vector
from .names import PROVINCES
from .people import FINENESS
from .text import CABLE, FIRST_LINE, STAR, WAVE, project_text, readme_text

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from ...progress import Progress
    from .country import SampleCountry
    from .deliveries import Deliveries


def write_sample(folder: Path, *, seed: int = 57, month: int = 1, progress: Progress = None) -> Path:
    """Write the sample project: inputs, commented project file and README.

    Parameters
    ----------
    folder
        Where to; made if it is missing. Files of an earlier sample are replaced.
    seed
        Same seed, same bytes; another seed, another country.
    month
        1, or 2 for the deliveries of a month later: coverage has grown, two lonely black spots have got a site
        of their own, some planned fibre works, and one operator has lost a city. Written over the first
        month, a second run has something to compare.
    progress
        Called with a fraction from 0 to 1 and the name of the step.

    Returns
    -------
    Path
        The ``blackspot.toml`` of the project.

    Raises
    ------
    ValueError
        There is no such month.
    ProjectError
        The folder holds another project; it is left as it is.
    WorkplaceError
        The folder cannot be written.
    """
    if month not in MONTHS:
        raise ValueError(f"month must be one of {sorted(MONTHS)}, not {month}")
    say = progress or silent
    path = folder / "blackspot.toml"
    with explained_os_errors(folder, told("errors", "doing.write_sample")):
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_another_project(path)
        country = make_country(seed, stretch(progress, 0.0, 0.6) or silent)
        say(0.6, told("progress", "sample_coverage"))
        deliveries = make_deliveries(seed, country, month)
        say(0.8, told("progress", "sample_files"))
        try:
            _write_country(folder, country)
            _write_deliveries(folder, deliveries)
            _write_around(folder, seed, country)
        except DataSourceError as error:
            raise WorkplaceError(told("errors", "sample", path=folder, words=error)) from error
        (folder / "README.txt").write_text(readme_text(), encoding="utf-8", newline="\n")
        path.write_text(project_text(MONTHS[month]), encoding="utf-8", newline="\n")
    say(1.0, told("progress", "sample_files"))
    return path


def _refuse_another_project(path: Path) -> None:
    """Leave a project file alone that the sample did not write."""
    if not path.exists():
        return
    with path.open("rb") as file:
        start = file.read(len(FIRST_LINE.encode()))
    if start != FIRST_LINE.encode():
        raise ProjectError(told("project", "another_project", path=path))


def _write_country(folder: Path, country: SampleCountry) -> None:
    """Write communes, provinces, people, border and neighbour."""
    communes = country.communes
    order = np.argsort(np.asarray(communes.code))
    code = [communes.code[index] for index in order]
    write_vector(
        folder / "sample_communes.gpkg",
        country.outline[order],
        LONLAT,
        {
            "ma_xa": code,
            "ten_xa": [communes.name[index] for index in order],
            "loai": [communes.type[index] for index in order],
            "ma_tinh": [PROVINCES[communes.province[index]].code for index in order],
        },
        geometry_type="MultiPolygon",
    )
    write_table(
        folder / "sample_provinces.csv",
        {
            "ma_tinh": [province.code for province in PROVINCES],
            "ten_tinh": [province.name for province in PROVINCES],
        },
    )
    write_raster(folder / "sample_population.tif", country.population, country.terrain.frame, FINENESS)
    write_table(
        folder / "sample_official_population.csv",
        {"ma_xa": code, "dan_so": country.communes.official[order].tolist()},
    )
    border = [communes.code[index] for index in order if country.on_border[index]]
    write_table(folder / "sample_border_communes.csv", {"ma_xa": border})
    _write_one(folder / "sample_land_border.gpkg", country.land_border, "MultiLineString")
    _write_one(folder / "sample_neighbour.gpkg", country.neighbour, "MultiPolygon")


def _write_one(path: Path, geometry: object, geometry_type: str) -> None:
    one: NDArray[np.object_] = np.empty(1, dtype=object)
    one[0] = geometry
    write_vector(path, one, LONLAT, {}, geometry_type=geometry_type)


def _write_around(folder: Path, seed: int, country: SampleCountry) -> None:
    """Write roads, rivers and villages, which the map shows around black spots."""
    roads_rng, villages_rng = (random_for(seed, "around", number) for number in range(2))
    for name, layer, geometry_type in (
        ("roads", make_roads(roads_rng, country.terrain, country.places), "LineString"),
        ("rivers", make_rivers(country.terrain), "LineString"),
        ("villages", make_villages(villages_rng, country.terrain, country.places), "Point"),
    ):
        columns = {"ten": layer.name, "loai": layer.kind}
        write_vector(
            folder / f"sample_{name}.gpkg", layer.geometry, LONLAT, columns, geometry_type=geometry_type
        )


def _write_deliveries(folder: Path, deliveries: Deliveries) -> None:
    """Write the coverage files, each as its operator would."""
    star = deliveries.star_4g
    write_vector(
        folder / "sample_sao_mau_4g.gpkg",
        star,
        VN2000_UTM,
        {"OPERATOR": [STAR] * len(star), "TECH": ["4G"] * len(star), "THRESHOLD": ["RSRP>=-110"] * len(star)},
        geometry_type="Polygon",
    )
    star = deliveries.star_5g
    write_vector(
        folder / "sample_sao_mau_5g.zip",
        star,
        VN2000_LOCAL,
        {"site_id": [number // 3 + 1 for number in range(len(star))], "tech": ["5G"] * len(star)},
        geometry_type="Polygon",
    )
    for name, technology, shapes in (
        ("sample_song_mau_4g.fgb", "4G", deliveries.wave_4g),
        ("sample_song_mau_5g.geojson", "5G", deliveries.wave_5g),
    ):
        delivered = [number for number, shape in enumerate(shapes) if shape is not None]
        columns = {
            "ma_tinh": [PROVINCES[number].code for number in delivered],
            "nha_mang": [WAVE] * len(delivered),
            "cong_nghe": [technology] * len(delivered),
        }
        write_vector(folder / name, shapes[delivered], LONLAT, columns, geometry_type="MultiPolygon")
    routes = deliveries.fibre
    write_vector(
        folder / "sample_fibre_routes.gpkg",
        routes.line,
        LONLAT,
        {"status": routes.status, "owner": [CABLE] * len(routes.status)},
        geometry_type="LineString",
    )
