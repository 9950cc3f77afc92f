"""trafilatura's own command on pages that are fetched before, one after the other (it asks no
address of a private network itself): `python trafilatura_cli.py PORT HOSTS PAGES OUT`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from addresses import addresses


def main() -> None:
    port, hosts, pages = (int(word) for word in sys.argv[1:4])
    command = [str(Path(sys.executable).with_name("trafilatura")), "--json", "--with-metadata"]
    with tempfile.TemporaryDirectory() as folder, Path(sys.argv[4]).open("w") as out:
        fetched, made = Path(folder, "pages"), Path(folder, "made")
        fetched.mkdir()
        for number, url in enumerate(addresses(port, hosts, pages)):
            with urllib.request.urlopen(url) as answer:
                (fetched / f"{number}.html").write_bytes(answer.read())
        folders = ["--input-dir", str(fetched), "--output-dir", str(made)]
        subprocess.run([*command, *folders, "--parallel", "2"], check=True)
        for file in made.rglob("*.json"):
            out.write(file.read_text().replace("\n", " ") + "\n")


if __name__ == "__main__":
    main()
