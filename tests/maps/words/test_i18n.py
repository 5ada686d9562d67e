"""The words of the pages: both languages have the same, and every one is used."""

from __future__ import annotations

import re
from pathlib import Path

import blackspot.maps
from blackspot.maps.words.i18n import words as words_of

MAPS = Path(blackspot.maps.__file__).parent


def test_both_languages_have_the_same_words() -> None:
    """The same keys, the same slots, nothing empty."""
    vietnamese, english = (dict(words_of(language)) for language in ("vi", "en"))
    assert set(vietnamese) == set(english)
    for key, text in vietnamese.items():
        assert text.strip()
        assert english[key].strip()
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", english[key])), key


def test_every_word_that_is_used_exists_and_every_word_is_used() -> None:
    """Keys in scripts, markup and Python are in the catalogue; nothing in the catalogue is forgotten."""
    words = set(words_of("vi"))
    sources = [
        path.read_text(encoding="utf-8") for path in [*(MAPS / "static").rglob("*.*"), *MAPS.rglob("*.py")]
    ]
    text = "\n".join(sources)
    used = set(re.findall(r"BS\.t\('([\w.]+)'[,)]", text)) | set(
        re.findall(r'data-(?:t|label)="([\w.]+)"', text)
    )
    assert used <= words
    prefixes = set(re.findall(r"['\"f]([a-zA-Z]+\.)['\"{]", text))
    quoted = set(re.findall(r"['\"]([\w.]+)['\"]", text))
    forgotten = {
        key
        for key in words - used - quoted
        if not any(key.startswith(prefix) for prefix in prefixes) and not key.startswith("term.")
    }
    assert forgotten == set()
