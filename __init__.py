"""Digital coverage gaps: who is covered by what, commune by commune."""

from importlib.metadata import version

__version__ = version("blackspot")
