"""Which submission the name of a file in the inbox speaks of, and of which day.

Names are compared as the words in them: `slug` drops capitals, accents, and which signs stand between words.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..project.sections.unattended import FURTHER_SLOTS
from ..submissions.versions import identity
from ..text.slug import slug

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..project.models import SubmissionSource

_DATE = "zzdatezz"  # a word that stays one word in a slug; no operator is called so
_ANY = "zzanyzz"
_DAY = "([0-9]{4})_?([0-9]{2})_?([0-9]{2})"
_EXAMPLE = "2026-10-31"


@dataclass(frozen=True, slots=True)
class Named:
    """What a name says.

    Attributes
    ----------
    sources
        The submissions it may speak of: one, or several that the pattern does not tell apart, or none that the
        project knows.
    date
        The day the coverage speaks of.
    """

    sources: tuple[SubmissionSource, ...]
    date: dt.date


@dataclass(frozen=True, slots=True)
class Naming:
    """How files in the inbox are called.

    Attributes
    ----------
    pattern
        Of the project file, such as ``{operator}_{service}_{date}``.
    sources
        The submissions of the project.
    """

    pattern: str
    sources: Sequence[SubmissionSource]

    def read(self, stem: str) -> Named | None:
        """Read a name.

        Parameters
        ----------
        stem
            The name without its ending, as somebody else chose it.

        Returns
        -------
        Named or None
            None where the name is not built as the pattern asks, or holds no day of the calendar.
        """
        if not stem.isprintable():  # signs that turn or hide what people see
            return None
        word = slug(stem)
        fitting = [(source, self._day(word, self._expected(source))) for source in self.sources]
        known = [(source, day) for source, day in fitting if day is not None]
        if known:
            return Named(tuple(source for source, _ in known), known[0][1])
        anybody = self._filled(dict.fromkeys(("operator", "service"), _ANY))
        day = self._day(word, re.escape(slug(anybody)).replace(_ANY, ".+"))
        return None if day is None else Named((), day)

    def example(self, source: SubmissionSource) -> str:
        """Give a name without ending that speaks of a submission."""
        return slug(self._filled(_words(source))).replace(_DATE, _EXAMPLE)

    def _expected(self, source: SubmissionSource) -> str:
        return re.escape(slug(self._filled(_words(source))))

    def _filled(self, words: Mapping[str, str]) -> str:
        return self.pattern.format_map({**dict.fromkeys(FURTHER_SLOTS, ""), **words, "date": _DATE})

    @staticmethod
    def _day(word: str, expected: str) -> dt.date | None:
        found = re.fullmatch(expected.replace(_DATE, _DAY), word)
        if found is None:
            return None
        try:
            return dt.date(*map(int, found.groups()))
        except ValueError:
            return None


def submission_folder(of: Sequence[str]) -> str:
    """Name the folder of the archive that keeps the deliveries of a submission, by its identity."""
    return "-".join(word for part in of if (word := slug(part)))


def _words(source: SubmissionSource) -> dict[str, str]:
    """Give what the slots of the pattern stand for; :func:`identity` says what makes a submission."""
    operator, service, service_class, environment, basis = identity(source)
    return {
        "operator": operator,
        "service": service,
        "service_class": service_class,
        "environment": environment,
        "basis": basis,
    }
