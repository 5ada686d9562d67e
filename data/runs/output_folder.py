"""Publishing a run: complete or not at all, and one writer at a time.

The order of the steps is the safety: write into a hidden folder beside the runs, compare every file with the
manifest, force all of it to the disk, rename the folder, and only then move the pointers ``latest.json`` and
``latest``. Whatever kills the program, the pointers name the old run or the new one, and both are whole. What
a killed run left behind is cleared, or finished, by the next one.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import json
import logging
import os
import socket
from typing import TYPE_CHECKING, Self

from filelock import Timeout, UnixFileLock

from ...errors import BusyError, WorkplaceError, note_published
from ..disk.atomic import (
    UNFINISHED_SUFFIX,
    explained_os_errors,
    protect_files,
    remove,
    sync_folder,
    sync_tree,
    write_atomically,
)
from ..text.sentences import told
from .listing import LATEST, PENDING, RUNS, latest_id, list_runs, sequence_of, settled_id
from .manifest import added, canonical_json, damage
from .signals import HeldSignals

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

log = logging.getLogger("blackspot")

LOCK = ".lock"
LINK = "latest"
_PATIENCE_S = 0.3  # whoever only looks whether the folder is held takes the lock for an instant
UNFINISHED_PREFIX = ".unfinished-"
"""Start of the name of a run folder that is not published yet."""


class OutputFolder:
    """The output folder, held for one writer; use it in a ``with`` statement.

    Parameters
    ----------
    out
        The folder; made when it does not exist.

    Raises
    ------
    BusyError
        Another run holds the folder (on entering).
    WorkplaceError
        The disk is full or read-only, the rights do not suffice, or the disk knows no locks (on entering).
    """

    def __init__(self, out: Path) -> None:
        self.path = out
        self._signals = HeldSignals()
        self._published = ""
        # The system frees the lock when its holder dies, however that happens; a soft lock would stay.
        self._lock = UnixFileLock(
            out / LOCK,
            timeout=_PATIENCE_S,
            fallback_to_soft=False,
            preserve_lock_file=True,
            on_acquired=_sign,
        )

    def __enter__(self) -> Self:
        with explained_os_errors(self.path, told("errors", "doing.use_output")):
            (self.path / RUNS).mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire()
            except Timeout as error:
                raise BusyError(_busy(self.path)) from error
        try:
            self._tidy()
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()
        try:
            self._signals.release()
        except BaseException as stopped:
            note_published(stopped, self._published)
            raise

    def begin(self, run_id: str) -> Path:
        """Make the folder into which a run writes.

        Parameters
        ----------
        run_id
            As ``runs.next_run_id`` gives it.

        Returns
        -------
        Path
            An empty folder on the same disk as the published runs.

        Raises
        ------
        WorkplaceError
            The disk is full or read-only, or the rights do not suffice.
        ValueError
            The text is no name of a run, or there is such a run already.
        """
        self._check_new(run_id)
        folder = self.path / RUNS / f"{UNFINISHED_PREFIX}{run_id}"
        with explained_os_errors(folder, told("errors", "doing.make_run_folder")):
            remove(folder)
            folder.mkdir()
        return folder

    def publish(self, temp: Path, run_id: str) -> Path:
        """Turn a finished folder into a run whose files nobody writes to, and make it the latest.

        From here on until the folder is let go, signals that stop the program are held back: a run that is
        published is noted as well, and whoever stopped the program learns both.

        Parameters
        ----------
        temp
            The folder ``begin`` gave, with its manifest, or the one ``hold_back`` gave.
        run_id
            The same name as at ``begin``.

        Returns
        -------
        Path
            The folder of the published run.

        Raises
        ------
        WorkplaceError
            A file is not what the manifest says, the disk is full or read-only, or the rights do not
            suffice. The latest run stays the one it was, and nothing is published.
        ValueError
            The text is no name of a run, or there is such a run already.
        """
        self._check_new(run_id)
        _check_whole(temp)
        final = self.path / RUNS / run_id
        self._signals.hold(obey=True)
        with explained_os_errors(final, told("errors", "doing.publish")):
            protect_files(temp)
            sync_tree(temp)
            os.rename(temp, final)  # noqa: PTH104 - os beside the syncs: the order of system calls is the point
            try:
                sync_folder(final.parent)
                self._name_latest(run_id)
            except OSError as error:
                if latest_id(self.path) != run_id:
                    os.rename(final, temp)  # noqa: PTH104 - as above: nobody was told of it yet
                    raise
                log.warning(told("errors", "warning.power_cut", path=final, words=error))
        self._published = run_id
        self._point_link_to(run_id)
        return final

    def point_back_to(self, run_id: str) -> None:
        """Make an earlier run the latest again, because its inputs are those that are in force again.

        One atomic step; signals that stop the program are held back from here on, as after ``publish``.

        Parameters
        ----------
        run_id
            A published run.

        Raises
        ------
        WorkplaceError
            The disk is full or read-only, or the rights do not suffice; the latest run stays the one it was.
        """
        newest = max((run.id for run in list_runs(self.path)), key=sequence_of)
        self._signals.hold(obey=True)
        self._point_to(run_id, settled=newest)

    def hold_back(self, temp: Path, run_id: str) -> Path:
        """Put a finished run where it waits for approval; the latest run stays the one it was.

        ``publish`` makes a run of it, from the folder that is given back.

        Parameters
        ----------
        temp
            The folder ``begin`` gave, with its manifest.
        run_id
            The same name as at ``begin``.

        Returns
        -------
        Path
            The folder of the run that waits.

        Raises
        ------
        WorkplaceError
            A file is not what the manifest says, the disk is full or read-only, or the rights do not suffice.
        ValueError
            The text is no name of a run, or there is such a run already.
        """
        self._check_new(run_id)
        _check_whole(temp)
        final = self.path / PENDING / run_id
        self._signals.hold(obey=True)
        with explained_os_errors(final, told("errors", "doing.wait_for_approval")):
            final.parent.mkdir(exist_ok=True)
            protect_files(temp)
            sync_tree(temp)
            os.rename(temp, final)  # noqa: PTH104 - as in publish
            sync_folder(final.parent)
            sync_folder(self.path)
        return final

    def remove_run(self, folder: Path) -> None:
        """Remove a run, or one that waits: in one step it is gone from sight, and then from the disk.

        Parameters
        ----------
        folder
            Of the run.

        Raises
        ------
        WorkplaceError
            The rights do not suffice, or the disk failed.
        ValueError
            It is the latest run, or none of this folder.
        """
        if not self._lock.is_locked or folder.parent not in {self.path / RUNS, self.path / PENDING}:
            raise ValueError(f"{folder} is no run of {self.path}, or that is not held")
        if folder == self.path / RUNS / latest_id(self.path):
            raise ValueError(f"{folder} is the latest run")
        litter = self.path / RUNS / f"{UNFINISHED_PREFIX}{folder.name}-removed"
        with explained_os_errors(folder, "remove the run"):
            remove(litter)
            os.rename(folder, litter)  # noqa: PTH104 - as in publish; what a crash leaves of it, the next run clears
            sync_folder(folder.parent)
            sync_folder(litter.parent)
            remove(litter)

    def discard(self, temp: Path) -> None:
        """Throw an unfinished run away.

        Parameters
        ----------
        temp
            The folder ``begin`` gave.

        Raises
        ------
        WorkplaceError
            The rights do not suffice, or the disk failed.
        """
        with explained_os_errors(temp, told("errors", "doing.remove_unfinished")):
            remove(temp)

    def _check_new(self, run_id: str) -> None:
        if not self._lock.is_locked:
            raise ValueError(f"{self.path} is not held; use OutputFolder in a with statement")
        sequence_of(run_id)
        if (self.path / RUNS / run_id).exists():
            raise ValueError(f"the run {run_id} exists in {self.path}; a run is published once")

    def _tidy(self) -> None:
        """Clear what a killed run left behind, and finish a publication that lacked only the pointers."""
        with explained_os_errors(self.path, told("errors", "doing.clear_unfinished")):
            for entry in sorted((self.path / RUNS).iterdir()):
                if entry.name.startswith(UNFINISHED_PREFIX):
                    remove(entry)
            for entry in sorted(self.path.iterdir()):
                if entry.name.startswith(".") and entry.name.endswith(UNFINISHED_SUFFIX):
                    remove(entry)
        self._repair_pointers()

    def _repair_pointers(self) -> None:
        """Let the pointers name the newest whole run, or the earlier one that was made the latest again.

        A damaged run must not hold up the next.
        """
        pointed, settled = latest_id(self.path), settled_id(self.path)
        runs = list_runs(self.path)
        is_settled = bool(settled) and any(run.id == pointed for run in runs)
        for run in reversed(runs):
            if run.id == pointed:
                self._point_link_to(run.id)
                return
            if is_settled and run.sequence <= sequence_of(settled):
                continue
            if not damage(run.folder):
                self._point_to(run.id)
                return

    def _point_to(self, run_id: str, settled: str = "") -> None:
        self._name_latest(run_id, settled)
        self._point_link_to(run_id)

    def _name_latest(self, run_id: str, settled: str = "") -> None:
        pointer = {"run": run_id, "path": f"{RUNS}/{run_id}"}
        if settled not in {"", run_id}:
            pointer["settled"] = settled
        write_atomically(self.path / LATEST, canonical_json(pointer))

    def _point_link_to(self, run_id: str) -> None:
        """Point the link to a run, where the disk has links: it is a convenience, programs read latest.json.

        Memory sticks and network shares refuse links, each with an error of its own. A link that cannot be
        moved is taken away: none is better than one to an old run.
        """
        link = self.path / LINK
        target = f"{RUNS}/{run_id}"
        if link.is_symlink():
            if os.readlink(link) == target:  # noqa: PTH115 - the text is compared, not a path
                return
        elif link.exists():
            return  # somebody's own file or folder; latest.json says it all
        draft = self.path / f".{LINK}{UNFINISHED_SUFFIX}"
        try:
            remove(draft)
            os.symlink(target, draft)  # noqa: PTH211 - os beside the syncs: the order of system calls is the point
            os.replace(draft, link)  # noqa: PTH105 - as above
            sync_folder(self.path)
        except (OSError, NotImplementedError) as error:  # the latter where the system has no links at all
            log.info("%s: this disk keeps no link to the latest run (%s)", link, error)
            with contextlib.suppress(OSError):  # then it stays as it is
                if link.is_symlink() and os.readlink(link) != target:  # noqa: PTH115 - as above
                    link.unlink()


def _check_whole(folder: Path) -> None:
    problems = (*damage(folder), *(f"{name} is not in the manifest" for name in added(folder)))
    if problems:
        raise WorkplaceError(
            f"{folder}: the results were not kept whole by the disk ({'; '.join(problems)}); "
            "look at the disk and run again."
        )


def is_held(out: Path) -> bool:
    """Say whether a run is writing into an output folder; the right to read it is enough.

    Parameters
    ----------
    out
        The output folder; need not exist.

    Returns
    -------
    bool
        True as well where that cannot be told, as on a disk that knows no locks.
    """
    try:
        descriptor = os.open(out / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _sign(descriptor: int) -> None:
    """Write into the lock file who holds it; on a full disk the lock holds without a name."""
    since = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    holder = json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": since})
    os.ftruncate(descriptor, 0)
    try:
        os.pwrite(descriptor, holder.encode(), 0)
    except OSError as error:
        log.debug("nobody can read who holds the folder (%s)", error)


def _busy(out: Path) -> str:
    who = told("errors", "busy_new")
    with contextlib.suppress(ValueError, KeyError, TypeError):  # its holder has not signed yet
        about = json.loads((out / LOCK).read_bytes())
        who = told("errors", "busy_process", pid=str(about["pid"]), host=about["host"], since=about["since"])
    return told("errors", "busy", out=out, who=who)
