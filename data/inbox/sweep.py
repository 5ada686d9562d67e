"""Taking what is whole out of the drop folder: archived, matched by its name, and told; the rest stays where it is."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..disk.atomic import reason_of
from ..disk.copying import ChangedError
from ..disk.hashing import input_file
from ..submissions.versions import identity
from ..text.sentences import phrase
from .completeness import lacks, may_grow
from .drop_folder import MAIN_ENDINGS, Dropped, look_into
from .naming import Naming

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..findings.collector import Findings
    from ..project.models import SubmissionSource
    from ..project.sections.unattended import InboxSource
    from ..text.sentences import Phrase
    from .archive import Archive
    from .naming import Named

BETWEEN_LOOKS_S = 1.0
"""Seconds between two looks at what is about to be taken; a copy that is going on writes more often."""
_LONGER = 10  # times the minimum age, for a file that may grow although it is whole as it stands
_DAYS_AHEAD = 1  # the date of a sender east of here


@dataclass(frozen=True, slots=True)
class Clock:
    """The time, and waiting for it.

    Attributes
    ----------
    now
        Seconds since 1970.
    sleep
        Waits for so many seconds.
    """

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Sweep:
    """One sweep of the drop folder; the caller holds the output folder.

    Attributes
    ----------
    inbox
        The inbox, as the project file says it.
    sources
        The submissions of the project.
    archive
        Where deliveries go.
    findings
        Told what became of every file.
    clock
        The time.
    """

    inbox: InboxSource
    sources: Sequence[SubmissionSource]
    archive: Archive
    findings: Findings
    clock: Clock = field(default_factory=Clock)

    def run(self) -> None:
        """Take what is whole, and tell of the rest.

        Raises
        ------
        WorkplaceError
            The archive cannot be written, or a disk failed.
        """
        try:
            found = look_into(self.inbox.path)
        except OSError as error:
            reason = reason_of(self.inbox.path, error)
            self.findings.add("inbox.missing", file=self.inbox.path, reason=reason)
            return
        for path in found.strange:
            self.findings.add("inbox.not-a-file", file=path)
        for path in found.unreadable:
            self._tell_misnamed(Dropped(path))
        for dropped in found.unfinished:
            self._leave(dropped, phrase("half-temporary"))
        whole = [dropped for dropped in found.deliveries if self._is_whole(dropped)]
        if whole:
            self.clock.sleep(BETWEEN_LOOKS_S)
        for dropped in whole:
            self._take(dropped)

    def _is_whole(self, dropped: Dropped) -> bool:
        """Say whether a delivery has been left alone for long enough, and lacks nothing; the others are told."""
        age_s = self.clock.now() - dropped.left_alone_since_s
        lacking: Phrase | None
        try:
            if dropped.is_alone:
                lacking = phrase("half-main")
            elif age_s < self.inbox.minimum_age_s:
                lacking = phrase("half-young", seconds=max(age_s, 0.0))
            else:
                lacking = lacks(dropped.main, dropped.beside)
                if lacking is None and age_s < _LONGER * self.inbox.minimum_age_s:
                    lacking = phrase("half-more") if may_grow(dropped.main, dropped.beside) else None
        except OSError as error:
            lacking = phrase("half-unreadable", reason=reason_of(dropped.main, error))
        if lacking is not None:
            self._leave(dropped, lacking)
        return lacking is None

    def _take(self, dropped: Dropped) -> None:
        """Archive a delivery that was whole at the first look, or say why not."""
        try:
            if not dropped.is_as_seen():
                raise ChangedError(0, "changed between two looks", str(dropped.main))  # noqa: TRY301 - as the copy does
            named = Naming(self.inbox.pattern, self.sources).read(dropped.main.stem)
            source = named.sources[0] if named is not None and len(named.sources) == 1 else None
            sha256 = ""
            if source is not None or self.archive.has_size(dropped.size):
                sha256 = input_file("", dropped.main).sha256
            if self._is_known(dropped, sha256, source):
                return
            if named is None or source is None:
                self._tell_misnamed(dropped, named)
            elif named.date > self._today() + dt.timedelta(days=_DAYS_AHEAD):
                self.findings.add("inbox.future-date", file=dropped.main, date=named.date.isoformat())
            else:
                self._keep(dropped, source, named.date, sha256)
        except ChangedError:
            self._leave(dropped, phrase("half-growing"))
        except OSError as error:
            self._leave(dropped, phrase("half-unreadable", reason=reason_of(dropped.main, error)))

    def _is_known(self, dropped: Dropped, sha256: str, source: SubmissionSource | None) -> bool:
        """Say whether the archive has this content already, for this submission or, where the name fits none, for any."""
        whose = None if source is None else identity(source)
        known = [
            kept
            for kept in self.archive.of_content(sha256)
            if whose in {None, kept.record.of} and kept.is_whole()
        ]
        if not known:
            return False
        record = known[-1].record
        self.findings.add("inbox.known", file=dropped.main, name=record.file, date=record.date.isoformat())
        self._let_go(dropped)
        return True

    def _keep(self, dropped: Dropped, source: SubmissionSource, date: dt.date, sha256: str) -> None:
        """Archive a delivery, let its files go, and say what it is used for."""
        before = self._latest(source)
        received = dt.datetime.fromtimestamp(self.clock.now(), dt.UTC).isoformat(timespec="seconds")
        self.archive.add(dropped, identity(source), date, sha256, received)
        self._let_go(dropped)
        words: dict[str, Any] = {
            "operator": source.operator,
            "service": source.service,
            "date": date.isoformat(),
        }
        if before is not None and date < before:
            self.findings.add("inbox.older", file=dropped.main, used=before.isoformat(), **words)
        else:
            self.findings.add("inbox.taken", file=dropped.main, **words)

    def _let_go(self, dropped: Dropped) -> None:
        """Remove a delivery that is in the archive from the drop folder."""
        if not dropped.let_go():
            self.findings.add("inbox.stays", file=dropped.main)

    def _latest(self, source: SubmissionSource) -> dt.date | None:
        """Give the day of the data in use so far: of the newest delivery, or of the file that the project names."""
        days = [kept.record.date for kept in self.archive.deliveries if kept.record.of == identity(source)]
        return max([*days, *([source.vintage] if source.vintage else [])], default=None)

    def _tell_misnamed(self, dropped: Dropped, named: Named | None = None) -> None:
        """Say how a file should be called; it stays where it is."""
        naming = Naming(self.inbox.pattern, self.sources)
        ending = dropped.main.suffix.lower()
        example = f"{naming.example(self.sources[0])}{ending if ending in MAIN_ENDINGS else '.gpkg'}"
        if named is None:
            self.findings.add("inbox.unmatched-name", file=dropped.main, example=example)
            return
        if named.sources:
            self.findings.add("inbox.several-submissions", file=dropped.main, count=len(named.sources))
            return
        names = sorted({naming.example(source) for source in self.sources})
        self.findings.add("inbox.unknown-submission", file=dropped.main, names=names)

    def _leave(self, dropped: Dropped, lacking: Phrase) -> None:
        """Tell that a file stays for the next time: a note, or once it is overdue a warning."""
        if self.clock.now() - dropped.left_alone_since_s < self.inbox.overdue_s:
            self.findings.add("inbox.waiting", file=dropped.main, reason=lacking)
        else:
            self.findings.add("inbox.half-file", file=dropped.main, reason=lacking)

    def _today(self) -> dt.date:
        return dt.datetime.fromtimestamp(self.clock.now(), dt.UTC).date()
