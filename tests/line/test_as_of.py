"""The archive as it stood, over crawls of the newsroom that edit, withdraw and copy.

After each crawl `broadsheet backup` is called; at the end every door says of that moment what the
backup of then says: by the Python API, by commands, and by pages over HTTP.
"""

from __future__ import annotations

import http.client
import json
import re
import socket
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from archive.reader import open_archive
from tests.archive.asof.doors import Copy, differences
from tests.line.conftest import Desk, stop, wait_until
from tests.site.demo import demo_config
from tests.site.process import Site, running_site

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

WORDS = ["财政部", "公司", "bank", "correction", "上述数字", "海川"]
_DUE = "UPDATE articles SET next_check = '2020-01-01T00:00:00Z'"
_LAST = "SELECT coalesce(max(seq), 0) FROM changes"
_KINDS = "SELECT DISTINCT kind FROM changes"
# Each is what happens at the outlets before a crawl of the sources that it names.
Step = tuple[Callable[[Site], object], tuple[str, ...]]


def _edit(slug: str, words: str) -> Callable[[Site], object]:
    return lambda site: site.post({"do": "edit", "story": slug, "append": words})


def _told(do: str, slug: str) -> Callable[[Site], object]:
    return lambda site: site.post({"do": do, "story": slug})


STEPS: tuple[Step, ...] = (
    (lambda _: None, ("haichuan-091",)),
    (_edit("auto-export", "本报随后更正了上述数字。"), ("haichuan-091", "haichuan-list")),
    (_told("withdraw", "port-merger"), ("haichuan-091", "ledger-top")),
    (lambda _: None, ("jinling-json", "wire-atom")),  # a copy joins its story
    (_told("restore", "port-merger"), ("haichuan-091", "wire-full")),
    (_edit("auto-export", "来源：海关总署。"), ()),
)


@dataclass(kw_only=True)
class Past:
    desk: Desk
    copies: list[Copy]
    folders: list[Path]  # of the backups, restored


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Past:
    folder = tmp_path_factory.mktemp("as-of")
    desk = Desk(folder=folder)
    found = Past(desk=desk, copies=[], folders=[])
    with running_site() as site:
        config = demo_config(site).replace("[crawl]", '[crawl]\nlook_again = ["1h", "30d"]', 1)
        desk.config.write_text(config, encoding="utf-8")
        for number, (happens, sources) in enumerate(STEPS):
            happens(site)
            _make_due(desk)
            desk.crawl(*sources, exit_code=None)
            _back_up(found, folder / f"then-{number}")
    return found


def _make_due(desk: Desk) -> None:
    file = desk.data / "archive.db"
    if file.exists():
        with closing(sqlite3.connect(file)) as conn, conn:
            conn.execute(_DUE)


def _back_up(found: Past, folder: Path) -> None:
    """Keep what the archive is now, and let the second end: T is a whole second."""
    packed = folder.with_suffix(".tar")
    found.desk.run("backup", str(packed))
    found.desk.run("--data", str(folder), "restore", str(packed))
    with closing(sqlite3.connect(folder / "archive.db")) as conn:
        seq = int(conn.execute(_LAST).fetchone()[0])
    now = datetime.now(UTC).replace(microsecond=0)
    while datetime.now(UTC).replace(microsecond=0) == now:
        time.sleep(0.05)
    found.copies.append(Copy(seq, now, folder / "archive.db"))
    found.folders.append(folder)


def test_the_newsroom_brought_each_kind_of_event(past: Past) -> None:
    kinds = {kind for (kind,) in past.desk.rows(_KINDS)}
    assert kinds >= {"new", "edit", "withdrawn", "returned", "copied"}


def test_every_door_says_of_a_moment_what_the_backup_of_then_says(past: Past) -> None:
    assert list(differences(past.desk.data / "archive.db", past.copies, WORDS)) == []


@pytest.mark.parametrize("number", [0, 2, 4])
def test_commands_say_of_a_moment_what_they_say_of_its_backup(past: Past, number: int) -> None:
    copy, folder = past.copies[number], past.folders[number]
    moment = ["--as-of", f"{copy.at:%Y-%m-%dT%H:%M:%SZ}"]
    with closing(open_archive(folder)) as archive:
        article = str(next(archive.iterate()).id)
    for command in (
        ["search", "公司", "--json", "--all"],
        ["show", article, "--json"],
        ["export", "--format", "jsonl", "--all", "-"],
    ):
        said = past.desk.run(*command, *moment)
        assert _promised(said) == _promised(past.desk.run("--data", str(folder), *command))
    said = past.desk.run("coverage", "--json", *moment)
    assert _days(said) == _days(past.desk.run("--data", str(folder), "coverage", "--json"))


def _promised(said: str) -> str:
    """When it was looked at last, and where its file lies, are today's."""
    return re.sub(r'"(checked|markdown_path)": ("[^"]*"|null)', "", said)


def _days(said: str) -> list[dict[str, object]]:
    """What is late, and gaps, depend on when one asks."""
    days = json.loads(said)["days"]
    return [{k: v for k, v in day.items() if k not in ("late", "gaps")} for day in days]


@pytest.mark.parametrize("number", [0, 2, 4])
def test_pages_say_of_a_moment_what_they_say_of_its_backup(past: Past, number: int) -> None:
    copy, folder = past.copies[number], past.folders[number]
    moment = f"as_of={copy.at:%Y-%m-%dT%H:%M:%SZ}"
    paths = [f"/-/search?q={quote(word)}" for word in WORDS]
    then = _pages(past.desk, folder, paths)
    now = _pages(past.desk, past.desk.data, [f"{path}&{moment}" for path in paths])
    assert [_hits(page) for page in now] == [_hits(page) for page in then]
    assert any(_hits(page) for page in then)


@pytest.mark.parametrize("number", [1, 3])
def test_every_reading_page_of_a_moment_is_that_of_its_backup(past: Past, number: int) -> None:
    """Asked of both as of that moment: the clock of the page is the same then."""
    copy, folder = past.copies[number], past.folders[number]
    with closing(open_archive(folder)) as archive:
        ids = [article.id for article in archive.iterate()]
        sources = sorted(archive.source_ids())
    lists = ("/", "/-/latest", "/-/changes", "/-/sources", "/-/securities", f"/-/day/{copy.at:%F}")
    paths = [
        *lists,
        *(f"/-/search?q={quote(word)}&order=newest" for word in WORDS),
        *(f"/-/article/{id}" for id in ids[::7]),
        *(f"/-/article/{id}/diff" for id in ids[::9]),
        *(f"/-/story/{id}" for id in ids[::9]),
        *(f"/-/source/{source}" for source in sources),
    ]
    moment = f"as_of={copy.at:%Y-%m-%dT%H:%M:%SZ}"
    asked = [f"{path}{'&' if '?' in path else '?'}{moment}" for path in paths]
    then = _pages(past.desk, folder, asked, unless_found=True)
    now = _pages(past.desk, past.desk.data, asked, unless_found=True)
    differing = [path for path, a, b in zip(paths, now, then, strict=True) if _kept(a) != _kept(b)]
    assert differing == []


def _kept(page: str) -> str:
    """Give a page without what the promise leaves out: when an article was looked at last."""
    return re.sub(r"<div><dt>Last checked</dt>.*?</div>", "", page, flags=re.DOTALL)


def _pages(desk: Desk, folder: Path, paths: list[str], *, unless_found: bool = False) -> list[str]:
    serving = desk.start("--data", str(folder), "serve", "--port", "0")
    try:
        assert serving.stdout is not None
        said = iter(serving.stdout.readline, "")
        port = next(found[1] for line in said if (found := re.search(r":(\d+)/", line)))
        wait_until(lambda: _listens(int(port)), serving)
        return [_page(int(port), path, unless_found=unless_found) for path in paths]
    finally:
        stop(serving)


def _listens(port: int) -> bool:
    with closing(socket.socket()) as found:
        return found.connect_ex(("127.0.0.1", port)) == 0


def _page(port: int, path: str, *, unless_found: bool = False) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    assert answer.status == 200 or (unless_found and answer.status == 404), body
    return body


def _hits(page: str) -> list[str]:
    return re.findall(r"<h[23][^>]*>\s*<a [^>]*>(.*?)</a>", page, re.DOTALL)
