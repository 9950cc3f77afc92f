"""What holds for every test: no network but loopback, and no deadline on a busy machine."""

from __future__ import annotations

import ipaddress
import os
import signal
import sys

from hypothesis import settings

settings.register_profile("broadsheet", deadline=None)
settings.load_profile("broadsheet")

# The suite starts hundreds of processes of ours: without bytecode on disk each compiles all modules
# anew (0.3 s of CPU), and each of pytest's workers rewrites the assertions of all tests (8 s).
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# A suite in a shell's background is deaf to Ctrl-C, and so would be all that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

_HOST_AT = {"socket.connect": 1, "socket.sendto": 1, "socket.getaddrinfo": 0}


def _stay_on_loopback(event: str, args: tuple[object, ...]) -> None:
    """Fail as an unplugged machine would, whichever library opens the connection."""
    if event in _HOST_AT:
        target = args[_HOST_AT[event]]
        host = target[0] if isinstance(target, tuple) else target
        if isinstance(target, tuple) or event == "socket.getaddrinfo":
            name = host.decode() if isinstance(host, bytes) else host
            if isinstance(name, str) and not _is_loopback(name):
                raise OSError(f"tests stay on loopback: {name}")


def _is_loopback(name: str) -> bool:
    try:
        ip = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return name in ("", "localhost")
    return ip.is_loopback or ip.is_unspecified


sys.addaudithook(_stay_on_loopback)
