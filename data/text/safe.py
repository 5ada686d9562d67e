"""Text that may be printed or written: no control or direction characters, bounded in length."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path


def printable(text: str) -> str:
    """Replace what a terminal would obey, control and direction characters, by question marks."""
    if text.isprintable():  # as nearly all texts are
        return text
    return "".join(letter if letter.isprintable() or letter == "\n" else "?" for letter in text)


_LONGEST_VALUE = 200  # characters; a cell of a hostile file can hold megabytes
_LONGEST_LIST = 10


def plain(value: object) -> str:
    """Write a value so that it is safe in a log, on a terminal and in a page's text.

    Parameters
    ----------
    value
        Anything; the members of a list or another iterable are joined by commas, ten at most.

    Returns
    -------
    str
        One line in NFC, at most 200 characters for each value, with U+FFFD for every control, surrogate
        or direction character.
    """
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping | Path):
        members = [plain(member) for member in value]
        if isinstance(value, AbstractSet):
            members.sort()  # a set has no order of its own, and a finding must read the same every time
        rest = len(members) - _LONGEST_LIST
        return ", ".join(members[:_LONGEST_LIST]) + (f", … (+{rest})" if rest > 0 else "")
    text = str(value)
    if len(text) > _LONGEST_VALUE:
        text = f"{text[: _LONGEST_VALUE - 1]}…"
    text = unicodedata.normalize("NFC", text)
    return "".join("\N{REPLACEMENT CHARACTER}" if _unprintable(sign) else sign for sign in text)


def _unprintable(sign: str) -> bool:
    # Cc control, Cf format (direction overrides, zero width), Cs surrogate, Zl and Zp line separators.
    return unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


# Breaks of lines and tabulators become a space; the rest (C0, DEL, C1, halves of surrogate pairs,
# noncharacters) cannot stand in XML or in UTF-8 and becomes U+FFFD, so that one sees something was there.
_BREAKS = re.compile("\r\n|[\t\n\v\f\r\x85\u2028\u2029]")
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def clean_text(text: str) -> str:
    """Take out what cannot be written everywhere: control characters, line breaks, broken Unicode.

    Parameters
    ----------
    text
        Any text. Letters of any script, right-to-left marks and zero-width characters stay as they are.

    Returns
    -------
    str
        One line of text that UTF-8, XML and SQL take.
    """
    return _UNWRITABLE.sub("\ufffd", _BREAKS.sub(" ", text))
