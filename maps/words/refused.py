"""What every output says where a submission is not used as it was handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...data.text.safe import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...data.submissions.records import SubmissionRecord

_WORDS = {
    "vi": {
        "last_good": "{who}: dùng số liệu cũ {vintage} ({used}, dùng từ lần chạy {since}) vì {refused} bị từ chối "
        "({codes}).",
        "no_data": "{who}: không có dữ liệu vì {refused} bị từ chối ({codes}).",
        "undated": "không ghi ngày",
        "title": "Hồ sơ bị từ chối",
    },
    "en": {
        "last_good": "{who}: older data of {vintage} are used ({used}, in use since run {since}), because {refused} "
        "was refused ({codes}).",
        "no_data": "{who}: no data, because {refused} was refused ({codes}).",
        "undated": "unknown date",
        "title": "Refused submissions",
    },
}


def title(language: str) -> str:
    """Give the heading above these sentences."""
    return _WORDS[language]["title"]


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
    words = _WORDS[language]
    said = []
    for entry in records:
        if entry.state == "delivered":
            continue
        used = entry.used
        who = (entry.operator, entry.service, entry.service_class, entry.environment)
        said.append(
            words[entry.state].format(
                who=plain(" ".join(part for part in who if part)),
                vintage=plain(words["undated"] if used is None or not used.vintage else used.vintage),
                used=plain("" if used is None else used.file),
                since=plain("" if entry.version is None else entry.version.since),
                refused=plain(entry.path.rpartition("/")[2]),
                codes=plain(entry.refused),
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
    said = {language: sentences(records, language) for language in _WORDS}
    if not any(said.values()):
        return dict(notice)
    any_notice = next((text for text in notice.values() if text), "")
    return {
        language: " ".join(part for part in (notice.get(language) or any_notice, *said[language]) if part)
        for language in _WORDS
    }
