"""What an error says, problem by problem, in both languages."""

from __future__ import annotations

import pytest

from blackspot.data.text.problems import problems_of
from blackspot.data.text.sentences import spoken, told
from blackspot.errors import (
    BlackspotError,
    BusyError,
    InputError,
    ProjectError,
    RunNotFoundError,
    WorkplaceError,
)
from fake_pipeline import some_finding


@pytest.mark.parametrize(
    ("error", "en", "vi"),
    [
        (
            InputError([some_finding(), some_finding()]),
            ["codes were padded."] * 2,
            ["mã đã được điền lại."] * 2,
        ),
        (ProjectError(["a", "b"], ["á", "bê"]), ["a", "b"], ["á", "bê"]),
        (ProjectError(told("errors", "cause.full")), ["the disk is full"], ["đĩa đã đầy"]),
        (ProjectError("only English"), ["only English"], ["only English"]),
        (RunNotFoundError("none", "không có"), ["none"], ["không có"]),
        (WorkplaceError(told("errors", "cause.full")), ["the disk is full"], ["đĩa đã đầy"]),
        (BusyError("wait"), ["wait"], ["wait"]),
        (WorkplaceError(), [""], [""]),
    ],
)
def test_every_problem_is_known_in_both_languages(
    error: BlackspotError, en: list[str], vi: list[str]
) -> None:
    """As far as there are words for it; otherwise the English ones stand."""
    problems = problems_of(error)
    assert en == list(problems)
    assert vi == [spoken(problem, "vi") for problem in problems]
