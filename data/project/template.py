"""The commented project file that ``blackspot init`` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import ProjectError, WorkplaceError
from ..text.sentences import told
from ..text.words import file_text

if TYPE_CHECKING:
    from pathlib import Path


def template() -> str:
    """Give a project file that loads as it stands; only the files it names are missing."""
    return file_text("blackspot.toml")


def write_template(folder: Path) -> Path:
    """Write a project file to fill in.

    Parameters
    ----------
    folder
        Where to; made if it is missing.

    Returns
    -------
    Path
        ``blackspot.toml`` in the folder.

    Raises
    ------
    ProjectError
        There is one already; it is left as it is.
    WorkplaceError
        The folder cannot be written.
    """
    path = folder / "blackspot.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(template())
    except FileExistsError as error:
        taken = path if path.exists() else folder
        msg = told("project", "exists", path=taken)
        raise ProjectError(msg) from error
    except OSError as error:
        msg = told("project", "unwritable", path=path, words=error.strerror)
        raise WorkplaceError(msg) from error
    return path
