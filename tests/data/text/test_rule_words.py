"""The keys of a project file in the words of the field."""

from __future__ import annotations

import pytest

from blackspot.data.text.rule_words import rule_words
from blackspot.data.text.sentences import spoken


@pytest.mark.parametrize(
    ("name", "value", "en", "vi"),
    [
        (
            "profile.gap",
            "any",
            "a gap counts where any service is missing",
            "chưa đạt khi thiếu bất kỳ dịch vụ nào",
        ),
        (
            "profile.min_people",
            "100",
            "smallest black spot that is kept, in people",
            "điểm đen nhỏ nhất được giữ, người",
        ),
        ("buffer_m", "", "service distance, in metres", "khoảng cách phục vụ, mét"),
    ],
)
def test_a_key_is_said_in_words(name: str, value: str, en: str, vi: str) -> None:
    """A value with words of its own before the key; a number has only those of its key."""
    words = rule_words(name, value)
    assert (en, vi) == (words, spoken(words, "vi"))


def test_a_key_without_words_has_none() -> None:
    """Whoever asks names it as it stands."""
    assert rule_words("profile.gap", "sometimes") is None
    assert rule_words("profile.not_there") is None
