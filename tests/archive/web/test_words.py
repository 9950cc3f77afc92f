"""The words of the pages: each text has its Chinese, and every Chinese one its text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archive import web
from archive.errors import ArchiveError
from archive.web.face.words import Language, chinese_words, chosen_language, say

WEB = Path(web.__file__).parent
STATES = {
    "ok",
    "quiet",
    "failing",
    "silent",
    "moved",
    "gone",
    "blocked",
    "disabled",
    "removed",
    "slow",
}
# "Today" and the others of the menu are a tuple of the template
MENU = {"Today", "Latest", "Changes", "Securities", "Sources"}
_SAID = re.compile(r"""(?:\b_|\bsay)\(\s*"((?:[^"\\]|\\.)*)\"""")


def said() -> set[str]:
    files = [*WEB.rglob("*.html"), *WEB.rglob("*.py")]
    return {text for file in files for text in _SAID.findall(file.read_text("utf-8"))}


def test_every_text_of_the_pages_has_its_chinese() -> None:
    assert said() - set(chinese_words()) == set()


def test_every_chinese_text_is_said_somewhere() -> None:
    assert set(chinese_words()) - said() - STATES - MENU == set()


def test_a_chinese_text_has_the_places_of_its_english() -> None:
    place = re.compile(r"\{\w+\}")
    other = {
        english: chinese
        for english, chinese in chinese_words().items()
        if set(place.findall(chinese)) != set(place.findall(english))
    }
    assert other == {}


def test_one_thing_is_not_many() -> None:
    text = "{n} outlet|{n} outlets"
    assert [say(Language.ENGLISH, text, n=n) for n in (1, 3)] == ["1 outlet", "3 outlets"]
    assert say(Language.CHINESE, text, n=3) == "3 家媒体"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("de-DE, zh-Hant;q=0.3, fr", "zh"),
        ("zh;q=0, en;q=0.1", "en"),
        ("zh;q=x;;,,,", "en"),
    ],
)
def test_auto_is_what_the_browser_likes_best(accepted: str, language: str) -> None:
    assert chosen_language("auto", accepted) == language


def test_a_language_that_is_none_is_named() -> None:
    with pytest.raises(ArchiveError, match='"en", "zh" or "auto", not \'de\''):
        chosen_language("de", "")
