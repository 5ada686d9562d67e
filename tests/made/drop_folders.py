"""Drop folders with a clock of their own: files appear, grow and rest while a sweep looks at them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from blackspot.data.findings.collector import Findings
from blackspot.data.inbox.archive import Archive
from blackspot.data.inbox.sweep import Clock, Sweep
from blackspot.data.project.models import SubmissionSource
from blackspot.data.project.sections.unattended import InboxSource

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TEXT = '{"type": "FeatureCollection", "features": []}\n'
"""A whole file of coverage, as far as anybody looks here."""
NAME = "sao_mai_5g_2026-10-31.geojson"
MINIMUM_AGE_S, OVERDUE_S = 60.0, 3600.0
SOURCES = tuple(
    SubmissionSource(operator=operator, service="5g", path=Path("/x/a.gpkg"))
    for operator in ("Sao Mai", "Hải Đăng")
)


@dataclass
class Inbox:
    """A drop folder and an archive; the files in it were left alone for so many seconds.

    ``between_looks`` is called instead of waiting between two looks.
    """

    place: Path
    age_s: float = 2 * MINIMUM_AGE_S
    sources: Sequence[SubmissionSource] = SOURCES
    between_looks: Callable[[], object] = lambda: None
    waited: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.drop.mkdir(exist_ok=True)

    @property
    def drop(self) -> Path:
        return self.place / "drop"

    @property
    def source(self) -> InboxSource:
        return InboxSource(
            path=self.drop,
            archive=self.place / "archive",
            minimum_age_s=MINIMUM_AGE_S,
            overdue_s=OVERDUE_S,
        )

    @property
    def archive(self) -> Archive:
        return Archive.at(self.place / "archive")

    def put(self, name: str = NAME, text: str = TEXT) -> Path:
        path = self.drop / name
        path.write_text(text, encoding="utf-8")
        return path

    def sweep(self) -> list[tuple[str, str]]:
        """Sweep once; gives code and file of every finding."""

        def sleep(seconds: float) -> None:
            self.waited.append(seconds)
            self.between_looks()

        findings = Findings(self.place)
        clock = Clock(lambda: time.time() + self.age_s, sleep)
        Sweep(self.source, self.sources, self.archive, findings, clock).run()
        return [
            (item.code.removeprefix("inbox."), item.file.removeprefix("drop/")) for item in findings.items
        ]

    def said(self) -> list[str]:
        """Sweep once; gives the English words of every finding."""
        findings = Findings(self.place)
        Sweep(
            self.source, self.sources, self.archive, findings, Clock(lambda: time.time() + self.age_s)
        ).run()
        return [item.sentence() for item in findings.items]

    def left(self) -> list[str]:
        """Names that lie in the drop folder."""
        return sorted(path.name for path in self.drop.iterdir())

    def kept(self) -> list[str]:
        """Names of the archived main files, as they came."""
        return [one.record.file for one in self.archive.deliveries]
