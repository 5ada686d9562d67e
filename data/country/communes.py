"""The communes: the units that are ranked, from whatever file they come in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import geopandas
import numpy as np
import pandas as pd
import shapely

from ..disk.hashing import ANYTHING, Expected
from ..geodesy.area import area_km2
from ..geodesy.crs import LONLAT, to_lonlat
from ..geodesy.operation import Operation
from ..geodesy.outlines import valid_outlines
from ..geodesy.ring_ground import Tangled
from ..project.sections.values import LONGEST_CODE
from ..readers.encodings import ask_for_letters, converted
from ..readers.facts import LayerFacts, Refused, tell_read
from ..readers.formats import Requirements
from ..readers.vector import VectorTable, read_vector
from ..text.names import clean_name, is_nothing
from ..text.wording import LEGAL_TYPES, type_words
from ..text.words import LANGUAGES
from .codes import VIET_NAM, CodeSystem, check_padded, likely_width, read_codes, repeated
from .commune_features import commune_features
from .figures import read_figures
from .provinces import read_province_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from ..findings.collector import FileFindings, Findings
    from ..project.models import CommunesSource, ProvincesSource
    from .codes import Codes

_OUTLINES = Requirements(kinds=("polygon",), complete=True, strict_place=True)

UNKNOWN_PROVINCE = "00"
"""Code of the province of communes that do not say theirs."""


@dataclass(frozen=True, slots=True)
class Communes:
    """Every commune once, sorted by code.

    Attributes
    ----------
    frame
        Index 0 to n - 1. ``code``, ``name``, ``province_code`` (both text, as long as ``system`` says),
        ``province_name``, ``type`` (``commune``, ``ward`` or ``special_zone``), ``area_km2`` (on the
        ellipsoid) and ``geometry``: Polygon or MultiPolygon in EPSG:4326, rings as delivered except where
        an outline crossed itself.
    registered
        False where they were made up of the codes of a table, for want of a register to compare it with.
    facts
        What is known of their file; None where they come out of none.
    province_facts
        What is known of the file that names the provinces; None where there is none.
    system
        How long their codes are.
    """

    frame: geopandas.GeoDataFrame
    registered: bool = True
    facts: LayerFacts | None = None
    province_facts: LayerFacts | None = None
    system: CodeSystem = VIET_NAM


CLASSES = (Communes, CodeSystem, LayerFacts, Operation)
"""All classes that the communes are made of."""


def read_commune_table(
    source: CommunesSource, findings: Findings, expected: Expected = ANYTHING
) -> VectorTable | Refused[LayerFacts]:
    """Read the outlines of the communes and those of their columns that the source names.

    Parameters
    ----------
    source
        The file and its columns.
    findings
        Told every problem of the file.
    expected
        What the file must be.
    """
    columns = source.columns
    wanted = (
        columns.code,
        columns.name,
        columns.province_code,
        columns.province_name,
        columns.type,
        columns.area_km2,
        *(() if source.where is None else (rule.column for rule in source.where.every)),
    )
    return read_vector(
        source.path,
        layer=source.layer,
        crs=source.crs,
        columns=[column for column in dict.fromkeys(wanted) if column],
        findings=findings,
        requirements=_OUTLINES,
        expected=expected,
    )


def read_communes(
    source: CommunesSource,
    provinces: ProvincesSource | None,
    findings: Findings,
    expected: Expected = ANYTHING,
    *,
    table: VectorTable | Refused[LayerFacts] | None = None,
) -> Communes | Refused[LayerFacts]:
    """Read the communes and say everything that is wrong with them.

    Parameters
    ----------
    source
        The file and its columns, as the project file says. Where no column of province codes is named,
        :data:`UNKNOWN_PROVINCE` stands for all of them, with the name of the country.
    provinces
        Names of the provinces. Without them the names come from the column ``province_name``, else the
        code stands for the name.
    findings
        Told every problem, and everything that was put right.
    expected
        What the files must be.
    table
        The file as :func:`read_commune_table` read it; None reads it here.

    Returns
    -------
    Communes or Refused
        Refused, with what is known of the communes' file, after an error finding: a code that is repeated (with
        another name or province) or of the wrong length, features without a code that nobody accepted, a name or a province that is missing, an unknown legal type, an outline
        without area, or an unreadable file.
    """
    columns = source.columns
    if table is None:
        table = read_commune_table(source, findings, expected)
    system = CodeSystem.of(source)
    named = None if provinces is None else read_province_names(provinces, findings, expected, system)
    if isinstance(table, Refused):
        return table
    if provinces is not None and named is None:
        return Refused(table.facts)
    about, facts = findings.about(source.path, source.layer), table.facts
    features = commune_features(table, source, about)
    if features is None:
        return Refused(facts)
    table = features.table
    codes = _codes(table, columns.code, system, about)
    labels = pd.Index(table.feature_id.astype(str) if codes is None else codes)
    parts = {
        "code": codes,
        "name": _names(table, columns.name, labels, about),
        "province_code": _province_codes(table, columns.province_code, system, labels, about),
        "type": _types(table, source, about),
    }
    outlines = _outlines(to_lonlat(table.geometry, table.crs, on_course=True), labels, about)
    if outlines is None or not features.accepted or any(part is None for part in parts.values()):
        return Refused(facts)
    geometry, doubtful = outlines
    frame = geopandas.GeoDataFrame(parts, geometry=geometry, crs=LONLAT)
    own = table.columns[columns.province_name] if columns.province_name else None
    if source.country_name and not columns.province_code:
        frame["province_name"] = source.country_name
    else:
        frame["province_name"] = _province_names(
            frame["province_code"], own, None if named is None else named.names, about
        )
    frame["area_km2"] = area_km2(geometry)
    order = ["code", "name", "province_code", "province_name", "type", "area_km2", "geometry"]
    if columns.area_km2:
        frame["area_official_km2"] = _official_areas(table, columns.area_km2, labels, about)
        order.insert(-1, "area_official_km2")
    frame = frame[order].sort_values("code", ignore_index=True)
    _check_overlaps(frame, about)
    facts = table.facts.with_repaired(doubtful)
    tell_read(facts, len(frame), "communes")
    return Communes(
        frame,
        facts=facts,
        province_facts=None if named is None else named.facts,
        system=system,
    )


def _codes(
    table: VectorTable, column: str, system: CodeSystem, about: FileFindings
) -> NDArray[np.object_] | None:
    codes = read_codes(table.columns[column], system.commune)
    sure = _check_code_widths(codes, system.commune, column, "code_width", about)
    twice = repeated(codes.text)
    if twice:
        about.add("communes.duplicate-code", column=column, count=len(twice), codes=twice)
    return None if twice or not sure else codes.text


def _check_code_widths(codes: Codes, width: int, column: str, key: str, about: FileFindings) -> bool:
    """Report codes of a wrong length and those that lost their zeros; false where they cannot be used."""
    if codes.bad.any():
        wrong = sorted(set(codes.text[codes.bad]))
        about.add(
            "communes.bad-code",
            column=column,
            count=int(codes.bad.sum()),
            codes=wrong,
            width=width or f"1-{LONGEST_CODE}",
            key=key,
            length=likely_width(codes),
        )
    sure = check_padded("communes", codes, width, column, about, registered=False)
    return sure and not codes.bad.any()


def _names(table: VectorTable, column: str, labels: pd.Index[str], about: FileFindings) -> list[str] | None:
    given = table.columns[column]
    names = [clean_name(name) for name in given]
    old = ask_for_letters([str(name) for name in given if not is_nothing(name)], about)
    if old is None:
        return None
    if old:
        names = ["" if is_nothing(name) else clean_name(converted(str(name), old)) for name in given]
    missing = [label for label, name in zip(labels, names, strict=True) if not name]
    if missing:
        about.add("communes.missing-name", column=column, count=len(missing), codes=sorted(missing))
        return None
    cleaned = [label for label, name, before in zip(labels, names, given, strict=True) if name != str(before)]
    if cleaned:
        about.add("communes.names-cleaned", column=column, count=len(cleaned), codes=sorted(cleaned))
    return names


def _province_codes(
    table: VectorTable, column: str, system: CodeSystem, labels: pd.Index[str], about: FileFindings
) -> NDArray[np.object_] | None:
    if not column:
        return np.full(len(labels), UNKNOWN_PROVINCE, dtype=np.object_)
    codes = read_codes(table.columns[column], system.province)
    if codes.missing.any():
        missing = sorted(labels[codes.missing])
        about.add("communes.missing-province", column=column, count=len(missing), codes=missing)
    sure = _check_code_widths(codes, system.province, column, "province_code_width", about)
    return None if codes.missing.any() or not sure else codes.text


def _official_areas(
    table: VectorTable, column: str, labels: pd.Index[str], about: FileFindings
) -> NDArray[np.float64]:
    """Read the official areas, km²; NaN where there is none that can be read."""
    areas, unclear = read_figures(table.columns[column].tolist())
    if unclear:
        example = str(table.columns[column].iloc[unclear[0]])
        codes = labels[unclear].tolist()
        about.add("communes.area-unclear", column=column, count=len(codes), codes=codes, example=example)
    return np.array(areas, dtype=np.float64)


def _types(table: VectorTable, source: CommunesSource, about: FileFindings) -> list[str] | None:
    column = source.columns.type
    if not column:
        return _types_from_names(table.columns[source.columns.name], about)
    stated = {_key(word): str(kind) for word, kind in source.types.items()}
    named = {word: kind for language in LANGUAGES for word, kind in type_words(language).items()}
    known = {**dict(zip(LEGAL_TYPES, LEGAL_TYPES, strict=True)), **named, **stated}
    given = table.columns[column]
    kinds = [known.get(_key(value)) or _type_in(value) for value in given]
    unknown = sorted({clean_name(value) or "-" for value, kind in zip(given, kinds, strict=True) if not kind})
    if unknown:
        count = sum(kind is None for kind in kinds)
        about.add("communes.unknown-type", column=column, count=count, values=unknown, example=unknown[0])
        return None
    return [kind for kind in kinds if kind]


def _types_from_names(names: Iterable[object], about: FileFindings) -> list[str]:
    """Take the legal type from names such as ``Phường Đoàn Kết``; a bare name counts as a commune."""
    kinds = []
    known = 0
    for name in names:
        found = _type_in(name)
        known += bool(found)
        kinds.append(found or "commune")
    about.add("communes.type-from-name", known=known, unknown=len(kinds) - known)
    return kinds


def _type_in(name: object) -> str:
    """Find the legal type that a name such as ``Xã Bình Lư`` begins with; empty where it begins otherwise."""
    shown = clean_name(name).lower()
    return next((kind for word, kind in type_words("vi").items() if shown.startswith(f"{word} ")), "")


def _key(value: object) -> str:
    return clean_name(value).casefold()


class _RepairedOutlines(NamedTuple):
    """Outlines made valid, and the ground that depends on how they are read; EPSG:4326."""

    geometry: NDArray[np.object_]
    doubtful: NDArray[np.object_]


def _outlines(
    geometry: NDArray[np.object_], labels: pd.Index[str], about: FileFindings
) -> _RepairedOutlines | None:
    """Repair outlines that cross themselves, and measure what depends on how they are read."""
    valid = valid_outlines(geometry)
    if isinstance(valid, Tangled):
        about.add("geometry.tangled", ids=[str(labels[valid.number])])
        return None
    if not valid.crossed.any():
        return _RepairedOutlines(geometry, geometry[:0])
    if valid.empty.any():
        codes = sorted(labels[valid.empty])
        about.add("communes.not-an-area", count=len(codes), codes=codes)
        return None
    codes = sorted(labels[valid.crossed])
    about.add("communes.repaired", count=len(codes), codes=codes, change=area_km2(valid.doubtful).sum())
    return _RepairedOutlines(valid.geometries, valid.doubtful)


def _province_names(
    codes: pd.Series[str], own: pd.Series[str] | None, named: Mapping[str, str] | None, about: FileFindings
) -> list[str]:
    """Name the province of each commune: from the source of names, the communes' column, or its code."""
    names: Mapping[str, str] = {} if named is None else named
    if named is None and own is not None:
        names = _most_frequent(codes, own, about)
    if named is not None or own is not None:
        unnamed = sorted({code for code in codes if not names.get(code)})
        if unnamed:
            about.add("provinces.missing-name", count=len(unnamed), codes=unnamed)
    return [names.get(code) or code for code in codes]


def _most_frequent(codes: pd.Series[str], own: pd.Series[str], about: FileFindings) -> dict[str, str]:
    counts: dict[str, Counter[str]] = {}
    for code, name in zip(codes, own, strict=True):
        shown = clean_name(name)
        if shown:
            counts.setdefault(code, Counter())[shown] += 1
    several = sorted(code for code, names in counts.items() if len(names) > 1)
    if several:
        about.add("provinces.several-names", count=len(several), codes=several)
    return {code: min(names, key=lambda name: (-names[name], name)) for code, names in counts.items()}


def _check_overlaps(frame: geopandas.GeoDataFrame, about: FileFindings) -> None:
    """Find communes whose inner point lies in another one; exact overlaps are counted while burning."""
    geometry = frame.geometry.to_numpy()
    inner_points = shapely.point_on_surface(geometry)
    inner, outer = shapely.STRtree(geometry).query(inner_points, predicate="within")
    codes = frame["code"].to_numpy()
    pairs = sorted(f"{codes[i]} < {codes[o]}" for i, o in zip(inner, outer, strict=True) if i != o)
    if pairs:
        inside = sorted({codes[i] for i, o in zip(inner, outer, strict=True) if i != o})
        about.add("communes.overlap", count=len(pairs), pairs=pairs, codes=inside)
