"""What all pages of a run share, computed once: arcs, numbers, names, places of labels."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from functools import cached_property
from math import fsum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from ...data.disk.kept import NOTHING_KEPT, geometry_digest
from ...data.text.names import bare_name
from ...data.text.wording import LEGAL_TYPES
from ..encoding.shapes import NumberColumn
from ..encoding.simplify import Simplifier
from ..encoding.spots import SpotTable
from ..encoding.standing import PageBlocks, StandingBlocks, pixels_digest, table_text
from ..encoding.topology import QUANTUM_PER_DEGREE, Topology, build_topology
from .explained import Explained, explained
from .headline import plain_figures
from .indicators import indicator_label, indicators

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ...data.disk.kept import KeptResults
    from ..encoding.pixel_rows import CoverageRows
    from .map_data import MapData

LABEL_TOLERANCE = 100.0
"""Labels are placed inside shapes simplified to this many quanta."""
PROVINCE_TOLERANCE = 400.0
"""Provinces around a province page are simplified to this many quanta."""

LAND_TOLERANCE_DEG = 0.01
STRIP_DEG = 0.06
"""Land borders of two sources lie at most twice this far apart."""

OWN_LAND_SHARE = 0.5
"""A shape of which this much lies in the communes is the country itself."""

MAINLAND_SHARE = 0.1
"""Parts of this share of the largest province part have land borders; islands are smaller."""

FLAGS = ("is_rural", "is_border", "is_island", "pop_disputed")
_LONGEST_IN_NAME = 40  # bytes
_FILE_NAME = re.compile(r"[0-9A-Za-z_-]{1,40}")
STATES = ("certain", "likely", "verify_first")
"""How sure a place in the list is; their bits follow those of the flags."""

_COUNTS = ("rank", "tier", "black_spot_count", "rank_low", "rank_high")
_RANGE = ("_low", "_high")  # ends of ranges: no sums, and shown to whole people
_NOT_SHOWN = ("top_probability",)
_NO_INDICATORS = ("covered_share_", "score_", "contribution_")


@dataclass(eq=False)
class Shared:
    """Everything of a run that its pages have in common.

    Parameters
    ----------
    data
        The run.
    kept
        Has shapes that were made of the same outlines for earlier pages.
    """

    data: MapData
    kept: KeptResults = NOTHING_KEPT
    _last_simplified: tuple[float, Topology] | None = field(default=None, init=False)
    _last_coverage: tuple[int, tuple[CoverageRows, ...]] | None = field(default=None, init=False)

    @cached_property
    def topology(self) -> Topology:
        """The communes in full detail."""
        shapes = self.data.communes.geometry.to_numpy()
        made = self.kept.arrays("topology", (self._outlines,), lambda: build_topology(shapes).arrays())
        return Topology(**made)

    @cached_property
    def _outlines(self) -> str:
        """What shapes are made of: the outlines of the communes, by their bytes; empty where nothing is kept."""
        shapes = self.data.communes.geometry
        return "" if self.kept.folder is None else self.data.outlines or geometry_digest(shapes.to_numpy())

    @cached_property
    def _simplifier(self) -> Simplifier:
        return Simplifier(self.topology)

    @cached_property
    def spots(self) -> SpotTable:
        """The black spots."""
        return SpotTable(self.data.black_spots)

    def simplified(self, tolerance: float) -> Topology:
        """Give the communes in less detail; the last answer is kept."""
        if self._last_simplified is None or self._last_simplified[0] != tolerance:
            self._last_simplified = (tolerance, self._simplified(tolerance))
        return self._last_simplified[1]

    def _simplified(self, tolerance: float) -> Topology:
        if tolerance <= 0:
            return self.topology
        content = (self._outlines, repr(tolerance))
        made = self.kept.arrays(
            f"topology-{tolerance:g}", content, lambda: self._simplifier.at(tolerance).arrays()
        )
        return Topology(**made)

    def coverage_at(self, zoom: int) -> tuple[CoverageRows, ...]:
        """Give the coverage at a zoom, in the order of the run; the last answer is kept."""
        if self._last_coverage is None or self._last_coverage[0] != zoom:
            self._last_coverage = (zoom, tuple(rows.coarser(zoom) for rows in self.data.coverage))
        return self._last_coverage[1]

    @cached_property
    def label_points(self) -> NDArray[np.int64]:
        """A point inside each commune's largest part, quanta, int64 (n, 2)."""
        content = (self._outlines, repr(LABEL_TOLERANCE))
        return self.kept.arrays("page-labels", content, lambda: {"points": self._inner_points()})["points"]

    def _inner_points(self) -> NDArray[np.int64]:
        parts, owner = shapely.get_parts(self.simplified(LABEL_TOLERANCE).polygons(), return_index=True)
        largest = np.lexsort((-shapely.area(parts), owner))
        largest = largest[np.concatenate([[True], np.diff(owner[largest]) > 0])]
        inside = shapely.get_coordinates(shapely.point_on_surface(parts[largest]))
        return np.rint(inside * QUANTUM_PER_DEGREE).astype(np.int64)

    @cached_property
    def blocks(self) -> PageBlocks:
        """Blocks of pages that the inputs alone decide."""
        return PageBlocks(
            StandingBlocks(self.kept, "page-shapes", lambda: (self._outlines,)),
            StandingBlocks(self.kept, "page-grounds", lambda: (*self._grounds, geometry_digest(self._near))),
            StandingBlocks(
                self.kept, "page-coverage", lambda: (self._outlines, pixels_digest(self.data.coverage))
            ),
            StandingBlocks(self.kept, "page-former", self._former_names),
        )

    @cached_property
    def province_shapes(self) -> NDArray[np.object_]:
        """The ground of each province in little detail, for the pages of its neighbours; degrees."""

        def united() -> NDArray[np.object_]:
            shapes = shapely.make_valid(self.simplified(PROVINCE_TOLERANCE).polygons())
            each = [shapely.union_all(shapes[self.province_of == at]) for at in range(len(self.provinces))]
            return np.array(each, dtype=object)

        return self.kept.geometries("page-provinces", self._grounds, united)

    @cached_property
    def _grounds(self) -> tuple[str, ...]:
        """What the shapes of provinces are made of."""
        return self._outlines, json.dumps([len(self.provinces), self.province_of.tolist()])

    @cached_property
    def _near(self) -> NDArray[np.object_]:
        """What the file of the neighbours has, degrees; empty where there is none."""
        given = self.data.neighbours
        if given is None or not len(given):
            return np.zeros(0, dtype=object)
        return np.asarray((given.to_crs("EPSG:4326") if given.crs is not None else given).geometry.to_numpy())

    @cached_property
    def land(self) -> NDArray[np.object_]:
        """Land of the neighbours, degrees; files of a region hold the country itself too, which is left out."""
        near = self._near
        if not len(near):
            return near

        def abroad() -> NDArray[np.object_]:
            shapes = shapely.make_valid(shapely.simplify(near, LAND_TOLERANCE_DEG))
            own = shapely.union_all(shapely.simplify(self.province_shapes, LAND_TOLERANCE_DEG))
            inside = shapely.area(shapely.intersection(shapes, own))
            found: NDArray[np.object_] = shapes[inside < OWN_LAND_SHARE * shapely.area(shapes)]
            return found

        return self.kept.geometries("page-land", (*self._grounds, geometry_digest(near)), abroad)

    @cached_property
    def border_strip(self) -> NDArray[np.object_]:
        """The ground between the communes and the land of the neighbours, degrees.

        Two sources never draw one border in the same place; the strip between them is land, not sea.
        """
        land = self.land
        if not len(land):
            return land
        return self.kept.geometries(
            "page-strip", (*self._grounds, geometry_digest(land)), lambda: self._strip(land)
        )

    def _strip(self, land: NDArray[np.object_]) -> NDArray[np.object_]:
        parts = shapely.get_parts(self.province_shapes)
        large = parts[shapely.area(parts) > MAINLAND_SHARE * shapely.area(parts).max()]
        coarse = shapely.make_valid(shapely.simplify(large, LAND_TOLERANCE_DEG))
        ours = shapely.union_all(shapely.buffer(coarse, STRIP_DEG, quad_segs=2))
        theirs = shapely.buffer(shapely.union_all(land), STRIP_DEG, quad_segs=2)
        return np.array([shapely.intersection(theirs, ours)], dtype=object)

    @cached_property
    def bounds(self) -> NDArray[np.float64]:
        """West, south, east, north of each commune, degrees, float64 (n, 4)."""
        return np.asarray(shapely.bounds(self.data.communes.geometry.to_numpy()))

    @cached_property
    def number_columns(self) -> tuple[NumberColumn, ...]:
        """The numbers of a commune that go into a page, in the table's order."""
        return tuple(
            NumberColumn(str(name), _per_unit(str(name)))
            for name in self.data.communes.columns
            if _is_shown_number(str(name), self.data.communes)
        )

    @cached_property
    def numbers(self) -> dict[str, NDArray[np.float64]]:
        """Values of the number columns; NaN where unknown."""
        return {column.name: _floats(self.data.communes[column.name]) for column in self.number_columns}

    @cached_property
    def explained(self) -> Explained:
        """What ``blackspot explain`` says of each commune and black spot."""
        rounded = {
            column.name: np.rint(self.numbers[column.name] * column.per_unit) / column.per_unit
            for column in self.number_columns
        }
        return explained(self.data, rounded)

    @cached_property
    def previous_columns(self) -> tuple[NumberColumn, ...]:
        """The numbers both periods have."""
        if self.data.previous is None:
            return ()
        names = set(self.data.previous.communes.columns)
        return tuple(
            column
            for column in self.number_columns
            if column.name in names
            and (column.name.startswith("pop_") or column.name == "black_spot_count")
            and not column.name.endswith(_RANGE)
        )

    @cached_property
    def previous_numbers(self) -> dict[str, NDArray[np.float64]]:
        """Values of the period before in the order of this run's communes; NaN for a new commune."""
        if self.data.previous is None:
            return {}
        before = self.data.previous.communes.drop_duplicates("code").set_index("code")
        ordered = before.reindex(self.data.communes["code"].to_numpy())
        return {column.name: _floats(ordered[column.name]) for column in self.previous_columns}

    @cached_property
    def provinces(self) -> tuple[tuple[str, str], ...]:
        """Code and name of each province, by code."""
        frame = self.data.communes[["province_code", "province_name"]].drop_duplicates("province_code")
        named = frame.fillna("").astype(str).sort_values("province_code")
        pairs = zip(named["province_code"].tolist(), named["province_name"].tolist(), strict=True)
        return tuple((str(code), str(name or code)) for code, name in pairs)

    @cached_property
    def province_of(self) -> NDArray[np.int64]:
        """Position in ``provinces`` of each commune."""
        position = {code: at for at, (code, _) in enumerate(self.provinces)}
        return np.array([position[str(code)] for code in self.data.communes["province_code"]], dtype=np.int64)

    @cached_property
    def ranked(self) -> int:
        """Number of communes that have a rank; ranks are those of the whole run on every page."""
        return int(self.data.communes["rank"].notna().sum()) if "rank" in self.data.communes else 0

    @cached_property
    def tiers(self) -> list[int]:
        """Number of communes in each group of priority, the first group first, of the whole run on every page."""
        if "tier" not in self.data.communes:
            return []
        found = self.data.communes["tier"].dropna().to_numpy(dtype=np.int64)
        return [int(count) for count in np.bincount(found)[1:]]

    @cached_property
    def flags(self) -> NDArray[np.int64]:
        """Bits of each commune: 1 rural, 2 border, 4 island, 8 disputed, then 16, 32, 64 for how sure its place in the list is."""
        frame = self.data.communes
        bits = np.zeros(len(frame), dtype=np.int64)
        for at, name in enumerate(FLAGS):
            if name in frame:
                bits |= frame[name].fillna(value=False).to_numpy(dtype=bool).astype(np.int64) << at
        if "certainty" in frame:
            for at, word in enumerate(STATES, start=len(FLAGS)):
                bits |= (frame["certainty"] == word).to_numpy(dtype=bool).astype(np.int64) << at
        return bits

    @cached_property
    def types(self) -> NDArray[np.int64]:
        """Position in ``LEGAL_TYPES`` of each commune's type."""
        known = {name: at for at, name in enumerate(LEGAL_TYPES)}
        return np.array([known.get(str(name), 0) for name in self.data.communes["type"]], dtype=np.int64)

    @cached_property
    def former(self) -> pd.DataFrame:
        """Names before a reform: ``row`` of a commune, ``name``, ``place``, by row; without those the commune still has."""
        given = self.data.former
        if given is None:
            return pd.DataFrame({"row": [], "name": [], "place": []}).astype({"row": np.int64})
        codes = self.data.communes["code"].astype(str)
        row_of = {code: at for at, code in enumerate(codes)}
        names = [bare_name(str(name)) for name in self.data.communes["name"].fillna("")]
        found = given[given["code"].isin(row_of)]
        found = found.assign(row=found["code"].map(row_of).astype(np.int64))
        same = [bare_name(name) == names[row] for name, row in zip(found["name"], found["row"], strict=True)]
        return found[~np.array(same, dtype=bool)].sort_values("row", kind="stable")

    def _former_names(self) -> tuple[str, ...]:
        """Give what the blocks of former names are made of."""
        given = (self.data.former, self.data.communes[["code", "name"]])
        return tuple(table_text(table) for table in given if table is not None)

    @cached_property
    def figures(self) -> dict[str, float]:
        """Sums of the country; those the run states itself come first."""
        sums = {name: _sum(values) for name, values in self.numbers.items() if _adds_up(name)}
        return plain_figures(sums | dict(self.data.about.get("figures") or {}))

    @cached_property
    def province_figures(self) -> tuple[dict[str, float], ...]:
        """Sums of each province; those of the province table come first."""
        table = self.data.provinces
        stated: Mapping[str, dict[str, Any]] = {}
        if "province_code" in table:
            stated = {
                str(row["province_code"]): {str(name): value for name, value in row.items()}
                for row in table.to_dict("records")
            }
        found = []
        for at, (code, _) in enumerate(self.provinces):
            rows = self.province_of == at
            sums = {name: _sum(values[rows]) for name, values in self.numbers.items() if _adds_up(name)}
            found.append(plain_figures(sums | stated.get(code, {})))
        return tuple(found)

    @cached_property
    def indicators(self) -> list[dict[str, Any]]:
        """The indicators as the page has them; ``silent`` holds rows of this run's communes."""
        about = self.data.about
        row_of = {code: at for at, code in enumerate(self.data.communes["code"])}
        listed = []
        for item in indicators(self.data.communes.columns, about, self.data.coverage):
            entry = asdict(item)
            entry["silent"] = sorted(row_of[code] for code in item.silent if code in row_of)
            entry["label"] = {language: indicator_label(item, about, language) for language in ("vi", "en")}
            listed.append(entry)
        return listed


def page_name(province_code: str) -> str:
    """Name the page of a province by its code, or by the code's bytes where a file cannot be called that."""
    if _FILE_NAME.fullmatch(province_code):
        return province_code
    letters = province_code.encode("utf-8", "surrogatepass")
    short = (
        len(letters) <= _LONGEST_IN_NAME
    )  # a disk takes names of 255 bytes; two long codes must not become one
    return f"x-{letters.hex() if short else hashlib.sha256(letters).hexdigest()}"


def _is_shown_number(name: str, frame: pd.DataFrame) -> bool:
    dtype = frame[name].dtype
    if name.startswith(_NO_INDICATORS) or name in _NOT_SHOWN or pd.api.types.is_bool_dtype(dtype):
        return False
    return pd.api.types.is_numeric_dtype(dtype)


def _per_unit(name: str) -> int:
    if name in _COUNTS or name.endswith(_RANGE):
        return 1
    return 1000 if name.startswith("pop_") or name == "score" or name.endswith(("_km2", "_km")) else 100


def _adds_up(name: str) -> bool:
    counted = name.startswith("pop_") or name in {"area_km2", "black_spot_count"}
    return counted and not name.endswith(_RANGE)


def _floats(column: pd.Series) -> NDArray[np.float64]:
    values = column.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.asarray(values, dtype=np.float64)


def _sum(values: NDArray[np.float64]) -> float:
    known = values[~np.isnan(values)]
    return fsum(known) if len(known) else float("nan")
