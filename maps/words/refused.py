"""What every output says where a submission is not used as it was handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...data.text.safe import plain
from ...data.text.sentences import say
from ...data.text.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...data.submissions.records import SubmissionRecord


def title(language: str) -> str:
    """Give the heading above these sentences."""
    return say("refused", "title", language)


def sentences(records: Sequence[SubmissionRecord], language: str) -> tuple[str, ...]:
    """Say which submissions are not used as they were handed in, and what is used instead.

    Parameters
    ----------
    records
        What became of each submission.
    language
        vi or en.

    Returns
    -------
    tuple of str
        One sentence each, in the order of the project file; empty where all is as it should be.
    """
    said = []
    for entry in records:
        if entry.state == "delivered":
            continue
        parts = (entry.operator, entry.service, entry.service_class, entry.environment)
        who = plain(" ".join(part for part in parts if part))
        refused, codes = plain(entry.path.rpartition("/")[2]), plain(entry.refused)
        used, version = entry.used, entry.version
        if used is None or version is None:
            said.append(say("refused", "no_data", language, who=who, refused=refused, codes=codes))
            continue
        said.append(
            say(
                "refused",
                "last_good",
                language,
                who=who,
                vintage=plain(used.vintage or say("refused", "undated", language)),
                used=plain(used.file),
                since=plain(version.since),
                refused=refused,
                codes=codes,
            )
        )
    return tuple(said)


def with_old_data(notice: Mapping[str, str], records: Sequence[SubmissionRecord]) -> dict[str, str]:
    """Put these sentences behind the project's own warning, which stands on every output.

    Parameters
    ----------
    notice
        The project's warning by language; a language without one borrows the other's.
    records
        What became of each submission.

    Returns
    -------
    dict
        The warning by language.
    """
    said = {language: sentences(records, language) for language in LANGUAGES}
    if not any(said.values()):
        return dict(notice)
    any_notice = next((text for text in notice.values() if text), "")
    return {
        language: " ".join(part for part in (notice.get(language) or any_notice, *said[language]) if part)
        for language in LANGUAGES
    }
