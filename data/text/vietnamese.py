"""Vietnamese text: what bytes of the old encodings say, and when two spellings are one name.

Before Unicode, Vietnamese was written with fonts: TCVN 5712 (VN3, "ABC") gives every letter with its tone a
byte of its own, VNI writes the tone as a second character, and Windows 1258 as a combining mark. Files in the
first two carry no sign of it; only the words they make tell.
"""

# ruff: noqa: RUF001, RUF003 - the bytes of old encodings look like other letters; that is the point

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .wording import type_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

_UNICODE = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
# TCVN 5712 (VN3): the byte of each letter above, as ISO-8859-1 shows it.
_TCVN3 = "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\xadõøö÷ùúýûüþ"
_TCVN3_CAPITALS = {"¡": "Ă", "¢": "Â", "§": "Đ", "£": "Ê", "¤": "Ô", "¥": "Ơ", "¦": "Ư"}
_TCVN3_TABLE = str.maketrans(dict(zip(_TCVN3, _UNICODE, strict=True)) | _TCVN3_CAPITALS)

# VNI: plain letter and mark; the letters i, y and d have single characters.
_VNI_TONES = dict(zip("ùøûõï", ("\u0301", "\u0300", "\u0309", "\u0303", "\u0323"), strict=True))
_VNI_MARKS = {"â": "\u0302", "ê": "\u0306"}
_VNI_BOTH = dict(zip("áàåãä", ("\u0302" + tone for tone in _VNI_TONES.values()), strict=True)) | dict(
    zip("éèúüë", ("\u0306" + tone for tone in _VNI_TONES.values()), strict=True)
)
_VNI_AFTER = {**_VNI_TONES, **_VNI_MARKS, **_VNI_BOTH}
_VNI_SINGLE = {"ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ô": "ơ", "ö": "ư"}

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_WORD = re.compile(r"[^\W\d_]+")
# Initial, vowels and final of a Vietnamese syllable without tones.
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?[aăâeêioôơuưy]{1,3}(?:ch|ng|nh|[cmnpt])?"
)
_LOOKALIKE = str.maketrans({"ð": "đ", "Ð": "Đ", "ƌ": "đ", "Ɖ": "Đ"})


@dataclass(frozen=True, slots=True)
class Decoding:
    """One way to read some texts.

    Attributes
    ----------
    encoding
        ``UTF-8``, ``TCVN3``, ``VNI`` or ``Windows-1258``.
    texts
        The texts read that way, in NFC, in the order given.
    matches
        How many of them are official names (without regard to tone placement and case).
    plausible
        Share of their words that are Vietnamese syllables, 0 to 1.
    """

    encoding: str
    texts: tuple[str, ...]
    matches: int
    plausible: float


def from_tcvn3(text: str) -> str:
    """Read TCVN3 bytes shown as ISO-8859-1."""
    return text.translate(_TCVN3_TABLE)


def from_vni(text: str) -> str:
    """Read VNI bytes shown as ISO-8859-1."""
    out: list[str] = []
    for sign in text:
        lower = sign.lower()
        before = unicodedata.normalize("NFD", out[-1])[0].lower() if out else ""
        horned = bool(out) and out[-1].lower() in {"ơ", "ư"}
        follows = lower in _VNI_AFTER and (
            (before in {"a", "e", "o", "u", "y"} and out[-1].lower() == before)
            or (horned and lower in _VNI_TONES)
        )
        if follows:
            out[-1] = unicodedata.normalize("NFC", out[-1] + _VNI_AFTER[lower])
        elif lower in _VNI_SINGLE:
            letter = _VNI_SINGLE[lower]
            out.append(letter.upper() if sign.isupper() else letter)
        else:
            out.append(sign)
    return "".join(out)


def from_windows_1258(text: str) -> str | None:
    """Read Windows-1258 bytes shown as ISO-8859-1; None where a byte has no meaning."""
    try:
        return unicodedata.normalize("NFC", text.encode("latin-1").decode("cp1258"))
    except UnicodeError:
        return None


def decodings(raw: Sequence[str], names: Collection[str] = ()) -> list[Decoding]:
    """Offer every way to read texts, side by side, the likeliest first.

    Parameters
    ----------
    raw
        Texts whose bytes are shown as ISO-8859-1.
    names
        Official names; without them only the shape of the words decides.

    Returns
    -------
    list of Decoding
        Only those that have a meaning for every text.
    """
    known = {name_key(name) for name in names}
    found = []
    for encoding, read in (
        ("UTF-8", _from_utf8),
        ("Windows-1258", from_windows_1258),
        ("TCVN3", from_tcvn3),
        ("VNI", from_vni),
    ):
        texts = [read(text) for text in raw]
        if all(text is not None for text in texts):
            whole = tuple(unicodedata.normalize("NFC", text or "") for text in texts)
            matches = sum(name_key(text) in known for text in whole)
            found.append(Decoding(encoding, whole, matches, plausible_share(whole)))
    return sorted(found, key=lambda reading: (-reading.matches, -reading.plausible))


def plausible_share(texts: Iterable[str]) -> float:
    """Share of the words that are Vietnamese syllables in shape; 1 where there are no words."""
    words = [word for text in texts for word in _WORD.findall(text)]
    # A sign such as µ or ¸ inside a text belongs to no word of any language that is read here.
    strange = sum(unicodedata.category(sign) in {"Sk", "So", "Sc", "No"} for text in texts for sign in text)
    good = sum(_is_syllable(word.lower()) for word in words)
    return max(0.0, (good - strange) / len(words)) if words else float(not strange)


def name_key(name: str) -> str:
    """Fold a name for comparison: case, spaces, tone placement, Eth for Đ, and the legal type before it.

    Hòa and Hoà give one key, Hòa and Hóa two.
    """
    text = unicodedata.normalize("NFC", name).translate(_LOOKALIKE).casefold()
    shown = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    words = shown.replace("-", " ").split()
    plain = " ".join(words)
    for kind in (*type_words("vi"), "thị trấn"):
        plain = plain.removeprefix(f"{kind} ")
    return " ".join(_tone_last(word) for word in plain.split())


def _from_utf8(text: str) -> str | None:
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None


def _is_syllable(word: str) -> bool:
    tones = sum(sign in _TONES for sign in unicodedata.normalize("NFD", word))
    return tones <= 1 and _SYLLABLE.fullmatch(_toneless(word)) is not None


def _toneless(word: str) -> str:
    letters = "".join(sign for sign in unicodedata.normalize("NFD", word) if sign not in _TONES)
    return unicodedata.normalize("NFC", letters)


def _tone_last(word: str) -> str:
    """Write the tone of a syllable behind it, wherever it stood."""
    tones = "".join(sign for sign in unicodedata.normalize("NFD", word) if sign in _TONES)
    return _toneless(word) + tones
