"""What differs between two runs besides the coverage that was handed in."""

from __future__ import annotations

from typing import Any

import pytest

from blackspot.data.runs.series import differences, files_of_people, in_words, is_comparable

CLAIM = {"buffer_m": None, "threshold": None, "extent": None}


def manifest(**changes: Any) -> dict[str, Any]:
    """Describe a run."""
    return {
        "rules": {"profile.gap": "all", "profile.k": 1},
        "claims": {"A 5g": CLAIM, "B 5g": CLAIM},
        "inputs": [
            {"role": "communes", "sha256": "c"},
            {"role": "population", "sha256": "p"},
            {"role": "coverage", "sha256": "x"},
        ],
        "submissions": [],
    } | changes


def test_other_coverage_is_change() -> None:
    """The same rules, people and communes: the series goes on."""
    later = manifest(inputs=[*manifest()["inputs"][:2], {"role": "coverage", "sha256": "y"}])
    assert () == differences(manifest(), later)
    assert is_comparable(manifest(), later)


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (
            {"rules": {"profile.gap": "any", "profile.k": 1}},
            "a gap counts where any service is missing (profile.gap: any, was all)",
        ),
        (
            {"inputs": [{"role": "communes", "sha256": "c"}, {"role": "population", "sha256": "q"}]},
            "other population data",
        ),
        (
            {"inputs": [{"role": "communes", "sha256": "d"}, {"role": "population", "sha256": "p"}]},
            "other boundaries of communes",
        ),
        *(
            (
                {"inputs": [*manifest()["inputs"], {"role": role, "sha256": "l"}]},
                "other legal lists, border lines or fixed links",
            )
            for role in ("border list", "island list", "land border", "fixed links", "list area")
        ),
        (
            {"claims": {"A 5g": CLAIM | {"buffer_m": 500.0}, "B 5g": CLAIM}},
            "A 5g: service distance, in metres (buffer_m: 500, was -)",
        ),
        (
            {
                "claims": {
                    "A 5g": CLAIM | {"extent": {"provinces": ["01"], "except_provinces": []}},
                    "B 5g": CLAIM,
                }
            },
            "A 5g: area the submission speaks for (extent: provinces = 01, was -)",
        ),
        ({"claims": {"A 5g": CLAIM, "B 5g": CLAIM, "C 5g": CLAIM}}, "reported for the first time: C 5g"),
        ({"claims": {"A 5g": CLAIM}}, "no longer reported: B 5g"),
        (
            {"submissions": [{"operator": "B", "service": "5g", "state": "no_data"}]},
            "no longer reported: B 5g",
        ),
    ],
)
def test_what_is_no_change_of_coverage(later: dict[str, Any], said: str) -> None:
    """Each is named; then the two runs are not put beside each other."""
    found = differences(manifest(), manifest(**later))
    assert said == in_words(found, "en")
    assert said != in_words(found, "vi")
    assert not is_comparable(manifest(), manifest(**later))


def test_data_that_come_after_a_refusal_are_new() -> None:
    """A submission that was refused before and is used now is reported for the first time."""
    refused = manifest(submissions=[{"operator": "A", "service": "5g", "state": "no_data"}])
    assert "reported for the first time: A 5g" == in_words(differences(refused, manifest()), "en")


def test_an_older_program_says_nothing_of_rules() -> None:
    """Then nothing is compared."""
    older = manifest()
    del older["rules"]
    assert ["unknown"] == [one.what for one in differences(older, manifest())]


def test_keys_of_a_newer_program_have_their_usual_value_in_an_older_run() -> None:
    """A rule that nobody could set then is no difference, unless it says something else now."""
    older = manifest(rules={"profile.gap": "any"})
    new = {"profile.gap": "any", "profile.counted_environments": [], "setting.island.gap_m": 200.0}
    assert is_comparable(older, manifest(rules=new))
    assert is_comparable(manifest(rules=new), older)
    assert not is_comparable(older, manifest(rules=new | {"profile.counted_environments": ["indoor"]}))
    assert not is_comparable(older, manifest(rules=new | {"setting.island.gap_m": 100.0}))


def test_many_differences_are_counted() -> None:
    """Five are named."""
    rules = {f"profile.a{number}": 1 for number in range(7)}
    said = in_words(differences(manifest(rules={}), manifest(rules=rules)), "en")
    assert said.endswith("; … (+2)")


@pytest.mark.parametrize(
    ("edge_cells", "land", "expected"),
    [("land", False, True), ("land", True, False), ("share", False, False), (None, False, False)],
)
def test_the_neighbours_count_as_people_where_they_share_cells(
    edge_cells: str | None,
    land: bool,  # noqa: FBT001 - as the next
    expected: bool,  # noqa: FBT001 - drawn parameters
) -> None:
    """Beside land of its own, or where cells are not shared by land, they are but drawn."""

    def drawn(content: str) -> dict[str, Any]:
        inputs = [*manifest()["inputs"], {"role": "neighbours", "sha256": content}]
        more = [{"role": "land", "sha256": "l"}] if land else []
        return manifest(rules={"population.edge_cells": edge_cells}, inputs=[*inputs, *more])

    found = [one.what for one in differences(drawn("n"), drawn("m"))]
    assert (["people"] if expected else []) == found
    assert expected == (files_of_people(drawn("n")) != files_of_people(drawn("m")))
