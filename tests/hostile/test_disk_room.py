"""Below [archive] min_free nothing more is fetched, and everybody is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import ArchiveError
from archive.folder import DataFolder
from crawler.fetch.watch.disk_watch import DiskWatch
from crawler.fetch.work import Pause
from tests.crawler.fetch.harness import Archive, Worker, archive_in, make_source
from tests.crawler.fetch.test_work import _nothing_more, _take, _urls, _work, run
from tests.crawler.run.sample import Broadsheet
from tests.line.conftest import Desk

PLENTY, NONE = 0, 10**18  # bytes that are to be free: nobody lacks, and nobody has


class Wanted:
    """What [archive] min_free says at the moment."""

    def __init__(self) -> None:
        self.bytes = PLENTY

    def __call__(self) -> int:
        return self.bytes


def watch(work: Worker, folder: Path, wanted: Wanted) -> DiskWatch:
    return DiskWatch(DataFolder(folder), work=work.room, min_free=wanted, endless=True)


def test_a_daemon_pauses_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    async def scenario(writer: Archive) -> None:
        work, wanted = _work(writer, endless=True), Wanted()
        disk = watch(work, tmp_path, wanted)
        wanted.bytes = NONE
        disk.look()
        work.poll(make_source("b"))
        assert (disk.is_short, await _nothing_more(work)) == (True, True)
        work.resume()  # the network's pause is another one
        assert await _nothing_more(work)
        wanted.bytes = PLENTY
        disk.look()
        assert (disk.is_short, _urls(await _take(work, 1))) == (False, ["poll"])

    with archive_in(tmp_path) as writer:
        run(lambda: scenario(writer))


def test_no_probe_goes_out_while_there_is_no_room(tmp_path: Path) -> None:
    async def scenario(writer: Archive) -> None:
        work = _work(writer, endless=True)
        work.pause(Pause.DISK)
        work.desk.ask(make_source("b"), probe=True)
        assert await _nothing_more(work)

    with archive_in(tmp_path) as writer:
        run(lambda: scenario(writer))


def test_a_crawl_does_not_wait_for_room(tmp_path: Path) -> None:
    with archive_in(tmp_path) as writer:
        work = _work(writer)
        disk = DiskWatch(DataFolder(tmp_path), work=work.room, min_free=lambda: NONE, endless=False)
        with pytest.raises(ArchiveError, match=r"GB free, and \[archive\] min_free is"):
            disk.look()


@pytest.mark.slow
def test_a_crawl_without_room_ends_with_words_and_status_says_so(desk: Desk) -> None:
    desk.configure('id = "s"\nname = "S"\nurl = "http://127.0.0.1:9/feed"')
    config = desk.config.read_text("utf-8")
    desk.config.write_text(f'[archive]\nmin_free = "1000000TB"\n{config}')
    told = " ".join(desk.run("crawl", exit_code=1).split())
    assert "[archive] min_free is 1,000,000,000.00 GB" in told
    assert "then `broadsheet crawl` again" in told
    assert "Fetching is paused: the archive's disk has" in desk.run("status", exit_code=None)


def test_status_tells_how_much_is_free(broadsheet: Broadsheet, archive: Path) -> None:
    assert '"short_of_room": false' in broadsheet("status", "--json").stdout
    assert DataFolder(archive.parent / "not yet").free_bytes > 0
