"""Which differences between two runs can have moved a number, and which cause each of them is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from ...data.project.sections.values import OUTDOOR
from ...data.runs.series import files_of_people
from .comparison import PART_CAUSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .comparison import PartCause

    Manifest = Mapping[str, object]
    _Layer = tuple[str, str]
    _Claims = dict[_Layer, list[Mapping[str, object]]]

_FROM_CELLS: Final = frozenset(
    {"profile.services", "profile.gap", "profile.operator_rule", "profile.k", "profile.basic_services"}
)
"""Rules whose effect follows from what covers a cell."""
_COUNTED: Final = ("profile.counted_basis", "profile.counted_environments", "profile.counted_service_classes")
"""Rules that say which submissions count as coverage, see :meth:`blackspot.data.project.profile.Profile.counts`."""
_MOVE_NOBODY: Final = (  # spots, order, flags and doubts: nobody lacks more or less by them
    "profile.min_",
    "profile.order.",
    "profile.spot_",
    "profile.population.",
    "profile.mobile_service",
    "profile.fibre_service",
    "setting.",
)


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
    may_cover_more
        Those of both runs that may cover other ground than before where they are known in both: with other files, read in
        another way, or counted by other rules.
    claims, by_rules
        Operators and services that are read in another way, or that count by the rules of one run only. Whatever
        changes in the others is coverage.
    possible
        Every cause that can have to do with a change, whichever number it is.
    """

    ground: tuple[PartCause, ...]
    rules: tuple[GapRules, GapRules]
    unchanged: frozenset[tuple[str, str]]
    may_cover_more: frozenset[tuple[str, str]]
    claims: frozenset[tuple[str, str]]
    by_rules: frozenset[tuple[str, str]]
    possible: tuple[PartCause, ...]

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
    counted = {key for key in differ - _FROM_CELLS.union(_COUNTED) if not key.startswith(_MOVE_NOBODY)}
    ground: list[PartCause] = ["population"] if files_of_people(before) != files_of_people(after) else []
    ground += ["boundaries"] if _files(before, {"communes"}) != _files(after, {"communes"}) else []
    ground += ["rules"] if counted else []
    layers = _Layers.of(before, after)
    gap_rules = _gap_rules(rules[0]), _gap_rules(rules[1])
    by_rules = layers.by_rules(rules[0], rules[1])
    unchanged = layers.same - by_rules
    other = layers.both & (layers.other_files | layers.claims | by_rules)
    coverage = other - layers.claims - by_rules
    possible = {
        "coverage": bool(coverage),
        "reported": layers.reported,
        "claims": bool(layers.claims - by_rules),
        **dict.fromkeys(ground, True),
        "rules": "rules" in ground or bool(by_rules) or gap_rules[0] != gap_rules[1],
    }
    told = tuple(cause for cause in PART_CAUSES if possible.get(cause)) or PART_CAUSES[:1]
    return Causes(tuple(ground), gap_rules, unchanged, other, layers.claims, by_rules, told)


@dataclass(frozen=True)
class _Layers:
    """How the operators and services of two runs differ.

    ``both`` are those of both runs, ``same`` of these the ones with the same files and claims, ``other_files`` those with
    other files, ``claims`` those read in another way; ``reported`` says whether there is ground that only one of the runs knows of.
    """

    both: frozenset[_Layer]
    same: frozenset[_Layer]
    other_files: frozenset[_Layer]
    claims: frozenset[_Layer]
    reported: bool
    handed_in: tuple[_Claims, _Claims]

    @classmethod
    def of(cls, before: Manifest, after: Manifest) -> _Layers:
        mine, theirs = _claims(before), _claims(after)
        files = _handed_in(before), _handed_in(after)
        both = mine.keys() & theirs.keys()
        extents = _files(before, {"extent"}) == _files(after, {"extent"})
        read_alike = {one for one in both if _read_as(mine[one]) == _read_as(theirs[one])}
        claimed_alike = {one for one in read_alike if mine[one] == theirs[one]}
        used_alike = {one for one in both if files[0].get(one) == files[1].get(one)}
        silent = [{one for one, used in found.items() if _is_silent(used)} for found in files]
        return cls(
            both=frozenset(both),
            same=frozenset(claimed_alike & used_alike) if extents else frozenset(),
            other_files=frozenset(both - used_alike),
            claims=frozenset(both - read_alike),
            reported=not extents
            or mine.keys() != theirs.keys()
            or silent[0] != silent[1]
            or any(_extents(mine[one]) != _extents(theirs[one]) for one in both),
            handed_in=(mine, theirs),
        )

    def by_rules(self, before: Mapping[str, object], after: Mapping[str, object]) -> frozenset[_Layer]:
        """Give those of which a file counts by the rules of one run only."""
        return frozenset(
            layer
            for claims in self.handed_in
            for layer, files in claims.items()
            if any(_counts(claim, before) != _counts(claim, after) for claim in files)
        )


def _counts(claim: Mapping[str, object], rules: Mapping[str, object]) -> bool:
    """Say whether a submission counts as coverage."""
    bases, environments, classes = (_words(rules.get(key)) for key in _COUNTED)
    return (
        claim.get("basis") in bases
        and (not environments or (claim.get("environment") or OUTDOOR) in environments)
        and (not classes or claim.get("service_class") in classes)
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


def _claims(manifest: Manifest) -> _Claims:
    """Give how the files of each operator and service are to be read, in the order of the project file."""
    named = cast("Mapping[str, Mapping[str, object]]", manifest["claims"])
    found: _Claims = {}
    for name, claim in named.items():
        operator, service = re.sub(r" \(\d+\)$", "", name).rsplit(" ", 1)
        found.setdefault((operator, service), []).append(claim)
    return found


def _extents(claims: Iterable[Mapping[str, object]]) -> list[object]:
    return [claim.get("extent") for claim in claims]


def _is_silent(used: Iterable[tuple[bool, list[str]]]) -> bool:
    return any(is_silent for is_silent, _ in used)


def _read_as(claims: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """Leave the extent out: ground that comes under it or leaves it is reported, or is not any more."""
    return [{key: value for key, value in claim.items() if key != "extent"} for claim in claims]


def _handed_in(manifest: Manifest) -> dict[_Layer, list[tuple[bool, list[str]]]]:
    """Give the files that were used for each operator and service."""
    records = cast("list[Mapping[str, object]]", manifest.get("submissions") or [])
    found: dict[_Layer, list[tuple[bool, list[str]]]] = {}
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
