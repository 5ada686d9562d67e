"""The ends of verify, prune and approve: lines of text, and what a machine is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...data.text.sentences import say
from .block import told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...data.upkeep.pending import PendingRun
    from ...data.upkeep.retention import Removable
    from ...data.upkeep.verify import Proof

_MEGABYTE = 1_000_000


def proof_lines(proof: Proof, language: str = "en") -> tuple[str, ...]:
    """Say what is damaged, one sentence each, or that nothing is."""
    key = "end.damaged" if proof.damage else "end.whole"
    end = say("upkeep", key, language, count=len(proof.damage), runs=proof.runs, files=proof.files)
    return (*told([one.told for one in proof.damage], language), end)


def proof_facts(proof: Proof, exit_code: int) -> dict[str, object]:
    """Give what ``blackspot verify --json`` prints."""
    return {
        "runs": proof.runs,
        "files": proof.files,
        "exit_code": exit_code,
        "damage": [{"what": one.what, "where": one.where, **one.told._asdict()} for one in proof.damage],
    }


def pruned_lines(
    removed: Sequence[Removable], language: str = "en", *, dry_run: bool, is_limited: bool
) -> tuple[str, ...]:
    """Say what was removed, or would be, with its size."""
    if not removed:
        return (say("upkeep", "end.nothing" if is_limited else "end.unlimited", language),)
    word = "would" if dry_run else "gone"
    lines = [
        say("upkeep", f"end.{word}", language, name=one.name, size=one.size / _MEGABYTE) for one in removed
    ]
    whole = sum(one.size for one in removed) / _MEGABYTE
    return (*lines, say("upkeep", f"end.{word}_sum", language, count=len(removed), size=whole))


def pruned_facts(removed: Sequence[Removable], *, dry_run: bool) -> dict[str, object]:
    """Give what ``blackspot prune --json`` prints."""
    return {
        "dry_run": dry_run,
        "bytes": sum(one.size for one in removed),
        "removed": [
            {
                "name": one.name,
                "folder": one.folder,
                "recorded_at": None if one.recorded_at is None else one.recorded_at.isoformat(),
                "bytes": one.size,
            }
            for one in removed
        ],
    }


def approved_lines(approved: PendingRun, language: str = "en") -> tuple[str, ...]:
    """Say what had been the matter with a run, and that it is published now."""
    run = approved.run
    end = say("upkeep", "end.approved", language, run=run.id, folder=run.folder)
    return (*told(approved.reasons, language), end)
