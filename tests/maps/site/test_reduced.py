"""What stays in the house: no column, name, sentence or figure of it is left."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from blackspot.data.project.sections.publish import Publish
from blackspot.errors import WorkplaceError
from blackspot.maps.pages.context import Surroundings
from blackspot.maps.site.reduced import ALWAYS, reduced
from published_runs import EVERYTHING

if TYPE_CHECKING:
    from blackspot.maps.pages.map_data import MapData

OPERATORS = ("Sao Mai", "Hải Đăng", "sao_mai", "hai_dang")


def everything_in(data: MapData) -> str:
    """Write all texts and names of columns of a run."""
    frames = (data.communes, data.provinces, data.black_spots)
    texts = [pd.DataFrame(frame).drop(columns="geometry", errors="ignore").to_csv() for frame in frames]
    return "\n".join([*texts, repr(data.about), repr(data.coverage)])


def test_no_operator_is_named(kept: MapData) -> None:
    """Neither by a column nor in words; with the rule that lets them out they are there."""
    assert all(name in everything_in(kept) for name in OPERATORS)
    said = everything_in(reduced(kept, Publish()))
    assert [] == [name for name in OPERATORS if name in said]
    assert "five.gpkg" not in said
    said = everything_in(reduced(kept, EVERYTHING))
    assert all(name in said for name in OPERATORS)


def test_what_lies_around_black_spots_stays_whatever_else_leaves(kept: MapData) -> None:
    """Power lines and border posts were not given to be published, and villages stand in the order of black spots."""
    around = {"01": Surroundings(b"x", {4: 1})}
    assert {} == reduced(replace(kept, context=around), EVERYTHING).context
    named = {"role": "context", "file": "posts.gpkg", "sha256": "ab", "vintage": ""}
    about = {**kept.about, "inputs": [*kept.about["inputs"], named], "context_budget_kb": 1000}
    made = reduced(replace(kept, about=about), EVERYTHING).about
    assert "context_budget_kb" not in made
    assert kept.about["inputs"] == made["inputs"]


def test_what_is_left_is_as_it_was(kept: MapData) -> None:
    """Whole people apart, every number is that of the run."""
    made = reduced(kept, Publish())
    for name in made.communes.columns.drop("geometry"):
        before, after = kept.communes[name], made.communes[name]
        if name.startswith("pop_") and name not in {"pop_source", "pop_basis", "pop_disputed"}:
            before = pd.Series(np.rint(before.to_numpy(dtype=float)))
        pd.testing.assert_series_equal(before, after, check_names=False, check_dtype=False)
    assert len(kept.black_spots) == len(made.black_spots)


def test_columns_that_need_each_other_leave_together(kept: MapData) -> None:
    """A score goes with its parts or not at all; one without parts, and one end of a range, stand alone or not."""
    assert "score" in reduced(kept, Publish()).communes
    parts = {"score_arithmetic": 0.5, "score_geometric": 0.4, "contribution_pop_failing": 0.5}
    ends = {"pop_raster_min": 1.0, "pop_raster_max": 2.0}
    more = replace(kept, communes=kept.communes.assign(**parts, **ends))
    assert {*parts, *ends, "score"} <= set(reduced(more, Publish()).communes.columns)
    listed = reduced(more, Publish(columns=("score", "score_arithmetic", "pop_raster_min"))).communes
    assert {*parts, *ends, "score"}.isdisjoint(listed.columns)


def test_the_areas_operators_speak_for_are_not_named(kept: MapData) -> None:
    """Their files may bear the name of an operator, as those of the coverage do; other files stay named."""
    extra = {"role": "extent", "file": "sao_mai_area.gpkg", "sha256": "ab", "vintage": ""}
    about = {**kept.about, "inputs": [*kept.about["inputs"], extra]}
    roles = [item["role"] for item in reduced(replace(kept, about=about), Publish()).about["inputs"]]
    assert "extent" not in roles
    assert {"communes", "population", "coverage"} <= set(roles)
    assert extra in reduced(replace(kept, about=about), EVERYTHING).about["inputs"]


def test_unknown_people_always_leave_with_the_others(kept: MapData) -> None:
    """A short list of columns leaves out what it does not name, but never of whom nothing is known."""
    made = reduced(kept, Publish(columns=("dou_l1",)))
    names = set(made.communes.columns)
    assert {"pop_no_data_5g", "pop_uncovered_5g", "pop_may_fail", "pop_failing", "rank"} <= names
    assert {"reason_vi", "score", "pop_covered_5g_max_operator", "border_distance_km"}.isdisjoint(names)
    listed = reduced(kept, Publish(columns=("pop_covered_<service>_max_operator", "border_distance_km")))
    assert {"pop_covered_5g_max_operator", "border_distance_km"} <= set(listed.communes.columns)
    assert "pop_covered_5g_max_operator" in listed.provinces
    assert ALWAYS["black_spots"] - {"notice"} <= set(made.black_spots.columns) | {"place_name"}


def test_rounded_people_cannot_be_reckoned_back(kept: MapData) -> None:
    """Multiples everywhere, shares of the rounded people, and no sentence with the true ones."""
    made = reduced(kept, Publish(people_rounding=100))
    for frame in (made.communes, made.provinces, made.black_spots):
        people = [name for name in frame if name.startswith("pop") and frame[name].dtype == np.float64]
        assert people
        assert [] == [name for name in people if (frame[name].dropna() % 100).any()]
    share = made.communes["pop_covered_5g"] / made.communes["pop_total"]
    share = share.where(kept.communes["covered_share_5g"].notna())
    assert made.communes["covered_share_5g"].to_numpy() == pytest.approx(
        share.to_numpy(), abs=1e-6, nan_ok=True
    )
    assert {"reason_vi", "reason_en", "score"}.isdisjoint(made.communes.columns)
    figures = made.about["figures"]
    assert 0 == figures["pop_total"] % 100
    assert figures["covered_share_5g"] == pytest.approx(
        figures["pop_covered_5g"] / figures["pop_total"], abs=1e-6
    )


def test_few_people_are_never_nobody(kept: MapData) -> None:
    """A commune of 30 people becomes one of unknown population; one of nobody stays so, a black spot keeps a step."""
    communes = kept.communes.assign(pop_total=[30.0, 0.0, 500.0, np.nan])
    spots = kept.black_spots.assign(pop=12.0)
    made = reduced(replace(kept, communes=communes, black_spots=spots), Publish(people_rounding=100))
    assert [None, 0.0, 500.0, None] == [None if np.isnan(one) else one for one in made.communes["pop_total"]]
    assert np.isnan(made.communes["pop_failing"][0])
    assert {100.0} == set(made.black_spots["pop"])


def test_black_spots_stay_with_all_that_counts_them(kept: MapData) -> None:
    """Neither places nor numbers; and nobody says that there are none."""
    made = reduced(kept, Publish(black_spots=False))
    assert 0 == len(made.black_spots)
    for names in (made.communes.columns, made.provinces.columns, made.about["figures"]):
        assert {"black_spot_count", "pop_in_black_spots"}.isdisjoint(names)
    assert "black_spots" in made.about["withheld"]


def test_words_about_refused_submissions_name_nobody(kept: MapData) -> None:
    """The project's own warning stays, the sentences behind it become one without a name."""
    refused = {"vi": ["Sao Mai 5G: tệp bị từ chối."], "en": ["Sao Mai 5G: refused."]}
    notice = {"vi": "MẪU Sao Mai 5G: tệp bị từ chối.", "en": "SAMPLE Sao Mai 5G: refused."}
    about: dict[str, Any] = {**kept.about, "refused": refused, "notice": notice}
    made = reduced(replace(kept, about=about), Publish()).about
    generic = "Some coverage submissions are not used as they were handed in."
    assert f"SAMPLE {generic}" == made["notice"]["en"]
    assert made["notice"]["vi"].startswith("MẪU Một số hồ sơ")
    assert [generic] == made["refused"]["en"]
    assert about["notice"] == reduced(replace(kept, about=about), EVERYTHING).about["notice"]


def test_why_a_run_is_not_compared_names_nobody(kept: MapData) -> None:
    """The usual limits stay, another one becomes a sentence without a name."""
    limits = [*kept.about["limits"], {"vi": "Không so sánh: Sao Mai 5G.", "en": "Not compared: Sao Mai 5G."}]
    made = reduced(replace(kept, about={**kept.about, "limits": limits}), Publish()).about["limits"]
    assert limits[:-1] == made[:-1]
    assert made[-1]["en"].startswith("The run before is not compared")
    assert (
        limits == reduced(replace(kept, about={**kept.about, "limits": limits}), EVERYTHING).about["limits"]
    )


def test_a_run_that_does_not_know_of_whom_nothing_is_known_is_refused(kept: MapData) -> None:
    """Without the coverage nobody could tell those people from people with a service."""
    old = replace(kept, communes=kept.communes.drop(columns="pop_may_fail"))
    with pytest.raises(WorkplaceError, match="older version"):
        reduced(old, Publish())
