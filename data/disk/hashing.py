"""What a run read, by content: one hash for each input, whatever it is made of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .copying import NotRegularError, sha256_of_regular

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

# Companions that change what is read. Indexes (.sbn, .qix, .ind) and metadata do not.
COMPANIONS = {
    ".shp": (".shx", ".dbf", ".prj", ".cpg"),
    ".tab": (".dat", ".map", ".id"),
    ".mif": (".mid",),
}
"""Ending of a main file to those of the files that belong to it."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """One input of a run, as it was when the run looked at it.

    Attributes
    ----------
    role
        What it is used as, such as ``communes`` or ``coverage``.
    path
        Where it was: a file or a folder.
    sha256
        Of the content, in hex. Of a file the plain SHA-256 of its bytes; of a file with its companions
        and of a folder the SHA-256 of a list of names and hashes, so that it does not depend on where the
        input stands.
    size
        In bytes, companions and members counted.
    vintage
        The day or year the content speaks of, as the project file states it.
    """

    role: str
    path: Path
    sha256: str
    size: int
    vintage: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a run saw when it looked at its inputs first; a reader refuses an input of another content.

    Attributes
    ----------
    hashes
        SHA-256 of inputs by their path; of any other input nothing is expected.
    """

    hashes: Mapping[Path, str] = field(default_factory=dict)

    @classmethod
    def of(cls, files: Iterable[InputFile]) -> Expected:
        """Expect the inputs as they were hashed."""
        return cls({file.path: file.sha256 for file in files})

    def is_met(self, path: Path, sha256: str) -> bool:
        """Say whether an input is what it was, by the hash of what is read now."""
        return self.hashes.get(path, sha256) == sha256


ANYTHING = Expected()
"""Expects nothing of any input."""


def input_file(role: str, path: Path, vintage: str = "") -> InputFile:
    """Hash one input.

    Parameters
    ----------
    role
        What it is used as.
    path
        A file (the companions of a Shapefile and of a MapInfo file are hashed with it) or a folder (all files in it, hidden ones
        and links left out).
    vintage
        The day or year the content speaks of.

    Returns
    -------
    InputFile
        With a hash that depends on nothing but content and the names inside.

    Raises
    ------
    NotRegularError
        It is a link, a pipe or a device, or has such a companion.
    TooLargeError
        It is larger than anything that is read.
    WorkplaceError
        Its disk failed.
    OSError
        The input is missing or cannot be read.
    """
    if path.is_symlink():  # also one to a folder, which might be the whole disk
        raise NotRegularError(0, "a link", str(path))
    if not path.is_dir() and path.suffix.lower() not in COMPANIONS:
        return InputFile(role, path, sha256_of(path), path.stat().st_size, vintage)
    parts = parts_of(path)
    total = sha256_of_parts({name: sha256_of(part) for name, part in parts.items()})
    size = sum(part.stat().st_size for part in parts.values())
    return InputFile(role, path, total, size, vintage)


def sha256_of_parts(hashes: Mapping[str, str]) -> str:
    """Sum up the hashes of the files an input is made of.

    Parameters
    ----------
    hashes
        Name inside the input (of a file with companions: the ending) to SHA-256 in hex.

    Returns
    -------
    str
        The SHA-256 of the list, which does not depend on where the input stands.
    """
    total = hashlib.sha256()
    for name in sorted(hashes):
        total.update(f"{hashes[name]} {name}\n".encode("utf-8", "surrogateescape"))
    return total.hexdigest()


def parts_of(path: Path) -> dict[str, Path]:
    """Find the files an input is made of.

    Parameters
    ----------
    path
        A file or a folder.

    Returns
    -------
    dict
        Of a folder the name inside it, of a file with companions the ending, of any other file its name, to the file.

    Raises
    ------
    OSError
        The folder cannot be read.
    """
    if path.is_dir():
        return _members(path)
    if path.suffix.lower() in COMPANIONS:
        return {path.suffix.lower(): path} | companions(path)
    return {path.name: path}


def sha256_of(path: Path) -> str:
    """Hash the bytes of one file, in pieces, whatever its size.

    Parameters
    ----------
    path
        A file.

    Returns
    -------
    str
        The SHA-256 in hex.

    Raises
    ------
    NotRegularError
        It is a link, a pipe or a device.
    WorkplaceError
        Its disk failed.
    OSError
        The file is missing or cannot be read.
    """
    return sha256_of_regular(path)


def companions(path: Path) -> dict[str, Path]:
    """Find the files that belong to a Shapefile or a MapInfo file.

    Parameters
    ----------
    path
        The main file: ``.shp``, ``.tab`` or ``.mif``.

    Returns
    -------
    dict
        Ending in lower case to file, for those of :data:`COMPANIONS` that are there in any case.
        Where a disk keeps two spellings, the first in byte order counts.
    """
    found: dict[str, Path] = {}
    wanted = COMPANIONS[path.suffix.lower()]
    for candidate in sorted(path.parent.iterdir()):
        ending = candidate.suffix.lower()
        if candidate.stem == path.stem and ending in wanted and candidate.is_file():
            found.setdefault(ending, candidate)
    return found


def _members(folder: Path) -> dict[str, Path]:
    members = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        hidden = any(part.startswith(".") for part in name.split("/"))
        if path.is_file() and not path.is_symlink() and not hidden:
            members[name] = path
    return members
