"""Digital coverage gaps: who is covered by what, commune by commune.

The face for Python: :func:`run` carries out a project file, :func:`overlay` counts people from frames and a
raster, :func:`crosswalk` those of older communes in newer ones. They are loaded when they are first asked for, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .pipeline.python import crosswalk, overlay, run

__version__ = version("blackspot")
__all__ = ["__version__", "crosswalk", "overlay", "run"]

if not TYPE_CHECKING:  # a type checker reads the imports above instead, and knows of no other names

    def __getattr__(name: str) -> object:
        """Load a function of the face."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from .pipeline import python  # noqa: PLC0415 - loads geopandas, which most commands never need

        return getattr(python, name)

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
