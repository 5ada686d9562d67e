"""Lists of communes by code, and lines and land that lie around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ..disk.hashing import ANYTHING, Expected
from ..geodesy.crs import to_lonlat
from ..geodesy.operation import Operation
from ..geodesy.outlines import clean_outlines
from ..geodesy.ring_ground import Tangled
from ..project.effective import newest_day
from ..readers.facts import LayerFacts, Refused, tell_read
from ..readers.formats import Requirements
from ..readers.table import read_table
from ..readers.vector import read_vector
from ..text.names import is_nothing
from .codes import VIET_NAM, check_padded, read_codes, repeated
from .province_rows import TableOfCodes, without_province_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ..findings.collector import Findings
    from ..project.models import Project
    from ..project.profile import ClassList, CodeList, LegalList
    from ..project.sections.values import VectorSource
    from ..readers.formats import Kind
    from .communes import Communes

LISTED = "listed"
"""The class of a commune in a list without classes."""

_AREA = 2  # dimensions


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines or land around the communes.

    Attributes
    ----------
    geometry
        In EPSG:4326, as delivered but for outlines that the even-odd rule would misunderstand; empty after an
        error finding.
    facts
        What is known of the file.
    """

    geometry: NDArray[np.object_]
    facts: LayerFacts


CLASSES = (Lines, LayerFacts, Operation)
"""All classes that lines and land are made of."""


def read_code_list(
    source: CodeList, communes: Communes | None, findings: Findings, expected: Expected = ANYTHING
) -> frozenset[str]:
    """Read a legal list of communes, such as that of the border communes.

    Parameters
    ----------
    source
        A table with a column of codes.
    communes
        The communes the codes must belong to; None leaves that unchecked.
    findings
        Told about rows without a code and codes that no commune has (errors), codes that had lost their
        leading zeros, and codes that stand twice.
    expected
        What the file must be.

    Returns
    -------
    frozenset of str
        The codes that communes have; empty after an error finding that leaves nothing to read.
    """
    return frozenset(_read_listed(source, [source.column], communes, findings, expected))


def read_class_list(
    source: ClassList, communes: Communes | None, findings: Findings, expected: Expected = ANYTHING
) -> dict[str, str]:
    """Read a legal list that gives communes a class, such as areas I to III.

    Parameters
    ----------
    source
        A table with a column of codes and, unless the list has no classes, one of classes.
    communes, findings, expected
        As :func:`read_code_list` takes them; a commune that stands twice with different classes is an error finding.

    Returns
    -------
    dict
        The class by code: the text of the class, ``listed`` where the list has none. Empty after an error finding that
        leaves nothing to read.
    """
    columns = [source.column, source.value] if source.value else [source.column]
    listed = _read_listed(source, columns, communes, findings, expected)
    several = sorted(code for code, classes in listed.items() if len(classes) > 1)
    if several:
        findings.about(source.path).add("list.two-classes", column=source.value, codes=several)
    return {code: min(classes) or LISTED for code, classes in sorted(listed.items())}


def _read_listed(
    source: CodeList,
    columns: Sequence[str],
    communes: Communes | None,
    findings: Findings,
    expected: Expected,
) -> dict[str, set[str]]:
    """Read the codes that communes have, each with what stands in the second column, and tell what is wrong."""
    table = read_table(source.path, columns=columns, findings=findings, expected=expected)
    if isinstance(table, Refused):
        return {}
    rows, unsure = without_province_rows(
        table.cells, TableOfCodes(source.path, "", source.column, "list"), communes, findings, expected
    )
    about, width = (
        findings.about(source.path),
        (VIET_NAM if communes is None else communes.system).commune,
    )
    codes = read_codes(rows[source.column], width)
    if codes.missing.any():
        numbers = rows.index[codes.missing]  # as a spreadsheet counts
        about.add("list.missing-code", column=source.column, count=len(numbers), rows=numbers)
    known = frozenset(codes.text if communes is None else communes.frame["code"])
    unknown = sorted({code for code in codes.text if code} - known)
    if unknown:
        about.add("list.unknown-code", column=source.column, count=len(unknown), codes=unknown)
    registered = communes is not None and communes.registered
    if not check_padded("list", codes, width, source.column, about, registered=registered, unsure=unsure):
        return {}
    twice = repeated(codes.text)
    if twice:
        surplus = sum(code in twice for code in codes.text) - len(twice)
        about.add("list.repeated-code", column=source.column, count=surplus, codes=twice)
    values = rows[columns[-1]] if len(columns) > 1 else [""] * len(rows)
    listed: dict[str, set[str]] = {}
    for code, value in zip(codes.text, values, strict=True):
        if code in known:
            listed.setdefault(code, set()).add("" if is_nothing(value) else str(value).strip())
    return listed


def read_legal_lists(
    project: Project, communes: Communes | None, findings: Findings, expected: Expected
) -> dict[str, object]:
    """Read the legal lists that are in force on the day of the newest coverage; what is not is told.

    Parameters
    ----------
    project
        The project file.
    communes, findings, expected
        As :func:`read_code_list` takes them.

    Returns
    -------
    dict
        ``border_codes`` and ``island_codes``, None where no list is in force, and ``lists``: the class by code of every
        further list, by its name.
    """
    rules, day = project.setting, newest_day(project)

    def counts(source: LegalList) -> bool:
        if source.in_force(day):
            return True
        findings.about(source.path).add(
            "list.not-in-force",
            decree=source.decree or source.path.name,
            day=day,
            first=source.valid_from or "…",
            last=source.valid_to or "…",
        )
        return False

    codes = {"border_codes": rules.border.list, "island_codes": rules.island.list}
    return {
        **{
            name: read_code_list(source, communes, findings, expected)
            if source is not None and counts(source)
            else None
            for name, source in codes.items()
        },
        "lists": {
            name: read_class_list(source, communes, findings, expected)
            for name, source in sorted(rules.lists.items())
            if counts(source)
        },
    }


def read_lines(
    source: VectorSource,
    findings: Findings,
    kinds: Sequence[Kind] = ("line", "polygon"),
    expected: Expected = ANYTHING,
) -> Lines:
    """Read the land border, or the land of the neighbours.

    Parameters
    ----------
    source
        A vector file.
    findings
        Told every problem.
    kinds
        The kinds of geometry that can be used.
    expected
        What the file must be.

    Returns
    -------
    Lines
        Without a line after an error finding.
    """
    table = read_vector(
        source.path,
        layer=source.layer,
        findings=findings,
        requirements=Requirements(kinds),
        expected=expected,
    )
    if isinstance(table, Refused):
        return Lines(np.empty(0, dtype=object), table.facts)
    geometry = table.geometry.copy()
    land = np.flatnonzero(shapely.get_dimensions(geometry) == _AREA)
    clean = clean_outlines(geometry[land])
    if isinstance(clean, Tangled):
        findings.about(source.path, source.layer).add(
            "geometry.tangled", ids=[str(table.feature_id[land[clean.number]])]
        )
        return Lines(np.empty(0, dtype=object), table.facts)
    geometry[land] = clean.geometries
    tell_read(table.facts, len(geometry), "lines")
    return Lines(to_lonlat(geometry, table.crs, on_course=True), table.facts)
