"""Villages, the list of reported ones, facilities and former names, as far as a project names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .former import read_former
from .read import read_facilities, read_villages
from .reported import read_reported

if TYPE_CHECKING:
    from ..country.communes import Communes
    from ..disk.hashing import Expected
    from ..findings.collector import Findings
    from ..project.models import Project


def read_settlements(
    project: Project, communes: Communes | None, findings: Findings, expected: Expected
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
    expected
        What the files must be.

    Returns
    -------
    dict
        ``villages``, ``reported`` and ``former``, None where the project names none or after an error finding, and
        ``facilities`` by kind.
    """
    source, former = project.villages, project.communes.former
    villages = None if source is None else read_villages(source, communes, findings, expected)
    listed = None if source is None else source.reported
    read = {one.kind: read_facilities(one, communes, findings, expected) for one in project.facilities}
    return {
        "villages": villages,
        "reported": None if listed is None else read_reported(listed, communes, findings, expected),
        "facilities": {kind: found for kind, found in read.items() if found is not None},
        "former": None if former is None else read_former(former, communes, findings, expected),
    }
