"""One sentence for what changed somewhere: regressions first, in words that never call another cause progress."""

from __future__ import annotations

import pytest

from blackspot.maps.summary.change_headlines import headlines
from blackspot.maps.summary.change_tables import PEOPLE

NOTHING = dict.fromkeys(PEOPLE, 0.0)


def said(language: str = "en", cause: str = "coverage", group: str = "5g", **people: float) -> list[str]:
    row = {**NOTHING, "pop_without_after": 9000.0, **{f"pop_{name}": value for name, value in people.items()}}
    return list(headlines("Núi Cao", group, row, cause, language))


@pytest.mark.parametrize(
    ("people", "vietnamese", "english"),
    [
        (
            {"lost": 1200.0, "gained": 34.0},
            "Núi Cao: 1.200 người mất 5G, 34 người có thêm; còn 9.000 người chưa có.",
            "Núi Cao: 1,200 people lost 5G and 34 gained it; 9,000 are without it.",
        ),
        (
            {"lost": 1200.0},
            "Núi Cao: 1.200 người mất 5G, không ai có thêm; còn 9.000 người chưa có.",
            "Núi Cao: 1,200 people lost 5G and nobody gained it; 9,000 are without it.",
        ),
        (
            {"gained": 34.0, "lost": 0.9},
            "Núi Cao: 34 người có thêm 5G, không ai mất; còn 9.000 người chưa có.",
            "Núi Cao: 34 people gained 5G and nobody lost it; 9,000 are still without it.",
        ),
    ],
)
def test_coverage_is_said_with_those_who_lost_it_first(
    people: dict[str, float], vietnamese: str, english: str
) -> None:
    """Less than one person is nobody."""
    assert [vietnamese] == said("vi", **people)
    assert [english] == said("en", **people)


def test_the_profile_is_failed_not_lost() -> None:
    """Its people newly fail it, or do not any more."""
    (sentence,) = said(group="profile", lost=5.0, gained=7.0)
    assert "Núi Cao: 5 people newly fail the profile and 7 no longer do; 9,000 fail it." == sentence


@pytest.mark.parametrize("group", ["5g", "profile"])
@pytest.mark.parametrize(
    ("lost", "ending"),
    [
        (0.0, "because of other rules; that is no progress."),
        (float("nan"), "how much is progress cannot be said."),
    ],
)
def test_another_cause_is_named(group: str, lost: float, ending: str) -> None:
    """The sentence ends with what that means."""
    (sentence,) = said(cause="coverage+rules", group=group, lost=lost, fewer_otherwise=10.0)
    assert sentence.endswith(ending)
    assert "other rules" in sentence
    assert not any(word in sentence for word in ("gained", "lost"))


def test_a_first_report_is_said_apart() -> None:
    """It follows what coverage did, and is called no change of it."""
    first, second = said("vi", lost=2.0, newly_reported=100.0, newly_without=40.0)
    assert "2 người mất 5G" in first
    assert second == (
        "Núi Cao: 100 người lần đầu có số liệu 5G, trong đó 40 người chưa có; không phải thay đổi của vùng phủ."
    )


def test_nothing_is_said_of_nothing() -> None:
    """Also where people are not known."""
    assert [] == said()
    assert [] == said(lost=float("nan"), gained=float("nan"))
