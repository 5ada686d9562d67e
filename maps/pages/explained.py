"""What ``blackspot explain`` says of every commune and black spot, as a page carries it."""

from __future__ import annotations

import gc
import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from ...data.text.safe import printable
from ...data.text.words import LANGUAGES
from ..encoding.patterns import tell_said
from ..encoding.spots import page_numbers
from ..encoding.told import GIVEN, Columns, tell
from ..encoding.varint import deflate, pack, pack_signed
from ..words import explain, explain_spots

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from ...data.text.said import Said
    from ..encoding.told import Form, Told
    from .map_data import MapData

    Row = Mapping[str, object]
    Pair = tuple[str, str]

_WHOLE = "pop_total"


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """The sentences about all communes and black spots of a run.

    Attributes
    ----------
    communes
        Of each commune: the lines before its black spots, the head of these, how many are not told, what was before;
        and the reason of its rank, which is a word of the first lines.
    spots
        Of each black spot, in the order of the run: the head as if it were the only one, and the spot itself.
    first
        Of each commune: which spots are told, in the order of the run.
    """

    communes: list[tuple[list[Told], ...]]
    spots: list[tuple[Told, Told]]
    first: list[list[int]]

    def blocks(
        self, rows: NDArray[np.int64], order: NDArray[np.int64], commune: NDArray[np.int64]
    ) -> dict[str, bytes]:
        """Write the sentences of a page.

        Parameters
        ----------
        rows
            Its communes.
        order, commune
            The black spots of the page in its order, and the place of each one's commune among its communes.

        Returns
        -------
        dict
            ``bs-told-forms``: JSON, each form as its parts in Vietnamese, in English, and kind and column of its slots.
            ``bs-told``: deflated varints. Of each commune how many lines its five kinds have and how many spots are
            told; these, counted from the commune's first; the forms of the lines of all communes, then two for each
            spot; the numbers that no column gives, in the same order.
        """
        place = np.empty(len(self.spots), dtype=np.int64)
        place[order] = np.arange(len(order)) - np.searchsorted(commune, commune)
        counts, lines, first = [], [], []
        for row in rows.tolist():
            kinds, told = self.communes[row], self.first[row]
            counts += [*map(len, kinds), len(told)]
            first += [int(place[spot]) for spot in told]
            lines += [line for kind in kinds for line in kind]
        lines += [line for spot in order.tolist() for line in self.spots[spot]]
        forms: dict[Form, int] = {}
        used = [forms.setdefault(line.form, len(forms)) for line in lines]
        given = np.array([number for line in lines for number in line.given], dtype=np.int64)
        listed = [[*form.parts, [number for slot in form.slots for number in slot]] for form in forms]
        text = json.dumps(listed, ensure_ascii=False, separators=(",", ":"))
        content = b"".join([pack(counts), pack(first), pack(used), pack_signed(given)])
        return {
            "bs-told-forms": deflate(text.encode("utf-8", "backslashreplace")),
            "bs-told": deflate(content),
        }


def explained(data: MapData, columns: Mapping[str, NDArray[np.float64]]) -> Explained:
    """Say everything about every commune and black spot in words.

    Parameters
    ----------
    data
        The run.
    columns
        The numbers of the communes that a page has, rounded as it has them.
    """
    with _uncollected():
        return _explained(data, columns)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let millions of small things be made that all stay: looking for garbage among them takes a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _explained(data: MapData, columns: Mapping[str, NDArray[np.float64]]) -> Explained:
    operators = {str(one["slug"]): str(one["name"]) for one in data.about.get("operators", ())}
    rows, spots = _rows(data.communes), _rows(data.black_spots)
    own: list[list[int]] = [[] for _ in rows]
    row_of = {str(row["code"]): at for at, row in enumerate(rows)}
    for at, spot in enumerate(spots):
        if str(spot["code"]) in row_of:
            own[row_of[str(spot["code"])]].append(at)
    before, period = _before(data)
    with_spots = "black_spots" not in data.about.get("withheld", ())  # nobody says there are none
    kinds = [
        _commune(
            row,
            [spots[at] for at in of] if with_spots else None,
            operators,
            before.get(str(row["code"])),
            period,
        )
        for row, of in zip(rows, own, strict=True)
    ]
    at_spot = {id(spot): at for at, spot in enumerate(spots)}
    first = [
        [at_spot[id(spot)] for spot in explain_spots.first_spots([spots[at] for at in of])]
        if lines[1]
        else []
        for lines, of in zip(kinds, own, strict=True)
    ]
    communes = _told_communes(kinds, rows, columns)
    del kinds, rows  # those of the black spots are as many again
    return Explained(communes, _told_spots(spots, operators, data), first)


def _commune(
    row: Row, spots: Sequence[Row] | None, operators: Mapping[str, str], before: Row | None, period: str
) -> tuple[list[Said], ...]:
    """Say everything about a commune but its spots: four kinds of lines; without spots nothing of them."""
    known = not pd.isna(cast("float", row.get(_WHOLE)))
    more = explain.may_fail(row) > 0
    told = spots if known else None
    return (
        explain.opening(row, operators),
        [] if told is None else explain_spots.spots_head(told, may_be_more=more),
        [] if told is None else explain_spots.spots_rest(told),
        explain.change(row, before, period) if known else [],
    )


def _before(data: MapData) -> tuple[dict[str, Row], str]:
    """Give the communes of the run before by code, and what that run is called."""
    if data.previous is None or not data.previous.run:
        return {}, ""
    rows = _rows(data.previous.communes[["code", "pop_failing"]])
    return {str(row["code"]): row for row in rows}, data.previous.run


def _told_communes(
    kinds: Sequence[tuple[list[Said], ...]], rows: Sequence[Row], columns: Mapping[str, NDArray[np.float64]]
) -> list[tuple[list[Told], ...]]:
    whole = list(columns).index(_WHOLE) if _WHOLE in columns else GIVEN
    numbers = Columns(np.column_stack(list(columns.values())), whole)
    lines = [line for each in kinds for kind in each for line in kind]
    of = np.repeat(np.arange(len(kinds)), [sum(map(len, each)) for each in kinds])
    said = [_reasons(row) for row in rows]
    words = [
        [*_words(row, "name", "code", "province_name"), reason]
        for row, reason in zip(rows, said, strict=True)
    ]
    told = iter(tell_said(lines, of, words, numbers))
    reasons = tell(said, np.arange(len(kinds)), [()] * len(kinds), numbers)
    return [
        (*([next(told) for _ in kind] for kind in each), [reason])
        for each, reason in zip(kinds, reasons, strict=True)
    ]


def _told_spots(spots: Sequence[Row], operators: Mapping[str, str], data: MapData) -> list[tuple[Told, Told]]:
    lines = [
        line
        for spot in spots
        for line in (*explain_spots.spots_head([spot]), explain_spots.spot(spot, operators))
    ]
    of = np.repeat(np.arange(len(spots)), 2)
    words = [_words(spot, "spot_id", "place_name") for spot in spots]
    told = tell_said(lines, of, words, Columns(page_numbers(data.black_spots), GIVEN))
    return list(zip(told[::2], told[1::2], strict=True))


def _words(row: Row, *names: str) -> list[Pair]:
    """Give the texts that the page has of a thing; both languages have the same."""
    return [(str(row.get(name, "")),) * 2 for name in names]


def _reasons(row: Row) -> Pair:
    """Give the reason of a commune's rank in both languages; empty where it has none."""
    given = (row.get(f"reason_{language}") for language in LANGUAGES)
    vietnamese, english = (printable(reason) if isinstance(reason, str) else "" for reason in given)
    return vietnamese, english


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows of a table without geometry, in plain numbers and texts."""
    plain = pd.DataFrame(frame).drop(columns="geometry", errors="ignore")
    names = [str(name) for name in plain.columns]
    columns = (plain[name] for name in plain.columns)
    # Arrow gives texts one by one far more slowly
    cells = [
        (one.to_numpy(dtype=object) if isinstance(one.dtype, pd.StringDtype) else one).tolist()
        for one in columns
    ]
    return [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]
