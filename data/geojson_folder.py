"""A folder of GeoJSON files with one commune each, laid end to end as one file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .geojson_check import inspect_geojson, is_wgs84
from .vector_formats import GEOJSON

if TYPE_CHECKING:
    from pathlib import Path

    from .findings import Findings


@dataclass(frozen=True, slots=True)
class Merged:
    """What the folder held.

    Attributes
    ----------
    rows
        The file each feature came from, in the order of the features.
    crs
        What the files state in their ``crs`` members; empty where they state nothing.
    """

    rows: tuple[str, ...]
    crs: str


def merge_folder(folder: Path, target: Path, findings: Findings) -> Merged | None:
    """Write the features of all GeoJSON files of a folder into one GeoJSONSeq file, in order of names.

    Parameters
    ----------
    folder
        Its ``.geojson`` and ``.json`` files are read; where it has none, those of the folders in it.
    target
        The file to write.
    findings
        Told which files cannot be used.

    Returns
    -------
    Merged or None
        None after an error finding.

    Raises
    ------
    OSError
        A file cannot be read, or the target cannot be written.
    """
    files = _files(folder)
    if not files:
        findings.add("file.is-folder", file=folder)
        return None
    rows: list[str] = []
    stated: dict[str, Path] = {}
    whole = True
    with target.open("w", encoding="ascii", newline="\n") as sink:
        for file in files:
            found = _read_file(file, findings)
            if found is None:
                whole = False
                continue
            crs, features = found
            stated.setdefault(crs, file)
            for feature in features:
                sink.write(json.dumps(feature, separators=(",", ":")) + "\n")
                rows.append(file.relative_to(folder).as_posix())
    if len(stated) > 1:
        names = sorted(stated, reverse=True)
        findings.add(
            "crs.several", file=folder, stated=[f"{name or '-'} ({stated[name].name})" for name in names]
        )
        return None
    return Merged(tuple(rows), next(iter(stated), "")) if whole else None


def _files(folder: Path) -> list[Path]:
    for pattern in ("*", "**/*"):
        files = [
            file
            for file in folder.glob(pattern)
            if file.suffix.lower() in GEOJSON.endings
            and not any(part.startswith(".") for part in file.relative_to(folder).parts)
        ]
        if files:
            return sorted(files, key=lambda file: file.relative_to(folder).as_posix())
    return []


def _read_file(file: Path, findings: Findings) -> tuple[str, list[dict[str, Any]]] | None:
    """Read what a file states as its coordinate reference system, and its features."""
    if file.is_symlink() or not file.is_file():
        findings.add("file.not-regular", file=file)
        return None
    facts = inspect_geojson(file, file, findings)
    if facts is None:
        return None
    try:
        features = _features(json.loads(file.read_text(encoding="utf-8-sig")))
    except UnicodeDecodeError:
        findings.add("text.encoding-wrong", file=file, stated="UTF-8")
        return None
    except (ValueError, RecursionError):
        features = None
    if features is None:
        findings.add("file.broken-json", file=file)
        return None
    return "" if is_wgs84(facts.crs) else facts.crs, features


def _features(content: object) -> list[dict[str, Any]] | None:
    """Give the features of a collection, or the one feature that the file is."""
    if not isinstance(content, dict):
        return None
    features = content.get("features") if content.get("type") == "FeatureCollection" else [content]
    if not isinstance(features, list):
        return None
    whole = all(isinstance(feature, dict) and feature.get("type") == "Feature" for feature in features)
    return features if whole else None
