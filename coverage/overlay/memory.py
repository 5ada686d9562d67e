"""Memory that is no longer needed goes back to the system."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Return what was freed, as far as the C library can (glibc does so by itself at the heap's end only).

    After millions of small objects, or arrays of a few megabytes, most freed memory lies between what is
    still used: without this a run holds it to its end.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # not every C library has it
        if trim is not None:
            trim(0)
