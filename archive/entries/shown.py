"""What a feed shows of an item: an edit is seen by other words, not by a date that moves. Pure.

RSS has no `updated`: a corrected `10 %` is seen only here. But `pubDate` = now, "3 hours ago",
comment counts and the addresses of pixels change at every poll, and are left out.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from html import unescape

from archive.articles.noise import without_counts
from archive.model import Entry
from archive.text.lines import letters_of

MAX_CHARS = 10_000  # of a summary or content; what comes behind is not compared
_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"</?(?:p|br|div|li|tr|h\d)\b[^<>]*>", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\n]+")  # a row of them costs the expressions for noise much time
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


def shown_of(entry: Entry, known: str = "") -> str:
    """Give three hashes of an item: of its raw form, of its title and numbers, of all its words.

    `known`: those it had before; where the raw form is the same, so are the others, at no cost.
    """
    raw = _digest("\0".join((entry.title, entry.summary, entry.content)))
    if known.startswith(f"{raw} "):
        return known
    text = "\n".join(_plain(html) for html in (entry.summary, entry.content) if html)
    title = without_counts(_plain(entry.title))
    numbers = " ".join(_NUMBER.findall(text))
    headline, words = letters_of((title, f"{title} {text}"))
    return f"{raw} {_digest(f'{headline} {numbers}')} {_digest(words)}"


def shows_other(known: str, found: str, *, numbers_only: bool) -> bool:
    """Tell whether an item shows other words. `known`: '' where nothing was kept.

    `numbers_only`: the source has cried wolf, and is believed in titles and numbers alone.
    """
    if not known:
        return False
    before, after = known.split(" ")[1:], found.split(" ")[1:]
    return before[0] != after[0] if numbers_only else before != after


def _plain(html: str) -> str:
    words = unescape(_TAG.sub(" ", _BREAK.sub("\n", html[:MAX_CHARS])))
    return without_counts(_BLANKS.sub(" ", _ADDRESS.sub(" ", words)))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
