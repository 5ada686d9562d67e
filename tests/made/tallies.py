"""A tally of few people, counted by hand, for the tests of people by commune."""

from __future__ import annotations

import numpy as np
import pandas as pd

from blackspot.coverage.people.layers import LayerTable, OperatorService
from blackspot.coverage.people.tally import commune_table
from blackspot.data.project.profile import Profile

PROFILE = Profile(services=("5g", "fibre"), mobile_service="5g", fibre_service="fibre", gap="all")
LAYERS = LayerTable(
    (
        OperatorService("Sao Mai", "5g", (0,), None),
        OperatorService("Đông", "5g", (1,), (3,)),
        OperatorService("Bắc", "5g", (2,), None),
        OperatorService("Sao Mai", "fibre", (4,), None),
    )
)


def communes(count: int, provinces: tuple[str, ...] = ("01", "02")) -> pd.DataFrame:
    numbers = range(count)
    province = [provinces[number % len(provinces)] for number in numbers]
    return pd.DataFrame(
        {
            "code": [f"{number:05}" for number in numbers],
            "name": [f"Xã {number}" for number in numbers],
            "province_code": province,
            "province_name": [f"Tỉnh {code}" for code in province],
            "type": "commune",
            "area_km2": [1.5 + number for number in numbers],
        }
    )


def tally(people: np.ndarray, masks: list[int], known: list[bool] | None = None) -> pd.DataFrame:
    count = len(people)
    return commune_table(
        communes(count),
        np.asarray(people, dtype=np.float64),
        np.array(masks, dtype=np.uint64),
        LAYERS,
        PROFILE,
        np.array([True] * count if known is None else known),
        np.array(["raster"] * count, dtype=object),
    )


def by_hand() -> pd.DataFrame:
    """One commune: nothing 1, Sao Mai 20, Sao Mai + Bắc 300, Đông's extent only 4,000, all 50,000."""
    return tally(np.array([[1.0, 20.0, 300.0, 4000.0, 50000.0]]), [0, 1, 5, 8, 31])
