"""Checking a file of communes against the register of July 2026."""

from __future__ import annotations

import numpy as np

from ..country.communes import Communes, read_communes
from ..submissions.shapes import tell_repeated_vertices
from .decodings import tell_decodings, tell_old_fonts
from .register import compare_register
from .request import CheckFacts
from .subject import Subject, commune_source, official_names

OFFICIAL_COMMUNES = 3321
"""Communes, wards and special zones since 1 July 2025."""
_OLD_UNITS = 1.3  # times the official number: there were 10,035 communes before the reform, 11,000 in 2009


def check_communes(subject: Subject) -> tuple[CheckFacts, Communes | None]:
    """Check a file of communes as the run reads it, against the register where one is given.

    The communes are given back, so that somebody sees how they fit together.
    """
    source = commune_source(subject, subject.path, subject.request.layer)
    if source is None:
        tell_decodings(subject.path, subject.findings, official_names(subject))
        return CheckFacts(), None
    communes = read_communes(source, None, subject.findings)
    about = subject.about
    count = subject.findings.ledger.rows.get(subject.path, 0) if communes is None else len(communes.frame)
    if count > _OLD_UNITS * OFFICIAL_COMMUNES:
        about.add("register.old-units", count=count, official=OFFICIAL_COMMUNES)
    elif communes is not None and count != OFFICIAL_COMMUNES:
        about.add("register.partial", count=count, official=OFFICIAL_COMMUNES)
    if communes is None:
        tell_decodings(subject.path, subject.findings, official_names(subject))
        return CheckFacts(), None
    frame = communes.frame
    tell_old_fonts(frame["name"], official_names(subject), about)
    tell_repeated_vertices(np.asarray(frame.geometry.array, dtype=object), about)
    joins = None if subject.communes is None else compare_register(frame, subject.communes, about)
    return CheckFacts(rows=count, joins=joins), communes
