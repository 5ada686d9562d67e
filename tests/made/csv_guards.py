"""The way back from a guarded cell of a CSV file to its text, for proofs that nothing is lost."""

from __future__ import annotations

from blackspot.data.exports.csv_file import GUARD, _starts_formula


def remove_guards(text: str) -> str:
    """Take the apostrophes off that ``guard_formulas`` has put before parts of a text."""
    parts = text.split(";")
    return ";".join(
        part[1:] if part.startswith(GUARD) and _starts_formula(part[1:]) else part for part in parts
    )
