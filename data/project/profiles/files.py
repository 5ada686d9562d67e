"""Reading a profile from a file, and what a project file changes of it."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from ...text.sentences import told

_ENDING: Final = ".toml"
_FOLDER: Final = Path(__file__).parent
_MAX_BYTES: Final = 1_000_000
_NAMES: Final = frozenset({"base", "id", "version"})
"""Keys that say what a profile is called, and no rule."""


@dataclass(frozen=True)
class ProfileFile:
    """A gap profile as it stands in a file.

    Attributes
    ----------
    name
        What a project file calls it: the name of one that ships, or the path.
    title, about
        What it is, in Vietnamese (``vi``) and English (``en``).
    source
        Where its rules come from.
    rules
        The keys of the section ``profile`` of a project file.
    """

    name: str
    title: dict[str, str]
    about: dict[str, str]
    source: str
    rules: dict[str, Any]


@cache
def shipped() -> tuple[ProfileFile, ...]:
    """Give the profiles that ship, by name."""
    return tuple(_read(path, path.stem) for path in sorted(_FOLDER.glob(f"*{_ENDING}")))


def find_profile(name: str, folder: Path) -> ProfileFile:
    """Find a profile by name or path.

    Parameters
    ----------
    name
        Of one that ships, or the path of a TOML file.
    folder
        Where relative paths start.

    Raises
    ------
    ValueError
        There is none, or the file is no profile; in words for people.
    """
    for profile in shipped():
        if profile.name == name:
            return profile
    if not name.endswith(_ENDING):
        known = [profile.name for profile in shipped()]
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        if near:
            hint = told("project", "wrong.hint_near", near=near[0])
        else:
            hint = told("project", "wrong.hint_known", known=", ".join(known))
        msg = told("project", "wrong.no_profile", name=repr(name), hint=hint, ending=_ENDING)
        raise ValueError(msg)
    return _read(folder / name, name)


def with_base(profile: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Fill what a project file leaves out of its profile from the one it is based on.

    Parameters
    ----------
    profile
        The section ``profile`` as it stands in the project file.
    folder
        Where relative paths start.

    Returns
    -------
    dict
        All rules; as it was where it is based on none. Where a rule was changed and no id given, the id names what was
        changed, such as ``5g-any-operator+min_people``: another rule set must not go by the name of the first.

    Raises
    ------
    ValueError
        The base cannot be found or read; in words for people.
    """
    base = profile.get("base")
    if not isinstance(base, str) or not base:
        return profile
    found = find_profile(base, folder)
    merged = _merged(found.rules, profile)
    if "id" not in profile:
        changed = sorted(key for key in profile if key not in _NAMES and found.rules.get(key) != profile[key])
        merged["id"] = "+".join([str(merged.get("id", Path(base).stem)), *changed])
    return merged


def _merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Put one table over another, key by key."""
    result = dict(under)
    for key, value in over.items():
        below = result.get(key)
        if isinstance(value, dict) and isinstance(below, dict):
            value = _merged(below, value)  # noqa: PLW2901 - what stands there in the end
        result[key] = value
    return result


def _read(path: Path, name: str) -> ProfileFile:
    """Read a file; raises ValueError in words for people."""
    try:
        with path.open("rb") as stream:
            content = tomllib.loads(stream.read(_MAX_BYTES).decode())
    except OSError as error:
        msg = told("project", "wrong.profile_unreadable", path=path, words=error.strerror)
        raise ValueError(msg) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        msg = told("project", "wrong.profile_not_toml", path=path, words=error)
        raise ValueError(msg) from error
    rules, title, about = content.get("profile"), content.get("title", {}), content.get("about", {})
    if (
        not (isinstance(rules, dict) and isinstance(title, dict) and isinstance(about, dict))
        or "base" in rules
    ):
        msg = told("project", "wrong.profile_table", path=path)
        raise ValueError(msg)
    return ProfileFile(name, title, about, str(content.get("source", "")), rules)
