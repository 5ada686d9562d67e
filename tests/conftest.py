"""What every test gets: no network, a fixed hypothesis profile, the real inputs where they are."""

from __future__ import annotations

import ipaddress
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

REPOSITORY = Path(__file__).resolve().parents[1]

hypothesis.settings.register_profile("local", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "local")


LONG = ("national", "corruptions", "checking", "browser")
"""Words in the names of files that take minutes; the longest first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, so that at the end no worker waits for one of them alone."""

    def place(item: pytest.Item) -> int:
        file = item.nodeid.partition("::")[0]
        return next((at for at, word in enumerate(LONG) if word in file), len(LONG))

    items.sort(key=place)


class NetworkRefusedError(OSError):
    """A test tried to reach another machine."""


def _is_here(address: Any) -> bool:
    """Say whether a socket address is this machine (a local socket file, or a loopback address)."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in {"localhost", ""}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine."""

    def guarded(real: Callable[..., Any]) -> Callable[..., Any]:
        def connect(self: socket.socket, address: Any) -> Any:
            if not _is_here(address):
                raise NetworkRefusedError(f"a test tried to reach {address}")
            return real(self, address)

        return connect

    monkeypatch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of third-party inputs; the test is skipped where it is absent."""
    folder = Path(os.environ.get("BLACKSPOT_REALDATA") or REPOSITORY / ".." / "shared" / "realdata").resolve()
    if not (folder / "vietnam").is_dir():
        pytest.skip(f"no real inputs at {folder}; set BLACKSPOT_REALDATA")
    return folder
