"""GeoJSON looked at as bytes, before any reader parses it.

GDAL fetches the address in a ``crs`` member of type ``link``, and runs the command line in a file of type
``gdal_streamed_alg``; both may be called ``.geojson``. The check below splits a file into its strings and
the rest, which is fast for large files (most of their bytes are numbers) and leaves no way around it: what
stands outside strings must be JSON, so strings cannot hide in other quotation marks or comments.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..isolation.answers import FindingSaid, MergedAnswer
from ..isolation.recorded import RecordedFindings
from ..readers.formats import ask_to_convert
from ..readers.geojson_folder import MERGED, copy_name
from .vector_formats.json_nesting import Nesting
from .vector_formats.partial_answers import LIMIT_EXCEEDED, MEMBERS, AnswerSigns, ask_whether_whole, signs_of

if TYPE_CHECKING:
    from pathlib import Path

    from ..findings.collector import FileFindings, Findings

_STRING = re.compile(rb'"((?:[^"\\]++|\\.)*+)"(\s*+:)?', re.DOTALL)
_OUTSIDE_STRINGS = b" \t\r\n\x1e,:{}[]0123456789+-.eE" + b"truefalsn" + b"NaInity"  # NaN, Infinity
_CRS_NAME = re.compile(
    r"(?:urn:ogc:def:crs:(?:EPSG|OGC):[0-9.]*:[A-Za-z0-9]+|(?:EPSG|OGC):[A-Za-z0-9]+)", re.IGNORECASE
)
_WGS84 = re.compile(r"(?:.*[:])?(?:OGC:[0-9.]*:?CRS84|EPSG:[0-9.]*:?4326)", re.IGNORECASE)
_LONGEST_MEMBER_BYTES = 10_000
_EXCERPT_BYTES = 100
_DEPTH_OF_FEATURES = 3  # the collection, its array, the feature
_PARTS = ("features", "geometry", "geometries")
_RELATIVE_KEYS = ("arcs", "objects", "geometrytype", "rings", "spatialreference")
_KEYS = (*_PARTS, *_RELATIVE_KEYS, "crs", "id", "objectid", *(name.casefold() for name in MEMBERS))
_KEY_NAMES = {name: name for name in _KEYS}  # case does not matter to GDAL
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
    signs
        What it says of being a part of what a server holds.
    names
        How many different names its members have, those of attributes among them.
    """

    records: int
    features: int | None
    crs: str
    signs: AnswerSigns = field(default_factory=lambda: AnswerSigns(1), compare=False)
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
    text = _Text(path.read_bytes().removeprefix(_BOM))
    if text.is_command:
        findings.add("file.unsafe-content", file=named, what="gdal_streamed_alg")
        return None
    nesting = Nesting(text.rest)
    if not nesting.balanced or text.rest.translate(None, _OUTSIDE_STRINGS):
        findings.add("file.broken-json", file=named)
        return None
    relative = _relative(text, nesting)
    if relative:
        ask_to_convert(named, relative, findings)
        return None
    collections = text.marks["features"]
    counts = [nesting.objects_in_array(mark) for mark in collections if nesting.depth_at(mark) == 1]
    if counts and nesting.count_at(text.marks["geometry"], _DEPTH_OF_FEATURES) > sum(counts):
        findings.add("file.broken-json", file=named)  # two features in one object: a reader would lose one
        return None
    crs = _stated_crs(text, nesting, named, findings)
    if crs is None:
        return None
    features = counts[0] if counts else None
    return JsonFacts(nesting.records, features, crs, _signs(text, nesting, features), text.names)


class _Text:
    """A JSON text, split into its strings and the rest.

    Parameters
    ----------
    text
        The whole text.

    Attributes
    ----------
    rest
        Everything outside strings.
    marks
        Where, in ``rest``, keys that matter end, by their names; ascending.
    is_command
        It holds the words by which GDAL knows a command line.
    names
        How many different keys there are.
    """

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._ends: dict[int, int] = {}
        self.marks: dict[str, list[int]] = {name: [] for name in _KEYS}
        self.is_command = b"gdal_streamed_alg" in text  # strings alone have letters such as these
        names: dict[bytes, str] = {}  # of keys met before: most of them stand in every feature
        outside: list[bytes] = []
        length = end = 0
        for match in _STRING.finditer(text):
            start = match.start()
            outside.append(text[end:start])
            length += start - end
            end = match.end()
            if match[2]:
                key = match[1]
                name = names.get(key)
                if name is None:
                    name = names[key] = _KEY_NAMES.get(_decoded(key).casefold(), "")
                if name:
                    self.marks[name].append(length)
                    self._ends[length] = end
        outside.append(text[end:])
        self.rest = b"".join(outside)
        self.names = len(names)

    def following(self, mark: int) -> bytes:
        """Give the text after a key."""
        end = self._ends[mark]
        return self._text[end : end + _LONGEST_MEMBER_BYTES]


def _relative(text: _Text, nesting: Nesting) -> str:
    """Recognise JSON of maps that is no GeoJSON; empty where it is none."""
    of_file = {
        name for name in _RELATIVE_KEYS if any(nesting.depth_at(mark) == 1 for mark in text.marks[name])
    }
    if {"arcs", "objects"} <= of_file:
        return "TopoJSON"
    return "ESRI JSON" if {"geometrytype", "rings", "spatialreference"} & of_file else ""


def _signs(text: _Text, nesting: Nesting, features: int | None) -> AnswerSigns:
    """Find what an answer of a server says of itself; ArcGIS says it in ``properties``, too."""
    members = {
        name: _value(text.following(mark))
        for name in MEMBERS
        for mark in text.marks[name.casefold()]
        if nesting.depth_at(mark) == 1 or (name == LIMIT_EXCEEDED and nesting.depth_at(mark) == 2)
    }
    served = bool(text.marks["objectid"]) or nesting.count_at(text.marks["id"], _DEPTH_OF_FEATURES) > 0
    return signs_of(members, 1 if features is None else features, served=served)


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


def _stated_crs(text: _Text, nesting: Nesting, named: Path, findings: Findings) -> str | None:
    """Give the name the file states for all of it; None where that is no name, or a feature states another one.

    Only members of the file, of a feature or of a geometry count, and readers look at no others: an object inside
    ``properties`` that happens to be called crs is an attribute.
    """
    marks = text.marks["crs"]
    keys = sorted(mark for name in _PARTS for mark in text.marks[name]) if marks else []
    stated: list[tuple[str, bool]] = []
    for mark, counts in zip(marks, nesting.stand_under(marks, keys), strict=True):
        if not counts:
            continue
        following = text.following(mark)
        member = _value(following)
        if not _is_own_crs(member):
            findings.add("crs.link", file=named, stated=_name(member) or _excerpt(following))
            return None
        if _name(member):
            stated.append((_name(member), nesting.depth_at(mark) == 1))
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


def merge_copies(inside: Path, outside: Path, count: int, about: FileFindings) -> MergedAnswer | None:
    """Write the features of all copies into one GeoJSONSeq file.

    Parameters
    ----------
    inside
        Holds the copies.
    outside
        Gets the file :data:`MERGED`.
    count
        How many copies there are.
    about
        Told when they are pages of an answer of which others are missing; also says what was accepted.

    Returns
    -------
    MergedAnswer or None
        Which file each feature came from, what each file states, and the findings about each. None after a
        question that was not accepted.

    Raises
    ------
    OSError
        A copy cannot be read, or the file cannot be written.
    """
    rows: list[int] = []
    stated: list[str] = []
    told: dict[str, list[FindingSaid]] = {}
    pages: dict[bytes, AnswerSigns] = {}  # by content: a page that stands twice brings nothing
    with (outside / MERGED).open("w", encoding="ascii", newline="\n") as sink:
        for number in range(count):
            findings = RecordedFindings(about.findings.accepted)
            copy = inside / copy_name(number)
            facts, features = _read_file(copy, findings)
            if findings.recorded:
                told[str(number)] = findings.recorded
            crs = "" if facts is None or is_wgs84(facts.crs) else facts.crs
            if facts is not None:
                pages[hashlib.sha256(copy.read_bytes()).digest()] = facts.signs
            stated.append(crs)
            for feature in features:
                # The sign of RFC 8142: without it GDAL takes a file of one line for another format.
                sink.write("\x1e" + json.dumps(feature, separators=(",", ":")) + "\n")
                rows.append(number)
    if not told and not ask_whether_whole(list(pages.values()), about):
        return None
    return MergedAnswer(rows=rows, stated=stated, files=told)


def _read_file(copy: Path, findings: Findings) -> tuple[JsonFacts | None, list[dict[str, Any]]]:
    """Read what a file says of itself, and its features; nothing after an error finding."""
    facts = inspect_geojson(copy, copy, findings)
    if facts is None:
        return None, []
    try:
        features = _features(json.loads(copy.read_text(encoding="utf-8-sig")))
    except UnicodeDecodeError:
        findings.add("text.encoding-wrong", stated="UTF-8")
        return None, []
    except (ValueError, RecursionError):
        features = None
    if features is None:
        findings.add("file.broken-json")
        return None, []
    return facts, features


def _features(content: object) -> list[dict[str, Any]] | None:
    """Give the features of a collection, or the one feature that the file is."""
    if not isinstance(content, dict):
        return None
    features = content.get("features") if content.get("type") == "FeatureCollection" else [content]
    if not isinstance(features, list):
        return None
    whole = all(isinstance(feature, dict) and feature.get("type") == "Feature" for feature in features)
    return features if whole else None
