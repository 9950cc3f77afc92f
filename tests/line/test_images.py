"""Pictures of archived articles: fetched after all else, kept once, refused for a reason."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from tests.line.conftest import Desk, feed, stop, wait_until
from tests.line.web import Item, Web, article, rss
from tests.redis_server import redis_server
from tests.site.images import SVG, bomb, png
from tests.site.process import Site

pytestmark = pytest.mark.slow

KEEP = "[images]\nkeep = true\nmax_mb = 1"
_DUE = "SELECT count(*) FROM images WHERE not_before > strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"
_HOW = "SELECT state, reason FROM images WHERE url = ?"


def _pictures(*addresses: str) -> str:
    figures = "".join(f'<figure><img src="{a}" alt="Shown"></figure>' for a in addresses)
    return article(1).replace("</p><p>", f"</p>{figures}<p>", 1)


def test_what_may_harm_is_refused_with_its_reason(web: Web, desk: Desk) -> None:
    web.put("/good.png", png(64, 36), "image/jpeg")
    web.put("/bomb.png", bomb(60_000), "image/png")
    web.put("/script.png", SVG, "image/svg+xml")
    web.put("/page.png", "<!DOCTYPE html><p>none</p>", "image/png")
    web.put("/large.png", png(64, 36) + bytes(3 << 20), "image/png")
    web.refuse("/within.png", 302, Location="http://10.0.0.1/secret.png")
    names = ("good", "bomb", "script", "page", "large", "within", "missing")
    urls = {name: web.url(f"/{name}.png") for name in names}
    urls["private"] = "http://169.254.169.254/latest.png"
    web.put("/a", _pictures(*urls.values()))
    web.put("/feed.xml", rss([Item(url=web.url("/a"))]))
    desk.configure(web.source("/feed.xml"), crawl=KEEP)
    assert "1 image is still owed; the next crawls ask again." in desk.crawl()
    hint = "(see [crawl] allow_networks)"
    assert {name: desk.rows(_HOW, url)[0] for name, url in urls.items()} == {
        "good": ("kept", None),
        "bomb": ("refused", "too many pixels: 60000 × 60000"),
        "script": ("refused", "no picture that is kept: SVG, which may run scripts"),
        "page": ("refused", "no picture that is kept: HTML"),
        "large": ("refused", "too large: over [images] max_mb"),
        "within": ("refused", f"10.0.0.1 is not public: private use, RFC 1918 {hint}"),
        "private": ("refused", f"169.254.169.254 is not public: link local, RFC 3927 {hint}"),
        "missing": ("owed", "HTTP 404"),
    }
    digest = sha256(png(64, 36)).hexdigest()
    name = f"{digest[:2]}/{digest[2:]}.png"
    kept = [path for path in (desk.data / "images").rglob("*") if path.is_file()]
    assert kept == [desk.data / "images" / name]
    (file,) = desk.files()
    assert f"![Shown](../../../images/{name})" in file.read_text()
    assert (file.parent / f"../../../images/{name}").read_bytes() == png(64, 36)


def _kept(desk: Desk) -> list[str]:
    return [path.name for path in (desk.data / "images").rglob("*.png")]


def test_the_newsroom_s_pictures_are_kept_once_and_outlive_the_archive(
    site: Site, desk: Desk, tmp_path: Path
) -> None:
    source = feed(site, "ledger", "/feeds/rss.xml")
    desk.configure(source, crawl=KEEP)
    desk.crawl()
    states = dict(desk.rows("SELECT state, count(*) FROM images GROUP BY state"))
    assert set(states) == {"kept"}
    assert len(_kept(desk)) == desk.one("SELECT count(DISTINCT sha256) FROM images") > 1
    assert "Nothing is wrong. Compared: everything." in desk.run("verify", "--full")
    desk.run("backup", str(tmp_path / "b.tar"))
    back = Desk(folder=tmp_path / "back")
    back.folder.mkdir()
    back.configure(source, crawl=KEEP)
    said = back.run("restore", str(tmp_path / "b.tar"))
    assert f"{len(_kept(desk))} pictures, as of" in said
    assert _kept(back) == _kept(desk)
    assert [path.read_text() for path in back.files()] == [p.read_text() for p in desk.files()]
    assert "../../../images/" in back.files()[0].read_text() + back.files()[-1].read_text()
    article = desk.one("SELECT min(article_id) FROM article_images")
    back.run("forget", str(article), "--yes")
    assert len(_kept(back)) < len(_kept(desk))
    assert "Nothing is wrong." in back.run("verify", "--full")


def test_a_crawl_asks_again_for_nothing_and_without_keep_for_no_picture(
    web: Web, desk: Desk
) -> None:
    web.put("/good.png", png(64, 36), "image/png")
    web.put("/a", _pictures(web.url("/good.png"), web.url("/same.png")))
    web.put("/same.png", png(64, 36), "image/png")
    web.put("/feed.xml", rss([Item(url=web.url("/a"))]))
    desk.configure(web.source("/feed.xml"))
    desk.crawl()
    assert "/good.png" not in web.paths()
    assert not (desk.data / "images").exists()
    desk.configure(web.source("/feed.xml"), crawl=KEEP)
    desk.run("retry", "--state", "archived")
    desk.crawl()
    desk.crawl()
    asked = [path for path in web.paths() if path.endswith(".png")]
    assert sorted(asked) == ["/good.png", "/same.png"]
    assert len(_kept(desk)) == 1


def test_robots_txt_forbids_pictures_too_and_a_vain_one_is_refused_in_the_end(
    web: Web, desk: Desk
) -> None:
    web.put("/robots.txt", "User-agent: *\nDisallow: /private/", "text/plain")
    web.put("/private/a.png", png(64, 36), "image/png")
    urls = [web.url("/private/a.png"), web.url("/missing.png")]
    web.put("/a", _pictures(*urls))
    web.put("/feed.xml", rss([Item(url=web.url("/a"))]))
    desk.configure(web.source("/feed.xml"), crawl=f'retry = ["1s"]\n{KEEP}')
    desk.crawl()
    assert desk.rows(_HOW, urls[0]) == [("refused", "forbidden by robots.txt")]
    assert desk.rows(_HOW, urls[1]) == [("owed", "HTTP 404")]
    wait_until(lambda: desk.one(_DUE) == 0)
    desk.crawl()
    assert desk.rows(_HOW, urls[1]) == [("refused", "HTTP 404")]
    assert "/private/a.png" not in web.paths()
    assert "2 images are owed again." in desk.run("retry", "--images")


def test_a_worker_elsewhere_fetches_them_and_a_large_one_comes_home(web: Web, desk: Desk) -> None:
    large = png(64, 36) + random.Random(1).randbytes(600_000)
    web.put("/small.png", png(64, 36), "image/png")
    web.put("/large.png", large, "image/png")
    web.put("/a", _pictures(web.url("/small.png"), web.url("/large.png")))
    web.put("/feed.xml", rss([Item(url=web.url("/a"))]))
    desk.configure(web.source("/feed.xml"), crawl=KEEP)
    with redis_server() as server:
        daemon = desk.start("daemon", "--redis", server.url, "--slots", "1")
        worker = desk.start("worker", "--redis", server.url)
        kept = "SELECT count(*) FROM images WHERE state = 'kept'"
        try:
            wait_until(lambda: desk.one(kept) == 2, timeout_s=60, process=daemon)
        finally:
            for process in (worker, daemon):
                stop(process)
    assert (worker.returncode, daemon.returncode) == (0, 0)
    assert desk.rows("SELECT bytes FROM images ORDER BY bytes")[1] == (len(large),)


def test_old_ones_are_removed_at_the_end_of_a_crawl_and_files_lead_to_the_outlet_again(
    web: Web, desk: Desk
) -> None:
    address = web.put("/good.png", png(64, 36), "image/png")
    web.put("/a", _pictures(address))
    web.put("/feed.xml", rss([Item(url=web.url("/a"))]))
    desk.configure(web.source("/feed.xml"), crawl=f'{KEEP}\nmax_age = "30d"')
    desk.crawl()
    assert f"![Shown]({address})" not in desk.files()[0].read_text()
    with closing(sqlite3.connect(desk.data / "archive.db")) as conn, conn:
        conn.execute("UPDATE images SET fetched = '2021-12-09T00:00:00Z'")
    assert "pictures removed: 1 ([images] max_age)" in desk.crawl("-v")
    assert _kept(desk) == []
    assert f"![Shown]({address})" in desk.files()[0].read_text()
    assert desk.rows(_HOW, address) == [("removed", "older than [images] max_age")]
