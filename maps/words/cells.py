"""Parts of sentences about a row of a table, and its cells."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

from ...data.text.said import Said, plain_template, template
from ...data.text.wording import sentence, service_name
from ...data.text.words import Both

OF_OPERATOR: Final = plain_template(Both("{name} {figure}", "{name} {figure}"))
"""An operator and its figure."""


def tell(key: str, /, **values: object) -> Said:
    """Tell a text of the subject ``explain`` with what fills its slots."""
    return Said(template("explain", key), values)


def tell_sentence(key: str, /, **values: object) -> Said:
    """Tell such a text as a sentence of its own."""
    return Said(template("explain", key), values, sentence)


@lru_cache(maxsize=256)
def service_names(service: str) -> Both:
    """Name a service in both languages."""
    return Both(service_name(service, "vi"), service_name(service, "en"))


def known(value: object) -> bool:
    """Say whether a cell of a table holds something: not None, not NaN, not NA."""
    if isinstance(value, float):
        return not math.isnan(value)
    return value is not None and str(value) != "<NA>"


def real(value: object) -> float:
    """Take a cell of a table as a number."""
    return value if type(value) is float else float(str(value))  # a narrow number of numpy as it is written
