"""What holds for the people of any country: nobody is multiplied, and a part is counted as in the whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from counted_countries import by_commune, headcount
from exact_countries import KINDS, Country, made_country

if TYPE_CHECKING:
    from pathlib import Path

seeds = st.integers(0, 10_000)
kinds = st.sampled_from(KINDS)
SMALL = 14  # cells to each side


def with_all_land(made: Country) -> Country:
    """The same country, with its own communes among the land that the project is given."""
    shapes = np.concatenate([made.other_land, made.communes.geometry.to_numpy()])
    return replace(made, other_land=shapes)


def touched_people(made: Country) -> np.ndarray:
    """People of all cells that each commune touches."""
    raster, matrix = made.raster, made.raster.transform
    row, col = np.nonzero(np.nan_to_num(raster.people) > 0)
    x, y = matrix.c + col * matrix.a, matrix.f + row * matrix.e
    boxes = shapely.box(x, y + matrix.e, x + matrix.a, y)
    cell, zone = shapely.STRtree(made.communes.geometry.to_numpy()).query(boxes, predicate="intersects")
    return np.bincount(zone, raster.people[row, col][cell], len(made.communes))


@settings(max_examples=10, deadline=None)
@given(kind=kinds, seed=seeds)
def test_no_commune_has_more_people_than_the_cells_it_touches(kind: str, seed: int) -> None:
    """By share it has a part of them, by land at most all; all communes together never more than the raster."""
    made = made_country(kind, seed, cells=SMALL)
    land, share = (headcount(made, rule) for rule in ("land", "share"))
    most = touched_people(made) * (1 + 1e-9) + 1e-9
    assert (land.people.sum(axis=1) <= most).all()
    assert (share.people.sum(axis=1) <= land.people.sum(axis=1) + 1e-4 * most + 1e-6).all()
    for counted in (land, share):
        assert pytest.approx(np.nansum(made.raster.people), rel=1e-9) == counted.people_raster
        assert counted.people_outside >= -1e-6 * counted.people_raster
        assert pytest.approx(counted.people_raster) == counted.people.sum() + counted.people_outside


@settings(max_examples=8, deadline=None)
@given(kind=kinds, seed=seeds, data=st.data())
def test_one_province_alone_equals_its_rows_in_the_nation(kind: str, seed: int, data: st.DataObject) -> None:
    """With the others given as land; by share always."""
    nation = made_country(kind, seed, cells=SMALL)
    count = len(nation.communes)
    chosen = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)), bool)
    chosen[data.draw(st.integers(0, count - 1))] = True
    province = replace(nation, communes=nation.communes[chosen].reset_index(drop=True))
    for rule, around in (("land", with_all_land(nation)), ("share", nation)):
        alone = replace(around, communes=province.communes)
        whole = by_commune(headcount(nation, rule), len(nation.layers))
        part = by_commune(headcount(alone, rule), len(nation.layers))
        np.testing.assert_allclose(part.people, whole.people[chosen], rtol=3e-3, atol=0.05)
        np.testing.assert_allclose(
            part.covered, whole.covered[chosen], rtol=0, atol=3e-3 * part.people.max() + 0.05
        )


@settings(max_examples=6, deadline=None)
@given(kind=kinds, seed=seeds, factor=st.floats(0.1, 10))
def test_calibrated_communes_equal_their_totals(kind: str, seed: int, factor: float) -> None:
    """Whatever the raster said of them; covered shares stay what they were."""
    made = made_country(kind, seed, cells=SMALL)
    plain = headcount(made, "land")
    known = plain.people.sum(axis=1) > 0
    target = np.where(known, np.round(plain.people.sum(axis=1) * factor + 1), np.nan)
    scaled = headcount(made, "land", target=target)
    np.testing.assert_allclose(scaled.people.sum(axis=1)[known], target[known], rtol=1e-12)
    before, after = (by_commune(each, len(made.layers)) for each in (plain, scaled))
    np.testing.assert_allclose(
        before.covered[known] / before.people[known, None],
        after.covered[known] / after.people[known, None],
        rtol=1e-9,
        atol=1e-12,
    )


@pytest.mark.parametrize("rule", ["land", "share"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_kept_run_has_the_same_people_to_the_last_bit(kind: str, rule: str, tmp_path: Path) -> None:
    """Counted anew, while everything is kept, and from what is kept."""
    made = made_country(kind, 77)
    plain = headcount(made, rule)
    for _ in range(2):
        again = headcount(made, rule, store_in=tmp_path)
        assert plain.people.tobytes() == again.people.tobytes()
        assert plain.cells.failing.tobytes() == again.cells.failing.tobytes()
