"""Tiles of speed tests, as Ookla publishes them: measurements by people who have a network, no coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...findings.collector import FileFindings

_COLUMNS = frozenset({"quadkey", "avg_d_kbps", "tests"})
_SHORT = frozenset({"quadkey", "avg_d_kbps", "avg_u_kbps"})


def are_speed_tests(names: Iterable[str], about: FileFindings) -> bool:
    """Recognise tiles of speed tests by their columns.

    Parameters
    ----------
    names
        Names of the columns.
    about
        Told when it is one.
    """
    found = {name.casefold() for name in names}
    if not (found >= _COLUMNS or found >= _SHORT):
        return False
    about.add("layer.speed-tests", columns=sorted(found & (_COLUMNS | _SHORT)))
    return True
