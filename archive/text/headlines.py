"""Whether a page shows a headline, and what an address tells of its page. Pure."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from archive.text.han import HAN
from archive.text.lines import letters

_WORD = re.compile(f"[{HAN}]+|[^\\W\\d_{HAN}]{{3,}}")
_HAN = re.compile(f"[{HAN}]")
_EXTENSION = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(r"\d{5,}")
_DATE = re.compile(r"(?:19|20)\d\d(?:[01]\d(?:[0-3]\d)?)?")
_HEAD = 1500  # characters of a text in which its headline may stand
_SHORT = 8  # letters: a shorter headline must be there whole


def _words_in(text: str) -> frozenset[str]:
    """Give the words of a headline: those of three letters, and every two Han characters."""
    found: set[str] = set()
    for word in _WORD.findall(text.casefold()):
        if _HAN.match(word):
            found |= {word[at : at + 2] for at in range(len(word) - 1)}
        else:
            found.add(word)
    return frozenset(found)


def shows_headline(title: str, text: str, headline: str) -> bool:
    """Tell whether a page with this title and text is the page of a headline.

    Its title says the same, or half the words of the shorter of both; or its text begins with it.
    """
    wanted, own = letters(headline), letters(title)
    if not wanted:
        return False
    shorter, longer = sorted((wanted, own), key=len)
    if shorter == longer or (shorter in longer and 2 * len(shorter) >= len(longer)):
        return True
    if len(wanted) >= _SHORT and wanted in letters(text[:_HEAD]):
        return True
    return _half(_words_in(headline), _words_in(title))


def told_by(headline: str, text: str) -> float:
    """Give the share (0-1) of a headline's words that a text says; 0 of one without words."""
    words = _words_in(headline)
    said = _words_in(text)
    return len(words & said) / len(words) if words else 0.0


def have_other_numbers(one: str, other: str) -> bool:
    """Tell whether two headlines of a kind are of different days, or count otherwise."""
    numbers = [frozenset(_DIGITS.findall(title)) for title in (one, other)]
    return all(numbers) and not numbers[0] & numbers[1]


def slug_words(url: str) -> frozenset[str]:
    """Give the words of an address's last segment; none of a number or a single word."""
    path = unquote(urlsplit(url).path, errors="replace").rstrip("/")
    words = _words_in(_EXTENSION.sub("", path.rpartition("/")[2]))
    return words if len(words) >= 2 else frozenset()


def last_segment(url: str) -> str:
    """Give an address's last segment where it may name a page; '' for a word alone."""
    segment = _EXTENSION.sub("", urlsplit(url).path.rstrip("/").rpartition("/")[2])
    return segment if _DIGITS.search(segment) or len(slug_words(url)) > 1 else ""


def tells_slug(title: str, url: str, slug: frozenset[str]) -> bool:
    """Tell whether half the words of a slug are a page's, in its title or its own address."""
    return bool(slug) and 2 * len(slug & (_words_in(title) | slug_words(url))) >= len(slug)


def numbers_in(url: str) -> frozenset[str]:
    """Give the numbers by which an address may name its page: of five digits, and no date."""
    parts = urlsplit(url)
    found = _NUMBER.findall(f"{parts.path}?{parts.query}#{parts.fragment}")
    return frozenset(number for number in found if not _DATE.fullmatch(number))


def _half(one: frozenset[str], other: frozenset[str]) -> bool:
    fewer = min(len(one), len(other))
    return fewer >= 2 and 2 * len(one & other) >= fewer
