"""Which program and which libraries made the numbers; rasterio and pyogrio each bring their own GDAL.

The packages say which GDAL, GEOS and PROJ they have only when they are loaded, which takes longer than everything else that a
run without anything new does. What they said is therefore kept with every file of native code that was loaded
then; it is believed as long as none of these files has changed, and only where a run asks whether it is a known one.
What a run writes of its libraries they always say themselves.
"""

# ruff: noqa: PLC0415 - the libraries are loaded only where they themselves must say what they are

from __future__ import annotations

import hashlib
import json
import os
import platform
import sqlite3
import sys
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ...errors import WorkplaceError
from ..disk.atomic import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PACKAGES = (
    "numpy",
    "scipy",
    "pandas",
    "geopandas",
    "shapely",
    "pyproj",
    "rasterio",
    "pyogrio",
    "pyarrow",
    "openpyxl",
)
_ASKED = ("pyogrio", "pyproj", "rasterio", "shapely")
_NATIVE = ("gdal_rasterio", "gdal_pyogrio", "proj_rasterio", "proj_pyproj", "geos_shapely")
_SEARCH = ("LD_LIBRARY_PATH", "LD_PRELOAD")
_LOADED: Final = Path("/proc/self/maps")
_LOADER_CACHE: Final = "/etc/ld.so.cache"
_ROOT = Path(__file__).parents[2]
_ROOMS = ("commands", "coverage", "data", "maps", "pipeline")
_DIGITS = 16
_DAMAGED = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError)

KEPT_VERSIONS: Final = "libraries.json"
"""Name of the file, in the folder of what is kept between runs, with what the libraries said of themselves."""


def library_versions() -> dict[str, str]:
    """Name the versions of everything that has a say in the results; loads the libraries.

    ``code`` is a digest of the program itself: its version does not change with every correction, and a run by
    corrected code must not pass for the one before.

    Returns
    -------
    dict
        Name to version. ``gdal_rasterio`` reads rasters, ``gdal_pyogrio`` reads and writes vector files;
        ``proj_rasterio`` and ``proj_pyproj`` may differ in the same way.
    """
    return _together(_native())


def versions_to_compare(kept: Path) -> dict[str, str]:
    """Name the same versions, to compare with those of an earlier run; loads no library where nothing has changed.

    Parameters
    ----------
    kept
        File with what the libraries said before; written where there is none, or another one. It may be deleted at any time.

    Returns
    -------
    dict
        As :func:`library_versions` gives it. What stands in the file counts only while every file of native code
        that was loaded then is the same by size, times and number, and Python finds the same packages where it found them.
    """
    native = _read_kept(kept)
    if native is None:
        native = _native()
        _keep(kept, native)
    return _together(native)


def _together(native: Mapping[str, str]) -> dict[str, str]:
    """Put what the libraries say beside what is known without them, in the order in which runs write it."""
    return {**_program(), **{name: native[name] for name in _NATIVE}, "sqlite": sqlite3.sqlite_version}


@cache  # a process stays the program that it was when it started
def _program() -> Mapping[str, str]:
    return {
        "blackspot": version("blackspot"),
        "code": _code(_ROOT),
        "python": platform.python_version(),
        **{name: version(name) for name in _PACKAGES},
    }


def _native() -> dict[str, str]:
    """Let the libraries say which native code they have."""
    import pyogrio
    import pyproj
    import rasterio
    import shapely

    return {
        "gdal_rasterio": str(rasterio.__gdal_version__),
        "gdal_pyogrio": str(pyogrio.__gdal_version_string__),
        "proj_rasterio": str(rasterio.__proj_version__),
        "proj_pyproj": pyproj.proj_version_str,
        "geos_shapely": ".".join(str(part) for part in shapely.geos_version),
    }


def _read_kept(kept: Path) -> dict[str, str] | None:
    """Give what the libraries said, where they would say the same today; None where nobody knows."""
    try:
        known = json.loads(kept.read_bytes())
        same = known.pop("sha256") == _sum_of(known)  # a bit that flipped would make every run a new one
        same = same and known["found"] == _found() and known["files"] == _states(known["files"])
        native = {name: str(known["native"][name]) for name in _NATIVE}
    except _DAMAGED:  # or missing: they are asked
        return None
    return native if same else None


def _keep(kept: Path, native: Mapping[str, str]) -> None:
    """Keep what the libraries have just said, where the system tells which files they are made of and the disk lets it."""
    try:
        files = _states(_loaded_files())
    except OSError:  # another system, or a library was exchanged while this process has the old one
        return
    content = {"found": _found(), "files": files, "native": dict(native)}
    with suppress(OSError, WorkplaceError):  # it only ever saves time
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(kept, json.dumps(content | {"sha256": _sum_of(content)}, indent=1, sort_keys=True))


def _sum_of(content: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _found() -> dict[str, str]:
    """Say which Python this is, and where it finds which packages; none is loaded for it."""
    packages = {name: f"{version(name)} {_place_of(name)}" for name in _ASKED}
    return {"python": sys.version, **packages, **{name: os.environ.get(name, "") for name in _SEARCH}}


def _place_of(package: str) -> str:
    spec = find_spec(package)
    return "" if spec is None else str(spec.origin)


def _loaded_files() -> list[str]:
    """Name the files of native code in this process, and the one that says where the system looks for such.

    Raises
    ------
    OSError
        The system does not tell.
    """
    lines = (
        line.split(maxsplit=5)
        for line in _LOADED.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    )
    paths = {words[5] for words in lines if len(words) > 5 and "x" in words[1]}
    system = {_LOADER_CACHE} if Path(_LOADER_CACHE).exists() else set()
    return sorted({path for path in paths if path.startswith("/")} | system)


def _states(paths: Iterable[str]) -> dict[str, list[int]]:
    """Say what changes with any change of a file, whoever sets its times back.

    Raises
    ------
    OSError
        A file is gone.
    """
    states = {}
    for path in paths:
        state = Path(path).stat()
        states[path] = [state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino]
    return states


def _code(root: Path) -> str:
    """Sum up all files of the program: code, texts, and what its pages are made of; compiled copies do not count."""
    files = {path.name: path for path in root.glob("*.py")}
    for room in _ROOMS:
        for path in (root / room).rglob("*"):
            parts = path.relative_to(root).parts
            if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in parts):
                files["/".join(parts)] = path
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(f"{hashlib.sha256(files[name].read_bytes()).hexdigest()} {name}\n".encode())
    return total.hexdigest()[:_DIGITS]
