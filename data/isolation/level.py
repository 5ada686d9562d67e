"""How far files of others must be kept apart, as a project wants it, before the first of them is read."""

from __future__ import annotations

import logging

from ...errors import WorkplaceError
from .client import isolation_report

log = logging.getLogger("blackspot")

_REDUCED = (
    "this machine keeps the readers of files of others apart only in part (isolation reduced: "
    "Landlock {landlock}, filter of system calls {seccomp})"
)


def ensure_isolation(wanted: str) -> None:
    """Tell that isolation is reduced on this machine, or stop where a project wants it full.

    Parameters
    ----------
    wanted
        ``full`` or ``any``, as the project file says.

    Raises
    ------
    WorkplaceError
        Isolation is reduced and the project wants it full, or no process can be started.
    """
    report = isolation_report()
    if report.level == "full":
        return
    told = _REDUCED.format(
        landlock=report.landlock or "missing", seccomp="in force" if report.seccomp else "missing"
    )
    if wanted == "full":
        raise WorkplaceError(
            f'{told}, and the project file wants isolation = "full"; use a Linux whose kernel has both '
            "(5.13 or newer), and see blackspot doctor."
        )
    log.warning("%s; see blackspot doctor.", told)
