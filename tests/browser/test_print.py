"""The printed sheet as PDF: one page of the right size, map, legend and coverage in their places, readable in grey."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest

from printed_pages import DPI, lightness, parsed, picture, place_of, resized

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    Visit = Callable[..., Any]
    Pixels = NDArray[np.float64]

OPACITY = 215 / 255  # of coverage
LEAST_STEP = 9.0
"""CIE lightness (0 black, 100 white) between neighbouring classes; about four just noticeable differences."""


class Printed(NamedTuple):
    """A printed sheet: the PDF's page as pixels (DPI), its size in mm, its words, and the composed canvas alone."""

    pixels: Pixels
    size_mm: tuple[int, int]
    pages: int
    words: str
    canvas: Pixels
    left: int
    top: int


def printed(
    visit: Visit, page: Path, address: str, paper: str = "A4", turn: str = "tall"
) -> tuple[Any, Printed]:
    """Open the preview, print it, and find the canvas on the paper."""
    pdfium = pytest.importorskip("pypdfium2")
    visitor = visit(page, address)
    visitor.page.click("#do-print")
    visitor.page.select_option("#paper", paper)
    visitor.page.select_option("#turn", turn)
    canvas = picture(
        visitor.page.evaluate("() => document.querySelector('#preview canvas').toDataURL('image/png')")
    )
    width, height = visitor.page.evaluate("() => [BS.lastSheet.width, BS.lastSheet.height]")
    document = pdfium.PdfDocument(visitor.page.pdf(prefer_css_page_size=True, print_background=True))
    sheet = document[0]
    pixels = sheet.render(scale=DPI / 72).to_numpy()[:, :, 2::-1].astype(np.float64)
    size = tuple(round(side / 72 * 25.4) for side in sheet.get_size())
    words, pages = sheet.get_textpage().get_text_range(), len(document)
    document.close()
    small = resized(canvas, round(width), round(height))
    left, top = place_of(small, pixels)
    return visitor.page, Printed(pixels, (size[0], size[1]), pages, words, small, left, top)


@pytest.fixture(scope="module")
def plain(opened_once: Visit, pages: Path) -> tuple[Any, Printed]:
    """The sheet as the page opens, without black spots; nobody changes its page."""
    return printed(opened_once, pages / "map.html", "#s=0")


@pytest.mark.parametrize(
    ("paper", "turn", "size"),
    [
        ("A4", "tall", (210, 297)),
        pytest.param("A4", "wide", (297, 210), marks=pytest.mark.slow),
        pytest.param("A3", "tall", (297, 420), marks=pytest.mark.slow),
        pytest.param("A3", "wide", (420, 297), marks=pytest.mark.slow),
    ],
)
def test_the_sheet_is_one_page_with_the_whole_map_in_its_place(
    visit: Visit, pages: Path, paper: str, turn: str, size: tuple[int, int]
) -> None:
    """One page; the composed map unshifted and undistorted; title, notice, legend and sources in words."""
    _, sheet = printed(visit, pages / "map.html", "#c=5g&o=sao_mai", paper, turn)
    assert (sheet.size_mm, sheet.pages) == (size, 1)
    for text in ("Bản đồ thử", "DỮ LIỆU MẪU", "Không đủ dữ liệu", "Lưới thử, 2020", "Sao Mai"):
        assert text in " ".join(sheet.words.split())
    height, width = sheet.canvas.shape[:2]
    assert sheet.left + width <= sheet.pixels.shape[1]
    assert sheet.top + height <= sheet.pixels.shape[0]
    margin = 12 / 25.4 * DPI
    assert sheet.left == pytest.approx(margin, abs=2)
    paper_part = sheet.pixels[sheet.top : sheet.top + height, sheet.left : sheet.left + width]
    inner = (slice(4, -4), slice(4, -4))  # the frame around the map is not part of the canvas
    difference = np.abs(paper_part - sheet.canvas)[inner].mean()
    shifted = np.abs(np.roll(paper_part, 2, axis=1) - sheet.canvas)[inner].mean()
    assert difference < 2.5
    assert difference < 0.7 * shifted
    for rows in (slice(4, height // 2), slice(height // 2, height - 4)):
        for columns in (slice(4, width // 2), slice(width // 2, width - 4)):
            assert_in_place(paper_part, sheet.canvas, rows, columns)


def assert_in_place(paper: Pixels, canvas: Pixels, rows: slice, columns: slice) -> None:
    """Check that a part of the map fits best where it is, not three pixels off to any side.

    How much it differs there says nothing: the map may begin at a fraction of a pixel of the paper, every edge is then
    drawn in other shades, and one part of the map has far more edges than another.
    """

    def apart(down: int, across: int) -> float:
        return float(np.abs(np.roll(paper, (down, across), axis=(0, 1)) - canvas)[rows, columns].mean())

    here, off = apart(0, 0), (-3, 0, 3)
    others = [apart(down, across) for down in off for across in off if (down, across) != (0, 0)]
    assert 0 == here or here < min(others)


def test_communes_and_coverage_are_printed_where_they_lie(
    visit: Visit, pages: Path, plain: tuple[Any, Printed]
) -> None:
    """Each commune's point has the colour of its class on the paper; coverage begins at its true edge."""
    page, sheet = plain
    view = page.evaluate(
        "() => ({ scale: BS.lastSheet.scale, left: BS.lastSheet.left, top: BS.lastSheet.top })"
    )
    points = np.array(page.evaluate("() => BS.app.names.wx.map((x, i) => [x, BS.app.names.wy[i]])"))
    kinds = page.evaluate("() => [...BS.app.model.classes(BS.app.state, false)]")
    palette = [parsed(one) for one in page.evaluate("() => BS.colours.steps")]

    def colour(point: Any) -> NDArray[np.float64]:
        x = sheet.left + point[0] * view["scale"] - view["left"]
        y = sheet.top + point[1] * view["scale"] - view["top"]
        return sheet.pixels[round(y), round(x)]

    near = [
        np.abs(colour(point) - palette[kind]).max() <= 6
        for kind, point in zip(kinds[:64], points[:64], strict=True)
        if kind >= 0
    ]
    assert sum(near) >= 0.7 * len(near)  # a label may lie on a point

    page, sheet = printed(visit, pages / "map.html", "#s=0&c=5g&o=sao_mai")
    edge = page.evaluate("() => [BS.worldX(105.4), BS.worldY(15.33)]")
    pixel = 1 / view["scale"]
    inside, outside = (colour((edge[0] + side * 3 * pixel, edge[1])) for side in (-1, 1))
    assert inside[2] > inside[0] + 20  # blue up to 105.4° E
    assert outside[2] < outside[0] + 20


def test_the_legend_stands_outside_the_map_in_the_order_of_the_classes(plain: tuple[Any, Printed]) -> None:
    """Below the map (upright) each class has its swatch, the least first."""
    page, sheet = plain
    below = sheet.pixels[sheet.top + sheet.canvas.shape[0] :]
    rows = []
    for step in page.evaluate("() => BS.colours.steps"):
        found = np.argwhere(np.abs(below - parsed(step)).max(axis=-1) <= 3)
        assert len(found) > 60
        rows.append(np.median(found[:, 0]))
    assert rows == sorted(rows)
    assert all(after - before > 8 for before, after in pairwise(rows))


def test_neighbouring_classes_differ_in_grey(plain: tuple[Any, Printed]) -> None:
    """The scale, and the shades of one, two and three operators, get darker by a clear step each."""
    page, _ = plain
    steps = [lightness(parsed(one)) for one in page.evaluate("() => BS.colours.steps")]
    shades = page.evaluate("() => BS.colours.cover.map((one) => one.match(/[0-9]+/g).map(Number))")
    cover = [lightness(one) for one in shades]
    for scale in (steps, cover):
        assert all(before - after >= LEAST_STEP for before, after in pairwise(scale))
    under = np.asarray(parsed(page.evaluate("() => BS.paler(BS.colours.steps.at(-1), BS.UNDER_COVERAGE)")))
    painted = np.asarray(shades[0]) * OPACITY + under * (1 - OPACITY)
    assert lightness(under) - lightness(painted) >= LEAST_STEP  # the lightest coverage on the darkest class


def test_better_and_worse_differ_in_grey_by_their_hatch(visit: Visit, pages: Path) -> None:
    """The two sides of the change scale are equally dark, so on paper the worse side is hatched, on map and legend."""
    page, sheet = printed(visit, pages / "map.html", "#s=0&t=change")
    view = page.evaluate(
        "() => ({ scale: BS.lastSheet.scale, left: BS.lastSheet.left, top: BS.lastSheet.top })"
    )
    points = np.array(page.evaluate("() => BS.app.names.wx.map((x, i) => [x, BS.app.names.wy[i]])"))
    kinds = np.array(page.evaluate("() => [...BS.app.model.changeClasses(BS.app.state)]"))
    hatched = page.evaluate(
        "() => [...document.querySelectorAll('#preview .sheet-legend .swatch')].map((one) => getComputedStyle(one).backgroundImage !== 'none')"
    )
    assert [False] * 4 + [True] * 3 == hatched[:7]
    grey = sheet.pixels.mean(axis=-1)

    def roughness(chosen: NDArray[np.int64]) -> float:
        found = []
        for point in points[chosen]:
            x = round(sheet.left + point[0] * view["scale"] - view["left"])
            y = round(sheet.top + point[1] * view["scale"] - view["top"])
            found.append(float(grey[y - 6 : y + 7, x - 6 : x + 7].std()))
        return float(np.median(found))

    worse, better = (np.flatnonzero(side) for side in ((kinds > 3), (kinds >= 0) & (kinds < 3)))
    assert min(len(worse), len(better)) >= 5
    assert roughness(worse) > 2 * roughness(better) + 3
