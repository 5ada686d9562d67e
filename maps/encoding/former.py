"""Names from before a reform as bytes: each different word once, each name as the numbers of its words."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from .varint import deflate, pack, zigzag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def encode_former(row: NDArray[np.int64], names: Sequence[str], places: Sequence[str], rows: int) -> bytes:
    """Write the former names of communes.

    Vietnamese names are made of few syllables: as numbers of words they take two thirds of the room of their text.

    Parameters
    ----------
    row
        Row of the commune of today that each name leads to, ascending, int64 (n,).
    names, places
        Former name, and where that was, shape (n,); words are told apart by spaces.
    rows
        Communes on the page.

    Returns
    -------
    bytes
        Deflated: varints of the bytes that all words take, the number of places, the number of words of each place and
        these words; names per commune; for each name the step from the place of the name before, its number of words
        and these; then the words in UTF-8, the most frequent first, a line break between them.

    Raises
    ------
    ValueError
        A row lies beyond the communes.
    """
    if len(row) and int(row[-1]) >= rows:
        raise ValueError(f"a name leads to row {row[-1]} of {rows}")
    listed = sorted(set(places))
    at_place = {place: at for at, place in enumerate(listed)}
    texts = [text.split() for text in (*listed, *names)]
    counted = Counter(chain.from_iterable(texts))
    words = sorted(counted, key=lambda word: (-counted[word], word))
    number = {word: at for at, word in enumerate(words)}
    content = "\n".join(words).encode("utf-8", "backslashreplace")
    coded = [[len(text), *(number[word] for word in text)] for text in texts]
    steps = zigzag(np.diff([at_place[place] for place in places], prepend=0)).tolist()
    lines = ([step, *line] for step, line in zip(steps, coded[len(listed) :], strict=True))
    head = [len(content), len(listed), *chain.from_iterable(coded[: len(listed)])]
    counts = np.bincount(row, minlength=rows).tolist()
    # one call for all numbers: one for each of them takes longer than everything else
    return deflate(pack([*head, *counts, *chain.from_iterable(lines)]) + content)
