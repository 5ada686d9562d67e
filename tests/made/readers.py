"""What the process that readers are forked from runs in tests of every code: it is the real one.

Its readers can be told to forget a rule or that a package is not installed, and add to their reply from which places they said what.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import code_places
from blackspot.data.findings.collector import Findings
from blackspot.data.findings.rules import RULES
from blackspot.data.isolation import server
from blackspot.data.parsers.jobs import JOBS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def serve() -> None:
    """Answer as the real process does."""
    Findings.add = code_places.listening  # type: ignore[method-assign] # calls the real one
    server.serve({name: _forgetful(job) for name, job in JOBS.items()})


def _forgetful(job: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def work(
        inside: Path, outside: Path, *, without: str = "", lacking: str = "", **arguments: Any
    ) -> dict[str, Any]:
        RULES.pop(without, None)
        if lacking:
            sys.modules[lacking] = None  # type: ignore[assignment] # how Python is told that there is none
        return job(inside, outside, **arguments) | {"said": code_places.said}

    return work
