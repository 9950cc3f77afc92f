"""Further programs, each in an environment of its own that is made when it is first needed.

None is a crawler and an archive at once; what each leaves out stands beside it.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cpu import Cost
from benchmarks.speed.crawls import Run
from benchmarks.speed.measure import PEERS, SpeedFailed, cost_of
from benchmarks.speed.polls import READER, Command

ENVIRONMENTS = Path.home() / ".cache" / "broadsheet-benchmarks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """`packages` as pip takes them; `script` in benchmarks/speed/peers: PORT HOSTS PAGES OUT, and
    of one that polls PORT HOSTS INTERVAL_S WHAT."""

    name: str
    packages: tuple[str, ...]
    script: str

    def python(self) -> Path:
        """The environment's interpreter; installed from PyPI where there is none yet."""
        folder = ENVIRONMENTS / self.name
        ready = folder / ".ready"
        if not ready.exists():
            subprocess.run([sys.executable, "-P", "-m", "venv", "--clear", str(folder)], check=True)
            pip = [str(folder / "bin" / "python"), "-P", "-m", "pip", "install", "--quiet"]
            subprocess.run([*pip, *self.packages, "feedparser"], check=True)
            ready.touch()
        return folder / "bin" / "python"

    def command(self) -> list[str]:
        return [str(self.python()), str(PEERS / self.script)]  # its folder: addresses.py

    def run(self, folder: Path, port: int, hosts: int, pages: int) -> Cost:
        out = folder / "out.jl"
        numbers = [str(number) for number in (port, hosts, pages)]
        found = cost_of([*self.command(), *numbers, str(out)], folder / "log")
        written = sum(1 for _ in out.open("rb"))
        if written < 0.9 * hosts * pages:
            raise SpeedFailed(f"{self.name}: {written} lines of {hosts * pages}; see {folder}")
        return found


OTHERS: dict[str, Run] = {
    peer.name: peer.run
    for peer in (
        # on pages that were fetched before, one after the other; no feeds, archive, robots.txt
        Peer(
            name="trafilatura CLI",
            packages=("trafilatura", "lxml_html_clean"),
            script="trafilatura_cli.py",
        ),
        # one article after the other, as its `Article` does; images and language, no archive
        Peer(
            name="newspaper4k",
            packages=("newspaper4k[zh]", "lxml_html_clean"),
            script="newspaper_pages.py",
        ),
        # its library on pages that it fetches itself; its own crawler writes JSON files, too
        Peer(
            name="news-please",
            packages=("news-please", "newspaper4k[zh]"),
            script="newsplease_pages.py",
        ),
        # a parser written for these sites, as it has one for each of its outlets: no search for the
        # text; feeds, a thread a host, no archive
        Peer(name="Fundus", packages=("fundus", "curl_cffi<0.16"), script="fundus_pages.py"),
    )
}

POLLERS: dict[str, Command] = {
    # an archive of feed items in SQLite; one feed after the other, no pages
    READER: Peer(name="reader", packages=("reader", "sgmllib3k"), script="reader_polls.py").command,
}
