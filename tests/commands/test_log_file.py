"""The log file, and where it lies."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from blackspot.commands.log_file import open_log

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_log_moves_to_the_temporary_folder_where_the_home_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service account without a home can still run; what others have prepared there is not written into."""
    (tmp_path / "state").write_text("a file, not a folder", encoding="utf-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = {name: list(logging.getLogger(name).handlers) for name in ("blackspot", "py.warnings")}
    try:
        folder = tmp_path / f"blackspot-log-{os.geteuid()}"
        assert folder / "blackspot.log" == open_log()
        assert 0o700 == folder.stat().st_mode & 0o777
        folder.rmdir()
        folder.symlink_to(tmp_path)  # prepared by somebody else
        assert open_log().parent not in (folder, tmp_path)
        folder.unlink()
        folder.mkdir()
        folder.chmod(0o777)
        assert folder != open_log().parent
    finally:
        logging.captureWarnings(capture=False)
        for name, handlers in before.items():
            logger = logging.getLogger(name)
            for handler in set(logger.handlers) - set(handlers):
                logger.removeHandler(handler)
                handler.close()
