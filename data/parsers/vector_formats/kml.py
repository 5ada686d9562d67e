"""KML read by expat, element by element: placemarks and nothing else, and no word that leads to another file.

KML says of itself that it is in longitude and latitude on WGS 84. Heights, styles and times are left out. A
document type, which could name entities and other files, is refused, and so is a link to content elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

import numpy as np

from .features import Features, collection, line, point, polygon

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from ...findings.collector import FileFindings

_CONTAINERS = frozenset({"kml", "Document", "Folder"})
_OVERLAYS = frozenset({"GroundOverlay", "PhotoOverlay"})
_ELSEWHERE = frozenset({"NetworkLink", "NetworkLinkControl"})
_UNKNOWN_GEOMETRY = frozenset({"Model", "Track", "MultiTrack"})
_TEXTS = frozenset({"name", "description"})
_DEEPEST = 100


class _RefusedError(Exception):
    """The file holds something for which it is refused: a code and what it is."""

    def __init__(self, code: str, what: str) -> None:
        super().__init__(code, what)
        self.code, self.what = code, what


def read_kml(path: Path, layer: str, about: FileFindings) -> Features | None:
    """Read the placemarks of a KML file.

    Parameters
    ----------
    path
        The file.
    layer
        Name of the only folder or document whose placemarks are meant; empty for all.
    about
        Told why it cannot be read, and asked where several folders hold placemarks.

    Returns
    -------
    Features or None
        None after an error finding.

    Raises
    ------
    OSError, ValueError
        The file is damaged.
    """
    document = _Document()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = document.start
    parser.EndElementHandler = document.end
    parser.CharacterDataHandler = document.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        with path.open("rb") as stream:
            parser.ParseFile(stream)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    except _RefusedError as refused:
        about.add(refused.code, what=refused.what)
        return None
    return _chosen(document, layer, about)


def _refuse_doctype(name: str, *_: object) -> None:
    raise _RefusedError("file.unsafe-content", f"DOCTYPE {name}")


@dataclass(slots=True)
class _Placemark:
    """A placemark: where it stands, its texts, its geometry."""

    folders: tuple[str, ...]
    cells: dict[str, str] = field(default_factory=dict)
    parts: list[bytes] = field(default_factory=list)


class _Document:
    """What expat has met so far: the elements that are open, the geometries in them, the placemarks."""

    def __init__(self) -> None:
        self.placemarks: list[_Placemark] = []
        self.overlays = 0
        self._open: list[str] = []
        self._folders: list[str] = []
        self._placemark: _Placemark | None = None
        self._several: list[list[bytes]] = []  # the parts of each MultiGeometry that is open
        self._rings: list[NDArray[np.float64]] = []
        self._vertices: list[NDArray[np.float64]] = []
        self._outer = 0
        self._key = ""
        self._text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        name = tag.rpartition(":")[2]
        if name in _ELSEWHERE:
            raise _RefusedError("file.refers-elsewhere", name)
        if len(self._open) > _DEEPEST:
            raise ValueError("elements nest too deep")
        if name in _CONTAINERS:
            self._folders.append("")
        elif name == "Placemark":
            if self._placemark is not None:
                raise ValueError("a Placemark inside a Placemark")
            self._placemark = _Placemark(tuple(filter(None, self._folders)))
        elif name in _UNKNOWN_GEOMETRY and self._placemark is not None:
            raise ValueError(f"{tag} is no shape")
        elif name == "MultiGeometry":
            self._several.append([])
        elif name == "Polygon":
            self._rings, self._outer = [], 0
        elif name in {"Data", "SimpleData"}:
            self._key = attributes.get("name", "")
        self.overlays += name in _OVERLAYS
        self._open.append(name)
        self._text.clear()

    def text(self, text: str) -> None:
        """Take text of the element that is open."""
        self._text.append(text)

    def end(self, _tag: str) -> None:
        """Take the end of an element."""
        name = self._open.pop()
        parent = self._open[-1] if self._open else ""
        text = "".join(self._text)
        self._text.clear()
        if name in _CONTAINERS:
            self._folders.pop()
        elif name == "name" and parent in _CONTAINERS:
            self._folders[-1] = text.strip()
        elif self._placemark is not None:
            if name == "Placemark":
                self.placemarks.append(self._placemark)
                self._placemark = None
            elif name == "coordinates":
                self._vertices.append(_vertices(text))
            elif name in {"Point", "LineString", "LinearRing", "Polygon", "MultiGeometry"}:
                self._end_geometry(name, parent)
            else:
                self._end_text(name, parent, text.strip())

    def _end_text(self, name: str, parent: str, text: str) -> None:
        if self._placemark is None:
            return
        if name in _TEXTS and parent == "Placemark":
            self._placemark.cells[name] = text
        elif self._key and (name == "SimpleData" or (name == "value" and parent == "Data")):
            self._placemark.cells[self._key] = text

    def _end_geometry(self, name: str, parent: str) -> None:
        if name == "MultiGeometry":
            parts = self._several.pop()
            if parts:
                self._add(collection(parts))
            return
        if name == "Polygon":
            if self._outer != 1:
                raise ValueError(f"a Polygon with {self._outer} outer boundaries")
            self._add(polygon(self._rings))
            return
        if len(self._vertices) != 1 or (name == "Point" and len(self._vertices[0]) != 1):
            raise ValueError(f"{name} needs one list of coordinates")
        vertices = self._vertices.pop()
        if name == "Point":
            self._add(point(vertices))
        elif parent == "outerBoundaryIs":
            self._outer += 1
            self._rings.insert(0, vertices)
        elif parent == "innerBoundaryIs":
            self._rings.append(vertices)
        else:
            self._add(line(vertices))

    def _add(self, part: bytes) -> None:
        if self._placemark is not None:
            (self._several[-1] if self._several else self._placemark.parts).append(part)


def _vertices(text: str) -> NDArray[np.float64]:
    """Read ``lon,lat,height`` after ``lon,lat,height``; spaces may stand around the commas."""
    tuples = [one.split(",") for one in ",".join(part.strip() for part in text.split(",")).split()]
    sizes = {len(one) for one in tuples}
    if "_" in text or not sizes <= {2, 3}:
        raise ValueError(f"coordinates: {text.strip()[:40]}")
    return np.array([one[:2] for one in tuples], dtype=np.float64).reshape(-1, 2)


def _chosen(document: _Document, layer: str, about: FileFindings) -> Features | None:
    """Take the placemarks that are meant."""
    placemarks = document.placemarks
    if not placemarks:
        about.add("layer.picture" if document.overlays else "layer.no-features")
        return None
    holding = list(dict.fromkeys(place.folders[-1] for place in placemarks if place.folders))
    if layer:
        placemarks = [place for place in placemarks if layer in place.folders]
        if not placemarks:
            about.add("layer.missing", wanted=layer, layers=holding)
            return None
    elif len({place.folders for place in placemarks}) > 1 and not about.ask(
        "layer.several", layers=holding, used=", ".join(holding)
    ):
        return None
    names = list(dict.fromkeys(name for place in placemarks for name in place.cells))
    if any(len(place.parts) > 1 for place in placemarks):
        raise ValueError("a Placemark with two geometries")
    return Features(
        cells={name: [place.cells.get(name) for place in placemarks] for name in names},
        wkb=[place.parts[0] if place.parts else None for place in placemarks],
        ids=np.arange(len(placemarks), dtype=np.int64),
    )
