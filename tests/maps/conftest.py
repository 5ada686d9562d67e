"""The pages of a small made-up country."""

from __future__ import annotations

from page_country import country, hostile, hostile_page, hostile_texts, pages

__all__ = ["country", "hostile", "hostile_page", "hostile_texts", "pages"]  # fixtures of this folder
