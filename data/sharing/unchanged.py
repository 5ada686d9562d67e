"""Files that did not change from run to run are kept once: hard links between the folders of runs.

The published runs are themselves the store. A file of a new run that an earlier run has under the same name, with the
same hash in its manifest, becomes another name of that file. Nothing stands beside the runs: deleting one of them
frees what no other has, a run folder that is copied alone is whole, and whatever kills the program leaves nothing.

Before a file is shared its bytes are hashed again: what somebody wrote into an earlier run never reaches a new one.
Where a disk knows no hard links, each run keeps its own copy.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Final, cast

from ...errors import WorkplaceError
from ..disk.atomic import UNFINISHED_SUFFIX, explained_os_errors
from ..disk.copying import NotRegularError
from ..disk.hashing import sha256_of
from ..runs.listing import list_runs
from ..runs.manifest import read_manifest
from ..runs.variants import variant_folder, variant_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ..runs.listing import Run

    Outputs = Mapping[str, Mapping[str, object]]

log = logging.getLogger("blackspot")

SMALLEST: Final = 1 << 14
"""Smaller files are not worth a look at the earlier runs, in bytes."""


def earlier_runs(series: Path) -> list[Run]:
    """Give the runs whose files a new one may share: those of the series and of its variants, the newest first.

    Parameters
    ----------
    series
        The output folder of the series; need not exist.

    Raises
    ------
    WorkplaceError
        A folder cannot be read.
    """
    folders = [series, *(variant_folder(series, name) for name in variant_names(series))]
    return [run for folder in folders for run in reversed(list_runs(folder))]


def share_unchanged(folder: Path, earlier: Sequence[Run]) -> tuple[str, ...]:
    """Replace files of an unfinished run by hard links to the same files of earlier runs.

    Parameters
    ----------
    folder
        The unfinished run, with its manifest. Its bytes are the same afterwards.
    earlier
        Published runs, as :func:`earlier_runs` gives them; the first that has a file whole lends it.

    Returns
    -------
    tuple of str
        Names of the files that are shared now, in alphabetical order.

    Raises
    ------
    WorkplaceError
        The manifest of the unfinished run cannot be read, or its folder cannot be written to.
    """
    shared = []
    for name, announced in sorted(_outputs(folder).items()):
        if int(str(announced["size"])) < SMALLEST:
            continue
        donor = next((run for run in earlier if _has(run, name, announced)), None)
        if donor is None:
            continue
        try:
            _link(donor.folder / name, folder / name)
        except OSError as error:  # no hard links here, another disk, or another owner's file
            log.info(
                "%s: keeps its own copy of %s, the disk gives no hard link (%s)",
                folder.name, name, error.strerror,
            )  # fmt: skip
        else:
            shared.append(name)
    return tuple(shared)


def lend(earlier: Sequence[Run], target: Path, sha256: str) -> bool:
    """Put the file of an earlier run in the place of one that an unfinished run would write with the same bytes.

    Parameters
    ----------
    earlier
        Published runs, as :func:`earlier_runs` gives them; the first that has the file whole lends it.
    target
        The file to be, in an unfinished run; it must not exist.
    sha256
        Of its bytes, in hex.

    Returns
    -------
    bool
        Whether it is there now; not where no run has it, or the disk gives no hard link.
    """
    for run in earlier:
        announced = cast("Outputs", run.manifest["outputs"]).get(target.name)
        if announced is not None and announced["sha256"] == sha256 and _has(run, target.name, announced):
            try:
                os.link(run.folder / target.name, target, follow_symlinks=False)
            except OSError:
                return False
            return True
    return False


def _outputs(folder: Path) -> Outputs:
    return cast("Outputs", read_manifest(folder)["outputs"])


def _has(run: Run, name: str, announced: Mapping[str, object]) -> bool:
    """Say whether a run has a file, by its manifest and by the bytes that are there now."""
    if cast("Outputs", run.manifest["outputs"]).get(name) != announced:
        return False
    try:
        return sha256_of(run.folder / name) == announced["sha256"]
    except (FileNotFoundError, NotADirectoryError, NotRegularError, PermissionError, WorkplaceError):
        return False  # whatever is wrong with an earlier run, this one has the file itself


def _link(source: Path, target: Path) -> None:
    """Put another name of a file in the place of its copy, in one step."""
    draft = target.with_name(f".{target.name}{UNFINISHED_SUFFIX}")
    if source.samefile(target):  # it was lent when the run was written
        return
    os.link(source, draft, follow_symlinks=False)
    with explained_os_errors(target, "share a file with an earlier run"):
        try:
            draft.replace(target)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
