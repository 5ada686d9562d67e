"""The degree of urbanisation of square kilometres, levels 1 and 2, as the manual defines it.

Eurostat, FAO, UN-Habitat, OECD and World Bank, "Applying the degree of urbanisation: a methodological manual", 2021
edition, doi 10.2785/706535, chapters 6 to 8, with the thresholds of the second level and the rules for units as revised
in July 2024; endorsed by the UN Statistical Commission in March 2020. The edges of urban centres are smoothed as in
Schiavina et al., "GHSL Data Package 2023", footnote 29: away from water that is the five of eight neighbours of the
manual.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from scipy import ndimage

from .urban_centres import gaps_filled, smoothed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Cells = NDArray[np.bool_]
    Codes = NDArray[np.int8]
    Labels = NDArray[np.int32]

# Codes of cells, as those of GHS-SMOD.
WATER_1: Final = 0
RURAL: Final = 1
URBAN_CLUSTER: Final = 2
URBAN_CENTRE: Final = 3

WATER: Final = 10
VERY_LOW_DENSITY: Final = 11
LOW_DENSITY: Final = 12
RURAL_CLUSTER: Final = 13
SUBURBAN: Final = 21
SEMI_DENSE_CLUSTER: Final = 22
DENSE_CLUSTER: Final = 23
CENTRE: Final = 30

ROOK: Final = ndimage.generate_binary_structure(2, 1)
QUEEN: Final = ndimage.generate_binary_structure(2, 2)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The numbers of the manual; densities in people per km² of permanent land, sizes in people.

    Attributes
    ----------
    high_density, centre_people, dense_people
        Urban centres and dense urban clusters: cells that share an edge.
    semi_dense_density, semi_dense_people, apart_cells
        Semi-dense urban clusters: cells that share an edge, farther than so many cells from centres and dense clusters.
        The edition of 2021 had 300 and 5,000.
    moderate_density, cluster_people, rural_cluster_people
        Urban clusters and rural clusters: cells that share an edge or a corner.
    low_density
        Below it a rural cell has a very low density.
    gap_km2
        Smaller gaps in an urban centre are filled.
    water_land_km2
        A cell without people and with less land is water.
    """

    high_density: float = 1500.0
    centre_people: float = 50_000.0
    dense_people: float = 5000.0
    semi_dense_density: float = 900.0
    semi_dense_people: float = 2500.0
    apart_cells: int = 2
    moderate_density: float = 300.0
    cluster_people: float = 5000.0
    rural_cluster_people: float = 500.0
    low_density: float = 50.0
    gap_km2: int = 15
    water_land_km2: float = 0.5


MANUAL: Final = Thresholds()


class CellClasses(NamedTuple):
    """Classes of cells, int8 (rows, cols), by the codes of this module.

    Attributes
    ----------
    level_1
        0 water, 1 rural, 2 urban cluster, 3 urban centre.
    level_2
        10 water, 11 very low density, 12 low density, 13 rural cluster, 21 suburban, 22 semi-dense urban cluster, 23
        dense urban cluster, 30 urban centre.
    """

    level_1: Codes
    level_2: Codes


def classify_cells(
    people: NDArray[np.float64], land_km2: NDArray[np.float64], rules: Thresholds = MANUAL
) -> CellClasses:
    """Classify the cells of a grid of square kilometres.

    Parameters
    ----------
    people
        float64 (rows, cols): people of each cell, without NaN.
    land_km2
        float64 (rows, cols): permanent land of each cell, 0 to 1. Where a cell has people and no land, all of it counts
        as land.
    rules
        The thresholds.
    """
    density = people / np.where(land_km2 > 0, land_km2, 1.0)
    water = (people <= 0) & (land_km2 < rules.water_land_km2)
    dense = density >= rules.high_density
    moderate = density >= rules.moderate_density
    dense_clusters, moderate_clusters = (
        _Clusters.of(dense, people, ROOK),
        _Clusters.of(moderate, people, QUEEN),
    )
    centres = dense_clusters.of_at_least(rules.centre_people)
    settled = (people > 0) | (land_km2 >= rules.water_land_km2)
    centre = gaps_filled(smoothed(centres, settled, water), rules.gap_km2) > 0
    cluster = moderate_clusters.of_at_least(rules.cluster_people) > 0

    level_1 = np.full(people.shape, RURAL, dtype=np.int8)
    level_1[water] = WATER_1
    level_1[cluster] = URBAN_CLUSTER
    level_1[centre] = URBAN_CENTRE

    level_2 = np.full(people.shape, VERY_LOW_DENSITY, dtype=np.int8)
    level_2[water] = WATER
    level_2[density >= rules.low_density] = LOW_DENSITY
    level_2[moderate_clusters.of_at_least(rules.rural_cluster_people) > 0] = RURAL_CLUSTER
    level_2[cluster] = SUBURBAN
    dense_cluster = dense_clusters.of_at_least(rules.dense_people) > 0
    level_2[_semi_dense(density, people, centre | dense_cluster, rules)] = SEMI_DENSE_CLUSTER
    level_2[dense_cluster] = DENSE_CLUSTER
    level_2[centre] = CENTRE
    return CellClasses(level_1, level_2)


class _Clusters(NamedTuple):
    """Clusters of cells: the number of each cell's, from 1 on, 0 outside; and the people of each, 0 first."""

    number: Labels
    people: NDArray[np.float64]

    @classmethod
    def of(cls, chosen: Cells, people: NDArray[np.float64], contiguity: Cells) -> _Clusters:
        """Find the clusters of chosen cells."""
        labels, count = ndimage.label(chosen, structure=contiguity)
        return cls(labels, np.bincount(labels[chosen], people[chosen], count + 1).astype(np.float64))

    def of_at_least(self, least: float) -> Labels:
        """Give the cells of clusters with at least so many people the number of theirs; 0 elsewhere."""
        kept = self.people >= least
        kept[0] = False
        return np.where(kept, np.arange(len(kept), dtype=np.int32), np.int32(0))[self.number]


def _semi_dense(
    density: NDArray[np.float64], people: NDArray[np.float64], denser: Cells, rules: Thresholds
) -> Cells:
    """Find the semi-dense clusters: one of which a single cell lies too near to denser ones is none."""
    chosen = density >= rules.semi_dense_density
    clusters = _Clusters.of(chosen, people, ROOK).of_at_least(rules.semi_dense_people)
    near = denser
    if rules.apart_cells and denser.any():
        near = ndimage.binary_dilation(denser, QUEEN, iterations=rules.apart_cells)
    apart = np.ones(int(clusters.max(initial=0)) + 1, dtype=bool)
    apart[clusters[near]] = apart[0] = False
    return np.asarray(apart[clusters])
