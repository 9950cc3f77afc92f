"""`python -P -m …site --port 0 [--now ISO]`: print one JSON line, serve until stopped."""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import sys
from datetime import UTC, datetime

from .newsroom import Newsroom
from .outlets import HOSTS
from .server import start_servers


def main() -> None:
    options = _parse_options()
    newsroom = Newsroom(start=options.now or datetime.now(UTC).replace(second=0, microsecond=0))
    start_servers(newsroom, options.port)
    line = {"port": newsroom.port, "hosts": HOSTS, "start": newsroom.start.isoformat()}
    print(json.dumps(line), flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with contextlib.suppress(KeyboardInterrupt):
        if options.with_parent:
            sys.stdin.buffer.read()  # ends when the process that started us does
        else:
            signal.pause()


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A news web on loopback, for demo and tests.")
    parser.add_argument("--port", type=int, default=0, help="0 chooses a free one")
    parser.add_argument("--now", type=_moment, help="the site's start, ISO 8601; default: now")
    parser.add_argument("--with-parent", action="store_true", help="stop when stdin closes")
    return parser.parse_args()


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    main()
