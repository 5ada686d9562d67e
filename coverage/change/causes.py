"""Which differences between two runs can have moved a number, and which cause each of them is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ...data.runs.manifest import Manifest
    from .comparison import PartCause

_FROM_CELLS: Final = frozenset(
    {"profile.services", "profile.gap", "profile.operator_rule", "profile.k", "profile.basic_services"}
)
"""Rules whose effect follows from what covers a cell."""
_BASIS: Final = "profile.counted_basis"
_MOVE_NOBODY: Final = (  # spots, order, flags and doubts: nobody lacks more or less by them
    "profile.min_",
    "profile.order.",
    "profile.spot_",
    "profile.population.",
    "profile.mobile_service",
    "profile.fibre_service",
    "setting.",
)
_PEOPLE: Final = frozenset({"population", "totals", "overrides", "land"})


@dataclass(frozen=True, slots=True)
class GapRules:
    """The rules by which a person fails the profile.

    Attributes
    ----------
    services, basic_services
        Of the profile.
    gap
        ``all`` or ``any``: whether all services must be missing, or one.
    operator_rule, k
        How many operators must cover.
    """

    services: tuple[str, ...]
    basic_services: tuple[str, ...]
    gap: str
    operator_rule: str
    k: int


@dataclass(frozen=True, slots=True)
class Causes:
    """What can have moved a number.

    Attributes
    ----------
    ground
        The causes that decide how many people are counted where, of ``population``, ``boundaries`` and ``rules``. Several
        of them cannot be told apart: each run holds its own count only.
    rules
        Of both runs.
    unchanged
        Operators and services whose files and claims are the same in both runs.
    claims, by_rules
        Operators and services that are read in another way, or that count by the rules of one run only. Whatever
        changes in the others is coverage.
    """

    ground: tuple[PartCause, ...]
    rules: tuple[GapRules, GapRules]
    unchanged: frozenset[tuple[str, str]]
    claims: frozenset[tuple[str, str]]
    by_rules: frozenset[tuple[str, str]]

    @property
    def rules_differ(self) -> bool:
        """Whether the same coverage can fail by one run's rules and not by the other's."""
        return self.rules[0] != self.rules[1]

    def of_layer(self, layer: tuple[str, str]) -> PartCause:
        """Say what it is where a layer covers other ground."""
        if layer in self.by_rules:
            return "rules"
        return "claims" if layer in self.claims else "coverage"


def causes_of(before: Manifest, after: Manifest) -> Causes | None:
    """Find out what can have moved a number.

    Parameters
    ----------
    before, after
        The manifests.

    Returns
    -------
    Causes or None
        None where an older program wrote one of them and does not say.
    """
    if not all(isinstance(one.get(name), dict) for one in (before, after) for name in ("rules", "claims")):
        return None
    rules = [cast("Mapping[str, object]", one["rules"]) for one in (before, after)]
    differ = {key for key in rules[0].keys() | rules[1].keys() if rules[0].get(key) != rules[1].get(key)}
    counted = {key for key in differ - _FROM_CELLS - {_BASIS} if not key.startswith(_MOVE_NOBODY)}
    ground: list[PartCause] = ["population"] if _files(before, _PEOPLE) != _files(after, _PEOPLE) else []
    ground += ["boundaries"] if _files(before, {"communes"}) != _files(after, {"communes"}) else []
    ground += ["rules"] if counted else []
    mine, theirs = (_claims(one) for one in (before, after))
    files = [_handed_in(one) for one in (before, after)]
    both = mine.keys() & theirs.keys()
    extents = _files(before, {"extent"}) == _files(after, {"extent"})
    bases = set(_words(rules[0].get(_BASIS))) ^ set(_words(rules[1].get(_BASIS)))
    return Causes(
        ground=tuple(ground),
        rules=(_gap_rules(rules[0]), _gap_rules(rules[1])),
        unchanged=frozenset(
            one for one in both if extents and mine[one] == theirs[one] and files[0].get(one) == files[1].get(one)
        )
        if not bases
        else frozenset(),
        claims=frozenset(one for one in both if _read_as(mine[one]) != _read_as(theirs[one])),
        by_rules=frozenset(
            one
            for claims in (mine, theirs)
            for one, files_of in claims.items()
            if any(claim.get("basis") in bases for claim in files_of)
        ),
    )


def _gap_rules(rules: Mapping[str, object]) -> GapRules:
    return GapRules(
        services=_words(rules["profile.services"]),
        basic_services=_words(rules.get("profile.basic_services")),
        gap=str(rules["profile.gap"]),
        operator_rule=str(rules["profile.operator_rule"]),
        k=int(str(rules["profile.k"])),
    )


def _words(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _claims(manifest: Manifest) -> dict[tuple[str, str], list[Mapping[str, object]]]:
    """Give how the files of each operator and service are to be read, in the order of the project file."""
    named = cast("Mapping[str, Mapping[str, object]]", manifest["claims"])
    found: dict[tuple[str, str], list[Mapping[str, object]]] = {}
    for name, claim in named.items():
        operator, service = re.sub(r" \(\d+\)$", "", name).rsplit(" ", 1)
        found.setdefault((operator, service), []).append(claim)
    return found


def _read_as(claims: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """Leave the extent out: ground that comes under it or leaves it is reported, or is not any more."""
    return [{key: value for key, value in claim.items() if key != "extent"} for claim in claims]


def _handed_in(manifest: Manifest) -> dict[tuple[str, str], list[object]]:
    """Give the files that were used for each operator and service."""
    records = cast("list[Mapping[str, object]]", manifest.get("submissions") or [])
    found: dict[tuple[str, str], list[object]] = {}
    for record in records:
        version = cast("Mapping[str, list[Mapping[str, object]]]", record.get("version") or {})
        hashes = sorted(str(file["sha256"]) for file in version.get("files") or [])
        found.setdefault((str(record["operator"]), str(record["service"])), []).append(
            (record.get("state") == "no_data", hashes)
        )
    return found


def _files(manifest: Manifest, roles: Iterable[str]) -> list[tuple[str, str]]:
    wanted = set(roles)
    inputs = cast("list[Mapping[str, str]]", manifest.get("inputs") or [])
    return sorted((item["role"], item["sha256"]) for item in inputs if item["role"] in wanted)
