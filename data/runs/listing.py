"""The runs of an output folder: their names, the newest one, and finding one by the start of its name.

::

    out/latest.json                {"path": "runs/000123-9f2c41", "run": "000123-9f2c41"}
    out/runs/000123-9f2c41/        sequence number, start of the digest of the inputs
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from ...errors import Finding, WorkplaceError
from ..disk.atomic import bytes_if_there, explained_os_errors
from ..submissions.records import read_records
from ..text.sentences import told
from .manifest import damage, read_manifest
from .not_found import not_found
from .series import is_comparable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from ..disk.hashing import InputFile
    from ..submissions.records import SubmissionRecord

RUNS = "runs"
PENDING = "pending"
"""Folder of the runs that wait for approval: none of them is a run of the series yet."""
LATEST = "latest.json"

_RUN_ID = re.compile(r"(?P<sequence>[0-9]{6,})-(?P<digest>[0-9a-f]{6})")


@dataclass(frozen=True, slots=True)
class Run:
    """One published run.

    Attributes
    ----------
    id
        Such as ``000123-9f2c41``.
    folder
        Where its files are.
    manifest
        What it says about itself.
    """

    id: str
    folder: Path
    manifest: Mapping[str, object]

    @property
    def sequence(self) -> int:
        """The number of the run; a later run has a higher one."""
        return sequence_of(self.id)

    @property
    def inputs_digest(self) -> str:
        """Digest of inputs, project and version; empty when the manifest has none."""
        return str(self.manifest.get("inputs_digest", ""))

    @property
    def figures(self) -> Mapping[str, object]:
        """Figures of the whole country by name."""
        return cast("Mapping[str, object]", self.manifest["figures"])

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the checks said about the inputs of this run."""
        kept = cast("Sequence[Mapping[str, Any]]", self.manifest["findings"])
        return tuple(Finding(**finding) for finding in kept)

    @property
    def notice(self) -> Mapping[str, str]:
        """Warning that stands on every output of this run, by language."""
        project = self.manifest.get("project")
        notice = project.get("notice") if isinstance(project, dict) else None
        return notice if isinstance(notice, dict) else {}

    @property
    def submissions(self) -> tuple[SubmissionRecord, ...]:
        """What became of each submission; empty in runs of older programs."""
        return read_records(self.manifest.get("submissions"))


def inputs_digest(
    inputs: Iterable[InputFile],
    project_digest: str,
    version: str,
    used_instead: Sequence[Sequence[str]] = (),
) -> str:
    """Sum up everything that decides the result of a run.

    Parameters
    ----------
    inputs
        The files that were read; their role, content and vintage matter, not their order and where they stand.
    project_digest
        Digest of the content of the project file and its overrides.
    version
        Of the program, and of whatever else changes results.
    used_instead
        Which versions were used in place of refused submissions, see :func:`blackspot.data.submissions.records.used_instead`.

    Returns
    -------
    str
        A sha256 in hex. The same digest as the latest run's means there is nothing new to compute.
    """
    files = sorted([item.role, item.sha256, item.vintage] for item in inputs)
    instead = [list(entry) for entry in used_instead]
    text = json.dumps([files, project_digest, version, instead], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def next_run_id(out: Path, digest: str) -> str:
    """Name the next run.

    Parameters
    ----------
    out
        The output folder, held by the caller so that nobody else takes the same number.
    digest
        As ``inputs_digest`` gives it.

    Returns
    -------
    str
        One more than the highest number used so far, whatever the clock says, and the start of the digest.

    Raises
    ------
    WorkplaceError
        The output folder cannot be read.
    """
    names = (*run_names(out), *run_names(out, PENDING), latest_id(out), settled_id(out))
    used = [sequence_of(name) for name in names if name]
    return f"{max(used, default=0) + 1:06d}-{digest[:6]}"


def sequence_of(run_id: str) -> int:
    """Give the number of a run.

    Parameters
    ----------
    run_id
        Such as ``000123-9f2c41``.

    Returns
    -------
    int
        123.

    Raises
    ------
    ValueError
        The text is no name of a run.
    """
    found = _RUN_ID.fullmatch(run_id)
    if not found:
        raise ValueError(f"{run_id!r} is no name of a run, such as 000123-9f2c41")
    return int(found["sequence"])


def latest_run(out: Path) -> Run | None:
    """Open the latest run, as ``latest.json`` names it: the newest, or an earlier one whose inputs came back.

    Parameters
    ----------
    out
        The output folder.

    Returns
    -------
    Run or None
        None when nothing was published yet.

    Raises
    ------
    WorkplaceError
        The run or its manifest cannot be read.
    """
    name = latest_id(out)
    return _open(out, name) if name and (out / RUNS / name).is_dir() else None


def latest_id(out: Path) -> str:
    """Read the pointer to the newest run.

    Parameters
    ----------
    out
        The output folder; need not exist.

    Returns
    -------
    str
        Name of the run; empty when there is no pointer, or when it names no run.

    Raises
    ------
    WorkplaceError
        The pointer cannot be read.
    """
    return _pointed(out, "run")


def settled_id(out: Path) -> str:
    """Name the newest run there was when an earlier one was made the latest again; empty where that is the newest."""
    return _pointed(out, "settled")


def _pointed(out: Path, key: str) -> str:
    content = bytes_if_there(out / LATEST)
    if content is None:
        return ""
    try:
        name = json.loads(content)[key]
    except (ValueError, KeyError, TypeError):
        return ""
    return name if isinstance(name, str) and _RUN_ID.fullmatch(name) else ""


def list_runs(out: Path) -> tuple[Run, ...]:
    """Open all runs.

    Parameters
    ----------
    out
        The output folder; need not exist.

    Returns
    -------
    tuple of Run
        Oldest first. A folder without a readable manifest is no run; ``damaged_runs`` names those.

    Raises
    ------
    WorkplaceError
        The output folder cannot be read.
    """
    return _sorted_out(out)[0]


def run_before(out: Path, run: Run) -> Run | None:
    """Give the run before this one in its series; None where there is none.

    Parameters
    ----------
    out
        The output folder.
    run
        A run of it. Runs by other rules, people, boundaries or claims do not count: they say nothing about time.
    """
    earlier = [
        other
        for other in list_runs(out)
        if other.sequence < run.sequence and is_comparable(other.manifest, run.manifest)
    ]
    return max(earlier, key=lambda other: other.sequence, default=None)


def ensure_whole(run: Run, names: Collection[str]) -> None:
    """Stop where files of a run are not as they were published.

    Parameters
    ----------
    run
        A published run.
    names
        The files that are about to be read; those the run never had are passed over.

    Raises
    ------
    WorkplaceError
        One of them is missing or changed.
    """
    spoilt = damage(run.folder, names)
    if spoilt:
        raise WorkplaceError(told("errors", "spoilt", path=run.folder, problems="; ".join(spoilt)))


def damaged_runs(out: Path) -> tuple[str, ...]:
    """Say which run folders have no readable manifest.

    Parameters
    ----------
    out
        The output folder; need not exist.

    Returns
    -------
    tuple of str
        One sentence each, oldest first.

    Raises
    ------
    WorkplaceError
        The output folder cannot be read.
    """
    return _sorted_out(out)[1]


def open_run(out: Path, id_prefix: str) -> Run:
    """Find a run by its name, the start of its name, its number, or the word ``latest``; also one that waits for approval.

    Parameters
    ----------
    out
        The output folder.
    id_prefix
        Such as ``000123-9f2c41``, ``000123``, ``123`` or ``latest``.

    Returns
    -------
    Run
        The only run that fits.

    Raises
    ------
    RunNotFoundError
        No run fits, or more than one.
    WorkplaceError
        The run or its manifest cannot be read.
    """
    wanted = id_prefix.strip().lower()
    if wanted == "latest":
        latest = latest_run(out)
        if latest is None:
            raise not_found("runs", "nothing", out=str(out))
        return latest
    places = {name: place for place in (PENDING, RUNS) for name in run_names(out, place)}
    names = sorted(places, key=sequence_of)
    numbered = [name for name in names if wanted.isdecimal() and sequence_of(name) == int(wanted)]
    fitting = numbered or [name for name in names if wanted and name.startswith(wanted)]
    if len(fitting) == 1:
        return _open(out, fitting[0], places[fitting[0]])
    if fitting:
        raise not_found("runs", "several_runs", wanted=repr(id_prefix), known=", ".join(fitting))
    raise not_found("runs", "run", wanted=repr(id_prefix), out=str(out), known=", ".join(names[-5:]))


def pending_runs(out: Path) -> tuple[Run, ...]:
    """Open the runs that wait for approval, oldest first; those whose manifest cannot be read are passed over.

    Parameters
    ----------
    out
        The output folder; need not exist.

    Raises
    ------
    WorkplaceError
        The output folder cannot be read.
    """
    return _sorted_out(out, PENDING)[0]


def run_names(out: Path, place: str = RUNS) -> list[str]:
    """Give the names of the folders that are called like runs, whatever is in them.

    Parameters
    ----------
    out
        The output folder; need not exist.
    place
        Where to look: ``RUNS`` or ``PENDING``.

    Raises
    ------
    WorkplaceError
        The output folder cannot be read.
    """
    folder = out / place
    with explained_os_errors(folder, told("errors", "doing.look_for_runs")):
        if not folder.is_dir():
            return []
        names = [entry.name for entry in folder.iterdir() if _RUN_ID.fullmatch(entry.name) and entry.is_dir()]
    return sorted(names, key=lambda name: (sequence_of(name), name))


def _open(out: Path, name: str, place: str = RUNS) -> Run:
    folder = out / place / name
    return Run(name, folder, read_manifest(folder))


def _sorted_out(out: Path, place: str = RUNS) -> tuple[tuple[Run, ...], tuple[str, ...]]:
    runs, damaged = [], []
    for name in run_names(out, place):
        try:
            runs.append(_open(out, name, place))
        except WorkplaceError as error:
            damaged.append(str(error))
    return tuple(runs), tuple(damaged)
