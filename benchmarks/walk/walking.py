"""Crawl one feed with one article, and note each call of the product's functions on the way.

The way goes from the feed's request to the Markdown file on disk (the last call of what writes
files), on every thread of the main process; worker processes are left out, and so is the end of the
crawl. Comprehensions, lambdas and modules are no functions.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import FrameType

from benchmarks.walk.site import running
from config.load import load_config
from crawler.fetch.options import Options
from crawler.run.crawling import run_spider

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = tuple(f"{ROOT}/{folder}/" for folder in ("archive", "config", "crawler", "spiders"))
BEFORE_S = 0.05  # of the way that the request takes until it reaches the site
DISK = "archive/files/disk.py"  # its last call syncs the folder that holds the file
_CONFIG = """
[crawl]
contact = "x@example.org"
allow_networks = ["127.0.0.0/8"]
download_delay_s = 0.1
extract_workers = 1

[[source]]
id = "ex"
name = "Example"
url = "{home}/feed"
language = "en"
"""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: when, and of which function in which file."""

    at: float
    file: str
    function: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a way is judged by; a move is a call in another file than the call before it."""

    calls: int
    moves: int
    files: int
    functions: int


def walk() -> list[Call]:
    """Give the calls on the way of one article, in their order."""
    with tempfile.TemporaryDirectory() as folder, running() as site:
        data = Path(folder)
        path = data / "broadsheet.toml"
        path.write_text(_CONFIG.format(home=site.home), encoding="utf-8")
        config = load_config(path)
        options = Options(
            config=config,
            data=data,
            markdown_dir=data / "articles",
            sources=config.enabled(),
            command="walk",
        )
        with noted() as calls:
            run_spider("news", options)
        [_] = data.glob("articles/**/*.md")
        assert site.feed_asked is not None
        begin = site.feed_asked - BEFORE_S
    last = max(number for number, call in enumerate(calls) if call.file == DISK)
    return [call for call in calls[: last + 1] if begin <= call.at]


def figures(way: list[Call]) -> Figures:
    return Figures(
        calls=len(way),
        moves=sum(before.file != after.file for before, after in pairwise(way)),
        files=len({call.file for call in way}),
        functions=len({(call.file, call.function) for call in way}),
    )


@contextmanager
def noted() -> Iterator[list[Call]]:
    """Note each call of a function of the product, on this thread and on those started within."""
    calls: list[Call] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event != "call" or not code.co_filename.startswith(PRODUCT):
            return
        if not code.co_name.startswith("<"):
            file = code.co_filename.removeprefix(f"{ROOT}/")
            calls.append(Call(time.time(), file, code.co_qualname))

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield calls
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]
