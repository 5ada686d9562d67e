"""``status.json``: for whoever watches over the nightly runs, what is going on and how the last ones ended."""

from __future__ import annotations

import datetime as dt
import json
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..disk.atomic import bytes_if_there, write_atomically
from .manifest import canonical_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ..submissions.records import SubmissionRecord

STATUS = "status.json"
_RUNNING = "running"


def record_start(out: Path, *, at: dt.datetime) -> None:
    """Note that a run is being made; whatever is noted next says how it ended.

    Where the note is still there and nobody holds the folder, the run was killed.

    Parameters
    ----------
    out
        The output folder, held by the caller.
    at
        When it began, with its time zone.

    Raises
    ------
    WorkplaceError
        The disk is full or read-only, or the rights do not suffice.
    ValueError
        The time has no time zone.
    """
    status = read_status(out)
    status[_RUNNING] = {"at": _text(at)}
    write_atomically(out / STATUS, canonical_json(status))


def started_at(status: Mapping[str, object]) -> dt.datetime | None:
    """Say when the run began that has not ended yet.

    Parameters
    ----------
    status
        As ``read_status`` gives it.

    Returns
    -------
    datetime or None
        None where no run is noted as going on.
    """
    running = status.get(_RUNNING)
    try:
        began = dt.datetime.fromisoformat(str(running["at"])) if isinstance(running, dict) else None
    except (KeyError, ValueError):
        return dt.datetime.fromtimestamp(0, dt.UTC)  # one did begin; when is not known any more
    return began if began is None or began.tzinfo is not None else began.replace(tzinfo=dt.UTC)


def record_interruption(
    out: Path,
    *,
    at: dt.datetime,
    exit_code: int,
    began: dt.datetime,
    messages: Sequence[str],
    more: Mapping[str, object] = MappingProxyType({}),
) -> None:
    """Note that a run was stopped from outside.

    Parameters
    ----------
    out
        The output folder, held by the caller.
    at
        When it was stopped, or when that was noticed, with its time zone.
    exit_code
        130 for Ctrl-C, 143 for SIGTERM, 137 for one that was killed or lost in a power cut.
    began
        When it had begun.
    messages
        What is known, one sentence each.
    more
        Other entries that are put right with it.

    Raises
    ------
    WorkplaceError
        The disk is full or read-only, or the rights do not suffice.
    ValueError
        The time has no time zone.
    """
    entry = {"exit_code": exit_code, "began": _text(began), "messages": list(messages)}
    _record(out, "last_interruption", at, entry, more)


def record_pending(
    out: Path, *, at: dt.datetime, run_id: str, exit_code: int, messages: Sequence[str]
) -> None:
    """Note that a run is complete and waits for somebody's approval; the latest run stays the one it was.

    Parameters
    ----------
    out
        The output folder, held by the caller.
    at
        When, with its time zone.
    run_id
        The run that waits.
    exit_code
        Of the program.
    messages
        Why it waits, one sentence each.

    Raises
    ------
    WorkplaceError
        The disk is full or read-only, or the rights do not suffice.
    ValueError
        The time has no time zone.
    """
    _record(out, "last_pending", at, {"run": run_id, "exit_code": exit_code, "messages": list(messages)})


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
        Of the program: 0; 3 when something was refused; 8 when a gate was not passed.
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
    more = {"last_published": {"run": run_id, "at": _text(at)}} if published else {}
    _record(out, "last_success", at, entry, more)


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
        ``last`` (``success``, ``failure``, ``interruption`` or ``pending``), ``last_success``, ``last_published``,
        ``last_failure``, ``last_interruption`` and ``last_pending`` as far as there were any, ``running`` while a run is;
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


def _record(
    out: Path,
    key: str,
    at: dt.datetime,
    entry: Mapping[str, object],
    more: Mapping[str, object] = MappingProxyType({}),
) -> None:
    """Note how the run ended: in one step it is no longer going on."""
    status = read_status(out)
    status.pop(_RUNNING, None)
    status |= {"last": key.removeprefix("last_"), key: {**entry, "at": _text(at)}, **more}
    write_atomically(out / STATUS, canonical_json(status))


def _text(at: dt.datetime) -> str:
    if at.utcoffset() is None:
        raise ValueError("the time has no time zone; write when it is in UTC")
    return at.isoformat(timespec="seconds")
