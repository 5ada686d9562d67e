"""Reduced isolation is told, and can be refused."""

from __future__ import annotations

import pytest

from blackspot.data.isolation import level
from blackspot.data.isolation.client import Isolation
from blackspot.data.isolation.level import ensure_isolation
from blackspot.errors import WorkplaceError

FULL = Isolation("full", 5, seccomp=True, user="own")
REDUCED = Isolation("reduced", 0, seccomp=True, user="own")


@pytest.mark.parametrize("wanted", ["any", "full"])
def test_full_isolation_needs_no_word(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, wanted: str
) -> None:
    """Nothing is told where nothing is missing."""
    monkeypatch.setattr(level, "isolation_report", lambda: FULL)
    ensure_isolation(wanted)
    assert [] == caplog.messages


def test_reduced_isolation_is_told_or_refused(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """On the screen, with the layer that is missing."""
    monkeypatch.setattr(level, "isolation_report", lambda: REDUCED)
    ensure_isolation("any")
    (told,) = caplog.messages
    assert "isolation reduced: Landlock missing, filter of system calls in force" in told
    with pytest.raises(WorkplaceError, match='wants isolation = "full"'):
        ensure_isolation("full")
