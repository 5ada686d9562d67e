"""A Python that every user of the machine may start, also where the usual one lies in a folder of root's."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import blackspot

_LEFT_OUT = (
    "site-packages",
    "test",
    "tests",
    "idlelib",
    "tkinter",
    "ensurepip",
    "config-*",
    "__pycache__",
    ".git",
)
_PACKAGE_LEFT_OUT = (*_LEFT_OUT, "build", "docs", "examples", "benchmarks", "*.egg-info", "out", ".*")


@dataclass(frozen=True, slots=True)
class Python:
    """An interpreter and what must be in its environment to find its packages and blackspot."""

    path: str
    environment: dict[str, str]


def python_for_everybody(folder: Path) -> Python:
    """Lay together, in a folder that everybody may read, what is not readable by everybody where it lies.

    Parameters
    ----------
    folder
        An empty folder below folders that everybody may pass through.
    """
    folder.chmod(0o755)
    real = Path(sys.executable).resolve()
    if not is_open(real) or not is_open(Path(os.__file__)):
        name = f"python{sys.version_info.major}.{sys.version_info.minor}"
        home = folder / "home"
        (home / "bin").mkdir(parents=True)
        shutil.copy2(real, home / "bin" / name)
        _copy(Path(sysconfig.get_path("stdlib")), home / "lib" / name, _LEFT_OUT)
        for library in Path(sysconfig.get_config_var("LIBDIR")).glob("libpython*.so*"):
            shutil.copy2(library, home / "lib" / library.name)
        real = home / "bin" / name
    places = []
    for number, place in enumerate(
        path for path in sys.path if path.endswith(("site-packages", "dist-packages"))
    ):
        if is_open(Path(place)):
            places.append(place)
        else:
            _copy(Path(place), folder / f"packages{number}", ("__pycache__",))
            places.append(str(folder / f"packages{number}"))
    package = Path(blackspot.__file__).parent
    if is_open(package) and package.name == "blackspot":
        places.insert(0, str(package.parent))
    else:
        _copy(package, folder / "own" / "blackspot", _PACKAGE_LEFT_OUT)
        places.insert(0, str(folder / "own"))
    found = {"PYTHONPATH": os.pathsep.join(places), "LD_LIBRARY_PATH": str(real.parents[1] / "lib")}
    return Python(str(real), found)


def is_open(place: Path) -> bool:
    """Say whether everybody may read a place and pass through the folders above it.

    Parameters
    ----------
    place
        A file or folder.
    """
    above = all(folder.stat().st_mode & stat.S_IXOTH for folder in place.resolve().parents)
    return above and bool(place.stat().st_mode & stat.S_IROTH)


def _copy(source: Path, target: Path, left_out: tuple[str, ...]) -> None:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(*left_out), symlinks=False)
    target.chmod(0o755)
