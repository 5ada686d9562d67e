"""Names of the sample country. All are made up: pairs of pretty words that name no place in Viet Nam."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

FIRST_WORDS = (
    "Mây",
    "Gió",
    "Nắng",
    "Sương",
    "Suối",
    "Đồi",
    "Lúa",
    "Sóng",
    "Trăng",
    "Sao",
    "Rừng",
    "Thông",
    "Trúc",
    "Sen",
    "Quế",
    "Nhạn",
    "Én",
    "Vạc",
    "Khói",
    "Mưa",
    "Bướm",
    "Lá",
)
"""First words of the names."""

SECOND_WORDS = (
    "Biếc",
    "Lành",
    "Sớm",
    "Ngàn",
    "Hồng",
    "Thơm",
    "Êm",
    "Nhung",
    "Thắm",
    "Tím",
    "Dịu",
    "Mát",
    "Reo",
    "Ngời",
    "Khuya",
    "Trong",
    "Non",
    "Mơ",
    "Hát",
    "Vui",
)
"""Second words of the names."""

ARCHIPELAGO_NAME = "Quần Đảo Mẫu"
"""Name of the far archipelago: Sample Archipelago."""

TWICE = 4
"""Names that are given in two provinces, as happens in real lists: only the code tells communes apart."""


@dataclass(frozen=True, slots=True)
class Province:
    """A made-up province: code, kept as text, and name."""

    code: str
    name: str


PROVINCES = (Province("05", "Mây Mẫu"), Province("50", "Suối Mẫu"), Province("97", "Lúa Mẫu"))
"""The provinces from north to south; "mẫu" means sample."""


def draw_names(rng: np.random.Generator, counts: list[int]) -> list[list[str]]:
    """Draw the names of the communes of every province.

    Parameters
    ----------
    rng
        Source of the randomness.
    counts
        Communes per province.

    Returns
    -------
    list of list of str
        No name twice in a province; ``TWICE`` names of the first province return in the second.
    """
    pairs = [f"{first} {second}" for first in FIRST_WORDS for second in SECOND_WORDS]
    shuffled = [pairs[index] for index in rng.permutation(len(pairs)).tolist()]
    names = [[shuffled.pop() for _ in range(count)] for count in counts]
    names[1][:TWICE] = names[0][:TWICE]
    return names
