"""A config's text that was found valid is known again; another one is not."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from config.approval import approve, is_approved
from config.essentials import Essentials, SourceEssentials
from config.load import parse_config
from config.model import Config

TEXT = '[crawl]\ncontact = "desk@example.com"\n'


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_a_text_is_approved_for_its_own_file_alone(tmp_path: Path) -> None:
    mine, other = tmp_path / "mine.toml", tmp_path / "other.toml"
    assert not is_approved(mine, TEXT)
    approve(mine, TEXT)
    assert is_approved(mine, TEXT)
    assert not is_approved(mine, TEXT + "\n")
    assert not is_approved(other, TEXT)


def test_a_release_with_other_rules_checks_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = tmp_path / "model.py"
    rules.write_text("strict = False")
    monkeypatch.setattr("config.approval._RULES", [rules])
    approve(tmp_path / "mine.toml", TEXT)
    assert is_approved(tmp_path / "mine.toml", TEXT)
    rules.write_text("strict = True")
    assert not is_approved(tmp_path / "mine.toml", TEXT)


def test_one_file_is_kept_for_each_config(tmp_path: Path, cache: Path) -> None:
    for text in ("", TEXT, ""):
        approve(tmp_path / "mine.toml", text)
    assert len(list((cache / "broadsheet" / "configs").iterdir())) == 1


def test_where_nothing_can_be_kept_nothing_is_approved(tmp_path: Path, cache: Path) -> None:
    cache.write_text("a file where the folder would be")
    approve(tmp_path / "mine.toml", TEXT)
    assert not is_approved(tmp_path / "mine.toml", TEXT)


def test_the_shipped_defaults_need_no_check() -> None:
    assert is_approved(None, "")


def test_the_essentials_without_a_file_are_those_of_the_model() -> None:
    assert Essentials.of({}) == Essentials.of_model(Config())


EVERYTHING = """
[archive]
dir = "news"
mode = "shared"
synchronous = "normal"
min_free = "5 MB"
[markdown]
dir = "../posts"
[crawl]
plugins = "mine"
[health]
failing_after = 4
[web]
timezone = "Asia/Shanghai"
[[source]]
id = "a"
name = "财经"
url = "https://a.example/feed"
kind = "feed"
interval = "90s"
[[source]]
id = "b"
name = "B"
url = "https://b.example/list"
enabled = false
cron = "0 9 * * *"
"""


def test_the_essentials_of_a_file_are_what_it_says() -> None:
    known = Essentials.of(tomllib.loads(EVERYTHING))
    assert known == Essentials(
        archive_dir=Path("news"),
        markdown_dir=Path("../posts"),
        plugins=Path("mine"),
        is_shared=True,
        synchronous="normal",
        timezone="Asia/Shanghai",
        min_free=5_000_000,
        failing_after=4,
        source=(
            SourceEssentials(
                id="a",
                name="财经",
                url="https://a.example/feed",
                kind="feed",
                enabled=True,
                interval=timedelta(seconds=90),
                cron=None,
                market_hours=None,
            ),
            SourceEssentials(
                id="b",
                name="B",
                url="https://b.example/list",
                kind=None,
                enabled=False,
                interval=None,
                cron="0 9 * * *",
                market_hours=None,
            ),
        ),
    )
    assert known == Essentials.of_model(parse_config(EVERYTHING, name="mine.toml"))
