"""The words of a coordinate reference system, looked at before PROJ parses them.

The process that reads a file parses them first, where nothing is lost when PROJ breaks off; what comes here
has gone through it once. Still only four plain forms pass, none of which can name a file or grow without end.
"""

from __future__ import annotations

import json
import re

from .crs import LONLAT, known_crs
from .transformers import transformer_between

_LONGEST = 100_000
_DEEPEST = 40
_MOST_TOKENS = 10_000
_CODE = re.compile(r"(?:urn:ogc:def:crs:)?[A-Za-z]{2,12}:[0-9.]{0,12}:?[A-Za-z0-9_]{1,20}")
_NAME = re.compile(r"[\w .()+\-]{1,60}(?: / [\w .()+\-]{1,60}){0,3}")
_PROJ = re.compile(
    r"(?:\s*\+?[A-Za-z_0-9]{1,20}(?:=[^\s=\"'\\/]{1,120})?)(?:\s+\+?[A-Za-z_0-9]{1,20}(?:=[^\s=\"'\\/]{1,120})?){0,60}\s*"
)
_TOKEN = re.compile(
    r"\s*(?:([\[(])|([\])])|\"(?:[^\"]|\"\")*\"|[A-Za-z_][A-Za-z_0-9]*|[-+0-9.][-+0-9.eE]*|,)\s*"
)
_FILE_WORDS = ("nadgrids", "geoidgrids", "parameterfile", "init=", "grids=", "file=")


def is_plain_crs(text: str) -> bool:
    """Say whether a text is a plain description of a coordinate reference system, whatever it describes.

    Parameters
    ----------
    text
        As a file states it: a code, a name, a PROJ text, WKT or PROJJSON.

    Returns
    -------
    bool
        False for anything else, for names of files in it, and for what is endlessly long or deep.
    """
    lowered = text.lower().replace("+nadgrids=@null", "")
    if not text or len(text) > _LONGEST or any(word in lowered for word in _FILE_WORDS):
        return False
    if any(ord(sign) < 0x20 and sign not in "\t\r\n" for sign in text):
        return False
    if text.lstrip().startswith("{"):
        return _is_plain_json(text)
    if _CODE.fullmatch(text) or _NAME.fullmatch(text):
        return True
    if "[" in text or "(" in text:
        return _is_plain_wkt(text)
    return _PROJ.fullmatch(text.replace("+nadgrids=@null", "")) is not None


def try_crs(text: str | None) -> None:
    """Do with a text what the program will do with it, so that PROJ breaks off here if it does.

    Codes are left out: what PROJ reads then is its own database.

    Parameters
    ----------
    text
        As a file states it, if it does.
    """
    if text and not _CODE.fullmatch(text) and is_plain_crs(text):
        crs = known_crs(text)
        if crs is not None:
            transformer_between(crs, LONLAT).transform(0.0, 0.0)


def _is_plain_json(text: str) -> bool:
    try:
        waiting = [(json.loads(text), 1)]
    except (ValueError, RecursionError):
        return False
    count = 0
    while waiting:
        value, depth = waiting.pop()
        count += 1
        if depth > _DEEPEST or count > _MOST_TOKENS:
            return False
        if isinstance(value, dict | list):
            members = value.values() if isinstance(value, dict) else value
            waiting += [(member, depth + 1) for member in members]
    return True


def _is_plain_wkt(text: str) -> bool:
    depth = at = count = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        count += 1
        if token is None or token.end() == at or count > _MOST_TOKENS:
            return False
        at = token.end()
        depth += bool(token[1]) - bool(token[2])
        if not 0 <= depth <= _DEEPEST:
            return False
    return depth == 0
