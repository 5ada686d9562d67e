"""A page that cannot reach anything: hashes of its own scripts and styles, and a ban on all else."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

POLICY_SLOT = '<meta charset="utf-8">'
"""After this tag the policy is put; the page has it once, at its very start."""

INLINE = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)
"""A script or style of a page; no data can hold one."""
_OPENING = re.compile(r"<(script|style)\b([^>]*)>", re.IGNORECASE)
_FETCHES = re.compile(
    r"""<(?:script|link|img|iframe|source|audio|video|object|embed|use)\b[^>]*\b(?:src|href|data|srcset)\s*=""",
    re.IGNORECASE,
)
_STYLE_ATTRIBUTE = re.compile(r"<[a-z][^<>]*\s(?:style|on[a-z]+)\s*=", re.IGNORECASE)
DATA_BLOCK = re.compile(r'<script type="application/[a-z-]+" id="[a-z0-9-]+">[^<]*</script>')
"""A block of data of a page."""


class UnsafePageError(ValueError):
    """A page would load something, or holds a script or style that no hash covers. This is a bug of ours."""


def seal(html: str) -> str:
    """Forbid a page everything but its own scripts and styles.

    Parameters
    ----------
    html
        A whole page with :data:`POLICY_SLOT` once.

    Returns
    -------
    str
        The page with a Content-Security-Policy that names every inline script and style by its sha256; fetching,
        framing, sending forms, evaluating text and turning text into elements are all refused by the browser.

    Raises
    ------
    UnsafePageError
        The page names something to fetch, has a style or script the policy would not cover, or no slot.
    """
    markup = DATA_BLOCK.sub("", html)
    hashes: dict[str, list[str]] = {"script": [], "style": []}
    for kind, content in INLINE.findall(markup):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        hashes[kind].append(f"'sha256-{digest}'")
    check_bare(INLINE.sub("", markup))
    script, style = (" ".join(hashes[kind]) or "'none'" for kind in ("script", "style"))
    return with_policy(html, script, style)


def check_bare(markup: str) -> None:
    """See that markup without its scripts, styles and data neither runs nor loads anything.

    Parameters
    ----------
    markup
        A page without what :data:`INLINE` and :data:`DATA_BLOCK` find in it.

    Raises
    ------
    UnsafePageError
        It does.
    """
    for pattern, what in (
        (_OPENING, "an uncovered script or style"),
        (_FETCHES, "an address to fetch"),
        (_STYLE_ATTRIBUTE, "a style or handler attribute"),
    ):
        found = pattern.search(markup)
        if found:
            raise UnsafePageError(f"the page has {what}: {found[0][:120]!r}")


def with_policy(html: str, script: str, style: str) -> str:
    """Put the policy into a page.

    Parameters
    ----------
    html
        A whole page with :data:`POLICY_SLOT` once.
    script, style
        Sources of scripts and styles that are allowed, as the policy writes them.

    Raises
    ------
    UnsafePageError
        There is no slot, or several.
    """
    if html.count(POLICY_SLOT) != 1:
        raise UnsafePageError("the page must have its charset exactly once")
    rules = [
        "default-src 'none'",
        f"script-src {script}",
        f"style-src {style}",
        "img-src data: blob:",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types default",
    ]
    policy = f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(rules)}">'
    return html.replace(POLICY_SLOT, f"{POLICY_SLOT}\n{policy}", 1)


@dataclass(frozen=True, slots=True)
class PageForm:
    """What becomes of the pages of a run before they are written.

    Attributes
    ----------
    national
        File name of the national page.
    finish
        Makes of a page that is not yet sealed, and of its path in the folder, the text that is written.
    """

    national: str
    finish: Callable[[str, str], str]


def _sealed(html: str, _path: str) -> str:
    return seal(html)


OFFLINE = PageForm("map.html", _sealed)
"""One file that needs no other."""
