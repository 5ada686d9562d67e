"""The request and the report of `blackspot check`; without heavy imports."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..text.sentences import say

if TYPE_CHECKING:
    import datetime as dt

    from ...errors import Finding
    from ..geodesy.places import Bounds

KINDS = ("communes", "population", "coverage", "sites", "table", "border", "list")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """One file and everything known about it; ``docs/cli.md`` says what each option of ``blackspot check`` does.

    Attributes
    ----------
    path, kind
        The file, and one of :data:`KINDS`.
    project
        Project file whose settings, communes and limits count.
    communes
        Communes to compare with; None for the outline box of Viet Nam.
    previous
        The delivery before this one.
    other
        Another file to compare with.
    population
        Raster of people, to count those a coverage file reaches.
    layer
        Layer or sheet of the file.
    operator, service
        Who hands it in, and what it speaks of.
    date
        Day it should speak of.
    crs
        Coordinate reference system, where the file states none.
    accept
        Codes of questions that are accepted.
    kit
        Folder to write for the operator.
    """

    path: Path
    kind: str
    project: Path | None = None
    communes: Path | None = None
    previous: Path | None = None
    other: Path | None = None
    population: Path | None = None
    layer: str = ""
    operator: str = ""
    service: str = ""
    date: dt.date | None = None
    crs: str = ""
    accept: tuple[str, ...] = ()
    kit: Path | None = None

    @classmethod
    def of(cls, path: Path, kind: str, **given: Any) -> CheckRequest:  # noqa: ANN401 - fields of any type
        """Make a request of what was given; None and missing options count as not given, paths become absolute."""
        whole: dict[str, Any] = {
            name: value.absolute() if isinstance(value, Path) else value
            for name, value in given.items()
            if value is not None
        }
        return cls(path=path.absolute(), kind=kind, **whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFacts:
    """What was understood and counted; None where the kind of file has no such fact.

    ``operator`` and ``service`` whom it speaks for, ``rows`` that were read, ``rows_counted``: those that count, by the
    project's filters and the file's own words; ``union_km2`` of the ground they cover (on the ellipsoid);
    ``people_covered``: what a run with the same entry would count for its operator and service; ``pop_total`` people of
    a raster or table; ``joins``: communes the file was found to
    speak of; and ``bounds`` of what counts, in degrees on WGS 84.
    """

    operator: str | None = None
    service: str | None = None
    rows: int | None = None
    rows_counted: int | None = None
    union_km2: float | None = None
    people_covered: float | None = None
    pop_total: float | None = None
    joins: int | None = None
    bounds: Bounds | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """The answer: whether the pipeline would use the file, and everything there is to say about it."""

    request: CheckRequest
    findings: tuple[Finding, ...]
    facts: CheckFacts
    kit: Path | None = None

    @property
    def used(self) -> bool:
        """True when nothing stops the file from being used."""
        return not any(finding.stops for finding in self.findings)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all findings, each once, the worst first."""
        return tuple(dict.fromkeys(finding.code for finding in self.findings))

    def message(self, language: str = "en") -> str:
        """Say the verdict and its first reason in one sentence.

        Parameters
        ----------
        language
            vi or en.
        """
        stopping = [finding for finding in self.findings if finding.stops]
        if stopping:
            return say("check", "refused", language, reason=stopping[0].sentence(language))
        warnings = sum(finding.severity == "warning" for finding in self.findings)
        return say("check", "usable_warned" if warnings else "usable", language, count=warnings)
