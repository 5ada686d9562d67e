"""The place of a site: what lies there, whether it may be replaced, and whether it is as it was published."""

from __future__ import annotations

import json
import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from ...data.disk.atomic import explained_os_errors
from ...data.disk.copying import NotRegularError
from ...data.disk.hashing import sha256_of
from ...data.text.safe import printable
from ...data.text.sentences import say, told
from ...data.text.words import LANGUAGES, Both
from ...errors import WorkplaceError
from ...maps.site.build import INDEX
from ...maps.site.downloads import FOLDER as DATA
from ...maps.site.linked import FOLDER as ASSETS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SITE_FILE: Final = "site.json"
FORMAT: Final = "blackspot site 1"
"""What ``site.json`` says of itself."""

OWN: Final = (INDEX, "maps", ASSETS, DATA, SITE_FILE)
"""Everything that lies at the top of a site."""

_MOST_BYTES: Final = 10_000_000  # of site.json: one line for each of some hundred files


def refuse_others(folder: Path) -> None:
    """Stop where a folder holds anything that is not of a site of ours.

    Parameters
    ----------
    folder
        It need not exist.

    Raises
    ------
    WorkplaceError
        There is something else in it, such as files of a web server or an edited ``site.json``, or it cannot be read.
    """
    with explained_os_errors(folder, told("errors", "doing.read_results")):
        if not folder.exists():
            return
        if not folder.is_dir():
            raise _not_ours(folder, folder.name)
        found = _paths_in(folder)
        own = _announced(folder / SITE_FILE) if found else frozenset[str]()
        for path in found:
            if path not in own:
                raise _not_ours(folder, path)


def site_damage(folder: Path) -> tuple[Both, ...]:
    """Compare a site, such as a copy on a web server, with its own list.

    Parameters
    ----------
    folder
        The site; the right to read it is enough.

    Returns
    -------
    tuple of Both
        One sentence for each file that is missing, changed or not of it; empty where all is as it was published.

    Raises
    ------
    WorkplaceError
        It is no site of ours, or cannot be read.
    """
    with explained_os_errors(folder, told("errors", "doing.read_results")):
        listed = _listed(folder / SITE_FILE)
        if listed is None:
            raise WorkplaceError(told("site", "no_site", folder=folder))
        found = frozenset(_paths_in(folder)) - {SITE_FILE} - _folders_of(listed)
        wrong = dict.fromkeys(listed.keys() - found, "missing")
        wrong |= dict.fromkeys(found - listed.keys(), "added")
        both = found & listed.keys()
        wrong |= dict.fromkeys(
            (path for path in both if not _is_whole(folder / path, listed[path])), "changed"
        )
    return tuple(
        Both(
            *(
                say("site", f"damage.{what}", language, path=printable(str(folder / path)))
                for language in LANGUAGES
            )
        )
        for path, what in sorted(wrong.items())
    )


def _is_whole(path: Path, described: object) -> bool:
    try:
        return isinstance(described, dict) and described.get("sha256") == sha256_of(path)
    except NotRegularError:
        return False


def _paths_in(folder: Path) -> list[str]:
    """Name everything in a folder but folders that hold something; a link is never followed."""
    found = []
    for place, folders, files in os.walk(folder):
        here = Path(place)
        links = [name for name in folders if (here / name).is_symlink()]
        empty = [name for name in folders if name not in links and not any((here / name).iterdir())]
        found += [(here / name).relative_to(folder).as_posix() for name in (*links, *empty, *files)]
    return sorted(found)


def _announced(path: Path) -> frozenset[str]:
    """Give the paths that a site says it is made of; none where it is no site of ours."""
    listed = _listed(path)
    return frozenset() if listed is None else frozenset({*listed, SITE_FILE}) | _folders_of(listed)


def _folders_of(listed: Iterable[str]) -> frozenset[str]:
    """Give the folders in which the files of a site lie; one that lost all of them is still of the site."""
    return frozenset(parent.as_posix() for path in listed for parent in PurePosixPath(path).parents)


def _listed(path: Path) -> Mapping[str, object] | None:
    """Read what a site says of its files; None where it is no site of ours."""
    try:
        with path.open("rb") as file:
            said = json.loads(file.read(_MOST_BYTES))
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or said.get("format") != FORMAT or not isinstance(said.get("files"), dict):
        return None
    files: Mapping[str, object] = said["files"]
    return files


def _not_ours(folder: Path, name: str) -> WorkplaceError:
    return WorkplaceError(told("site", "not_ours", folder=folder, name=repr(printable(name))))
