"""trafilatura's own command: `python trafilatura_cli.py PORT HOSTS PAGES OUT`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from addresses import addresses


def main() -> None:
    port, hosts, pages = (int(word) for word in sys.argv[1:4])
    out = Path(sys.argv[4])
    listed = out.with_suffix(".txt")
    listed.write_text("\n".join(addresses(port, hosts, pages)) + "\n")
    command = [str(Path(sys.executable).with_name("trafilatura"))]
    with out.open("w") as written:
        subprocess.run(
            [*command, "-i", str(listed), "--json", "--with-metadata", "--parallel", "2"],
            stdout=written,
            check=True,
        )


if __name__ == "__main__":
    main()
