"""The end of a run for a machine: one line of JSON."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...data.runs.kept import KeptRun
    from ...errors import Finding
    from .report import RunReport


def as_json(value: object) -> str:
    """Write a value as one line of JSON; numbers that are not known become null.

    Parameters
    ----------
    value
        Dictionaries, lists, paths, texts and numbers, those of numpy included.
    """
    return json.dumps(_reduced(value), ensure_ascii=False, allow_nan=False)


def run_facts(report: RunReport, exit_code: int) -> dict[str, object]:
    """Give what ``blackspot run --json`` prints.

    Parameters
    ----------
    report
        The run.
    exit_code
        What the program ends with.
    """
    return {
        "run": report.run_id,
        "folder": report.folder,
        "published": report.published,
        "nothing_new": report.nothing_new,
        "latest_again": report.latest_again,
        "exit_code": exit_code,
        "figures": dict(report.figures),
        "submissions": [entry.to_json() for entry in report.submissions],
        "black_spots": report.black_spots_count,
        "findings": [
            {"code": finding.code, "severity": finding.severity, "count": finding.count}
            for finding in report.findings
        ],
        "pending": [reason._asdict() for reason in report.pending],
        "gates": [gate._asdict() for gate in report.gates],
        "map": report.map_path,
        "seconds": round(report.seconds, 1),
    }


def failed_facts(exit_code: int, error: BaseException, problems: Sequence[str]) -> dict[str, object]:
    """Give what ``--json`` prints of what stopped the program.

    Parameters
    ----------
    exit_code
        What the program ends with.
    error
        What stopped it.
    problems
        One sentence per problem.
    """
    found: Sequence[Finding] = getattr(error, "findings", ())
    return {
        "exit_code": exit_code,
        "findings": [
            {"code": finding.code, "severity": finding.severity, "count": finding.count} for finding in found
        ],
        "problems": list(problems),
    }


def kept_row(kept: KeptRun) -> dict[str, object]:
    """Give what ``blackspot runs --json`` prints of one line.

    Parameters
    ----------
    kept
        A run, a variant, or an attempt that published nothing.
    """
    record, failed = kept.record, kept.failure
    row: dict[str, object] = {
        "kind": kept.kind,
        "name": kept.name,
        "differs": dict(kept.differs),
        "reasons": [reason._asdict() for reason in kept.reasons],
        "events": [
            {"what": event.what, "at": event.recorded_at.isoformat(), "reason": event.reason}
            for event in kept.events
        ],
    }
    if record is not None:
        row |= {
            "run": record.id,
            "recorded_at": record.recorded_at.isoformat(),
            "digest": record.digest,
            "exit_code": record.exit_code,
            "seconds": record.seconds,
            "figures": dict(record.figures),
            "findings": dict(record.findings),
        }
    if failed is not None:
        row |= {
            "recorded_at": failed.recorded_at.isoformat(),
            "exit_code": failed.exit_code,
            "seconds": failed.seconds,
            "messages": list(failed.messages),
        }
    return row


def _reduced(value: object) -> object:
    """Reduce a value to what JSON has."""
    if isinstance(value, dict):
        return {str(key): _reduced(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_reduced(item) for item in value]
    if hasattr(value, "item"):  # a number of numpy
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, str | int | float) else str(value)
