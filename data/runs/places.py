"""Finding a place of a run by what a person types: a code, a name with or without accents, or a black spot's id."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from ..text.safe import printable
from ..text.slug import slug
from ..text.vietnamese import name_key
from .not_found import not_found

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_ALIKE = 0.75  # of the letters, as difflib counts them: a misspelt syllable or two
_KINDS = ("xa_", "phuong_", "dac_khu_", "thi_tran_")  # legal types, typed without accents
_SHOWN = 8  # candidates named in a message


def find_commune(communes: pd.DataFrame, wanted: str) -> str:
    """Find the one commune that is meant.

    Parameters
    ----------
    communes
        With ``code``, ``name`` and ``province_name``.
    wanted
        A code; or a name, with or without accents or its legal type, perhaps misspelt, perhaps with the province behind
        a comma. Exact spelling wins over a name without accents, that over the beginning of a name, that over a
        misspelt one.

    Returns
    -------
    str
        The code of the commune.

    Raises
    ------
    RunNotFoundError
        None is meant, or several may be; the message names those that come near.
    """
    text = wanted.strip()
    if text in set(communes["code"]):
        return text
    name, _, province = (part.strip() for part in text.partition(","))
    table = _in_province(communes, province) if province else communes
    for found in _matches(table, name):
        if len(found) == 1:
            return str(found["code"].iloc[0])
        if len(found) > 1:
            raise not_found("runs", "several_places", wanted=printable(text), known=_listed(found))
    raise not_found("runs", "place", wanted=printable(text))


def commune_of_spot(black_spots: pd.DataFrame, wanted: str) -> str | None:
    """Give the code of the commune of a black spot; None where no black spot has this id."""
    found = black_spots.loc[black_spots["spot_id"] == wanted.strip(), "code"]
    return None if found.empty else str(found.iloc[0])


def _matches(table: pd.DataFrame, name: str) -> Sequence[pd.DataFrame]:
    """Give the communes that match a name, one table per kind of comparison, the strictest first."""
    keys = table["name"].map(lambda value: name_key(str(value)))
    plain = keys.map(slug)
    whole = slug(name_key(name))
    if not whole:
        return []
    wanted = next((whole.removeprefix(kind) for kind in _KINDS if whole.startswith(kind)), whole)
    near = difflib.get_close_matches(wanted, plain.unique().tolist(), n=_SHOWN, cutoff=_ALIKE)
    return [
        table[keys == name_key(name)],
        table[plain == whole],
        table[plain == wanted],
        table[plain.str.startswith(f"{wanted}_")],
        table[plain.isin(near)],
    ]


def _in_province(communes: pd.DataFrame, province: str) -> pd.DataFrame:
    """Keep the communes of a province that is named, with or without accents; all where none is."""
    wanted = slug(province)
    names = communes["province_name"].map(lambda value: slug(str(value)))
    inside = communes[(names == wanted) | (communes["province_code"] == province)]
    return communes if inside.empty else inside


def _listed(found: pd.DataFrame) -> str:
    """Name communes with their provinces and codes."""
    rows = found.head(_SHOWN)[["name", "province_name", "code"]].itertuples(index=False, name=None)
    named = "; ".join(f"{name}, {province} ({code})" for name, province, code in rows)
    more = len(found) - _SHOWN
    return f"{printable(named)}{f' and {more} more' if more > 0 else ''}"
