"""The end of a check: blocks of text for a person, one object for a machine."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from ...data.geodesy.places import Bounds
from ...data.text.safe import plain
from ...data.text.sentences import say, written
from ...data.text.wording import severity_name
from ...data.text.words import words
from .block import Block

if TYPE_CHECKING:
    from ...data.checking.request import CheckReport
    from ...errors import Finding


def check_blocks(report: CheckReport, language: str = "en") -> tuple[Block, ...]:
    """Say what a check understood and counted, then each finding in full, and the verdict last.

    Parameters
    ----------
    report
        The check.
    language
        vi or en.

    Returns
    -------
    tuple of Block
        Every text is safe to print.
    """
    lines = [_line(finding, language) for finding in report.findings]
    facts = [
        (field.name, value)
        for field in fields(report.facts)
        if (value := getattr(report.facts, field.name)) is not None
    ]
    names = words("check", language)
    rows = tuple((names[f"fact.{name}"], _written(name, value, language)) for name, value in facts)
    kit = [] if report.kit is None else [say("check", "kit", language, path=plain(report.kit))]
    found = [Block(lines=tuple(lines))] if lines else []
    counts = [Block(rows=rows, numbers=frozenset({1}))] if rows else []
    return (*counts, *found, Block(lines=(*kit, report.message(language))))


def _written(name: str, value: object, language: str) -> str:
    """Write a fact; people are whole."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Bounds):
        return say("check", "bounds", language, **value._asdict())
    return written(value, language, ",.0f" if name in {"people_covered", "pop_total"} else ",.10g")


def _line(finding: Finding, language: str) -> str:
    return f"{severity_name(finding.severity, language)}: {finding.sentence(language)} [{finding.code}]"


def check_facts(report: CheckReport, language: str = "en") -> dict[str, object]:
    """Give a check as an object for machines.

    Parameters
    ----------
    report
        The check.
    language
        Of ``message``: vi or en.

    Returns
    -------
    dict
        ``used``, ``codes``, ``message``; ``facts``, see :class:`blackspot.data.checking.request.CheckFacts`, null
        where the kind of file has no such fact; and ``findings``: of each the code, severity and place, how many it
        means, and its ``message`` and ``cure`` in the language asked for.
    """
    bounds = report.facts.bounds
    return {
        "used": report.used,
        "codes": list(report.codes),
        "message": report.message(language),
        "facts": asdict(report.facts) | {"bounds": None if bounds is None else bounds._asdict()},
        "findings": [_as_object(finding, language) for finding in report.findings],
    }


def _as_object(finding: Finding, language: str) -> dict[str, object]:
    vietnamese = language == "vi"
    return {
        "code": finding.code,
        "severity": finding.severity,
        "file": finding.file,
        "layer": finding.layer,
        "row": finding.row,
        "column": finding.column,
        "count": finding.count,
        "message": finding.message_vi if vietnamese else finding.message_en,
        "cure": finding.cure_vi if vietnamese else finding.cure_en,
    }
