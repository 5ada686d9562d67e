"""Checking a list of cell sites: whether each stands where it says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from ..geodesy.crs import to_lonlat
from ..readers.facts import Refused
from ..readers.formats import Requirements, is_table
from ..readers.vector import read_vector
from ..text.column_names import guess_column
from ..text.sentences import phrase
from .request import CheckFacts
from .subject import Checked, Subject, guess_columns, read_all_columns

_POINTS = Requirements(kinds=("point",))


def check_sites(subject: Subject) -> Checked:
    """Check a table or a layer of cell sites."""
    if is_table(subject.path):
        rows = read_all_columns(subject)
        facts = CheckFacts() if rows is None else _check_site_table(subject, rows)
        return Checked(facts=facts, cells=rows)
    table = read_vector(
        subject.path,
        layer=subject.request.layer,
        crs=subject.request.crs,
        columns=None,
        findings=subject.findings,
        requirements=_POINTS,
    )
    if isinstance(table, Refused):
        return Checked(facts=CheckFacts(rows=table.facts.rows))
    at = shapely.get_coordinates(shapely.centroid(to_lonlat(table.geometry, table.crs)))
    joins = _place_sites(at, table.feature_id, subject)
    return Checked(facts=CheckFacts(rows=table.facts.rows, joins=joins), features=table)


def _check_site_table(subject: Subject, rows: pd.DataFrame) -> CheckFacts:
    found = guess_columns(list(rows.columns), ("longitude", "latitude"), subject, subject.path)
    if found is None:
        return CheckFacts(rows=len(rows))
    about = subject.about
    text = rows[[found["longitude"], found["latitude"]]].map(lambda cell: str(cell).strip())
    empty = (text == "").any(axis=1)
    if empty.any():
        numbers = [str(row) for row in rows.index[empty]]
        about.add("sites.missing-coordinate", count=len(numbers), rows=numbers)
    at = text[~empty].apply(pd.to_numeric, errors="coerce").astype(float)  # also where no row is left
    bad = ~np.isfinite(at).all(axis=1) | (at.abs() > 180.0).any(axis=1)
    if bad.any():
        numbers = [str(row) for row in at.index[bad]]
        example = " ".join(text.loc[at.index[bad][0]])
        about.add("sites.bad-coordinate", count=len(numbers), rows=numbers, example=example)
        return CheckFacts(rows=len(rows))
    if at.empty:
        about.add("layer.no-features")
        return CheckFacts(rows=len(rows))
    return CheckFacts(rows=len(rows), joins=_place_sites(at.to_numpy(float), at.index.to_numpy(), subject))


def site_points(rows: pd.DataFrame) -> dict[str, shapely.Point]:
    """Say where the sites of a table stand, by the numbers of their rows.

    Parameters
    ----------
    rows
        All columns of a table of cell sites, as :func:`.subject.read_all_columns` gives them.

    Returns
    -------
    dict
        Without rows that hold no usable coordinates; empty where no columns of coordinates are found.
    """
    names = [guess_column(rows.columns, meaning) for meaning in ("longitude", "latitude")]
    if not all(names):
        return {}
    at = rows[names].apply(pd.to_numeric, errors="coerce")
    at = at[np.isfinite(at).all(axis=1)]
    return dict(zip(map(str, at.index), shapely.points(at.to_numpy(float)), strict=True))


def _place_sites(at: np.ndarray, names: np.ndarray, subject: Subject) -> int | None:
    """See where sites stand; gives in how many communes, None without communes."""
    about, total = subject.about, len(at)
    inside = _in_box(at, subject.country)
    example = phrase("site", lon=at[0, 0], lat=at[0, 1])
    if not inside.any():
        exchanged = _in_box(at[:, ::-1], subject.country).all()
        about.add("sites.exchanged" if exchanged else "sites.outside-country", total=total, example=example)
        return None
    if not inside.all():
        rows = [str(name) for name in names[~inside]]
        about.add("sites.partly-outside", count=len(rows), total=total, rows=rows)
    same = total - len(np.unique(at.round(6), axis=0))
    if same:
        about.add("sites.same-place", count=same, total=total)
    if subject.communes is None:
        return None
    tree = shapely.STRtree(np.asarray(subject.communes.frame.geometry.array, dtype=object))
    return len(np.unique(tree.query(shapely.points(at), predicate="intersects")[1]))


def _in_box(at: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    west, south, east, north = box
    return (at[:, 0] >= west) & (at[:, 0] <= east) & (at[:, 1] >= south) & (at[:, 1] <= north)
