"""The log file, and where it lies."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from blackspot.commands.log_file import open_log

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_log_moves_to_the_temporary_folder_where_the_home_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service account without a home can still run."""
    (tmp_path / "state").write_text("a file, not a folder", encoding="utf-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = {name: list(logging.getLogger(name).handlers) for name in ("blackspot", "py.warnings")}
    try:
        assert open_log() == tmp_path / "blackspot.log"
    finally:
        logging.captureWarnings(capture=False)
        for name, handlers in before.items():
            logger = logging.getLogger(name)
            for handler in set(logger.handlers) - set(handlers):
                logger.removeHandler(handler)
                handler.close()
