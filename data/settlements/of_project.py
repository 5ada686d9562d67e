"""Villages, the list of reported ones, facilities and former names, as far as a project names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from .former import read_former
from .read import read_facilities, read_villages
from .reported import read_reported

if TYPE_CHECKING:
    from ..country.communes import Communes
    from ..findings.collector import Findings
    from ..project.models import Project
    from ..read_before import ReadBefore


def read_settlements(
    project: Project, communes: Communes | None, findings: Findings, read_before: ReadBefore
) -> dict[str, object]:
    """Read what a project says of settlements.

    Parameters
    ----------
    project
        The project file.
    communes
        Those of the country; None leaves codes unchecked.
    findings
        Told every problem.
    read_before
        Has what an earlier run read of the same bytes.

    Returns
    -------
    dict
        ``villages``, ``reported`` and ``former``, None where the project names none or after an error finding, and
        ``facilities`` by kind.
    """
    source, expected = project.villages, read_before.expected
    villages = None if source is None else read_villages(source, communes, findings, expected)
    listed = None if source is None else source.reported
    read = {one.kind: read_facilities(one, communes, findings, expected) for one in project.facilities}
    return {
        "villages": villages,
        "reported": None if listed is None else read_reported(listed, communes, findings, expected),
        "facilities": {kind: found for kind, found in read.items() if found is not None},
        "former": _former(project, communes, findings, read_before),
    }


def _former(
    project: Project, communes: Communes | None, findings: Findings, read_before: ReadBefore
) -> pd.DataFrame | None:
    """Read the names before a reform; their codes must be those of the communes."""
    source = project.communes.former
    if source is None:
        return None

    def make(told: Findings) -> pd.DataFrame | None:
        return read_former(source, communes, told, read_before.expected)

    if communes is None:
        return make(findings)
    files, content = project.country_files
    return read_before.read("former", [source.path, *files], content, make, findings, [pd.DataFrame])
