"""Placeholder until the real table arrives."""

from .rule import Rule

RULES: dict[str, Rule] = {}
