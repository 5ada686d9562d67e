"""What a run has to say when it is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from ...data.submissions.records import SubmissionRecord
    from ...data.text.words import Both
    from ...errors import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What a run has to say when it is done.

    ``figures`` are the country's; ``communes``, ``provinces`` and ``black_spots`` are the published tables without
    geometry, by rank where they have one. ``title`` and ``notice``, the warning that stands on every output, are by
    language (vi and en), empty where there is none; ``profile`` is the name and version of the gap profile, ``fails``
    says by language who fails it. ``not_compared`` says by language why the run before is not put beside this one; it
    is empty where it is, and for a first run. ``published`` is false and ``nothing_new`` true when the inputs are those
    of a run that was published before; ``latest_again`` is true where other inputs were in force between, so that it is
    the latest again. ``submissions`` says what became of each submission. ``settlements`` counts villages and facilities by
    their state, empty where the project names none. ``pending`` says why it waits for approval,
    ``gates`` which gates it does not pass; both are empty for a run that is published and passes.
    """

    run_id: str
    folder: Path
    published: bool
    nothing_new: bool
    exit_code: int
    figures: Mapping[str, object]
    provinces: pd.DataFrame
    communes: pd.DataFrame
    black_spots: pd.DataFrame
    black_spots_count: int
    findings: tuple[Finding, ...]
    submissions: Sequence[SubmissionRecord]
    map_path: Path | None
    seconds: float
    notice: Mapping[str, str]
    title: Mapping[str, str]
    profile: str
    fails: Mapping[str, str]
    services: tuple[str, ...]
    not_compared: Mapping[str, str]
    settlements: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    latest_again: bool = False
    pending: tuple[Both, ...] = ()
    gates: tuple[Both, ...] = ()
