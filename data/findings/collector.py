"""The collector of the findings about the inputs of one run."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ...errors import SEVERITIES, Finding, InputError
from ..text.safe import plain
from ..text.sentences import Phrase, Spoken, as_number, fill
from ..text.wording import severity_name
from ..text.words import Both, both
from .rules import RULES

log = logging.getLogger("blackspot")

_KINDS_OF_NAMES = ("ids", "codes", "rows")


@dataclass(frozen=True, slots=True)
class NamedItems:
    """Features, communes or rows that a finding names, all of them; its words show the first ten.

    Attributes
    ----------
    finding
        What is said about them.
    kind
        ``ids`` of features, ``codes`` of communes, or ``rows`` of a table.
    file
        The input, as it was told.
    names
        As they were told.
    """

    finding: Finding
    kind: str
    file: str | Path
    names: tuple[str, ...]


def _told(finding: Finding) -> Spoken:
    """Say a finding in the language of whoever follows the log."""
    english, vietnamese = (
        f"{severity_name(finding.severity, language)}: {finding.sentence(language)} [{finding.code}]"
        for language in ("en", "vi")
    )
    return Spoken(english, vietnamese)


class Findings:
    """Collects findings, so that all problems of a run are reported together.

    Files are named relative to the project's folder, so that the same inputs give the same words wherever
    the folder stands. Values from files are made safe to print: no control or direction characters, and no
    endless cells.

    Parameters
    ----------
    folder
        The folder of the project file; without one, files are named as they were given.
    accept
        Codes of questions (severity ask) that the user accepts: each becomes a note that
        says so. Codes of any other severity have no effect here.
    """

    def __init__(self, folder: Path | None = None, accept: Iterable[str] = ()) -> None:
        self._folder = folder
        self.accepted = frozenset(accept)
        self._items: list[Finding] = []
        self._named: list[NamedItems] = []

    def add(
        self,
        code: str,
        *,
        file: str | Path = "",
        layer: str = "",
        row: str = "",
        column: str = "",
        count: int = 1,
        **values: object,
    ) -> Finding:
        """Add one finding, in the words of its rule.

        Parameters
        ----------
        code
            Code of the rule.
        file
            The input it is about.
        layer, row, column
            Where in the input. A row is a feature id, a row number as a spreadsheet counts (the header is
            row 1), or a commune code.
        count
            How many rows are meant.
        **values
            What the slots of the rule's texts ask for. Numbers are handed over as numbers: the texts say how
            each language writes them. Lists are joined and shortened.

        Returns
        -------
        Finding
            The finding, which is also kept.

        Raises
        ------
        KeyError
            There is no such rule, or a value for a placeholder is missing: a mistake of the program.
        """
        rule = RULES[code]
        place = {
            "file": self.named(file),
            "layer": plain(layer),
            "row": plain(row),
            "column": plain(column),
        }
        filling = {name: _safe(value) for name, value in values.items()} | place | {"count": count}
        accepted = rule.severity == "ask" and code in self.accepted
        message = rule.message
        if accepted:
            words = both("phrases", "accepted")
            message = Both(f"{message.vi} {words.vi}", f"{message.en} {words.en}")
        finding = Finding(
            code=code,
            severity="note" if accepted else rule.severity,
            message_en=fill(message.en, "en", filling),
            message_vi=fill(message.vi, "vi", filling),
            cure_en=fill(rule.cure.en, "en", filling),
            cure_vi=fill(rule.cure.vi, "vi", filling),
            count=count,
            **place,
        )
        self._items.append(finding)
        log.debug(_told(finding))
        for kind in _KINDS_OF_NAMES:
            named = values.get(kind)
            if isinstance(named, Iterable) and not isinstance(named, str | bytes):
                self._named.append(NamedItems(finding, kind, file, tuple(map(str, named))))
        return finding

    def about(self, file: str | Path, layer: str = "") -> FileFindings:
        """Speak of one file, without naming it each time.

        Parameters
        ----------
        file
            The input.
        layer
            The layer of it.

        Returns
        -------
        FileFindings
            Adds its findings here.
        """
        return FileFindings(self, file, layer)

    def fresh(self, *more_accepted: str) -> Findings:
        """Give an empty collector that names files and accepts questions as this one does.

        Parameters
        ----------
        *more_accepted
            Further codes that the new one accepts.

        Returns
        -------
        Findings
            Nothing said to it is heard here, unless it is handed to :meth:`extend`.
        """
        return Findings(self._folder, self.accepted.union(more_accepted))

    @property
    def manner(self) -> tuple[str, ...]:
        """All that decides the words of a finding beside what is told: from where files are named, and what is accepted."""
        return (str(self._folder), *sorted(self.accepted))

    def repeat(self, items: Iterable[Finding], mentioned: Iterable[NamedItems]) -> None:
        """Say again what a collector of the same manner was told in an earlier run.

        Parameters
        ----------
        items
            What it had to say.
        mentioned
            The features, communes and rows that these name.
        """
        for finding in items:
            self._items.append(finding)
            log.debug(_told(finding))
        self._named.extend(mentioned)

    def extend(self, other: Findings | Iterable[Finding]) -> None:
        """Take over the findings of another collector.

        Parameters
        ----------
        other
            A collector or findings.
        """
        self._items.extend(other.items if isinstance(other, Findings) else other)
        if isinstance(other, Findings):
            self._named.extend(other.mentioned)

    @property
    def items(self) -> tuple[Finding, ...]:
        """All findings, each once, worst first, in an order that does not depend on who spoke first."""
        return tuple(sorted(dict.fromkeys(self._items), key=_sort_key))

    @property
    def mentioned(self) -> tuple[NamedItems, ...]:
        """All features, communes and rows that findings name, none left out, in the order they were told."""
        return tuple(self._named)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that stop a run: errors, and questions that were not accepted."""
        return tuple(finding for finding in self.items if finding.stops)

    def raise_if_errors(self) -> None:
        """Stop when anything was found that stops a run.

        Raises
        ------
        InputError
            With every such finding.
        """
        if self.errors:
            raise InputError(self.errors)

    def named(self, file: str | Path) -> str:
        """Say how findings call an input: by its path from the project's folder, safe to print."""
        if not isinstance(file, Path):
            return plain(file)
        if self._folder is None or not file.is_absolute():
            return plain(file.as_posix())
        try:
            return plain(Path(os.path.relpath(file, self._folder)).as_posix())
        except ValueError:  # another drive of a Windows machine: no relative name exists
            return plain(file.as_posix())


@dataclass(frozen=True, slots=True)
class FileFindings:
    """A collector that speaks of one file and layer; see :meth:`Findings.about`.

    Attributes
    ----------
    findings
        Where everything is kept.
    file, layer
        What is spoken of.
    """

    findings: Findings
    file: str | Path
    layer: str = ""

    def add(self, code: str, *, row: str = "", column: str = "", count: int = 1, **values: object) -> Finding:
        """Add one finding about the file, as :meth:`Findings.add` does."""
        return self.findings.add(
            code, file=self.file, layer=self.layer, row=row, column=column, count=count, **values
        )

    def ask(self, code: str, *, row: str = "", column: str = "", count: int = 1, **values: object) -> bool:
        """Add a question about the file.

        Returns
        -------
        bool
            It was accepted, so that the reader may go on.
        """
        return self.add(code, row=row, column=column, count=count, **values).severity == "note"


def _safe(value: object) -> object:
    """Make a value safe to print; numbers stay numbers, and phrases phrases, until a language writes them."""
    if as_number(value) is not None:
        return value
    if isinstance(value, Phrase):
        return Phrase(value.key, tuple((name, _safe(part)) for name, part in value.values))
    if isinstance(value, list) and any(isinstance(member, Phrase) for member in value):
        return [_safe(member) for member in value]
    return plain(value)


def _sort_key(finding: Finding) -> tuple[int, str, str, str, str, int, str, str]:
    number = int(finding.row) if finding.row.isdecimal() else -1
    return (
        SEVERITIES.index(finding.severity),
        finding.file,
        finding.layer,
        finding.code,
        finding.column,
        number,
        finding.row,
        finding.message_en,
    )
