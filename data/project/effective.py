"""The project file as it was carried out: with every override, and the rules in it that decide numbers."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import tomli_w

from .countries.pack import find_pack
from .profile import Profile, SettingRules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from .models import Project

EFFECTIVE: Final = "project.toml"
"""Name of the file in a run folder."""
_UPKEEP: Final = {"retention", "approval", "publish"}  # what becomes of a run once it is made
_UNATTENDED: Final = {
    "inbox",
    "hook",
}  # of the machine that runs it; what came in stands under the submissions
_WORDS: Final = {
    "project",
    "map",
    "places",
    "villages",
    "facilities",
    *_UPKEEP,
}  # what they say changes no number
_DATA: Final = {"path", "layer", "vintage", "source", "crs", "totals", "alternatives", "overrides", "land"}
_SUBMISSIONS: Final = "submissions"


def effective_toml(project: Project) -> str:
    """Write the project file that gives the same run without any override.

    Parameters
    ----------
    project
        As it was read, overrides included.

    Returns
    -------
    str
        TOML. Paths stand relative to the folder of the project file, so that the text does not say on which
        machine it was carried out; keys that only repeat their default are left out, and those that decide what
        becomes of the run, inbox and hook, too: they change nothing in it.
    """
    content = project.model_dump(
        mode="json",
        exclude_defaults=True,
        exclude_none=True,
        exclude={"project": {"fail_on"}, **dict.fromkeys(_UPKEEP | _UNATTENDED, True)},
    )
    content["profile"].pop("base", None)  # what it gave is written out, as what the country gave
    everything = project.model_dump(mode="json")
    for section, keys in find_pack(project.project.country, project.folder).defaults.items():
        content.setdefault(section, {}).update({key: everything[section][key] for key in keys})
    portable = _portable(content, project.folder)
    return tomli_w.dumps(portable if isinstance(portable, dict) else {})


def rules_of(project: Project) -> dict[str, object]:
    """Give every key of a project that decides numbers and is not itself data.

    Two runs with the same rules differ by their data alone.

    Parameters
    ----------
    project
        A project.

    Returns
    -------
    dict
        By dotted key, defaults included; a submission's keys stand under its operator and service, such as
        ``submissions.Sao Mai 5g.buffer_m``. Plain values.
    """
    content = project.model_dump(mode="json")
    found: dict[str, object] = {}
    apart = {_SUBMISSIONS, "checks", "communes", "provinces"} | _WORDS | _UNATTENDED | _UPKEEP
    for name in sorted(content.keys() - apart):
        found.update(_flat(name, content[name]))
    found["checks.unreached_share"] = project.checks.unreached_share
    found.update(_flat("communes.where", content["communes"]["where"]))
    found["population.calibrated"] = project.population.is_calibrated
    found.pop("population.calibrate", None)
    found.pop("profile.version", None)
    found.pop("profile.id", None)
    found.pop("profile.base", None)  # its rules stand here one by one
    # how sure the figures are moves none of them
    return {name: found[name] for name in sorted(found) if not name.startswith("profile.certainty.")}


@cache
def usual_rules() -> dict[str, object]:
    """Give the rules as they are where a project file says nothing, by dotted key as in :func:`rules_of`."""
    defaults = {
        "setting": SettingRules().model_dump(mode="json"),
        "profile": Profile(services=("any",)).model_dump(mode="json", exclude={"services"}),
    }
    return {name: value for section, inner in defaults.items() for name, value in _flat(section, inner)}


def claims_of(project: Project) -> dict[str, dict[str, object]]:
    """Give how each submission is to be read, by operator and service: where it speaks, from which level up, how far.

    Parameters
    ----------
    project
        A project.

    Returns
    -------
    dict
        By name such as ``Sao Mai 5g``; files of one operator and service stand together, numbered from the second on.
    """
    found: dict[str, dict[str, object]] = {}
    for source in project.submissions:
        name = plainest = f"{source.operator} {source.service}"
        number = 1
        while name in found:
            number += 1
            name = f"{plainest} ({number})"
        content = source.model_dump(
            mode="json", exclude={"path", "layer", "crs", "columns", "vintage", "operator", "service"}
        )
        extent = content.get("extent")
        if isinstance(extent, dict):
            extent.pop("path", None)
            extent.pop("layer", None)
        found[name] = content
    return found


def newest_day(project: Project) -> dt.date | None:
    """Give the newest day that coverage speaks of, of what counts as coverage; None where no submission states one.

    Parameters
    ----------
    project
        A project.
    """
    counted = project.profile.counted_basis
    days = [one.vintage for one in project.submissions if one.vintage is not None and one.basis in counted]
    return max(days, default=None)


def _flat(name: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in _DATA:
                yield from _flat(f"{name}.{key}", inner)
    else:
        yield name, value


def _portable(value: Any, folder: Any) -> Any:  # noqa: ANN401 - what JSON holds
    """Write absolute paths from the folder of the project file on."""
    if isinstance(value, dict):
        return {key: _portable(inner, folder) for key, inner in value.items()}
    if isinstance(value, list):
        return [_portable(inner, folder) for inner in value]
    if isinstance(value, str) and os.path.isabs(value):  # noqa: PTH117 - a text that may be a path
        return os.path.relpath(value, folder)
    return value
