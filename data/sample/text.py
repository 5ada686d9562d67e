"""The project file and the README of the sample project."""

from __future__ import annotations

from string import Template

from ..text.words import file_text
from .files import NOTICE_EN, NOTICE_VI
from .names import PROVINCES

FIRST_LINE = f"# {NOTICE_EN} / {NOTICE_VI}"
"""How the project file of the sample begins: it may be replaced, another project file may not."""

STAR, WAVE, CABLE = "Sao Mẫu", "Sóng Mẫu", "Cáp Mẫu"
"""The made-up operators: Sample Star, Sample Wave, Sample Cable."""

LEFT_OUT = PROVINCES[0]
"""The province that the second operator's 5G file says nothing about."""

FIBRE_REACH_M = 2000
"""Service distance around the fibre routes, in metres."""


def project_text(vintage: str) -> str:
    """Give the project file of the sample, for coverage of a day such as ``2026-10-31``."""
    return Template(file_text("sample-project.txt")).substitute(_words(), vintage=vintage)


def readme_text() -> str:
    """Give the README of the sample."""
    return Template(file_text("sample-readme.txt")).substitute(_words())


def _words() -> dict[str, str]:
    return {
        "first_line": FIRST_LINE,
        "notice_vi": NOTICE_VI,
        "notice_en": NOTICE_EN,
        "star": STAR,
        "wave": WAVE,
        "cable": CABLE,
        "left_out": LEFT_OUT.code,
        "fibre_reach_m": str(FIBRE_REACH_M),
    }
