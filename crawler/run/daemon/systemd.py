"""The service manager's notifications, sd_notify(3): ready, reloading, alive, stopping."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping


class ServiceManager:
    """Tells whatever set NOTIFY_SOCKET; without it nothing is sent.

    `watchdog_s` is how long it waits for a sign of life; None when it doesn't.
    """

    def __init__(self, environ: Mapping[str, str]):
        address = environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self.watchdog_s: float | None = None
        if environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid()):
            self.watchdog_s = int(environ.get("WATCHDOG_USEC", "0")) / 1e6 or None

    def ready(self, status: str) -> None:
        self._tell("READY=1", f"STATUS={status}")

    def reloading(self) -> None:
        # Type=notify-reload asks for the moment, Type=notify ignores it
        self._tell("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def alive(self) -> None:
        self._tell("WATCHDOG=1")

    def status(self, words: str) -> None:
        self._tell(f"STATUS={words}")

    def stopping(self, status: str) -> None:
        self._tell("STOPPING=1", f"STATUS={status}")

    def _tell(self, *fields: str) -> None:
        if not self._address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            try:
                sender.sendto("\n".join(fields).encode(), self._address)
            except OSError:  # a manager that went away must not end the service
                return
