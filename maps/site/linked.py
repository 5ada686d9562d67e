"""Pages whose scripts and styles stand in files beside them, which all of them share."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from ..pages import assets
from ..pages.seal import DATA_BLOCK, INLINE, check_bare, with_policy

if TYPE_CHECKING:
    import re

FOLDER: Final = "assets"
_FOOT: Final = '<footer id="foot">'
_OWN: Final = {"script": "site.js", "style": "site.css"}


class SharedFiles:
    """Scripts and styles of pages, each different one once.

    Parameters
    ----------
    footer
        Markup for the foot of map pages; ``{root}`` stands for the way to the folder of the site. Whoever makes it has
        escaped the data in it.

    Attributes
    ----------
    files
        Content by path in the folder of the site. A name is made of the sha256 of the content: a web server may let
        them be kept for ever.
    """

    def __init__(self, footer: str = "") -> None:
        self.footer = footer
        self.files: dict[str, bytes] = {}

    def finish(self, html: str, path: str) -> str:
        """Take the scripts and styles out of a page, and let it load nothing but these.

        Parameters
        ----------
        html
            The page, not yet sealed. Its last script starts it.
        path
            Where it will stand in the folder of the site.

        Returns
        -------
        str
            The page with a Content-Security-Policy that allows scripts and styles of the same place (``'self'``), and
            nothing else. It works from a web server and as a file.

        Raises
        ------
        UnsafePageError
            The page loads something by itself, or has a script or style that is not a plain element.
        """
        found: dict[str, list[str]] = {"script": [], "style": []}

        def taken(element: re.Match[str]) -> str:
            found[element[1]].append(element[2])
            return ""

        parts, end = [], 0
        for block in DATA_BLOCK.finditer(html):  # their text is no markup
            parts += [INLINE.sub(taken, html[end : block.start()]), block[0]]
            end = block.end()
        parts.append(INLINE.sub(taken, html[end:]))
        bare = "".join(parts)
        check_bare(DATA_BLOCK.sub("", bare))
        if found["script"]:
            found["script"].insert(-1, assets.static(_OWN["script"]))
            found["style"].append(assets.static(_OWN["style"]))
        root = "../" * path.count("/")
        head = f'<link rel="stylesheet" href="{root}{self._file(found["style"], "css")}">\n'
        body, allowed = "", "'none'"
        if found["script"]:
            body = f'<script src="{root}{self._file(found["script"], "js")}"></script>\n'
            allowed = "'self'"
        linked = bare.replace("</head>", f"{head}</head>", 1)
        before, after = linked.rsplit("</body>", 1)
        linked = f"{before}{body}</body>{after}"
        if self.footer:
            linked = linked.replace(_FOOT, f"{_FOOT}{self.footer.replace('{root}', root)}", 1)
        return with_policy(linked, allowed, "'self'")

    def _file(self, contents: list[str], ending: str) -> str:
        content = "\n".join(contents).encode()
        path = f"{FOLDER}/{hashlib.sha256(content).hexdigest()[:16]}.{ending}"
        self.files[path] = content
        return path
