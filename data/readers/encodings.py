"""Text in the encodings from before Unicode: found, asked about, and converted when somebody accepts it.

Nothing is converted on suspicion. The likeliest reading becomes a question with a code of its own; accepting that
code converts the texts, and the finding tells how many.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from ..text.vietnamese import decodings, from_tcvn3, from_vni, from_windows_1258, plausible_share

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from ..findings.collector import FileFindings
    from ..text.vietnamese import Decoding

CODES = {
    "TCVN3": "text.tcvn3",
    "VNI": "text.vni",
    "Windows-1258": "text.windows-1258",
    "UTF-8": "text.utf8",
}
"""Encoding to the code of its question."""

_CONVERT: dict[str, Callable[[str], str | None]] = {
    "TCVN3": from_tcvn3,
    "VNI": from_vni,
    "Windows-1258": from_windows_1258,
}
_PLAUSIBLE = 0.85  # share of syllables from which a reading is worth a question
_BETTER = 0.2  # by which it must beat the text as it stands, where that can be read at all
_CLOSE = 0.1  # decodings this close to the best one may be accepted instead of it
_STRANGE = 0.75  # share of syllables below which a text is not what somebody meant to write
_FEWEST_STRANGE = 0.05  # share of strange texts from which they are no accident
_MOST_LOOKED_AT = 2000


def ask_for_bytes(raw: Sequence[str], about: FileFindings) -> str | None:
    """Ask in which old encoding texts are that can be read neither as UTF-8 nor as stated.

    Parameters
    ----------
    raw
        Texts whose bytes are shown as ISO-8859-1.
    about
        Told the likeliest reading, when one makes Vietnamese of them.

    Returns
    -------
    str or None
        The encoding that was accepted, a key of :data:`CODES`; empty where there is nothing to ask; None where
        the question stands.
    """
    strange = [text for text in dict.fromkeys(raw) if not text.isascii()]
    return _ask(decodings(strange[:_MOST_LOOKED_AT]), strange, 0.0, about)


def ask_for_letters(texts: Sequence[str], about: FileFindings) -> str | None:
    """Ask about texts that are Unicode, but made for an old font: they look like ``§ång V¨n``.

    Parameters
    ----------
    texts
        Texts as they were read.
    about
        Told the likeliest reading, when one makes Vietnamese of them.

    Returns
    -------
    str or None
        The encoding that was accepted, a key of :data:`CODES`; empty where there is nothing to ask; None where
        the question stands.
    """
    strange = strange_texts(texts)
    if not strange:
        return ""
    return _ask(decodings_of_letters(strange), strange, plausible_share(strange) + _BETTER, about)


def strange_texts(texts: Iterable[str]) -> list[str]:
    """Find the texts that nobody meant to write so.

    Parameters
    ----------
    texts
        Texts as they were read.

    Returns
    -------
    list of str
        Each once, in NFC; none where they are too few to be more than accidents.
    """
    different = list(dict.fromkeys(unicodedata.normalize("NFC", text) for text in texts))
    strange = [text for text in different if not text.isascii() and plausible_share([text]) < _STRANGE]
    return strange if len(strange) >= _FEWEST_STRANGE * len(different) else []


def decodings_of_letters(strange: Sequence[str], names: Collection[str] = ()) -> list[Decoding]:
    """Offer every way to read texts that are Unicode, but made for an old font, the likeliest first.

    Parameters
    ----------
    strange
        From :func:`strange_texts`.
    names
        Official names; without them only the shape of the words decides.
    """
    return decodings([_as_bytes(text) for text in strange[:_MOST_LOOKED_AT]], names)


def is_better(reading: Decoding, strange: Sequence[str]) -> bool:
    """Say whether a reading of texts makes more Vietnamese of them than they are, and enough of it."""
    return reading.plausible >= max(_PLAUSIBLE, plausible_share(strange) + _BETTER)


def converted(text: str, encoding: str) -> str:
    """Convert one text.

    Parameters
    ----------
    text
        As ISO-8859-1 or Windows-1252 shows its bytes.
    encoding
        A key of :data:`CODES`.

    Returns
    -------
    str
        In NFC; a text that has no meaning in the encoding, or is ASCII, stays as it is.
    """
    if text.isascii():
        return text
    raw = text if max(text) <= "\xff" else _as_bytes(text)
    if encoding == "UTF-8":
        try:
            found: str | None = raw.encode("latin-1").decode("utf-8")
        except UnicodeError:
            found = None
    else:
        found = _CONVERT[encoding](raw)
    return text if found is None else unicodedata.normalize("NFC", found)


def _ask(
    offered: Sequence[Decoding], strange: Sequence[str], least: float, about: FileFindings
) -> str | None:
    """Put the question of the likeliest reading, or of one as likely that was accepted."""
    good = [one for one in offered if one.plausible >= max(_PLAUSIBLE, least)]
    close = [one for one in good if one.plausible >= good[0].plausible - _CLOSE]
    if not close:
        return ""
    accepted = [one for one in close if CODES[one.encoding] in about.findings.accepted]
    chosen = (accepted or close)[0]
    taken = about.ask(
        CODES[chosen.encoding],
        count=len(strange),
        example=strange[0],
        reading=chosen.texts[0],
        others=[CODES[one.encoding] for one in close if one is not chosen] or "-",
    )
    return chosen.encoding if taken else None


def _as_bytes(text: str) -> str:
    """Show as ISO-8859-1 what may have been read as Windows-1252, sign by sign."""
    signs = []
    for sign in text:
        try:
            signs.append(sign.encode("cp1252").decode("latin-1"))
        except UnicodeError:
            signs.append(sign)
    return "".join(signs)
