"""How far files of others must be kept apart, as a project wants it, before the first of them is read."""

from __future__ import annotations

import logging

from ...errors import WorkplaceError
from ..text.sentences import told
from .client import isolation_report

log = logging.getLogger("blackspot")


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
    missing = told("errors", "state_missing")
    reduced = told(
        "errors",
        "reduced",
        landlock=str(report.landlock) if report.landlock else missing,
        seccomp=told("errors", "state_in_force") if report.seccomp else missing,
    )
    if wanted == "full":
        raise WorkplaceError(told("errors", "not_full", reduced=reduced))
    log.warning(told("errors", "warning.see_doctor", reduced=reduced))
