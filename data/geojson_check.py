"""GeoJSON looked at as bytes, before any reader parses it.

GDAL fetches the address in a ``crs`` member of type ``link``, and runs the command line in a file of type
``gdal_streamed_alg``; both may be called ``.geojson``. The check below splits a file into its strings and
the rest, which is fast for large files (most of their bytes are numbers) and leaves no way around it: what
stands outside strings must be JSON, so strings cannot hide in other quotation marks or comments.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .findings import Findings

_STRING = re.compile(rb'"((?:[^"\\]++|\\.)*+)"(\s*+:)?', re.DOTALL)
_OUTSIDE_STRINGS = b" \t\r\n\x1e,:{}[]0123456789+-.eE" + b"truefalsn" + b"NaInity"  # NaN, Infinity
_CRS_NAME = re.compile(
    r"(?:urn:ogc:def:crs:(?:EPSG|OGC):[0-9.]*:[A-Za-z0-9]+|(?:EPSG|OGC):[A-Za-z0-9]+)", re.IGNORECASE
)
_WGS84 = re.compile(r"(?:.*[:])?(?:OGC:[0-9.]*:?CRS84|EPSG:[0-9.]*:?4326)", re.IGNORECASE)
_LONGEST_MEMBER_BYTES = 10_000
_BOM = b"\xef\xbb\xbf"


def is_geojson(path: Path, named: Path, findings: Findings) -> bool:
    """Check that a file is whole JSON and asks its reader for nothing but geometry.

    Parameters
    ----------
    path
        The file.
    named
        The input it belongs to, for the finding.
    findings
        Told what is wrong.

    Returns
    -------
    bool
        False after an error finding.

    Raises
    ------
    OSError
        The file cannot be read.
    """
    text = path.read_bytes().removeprefix(_BOM)
    outside = []
    end = 0
    for match in _STRING.finditer(text):
        outside.append(text[end : match.start()])
        end = match.end()
        if match[2] and _decoded(match[1]).casefold() == "crs":
            problem = _foreign_crs(text[end : end + _LONGEST_MEMBER_BYTES])
            if problem:
                findings.add("crs.link", file=named, stated=problem)
                return False
        elif b"gdal_streamed_alg" in match[1]:
            findings.add("file.unsafe-content", file=named, what="gdal_streamed_alg")
            return False
    outside.append(text[end:])
    rest = b"".join(outside)
    balanced = rest.count(b"{") == rest.count(b"}") and rest.count(b"[") == rest.count(b"]")
    if not balanced or rest.translate(None, _OUTSIDE_STRINGS):
        findings.add("file.broken-json", file=named)
        return False
    return True


def announced_features(path: Path) -> int:
    """Count the records of a GeoJSONSeq file.

    Parameters
    ----------
    path
        A file with one feature on each line, or one after each record separator.

    Returns
    -------
    int
        How many features a reader must find.

    Raises
    ------
    OSError
        The file cannot be read.
    """
    text = path.read_bytes().removeprefix(_BOM)
    records = text.split(b"\x1e") if b"\x1e" in text else text.splitlines()
    return sum(1 for record in records if record.strip())


def crs_of(content: dict[str, Any]) -> str:
    """Find what a parsed GeoJSON file states as its coordinate reference system.

    Parameters
    ----------
    content
        The outermost object of a file that passed :func:`is_geojson`.

    Returns
    -------
    str
        A name or code; empty for WGS 84 in longitude and latitude, which needs no ``crs`` member.
    """
    name = "" if content.get("crs") is None else _name(content["crs"])
    return "" if _WGS84.fullmatch(name) else name


def crs_members(path: Path) -> Iterator[str]:
    """Find the names in the ``crs`` members of a file, wherever they stand.

    Parameters
    ----------
    path
        A file that passed :func:`is_geojson`.

    Yields
    ------
    str
        A name or code other than WGS 84 in longitude and latitude.

    Raises
    ------
    OSError
        The file cannot be read.
    """
    text = path.read_bytes()
    for match in _STRING.finditer(text):
        if match[2] and _decoded(match[1]).casefold() == "crs":
            member = _value(text[match.end() : match.end() + _LONGEST_MEMBER_BYTES])
            name = _name(member) if isinstance(member, dict) else ""
            if name and not _WGS84.fullmatch(name):
                yield name


def _foreign_crs(following: bytes) -> str:
    """Tell what is wrong with the value of a ``crs`` member; empty when nothing is."""
    member = _value(following)
    if member is _NOT_JSON:
        return "crs"
    if not isinstance(member, dict):
        return ""  # null, or an attribute of a feature that happens to be called crs
    name = _name(member)
    return "" if _CRS_NAME.fullmatch(name) else name or json.dumps(member, ensure_ascii=False)


def _name(member: object) -> str:
    """Give ``urn:…`` or ``EPSG:…`` of a member of type name or EPSG, else nothing."""
    if not isinstance(member, dict) or not isinstance(member.get("properties"), dict):
        return ""
    kind, properties = str(member.get("type")).casefold(), member["properties"]
    if kind == "name" and set(properties) <= {"name"}:
        return str(properties.get("name", ""))
    if kind == "epsg" and set(properties) <= {"code"}:
        return f"EPSG:{properties.get('code', '')}"
    return ""


_NOT_JSON = object()


def _value(following: bytes) -> object:
    try:
        return json.JSONDecoder().raw_decode(following.decode("utf-8", "replace").lstrip())[0]
    except (ValueError, RecursionError):
        return _NOT_JSON


def _decoded(key: bytes) -> str:
    """Decode the inside of a JSON string; escapes may spell a word in another way."""
    if b"\\" not in key:
        return key.decode("utf-8", "replace")
    try:
        return str(json.loads(b'"' + key + b'"'))
    except ValueError:
        return ""
