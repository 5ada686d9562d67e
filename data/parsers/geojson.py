"""GeoJSON looked at as bytes, before any reader parses it.

GDAL fetches the address in a ``crs`` member of type ``link``, and runs the command line in a file of type
``gdal_streamed_alg``; both may be called ``.geojson``. The check below splits a file into its strings and
the rest, which is fast for large files (most of their bytes are numbers) and leaves no way around it: what
stands outside strings must be JSON, so strings cannot hide in other quotation marks or comments.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ..isolation.answers import FindingSaid, MergedAnswer
from ..isolation.recorded import RecordedFindings
from ..readers.geojson_folder import MERGED, copy_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..findings.collector import Findings

_STRING = re.compile(rb'"((?:[^"\\]++|\\.)*+)"(\s*+:)?', re.DOTALL)
_OUTSIDE_STRINGS = b" \t\r\n\x1e,:{}[]0123456789+-.eE" + b"truefalsn" + b"NaInity"  # NaN, Infinity
_CRS_NAME = re.compile(
    r"(?:urn:ogc:def:crs:(?:EPSG|OGC):[0-9.]*:[A-Za-z0-9]+|(?:EPSG|OGC):[A-Za-z0-9]+)", re.IGNORECASE
)
_WGS84 = re.compile(r"(?:.*[:])?(?:OGC:[0-9.]*:?CRS84|EPSG:[0-9.]*:?4326)", re.IGNORECASE)
_LONGEST_MEMBER_BYTES = 10_000
_EXCERPT_BYTES = 100
_DEPTH_OF_FEATURES = 3  # the collection, its array, the feature
_NOT_JSON = object()
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class JsonFacts:
    """What the bytes of a sound GeoJSON file say.

    Attributes
    ----------
    records
        How many objects stand one after the other: features in a GeoJSONSeq file, one in a GeoJSON file.
    features
        How many features a collection holds; None for a file that is one feature or one geometry.
    crs
        The name in its ``crs`` member; empty where there is none.
    names
        How many different names its members have, those of attributes among them.
    """

    records: int
    features: int | None
    crs: str
    names: int = field(default=0, compare=False)


def inspect_geojson(path: Path, named: Path, findings: Findings) -> JsonFacts | None:
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
    JsonFacts or None
        None after an error finding.

    Raises
    ------
    OSError
        The file cannot be read.
    """
    text = path.read_bytes().removeprefix(_BOM)
    outside: list[bytes] = []
    length = end = 0
    collections: list[int] = []  # where, in what stands outside strings, a key "features" ends
    geometries: list[int] = []  # the same for keys "geometry"
    stated: list[tuple[int, str]] = []
    names: set[str] = set()
    for match in _STRING.finditer(text):
        outside.append(text[end : match.start()])
        length += match.start() - end
        end = match.end()
        key = _decoded(match[1]) if match[2] else ""
        names.add(key)
        if key == "features":
            collections.append(length)
        elif key == "geometry":
            geometries.append(length)
        elif key.casefold() == "crs":
            member = _value(text[end : end + _LONGEST_MEMBER_BYTES])
            if not _is_own_crs(member):
                findings.add("crs.link", file=named, stated=_name(member) or _excerpt(text[end:]))
                return None
            stated.append((length, _name(member)))
        elif b"gdal_streamed_alg" in match[1]:
            findings.add("file.unsafe-content", file=named, what="gdal_streamed_alg")
            return None
    outside.append(text[end:])
    rest = b"".join(outside)
    brackets = _Brackets(rest)
    if not brackets.balanced or rest.translate(None, _OUTSIDE_STRINGS):
        findings.add("file.broken-json", file=named)
        return None
    counts = [brackets.objects_in_array(mark) for mark in collections if brackets.is_outermost(mark)]
    if counts and brackets.count_at(geometries, _DEPTH_OF_FEATURES) > sum(counts):
        findings.add("file.broken-json", file=named)  # two features in one object: a reader would lose one
        return None
    crs = _stated_name(
        [(name, brackets.is_outermost(mark)) for mark, name in stated if name], named, findings
    )
    if crs is None:
        return None
    return JsonFacts(brackets.records, counts[0] if counts else None, crs, len(names))


def is_wgs84(name: str) -> bool:
    """Say whether a name means longitude and latitude on WGS 84, which needs no ``crs`` member.

    Parameters
    ----------
    name
        As a ``crs`` member gives it.

    Returns
    -------
    bool
        True for CRS84 and EPSG:4326 in any of their spellings.
    """
    return _WGS84.fullmatch(name) is not None


def _stated_name(stated: list[tuple[str, bool]], named: Path, findings: Findings) -> str | None:
    """Give the name the file states for all of it; none where it, or a feature of it, states another one too."""
    own = {_plain_name(name): name for name, _ in stated}
    names = [name for name, is_of_the_file in stated if is_of_the_file]
    if own and not names:  # spoken of inside features only: the file itself is in longitude and latitude
        own.setdefault("OGC:CRS84", "OGC:CRS84")
    if len(own) > 1:  # which of them counts is not the same to every reader
        findings.add("crs.several", file=named, stated=sorted(own.values()))
        return None
    return names[0] if names else ""


def _plain_name(name: str) -> str:
    """Spell the names of one system in one way."""
    return "OGC:CRS84" if is_wgs84(name) else ":".join(name.upper().replace("::", ":").split(":")[-2:])


class _Brackets:
    """The nesting of a JSON text without its strings.

    Parameters
    ----------
    text
        Everything that stands outside strings.
    """

    def __init__(self, text: bytes) -> None:
        signs = np.frombuffer(text, dtype=np.uint8)
        self._at = np.flatnonzero((signs | 0x20 == 0x7B) | (signs | 0x20 == 0x7D))  # [ { and ] }
        self._signs = signs[self._at]
        opens = self._signs | 0x20 == 0x7B
        self._depth = np.cumsum(np.where(opens, 1, -1), dtype=np.int32)  # after each bracket
        curly = self._signs & 0x20 != 0
        even = int(np.where(opens, 1, -1)[curly].sum()) == 0
        self.balanced = even and bool((self._depth >= 0).all()) and bool((self._depth[-1:] == 0).all())
        self.records = int((opens & (self._depth == 1)).sum())

    def is_outermost(self, mark: int) -> bool:
        """Say whether a position lies directly in the outermost object, in none of its members."""
        before = int(np.searchsorted(self._at, mark)) - 1
        return before >= 0 and int(self._depth[before]) == 1

    def count_at(self, marks: list[int], depth: int) -> int:
        """Count the positions at a depth; the outermost object has depth 1."""
        before = np.searchsorted(self._at, np.array(marks, dtype=np.int64)) - 1
        return int((self._depth[before[before >= 0]] == depth).sum())

    def objects_in_array(self, mark: int) -> int:
        """Count the objects that the array after a position holds; 0 where no array follows."""
        first = int(np.searchsorted(self._at, mark))
        if first == len(self._at) or self._signs[first] != ord("["):
            return 0
        closing = first + int(np.argmax(self._depth[first:] < self._depth[first]))
        inside = slice(first + 1, closing)
        begins = (self._signs[inside] == ord("{")) & (self._depth[inside] == self._depth[first] + 1)
        return int(begins.sum())


def _is_own_crs(member: object) -> bool:
    """Say whether the value of a ``crs`` member is a plain name, or no member of that kind at all."""
    if member is _NOT_JSON:
        return False
    # Anything but an object is null, or an attribute of a feature that happens to be called crs.
    return not isinstance(member, dict) or _CRS_NAME.fullmatch(_name(member)) is not None


def _excerpt(text: bytes) -> str:
    return text[:_EXCERPT_BYTES].decode("utf-8", "replace").lstrip(": \t\r\n")


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


def _value(following: bytes) -> object:
    """Parse the JSON value that a text begins with."""
    try:
        value: object = json.JSONDecoder().raw_decode(following.decode("utf-8", "replace").lstrip())[0]
    except (ValueError, RecursionError):
        return _NOT_JSON
    return value


def _decoded(key: bytes) -> str:
    """Decode the inside of a JSON string; escapes may spell a word in another way."""
    if b"\\" not in key:
        return key.decode("utf-8", "replace")
    try:
        return str(json.loads(b'"' + key + b'"'))
    except ValueError:
        return ""


def merge_copies(inside: Path, outside: Path, count: int, accept: Sequence[str]) -> MergedAnswer:
    """Write the features of all copies into one GeoJSONSeq file.

    Parameters
    ----------
    inside
        Holds the copies.
    outside
        Gets the file :data:`MERGED`.
    count
        How many copies there are.
    accept
        Codes of questions that were accepted.

    Returns
    -------
    MergedAnswer
        Which file each feature came from, what each file states, and the findings about each.

    Raises
    ------
    OSError
        A copy cannot be read, or the file cannot be written.
    """
    rows: list[int] = []
    stated: list[str] = []
    told: dict[str, list[FindingSaid]] = {}
    with (outside / MERGED).open("w", encoding="ascii", newline="\n") as sink:
        for number in range(count):
            findings = RecordedFindings(accept)
            found = _read_file(inside / copy_name(number), findings)
            if findings.recorded:
                told[str(number)] = findings.recorded
            crs, features = found or ("", [])
            stated.append(crs)
            for feature in features:
                # The sign of RFC 8142: without it GDAL takes a file of one line for another format.
                sink.write("\x1e" + json.dumps(feature, separators=(",", ":")) + "\n")
                rows.append(number)
    return MergedAnswer(rows=rows, stated=stated, files=told)


def _read_file(copy: Path, findings: Findings) -> tuple[str, list[dict[str, Any]]] | None:
    """Read what a file states as its coordinate reference system, and its features."""
    facts = inspect_geojson(copy, copy, findings)
    if facts is None:
        return None
    try:
        features = _features(json.loads(copy.read_text(encoding="utf-8-sig")))
    except UnicodeDecodeError:
        findings.add("text.encoding-wrong", stated="UTF-8")
        return None
    except (ValueError, RecursionError):
        features = None
    if features is None:
        findings.add("file.broken-json")
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
