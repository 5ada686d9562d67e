"""The log: everything into a file that keeps to a small size, and to the screen what was asked for."""

from __future__ import annotations

import contextlib
import logging.handlers
import os
import stat
import tempfile
from pathlib import Path

import click

from ..data.text.safe import printable
from ..data.text.sentences import Spoken, spoken
from ..data.text.wording import severity_name
from .defaults import default_language

_SCREEN = "screen"


def open_log() -> Path:
    """Start logging of this process.

    Traces go to the file only. Warnings of libraries go there, too: they are for whoever mends the
    program, not for planners.

    Returns
    -------
    Path
        The log file, in the user's state folder or, where that cannot be written, in a folder of the user's
        own in the folder for temporary files. It comes into being with the first message.
    """
    path = _folder() / "blackspot.log"
    file = logging.handlers.RotatingFileHandler(
        path, maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True
    )
    file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    screen = _Screen()
    screen.set_name(_SCREEN)
    screen.addFilter(lambda record: record.exc_info is None)
    logger = logging.getLogger("blackspot")
    logger.setLevel(logging.DEBUG)
    logger.addHandler(file)
    logger.addHandler(screen)
    set_screen_level(0)
    logging.captureWarnings(capture=True)
    logging.getLogger("py.warnings").addHandler(file)
    return path


def set_screen_level(verbosity: int) -> None:
    """Choose what the screen shows: 0 warnings, 1 information, 2 everything, -1 only errors."""
    for handler in logging.getLogger("blackspot").handlers:
        if handler.get_name() == _SCREEN:
            handler.setLevel(max(logging.DEBUG, logging.WARNING - 10 * verbosity))


def set_screen_language(language: str) -> None:
    """Choose the language of the screen, vi or en; the file stays in English."""
    for handler in logging.getLogger("blackspot").handlers:
        if isinstance(handler, _Screen):
            handler.language = language


class _Screen(logging.Handler):
    """Says messages on standard error, as it is at that moment: above a bar where there is one."""

    language = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Say one message on one line, in the language of the screen as far as it is known in it."""
        try:
            language = self.language or default_language()
            words = spoken(record.msg, language) if isinstance(record.msg, Spoken) else record.getMessage()
            about = f"{severity_name('warning', language)}: " if record.levelno >= logging.WARNING else ""
            click.echo(f"{about}{printable(' '.join(words.split()))}", err=True)
        except Exception:  # noqa: BLE001 - as every handler: a message that cannot be shown stops nothing
            self.handleError(record)


def _folder() -> Path:
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "blackspot"
    try:
        state.mkdir(parents=True, exist_ok=True)
    except OSError:
        return _own_temporary_folder()
    return state if os.access(state, os.W_OK) else _own_temporary_folder()


def _own_temporary_folder() -> Path:
    """Give a folder that nobody else can write into or has prepared: there may be links under any name one expects."""
    folder = Path(tempfile.gettempdir(), f"blackspot-log-{os.geteuid()}")
    with contextlib.suppress(FileExistsError):
        folder.mkdir(0o700)
    found = folder.lstat()
    if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022:
        return folder
    return Path(tempfile.mkdtemp(prefix="blackspot-log-"))
