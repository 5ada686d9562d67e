"""Checking a file of communes against the register of July 2026."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..country.communes import Communes, read_communes
from ..readers.facts import Refused
from ..submissions.shapes import report_repeated_vertices
from .decodings import report_decodings, report_old_fonts
from .register import compare_register
from .request import CheckFacts
from .subject import Subject, commune_source, official_names

if TYPE_CHECKING:
    from ..findings.collector import FileFindings

OFFICIAL_COMMUNES = 3321
"""Communes, wards and special zones since 1 July 2025."""
_OLD_UNITS = 1.3  # times the official number: there were 10,035 communes before the reform, 11,000 in 2009


def check_communes(subject: Subject) -> tuple[CheckFacts, Communes | None]:
    """Check a file of communes as the run reads it, against the register where one is given.

    The communes are given back, so that somebody sees how they fit together.
    """
    source = commune_source(subject, subject.path, subject.request.layer)
    if source is None:
        report_decodings(subject.path, subject.findings, official_names(subject))
        return CheckFacts(), None
    communes = read_communes(source, None, subject.findings)
    about = subject.about
    if isinstance(communes, Refused):
        rows = communes.facts.rows
        if rows is not None:
            _check_old_units(rows, about)
        report_decodings(subject.path, subject.findings, official_names(subject))
        return CheckFacts(rows=rows), None
    frame = communes.frame
    if not _check_old_units(len(frame), about) and len(frame) != OFFICIAL_COMMUNES:
        about.add("register.partial", count=len(frame), official=OFFICIAL_COMMUNES)
    report_old_fonts(frame["name"], official_names(subject), about)
    report_repeated_vertices(np.asarray(frame.geometry.array, dtype=object), about)
    joins = None if subject.communes is None else compare_register(frame, subject.communes, about)
    return CheckFacts(rows=len(frame), joins=joins), communes


def _check_old_units(count: int, about: FileFindings) -> bool:
    """Report a file of so many communes that they must be those before the reform; true where it is one."""
    is_old = count > _OLD_UNITS * OFFICIAL_COMMUNES
    if is_old:
        about.add("register.old-units", count=count, official=OFFICIAL_COMMUNES)
    return is_old
