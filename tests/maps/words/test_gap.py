"""Who fails a gap profile, in words."""

from __future__ import annotations

import pytest

from blackspot.maps.words.gap import who_fails


@pytest.mark.parametrize(
    ("profile", "en", "vi"),
    [
        (
            {"services": ["5g", "fibre"], "gap": "all"},
            "With neither 5G nor fibre",
            "Chưa có cả 5G lẫn cáp quang",
        ),
        ({"services": ["5g", "fibre"], "gap": "any"}, "Lacking 5G or fibre", "Thiếu 5G hoặc cáp quang"),
        (
            {"services": ["5g", "fibre"], "gap": "any", "basic_services": ["4g", "5g"]},
            "Lacking 5G or fibre, or without any 4G or 5G",
            "Thiếu 5G hoặc cáp quang, hoặc không có sóng 4G hoặc 5G nào",
        ),
    ],
)
def test_who_fails_is_said_in_words(profile: dict[str, object], en: str, vi: str) -> None:
    """Services by name, with the word between them that the rule means."""
    assert (en, vi) == (who_fails(profile, "en"), who_fails(profile, "vi"))
