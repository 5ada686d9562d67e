"""Pictures of printed pages: read, made smaller, found in each other, and their colours as a grey print shows them."""

from __future__ import annotations

import base64
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.float64]

DPI = 96.0  # a pixel of the sheet's own layout, so that pixels of both pictures can be compared


def picture(address: str) -> Pixels:
    """Read a picture from a data: address."""
    content = base64.b64decode(address.split(",", 1)[1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # a picture lies nowhere
        with MemoryFile(content) as file, file.open() as source:
            return np.moveaxis(source.read([1, 2, 3]), 0, -1).astype(np.float64)


def resized(pixels: Pixels, width: int, height: int) -> Pixels:
    """Average a picture down to a size."""
    sums = np.zeros((height, width, 3))
    rows = np.arange(pixels.shape[0]) * height // pixels.shape[0]
    columns = np.arange(pixels.shape[1]) * width // pixels.shape[1]
    counts = np.zeros((height, width, 1))
    np.add.at(sums, (rows[:, None], columns[None, :]), pixels)
    np.add.at(counts, (rows[:, None], columns[None, :]), 1.0)
    return sums / counts


def place_of(part: Pixels, whole: Pixels) -> tuple[int, int]:
    """Find where a picture lies in a larger one, by correlation: left, top."""
    dark, ground = (255 - one.mean(axis=-1) for one in (part, whole))
    shape = (ground.shape[0] + dark.shape[0], ground.shape[1] + dark.shape[1])

    def swept(pattern: NDArray[np.float64]) -> NDArray[np.float64]:
        product = np.fft.rfft2(ground, shape) * np.conj(np.fft.rfft2(pattern, shape))
        return np.fft.irfft2(product, shape)[: ground.shape[0], : ground.shape[1]]

    top, left = np.unravel_index(np.argmax(swept(dark - dark.mean())), ground.shape)
    return int(left), int(top)


def lightness(colour: Any) -> float:
    """CIE L* of an sRGB colour, as a grey print shows it."""
    linear = [
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in (c / 255 for c in colour)
    ]
    y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return float(116 * y ** (1 / 3) - 16 if y > 216 / 24389 else 24389 / 27 * y)


def parsed(colour: str) -> tuple[int, ...]:
    """Read #rrggbb."""
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
