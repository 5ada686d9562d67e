"""By how many people edges move communes and their black spots: as drawn by itself, and the same where it was kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from blackspot.coverage.certainty import moved_people as module
from blackspot.coverage.certainty.gap_rule import GapRule
from blackspot.coverage.certainty.moved_people import moved_people
from blackspot.coverage.certainty.near_edges import NearEdges, by_commune, failing_draws
from blackspot.coverage.certainty.shifts import EdgeShifts
from blackspot.data.disk.kept import NOTHING_KEPT, KeptResults

if TYPE_CHECKING:
    from pathlib import Path

RULE = GapRule({"4g": (2,), "5g": (0, 1)}, {"4g": 1, "5g": 1}, ("5g",), ("4g",), "all", (("4g",),))
SHIFTS = EdgeShifts(("a\n5g", "b\n5g", "a\n4g"), (300.0, 200.0, 100.0), 150.0, 40, 57)
CODES = [f"{number:05}" for number in range(6)]


def country(seed: int = 3) -> NearEdges:
    """Five communes with cells, one without; in each some cells outside of black spots, the others in two of them."""
    rng = np.random.default_rng(seed)
    commune = np.repeat([0, 1, 2, 4, 5], 60).astype(np.int32)
    spot = np.tile(np.repeat([-1, 0, 1], 20), 5) + np.where(
        np.tile(np.repeat([-1, 0, 1], 20), 5) < 0, 0, 2 * commune
    )
    distance = rng.uniform(-900.0, 900.0, (300, 3)).astype(np.float32)
    distance[rng.random((300, 3)) < 0.2] = np.inf
    people = rng.lognormal(2.0, 1.0, 300).astype(np.float32)
    return NearEdges(commune, spot.astype(np.int32), people, distance, np.full(300, 200.0, np.float32))


def moved(
    near: NearEdges, kept: KeptResults = NOTHING_KEPT, shifts: EdgeShifts = SHIFTS
) -> list[tuple[object, ...]]:
    """All communes, as bytes that can be compared."""
    return [
        (one.row, one.people.tobytes(), one.spot.tolist(), one.in_spot.tobytes())
        for one in moved_people(near, RULE, shifts, CODES, kept)
    ]


def drawn_anew(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note which communes are drawn from now on."""
    noted: list[int] = []

    def noting(own: NearEdges, *rest: object) -> object:
        noted.append(int(own.commune[0]))
        return failing_draws(own, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "failing_draws", noting)
    return noted


def test_each_commune_is_what_its_draws_give_less_a_draw_without_shift() -> None:
    near = country()
    for own, found in zip(
        by_commune(near), moved_people(near, RULE, SHIFTS, CODES, NOTHING_KEPT), strict=True
    ):
        row = int(own.commune[0])
        local = np.stack([SHIFTS.local_m(layer, CODES[row]) for layer in range(3)])
        drawn = failing_draws(own, RULE, list(SHIFTS.common_m() + local))
        still = failing_draws(own, RULE, [np.zeros(1, np.float32)] * 3)
        assert row == found.row
        assert [2 * row, 2 * row + 1] == found.spot.tolist()
        np.testing.assert_allclose(drawn.failing - still.failing, found.people[0], rtol=0, atol=2e-3)
        np.testing.assert_allclose(drawn.severe - still.severe, found.people[1], rtol=0, atol=2e-3)
        np.testing.assert_allclose(drawn.others - still.others, found.people[2:], rtol=0, atol=2e-3)
        np.testing.assert_allclose(drawn.in_spot - still.in_spot, found.in_spot, rtol=0, atol=2e-3)


def test_what_was_kept_is_the_same_and_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    near, kept = country(), KeptResults(tmp_path)
    fresh = moved(near)
    assert fresh == moved(near, kept)
    noted = drawn_anew(monkeypatch)
    assert fresh == moved(near, kept)
    assert [] == noted


def test_other_numbers_of_the_same_spots_draw_nothing_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A spot more somewhere else in the country changes the numbers of all that follow."""
    near, kept = country(), KeptResults(tmp_path)
    moved(near, kept)
    renumbered = replace(near, spot=np.where(near.spot < 0, near.spot, near.spot + 7).astype(np.int32))
    fresh = moved(renumbered)
    noted = drawn_anew(monkeypatch)
    assert fresh == moved(renumbered, kept)
    assert [] == noted


@pytest.mark.parametrize("what", ["a spot is gone", "one spot of two", "people", "distance", "width"])
def test_only_the_commune_that_is_another_is_drawn_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    near, kept = country(), KeptResults(tmp_path)
    moved(near, kept)
    here = near.commune == 2
    other = {
        "a spot is gone": lambda: replace(near, spot=np.where(here & (near.spot == 4), -1, near.spot)),
        "one spot of two": lambda: replace(near, spot=np.where(here & (near.spot == 5), 4, near.spot)),
        "people": lambda: replace(near, people=np.where(here, near.people * 2, near.people)),
        "distance": lambda: replace(
            near, distance_m=np.where(here[:, np.newaxis], near.distance_m + 1, near.distance_m)
        ),
        "width": lambda: replace(near, width_m=np.where(here, np.float32(300), near.width_m)),
    }[what]()
    fresh = moved(other)
    noted = drawn_anew(monkeypatch)
    assert fresh == moved(other, kept)
    assert [2] == noted
    assert fresh == moved(other, kept)
    assert [2] == noted


def test_other_draws_and_other_codes_draw_everything_anew(tmp_path: Path) -> None:
    near, kept = country(), KeptResults(tmp_path)
    first = moved(near, kept)
    for other in (replace(SHIFTS, seed=58), replace(SHIFTS, local_sd_m=90.0), replace(SHIFTS, draws=30)):
        fresh = moved(near, shifts=other)
        assert fresh == moved(near, kept, other)
        assert fresh != first
    elsewhere = replace(near, commune=np.where(near.commune == 2, 3, near.commune).astype(np.int32))
    assert moved(elsewhere) == moved(elsewhere, kept)


@pytest.mark.parametrize("damage", ["cut off", "a bit", "empty"])
def test_a_damaged_file_is_found_and_made_anew(
    tmp_path: Path, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    near, kept = country(), KeptResults(tmp_path)
    fresh = moved(near, kept)
    path = tmp_path / "moved-people.result"
    whole = path.read_bytes()
    at = len(whole) // 2
    path.write_bytes(
        {"cut off": whole[:at], "a bit": whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :], "empty": b""}[
            damage
        ]
    )
    noted = drawn_anew(monkeypatch)
    assert fresh == moved(near, kept)
    assert [0, 1, 2, 4, 5] == noted
    assert whole == path.read_bytes()


def test_more_draws_than_are_kept_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_BYTES", 1000)
    near = country()
    assert moved(near) == moved(near, KeptResults(tmp_path))
    assert [] == list(tmp_path.iterdir())


def test_nothing_near_an_edge_gives_nothing(tmp_path: Path) -> None:
    nothing = country().only(slice(0, 0))
    assert [] == moved(nothing, KeptResults(tmp_path))
