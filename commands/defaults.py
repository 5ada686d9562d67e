"""Defaults that the command line takes from the machine: the language, and the folder of the runs."""

from __future__ import annotations

import os
from pathlib import Path


def default_language() -> str:
    """Follow the machine: Vietnamese where its language is Vietnamese, else English.

    Returns
    -------
    str
        vi or en.
    """
    names = (os.environ.get(name, "") for name in ("BLACKSPOT_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))
    return "vi" if next((name for name in names if name), "").lower().startswith("vi") else "en"


def out_folder(out: Path | None) -> Path:
    """Find the folder that keeps the runs.

    Parameters
    ----------
    out
        As the command line says; None where it does not.

    Returns
    -------
    pathlib.Path
        The one given, else that of ``./blackspot.toml``, else ``./out``.

    Raises
    ------
    ProjectError
        There is a project file, and it cannot be read, or its section ``[project]`` is wrong.
    """
    if out is not None:
        return out
    project_file = Path("blackspot.toml")
    if not project_file.exists():
        return Path("out")
    from ..data.project.load import folder_of_runs  # noqa: PLC0415 - heavy, and not needed by --help

    return folder_of_runs(project_file)
