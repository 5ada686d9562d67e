"""What is wrong with a project file, in words: which key, what is wrong, what to write instead."""

from __future__ import annotations

import difflib
from collections import defaultdict
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from ..text.slug import slug
from ..text.toml_lines import KeyPath, line_of
from .models import Project
from .sections.values import Environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pydantic_core import ErrorDetails

_SAY = {
    "missing": "is missing; add it",
    "string_type": "must be text in quotes{found}",
    "string_pattern_mismatch": "must be a lower-case word of a-z and 0-9, such as 5g{found}",
    "string_too_short": "must not be empty",
    "literal_error": "must be {expected}{found}",
    "tuple_type": "must be a list in square brackets{found}",
    "too_short": "must not be empty",
    "greater_than_equal": "must be at least {ge}{found}",
    "less_than_equal": "must be at most {le}{found}",
    "greater_than": "must be more than {gt}{found}",
    "finite_number": "must be a finite number{found}",
    "model_type": "must be a table of keys{found}",
    "dict_type": "must be a table of keys{found}",
    "float_type": "must be a number without quotes{found}",
    "int_type": "must be a whole number without quotes{found}",
    "date_type": "must be a date such as 2026-10-31{found}",
    "is_instance_of": "must be a path in quotes{found}",
}
"""Sentence for each of pydantic's error types that a project file can meet."""


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
            return 0, f"--set {dotted(key)}: {message}"
        line = line_of(self._lines, key)
        if line is None:
            return 1, f"{self._file}, {dotted(key)}: {message}"
        return line, f"{self._file} line {line}, {dotted(key)}: {message}"


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
        return key, str(context["error"])
    if details["type"] == "tuple_type" and isinstance(details["input"], dict):
        return key, f"is one table where a list of tables is asked; write its head as [[{dotted(key)}]]"
    if details["type"] == "model_type" and isinstance(details["input"], list | tuple):
        return key, f"is a list where one table is asked; write its head as [{dotted(key)}]"
    say = _SAY.get(details["type"], details["msg"].replace("Input should be", "must be") + "{found}")
    for word in ("expected", "ge", "le", "gt"):
        say = say.replace(f"{{{word}}}", str(context.get(word, "")))
    # last, because a value may itself hold braces
    return key, say.replace("{found}", f"; found {_short(details['input'])}", 1)


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
        return f"is not a known key; did you mean {near[0]}?"
    return f"is not a known key; known here: {', '.join(known)}"


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
            "is empty, so the country has no provinces; write its name as country_name into [communes]",
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
                f"the profile counts by environment; write {', '.join(known[:-1])} or {known[-1]}; found {_short(environment)}",
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
                f"is the same operator, service and file as submissions[{earlier}]; remove one",
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
                f"{operator!r} and {earlier!r} would share the columns {slug(operator)!r}; write one name the same way",
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
            there = ", ".join(sorted(operators)) or "none"
            yield key, f"no submission has the service {service!r}; the submissions have: {there}"
    k = profile.get("k", 1)
    if profile.get("operator_rule") != "at_least_k" or not isinstance(k, int):
        return
    for _, service in wanted[:asked]:
        have = len(operators.get(service, ())) if isinstance(service, str) else 0
        if 0 < have < k:
            yield ("profile", "k"), f"asks for {k} operators, but {service} has only {have}"
