"""What names of files say: whose coverage, of which day, and what they should be called."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from blackspot.data.inbox.naming import Naming, submission_folder
from blackspot.data.project.models import SubmissionSource
from blackspot.data.submissions.versions import identity

PATTERN = "{operator}_{service}_{date}"
DAY = dt.date(2026, 10, 31)


def source(operator: str = "Sao Mai", service: str = "5g", **more: str) -> SubmissionSource:
    return SubmissionSource(operator=operator, service=service, path=Path("/x/a.gpkg"), **more)


SOURCES = (source(), source("Hải Đăng"), source(service="4g"))


@pytest.mark.parametrize(
    "stem",
    [
        "sao_mai_5g_2026-10-31",
        "Sao Mai-5G-20261031",
        "SAO MAI 5G 2026 10 31",
        "sao.mai.5g.2026.10.31",
        "__sao_mai__5g__2026-10-31__",
    ],
)
def test_capitals_accents_and_signs_do_not_matter(stem: str) -> None:
    """Senders write names as they like."""
    named = Naming(PATTERN, SOURCES).read(stem)
    assert named is not None
    assert (SOURCES[:1], DAY) == (named.sources, named.date)


@pytest.mark.parametrize(
    "stem", ["hải_đăng_5g_2026-10-31", "Ha\u0309i Đa\u0306ng 5g 20261031", "HAI DANG-5G-20261031"]
)
def test_vietnamese_letters_are_read_however_they_are_written(stem: str) -> None:
    """In one sign or in two, as a Mac writes them, or without accents."""
    named = Naming(PATTERN, SOURCES).read(stem)
    assert named is not None
    assert SOURCES[1:2] == named.sources


@pytest.mark.parametrize(
    "stem",
    [
        "",
        "coverage",
        "sao_mai_5g",
        "sao_mai_5g_2026-13-31",
        "sao_mai_5g_2026-02-30",
        "sao_mai_5g_31-10-2026",
        "sao_mai_5g_2026-10-31 (1)",
        "sao_mai_5g_2026-10-31\u202e",
        "sao_mai\n_5g_2026-10-31",
        "sao_mai_5g_2026-10-31\udcff",
        "x" * 250,
    ],
)
def test_a_name_that_says_too_little_or_hides_something_is_none(stem: str) -> None:
    """No day, no day of the calendar, signs that turn the text around, or bytes that are no text."""
    named = Naming(PATTERN, SOURCES).read(stem)
    assert named is None


def test_an_unknown_operator_or_service_is_a_name_of_nobody() -> None:
    """The day is understood, so that the message can say what is wrong."""
    for stem in ("tan_song_5g_2026-10-31", "sao_mai_3g_2026-10-31"):
        named = Naming(PATTERN, SOURCES).read(stem)
        assert named is not None
        assert ((), DAY) == (named.sources, named.date)


def test_the_pattern_may_have_words_of_its_own_and_another_order() -> None:
    """What stands between the slots must be there."""
    naming = Naming("{date} Vùng phủ {service} của {operator}", SOURCES)
    named = naming.read("2026-10-31_vung-phu_5g_cua_Sao-Mai")
    assert named is not None
    assert SOURCES[:1] == named.sources
    assert naming.read("sao_mai_5g_2026-10-31") is None
    assert "2026-10-31_vung_phu_5g_cua_sao_mai" == naming.example(SOURCES[0])


def test_a_pattern_without_signs_between_its_slots_is_not_split_wrongly() -> None:
    """What belongs to the operator and what to the service is known from the project."""
    naming = Naming(
        "{operator}{service}{date}", (source("Mang 5", "g"), source("Mang", "5g"), source("Tan", "4g"))
    )
    named = naming.read("tan4g20261031")
    assert named is not None
    assert ["Tan"] == [one.operator for one in named.sources]


def test_a_name_that_fits_several_submissions_names_them_all_until_the_pattern_tells_them_apart() -> None:
    """Plan and report of one operator and service."""
    both = (source(), source(basis="planned"))
    named = Naming(PATTERN, both).read("sao_mai_5g_2026-10-31")
    assert named is not None
    assert both == named.sources
    named = Naming("{operator}_{service}_{basis}_{date}", both).read("sao_mai_5g_planned_2026-10-31")
    assert named is not None
    assert both[1:] == named.sources


def test_a_slot_for_what_a_submission_does_not_say_is_left_out() -> None:
    """An environment that the project does not name has no place in the name."""
    both = (source(), source(environment="indoor"))
    naming = Naming("{operator}_{service}_{environment}_{date}", both)
    for stem, number in (("sao_mai_5g_2026-10-31", 0), ("sao_mai_5g_indoor_2026-10-31", 1)):
        named = naming.read(stem)
        assert named is not None
        assert (both[number],) == named.sources


def test_the_example_is_a_name_that_is_read() -> None:
    """Whoever follows the message is understood."""
    naming = Naming(PATTERN, SOURCES)
    for one in SOURCES:
        named = naming.read(naming.example(one))
        assert named is not None
        assert (one,) == named.sources


def test_the_folder_of_a_submission_is_a_plain_word() -> None:
    """Whatever the operator is called."""
    odd = source("../Hải\u202e Đăng", service_class="100 Mbit/s", environment="indoor")
    assert "hai_dang-5g-100_mbit_s-indoor-declared" == submission_folder(identity(odd))
