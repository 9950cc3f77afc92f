"""The words of the pages, in English and Chinese. An outlet's own words are never translated.

English stands in the templates; `words/*.toml` hold it again, each text with its Chinese. One with
`|` has two forms, for one thing and for many: "{n} outlet|{n} outlets".
"""

from __future__ import annotations

import importlib.resources
import re
import tomllib
from enum import StrEnum
from functools import cache

from archive.errors import ArchiveError

_RANGE = re.compile(
    r"\s*([a-zA-Z]{1,8}|\*)(?:-[a-zA-Z0-9-]*)?\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*"
)
AUTO = "auto"


class Language(StrEnum):
    """A language that the pages speak."""

    ENGLISH = "en"
    CHINESE = "zh"

    @property
    def tag(self) -> str:
        """Its name in HTML's `lang`."""
        return "zh-Hans" if self is Language.CHINESE else "en"


def chosen_language(setting: str, accepted: str) -> Language:
    """Choose by `[web] language`; "auto" by what a browser's Accept-Language likes best."""
    if setting != AUTO:
        try:
            return Language(setting)
        except ValueError as error:
            raise ArchiveError(
                f'[web] language is "en", "zh" or "auto", not {setting[:40]!r}'
            ) from error
    liked = Language.ENGLISH, 0.0
    for part in accepted.split(",")[:20]:
        found = _RANGE.fullmatch(part)
        if found and found[1].lower() in list(Language):
            liked = max(liked, (Language(found[1].lower()), float(found[2] or 1)), key=_weight)
    return liked[0]


def _weight(liked: tuple[Language, float]) -> float:
    return liked[1]


def say(language: Language, text: str, **values: object) -> str:
    """Give a text of the pages in a language; `n` chooses between one thing and many."""
    if language is Language.CHINESE:
        text = chinese_words().get(text, text)
    if "|" in text:
        text = text.split("|")[str(values.get("n", "")) != "1"]
    return text.format(**values) if values else text


@cache
def chinese_words() -> dict[str, str]:
    """Read what every text of the pages is in Chinese."""
    found: dict[str, str] = {}
    folder = importlib.resources.files("archive.web") / "words"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            found |= tomllib.loads(file.read_text("utf-8"))
    return found
