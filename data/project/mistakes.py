"""What is wrong with a project file, in words: which key, what is wrong, what to write instead."""

from __future__ import annotations

import difflib
from collections import defaultdict
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from ..text.sentences import told
from ..text.slug import slug
from ..text.toml_lines import KeyPath, line_of
from ..text.words import words
from .models import Project
from .sections.values import Environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pydantic_core import ErrorDetails

_NOTHING_FOUND = {"missing", "string_too_short", "too_short"}
"""What has no value to show."""


class Locator:
    """Puts file, line and key before each mistake.

    Parameters
    ----------
    file
        Name of the project file.
    lines
        Line of every key, as `toml_lines.key_lines` finds them.
    changed
        Keys that came from ``--set`` and have no line.
    """

    def __init__(self, file: str, lines: Mapping[KeyPath, int], changed: set[KeyPath]) -> None:
        self._file = file
        self._lines = lines
        self._changed = changed

    def sentences(self, found: Iterable[tuple[KeyPath, str]]) -> list[str]:
        """Give the whole sentences, those of ``--set`` first, then in the order of the file."""
        placed = [self._placed(key, message) for key, message in found]
        return [sentence for _, sentence in sorted(placed, key=lambda place: place[0])]

    def _placed(self, key: KeyPath, message: str) -> tuple[int, str]:
        if any(key[: len(changed)] == changed for changed in self._changed):
            return 0, told("project", "at_override", key=dotted(key), problem=message)
        line = line_of(self._lines, key)
        if line is None:
            return 1, told("project", "at_key", file=self._file, key=dotted(key), problem=message)
        told_line = told(
            "project", "at_line", file=self._file, line=str(line), key=dotted(key), problem=message
        )
        return line, told_line


def dotted(key: KeyPath) -> str:
    """Write a key as people do: ``submissions[2].buffer_m``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in key)
    return text.removeprefix(".")


def mistakes(errors: Sequence[ErrorDetails], data: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """Turn pydantic's errors into keys of the file and sentences for people.

    Parameters
    ----------
    errors
        All errors of one validation.
    data
        The file as ``tomllib`` gives it.

    Yields
    ------
    tuple
        The key and what is wrong with it.
    """
    places = [details["loc"] for details in errors]
    for details in errors:
        inner = any(
            len(place) > len(details["loc"]) and place[: len(details["loc"])] == details["loc"]
            for place in places
        )
        if details["type"] == "too_short" and inner:
            continue  # a list whose items were refused counts as empty; the items say why
        yield _mistake(details, data)


def _mistake(details: ErrorDetails, data: Mapping[str, Any]) -> tuple[KeyPath, str]:
    """Turn one error into a key and a sentence."""
    key = _key_of(details["loc"], data)
    context = details.get("ctx", {})
    if details["type"] == "extra_forbidden":
        return key, _unknown(key)
    if details["type"] == "value_error":
        return key, context["error"].args[0]
    if details["type"] == "tuple_type" and isinstance(details["input"], dict):
        return key, told("project", "wrong.one_table", key=dotted(key))
    if details["type"] == "model_type" and isinstance(details["input"], list | tuple):
        return key, told("project", "wrong.a_list", key=dotted(key))
    known = f"must.{details['type']}"
    if known not in words(
        "project", "en"
    ):  # one that no project file has met so far, in the words of the library
        problem: str = details["msg"].replace("Input should be", "must be")
    else:
        limits = {word: str(context.get(word, "")) for word in ("expected", "ge", "le", "gt")}
        problem = told("project", known, **limits)
    if details["type"] in _NOTHING_FOUND:
        return key, problem
    return key, told("project", "found", problem=problem, found=_short(details["input"]))


def _short(value: object) -> str:
    """Show a value on part of a line, as the file would write it."""
    text = repr(list(value)) if isinstance(value, tuple) else repr(value)
    text = {"True": "true", "False": "false"}.get(text, text)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _key_of(location: Sequence[str | int], data: Mapping[str, Any]) -> KeyPath:
    """Keep the steps that are keys of the file; the last ones may name a branch of a union instead."""
    key: list[str | int] = []
    node: Any = data
    for step in location:
        if isinstance(node, dict):
            key.append(step)
            node = node.get(step)
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            key.append(step)
            node = node[step]
        else:
            break
    return tuple(key)


def _unknown(key: KeyPath) -> str:
    """Say which key was probably meant."""
    known = _known_keys(key[:-1])
    near = difflib.get_close_matches(str(key[-1]), known, n=1, cutoff=0.6)
    if near:
        return told("project", "wrong.did_you_mean", near=near[0])
    return told("project", "wrong.unknown", known=", ".join(known))


def _known_keys(key: KeyPath) -> list[str]:
    """List the keys a table may have, by walking the models."""
    model: type[BaseModel] = Project
    for step in key:
        if isinstance(step, str):
            model = next(_models_in(model.model_fields[step].annotation))
    return list(model.model_fields)


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    """Find the model inside ``X``, ``X | None`` or ``tuple[X, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models_in(inner)


def across_sections(data: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """Check what no section can check alone, on the plain data so that other mistakes do not hide it.

    Parameters
    ----------
    data
        The whole file as ``tomllib`` gives it, overrides included.

    Yields
    ------
    tuple
        The key and a sentence for people.
    """
    submissions = data.get("submissions")
    rows = submissions if isinstance(submissions, list) else []
    tables = {number: row for number, row in enumerate(rows) if isinstance(row, dict)}
    yield from _twice(tables)
    yield from _same_slug(tables)
    yield from _country_named(data.get("communes"))
    profile = data.get("profile")
    if isinstance(profile, dict) and tables:
        yield from _services_delivered(profile, tables)
        yield from _environments_known(profile, tables)
        yield from _signal_known(profile, data)
    yield from _kinds_once(data.get("facilities"))


def _country_named(communes: object) -> Iterator[tuple[KeyPath, str]]:
    """Ask for the name of a country without provinces: it stands wherever a province would."""
    table = communes if isinstance(communes, dict) else {}
    columns = table.get("columns")
    if isinstance(columns, dict) and columns.get("province_code") == "" and not table.get("country_name"):
        yield (
            ("communes", "columns", "province_code"),
            told("project", "wrong.country_name"),
        )


def _signal_known(profile: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """Ask what a signal is where villages or facilities are looked at."""
    if (data.get("villages") or data.get("facilities")) and not (
        profile.get("basic_services") or profile.get("mobile_service")
    ):
        yield (
            ("profile", "basic_services"),
            'says what a signal is for villages and facilities; name the mobile services, such as ["4g", "5g"]',
        )


def _kinds_once(facilities: object) -> Iterator[tuple[KeyPath, str]]:
    """Find kinds of facilities that stand twice."""
    rows = facilities if isinstance(facilities, list) else []
    kinds = [row.get("kind") if isinstance(row, dict) else None for row in rows]
    for number, kind in enumerate(kinds):
        if isinstance(kind, str) and kind in kinds[:number]:
            yield ("facilities", number, "kind"), f"{kind!r} stands twice; name each kind once"


def _environments_known(
    profile: Mapping[str, Any], tables: Mapping[int, Mapping[str, Any]]
) -> Iterator[tuple[KeyPath, str]]:
    """Find environments nobody knows, where the profile counts by them."""
    if not profile.get("counted_environments"):
        return
    known = get_args(Environment)
    for number, row in tables.items():
        environment = row.get("environment", "")
        if environment and environment not in known:
            yield (
                ("submissions", number, "environment"),
                told("project", "wrong.environment", known=", ".join(known), found=_short(environment)),
            )


def _twice(tables: Mapping[int, Mapping[str, Any]]) -> Iterator[tuple[KeyPath, str]]:
    """Find submissions that are the same file, rows, operator and service again."""
    first: dict[str, int] = {}
    for number, row in tables.items():
        identity = {
            key: row.get(key) for key in ("operator", "service", "path", "layer", "where", "service_class")
        }
        if None in (identity["operator"], identity["service"], identity["path"]):
            continue
        earlier = first.setdefault(repr(identity), number)
        if earlier != number:
            yield (
                ("submissions", number),
                told("project", "wrong.twice", earlier=str(earlier)),
            )


def _same_slug(tables: Mapping[int, Mapping[str, Any]]) -> Iterator[tuple[KeyPath, str]]:
    """Find operators with different names that would share their columns."""
    names: dict[str, str] = {}
    for number, row in tables.items():
        operator = row.get("operator")
        if not isinstance(operator, str) or not slug(operator):
            continue
        earlier = names.setdefault(slug(operator), operator.strip())
        if earlier != operator.strip():
            yield (
                ("submissions", number, "operator"),
                told(
                    "project",
                    "wrong.same_columns",
                    name=repr(operator),
                    other=repr(earlier),
                    columns=repr(slug(operator)),
                ),
            )


def _services_delivered(
    profile: Mapping[str, Any], tables: Mapping[int, Mapping[str, Any]]
) -> Iterator[tuple[KeyPath, str]]:
    """Find services the profile asks for that no submission delivers, and a k nobody can reach."""
    operators: dict[str, set[str]] = defaultdict(set)
    for row in tables.values():
        service, operator = row.get("service"), row.get("operator")
        if isinstance(service, str):
            operators[service].add(slug(operator) if isinstance(operator, str) else "")
    listed = profile.get("services")
    wanted: list[tuple[KeyPath, object]] = [
        (("profile", "services"), service) for service in (listed if isinstance(listed, list) else [])
    ]
    asked = len(wanted)
    basic = profile.get("basic_services")
    wanted += [
        (("profile", "basic_services"), service) for service in (basic if isinstance(basic, list) else [])
    ]
    wanted += [(("profile", key), profile.get(key)) for key in ("mobile_service", "fibre_service")]
    for key, service in wanted:
        if isinstance(service, str) and service and service not in operators:
            there = ", ".join(sorted(operators)) or told("project", "wrong.none")
            yield key, told("project", "wrong.no_service", service=repr(service), known=there)
    k = profile.get("k", 1)
    if profile.get("operator_rule") != "at_least_k" or not isinstance(k, int):
        return
    for _, service in wanted[:asked]:
        have = len(operators.get(service, ())) if isinstance(service, str) else 0
        if 0 < have < k:
            yield ("profile", "k"), told("project", "wrong.too_many_asked", k=k, service=service, have=have)
