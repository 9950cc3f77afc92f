"""docs/how-to/write-a-spider.md, line by line: its spiders over the newsroom, from a checkout."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.line.conftest import LIMIT_S, Desk, paths, wait_until
from tests.site.process import Site

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "how-to" / "write-a-spider.md"
_PAGE = re.compile(r"^/(banking|companies|economy|markets|\w+)/[\w-]+$")
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language: str, site: Site) -> list[str]:
    """The guide's blocks, for the newsroom as it listens here."""
    text = GUIDE.read_text(encoding="utf-8").replace(":8400", f":{site.port}")
    return [body for form, body in _FENCE.findall(text) if form == language]


def toml(site: Site) -> str:
    """The guide's config, without the delay that would only be waited out."""
    config, plugins = blocks("toml", site)
    named = plugins.removeprefix("[crawl]\n")
    return config.replace("[crawl]\n", f"[crawl]\ndownload_delay_s = 0.0\n{named}")


class Checkout(Desk):
    """A checkout with the guide's spiders in it, and the guide's config."""

    @property
    def tree(self) -> Path:
        return self.folder / "checkout"

    def start(self, *command: str, max_file_kb: int | None = None) -> subprocess.Popen[str]:
        module = ["scrapy"] if command[0] == "scrapy" else ["crawler.run.cli"]
        rest = command[1:] if command[0] == "scrapy" else command
        return subprocess.Popen(
            [sys.executable, "-P", "-m", *module, *rest],
            cwd=self.tree,
            env=os.environ
            | {
                "PYTHONPATH": str(self.tree),
                "BROADSHEET_CONFIG": str(self.config),
                "BROADSHEET_DATA": str(self.data),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def states(self) -> dict[str, int]:
        return dict(self.rows("SELECT state, count(*) FROM entries GROUP BY state"))


@pytest.fixture
def checkout(tmp_path: Path, site: Site) -> Iterator[Checkout]:
    made = Checkout(folder=tmp_path)
    for name in ("archive", "config", "crawler", "spiders"):
        shutil.copytree(ROOT / name, made.tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "scrapy.cfg", made.tree)
    made.config.write_text(toml(site), encoding="utf-8")
    simple, archive, _, plugin = blocks("python", site)
    (made.tree / "spiders" / "northbridge.py").write_text(simple)
    (made.tree / "spiders" / "northbridge_archive.py").write_text(archive)
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "tell.py").write_text(plugin)
    return made


def articles_asked_for(site: Site) -> list[str]:
    return [
        path
        for path in paths(site.requests("ledger", "/"))
        if not path.startswith(("/section/", "/robots"))
    ]


@pytest.mark.slow
def test_the_spider_of_the_guide_archives_its_list_once_over_three_runs(
    checkout: Checkout, site: Site
) -> None:
    first = checkout.run("scrapy", "crawl", "northbridge")
    said = textwrap.dedent(
        """\
        Spider opened
        northbridge: 6 found, 6 new
        northbridge: 6 found, 6 new
        Closing spider (finished)
        finished: 12 found, 12 new, 12 pages, 12 archived; 0 owed
        Spider closed (finished)"""
    ).splitlines()
    assert textwrap.indent("\n".join(said), "    ") in GUIDE.read_text(encoding="utf-8")
    told = [line.split(": ", 1)[1] for line in first.splitlines() if " INFO: " in line]
    assert [line for line in told if not line.startswith("Crawled ")] == said
    assert first.count("\nnew ") + first.startswith("new ") == 12  # the plugin's
    assert len(articles_asked_for(site)) == 12
    assert checkout.rows("SELECT source_id, count(*) FROM articles GROUP BY 1") == [
        ("northbridge", 12)
    ]
    assert len(checkout.files()) == 12
    for _ in range(2):
        again = checkout.run("scrapy", "crawl", "northbridge")
        assert "finished: 12 found; 0 owed" in again
    assert len(articles_asked_for(site)) == 12
    assert checkout.rows("SELECT found, new, pushed, remark FROM visits ORDER BY id") == [
        (12, 12, 1, "found by the spider northbridge"),
        (12, 0, 1, "found by the spider northbridge"),
        (12, 0, 1, "found by the spider northbridge"),
    ]
    shown = checkout.run("sources", "show", "northbridge")
    assert "found by the spider northbridge" in shown


@pytest.mark.slow
def test_a_killed_run_owes_what_it_found_and_the_next_one_fetches_it(
    checkout: Checkout, site: Site
) -> None:
    site.post({"do": "delay", "host": "ledger", "path": "*", "seconds": 0.4})
    process = checkout.start("scrapy", "crawl", "northbridge")
    wait_until(lambda: checkout.states().get("archived", 0) >= 2, process)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=LIMIT_S)
    states = checkout.states()
    assert states["owed"] >= 1
    kept = states["archived"]
    site.post({"do": "delay", "host": "ledger", "path": "*", "seconds": 0})
    checkout.run("scrapy", "crawl", "northbridge")
    assert checkout.states() == {"archived": 12}
    assert checkout.one("SELECT count(*) FROM articles") == 12
    asked = articles_asked_for(site)
    assert len(set(asked)) == 12
    assert len(asked) <= 12 + 2  # those that were in flight, at most two of a host
    assert kept < 12


@pytest.mark.slow
def test_callbacks_arguments_and_items_are_as_the_guide_says(
    checkout: Checkout, site: Site
) -> None:
    commands = [shlex.split(line) for text in blocks("sh", site) for line in text.splitlines()]
    crawls = [words for words in commands if words[:2] == ["scrapy", "crawl"]]
    assert [words[2] for words in crawls] == [
        *("northbridge", "northbridge-archive", "page", "northbridge-archive")
    ]
    economy = checkout.run(*crawls[1])
    assert "new" in economy
    assert checkout.one("SELECT count(*) FROM articles WHERE source_id <> 'northbridge'") == 0
    checkout.run(*crawls[2])
    (item,) = map(json.loads, (checkout.tree / "page.jsonl").read_text().splitlines())
    assert item["verdict"] == "unchanged"
    assert item["title"].startswith("Fed: up, but not by enough")
    assert item["source_id"] == "northbridge"
    assert item["published"].endswith("Z")
    assert all(not isinstance(value, dict) for value in item.values())
    checkout.run(*crawls[3])
    header, *rows = (checkout.tree / "news.csv").read_text().splitlines()
    assert header.startswith("verdict,id,url,source_id")
    assert rows
    mistaken = checkout.run(
        *("scrapy", "crawl", "northbridge-archive", "-a", "sectoin=economy"), exit_code=2
    )
    assert "-a sectoin: the spider northbridge-archive has no such argument" in mistaken
    assert "did you mean section?" in mistaken


@pytest.mark.slow
def test_scrapys_own_commands_and_plain_spiders_work_in_the_checkout(
    checkout: Checkout, site: Site
) -> None:
    shell, fetch, view = (shlex.split(line) for line in blocks("sh", site)[0].splitlines())
    look = "len(response.css('h3 a::text')), len(response.css('a[rel=next]'))"
    assert "(6, 1)" in checkout.run(*shell, "-c", look)
    assert "<h1>Companies</h1>" in checkout.run(*fetch)
    assert view[:2] == ["scrapy", "view"]
    page = checkout.folder / "page.html"
    page.write_text("<h1>Saved</h1>")
    assert "Saved" in checkout.run("scrapy", "shell", str(page), "-c", "response.css('h1').get()")
    (checkout.tree / "spiders" / "plain.py").write_text(
        "import scrapy\n\n\nclass Plain(scrapy.Spider):\n    name = 'plain'\n"
        f"    start_urls = ['{site.url('ledger', '/section/companies')}',"
        f" '{site.url('ledger', '/account/')}']\n\n"
        "    def parse(self, response):\n"
        "        for title in response.css('h3 a::text').getall():\n"
        "            yield {'title': title}\n"
        "        yield from response.follow_all(css='a[rel=next]')\n"
    )
    log = checkout.run("scrapy", "crawl", "plain", "-O", "plain.jsonl")
    lines = (checkout.tree / "plain.jsonl").read_text().splitlines()
    assert len(lines) == 12
    assert "not asked for: " in log  # robots.txt
    assert "Forbidden by robots.txt" in log or "forbidden by robots.txt" in log
    assert len(log.splitlines()) <= 12
    assert not checkout.data.exists()
    listed = checkout.run("scrapy", "list").split()
    assert {"feed", "news", "northbridge", "northbridge-archive", "page", "plain"} <= set(listed)


_PLAIN = """\
from scrapy import Spider

from spiders.site import follow_article


class Plain(Spider):
    name = "plain"
    start_urls = ["{url}"]

    def parse(self, response):
        yield follow_article("/markets/1")
        yield {{"user_agent": response.request.headers["User-Agent"].decode()}}
"""


@pytest.mark.slow
def test_a_plain_spider_takes_a_config_and_is_told_what_it_can_not_yield(
    checkout: Checkout, site: Site
) -> None:
    (checkout.tree / "spiders" / "plain.py").write_text(_PLAIN.format(url=site.url("ledger")))
    other = checkout.folder / "other.toml"
    other.write_text(toml(site).replace("you@example.org", "other@example.org"))
    told = checkout.run(
        *("scrapy", "crawl", "plain", "-O", "out.jsonl", "-a", f"config={other}"),
    )
    assert "nothing is archived: Plain yields follow_article" in told
    (item,) = map(json.loads, (checkout.tree / "out.jsonl").read_text().splitlines())
    assert "other@example.org" in item["user_agent"]
    gone = checkout.run("scrapy", "crawl", "plain", "-a", "config=none.toml", exit_code=2)
    assert "none.toml" in gone
    assert "Traceback" not in gone
    wrong = checkout.run("scrapy", "crawl", "plian", exit_code=2)
    assert "there is no spider plian; did you mean plain?" in wrong
    assert "Traceback" not in wrong
