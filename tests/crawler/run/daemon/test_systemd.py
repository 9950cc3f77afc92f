"""What the service manager is told: sd_notify(3) over a real socket."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.run.daemon.systemd import ServiceManager


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(5)
        yield manager


def _hear(manager: socket.socket) -> str:
    return manager.recv(4096).decode()


def test_each_state_is_one_message(listening: socket.socket) -> None:
    manager = ServiceManager({"NOTIFY_SOCKET": listening.getsockname()})
    manager.ready("3 sources on schedule")
    assert _hear(listening) == "READY=1\nSTATUS=3 sources on schedule"
    manager.reloading()
    assert re.fullmatch(r"RELOADING=1\nMONOTONIC_USEC=\d+", _hear(listening))
    manager.alive()
    assert _hear(listening) == "WATCHDOG=1"
    manager.stopping("bye")
    assert _hear(listening) == "STOPPING=1\nSTATUS=bye"


def test_an_abstract_address_begins_with_an_at_sign() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0broadsheet-{os.getpid()}")
        listening.settimeout(5)
        ServiceManager({"NOTIFY_SOCKET": f"@broadsheet-{os.getpid()}"}).alive()
        assert _hear(listening) == "WATCHDOG=1"


def test_without_a_manager_or_with_one_that_went_nothing_happens(tmp_path: Path) -> None:
    ServiceManager({}).alive()
    ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "gone")}).alive()


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "120000000"}, 120.0),
        ({"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": "1"}, None),
    ],
)
def test_the_watchdog_waits_for_the_process_that_it_names(
    environ: dict[str, str], seconds: float | None
) -> None:
    assert ServiceManager(environ).watchdog_s == seconds
