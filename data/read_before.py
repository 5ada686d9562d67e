"""What files said when they were read before: kept by content, so that bytes that did not change are not read again.

Kept is what was read without any mistake, together with all findings. It is found only by the same bytes of every file, the
same description of them in the project file, the same questions accepted, and the same program and libraries; a file that is damaged is
not believed (:mod:`blackspot.data.disk.arrays`), and the input is read anew.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from ..errors import Finding
from .disk.hashing import ANYTHING, Expected
from .disk.kept import NOTHING_KEPT, KeptResults
from .disk.values import from_arrays, to_arrays
from .findings.collector import Findings, NamedItems
from .text.safe import plain
from .text.sentences import told

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


class _Source(Protocol):
    """What the project file says of one input."""

    @property
    def path(self) -> Path: ...
    def model_dump_json(self) -> str: ...


T = TypeVar("T")
S = TypeVar("S", bound=_Source)
log = logging.getLogger("blackspot")
_OF_FINDINGS = (Finding, NamedItems)


@dataclass(frozen=True, slots=True)
class ReadBefore:
    """Reads inputs, or gives what an earlier run read of the same bytes.

    Attributes
    ----------
    kept
        Where it is kept.
    expected
        The inputs as they were hashed when the run began.
    """

    kept: KeptResults = NOTHING_KEPT
    expected: Expected = ANYTHING

    def read(
        self,
        name: str,
        files: Sequence[Path],
        content: Sequence[str],
        make: Callable[[Findings], T],
        findings: Findings,
        classes: Sequence[type],
    ) -> T:
        """Read an input, or give what was read of it before.

        Parameters
        ----------
        name
            Of the input in the project: each has a place of its own.
        files
            Whatever is read. Nothing is kept unless each was hashed when the run began.
        content
            Everything else that decides what is found.
        make
            Reads, and tells the collector that it gets.
        findings
            Told everything, now as then.
        classes
            Every class of what ``make`` gives; anything else, such as an input that is refused, is not kept.
        """
        hashes = [self.expected.hashes.get(path, "") for path in files]
        if self.kept.folder is None or not all(hashes):
            return make(findings)
        key = [*map(str, files), *hashes, *findings.manner, *content]
        known = self.kept.find(name, key)
        every = (*classes, *_OF_FINDINGS)
        if known is not None:
            value, items, mentioned = from_arrays(known, every)
            findings.repeat(items, mentioned)
            log.info(told("reading", "unchanged", file=plain(files[0].name)))
            return value  # type: ignore[no-any-return] # as it was written
        told_now = findings.fresh()
        value = make(told_now)
        findings.extend(told_now)
        if isinstance(value, tuple(classes)) and not told_now.errors:
            self.kept.keep(name, key, to_arrays((value, told_now.items, told_now.mentioned), every))
        return value

    def source(
        self,
        name: str,
        source: S | None,
        read: Callable[[S, Findings], T],
        classes: Sequence[type],
        *,
        findings: Findings,
    ) -> T | None:
        """Read an input that nothing decides but its own file and what the project file says of it.

        Parameters
        ----------
        name, findings, classes
            As :meth:`read` takes them.
        source
            What the project file says; None for nothing.
        read
            Reads it.
        """
        if source is None:
            return None

        def make(told: Findings) -> T:
            return read(source, told)

        return self.read(name, [source.path], [source.model_dump_json()], make, findings, classes)


NOT_BEFORE: Final = ReadBefore()
"""Reads everything anew."""
