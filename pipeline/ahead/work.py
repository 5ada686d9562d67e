"""A worker burns while files are read, and draws while people are counted; the run finds both by content.

It is nothing but earlier: with one process, in a small country, or where an earlier run kept everything, each thing is made when it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...coverage.burn.grid import Grid
from ...coverage.ground import burn_ahead
from ...coverage.people.assembly import burned
from ...data.worker.worker import Worker
from ...maps.drawn import is_drawn
from ..writing import outline_tolerance_deg

if TYPE_CHECKING:
    from ...coverage.burn.store import SpanStore
    from ...coverage.cache import Keep
    from ...coverage.ground import Ground
    from ...data.country.communes import Communes
    from ...data.country.population import PopulationRaster
    from ...data.project.models import Project
    from ...data.reading import Inputs
    from ...data.submissions.reader import Submission
    from ...data.submissions.versions import Delivery
    from ...data.worker.worker import Job

COMMUNES_OF_A_WORKER = 1000
"""With fewer communes a second process takes longer to start than what it would do."""


@dataclass
class WorkAhead:
    """What was begun, and what must be waited for.

    Parameters
    ----------
    project
        The project file.
    cache
        Where burned and drawn things are kept.
    worker
        Does it; a small country goes on without.
    """

    project: Project
    cache: Keep
    worker: Worker
    _grid: Grid | None = field(default=None, init=False)
    _burning: list[Job[None] | None] = field(default_factory=list, init=False)
    _communes: Job[None] | None = field(default=None, init=False)
    _drawing: Job[None] | None = field(default=None, init=False)

    def has_ground(self, communes: Communes, population: PopulationRaster) -> None:
        """Begin to burn the communes, which have just been read; submissions follow."""
        if len(communes.frame) < COMMUNES_OF_A_WORKER:
            self.worker = Worker()
        if not self.worker.has_process:
            return
        is_again = self.cache.is_filled
        if not is_again or self.project.map.pages != "none":
            self.worker.prepare("blackspot.maps.ahead", "blackspot.data.exports.for_people")
        if not is_again:
            bounds = communes.frame.total_bounds.tolist()
            self._grid = Grid.around(population, bounds, self.project.population.subline_spacing_m)
            store = self.cache.spans(self._grid)
            self._communes = self.worker.start(burn_ahead, communes.frame, self._grid, store)

    def has_delivery(self, delivery: Delivery) -> None:
        """Begin to burn a submission, which has just been read."""
        submission, grid = delivery.submission, self._grid
        begun = None
        if submission is not None and grid is not None:
            begun = self.worker.start(burn_submission, submission, grid, self.cache.spans(grid))
        self._burning.append(begun)

    def wait_for_communes(self) -> None:
        """Wait until the communes are burned."""
        if self._communes is not None:
            self._communes.result()

    def wait_for_delivery(self, number: int) -> None:
        """Wait until a submission is burned, by its place in the project file."""
        begun = self._burning[number] if number < len(self._burning) else None
        if begun is not None:
            begun.result()

    def draw(self, inputs: Inputs, ground: Ground) -> None:
        """Begin to draw what no count decides."""
        pages, tolerance_deg = self.project.map.pages, outline_tolerance_deg(ground.grid)
        kept = self.cache.results
        if not self.worker.has_process or is_drawn(ground.outlines, pages, tolerance_deg, kept):
            return
        from ...maps.ahead import ToDraw, draw_ahead  # noqa: PLC0415 - a run without pages never loads it

        near = None if inputs.neighbours is None else inputs.neighbours.geometry
        communes, former = inputs.communes.frame, inputs.former
        what = ToDraw(communes, inputs.submissions, self.project.profile, near, former, pages, tolerance_deg)
        self._drawing = self.worker.start(draw_ahead, what, kept)

    def wait_for_drawings(self) -> None:
        """Wait until everything is drawn."""
        if self._drawing is not None:
            self._drawing.result()


def burn_submission(submission: Submission, grid: Grid, store: SpanStore) -> None:
    """Burn a submission, and keep its spans.

    Parameters
    ----------
    submission
        What is used of it.
    grid
        The grid of the run.
    store
        Keeps them.
    """
    burned(submission, grid, store)
