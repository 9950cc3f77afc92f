"""reader, polling the same addresses at the same pace, into its database:
`python reader_polls.py PORT HOSTS INTERVAL_S once|still`."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from reader import make_reader


def main() -> None:
    port, hosts, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[4]
    pause_s = float(sys.argv[3]) / hosts
    feeds = [f"http://127.2.0.{host + 1}:{port}/reader/{path}" for host in range(hosts)]
    with tempfile.TemporaryDirectory() as folder:
        reader = make_reader(str(Path(folder) / "reader.sqlite"))
        for feed in feeds:
            reader.add_feed(feed)
        due = time.monotonic()
        while True:
            for feed in feeds:
                due += pause_s
                time.sleep(max(0.0, due - time.monotonic()))
                reader.update_feed(feed)


if __name__ == "__main__":
    main()
