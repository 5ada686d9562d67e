"""Checking a file of communes against the register of July 2026."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..country.communes import Communes, read_commune_table, read_communes
from ..readers.facts import Refused
from ..submissions.shapes import report_repeated_vertices
from .decodings import report_decodings, report_old_fonts
from .register import compare_register
from .request import CheckFacts
from .subject import Checked, Subject, commune_source, official_names

if TYPE_CHECKING:
    from ..findings.collector import FileFindings

OFFICIAL_COMMUNES = 3321
"""Communes, wards and special zones since 1 July 2025."""
_OLD_UNITS = 1.3  # times the official number: there were 10,035 communes before the reform, 11,000 in 2009


def check_communes(subject: Subject) -> tuple[Checked, Communes | None]:
    """Check a file of communes as the run reads it, against the register where one is given.

    The communes are given back for the check of their boundaries.
    """
    source = commune_source(subject, subject.path, subject.request.layer)
    if source is None:
        report_decodings(subject.path, subject.findings, official_names(subject))
        return Checked(facts=CheckFacts()), None
    table = read_commune_table(source, subject.findings)
    communes = read_communes(source, None, subject.findings, table=table)
    features = None if isinstance(table, Refused) else table
    code_column = source.columns.code
    about = subject.about
    if isinstance(communes, Refused):
        rows = communes.facts.rows
        if rows is not None:
            _check_old_units(rows, about)
        report_decodings(subject.path, subject.findings, official_names(subject))
        facts = CheckFacts(rows=rows)
        return Checked(facts=facts, features=features, code_column=code_column), None
    frame = communes.frame
    if not _check_old_units(len(frame), about) and len(frame) != OFFICIAL_COMMUNES:
        about.add("register.partial", count=len(frame), official=OFFICIAL_COMMUNES)
    report_old_fonts(frame["name"], official_names(subject), about)
    report_repeated_vertices(np.asarray(frame.geometry.array, dtype=object), about)
    joins = None if subject.communes is None else compare_register(frame, subject.communes, about)
    facts = CheckFacts(rows=len(frame), joins=joins)
    return Checked(facts=facts, features=features, code_column=code_column), communes


def _check_old_units(count: int, about: FileFindings) -> bool:
    """Report a file of so many communes that they must be those before the reform; true where it is one."""
    is_old = count > _OLD_UNITS * OFFICIAL_COMMUNES
    if is_old:
        about.add("register.old-units", count=count, official=OFFICIAL_COMMUNES)
    return is_old
