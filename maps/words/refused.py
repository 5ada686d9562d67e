"""What every output says where a submission is not used as it was handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...data.text.safe import plain
from ...data.text.sentences import say
from ...data.text.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Records = Sequence[Mapping[str, Any]]


def title(language: str) -> str:
    """Give the heading above these sentences."""
    return say("refused", "title", language)


def sentences(records: Records, language: str) -> tuple[str, ...]:
    """Say which submissions are not used as they were handed in, and what is used instead.

    Parameters
    ----------
    records
        What became of each submission, see :func:`blackspot.data.submissions.records.record`.
    language
        vi or en.

    Returns
    -------
    tuple of str
        One sentence each, in the order of the project file; empty where all is as it should be.
    """
    said = []
    for entry in records:
        if entry["state"] == "delivered":
            continue
        version = entry["version"] if entry["state"] == "last_good" else None
        parts = (entry["operator"], entry["service"], entry["service_class"], entry["environment"])
        who = plain(" ".join(part for part in parts if part))
        refused, codes = plain(str(entry["path"]).rpartition("/")[2]), plain(entry["refused"])
        if version is None:
            said.append(say("refused", "no_data", language, who=who, refused=refused, codes=codes))
            continue
        used = version["files"][0]
        said.append(
            say(
                "refused",
                "last_good",
                language,
                who=who,
                vintage=plain(used.get("vintage") or say("refused", "undated", language)),
                used=plain(used.get("file", "")),
                since=plain(version["since"]),
                refused=refused,
                codes=codes,
            )
        )
    return tuple(said)


def with_old_data(notice: Mapping[str, str], records: Records) -> dict[str, str]:
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
