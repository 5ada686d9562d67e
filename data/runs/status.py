"""``status.json``: for whoever watches over the nightly runs, the last success and the last failure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ..disk.atomic import bytes_if_there, write_atomically
from .manifest import canonical_json

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from ..submissions.records import SubmissionRecord

STATUS = "status.json"


def record_success(
    out: Path,
    *,
    at: dt.datetime,
    run_id: str,
    exit_code: int,
    published: bool,
    messages: Sequence[str] = (),
    submissions: Sequence[SubmissionRecord] = (),
) -> None:
    """Note that a run ended well.

    Parameters
    ----------
    out
        The output folder, held by the caller.
    at
        When, with its time zone.
    run_id
        The latest run, whether it is new or not.
    exit_code
        Of the program: 0, or 3 when something was refused.
    published
        False when there was nothing new.
    messages
        What people should know, one sentence each.
    submissions
        Those that are not used as they were handed in.

    Raises
    ------
    WorkplaceError
        The disk is full or read-only, or the rights do not suffice.
    ValueError
        The time has no time zone.
    """
    entry = {
        "run": run_id,
        "published": published,
        "exit_code": exit_code,
        "messages": list(messages),
        "submissions": [entry.to_json() for entry in submissions],
    }
    _record(out, "last_success", at, entry)


def record_failure(out: Path, *, at: dt.datetime, exit_code: int, messages: Sequence[str]) -> None:
    """Note that nothing was published because something was wrong.

    A run that found the folder busy notes nothing: the run that holds it will.

    Parameters
    ----------
    out
        The output folder, held by the caller.
    at
        When, with its time zone.
    exit_code
        Of the program.
    messages
        Why, one sentence each.

    Raises
    ------
    WorkplaceError
        The disk is full or read-only, or the rights do not suffice.
    ValueError
        The time has no time zone.
    """
    _record(out, "last_failure", at, {"exit_code": exit_code, "messages": list(messages)})


def read_status(out: Path) -> dict[str, object]:
    """Read ``status.json``.

    Parameters
    ----------
    out
        The output folder.

    Returns
    -------
    dict
        ``last`` (``success`` or ``failure``), ``last_success`` and ``last_failure`` as far as there were any;
        empty where there is no such file, or a damaged one.

    Raises
    ------
    WorkplaceError
        The file cannot be read.
    """
    content = bytes_if_there(out / STATUS)
    if content is None:
        return {}
    try:
        status = json.loads(content)
    except ValueError:
        return {}  # it is written anew after every run; a broken one has nothing to say
    return status if isinstance(status, dict) else {}


def _record(out: Path, key: str, at: dt.datetime, entry: dict[str, object]) -> None:
    if at.utcoffset() is None:
        raise ValueError("the time has no time zone; write when it is in UTC")
    status = read_status(out)
    status["last"] = key.removeprefix("last_")
    status[key] = {**entry, "at": at.isoformat(timespec="seconds")}
    write_atomically(out / STATUS, canonical_json(status))
