"""Answers of a server that are a part of what was asked for: what such a file says of itself, and what its pages add up to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...findings.collector import FileFindings

TOTALS = ("numberMatched", "totalFeatures")
RETURNED = "numberReturned"
LIMIT_EXCEEDED = "exceededTransferLimit"
MEMBERS = (*TOTALS, RETURNED, LIMIT_EXCEEDED, "links", "next", "previous")
"""Members by which an answer says that it is a part: of WFS and OGC API, of ArcGIS, of pages of any server."""

_LATER, _EARLIER = ("next",), ("prev", "previous")
_PAGE_FEATURES = 1000  # limits of servers are round thousands


@dataclass(frozen=True, slots=True)
class AnswerSigns:
    """What one file says of being a part.

    Attributes
    ----------
    features
        How many features it holds.
    total, returned
        How many its server has, and how many it says it sent; None where it does not say.
    later, earlier
        Words by which it says that more features follow, or that others came before.
    served
        It looks like the answer of a server: its features have numbers of a database.
    """

    features: int
    total: int | None = None
    returned: int | None = None
    later: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    served: bool = False

    @property
    def is_a_page(self) -> bool:
        """It holds a round number of features, as the pages of a server do."""
        return self.served and self.features > 0 and self.features % _PAGE_FEATURES == 0


def signs_of(members: Mapping[str, object], features: int, *, served: bool) -> AnswerSigns:
    """Understand what a file says of itself.

    Parameters
    ----------
    members
        Those of :data:`MEMBERS` that it has in its outermost object.
    features
        How many features it holds.
    served
        Its features have numbers of a database.
    """
    exceeded = [f"{LIMIT_EXCEEDED} = true"] if members.get(LIMIT_EXCEEDED) is True else []
    totals = [number for name in TOTALS if (number := _number(members.get(name))) is not None]
    return AnswerSigns(
        features=features,
        total=max(totals, default=None),
        returned=_number(members.get(RETURNED)),
        later=(*exceeded, *_pages(members, _LATER)),
        earlier=tuple(_pages(members, _EARLIER)),
        served=served or any(name in members for name in (*TOTALS, RETURNED)),
    )


def _pages(members: Mapping[str, object], words: Sequence[str]) -> list[str]:
    """Find the members and links of an answer by which it names its other pages."""
    links = members.get("links")
    relations = (
        [link.get("rel") for link in links if isinstance(link, dict)] if isinstance(links, list) else []
    )
    named = [word for word in words if isinstance(members.get(word), str) and members[word]]
    return named + [f"links: rel = {word}" for word in words if word in relations]


def ask_whether_whole(pages: Sequence[AnswerSigns], about: FileFindings) -> bool:
    """Ask about features that a server kept, unless the pages are all there.

    Parameters
    ----------
    pages
        What each file of the input says; a file by itself is one page. A page that stands twice counts once.
    about
        Told what says that something is missing.

    Returns
    -------
    bool
        False after a question that was not accepted.
    """
    read = sum(page.features for page in pages)
    signs = _signs_of_a_part(pages)
    if signs:
        return about.ask("layer.partial", signs=signs, read=read)
    if pages and all(page.is_a_page for page in pages):
        return about.ask("layer.page-sized", read=read, count=read)
    return True


def _signs_of_a_part(pages: Sequence[AnswerSigns]) -> list[str]:
    read = sum(page.features for page in pages)
    totals = {page.total for page in pages}
    one_answer = len(totals) == 1 and None not in totals
    if one_answer:
        pairs = [(max(total for total in totals if total is not None), read)]
    else:  # answers to several questions, such as one for each province
        pairs = [(page.total, page.features) for page in pages if page.total is not None]
    signs = [f"{total} > {there} ({TOTALS[0]})" for total, there in pairs if total > there]
    signs += [
        f"{page.returned} > {page.features} ({RETURNED})"
        for page in pages
        if page.returned is not None and page.returned > page.features
    ]
    if not (one_answer and len(pages) > 1):  # of which the total has spoken
        for said in ([page.later for page in pages], [page.earlier for page in pages]):
            if all(said):
                signs += [sign for words in said for sign in words]
    return list(dict.fromkeys(signs))


def _number(value: object) -> int | None:
    """Take a whole number, also as text; a server that does not know it says ``unknown``."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 16:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
