"""What a run is a run of: which rules and which kinds of data, and what differs between two runs.

Only a run with the same rules, the same people, the same communes and the same claims of the same operators says
something about time when it is put beside another. Everything else is named instead of being shown as change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, cast

from ..project.effective import usual_rules
from ..text.rule_words import rule_words
from ..text.sentences import Phrase, phrase, say, written
from ..text.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    Manifest = Mapping[str, object]

_PEOPLE: Final = frozenset({"population", "totals", "overrides", "land"})
_ALTERNATIVE: Final = "population alternative"
_PLACES: Final = frozenset({"communes"})
_SETTING: Final = ("border list", "island list", "land border", "fixed links", "list ")
"""How the roles begin of files that say which communes are rural, on the border or an island, or what else they are by law."""
_NOTHING: Final = "-"
_SILENT: Final[tuple[object, ...]] = (None, "", [], {})  # a key that says nothing, in one way or another
_SHOWN: Final = 5  # differences that are named one by one

What = Literal["rule", "people", "communes", "setting", "claim", "reported", "not-reported", "unknown"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing besides coverage in which two runs differ.

    Attributes
    ----------
    what
        ``rule``: a key of the project file that decides numbers; ``people``: another population; ``communes``: other
        boundaries; ``setting``: other legal lists, or lines of the border and of bridges; ``claim``: a submission is to be read in another way; ``reported`` and ``not-reported``: there are
        data of a submission only in the later, or only in the earlier run; ``unknown``: an older program wrote one of
        them and does not say.
    name
        The key, or operator and service; empty for the rest.
    before, now
        Values as text; empty where there are none.
    """

    what: What
    name: str = ""
    before: str = ""
    now: str = ""

    def phrase(self) -> Phrase:
        """Say it, for a sentence in either language: in words, and the key of the project file behind them."""
        if self.what not in {"rule", "claim"}:
            return phrase(f"differs-{self.what}", name=self.name)
        who, _, name = self.name.rpartition(", ")
        values = {"name": name, "before": _amount(self.before), "now": _amount(self.now)}
        words = rule_words(name, self.now)
        if words is None:
            return phrase("differs-key", **values | {"name": self.name})
        return phrase(f"differs-{self.what}", who=who, words=words, **values)


def not_compared(before: str, found: tuple[Difference, ...]) -> dict[str, str]:
    """Say in every language why the run before is not put beside a run.

    Parameters
    ----------
    before
        Its id.
    found
        In what the two differ; empty says nothing.
    """
    return {
        str(language): say(
            "runs", "not_compared", language, run=before, differences=in_words(found, language)
        )
        for language in LANGUAGES
        if found
    }


def differences(before: Manifest, now: Manifest) -> tuple[Difference, ...]:
    """Say in what two runs differ besides the coverage that was handed in.

    Parameters
    ----------
    before, now
        Their manifests.

    Returns
    -------
    tuple of Difference
        Empty where the later run is the next one of the same series: then a difference of their figures is change.
    """
    if not all(
        isinstance(one.get("rules"), dict) and isinstance(one.get("claims"), dict) for one in (before, now)
    ):
        return (Difference("unknown"),)
    found = [
        Difference("rule", key, *values)
        for key, values in _changed(_table(before, "rules"), _table(now, "rules"), usual_rules())
    ]
    found += [Difference("people")] if _people(before) != _people(now) else []
    found += [Difference("communes")] if _files(before, _PLACES) != _files(now, _PLACES) else []
    found += [Difference("setting")] if _setting(before) != _setting(now) else []
    return (*found, *_of_claims(before, now))


def files_of_people(manifest: Manifest) -> list[tuple[str, str]]:
    """Give the files that decide how many people are counted where, each by its role and its SHA-256, sorted.

    The land of the neighbours is one of them where it shares the people of cells on the border: nothing else says what land lies
    beside the communes, and the rule for these cells asks.

    Parameters
    ----------
    manifest
        Of a run, with its rules.
    """
    files = _files(manifest, _PEOPLE)
    shares = _table(manifest, "rules").get("population.edge_cells") == "land"
    given = any(role == "land" for role, _ in files)
    return [*files, *(_files(manifest, frozenset({"neighbours"})) if shares and not given else ())]


def _people(manifest: Manifest) -> list[tuple[str, str]]:
    """Add the rasters that say how sure the people are."""
    return [*files_of_people(manifest), *_files(manifest, frozenset({_ALTERNATIVE}))]


def _setting(manifest: Manifest) -> list[tuple[str, str]]:
    inputs = cast("list[Mapping[str, str]]", manifest.get("inputs") or [])
    return _files(manifest, frozenset(one["role"] for one in inputs if one["role"].startswith(_SETTING)))


def is_comparable(before: Manifest, now: Manifest) -> bool:
    """Say whether what differs between the figures of two runs is change of coverage alone."""
    return not differences(before, now)


def in_words(found: tuple[Difference, ...], language: str) -> str:
    """Name some differences in one line; the rest are counted."""
    shown = [one.phrase() for one in found[:_SHOWN]]
    more = [phrase("more", count=len(found) - _SHOWN)] if len(found) > _SHOWN else []
    return written([*shown, *more], language)


def _of_claims(before: Manifest, now: Manifest) -> list[Difference]:
    """Compare how submissions are read, and which of them there are data of."""
    mine, theirs = _table(before, "claims"), _table(now, "claims")
    silent_before, silent_now = _silent(before), _silent(now)
    found = []
    for name in sorted(mine.keys() | theirs.keys()):
        had, has = name in mine and name not in silent_before, name in theirs and name not in silent_now
        if had != has:
            found.append(Difference("reported" if has else "not-reported", name))
        elif had and mine[name] != theirs[name]:
            claims = _changed(cast("Manifest", mine[name]), cast("Manifest", theirs[name]))
            found += [Difference("claim", f"{name}, {key}", *values) for key, values in claims]
    return found


def _silent(manifest: Manifest) -> set[str]:
    """Name the submissions of which a run had no data."""
    records = cast("list[Mapping[str, object]]", manifest.get("submissions") or [])
    return {f"{one['operator']} {one['service']}" for one in records if one.get("state") == "no_data"}


def _changed(
    before: Manifest, now: Manifest, usual: Mapping[str, object] | None = None
) -> list[tuple[str, tuple[str, str]]]:
    """Give the keys whose values differ, with both as text.

    A key that only one of them knows, because another version of the program wrote it, has its usual value in the other.
    """
    found = []
    for key in sorted(before.keys() | now.keys()):
        default = (usual or {}).get(key)
        pair = (before.get(key, default), now.get(key, default))
        if pair[0] != pair[1] and any(value not in _SILENT for value in pair):
            found.append((key, (_text(pair[0]), _text(pair[1]))))
    return found


def _amount(value: str) -> float | str:
    """Give a number as one, so that every language writes it in its way."""
    try:
        return float(value)
    except ValueError:
        return value or _NOTHING


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    if isinstance(value, dict):
        return "; ".join(
            f"{key} = {_text(inner)}" for key, inner in value.items() if inner not in (None, [], {})
        )
    return str(value).lower() if isinstance(value, bool) else str(value)


def _table(manifest: Manifest, name: str) -> Manifest:
    return cast("Manifest", manifest[name])


def _files(manifest: Manifest, roles: frozenset[str]) -> list[tuple[str, str]]:
    inputs = cast("list[Mapping[str, str]]", manifest.get("inputs") or [])
    return sorted((item["role"], item["sha256"]) for item in inputs if item["role"] in roles)
