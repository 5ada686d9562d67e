"""The setting of a run's communes: rural, border, island, degree of urbanisation, and the legal lists they stand in."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np

from ..data.disk.kept import geometry_digest
from .people.headcount import people_in
from .people_on_squares import people_on_squares
from .setting.border_of_areas import border_lines
from .setting.border_people import border_people
from .setting.classify import Geography, classify
from .setting.urbanisation import degree_of_urbanisation

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ..data.project.models import Project
    from ..data.project.profile import SettingRules
    from ..data.reading import Inputs
    from .cache import Keep
    from .ground import Ground
    from .overlay.sources import RasterPeople
    from .people.counted_ground import CountedGround


def setting_of(
    inputs: Inputs,
    project: Project,
    ground: Ground,
    counted: CountedGround,
    people: RasterPeople,
    total: NDArray[np.float64],
    cache: Keep | None,
) -> pd.DataFrame:
    """Classify the communes, or take their setting from an earlier run with the same communes, people and rules.

    Parameters
    ----------
    inputs
        What the readers returned: communes, border, lists.
    project
        The project file: the rules.
    ground, counted, people
        The grid of the run, what people are counted on, and the raster of people.
    total
        float64 (communes,): the people of each commune as the run counts them, NaN where they are not known.
    cache
        Keeps the table between runs; None keeps nothing.

    Returns
    -------
    DataFrame
        The columns of the setting, in the order of the communes.
    """
    total = np.round(total, 6)  # summed in another order, with other layers, they are the same people

    def classified() -> pd.DataFrame:
        return _classified(inputs, project, counted, people, total)

    if cache is None:
        table = classified()
    else:
        table = cache.table(
            "setting", _content(inputs, project, ground.outlines, people, total, cache), classified
        )
    return table.assign(**_listed(inputs))


def _classified(
    inputs: Inputs,
    project: Project,
    counted: CountedGround,
    people: RasterPeople,
    total: NDArray[np.float64],
) -> pd.DataFrame:
    """Classify the communes."""
    frame, rules = inputs.communes.frame, project.setting

    def people_of(polygons: NDArray[np.object_]) -> NDArray[np.float64]:
        parts = gpd.GeoDataFrame(geometry=polygons, crs=frame.crs)
        return np.nan_to_num(people_in(parts, people, counted))

    living = people_on_squares(
        people, counted, project.population.edge_cells, total, frame.total_bounds.tolist()
    )
    urban = degree_of_urbanisation(np.isfinite(total), living)
    lines = _border_lines(inputs, rules)
    table = classify(
        frame,
        rules,
        Geography(
            border_codes=inputs.border_codes,
            island_codes=inputs.island_codes,
            border_lines=lines,
            fixed_links=None if inputs.fixed_links is None else inputs.fixed_links.geometry,
            other_land=None if inputs.land is None else inputs.land.geometry,
            people_of=people_of,
        ),
        urban["dou_l1"].to_numpy(),
    )
    near = border_people(living[0].people, len(frame), lines, rules.border.belt_km)
    table["border_distance_people_km"], table["border_belt_share"] = near
    return table.assign(**{str(name): urban[name].to_numpy() for name in urban.columns})


def _listed(inputs: Inputs) -> dict[str, NDArray[np.object_]]:
    """Give the column of each further list: the class of a commune, empty where it does not stand in the list."""
    codes = inputs.communes.frame["code"]
    return {
        f"list_{name}": np.array([classes.get(code, "") for code in codes], dtype=object)
        for name, classes in inputs.lists.items()
    }


def _border_lines(inputs: Inputs, rules: SettingRules) -> NDArray[np.object_] | None:
    """Give the lines of the land border; None where the project names none."""
    if inputs.land_border is None:
        return None
    return border_lines(
        inputs.land_border.geometry,
        inputs.communes.frame,
        None if inputs.neighbours is None else inputs.neighbours.geometry,
        distance_km=rules.border.distance_km,
        gap_m=rules.island.gap_m,
    )


def _content(
    inputs: Inputs,
    project: Project,
    outlines: str,
    people: RasterPeople,
    total: NDArray[np.float64],
    cache: Keep,
) -> tuple[str, ...]:
    """Say all that decides the setting: the communes' outlines and types, rules, lists, and the people."""
    frame = inputs.communes.frame
    codes = [None if known is None else sorted(known) for known in (inputs.border_codes, inputs.island_codes)]
    lines = (inputs.land_border, inputs.land, inputs.neighbours, inputs.fixed_links)
    return (
        outlines,
        json.dumps([frame["code"].tolist(), frame["type"].fillna("").tolist(), codes]),
        *("" if drawn is None else geometry_digest(drawn.geometry) for drawn in lines),
        project.setting.model_dump_json(
            exclude={"border": {"list", "land_border"}, "island": {"list", "fixed_links"}, "lists": True}
        ),
        project.population.edge_cells,
        hashlib.sha256(np.ascontiguousarray(total, dtype="<f8").tobytes()).hexdigest(),
        cache.spans(people.grid).key(*cache.people(inputs.population)),
    )
