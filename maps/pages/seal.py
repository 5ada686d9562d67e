"""A page that cannot reach anything: hashes of its own scripts and styles, and a ban on all else."""

from __future__ import annotations

import base64
import hashlib
import re

POLICY_SLOT = '<meta charset="utf-8">'
"""After this tag the policy is put; the page has it once, at its very start."""

_INLINE = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)
_OPENING = re.compile(r"<(script|style)\b([^>]*)>", re.IGNORECASE)
_FETCHES = re.compile(
    r"""<(?:script|link|img|iframe|source|audio|video|object|embed|use)\b[^>]*\b(?:src|href|data|srcset)\s*=""",
    re.IGNORECASE,
)
_STYLE_ATTRIBUTE = re.compile(r"<[a-z][^<>]*\s(?:style|on[a-z]+)\s*=", re.IGNORECASE)
_DATA_BLOCK = re.compile(r'<script type="application/[a-z-]+" id="[a-z0-9-]+">[^<]*</script>')


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
    markup = _DATA_BLOCK.sub("", html)
    hashes: dict[str, list[str]] = {"script": [], "style": []}
    for kind, content in _INLINE.findall(markup):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        hashes[kind].append(f"'sha256-{digest}'")
    bare = _INLINE.sub("", markup)
    for pattern, what in (
        (_OPENING, "an uncovered script or style"),
        (_FETCHES, "an address to fetch"),
        (_STYLE_ATTRIBUTE, "a style or handler attribute"),
    ):
        found = pattern.search(bare)
        if found:
            raise UnsafePageError(f"the page has {what}: {found[0][:120]!r}")
    if html.count(POLICY_SLOT) != 1:
        raise UnsafePageError("the page must have its charset exactly once")
    rules = [
        "default-src 'none'",
        f"script-src {' '.join(hashes['script']) or chr(39) + 'none' + chr(39)}",
        f"style-src {' '.join(hashes['style']) or chr(39) + 'none' + chr(39)}",
        "img-src data: blob:",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types default",
    ]
    policy = f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(rules)}">'
    return html.replace(POLICY_SLOT, f"{POLICY_SLOT}\n{policy}", 1)
