"""The place of a site: only an empty folder, or a site to which nobody added anything, may be replaced."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

from ...data.disk.atomic import explained_os_errors
from ...data.text.safe import printable
from ...data.text.sentences import told
from ...errors import WorkplaceError
from ...maps.site.build import INDEX
from ...maps.site.downloads import FOLDER as DATA
from ...maps.site.linked import FOLDER as ASSETS

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
    try:
        with path.open("rb") as file:
            said = json.loads(file.read(_MOST_BYTES))
    except (FileNotFoundError, IsADirectoryError, ValueError, RecursionError):
        return frozenset()
    if not isinstance(said, dict) or said.get("format") != FORMAT or not isinstance(said.get("files"), dict):
        return frozenset()
    return frozenset({*said["files"], SITE_FILE})


def _not_ours(folder: Path, name: str) -> WorkplaceError:
    return WorkplaceError(told("site", "not_ours", folder=folder, name=repr(printable(name))))
