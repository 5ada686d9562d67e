"""What somebody asks of `blackspot check`, and what the check answers. Light: no heavy imports."""

# ruff: noqa: RUF009 - every field is made by _option, which returns a dataclass field

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..text.sentences import say

if TYPE_CHECKING:
    import datetime as dt

    from ...errors import Finding

KINDS = ("communes", "population", "coverage", "sites", "table", "border", "list")


def _option(words: str, default: object = "") -> Any:  # noqa: ANN401 - as dataclasses.field
    return field(default=default, metadata={"help": words})


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """One file and everything known about it; the words of each field are its help text.

    ``path`` is the file and ``kind`` one of :data:`KINDS`.
    """

    path: Path
    kind: str
    project: Path | None = _option("Project file whose settings, communes and limits count.", None)
    communes: Path | None = _option(
        "Communes to compare with; without them, the outline box of Viet Nam.", None
    )
    previous: Path | None = _option("The delivery before this one.", None)
    other: Path | None = _option(
        "Another file to compare with: the 4G of a 5G file, another operator's file, the population raster of "
        "a table, or the table of a raster.",
        None,
    )
    layer: str = _option("Layer or sheet of the file.")
    operator: str = _option("Operator who hands it in.")
    service: str = _option("Service it speaks of, such as 5g.")
    date: dt.date | None = _option("Day it should speak of, as 2026-10-31.", None)
    crs: str = _option("Coordinate reference system such as EPSG:3405, where the file states none.")
    accept: tuple[str, ...] = _option(
        "Code of a question that was looked at and is accepted; may be repeated.", ()
    )
    kit: Path | None = _option(
        "Folder to write for the operator: a page in Vietnamese and one in English with a map, the findings as a "
        "table, the features concerned as GeoPackage.",
        None,
    )

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
    """What was counted; None where the kind of file has no such number.

    ``rows`` that were read, ``union_km2`` of the ground covered by any of them (on the ellipsoid),
    ``pop_total`` people, and ``joins``: rows that found their commune.
    """

    rows: int | None = None
    union_km2: float | None = None
    pop_total: float | None = None
    joins: int | None = None


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
        return not any(finding.severity in {"error", "ask"} for finding in self.findings)

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
        stopping = [finding for finding in self.findings if finding.severity in {"error", "ask"}]
        if stopping:
            return say("check", "refused", language, reason=stopping[0].sentence(language))
        warnings = sum(finding.severity == "warning" for finding in self.findings)
        return say("check", "usable_warned" if warnings else "usable", language, count=warnings)
