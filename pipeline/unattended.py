"""A run that nobody watches: what the inbox brought, the log with its times, and the hook that is told the end."""

# ruff: noqa: PLC0415 - a project without an inbox loads nothing of it

from __future__ import annotations

import logging
import os
import traceback
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

from ..data.findings.collector import Findings
from ..data.reporting.hook import INSIDE, tell
from ..data.reporting.run_log import RunLog
from ..errors import BUG, INTERRUPTED, TERMINATED, BlackspotError, exit_code, note_published, published_before
from ..maps.summary.as_json import as_json, failed_facts, run_facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from ..data.project.models import Project
    from ..errors import Finding
    from ..maps.summary.report import RunReport

log = logging.getLogger("blackspot")


@dataclass(frozen=True, slots=True)
class Taken:
    """A project with the newest deliveries of its inbox.

    Attributes
    ----------
    project
        Its submissions name these deliveries.
    told
        What became of the files in the inbox. It belongs to this moment and to no run: the same deliveries give the
        same run, whatever else lay in the inbox.
    doubted
        What there is to say about deliveries that are used, for the run.
    doubts
        Path of a submission's file to the codes for which it may not be used.
    of_series
        False for a variant.
    """

    project: Project
    told: tuple[Finding, ...] = ()
    doubted: tuple[Finding, ...] = ()
    doubts: Mapping[Path, tuple[str, ...]] = field(default_factory=dict)
    of_series: bool = True

    @property
    def messages(self) -> list[str]:
        """What somebody has to look at in the inbox, one sentence each."""
        return [finding.sentence() for finding in self.told if finding.severity != "note"]

    def reported(self, report: RunReport) -> RunReport:
        """Add what was told of the inbox to what a run has to say."""
        together = Findings()
        together.extend(self.told)
        together.extend(report.findings)
        return replace(report, findings=together.items) if self.told else report

    def note_refused(self, report: RunReport) -> None:
        """Note in the archive which deliveries the run has refused; nothing may fail any more.

        A variant notes nothing, since its rules are others, and what is lost says nothing about what was handed in.
        """
        inbox = self.project.inbox
        if inbox is None or not self.of_series:
            return
        from ..data.inbox.archive import note_refused

        for entry in report.submissions:
            path = (self.project.folder / entry.path).resolve()
            codes = tuple(code for code in entry.refused if not code.startswith("inbox."))
            is_lost = "inbox.archive-damaged" in entry.refused
            if codes and not is_lost and path.is_relative_to(inbox.archive.resolve()):
                try:
                    note_refused(path, codes, report.run_id)
                except OSError as error:
                    log.warning("%s", error)


def take_inbox(project: Project, *, sweeping: bool) -> Taken:
    """Take what is whole out of the inbox, and let the submissions name their newest deliveries.

    Parameters
    ----------
    project
        The project file.
    sweeping
        False for a variant: it uses what the series has, and takes nothing.

    Raises
    ------
    WorkplaceError
        The archive cannot be read or written.
    """
    inbox = project.inbox
    if inbox is None:
        return Taken(project)
    from ..data.inbox.archive import Archive
    from ..data.inbox.newest import with_newest
    from ..data.inbox.sweep import Sweep

    told, doubted = (Findings(project.folder, project.checks.accept) for _ in range(2))
    archive = Archive.at(inbox.archive)
    if sweeping:
        Sweep(inbox, project.submissions, archive, told).run()
    resolved = with_newest(project, archive, doubted)
    return Taken(resolved.project, told.items, doubted.items, resolved.doubts, of_series=sweeping)


class RunObserver:
    """Sees a run from its beginning to its end: keeps its log, and tells the hook; use it in a ``with`` statement.

    Parameters
    ----------
    project
        The project file.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._log: RunLog | None = None
        self._report: RunReport | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._tell_hook(error)
        except BaseException as stopped:
            note_published(stopped, self._report.run_id if self._report and self._report.published else "")
            raise
        finally:
            if self._log is not None:
                logging.getLogger("blackspot").removeHandler(self._log)
                self._log.close()

    @contextmanager
    def recording(self, out: Path) -> Iterator[RunLog]:
        """Keep the log of everything inside, while the output folder is held."""
        from .. import __version__

        self._log = record = RunLog(out)
        logging.getLogger("blackspot").addHandler(record)
        record.write("begin", project=self._project.path.name, version=__version__, process=os.getpid())
        try:
            yield record
        except BaseException as error:
            found: Sequence[Finding] = getattr(error, "findings", ())
            record.findings(found)
            code = _code_of(error)
            more = {"trace": "".join(traceback.format_exception(error))} if code == BUG else {}
            record.end(
                "failed", exit_code=code, run=published_before(error), problems=problems(error), **more
            )
            raise

    def ended(self, report: RunReport) -> None:
        """Note that the run ended well."""
        self._report = report
        if self._log is not None:
            self._log.findings(report.findings)
            kind = report.run_id if report.published else "unchanged"
            self._log.end(kind, exit_code=report.exit_code, run=report.run_id, published=report.published)

    def _tell_hook(self, error: BaseException | None) -> None:
        hook = self._project.hook
        if hook is None or INSIDE in os.environ:
            return
        report = self._report
        if error is None and report is not None:
            code, facts = report.exit_code, run_facts(report, report.exit_code)
        elif error is not None:
            code = _code_of(error)
            facts = failed_facts(code, error, problems(error))
        else:
            return
        out = self._project.project.out
        words = {
            "BLACKSPOT_EXIT_CODE": str(code),
            "BLACKSPOT_OUT": str(out),
            "BLACKSPOT_PROJECT": str(self._project.path),
            "BLACKSPOT_RUN": report.run_id if report is not None else "",
        }
        told = tell(
            hook.command, as_json(facts) + "\n", words, folder=self._project.folder, timeout_s=hook.timeout_s
        )
        if self._log is not None:
            self._log.write(
                "hook", took=round(told.seconds, 3), problem=told.problem, output=told.output.splitlines()
            )
        if told.problem:
            log.warning("The hook %s %s; the run is what it is.", hook.command[0], told.problem)


def problems(error: BaseException) -> list[str]:
    """Say in English what stopped a run, one sentence per problem."""
    if isinstance(error, BlackspotError):
        return str(error).splitlines()
    return [type(error).__name__ if not str(error) else f"{type(error).__name__}: {error}"]


def _code_of(error: BaseException) -> int:
    """Give the exit code with which the program will end."""
    if isinstance(error, Exception):
        return exit_code(error)
    return INTERRUPTED if isinstance(error, KeyboardInterrupt) else TERMINATED
