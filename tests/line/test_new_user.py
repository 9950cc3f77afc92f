"""A new user goes through docs/tutorial.md: every command out of it, in its order, as it stands."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from config.load import load_config
from tests.line.conftest import LIMIT_S, Desk, wait_until
from tests.site.process import Site

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = ROOT / "docs" / "tutorial.md"
CHINESE = ROOT / "docs" / "zh" / "tutorial.md"
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ENDLESS = (["serve"], ["daemon"])


def blocks(language: str, page: Path = TUTORIAL) -> list[str]:
    text = page.read_text(encoding="utf-8")
    return [body for form, body in _FENCE.findall(text) if form == language]


def calls() -> list[list[str]]:
    lines = [line for text in blocks("sh") for line in text.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith("broadsheet")]


class User(Desk):
    """Works in a folder of his own, with the config that the tutorial gives."""

    def start(self, *command: str, max_file_kb: int | None = None) -> subprocess.Popen[str]:
        module = "scrapy" if command[0] == "scrapy" else "crawler.run.cli"
        rest = command[1:] if command[0] == "scrapy" else command
        environ = {k: v for k, v in os.environ.items() if not k.startswith("BROADSHEET_")}
        return subprocess.Popen(
            [sys.executable, "-P", "-m", module, *rest],
            cwd=self.folder,
            env=environ | {"XDG_CONFIG_HOME": str(self.folder / "none")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ask(self, call: list[str], site: Site) -> str:
        return self.run(*(word.replace(":8400", f":{site.port}") for word in call))


@pytest.fixture
def user(tmp_path: Path) -> User:
    made = User(folder=tmp_path)
    made.config.write_text(blocks("toml")[0].replace("0.2 ", "0.0 "), encoding="utf-8")
    return made


@pytest.mark.slow
def test_the_commands_of_the_tutorial_make_an_archive(user: User, site: Site) -> None:
    began = time.monotonic()
    said = {" ".join(call): user.ask(call, site) for call in calls() if call not in _ENDLESS}
    assert "Added " in said["sources add http://127.0.0.1:8400/ --yes"]
    assert '[[source]]\nid = "' in user.config.read_text(encoding="utf-8")
    second = said["crawl"]  # the one that was said last
    assert ", 0 new" in second or "not modified" in second
    archived = user.one("SELECT count(*) FROM articles")
    assert archived == 3  # of the eight that the feed names; what became of the others is told
    untried = "SELECT count(*) FROM entries WHERE state = 'owed' AND attempts = 0"
    assert user.one(untried) == 0
    assert len(user.files()) == archived
    assert "Castellan Bank" in said["search rates"]
    assert "Articles" in said["stats"] or "articles" in said["stats"]
    assert "<rss" in (user.folder / "news.xml").read_text(encoding="utf-8")
    rows = (user.folder / "bank.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(rows[0])["title"]
    assert "<opml" in (user.folder / "feeds.opml").read_text(encoding="utf-8")
    ours, copied = (load_config(user.folder / n).source for n in (user.config.name, "copy.toml"))
    assert [(s.id, s.url) for s in copied] == [(s.id, s.url) for s in ours]
    assert time.monotonic() - began < 300


@pytest.mark.slow
def test_a_daemon_fills_the_archive_and_tells_of_it_and_serve_shows_it(
    user: User, site: Site
) -> None:
    user.ask(calls()[0], site)
    alerts = user.folder / "alerts.jsonl"
    daemon = user.start("daemon")
    try:
        wait_until(alerts.is_file, daemon)
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate(timeout=LIMIT_S)
    told = json.loads(alerts.read_text(encoding="utf-8").splitlines()[0])
    assert {event["kind"] for event in told["events"]} == {"new"}
    shown = user.start("serve", "--port", "0")
    try:
        assert shown.stdout is not None
        where = re.search(r"http://\S+/", shown.stdout.readline())
        assert where is not None
        wait_until(lambda: _answers(where[0]), shown)
    finally:
        shown.kill()
        shown.communicate(timeout=LIMIT_S)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_the_chinese_tutorial_has_the_same_commands_and_the_same_config() -> None:
    assert blocks("sh", CHINESE) == blocks("sh")
    settings = [
        [re.sub(r"\s+#.*", "", line) for line in blocks("toml", page)[0].splitlines()]
        for page in (TUTORIAL, CHINESE)
    ]
    assert settings[0] == settings[1]
