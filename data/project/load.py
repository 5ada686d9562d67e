"""Reading the project file: one call, one frozen project, or every mistake at once."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ...errors import ProjectError
from ..text.sentences import told
from ..text.slug import slug
from ..text.toml_lines import KeyPath, key_lines
from .countries.pack import USUAL, find_pack, with_country
from .limits import CheckRules
from .mistakes import Locator, across_sections, dotted, mistakes
from .models import (
    CommuneColumns,
    CommunesSource,
    ExtentSource,
    Project,
    ProjectInfo,
    ProvinceColumns,
    ProvincesSource,
    SubmissionSource,
)
from .population import PopulationSource, TotalsColumns, TotalsSource
from .profile import BorderRules, CodeList, IslandRules, Profile, SettingRules
from .profiles.files import with_base
from .sections.map_options import MapOptions
from .sections.values import VectorSource, Words
from .sections.where import WhereFilter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = [
    "BorderRules",
    "CheckRules",
    "CodeList",
    "CommuneColumns",
    "CommunesSource",
    "ExtentSource",
    "IslandRules",
    "MapOptions",
    "PopulationSource",
    "Profile",
    "Project",
    "ProjectInfo",
    "ProvinceColumns",
    "ProvincesSource",
    "SettingRules",
    "SubmissionSource",
    "TotalsColumns",
    "TotalsSource",
    "VectorSource",
    "WhereFilter",
    "Words",
    "folder_of_runs",
    "load_project",
    "slug",
]

_MAX_BYTES = 4_000_000  # a project file is written by hand; anything larger is the wrong file
_STEP = re.compile(r"\[(?P<index>\d+)\]|(?P<name>[^.\[\]]+)")


def load_project(path: Path, overrides: Sequence[str] = ()) -> Project:
    """Read a project file.

    Parameters
    ----------
    path
        The TOML file; relative paths inside it start at its folder.
    overrides
        ``a.b.c=VALUE`` texts that replace single keys; a list position is written ``a[0].b`` and counts
        from 0. VALUE is read as TOML, or taken as text where it is none.

    Returns
    -------
    Project
        Checked, with absolute paths. Files are not opened: the readers say what is wrong with them.

    Raises
    ------
    ProjectError
        With every mistake of the file and of the overrides, each with its line where it has one.
    """
    path = path.absolute()
    text, data = _parse(path)
    problems: list[str] = []
    changed: set[KeyPath] = set()
    for override in overrides:
        try:
            changed.add(_override(data, override))
        except ValueError as error:
            problems.append(told("project", "at_override", key=override, problem=error.args[0]))
    where = Locator(path.name, key_lines(text), changed)
    problems.extend(_fill_in(data, path.parent, where))
    data.setdefault("project", {})  # so that its default folder, too, starts at the file's folder
    project: Project | None = None
    found = list(across_sections(data))
    try:
        project = Project.model_validate(data, context={"folder": path.parent})
    except ValidationError as error:
        found = [*mistakes(error.errors(), data), *found]
    problems.extend(where.sentences(found))
    if problems or project is None:
        raise ProjectError(list(dict.fromkeys(problems)))
    return project.at(path)


def folder_of_runs(path: Path) -> Path:
    """Say where a project keeps its runs, whatever else in its file is wrong or cannot be filled in on this machine.

    Whoever looks at published runs needs neither the inputs nor the variables of the environment that name them.

    Parameters
    ----------
    path
        The project file.

    Returns
    -------
    pathlib.Path
        An absolute path.

    Raises
    ------
    ProjectError
        The file cannot be read, or its section ``[project]`` is wrong; with every mistake of the file.
    """
    path = path.absolute()
    about = _parse(path)[1].get("project", {})
    try:
        return ProjectInfo.model_validate(about, context={"folder": path.parent}).out
    except ValidationError:
        return load_project(path).project.out


def _fill_in(data: dict[str, Any], folder: Path, where: Locator) -> list[str]:
    """Put what the country and the profile's base give into the data; gives a sentence for each that fails."""
    found: list[tuple[KeyPath, str]] = []
    profile, about = data.get("profile"), data.get("project", {})
    country = about.get("country", USUAL) if isinstance(about, dict) else USUAL
    try:
        if isinstance(country, str):
            with_country(data, find_pack(country, folder))
    except ValueError as error:
        found.append((("project", "country"), error.args[0]))
    try:
        if isinstance(profile, dict):
            data["profile"] = with_base(profile, folder)
    except ValueError as error:
        found.append((("profile", "base"), error.args[0]))
    return where.sentences(found)


def _parse(path: Path) -> tuple[str, dict[str, Any]]:
    """Read the file as TOML; every way this fails is one sentence with its cure."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            msg = told("project", "too_large", path=path, megabytes=_MAX_BYTES // 1_000_000)
            raise ProjectError(msg)
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError as error:
        msg = told("project", "no_file", path=path)
        raise ProjectError(msg) from error
    except IsADirectoryError as error:
        msg = told("project", "folder", path=path)
        raise ProjectError(msg) from error
    except OSError as error:
        msg = told("project", "unreadable", path=path, words=error.strerror)
        raise ProjectError(msg) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        msg = told("project", "not_utf8", file=path.name, line=line)
        raise ProjectError(msg) from error
    try:
        return text, tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        # tomllib names line and column itself: "Expected '=' after a key (at line 3, column 8)"
        msg = told("project", "not_toml", file=path.name, words=error)
        raise ProjectError(msg) from error


def _override(data: dict[str, Any], override: str) -> KeyPath:
    """Put one ``a.b.c=VALUE`` into the data; raises ValueError in words for people."""
    name, equals, value = override.partition("=")
    steps = _steps(name.strip())
    if not equals or not steps:
        msg = told("project", "wrong.key_value")
        raise ValueError(msg)
    node: Any = data
    for number, step in enumerate(steps):
        _check_step(node, steps[:number], step)
        if number == len(steps) - 1:
            node[step] = _value(value.strip())
        elif isinstance(node, dict):
            node = node.setdefault(step, {})
        else:
            node = node[step]
    return steps


def _check_step(node: object, before: KeyPath, step: str | int) -> None:
    """See that a step of an override fits what stands there; raises ValueError in words for people."""
    msg = None
    if isinstance(node, list):
        if not isinstance(step, int) or step >= len(node):
            msg = told("project", "wrong.position", key=dotted(before), count=len(node))
    elif not isinstance(node, dict):
        msg = told("project", "wrong.no_keys", key=dotted(before))
    elif isinstance(step, int):
        msg = told("project", "wrong.no_list", key=dotted(before) or told("project", "wrong.project_file"))
    if msg:
        raise ValueError(msg)


def _steps(name: str) -> KeyPath:
    """Split ``submissions[2].buffer_m`` or ``submissions.2.buffer_m`` into its steps."""
    parts: list[str | int] = []
    for match in _STEP.finditer(name):
        word = match["index"] or match["name"].strip()
        # a position may also be written with a dot; no key of the project file is a number
        parts.append(int(word) if word.isdigit() else word)
    return tuple(parts)


def _value(text: str) -> object:
    """Read a value as TOML; what is no TOML is plain text."""
    try:
        table = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    return table["value"] if len(table) == 1 else text
